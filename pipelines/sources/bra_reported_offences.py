"""Reported offences per municipality from Brå: the open figures, the municipality CSV and the statistics tool's export.

Brå has no API and publishes nothing below the municipality. Rates are the published ones; Brå does not give the
population behind them, so ``base`` stays empty and the rates must not be mixed with SCB's population.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd

from pipelines import places
from pipelines.frames import MONTHS, conform, indicator_frame, month_period, quarter_period, slug, year_period
from pipelines.reading import csv_records, csv_rows, has_header, head_text, swedish_number, text_file
from pipelines.source import DeliveryError, Indicator, Layout, Parsed, Peek, Refusal, SeriesBreak, Source

PREFIX = "bra_offences_"
RATE_SUFFIX = "_rate"
_REPORTED = "Anmälda brott säger inte hur många brott som begåtts: anmälningsbenägenhet och polisens arbete påverkar."
_OWN_POPULATION = (
    "Brå räknar per invånare med en egen befolkningsuppgift; blanda inte med tal räknade på SCB:s folkmängd."
)


@dataclass(frozen=True)
class Group:
    """One group of offences that Brå reports on, with the id of the group that it is counted inside."""

    id: str
    name: str
    definition: str
    part_of: str | None = "total"


GROUPS = (
    Group("total", "Samtliga anmälda brott", "Alla brott som anmälts", part_of=None),
    Group("person", "Brott mot person", "Anmälda brott mot person, bland annat misshandel, hot och ofredande"),
    Group("theft", "Stöld- och tillgreppsbrott", "Anmälda stöld- och tillgreppsbrott, inbrott inräknade"),
    Group(
        "burglary", "Inbrottsstöld", "Anmälda inbrottsstölder; de ingår i stöld- och tillgreppsbrotten", part_of="theft"
    ),
    Group("vandalism", "Skadegörelse", "Anmälda skadegörelsebrott"),
    Group("drugs_weapons", "Narkotika- och vapenbrott", "Anmälda brott mot narkotikastrafflagen och vapenlagen"),
)

#: Labels in Brå's own material for the groups above; every other label becomes an indicator of its own.
_LABELS = {
    "samtliga brott": "total",
    "samtliga anmälda brott": "total",
    "totalt antal brott": "total",
    "totalt antal anmälda brott": "total",
    "totalt": "total",
    "brott mot person": "person",
    "stöld- och tillgreppsbrott": "theft",
    "inbrottsstöld": "burglary",
    "skadegörelsebrott": "vandalism",
    "skadegörelse": "vandalism",
    "narkotika- och vapenbrott": "drugs_weapons",
}


def _pair(
    group_id: str, name: str, definition: str, part_of: str | None, caveats: tuple[str, ...] = ()
) -> tuple[Indicator, Indicator]:
    """The two indicators of a group of offences: the count and Brå's own rate."""
    count_id = PREFIX + group_id
    whole = PREFIX + part_of if part_of else None
    count = Indicator(
        id=count_id, name=name, unit="antal", theme="Brott", polarity="lower_is_better", aggregation="sum",
        part_of=whole, description=f"{definition} och registrerats på kommunen under perioden."
        if group_id == "total" else f"{definition}.", caveats=(_REPORTED, *caveats),
    )  # fmt: skip
    rate = Indicator(
        id=count_id + RATE_SUFFIX, name=f"{name} per 100 000 invånare", unit="per 100 000 invånare", theme="Brott",
        polarity="lower_is_better", part_of=whole + RATE_SUFFIX if whole else None,
        description=f"{definition}, per 100 000 invånare enligt Brås egen beräkning.",
        caveats=(_REPORTED, _OWN_POPULATION, *caveats),
    )  # fmt: skip
    return count, rate


INDICATORS = tuple(
    indicator for group in GROUPS for indicator in _pair(group.id, group.name, group.definition, group.part_of)
)

_FRAUD_CAVEAT = "Bedrägerier saknar ofta brottsplats och säger därför lite om den enskilda kommunen."


def _offence(label: str) -> tuple[str, tuple[Indicator, Indicator] | None]:
    """The group id of a label, and the indicators to add when it is none of the declared groups.

    Fraud gets ids under ``fraud_`` so that the break of 2019 reaches every one of them.
    """
    known = _LABELS.get(" ".join(label.casefold().split()))
    if known:
        return known, None
    group_id = ("fraud_" if "bedräg" in label.casefold() else "type_") + slug(label)
    caveats = (_FRAUD_CAVEAT,) if group_id.startswith("fraud_") else ()
    return group_id, _pair(group_id, label, f"Anmälda brott av typen {label} enligt Brås indelning", "total", caveats)


