"""Builds that situation pictures refer to are kept: a draft's until it is decided, a decided one's for ever."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.records.choices import Stage
from store.records.situations import Situation

_OURS = "Lägesbild"


def keep_builds(session: Session, data_dir: Path) -> None:
    """Pin the builds that situation pictures refer to, and let go of those that none does any longer."""
    wanted: dict[str, str] = {}
    rows = select(Situation.build, Situation.id, Situation.stage).where(
        Situation.build != "", Situation.deleted_at.is_(None)
    )
    for build, row_id, stage in session.execute(rows.order_by(Situation.stage.desc(), Situation.id.desc())):
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
