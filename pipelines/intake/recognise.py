"""Tables like earlier ones: the saved mapping that a table's headers are known by, adapted to today's headers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.intake import headers, moments
from pipelines.intake.headers import NAMED, words_of
from store.intake import ColumnUse, Mapping
from store.kinds import KINDS, Field, Form

#: Less than this share of a mapping's columns is not that sender's table; nor with fewer of all headers in common.
_LEAST, _LEAST_IN_COMMON = 0.6, 0.4
#: Nor is it when more of its columns than this have other names: any two senders have a date, a place and a type.
_MOST_RENAMED = 0.5
#: Mappings that fit this nearly as well are named as rivals.
_NEAR = 0.05
#: How alike a header must be to an earlier one to be the same, renamed.
_RENAMED = 0.8


@dataclass(frozen=True)
class Recognised:
    """A saved mapping with its columns' headers as they are today.

    ``differences`` say in Swedish what differs from the table that it was made from; ``score`` is the share found,
    from 0 to 1; ``exact`` that all headers are the same, in the same order; ``renamed`` and ``lost`` are the shares of
    the columns in use that are called something else, or gone. ``rivals`` are the names of other mappings that fit as
    well: then a person must choose.
    """

    mapping: Mapping
    differences: tuple[str, ...]
    score: float
    exact: bool = False
    rivals: tuple[str, ...] = ()
    renamed: float = 0.0
    lost: float = 0.0
    in_common: float = 1.0

    @property
    def near(self) -> bool:
        """Whether every column in use stands as it did: others have moved, come or gone at most."""
        return self.exact or not (self.renamed or self.lost)


def fingerprint(texts: Sequence[str]) -> str:
    """The same for tables whose headers are the same in the same order, but for case, punctuation and space."""
    return hashlib.sha256("\n".join(map(headers.plain, texts)).encode("utf-8")).hexdigest()[:32]


def recognise(texts: Sequence[str], mappings: Sequence[Mapping]) -> Recognised | None:
    """The saved mapping that these headers are known by; None when there is none. Of equal ones the last saved."""
    found = [known for mapping in mappings if (known := fitted(texts, mapping)) and _is_known(known, mapping)]
    if not found:
        return None
    found.sort(key=lambda known: (known.exact, known.score))
    best = found[-1]
    near = [known for known in found[:-1] if known.exact == best.exact and known.score >= best.score - _NEAR]
    rivals = tuple(known.mapping.name for known in near if not _reads_alike(known.mapping, best.mapping))
    noted = tuple(f"Tolkningen «{name}» passar lika bra." for name in rivals)
    return replace(best, rivals=rivals, differences=(*best.differences, *noted))


def _reads_alike(one: Mapping, other: Mapping) -> bool:
    """Whether two mappings read a table the same way, so that choosing between them decides nothing."""
    different = {"name", "headers", "spot", "decisions"}
    return one.model_dump(exclude=different) == other.model_dump(exclude=different)


@dataclass(frozen=True)
class _Matched:
    """Which of today's headers (by position) each earlier one is, and the uses of today's columns."""

    same: dict[str, int]
    uses: tuple[tuple[int, ColumnUse], ...]
    new_periods: tuple[str, ...]
    missing: tuple[str, ...]
    found: float
    renamed: float


def fitted(texts: Sequence[str], mapping: Mapping) -> Recognised | None:
    """A mapping with as many of its columns as these headers have, however few; None for one that says nothing."""
    form = _form(mapping)
    if form is None or not mapping.columns or not texts:
        return None
    texts = tuple(texts)
    matched = _match(texts, mapping, form)
    before = mapping.headers or tuple(use.header for use in mapping.columns)
    in_common = min(1.0, (len(matched.same) + len(matched.new_periods)) / max(len(before), len(texts)))
    if not mapping.headers:
        in_common = 1.0  # the columns that were not used are not known
    uses = tuple(use for _, use in sorted(matched.uses, key=lambda placed: placed[0]))
    return Recognised(
        mapping.model_copy(update={"columns": uses, "headers": texts}),
        _differences(texts, before, matched, bool(mapping.headers)),
        round(0.7 * matched.found + 0.3 * in_common, 3),
        exact=bool(mapping.headers) and fingerprint(texts) == fingerprint(mapping.headers),
        renamed=matched.renamed,
        lost=1.0 - matched.found,
        in_common=in_common,
    )


def _is_known(known: Recognised, mapping: Mapping) -> bool:
    form = _form(mapping)
    unlike = 1.0 - known.lost < _LEAST or known.in_common < _LEAST_IN_COMMON or known.renamed > _MOST_RENAMED
    return form is not None and not unlike and _covers(form, known.mapping.columns, mapping)


def _form(mapping: Mapping) -> Form | None:
    if mapping.kind not in KINDS:
        return None
    return next((form for form in KINDS[mapping.kind].forms if form.id == mapping.form or not mapping.form), None)


def _match(texts: tuple[str, ...], mapping: Mapping, form: Form) -> _Matched:
    before = tuple(dict.fromkeys((*mapping.headers, *(use.header for use in mapping.columns))))
    by_header = {use.header: use for use in mapping.columns}
    periods = _period_positions(texts)
    by_period = {use.header for use in mapping.columns if use.field == "value" and form.id == "wide"}
    as_before = _same(texts, before)
    same = as_before | _renamed(
        texts, [text for text in before if text not in as_before and text not in by_period], as_before, by_header, form
    )
    uses = {
        position: _renewed(by_header[text], texts[position], form)
        for text, position in same.items()
        if text in by_header
    }
    new_periods: list[str] = []
    if by_period:
        pattern = next(use for use in mapping.columns if use.header in by_period)
        for position in periods:
            if position not in same.values():
                uses[position] = pattern.model_copy(update={"header": texts[position], "name": pattern.name})
                new_periods.append(texts[position])
    # Columns that the last table lacked already are not missed. Old periods leave a wide table as new ones come: all
    # of them together count as one column.
    last = set(mapping.headers) or set(by_header)
    found = {text for text in by_header if text in same}
    singles = set(by_header) & (last | found) - by_period
    units = len(singles) + bool(by_period)
    told = len(found & singles) + bool(by_period and (found & by_period or new_periods))
    missing = tuple(text for text in before if text not in same and text in last)
    used = [text for text in same if text in singles]
    renamed = sum(text not in as_before for text in used) / max(1, len(used))
    return _Matched(same, tuple(uses.items()), tuple(new_periods), missing, told / units if units else 0.0, renamed)


def _same(texts: Sequence[str], before: Sequence[str]) -> dict[str, int]:
    """Earlier headers that stand today as they did, but for case and punctuation, inflection, or unit."""
    same: dict[str, int] = {}
    for simplify in (str, headers.plain, lambda text: headers.stem(headers.plain(text))):
        free = [position for position in range(len(texts)) if position not in same.values()]
        today: dict[str, list[int]] = {}
        for position in free:
            today.setdefault(simplify(texts[position]), []).append(position)
        for text in before:
            candidates = today.get(simplify(text), [])
            if text not in same and len(candidates) == 1:
                same[text] = candidates.pop()
    return same


def _renamed(
    texts: Sequence[str], lost: Sequence[str], same: dict[str, int], by_header: dict[str, ColumnUse], form: Form
) -> dict[str, int]:
    """Earlier headers under another name today. Two candidates that are nearly as good are none."""
    free = [position for position in range(len(texts)) if position not in same.values()]
    likely = {
        (text, position): score
        for text in lost
        for position in free
        if (score := _likely(text, texts[position], by_header.get(text), form)) >= _RENAMED
    }
    renamed: dict[str, int] = {}
    for (text, position), score in sorted(likely.items(), key=lambda pair: -pair[1]):
        if text in renamed or position in renamed.values():
            continue
        rivals = [other for pair, other in likely.items() if (pair[0] == text) != (pair[1] == position)]
        if all(other < score - _NEAR for other in rivals):
            renamed[text] = position
    return renamed


def _likely(before: str, now: str, use: ColumnUse | None, form: Form) -> float:
    """How surely a header of today is an earlier one: respelt, or another of the words for the same field."""
    spelling = headers.same_with_other_spelling(before, now)
    if use is None:
        return spelling
    fields = {field.id: field for field in form.fields}
    wanted = fields.get(use.field)
    if wanted is None:
        return spelling
    named = _field_named(now, form)
    if named is not None and named.id != wanted.id:
        return 0.0
    by_word = 0.85 if not wanted.repeats and headers.likeness(now, words_of(wanted)) >= NAMED else 0.0
    return max(spelling, by_word)


def _field_named(header: str, form: Form) -> Field | None:
    """The field that a header names outright."""
    scores = [(headers.likeness(header, words_of(field)), field) for field in form.fields]
    best = max(scores, key=lambda pair: pair[0])
    return best[1] if best[0] >= 0.94 else None


def _renewed(use: ColumnUse, header: str, form: Form) -> ColumnUse:
    """The use under today's header. What repeats keeps its name, so that its figures go on in the same series."""
    repeats = any(field.repeats for field in form.fields if field.id == use.field)
    period = use.field == "value" and form.id == "wide"
    keeps = repeats and not period and not use.name and header != use.header
    return use.model_copy(update={"header": header, "name": use.header if keeps else use.name})


