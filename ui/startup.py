"""The first start, and the first after an update: a build is made in a process of its own, with progress on screen."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import threading
from functools import cache

import streamlit as st

from queries import places
from reports.pictures import can_draw
from store.settings import PROJECT, shipped_version
from store.warehouse import current_build
from ui.facts import ask, installation, settings
from ui.incoming import remove_abandoned


@cache
def _shipped_version() -> str:
    return shipped_version(settings().open_dir)


def ensure_build() -> None:
    """Make a build if there is none of this version, or stop the page with what went wrong and what to do."""
    current = current_build(settings().data_dir)
    if current is None or current.shipped != _shipped_version():
        _make()


def ensure_municipality() -> None:
    """Stop the page when the municipality of the settings is unknown, and say which file makes it known."""
    code = settings().municipality
    if ask(places.choices, code).empty:
        st.title("Kommunen är inte inlagd")
        st.error(
            f"Inställningen RODA_TRADEN_MUNICIPALITY är {code}, men det finns ingen kommun med den koden.",
            icon=":material/error:",
        )
        st.write(
            f"Skapa filen `config/{code}.toml` efter mönster av `config/1485.toml` (handboken beskriver det under "
            "«Ny kommun»), eller rätta koden i inställningen. Starta sedan om programmet."
        )
        st.stop()


def warm_up() -> None:
    """Import, in the background while the server starts, what the first reader would otherwise wait for.

    Files that were dropped before the server was stopped belong to nobody, and are removed; those of another server on
    the same data stay.
    """
    for workspace in (installation(), installation().example):
        remove_abandoned(workspace.data_dir / "incoming")
    threading.Thread(target=_import_what_pages_need, name="warm-up", daemon=True).start()


def _import_what_pages_need() -> None:
    for module in ("plotly.graph_objects", "pandas.io.formats.style", "scipy.special", "babel.dates"):
        importlib.import_module(module)
    can_draw()


def _make() -> None:
    st.title("Röda tråden förbereds")
    st.write("De öppna siffrorna läses in. Det sker första gången och efter en uppdatering, och tar några sekunder.")
    bar = st.progress(0.0, text="Börjar")
    command = [sys.executable, "-m", "pipelines", "build", "--json", "--data-dir", str(settings().data_dir)]
    with subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stderr is not None and process.stdout is not None  # noqa: S101, PT018
        for line in process.stderr:
            if line.startswith("{"):
                told = json.loads(line)
                bar.progress(told["share"], text=told["text"])
        answer = process.stdout.read()
    if process.returncode == 0:
        _shipped_version.cache_clear()
        st.rerun()
    _explain(answer)
    st.stop()


def _explain(answer: str) -> None:
    message = json.loads(answer)["error"] if answer.startswith("{") else "Bygget avbröts innan det blev klart."
    st.error(message, icon=":material/error:")
    st.write("Kör `python -m pipelines build` i programmets mapp för att se mer. Inga uppgifter har ändrats.")
    st.button("Försök igen")
