"""Survey answers: one row per respondent with a column per question, or one row per answer. Free text is left out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.frames import slug
from pipelines.intake import answers, figure_scales, numbers
from pipelines.intake.cells import Column, shown
from pipelines.intake.kinds.fields import Fields, When, as_text
from pipelines.intake.kinds.result import Result
from pipelines.intake.ticks import batteries, question_and_alternative
from store.intake import Choice, ColumnUse
from store.kinds import NO, YES

#: No question's id is longer, but for the mark that tells long ones apart.
_LONGEST_ID = 120
#: The signs that part groups, and what they become in the groups' own words, so that no two groups are taken for one.
_LOOK_ALIKES = str.maketrans({"|": "\N{BROKEN BAR}", "=": "\N{FULLWIDTH EQUALS SIGN}"})
#: What a tick box answers.
_TICKED = np.array([YES, NO], dtype=object)


@dataclass(frozen=True)
class _Question:
    """One question: its cells, and which row each cell belongs to."""

    use: ColumnUse
    text: str
    column: Column
    positions: npt.NDArray[np.int64]

    @property
    def header(self) -> str:
        """What can say which scale the answers are on."""
        return self.text if self.text == self.use.header else f"{self.use.header}\n{self.text}"


def read(fields: Fields, source_id: str) -> Result:
    """The answers of a survey. Refused are rows without any answer and rows with a negative weight."""
    when = fields.moment_of(fields.option("wave"))
    if when is None:
        fields.ask("option.wave", "options.wave", "Vilken omgång av undersökningen är det?", "Till exempel 2025.")
    weight = _weights(fields)
    where = fields.where()
    questions = _per_answer(fields) if fields.mapping.form == "answers" else _per_respondent(fields)
    _refuse_unanswered(fields)
    _ask_where_scales_end(fields, questions)
    respondents = _respondents(fields)
    frames = [_answers(fields, question, respondents) for question in questions]
    people = pd.DataFrame(
        {
            "respondent": respondents,
            "weight": weight,
            "area_id": where.area_id,
            "placement": where.placement,
            "groups": _groups(fields),
        }
    )
    declared = [frame for frame, _ in frames if frame is not None]
    given = [rows for _, rows in frames if rows is not None]
    placements = people.loc[fields.notes.kept, "placement"]
    if when is None or not given:
        return fields.notes.result({}, placements)
    return fields.notes.result(_tables(fields, source_id, when, people, declared, given), placements)


def _tables(
    fields: Fields,
    source_id: str,
    when: When,
    people: pd.DataFrame,
    declared: list[dict[str, object]],
    given: list[pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    rows = pd.concat(given, ignore_index=True)
    rows = rows[fields.notes.kept[rows["position"]]]
    answered = rows.join(people, on="position").drop(columns="position")
    answered = answered.assign(
        source_id=source_id,
        wave=fields.option("wave"),
        period_start=when.first[0].astype("datetime64[D]").astype("datetime64[s]"),
        period_end=when.last[0].astype("datetime64[D]").astype("datetime64[s]"),
    ).drop_duplicates(["respondent", "question_id", "answer"])
    asked = pd.DataFrame(declared).drop_duplicates("question_id").assign(source_id=source_id)
    asked["position"] = np.arange(1, len(asked) + 1)
    return {"survey_question": asked, "survey_answer": answered}


def _per_respondent(fields: Fields) -> list[_Question]:
    everyone = np.arange(len(fields.rows))
    uses = fields.uses("question")
    boxes = _boxes(fields, [use.header for use in uses if not use.scale and not use.separator])
    columns = {use.header: boxes.get(use.header, fields.rows.columns[use.header]) for use in uses}
    return [
        _Question(use, use.name or use.header, column, everyone)
        for use in uses
        if (column := columns[use.header]) is not None
    ]


def _boxes(fields: Fields, headers: list[str]) -> dict[str, Column | None]:
    """The columns that are tick boxes, as yes and no for those who ticked any of the question's.

    A box that has no others beside it and is not ticked by all is None: an empty one can be no, or no answer.
    """
    columns = {header: fields.rows.columns[header] for header in headers}
    out: dict[str, Column | None] = {}
    for battery in batteries([(header, column.values) for header, column in columns.items()]):
        boxes = [headers[at] for at in battery]
        ticked = {box: columns[box].codes >= 0 for box in boxes}
        answered = np.any(list(ticked.values()), axis=0)
        if len(boxes) > 1:
            _tell_of_boxes(fields, boxes, answered)
            codes = {box: np.where(ticked[box], 0, np.where(answered, 1, -1)) for box in boxes}
            out |= {box: Column(codes[box].astype(np.int32), _TICKED) for box in boxes}
        elif not answered.all():
            fields.notes.find(
                answered, "warning", "ensam_kryssruta",
                f"«{boxes[0]}» har bara kryss: en tom cell kan vara ett nej eller inget svar. Frågan läggs inte in.",
                remedy="Skriv Ja och Nej i kolumnen, eller be avsändaren om det.", column=boxes[0],
            )  # fmt: skip
            out[boxes[0]] = None
    return out


def _tell_of_boxes(fields: Fields, boxes: list[str], answered: npt.NDArray[np.bool_]) -> None:
    name = question_and_alternative(boxes[0])[0] or f"{boxes[0]}» till «{boxes[-1]}"
    fields.notes.find(
        answered, "note", "kryssrutor",
        f"«{name}» är {len(boxes)} kryssrutor: en tom ruta räknas som nej för den som har kryssat i någon av dem. "
        "Den som inte har kryssat i någon räknas inte.",
        column=boxes[0],
    )  # fmt: skip


def _per_answer(fields: Fields) -> list[_Question]:
    use, texts, column = fields.use("answer"), fields.column("question_text"), fields.column("answer")
    if use is None or texts is None or column is None:
        return []
    found = []
    for code, text in enumerate(texts.values):
        positions = np.flatnonzero(texts.codes == code)
        found.append(_Question(use, shown(text), column.take(positions), positions))
    fields.notes.refuse(
        texts.codes < 0, fields.header("question_text"), "Frågan saknas.", "Fyll i vilken fråga svaret gäller."
    )
    return found


def _answers(
    fields: Fields, question: _Question, respondents: pd.Series
) -> tuple[dict[str, object] | None, pd.DataFrame | None]:
    """The question as declared, and its answers: position, question_id, answer, value. Nothing for free text."""
    column, use = question.column, question.use
    given = column.codes >= 0
    who = respondents.iloc[question.positions[given]]
    kind = _kind(fields, question, several=bool(who.duplicated().any()))
    if kind == "text":
        fields.notes.find(
            np.isin(np.arange(len(fields.rows)), question.positions[given]), "note", "fritext",
            f"«{question.text}» är fritext. Fritextsvar läggs inte in.", column=use.header,
        )  # fmt: skip
        return None, None
    _refuse_repeated(fields, question, who, column.codes[given] if kind == "multi" else None)
    scale = _scale(fields, question) if kind == "scale" else use.scale
    identity = _identity(question.text)
    declared: dict[str, object] = {
        "question_id": identity, "text": question.text, "kind": kind, "scale": "\n".join(scale) or None
    }  # fmt: skip
    rows = pd.DataFrame({"position": question.positions[given], "code": column.codes[given]})
    table = _distinct(column, kind, scale, use.separator or answers.separator_of(column.values))
    return declared, rows.merge(table, on="code").drop(columns="code").assign(question_id=identity)


def _identity(text: str) -> str:
    """The question's id; of long ones that begin alike, as the lines of a grid do, each its own."""
    name = slug(text)
    return name if len(name) <= _LONGEST_ID else f"{name[:_LONGEST_ID]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _refuse_repeated(fields: Fields, question: _Question, who: pd.Series, codes: npt.NDArray[np.int32] | None) -> None:
    """Nobody answers a question again on another row; where several answers are allowed (``codes``), not the same."""
    if fields.mapping.form != "answers":
        return
    again = np.zeros(len(fields.rows), dtype=bool)
    told_apart = pd.DataFrame({"who": who, "code": -1 if codes is None else codes})
    again[who.index[told_apart.duplicated()]] = True
    fields.notes.refuse(
        again, fields.header("answer"), "Samma svarande har svarat på frågan på en tidigare rad.",
        "Ta bort den ena raden.",
    )  # fmt: skip


