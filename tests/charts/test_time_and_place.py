"""Words and charts of time and place: what stands out, what does not, and what cannot be said."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from charts import time_and_place as shared
from charts import time_and_place_calendar as calendar
from charts import time_and_place_change as change
from charts import time_and_place_months as closer
from charts import time_and_place_repeats as repeats
from charts import time_and_place_reports as reports
from charts import time_and_place_spots as spots
from charts import time_and_place_week as week
from charts.maps import Ground, View

NORMAL, HIGHER, LOWER, TOO_LITTLE = shared.NORMAL, shared.HIGHER, shared.LOWER, shared.TOO_LITTLE
WHAT = "Klotter i Rimbo"


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\N{MINUS SIGN}", "-")


def pattern(hours: int, told: dict[tuple[int, int], tuple[float, str]], **more: Any) -> Any:
    """A week of blocks with 20 events each, within normal variation, but for those told."""
    rows = [
        {"weekday": day, "hour": hour, "until": hour + hours, "status": "final",
         **dict(zip(("events", "verdict"), told.get((day, hour), (20.0, NORMAL)), strict=True))}
        for day in range(7) for hour in range(0, 24, hours)
    ]  # fmt: skip
    given = {
        "hours": more.pop("cut", hours),
        "events": 840.0,
        "unknown": 0.0,
        "vague": 0.0,
        "reported": False,
        "step": 5,
    }
    return SimpleNamespace(blocks=pd.DataFrame(rows), **{**given, **more})


@pytest.mark.parametrize(
    ("events", "step", "told"),
    [(20, 5, "20–24"), (np.nan, 5, "färre än 5"), (23, 1, "23"), (1230, 5, "1 230–1 234")],
)
def test_a_number_is_told_within_its_step(events: float, step: int, told: str) -> None:
    assert plain(shared.amount(events, step)) == told


def test_hours_that_follow_each_other_are_one_time() -> None:
    more = {(4, 16): (60.0, HIGHER), (4, 20): (70.0, HIGHER), (5, 20): (90.0, HIGHER), (0, 4): (np.nan, "")}
    found = pattern(4, more)
    assert week.finding(found, WHAT) == "Klotter i Rimbo sker mest fredagar kl 16–24 och lördagar kl 20–24"
    told = week.sentence(found)
    assert "▲ är högre än väntat: 3 av 42 tider har mer än slumpen ger" in told
    assert "avrundade nedåt till jämna 5-tal" in plain(told)
    figure = week.figure(found)
    assert list(figure.data[0].z.shape) == [6, 7]
    written = [text for trace in figure.data[1:] for text in trace.text]
    assert "70 ▲" in written
    assert "dold" in written
    assert week.table(found)["Antal händelser"].tolist()[1] == "dolt antal"


@pytest.mark.parametrize(
    ("found", "title", "told"),
    [
        (pattern(24, {}), "Klotter i Rimbo: ingen tid i veckan sticker ut, inom normal variation", "inom normal"),
        (pattern(24, {(1, 0): (5.0, LOWER)}), "Klotter i Rimbo: lägre än väntat tisdagar, ingen tid har fler",
         "▼ är lägre än väntat: 1 av 7 veckodagar har färre"),
        (pattern(24, {}, events=35.0, cut=0), "Klotter i Rimbo över veckan: för litet underlag", "drygt 35"),
        (pattern(24, {(5, 0): (90.0, HIGHER)}, reported=True), "Klotter i Rimbo anmäls mest lördagar",
         "Tiden är när det anmäldes"),
        (pattern(24, {}, vague=0.16, unknown=0.02), "Klotter i Rimbo: ingen tid i veckan sticker ut, inom normal "
         "variation", "För omkring 16 % är tiden känd bara på mer än ett dygn när"),
    ],
    ids=["even", "fewer", "few", "reported", "vague"],
)  # fmt: skip
def test_the_week_in_words(found: Any, title: str, told: str) -> None:
    assert week.finding(found, WHAT) == title
    assert told in plain(week.sentence(found))


def test_weekdays_are_bars() -> None:
    figure = week.figure(pattern(24, {(5, 0): (90.0, HIGHER)}))
    assert figure.data[0].text[5] == "90 ▲"
    assert week.figure(pattern(24, {(1, 0): (5.0, LOWER)})).data[0].text[1] == "5 ▼"


def test_the_darkest_shade_is_kept_for_what_is_more_than_expected() -> None:
    assert week.figure(pattern(4, {(0, 4): (30.0, NORMAL)})).data[0].z.max() == 3
    assert week.figure(pattern(4, {(0, 4): (30.0, HIGHER)})).data[0].z.max() == 4


def season(verdicts: list[str], years: int = 2) -> Any:
    months = ["jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"]
    parts = pd.DataFrame(
        [{"back": back, "year": str(2025 - back), "month": n + 1, "label": label, "period": f"{label} {2025 - back}",
          "events": 20.0, "status": "final"} for back in reversed(range(years)) for n, label in enumerate(months)]
    )  # fmt: skip
    whole = pd.DataFrame({"month": range(1, 13), "label": months, "events": 40.0, "verdict": verdicts})
    return SimpleNamespace(parts=parts, whole=whole, months=1, years=years, step=5)


@pytest.mark.parametrize(
    ("verdicts", "title", "told"),
    [
        ([NORMAL] * 6 + [HIGHER] * 2 + [NORMAL] * 4, "Klotter i Rimbo: mest i juli och augusti",
         "Över de 2 åren är antalet i juli och augusti högre än väntat"),
        ([LOWER] + [NORMAL] * 11, "Klotter i Rimbo: minst i januari", "januari lägre än väntat"),
        ([NORMAL] * 12, "Klotter i Rimbo över året: inom normal variation", "inom normal variation"),
        ([TOO_LITTLE] * 12, "Klotter i Rimbo över året: för litet underlag", "för litet underlag"),
    ],
    ids=["more", "fewer", "even", "few"],
)  # fmt: skip
def test_the_year_in_words(verdicts: list[str], title: str, told: str) -> None:
    found = season(verdicts)
    assert calendar.season_finding(found, WHAT) == title
    assert told in calendar.season_sentence(found)
    assert "Den röda linjen är 2025" in calendar.season_sentence(found)


def test_one_year_is_no_season() -> None:
    assert "Ett enda år säger inte" in calendar.season_sentence(season([NORMAL] * 12, years=1))
    assert len(calendar.season(season([NORMAL] * 12)).data) == 2
    empty = SimpleNamespace(parts=pd.DataFrame(), whole=pd.DataFrame(), months=0, years=2, step=5)
    assert calendar.season_finding(empty, WHAT) == "Klotter i Rimbo över året: för litet underlag"


@pytest.mark.parametrize(
    ("ratios", "told"),
    [([], "Inget nivåskifte syns i de 36 månaderna"),
     ([1.17], "**Möjligt nivåskifte omkring mars 2025 (därefter omkring 15 % fler händelser) – utforskande.**"),
     ([0.99], "(därefter omkring 5 % färre händelser)")],
    ids=["none", "more", "fewer"],
)  # fmt: skip
def test_a_possible_shift_is_no_judgement(ratios: list[float], told: str) -> None:
    shifts = pd.DataFrame({"month": pd.to_datetime(["2025-03-01"] * len(ratios)), "ratio": ratios})
    sentence = plain(calendar.levels_sentence(SimpleNamespace(shifts=shifts, months=36)))
    assert told in sentence
    assert ("är ingen bedömning" in sentence) == bool(ratios)


def test_season_and_trend_are_told_in_words_and_judged_by_neither() -> None:
    starts = pd.date_range("2023-01-01", periods=36, freq="MS")
    rows = pd.DataFrame({"period_start": starts, "trend": np.linspace(22, 55, 36), "rest": [3.0, -5.0] * 18,
                         "season": [-6.0, -3, 0, 0, 0, 0, -17, 5, 3, 13, 5, 0] * 3})  # fmt: skip
    found = SimpleNamespace(months=rows.assign(value=rows[["trend", "season", "rest"]].sum(axis=1)), years=3, step=5)
    told = plain(closer.apart_sentence(found))
    assert "går från omkring 22 till omkring 55 händelser i månaden från januari 2023 till december 2025" in told
    assert "mest i oktober (+13) och minst i juli (-17). En vanlig månad ligger omkring 4 händelser från" in told
    assert "är ingen bedömning" in told
    assert closer.apart_finding(found, WHAT) == "Klotter i Rimbo: årstid och trend var för sig"
    assert len(closer.apart(found).data) == 3
    assert closer.apart_table(found)["Månad"].iloc[-1] == "december 2025"


@pytest.mark.parametrize(
    ("verdicts", "title", "told"),
    [([NORMAL] * 24, ": inom normal variation", "Alla 24 månader som visas ligger i det grå bandet"),
     ([NORMAL] * 22 + [HIGHER, NORMAL], ": högre än väntat i november 2025", "1 av 24 månader ligger utanför"),
     ([TOO_LITTLE] * 24, ": för litet underlag", "går inte att säga: för litet underlag")],
    ids=["calm", "one out", "little"],
)  # fmt: skip
def test_a_part_of_the_whole_is_judged_month_by_month(verdicts: list[str], title: str, told: str) -> None:
    starts = pd.date_range("2024-01-01", periods=24, freq="MS")
    rows = pd.DataFrame({"period_start": starts, "value": 0.06, "expected": 0.062, "lower": 0.03, "upper": 0.1,
                         "verdict": verdicts})  # fmt: skip
    found = SimpleNamespace(months=rows, spread=1.0)
    assert closer.part_finding(found, WHAT) == f"Klotter i Rimbo, som andel av hela kommunen{title}"
    sentence = plain(closer.part_sentence(found, "Rimbo", 5))
    assert sentence.startswith("Rimbo har i genomsnitt 6,2 % av kommunens händelser.")
    assert told in sentence
    assert max(closer.part(found).data[-1].marker.size) == (13 if HIGHER in verdicts else 6)
    assert closer.part_table(found)["Andel av kommunens (%)"].iloc[0] == 6.0


def test_the_calendar_shows_what_stands_out_and_what_is_hidden() -> None:
    rows = pd.DataFrame({
        "year": [2024] * 52, "week": range(1, 53), "monday": pd.date_range("2024-01-01", periods=52, freq="W-MON"),
        "events": [np.nan] * 10 + [10.0] * 41 + [40.0], "status": "final",
        "verdict": [""] * 10 + [NORMAL] * 41 + [HIGHER],
    })  # fmt: skip
    found = SimpleNamespace(weeks=rows, hidden=10 / 52, step=5)
    assert calendar.weeks_finding(found, WHAT) == "Klotter i Rimbo: flest vecka 52 2024"
    told = plain(calendar.weeks_sentence(found))
    assert "En vecka av 52 är högre än väntat" in told
    assert "från 10–14 till 40–44, flest veckan från 23 december 2024" in told
    assert "Grå veckor (19 %) är dolda" in told
    levels = calendar.weeks(found).data[0].z[0]
    assert (levels[0], levels[10], levels[51]) == (-1, 0, 4)
    assert calendar.weeks_table(found)["Antal händelser"].iloc[0] == "dolt antal"


def places(new: int = 1) -> Any:
    square = {"x": 700_375.0, "y": 6_662_875.0, "lat": 60.05, "lon": 18.6, "area": "Hallstavik tätort B3030",
              "district": "Hallstavik", "events": 15.0, "status": "final", "quarters": 4}  # fmt: skip
    squares = pd.DataFrame([square | {"kind": "varaktig", "area": "Rimbo tätort B2010", "district": "Rimbo"},
                            square | {"kind": "", "events": 10.0, "area": "Rimbo tätort B2010", "district": "Rimbo"},
                            square | {"kind": "ny"}])  # fmt: skip
    fresh = pd.DataFrame([square | {"kind": "ny", "recent": 10.0}] * new, columns=[*square, "kind", "recent"])
    return SimpleNamespace(
        squares=squares, spots=fresh, missing=0.03, size=250.0, step=5, recent_from=pd.Timestamp(2025, 5, 26)
    )


def test_new_places_come_first_in_words_and_map() -> None:
    found = places()
    assert spots.finding(found, WHAT) == "Klotter i Rimbo: fler än väntat på sistone vid Hallstavik tätort (B3030)"
    lines = [plain(line) for line in spots.listed(found, "2023–2025")]
    assert lines == [
        "**Ny: området vid Hallstavik tätort (B3030)**: 15–19 händelser 2023–2025, varav 10–14 sedan 26 maj 2025; "
        "i 4 av de 5 senaste kvartalen.",
        "Rimbo tätort (B2010), varaktig: drygt 25 händelser i 2 rutor, i 4 av de 5 senaste kvartalen.",
    ]
    assert "högre än väntat" in spots.sentence(found)
    assert "Omkring 3 % av händelserna har ingen punkt" in plain(spots.sentence(found))
    assert spots.table(found)["Slag"].tolist() == ["ny, högre än väntat", "varaktig", "", "ny, högre än väntat"]


def test_no_new_place_is_said_so() -> None:
    found = places(0)
    assert spots.finding(found, WHAT).endswith("ingen plats har fått fler än väntat på sistone, inom normal variation")
    assert "inom normal variation" in spots.sentence(found)
    assert "på 2 platser" in spots.finding(places(2), WHAT)


GEOJSON = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "id": "d", "properties": {"area_id": "d"}, "geometry": {
        "type": "Polygon", "coordinates": [[[18, 59], [19, 59], [19, 60.2], [18, 60.2], [18, 59]]]}}]}  # fmt: skip


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_the_map_asks_nobody_for_anything(dark: bool) -> None:
    names = pd.DataFrame({"name": ["Rimbo"], "lat": [59.7], "lon": [18.3]})
    figure = spots.screen_map(places(), GEOJSON, ["d"], names, View(59.7, 18.5, 8), Ground(dark=dark))
    look = figure.layout.map.style
    assert "glyphs" not in look
    assert set(look["sources"]) == {"labels"}
    assert [trace.name for trace in figure.data if trace.showlegend is not False and trace.name] == [
        "10–19 händelser", "ring: nytt, fler än väntat på sistone",
    ]  # fmt: skip
    printed = spots.print_map(places(), GEOJSON, names)
    assert {trace.type for trace in printed.data} == {"scatter"}
    assert [trace.name for trace in printed.data if trace.showlegend] == [
        "10–19 händelser",
        "ring: nytt, fler än väntat på sistone",
    ]
    assert printed.layout.yaxis.range is None
    assert spots.print_map(places(), GEOJSON, names, GEOJSON["features"]).layout.yaxis.range[1] > 60.2


def gathered(verdict: str) -> Any:
    curve = pd.DataFrame({"places": [0, 0.04, 1], "events": [0, 0.5, 1]})
    found = SimpleNamespace(half_on=0.04, gini=0.72, curve=curve, events=200.0)
    return SimpleNamespace(found=found, expected=0.3, lower=0.28, upper=0.33, verdict=verdict)


@pytest.mark.parametrize(
    ("verdict", "told"),
    [(LOWER, "färre platser än slumpen ger"), (NORMAL, "så ojämnt kan det bli"), (HIGHER, "jämnare fördelade")],
)
def test_half_of_the_events_on_few_places(verdict: str, told: str) -> None:
    found = gathered(verdict)
    assert plain(spots.curve_finding(found, WHAT)) == "Klotter i Rimbo: hälften av händelserna på 4 % av platserna"
    sentence = plain(spots.curve_sentence(found, "square", 0.1))
    assert "28 % till 33 %" in sentence
    assert verdict in sentence
    assert told in sentence
    assert "Omkring 10 % av händelserna har ingen så noggrann plats" in sentence
    assert "Ginikoefficienten är 0,72" in sentence
    assert len(spots.curve(found).data) == 3
    assert spots.curve_table(found).iloc[1].tolist() == [4.0, 50.0]


def bands(*verdicts: str) -> Any:
    ends = [(-1, 1.0), (1, 100.0), (100, 250.0)]
    rows = pd.DataFrame([
        {"lower_distance": low, "distance": high, "lower_days": -1, "days": 7, "pairs": 20.0, "expected": 8.0,
         "ratio": np.nan if told == TOO_LITTLE else 2.5, "p": 0.01, "verdict": told, "status": "final"}
        for (low, high), told in zip(ends, verdicts, strict=True)
    ])  # fmt: skip
    return SimpleNamespace(bands=rows, events=480.0, step=5)


@pytest.mark.parametrize(
    ("verdicts", "title", "told"),
    [
        ((TOO_LITTLE, HIGHER, NORMAL),
         "Klotter i Rimbo: par inom 100 m och inom 7 dagar är 2,5 gånger så många som väntat",
         "inom 100 m och inom 7 dagar (2,5 gånger)"),
        ((TOO_LITTLE, NORMAL, NORMAL),
         "Klotter i Rimbo: inte fler än väntat nära i både tid och rum, inom normal variation",
         "Antalet par är inom normal variation"),
        ((TOO_LITTLE,) * 3, "Klotter i Rimbo: om en händelse följs av fler går inte att säga, för litet underlag",
         "för litet underlag"),
    ],
    ids=["more", "even", "few"],
)  # fmt: skip
def test_what_comes_again_in_words(verdicts: tuple[str, ...], title: str, told: str) -> None:
    found = bands(*verdicts)
    assert repeats.finding(found, WHAT) == title
    assert told in repeats.sentence(found)
    assert repeats.table(found)["Avstånd"].tolist() == ["samma plats", "inom 100 m", "100–250 m"]
    assert repeats.figure(found).data[0].z.shape == (3, 1)


def changed(verdict: str, percent: float, *, control: bool = True, weighted: Any = None) -> Any:
    return SimpleNamespace(
        before_label="2024", after_label="2025", months=12, before=240.0, after=120.0, control_before=230.0,
        control_after=235.0, percent=percent, lower=percent - 10, upper=percent + 15, verdict=verdict,
        weighted=weighted, has_control=control, step=5, percent_step=5,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "title", "told"),
    [
        (changed(LOWER, -50, weighted=SimpleNamespace(difference=-120.0, lower=-160.0, upper=-80.0, verdict=LOWER)),
         "Klotter i Rimbo 2025 mot 2024: 50 % färre än i resten av kommunen, lägre än väntat",
         "I antal (WDD): -120 händelser mot vad resten av kommunen ger att vänta, mellan -160 och -80."),
        (changed(HIGHER, 40, control=False), "Klotter i Rimbo 2025 mot 2024: 40 % fler, högre än väntat",
         "Utan jämförelse kan allt annat ha påverkat"),
        (changed(LOWER, 0), "Klotter i Rimbo 2025 mot 2024: något färre än i resten av kommunen, lägre än väntat",
         "är det 0 %, med 95 % säkerhet mellan -10 % och +15 %: lägre än väntat"),
        (changed(NORMAL, -5), "Klotter i Rimbo 2025 mot 2024: inom normal variation", "skillnaden kan vara slump"),
        (changed(TOO_LITTLE, np.nan), "Klotter i Rimbo 2025 mot 2024: för litet underlag", "för litet underlag"),
    ],
    ids=["fewer", "alone", "hardly", "even", "few"],
)  # fmt: skip
def test_before_and_after_in_words(found: Any, title: str, told: str) -> None:
    assert plain(change.finding(found, WHAT)) == title
    assert told in plain(change.sentence(found, "resten av kommunen"))
    assert (change.figure(found) is None) == (found.verdict == TOO_LITTLE)
    assert len(change.table(found, "Rimbo", "resten")) == (2 if found.has_control else 1)


def test_a_hidden_number_is_not_called_few() -> None:
    found = changed(TOO_LITTLE, np.nan, control=False)
    found.before = np.nan  # a large number too is hidden where it would tell of a small one
    assert change.finding(found, WHAT) == "Klotter i Rimbo 2025 mot 2024: går inte att bedöma"
    assert plain(change.sentence(found, "resten")).startswith(
        "Dolt antal händelser 2024 och 120–124 2025. När ett antal är dolt går förändringen inte att bedöma."
    )
    assert change.table(found, "Rimbo", "resten")["Antal 2024"].tolist() == ["dolt antal"]


@pytest.mark.parametrize(
    ("verdict", "rate", "told"),
    [(NORMAL, 1.0, "förklaras av hur många som rapporterar"), (HIGHER, 1.4, "varje rapportör rapporterar mer"),
     (LOWER, 0.7, "rapporterar mindre"), (TOO_LITTLE, np.nan, "för litet underlag")],
)  # fmt: skip
def test_reports_in_words(verdict: str, rate: float, told: str) -> None:
    quarters = pd.DataFrame({
        "label": ["2025 kv 3", "2025 kv 4"], "period_start": pd.to_datetime(["2025-07-01", "2025-10-01"]),
        "events": [np.nan, 40.0], "status": ["suppressed", "final"], "reporter_weeks": [2.0, 20.0],
        "rate": [np.nan, 2.0], "lower": [np.nan, 1.5], "upper": [np.nan, 2.6],
    })  # fmt: skip
    found = SimpleNamespace(
        quarters=quarters, reports=1.5, reporters=1.4, rate=rate, lower=rate - 0.1, upper=rate + 0.1, verdict=verdict,
        label="2025", before_label="2024", step=5,
    )  # fmt: skip
    assert reports.finding(found, WHAT) == f"Klotter i Rimbo per rapportör 2025 mot 2024: {verdict}"
    assert told in reports.sentence(found)
    assert reports.table(found)["Antal rapporter"].tolist() == ["dolt antal", "40–44"]
    assert len(reports.figure(found).data) == 2