@dataclass
class _Collector:
    """Gathers figures, refusals and discovered indicators while a file is read row by row."""

    file: str
    figures: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    areas: set[str] = field(default_factory=set)
    refusals: list[Refusal] = field(default_factory=list)
    read: int = 0
    kept: int = 0

    def refuse(self, row: int | None, column: str, value: str, reason: str, remedy: str) -> None:
        self.refusals.append(Refusal(reason=reason, remedy=remedy, row=row, column=column, value=value))

    def add(self, row: int, area_id: str, group_id: str, period: Mapping[str, Any], cells: Cells, final: bool) -> None:
        """Keep one row as two observations; a second row about the same thing is refused."""
        count_id = PREFIX + group_id
        key = (count_id, area_id, period["period_start"], period["period_end"])
        if key in self.figures:
            self.refuse(row, "Brott", count_id, "Samma kommun, brott och period finns redan längre upp i filen.",
                        "Ta ut brottstyper med samma namn var för sig och namnge dem olika.")  # fmt: skip
            return
        self.kept += 1
        self.areas.add(area_id)
        reported, rate = cells
        count = reported[0]
        for indicator_id, (value, status, text) in ((count_id, reported), (count_id + RATE_SUFFIX, rate)):
            self.figures[(indicator_id, *key[1:])] = {
                "indicator_id": indicator_id, "area_id": area_id, **period, "value": value, "value_text": text,
                "count": count if indicator_id != count_id else None,
                "status": status or ("final" if final else "preliminary"),
            }  # fmt: skip

    def parsed(self) -> Parsed:
        """The tables; raises DeliveryError when not a single row could be used."""
        if not self.figures:
            first = f" Första felet, rad {self.refusals[0].row}: {self.refusals[0].reason}" if self.refusals else ""
            raise DeliveryError(f"{self.file}: ingen rad kunde användas.{first} Kontrollera att filen är hel.")
        tables = {
            "area": places.area_frame(self.areas),
            "observation": conform("observation", pd.DataFrame(list(self.figures.values()))),
        }
        if self.indicators:
            tables["indicator"] = indicator_frame(SOURCE.id, self.indicators.values())
        return Parsed(tables, self.read, self.kept, tuple(self.refusals))


#: Value, status where the cell itself decides it, and the text as published where it is no plain number.
Cell = tuple[float | None, str, str | None]
Cells = tuple[Cell, Cell]


def _cell(text: str) -> Cell | None:
    """What a cell says: a number, `-` for zero, `..` for suppressed; None when it is none of these."""
    if text == "-":
        return 0.0, "", "-"
    if text == "..":
        return None, "suppressed", ".."
    number = swedish_number(text)
    return None if number is None or number < 0 else (number, "", None)


def _cells(found: _Collector, row: int, reported: str, rate: str) -> Cells | None:
    """Both figures of a row, or None after a refusal."""
    both = _cell(reported), _cell(rate)
    if both[0] is not None and both[1] is not None:
        return both[0], both[1]
    column, value = ("Antal", reported) if both[0] is None else ("Per 100 000 inv.", rate)
    found.refuse(
        row, column, value, "Värdet är inte ett tal, - eller ..", "Rätta värdet eller hämta filen igen från Brå."
    )
    return None


# --- The open figures -------------------------------------------------------------------------------------------------

OPEN_COLUMNS = (
    "municipality_code", "municipality_name", "year", "quarter", "offence_group", "reported", "reported_per_100000",
    "status",
)  # fmt: skip


def _is_open(peek: Peek) -> bool:
    return has_header(peek.head, OPEN_COLUMNS)


def _parse_open(path: Path) -> Parsed:
    found = _Collector(path.name)
    groups = {group.id for group in GROUPS}
    for row, cells in csv_records(path, text_file(path), OPEN_COLUMNS):
        found.read += 1
        for column, good in (
            ("municipality_code", cells["municipality_code"] in places.all_municipalities()),
            ("offence_group", cells["offence_group"] in groups),
            ("year", bool(re.fullmatch(r"\d{4}", cells["year"]))),
            ("quarter", cells["quarter"] in ("", "1", "2", "3", "4")),
            ("status", cells["status"] in ("final", "preliminary")),
        ):
            if not good:
                found.refuse(row, column, cells[column], "Värdet känns inte igen.", "Rätta värdet i filen.")
                break
        else:
            year = int(cells["year"])
            period = quarter_period(year, int(cells["quarter"])) if cells["quarter"] else year_period(year)
            figures = _cells(found, row, cells["reported"], cells["reported_per_100000"])
            if figures:
                final = cells["status"] == "final"
                found.add(row, cells["municipality_code"], cells["offence_group"], period, figures, final)
    return found.parsed()


