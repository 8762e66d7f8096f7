"""SCB's statistics for DeSO, RegSO and municipalities: open figures, any Excel export, and PxWeb's json-stat2."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipelines.fetching import FetchError, Limit
from pipelines.reading import csv_records, has_header, head_text, swedish_number, text_file
from pipelines.scb_cube import Cube, areas_of, is_code, is_period, merged, observations
from pipelines.scb_excel import looks_like_export, read_export
from pipelines.scb_jsonstat import read_jsonstat
from pipelines.scb_profile import profile
from pipelines.source import Fetched, Indicator, Layout, Parsed, Peek, Refusal, SeriesBreak, Source
from store.schema import FIRST_YEAR_OF_2025

if TYPE_CHECKING:
    from pipelines.fetching import Client
    from pipelines.municipalities import Municipality

SOURCE_ID = "scb_deso_statistics"

_FIGURES = ("area", "indicator", "year", "value", "unit")
_TABLES_2018 = ("table", "title", "contents", "breakdown", "deso", "year", "value")
_SHARES = ("deso", "indicator", "year", "value", "count", "base")
_SHARES_SWEDEN = ("indicator", "year", "areas", "mean", "std", "p5", "p10", "p25", "p50", "p75", "p90", "p95")

#: The declared indicators: key in the open figures, what their base is, and the columns of Indicator.
_DECLARED = Path(__file__).with_suffix(".csv")

_INCOME = {
    "wage": "lön", "business_income": "näringsinkomst", "capital_income": "kapitalinkomst", "pensions": "pension",
    "sickness_activity_compensation": "sjuk- och aktivitetsersättning", "parental_allowance": "föräldrapenning",
    "labour_market_assistance": "arbetsmarknadsstöd",
    "other_taxable_transfers": "övriga skattepliktiga transfereringar",
    "child_allowance": "barnbidrag", "study_grants_and_loans": "studiemedel", "housing_allowance": "bostadsbidrag",
    "social_assistance": "ekonomiskt bistånd", "other_taxfree_transfers": "övriga skattefria transfereringar",
}  # fmt: skip
_TENURE = {
    "rented": "hyresrätt", "tenant_owned": "bostadsrätt", "owner_occupied": "äganderätt",
    "data_missing": "uppgift saknas",
}  # fmt: skip
_INDUSTRY = {
    "A": "jordbruk, skogsbruk och fiske", "B+C": "tillverkning och utvinning", "D+E": "energi och miljö",
    "F": "byggverksamhet", "G": "handel", "H": "transport och magasinering", "I": "hotell och restaurang",
    "J": "information och kommunikation", "K": "finans och försäkring", "L": "fastighetsverksamhet",
    "M+N": "företagstjänster", "O": "offentlig förvaltning och försvar", "P": "utbildning",
    "Q": "vård och omsorg, sociala tjänster", "R+S+T+U": "personliga och kulturella tjänster med mera",
}  # fmt: skip
_BORN = {"all": "", "born_in_sweden": "Sverige", "foreign_born": "utrikes född"}
#: Groups of keys in the open figures: prefix, indicator's key, dimension, and the Swedish word for what follows.
_GROUPS: tuple[tuple[str, str, str, Mapping[str, str]], ...] = (
    ("income_component_", "income_component", "inkomstslag", _INCOME),
    ("employed_SNI_", "employed_by_industry", "näringsgren", _INDUSTRY),
    ("self_sufficient_20_64_", "self_sufficient_20_64", "födelseregion", _BORN),
)
_MEASURES = {"mean": "medel", "std": "std"} | {f"p{level}": f"p{level}" for level in (5, 10, 25, 50, 75, 90, 95)}
_HOST = "statistikdatabasen.scb.se"
_API = f"https://{_HOST}/api/v2"
_CELLS_A_CALL = 150_000
#: Keeps the address of a question to a few thousand characters.
_REGIONS_A_CALL = 100
#: Tables that are fetched, and the variables to divide by beside those that must be chosen; other variables are totals.
_FETCHED: dict[str, tuple[str, ...]] = {
    "TAB6574": ("Alder", "Kon"),  # population by age and sex
    "TAB6571": ("UtlBakgrund",),  # Swedish and foreign background
    "TAB6586": (),  # SCB's socio-economic index
    "TAB6685": (),  # low and high economic standard
    "TAB6534": ("UtbildningsNiva",),  # education, 25-65
    "TAB6680": (),  # labour market status, yearly register
    "TAB6638": ("Upplatelseform",),  # dwellings by tenure
}
#: Contents of SCB's tables that are declared indicators: table and contents code, and the indicator's key.
_KNOWN = {
    ("TAB6574", "000007Y7"): "population",
    ("TAB6586", "000008IT"): "socioeconomic_index",
    ("TAB6685", "000008AC"): "low_economic_standard",
}
_SEX = {"men": "män", "women": "kvinnor"}


@cache
def _declared() -> dict[str, tuple[Indicator, str]]:
    """The declared indicators by key, each with what its base is (population, dwellings or nothing known)."""
    with _DECLARED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return {
        row["key"]: (
            Indicator(
                id=row["id"],
                name=row["name"],
                unit=row["unit"],
                theme=row["theme"],
                description=row["description"],
                polarity=row["polarity"],
                aggregation=row["aggregation"],
                decimals=int(row["decimals"]),
                caveats=tuple(filter(None, [row["caveats"]])),
            ),
            row["base"],
        )
        for row in rows
    }


def _key_and_breakdown(name: str, unit: str) -> tuple[str, str] | None:
    """A name in the open figures as an indicator's key and breakdown; None when it is unknown."""
    if name.startswith("age_") and name.count("_") == 2:
        _, sex, ages = name.split("_")
        return ("population", f"kön={_SEX[sex]}|ålder={ages} år") if sex in _SEX else None
    if name.removeprefix("dwellings_") in _TENURE:
        return "dwellings", f"upplåtelseform={_TENURE[name.removeprefix('dwellings_')]}"
    for prefix, key, dimension, words in _GROUPS:
        if name.startswith(prefix) and name.removeprefix(prefix) in words:
            word = words[name.removeprefix(prefix)]
            return key, f"{dimension}={word}" if word else ""
    key = f"{name}_monthly" if "monthly series" in unit else name
    return (key, "") if key in _declared() else None


