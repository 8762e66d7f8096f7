"""Polisens händelser: what the police have chosen to publish about, nationally, as a feed of the latest 500."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd

from pipelines.fetching import FetchError, Limit
from pipelines.frames import MONTHS, conform
from pipelines.places import municipality_code, region_code
from pipelines.reading import csv_records, has_header, head_text, text_file
from pipelines.source import DeliveryError, Fetched, Layout, Parsed, Peek, Refusal, Source

if TYPE_CHECKING:
    from pipelines.fetching import Client
    from pipelines.municipalities import Municipality

_HOST = "polisen.se"
_API = f"https://{_HOST}/api/events"
_SWEDEN = ZoneInfo("Europe/Stockholm")
_COLUMNS = ("event_id", "published_at", "name", "event_type", "location")

_CLOCK = r"(?:kl\.?\s*)?(\d{1,2})[.:](\d{2})"
#: «22 augusti 17.59», «20 mars 16:11», «3 maj», «01:16», «22 augusti 2026 17.59–18.30», at the start of a title.
_WHEN = re.compile(
    rf"\s*(?:(?P<day>\d{{1,2}})\s+(?P<month>{'|'.join(MONTHS)})(?:\s+(?P<year>\d{{4}}))?)?"
    rf"(?:[\s,]*{_CLOCK}(?:\s*[-–]\s*{_CLOCK})?)?\s*(?:,|$)",
    re.IGNORECASE,
)
_SPAN = re.compile(rf"{_CLOCK}\s*[-–]\s*{_CLOCK}")
_PUBLISHED = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2})(:\d{2}:\d{2}) ?([+-]\d{2}:\d{2})")
#: A title may be given a time slightly later than its publication: 23 minutes at most among 784 events. One that is
#: hours later («19.30» put out at 08.00) is of the evening before.
_AHEAD = timedelta(hours=1)
#: A date without a year that lies further back than this is more likely a slip of the pen than last year's event.
_LATE = timedelta(days=180)


@dataclass(frozen=True)
class _Raw:
    """One event as published, the same whether it came from the API or from the open figures."""

    event_id: str
    published: str
    name: str
    category: str
    location: str
    summary: str = ""
    url: str = ""


@dataclass(frozen=True)
class _When:
    """When something happened, Swedish local time; or why that is not known."""

    first: datetime | None = None
    last: datetime | None = None
    note: str | None = None


def published_at(text: str) -> datetime | None:
    """Time of publication, Swedish local time; the hour may lack its zero. None when it is no time with an offset."""
    match = _PUBLISHED.fullmatch(text.strip())
    if not match:
        return None
    day, hour, rest, offset = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{int(hour):02d}{rest}{offset}")
    except ValueError:
        return None
    return moment.astimezone(_SWEDEN).replace(tzinfo=None)


def event_time(raw: _Raw, published: datetime) -> _When:
    """The event's own time out of its title; the year is the latest one that does not put it after publication."""
    if raw.category.casefold().startswith("sammanfattning"):
        return _summary_time(raw, published)
    match = _WHEN.match(raw.name)
    if not match or not match.group(0).strip(" ,"):
        return _When(note="Rubriken anger ingen tid för händelsen.")
    day = _day(match, published)
    if day is None:
        return _When(note="Rubrikens datum finns inte i kalendern.")
    hour, minute, end_hour, end_minute = match.groups()[3:7]
    if hour is None:
        return _When(
            datetime.combine(day, time(0, 0)), datetime.combine(day, time(23, 59)),
            "Rubriken anger dag men inget klockslag.",
        )  # fmt: skip
    first = _at(day, hour, minute)
    if first is None:
        return _When(note="Rubrikens klockslag finns inte.")
    if match["day"] is None and first > published + _AHEAD:
        first -= timedelta(days=1)
    if first > published + _AHEAD:
        return _When(note="Rubrikens tid ligger efter publiceringen.")
    if not match["year"] and published - first > _LATE:
        return _When(note="Rubrikens datum ligger långt från publiceringen, så årtalet är osäkert.")
    last = _at(first.date(), end_hour, end_minute) if end_hour else first
    if last is None:
        return _When(note="Rubrikens klockslag finns inte.")
    return _When(first, last if last >= first else last + timedelta(days=1))


