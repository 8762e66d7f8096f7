"""The figures that the example's work rests on: numbers of the example's own build, and charts of them frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.intervals import count_interval
from analysis.planned import Answer, dispersion, of_counts, of_shares
from analysis.weighted import weighted_share
from store.warehouse import Build, fetch

_MARK = "Exempeldata"


@dataclass(frozen=True)
class Counted:
    """Events of a source and category in a place: by year (those that there are any in), and by month for how much they
    vary."""

    measured: dict[str, str]
    title: str
    place: str
    years: dict[int, int]
    months: pd.DataFrame

    def interval(self, year: int) -> tuple[float, float]:
        """The limits of a year's number (analysis.intervals)."""
        found = count_interval(self.years[year])
        return float(found.lower), float(found.upper)


def source_of(build: Build, title: str) -> dict[str, str] | None:
    """The source with this title: source_id, citation and the day of its newest delivery; None when it is not there."""
    rows = fetch(
        build,
        """
        SELECT s.source_id, s.citation, strftime(max(d.received_at), '%Y-%m-%d') AS delivered
        FROM source s JOIN delivery d USING (source_id) WHERE s.title = $title GROUP BY ALL
        """,
        {"title": title},
    )
    return {str(name): str(rows[name].iloc[0]) for name in rows} if len(rows) else None


def events(build: Build, source: Mapping[str, str], title: str, category: str, area: tuple[str, str]) -> Counted:
    """The events of a category (empty: all) in an area (id and name)."""
    months = fetch(
        build,
        """
        SELECT date_trunc('month', coalesce(occurred_from, reported)) AS period_start, sum(events)::DOUBLE AS count
        FROM event JOIN area_within USING (area_id)
        WHERE source_id = $source AND within_id = $area AND ($category = '' OR category = $category)
        GROUP BY 1 ORDER BY 1
        """,
        {"source": source["source_id"], "area": area[0], "category": category},
    )
    days = months["period_start"]
    every = pd.date_range(days.min(), days.max(), freq="MS") if len(days) else days
    whole = months.set_index("period_start").reindex(every, fill_value=0).rename_axis("period_start").reset_index()
    label = category or "Alla händelser"
    measured = {"kind": "events", "area_id": area[0], "label": label, "source_id": source["source_id"]}
    years = whole.groupby(whole["period_start"].dt.year)["count"].sum()
    return Counted(
        {**measured, **({"category": category} if category else {})}, title, area[1],
        {int(str(year)): int(number) for year, number in years.items()}, whole,
    )  # fmt: skip


def can_be_found(before: Counted, year: int, target: float, others: Counted | None) -> Answer:
    """Whether the goal's evaluation can find the effect, asked of what was known at the end of ``year``."""
    past = before.months[before.months["period_start"].dt.year <= year]
    varies = dispersion(past, 12)
    control = others.years[year] - before.years[year] if others else None
    count = before.years[year]
    return of_counts(
        count, count, target, fall=target < count, varies=1.0 if pd.isna(varies) else varies, control=control
    )


@dataclass(frozen=True)
class Asked:
    """A survey's answers to one question in a place, wave by wave: share (per cent), limits and effective answers."""

    measured: dict[str, str]
    place: str
    waves: pd.DataFrame

    def can_be_found(self, target: float) -> Answer:
        """Whether the goal's evaluation can find the effect."""
        newest = self.waves.iloc[-1]
        share = float(newest["share"])
        return of_shares(share, target, float(newest["effective"]), fall=target < share)


def answers(build: Build, source: Mapping[str, str], question: str, area: tuple[str, str]) -> Asked | None:
    """The share that gives an answer above the middle of the question's scale; None without the question."""
    asked = fetch(
        build,
        "SELECT question_id, scale FROM survey_question WHERE source_id = $source AND text = $question",
        {"source": source["source_id"], "question": question},
    )
    if asked.empty:
        return None
    scale = str(asked["scale"].iloc[0]).split("\n")
    upper = scale[len(scale) - len(scale) // 2 :]
    rows = fetch(
        build,
        """
        SELECT wave, sum(weight) AS weight, sum(weight * weight) AS squares,
               coalesce(sum(weight) FILTER (list_contains($upper, answer)), 0) AS part
        FROM survey_answer JOIN area_within USING (area_id)
        WHERE source_id = $source AND question_id = $question AND within_id = $area
          AND list_contains($scale, answer)
        GROUP BY wave ORDER BY wave
        """,
        {"source": source["source_id"], "question": asked["question_id"].iloc[0], "area": area[0], "upper": upper,
         "scale": scale},
    )  # fmt: skip
    shares = weighted_share(rows["part"], rows["weight"], rows["squares"])
    shares[["share", "lower", "upper"]] *= 100
    choice = " eller ".join(upper)
    measured = {
        "kind": "survey", "area_id": area[0], "label": f"{question}: {choice}", "source_id": source["source_id"],
        "question_id": str(asked["question_id"].iloc[0]), "choice": choice,
    }  # fmt: skip
    return Asked(measured, area[1], shares.assign(wave=rows["wave"]))


def frozen(
    build: Build, source: Mapping[str, str], words: tuple[str, str, str], place: str,
    rows: Sequence[tuple[str, float]], *, measured: Mapping[str, str], at: str, page: str,
) -> dict[str, Any]:  # fmt: skip
    """A column chart kept with its figures, in the shape of ``ui.freezing.freeze``. ``words``: finding, sentence, unit;
    ``rows``: period and figure; ``at``: when it was taken (ISO 8601, UTC)."""
    finding, sentence, unit = words
    periods, values = [period for period, _ in rows], [float(value) for _, value in rows]
    return {
        "id": "exempel",
        "finding": finding,
        "sentence": sentence,
        "unit": unit,
        "place": place,
        "period": f"{periods[0]}–{periods[-1]}" if len(periods) > 1 else periods[0],
        "filters": [],
        "sources": [{"citation": source["citation"], "delivered": source["delivered"]}],
        "alt": f"Staplar. {sentence}",
        "mark": _MARK,
        "table": {
            "columns": ["Period", f"Värde ({unit})"],
            "types": ["str", "float64"],
            "rows": [list(one) for one in zip(periods, values, strict=True)],
        },
        "figure": _columns(periods, values),
        "build": build.id,
        "frozen_at": at,
        "page": page,
        "measured": dict(measured),
        "series": None,
    }


def _columns(periods: list[str], values: list[float]) -> dict[str, Any]:
    bars = {
        "type": "bar", "x": periods, "y": values, "texttemplate": "%{y:,.0f}", "textposition": "outside",
        "cliponaxis": False, "marker": {"color": "#7C8797"}, "hoverinfo": "skip",
    }  # fmt: skip
    return {
        "data": [bars],
        "layout": {
            "height": 280, "separators": ",\u00a0", "margin": {"l": 40, "r": 8, "t": 24, "b": 30},
            "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "dragmode": False,
            "xaxis": {"type": "category", "fixedrange": True},
            "yaxis": {"rangemode": "tozero", "fixedrange": True, "gridcolor": "rgba(124, 135, 151, 0.25)"},
        },
    }  # fmt: skip
