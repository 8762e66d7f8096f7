"""Kolada: key figures about municipalities collected by RKA, here those about crime, safety, school and support."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pandas as pd

from pipelines.fetching import FetchError
from pipelines.frames import conform, year_period
from pipelines.places import all_municipalities
from pipelines.reading import csv_records, has_header, head_text, text_file
from pipelines.source import DeliveryError, Fetched, Indicator, Layout, Parsed, Peek, Refusal, Source
from store.schema import OBSERVATION

if TYPE_CHECKING:
    from pipelines.fetching import Client
    from pipelines.municipalities import Municipality

_HOST = "api.kolada.se"
_COUNTRY = "0000"
#: Which key figures are fetched, with Kolada's titles. This file is the choice; change it to fetch others.
_KPIS = Path(__file__).parent.parent.parent / "data" / "open" / "kolada_indicators" / "kpis.csv"
_COLUMNS = (
    "id", "title", "is_divided_by_gender", "municipality_type", "operating_area", "publ_period", "has_ou_data",
)  # fmt: skip
#: Kolada refuses longer lists of ids; an even number keeps each NTU figure with its uncertainty.
_PER_CALL = 24
_PER_PAGE = 5000
_MAX_PAGES = 50
_GENDERS = {"T": "", "K": "kön=kvinnor", "M": "kön=män"}
#: Kolada's word for why there is no value → ours.
_WITHOUT_VALUE = {"": "missing", "missing": "missing", "private": "suppressed"}


@cache
def titles() -> dict[str, str]:
    """Kolada's title of each chosen key figure, by its id."""
    with _KPIS.open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: " ".join(row["title"].split()) for row in csv.DictReader(file)}


def uncertainty_of(kpi: str) -> str | None:
    """The id of the uncertainty published for an NTU figure: 48 numbers higher. None for other figures."""
    number = int(kpi[1:])
    return f"N{number + 48:05d}" if kpi.startswith("N") and 7600 <= number <= 7647 else None


def _is_uncertainty(kpi: str) -> bool:
    return kpi.startswith("N") and 7648 <= int(kpi[1:]) <= 7695


def _indicators() -> tuple[Indicator, ...]:
    return tuple(indicator(kpi, title) for kpi, title in titles().items() if not _is_uncertainty(kpi))


def indicator(kpi: str, title: str) -> Indicator:
    """An indicator from Kolada's title, which ends with the unit and begins with the survey or subject."""
    unit, decimals = _unit(title)
    name = re.sub(r",?\s*(andel ?\(%\).*|antal/100 000 inv|\(%\)|genomsnitt \(17 ämnen\)|poäng)$", "", title)
    name = re.sub(r"^(Medborgarundersökningen|NTU) - ", r"\1: ", name).rstrip(" ,")
    theme = _theme(title)
    return Indicator(
        id=f"kolada_{kpi}",
        name=name,
        unit=unit,
        theme=theme,
        description=f"{title}. Kolada {kpi}.",
        polarity=_polarity(title, theme),
        decimals=decimals,
        caveats=_caveats(title),
    )


def _unit(title: str) -> tuple[str, int]:
    if "antal/100 000 inv" in title:
        return "per 100 000 invånare", 0
    if "(%)" in title:
        return "procent", 1
    return ("index", 1) if "index" in title.casefold() else ("poäng", 1)


def _theme(title: str) -> str:
    if title.startswith(("Anmäl",)):
        return "Brott"
    if title.startswith(("NTU", "Medborgarundersökningen", "Trygghet")):
        return "Trygghet"
    return "Skola" if re.search(r"elever|meritvärde", title, re.IGNORECASE) else "Ekonomi"


def _polarity(title: str, theme: str) -> str:
    if theme == "Brott":
        # These follow how much the police look for them more than how much there is.
        return "neutral" if re.search("narkotikabrott|trafikbrott", title) else "lower_is_better"
    if theme == "Ekonomi" or (title.startswith("NTU") and "Förtroende" not in title):
        return "lower_is_better"
    return "higher_is_better"


def _caveats(title: str) -> tuple[str, ...]:
    if title.startswith("NTU"):
        return ("Urvalsundersökning: jämför med hänsyn till osäkerhetstalet, som visas som intervall.",)
    if title.startswith("Medborgarundersökningen"):
        return ("Enkät till ett urval invånare: små skillnader kan vara slump. Alla kommuner deltar inte varje år.",)
    if title.startswith("Anmäl"):
        return ("Blanda inte med Brås egna tal per 100 000 invånare: folkmängden de räknas på kan skilja sig.",)
    return ()


@dataclass(frozen=True)
class _Figure:
    """One value of a row as published."""

    kpi: str
    area_id: str
    year: int
    breakdown: str
    value: float | None
    status: str
    text: str | None


