"""What a new table is suggested to be: the kind of thing it holds, and what each column is used for, with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from pipelines.intake import headers, moments
from pipelines.intake.content import Content, personal_kinds
from pipelines.intake.fitting import Heading
from pipelines.intake.gazetteer import Gazetteer
from pipelines.intake.headers import words_of
from pipelines.intake.options import guess, period_in
from pipelines.intake.plausible import Plan, plan
from pipelines.intake.tables import Table
from pipelines.intake.ticks import batteries
from store import personal
from store.intake import ColumnUse, ColumnView
from store.kinds import KINDS, Form

#: Another kind is worth asking about when it fits this well beside the best one.
_CLOSE = 0.85
#: A best kind below this is not sure whatever the others are; below the second it is no suggestion.
_SURE, _POSSIBLE = 0.55, 0.25
#: Headers of figures that name no measure.
_NAMELESS = frozenset(("antal", "värde", "andel", "procent", "summa", "index"))
_PERSONAL = {
    "telefon": "telefonnummer", "epost": "e-postadresser", "namn": "namn på personer", "adress": "adresser",
}  # fmt: skip


@dataclass(frozen=True)
class Suggestion:
    """How a table would be read. When it looks like none of the five kinds, ``uses`` is empty and any may be asked for.

    ``views`` has one line per column of the table, ``uses`` only those that are taken, both in the table's order.
    ``other_kinds`` are kinds that it could just as well be, the nearest first: then the kind must be asked about.
    """

    kind: str
    form: str
    uses: tuple[ColumnUse, ...]
    views: tuple[ColumnView, ...]
    reasons: tuple[str, ...]
    other_kinds: tuple[str, ...] = ()
    options: dict[str, str] = field(default_factory=dict)


def suggest(
    table: Table,
    gazetteer: Gazetteer,
    *,
    title: str = "",
    file: str = "",
    typed: bool = True,
    kind: str = "",
    form: str = "",
) -> Suggestion:
    """The suggestion for a table that no saved mapping is known for.

    ``title`` and ``file`` tell options such as the period; ``kind`` and ``form`` are given when a person has chosen.
    """
    contents = [Content(column, gazetteer, typed) for column in table.columns]
    headings = _headings(table.headers, contents)
    by_cells = personal_kinds(contents)
    private = {
        i: said for i, text in enumerate(table.headers) if (said := personal.personal_header(text) or by_cells[i])
    }
    usable = [i for i in range(len(contents)) if i not in private]
    plans = _plans(headings, contents, usable, kind, form)
    best = plans[0]
    texts = (table.title, title, table.spot.sheet, file)
    if best.score < _POSSIBLE and not kind:
        return _nothing(best, table, contents, private)
    others = () if kind or _is_template(best, table.headers) else _others(plans)
    uses = {i: _use(best, i, table.headers[i], headings[i], contents[i]) for i in best.uses}
    return Suggestion(
        kind=best.kind.id,
        form=best.form.id,
        uses=tuple(uses.values()),
        views=tuple(
            _view(best, i, table.headers, content, private.get(i, ""), uses.get(i))
            for i, content in enumerate(contents)
        ),
        reasons=_reasons(best, others),
        other_kinds=others,
        options=_options(best, texts, uses, contents),
    )


def _headings(texts: Sequence[str], contents: Sequence[Content]) -> list[Heading]:
    """The headers, with what is known of them together: which name periods, and which are boxes to tick."""
    pieces = [(i, part) for i, text in enumerate(texts) for part in headers.parts(text)]
    cells = np.empty(len(pieces), dtype=object)
    cells[:] = [part[:100] for _, part in pieces]
    read = moments.read(cells, order="dmy")
    periods = {
        i
        for (i, part), first, precision in zip(pieces, read.first, read.precision, strict=True)
        if headers.is_yearless_period(part) or (not np.isnat(first) and precision not in {"", "minute"})
    }
    columns = [(text, content.column.values) for text, content in zip(texts, contents, strict=True)]
    several = [battery for battery in batteries(columns) if len(battery) > 1]
    boxes = {i for battery in several if any(not contents[i].everywhere for i in battery) for i in battery}
    return [Heading(text, i in periods, i in boxes) for i, text in enumerate(texts)]


def _plans(
    headings: Sequence[Heading], contents: Sequence[Content], usable: Sequence[int], kind: str, form: str
) -> list[Plan]:
    """Every form that is possible, the best first; of equal ones the first in the list of kinds."""
    kinds = [KINDS[kind]] if kind else list(KINDS.values())
    forms = [(k, f) for k in kinds for f in k.forms if not form or f.id == form]
    plans = [plan(k, f, headings, contents, usable) for k, f in forms]
    texts = [heading.text for heading in headings]
    return sorted(plans, key=lambda made: (not _is_template(made, texts), -made.score))


def _is_template(made: Plan, texts: Sequence[str]) -> bool:
    """Whether the headers are the form's own labels, as in the templates; what repeats has names of its own."""
    labels = {headers.plain(field.label) for field in made.form.fields if not field.repeats}
    own = [text for text in texts if headers.plain(text) in labels]
    rest = [i for i, text in enumerate(texts) if headers.plain(text) not in labels]
    repeated = all(i in made.uses and made.uses[i][0].repeats for i in rest)
    return made.score > 0 and len(own) >= 2 and repeated and len(own) >= len(labels) / 2


