"""An exhibit as a picture with its title, unit, source and date drawn in: PNG for slides, SVG for print."""

from __future__ import annotations

import threading
from functools import cache
from textwrap import wrap
from typing import Literal

import plotly.graph_objects as go

from charts.exhibit import Exhibit

_WIDTH = 1000


class NoBrowserError(Exception):
    """Pictures are drawn by Chrome, Edge or Chromium on the server, and none was found. The message is Swedish."""


@cache
def _renderer() -> threading.Lock:
    """Start the renderer once; it stays warm. The lock lets one picture be drawn at a time."""
    import kaleido
    from choreographer.errors import ChromeNotFoundError

    try:
        kaleido.start_sync_server(silence_warnings=True)
    except ChromeNotFoundError:
        raise NoBrowserError(
            "Bilden kan inte ritas: det finns ingen Chrome, Edge eller Chromium på datorn som kör programmet. "
            "Installera en av dem och försök igen. CSV och Excel fungerar ändå."
        ) from None
    return threading.Lock()


def as_picture(exhibit: Exhibit, form: Literal["png", "svg"]) -> bytes:
    """Draw the exhibit's figure with its words. PNG is drawn at 200 dpi for a width of 25 cm. Raises NoBrowserError."""
    import kaleido

    with _renderer():
        options = {"format": form, "width": _WIDTH, "scale": 2 if form == "png" else 1}
        return bytes(kaleido.calc_fig_sync(_with_words(exhibit), opts=options))


def _with_words(exhibit: Exhibit) -> go.Figure:
    """A copy of the figure on white with title above and sources below."""
    title = "<br>".join(wrap(exhibit.finding, 80))
    subtitle = f"{exhibit.unit} · {exhibit.place} · {exhibit.period}"
    cited = "; ".join(f"{s.citation} (levererad {s.delivered.isoformat()})" for s in exhibit.sources)
    below = "<br>".join(wrap(f"Källa: {cited}", 130))
    figure = go.Figure(exhibit.print_figure() if exhibit.print_figure else exhibit.figure)
    top = 70 + 26 * title.count("<br>")
    bottom = 60 + 16 * below.count("<br>")
    height = (figure.layout.height or 400) + top + bottom
    figure.update_layout(
        template="plotly_white",
        height=height,
        paper_bgcolor="white",
        font={"family": "Arial, Liberation Sans, sans-serif", "size": 14, "color": "#1F2430"},
        margin={"t": top, "b": bottom, "l": 40, "r": 40},
        title={
            "text": f"<b>{title}</b><br><span style='font-size:14px'>{subtitle}</span>",
            "x": 0.02, "xanchor": "left", "y": 1, "yanchor": "top", "pad": {"t": 16}, "font": {"size": 20},
        },
    )  # fmt: skip
    figure.add_annotation(
        text=below, xref="paper", yref="paper", x=0, y=0, xanchor="left", yanchor="top", yshift=-38, showarrow=False,
        align="left", font={"size": 11, "color": "#545B6B"},
    )  # fmt: skip
    return figure
