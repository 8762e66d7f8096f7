"""House rules that a reader cannot be trusted to see: who may import whom, and what never occurs."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LARGEST_FILE = 1024 * 1024

#: For each part of the house: the parts that it may import, beside itself.
MAY_IMPORT = {
    "app": {"ui", "reports", "charts", "analysis", "queries", "store"},
    "pages": {"ui", "reports", "charts", "analysis", "queries", "store"},
    "ui": {"queries", "store", "charts", "reports"},
    "reports": {"charts", "analysis", "queries", "store"},
    "queries": {"store", "analysis"},
    "pipelines": {"store", "analysis", "charts", "reports"},
    "store": set(),
    "charts": set(),
    "analysis": set(),
}
#: Libraries that belong to certain parts only.
OWNERS = {
    "streamlit": {"app", "pages", "ui"},
    "duckdb": {"store"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "psycopg": {"store"},
    "geopandas": {"pipelines"},
    "shapely": {"pipelines"},
    "pyogrio": {"pipelines"},
}
#: What a page may not cost before it is used.
HEAVY = [
    "geopandas", "shapely", "scipy", "statsmodels", "pandera", "openpyxl", "pptx", "docx", "typst", "xlsxwriter",
    "pipelines",
]  # fmt: skip
#: Functions whose argument is a statement, by the position and name of that argument.
STATEMENT = {"fetch": (1, "sql"), "execute": (0, "query"), "executemany": (0, "query"), "sql": (0, "query")}


def modules() -> list[Path]:
    folders = [part for part in MAY_IMPORT if part != "app"]
    return [ROOT / "app.py", *sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))]


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module that a piece of code imports, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import on line {node.lineno}"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


each_module = pytest.mark.parametrize("path", modules(), ids=name_of)


@each_module
def test_imports_go_one_way(path: Path) -> None:
    part = part_of(path)
    ours = {name.partition(".")[0] for name in imported(parsed(path))} & MAY_IMPORT.keys()
    assert ours <= MAY_IMPORT[part] | {part}


@each_module
def test_libraries_stay_with_their_owner(path: Path) -> None:
    part = part_of(path)
    used = {name.partition(".")[0] for name in imported(parsed(path))}
    assert not {library for library, owners in OWNERS.items() if library in used and part not in owners}


@pytest.mark.parametrize("path", [p for p in modules() if part_of(p) in ("app", "pages")], ids=name_of)
def test_pages_reach_only_the_records_of_the_store(path: Path) -> None:
    names = {name for name in imported(parsed(path)) if name.startswith("store")}
    assert all(name == "store" or name.startswith("store.records") for name in names)


def test_no_page_lies_flat() -> None:
    """A flat ``pages/*.py`` would be run by Streamlit itself, past app.py and its login gate."""
    assert list((ROOT / "pages").glob("*.py")) == []


@each_module
def test_no_html_is_let_through_and_no_button_is_primary(path: Path) -> None:
    """Primary buttons have white text, which the accent of the dark theme is too light for (docs/decisions).

    The one function that gives them another text is ``ui.parts.primary_button``.
    """
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.keyword):
            assert node.arg != "unsafe_allow_html", f"line {node.value.lineno}"
            primary = node.arg == "type" and isinstance(node.value, ast.Constant) and node.value.value == "primary"
            assert not primary or name_of(path) == "ui/parts.py", f"line {node.value.lineno}"


def pasted_statements(tree: ast.AST) -> Iterator[int]:
    """Lines where a statement that is put together from values goes to the database."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if function not in STATEMENT:
            continue
        position, name = STATEMENT[function]
        named = next((word.value for word in node.keywords if word.arg == name), None)
        statement = node.args[position] if len(node.args) > position else named
        if statement is not None and is_pasted(statement):
            yield node.lineno


def is_pasted(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(value, ast.FormattedValue) for value in node.values)
    if isinstance(node, ast.BinOp):  # "…" % value, or "…" + value where either side is not a fixed text
        return not all(isinstance(side, ast.Constant) or is_fixed_sum(side) for side in (node.left, node.right))
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"


def is_fixed_sum(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and not is_pasted(node)


@pytest.mark.parametrize(
    ("code", "pasted"),
    [
        ("fetch(build, 'select 1', {})", False),
        ("fetch(build, SQL, {})", False),
        ("fetch(build, f'select {x}')", True),
        ("fetch(build, sql=f'select {x}')", True),
        ("con.execute('select %s' % x)", True),
        ("con.execute('select ' + x)", True),
        ("con.execute('select ' 'a')", False),
        ("con.execute('select ' + 'a' + 'b')", False),
        ("con.execute('select {}'.format(x))", True),
    ],
)
def test_pasted_statements_are_seen(code: str, pasted: bool) -> None:
    assert bool(list(pasted_statements(ast.parse(code)))) is pasted


@pytest.mark.parametrize("path", [p for p in modules() if part_of(p) != "store"], ids=name_of)
def test_statements_are_never_pasted_together(path: Path) -> None:
    """Outside the store. Inside it, names of tables and columns come from the schema, which no user can reach."""
    assert list(pasted_statements(parsed(path))) == []


def tracked() -> list[Path]:
    """Files of the project: tracked, or new and not ignored; without git, all but hidden folders and run-time data."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listing.stdout.split("\0") if listing.returncode == 0 else []
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_no_file_is_large() -> None:
    assert {name_of(path): path.stat().st_size for path in tracked() if path.stat().st_size > LARGEST_FILE} == {}


def code_of_imports(path: Path) -> str:
    """The import statements that run when a module is run, as code."""
    statements = [node for node in parsed(path).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join(ast.unparse(node) for node in statements)


def served() -> list[Path]:
    return [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    """One page after the other in one process: the first that is named loads something."""
    steps = {name_of(path): code_of_imports(path) for path in served()}
    program = f"""import json, sys
for name, imports in {steps!r}.items():
    exec(imports, {{}})
    print(json.dumps([name, sorted({set(HEAVY)!r} & set(sys.modules))]))"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    assert told == [[name, []] for name in steps]