def _summary_time(raw: _Raw, published: datetime) -> _When:
    """A summary is of many events; its title has the time of writing. Some say which hours they are about."""
    note = "Sammanfattning av flera händelser: rubrikens klockslag är när den skrevs."
    span = _SPAN.search(raw.summary)
    if not span:
        return _When(note=note)
    last = _at(published.date(), span[3], span[4])
    first = _at(published.date(), span[1], span[2])
    if first is None or last is None or last > published + _AHEAD:
        return _When(note=note)
    return _When(first if first <= last else first - timedelta(days=1), last, f"{note} Tiden är den som texten gäller.")


def _day(match: re.Match[str], published: datetime) -> date | None:
    if match["day"] is None:
        return published.date()
    month = MONTHS.index(match["month"].casefold()) + 1
    years = [int(match["year"])] if match["year"] else range(published.year + 1, published.year - 5, -1)
    for year in years:
        try:
            day = date(year, month, int(match["day"]))
        except ValueError:  # 29 February exists in some years only.
            continue
        if match["year"] or datetime.combine(day, time()) <= published + _AHEAD:
            return day
    return None


def _at(day: date, hour: str, minute: str) -> datetime | None:
    try:
        return datetime.combine(day, time(int(hour), int(minute)))
    except ValueError:
        return None


def place(raw: _Raw) -> tuple[str | None, str | None]:
    """The smallest place that is known, as (area id, precision).

    The location is a municipality or a county; in a county the last words of the title may name one of its
    municipalities. A title that names a municipality of another county is not believed.
    """
    located, titled = region_code(raw.location), municipality_code(raw.name.rpartition(",")[2])
    code = titled if titled and (located is None or titled.startswith(located)) else located
    if code is None or code == "00":
        return None, None
    return code, "municipality" if len(code) == 4 else "county"


def _parsed(rows: list[tuple[int, _Raw]], refusals: list[Refusal], read: int) -> Parsed:
    events: dict[str, dict[str, Any]] = {}
    for number, raw in rows:
        published = published_at(raw.published)
        if published is None:
            refusals.append(
                Refusal(
                    "Tidpunkten för publicering går inte att läsa.",
                    "Hämta händelserna igen; väntad form är 2026-08-22 9:48:12 +02:00.",
                    row=number, column="datetime", value=raw.published[:100],
                )
            )  # fmt: skip
        elif raw.event_id in events:
            refusals.append(
                Refusal(
                    "Händelsens nummer förekommer mer än en gång.", "Den första raden används; kontrollera källan.",
                    row=number, column="id", value=raw.event_id,
                )
            )  # fmt: skip
        else:
            events[raw.event_id] = _event(raw, published)
    frame = conform("event", pd.DataFrame(list(events.values())))
    return Parsed({"event": frame}, read, len(frame), tuple(refusals))


def _event(raw: _Raw, published: datetime) -> dict[str, Any]:
    when = event_time(raw, published)
    area_id, precision = place(raw)
    return {
        "source_id": "polisen_events", "event_id": raw.event_id, "category": raw.category, "title": raw.name,
        "occurred_from": when.first, "occurred_to": when.last, "time_note": when.note, "reported": published,
        "area_id": area_id, "place_text": raw.location or None, "precision": precision,
        # The published coordinates are the middle of a municipality or county: no point is kept, so none can be drawn.
        "x": None, "y": None,
        "url": f"https://{_HOST}{raw.url}" if raw.url.startswith("/") else None,
    }  # fmt: skip


def _matches_api(peek: Peek) -> bool:
    text = head_text(peek.head).lstrip()
    if not text.startswith("["):
        return False
    try:
        first, _ = json.JSONDecoder().raw_decode(text[1:].lstrip())
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and {"id", "datetime", "name", "type", "location"} <= first.keys()


def _parse_api(path: Path) -> Parsed:
    try:
        items = json.loads(text_file(path))
    except (ValueError, RecursionError) as error:
        raise DeliveryError(
            f"{path.name}: filen är avbruten eller skadad (trasig JSON). Hämta händelserna igen."
        ) from error
    if not isinstance(items, list) or not items:
        raise DeliveryError(f"{path.name}: filen innehåller inga händelser. Hämta händelserna igen.")
    rows, refusals = [], []
    for number, item in enumerate(items, start=1):
        raw = _from_api(item)
        if raw:
            rows.append((number, raw))
        else:
            refusals.append(
                Refusal(
                    "Händelsen saknar id, datetime, name, type eller location.",
                    "Kontrollera om Polisen har ändrat sitt format.", row=number, value=json.dumps(item)[:100],
                )
            )  # fmt: skip
    if not rows:
        raise DeliveryError(f"{path.name}: ingen händelse har de fält som väntas. Polisen kan ha ändrat sitt format.")
    return _parsed(rows, refusals, len(items))


