"""The command line: ``python -m pipelines build · fetch · add · undo · status · demo · work · report`` and more."""

from __future__ import annotations

import json
import logging
import os
import sys
import tomllib
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from textwrap import fill
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from pipelines import catalogue as data_catalogue
from pipelines import engine, report_commands, work_commands
from pipelines import formats as formats_document
from pipelines.fetch import fetch_sources
from pipelines.municipalities import municipality_of
from pipelines.progress import Progress as Told
from pipelines.source import DeliveryError, sources
from pipelines.status import SourceStatus, statuses
from store.kinds import KINDS
from store.publish import BuildError
from store.settings import Settings
from store.warehouse import Build, current_build

app = typer.Typer(
    help="Från levererade filer till publicerade uppgifter. Börja med «build»; «status» visar vad som finns.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(work_commands.app, name="work")
app.command()(report_commands.report)

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Mapp för leveranser och byggen.")]
Output = Annotated[Path | None, typer.Option("--output", help="Fil att skriva till, i stället för skärmen.")]
AsJson = Annotated[bool, typer.Option("--json", help="Svara med JSON i stället för text.")]

_log = logging.getLogger("roda_traden")
_out = Console()
_err = Console(stderr=True)


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Visa var i programmet ett oväntat fel uppstod.")] = False,
) -> None:
    """Say what holds for every command."""
    if debug:
        logging.basicConfig()
        _log.setLevel(logging.DEBUG)


def _settings(data_dir: Path | None) -> Settings:
    return Settings(data_dir=data_dir) if data_dir else Settings()


@contextmanager
def _progress(as_json: bool) -> Iterator[Told]:
    """Progress on standard error, as a bar or as lines of JSON, so that standard output holds the answer alone."""
    if as_json:
        yield _tell_as_json
        return
    bar = Progress(BarColumn(), TextColumn("{task.percentage:>3.0f} %  {task.description}"), console=_err)
    with bar:
        task = bar.add_task("Börjar", total=1.0)
        yield lambda share, text: bar.update(task, completed=share, description=text)


def _tell_as_json(share: float, text: str) -> None:
    with suppress(BrokenPipeError):  # whoever listened has left; the work is done all the same
        typer.echo(json.dumps({"share": share, "text": text}, ensure_ascii=False), err=True)


def _complain(message: str) -> None:
    _err.print(message, style="red", highlight=False, markup=False, soft_wrap=True)


def _fail(message: str, as_json: bool, **details: Any) -> typer.Exit:
    if as_json:
        typer.echo(json.dumps({"ok": False, "error": message, **details}, ensure_ascii=False))
    else:
        _complain(message)
    return typer.Exit(1)


