"""What the importer and those who ask it say to each other: where a table stands, how it is read, what was found.

Pydantic models, so that the page and the importer's own process can hand them over as JSON, and a saved mapping is
the same thing as TOML. Texts in Swedish. Rows and columns are numbered from 1, as in the file.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Severity = Literal["stop", "warning", "note"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Spot(_Model):
    """Where a table stands on its sheet. ``header_row`` is 0 when it has no headers."""

    sheet: str
    header_row: int = Field(ge=0)
    header_rows: int = Field(ge=0, le=5)
    first_row: int = Field(ge=1)
    last_row: int = Field(ge=0)
    first_column: int = Field(ge=1)
    last_column: int = Field(ge=1)


class ColumnUse(_Model):
    """What one column is used for. ``field`` is one of the kind's (store.kinds); columns not listed are not stored."""

    header: str
    field: str
    #: For fields that repeat: the question's, group's, measure's or number's own name; the header when empty.
    name: str = ""
    #: The order of an answer scale, lowest first; empty when the answers have no order.
    scale: tuple[str, ...] = ()
    #: What parts several answers in one cell; empty when a cell holds one.
    separator: str = ""
    unit: str = ""


class Decisions(_Model):
    """What a person must decide about a delivery; empty until it has been asked and answered."""

    #: A row or cell with personal data: the row is stopped, or the cell masked.
    personal_data: Literal["", "stop", "mask"] = ""
    #: Rows of earlier deliveries in the same period: replaced at the places that the new ones have, replaced wherever
    #: they lie, or kept beside the new ones.
    overlap: Literal["", "replace", "replace_all", "add"] = ""
    #: That a table comes from the sender whose saved mapping it is like, or from another.
    same_sender: Literal["", "yes", "no"] = ""
    #: That a delivery much smaller than the last one is right.
    shrunken: bool = False
    #: That refused rows may be left out and the rest go in.
    refused_rows: bool = False


class Mapping(_Model):
    """How a sender's tables are read: saved under a name, recognised the next time, and the form of ``--mapping``."""

    name: str
    sender: str = ""
    kind: str
    form: str = ""
    columns: tuple[ColumnUse, ...] = ()
    #: All headers of the table that the mapping was made from, also of columns that are not stored.
    headers: tuple[str, ...] = ()
    options: dict[str, str] = {}
    #: The order of day and month where figures alone do not tell: 4/3 2025.
    date_order: Literal["", "dmy", "mdy", "ymd"] = ""
    decimal: Literal["", ",", "."] = ""
    coordinates: Literal["", "wgs84", "sweref99tm", "rt90"] = ""
    #: The sender's own place names, as the person who imported explained them: name -> area_id, or «utanför».
    places: dict[str, str] = {}
    #: Where the table stands, when it was pointed out; empty when the file's own signs are enough.
    spot: Spot | None = None
    decisions: Decisions = Decisions()


class Choice(_Model):
    """One answer that a question can have."""

    value: str
    label: str


class Question(_Model):
    """Something that must be asked before anything is written. ``key`` is the place in the mapping that answers it."""

    id: str
    key: str
    text: str
    why: str = ""
    choices: tuple[Choice, ...] = ()
    suggestion: str = ""
    examples: tuple[str, ...] = ()


class Finding(_Model):
    """One line of the check report: what, where, by which rule, and what to do."""

    severity: Severity
    rule: str
    text: str
    remedy: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    count: int = 1


class ColumnView(_Model):
    """A column as the page shows it: what it is suggested to be and why, and what its cells look like.

    ``field`` is empty when the column is suggested to be left out. ``sure`` is from 0 to 1.
    """

    header: str
    field: str = ""
    name: str = ""
    reason: str = ""
    sure: float = 0.0
    samples: tuple[str, ...] = ()
    filled: int = 0
    distinct: int = 0
    personal: str = ""


class PlaceView(_Model):
    """A place name that could not be told, how many rows have it, and the areas that it could be."""

    text: str
    rows: int
    candidates: tuple[Choice, ...] = ()