def _from_api(item: Any) -> _Raw | None:
    if not isinstance(item, dict) or not isinstance(item.get("location"), dict):
        return None
    event_id, location = item.get("id"), item["location"].get("name")
    texts = [item.get("datetime"), item.get("name"), item.get("type"), location]
    if not isinstance(event_id, int | str) or not all(isinstance(text, str) for text in texts):
        return None
    published, name, category, place_name = (str(text) for text in texts)
    optional = {key: item[key] for key in ("summary", "url") if isinstance(item.get(key), str)}
    return _Raw(str(event_id), published, name, category, place_name, **optional)


def _matches_open(peek: Peek) -> bool:
    return has_header(peek.head, _COLUMNS)


def _parse_open(path: Path) -> Parsed:
    records = csv_records(path, text_file(path), _COLUMNS)
    rows = [
        (number, _Raw(r["event_id"], r["published_at"], r["name"], r["event_type"], r["location"]))
        for number, r in records
    ]
    return _parsed(rows, [], len(rows))


def _fetch(client: Client, municipality: Municipality) -> Iterator[Fetched]:
    """The national feed, then those of the county and the municipality, which reach further back."""
    # The police's rules for open data: 10 seconds between calls, 60 an hour.
    client.limit(_HOST, Limit(1, 10), Limit(60, 3600))
    for name, location in (
        ("riket", None),
        (municipality.county_code, municipality.county_name),
        (municipality.code, municipality.name),
    ):
        params = {"locationname": location} if location else None
        response = client.get(_API, params=params, headers={"Accept": "application/json"})
        events = response.json()
        if not isinstance(events, list) or (location is None and not events):
            raise FetchError(f"{_HOST} svarade utan händelser. Det som redan fanns är kvar; försök igen senare.")
        if events:
            yield Fetched(f"polisen_events_{name}.json", response.content)


def _check(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Every event has a time or a reason; none has a point; none is published long before it happened."""
    events, faults = tables["event"], []
    if (events["occurred_from"].isna() & events["time_note"].isna()).any():
        faults.append("Händelser saknar både tid och skäl till att tid saknas.")
    if events["x"].notna().any():
        faults.append("Händelser har fått en punkt, men Polisen anger bara kommunens eller länets mitt.")
    if (events["occurred_from"] > events["reported"] + _AHEAD).any():
        faults.append("Händelser är daterade efter att de publicerades.")
    return faults


SOURCE = Source(
    id="polisen_events",
    title="Polisens händelser",
    producer="Polismyndigheten",
    citation="Polisen, händelsenotiser (polisen.se)",
    licence="Polisens regler för öppna data och API:er (polisen.se)",
    url="https://polisen.se/om-polisen/om-webbplatsen/oppna-data/",
    rhythm="Löpande, flera gånger om dagen",
    update_days=1,
    levels=("county", "municipality"),
    speaks_of="Händelser som Polisen valt att berätta om, med tid och kommun eller län",
    layouts=(
        Layout("api", "Händelser från Polisens API (JSON-lista)", _matches_api, _parse_api),
        Layout("open", "Händelser i kommunen, sammanställda ur Polisens API (CSV)", _matches_open, _parse_open),
    ),
    caveats=(
        "Ett urval som Polisen själv väljer att publicera: det är inte statistik och får inte räknas som brottsnivå.",
        "Flera eller färre notiser kan bero på hur Polisen skriver, inte på vad som hänt.",
        "Platsen är kommun eller län. Koordinaterna är mitten av området och ritas därför aldrig som punkter.",
        "Flödet rymmer de 500 senaste händelserna; det som inte hämtats i tid saknas.",
        "Sammanfattningar av natten är en notis om många händelser och har ingen egen händelsetid.",
    ),
    fetch=_fetch,
    check=_check,
)