def _matches_data(peek: Peek) -> bool:
    text = head_text(peek.head)
    if not re.match(r"\s*(\[\s*)?\{", text):
        return False
    if re.search(r'"values"\s*:\s*\[\s*\]', text):
        return '"count"' in text and ('"next_url"' in text or '"next_page"' in text)
    row = re.search(r'"values"\s*:\s*\[\s*\{.{0,200}?"(kpi|municipality)"', text, re.DOTALL)
    return bool(row) and all(f'"{name}"' in text for name in ("kpi", "municipality", "period", "gender"))


def _parse_data(path: Path) -> Parsed:
    """One answer from Kolada, or a list of the pages of one answer."""
    try:
        content = json.loads(text_file(path))
    except (ValueError, RecursionError) as error:
        raise DeliveryError(
            f"{path.name}: filen är avbruten eller skadad (trasig JSON). Hämta den från Kolada igen."
        ) from error
    pages = content if isinstance(content, list) else [content]
    if not all(isinstance(page, dict) and isinstance(page.get("values"), list) for page in pages):
        raise DeliveryError(f"{path.name}: listan «values» saknas. Kolada kan ha ändrat sitt format; väntat är API v3.")
    rows = [row for page in pages for row in page["values"]]
    figures: dict[tuple[str, str, int, str], _Figure] = {}
    refusals: list[Refusal] = []
    kept = 0
    for number, row in enumerate(rows, start=1):
        found = _row(row)
        if isinstance(found, str):
            refusals.append(_refusal(found, number, row))
            continue
        good = [item for item in found if isinstance(item, _Figure)]
        refusals += [_refusal(item, number, row) for item in found if isinstance(item, str)]
        kept += bool(good)
        figures |= {(f.kpi, f.area_id, f.year, f.breakdown): f for f in good}
    observations = [_observation(f, figures) for f in figures.values() if not _is_uncertainty(f.kpi)]
    columns = [name for name in OBSERVATION.column_names if name != "delivery_id"]
    frame = conform("observation", pd.DataFrame(observations, columns=columns))
    return Parsed({"observation": frame}, len(rows), kept, tuple(refusals))


def _refusal(reason: str, number: int, row: Any) -> Refusal:
    return Refusal(
        reason, "Kontrollera om Kolada har ändrat sitt format eller sina nyckeltal.", row=number,
        value=json.dumps(row, ensure_ascii=False)[:200],
    )  # fmt: skip


def _row(row: Any) -> list[_Figure | str] | str:
    """The figures of one row; a Swedish reason in place of a figure, or of them all, that cannot be used."""
    if not isinstance(row, dict) or not isinstance(row.get("values"), list):
        return "Raden saknar listan «values»."
    kpi, code, period = (str(row.get(name)) for name in ("kpi", "municipality", "period"))
    if kpi not in titles():
        return f"Nyckeltalet {kpi} är inte efterfrågat."
    if code != _COUNTRY and code not in all_municipalities():
        return f"Området {code} är varken en kommun eller riket."
    if not re.fullmatch(r"(19|20)\d\d", period):
        return f"Perioden {period} är inget år."
    area_id = "00" if code == _COUNTRY else code
    return [_figure(kpi, area_id, int(period), item) for item in row["values"]]


def _figure(kpi: str, area_id: str, year: int, item: Any) -> _Figure | str:
    if not isinstance(item, dict) or str(item.get("gender")) not in _GENDERS:
        return "Värdet saknar kön (T, K eller M)."
    breakdown, value = _GENDERS[item["gender"]], item.get("value")
    if item.get("isdeleted"):
        # Takes the place of the value that an earlier delivery brought.
        return _Figure(kpi, area_id, year, breakdown, None, "missing", "borttagen av källan")
    if value is None:
        status = str(item.get("status") or "")
        return _Figure(
            kpi, area_id, year, breakdown, None, _WITHOUT_VALUE.get(status.casefold(), "missing"), status or None
        )
    # Not a number (NaN, which is no JSON but is seen in it) compares as False.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
        return f"Värdet {str(value)[:20]} är inget tal som kan användas."
    unit, _ = _unit(titles()[kpi])
    if (unit == "procent" and not 0 <= value <= 100) or (unit.startswith("per ") and value < 0):
        return f"Värdet {value} är omöjligt för ett nyckeltal i {unit}."
    return _Figure(kpi, area_id, year, breakdown, float(value), "final", None)


