"""The five kinds of things that a local spreadsheet can hold, one module each."""

from __future__ import annotations

from datetime import datetime

from pipelines.deliveries import Delivery
from pipelines.intake.gazetteer import Gazetteer
from pipelines.intake.kinds import answers, events, inspections, observations, participation
from pipelines.intake.kinds.fields import Fields
from pipelines.intake.kinds.result import Result
from pipelines.intake.rows import Rows
from store.intake import Mapping

_READERS = {
    "events": events.read,
    "answers": answers.read,
    "observations": observations.read,
    "participation": participation.read,
    "inspections": inspections.read,
}


def read(rows: Rows, mapping: Mapping, gazetteer: Gazetteer, delivery: Delivery) -> Result:
    """What the rows of a table give as a delivery, read by a mapping of their kind."""
    received = datetime.fromisoformat(delivery.received_at).date()
    fields = Fields(rows, mapping, gazetteer, delivery.delivery_id, received)
    return _READERS[mapping.kind](fields, delivery.source_id)