def _period_positions(texts: Sequence[str]) -> list[int]:
    cells = np.empty(len(texts), dtype=object)
    cells[:] = [text[:100] for text in texts]
    read = moments.read(cells, order="dmy")
    told = ~np.isnat(read.first) & (read.precision != "") & (read.precision != "minute")
    return [i for i, text in enumerate(texts) if told[i] or headers.is_yearless_period(text)]


def _covers(form: Form, uses: Sequence[ColumnUse], mapping: Mapping) -> bool:
    """Whether what the form needs, and what the mapping had of place and time, still has columns."""
    had = {use.field for use in mapping.columns}
    has = {use.field for use in uses}
    groups: dict[str, set[str]] = {}
    for field in form.fields:
        if field.needed:
            groups[field.id] = {field.id}
        elif field.one_of and field.id in had:
            groups.setdefault(f"one of {field.one_of}", set()).add(field.id)
    return all(fields & has for fields in groups.values())


def _differences(texts: Sequence[str], before: Sequence[str], matched: _Matched, knows_all: bool) -> tuple[str, ...]:
    renamed = [
        f"Kolumnen «{text}» heter nu «{texts[position]}»."
        for text, position in matched.same.items()
        if headers.plain(text) != headers.plain(texts[position])
    ]
    periods = [f"Ny periodkolumn «{text}»; den tas med." for text in matched.new_periods]
    old = [f"Kolumnen «{text}» saknas." for text in matched.missing]
    taken = set(matched.same.values())
    new = [
        f"Ny kolumn «{text}»; den tas inte med."
        for position, text in enumerate(texts)
        if position not in taken and text not in matched.new_periods and knows_all
    ]
    order = [matched.same[text] for text in before if text in matched.same]
    moved = ["Kolumnerna står i annan ordning."] if order != sorted(order) else []
    return (*renamed, *periods, *new, *old, *moved)
