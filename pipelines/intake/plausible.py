"""Which kind of thing a table holds: how well each form's fields are covered, and the signs that tell kinds apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from pipelines.intake import headers
from pipelines.intake.content import Content
from pipelines.intake.fitting import Heading, Match, aspects_named, fit
from pipelines.intake.headers import NAMED
from store.kinds import Field, Form, Kind

#: A column that fits less well than this is left out.
_LEAST = 0.3
_COARSE = frozenset(("week", "month", "quarter", "term", "year", "school_year"))
#: Headers of numbers that only lists of participants have, and numbers that say little about what is counted.
_PARTICIPANTS = ("anmälda", "aktiva", "deltagare", "närvarande", "lektioner", "ceremonier", "inbjudna")
_VAGUE_NUMBERS = ("antal", "elever", "antal elever", "totalt", "summa")


Uses: TypeAlias = dict[int, tuple[Field, Match]]


class Beaten(NamedTuple):
    """A field that a column would have had, had not another column (by position) fitted it better."""

    field: Field
    by: int
    header: float


@dataclass(frozen=True, eq=False)
class Plan:
    """A table read as one form of one kind: which column (by position) is which field, and how well that fits."""

    kind: Kind
    form: Form
    uses: Uses
    #: Per column the field it would have had, had no other column fitted it better, and that column.
    beaten: dict[int, Beaten]
    score: float = 0.0

    def column(self, field_id: str) -> int | None:
        """The position of the column that is this field; None when none is."""
        return next((column for column, (field, _) in self.uses.items() if field.id == field_id), None)

    def columns(self, field_id: str) -> list[int]:
        """The positions of the columns that are this field."""
        return [column for column, (field, _) in self.uses.items() if field.id == field_id]


def plan(
    kind: Kind, form: Form, headings: Sequence[Heading], contents: Sequence[Content], usable: Sequence[int]
) -> Plan:
    """The best reading of the usable columns as this form, with its score from 0 (impossible) to 1."""
    uses, beaten = _assign(form, headings, contents, usable)
    if kind.id == "events":
        _coarser_category_first(form, uses, beaten, contents)
    made = Plan(kind, form, dict(sorted(uses.items())), beaten)
    score = _score(made, headings, contents, len(usable))
    return Plan(kind, form, made.uses, beaten, score)


def _assign(
    form: Form, headings: Sequence[Heading], contents: Sequence[Content], usable: Sequence[int]
) -> tuple[Uses, dict[int, Beaten]]:
    """The best pairs first; equal ones by the more telling header, then from the left."""
    pairs = [
        (match, column, field)
        for column in usable
        for field in form.fields
        if (match := fit(field, form.id, headings[column], contents[column])).score >= _LEAST
    ]
    pairs.sort(key=lambda pair: (-round(pair[0].score, 3), -len(headers.core(headings[pair[1]].text)), pair[1]))
    uses: Uses = {}
    beaten: dict[int, Beaten] = {}
    holders: dict[str, int] = {}
    for match, column, field in pairs:
        if column in uses:
            continue
        if not field.repeats and field.id in holders:
            beaten.setdefault(column, Beaten(field, holders[field.id], match.header))
            continue
        holders.setdefault(field.id, column)
        uses[column] = (field, match)
    return uses, beaten


def _coarser_category_first(form: Form, uses: Uses, beaten: dict[int, Beaten], contents: Sequence[Content]) -> None:
    """Of two columns that say what happened, the one with fewer different cells is the type, the other its detail."""
    fields = {field.id: field for field in form.fields}
    if any(field.id == "detail" for field, _ in uses.values()):
        return
    for other, lost in beaten.items():
        content = contents[other]
        if lost.field.id == "category" and lost.header >= NAMED and content.repeating and content.distinct > 1:
            coarse, fine = sorted((lost.by, other), key=lambda column: (contents[column].distinct, column))
            match = uses[lost.by][1]
            said = "Rubriken säger vad som hände, och cellerna delar in det {} än den andra kolumnen om det."
            uses[coarse] = (fields["category"], replace(match, reason=said.format("grövre")))
            uses[fine] = (fields["detail"], replace(match, reason=said.format("finare")))
            return


def _score(made: Plan, headings: Sequence[Heading], contents: Sequence[Content], usable: int) -> float:
    required = _required(made)
    if not required:
        return 0.0
    sign = _SIGNS[made.kind.id, made.form.id](made, headings, contents)
    return required * (0.5 + 0.4 * min(1.0, sign) + 0.1 * len(made.uses) / max(usable, 1))


def _required(made: Plan) -> float:
    """How well what a form needs is covered: 0 when something needed has no column."""
    best: dict[tuple[str, str], float] = {}
    for field in made.form.fields:
        if not field.needed and (not field.one_of or (made.kind.id, field.one_of) == ("answers", "place")):
            continue
        key = ("", field.id) if field.needed else (field.one_of, "")
        score = max((match.score for given, match in made.uses.values() if given is field), default=0.0)
        best[key] = max(best.get(key, 0.0), score)
    found = [score or _WITHOUT.get(group, 0.0) for (group, _), score in best.items()]
    return sum(found) / len(found) if all(found) else 0.0


#: A period can be told for the whole table, and rows without a place are kept.
_WITHOUT = {"place": 0.6, "period": 0.6}


def _events(made: Plan, headings: Sequence[Heading], contents: Sequence[Content]) -> float:
    when = [column for name in ("occurred", "reported") for column in made.columns(name)]
    exact = any(contents[column].precision in {"minute", "day"} for column in when)
    traits = any(made.column(name) is not None for name in ("event_id", "code", "occurred_time", "reporter", "detail"))
    category = made.column("category")
    named = category is not None and made.uses[category][1].header >= NAMED
    alone = made.column("count") is None or traits
    sign = 0.35 + 0.25 * traits + 0.3 * named + 0.1 * alone
    return sign if exact else 0.2 * sign  # what is told by the month or year is seldom single events


def _respondents(made: Plan, headings: Sequence[Heading], contents: Sequence[Content]) -> float:
    questions = made.columns("question")
    worth = sum(1.0 if made.uses[column][1].header or headings[column].box else 0.5 for column in questions)
    if len(questions) < 2:
        return 0.1 * worth
    return (0.4 if _reports_events(made, headings) else 1.0) * min(1.0, worth / 3)


def _reports_events(made: Plan, headings: Sequence[Heading]) -> bool:
    """A form by which events are reported asks too: «Vad har hänt?», «När hände det?»."""
    asked = (
        ("vad har hänt", "vad hände", "typ av händelse", "händelse", "händelsetyp"),
        ("när hände det", "när", "datum för händelsen"),
    )
    return all(any(headers.likeness(heading.text, words) >= NAMED for heading in headings) for words in asked)


def _answers(made: Plan, headings: Sequence[Heading], contents: Sequence[Content]) -> float:
    asked = made.column("question_text")
    if asked is None:
        return 0.0
    worded = made.uses[asked][1].header >= NAMED
    return (0.5 if contents[asked].words >= 3 else 0.0) + 0.5 * worded


def _long(made: Plan, headings: Sequence[Heading], contents: Sequence[Content]) -> float:
    period = made.column("period")
    coarse = period is not None and contents[period].precision in _COARSE
    telling = any(
        match.header >= 0.6 and headers.core(headings[column].text) not in _VAGUE_NUMBERS
        for column, (field, match) in made.uses.items()
        if field.id == "value"
    )
    return 0.4 * coarse + 0.4 * telling + 0.2 * (made.column("indicator") is not None)


def _wide(made: Plan, headings: Sequence[Heading], contents: Sequence[Content]) -> float:
    periods = len(made.columns("value"))
    return periods / 3 if periods >= 2 else 0.0


def _participation(made: Plan, headings: Sequence[Heading], contents: Sequence[Content]) -> float:
    telling = sum(headers.likeness(headings[column].text, _PARTICIPANTS) >= 0.6 for column in made.columns("number"))
    activity = made.column("activity") is not None
    return 0.4 * min(telling, 2) + 0.2 * activity + 0.1 * (made.column("group") is not None)


def _inspection(made: Plan, headings: Sequence[Heading], contents: Sequence[Content]) -> float:
    judged, score = made.column("indicator"), made.column("score")
    aspects = aspects_named(contents[judged].samples(40)) if judged is not None else 0
    named = score is not None and made.uses[score][1].header >= NAMED
    return 0.5 * named + 0.2 * min(aspects, 3)


def _inspection_wide(made: Plan, headings: Sequence[Heading], contents: Sequence[Content]) -> float:
    return aspects_named(tuple(headings[column].text for column in made.columns("score"))) / 3


_SIGNS: dict[tuple[str, str], Callable[[Plan, Sequence[Heading], Sequence[Content]], float]] = {
    ("events", "row"): _events, ("answers", "respondents"): _respondents, ("answers", "answers"): _answers,
    ("observations", "long"): _long, ("observations", "wide"): _wide, ("participation", "row"): _participation,
    ("inspections", "long"): _inspection, ("inspections", "wide"): _inspection_wide,
}  # fmt: skip
