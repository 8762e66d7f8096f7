"""Pictures of every page, wide and narrow, light and dark: ``python -m tests.browser.screenshots [PAGE …]``.

PAGE is a page's address, such as ``karta`` or ``lagesbild?plats=0188-rimbo``. The pictures land in tests/artifacts/.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import get_args

from playwright.sync_api import Page, sync_playwright

from tests.browser.harness import DESKTOP, PHONE, Scheme, build_data, launch, open_page, serve, settle
from ui.nav import PAGES

ARTIFACTS = Path(__file__).parent.parent / "artifacts"
TALLEST = 12_000


def whole_page(page: Page, path: Path) -> None:
    """Photograph all of a page. Streamlit scrolls inside the page, so the window is made as tall as its content."""
    size = page.viewport_size
    assert size is not None
    tall = page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": min(max(tall, size["height"]), TALLEST)})
    settle(page)
    page.wait_for_timeout(500)  # charts redraw after a change of size
    page.screenshot(path=path)


def take(addresses: list[str]) -> int:
    ARTIFACTS.mkdir(exist_ok=True)
    data_dir = ARTIFACTS / "data"
    build_data(data_dir)
    faults: list[str] = []
    with serve(data_dir, ARTIFACTS / "server.txt") as server, sync_playwright() as playwright:
        browser = launch(playwright)
        for address in addresses:
            for size in (DESKTOP, PHONE):
                for scheme in get_args(Scheme):
                    page, watch = open_page(browser, size=size, scheme=scheme)
                    page.goto(f"{server.url}/{address}")
                    settle(page)
                    name = re.sub(r"[^0-9a-z]+", "-", address.lower()).strip("-") or "start"
                    path = ARTIFACTS / f"{name}-{size[0]}-{scheme}.png"
                    whole_page(page, path)
                    page.context.close()
                    faults += [f"{path.name}: {fault}" for fault in watch.faults]
                    print(path)
        browser.close()
    print(*faults, server.tracebacks(), sep="\n", file=sys.stderr)
    return 1 if faults or server.tracebacks() else 0


if __name__ == "__main__":
    sys.exit(take(sys.argv[1:] or [spec.folder for specs in PAGES.values() for spec in specs]))
