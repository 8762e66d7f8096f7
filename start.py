"""One line to run and one to test; needs nothing but Python 3.11 or later.

    python3 start.py                 sets up and opens the app
    python3 start.py test [ARG …]    sets up and runs all tests (the arguments go to pytest)
    python3 start.py bench [ARG …]   sets up and measures

Everything is installed in ``.venv`` (another folder with RODA_TRADEN_VENV), exactly as the requirements files say.
Tests and chart files use the Chrome, Edge or Chromium that is there; RODA_TRADEN_BROWSER points out another. Tests
start a PostgreSQL server of their own. What is missing is installed with the system's packages.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("RODA_TRADEN_VENV") or PROJECT / ".venv").resolve()
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed.txt"
RUN, DEV = PROJECT / "requirements.txt", PROJECT / "requirements-dev.txt"
OLDEST = (3, 11)
FIRST_PORT = 8501

BROWSER_NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
MAC_APPS = ("Google Chrome", "Microsoft Edge", "Chromium")
WINDOWS_PLACES = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
WINDOWS_ROOTS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
#: Where Debian, Fedora and Homebrew keep the programs of a PostgreSQL server.
POSTGRESQL = (
    *("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin"),
    *("opt/homebrew/opt/postgresql@*/bin", "usr/local/opt/postgresql@*/bin"),
)
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/roda-traden.conf")
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|Max retries exceeded|"
    r"Network is unreachable|Temporary failure in name resolution|getaddrinfo failed|\(from versions: none\)"
)


class StartError(Exception):
    """Something the user can put right; the message says how."""


def check_python() -> None:
    """Say what is missing before anything is created."""
    if sys.version_info < OLDEST:
        raise StartError(
            f"Röda tråden behöver Python 3.11 eller senare, men det här är {platform.python_version()}.\n"
            "Hämta en nyare på https://www.python.org/downloads/ och starta med den, till exempel: python3.12 start.py"
        )
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise StartError(
            "Python saknar modulen venv, som behövs för att installera.\n"
            f"Debian och Ubuntu: sudo apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv\n"
            "Annars: installera Python från https://www.python.org/downloads/"
        )


def set_up(requirements: Path) -> None:
    """Make ``.venv`` hold what a requirements file says; starts over when a file that it was made from has changed."""
    wanted = fingerprint(requirements)
    installed = set(STAMP.read_text("utf-8").split()) if STAMP.exists() else set()
    runs = PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], capture_output=True, check=False).returncode == 0
    if runs and wanted in installed:
        return
    outdated = not installed <= {fingerprint(RUN), fingerprint(DEV)}
    if not runs or outdated:
        installed = set()
        create_venv()
    install(requirements)
    STAMP.write_text("\n".join(sorted(installed | {wanted})), "utf-8")


def fingerprint(requirements: Path) -> str:
    """What an installation hangs on: the file's content and the Python that it was made for."""
    return hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()