def _others(plans: Sequence[Plan]) -> tuple[str, ...]:
    best = plans[0]
    least = _CLOSE * best.score if best.score >= _SURE else _POSSIBLE
    near = [made.kind.id for made in plans[1:] if made.score >= least and made.kind is not best.kind]
    return tuple(dict.fromkeys(near))


def _nothing(made: Plan, table: Table, contents: Sequence[Content], private: dict[int, str]) -> Suggestion:
    views = tuple(
        ColumnView(
            header=header,
            reason=_personal_reason(private[i]) if i in private else "Det går inte att se vad kolumnen är.",
            samples=() if i in private else content.samples(),
            filled=content.filled,
            distinct=content.distinct,
            personal=private.get(i, ""),
        )
        for i, (header, content) in enumerate(zip(table.headers, contents, strict=True))
    )
    reason = "Tabellen liknar inget av det som kan importeras: kolumner för vad, var och när hittades inte."
    others = tuple(kind for kind in KINDS if kind != made.kind.id)
    return Suggestion(made.kind.id, made.form.id, (), views, (reason,), others)


def _use(made: Plan, column: int, header: str, heading: Heading, content: Content) -> ColumnUse:
    given = made.uses[column][0]
    is_answer = given.cells == "answer"
    kind = content.answers if is_answer else ""
    return ColumnUse(
        header=header,
        field=given.id,
        name=_name(header, heading) if given.repeats else "",
        scale=content.scale_under(header) if kind in {"scale", "yes_no"} else (),
        separator=content.separator if kind == "multi" else "",
        unit=_unit(header, content) if given.cells == "number" and given.repeats else "",
    )


def _name(header: str, heading: Heading) -> str:
    """The name beside the period in a header of two rows; empty when the header is the name."""
    if not heading.period:
        return ""
    return " ".join(part for part in headers.parts(header) if not (period_in(part) or headers.is_yearless_period(part)))


def _unit(header: str, content: Content) -> str:
    if content.percent > 0.5 or headers.is_percent(header):
        return "procent"
    if headers.likeness(header, ("index",)) >= 0.6:
        return "index"
    counted = headers.plain(header).startswith("antal") and content.whole == content.numbers
    return "antal" if counted else ""


def _view(
    made: Plan, column: int, texts: Sequence[str], content: Content, private: str, use: ColumnUse | None
) -> ColumnView:
    match = made.uses[column][1] if column in made.uses else None
    reason = _personal_reason(private) if private else match.reason if match else _why_not(made, column, texts, content)
    return ColumnView(
        header=texts[column],
        field=use.field if use else "",
        name=use.name if use else "",
        reason=reason,
        sure=round(match.score, 2) if match else 0.0,
        samples=() if private else content.samples(),
        filled=content.filled,
        distinct=content.distinct,
        personal=private,
    )


def _personal_reason(kind: str) -> str:
    return f"Tas inte med: personuppgifter ({_PERSONAL.get(kind, kind)})."


def _why_not(made: Plan, column: int, texts: Sequence[str], content: Content) -> str:
    """Why a column is left out, in Swedish."""
    what = made.kind.label.lower()
    if content.empty:
        return "Tas inte med: kolumnen är tom."
    if content.counts_rows:
        return "Tas inte med: kolumnen numrerar bara raderna."
    if column in made.beaten:
        wanted, other, _ = made.beaten[column]
        return (
            f"Tas inte med: kolumnen «{texts[other]}» passar bättre som «{wanted.label[:1].lower()}{wanted.label[1:]}»."
        )
    misread = _misread(made.form, texts[column])
    if misread:
        return f"Tas inte med: rubriken brukar betyda «{_lower(misread)}», men cellerna går inte att läsa som det."
    if content.texts > 0.5 and content.answers == "text":
        return f"Tas inte med: fritext, som inte behövs för {what}."
    return f"Tas inte med: behövs inte för {what}."


def _misread(form: Form, header: str) -> str:
    """The label of the field that the header names outright, though its cells do not agree."""
    return next((given.label for given in form.fields if headers.likeness(header, words_of(given)) >= 0.94), "")


def _reasons(made: Plan, others: Sequence[str]) -> tuple[str, ...]:
    named = [given.label for given in made.form.fields if given.id in {use.id for use, _ in made.uses.values()}]
    shown = ", ".join(f"«{_lower(label)}»" for label in named[:6]) or "inga av fälten"
    form = f" ({_lower(made.form.label)})" if len(made.kind.forms) > 1 else ""
    first = f"Tabellen läses som {_lower(made.kind.label)}{form}: här finns {shown}."
    if not others:
        return (first,)
    return (first, f"Den kunde också vara {' eller '.join(_lower(KINDS[other].label) for other in others)}.")


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _options(
    made: Plan, texts: Sequence[str], uses: dict[int, ColumnUse], contents: Sequence[Content]
) -> dict[str, str]:
    figures = [i for i, use in uses.items() if use.field in {"value", "number"}]
    units = [uses[i].unit for i in figures]
    if not any(units) and figures and made.kind.id == "observations":
        units = [_unit(texts[0], contents[i]) for i in figures]
    nameless = len(figures) == 1 and headers.core(uses[figures[0]].header) in _NAMELESS
    vague = made.form.id == "wide" or nameless
    vague = vague and made.column("indicator") is None
    found = guess(made.kind, made.form, texts, units, vague, [use.header for use in uses.values()])
    if made.column("activity") is not None:
        found.pop("activity", None)
    if any(made.column(name) is not None for name in ("period", "date")):
        found.pop("period", None)
    return {key: value for key, value in found.items() if value}
