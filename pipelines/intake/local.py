"""Local deliveries: what is kept of a table of a local spreadsheet, and what a build makes of it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import tomli_w

from pipelines.deliveries import Delivery
from pipelines.frames import slug
from pipelines.intake.rows import Rows
from pipelines.source import Parsed, Source
from store.intake import Finding, Mapping
from store.kinds import KINDS
from store.schema import LEVELS

if TYPE_CHECKING:
    from pipelines.intake.gazetteer import Gazetteer

#: The layout of every local delivery: its mapping says the rest.
LAYOUT = "tolkning"

_CELLS, _MAPPING, _CHECKS = "cells.parquet", "mapping.toml", "checks.json"

#: Days after which a sender of local spreadsheets is expected to have sent another.
_UPDATE_DAYS = 400


def source_id(mapping: Mapping) -> str:
    """The id of the source that the sender's tables are: the same for every delivery read by the saved mapping."""
    return f"lokal_{slug(mapping.name)}"


def parse(delivery: Delivery, gazetteer: Gazetteer) -> Parsed:
    """What a local delivery gives. Raises DeliveryError."""
    from pipelines.intake import kinds  # its readers are not needed by a build without local deliveries

    rows = Rows.from_bytes((delivery.path / _CELLS).read_bytes())
    mapping = Mapping.model_validate(tomllib.loads(mapping_text(delivery)))
    return kinds.read(rows, mapping, gazetteer, delivery).parsed


def sheet_of(delivery: Delivery) -> str:
    """The sheet that a local delivery's table stands on."""
    return Rows.sheet_in(delivery.path / _CELLS)


def kept_files(rows: Rows, mapping: Mapping, findings: Sequence[Finding]) -> list[tuple[str, bytes]]:
    """What is kept of a table: its used cells, how they were read, and what the check found."""
    checks = [finding.model_dump() for finding in findings]
    return [
        (_CELLS, rows.to_bytes()),
        (_MAPPING, as_toml(mapping).encode()),
        (_CHECKS, json.dumps(checks, ensure_ascii=False).encode()),
    ]


def as_toml(mapping: Mapping) -> str:
    """A mapping as the file that ``--mapping`` takes."""
    return tomli_w.dumps(mapping.model_dump(mode="json", exclude_defaults=True))


def mapping_text(delivery: Delivery) -> str:
    """The mapping that a local delivery was read by, as TOML."""
    return (delivery.path / _MAPPING).read_text("utf-8")


def checks_text(delivery: Delivery) -> str:
    """What the check of a local delivery found, as JSON."""
    return (delivery.path / _CHECKS).read_text("utf-8")


def sources_of(deliveries: Iterable[Delivery], municipality: str) -> list[Source]:
    """The senders of these deliveries, declared as sources; what the newest delivery says of each holds.

    Where nobody has said who sent it, the producer is the municipality, whose name is given.
    """
    newest = {d.source_id: d for d in deliveries if d.is_local}
    return [_source(delivery, municipality) for delivery in newest.values()]


def _source(delivery: Delivery, municipality: str) -> Source:
    kind = KINDS[delivery.kind]
    genitive = "" if municipality.endswith(tuple("aeiouyåäösxz")) else "s"
    sender = delivery.sender or f"{municipality}{genitive} kommun"
    return Source(
        id=delivery.source_id,
        title=delivery.title,
        producer=sender,
        citation=f"{delivery.title}, {sender}" if delivery.sender else delivery.title,
        licence="Kommunens egna uppgifter. Får inte spridas på lägre nivå än vad sidorna visar.",
        url="",
        rhythm="När avsändaren lämnar en ny fil",
        update_days=_UPDATE_DAYS,
        levels=tuple(level for level in LEVELS if level not in {"country", "county", "unplaced"}),
        speaks_of=f"{kind.label} som {sender} har lämnat i ett kalkylark.",
        layouts=(),
        kind=delivery.kind,
        protected=True,
    )
