"""A new delivery beside the sender's earlier ones: what has changed, what overlaps, and what must be decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Tables
from dataclasses import dataclass
from datetime import date

import pandas as pd

from pipelines.intake import local
from pipelines.intake.overlaps import overlapping
from pipelines.intake.overlaps import question as overlap_question
from pipelines.intake.sentences import days, number
from pipelines.staging import Staged
from store.intake import Change, Choice, Mapping, Overlap, Question

#: A delivery with less than this share of the rows of the one before needs a yes.
SHRUNKEN = 0.7

#: How many categories and places are compared by name.
_NAMED = 8

#: The tables that a local delivery's rows can end up in, with the column that tells the rows apart by kind.
_ROWS = {"event": "category", "observation": "indicator_id", "survey_answer": "question_id"}


@dataclass(frozen=True)
class Profile:
    """A delivery in numbers: rows, rows per category and per place, and the days that it covers."""

    rows: int
    categories: pd.Series
    places: pd.Series
    first: date | None
    last: date | None

    @property
    def period(self) -> str:
        """The days covered, for people."""
        if self.first is None or self.last is None:
            return ""
        return days(self.first, self.last)


@dataclass(frozen=True)
class Comparison:
    """What a new delivery looks like beside the earlier ones."""

    compared_with: str
    changes: tuple[Change, ...]
    overlaps: tuple[Overlap, ...]
    questions: tuple[Question, ...]


def profile(tables: Tables[str, pd.DataFrame]) -> Profile:
    """The profile of a delivery's tables (columns of store.schema)."""
    parts = [(tables[name], name, column) for name, column in _ROWS.items() if name in tables and len(tables[name])]
    if not parts:
        empty = pd.Series(dtype="int64")
        return Profile(0, empty, empty, None, None)
    frame, name, column = parts[0]
    people = frame.drop_duplicates("respondent") if name == "survey_answer" else frame
    firsts, lasts = _days(frame, name)
    return Profile(
        rows=len(people),
        categories=frame[column].value_counts(),
        places=people["area_id"].value_counts(),
        first=None if firsts.dropna().empty else firsts.min().date(),
        last=None if lasts.dropna().empty else lasts.max().date(),
    )


def compare(
    tables: Tables[str, pd.DataFrame],
    earlier: Sequence[tuple[Staged, Tables[str, pd.DataFrame]]],
    mapping: Mapping,
    called: Callable[[str], str],
    sheet: str,
) -> Comparison:
    """The tables of a new delivery, read from the sheet ``sheet``, beside the sender's earlier ones (oldest first).

    ``called`` gives the Swedish name of an area or an indicator.
    """
    new = profile(tables)
    overlaps = overlapping(tables, [(one.delivery.file, its) for one, its in earlier], called)
    questions = [overlap_question(overlaps)] if overlaps and not mapping.decisions.overlap else []
    last = _before(new, [one for one, _ in earlier], sheet)
    if last is None:
        return Comparison("", (), tuple(overlaps), tuple(questions))
    before = profile(next(its for one, its in earlier if one is last))
    questions = [*_shrunken(new, before, last, mapping), *questions]
    changes = (
        Change(
            what="Rader", before=number(before.rows), now=number(new.rows), notable=new.rows < SHRUNKEN * before.rows
        ),
        Change(what="Period", before=before.period or "–", now=new.period or "–"),
        *_came_and_went(before.categories, new.categories, called),
        *_by_place(before.places, new.places, called),
    )
    return Comparison(last.delivery.file, changes, tuple(overlaps), tuple(questions))


def _before(new: Profile, earlier: Sequence[Staged], sheet: str) -> Staged | None:
    """The table to compare with: of the delivery nearest before in time by what it is about, or else the nearest.

    Of a file with several tables it is the one on the sheet of the same name.
    """
    alone = [one for one in earlier if sum(_together(one, other) for other in earlier) == 1]
    beside = [one for one in earlier if one not in alone and local.sheet_of(one.delivery) == sheet]
    there = sorted([*alone, *beside], key=earlier.index)
    dated = [(one, *_period(one)) for one in there if one.period_first]
    if new.first is None or new.last is None or not dated:
        return there[-1] if there else None
    # Oldest received first, so that max and min with the position decide for the one received last.
    ranked = [
        (first <= new.first, -abs((new.first - first).days), -abs((new.last - last).days), position)
        for position, (_, first, last) in enumerate(dated)
    ]
    return dated[max(ranked)[-1]][0]


def _together(one: Staged, other: Staged) -> bool:
    return one.delivery.received_at == other.delivery.received_at


def _period(one: Staged) -> tuple[date, date]:
    return date.fromisoformat(str(one.period_first)), date.fromisoformat(str(one.period_last))


def tables_of(staged: Staged) -> dict[str, pd.DataFrame]:
    """The tables of an earlier delivery that are compared, and the indicators that its figures speak of."""
    return {name: pd.read_parquet(path) for name in (*_ROWS, "indicator") if (path := staged.parquet(name))}


def _days(frame: pd.DataFrame, table: str) -> tuple[pd.Series, pd.Series]:
    if table == "event":
        moment = pd.to_datetime(frame["occurred_from"]).fillna(pd.to_datetime(frame["reported"]))
        return moment, moment
    return pd.to_datetime(frame["period_start"]), pd.to_datetime(frame["period_end"])


def _shrunken(new: Profile, before: Profile, staged: Staged, mapping: Mapping) -> list[Question]:
    if new.rows >= SHRUNKEN * before.rows or mapping.decisions.shrunken:
        return []
    return [
        Question(
            id="shrunken", key="decisions.shrunken",
            text=f"Leveransen har {number(new.rows)} rader; den förra hade {number(before.rows)}. Är det rätt?",
            why=f"Den förra är {staged.delivery.file}, {before.period}. Filen kan vara avbruten eller filtrerad.",
            choices=(Choice(value="true", label="Ja, det är rätt"),),
        )
    ]  # fmt: skip


def _came_and_went(before: pd.Series, now: pd.Series, called: Callable[[str], str]) -> list[Change]:
    new = [str(name) for name in now.index if name not in before.index]
    gone = [str(name) for name in before.index if name not in now.index]
    changes = []
    if new:
        changes.append(Change(what="Nya kategorier", before="–", now=_listed(new, called), notable=True))
    if gone:
        changes.append(Change(what="Kategorier som saknas nu", before=_listed(gone, called), now="–", notable=True))
    return changes


def _listed(ids: Sequence[str], called: Callable[[str], str]) -> str:
    listed = ", ".join(map(called, ids[:_NAMED]))
    return f"{listed} och {len(ids) - _NAMED} till" if len(ids) > _NAMED else listed


def _by_place(before: pd.Series, now: pd.Series, called: Callable[[str], str]) -> list[Change]:
    both = pd.DataFrame({"before": before, "now": now}).fillna(0).astype(int)
    largest = (both["now"] - both["before"]).abs().sort_values(ascending=False, kind="stable").head(_NAMED).index
    return [
        Change(
            what=called(str(place)),
            before=number(int(both.loc[place, "before"])),
            now=number(int(both.loc[place, "now"])),
            notable=bool(both.loc[place, "before"] >= 10 and both.loc[place, "now"] == 0),
        )
        for place in largest
        if both.loc[place, "before"] != both.loc[place, "now"]
    ]
