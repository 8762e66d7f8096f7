"""start.py: what it says when something is missing, and what it finds and runs. Nothing is installed here."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
from collections import deque
from pathlib import Path

import pytest

import start

# Closing lines of pip 23.2 and 25.3 where it could not reach an index, find a version, or build a package.
PIP_OFFLINE = """\
WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by \
'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f>: Failed to \
establish a new connection')'
ERROR: Could not find a version that satisfies the requirement altair==6.3.0 (from versions: none)
ERROR: No matching distribution found for altair==6.3.0
"""
PIP_FULL_DISK = (
    "Installing collected packages: numpy\nERROR: Could not install packages due to an OSError: [Errno 28] No space\n"
)


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without any browser, database or installer."""
    for name in ("RODA_TRADEN_BROWSER", *start.WINDOWS_ROOTS):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(start, "MAC_APPS", ())
    monkeypatch.setattr(start, "POSTGRESQL", ())
    return tmp_path


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("version", "missing", "expected"),
    [
        ((3, 10, 9), None, "behöver Python 3.11 eller senare"),
        ((3, 12, 1), "ensurepip", "sudo apt install python3.12-venv"),
        ((3, 11, 4), "venv", "sudo apt install python3.11-venv"),
    ],
    ids=["old Python", "Debian without ensurepip", "no venv"],
)
def test_says_what_python_lacks(
    version: tuple[int, int, int],
    missing: str | None,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(start.sys, "version_info", version)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else find_spec(name))
    assert start.main([]) == 1
    assert expected in capsys.readouterr().err


@pytest.mark.parametrize(
    ("output", "expected"),
    [(PIP_OFFLINE, "Finns det en anslutning till internet?"), (PIP_FULL_DISK, "Installationen misslyckades.")],
    ids=["offline", "full disk"],
)
def test_explains_why_pip_failed_and_shows_its_last_lines(output: str, expected: str) -> None:
    message = start.pip_fault(output)
    assert expected in message
    assert output.splitlines()[-1] in message


def test_progress_counts_packages_and_keeps_every_line() -> None:
    lines = [*(f"Collecting p{n}\n" for n in range(21)), "Installing collected packages: p0\n", "Done\n"]
    kept: deque[str] = deque()
    steps = list(start.package_steps(iter(lines), kept))
    assert steps == ["  10 paket hämtade", "  20 paket hämtade", "  Lägger paketen på plats …"]
    assert list(kept) == lines


@pytest.mark.parametrize("name", ["chromium", "google-chrome", "microsoft-edge"])
def test_finds_a_browser_on_the_path(name: str, nowhere: Path) -> None:
    browser = program(nowhere / (f"{name}.exe" if os.name == "nt" else name))
    assert start.find_browser() == str(browser)


