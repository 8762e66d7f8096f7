"""The command line's ``work``: the municipality's own work as one file, its backups, and what there is.

The store is imported inside the commands: it takes a while to load, and no other command needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.settings import Settings

if TYPE_CHECKING:
    from store.records import Work

app = typer.Typer(
    help="Arbetet: problem, orsaker, åtgärder, mål och uppföljning. Säkerhetskopiera, återställ och flytta.",
    no_args_is_help=True,
)

File = Annotated[Path, typer.Argument(help="Filens namn.")]
Replace = Annotated[bool, typer.Option("--replace", help="Byt ut det som finns. Det gamla sparas bredvid.")]
DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Mapp för leveranser, byggen och arbetet.")]


@app.command()
def export(file: File, replace: Replace = False, data_dir: DataDir = None) -> None:
    """Spara hela arbetet som en JSON-fil, med historik och bilagor."""
    from store.records import backup as backups

    with _opened(data_dir) as (work, _):
        _written(file, backups.export(work.engine, file.absolute(), replace=replace))


@app.command(name="import")
def import_(file: File, data_dir: DataDir = None) -> None:
    """Läs in en JSON-fil från «export» där arbetet är tomt."""
    from store.records import backup as backups

    with _opened(data_dir) as (work, _):
        backups.import_json(work.engine, file)
        typer.echo(f"Arbetet är inläst från {file}.")


@app.command()
def backup(file: File, replace: Replace = False, data_dir: DataDir = None) -> None:
    """Säkerhetskopiera arbetet. Andra kan arbeta under tiden."""
    from store.records import backup as backups

    with _opened(data_dir) as (work, _):
        _written(file, backups.backup(work.engine, file.absolute(), replace=replace))


@app.command()
def restore(file: File, replace: Replace = False, data_dir: DataDir = None) -> None:
    """Återställ arbetet från en säkerhetskopia eller en export."""
    from store.records import backup as backups

    with _opened(data_dir) as (work, settings):
        kept = backups.restore(work.engine, file, settings.data_dir, replace=replace)
        typer.echo(f"Arbetet är återställt från {file}.")
        if kept:
            typer.echo(f"Det som fanns ligger i {kept}.")


@app.command()
def status(data_dir: DataDir = None) -> None:
    """Visa vad som finns i arbetet och när det ändrades senast."""
    from store.records import backup as backups

    with _opened(data_dir) as (work, settings):
        found = backups.contents(work.engine)
    changed = found["changed_at"]
    typer.echo(f"Databas:        {'PostgreSQL' if settings.records_url else settings.records}")
    typer.echo(f"Schema:         {found['schema']}")
    typer.echo(f"Senast ändrat:  {f'{changed.astimezone():%Y-%m-%d %H:%M}' if changed else '–'}")
    for name, count in found["rows"].items():
        if count:
            typer.echo(f"  {name:<16}{count:>8}")


@contextmanager
def _opened(data_dir: Path | None) -> Iterator[tuple[Work, Settings]]:
    """The work, and errors that a user can do something about as one message and exit code 1."""
    from store.records import WorkError, open_work

    settings = Settings(data_dir=data_dir) if data_dir else Settings()
    try:
        yield open_work(settings.records, settings.data_dir), settings
    except WorkError as error:
        raise _failed(str(error)) from None
    except OSError as error:
        raise _failed(
            f"{error.filename or 'Filen'} kan inte läsas eller skrivas ({error.strerror or error})."
        ) from None


def _failed(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(1)


def _written(file: Path, kept: Path | None) -> None:
    typer.echo(f"Arbetet är sparat i {file}.")
    if kept:
        typer.echo(f"Den gamla filen ligger i {kept}.")
