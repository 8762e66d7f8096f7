"""Labels as boxes, so that none is written over another."""

from __future__ import annotations

from collections.abc import Iterable

#: Left, bottom, right, top, in pixels.
Box = tuple[float, float, float, float]


def overlaps(box: Box, others: Iterable[Box]) -> bool:
    """Whether the box covers any part of one of the others; boxes that only touch do not."""
    return any(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in others)
