"""How long the shipped figures take to build, and a new delivery to show on a page that is open."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pandas as pd
from playwright.sync_api import Page, sync_playwright

from bench.report import Measured, median, tell
from bench.servers import CHART_DRAWN, choose, environment, streamlit_server, timed_load
from queries import places
from store.settings import PROJECT, Settings
from store.warehouse import CURRENT, current_build
from tests.browser.harness import launch, open_page

ROUNDS = 5
MOST_BUILD_S, MOST_SHOWN_S = 10.0, 3.0
DELIVERED = "reported_offences_by_year.csv"
#: The figure that each new delivery changes, and the values it is given: small enough to lie within its whole.
GROUP, YEAR, FIRST_VALUE = "burglary", "2025", 341


def main(rounds: int) -> None:
    """Build from nothing, then add deliveries to a build that a reader has open."""
    with tempfile.TemporaryDirectory() as folder:
        _run(Path(folder) / "unmeasured", "build")  # compiles the modules
        built = []
        for turn in range(rounds):
            data_dir = Path(folder) / f"data-{turn}"
            built.append(_run(data_dir, "build"))
        from_start, from_publish, after_command = _add(data_dir, Path(folder), rounds)
    rows = [
        Measured.at_most("Full build of the shipped figures, from nothing", median(built), MOST_BUILD_S, "s"),
        Measured.at_most("New figure on screen, after the command has ended", median(after_command), MOST_SHOWN_S, "s"),
        Measured("New figure on screen, after it was published", f"{median(from_publish):.2f} s"),
        Measured("New figure on screen, after the command was given", f"{median(from_start):.2f} s"),
    ]
    tell(
        "Build",
        rows,
        f"Medians of {rounds} rounds. On screen: after one click in a page that was already open.",
    )


def _run(data_dir: Path, *arguments: str) -> float:
    """Seconds that the real command line takes."""
    command = [sys.executable, "-m", "pipelines", *arguments, "--data-dir", str(data_dir)]
    started = time.perf_counter()
    subprocess.run(command, cwd=PROJECT, env=environment(data_dir), check=True, capture_output=True)
    return time.perf_counter() - started


def _add(data_dir: Path, folder: Path, rounds: int) -> tuple[list[float], list[float], list[float]]:
    """Seconds until the figure shows: from the command's start, from the switch to the new build, from its end."""
    from_start, from_publish, after_command = [], [], []
    settings = Settings(data_dir=data_dir)
    build = current_build(data_dir)
    assert build is not None
    names = places.choices(build, settings.municipality)["name"].tolist()
    with ExitStack() as stack:
        server = stack.enter_context(streamlit_server(data_dir))
        page, _ = open_page(launch(stack.enter_context(sync_playwright())))
        timed_load(page, server.url, CHART_DRAWN)
        for turn in range(rounds):
            value = str(FIRST_VALUE + turn)
            delivery = _delivery(folder, settings.municipality, value)
            published = _Switch(data_dir)
            started = time.perf_counter()
            _run(data_dir, "add", str(delivery))
            ended = time.perf_counter()
            shown = _click_until(page, names[1 + turn % 2], value)
            from_start.append(shown - started)
            from_publish.append(shown - published.seen())
            after_command.append(shown - ended)
    return from_start, from_publish, after_command


def _delivery(folder: Path, municipality: str, value: str) -> Path:
    """The open file as a later delivery in which one count and its rate are others."""
    path = folder / f"leverans-{value}.csv"
    rows = pd.read_csv(Settings().open_dir / "bra_reported_offences" / DELIVERED, dtype=str, keep_default_na=False)
    year = (rows["municipality_code"] == municipality) & (rows["year"] == YEAR)
    total = rows[year & (rows["offence_group"] == "total")].iloc[0]
    rate = int(value) / int(total["reported"]) * int(total["reported_per_100000"])
    changed = year & (rows["offence_group"] == GROUP)
    rows.loc[changed, ["reported", "reported_per_100000"]] = [value, f"{rate:.0f}"]
    rows.to_csv(path, index=False)
    return path


class _Switch:
    """Notes when the pointer to the current build is replaced."""

    def __init__(self, data_dir: Path) -> None:
        self._pointer = data_dir / CURRENT
        self._before = self._pointer.stat().st_mtime_ns
        self._at = 0.0
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()

    def _look(self) -> None:
        while self._pointer.stat().st_mtime_ns == self._before:
            time.sleep(0.01)
        self._at = time.perf_counter()

    def seen(self) -> float:
        self._watch.join(5)
        return self._at


def _click_until(page: Page, place: str, value: str) -> float:
    """Choose another place, and tell when the headline shows the value."""
    choose(page, "Plats", place).click()
    page.wait_for_function(
        """value => [...document.querySelectorAll('[data-testid="stMetricValue"]')]
            .some(shown => shown.innerText.trim() === value)""",
        arg=value,
        polling=20,
    )
    return time.perf_counter()
