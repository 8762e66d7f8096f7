"""An exhibit as a picture with its title, unit, source and date drawn in: PNG for slides, SVG for print."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Literal

import plotly.graph_objects as go

from charts.exhibit import Exhibit
from charts.swedish import date

_WIDTH = 1000

#: What stands in a document where a picture would.
NO_PICTURE = "Bilden saknas: den kräver Chrome, Edge eller Chromium på datorn som gör dokumentet. Här är siffrorna."

#: One picture is drawn at a time, and the renderer is started by one of those who ask.
_drawing = threading.Lock()


@cache
def can_draw() -> bool:
    """Whether there is a Chrome, Edge or Chromium on this computer, which is what draws the pictures."""
    from choreographer.browsers.chromium import Chromium

    path = Chromium.find_browser(skip_local=False)
    return path is not None and Path(path).is_file()


@cache
def _start_renderer() -> None:
    """Start the renderer once; it stays warm."""
    import kaleido

    kaleido.start_sync_server(silence_warnings=True)


def as_picture(exhibit: Exhibit, form: Literal["png", "svg"], *, words: bool = True) -> bytes:
    """Draw the exhibit's figure, when ``can_draw``. PNG is 2 000 pixels wide: 200 dpi at 25 cm.

    ``words``: with title, unit and source drawn in; without them where a document has them beside.
    """
    import kaleido

    with _drawing:
        _start_renderer()
        options = {"format": form, "width": _WIDTH, "scale": 2 if form == "png" else 1}
        return bytes(kaleido.calc_fig_sync(_with_words(exhibit) if words else _bare(exhibit), opts=options))


def _with_words(exhibit: Exhibit) -> go.Figure:
    """The figure with title above and sources below."""
    title = "<br>".join(wrap(exhibit.finding, 80))
    cited = "; ".join(f"{s.citation} (levererad {date(s.delivered)})" for s in exhibit.sources)
    below = "<br>".join(wrap(f"Källa: {cited}", 130))
    figure = _printed(exhibit, 84 + 26 * title.count("<br>"), 60 + 16 * below.count("<br>"))
    figure.update_layout(
        title={
            "text": f"<b>{title}</b><br><span style='font-size:14px'>{exhibit.about}</span>",
            "x": 0.02, "xanchor": "left", "y": 1, "yanchor": "top", "pad": {"t": 30}, "font": {"size": 20},
        },
    )  # fmt: skip
    figure.add_annotation(
        text=below, xref="paper", yref="paper", x=0, y=0, xanchor="left", yanchor="top", yshift=-38, showarrow=False,
        align="left", font={"size": 11, "color": "#545B6B"},
    )  # fmt: skip
    return figure


def _bare(exhibit: Exhibit) -> go.Figure:
    """The figure alone."""
    return _printed(exhibit, 16, 16)


def _printed(exhibit: Exhibit, top: int, bottom: int) -> go.Figure:
    """A copy of the figure on white, with so many pixels above and below."""
    figure = go.Figure(exhibit.print_figure() if exhibit.print_figure else exhibit.figure)
    # Text is larger than on screen: labels beside the plot need more room, and those of the axes are measured.
    left, right = (max(40, round(1.2 * (side or 0))) for side in (figure.layout.margin.l, figure.layout.margin.r))
    figure.update_xaxes(automargin=True)
    figure.update_yaxes(automargin=True)
    return figure.update_layout(
        template="plotly_white",
        height=(figure.layout.height or 400) + top + bottom,
        paper_bgcolor="white",
        font={"family": "Arial, Liberation Sans, sans-serif", "size": 14, "color": "#1F2430"},
        margin={"t": top, "b": bottom, "l": left, "r": right},
    )
