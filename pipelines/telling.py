"""What ``add`` answers in words: what became of each file, what was left out, and what a person should look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from store.intake import Outcome

#: Rows and columns that are named, of those left out.
_NAMED = 5


def lines(official: Sequence[dict[str, Any]], local: Sequence[Outcome], checks: Sequence[dict[str, Any]]) -> list[str]:
    """The answer, a line each: ``official`` files, ``local`` outcomes and the ``checks`` of the local tables."""
    return [
        *_official(official),
        *(line for outcome in local for line in _local(outcome)),
        *(line for check in checks for line in [*_left_out(check), *_compared(check)]),
    ]


def _official(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        known = " (fanns redan)" if row["already_known"] else ""
        yield (
            f"{row['file']}{known}: leverans {row['delivery']}, "
            f"{row['rows_kept']} av {row['rows_read']} rader används, {len(row['refusals'])} avvisade."
        )
        yield from (f"  rad {r['row'] or '–'}: {r['reason']} {r['remedy']}" for r in row["refusals"][:10])


def _local(outcome: Outcome) -> Iterator[str]:
    for one in outcome.taken:
        known = " (fanns redan)" if one.already else ""
        counts = one.counts
        yield f"{outcome.file}{known}: leverans {one.delivery_id} i «{one.title}», {one.period or 'utan period'}."
        if one.known_as and not one.already:
            yield (
                f"  Läst efter den sparade tolkningen «{one.known_as}». Är det en annan avsändare: ångra med «undo», "
                "och ange en tolkning med ett annat namn med --mapping."
            )
        yield (
            f"  {counts.kept} av {counts.read} rader används, {counts.refused} avvisade, {counts.stopped} stoppade, "
            f"{counts.masked} celler maskerade; {counts.outside} utanför kommunen, {counts.unplaced} utan plats."
        )
    for finding in outcome.findings:
        where = ", ".join(
            part for part in (finding.sheet, f"rad {finding.row}" if finding.row else "", finding.column) if part
        )
        yield f"  {where}: {finding.text} ({finding.count}) {finding.remedy}".rstrip()
    yield from (f"  {problem}" for problem in outcome.problems)
    if outcome.refused_file:
        yield f"  De avvisade raderna ligger i {outcome.refused_file}"


def _left_out(check: dict[str, Any]) -> Iterator[str]:
    """Rows that are no data, and columns that are not stored."""
    rows, columns = check["left_out"], check["columns_left_out"]
    if rows:
        named = [f"rad {row} («{text[:60]}»)" for row, text in rows]
        what = "1 rad lämnas utanför som summa" if len(rows) == 1 else f"{len(rows)} rader lämnas utanför som summor"
        yield f"{check['file']}: {what} eller anmärkning: {_listed(named)}."
    if columns:
        what = "1 kolumn" if len(columns) == 1 else f"{len(columns)} kolumner"
        yield f"{check['file']}: {what} lagras inte: {_listed([f'«{header}»' for header in columns])}."


def _listed(named: Sequence[str]) -> str:
    more = len(named) - _NAMED
    return ", ".join(named[:_NAMED]) + (f" och {more} till" if more > 0 else "")


def _compared(check: dict[str, Any]) -> Iterator[str]:
    """What in a table a person should look at, beside the sender's earlier deliveries."""
    yield from (f"{check['file']}: {difference}" for difference in check["differences"])
    for change in check["comparison"]:
        if change["notable"]:
            yield f"{check['file']}: {change['what']}: {change['before']} → {change['now']} sedan förra leveransen."
