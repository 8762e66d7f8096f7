"""How measurements are told: one table per part, each figure beside its target. Nothing here fails a run."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import streamlit


@dataclass(frozen=True)
class Measured:
    """One figure beside its target; ``met`` is None where there is no target, only something to know."""

    what: str
    value: str
    target: str = ""
    met: bool | None = None

    @classmethod
    def at_most(cls, what: str, value: float, limit: float, unit: str) -> Measured:
        """A figure that should not exceed ``limit``."""
        return cls(what, f"{value:.2f} {unit}", f"≤ {limit:g} {unit}", value <= limit)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of the values do not exceed, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def tell(title: str, rows: Sequence[Measured], *notes: str) -> None:
    """Print a part's table and what must be known to read it."""
    print_table(title, ["Measured", "Value", "Target", "Met"], [[r.what, r.value, r.target, yes(r.met)] for r in rows])
    for note in notes:
        print(f"- {note}")


def yes(met: bool | None) -> str:
    return "" if met is None else ("ja" if met else "NEJ")


def print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table whose columns also line up on a terminal."""
    widths = [max(len(line[column]) for line in [head, *rows]) for column in range(len(head))]
    print(f"\n## {title}\n")
    for line in [head, ["-" * width for width in widths], *rows]:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |")
    print(flush=True)


def machine() -> str:
    """One line on what the figures were measured with."""
    load = f", load {os.getloadavg()[0]:.1f} at start" if hasattr(os, "getloadavg") else ""
    versions = f"Python {platform.python_version()}, Streamlit {streamlit.__version__}, DuckDB {duckdb.__version__}"
    return f"{time.strftime('%Y-%m-%d')} · {_processor()}, {os.cpu_count()} cores{load} · {versions}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        named = [
            line.partition(":")[2].strip() for line in info.read_text("utf-8").splitlines() if "model name" in line
        ]
        if named:
            return named[0]
    return platform.processor() or platform.machine()
