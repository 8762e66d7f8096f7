"""Which problems come first: consequence times likelihood, with the grounds written down."""

from __future__ import annotations

from dataclasses import dataclass

#: Both scales run from 1 (small, unlikely) to 4 (very large, very likely).
STEPS = 4


@dataclass(frozen=True)
class Priority:
    """A judgement of a problem. ``consequence`` and ``likelihood`` 1-4; ``grounds`` why, in the assessor's own words.

    Raises ValueError when a step lies outside the scale or the grounds are missing: a number without grounds can
    neither be questioned nor followed up.
    """

    consequence: int
    likelihood: int
    grounds: str

    def __post_init__(self) -> None:
        for name, step in (("Konsekvens", self.consequence), ("Sannolikhet", self.likelihood)):
            if step not in range(1, STEPS + 1):
                raise ValueError(f"{name} bedöms från 1 till {STEPS}, inte {step}.")
        if not self.grounds.strip():
            raise ValueError("Skriv vad bedömningen grundar sig på.")

    @property
    def score(self) -> int:
        """1-16: consequence x likelihood."""
        return self.consequence * self.likelihood
