"""A chart or a table together with everything that must travel with it, on screen and in every file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go


@dataclass(frozen=True)
class Provenance:
    """Where figures come from: how to cite the source and when its newest delivery came."""

    citation: str
    delivered: date


@dataclass(frozen=True)
class Exhibit:
    """One finding. All texts are Swedish.

    ``id`` names files and widgets (ASCII); ``finding`` is a title that says what the figures show; ``sentence`` says it
    in plain words and whether it is more than chance; ``table`` holds the figures with Swedish headings, numbers as
    numbers; ``print_figure`` makes the figure for files where the screen's cannot be printed (maps); ``alt`` replaces
    the chart for those who do not see it; ``filters`` are (name, choice) beside place and period.
    """

    id: str
    finding: str
    sentence: str
    unit: str
    place: str
    period: str
    sources: tuple[Provenance, ...]
    table: pd.DataFrame
    figure: go.Figure | None = None
    print_figure: Callable[[], go.Figure] | None = None
    alt: str = ""
    filters: tuple[tuple[str, str], ...] = field(default=())
    #: What everyone who sees it must know, on screen and in every file: «Exempeldata».
    mark: str = ""
    #: The one series behind it, where there is one, as ``queries.measured`` writes it: to follow it, and to see later
    #: whether its figures were revised.
    measured: Mapping[str, Any] | None = None
    #: The build that the figures are of, where it is not the page's: a frozen exhibit keeps its own.
    build: str = ""

    @property
    def about(self) -> str:
        """Mark, unit, place and period on one line."""
        return " · ".join(filter(None, (self.mark, self.unit, self.place, self.period)))
