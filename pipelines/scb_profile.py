"""The shares of a socio-economic profile, out of SCB's own tables of counts.

They are the thirteen measures whose spread over the country's DeSO ships with the project, so that any area that a
delivered table has can be placed among all the others. Each is made of one table only.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pipelines.scb_cube import indicator_id

#: What tells one figure of a measure from another.
_WHERE_AND_WHEN = ["area_id", "period_type", "period_start", "period_end", "period_label"]

#: A cell of a table: the contents as SCB heads them (empty where the table has one kind), and the breakdown.
_Cell = tuple[str, str]


@dataclass(frozen=True)
class _Share:
    """A percentage: the sum of ``part`` of the sum of ``whole``, all of them needed. ``whole_else`` is used where the
    table was taken out without its totals."""

    indicator_id: str
    table: str
    part: tuple[_Cell, ...]
    whole: tuple[_Cell, ...]
    whole_else: tuple[_Cell, ...] = ()


@dataclass(frozen=True)
class _Published:
    """A figure that SCB gives as it is, with the number of persons behind it where the table has that."""

    indicator_id: str
    table: str
    value: _Cell
    base: _Cell | None = None


def _values(dimension: str, *values: str) -> tuple[_Cell, ...]:
    return tuple(("", f"{dimension}={value}") for value in values)


_TOTAL: tuple[_Cell, ...] = (("", ""),)
_HOUSEHOLDS = _values(
    "hushållstyp", "sammanboende med barn", "sammanboende utan barn", "ensamstående med barn", "ensamstående utan barn",
    "övriga hushåll",
)  # fmt: skip
_ABROAD = _values("födelseregion", "Europa utom Sverige", "övriga världen inkl. uppgift saknas")
_BACKGROUND = _values("utländsk/svensk bakgrund", "utländsk bakgrund", "svensk bakgrund")
_HOUSES = _values("hustyp", "flerbostadshus", "småhus", "övriga hus", "specialbostäder", "uppgift saknas")
_EDUCATION = _values(
    "utbildningsnivå", "förgymnasial utbildning", "gymnasial utbildning", "eftergymnasial utbildning, mindre än 3 år",
    "eftergymnasial utbildning, 3 år eller mer", "uppgift om utbildningsnivå saknas",
)  # fmt: skip
_TENURE = _values("upplåtelseform", "hyresrätt", "bostadsrätt", "äganderätt", "uppgift saknas")
_AGE_16_64 = "ålder=16-64 år"

_SHARES = (
    _Share("scb_profile_single_parent_households", "000005F8", _HOUSEHOLDS[2:3], _HOUSEHOLDS),
    _Share("scb_profile_single_person_households", "000005F8", _HOUSEHOLDS[3:4], _HOUSEHOLDS),
    _Share("scb_profile_foreign_born", "000005FB", _ABROAD, _TOTAL, (*_ABROAD, *_values("födelseregion", "Sverige"))),
    _Share("scb_profile_foreign_background", "000005FE", _BACKGROUND[:1], _TOTAL, _BACKGROUND),
    _Share("scb_profile_age_10_19", "000005FF", _values("ålder", "10-14 år", "15-19 år"), _TOTAL),
    _Share("scb_profile_age_15_24", "000005FF", _values("ålder", "15-19 år", "20-24 år"), _TOTAL),
    _Share("scb_profile_multi_dwelling", "000005LO", _HOUSES[:1], _TOTAL, _HOUSES),
    _Share("scb_profile_pre_upper_secondary", "000005MO", _EDUCATION[:1], _EDUCATION),
    _Share("scb_profile_rental_tenure", "000006OC", _TENURE[:1], _TENURE),
    _Share(
        "scb_profile_outside_labour_force", "000007A8",
        (("antal personer utanför arbetskraften", _AGE_16_64),), (("antal totalt", _AGE_16_64),),
    ),
    _Share(
        "scb_profile_unemployed", "000007A8",
        (("antal arbetslösa", _AGE_16_64),), (("antal sysselsatta och arbetslösa (arbetskraften)", _AGE_16_64),),
    ),
)  # fmt: skip
_PUBLISHED = (
    _Published(
        "scb_profile_low_economic_standard", "000006TA", ("Låg ekonomisk standard, procent", ""),
        ("Antal personer totalt", ""),
    ),
    _Published("scb_profile_median_net_income", "000005FM", ("Medianvärde, tkr", "inkomstslag=nettoinkomst")),
)  # fmt: skip


def profile(table: str, observation: pd.DataFrame) -> pd.DataFrame:
    """The shares that follow from SCB's ``table``, for every area and period that it has all the figures of.

    ``observation`` holds the table's rows as ``Cube.tables`` gives them. Returns rows of the observation table
    (percent, with numerator and denominator as ``count`` and ``base``; the median in thousand kronor); none for others.
    """
    known = observation[observation["value"].notna()]
    made = [_share(share, known) for share in _SHARES if share.table == table]
    made += [_published(item, known) for item in _PUBLISHED if item.table == table]
    columns = [*_WHERE_AND_WHEN, "indicator_id", "breakdown", "value", "count", "base", "status"]
    return pd.concat([pd.DataFrame(columns=columns), *made])[columns] if made else pd.DataFrame(columns=columns)


def _share(share: _Share, known: pd.DataFrame) -> pd.DataFrame:
    part, whole = _sum(share.table, share.part, known), _sum(share.table, share.whole, known)
    if share.whole_else:
        whole = whole.combine_first(_sum(share.table, share.whole_else, known))
    out = pd.DataFrame({"count": part, "base": whole}).dropna()
    out = out[(out["base"] > 0) & (out["count"] <= out["base"])]  # SCB's noise can make a part larger than its whole.
    return _rows(out.assign(value=100 * out["count"] / out["base"]), share.indicator_id)


def _published(item: _Published, known: pd.DataFrame) -> pd.DataFrame:
    out = _sum(item.table, (item.value,), known).to_frame("value")
    out["base"] = _sum(item.table, (item.base,), known) if item.base else None
    return _rows(out.assign(count=None), item.indicator_id)


def _rows(figures: pd.DataFrame, indicator: str) -> pd.DataFrame:
    return figures.reset_index().assign(indicator_id=indicator, breakdown="", status="derived")


def _sum(table: str, cells: tuple[_Cell, ...], known: pd.DataFrame) -> pd.Series[float]:
    """The sum of ``cells`` by place and time, where all of them are known."""
    wanted = pd.MultiIndex.from_tuples([(indicator_id(table, contents), text) for contents, text in cells])
    rows = known[pd.MultiIndex.from_frame(known[["indicator_id", "breakdown"]]).isin(wanted)]
    groups = rows.groupby(_WHERE_AND_WHEN)["value"]
    return groups.sum()[groups.size() == len(cells)]
