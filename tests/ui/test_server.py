"""The middleware: the page is marked as Swedish and says what it needs; everything else goes through untouched."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import streamlit
from starlette.types import Message, Receive, Scope, Send

from ui.server import HtmlPage

PAGE = b'<html lang="en"><body>'


def served(content_type: bytes, chunks: list[bytes], accept: bytes = b"text/html,*/*") -> list[Message]:
    """What a browser that opens an address in a tab is sent."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        length = str(sum(map(len, chunks))).encode()
        headers = [(b"content-type", content_type), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, chunk in enumerate(chunks, start=1):
            await send({"type": "http.response.body", "body": chunk, "more_body": number < len(chunks)})

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope: Scope = {"type": "http", "headers": [(b"accept", accept), (b"accept-encoding", b"gzip")]}
    # In a thread of its own: the browser tests' Playwright leaves a running loop in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(HtmlPage(app)(scope, receive, send))).result()
    return sent


@pytest.mark.parametrize("content_type", [b"text/html", b"text/html; charset=utf-8"])
def test_the_page_is_swedish(content_type: bytes) -> None:
    start, body = served(content_type, [PAGE[:9], PAGE[9:]])
    assert body["body"] == PAGE.replace(b"en", b"sv")
    assert dict(start["headers"])[b"content-length"] == str(len(PAGE)).encode()


def test_a_file_opened_in_a_tab_is_sent_as_it_is_in_its_parts() -> None:
    messages = served(b"application/json", [PAGE, b"x"])
    assert [message.get("body") for message in messages] == [None, PAGE, b"x"]


def test_what_asks_for_no_page_gets_none() -> None:
    assert served(b"text/html", [PAGE], accept=b"*/*")[1]["body"] == PAGE


def test_the_page_names_the_parts_of_the_client_that_it_needs_first() -> None:
    page = b'<html lang="en"><head></head><body>'
    start, body = served(b"text/html", [page])
    named = re.findall(r'<link rel="modulepreload" crossorigin href="\./([^"]+)">', body["body"].decode())
    # Streamlit's own names: an upgrade that renames one must be noticed here.
    assert [Path(one).name.partition(".")[0] for one in named] == ["PlotlyChart", "Selectbox", "Metric", "ButtonGroup"]
    assert all((Path(streamlit.__file__).parent / "static" / one).is_file() for one in named)
    assert body["body"].endswith(b"</head><body>")
    assert dict(start["headers"])[b"content-length"] == str(len(body["body"])).encode()
