"""Builds that situation pictures and their figures are of are kept: a draft's until it is decided, a decided one's for
ever."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.records.choices import Stage
from store.records.situations import Evidence, Situation

_OURS = "Lägesbild"


def keep_builds(session: Session, data_dir: Path) -> None:
    """Pin the builds that situation pictures and their figures name, and let go of those that none does any longer."""
    wanted: dict[str, str] = {}
    live = select(Situation.build, Situation.id, Situation.stage).where(Situation.deleted_at.is_(None))
    figures = live.join(Evidence, Evidence.situation_id == Situation.id).where(Evidence.deleted_at.is_(None))
    rows = live.union(figures.with_only_columns(Evidence.build, Situation.id, Situation.stage)).subquery()
    named = select(rows).where(rows.c.build != "").order_by(rows.c.stage.desc(), rows.c.id.desc())
    for build, row_id, stage in session.execute(named):
        wanted[build] = f"{_OURS} {row_id}{', beslutad' if stage == Stage.DECIDED else ', utkast'}"
    from store.publish import pin, pinned, unpin

    found = pinned(data_dir)
    for build, reason in wanted.items():
        ours = found.get(build, _OURS).startswith(_OURS)
        if ours and found.get(build) != reason and (data_dir / "builds" / f"{build}.duckdb").exists():
            pin(data_dir, build, reason)
    for build, reason in found.items():
        if reason.startswith(_OURS) and build not in wanted:
            unpin(data_dir, build)