def _kind(fields: Fields, question: _Question, *, several: bool) -> str:
    """What an answer to the question is: what the mapping says, else what the cells look like."""
    column, use = question.column, question.use
    if use.separator:
        return "multi"
    kind = answers.kind_of(column.values, rows=int((column.codes >= 0).sum()), header=question.header)
    if use.scale and (kind != "yes_no" or use.scale[-1][:1].isdigit()):
        return "scale"  # of figures also where nobody chose more than 1
    if kind == "scale" and answers.open_figures(column.values, question.header, fields.mapping.options):
        return "number"
    if kind == "choice" and fields.mapping.form == "answers" and several:
        return "multi"  # a row per chosen alternative
    return kind


def _scale(fields: Fields, question: _Question) -> tuple[str, ...]:
    """The order of a question's answers: the saved one with the levels that have come since, else what they tell."""
    known, column = question.use.scale, question.column
    if not known:
        return answers.scale_of(column.values, question.header, fields.mapping.options)
    scale = answers.extended(known, column.values)
    known_levels = set(map(answers.folded, scale))
    strange = {value for value in answers.opinions(column.values) if answers.folded(value) not in known_levels}
    if strange:
        outside = column.spread([value in strange for value in column.values], empty=False)
        fields.notes.find(
            np.isin(np.arange(len(fields.rows)), question.positions[outside]), "warning", "utanfor_skalan",
            f"Svar på «{question.text}» som inte finns i skalan. De läggs in men räknas inte i andelen.",
            remedy="Rätta svaren, eller lägg till dem i tolkningens skala.", column=question.use.header,
        )  # fmt: skip
    return scale


