"""What residents say of safety and of being victims, in NTU and in the citizen survey, for a whole municipality."""

from __future__ import annotations

import pandas as pd

from analysis.verdict import effect_verdicts
from analysis.weighted import difference, verdicts
from queries.names import COUNTRY
from store.warehouse import Build, fetch


def newest(build: Build, municipality_id: str) -> pd.DataFrame:
    """The municipality's newest figure of each survey measure, beside its peers' and the country's of the same period.

    Columns: indicator_id, name, unit, decimals, period_label, value (in the unit; empty where the source gives none),
    lower and upper (95 % limits as published; empty where none are), status, peers (median of the municipalities to
    compare with), peers_known (how many of them have a figure), country, verdict (higher or lower when the country lies
    outside the limits). By name; empty before a delivery from Kolada.
    """
    rows = fetch(
        build,
        """
        WITH own AS (
            SELECT o.* FROM observation o JOIN indicator i USING (indicator_id)
            WHERE o.area_id = $municipality AND o.breakdown = ''
              AND i.source_id = 'kolada_indicators' AND i.theme = 'Trygghet'
            QUALIFY row_number() OVER (PARTITION BY o.indicator_id ORDER BY o.period_start DESC) = 1
        ), compared AS (
            SELECT unnest(string_split(peers, ',')) AS area_id FROM municipality WHERE municipality_id = $municipality
        ), beside AS (
            SELECT o.indicator_id, o.period_start, median(o.value) FILTER (o.area_id <> $country) AS peers,
                   count(o.value) FILTER (o.area_id <> $country) AS peers_known,
                   max(o.value) FILTER (o.area_id = $country) AS country
            FROM observation o JOIN own USING (indicator_id, period_start)
            WHERE o.breakdown = '' AND o.area_id IN (SELECT area_id FROM compared UNION SELECT $country)
            GROUP BY o.indicator_id, o.period_start
        )
        SELECT i.indicator_id, i.name, i.unit, i.decimals, own.period_label, own.value, own.lower, own.upper,
               own.status, beside.peers, coalesce(beside.peers_known, 0) AS peers_known, beside.country
        FROM own JOIN indicator i USING (indicator_id) LEFT JOIN beside USING (indicator_id, period_start)
        ORDER BY i.name COLLATE sv
        """,
        {"municipality": municipality_id, "country": COUNTRY},
    )
    lower, upper = (rows[limit] - rows["country"] for limit in ("lower", "upper"))
    told = effect_verdicts(lower, upper, 0.0, rows["value"].notna(), minimum_base=1)
    return rows.assign(verdict=[str(one) for one in told])


def changes(build: Build, municipality_id: str) -> pd.DataFrame:
    """The municipality's newest figure of each measure in per cent beside the one before it.

    Columns: indicator_id, old_label, old_value, change, change_lower, change_upper (percentage points; the limits
    from both figures' published ones, empty where either has none; analysis.weighted.difference) and change_verdict.
    Measures with one figure alone are left out.
    """
    rows = fetch(
        build,
        """
        SELECT o.indicator_id, o.period_label, o.value / 100 AS share, o.lower / 100 AS lower, o.upper / 100 AS upper
        FROM observation o JOIN indicator i USING (indicator_id)
        WHERE o.area_id = $municipality AND o.breakdown = '' AND o.value IS NOT NULL AND i.unit = 'procent'
          AND i.source_id = 'kolada_indicators' AND i.theme = 'Trygghet'
        QUALIFY row_number() OVER (PARTITION BY o.indicator_id ORDER BY o.period_start DESC) <= 2
        ORDER BY o.indicator_id, o.period_start
        """,
        {"municipality": municipality_id},
    )
    places = rows.groupby("indicator_id").cumcount()
    both = rows[places == 0].merge(rows[places == 1], on="indicator_id", suffixes=("_old", ""))
    limits = ["share", "lower", "upper"]
    old = both[[f"{name}_old" for name in limits]].set_axis(limits, axis="columns")
    apart = difference(both[limits], old)
    told = verdicts(apart, apart["lower"].notna().to_numpy())
    return pd.DataFrame(
        {
            "indicator_id": both["indicator_id"],
            "old_label": both["period_label_old"],
            "old_value": both["share_old"] * 100,
            "change": apart["difference"] * 100,
            "change_lower": apart["lower"] * 100,
            "change_upper": apart["upper"] * 100,
            "change_verdict": [str(one) for one in told],
        }
    )
