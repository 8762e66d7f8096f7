"""The tables of one file: two that say different things of the same, so that one would take the other's place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipelines.intake.reading import Read
from pipelines.intake.sentences import number
from store.intake import Finding, Question


@dataclass(frozen=True)
class _Fact:
    """What tells a table's rows apart, what they say, and what they are called."""

    key: tuple[str, ...]
    says: tuple[str, ...]
    many: str


_FACTS = {
    "event": _Fact(("event_id",), ("category", "occurred_from"), "ärenden"),
    "observation": _Fact(("indicator_id", "area_id", "period_start", "period_end", "breakdown"), ("value",), "siffror"),
    "survey_answer": _Fact(("wave", "respondent"), ("area_id", "groups"), "svarande"),
}


def beside_each_other(read: Sequence[Read]) -> list[Read]:
    """The tables of a file, with what is to be known or asked of them together.

    Where two give different figures for the same place and period, the place is asked for.
    """
    out: list[Read] = []
    for one in read:
        rivals = [(other, count) for other in out if (count := _clashing(other, one))]
        if rivals and _table(one) == "observation":
            other, count = rivals[0]
            question = Question(
                id="option.place", key="options.place", text=f"Vilken plats gäller bladet «{one.view.spot.sheet}»?",
                why=f"Det har {number(count)} siffror för samma plats och period som «{other.view.spot.sheet}», "
                "men andra tal.",
            )  # fmt: skip
            known = {asked.id for asked in one.view.questions}
            asked = one.view.questions if question.id in known else (*one.view.questions, question)
            one = replace(one, view=one.view.model_copy(update={"questions": asked}))  # noqa: PLW2901
        out.append(_warned(one, rivals))
    return out


def _table(read: Read) -> str:
    """The table of facts that a read table gives; empty when it gives none."""
    given = read.result.parsed.tables if read.result else {}
    return next((name for name in _FACTS if name in given and len(given[name])), "")


def _clashing(first: Read, second: Read) -> int:
    """How many keys two tables of the same sender both have and say different things of."""
    name = _table(second)
    if not name or name != _table(first) or first.delivery.source_id != second.delivery.source_id:
        return 0
    fact = _FACTS[name]
    frames = [_frame(read, name)[[*fact.key, *fact.says]].drop_duplicates() for read in (first, second)]
    both = frames[0].merge(frames[1], on=list(fact.key), suffixes=("", "_2"))
    same = pd.Series(data=True, index=both.index)
    for column in fact.says:
        one, two = both[column], both[f"{column}_2"]
        same &= (one == two).fillna(value=False) | (one.isna() & two.isna())
    return len(both.loc[~same, list(fact.key)].drop_duplicates())


def _frame(read: Read, name: str) -> pd.DataFrame:
    assert read.result is not None  # noqa: S101  asked only of tables that give something
    return read.result.parsed.tables[name]


def _warned(read: Read, rivals: Sequence[tuple[Read, int]]) -> Read:
    findings = tuple(_warning(read, other, count) for other, count in rivals)
    return replace(read, view=read.view.model_copy(update={"findings": (*read.view.findings, *findings)}))


def _warning(read: Read, other: Read, count: int) -> Finding:
    return Finding(
        severity="warning", rule="samma_nyckel", sheet=read.view.spot.sheet, count=count,
        text=f"{number(count)} {_FACTS[_table(read)].many} finns också i «{other.view.spot.sheet}» "
        f"({other.delivery.file}), med annat innehåll. Det som lästs sist gäller.",
        remedy="Kontrollera att numren inte börjar om i varje tabell; ta i så fall bort numret ur tolkningen.",
    )  # fmt: skip
