"""A new delivery beside the sender's earlier ones: what has changed, what overlaps, and what must be decided."""

from __future__ import annotations

from collections.abc import Mapping as Tables
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from pipelines.intake import local
from pipelines.staging import Staged
from store.intake import Change, Choice, Mapping, Question

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
        return str(self.first) if self.first == self.last else f"{self.first} – {self.last}"


@dataclass(frozen=True)
class Comparison:
    """What a new delivery looks like beside the earlier ones."""

    compared_with: str
    changes: tuple[Change, ...]
    overlaps: tuple[tuple[str, int, str], ...]
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
    new: Profile, earlier: Sequence[Staged], mapping: Mapping, names: Tables[str, str], sheet: str
) -> Comparison:
    """The new delivery, a table of the sheet ``sheet``, beside the sender's earlier ones (oldest first).

    ``names`` are Swedish names of areas and indicators by id.
    """
    overlaps = overlapping(new, [(one.delivery.file, _tables(one)) for one in earlier])
    questions = [overlap_question(overlaps)] if overlaps and not mapping.decisions.overlap else []
    last = _last(earlier, sheet)
    if last is None:
        return Comparison("", (), tuple(overlaps), tuple(questions))
    before = profile(_tables(last))
    questions = [*_shrunken(new, before, last, mapping), *questions]
    changes = (
        Change(
            what="Rader", before=_number(before.rows), now=_number(new.rows), notable=new.rows < SHRUNKEN * before.rows
        ),
        Change(what="Period", before=before.period or "–", now=new.period or "–"),
        *_came_and_went(before.categories, new.categories, names),
        *_by_place(before.places, new.places, names),
    )
    return Comparison(last.delivery.file, changes, tuple(overlaps), tuple(questions))


def _last(earlier: Sequence[Staged], sheet: str) -> Staged | None:
    """The table to compare with: that of the last file; when it had several, the one on the sheet of the same name."""
    last = [one for one in earlier if one.delivery.received_at == earlier[-1].delivery.received_at]
    if len(last) > 1:
        last = [one for one in last if local.sheet_of(one.delivery) == sheet]
    return last[-1] if last else None


def _tables(staged: Staged) -> dict[str, pd.DataFrame]:
    return {name: pd.read_parquet(path) for name in _ROWS if (path := staged.parquet(name))}


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
            text=f"Leveransen har {_number(new.rows)} rader; den förra hade {_number(before.rows)}. Är det rätt?",
            why=f"Den förra är {staged.delivery.file}, {before.period}. Filen kan vara avbruten eller filtrerad.",
            choices=(Choice(value="true", label="Ja, det är rätt"),),
        )
    ]  # fmt: skip


def overlapping(new: Profile, earlier: Sequence[tuple[str, Tables[str, pd.DataFrame]]]) -> list[tuple[str, int, str]]:
    """Of ``earlier`` deliveries (file, tables) those with rows on the days that the new one covers.

    As (file, rows, period).
    """
    if new.first is None or new.last is None:
        return []
    found = []
    for file, tables in earlier:
        for name, frame in tables.items():
            if name not in _ROWS:
                continue
            firsts, _ = _days(frame, name)
            inside = firsts.dt.date.between(new.first, new.last)
            if inside.any():
                days = firsts[inside].dt.date
                found.append((file, int(inside.sum()), f"{days.min()} – {days.max()}"))
    return found


def overlap_question(overlaps: Sequence[tuple[str, int, str]]) -> Question:
    """What to do with rows that are there for the same days."""
    rows = sum(count for _, count, _ in overlaps)
    return Question(
        id="overlap", key="decisions.overlap",
        text=f"Det finns redan {_number(rows)} uppgifter för samma tid. Ska de ersättas, eller ska de nya läggas till?",
        why="; ".join(f"{file}: {_number(count)} uppgifter, {period}" for file, count, period in overlaps),
        choices=(
            Choice(value="replace", label="Ersätt: de tidigare uppgifterna för tiden tas bort, från alla platser"),
            Choice(value="add", label="Lägg till: båda gäller, t.ex. för olika platser. Samma ärende räknas en gång"),
        ),
    )  # fmt: skip


def _came_and_went(before: pd.Series, now: pd.Series, names: Tables[str, str]) -> list[Change]:
    new = [str(name) for name in now.index if name not in before.index]
    gone = [str(name) for name in before.index if name not in now.index]
    changes = []
    if new:
        changes.append(Change(what="Nya kategorier", before="–", now=_listed(new, names), notable=True))
    if gone:
        changes.append(Change(what="Kategorier som saknas nu", before=_listed(gone, names), now="–", notable=True))
    return changes


def _listed(ids: Sequence[str], names: Tables[str, str]) -> str:
    listed = ", ".join(names.get(one, one) for one in ids[:_NAMED])
    return f"{listed} och {len(ids) - _NAMED} till" if len(ids) > _NAMED else listed


def _by_place(before: pd.Series, now: pd.Series, names: Tables[str, str]) -> list[Change]:
    both = pd.DataFrame({"before": before, "now": now}).fillna(0).astype(int)
    largest = (both["now"] - both["before"]).abs().sort_values(ascending=False, kind="stable").head(_NAMED).index
    return [
        Change(
            what=names.get(str(place), str(place)),
            before=_number(int(both.loc[place, "before"])),
            now=_number(int(both.loc[place, "now"])),
            notable=bool(both.loc[place, "before"] >= 10 and both.loc[place, "now"] == 0),
        )
        for place in largest
        if both.loc[place, "before"] != both.loc[place, "now"]
    ]


def _number(count: int) -> str:
    return f"{count:,}".replace(",", "\u00a0")
