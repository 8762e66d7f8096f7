"""What was planted in the example, with numbers, so that tests can ask whether it is found."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class MadeFile(_Model):
    """One written file. ``mapping`` is the file in ``tolkningar/`` that answers what its import asks.

    ``rows`` are the data rows of all its tables, without totals. ``refused`` are rows, numbered as in the file, that
    cannot be read. ``outside`` lie in other municipalities; ``unplaced`` are of the municipality without a place.
    """

    file: str
    mapping: str
    series: str
    rows: int
    refused: tuple[int, ...] = ()
    outside: int = 0
    unplaced: int = 0


class Rate(_Model):
    """A category of events at a constant rate apart from the season.

    ``per_1000`` is events per 1 000 inhabitants and year, of which ``unplaced`` (a share) lack a place below the
    municipality. ``season`` are the shares of the year's months.
    """

    series: str
    category: str
    per_1000: float
    unplaced: float
    season: tuple[float, ...]


class Expected(_Model):
    """The expected number of placed events of a category in a district and year."""

    series: str
    category: str
    place: str
    year: int
    number: float


class Effect(_Model):
    """A measure that lowers some categories in one district; all other districts are unaffected."""

    series: str
    categories: tuple[str, ...]
    place: str
    place_name: str
    starts: str
    relative_risk: float
    controls: tuple[str, ...]


class Cluster(_Model):
    """Events planted within ``radius`` metres of a point (SWEREF 99 TM) beside the constant rate.

    ``background`` is the expected number of the category in the circle and the time without the cluster.
    """

    series: str
    category: str
    place: str
    deso: str
    east: float
    north: float
    radius: float
    first_day: str
    last_day: str
    planted: int
    background: float


class Reporting(_Model):
    """Incident reports of a place: registered rapporteurs by half-year; each reports at the same rate always.

    ``per_week`` is reports per registered rapporteur and week; in the summer weeks (28-32) half of them are away.
    """

    series: str
    place: str
    place_name: str
    rapporteurs: dict[str, int]
    per_week: float


class Share(_Model):
    """The true share, of those with an opinion, that gives any of the answers: the same in every wave.

    ``place`` is empty when it holds everywhere. Residents' shares are of the population: answers must be weighted.
    """

    series: str
    question: str
    answers: tuple[str, ...]
    place: str
    share: float


class Personal(_Model):
    """A file that must be stopped: the rows with personal data, numbered as in the file, and the kinds in them."""

    file: str
    mapping: str
    rows: dict[int, tuple[str, ...]]
    clean_rows: int


class Truth(_Model):
    """Everything that was planted. The same for the same seed and areas."""

    note: str
    seed: int
    municipality: str
    first_day: str
    last_day: str
    population: dict[str, int]
    files: tuple[MadeFile, ...]
    rates: tuple[Rate, ...]
    expected: tuple[Expected, ...]
    effect: Effect
    cluster: Cluster
    reporting: tuple[Reporting, ...]
    shares: tuple[Share, ...]
    personal: Personal

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n", "utf-8")

    @classmethod
    def read(cls, path: Path) -> Truth:
        """What ``write`` wrote."""
        return cls.model_validate_json(path.read_text("utf-8"))
