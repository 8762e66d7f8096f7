"""The situation picture in Chromium, beside a minimal Streamlit page and beside the same content in Dash, in turn."""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from streamlit.testing.v1 import AppTest

from bench.report import Measured, median, tell
from bench.servers import MINIMAL, Server, choose, dash_server, streamlit_server, timed_click, timed_load
from pipelines import engine
from queries import places
from store.settings import PROJECT, Settings
from tests.browser.harness import launch, open_page

ROUNDS = 12
MOST_TIMES_MINIMAL = 1.25
OURS, PLAIN, DASH = "Lägesbild", "minimal Streamlit page", "Dash page"

Samples = dict[str, list[float]]


def main(rounds: int) -> None:
    """Cold loads and changes of place, the pages in turn within each round."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        settings = Settings(data_dir=Path(folder))
        build = engine.build(settings).build
        names = places.choices(build, settings.municipality)["name"].tolist()
        figure = settings.data_dir / "figure.json"
        figure.write_text(_first_chart(settings.data_dir), "utf-8")
        servers = {
            OURS: stack.enter_context(streamlit_server(settings.data_dir)),
            PLAIN: stack.enter_context(streamlit_server(settings.data_dir, MINIMAL, BENCH_FIGURE=str(figure))),
            DASH: stack.enter_context(dash_server(settings.data_dir)),
        }
        browser = launch(stack.enter_context(sync_playwright()))
        first = {name: _load(browser, server) for name, server in servers.items()}
        loads = _cold_loads(browser, servers, rounds)
        clicks, work = _changes_of_place(browser, servers, names, rounds)
        browser.close()
    _tell(first, loads, clicks, work)


def _first_chart(data_dir: Path) -> str:
    """The first chart of the situation picture, as JSON, for the minimal page to show the same."""
    os.environ["RODA_TRADEN_DATA_DIR"] = str(data_dir)
    spec: str = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120).run().get("plotly_chart")[0].proto.spec
    return spec


def _cold_loads(browser: Browser, servers: dict[str, Server], rounds: int) -> Samples:
    loads: Samples = defaultdict(list)
    for _ in range(rounds):
        for name, server in servers.items():
            loads[name].append(_load(browser, server))
    return loads


def _load(browser: Browser, server: Server) -> float:
    """Seconds to the first chart in a browser that has never seen the page."""
    page, _ = open_page(browser)
    try:
        return timed_load(page, server.url)
    finally:
        page.context.close()


def _changes_of_place(
    browser: Browser, servers: dict[str, Server], names: list[str], rounds: int
) -> tuple[Samples, Samples]:
    """Seconds until the notice about the chosen district shows, and processor seconds of the server per change."""
    clicks: Samples = defaultdict(list)
    work: Samples = defaultdict(list)
    with _opened(browser, servers[OURS]) as ours, _opened(browser, servers[DASH]) as dash:
        pages = {OURS: ours, DASH: dash}
        for turn in range(rounds):
            district = names[1 + turn % 2]
            shows = f"document.body.innerText.includes('inte bara {district}')"
            for name, page in pages.items():
                option = choose(page, "Plats", district) if name == OURS else _dash_option(page, district)
                before = servers[name].cpu_seconds()
                clicks[name].append(timed_click(page, option, shows))
                page.wait_for_timeout(1500)  # the work that goes on after the notice belongs to the click
                work[name].append(servers[name].cpu_seconds() - before)
    return clicks, work


@contextmanager
def _opened(browser: Browser, server: Server) -> Iterator[Page]:
    page, _ = open_page(browser)
    timed_load(page, server.url)
    page.wait_for_timeout(2000)
    yield page
    page.context.close()


def _dash_option(page: Page, name: str) -> Locator:
    page.locator("#place").click()
    return page.get_by_role("option", name=name, exact=True)


def _tell(first: dict[str, float], loads: Samples, clicks: Samples, work: Samples) -> None:
    ours, minimal, dash = (median(loads[name]) for name in (OURS, PLAIN, DASH))
    ratio, change, dash_change = ours / minimal, median(clicks[OURS]), median(clicks[DASH])
    rows = [
        Measured(f"Cold load to first chart, {OURS}", f"{ours:.2f} s"),
        Measured(f"Cold load to first chart, {PLAIN}", f"{minimal:.2f} s"),
        Measured(f"Cold load to first chart, {DASH}", f"{dash:.2f} s"),
        Measured(f"{OURS} / {PLAIN}", f"{ratio:.2f}", f"≤ {MOST_TIMES_MINIMAL}", ratio <= MOST_TIMES_MINIMAL),
        Measured(f"Change of place until shown, {OURS}", f"{change:.3f} s", f"≤ {DASH}", change <= dash_change),
        Measured(f"Change of place until shown, {DASH}", f"{dash_change:.3f} s"),
        Measured(f"Server's processor time per change, {OURS}", f"{median(work[OURS]):.2f} s"),
        Measured(f"Server's processor time per change, {DASH}", f"{median(work[DASH]):.2f} s"),
        *(Measured(f"First load after the server's start, {name}", f"{taken:.2f} s") for name, taken in first.items()),
    ]
    tell(
        "Chromium",
        rows,
        f"Medians of {len(loads[OURS])} rounds, the pages in turn; a new browser context for each cold load.",
    )