def create_venv() -> None:
    say(f"Skapar {VENV.name} …")
    # Inside a virtual environment that is to be replaced, the Python it was made from does the work.
    base = getattr(sys, "_base_executable", sys.executable)
    done = subprocess.run([base, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False)
    if done.returncode:
        raise StartError(f"Det gick inte att skapa {VENV}:\n{last_lines(done.stdout + done.stderr)}")


def install(requirements: Path) -> None:
    """Install a requirements file, with a line of progress per package.

    Compiling every module beforehand takes as long as all the rest: Python compiles those in use at their first
    import instead.
    """
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--no-compile",
    ]
    command += ["--progress-bar", "off"]
    count = len(requirements.read_text("utf-8").splitlines())
    say(f"Installerar {count} paket enligt {requirements.name}. Första gången tar det några minuter.")
    output: deque[str] = deque(maxlen=200)
    pip = subprocess.Popen(
        [*command, "-r", requirements],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    with pip:
        for step in package_steps(pip.stdout or (), output):
            say(step)
    if pip.returncode:
        raise StartError(pip_fault("".join(output)))


def package_steps(lines: Iterator[str] | tuple[()], kept: deque[str]) -> Iterator[str]:
    """Pip's lines as a few Swedish ones; every line is also kept for an error message."""
    fetched = 0
    for line in lines:
        kept.append(line)
        if line.startswith("Collecting "):
            fetched += 1
            if fetched % 10 == 0:
                yield f"  {fetched} paket hämtade"
        elif line.startswith("Installing collected packages"):
            yield "  Lägger paketen på plats …"


def pip_fault(output: str) -> str:
    if NO_NETWORK.search(output):
        cause = (
            "Paketen gick inte att hämta. Finns det en anslutning till internet?\n"
            "Bakom en proxy: sätt HTTPS_PROXY. Med en egen paketspegel: sätt PIP_INDEX_URL. Kör sedan samma rad igen."
        )
    else:
        cause = "Installationen misslyckades. Det som redan hämtats används när samma rad körs igen."
    return f"{cause}\nSista raderna från pip:\n{last_lines(output)}"


def last_lines(output: str, count: int = 8) -> str:
    return "\n".join("  " + line for line in output.strip().splitlines()[-count:])


def find_postgresql() -> str | None:
    """The folder with the newest PostgreSQL server's programs, or nothing. Debian keeps them off the path."""
    on_path = shutil.which("initdb")
    folders = sorted((folder for places in POSTGRESQL for folder in Path("/").glob(places)), key=version_in)
    return str(Path(on_path).parent) if on_path else next((str(folder) for folder in reversed(folders)), None)


def version_in(folder: Path) -> list[int]:
    """The numbers of a folder's name and its parent's: …/postgresql/15/bin, …/pgsql-16/bin."""
    return [int(number) for number in re.findall("[0-9]+", "/".join(folder.parts[-2:]))]


def postgresql_installation() -> list[list[str]]:
    """Commands that install a PostgreSQL server's programs, as ``browser_installation``; no server is set up."""
    root = as_root()
    if root is not None and shutil.which("apt-get"):
        apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
        add = [*apt, "install", "-y", "--no-install-recommends"]
        # Debian makes a database and starts it unless this says otherwise.
        write = f"mkdir -p {NO_CLUSTER.parent} && echo create_main_cluster = false > {NO_CLUSTER}"
        return [
            [*apt, "update"],
            [*add, "postgresql-common"],
            [*root, "sh", "-c", write],
            [*add, "postgresql"],
            [*root, "rm", str(NO_CLUSTER)],
        ]
    if root is not None and shutil.which("dnf"):
        return [[*root, "dnf", "install", "-y", "postgresql-server"]]
    if shutil.which("brew"):
        return [["brew", "install", "postgresql@17"]]
    return []


def ensure_postgresql() -> None:
    """The programs that tests start a PostgreSQL server with; installs them when there are none."""
    if find_postgresql():
        return
    install_with(postgresql_installation(), "PostgreSQL hittades inte.")
    if not find_postgresql():
        raise StartError(
            "Testerna av arbetets databas behöver PostgreSQL, som inte kunde installeras.\n"
            "Debian och Ubuntu: sudo apt install postgresql\nFedora: sudo dnf install postgresql-server\n"
            "macOS: brew install postgresql@17\nWindows: https://www.postgresql.org/download/windows/ (lägg mappen bin "
            "i PATH)\nProgrammet självt behöver ingen PostgreSQL."
        )


def find_browser() -> str | None:
    """Path of the Chrome, Edge or Chromium that is installed, or nothing."""
    chosen = os.environ.get("RODA_TRADEN_BROWSER")
    if chosen:
        found = shutil.which(chosen)
        if not found:
            raise StartError(
                f"RODA_TRADEN_BROWSER är {chosen!r}, men där finns inget program. Rätta sökvägen eller ta bort den."
            )
        return found
    on_path = (shutil.which(name) for name in BROWSER_NAMES)
    apps = (Path("/Applications", f"{app}.app/Contents/MacOS", app) for app in MAC_APPS)
    windows = (Path(os.environ[r], place) for place in WINDOWS_PLACES for r in WINDOWS_ROOTS if r in os.environ)
    return next((str(path) for path in (*on_path, *apps, *windows) if path and Path(path).is_file()), None)


def browser_installation() -> list[list[str]]:
    """Commands that install a browser by this platform's own means without asking anything, or none."""
    root = as_root()
    if root is not None and shutil.which("apt-get"):
        apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
        return [[*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", "chromium", "fonts-liberation"]]
    if root is not None and shutil.which("dnf"):
        return [[*root, "dnf", "install", "-y", "chromium"]]
    if shutil.which("brew"):
        return [["brew", "install", "--cask", "google-chrome"]]
    if shutil.which("winget"):
        agree = ["--accept-source-agreements", "--accept-package-agreements"]
        return [["winget", "install", "--exact", "--id", "Google.Chrome", "--silent", *agree]]
    return []


def as_root() -> list[str] | None:
    """What to put before a command that only root may run; nothing when a password would be asked for."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def install_with(commands: list[list[str]], missing: str) -> None:
    for command in commands:
        say(f"{missing} Kör: {' '.join(command)}")
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode:
            say(last_lines(done.stdout))
            break


def ensure_browser() -> str:
    """The browser that the tests drive; installs one when there is none."""
    found = find_browser()
    if found:
        return found
    install_with(browser_installation(), "Ingen webbläsare hittades.")
    found = find_browser()
    if not found:
        raise StartError(
            "Testerna behöver Chrome, Edge eller Chromium, och ingen av dem kunde installeras.\n"
            "Debian: sudo apt install chromium\nFedora: sudo dnf install chromium\n"
            "macOS: brew install --cask google-chrome\nWindows och Ubuntu: https://www.google.com/chrome/\n"
            "Finns en på ett annat ställe: sätt RODA_TRADEN_BROWSER till dess sökväg."
        )
    return found


def free_port() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        with socket.socket() as probe:
            if os.name != "nt":  # there the option would let two servers share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise StartError(f"Portarna {FIRST_PORT}–{FIRST_PORT + 99} är upptagna. Stäng något av programmen och försök igen.")


def run(arguments: list[str], browser: str | None) -> int:
    """Run Python of ``.venv`` in the project until it ends or the user ends it; its exit code."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    if sys.dont_write_bytecode:  # or every process would compile all it imports; kept in .venv, and nowhere else
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(VENV / "compiled")
    if browser:
        environment["RODA_TRADEN_BROWSER"] = browser
        environment.setdefault("BROWSER_PATH", browser)  # read by kaleido, which makes files of charts
    process = subprocess.Popen([PYTHON, *arguments], cwd=PROJECT, env=environment)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # Ctrl-C reached the child as well; let it finish in its own way


def open_app() -> int:
    set_up(RUN)
    port = free_port()
    say(f"Röda tråden öppnas på http://127.0.0.1:{port} – avsluta med Ctrl+C.")
    code = run(["-m", "streamlit", "run", "app.py", "--server.port", str(port)], find_browser())
    say("Röda tråden är avslutad.")
    return code


def test(arguments: list[str]) -> int:
    set_up(DEV)
    ensure_postgresql()
    return run(["-m", "pytest", *(arguments or all_at_once())], ensure_browser())


def all_at_once() -> list[str]:
    """How all the tests are run: a file's tests together, since they share what is costly to make.

    The files go in the order that tests/conftest.py gives them, the longest first. One more at a time than there are
    processors: those of the browser and the command line wait for other processes.
    """
    return ["-n", str(min(4, (os.cpu_count() or 1) + 1)), "--dist", "loadfile", "--no-loadscope-reorder"]


def bench(arguments: list[str]) -> int:
    set_up(DEV)
    return run(["-m", "bench", *arguments], ensure_browser())


def say(text: str) -> None:
    print(text, flush=True)


def main(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")  # a console that lacks a character shows "?"
    try:
        check_python()
        if not arguments:
            return open_app()
        if arguments[0] == "test":
            return test(arguments[1:])
        if arguments[0] == "bench":
            return bench(arguments[1:])
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nAvbrutet.")
        return 130
    say(f"Så här används start.py:\n{(__doc__ or '').split(chr(10), 2)[2]}")
    return 0 if arguments[0] in ("-h", "--help", "help") else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
