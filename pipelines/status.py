"""How things stand with each source: what has come, how much of it could be used, and whether it is time for more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pipelines.deliveries import active
from pipelines.source import Source, sources
from pipelines.staging import Staged, stage
from store.publish import publishing
from store.settings import Settings


@dataclass(frozen=True)
class SourceStatus:
    """One source's standing. Dates are ISO 8601.

    ``overdue`` when the newest delivery is older than the rhythm; ``only_defined`` when what has come says what is
    measured but holds no figures.
    """

    source_id: str
    title: str
    last_received: str | None
    delivery_ids: list[str]
    rows_read: int
    rows_kept: int
    rows_refused: int
    period_first: str | None
    period_last: str | None
    age_days: int | None
    rhythm: str
    overdue: bool
    only_defined: bool
    licence: str
    fetchable: bool

    @property
    def age_text(self) -> str:
        """The age in Swedish beside how often the source is updated."""
        if self.age_days is None:
            return f"uppdatering: {self.rhythm}"
        verdict = "dags att hämta" if self.overdue else "aktuell"
        if self.only_defined:
            verdict = "inga siffror hämtade än"
        return f"{self.age_days} dagar, {verdict}\nuppdatering: {self.rhythm}"


def statuses(settings: Settings) -> list[SourceStatus]:
    """Every declared source, also those without deliveries."""
    staged: dict[str, list[Staged]] = {source_id: [] for source_id in sources()}
    with publishing(settings.data_dir):
        for delivery in active(settings):
            staged.setdefault(delivery.source_id, []).append(stage(settings, delivery))
    return [_status(source, staged[source.id]) for source in sources().values()]


def _status(source: Source, staged: list[Staged]) -> SourceStatus:
    last = max((s.delivery.received_at for s in staged), default=None)
    age = (datetime.now(UTC) - datetime.fromisoformat(last)).days if last else None
    return SourceStatus(
        source_id=source.id,
        title=source.title,
        last_received=last[:10] if last else None,
        delivery_ids=[s.delivery.delivery_id for s in staged],
        rows_read=sum(s.rows_read for s in staged),
        rows_kept=sum(s.rows_kept for s in staged),
        rows_refused=sum(len(s.refusals) for s in staged),
        period_first=min((s.period_first for s in staged if s.period_first), default=None),
        period_last=max((s.period_last for s in staged if s.period_last), default=None),
        age_days=age,
        rhythm=source.rhythm,
        overdue=age is not None and age > source.update_days,
        only_defined=any(s.parquet("indicator") for s in staged) and all(s.period_first is None for s in staged),
        licence=source.licence,
        fetchable=source.fetch is not None,
    )
