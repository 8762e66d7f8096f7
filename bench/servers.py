"""The servers that are measured, each in a process of its own, and clicks timed inside the browser."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page

from store.settings import PROJECT

APP, MINIMAL = "app.py", "bench/minimal_app.py"
HOST = "127.0.0.1"

#: In the page: the first chart is drawn, with its lines.
CHART_DRAWN = "document.querySelector('.js-plotly-plot .main-svg path') !== null"


@dataclass(frozen=True)
class Server:
    """A running server: its address and its process."""

    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """Processor time used so far, all threads; 0 where the system does not tell."""
        stat = Path(f"/proc/{self.pid}/stat")
        if not stat.exists():
            return 0.0
        fields = stat.read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def streamlit_server(data_dir: Path, app: str = APP, **variables: str) -> Iterator[Server]:
    """The app, or another Streamlit page under the same settings, with more environment variables."""
    port = _free_port()
    command = ["-m", "streamlit", "run", app, "--server.port", str(port), "--server.headless", "true"]
    with _running(command, {**environment(data_dir), **variables}, port, "/_stcore/health") as server:
        yield server


@contextlib.contextmanager
def dash_server(data_dir: Path) -> Iterator[Server]:
    port = _free_port()
    with _running(["-m", "bench.dash_app", str(port)], environment(data_dir), port, "/") as server:
        yield server


def environment(data_dir: Path) -> dict[str, str]:
    """What a measured process is started with: compiled modules are kept, as on a machine where the app is in use."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    cache = PROJECT / "data" / "bench" / "pycache"
    own = {"RODA_TRADEN_DATA_DIR": data_dir, "PYTHONPYCACHEPREFIX": cache, "PYTHONPATH": PROJECT}
    return {**kept, **{name: str(value) for name, value in own.items()}, "PYTHONUTF8": "1"}


@contextlib.contextmanager
def _running(command: list[str], surroundings: dict[str, str], port: int, alive: str) -> Iterator[Server]:
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=PROJECT,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://{HOST}:{port}{alive}", process)
        yield Server(f"http://{HOST}:{port}", process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310 - this machine
            return
        time.sleep(0.05)
    raise RuntimeError(f"{url} did not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def timed_click(page: Page, target: Locator, holds: str) -> float:
    """Seconds from a click until a JavaScript condition holds in the page, by the browser's own clock."""
    page.evaluate(
        f"""() => {{ window.__taken = new Promise(done => addEventListener('pointerdown', () => {{
            const clicked = performance.now();
            const look = () => ({holds}) ? done((performance.now() - clicked) / 1000) : requestAnimationFrame(look);
            requestAnimationFrame(look);
        }}, {{capture: true, once: true}})); }}"""
    )
    target.click()
    taken: float = page.evaluate("() => window.__taken")
    return taken


def timed_load(page: Page, url: str, holds: str = CHART_DRAWN) -> float:
    """Seconds from navigation until a JavaScript condition holds, by the browser's own clock."""
    page.add_init_script(
        f"""window.__shown = new Promise(done => {{
            const look = () => ({holds}) ? done(performance.now() / 1000) : requestAnimationFrame(look);
            look();
        }});"""
    )
    page.goto(url, wait_until="commit")
    shown: float = page.evaluate("() => window.__shown")
    return shown


def choose(page: Page, label: str, option: str) -> Locator:
    """Open a Streamlit choice and point at one of its options, without clicking it."""
    page.get_by_role("combobox", name=label).click()
    return page.get_by_role("option", name=option, exact=True)
