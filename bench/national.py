"""What the pages ask of a build of national size, timed through the app's own way in and on bare DuckDB."""

from __future__ import annotations

import importlib
import itertools
import json
import os
import pkgutil
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import streamlit as st
from streamlit.testing.v1 import AppTest

import queries
from bench.generate import national_data
from bench.report import median, print_table, quantile, yes
from store import warehouse
from store.settings import PROJECT
from store.warehouse import Build, current_build
from ui import facts, nav

ROUNDS = 30
#: A statement is timed with at most so many different sets of parameters, spread over those that the pages used.
PARAMETER_SETS = 4
MOST_RATIO, MOST_MS = 1.5, 50.0

#: What visitors ask for; a choice that a page does not have is passed over by it.
PLACES = ("Norrtälje", "Hallstavik", "Rimbo")
YEARS = ("2025", "2019")
OFFENCE_TYPES = ("Samtliga brott", "Brottstyp 001", "Brottstyp 150")
LEVELS = ("Kommundel", "RegSO", "DeSO")
QUESTIONS = ("Året", "Platser", "Upprepning", "Före och efter", "Rapportörer")


@dataclass(frozen=True)
class Asked:
    """One statement with the parameters of one call, and the page and function that it came from."""

    page: str
    question: str
    sql: str
    params: Any


@dataclass
class Timed:
    """Milliseconds of one statement with one set of parameters, both ways."""

    asked: Asked
    ours: list[float]
    bare: list[float]
    pages: str = ""

    @property
    def ratio(self) -> float:
        return median(self.ours) / median(self.bare)


def main(rounds: int) -> None:
    """Open every page with several choices, then time each statement that they asked."""
    data_dir = national_data()
    build = current_build(data_dir)
    assert build is not None
    asked, faults = visit_all(data_dir)
    size = warehouse.fetch(build, "SELECT count(*) AS n, (SELECT count(*) FROM event) AS events FROM observation").iloc[
        0
    ]
    timed = time_all(build, asked, rounds)
    rows = [_row(one) for one in sorted(timed, key=lambda one: -median(one.ours))]
    head = [
        "Question",
        "Pages",
        "p50 ms",
        "p95 ms",
        "Bare p50",
        "Bare p95",
        "Ratio",
        f"≤ {MOST_MS:g} ms",
        f"≤ {MOST_RATIO}",
    ]
    print_table(f"National size: {size.n:,} observations, {size.events:,} events", head, rows)
    met = sum(one.ratio <= MOST_RATIO and median(one.ours) <= MOST_MS for one in timed)
    print(f"- {met} of {len(timed)} statements meet both targets; {rounds} rounds each, the two ways in turn.")
    print(f"- Each row is the slowest of up to {PARAMETER_SETS} sets of parameters that the pages used.")
    for fault in faults:
        print(f"- Not measured in full: {fault}")


def visit_all(data_dir: Path) -> tuple[list[Asked], list[str]]:
    """Every statement that the pages ask over the visits, and pages that failed."""
    asked: list[Asked] = []
    faults: list[str] = []
    for page, municipality, choices in visits():
        questions, fault = _visit(data_dir, page, municipality, choices)
        asked += questions
        if fault:
            faults.append(f"{page} ({municipality}, {choices}): {fault}")
    return asked, faults


