"""From the deliveries to a published build: a pure function of the deliveries, the configuration and the code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from pipelines.deliveries import (
    Delivery,
    active,
    admit,
    hold,
    in_order,
    inspect,
    kept,
    prove,
    receive,
    unproven,
    withdraw,
)
from pipelines.derive import derive
from pipelines.frames import indicator_frame
from pipelines.intake import local
from pipelines.municipalities import Municipality, municipalities, name_of
from pipelines.progress import Progress, part, quiet
from pipelines.source import DeliveryError, Parsed, Source, sources
from pipelines.staging import Staged, discard_unused, gazetteer_of, stage, stage_all
from store.publish import BuildError, NewBuild, prune, publishing, remove_directory, switch
from store.schema import DELIVERY, MUNICIPALITY, PARSED_TABLES, REFUSAL, SERIES_BREAK, SOURCE
from store.settings import Settings, shipped_version
from store.warehouse import EXAMPLE_MARK, Build, build_path


@dataclass(frozen=True)
class Refused:
    """A file that was not taken in, and why (Swedish)."""

    file: str
    why: str


@dataclass(frozen=True)
class Published:
    """A build that has become current, and the received files that it had to leave out."""

    build: Build
    refused: tuple[Refused, ...] = ()


def build(settings: Settings, progress: Progress = quiet) -> Published:
    """Publish a build of the active deliveries; the same deliveries give the same build.

    A delivery that has never been part of a build, and that contradicts what is known, is withdrawn. Raises BuildError
    or DeliveryError, with the current build left as it was.
    """
    with _publishing(settings, progress):
        return _publish(settings, progress)


def take_in(settings: Settings, path: Path, *, source_id: str | None = None, by: str | None = None) -> Delivery:
    """Keep a file as a delivery of the next build. Raises DeliveryError, with nothing kept, if it gives no rows."""
    with _publishing(settings, quiet):
        return _take_in(settings, path, source_id, by)


@dataclass(frozen=True)
class Accepted:
    """An added file that was taken in: its counts and refused rows, and whether it was in the builds before."""

    staged: Staged
    already_known: bool


@dataclass(frozen=True)
class Added:
    """What became of added files. ``build`` is None when none could be taken in."""

    build: Build | None
    accepted: tuple[Accepted, ...]
    refused: tuple[Refused, ...]


def add(
    settings: Settings,
    paths: Sequence[Path],
    *,
    source_id: str | None = None,
    by: str | None = None,
    progress: Progress = quiet,
) -> Added:
    """Take files in and publish. A file that cannot be used is refused and leaves no trace; the others go in."""
    with _publishing(settings, progress):
        before = {d.delivery_id for d in active(settings)}
        taken: dict[str, Delivery] = {}
        refused: list[Refused] = []
        for path in paths:
            try:
                delivery = _take_in(settings, path, source_id, by)
                taken[delivery.delivery_id] = delivery
            except DeliveryError as error:
                refused.append(Refused(path.name, str(error)))
        if not taken:
            return Added(None, (), tuple(refused))
        published = _publish(settings, progress)
        now = {d.delivery_id for d in active(settings)}
        accepted = [Accepted(stage(settings, d), i in before) for i, d in taken.items() if i in now]
        return Added(published.build, tuple(accepted), (*refused, *published.refused))


@dataclass(frozen=True)
class Table:
    """A checked table of a local spreadsheet: the delivery that it becomes, what is kept of it, and what it gives.

    ``gazetteer`` is the fingerprint of the places that it was read with, and ``beside`` the deliveries of the same
    source that it was checked against.
    """

    delivery: Delivery
    files: tuple[tuple[str, bytes], ...]
    parsed: Parsed
    gazetteer: str
    beside: frozenset[str]


def add_tables(settings: Settings, tables: Sequence[Table], progress: Progress = quiet) -> Published:
    """Take checked tables in and publish: all of them, or none. The same table read anew takes the place of the old.

    Raises BuildError, or DeliveryError also when the source has got other deliveries since, with nothing kept.
    """
    with _publishing(settings, progress):
        before = active(settings)
        _require_unchanged(before, tables)
        gazetteer = gazetteer_of(settings, stage_all(settings, [d for d in before if not d.is_local]))
        held: list[Delivery] = []
        try:
            for table in tables:
                held.append(hold(settings, table.delivery, table.files))
                parsed = table.parsed if table.gazetteer == gazetteer.fingerprint else None
                stage(settings, held[-1], gazetteer, parsed)
            return _publish(settings, part(progress, 0.2, 1.0), adding=held, undoing=_read_anew(before, held))
        except BaseException:
            for delivery in held:
                _let_go(settings, delivery)
            raise


def _let_go(settings: Settings, held: Delivery) -> None:
    """Leave no trace of a table that did not reach a build that was published."""
    if held.path.exists():
        remove_directory(held.path)
    else:  # admitted, but the switch failed
        withdraw(settings, held.delivery_id, why="Publiceringen avbröts.")


def _require_unchanged(before: Sequence[Delivery], tables: Sequence[Table]) -> None:
    for table in tables:
        now = {d.delivery_id for d in before if d.source_id == table.delivery.source_id}
        if now != table.beside:
            raise DeliveryError(
                f"{table.delivery.file}: «{table.delivery.title}» har fått fler leveranser sedan filen kontrollerades. "
                "Ingenting har lagts in; läs filen en gång till."
            )


def _read_anew(before: Sequence[Delivery], new: Sequence[Delivery]) -> list[str]:
    """The deliveries that are the same tables of the same files, read another way before."""
    tables = {(d.sha256, d.table) for d in new}
    ids = {d.delivery_id for d in new}
    return [d.delivery_id for d in before if (d.sha256, d.table) in tables and d.delivery_id not in ids and d.is_local]


def undo(settings: Settings, delivery_id: str, *, by: str | None = None, progress: Progress = quiet) -> Published:
    """Publish a build without a delivery, which is withdrawn only if that build holds together.

    Raises DeliveryError for an unknown delivery and BuildError when the others do not hold together without it.
    """
    with _publishing(settings, progress):
        if delivery_id not in {d.delivery_id for d in kept(settings)}:
            raise DeliveryError(f"Leveransen {delivery_id} finns inte. «status» visar vilka som finns.")
        return _publish(settings, progress, undoing=[delivery_id], by=by)


def _publishing(settings: Settings, progress: Progress) -> AbstractContextManager[None]:
    return publishing(settings.data_dir, lambda: progress(0.0, "Väntar på en annan publicering"))


def _take_in(settings: Settings, path: Path, source_id: str | None, by: str | None) -> Delivery:
    inspected = inspect(path, source_id=source_id, by=by)
    if stage(settings, inspected).rows_kept == 0:
        raise DeliveryError(
            f"{inspected.file}: ingen rad kunde användas. Filen har inte tagits emot; kontrollera innehållet."
        )
    return receive(settings, inspected)


def _publish(
    settings: Settings,
    progress: Progress,
    *,
    adding: Sequence[Delivery] = (),
    undoing: Sequence[str] = (),
    by: str | None = None,
) -> Published:
    """Publish the active deliveries with those held in ``adding`` and without ``undoing``."""
    left_out = {*undoing, *(d.delivery_id for d in adding)}
    deliveries = in_order([*(d for d in active(settings) if d.delivery_id not in left_out), *adding])
    refused: list[tuple[Delivery, BuildError]] = []
    try:
        build_id = _make(settings, deliveries, progress)
    except BuildError:
        if adding or not unproven(settings, deliveries):
            raise
        build_id, deliveries, refused = _without_contradictions(settings, deliveries, progress)
    for delivery, error in refused:
        withdraw(settings, delivery.delivery_id, by=by, why=str(error))
    for delivery_id in undoing:
        withdraw(settings, delivery_id, by=by, why="undo")
    for delivery in adding:
        admit(settings, delivery)
    prove(settings, unproven(settings, deliveries))
    progress(0.98, "Byter till de nya uppgifterna")
    published = switch(settings.data_dir, build_id, shipped_version(settings.open_dir))
    prune(settings.data_dir, settings.keep_builds)
    discard_unused(settings, deliveries)
    progress(1.0, "Klart")
    return Published(published, tuple(Refused(delivery.file, str(error)) for delivery, error in refused))


def _without_contradictions(
    settings: Settings, deliveries: list[Delivery], progress: Progress
) -> tuple[str, list[Delivery], list[tuple[Delivery, BuildError]]]:
    """Try the deliveries that no build has held yet one at a time, so that a good one does not fall with a bad one."""
    untried = {d.delivery_id for d in unproven(settings, deliveries)}
    good = {d.delivery_id for d in deliveries} - untried
    build_id = _make(settings, [d for d in deliveries if d.delivery_id in good], progress)
    refused = []
    for delivery in deliveries:
        if delivery.delivery_id not in untried:
            continue
        try:
            tried = {*good, delivery.delivery_id}
            build_id = _make(settings, [d for d in deliveries if d.delivery_id in tried], progress)
            good = tried
        except BuildError as error:
            refused.append((delivery, error))
    return build_id, [d for d in deliveries if d.delivery_id in good], refused


def _make(settings: Settings, deliveries: list[Delivery], progress: Progress) -> str:
    """Write the build of these deliveries, unless it is there already; its id. Raises BuildError."""
    build_id = _build_id(settings, deliveries)
    if not build_path(settings.data_dir, build_id).exists():
        staged = stage_all(settings, deliveries, part(progress, 0.0, 0.7))
        progress(0.7, "Fogar samman källorna")
        _write(settings, build_id, staged, municipalities(), progress)
    return build_id


def _build_id(settings: Settings, deliveries: list[Delivery]) -> str:
    made_of = [
        [d.delivery_id, d.layout, d.file, d.received_at, d.received_by, d.replaces, d.everywhere] for d in deliveries
    ]
    example = (settings.data_dir / EXAMPLE_MARK).exists()  # pages keep answers by build: the two never share one
    text = json.dumps([shipped_version(settings.open_dir), settings.municipality, example, made_of])
    return f"b{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _write(
    settings: Settings,
    build_id: str,
    staged: list[Staged],
    configured: Mapping[str, Municipality],
    progress: Progress,
) -> None:
    new = NewBuild(settings.data_dir, build_id)
    try:
        _declare(new, staged, configured, settings.municipality)
        for table in PARSED_TABLES:
            files = [(s.delivery.delivery_id, path) for s in staged if (path := s.parquet(table))]
            new.load(table, files, _replaced(staged))
        progress(0.8, "Beräknar kommundelar")
        _derive(new, configured)
        new.put("series_break", _series_breaks(new))
        progress(0.9, "Kontrollerar")
        faults = [*new.faults(), *_source_faults(new)]
        if faults:
            raise BuildError(faults)
        new.finish()
    except BaseException:
        new.discard()
        raise


def _replaced(staged: list[Staged]) -> list[tuple[str, date, date, list[str] | None]]:
    """Which days and places of which local deliveries give way to a later one of the same source.

    As (delivery, first, last day, areas); None for every area.
    """
    return [
        (earlier.delivery.delivery_id, first, last, None if later.delivery.everywhere else later.places)
        for position, later in enumerate(staged)
        if later.delivery.replaces
        for earlier in staged[:position]
        if earlier.delivery.source_id == later.delivery.source_id
        and earlier.delivery.sha256 != later.delivery.sha256  # sheets of the same file stand beside each other
        for first, last in later.spans
    ]


def _declare(new: NewBuild, staged: list[Staged], configured: Mapping[str, Municipality], code: str) -> None:
    declared = [*sources().values(), *local.sources_of([s.delivery for s in staged], name_of(code))]
    smallest = configured[code].smallest if code in configured else {}
    told = [{**_source_row(s), "smallest": smallest.get(s.id)} for s in declared]
    new.put("source", pd.DataFrame(told, columns=SOURCE.column_names).astype({"smallest": "Int32"}))
    new.put("delivery", pd.DataFrame([_delivery_row(s) for s in staged], columns=DELIVERY.column_names))
    refusals = [{"delivery_id": s.delivery.delivery_id, **refusal} for s in staged for refusal in s.refusals]
    new.put("refusal", pd.DataFrame(refusals, columns=REFUSAL.column_names))
    rows = [[m.code, m.name, ",".join(m.peers), m.peers_source] for m in configured.values()]
    new.put("municipality", pd.DataFrame(rows, columns=MUNICIPALITY.column_names))
    for source in sources().values():
        new.put("indicator", indicator_frame(source.id, source.indicators))


def _derive(new: NewBuild, configured: Mapping[str, Municipality]) -> None:
    """Let ``pipelines.derive`` add what follows from several sources together."""
    tables = {
        "area": new.frame("SELECT * FROM area"),
        "boundary": new.frame("SELECT * FROM boundary"),
        "indicator": new.frame("SELECT * FROM indicator"),
        "observation": new.frame(
            "SELECT * FROM observation SEMI JOIN (SELECT area_id FROM area "
            "WHERE level IN ('municipality', 'regso', 'deso') AND substr(area_id, 1, 4) IN (SELECT unnest(?))) "
            "USING (area_id)",
            [list(configured)],
        ),
    }
    for name, frame in derive(tables, configured).items():
        if name != "observation":
            new.empty(name)
        new.put(name, frame)


def _series_breaks(new: NewBuild) -> pd.DataFrame:
    known = new.frame("SELECT indicator_id, source_id FROM indicator")
    rows = [
        [indicator_id, item.first_day, item.why, item.reference]
        for source in sources().values()
        for item in source.breaks
        for indicator_id in known.loc[known["source_id"] == source.id, "indicator_id"]
        if any(indicator_id == p or (p.endswith("*") and indicator_id.startswith(p[:-1])) for p in item.indicators)
    ]
    return pd.DataFrame(rows, columns=SERIES_BREAK.column_names)


def _source_faults(new: NewBuild) -> list[str]:
    faults = []
    for source in sources().values():
        tables = {
            "area": new.frame("SELECT * FROM area"),
            "indicator": new.frame("SELECT * FROM indicator WHERE source_id = ?", [source.id]),
            "observation": new.frame(
                "SELECT o.* FROM observation o JOIN indicator i USING (indicator_id) WHERE i.source_id = ?", [source.id]
            ),
            "event": new.frame("SELECT * FROM event WHERE source_id = ?", [source.id]),
        }
        faults += [f"{source.title}: {fault}" for fault in source.check(tables)]
    return faults


def _source_row(source: Source) -> dict[str, object]:
    return {
        "source_id": source.id,
        "title": source.title,
        "producer": source.producer,
        "citation": source.citation,
        "licence": source.licence,
        "url": source.url,
        "rhythm": source.rhythm,
        "update_days": source.update_days,
        "levels": ",".join(source.levels),
        "speaks_of": source.speaks_of,
        "kind": source.kind,
        "protected": source.protected,
        "caveats": "\n".join(source.caveats) or None,
        "layouts": "\n".join(layout.description for layout in source.layouts),
        "fetchable": source.fetch is not None,
    }


def _delivery_row(staged: Staged) -> dict[str, object]:
    d = staged.delivery
    return {
        "delivery_id": d.delivery_id,
        "source_id": d.source_id,
        "layout": d.layout,
        "file": d.file,
        "sha256": d.sha256,
        "bytes": d.bytes,
        "received_at": pd.Timestamp(d.received_at).tz_convert("UTC").tz_localize(None),
        "received_by": d.received_by,
        "rows_read": staged.rows_read,
        "rows_kept": staged.rows_kept,
        "rows_refused": staged.rows_refused,
        "period_first": staged.period_first,
        "period_last": staged.period_last,
        "sender": d.sender or None,
        "mapping": local.mapping_text(d) if d.is_local else None,
        "checks": local.checks_text(d) if d.is_local else None,
        "original_kept": d.original_kept,
    }
