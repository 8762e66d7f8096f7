"""Pictures of exhibits, drawn by the real browser."""

from __future__ import annotations

import io
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from xml.etree import ElementTree

import kaleido
import pandas as pd
import plotly.graph_objects as go
import pytest
from PIL import Image

import start
from charts import style
from charts.exhibit import Exhibit, Provenance
from reports import pictures


@pytest.fixture
def exhibit(monkeypatch: pytest.MonkeyPatch) -> Exhibit:
    monkeypatch.setenv("BROWSER_PATH", start.ensure_browser())
    pictures.can_draw.cache_clear()
    figure = style.base()
    figure.add_trace(go.Scatter(x=[2024, 2025], y=[8314, 8532], line={"color": style.ACCENT}))
    return Exhibit(
        id="anmalda-brott",
        finding="Anmälda brott 2025: inom normal variation",
        sentence="Antalet ryms inom det väntade.",
        unit="antal",
        place="Norrtälje kommun",
        period="2024–2025",
        sources=(Provenance("Brå, anmälda brott", date(2026, 3, 4)),),
        table=pd.DataFrame({"År": [2024, 2025], "Antal": [8314, 8532]}),
        figure=figure,
    )


def test_png_is_two_thousand_pixels_wide_and_not_blank(exhibit: Exhibit) -> None:
    assert pictures.can_draw()
    image = Image.open(io.BytesIO(pictures.as_picture(exhibit, "png"))).convert("RGB")
    assert image.width == 2000
    colours = {colour for _, colour in image.getcolors(maxcolors=1_000_000) or []}
    accent = tuple(int(style.ACCENT[i : i + 2], 16) for i in (1, 3, 5))
    assert accent in colours


def test_svg_carries_title_unit_and_source(exhibit: Exhibit) -> None:
    root = ElementTree.fromstring(pictures.as_picture(exhibit, "svg"))  # noqa: S314
    words = " ".join("".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "Anmälda brott 2025: inom normal variation" in words
    assert "antal · Norrtälje kommun · 2024–2025" in words
    assert "Källa: Brå, anmälda brott (levererad 4 mars 2026)" in words
    assert not list(root.iter("{http://www.w3.org/2000/svg}image"))


def test_two_first_downloads_start_one_renderer(exhibit: Exhibit, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    def start_slowly(**_: bool) -> None:
        started.append(1)
        time.sleep(0.2)

    monkeypatch.setattr(kaleido, "start_sync_server", start_slowly)
    monkeypatch.setattr(kaleido, "calc_fig_sync", lambda figure, opts: b"picture")
    pictures._start_renderer.cache_clear()
    try:
        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(pictures.as_picture, [exhibit] * 2, ["png", "svg"])) == [b"picture"] * 2
    finally:
        pictures._start_renderer.cache_clear()
    assert len(started) == 1


def test_without_a_browser_no_picture_is_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    pictures.can_draw.cache_clear()
    assert not pictures.can_draw()
    pictures.can_draw.cache_clear()
