"""How things stand with each source: what has come, how much of it could be used, and whether it is time for more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pandas as pd

from pipelines.deliveries import active
from pipelines.intake import local
from pipelines.municipalities import name_of
from pipelines.source import Source, sources
from pipelines.staging import Staged, stage_all
from store.freshness import overdue
from store.publish import publishing
from store.settings import Settings


@dataclass(frozen=True)
class SourceStatus:
    """One source's standing. Dates are ISO 8601.

    ``newest_period`` is the last day of the newest finished period with figures (the first day of one under way if
    there is no other); ``overdue`` as in ``store.freshness``; ``only_defined`` when what has come says what is measured
    but holds no figures; ``deliveries`` are (id, file, day received).
    """

    source_id: str
    title: str
    last_received: str | None
    delivery_ids: list[str]
    deliveries: list[tuple[str, str, str]]
    rows_read: int
    rows_kept: int
    rows_refused: int
    period_first: str | None
    period_last: str | None
    newest_period: str | None
    age_days: int | None
    rhythm: str
    overdue: bool
    only_defined: bool
    licence: str
    fetchable: bool

    @property
    def standing(self) -> str:
        """How fresh the figures are, in Swedish."""
        if self.last_received is None:
            return "Inget levererat än"
        if self.only_defined:
            return "Inga siffror hämtade än"
        return "Dags att hämta nyare" if self.overdue else "Aktuell"


def statuses(settings: Settings) -> list[SourceStatus]:
    """Every declared source, also those without deliveries, and every sender of local spreadsheets."""
    staged: dict[str, list[Staged]] = {source_id: [] for source_id in sources()}
    with publishing(settings.data_dir):
        deliveries = active(settings)
        for one in stage_all(settings, deliveries):
            staged.setdefault(one.delivery.source_id, []).append(one)
    known = [*sources().values(), *local.sources_of(deliveries, name_of(settings.municipality))]
    return [_status(source, staged[source.id]) for source in known]


def _status(source: Source, staged: list[Staged]) -> SourceStatus:
    last = max((s.delivery.received_at for s in staged), default=None)
    today = datetime.now(UTC).date()
    received = datetime.fromisoformat(last).date() if last else None
    newest = _newest(staged, today)
    return SourceStatus(
        source_id=source.id,
        title=source.title,
        last_received=last[:10] if last else None,
        delivery_ids=[s.delivery.delivery_id for s in staged],
        deliveries=[(s.delivery.delivery_id, s.delivery.file, s.delivery.received_at[:10]) for s in staged],
        rows_read=sum(s.rows_read for s in staged),
        rows_kept=sum(s.rows_kept for s in staged),
        rows_refused=sum(s.rows_refused for s in staged),
        period_first=min((s.period_first for s in staged if s.period_first), default=None),
        period_last=max((s.period_last for s in staged if s.period_last), default=None),
        newest_period=newest.isoformat() if newest else None,
        age_days=(today - received).days if received else None,
        rhythm=source.rhythm,
        overdue=overdue(newest, received, today, source.update_days),
        only_defined=newest is None and bool(source.indicators or any(s.parquet("indicator") for s in staged)),
        licence=source.licence,
        fetchable=source.fetch is not None,
    )


def _newest(staged: list[Staged], today: date) -> date | None:
    """The same day as ``newest_period`` on the page Källor (queries.catalogue), from the deliveries themselves."""
    spans = [span for one in staged for span in _spans(one)]
    finished = [last for _, last in spans if last <= today]
    under_way = [first for first, _ in spans if first <= today]
    return max(finished or under_way, default=None)


def _spans(staged: Staged) -> set[tuple[date, date]]:
    """First and last day of the periods that a delivery has figures for, and the days of its events."""
    spans: set[tuple[date, date]] = set()
    if path := staged.parquet("observation"):
        figures = pd.read_parquet(path, columns=["period_start", "period_end", "value"]).dropna(subset=["value"])
        periods = figures[["period_start", "period_end"]].drop_duplicates().apply(pd.to_datetime)
        firsts, lasts = periods["period_start"].dt.date, periods["period_end"].dt.date
        spans |= set(zip(firsts, lasts, strict=True))
    if path := staged.parquet("event"):
        events = pd.read_parquet(path, columns=["occurred_from", "reported"])
        days = pd.to_datetime(events["occurred_from"].fillna(events["reported"])).dropna().dt.date
        spans |= set(zip(days, days, strict=True))
    return spans
