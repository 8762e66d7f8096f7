"""The real app on a port of its own, and the browser that is there, started so that it speaks to nobody else."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

import start

PROJECT = Path(__file__).parent.parent.parent
HOST = "127.0.0.1"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Scheme = Literal["light", "dark"]
DESKTOP, PHONE = (1400, 1000), (390, 844)

#: Streamlit colours its tracebacks also where there is no terminal.
_COLOURING = re.compile(r"\x1b\[[0-9;]*m")
#: On a deep link Streamlit's own client first looks for its server below the page's address, and finds it one step up.
_PROBE = re.compile(r"/[^/]+/_stcore/(health|host-config)$")

#: In the page: the script has ended, nothing on screen is stale, and every chart and map is drawn.
_SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    if (!app || app.getAttribute('data-test-script-state') !== 'notRunning') return false;
    const unfinished = '[data-testid="stSkeleton"], [data-stale="true"], [data-testid="stSpinner"]';
    if (document.querySelector(unfinished)) return false;
    return [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every(chart => {
        const drawn = chart.querySelector('.js-plotly-plot');
        if (!drawn || !drawn._fullLayout || !drawn.querySelector('.main-svg')) return false;
        const maps = Object.keys(drawn._fullLayout).filter(key => /^map\\d*$/.test(key));
        return maps.every(key => drawn._fullLayout[key]._subplot?.map?.loaded());
    });
}"""


@dataclass(frozen=True)
class Server:
    """A running app: its address, and the file that holds all it has written."""

    url: str
    log: Path

    def tracebacks(self) -> str:
        """What the server wrote from its first traceback on; empty when there was none."""
        written = _COLOURING.sub("", self.log.read_text("utf-8", errors="replace"))
        _, mark, rest = written.partition("Traceback (most recent call last)")
        return mark + rest


def build_data(data_dir: Path) -> None:
    """Build the shipped open figures into a folder, as a first start does."""
    command = [sys.executable, "-m", "pipelines", "build", "--data-dir", str(data_dir)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"The shipped figures do not build:\n{done.stdout}{done.stderr}"


@contextlib.contextmanager
def serve(data_dir: Path, log: Path, app: Path = PROJECT / "app.py") -> Iterator[Server]:
    """Run the app until the block ends. Settings other than the folder of data are the project's own."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(app),
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    environment = {**os.environ, "RODA_TRADEN_DATA_DIR": str(data_dir), "PYTHONUTF8": "1"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=app.parent, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            _wait_for_health(port, process, log)
            yield Server(f"http://{HOST}:{port}", log)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for_health(port: int, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{HOST}:{port}/_stcore/health", timeout=2):
            return
        time.sleep(0.1)
    raise AssertionError(f"The app did not start:\n{log.read_text('utf-8', errors='replace')}")


def launch(playwright: Playwright) -> Browser:
    """The installed Chrome, Edge or Chromium with a fresh profile."""
    return playwright.chromium.launch(executable_path=start.ensure_browser(), args=FLAGS)


#: Streamlit 1.67 wraps each section of the menu in an element between ul and li. The names and the order are read out
#: all the same, and no setting or code of ours reaches that markup; a menu without sections does not have the fault.
_OF_THE_MENU = ("list", "listitem")
_IN_MENU = "node => node.closest('[data-testid=\"stSidebarNav\"]') !== null"


class Watch:
    """What a page must not do: ask another host for anything, or write errors to the console."""

    def __init__(self, page: Page) -> None:
        self.faults: list[str] = []
        page.on("request", lambda request: self._address(request.url))
        page.on("websocket", lambda socket: self._address(socket.url))
        page.on("pageerror", lambda error: self.faults.append(f"error in the page: {error}"))
        page.on("console", self._console)

    def _address(self, url: str) -> None:
        host = urlsplit(url).hostname  # None for data: and blob:, which stay in the page
        if host not in (None, HOST):
            self.faults.append(f"request to another host: {url}")

    def _console(self, message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        if message.type == "error" and not _PROBE.search(url):
            self.faults.append(f"console error: {message.text} ({url})")


def new_context(
    browser: Browser, *, size: tuple[int, int] = DESKTOP, scheme: Scheme = "light", **options: Any
) -> BrowserContext:
    """A memory of its own for pages."""
    width, height = size
    return browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
        reduced_motion="reduce",
        **options,
    )


def open_page(
    browser: Browser, *, size: tuple[int, int] = DESKTOP, scheme: Scheme = "light", **options: Any
) -> tuple[Page, Watch]:
    """An empty page with a memory of its own, watched from its first request."""
    page = new_context(browser, size=size, scheme=scheme, **options).new_page()
    return page, Watch(page)


def settle(page: Page, seconds: float = 30) -> None:
    """Wait until the app has finished drawing what was asked for."""
    page.wait_for_function(_SETTLED, timeout=seconds * 1000, polling=100)


def assert_accessible(page: Page) -> None:
    """No serious or critical fault by axe-core's rules for WCAG 2.2 A and AA."""
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
    violations = Axe().run(page, options=rules).response["violations"]
    faults = [
        f"{fault['id']} ({fault['impact']}): {node['target']} {node['html'][:200]}"
        for fault in violations
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
        # The first: axe's name for it was the only one then, and the menu stands before all that is drawn since.
        if not (fault["id"] in _OF_THE_MENU and page.locator(node["target"][0]).first.evaluate(_IN_MENU))
    ]
    assert not faults, "\n".join(faults)
