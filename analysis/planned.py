"""Whether the evaluation that is planned for a goal can find the effect wished for: asked before anything is begun."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.detectable import Plan, power, smallest_fall
from analysis.poisson import fit
from analysis.series import tidy

#: The chance of being found that an effect should have.
WANTED = 0.8

#: So many periods more than what is fitted are needed to know how much a series varies.
_FREE = 4
_YEAR = 12
#: A share cannot be looked for nearer to none and all than this, nor a rise over so many times the count.
_EDGE, _MOST = 0.001, 20.0

_OTHERWISE = "välj större område, längre tid eller ett annat mått"


@dataclass(frozen=True)
class Answer:
    """Percentages of change in the goal's direction; of shares ("shares") percentage points.

    ``smallest``: the smallest that is found with the chance WANTED, NaN when none is. ``wished``: what the goal asks
    for. ``chance`` (0-1) that just that is found. ``before``: events a year, or answers. ``reason`` says why there is
    no answer: ``no_counts``, ``hidden``, ``no_target`` or ``wrong_way``.
    """

    kind: str = "counts"
    fall: bool = True
    smallest: float = math.nan
    wished: float = math.nan
    chance: float = math.nan
    before: float = math.nan
    months: int = _YEAR
    dispersion: float = 1.0
    has_control: bool = False
    reason: str = ""

    @property
    def can_be_found(self) -> bool:
        """Whether the change that the goal asks for is found with the chance WANTED."""
        return bool(self.chance >= WANTED)

    @property
    def sentence(self) -> str:
        """The answer for a reader, in Swedish."""
        if self.reason:
            return _REASONS[self.reason]
        return " ".join(filter(None, [_told(self), _circumstances(self)]))

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the goal; what is not known is null."""
        kept = {name: None if _unknown(value) else value for name, value in asdict(self).items()}
        return {**kept, "can_be_found": None if self.reason else self.can_be_found, "sentence": self.sentence}


_REASONS = {
    "no_counts": "Måttet har inget antal bakom sig, så det går inte att räkna ut i förväg. Följ det under flera år, "
    "och bredvid ett jämförelseområde.",
    "hidden": f"Talen är för små för att visas, och då kan uppföljningen inte hitta någon effekt: {_OTHERWISE}.",
    "no_target": "Skriv utgångsläge och målvärde, så räknas det ut om uppföljningen kan hitta effekten.",
    "wrong_way": "Målvärdet ligger inte åt det håll som målet säger. Ändra målvärdet eller riktningen.",
}


