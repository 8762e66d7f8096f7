"""The verdicts as they stand in what is drawn and told of (the values of ``analysis.verdict.Verdict``) and the fields
that all judged records have."""

from typing import Protocol

HIGHER, LOWER = "högre än väntat", "lägre än väntat"
NORMAL, TOO_LITTLE = "inom normal variation", "för litet underlag"


class Bounded(Protocol):
    """What is read of anything with an interval around it."""

    @property
    def lower(self) -> float: ...
    @property
    def upper(self) -> float: ...


class Judged(Bounded, Protocol):
    """What is read of anything with an interval and a verdict."""

    @property
    def verdict(self) -> str: ...
