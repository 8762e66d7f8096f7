"""Events: one row per event or case."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.intake.cells import Column, shown
from pipelines.intake.kinds.fields import Fields, When, as_text
from pipelines.intake.kinds.result import Mask, Result

#: A number that is too short to be a case's own: 17, 2041.
_RUNNING = re.compile(r"[0-9]{1,6}")

#: The most events that one row can stand for; more is a sum that has strayed in among the rows.
_MOST = 10_000


def read(fields: Fields, source_id: str) -> Result:
    """The events of a table. Refused are rows without a category or a readable time."""
    category = fields.text("category")
    fields.notes.refuse(
        category.isna().to_numpy(), fields.header("category"), "Händelsetypen saknas.",
        "Fyll i vad som hände, eller ta bort raden.",
    )  # fmt: skip
    occurred, reported = fields.when("occurred", "occurred_time"), fields.when("reported")
    last = _until(fields, occurred)
    note = _judge_times(fields, occurred, reported)
    number = _numbers(fields)
    where = fields.where()
    frame = pd.DataFrame(
        {
            "source_id": source_id,
            "event_id": _ids(fields, np.where(np.isnat(occurred.first), reported.first, occurred.first)),
            "category": category,
            "detail": fields.text("detail"),
            "code": fields.text("code"),
            "events": number,
            "reporter": fields.text("reporter"),
            "occurred_from": occurred.first,
            "occurred_to": last,
            "time_note": note,
            "reported": reported.first,
            "area_id": as_text(where.areas),
            "placement": as_text(where.placements),
            "place_text": as_text(where.texts),
            "x": where.east,
            "y": where.north,
            "precision": _worded(np.where(np.isnan(where.east), -1, 0), "address"),
        },
        copy=False,
    )
    kept = frame[fields.notes.kept]
    return fields.notes.result({"event": kept}, kept["placement"])


def _until(fields: Fields, occurred: When) -> npt.NDArray[np.datetime64]:
    """The end of each event: its own column's when there is one and it comes after the beginning."""
    if fields.use("until") is None and fields.use("until_time") is None:
        return occurred.last
    until = fields.when("until", "until_time")
    if fields.use("until") is None:
        return np.where(np.isnat(end := fields.until_clock(occurred, "until_time")), occurred.last, end)
    fields.notes.find(
        until.given & np.isnat(until.last), "note", "slut_olast",
        "Sluttiden går inte att läsa. Händelsen läggs in med starttiden.",
        remedy="Skriv datumet som 2025-03-04.", column=fields.header("until"),
    )  # fmt: skip
    backwards = until.last < occurred.first
    fields.notes.find(
        backwards, "warning", "slut_fore_borjan", "Sluttiden ligger före starttiden. Sluttiden används inte.",
        remedy="Rätta datumen.", column=fields.header("until"),
    )  # fmt: skip
    return np.where(np.isnat(until.last) | backwards, occurred.last, until.last)


def _judge_times(fields: Fields, occurred: When, reported: When) -> pd.Series:
    """Refuse rows without any readable time; why the others have no time of the event, where they have none."""
    unread = occurred.given & np.isnat(occurred.first)
    nothing = np.isnat(occurred.first) & np.isnat(reported.first)
    unread_report = nothing & ~unread & reported.given
    for mask, when, field in ((nothing & unread, occurred, "occurred"), (unread_report, reported, "reported")):
        for problem in sorted(set(when.problem[mask])):
            why = f"Tiden går inte att läsa: {problem.rstrip('.')}."
            fields.notes.refuse(
                mask & (when.problem == problem), fields.header(field), why, "Skriv datumet som 2025-03-04."
            )
    empty = nothing & ~unread & ~unread_report
    header = fields.header("occurred") or fields.header("reported")
    fields.notes.refuse(empty, header, "Tiden saknas.", "Fyll i när det hände eller när det anmäldes.")
    fields.notes.find(
        unread & ~nothing, "warning", "tid", "Händelsens tid går inte att läsa. Raden läggs in med anmälningsdatum.",
        remedy="Rätta datumet.", column=fields.header("occurred"),
    )  # fmt: skip
    fields.notes.find(
        reported.given & np.isnat(reported.first) & ~nothing, "note", "anmald_olast",
        "Anmälningsdatumet går inte att läsa. Raden läggs in utan det.",
        remedy="Skriv datumet som 2025-03-04.", column=fields.header("reported"),
    )  # fmt: skip
    fields.notes.find(
        occurred.first.astype("datetime64[D]") > reported.last.astype("datetime64[D]"), "note", "hande_efter_anmalan",
        "Händelsen är senare än anmälan. Det förekommer i polisens uttag; raden läggs in som den är.",
        column=fields.header("occurred"),
    )  # fmt: skip
    untimed = np.where(np.isnat(occurred.first), np.where(unread, 0, 1), -1)
    return _worded(untimed, "tiden gick inte att läsa i filen", "tiden står inte i filen")