def visits() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Page, municipality and choices of every visit."""
    for spec in itertools.chain.from_iterable(nav.PAGES.values()):
        for place, year in itertools.product(PLACES if spec.place else PLACES[:1], YEARS if spec.period else YEARS[:1]):
            yield spec.folder, "0188", {"plats": place, "ar": year}
        if spec.period:
            for name in OFFENCE_TYPES[1:]:
                yield spec.folder, "0188", {"brott": name}
        if spec.folder == "karta":
            for level in LEVELS:
                yield spec.folder, "0188", {"niva": level}
        if spec.folder == "tid_och_plats":
            for question in QUESTIONS:
                yield spec.folder, "0188", {"fraga": question}
        yield spec.folder, "1485", {}


@contextmanager
def recorded(page: str) -> Iterator[list[Asked]]:
    """Note each statement that a function of ``queries`` asks, while it is answered as always."""
    asked: list[Asked] = []

    def fetch(build: Build, sql: str, params: Any = ()) -> pd.DataFrame:
        answer = warehouse.fetch(build, sql, params)
        caller = sys._getframe(1)
        module = caller.f_globals["__name__"].removeprefix("queries.")
        asked.append(Asked(page, f"{module}.{caller.f_code.co_name}", sql, params))
        return answer

    modules = [importlib.import_module(f"queries.{found.name}") for found in pkgutil.iter_modules(queries.__path__)]
    asking = [module for module in modules if hasattr(module, "fetch")]
    for module in asking:
        module.fetch = fetch  # type: ignore[attr-defined]
    try:
        yield asked
    finally:
        for module in asking:
            module.fetch = warehouse.fetch  # type: ignore[attr-defined]


def _visit(data_dir: Path, page: str, municipality: str, choices: dict[str, str]) -> tuple[list[Asked], str]:
    """Open a page without a browser and without any cached answer; what it asked, and what went wrong or nothing."""
    os.environ["RODA_TRADEN_DATA_DIR"] = str(data_dir)
    os.environ["RODA_TRADEN_MUNICIPALITY"] = municipality
    facts.installation.cache_clear()
    st.cache_data.clear()
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120)
    for name, value in choices.items():
        app.query_params[name] = value
    with recorded(page) as asked:
        app.run()
    if page != next(iter(nav.PAGES.values()))[0].folder:  # the start page, which always runs first, is not this one
        st.cache_data.clear()
        with recorded(page) as asked:
            app.switch_page(f"pages/{page}/page.py").run()
    return asked, "; ".join(error.message for error in app.exception)


def time_all(build: Build, asked: Sequence[Asked], rounds: int) -> list[Timed]:
    """Per statement, its slowest set of parameters and the pages that ask it."""
    variants: dict[tuple[str, str], dict[str, Asked]] = defaultdict(dict)
    pages: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in asked:
        variants[one.question, one.sql].setdefault(json.dumps(one.params, default=str), one)
        pages[one.question, one.sql].add(one.page)
    # DuckDB shares one instance per file within a process: under another name the bare one is on its own.
    other_name = build.path.with_name(f"{build.path.stem}-bare.duckdb")
    other_name.unlink(missing_ok=True)
    os.link(build.path, other_name)
    slowest = []
    with duckdb.connect(str(other_name), read_only=True) as bare:
        for (question, sql), sets in variants.items():
            chosen = list(sets.values())[:: max(1, len(sets) // PARAMETER_SETS)][:PARAMETER_SETS]
            timed = [_time(build, bare, one, rounds) for one in chosen]
            worst = max(timed, key=lambda one: median(one.ours))
            everywhere = len(pages[question, sql]) == len({one.page for one in asked})
            worst.pages = "every page" if everywhere else ", ".join(sorted(pages[question, sql]))
            slowest.append(worst)
    other_name.unlink()
    return slowest


def _time(build: Build, bare: duckdb.DuckDBPyConnection, one: Asked, rounds: int) -> Timed:
    timed = Timed(one, [], [])

    def ours() -> None:
        started = time.perf_counter()
        warehouse.fetch(build, one.sql, one.params)
        timed.ours.append(1000 * (time.perf_counter() - started))

    def plain() -> None:
        started = time.perf_counter()
        bare.execute(one.sql, one.params).df()
        timed.bare.append(1000 * (time.perf_counter() - started))

    for turn in range(rounds + 1):
        for way in (ours, plain) if turn % 2 else (plain, ours):
            way()
    # The first round reads the file; after it both have it in memory.
    return Timed(one, timed.ours[1:], timed.bare[1:])


def _row(one: Timed) -> list[str]:
    p50 = median(one.ours)
    figures = [p50, quantile(one.ours, 0.95), median(one.bare), quantile(one.bare, 0.95)]
    return [
        one.asked.question,
        one.pages,
        *(f"{figure:.1f}" for figure in figures),
        f"{one.ratio:.2f}",
        yes(p50 <= MOST_MS),
        yes(one.ratio <= MOST_RATIO),
    ]
