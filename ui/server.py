"""What the server does around the pages: says which language they are in, and explains an error in Swedish."""

from __future__ import annotations

import logging

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("roda_traden")

_ENGLISH, _SWEDISH = b'<html lang="en"', b'<html lang="sv"'


class InSwedish:
    """ASGI middleware that marks the app's one HTML page as Swedish, so that screen readers pronounce it right.

    Streamlit marks it as English and has no setting for it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

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
