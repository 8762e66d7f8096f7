"""The words of Streamlit's own client where a reader meets them and no setting changes them: the file uploader's."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

#: The client's phrase, as it stands in its files, and what it is in Swedish.
WORDS = {
    "`Upload`": "`Välj filer`",
    "`Upload directories`": "`Välj mapp`",
    "`Drag and drop directories here`": "`Släpp mappen här`",
    "`Add files`": "`Lägg till filer`",
    "`Drag and drop files here`": "`Släpp filerna här`",
    "`Drag and drop a file here`": "`Släpp filen här`",
    "`file upload`": "`filuppladdning`",
    "`Cancel upload of ${": "`Avbryt uppladdningen av ${",
    "`Remove ${": "`Ta bort ${",
    "`File must be ${": "`Filen får vara högst ${",
    "} or smaller.`": "}.`",
    "`Unexpected error. Please try again.`": "`Något gick fel. Försök igen.`",
}
#: The largest file that can be dropped: "200MB per file", where the size is a call whose name no version keeps.
_SIZE = re.compile(r"`\$\{([^`{}]+)\} per file`")
_SIZE_WORDS = r"`Högst ${\1.replace(/(?<=[0-9])(?=[A-Z])/,` `)} per fil`"
_FILES = ("FileUploader.*.js", "utils.*.js")


def translated() -> dict[str, bytes]:
    """The client's files that have any of the phrases, in Swedish, by name."""
    folder = Path(st.__file__).parent / "static" / "static" / "js"
    found = {}
    for path in (path for pattern in _FILES for path in sorted(folder.glob(pattern))):
        english = swedish = path.read_text("utf-8")
        for phrase, words in WORDS.items():
            swedish = swedish.replace(phrase, words)
        swedish = _SIZE.sub(_SIZE_WORDS, swedish)
        if swedish != english:
            found[path.name] = swedish.encode()
    return found


class SwedishClient:
    """ASGI middleware that sends the file uploader's parts of the client in Swedish, and leaves all else alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.files = translated()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the translated files; pass everything else on."""
        folder, _, name = scope.get("path", "").rpartition("/")
        if scope["type"] == "http" and folder.endswith("/static/js") and name in self.files:
            # Never kept by the browser: the name does not change when the words do.
            answer = Response(self.files[name], media_type="text/javascript", headers={"cache-control": "no-cache"})
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)