class Change(_Model):
    """One line of the comparison with the delivery before: what it concerns, before and now."""

    what: str
    before: str
    now: str
    #: Whether a person should look at it.
    notable: bool = False


class Overlap(_Model):
    """An earlier delivery with rows on days that the new one covers."""

    file: str
    #: The days of those rows.
    period: str
    #: How many rows (of a survey, respondents) it has at places that the new one has too, and those places.
    there: int
    places: tuple[str, ...] = ()
    #: How many the new one has on those days.
    here: int
    #: How many it has at other places, and those places.
    elsewhere: int = 0
    other_places: tuple[str, ...] = ()
    #: Some of its rows in words, those at places in common first.
    rows: tuple[str, ...] = ()


class Counts(_Model):
    """What became of the rows of a table."""

    read: int = 0
    kept: int = 0
    refused: int = 0
    stopped: int = 0
    masked: int = 0
    #: Of the kept: with a place here, outside the municipality, and without a known place.
    placed: int = 0
    outside: int = 0
    unplaced: int = 0


class TableView(_Model):
    """One table of a file: where it stands, how it would be read, and what that would give."""

    spot: Spot
    title: str = ""
    #: The sheet's cells around the beginning of the table as they are, from row ``preview_row`` and column
    #: ``preview_column`` on; personal data in them is masked.
    preview: tuple[tuple[str, ...], ...] = ()
    preview_row: int = 1
    preview_column: int = 1
    columns: tuple[ColumnView, ...] = ()
    #: Rows that were left out as totals or notes: (row number, text).
    left_out: tuple[tuple[int, str], ...] = ()
    mapping: Mapping | None = None
    #: The saved mapping that it was recognised by, and what differs from the headers of that time.
    known_as: str = ""
    differences: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    findings: tuple[Finding, ...] = ()
    #: Place names that a person can explain, the most common first.
    places: tuple[PlaceView, ...] = ()
    counts: Counts = Counts()
    period: str = ""
    compared_with: str = ""
    comparison: tuple[Change, ...] = ()
    #: Rows of earlier deliveries that lie in the same period, per delivery.
    overlaps: tuple[Overlap, ...] = ()
    #: Deliveries that already hold exactly this table, read the same way.
    already: tuple[str, ...] = ()


class SheetView(_Model):
    """A sheet on which no table was found, for a person to point one out: its first cells, personal data masked."""

    name: str
    rows: int
    columns: int
    preview: tuple[tuple[str, ...], ...] = ()
    preview_row: int = 1


class Official(_Model):
    """The known official layout that a file was recognised as."""

    source_id: str
    title: str
    layout: str


class Examination(_Model):
    """What was found in one delivered file."""

    file: str
    bytes: int
    #: How it was read, for people: «Excel-arbetsbok, 3 blad», «text, Windows-1252, semikolon».
    read_as: str = ""
    #: Every sheet of the file, also those where no table was found.
    sheets: tuple[str, ...] = ()
    official: Official | None = None
    tables: tuple[TableView, ...] = ()
    #: The sheets that are not empty and where no table was found.
    bare: tuple[SheetView, ...] = ()
    #: Why nothing, or not all, of the file could be read.
    problems: tuple[str, ...] = ()

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """The questions of all tables."""
        return tuple(question for table in self.tables for question in table.questions)


class Taken(_Model):
    """One table that went in as a delivery."""

    delivery_id: str
    source_id: str
    title: str
    counts: Counts
    period: str = ""
    #: The saved mapping that it was read by; empty for a new sender.
    known_as: str = ""
    #: Nothing changed: the same table, read the same way, was there before.
    already: bool = False


class Outcome(_Model):
    """What became of an import. ``build`` is empty, and nothing is written, while questions are open."""

    file: str
    build: str = ""
    taken: tuple[Taken, ...] = ()
    #: What must be answered first; the tables' order is the examination's.
    questions: tuple[Question, ...] = ()
    findings: tuple[Finding, ...] = ()
    #: A workbook with the refused rows and their reasons, to mend and import again; empty when none were.
    refused_file: str = ""
    problems: tuple[str, ...] = ()
