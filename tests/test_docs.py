"""The documents tell what is there: every command, option, setting, page and source, with links that lead somewhere."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
import typer
from pydantic import BaseModel

import start
from bench.__main__ import PARTS
from pipelines import formats
from pipelines.__main__ import app
from pipelines.catalogue import markdown
from pipelines.intake.workspace import read_mapping
from pipelines.municipalities import District, EstPlace, Municipality
from pipelines.source import sources
from store.intake import ColumnUse, Decisions, Mapping
from store.kinds import KINDS, Kind
from store.schema import STATUSES
from store.settings import PROJECT, Settings
from ui.nav import PAGES, PageSpec

DOCS = PROJECT / "docs"
HANDBOOK = DOCS / "handbok"
LARGEST_PICTURE = 300 * 1024

#: A link or picture of Markdown, ``[text](target)``; the target without its title.
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"python3? -m pipelines\b([^`\n]*)")


def documents() -> list[Path]:
    return [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8")


README = PROJECT / "README.md"
each_document = pytest.mark.parametrize("path", documents(), ids=name_of)


@cache
def commands() -> dict[str, click.Command]:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    return dict(_with_names(group, ""))


def _with_names(group: typer.core.TyperGroup, before: str) -> Iterator[tuple[str, click.Command]]:
    """Commands and those of groups in it, by what is written: «status», «work status»."""
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from _with_names(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def for_people() -> dict[str, click.Command]:
    """The commands that are not for the program itself."""
    return {name: command for name, command in commands().items() if not command.hidden}


def options() -> set[str]:
    """Every option of every command, beside ``--help``."""
    return {n for command in for_people().values() for p in command.params for n in p.opts if n.startswith("-")}


@pytest.mark.parametrize("command", for_people())
def test_every_command_is_described(command: str) -> None:
    chapter = "sakerhetskopia.md" if command.startswith("work ") else "hamta-och-lagga-till-uppgifter.md"
    for path in (README, HANDBOOK / chapter):
        assert f"python -m pipelines {command}" in text_of(path), name_of(path)


@pytest.mark.parametrize("option", sorted(options()))
def test_every_option_is_described(option: str) -> None:
    chapters = text_of(HANDBOOK / "hamta-och-lagga-till-uppgifter.md") + text_of(HANDBOOK / "sakerhetskopia.md")
    assert option in text_of(README)
    assert option in chapters


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_is_described_with_its_default(field: str) -> None:
    default = Settings.model_fields[field].default
    if isinstance(default, Path):
        default = default.relative_to(PROJECT).as_posix()
    shown = "empty" if default == "" else f"`{default}`"
    assert f"| `RODA_TRADEN_{field.upper()}` | {shown} |" in text_of(README)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"RODA_TRADEN_\w+", text_of(PROJECT / "start.py")))))
def test_every_variable_of_start_is_described(name: str) -> None:
    assert f"`{name}`" in text_of(README)


@pytest.mark.parametrize("name", sorted({n for p in documents() for n in re.findall(r"RODA_TRADEN_\w+", text_of(p))}))
def test_every_variable_in_the_documents_exists(name: str) -> None:
    fields = {f"RODA_TRADEN_{field.upper()}" for field in Settings.model_fields}
    assert name in fields or name in text_of(PROJECT / "start.py")


@pytest.mark.parametrize("command", re.findall(r"^    python3 (start\.py(?: \w+)?)", start.__doc__ or "", re.MULTILINE))
def test_every_command_of_start_is_described(command: str) -> None:
    assert f"python3 {command}" in text_of(README)


@pytest.mark.parametrize("spec", [spec for specs in PAGES.values() for spec in specs], ids=lambda spec: spec.folder)
def test_every_page_has_a_chapter(spec: PageSpec) -> None:
    assert text_of(HANDBOOK / f"{spec.folder}.md").startswith(f"# {spec.title}\n")
    assert f"]({spec.folder}.md)" in text_of(HANDBOOK / "index.md")


@pytest.mark.parametrize("path", sorted(HANDBOOK.glob("*.md")), ids=name_of)
def test_every_chapter_is_in_the_index(path: Path) -> None:
    assert path.name == "index.md" or f"]({path.name})" in text_of(HANDBOOK / "index.md")


@pytest.mark.parametrize("source_id", sources())
def test_every_source_is_described(source_id: str) -> None:
    source = sources()[source_id]
    assert f"| `{source_id}` | {source.producer} | {source.licence} |" in text_of(README)
    way = "över nätet eller som fil" if source.fetch else "som fil"
    assert f"| `{source_id}` | {way} |" in text_of(HANDBOOK / "kallor.md")


@pytest.mark.parametrize("model", [Municipality, District, EstPlace])
def test_every_field_of_a_municipality_is_described(
    model: type[Municipality] | type[District] | type[EstPlace],
) -> None:
    missing = [field for field in model.model_fields if field not in text_of(HANDBOOK / "ny-kommun.md")]
    assert missing == []


@pytest.mark.parametrize("decision", sorted((DOCS / "decisions").glob("0*.md")), ids=name_of)
def test_every_decision_is_listed(decision: Path) -> None:
    assert f"]({decision.name})" in text_of(DOCS / "decisions" / "README.md")


def test_the_catalogue_is_what_the_declarations_give() -> None:
    """When this fails: ``python -m pipelines catalogue --output docs/datakatalog.md``."""
    assert text_of(DOCS / "datakatalog.md") == markdown()


def test_the_catalogue_holds_every_measure_and_status() -> None:
    given = markdown()
    ids = [indicator.id for source in sources().values() for indicator in source.indicators]
    missing = [name for name in (*ids, *STATUSES, *sources()) if f"`{name}`" not in given]
    assert missing == []


def test_the_formats_are_what_the_declarations_give() -> None:
    """When this fails: ``python -m pipelines formats --output docs/filformat.md``."""
    assert text_of(DOCS / "filformat.md") == formats.markdown()


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.id)
def test_the_formats_hold_every_field_and_header(kind: Kind) -> None:
    chapter = formats.markdown().split(f'<a id="{kind.id}"></a>')[1].split("<a id=")[0]
    assert chapter.startswith(f"\n\n## {kind.label}\n")
    wanted = [f"`{option.id}` | {option.label} |" for option in kind.options]
    for form in kind.forms:
        wanted += [f"`{field.id}` | {field.label} |" for field in form.fields]
        wanted += [header for field in form.fields for header in field.synonyms]
        wanted += [form.label] if len(kind.forms) > 1 else []
    assert [text for text in wanted if text not in chapter] == []


@pytest.mark.parametrize("model", [Mapping, ColumnUse, Decisions])
def test_every_key_of_a_mapping_is_described(model: type[BaseModel]) -> None:
    chapter = formats.markdown().split("## Tolkningen")[1]
    assert [key for key in model.model_fields if f"| `{key}` | " not in chapter] == []


def test_the_mapping_in_the_formats_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "tolkning.toml").write_text(formats.markdown().split("```toml\n")[1].split("```")[0], "utf-8")
    assert read_mapping(tmp_path / "tolkning.toml").kind == "events"


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_the_bench_is_described(part: str) -> None:
    assert f"| `{part}` | " in text_of(DOCS / "bench.md")


@pytest.mark.parametrize("module", sorted((PROJECT / "pipelines" / "intake").glob("[!_]*.py")), ids=name_of)
def test_every_module_of_the_importer_is_on_the_map(module: Path) -> None:
    assert f"`{module.stem}`" in text_of(DOCS / "utveckling.md")


def targets(path: Path) -> Iterator[str]:
    for target in _LINK.findall(text_of(path)):
        if not target.startswith(("https://", "http://", "mailto:")):
            yield target


@cache
def anchors(path: Path) -> set[str]:
    """The places in a document that a link can lead to: headings as GitHub names them, and those set by hand."""
    headings = re.findall(r"^#+ (.+)$", text_of(path), re.MULTILINE)
    named = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return named | set(re.findall(r'<a id="([^"]+)">', text_of(path)))


@each_document
def test_links_and_pictures_lead_somewhere(path: Path) -> None:
    broken = []
    for target in targets(path):
        name, _, anchor = unquote(target).partition("#")
        found = (path.parent / name).resolve() if name else path
        if not found.is_file() or (anchor and anchor not in anchors(found)):
            broken.append(target)
    assert broken == []


@each_document
def test_commands_in_the_documents_exist(path: Path) -> None:
    for rest in _COMMAND.findall(text_of(path)):
        words = shlex.split(rest.replace("[", " ").replace("]", " "))
        if not words or not rest.startswith(" "):
            continue  # the name of the program alone
        command = next((name for name in (" ".join(words[:2]), words[0]) if name in commands()), None)
        if command:
            known = {name for p in commands()[command].params for name in p.opts} | {"--help"}
            assert {word for word in words[1:] if word.startswith("-")} <= known, rest
        else:
            pytest.fail(f"python -m pipelines {words[0]} does not exist")


@pytest.mark.parametrize("picture", sorted((DOCS / "images").glob("*.png")), ids=name_of)
def test_pictures_are_small_and_used(picture: Path) -> None:
    assert picture.stat().st_size < LARGEST_PICTURE
    assert any(target.endswith(f"images/{picture.name}") for path in documents() for target in targets(path))