def _observation(figure: _Figure, figures: dict[tuple[str, str, int, str], _Figure]) -> dict[str, Any]:
    partner = uncertainty_of(figure.kpi)
    found = figures.get((partner, figure.area_id, figure.year, figure.breakdown)) if partner else None
    lower = upper = None
    if found and found.value is not None and figure.value is not None:
        lower, upper = figure.value - found.value, figure.value + found.value
    return {
        "indicator_id": f"kolada_{figure.kpi}", "area_id": figure.area_id, **year_period(figure.year),
        "breakdown": figure.breakdown, "value": figure.value, "status": figure.status, "value_text": figure.text,
        "lower": lower, "upper": upper,
    }  # fmt: skip


def _matches_choice(peek: Peek) -> bool:
    return has_header(peek.head, _COLUMNS)


def _parse_choice(path: Path) -> Parsed:
    """The choice of key figures holds no figures of its own; its rows become ``SOURCE.indicators``."""
    records = csv_records(path, text_file(path), _COLUMNS)
    wrong = [number for number, record in records if not re.fullmatch(r"[NU]\d{5}", record["id"])]
    if wrong:
        raise DeliveryError(
            f"{path.name}, rad {wrong[0]}: kolumnen id ska vara N eller U och fem siffror. Rätta raden."
        )
    return Parsed({}, len(records), len(records))


def _batches() -> list[list[str]]:
    """The chosen key figures in groups for one call each; an NTU figure and its uncertainty are never parted."""
    pairs = [(kpi, partner) for kpi in titles() if (partner := uncertainty_of(kpi)) in titles()]
    paired = [str(kpi) for pair in pairs for kpi in pair]
    ordered = [*paired, *(kpi for kpi in titles() if kpi not in paired)]
    return [ordered[start : start + _PER_CALL] for start in range(0, len(ordered), _PER_CALL)]


def _fetch(client: Client, municipality: Municipality) -> Iterator[Fetched]:
    """The chosen key figures for the municipality, its peers and the country, all years."""
    areas = ",".join((municipality.code, *municipality.peers, _COUNTRY))
    anything = False
    for number, batch in enumerate(_batches(), start=1):
        pages = _pages(client, f"https://{_HOST}/v3/data/kpi/{','.join(batch)}/municipality/{areas}")
        if any(page.json()["values"] for page in pages):
            anything = True
            texts = [page.content for page in pages]
            content = texts[0] if len(texts) == 1 else b"[" + b",\n".join(texts) + b"]"
            yield Fetched(f"kolada_{municipality.code}_{number}.json", content)
    if not anything:
        raise FetchError(f"{_HOST} svarade utan ett enda värde. Det som redan fanns är kvar; försök igen senare.")


def _pages(client: Client, address: str) -> list[httpx.Response]:
    """Every page of an answer, as they came."""
    pages: list[httpx.Response] = []
    seen: set[str] = set()
    following: str | None = f"{address}?per_page={_PER_PAGE}"
    while following:
        if following in seen or len(pages) >= _MAX_PAGES:
            raise FetchError(f"{_HOST} bläddrar i en cirkel. Det som redan fanns är kvar; försök igen senare.")
        seen.add(following)
        page = client.get(following, headers={"Accept": "application/json"})
        answer = page.json()
        if not isinstance(answer, dict) or not isinstance(answer.get("values"), list):
            raise FetchError(f"{_HOST} har ändrat sitt format (listan «values» saknas). Uppdatera programmet.")
        pages.append(page)
        following = _same_host(answer.get("next_url"))
    return pages


def _same_host(address: Any) -> str | None:
    """The address of the next page, which must be Kolada's own."""
    if not address:
        return None
    try:
        host = httpx.URL(address).host if isinstance(address, str) else ""
    except httpx.InvalidURL:
        host = ""
    if host != _HOST:
        raise FetchError(
            f"{_HOST} hänvisar till en främmande adress för nästa sida. Kontrollera om källan har ändrats."
        )
    return str(address)


SOURCE = Source(
    id="kolada_indicators",
    title="Kolada, nyckeltal",
    producer="Rådet för främjande av kommunala analyser (RKA)",
    citation="Kolada (RKA)",
    licence="Fri användning; källan ska anges som Kolada",
    url="https://www.kolada.se",
    rhythm="Varje år; olika nyckeltal vid olika tider",
    update_days=365,
    levels=("country", "municipality"),
    speaks_of="Anmälda brott, trygghet enligt NTU och medborgarundersökningen, skola och försörjning i hela kommunen",
    layouts=(
        Layout("data", "Värden från Koladas API v3 (JSON)", _matches_data, _parse_data),
        Layout("kpis", "Förteckning över de nyckeltal som hämtas (CSV)", _matches_choice, _parse_choice),
    ),
    caveats=(
        "Säger inget om delar av kommunen.",
        "NTU:s osäkerhetstal är plus eller minus i procentenheter och visas som intervall.",
    ),
    indicators=_indicators(),
    fetch=_fetch,
)
