"""Whether more is reported because more happens, or because more report."""

from __future__ import annotations

import pandas as pd

from analysis.intervals import count_interval


def per_reporter(reports: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Reports per active reporter, week by week.

    ``reports`` has a row per report: moment (datetime64) and reporter. A reporter is active in a week with at least
    one report; rows without a reporter count as reports but not as reporters, and are told in ``unnamed``. Returns
    week_start (the Monday), reports, unnamed, reporters, rate (named reports per active reporter) and its limits lower
    and upper (Poisson). Weeks from the first report to the last; a week without reports has rate NaN. Rows without a
    moment are left out.
    """
    rows = reports[reports["moment"].notna()]
    day = pd.to_datetime(rows["moment"]).dt.normalize()
    week = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    groups = rows.assign(week_start=week).groupby("week_start")["reporter"]
    out = pd.DataFrame({"reports": groups.size(), "named": groups.count(), "reporters": groups.nunique()})
    if len(out):
        out = out.reindex(pd.date_range(out.index.min(), out.index.max(), freq="7D", name="week_start"), fill_value=0)
    active = out["reporters"].where(out["reporters"] > 0).astype(float)
    lower, upper = count_interval(out["named"].to_numpy(), level)
    out["unnamed"] = out["reports"] - out["named"]
    out["rate"] = out["named"] / active
    out["lower"], out["upper"] = lower / active, upper / active
    return out.reset_index()[["week_start", "reports", "unnamed", "reporters", "rate", "lower", "upper"]]