@pytest.mark.parametrize("place", start.WINDOWS_PLACES)
def test_finds_a_browser_where_windows_keeps_it(place: str, nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROGRAMFILES", str(nowhere))
    browser = program(nowhere / place)
    assert start.find_browser() == str(browser)


def test_a_chosen_browser_wins(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(nowhere / "chromium")
    chosen = program(nowhere / "elsewhere" / "browser.exe")
    monkeypatch.setenv("RODA_TRADEN_BROWSER", str(chosen))
    assert start.find_browser() == str(chosen)


def test_a_chosen_browser_that_is_not_there_is_refused(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RODA_TRADEN_BROWSER", str(nowhere / "gone"))
    with pytest.raises(start.StartError, match="inget program"):
        start.find_browser()


def test_without_browser_or_installer_it_says_what_to_do(nowhere: Path) -> None:
    assert start.find_browser() is None
    with pytest.raises(start.StartError, match="sudo apt install chromium"):
        start.ensure_browser()


@pytest.mark.parametrize(
    ("installer", "expected"),
    [("apt-get", "chromium"), ("dnf", "chromium"), ("brew", "google-chrome"), ("winget", "Google.Chrome")],
)
def test_installs_a_browser_by_the_platforms_own_means(
    installer: str, expected: str, nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(nowhere / (f"{installer}.exe" if os.name == "nt" else installer))
    monkeypatch.setattr(start, "as_root", list)
    commands = start.browser_installation()
    assert installer in commands[-1]
    assert expected in commands[-1]


def test_asks_for_no_password(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(nowhere / "apt-get")
    monkeypatch.setattr(start, "as_root", lambda: None)
    assert start.browser_installation() == []


def test_finds_the_newest_database_where_debian_keeps_them(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert start.find_postgresql() is None
    for version in ("9.6", "15", "13"):
        program(nowhere / "postgresql" / version / "bin" / "initdb")
    places = (nowhere / "postgresql").relative_to(nowhere.anchor).as_posix() + "/*/bin"
    monkeypatch.setattr(start, "POSTGRESQL", (places,))
    assert start.find_postgresql() == str(nowhere / "postgresql" / "15" / "bin")


@pytest.mark.parametrize(
    ("installer", "expected"),
    [("apt-get", "postgresql"), ("dnf", "postgresql-server"), ("brew", "postgresql@17")],
)
def test_installs_a_database_by_the_platforms_own_means(
    installer: str, expected: str, nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(nowhere / (f"{installer}.exe" if os.name == "nt" else installer))
    monkeypatch.setattr(start, "as_root", list)
    assert any(installer in command and command[-1] == expected for command in start.postgresql_installation())


def test_debian_is_told_to_make_no_database_of_its_own(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(nowhere / "apt-get")
    monkeypatch.setattr(start, "as_root", list)
    commands = [" ".join(command) for command in start.postgresql_installation()]
    told = next(at for at, command in enumerate(commands) if "create_main_cluster = false" in command)
    assert told < next(at for at, command in enumerate(commands) if command.endswith(" postgresql"))
    assert commands[-1] == f"rm {start.NO_CLUSTER}"


def test_without_database_or_installer_it_says_what_to_do(nowhere: Path) -> None:
    with pytest.raises(start.StartError, match="sudo apt install postgresql"):
        start.ensure_postgresql()


def test_takes_the_next_port_when_one_is_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(start, "FIRST_PORT", taken.getsockname()[1])
        assert start.free_port() > taken.getsockname()[1]


def test_installs_again_only_when_a_requirements_file_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    venv = tmp_path / "venv"
    venv.mkdir()
    run, dev = tmp_path / "run.txt", tmp_path / "dev.txt"
    run.write_text("a==1\n")
    dev.write_text("a==1\nb==1\n")
    for name, value in {
        "VENV": venv,
        "STAMP": venv / "s",
        "PYTHON": Path(sys.executable),
        "RUN": run,
        "DEV": dev,
    }.items():
        monkeypatch.setattr(start, name, value)
    monkeypatch.setattr(start, "create_venv", lambda: done.append("venv"))
    monkeypatch.setattr(start, "install", lambda requirements: done.append(requirements.name))

    start.set_up(run)
    start.set_up(run)
    start.set_up(dev)
    start.set_up(run)
    assert done == ["run.txt", "dev.txt"]

    run.write_text("a==2\n")
    start.set_up(run)
    assert done == ["run.txt", "dev.txt", "venv", "run.txt"]


def test_a_failing_installation_ends_without_traceback(tmp_path: Path) -> None:
    """The real thing, with a virtual environment and pip, against an address where nobody listens."""
    copy = tmp_path / "start.py"
    copy.write_bytes(Path(start.__file__).read_bytes())
    (tmp_path / "requirements.txt").write_text("roda-traden-finns-inte==1\n")
    (tmp_path / "requirements-dev.txt").write_text("")
    nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "RODA_TRADEN_"))}
    done = subprocess.run(
        [sys.executable, copy],
        env={**kept, **nowhere, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "Finns det en anslutning till internet?" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(("argument", "code"), [("--help", 0), ("okänt", 2)])
def test_tells_how_it_is_used(argument: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main([argument]) == code
    assert "python3 start.py test" in capsys.readouterr().out


def test_what_is_compiled_is_kept_in_the_virtual_environment_where_python_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start.sys, "dont_write_bytecode", True)
    monkeypatch.setattr(start.signal, "signal", lambda *_: None)  # it would be the tests' own
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(start, "VENV", tmp_path)
    monkeypatch.setattr(start, "PYTHON", Path(sys.executable))
    told = "import sys; sys.exit(f'{sys.dont_write_bytecode} {sys.pycache_prefix}' != sys.argv[1])"
    assert start.run(["-c", told, f"False {tmp_path / 'compiled'}"], None) == 0
