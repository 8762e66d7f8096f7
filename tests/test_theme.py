"""The colours of the theme: readable in light and dark, also for those who see colours otherwise.

Contrast is WCAG 2.2's (relative luminance, sections 1.4.3 and 1.4.11). Colour blindness is simulated with the matrices
of Machado, Oliveira & Fernandes (2009) at full severity; distance is CIE 1976 ΔE in CIELAB under D65.
"""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

THEME: dict[str, Any] = tomllib.loads((Path(__file__).parent.parent / ".streamlit" / "config.toml").read_text("utf-8"))[
    "theme"
]
MODES = ["light", "dark"]
TEXTS = ["textColor", "linkColor", "primaryColor", "dataframeHeaderTextColor", "codeTextColor", "grayTextColor"]
SURFACES = ["backgroundColor", "secondaryBackgroundColor"]
NAMED = ["red", "orange", "yellow", "blue", "green", "violet", "gray"]

VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear_rgb(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    dark, light = sorted(float(TO_XYZ[1] @ linear_rgb(colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    x, y, z = TO_XYZ @ np.clip(rgb, 0, 1) / (TO_XYZ @ np.ones(3))
    fx, fy, fz = (np.cbrt(t) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])


def distance(one: str, other: str, vision: np.ndarray) -> float:
    return float(np.linalg.norm(lab(vision @ linear_rgb(one)) - lab(vision @ linear_rgb(other))))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#FFFFFF", 21.0), ("#777777", "#FFFFFF", 4.48), ("#FF0000", "#FFFFFF", 4.0)],
    ids=["black-white", "grey", "red"],
)
def test_contrast_has_the_values_w3c_gives(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("text", TEXTS)
def test_text_is_readable_on_every_surface(mode: str, surface: str, text: str) -> None:
    assert contrast(THEME[mode][text], THEME[mode][surface]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("surface", SURFACES)
def test_captions_are_readable(mode: str, surface: str) -> None:
    """Streamlit writes ``st.caption`` in the text's colour at 60 %."""
    text, page = THEME[mode]["textColor"], THEME[mode][surface]
    mixed = [round(0.6 * int(text[i : i + 2], 16) + 0.4 * int(page[i : i + 2], 16)) for i in (1, 3, 5)]
    assert contrast("#" + "".join(f"{channel:02X}" for channel in mixed), page) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_ticks_and_knobs_stand_out_on_the_accent(mode: str) -> None:
    """They are white. So is text on a primary button, which is why tests/test_house.py lets none through."""
    assert contrast(THEME[mode]["primaryColor"], "#FFFFFF") >= 3


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", NAMED)
def test_coloured_text_is_readable_on_its_own_colour_and_on_the_page(mode: str, name: str) -> None:
    colours = THEME[mode]
    for surface in [f"{name}BackgroundColor", *SURFACES]:
        assert contrast(colours[f"{name}TextColor"], colours[surface]) >= 4.5, surface


@pytest.mark.parametrize("mode", MODES)
def test_series_stand_out_from_the_page(mode: str) -> None:
    for colour in THEME[mode]["chartCategoricalColors"]:
        assert contrast(colour, THEME[mode]["backgroundColor"]) >= 3, colour


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("vision", VISION)
def test_series_can_be_told_apart_with_any_colour_vision(mode: str, vision: str) -> None:
    for one, other in itertools.combinations(THEME[mode]["chartCategoricalColors"], 2):
        assert distance(one, other, VISION[vision]) >= 15, (one, other)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("vision", VISION)
def test_sequential_scale_goes_one_way(mode: str, vision: str) -> None:
    """From near the page's own lightness to far from it, so that much always looks like much."""
    lightness = [lab(VISION[vision] @ linear_rgb(colour))[0] for colour in THEME[mode]["chartSequentialColors"]]
    assert lightness == sorted(lightness, reverse=mode == "light")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("vision", VISION)
def test_diverging_scale_has_two_ends_and_a_middle(mode: str, vision: str) -> None:
    scale = THEME[mode]["chartDivergingColors"]
    seen = VISION[vision]
    assert distance(scale[0], scale[-1], seen) >= 15
    assert distance(scale[0], scale[4], seen) >= 15
    assert distance(scale[-1], scale[5], seen) >= 15


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("scale", ["chartSequentialColors", "chartDivergingColors"])
def test_scales_have_the_ten_colours_streamlit_requires(mode: str, scale: str) -> None:
    assert len(THEME[mode][scale]) == 10


def test_nothing_in_the_theme_comes_from_another_host() -> None:
    assert "://" not in str(THEME)