# --- The municipality CSV: all offences, one year, no year inside -----------------------------------------------------

_CUT_OFF = "Filen kan vara avbruten; hämta den igen."
_UNKNOWN_PLACE = "Namnet är inte någon av Sveriges 290 kommuner."
_UNKNOWN_PLACE_REMEDY = "Rätta namnet om det är felskrivet. Stadsdelar redovisas inte här och kan lämnas."


def _is_header(cells: list[str]) -> bool:
    names = [cell.casefold().rstrip(".") for cell in cells[:3]]
    return names == ["kommun", "antal", "per 100 000 inv"]


def _is_municipality_csv(peek: Peek) -> bool:
    rows = [line.split(";") for line in head_text(peek.head).splitlines()[:4] if line.strip(" ;")]
    if not rows or any(len(cells) < 3 or any(cell.strip() for cell in cells[3:]) for cells in rows[:1]):
        return False
    if _is_header([cell.strip() for cell in rows[0]]):
        return True
    first, reported, rate = (cell.strip() for cell in rows[0][:3])
    return places.municipality_code(first) is not None and None not in (swedish_number(reported), swedish_number(rate))


def _year_in_name(path: Path) -> int:
    """The one year in the file name, which is the only place where this file can say its year."""
    years = sorted(set(re.findall(r"(?<!\d)(?:19[5-9]\d|20\d\d)(?!\d)", unquote(path.name))))
    if len(years) == 1:
        return int(years[0])
    what = (
        "filens namn säger inte vilket år den gäller"
        if not years
        else f"filens namn nämner flera år ({', '.join(years)})"
    )
    raise DeliveryError(
        f"{path.name}: {what}, och det står inte i filen. Döp om den så att året syns, till exempel "
        "”Anmälda brott kommunerna 2025.csv”, och lämna in den igen."
    )


def _parse_municipality_csv(path: Path) -> Parsed:
    period = year_period(_year_in_name(path))
    final = "prel" not in path.name.casefold()
    found = _Collector(path.name)
    for row, cells in csv_rows(path.name, text_file(path), ";"):
        if _is_header(cells):
            continue
        found.read += 1
        area_id = places.municipality_code(cells[0])
        if len(cells) < 3:
            found.refuse(
                row, "", ";".join(cells), "Raden har färre än tre kolumner.", "Filen kan vara avbruten; hämta den igen."
            )
        elif area_id is None:
            found.refuse(row, "Kommun", cells[0], _UNKNOWN_PLACE, _UNKNOWN_PLACE_REMEDY)
        else:
            figures = _cells(found, row, cells[1], cells[2])
            if figures:
                found.add(row, area_id, "total", period, figures, final)
    if found.figures and len(found.areas) < len(places.all_municipalities()):
        what = f"Filen har {len(found.areas)} av Sveriges {len(places.all_municipalities())} kommuner."
        found.refuse(None, "Kommun", "", what, _CUT_OFF)
    return found.parsed()


# --- The statistics tool's export -------------------------------------------------------------------------------------

_TOOL_HEADER = ["region", "brott", "år", "period", "antal", "/100 000 inv"]
#: Months are written in full or with their first three letters.
_MONTHS = {name: number for number, month in enumerate(MONTHS, start=1) for name in (month[:3], month)}
#: A label that says nothing without the one above it: "därav inomhus".
_SUB_LABEL = re.compile(r"(?:därav|varav)\b", re.IGNORECASE)


def _is_tool_header(cells: list[str]) -> bool:
    return [cell.strip().casefold().rstrip(".") for cell in cells[:6]] == _TOOL_HEADER


def _is_tool_export(peek: Peek) -> bool:
    return any(_is_tool_header(line.split(";")) for line in head_text(peek.head).splitlines()[:5])


def _tool_period(year_cell: str, period_cell: str) -> tuple[Mapping[str, Any], bool] | None:
    """The period of a row and whether it is final. A whole year is written with the year in either column."""
    texts = [re.sub(r"\s*prel\.?$", "", cell.casefold()).strip() for cell in (year_cell, period_cell)]
    final = not any("prel" in cell.casefold() for cell in (year_cell, period_cell))
    years = [text for text in texts if re.fullmatch(r"(19|20)\d\d", text)]
    rest = [text for text in texts if text not in years]
    if not years or len(set(years)) > 1:
        return None
    year = int(years[0])
    part = rest[0].rstrip(".") if rest else ""
    if part in ("", "år", "helår", "hela året"):
        return year_period(year), final
    quarter = re.fullmatch(r"(?:kvartal|kv|k|q)\.?\s*([1-4])|([1-4])[:ea.]*\s*(?:kvartalet|kv)", part)
    if quarter:
        return quarter_period(year, int(quarter.group(1) or quarter.group(2))), final
    return (month_period(year, _MONTHS[part]), final) if part in _MONTHS else None


