"""Survey answers: one row per respondent with a column per question, or one row per answer. Free text is left out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.frames import slug
from pipelines.intake import answers, numbers
from pipelines.intake.cells import Column, shown
from pipelines.intake.kinds.fields import Fields, When, as_text
from pipelines.intake.kinds.result import Result
from store.intake import ColumnUse

#: No question's id is longer, but for the mark that tells long ones apart.
_LONGEST_ID = 120


@dataclass(frozen=True)
class _Question:
    """One question: its cells, and which row each cell belongs to."""

    use: ColumnUse
    text: str
    column: Column
    positions: npt.NDArray[np.int64]


def read(fields: Fields, source_id: str) -> Result:
    """The answers of a survey. Refused are rows without any answer and rows with a negative weight."""
    when = fields.moment_of(fields.option("wave"))
    if when is None:
        fields.ask("option.wave", "options.wave", "Vilken omgång av undersökningen är det?", "Till exempel 2025.")
    weight = _weights(fields)
    where = fields.where()
    questions = _per_answer(fields) if fields.mapping.form == "answers" else _per_respondent(fields)
    _refuse_unanswered(fields)
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
    return [
        _Question(use, use.name or use.header, fields.rows.columns[use.header], everyone)
        for use in fields.uses("question")
    ]


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
    scale = _scale(use.scale, column) if kind == "scale" else use.scale
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
    kind = answers.kind_of(column.values, rows=int((column.codes >= 0).sum()))
    if use.scale and kind != "yes_no":
        return "scale"
    if kind == "choice" and fields.mapping.form == "answers" and several:
        return "multi"  # a row per chosen alternative
    return kind


def _scale(known: tuple[str, ...], column: Column) -> tuple[str, ...]:
    """The saved order of a question's answers, with the levels that somebody has chosen for the first time."""
    if not known:
        return answers.scale_of(column.values)
    return answers.scale_of([*known, *column.values]) or known


def _distinct(column: Column, kind: str, scale: tuple[str, ...], separator: str) -> pd.DataFrame:
    """Each distinct cell's answers, one per row: code, answer, value."""
    rows: list[tuple[int, str, float | None]] = []
    rank = {label.casefold(): float(place) for place, label in enumerate(scale, start=1)}
    figures = numbers.read(column.values).value if kind == "number" else None
    for code, cell in enumerate(column.values):
        text = shown(cell)
        if kind == "multi":
            parts = [part.strip() for part in text.split(separator)] if separator else [text]
            rows += [(code, part, None) for part in dict.fromkeys(parts) if part]
        elif figures is not None:
            rows.append((code, text, None if np.isnan(figures[code]) else float(figures[code])))
        else:
            rows.append((code, text, rank.get(text.casefold())))
    return pd.DataFrame(rows, columns=["code", "answer", "value"]).astype({"value": "Float64"})


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
        values = as_text(fields.rows.columns[use.header]).str.replace(r"[|=]", "/", regex=True)
        pair = (use.name or use.header).casefold().replace("=", "/").replace("|", "/") + "=" + values
        out = (out.where(out == "", out + "|") + pair).where(values.notna(), out)
    return out
