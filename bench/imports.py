"""What the server imports when it starts and when each page is first opened, and what that costs."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from bench.report import Measured, print_table, tell
from bench.servers import environment
from pipelines import engine
from store.settings import PROJECT, Settings
from ui import nav

ROUNDS = 2  # the first compiles the modules
HEAVIEST = 15
#: Modules that no page may load merely by being opened.
HEAVY = ("geopandas", "scipy.stats", "statsmodels", "pandera", "openpyxl", "kaleido")

_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| +(\S+)")
_SERVER = "import streamlit.web.cli, streamlit.web.bootstrap, streamlit.testing.v1"
_OPEN = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=120).run()
assert not app.exception, app.exception
if sys.argv[1]:
    app.switch_page(sys.argv[1]).run()
"""


def main(rounds: int) -> None:
    """Import times of the server alone, of the start page, and of each further page; the best of the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        engine.build(Settings(data_dir=Path(folder)))
        surroundings = environment(Path(folder))
        server = _best(
            "import streamlit.web.cli, streamlit.web.bootstrap, streamlit.testing.v1", "", surroundings, rounds
        )
        folders = [spec.folder for specs in nav.PAGES.values() for spec in specs]
        loaded = {
            page: _best(_OPEN, "" if page == folders[0] else f"pages/{page}/page.py", surroundings, rounds)
            for page in folders
        }
    rows = [Measured("Server alone (Streamlit)", f"{_seconds(server):.2f} s")]
    for page, modules in loaded.items():
        found = [name for name in HEAVY if name in modules]
        told = f"{_seconds(modules) - _seconds(server):.2f} s more"
        rows.append(Measured(f"{page}, {told}", ", ".join(found) or "none heavy", "none heavy", not found))
    tell(
        "Imports",
        rows,
        f"Heavy: {', '.join(HEAVY)}. Seconds as -X importtime counts them, which itself slows imports.",
        "Every page is opened as by the server's first visitor: through app.py and the start page.",
    )
    _tell_heaviest({name: spent for modules in loaded.values() for name, spent in modules.items()}, loaded)


def _best(code: str, argument: str, surroundings: dict[str, str], rounds: int) -> dict[str, int]:
    """Modules with their own microseconds, from the quickest of the rounds."""
    return min((_imports(code, argument, surroundings) for _ in range(rounds)), key=_seconds)


def _imports(code: str, argument: str, surroundings: dict[str, str]) -> dict[str, int]:
    command = [sys.executable, "-X", "importtime", "-c", code, argument]
    done = subprocess.run(command, cwd=PROJECT, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-1000:])
    found = (_LINE.search(line) for line in done.stderr.splitlines())
    return {match[3]: int(match[1]) for match in found if match}


def _seconds(modules: dict[str, int]) -> float:
    return sum(modules.values()) / 1e6


def _tell_heaviest(modules: dict[str, int], loaded: dict[str, dict[str, int]]) -> None:
    """The packages that cost the most over all pages; those of scipy one by one."""
    packages: dict[str, int] = defaultdict(int)
    for name, spent in modules.items():
        packages[_package(name)] += spent
    heaviest = sorted(packages, key=lambda name: -packages[name])[:HEAVIEST]
    rows = []
    for package in heaviest:
        pages = [page for page, names in loaded.items() if any(_package(name) == package for name in names)]
        where = "every page" if len(pages) == len(loaded) else ", ".join(pages)
        rows.append([package, f"{packages[package] / 1000:.0f}", where])
    print_table(f"The {HEAVIEST} heaviest packages", ["Package", "ms", "Loaded by"], rows)


def _package(name: str) -> str:
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] == "scipy" else parts[0]