def _parse_tool_export(path: Path) -> Parsed:
    rows = list(csv_rows(path.name, text_file(path, legacy="iso-8859-1"), ";"))
    start = next((index for index, (_, cells) in enumerate(rows) if _is_tool_header(cells)), None)
    if start is None:
        raise DeliveryError(
            f"{path.name}: rubrikraden Region;Brott;År;Period;Antal;/100 000 inv saknas. Ta ut filen på nytt ur Brås "
            "statistikverktyg med både antal och antal per 100 000 invånare."
        )
    found = _Collector(path.name)
    above = ""
    for row, cells in rows[start + 1 :]:
        found.read += 1
        sub_label = len(cells) > 1 and _SUB_LABEL.match(cells[1])
        if not sub_label:
            above = cells[1] if len(cells) > 1 else ""
        _tool_row(found, row, cells, above if sub_label else "")
    return found.parsed()


def _tool_row(found: _Collector, row: int, cells: list[str], above: str) -> None:
    """Keep a row; ``above`` is the label that a sub-label stands under, empty for other labels."""
    if len(cells) < 6:
        found.refuse(
            row, "", ";".join(cells), "Raden har färre än sex kolumner.", "Filen kan vara avbruten; hämta den igen."
        )
        return
    region, label, year_cell, period_cell, reported, rate = cells[:6]
    # The tool echoes the heading that a chosen offence stands under, with no period; an offence has its period even
    # where its figures are suppressed.
    if cells[2:6] == [".."] * 4:
        return
    area_id = places.region_code(region)
    if area_id is None:
        found.refuse(row, "Region", region, "Regionen är varken riket, ett län eller en kommun.", _UNKNOWN_PLACE_REMEDY)
        return
    period = _tool_period(year_cell, period_cell)
    if period is None:
        found.refuse(row, "Period", f"{year_cell} {period_cell}", "Perioden går inte att tyda.",
                     "Ta ut år, kvartal eller månader, till exempel 2026 prel. och Kvartal 1.")  # fmt: skip
        return
    if not label:
        found.refuse(row, "Brott", label, "Brottets namn saknas.", "Hämta filen igen ur Brås statistikverktyg.")
        return
    figures = _cells(found, row, reported, rate)
    if figures:
        group_id, discovered = _offence(f"{above}, {label}" if above else label)
        found.indicators |= {indicator.id: indicator for indicator in discovered or ()}
        found.add(row, area_id, group_id, period[0], figures, period[1])


# --- Checks over all deliveries ---------------------------------------------------------------------------------------