def _starts_with(columns: tuple[str, ...]) -> Callable[[Peek], bool]:
    return lambda peek: has_header(peek.head, columns)


def _parse_figures(path: Path) -> Parsed:
    """The project's own figures by area and year: one file per level."""
    records = csv_records(path, text_file(path), _FIGURES)
    kept, refusals, seen = [], [], set()
    for number, record in records:
        value = swedish_number(record["value"])
        found = _key_and_breakdown(record["indicator"], record["unit"])
        fault = _fault(record["area"], record["year"], value) or ("" if found else "indicator")
        if fault or found is None:
            refusals.append(_refusal(number, fault, record[fault]))
            continue
        key, breakdown = found
        if (record["area"], record["year"], found) in seen:
            refusals.append(_refusal(number, "repeated", record["indicator"]))
            continue
        seen.add((record["area"], record["year"], found))
        kept.append((record["area"], record["year"], key, breakdown, value, record["unit"]))
    cells = pd.DataFrame(kept, columns=["area_id", "period", "key", "breakdown", "value", "unit"])
    cells["indicator_id"] = cells["key"].map({key: indicator.id for key, (indicator, _) in _declared().items()})
    preliminary = cells["unit"].str.contains("monthly series") | cells["key"].eq("population_projection")
    cells["status"] = pd.Series("final", index=cells.index).mask(preliminary, "preliminary")
    cells["base"] = _bases(cells)
    tables = {"observation": observations(cells.assign(text=None)), "area": areas_of(cells["area_id"].unique())}
    return Parsed(tables, len(records), len(kept), tuple(refusals))


def _bases(cells: pd.DataFrame) -> pd.Series[float]:
    """What each share is a share of, where the file says: inhabitants or dwellings of the same area and year."""
    place = ["area_id", "period"]
    dwellings = cells[cells["key"].eq("dwellings")].groupby(place)["value"].sum()
    populations = _populations(cells)
    kind = cells["key"].map({key: base for key, (_, base) in _declared().items()})
    index = pd.MultiIndex.from_frame(cells[place])
    population = pd.Series([populations.get(key, math.nan) for key in index], dtype=float)
    found = np.where(kind.eq("population"), population, math.nan)
    return pd.Series(np.where(kind.eq("dwellings"), dwellings.reindex(index), found), index=cells.index)


