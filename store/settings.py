"""Settings of an installation, read from the environment (RODA_TRADEN_…) or a file ``.env`` beside app.py."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).parent.parent

#: The folder of the example workspace, inside the data folder.
EXAMPLE = "exempel"

#: What keeps the work or tells how documents look, and no figures.
_NO_FIGURES = (PROJECT / "store" / "records", PROJECT / "store" / "migrations", PROJECT / "config" / "tema")


class Settings(BaseSettings):
    """One installation. Every field has a default that works without server, account or network."""

    model_config = SettingsConfigDict(env_prefix="RODA_TRADEN_", env_file=PROJECT / ".env", extra="ignore")

    data_dir: Path = Field(PROJECT / "data", description="Deliveries, staged files and builds")
    open_dir: Path = Field(PROJECT / "data" / "open", description="Open figures that ship with the project")
    municipality: str = Field("0188", pattern=r"^\d{4}$", description="Municipality that the pages are about")
    keep_builds: int = Field(5, ge=1, description="How many unpinned builds to keep")
    hosts: dict[str, str] = Field({}, description="Mirrors: host name to base URL, as JSON")
    contact: str = Field("", description="E-mail or URL told to the servers that figures are fetched from")
    records_url: str = Field(
        "", description="The work's database, as postgresql+psycopg://user:password@host/database; empty: SQLite"
    )
    tiles: str = Field("", description="Address of background map tiles, with {z}, {x} and {y}; empty: no background")
    tiles_attribution: str = Field("", description="Whom the background map must be credited to")

    @property
    def example(self) -> Settings:
        """The same installation's example workspace: everything made up, in a folder of its own."""
        return self.model_copy(update={"data_dir": self.data_dir / EXAMPLE, "records_url": ""})

    @property
    def records(self) -> str | Path:
        """Where the work is kept, for ``store.records.open_work``."""
        return self.records_url or self.data_dir / "records.sqlite"

    @field_validator("data_dir", "open_dir")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        # A relative folder counts from where the program was started; builds are made by a process started elsewhere.
        return folder.expanduser().absolute()


def shipped_version(open_dir: Path) -> str:
    """A hash of what ships with the project and decides a build: open figures, configuration, importers and schema.

    The work's own tables and the look of documents decide none. A build made with another version is out of date, as
    after an update of the project.
    """
    digest = hashlib.sha256()
    folders = (open_dir, PROJECT / "data" / "open", PROJECT / "config", PROJECT / "pipelines", PROJECT / "store")
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"):
            if any(path.is_relative_to(other) for other in _NO_FIGURES):
                continue
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
