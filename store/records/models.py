"""All tables of the work, and what ties them."""

from __future__ import annotations

from store.records import attached, partnership, situations, thread
from store.records.base import Base, Row

#: Every table whose rows are edited, by its name.
ROWS: dict[str, type[Row]] = {
    mapper.class_.__tablename__: mapper.class_
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__tablename__)
    if issubclass(mapper.class_, Row)
}
__all__ = ["ROWS", "attached", "partnership", "situations", "thread"]
