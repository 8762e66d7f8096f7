"""Karta in a real browser: the map is drawn in its classes, a click tells about the area, files are true vectors."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from charts import maps
from tests.browser.harness import DESKTOP, PHONE, Scheme, Server, assert_accessible, open_page, settle

#: In the page: how many pixels of a picture lie within 6 of each colour.
_COUNT = """async ([picture, colours]) => {
    const image = new Image();
    image.src = 'data:image/png;base64,' + picture;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, image.width, image.height).data;
    const wanted = colours.map(c => [1, 3, 5].map(i => parseInt(c.slice(i, i + 2), 16)));
    const found = wanted.map(() => 0);
    for (let at = 0; at < pixels.length; at += 4)
        wanted.forEach((rgb, i) => { if (rgb.every((v, k) => Math.abs(v - pixels[at + k]) <= 6)) found[i]++; });
    return found;
}"""


def pixels(page: Page, colours: list[str]) -> dict[str, int]:
    """How much of the map, its key left out, has each colour."""
    picture = base64.b64encode(page.locator(".maplibregl-canvas").screenshot()).decode()
    return dict(zip(colours, page.evaluate(_COUNT, [picture, colours]), strict=True))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_is_drawn_in_its_classes(
    browser: Browser, server: Server, size: tuple[int, int], scheme: Scheme
) -> None:
    page, watch = open_page(browser, size=size, scheme=scheme)
    page.goto(f"{server.url}/karta?karta_niva=RegSO&karta_antal=5")
    settle(page)
    ground = "#15181C" if scheme == "dark" else "#FFFFFF"
    found = pixels(page, [ground, *maps.colours(5, dark=scheme == "dark")])
    assert all(count > 150 for count in found.values()), found
    # On a phone nothing sticks out of the page.
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.context.close()
    assert not watch.faults


def test_a_click_tells_about_the_area_and_leads_to_its_profile(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/karta")
    settle(page)
    page.locator(".maplibregl-canvas").scroll_into_view_if_needed()
    spot = page.evaluate("""() => {
        const drawn = document.querySelector('.js-plotly-plot');
        const canvas = drawn.querySelector('.maplibregl-canvas').getBoundingClientRect();
        const at = drawn._fullLayout.map._subplot.map.project([18.98, 59.76]);
        return [canvas.left + at.x, canvas.top + at.y];
    }""")
    page.mouse.move(*spot)
    page.mouse.click(*spot)
    link = page.get_by_role("link", name=re.compile("^Platsprofil: "))
    expect(link).to_be_visible()
    expect(link).to_contain_text("Rådmansö")
    link.click()
    page.wait_for_url("**/platser?*")
    assert urlsplit(page.url).query == "plats=R%C3%A5dmans%C3%B6"


def test_the_keyboard_reaches_what_a_click_does_and_the_address_keeps_it(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/karta")
    settle(page)
    field = page.get_by_role("combobox", name=re.compile("Gå till plats"))
    field.focus()
    page.keyboard.type("Hallst")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Platsprofil: Hallstavik")).to_be_visible()
    settle(page)
    address = page.url
    assert "karta_omrade=Hallstavik" in address
    page.goto("about:blank")
    page.goto(address)
    settle(page)
    expect(page.get_by_role("link", name="Platsprofil: Hallstavik")).to_be_visible()


@pytest.mark.parametrize(("name", "start"), [("PNG", b"\x89PNG"), ("SVG", b"<svg")], ids=["png", "svg"])
def test_the_map_is_saved(page: Page, server: Server, tmp_path: Path, name: str, start: bytes) -> None:
    page.goto(f"{server.url}/karta?karta_niva=DeSO")
    settle(page)
    page.get_by_role("button", name="Ladda ner").click()
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name=f"Bild, {name}").click()
    path = tmp_path / "karta"
    download.value.save_as(path)
    content = path.read_bytes()
    assert content.startswith(start)
    if name == "SVG":
        text = content.decode()
        assert "<image" not in text
        assert text.count("<path") > 40
        assert "högst i" in text
        assert "Källa: SCB" in text


def test_the_map_page_is_accessible(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/karta")
    settle(page)
    assert_accessible(page)
