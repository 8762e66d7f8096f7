"""The command line's ``report``: the ready documents as files, for a job every week or month."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Annotated, Any

import typer

from store.settings import Settings
from store.warehouse import current_build

if TYPE_CHECKING:
    from reports.documents import Document
    from store.records import Row, Work

Name = Annotated[str, typer.Argument(help="Dokumentets namn; «--list» visar vilka som finns.")]
Listed = Annotated[bool, typer.Option("--list", help="Visa vilka dokument som finns.")]
Format = Annotated[str, typer.Option("--format", help="Filformat, med komma mellan: docx,pdf,pptx,xlsx.")]
Out = Annotated[Path, typer.Option("--out", help="Mapp att skriva till; skapas om den inte finns.")]
Place = Annotated[str, typer.Option("--place", help="Bara för den platsen: namn eller områdeskod.")]
Period = Annotated[str, typer.Option("--period", help="Bara för den perioden, till exempel 2025.")]
Number = Annotated[int | None, typer.Option("--id", help="Numret på den lägesbild eller plan som det gäller.")]
Example = Annotated[bool, typer.Option("--example", help="Ur exempelarbetsytan.")]
DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Mapp för leveranser, byggen och arbetet.")]
AsJson = Annotated[bool, typer.Option("--json", help="Svara med JSON i stället för text.")]


class _RefusedError(Exception):
    """Why there is no document, in Swedish."""


def report(
    name: Name = "",
    listed: Listed = False,
    form: Format = "pdf",
    out: Out = Path(),
    place: Place = "",
    period: Period = "",
    number: Number = None,
    example: Example = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Skriv ett färdigt dokument som Word, PDF eller PowerPoint: det senast beslutade, annars det senaste utkastet."""
    from reports.documents import DOCUMENTS
    from store.records import WorkError

    if listed or not name:
        _say(as_json, {"documents": [{"name": one.name, "title": one.title, "purpose": one.purpose}
                                     for one in DOCUMENTS.values()]},
             "\n".join(f"{one.name:<16}{one.title}. {one.purpose}" for one in DOCUMENTS.values()))  # fmt: skip
        return
    settings = Settings(data_dir=data_dir) if data_dir else Settings()
    try:
        files = _files(settings.example if example else settings, name, form.split(","), out, (place, period, number))
    except (_RefusedError, WorkError, LookupError) as problem:
        raise _failed(as_json, str(problem)) from None
    except OSError as error:
        what = error.filename or "Mappen"
        raise _failed(as_json, f"{what} kan inte läsas eller skrivas ({error.strerror or error}).") from None
    _say(as_json, {"ok": True, "files": [str(file) for file in files]}, "\n".join(f"Skrivet: {file}" for file in files))


def _files(
    settings: Settings, name: str, forms: Sequence[str], out: Path, wanted: tuple[str, str, int | None]
) -> list[Path]:
    """All the files, or none: they are made before the first is written."""
    from charts.swedish import today
    from reports.documents import DOCUMENTS
    from reports.forms import FORMS, file_name, write
    from reports.theme import ThemeError, theme_of
    from store.records import open_work

    chosen = [one.strip().lower() for one in forms]
    unknown = [one for one in chosen if one not in FORMS]
    if unknown:
        raise _RefusedError(f"Formatet «{unknown[0]}» finns inte. Välj bland {', '.join(FORMS)}.")
    document = DOCUMENTS.get(name)
    if document is None:
        raise _RefusedError(f"Dokumentet «{name}» finns inte. Välj bland {', '.join(DOCUMENTS)}.")
    build = current_build(settings.data_dir)
    if build is None:
        raise _RefusedError(f"Det finns inga uppgifter i {settings.data_dir}. Börja med «build».")
    work = open_work(settings.records, settings.data_dir)
    made = document.compose(work, build, _row(work, document, *wanted).id, today())
    try:
        theme = theme_of(settings.municipality)
    except ThemeError as problem:
        raise _RefusedError(str(problem)) from None
    contents = {file_name(made, one): write(made, theme, one) for one in chosen}
    out.mkdir(parents=True, exist_ok=True)
    return [_put(out / file, content) for file, content in contents.items()]


def _row(work: Work, document: Document, place: str, period: str, number: int | None) -> Row:
    """The row that is meant: the one with the number, else the newest decided one, else the newest draft."""
    wanted: dict[str, Any] = dict(document.of)
    rows: list[Any] = work.all(document.model, **wanted)
    if number is not None:
        rows = [one for one in rows if one.id == number]
    if place:
        rows = [one for one in rows if place.casefold() in _places(one)]
    if period:
        rows = [one for one in rows if period in _period(one)]
    if not rows:
        raise _RefusedError(
            f"Det finns inget att skriva «{document.title}» om med de valen. Kontrollera plats, period och id."
        )
    return max(rows, key=lambda one: (one.decided_on is not None, one.decided_on or one.created_at.date(), one.id))  # type: ignore[no-any-return]


def _places(row: Any) -> set[str]:
    """What a row's place is called. A plan is about the whole municipality, which its situation picture names."""
    named = [getattr(row, name, "") for name in ("place_id", "place")]
    return {one.casefold() for one in (*named, named[1].removesuffix(" kommun")) if one}


def _period(row: Any) -> str:
    """The years that a row is about, as text to look in."""
    days = (getattr(row, "starts_on", None), getattr(row, "ends_on", None))
    return " ".join([getattr(row, "period", ""), row.title, *(str(day.year) for day in days if day)])


def _put(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all."""
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=path.suffix, delete=False) as file:
        file.write(content)
    return Path(file.name).replace(path)


def _say(as_json: bool, answer: dict[str, Any], text: str) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False) if as_json else text)


def _failed(as_json: bool, message: str) -> typer.Exit:
    typer.echo(json.dumps({"ok": False, "error": message}, ensure_ascii=False) if as_json else message, err=not as_json)
    return typer.Exit(1)