def check(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Final quarters sum to the final year, no part exceeds its whole, and rates agree with counts; else sentences."""
    observed = tables["observation"]
    mine = observed[observed["indicator_id"].str.startswith(PREFIX) & observed["value"].notna()]
    final = mine[mine["status"].eq("final")].assign(year=lambda frame: frame["period_start"].dt.year)
    rates = final["indicator_id"].str.endswith(RATE_SUFFIX)
    return [
        *_unequal_sums(final[~rates]),
        *_parts_above_wholes(mine, tables["indicator"]),
        *_rates_that_disagree(final[rates]),
    ]


def _unequal_sums(counts: pd.DataFrame) -> list[str]:
    by = ["indicator_id", "area_id", "year"]
    quarters = counts[counts["period_type"].eq("quarter")].groupby(by)["value"].agg(quarters="sum", number="size")
    years = counts[counts["period_type"].eq("year")].set_index(by)["value"]
    both = quarters[quarters["number"].eq(4)].join(years, how="inner")
    wrong = both[both["quarters"].ne(both["value"])]
    return [
        f"{row.indicator_id}, {row.area_id}, {row.year}: kvartalen summerar till {row.quarters:.0f} men året är "
        f"{row.value:.0f}."
        for row in wrong.reset_index().itertuples()
    ]


def _parts_above_wholes(figures: pd.DataFrame, indicators: pd.DataFrame) -> list[str]:
    by = ["area_id", "period_start", "period_end"]
    counts = figures[~figures["indicator_id"].str.endswith(RATE_SUFFIX)]
    parts = counts.merge(indicators[["indicator_id", "name", "part_of"]].dropna(), on="indicator_id")
    wholes = counts[["indicator_id", *by, "value"]].rename(columns={"indicator_id": "part_of", "value": "whole"})
    both = parts.merge(wholes, on=["part_of", *by])
    faults = [
        f"{row.name}, {row.area_id}, {row.period_label}: {row.value:.0f} är fler än helheten {row.whole:.0f}."
        for row in both[both["value"] > both["whole"]].itertuples(index=False)
    ]
    # The declared groups do not overlap; labels that a file brings may be parts of one another.
    apart = both[both["indicator_id"].isin([PREFIX + group.id for group in GROUPS]) & (both["value"] <= both["whole"])]
    sums = apart.groupby(["part_of", *by, "period_label", "whole"], as_index=False)["value"].sum()
    return faults + [
        f"Anmälda brott, {row.area_id}, {row.period_label}: grupperna i {row.part_of} är tillsammans {row.value:.0f}, "
        f"fler än helheten {row.whole:.0f}."
        for row in sums[sums["value"] > sums["whole"]].itertuples(index=False)
    ]


def _rates_that_disagree(rates: pd.DataFrame) -> list[str]:
    """The population that count and rate imply must be one and the same for all groups of a municipality and period.

    Brå's rates are whole numbers and not always rounded the same way, so each may be one unit off.
    """
    usable = rates[rates["value"].gt(1) & rates["count"].notna()]
    usable = usable.assign(
        low=usable["count"] / (usable["value"] + 1) * 1e5, high=usable["count"] / (usable["value"] - 1) * 1e5
    )
    spans = usable.groupby(["area_id", "period_label"]).agg(low=("low", "max"), high=("high", "min"))
    wrong = spans[spans["low"] > spans["high"]]
    return [
        f"Anmälda brott, {row.area_id}, {row.period_label}: antal och antal per 100 000 invånare "
        "går inte ihop mellan brottsgrupperna."
        for row in wrong.reset_index().itertuples()
    ]


SOURCE = Source(
    id="bra_reported_offences",
    title="Anmälda brott",
    producer="Brottsförebyggande rådet (Brå)",
    citation="Brå, anmälda brott",
    licence="Fri användning med angivande av källan (Brå, Sveriges officiella statistik)",
    url="https://bra.se/statistik/statistik-fran-rattsvasendet/anmalda-brott",
    rhythm="Preliminära uppgifter månadsvis eller kvartalsvis, slutliga en gång per år (mars)",
    update_days=100,
    levels=("country", "county", "municipality"),
    speaks_of="Hur många brott av olika slag som anmälts i kommunen. Brå redovisar ingenting under kommunnivå.",
    layouts=(
        Layout("open", "Öppna siffror som följer med: år och kvartal per kommun (CSV)", _is_open, _parse_open),
        Layout(
            "municipality_csv", "Brås årsfil över kommunerna (CSV: Kommun;Antal;Per 100 000 inv., även utan rubriker)",
            _is_municipality_csv, _parse_municipality_csv, uses_name=True,
        ),
        Layout(
            "statistics_tool", "Uttag ur Brås statistikverktyg (CSV: Region;Brott;År;Period;Antal;/100 000 inv)",
            _is_tool_export, _parse_tool_export,
        ),
    ),
    caveats=(
        "Anmälda brott är inte begångna brott: mycket anmäls aldrig, och polisens kontroller påverkar antalet.",
        "Månader och kvartal är preliminära tills årets slutliga statistik har kommit.",
        "Bedrägerier saknar ofta brottsplats och räknas då på den kommun där anmälan gjordes eller på ingen alls.",
        _OWN_POPULATION,
        "Tredje och fjärde kvartalet 2014 saknas i de öppna siffrorna.",
        "Inbrottsstölder ingår i stöld- och tillgreppsbrotten; lägg inte ihop dem.",
    ),
    indicators=INDICATORS,
    breaks=(
        SeriesBreak(
            (PREFIX + "*",), date(2015, 1, 1),
            "Från 2015 förs brotten till kommun på ett nytt sätt; nivåerna före och efter kan inte jämföras rakt av.",
            "Brå, kvalitetsdeklaration för anmälda brott",
        ),
        SeriesBreak(
            (PREFIX + "fraud_*",), date(2019, 1, 1),
            "2019 infördes nya brottskoder för bedrägerier efter tillvägagångssätt (modus).",
            "Brå, kvalitetsdeklaration för anmälda brott",
        ),
    ),
    check=check,
)  # fmt: skip