@contextmanager
def _limited() -> Iterator[None]:
    """Read files with limited memory, where the system can. Raises DeliveryError for one that takes more."""
    from pipelines.worker import TOO_LARGE, limited_memory

    try:
        with limited_memory():
            yield
    except MemoryError:
        raise DeliveryError(TOO_LARGE) from None


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
    except OSError as error:
        what = error.filename or "Datamappen"
        raise _fail(f"{what} kan inte läsas eller skrivas ({error.strerror or error}).", as_json) from None


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
    files: Annotated[list[Path], typer.Argument(help="Filer, mappar eller zip-filer att ta emot.")],
    source: Annotated[str | None, typer.Option("--source", help="Källans id, om den inte känns igen.")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Läs nya kalkylark så som föreslås, om inget behöver frågas.")
    ] = False,
    mapping: Annotated[
        list[Path] | None,
        typer.Option("--mapping", help="Tolkning (TOML) som svarar på frågorna. Kan anges flera gånger."),
    ] = None,
    kind: Annotated[str, typer.Option("--kind", help=f"Vad tabellerna innehåller: {', '.join(KINDS)}.")] = "",
    refused_to: Annotated[
        Path, typer.Option("--refused-to", help="Mapp där rader som avvisas sparas, en arbetsbok per fil.")
    ] = Path(),
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Lägg till filer: officiella till sin källa, andra kalkylark efter en tolkning.

    En fil som inte går att använda lämnas utanför. Måste något frågas läggs ingenting in: frågorna skrivs ut som JSON,
    och kommandot avslutas med 2.
    """
    from pipelines import telling
    from pipelines.adding import Wanted, add_files  # the readers of spreadsheets, which no other command waits for
    from pipelines.intake.workspace import read_mapping

    if source is not None and source not in sources():
        raise _fail(f"Källan {source} finns inte. Välj bland: {', '.join(sources())}.", as_json)
    if kind and kind not in KINDS:
        raise _fail(f"Sorten {kind} finns inte. Välj bland: {', '.join(KINDS)}.", as_json)
    if refused_to.exists() and not (refused_to.is_dir() and os.access(refused_to, os.W_OK)):
        raise _fail(f"{refused_to} är ingen mapp som går att skriva i. Ange en annan med --refused-to.", as_json)
    with _explained(as_json), _limited(), _progress(as_json) as progress:
        wanted = Wanted(source, kind, tuple(map(read_mapping, mapping or [])), yes)
        added = add_files(_settings(data_dir), files, wanted, refused_to, progress)
    if added.questions:
        refused = [vars(item) for item in added.refused]
        asked = {"ok": False, "questions": added.questions, "refused": refused, "checks": added.checks}
        typer.echo(json.dumps(asked, ensure_ascii=False, indent=None if as_json else 2))
        raise typer.Exit(2)
    answer = {
        "added": [_added_row(item) for item in added.official],
        "imported": [outcome.model_dump(mode="json", exclude={"findings", "questions"}) for outcome in added.local],
        "checks": added.checks,
    }
    text = "\n".join(telling.lines(answer["added"], added.local, added.checks))
    _published(added.build, as_json, added.refused, answer, text)


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
    before = current_build(settings.data_dir)
    with _explained(as_json), _progress(as_json) as progress:
        outcomes = fetch_sources(settings, source or fetchable, municipality_of(settings), progress)
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
def examine(
    file: Annotated[Path, typer.Argument(help="Fil att titta i.")],
    kind: Annotated[str, typer.Option("--kind", help=f"Vad tabellerna innehåller: {', '.join(KINDS)}.")] = "",
    data_dir: DataDir = None,
) -> None:
    """Visa hur en fil skulle läsas, som JSON. Ingenting skrivs."""
    from pipelines.intake import importer
    from pipelines.intake.workspace import Workspace

    with _explained(as_json=True), _limited(), _progress(as_json=True) as progress:
        workspace = Workspace.of(_settings(data_dir))
        found = importer.examine(workspace, file, kind=kind, progress=progress)
    typer.echo(found.model_dump_json(exclude_defaults=True))


@app.command()
def template(
    kind: Annotated[str, typer.Argument(help=f"Vad mallen är för: {', '.join(KINDS)}.")],
    output: Annotated[Path, typer.Option("--output", help="Arbetsbok att spara, till exempel mall.xlsx.")],
    form: Annotated[str, typer.Option("--form", help="Tabellens form, när det finns flera att välja på.")] = "",
) -> None:
    """Spara en mall att fylla i: en arbetsbok med rullistor, instruktion och exempelrad."""
    from pipelines.intake import templates

    with _explained(as_json=False):
        templates.write(output, kind, form, municipality_of(Settings()))
    typer.echo(f"Mallen ligger i {output}.")


@app.command()
def demo(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Gör en arbetsyta med påhittade uppgifter, skild från de riktiga, för att prova med."""
    from pipelines.demo.make import make_example

    with _explained(as_json), _progress(as_json) as progress:
        made = make_example(_settings(data_dir), progress)
    _say(
        as_json,
        {"ok": True, "build": made.id},
        f"Exempeldata är klara: bygge {made.id}. Slå på «Visa exempeldata» i menyn.",
    )


@app.command(hidden=True)
def worker(data_dir: DataDir = None) -> None:
    """Svara på en begäran från sidorna (JSON på standard in), i en egen process."""
    from pipelines.worker import serve

    serve(_settings(data_dir))


@app.command()
def catalogue(output: Output = None) -> None:
    """Skriv datakatalogen ur källornas deklarationer, som Markdown."""
    _write_document(data_catalogue.markdown(), output)


@app.command()
def formats(output: Output = None) -> None:
    """Skriv vilka lokala kalkylark som kan läsas in, och hur en tolkning ser ut, som Markdown."""
    _write_document(formats_document.markdown(), output)


def _write_document(text: str, output: Path | None) -> None:
    if output:
        output.write_bytes(text.encode())
    else:
        typer.echo(text, nl=False)


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


def main() -> None:
    """Run a command. An error of the program's own is one line; with ``--debug``, where it arose as well."""
    try:
        app()
    except Exception as error:
        _log.debug("", exc_info=error)
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} i {Path(frame.filename).name}, rad {frame.lineno}"
        message = f"Programmet stannade av ett eget fel ({where}). «python -m pipelines --debug …» visar mer."
        sys.exit(_fail(message, as_json="--json" in sys.argv).exit_code)


if __name__ == "__main__":
    main()
