"""Whose table it is, where the headers alone do not tell: a sender that has changed its table, or another sender."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from pipelines.frames import slug
from pipelines.intake import local, options
from pipelines.intake.recognise import Recognised, fitted
from pipelines.intake.workspace import Workspace
from store.intake import Choice, Mapping, Question
from store.kinds import KINDS

Tables: TypeAlias = MappingOf[str, pd.DataFrame]

#: A table that is called as a sender's earlier ones were can have this share of its columns renamed, or gone.
_RENAMED, _LOST = 0.25, 0.25
#: A table that is called something else is like a sender's when this much of the columns in use, and of all headers,
#: stands as it did.
_AS_BEFORE, _IN_COMMON = 0.5, 0.25
#: What is left of a week, a month's number or a version at the end of a file's name: «EST Hallstavik v. 10».
_LAST_WORDS = re.compile(r"(?:(?<=[^ ]) (?:v|vecka|veckorna|nr|kv|kvartal|q|ver|version))+$", re.IGNORECASE)


@dataclass(frozen=True)
class Doubt:
    """The saved mapping whose sender it may be, and the mapping as far as it fits today's headers."""

    saved: Mapping
    fitted: Recognised
    #: The headers leave no doubt, though they are not the same; what the rows hold may.
    sure: bool = False


def name_of(file: str, mapping: Mapping) -> str:
    """A name for the sender's files: the file's, without what differs from one delivery to the next."""
    stem = re.sub(r"[\d_.()]+", " ", Path(file).stem)
    words = _LAST_WORDS.sub("", " ".join(stem.replace("-", " ").split()))
    if options.is_dull(words):  # «Export», «Sheet1»: what the table tells of itself says more
        told = (mapping.options.get(option, "") for option in ("survey", "activity", "inspection", "indicator"))
        words = next(filter(None, told), "")
    return words[:80] if slug(words) else KINDS[mapping.kind].label


def doubt(workspace: Workspace, headers: Sequence[str], mapping: Mapping, file: str) -> Doubt | None:
    """The saved mapping that a person must say whether it is the sender's, if there is one.

    For a table read by a saved mapping it is that one, when its headers are not the same. For
    a new table it is one of the same kind that was used for files called the same, or that much of the table is like.
    """
    saved = next((one for one in workspace.mappings if one.name == mapping.name), None)
    if saved is not None:
        known = fitted(headers, saved)
        if known is None or known.exact:
            return None
        return Doubt(saved, known, sure=known.near or (_is_slight(known) and is_family(workspace, saved, file)))
    if not f"{mapping.name} ".startswith(f"{name_of(file, mapping)} "):
        return None  # a person has named it: it is that one's
    found = [
        (family, known.score, number, Doubt(one, known))
        for number, one in enumerate(workspace.mappings)
        if one.kind == mapping.kind and (known := fitted(headers, one))
        if (family := is_family(workspace, one, file)) or _is_like(known)
    ]
    return max(found, key=lambda one: one[:3])[3] if found else None


def _is_slight(known: Recognised) -> bool:
    return known.renamed <= _RENAMED and known.lost <= _LOST


def _is_like(known: Recognised) -> bool:
    as_before = (1 - known.lost) * (1 - known.renamed)
    return as_before >= _AS_BEFORE and known.in_common >= _IN_COMMON


def is_family(workspace: Workspace, mapping: Mapping, file: str) -> bool:
    """Whether a file is called as those that the mapping was used for, but for figures."""
    before = {
        name_of(one.delivery.file, mapping)
        for one in workspace.staged
        if one.delivery.source_id == local.source_id(mapping)
    }
    mine = slug(name_of(file, mapping))
    return mine == slug(mapping.name) or mine in map(slug, before)


def question(name: str, why: Sequence[str]) -> Question:
    """Whether a table comes from the sender of the saved mapping ``name``."""
    return Question(
        id="sender", key="decisions.same_sender", text=f"Är det här samma avsändare som «{name}»?",
        why=" ".join(why) or "Filen liknar den avsändarens, men inte tillräckligt för att det ska vara säkert.",
        choices=(Choice(value="yes", label="Ja, samma avsändare"), Choice(value="no", label="Nej, en ny avsändare")),
    )  # fmt: skip


#: What tells one sender's rows from another's: the column, per table of store.schema, and how it is said.
_CONTENT = {
    "category": (
        "Ingen kategori",
        {"event": "category", "observation": "indicator_id", "survey_answer": "question_id"},
    ),
    "place": ("Ingen plats", {"event": "area_id", "observation": "area_id", "survey_answer": "area_id"}),
    "reporter": ("Ingen rapportör", {"event": "reporter"}),
}


def doubted(nearly: Doubt, new: Tables, earlier: Sequence[Tables]) -> list[Question]:
    """Whether it is the same sender, when the rows have nothing in common with those of the earlier deliveries."""
    said = []
    for what, columns in _CONTENT.values():
        here, there = _values([new], columns), _values(earlier, columns)
        if here and there and not here & there:
            said.append(f"{what} är densamma som i avsändarens tidigare leveranser.")
    return [question(nearly.saved.name, [*said, *nearly.fitted.differences])] if said else []


def _values(tables: Sequence[Tables], columns: dict[str, str]) -> set[str]:
    found = {
        str(value)
        for one in tables
        for name, column in columns.items()
        if name in one
        for value in one[name][column].dropna().unique()
    }
    return found - {""}