def _populations(cells: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Inhabitants by area and year, also of the years before: last year's follow from this year's and the growth."""
    whole = cells[cells["breakdown"].eq("") & cells["key"].isin(["population", "population_growth"])]
    known: dict[tuple[str, str], float] = {}
    for area, period, key, value in _newest_first(whole):
        if key == "population":
            known[area, period] = value
        elif (area, period) in known:
            known.setdefault((area, str(int(period) - 1)), float(round(known[area, period] / (1 + value / 100))))
    return known


def _newest_first(figures: pd.DataFrame) -> Iterator[tuple[str, str, str, float]]:
    """Area, period, key and value; a year's population goes before its growth."""
    ordered = figures.sort_values(["period", "key"], ascending=[False, True])
    columns = [ordered[name].tolist() for name in ("area_id", "period", "key", "value")]
    return zip(*columns, strict=True)


def _parse_tables_2018(path: Path) -> Parsed:
    """SCB's tables for DeSO of the 2018 division, as the project keeps them; the same indicators as an Excel export."""
    records = csv_records(path, text_file(path), _TABLES_2018)
    kept, refusals = [], []
    for number, record in records:
        value = swedish_number(record["value"])
        fault = _fault(record["deso"], record["year"], value).replace("area", "deso")
        if fault:
            refusals.append(_refusal(number, fault, record[fault]))
            continue
        kept.append({**record, "value": value})
    cells = pd.DataFrame(kept, columns=list(_TABLES_2018)).rename(columns={"deso": "area_id", "year": "period"})
    cubes = [
        Cube(str(table), str(rows["title"].iloc[0]), rows.assign(division=2018, text=None))
        for table, rows in cells.groupby("table")
    ]
    return Parsed(merged([_with_profile(cube) for cube in cubes]), len(records), len(kept), tuple(refusals))


def _parse_shares(path: Path) -> Parsed:
    """Thirteen shares per DeSO of the 2018 division, with the counts that they are made of."""
    records = csv_records(path, text_file(path), _SHARES)
    kept, refusals, seen = [], [], set()
    for number, record in records:
        value = swedish_number(record["value"])
        fault = _fault(record["deso"], record["year"], value).replace("area", "deso")
        if not fault and record["indicator"] not in _declared():
            fault = "indicator"
        if fault:
            refusals.append(_refusal(number, fault, record[fault]))
            continue
        count, base = swedish_number(record["count"]), swedish_number(record["base"])
        if count is not None and base and abs(100 * count / base - (value or 0)) > 0.01:
            refusals.append(_refusal(number, "count", record["count"]))
            continue
        if (record["deso"], record["year"], record["indicator"]) in seen:
            refusals.append(_refusal(number, "repeated", record["indicator"]))
            continue
        seen.add((record["deso"], record["year"], record["indicator"]))
        kept.append((record["deso"], record["year"], _declared()[record["indicator"]][0].id, value, count, base))
    columns = ["area_id", "period", "indicator_id", "value", "count", "base"]
    cells = pd.DataFrame(kept, columns=columns).assign(breakdown="", text=None, status="derived")
    tables = {"observation": observations(cells), "area": areas_of(cells["area_id"].unique())}
    return Parsed(tables, len(records), len(kept), tuple(refusals))


def _parse_shares_sweden(path: Path) -> Parsed:
    """How the thirteen shares are distributed over Sweden's DeSO: observations of the country, by measure."""
    records = csv_records(path, text_file(path), _SHARES_SWEDEN)
    rows, refusals = [], []
    for number, record in records:
        numbers = {name: swedish_number(record[name]) for name in (*_MEASURES, "areas")}
        faulty = next((name for name, value in numbers.items() if value is None), "")
        if record["indicator"] not in _declared() or not is_period(record["year"]):
            faulty = "indicator" if record["indicator"] not in _declared() else "year"
        if faulty:
            refusals.append(_refusal(number, faulty, record[faulty]))
            continue
        indicator, _ = _declared()[record["indicator"]]
        rows += [
            ("00", record["year"], indicator.id, f"mått={word}", numbers[name], numbers["areas"])
            for name, word in _MEASURES.items()
        ]
    columns = ["area_id", "period", "indicator_id", "breakdown", "value", "base"]
    cells = pd.DataFrame(rows, columns=columns).assign(text=None, status="derived")
    return Parsed({"observation": observations(cells)}, len(records), len(records) - len(refusals), tuple(refusals))


def _fault(area: str, year: str, value: float | None) -> str:
    """The name of the column that is wrong; empty when none is."""
    if not is_code(area):
        return "area"
    if not is_period(year):
        return "year"
    return "value" if value is None else ""


def _refusal(row: int, column: str, value: str) -> Refusal:
    reasons = {
        "area": "Områdeskoden känns inte igen.",
        "deso": "DeSO-koden känns inte igen.",
        "year": "Året är inte ett årtal.",
        "value": "Värdet är inte ett tal.",
        "indicator": "Måttet känns inte igen.",
        "repeated": "Samma område, år och mått finns redan längre upp i filen.",
        "count": "Antalet stämmer inte med andelen (mer än 0,01 procentenheter fel).",
    }
    return Refusal(
        reasons.get(column, reasons["value"]),
        "Rätta cellen i filen och lämna in den igen.",
        row=row,
        column="indicator" if column == "repeated" else column,
        value=value,
    )


def _is_excel(peek: Peek) -> bool:
    return peek.head.startswith(b"PK") and looks_like_export(peek.path)


def _parse_excel(path: Path) -> Parsed:
    cube, read, refusals = read_export(path)
    return Parsed(_with_profile(cube), read, read - len(refusals), tuple(refusals))


def _with_profile(cube: Cube) -> dict[str, pd.DataFrame]:
    """A cube's tables, with the shares of the socio-economic profile that follow from its counts."""
    tables = cube.tables(SOURCE_ID)
    return merged([tables, {"observation": profile(cube.table, tables["observation"])}])


def _is_jsonstat(peek: Peek) -> bool:
    text = head_text(peek.head)
    return bool(re.match(r"\s*\{", text) and re.search(r'"class"\s*:\s*"dataset"', text) and '"Region"' in text)


def _parse_jsonstat(path: Path) -> Parsed:
    known = {place: _declared()[key][0].id for place, key in _KNOWN.items()}
    cube, read, refusals = read_jsonstat(path, known)
    return Parsed(cube.tables(SOURCE_ID), read, len(cube.cells), tuple(refusals))


def _fetch(client: Client, municipality: Municipality) -> Iterator[Fetched]:
    """The newest figures of each table for the municipality and its DeSO and RegSO of the 2025 division."""
    client.limit(_HOST, Limit(30, 10))
    for table, divided_by in _FETCHED.items():
        about = client.get_json(f"{_API}/tables/{table}/metadata", params={"lang": "sv", "outputFormat": "json-stat2"})
        for number, selection in enumerate(_selections(about, municipality.code, divided_by), 1):
            params = {f"valueCodes[{name}]": ",".join(codes) for name, codes in selection.items()}
            response = client.get(
                f"{_API}/tables/{table}/data",
                params={"lang": "sv", "outputFormat": "json-stat2", **params},
                headers={"Accept": "application/json"},
            )
            yield Fetched(f"{table}_{municipality.code}_{number}.json", response.content)


def _selections(about: Any, municipality: str, divided_by: tuple[str, ...]) -> Iterator[dict[str, list[str]]]:
    """What to ask a table for, at most 150 000 cells at a time. Raises FetchError when its description has changed."""
    try:
        categories = {name: list(about["dimension"][name]["category"]["index"]) for name in about["id"]}
        optional = {n for n in about["id"] if (about["dimension"][n].get("extension") or {}).get("elimination")}
        regions = categories.pop("Region")
        del categories["Tid"]
    except (KeyError, TypeError, AttributeError) as error:
        raise FetchError(f"{_HOST} beskriver tabellen på ett nytt sätt ({error} saknas). Inget har ändrats.") from error
    fixed = {name: codes for name, codes in categories.items() if name in divided_by or name not in optional}
    own = [code for code in regions if code.startswith(municipality)]
    if not own or not all(fixed.values()):
        what = f"kommun {municipality}" if not own else next(name for name, codes in fixed.items() if not codes)
        raise FetchError(f"{_HOST} har inget för {what} i en av tabellerna. Kontrollera om källan har ändrats.")
    in_force = [code for code in own if code == municipality or code.endswith("2025")]
    chosen = in_force if len(in_force) > 1 else own
    at_a_time = min(_REGIONS_A_CALL, max(1, _CELLS_A_CALL // math.prod(len(codes) for codes in fixed.values())))
    for start in range(0, len(chosen), at_a_time):
        yield {"Region": chosen[start : start + at_a_time], **fixed, "Tid": ["top(1)"]}


def _check(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    area, observation = tables["area"], tables["observation"]
    new = area.loc[area["valid_from"].fillna(0) >= FIRST_YEAR_OF_2025, "area_id"]
    early = observation[observation["area_id"].isin(new) & observation["value"].eq(0)]
    early = early[pd.to_datetime(early["period_end"]).dt.year < FIRST_YEAR_OF_2025]
    faults = [
        f"{row.area_id} finns först från {FIRST_YEAR_OF_2025} men har 0 för {row.period_label} ({row.indicator_id})."
        for row in early.head(5).itertuples()
    ]
    # Only what is declared is known to be a share: a table's own percentages may be changes.
    shares = {indicator.id for indicator, _ in _declared().values() if indicator.unit == "procent"}
    beyond = observation[observation["indicator_id"].isin(shares - {"scb_population_growth"})]
    beyond = beyond[(beyond["value"] < 0) | (beyond["value"] > 100)]
    return faults + [
        f"{row.indicator_id} är {row.value:g} procent i {row.area_id} {row.period_label}."
        for row in beyond.head(5).itertuples()
    ]


SOURCE = Source(
    id=SOURCE_ID,
    title="Statistik för DeSO, RegSO och kommun",
    producer="Statistiska centralbyrån (SCB)",
    citation="SCB, Statistikdatabasen",
    licence="CC0",
    url="https://www.statistikdatabasen.scb.se/",
    rhythm="Årligen: befolkning i februari–mars, inkomster i januari, arbetsmarknad under hösten.",
    update_days=365,
    levels=("country", "municipality", "regso", "deso"),
    speaks_of="Befolkning, hushåll, utbildning, inkomster, arbete och boende i små områden.",
    layouts=(
        Layout("figures", "Projektets uppgifter per område och år (CSV)", _starts_with(_FIGURES), _parse_figures),
        Layout(
            "tables_2018", "Projektets tabeller för DeSO 2018 (CSV)", _starts_with(_TABLES_2018), _parse_tables_2018
        ),
        Layout("shares_2018", "Projektets 13 andelar per DeSO 2018 (CSV)", _starts_with(_SHARES), _parse_shares),
        Layout(
            "shares_2018_sweden",
            "De 13 andelarnas fördelning över Sveriges 5 984 DeSO (CSV)",
            _starts_with(_SHARES_SWEDEN),
            _parse_shares_sweden,
        ),
        Layout("excel", "Excel-export ur SCB:s statistikdatabas, vilken tabell som helst", _is_excel, _parse_excel),
        Layout("jsonstat", "Svar från SCB:s PxWeb v2 (json-stat2)", _is_jsonstat, _parse_jsonstat, uses_name=True),
    ),
    caveats=(
        "Indelningen i DeSO ändrades från 2018 till 2025. Delade områden har nya koder och kan inte jämföras bakåt.",
        "SCB lägger slumpmässigt brus på små tal från och med 2025. Delar behöver inte bli exakt lika med helheten.",
        "Sysselsättning och arbetslöshet för kommunen är preliminär månadsstatistik, för mindre områden ett årligt "
        "register: de är inte samma serie.",
        "Befolkningsframskrivningen är en beräkning och en egen serie.",
        "Personer som inte kan placeras under kommunnivå har SCB lagt i områden i centralorten.",
        "Koder i 2025 års indelning har inga uppgifter före 2024; nollor där betyder att uppgift saknas.",
    ),
    indicators=tuple(indicator for indicator, _ in _declared().values()),
    breaks=(
        SeriesBreak(
            tuple(i.id for i, _ in _declared().values() if i.unit == "antal" and i.id != "scb_population_projection"),
            date(2025, 1, 1),
            "Från och med 2025 lägger SCB slumpmässigt brus på små tal: små ändringar från 2024 kan bero på det.",
            "SCB, Statistikdatabasen",
        ),
    ),
    fetch=_fetch,
    check=_check,
)
