"""From the deliveries to a published build: a pure function of the deliveries, the configuration and the code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.deliveries import Delivery, active, inspect, kept, prove, receive, unproven, withdraw
from pipelines.derive import derive
from pipelines.frames import indicator_frame
from pipelines.municipalities import Municipality, municipalities
from pipelines.source import DeliveryError, Source, sources
from pipelines.staging import Staged, discard_unused, stage
from store.publish import BuildError, NewBuild, prune, publishing, switch
from store.schema import DELIVERY, MUNICIPALITY, PARSED_TABLES, REFUSAL, SERIES_BREAK, SOURCE
from store.settings import Settings, shipped_version
from store.warehouse import Build, build_path

#: Told how far the work has come: share from 0 to 1, and a Swedish line about what is being done.
Progress = Callable[[float, str], None]


def quiet(share: float, text: str) -> None:
    """Progress told to nobody."""


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


def undo(settings: Settings, delivery_id: str, *, by: str | None = None, progress: Progress = quiet) -> Published:
    """Publish a build without a delivery, which is withdrawn only if that build holds together.

    Raises DeliveryError for an unknown delivery and BuildError when the others do not hold together without it.
    """
    with _publishing(settings, progress):
        if delivery_id not in {d.delivery_id for d in kept(settings)}:
            raise DeliveryError(f"Leveransen {delivery_id} finns inte. «status» visar vilka som finns.")
        return _publish(settings, progress, undoing=delivery_id, by=by)


def _publishing(settings: Settings, progress: Progress) -> AbstractContextManager[None]:
    return publishing(settings.data_dir, lambda: progress(0.0, "Väntar på en annan publicering"))


def _take_in(settings: Settings, path: Path, source_id: str | None, by: str | None) -> Delivery:
    inspected = inspect(path, source_id=source_id, by=by)
    if stage(settings, inspected).rows_kept == 0:
        raise DeliveryError(
            f"{inspected.file}: ingen rad kunde användas. Filen har inte tagits emot; kontrollera innehållet."
        )
    return receive(settings, inspected)


def _publish(settings: Settings, progress: Progress, undoing: str | None = None, by: str | None = None) -> Published:
    deliveries = [d for d in active(settings) if d.delivery_id != undoing]
    refused: list[tuple[Delivery, BuildError]] = []
    try:
        build_id = _make(settings, deliveries, progress)
    except BuildError:
        if not unproven(settings, deliveries):
            raise
        build_id, deliveries, refused = _without_contradictions(settings, deliveries, progress)
    for delivery, error in refused:
        withdraw(settings, delivery.delivery_id, by=by, why=str(error))
    if undoing:
        withdraw(settings, undoing, by=by, why="undo")
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
        staged = []
        for number, delivery in enumerate(deliveries):
            progress(0.7 * number / len(deliveries), f"Läser {delivery.file}")
            staged.append(stage(settings, delivery))
        progress(0.7, "Fogar samman källorna")
        _write(settings, build_id, staged, municipalities(), progress)
    return build_id


def _build_id(settings: Settings, deliveries: list[Delivery]) -> str:
    made_of = [[d.delivery_id, d.layout, d.file, d.received_at, d.received_by] for d in deliveries]
    text = json.dumps([shipped_version(settings.open_dir), made_of])
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
        _declare(new, staged, configured)
        for table in PARSED_TABLES:
            files = [(s.delivery.delivery_id, path) for s in staged if (path := s.parquet(table))]
            new.load(table, files)
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


def _declare(new: NewBuild, staged: list[Staged], configured: Mapping[str, Municipality]) -> None:
    new.put("source", pd.DataFrame([_source_row(s) for s in sources().values()], columns=SOURCE.column_names))
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
        "rows_refused": len(staged.refusals),
        "period_first": staged.period_first,
        "period_last": staged.period_last,
    }
