"""Every table and column of a build, once: from here come the DDL, the comments, the frame checks and the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

#: What the figure in ``observation.value`` is. The distinctions of the sources are kept, never folded into 0 or NULL.
STATUSES = {
    "final": "Slutlig uppgift",
    "preliminary": "Preliminär uppgift, kan ändras",
    "rounded": "Avrundad av källan (t.ex. ~100 eller cirka 430)",
    "suppressed": "Dold av källan, för få personer (..)",
    "missing": "Uppgift saknas (.)",
    "not_applicable": "Redovisas inte för denna enhet (*)",
    "derived": "Beräknad här ur källans uppgifter",
}

LEVELS = {
    "country": "Riket",
    "county": "Län",
    "municipality": "Kommun",
    "district": "Kommundel",
    "regso": "RegSO",
    "deso": "DeSO",
    "school": "Skola",
    "unplaced": "Utan känd plats här",
}

#: The first year with figures for DeSO and RegSO of the 2025 division; those of the 2018 division end the year before.
FIRST_YEAR_OF_2025 = 2024

PERIOD_TYPES = ("year", "quarter", "month", "school_year", "term", "week", "day")

#: What a source's rows are: official figures, or one of the kinds of local spreadsheets (store.kinds).
SOURCE_KINDS = ("official", "events", "answers", "observations", "participation", "inspections")

#: Where an event took place: here, outside the municipality, or not known.
PLACEMENTS = ("placed", "outside", "unplaced")

#: Who brought the open figures that ship with the project, in place of a person.
SHIPPED_BY = "öppna data som följer med"

#: How an indicator's areas may be added up: sum of values; mean weighted by ``base``; or not at all.
AGGREGATIONS = ("sum", "mean_by_base", "none")

POLARITIES = ("higher_is_better", "lower_is_better", "neutral")


@dataclass(frozen=True)
class Column:
    """One column: DuckDB type, what it holds (with unit where it has one), and whether it may be empty."""

    name: str
    type: str
    description: str
    nullable: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table. ``key`` columns identify a row; a later delivery replaces an earlier row with the same key."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    #: SQL condition on a row ``r`` that only stands in until a fuller one comes: it never replaces another row.
    stand_in: str = "false"
    #: SQL for the day that a row ``r`` belongs to, where a delivery can replace a period; empty where none can.
    day: str = ""
    #: Whether an empty cell of a later row leaves the earlier value: several sources know parts of the same thing.
    fills: bool = False

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    def ddl(self) -> list[str]:
        """The statements that create the table and describe it inside the database."""
        rows = [f'"{c.name}" {c.type}{"" if c.nullable else " NOT NULL"}' for c in self.columns]
        comments = [f"COMMENT ON TABLE {self.name} IS {_literal(self.description)}"]
        comments += [f'COMMENT ON COLUMN {self.name}."{c.name}" IS {_literal(c.description)}' for c in self.columns]
        return [f"CREATE TABLE {self.name} ({', '.join(rows)})", *comments]


def _literal(text: str) -> str:
    # DuckDB takes no bound parameters in COMMENT ON; the texts are this module's own constants.
    return "'" + text.replace("'", "''") + "'"


AREA = Table(
    "area",
    "Places that figures can be about: country, county, municipality, district, RegSO, DeSO and school.",
    (
        Column("area_id", "VARCHAR", "00, county code, municipality code, 0188-hallstavik, RegSO, DeSO or school unit"),
        Column("level", "VARCHAR", "Kind of place", allowed=tuple(LEVELS)),
        Column("name", "VARCHAR", "Swedish name shown to people"),
        Column("parent_id", "VARCHAR", "The next larger place it lies in", nullable=True),
        Column("population", "BIGINT", "Inhabitants, persons", nullable=True),
        Column("population_year", "INTEGER", "Year whose last day the population refers to", nullable=True),
        Column("valid_from", "INTEGER", "First year of the division that the code belongs to", nullable=True),
        Column("valid_to", "INTEGER", "Last year of validity; empty while in force", nullable=True),
        Column("lat", "DOUBLE", "Latitude of a point in or of the place, WGS 84 degrees", nullable=True),
        Column("lon", "DOUBLE", "Longitude, WGS 84 degrees", nullable=True),
        Column("kind", "VARCHAR", "For schools: organiser type; for DeSO: category A, B or C", nullable=True),
    ),
    key=("area_id",),
    stand_in="r.name = r.area_id",
    fills=True,
)

AREA_WITHIN = Table(
    "area_within",
    "Which places lie inside which: every place with itself and with each larger place.",
    (
        Column("area_id", "VARCHAR", "The smaller place"),
        Column("within_id", "VARCHAR", "A place that contains it"),
    ),
    key=("area_id", "within_id"),
)

BOUNDARY = Table(
    "boundary",
    "Boundaries simplified for the browser: one GeoJSON text per layer.",
    (
        Column("layer", "VARCHAR", "For example 0188-deso-2025, 0188-regso-2025, 0188-district"),
        Column("municipality_id", "VARCHAR", "Municipality that the layer covers"),
        Column("level", "VARCHAR", "Level of the areas in the layer", allowed=tuple(LEVELS)),
        Column("sha256", "VARCHAR", "Hash of the text, used in the served file's name"),
        Column("geojson", "VARCHAR", "FeatureCollection in WGS 84; feature id and properties.area_id are the area_id"),
    ),
    key=("layer",),
)

INDICATOR = Table(
    "indicator",
    "What is measured.",
    (
        Column("indicator_id", "VARCHAR", "Stable id, prefixed by its source"),
        Column("source_id", "VARCHAR", "Source that it belongs to"),
        Column("name", "VARCHAR", "Swedish name"),
        Column("unit", "VARCHAR", "Swedish unit as shown: antal, per 100 000 invånare, procent, …"),
        Column("theme", "VARCHAR", "Group in lists: Brott, Befolkning, Ekonomi, Boende, Skola, Trygghet, …"),
        Column("polarity", "VARCHAR", "Which direction is good", allowed=POLARITIES),
        Column("aggregation", "VARCHAR", "How values of areas may be added up", allowed=AGGREGATIONS),
        Column("decimals", "INTEGER", "Decimals to show"),
        Column("part_of", "VARCHAR", "Indicator that this one is counted inside", nullable=True),
        Column("description", "VARCHAR", "Swedish definition: what is counted, and its base"),
        Column("caveats", "VARCHAR", "Swedish cautions, one per line; empty when none", nullable=True),
    ),
    key=("indicator_id",),
)

OBSERVATION = Table(
    "observation",
    "One figure: indicator x area x period x breakdown.",
    (
        Column("indicator_id", "VARCHAR", "What is measured"),
        Column("area_id", "VARCHAR", "Where"),
        Column("period_type", "VARCHAR", "Length of the period", allowed=PERIOD_TYPES),
        Column("period_start", "DATE", "First day"),
        Column("period_end", "DATE", "Last day, inclusive"),
        Column("period_label", "VARCHAR", "As shown: 2025, 2025 kv 2, mars 2025, 2024/25"),
        Column("breakdown", "VARCHAR", "Empty, or dimension=value pairs joined by |, e.g. kön=kvinnor"),
        Column("value", "DOUBLE", "The figure in the indicator's unit; empty unless it exists", nullable=True),
        Column("count", "DOUBLE", "Numerator behind the value, where known", nullable=True),
        Column("base", "DOUBLE", "Denominator or number asked behind the value, where known", nullable=True),
        Column("lower", "DOUBLE", "Lower 95 % limit published by the source", nullable=True),
        Column("upper", "DOUBLE", "Upper 95 % limit published by the source", nullable=True),
        Column("status", "VARCHAR", "What kind of figure it is", allowed=tuple(STATUSES)),
        Column("value_text", "VARCHAR", "The cell as published, where it is not a plain number", nullable=True),
        Column("delivery_id", "VARCHAR", "Delivery that brought it"),
    ),
    # A build is ordered by its keys: with the place first, what is asked about a place lies together, and the pages'
    # questions take a third to an eighth of the time (bench).
    key=("area_id", "indicator_id", "period_start", "period_end", "breakdown"),
    # An old file that comes late must not put a preliminary figure in the place of the final one.
    stand_in="r.status = 'preliminary'",
    day="r.period_start",
)

EVENT = Table(
    "event",
    "One event at a time and a place.",
    (
        Column("source_id", "VARCHAR", "Source"),
        Column("event_id", "VARCHAR", "The source's own id"),
        Column("category", "VARCHAR", "The source's own category"),
        Column("detail", "VARCHAR", "The source's own finer category", nullable=True),
        Column("code", "VARCHAR", "Offence code, four figures", nullable=True),
        Column("events", "BIGINT", "How many events the row stands for"),
        Column("reporter", "VARCHAR", "Organisation that reported it, never a person", nullable=True),
        Column("title", "VARCHAR", "Short text as published", nullable=True),
        Column("occurred_from", "TIMESTAMP", "Earliest time, Swedish local time", nullable=True),
        Column("occurred_to", "TIMESTAMP", "Latest time, Swedish local time", nullable=True),
        Column("time_note", "VARCHAR", "Why there is no event time, where there is none", nullable=True),
        Column("reported", "TIMESTAMP", "Time of report or publication, Swedish local time", nullable=True),
        Column("area_id", "VARCHAR", "Smallest known place; empty when unknown", nullable=True),
        Column("placement", "VARCHAR", "Where it took place, as far as is known", allowed=PLACEMENTS),
        Column("place_text", "VARCHAR", "Place as the source wrote it", nullable=True),
        Column("x", "DOUBLE", "East, SWEREF 99 TM, metres", nullable=True),
        Column("y", "DOUBLE", "North, SWEREF 99 TM, metres", nullable=True),
        Column(
            "precision",
            "VARCHAR",
            "What the point stands for",
            nullable=True,
            allowed=("address", "area", "municipality", "county"),
        ),
        Column("url", "VARCHAR", "Where it can be read", nullable=True),
        Column("delivery_id", "VARCHAR", "Delivery that brought it"),
    ),
    key=("source_id", "event_id"),
    day="coalesce(r.occurred_from, r.reported)",
)

SURVEY_QUESTION = Table(
    "survey_question",
    "What was asked in a survey.",
    (
        Column("source_id", "VARCHAR", "Survey"),
        Column("question_id", "VARCHAR", "Stable id of the question, the same every wave"),
        Column("text", "VARCHAR", "The question as it was asked"),
        Column(
            "kind",
            "VARCHAR",
            "What an answer is",
            allowed=("yes_no", "scale", "choice", "multi", "number"),
        ),
        Column("scale", "VARCHAR", "Answers in order, lowest first, one per line; empty without order", nullable=True),
        Column("position", "INTEGER", "Order in the survey"),
    ),
    key=("source_id", "question_id"),
)

SURVEY_ANSWER = Table(
    "survey_answer",
    "One answer of one respondent to one question; a question with several answers has several rows.",
    (
        Column("source_id", "VARCHAR", "Survey"),
        Column("wave", "VARCHAR", "Wave as shown: 2025, VT 2025"),
        Column("period_start", "DATE", "First day of the wave"),
        Column("period_end", "DATE", "Last day of the wave, inclusive"),
        Column("respondent", "VARCHAR", "Running number or the sender's own id, never a name"),
        Column("weight", "DOUBLE", "How many persons the respondent stands for; 1 without weights"),
        Column("area_id", "VARCHAR", "Smallest known place; empty when unknown", nullable=True),
        Column("placement", "VARCHAR", "Whether the place is known and here", allowed=PLACEMENTS),
        Column("groups", "VARCHAR", "dimension=value pairs joined by |, e.g. kön=Kvinna"),
        Column("question_id", "VARCHAR", "Question"),
        Column("answer", "VARCHAR", "The answer as given"),
        Column("value", "DOUBLE", "Place on the scale from 1, or the number given; empty otherwise", nullable=True),
        Column("delivery_id", "VARCHAR", "Delivery that brought it"),
    ),
    key=("source_id", "wave", "respondent", "question_id", "answer"),
    day="r.period_start",
)

SERIES_BREAK = Table(
    "series_break",
    "Points in time before and after which figures cannot be compared directly.",
    (
        Column("indicator_id", "VARCHAR", "Indicator that it concerns"),
        Column("period_start", "DATE", "First day after the break"),
        Column("why", "VARCHAR", "Swedish reason"),
        Column("reference", "VARCHAR", "Where this is stated"),
    ),
    key=("indicator_id", "period_start"),
)

SOURCE = Table(
    "source",
    "The declared sources, whether or not anything has been delivered yet.",
    (
        Column("source_id", "VARCHAR", "Stable id, the module's name"),
        Column("title", "VARCHAR", "Swedish title"),
        Column("producer", "VARCHAR", "Authority or organisation"),
        Column("citation", "VARCHAR", "How to cite it under a chart"),
        Column("licence", "VARCHAR", "Terms of use"),
        Column("url", "VARCHAR", "Where it is published"),
        Column("rhythm", "VARCHAR", "Swedish: how often it is updated"),
        Column("update_days", "INTEGER", "Days after which a newer delivery can be expected"),
        Column("levels", "VARCHAR", "Levels that it can speak of, comma separated"),
        Column("speaks_of", "VARCHAR", "Swedish: what it says about a place"),
        Column("kind", "VARCHAR", "What its rows are", allowed=SOURCE_KINDS),
        Column("protected", "BOOLEAN", "Whether small counts must be suppressed before showing"),
        Column("smallest", "INTEGER", "Counts from 1 up to this, itself left out, are hidden; empty: 5", nullable=True),
        Column("caveats", "VARCHAR", "Swedish cautions, one per line", nullable=True),
        Column("layouts", "VARCHAR", "Swedish: the file layouts recognised, one per line"),
        Column("fetchable", "BOOLEAN", "Whether it can be fetched over the network"),
    ),
    key=("source_id",),
)

DELIVERY = Table(
    "delivery",
    "Each file that the build is made of.",
    (
        Column("delivery_id", "VARCHAR", "Source and the first 12 characters of the file's hash"),
        Column("source_id", "VARCHAR", "Source"),
        Column("layout", "VARCHAR", "Layout that the file was read as"),
        Column("file", "VARCHAR", "File name as it came"),
        Column("sha256", "VARCHAR", "Hash of the file"),
        Column("bytes", "BIGINT", "Size"),
        Column("received_at", "TIMESTAMP", "When it was received, UTC"),
        Column("received_by", "VARCHAR", "Who brought it; öppna data for those that ship with the project"),
        Column("rows_read", "BIGINT", "Data rows found in the file"),
        Column("rows_kept", "BIGINT", "Rows that were used"),
        Column("rows_refused", "BIGINT", "Rows that could not be read"),
        Column("period_first", "DATE", "First day covered", nullable=True),
        Column("period_last", "DATE", "Last day covered", nullable=True),
        Column("sender", "VARCHAR", "Who sent a local spreadsheet; empty for official sources", nullable=True),
        Column("mapping", "VARCHAR", "How a local spreadsheet was read, as TOML", nullable=True),
        Column("checks", "VARCHAR", "What the check found, JSON list of store.intake.Finding", nullable=True),
        Column("original_kept", "BOOLEAN", "Whether the file is kept as it came, or only the columns used"),
    ),
    key=("delivery_id",),
)

REFUSAL = Table(
    "refusal",
    "Rows that could not be read, with place, reason and remedy.",
    (
        Column("delivery_id", "VARCHAR", "Delivery"),
        Column("sheet", "VARCHAR", "Sheet, where the file has sheets", nullable=True),
        Column("row", "BIGINT", "Row number in the file, from 1", nullable=True),
        Column("column", "VARCHAR", "Column", nullable=True),
        Column("value", "VARCHAR", "The value", nullable=True),
        Column("reason", "VARCHAR", "Swedish: what is wrong"),
        Column("remedy", "VARCHAR", "Swedish: what to do"),
    ),
    key=(),
)

SOURCE_PERIOD = Table(
    "source_period",
    "The periods that each source has figures, events or answers for; made from the other tables when a build is done.",
    (
        Column("source_id", "VARCHAR", "Source"),
        Column("period_start", "DATE", "First day"),
        Column("period_end", "DATE", "Last day, inclusive"),
    ),
    key=("source_id", "period_start", "period_end"),
)

EVENT_MONTH = Table(
    "event_month",
    "Events by month, place and category; made from the events when a build is done. Those outside are left out.",
    (
        Column("source_id", "VARCHAR", "Source"),
        Column("month", "DATE", "First day of the month of the event, or else of the report", nullable=True),
        Column("area_id", "VARCHAR", "Smallest known place; empty when unknown", nullable=True),
        Column("category", "VARCHAR", "The source's own category"),
        Column("events", "BIGINT", "How many"),
        Column("named", "BOOLEAN", "Whether any of them says who reported"),
    ),
    key=(),
)

MUNICIPALITY = Table(
    "municipality",
    "The configured municipalities (config/*.toml).",
    (
        Column("municipality_id", "VARCHAR", "Municipality code"),
        Column("name", "VARCHAR", "Name"),
        Column("peers", "VARCHAR", "Codes of the municipalities to compare with, comma separated"),
        Column("peers_source", "VARCHAR", "Swedish: where the choice of peers comes from"),
    ),
    key=("municipality_id",),
)

_ALL = (
    SOURCE, DELIVERY, REFUSAL, MUNICIPALITY, AREA, AREA_WITHIN, BOUNDARY, INDICATOR, OBSERVATION, EVENT,
    SURVEY_QUESTION, SURVEY_ANSWER, SERIES_BREAK, SOURCE_PERIOD, EVENT_MONTH,
)  # fmt: skip

TABLES: dict[str, Table] = {table.name: table for table in _ALL}

#: Tables whose rows a parser may return; the rest are made by the build.
PARSED_TABLES = ("area", "boundary", "indicator", "observation", "event", "survey_question", "survey_answer")
