"""Telling how far long work has come."""

from __future__ import annotations

from collections.abc import Callable

#: Told how far the work has come: share from 0 to 1, and a Swedish line about what is being done.
Progress = Callable[[float, str], None]


def quiet(share: float, text: str) -> None:
    """Progress told to nobody."""


def part(progress: Progress, first: float, last: float) -> Progress:
    """The progress of a part of the work, from ``first`` to ``last`` of the whole."""
    return lambda share, text: progress(first + (last - first) * share, text)