def dispersion(series: pd.DataFrame, periods_per_year: int) -> float:
    """How many times more than chance the counts of a series vary, season and a steady trend set aside; at least 1.

    ``series`` has the columns of ``analysis.series.tidy``. NaN when it is too short, or a season has no events. The
    estimate is Pearson's X2 over the degrees of freedom (McCullagh & Nelder 1989, 6.2).
    """
    rows = tidy(series)
    rows = rows[rows["count"].notna() & ~rows["preliminary"]]
    season = ((rows["period_start"].dt.month - 1) * periods_per_year // _YEAR).to_numpy()
    if len(rows) < len(set(season)) + 1 + _FREE or rows.groupby(season)["count"].sum().min() <= 0:
        return math.nan
    years = (rows["period_start"].dt.year + (rows["period_start"].dt.month - 1) / _YEAR).to_numpy(dtype=float)
    design = np.column_stack([pd.get_dummies(season, dtype=float).to_numpy(), years - years.mean()])
    return fit(design, rows["count"].to_numpy(), rows["exposure"].to_numpy()).dispersion


def of_counts(
    before: float, baseline: float, target: float, *, fall: bool, months: int = _YEAR, varies: float = 1.0,
    control: float | None = None,
) -> Answer:  # fmt: skip
    """Of a goal in events: ``before`` events in the year before, and ``control`` in the area beside it (None: none).

    The follow-up sets ``months`` (at most a year) after the start beside the same months before it. ``varies``: the
    ``dispersion`` of the series. ``baseline`` and ``target`` are in the goal's unit. Without a control the uncertainty
    is that of the area's own counts.
    """
    reason = _cannot(before, baseline, target, fall)
    if reason:
        return Answer(fall=fall, reason=reason)
    part = min(months, _YEAR) / _YEAR
    beside = control * part if control else math.inf
    plan = Plan(before * part, before * part, beside, beside, max(1.0, varies))
    ratio = target / baseline
    found = smallest_fall(plan, WANTED) if fall else _smallest_rise(plan)
    return Answer(
        "counts", fall, math.nan if found is None else abs(1 - found) * 100, abs(1 - ratio) * 100,
        power(plan, max(ratio, _EDGE)), before, min(months, _YEAR), plan.dispersion, bool(control),
    )  # fmt: skip


def of_shares(share: float, target: float, answers: float, *, fall: bool) -> Answer:
    """Of a goal in per cent of those who answer a survey with so many ``answers`` each time (equally weighted).

    Two-sided test of two independent shares at 5 %, by the normal approximation. Source: Fleiss, Levin & Paik 2003,
    Statistical Methods for Rates and Proportions, 4.2.
    """
    reason = _cannot(answers, share, target, fall)
    if reason:
        return Answer("shares", fall, reason=reason)
    first, last = share / 100, target / 100
    edge = _EDGE if fall else 1 - _EDGE
    steps = np.linspace(first, edge, 2000)[1:]
    found = next((float(one) for one in steps if _share_power(first, one, answers) >= WANTED), math.nan)
    return Answer(
        "shares", fall, abs(first - found) * 100, abs(share - target), _share_power(first, last, answers), answers
    )


def unanswered(reason: str, *, fall: bool) -> Answer:
    """There is no answer, for this reason."""
    return Answer(fall=fall, reason=reason)


def _cannot(before: float, baseline: float, target: float, fall: bool) -> str:
    if not np.isfinite([baseline, target]).all():
        return "no_target"
    if not np.isfinite(before):
        return "hidden"
    if not before > 0 or not baseline > 0:
        return "no_counts"
    return "" if (target < baseline) == fall and target != baseline else "wrong_way"


def _smallest_rise(plan: Plan) -> float | None:
    from scipy.optimize import brentq

    if power(plan, _MOST) < WANTED:
        return None
    return float(brentq(lambda ratio: power(plan, ratio) - WANTED, 1 + 1e-6, _MOST))


def _share_power(first: float, last: float, answers: float) -> float:
    from scipy.special import ndtr, ndtri

    error = math.sqrt((first * (1 - first) + last * (1 - last)) / answers)
    return float(ndtr(abs(first - last) / error - ndtri(0.975))) if error else 1.0


def _told(answer: Answer) -> str:
    shares = answer.kind == "shares"
    what = "minskning" if answer.fall else "ökning"
    unit, decimals = ("\u00a0procentenheter", 1) if shares else ("\u00a0%", 0)
    before = _number(answer.before)
    varies = f"Antalet är omkring {before} på ett år och varierar av sig självt. Därför"
    known = f"Med {before} svar varje gång" if shares else varies
    wished = f"{_number(answer.wished, decimals)}{unit}"
    if math.isnan(answer.smallest):
        return f"{known} går ingen {what} att skilja från slumpen: {_OTHERWISE}."
    # Rounded up, so that it does not promise too much; but a goal that is found is not said to be too small.
    shown = math.ceil(answer.smallest * 10**decimals) / 10**decimals
    smallest = f"{_number(min(shown, answer.wished) if answer.can_be_found else shown, decimals)}{unit}"
    if not answer.can_be_found:
        least = "" if shares else f", till omkring {_number(_reached(answer, shown))},"
        return f"{known} syns bara en {what} på minst {smallest}{least} säkert. Målet är {wished}: {_OTHERWISE}."
    chance = min(99, math.floor(100 * answer.chance))
    return (
        f"Ja: uppföljningen kan hitta en {what} på minst {smallest}, och målet är {wished}. Blir målet nått är chansen "
        f"{chance}\u00a0% att det syns som mer än slump."
    )


def _reached(answer: Answer, percent: float) -> float:
    """The count that a change of so many percent leads to."""
    return answer.before * (1 - percent / 100 if answer.fall else 1 + percent / 100)


def _circumstances(answer: Answer) -> str:
    """What the answer rests on, and would be better with."""
    told = []
    if answer.kind == "counts" and answer.dispersion >= 1.5:
        told.append("Talen har gått upp och ned mer mellan åren än slumpen ensam ger; det är inräknat.")
    if answer.kind == "counts" and not answer.has_control:
        told.append("Utan jämförelseområde räknas allt annat som händer samtidigt in i effekten: välj gärna ett.")
    return " ".join(told)


def _number(value: float, decimals: int = 0) -> str:
    return f"{value:,.{decimals}f}".replace(",", "\u00a0").replace(".", ",")


def _unknown(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)
