"""Boundaries as static files, so that the browser fetches them once instead of with every answer."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from queries import maps
from store.settings import PROJECT
from ui.facts import ask

#: Streamlit serves this folder as app/static (server.enableStaticServing).
STATIC = PROJECT / "static"


def boundary_url(layer: str, sha256: str) -> str:
    """Where the browser finds the layer's GeoJSON, relative to a page of the app.

    The file is named by its content, whose hash is ``sha256``: it is written when missing, and never changed, so a
    browser may keep it.
    Raises KeyError for an unknown layer and OSError when the folder ``static`` cannot be written.
    """
    path = STATIC / "areas" / f"{layer}-{sha256[:12]}.json"
    if not path.exists():
        _write(path, ask(maps.boundary, layer).encode())
    # Pages lie one step below the root, /karta, so a relative address holds below a base path and behind a proxy too.
    return f"app/static/{path.relative_to(STATIC).as_posix()}"


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, also when two sessions write the same file at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
