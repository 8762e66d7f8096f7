"""An office file is a zip: packed so that the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import date


def packed(made: io.BytesIO, exported: date) -> bytes:
    """The zip again with every entry dated the day it was taken out, and not the second that it was written."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            dated = zipfile.ZipInfo(entry.filename, (exported.year, exported.month, exported.day, 0, 0, 0))
            dated.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(dated, before.read(entry))
    return buffer.getvalue()