def _worded(codes: npt.NDArray[np.int64], *words: str) -> pd.Series:
    """One of the words for each row, by its number; missing for -1."""
    return as_text(Column(codes.astype(np.int32), np.array(words, dtype=object)))


def _numbers(fields: Fields) -> npt.NDArray[np.int64]:
    use = fields.use("count")
    if use is None:
        return np.ones(len(fields.rows), dtype=np.int64)
    value, bad, _ = fields.number(use)
    unsaid = np.isnan(value) & (fields.rows.columns[use.header].codes < 0)
    if unsaid.all():  # a column of a template that nobody has filled in
        return np.ones(len(fields.rows), dtype=np.int64)
    strange = bad | (value < 1) | (value > _MOST) | (value != np.round(value)) & ~np.isnan(value)
    strange |= np.isnan(value) & ~unsaid
    fields.notes.refuse(strange, use.header, f"Antalet är inte ett heltal från 1 till {_MOST}.", "Rätta antalet.")
    fields.notes.refuse(
        unsaid, use.header, "Antalet saknas.",
        "Fyll i antalet. Är det en formel: öppna arbetsboken i Excel, spara den och lägg till den igen.",
    )  # fmt: skip
    return np.where(np.isnan(value) | strange, 1, value).astype(np.int64)


def _ids(fields: Fields, moment: npt.NDArray[np.datetime64]) -> pd.Series:
    """An id per row that is the same when the same row is delivered again.

    The sender's own where there is one, with what happened, since a case can be several events, and with the day when
    it is a running number, which begins anew every year. Otherwise a hash of what the row says. Rows with the same id
    are numbered, so that none is lost.
    """
    own = fields.column("event_id")
    if own is None:
        return _numbered(_hashed(fields))
    own = _one_kind(own)
    given = as_text(own)
    what = fields.text("code").fillna(fields.text("category"))
    running = own.spread(_running(own), empty=False)
    if running.any():
        day = pd.Series(pd.array(pc.cast(pa.array(moment.astype("datetime64[D]")), pa.string()), dtype="string"))
        given = given.mask(running, given + " " + day.fillna(""))
    ids = given + " " + what.fillna("")
    if _all_different(own):
        return ids
    return _numbered(ids if (own.codes >= 0).all() else ids.fillna(_hashed(fields)))


def _all_different(own: Column) -> bool:
    """Whether every row has an id of its own, without a space: then nothing put after it can make two of them alike."""
    if own.texts is None or len(own.values) < len(own.codes) or (own.codes < 0).any():
        return False
    return not pc.any(pc.match_substring(own.texts, " ")).as_py()


def _running(own: Column) -> Mask:
    """Which of the distinct ids are running numbers."""
    if own.texts is None:
        return np.array([bool(_RUNNING.fullmatch(str(value))) for value in own.values], dtype=bool)
    found: Mask = pc.match_substring_regex(own.texts, f"^(?:{_RUNNING.pattern})$").to_numpy(zero_copy_only=False)
    return found


def _one_kind(own: Column) -> Column:
    """The ids as texts, so that 17 and «17» are the same case."""
    if own.texts is not None:
        return own
    return Column.of(as_text(own).astype(object).where(own.codes >= 0, None))


def _numbered(ids: pd.Series) -> pd.Series:
    again = ids.duplicated()
    if again.any():
        counted = ids.groupby(ids).cumcount() + 1
        ids = ids.mask(again, ids + ":" + counted.astype("string"))
    return ids


def _hashed(fields: Fields) -> pd.Series:
    return pd.Series(pd.array(pc.cast(pa.array(_hashes(fields)), pa.string()), dtype="string"))


def _hashes(fields: Fields) -> npt.NDArray[np.uint64]:
    """A hash of everything that each row says in the columns used, whatever their order in the file."""
    total = np.zeros(len(fields.rows), dtype=np.uint64)
    for use in sorted(fields.mapping.columns, key=lambda use: (use.field, use.header)):
        column = fields.rows.columns.get(use.header)
        if column is None:
            continue
        texts = np.array([shown(value) for value in column.values], dtype=object)
        per_value = pd.util.hash_array(texts) if len(texts) else np.array([], dtype=np.uint64)
        with np.errstate(over="ignore"):
            total = total * np.uint64(1_000_003) + column.spread(per_value, empty=np.uint64(0))
    return total
