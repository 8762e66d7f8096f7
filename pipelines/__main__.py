"""The command line: ``python -m pipelines build · fetch · add · undo · status · catalogue``."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import fill
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from pipelines import catalogue as data_catalogue
from pipelines import engine
from pipelines.fetch import fetch_sources
from pipelines.municipalities import municipalities
from pipelines.source import DeliveryError, sources
from pipelines.status import SourceStatus, statuses
from store.publish import BuildError
from store.settings import Settings
from store.warehouse import Build, current_build

app = typer.Typer(
    help="Från levererade filer till publicerade uppgifter. Börja med «build»; «status» visar vad som finns.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Mapp för leveranser och byggen.")]
Output = Annotated[Path | None, typer.Option("--output", help="Fil att skriva till, i stället för skärmen.")]
AsJson = Annotated[bool, typer.Option("--json", help="Svara med JSON i stället för text.")]

_out = Console()
_err = Console(stderr=True)


def _settings(data_dir: Path | None) -> Settings:
    return Settings(data_dir=data_dir) if data_dir else Settings()


@contextmanager
def _progress(as_json: bool) -> Iterator[engine.Progress]:
    """Progress on standard error, as a bar or as lines of JSON, so that standard output holds the answer alone."""
    if as_json:
        yield lambda share, text: typer.echo(json.dumps({"share": share, "text": text}, ensure_ascii=False), err=True)
        return
    bar = Progress(BarColumn(), TextColumn("{task.percentage:>3.0f} %  {task.description}"), console=_err)
    with bar:
        task = bar.add_task("Börjar", total=1.0)
        yield lambda share, text: bar.update(task, completed=share, description=text)


def _complain(message: str) -> None:
    _err.print(message, style="red", highlight=False, markup=False, soft_wrap=True)


def _fail(message: str, as_json: bool, **details: Any) -> typer.Exit:
    if as_json:
        typer.echo(json.dumps({"ok": False, "error": message, **details}, ensure_ascii=False))
    else:
        _complain(message)
    return typer.Exit(1)


@contextmanager
def _explained(as_json: bool) -> Iterator[None]:
    """Turn the errors that a user can do something about into one message and exit code 1."""
    try:
        yield
    except DeliveryError as error:
        raise _fail(str(error), as_json) from None
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise _fail(f"En inställning eller en fil i config/ går inte att läsa: {error}", as_json) from None
    except BuildError as error:
        raise _fail(
            f"Ingenting har ändrats. Uppgifterna motsäger varandra:\n{error}", as_json, faults=error.faults
        ) from None


def _built(build: Build | None, refused: Sequence[engine.Refused]) -> dict[str, Any]:
    answer: dict[str, Any] = {"ok": not refused, "refused": [vars(item) for item in refused]}
    if build:
        answer |= {"build": build.id, "built_at": build.built_at.isoformat()}
    if refused:
        answer["error"] = "\n".join(item.why for item in refused)
    return answer


def _published(
    build: Build | None,
    as_json: bool,
    refused: Sequence[engine.Refused],
    answer: dict[str, Any],
    text: str,
    before: Build | None = None,
) -> None:
    """Answer, tell which files were refused, and exit with 1 if any was. ``before`` is the build that was current."""
    if build and before and build.id == before.id:
        text = f"{text}\nInget nytt; uppgifterna är oförändrade."
    elif build:
        text = f"{text}\nPublicerat: bygge {build.id}.".lstrip()
    _say(as_json, _built(build, refused) | answer, text)
    if refused:
        if not as_json:
            for item in refused:
                why = item.why.removeprefix(f"{item.file}: ")
                _complain(f"Inte mottagen: {item.file}: {why}")
        raise typer.Exit(1)


def _say(as_json: bool, answer: dict[str, Any], text: str) -> None:
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, default=str))
    else:
        _out.print(text, highlight=False, markup=False, soft_wrap=True)


@app.command()
def build(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Bygg om uppgifterna ur alla leveranser och publicera dem."""
    with _explained(as_json), _progress(as_json) as progress:
        made = engine.build(_settings(data_dir), progress)
    _published(made.build, as_json, made.refused, {}, "")


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="Filer att ta emot.")],
    source: Annotated[str | None, typer.Option("--source", help="Källans id, om den inte känns igen.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Ta emot en eller flera filer och publicera dem. En fil som inte går att använda lämnas utanför."""
    if source is not None and source not in sources():
        raise _fail(f"Källan {source} finns inte. Välj bland: {', '.join(sources())}.", as_json)
    with _explained(as_json), _progress(as_json) as progress:
        found = [path for path in files if path.is_file()]
        added = engine.add(_settings(data_dir), found, source_id=source, progress=progress)
    refused = (*(_not_there(path) for path in files if not path.is_file()), *added.refused)
    rows = [_added_row(item) for item in added.accepted]
    lines = []
    for row in rows:
        known = " (fanns redan)" if row["already_known"] else ""
        lines.append(
            f"{row['file']}{known}: leverans {row['delivery']}, "
            f"{row['rows_kept']} av {row['rows_read']} rader används, {len(row['refusals'])} avvisade."
        )
        lines += [f"  rad {r['row'] or '–'}: {r['reason']} {r['remedy']}" for r in row["refusals"][:10]]
    _published(added.build, as_json, refused, {"added": rows}, "\n".join(lines))


def _not_there(path: Path) -> engine.Refused:
    what = (
        "är en mapp, inte en fil. Ange filerna i den" if path.is_dir() else "finns inte. Kontrollera namnet och mappen"
    )
    return engine.Refused(path.name, f"{path} {what}.")


def _added_row(item: engine.Accepted) -> dict[str, Any]:
    return {
        "delivery": item.staged.delivery.delivery_id,
        "file": item.staged.delivery.file,
        "source": item.staged.delivery.source_id,
        "rows_read": item.staged.rows_read,
        "rows_kept": item.staged.rows_kept,
        "refusals": item.staged.refusals,
        "already_known": item.already_known,
    }


@app.command()
def undo(
    delivery: Annotated[str, typer.Argument(help="Leveransens id; se «status».")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Ta bort en leverans ur uppgifterna. Filen ligger kvar och kan läggas till igen med «add»."""
    with _explained(as_json), _progress(as_json) as progress:
        made = engine.undo(_settings(data_dir), delivery, progress=progress)
    _published(made.build, as_json, made.refused, {}, f"Leveransen {delivery} används inte längre.")


@app.command()
def fetch(
    source: Annotated[list[str] | None, typer.Argument(help="Källor att hämta; utan namn hämtas alla.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Hämta nya uppgifter från källornas servrar och publicera dem."""
    fetchable = [s.id for s in sources().values() if s.fetch]
    unknown = sorted(set(source or []) - set(fetchable))
    if unknown:
        raise _fail(f"Kan inte hämta {', '.join(unknown)}. Välj bland: {', '.join(fetchable)}.", as_json)
    settings = _settings(data_dir)
    municipality = municipalities().get(settings.municipality)
    if municipality is None:
        raise _fail(f"Kommunen {settings.municipality} har ingen fil i config/.", as_json)
    before = current_build(settings.data_dir)
    with _explained(as_json), _progress(as_json) as progress:
        outcomes = fetch_sources(settings, source or fetchable, municipality, progress)
        made = engine.build(settings, progress)
    failed = [outcome for outcome in outcomes if outcome.error]
    answer = {"ok": not failed and not made.refused, "sources": [vars(outcome) for outcome in outcomes]}
    _published(made.build, as_json, made.refused, answer, "\n".join(str(outcome) for outcome in outcomes), before)
    if failed:
        raise typer.Exit(1)


@app.command()
def status(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Visa varje källa: läge, senaste uppgift, rader, licens och leveranser."""
    with _explained(as_json):
        found = statuses(_settings(data_dir))
    if as_json:
        typer.echo(json.dumps([vars(item) for item in found], ensure_ascii=False, default=str))
        return
    # Not a table: in a narrow window it folds the ids, which «undo» must have whole.
    typer.echo("\n\n".join(_status_block(item) for item in found))


@app.command()
def catalogue(output: Output = None) -> None:
    """Skriv datakatalogen ur källornas deklarationer, som Markdown."""
    if output:
        output.write_bytes(data_catalogue.markdown().encode())
    else:
        typer.echo(data_catalogue.markdown(), nl=False)


def _status_block(item: SourceStatus) -> str:
    period = f"{item.period_first} – {item.period_last}" if item.period_first else "–"
    facts = {
        "Läge": item.standing,
        "Senaste uppgift": item.newest_period or "–",
        "Period": period,
        "Uppdateras": item.rhythm.rstrip("."),
        "Rader": f"{item.rows_read} lästa, {item.rows_kept} använda, {item.rows_refused} avvisade",
        "Licens": item.licence,
        "Leveranser": "«undo» tar bort en" if item.deliveries else "ingen än",
    }
    lines = [f"{item.title} ({item.source_id})"]
    lines += [fill(f"  {f'{name}:':<17}{text}", 79, subsequent_indent=" " * 19) for name, text in facts.items()]
    for delivery_id, file, day in item.deliveries:
        lines += [f"    {delivery_id}", f"      {day}  {file}"]
    return "\n".join(lines)


if __name__ == "__main__":
    app()