def _distinct(column: Column, kind: str, scale: tuple[str, ...], separator: str) -> pd.DataFrame:
    """Each distinct cell's answers, one per row: code, answer, value.

    Yes, no and the levels of a scale are written in one way, however they were spelled.
    """
    rows: list[tuple[int, str, float | None]] = []
    rank = {answers.folded(label): place for place, label in enumerate(scale, start=1)}
    told = answers.read_yes_no(column.values) if kind == "yes_no" else None
    figures = numbers.read(column.values).value if kind == "number" else None
    for code, cell in enumerate(column.values):
        text = shown(cell)
        if kind == "multi":
            parts = [part.strip() for part in text.split(separator)] if separator else [text]
            rows += [(code, part, None) for part in dict.fromkeys(parts) if part]
        elif figures is not None:
            rows.append((code, text, None if np.isnan(figures[code]) else float(figures[code])))
        else:
            place = rank.get(answers.folded(cell))
            if told is not None and told[code] is not None:
                text = YES if told[code] else NO
            elif kind == "scale" and place is not None:
                text = scale[place - 1]
            rows.append((code, text, None if place is None else float(place)))
    return pd.DataFrame(rows, columns=["code", "answer", "value"]).astype({"value": "Float64"})


def _ask_where_scales_end(fields: Fields, questions: Sequence[_Question]) -> None:
    """Nobody chose the highest level of a scale of figures: which one that is decides which half is the upper one."""
    found: dict[str, dict[int, str]] = {}
    of_key: dict[str, list[str]] = {}
    for question in questions:
        use, values = question.use, question.column.values
        known = use.scale or use.separator
        figures = {} if known else answers.open_figures(values, question.header, fields.mapping.options)
        key = figure_scales.key(figures) if figures else ""
        if figures and fields.option(key) != figure_scales.COUNT:
            found[key] = found.get(key, {}) | figures
            of_key.setdefault(key, []).append(question.text)
    for key, figures in found.items():
        choices = figure_scales.choices(figures)
        first, *others = of_key[key]
        more = f" och {len(others)} {'fråga' if len(others) == 1 else 'frågor'} till" if others else ""
        fields.ask(
            f"option.{key}", f"options.{key}", f"Hur går skalan för «{first}»{more}?",
            f"Ingen har svarat högre än {max(figures)}, så det går inte att se var skalan slutar. Går frågornas skalor "
            "olika långt: skriv skalan i rubriken, till exempel (1–5).",
            [Choice(value=value, label=label) for value, label in choices.items()],
            examples=list(figures.values())[:5],
        )  # fmt: skip


def _refuse_unanswered(fields: Fields) -> None:
    answered = np.zeros(len(fields.rows), dtype=bool)
    for use in fields.uses("answer") or fields.uses("question"):
        answered |= fields.rows.columns[use.header].codes >= 0
    fields.notes.refuse(~answered, "", "Raden har inget svar.", "Ta bort raden, eller fyll i svaren.")


def _weights(fields: Fields) -> npt.NDArray[np.float64]:
    use = fields.use("weight")
    if use is None or not len(fields.rows.columns[use.header].values):
        return np.ones(len(fields.rows))
    value, bad, _ = fields.number(use)
    wrong = bad | (value < 0) | np.isnan(value)
    fields.notes.refuse(wrong, use.header, "Vikten saknas eller är inget positivt tal.", "Rätta vikten.")
    return np.where(wrong, 1.0, value)


def _respondents(fields: Fields) -> pd.Series:
    """The sender's own numbers; where there are none, the delivery's and row's, so that each row is somebody.

    In a file for one place the numbers are that place's: the next school's begin from 1 again.
    """
    own, place = fields.text("respondent"), fields.option("place")
    if fields.mapping.form != "answers":
        fields.notes.refuse(
            (own.duplicated() & own.notna()).to_numpy(), fields.header("respondent"),
            "Samma svarande står på en tidigare rad.", "Ta bort den ena raden, eller ge den ett eget löpnummer.",
        )  # fmt: skip
    if place:
        own = place + ": " + own
    return own.fillna(f"{fields.delivery} rad " + pd.Series(fields.rows.numbers).astype("string"))


def _groups(fields: Fields) -> pd.Series:
    out = pd.Series("", index=range(len(fields.rows)), dtype="string")
    for use in fields.uses("group"):
        values = as_text(fields.rows.columns[use.header]).str.translate(_LOOK_ALIKES)
        pair = (use.name or use.header).casefold().translate(_LOOK_ALIKES) + "=" + values
        out = (out.where(out == "", out + "|") + pair).where(values.notna(), out)
    return out
