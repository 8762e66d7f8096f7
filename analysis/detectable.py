"""How small an effect a planned evaluation can find, asked before the measure starts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Plan:
    """What a follow-up with a control will rest on: the expected counts if the measure does nothing.

    ``dispersion``: how much more counts vary than chance, from the same series' past (1 = chance alone).
    """

    treated_before: float
    treated_after: float
    control_before: float
    control_after: float
    dispersion: float = 1.0

    def __post_init__(self) -> None:
        counts = (self.treated_before, self.treated_after, self.control_before, self.control_after)
        if not all(count > 0 for count in counts):
            raise ValueError("De väntade antalen ska vara större än noll, före och efter, på båda ställena.")
        if not self.dispersion >= 1:
            raise ValueError("Spridningen kan inte vara mindre än slumpens egen, 1.")

    def error(self, ratio: float) -> float:
        """Standard error of the logarithm of the measured ratio, when the true one is ``ratio``."""
        after = self.treated_after * ratio
        parts = 1 / self.treated_before + 1 / after + 1 / self.control_before + 1 / self.control_after
        return float(np.sqrt(self.dispersion * parts))


def power(plan: Plan, ratio: float, level: float = 0.95) -> float:
    """Chance that the follow-up will tell a true ``ratio`` (0.8 = a fifth fewer) from no effect, in its direction.

    By the formula of a difference of differences of logarithms of counts (see analysis.effect), two-sided test at 1 -
    ``level``. Source: the delta method, Var(log X) = dispersion / mean; checked by simulation in the tests.
    """
    from scipy.special import ndtr, ndtri

    if not ratio > 0:
        raise ValueError("Effekten ska vara en kvot större än noll.")
    return float(ndtr(abs(np.log(ratio)) / plan.error(ratio) - ndtri((1 + level) / 2)))


def smallest_fall(plan: Plan, wanted: float = 0.8, level: float = 0.95) -> float | None:
    """The fall nearest to none, as a ratio under 1, that is found with chance ``wanted``; None when no fall is.

    A ratio of 0.7 says that only falls of 30 % or more can be counted on to show. Fewer events after make the
    logarithm less certain, so from some point larger falls are no easier to see; the search ends where one event is
    left.
    """
    from scipy.optimize import brentq

    least = min(0.999, 1 / plan.treated_after)
    ratios = np.linspace(0.999, least, 400)
    found = [power(plan, float(ratio), level) >= wanted for ratio in ratios]
    if not any(found):
        return None
    first = int(np.argmax(found))
    if first == 0:
        return float(ratios[0])
    return float(brentq(lambda r: power(plan, r, level) - wanted, ratios[first], ratios[first - 1]))
