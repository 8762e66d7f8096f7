"""The pictures of README and the handbook, taken anew: ``python -m tests.browser.handbook_pictures [NAME …]``.

They show the app on the shipped figures, light theme, and land in docs/images/ as small PNG files.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.harness import PROJECT, build_data, launch, open_page, serve, settle

IMAGES = PROJECT / "docs" / "images"

#: Name of the picture: address, and width and height in pixels.
PICTURES = {
    "lagesbild": ("lagesbild", (1400, 1330)),
    "platser": ("platser?plats=Hallstavik", (1400, 1250)),
    "karta": ("karta", (1400, 1250)),
    "jamforelse": ("jamforelse", (1400, 1180)),
    "tid-och-plats": ("tid_och_plats?fraga=Året", (1400, 1180)),
    "orsaker-i-data": ("orsaker_i_data", (1400, 1180)),
    "undersokningar": ("undersokningar", (1400, 1180)),
    "sarbarhet": ("sarbarhet?plats=Hallstavik", (1400, 1330)),
    "skola": ("skola", (1400, 1180)),
    "kallor": ("kallor", (1400, 1000)),
}


def small(png: bytes) -> bytes:
    """The picture in 128 colours, which these flat pages need no more than."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def take(names: list[str]) -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        build_data(data_dir)
        with serve(data_dir, Path(folder) / "server.txt") as server, sync_playwright() as playwright:
            browser = launch(playwright)
            for name in names:
                address, size = PICTURES[name]
                page, _ = open_page(browser, size=size)
                page.goto(f"{server.url}/{address}")
                settle(page)
                page.wait_for_timeout(800)  # charts redraw once the page has its width
                (IMAGES / f"{name}.png").write_bytes(small(page.screenshot()))
                page.context.close()
            browser.close()


if __name__ == "__main__":
    take(sys.argv[1:] or list(PICTURES))
