"""What the server does around the pages: adapts Streamlit's one HTML page, and explains an error in Swedish."""

from __future__ import annotations

import logging
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("roda_traden")

_ENGLISH, _SWEDISH = b'<html lang="en"', b'<html lang="sv"'
_END_OF_HEAD = b"</head>"

#: The parts of Streamlit's client that the pages need first, the largest of them plotly; the rest of a file's name
#: hangs on Streamlit's version.
_NEEDED_FIRST = ("PlotlyChart", "Selectbox", "Metric", "ButtonGroup")


def hints() -> bytes:
    """Tags that let the browser fetch parts of the client while it starts the rest, as Streamlit does for others.

    Without them the browser does not ask for plotly (4.7 MB) until it has drawn all that stands above the first chart.
    """
    folder = Path(st.__file__).parent / "static" / "static" / "js"
    files = [file.name for part in _NEEDED_FIRST for file in sorted(folder.glob(f"{part}.*.js"))]
    return "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in files).encode()


class HtmlPage:
    """ASGI middleware that adapts the app's one HTML page, for which Streamlit has no settings.

    It is marked as Swedish, so that screen readers pronounce it right, and says what the browser will need (``hints``).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.hints = hints()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on as it is, except an HTML page."""
        if scope["type"] != "http" or not _wants_html(scope):
            await self.app(scope, receive, send)
            return
        # A compressed page could not be changed.
        scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
        start: Message | None = None
        body = b""

        async def hold(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_html(message):
                start = message
                return
            if start is None:  # a file that was opened in a tab of its own
                await send(message)
                return
            body += message.get("body", b"")
            if not message.get("more_body", False):
                changed = body.replace(_ENGLISH, _SWEDISH, 1)
                changed = changed.replace(_END_OF_HEAD, self.hints + _END_OF_HEAD, 1)
                headers = MutableHeaders(raw=start["headers"])
                if "content-length" in headers:
                    headers["content-length"] = str(len(changed))
                await send(start)
                await send({"type": "http.response.body", "body": changed})

        await self.app(scope, receive, hold)


def _is_html(start: Message) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in start["headers"])


def _wants_html(scope: Scope) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def explain_error(error: Exception) -> bool:
    """Log an error that a page did not expect, and tell the reader what to do; the page shows no traceback."""
    _log.error("a page failed", exc_info=error)
    st.error(
        "**Något gick fel när sidan skulle visas.** Inga uppgifter har ändrats. Ladda om sidan. Händer det igen: "
        "kör `python -m pipelines build` och starta om; felet står i programmets logg.",
        icon=":material/error:",
    )
    return True
