"""The pieces that pages are made of: heading, headline number, chart with its words and downloads, cautions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from charts.exhibit import Exhibit, Provenance
from charts.style import CONFIG
from charts.swedish import MISSING, local_day, number, today
from charts.swedish import date as swedish_date
from queries import catalogue
from reports.excel import as_workbook
from reports.files import as_csv
from reports.pictures import as_picture, can_draw
from reports.powerpoint import as_slide
from ui import use
from ui.documents import theme
from ui.facts import ask, build

#: The colour of text in charts, by theme: at least 7:1 against the page.
_INK = {"light": "#454A52", "dark": "#C3C7CC"}

#: What every screen and file of the example workspace says.
EXAMPLE_DATA = "Exempeldata"

#: Tables up to this many rows are shown whole; longer ones scroll.
_SHORT_TABLE = 30

#: While an answer that may take more than a moment is worked out.
WORKING = "Räknar …"


def heading(title: str, lede: str) -> None:
    """The page's title and one sentence that says what it answers."""
    st.title(title, anchor=False)
    st.markdown(lede)


def primary_button(label: str, *, key: str) -> bool:
    """The one button that a page is about. Its text can be read in both themes: the dark one's accent is too light
    behind Streamlit's white."""
    if st.context.theme.type == "dark":
        label = f':color[{label}]{{foreground="{st.get_option("theme.dark.backgroundColor")}"}}'
    return st.button(label, type="primary", key=key)


def sources_of(*indicator_ids: str, places: Sequence[str]) -> tuple[Provenance, ...]:
    """Where the figures of these indicators for these places (area_id) come from, for ``Exhibit.sources``."""
    rows = ask(catalogue.provenance, indicator_ids, tuple(places))
    return tuple(provenance(*row) for row in zip(rows["citation"], rows["received_at"], strict=True))


def provenance(citation: str, received_at: datetime) -> Provenance:
    """A source with the Swedish day of a delivery, whose time is UTC."""
    return Provenance(citation, local_day(received_at))


def head(exhibit: Exhibit) -> None:
    """The finding as a heading, with unit, place and period."""
    st.subheader(exhibit.finding, anchor=False)
    st.caption(exhibit.about)


def marked(exhibit: Exhibit) -> Exhibit:
    """The exhibit with the mark of the workspace that its figures come from."""
    return replace(exhibit, mark=EXAMPLE_DATA) if build().example else exhibit


def show(exhibit: Exhibit) -> None:
    """Draw an exhibit: finding, unit, chart, sentence, source with date, and its downloads."""
    exhibit = marked(exhibit)
    with st.container(key=f"exhibit-{exhibit.id}"):
        head(exhibit)
        if exhibit.figure is None:
            table(exhibit.table, alt=exhibit.alt or exhibit.finding)
        else:
            st.plotly_chart(readable(exhibit.figure), key=f"chart-{exhibit.id}", config=CONFIG, alt=exhibit.alt)
        st.markdown(exhibit.sentence)
        footer(exhibit)


def readable(figure: go.Figure) -> go.Figure:
    """The figure with text that can be read in the reader's theme."""
    return _inked(figure, _INK[st.context.theme.type or "light"])


@st.cache_resource(max_entries=300, show_spinner=False, hash_funcs={go.Figure: go.Figure.to_json})
def _inked(figure: go.Figure, ink: str) -> go.Figure:
    """The figure with text in this colour: Streamlit's own is too faint to read.

    A copy, since the exhibit may be another reader's too, with another theme; kept, since plotly takes ten times as
    long to copy a figure as to write it out.
    """
    return go.Figure(figure).update_layout(font_color=ink)


def table(frame: pd.DataFrame, *, alt: str) -> None:
    """Figures as a table, without the row numbers, numbers written as Swedes write them."""
    shown = frame.style.format(
        {name: partial(number, decimals=_decimals(frame[name])) for name in frame.select_dtypes("float")}
    )
    st.dataframe(
        shown, hide_index=True, height="content" if len(frame) <= _SHORT_TABLE else "auto", placeholder=MISSING, alt=alt
    )


def _decimals(column: pd.Series) -> int:
    """The decimals that a column needs to show what it holds, at most two."""
    known = column.dropna().astype(float)
    return next((d for d in (0, 1) if (known.round(d) == known).all()), 2)


def footer(exhibit: Exhibit) -> None:
    """Source and date of an exhibit, what it can be used for, and its downloads."""
    cited = "; ".join(f"{s.citation}, levererad {swedish_date(s.delivered)}" for s in exhibit.sources)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"Källa: {cited}", width="stretch")
        use.offer(exhibit)
        downloads(exhibit)


def downloads(exhibit: Exhibit) -> None:
    """A menu that saves the exhibit as picture (PNG, SVG), slide (PowerPoint) or figures (CSV, Excel)."""
    made_from = exhibit.build or build().id
    day = today()
    with st.popover("Ladda ner", icon=":material/download:", width="content"):
        if exhibit.figure is not None and not can_draw():
            st.caption("Bilder kräver Chrome, Edge eller Chromium på datorn som kör programmet.")
        elif exhibit.figure is not None:
            _download(exhibit, "Bild, PNG", "png", "image/png", partial(as_picture, exhibit, "png"))
            _download(exhibit, "Bild, SVG", "svg", "image/svg+xml", partial(as_picture, exhibit, "svg"))
        mime = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        _download(exhibit, "PowerPoint-bild", "pptx", mime, partial(as_slide, exhibit, made_from, day, theme()))
        csv = partial(as_csv, exhibit, made_from, day)
        workbook = partial(as_workbook, exhibit, made_from, day, theme())
        _download(exhibit, "Siffror, CSV", "csv", "text/csv", csv)
        mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        _download(exhibit, "Siffror, Excel", "xlsx", mime, workbook)


def _download(exhibit: Exhibit, label: str, suffix: str, mime: str, make: partial[bytes]) -> None:
    st.download_button(
        label,
        make,
        file_name="-".join(filter(None, (exhibit.mark.lower(), f"{exhibit.id}.{suffix}"))),
        mime=mime,
        key=f"{suffix}-{exhibit.id}",
        on_click="ignore",
        type="tertiary",
    )


def cautions(indicator_ids: Sequence[str], *more: str) -> None:
    """What the figures can and cannot say, one click away."""
    with st.expander("Vad säger siffrorna, och vad säger de inte?", icon=":material/help:"):
        st.markdown("\n".join(f"- {line}" for line in [*more, *ask(catalogue.caveats, tuple(indicator_ids))]))


def empty(text: str, remedy: str) -> None:
    """A calm empty state: what is not here, and what would bring it."""
    with st.container(border=True):
        st.markdown(f"**{text}**")
        # Not a caption: a command in one is too faint to read.
        st.markdown(remedy)
