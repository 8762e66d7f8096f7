"""The file uploader speaks Swedish, and the rest of the client is left as it is."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ui.client import WORDS, SwedishClient, translated


@pytest.mark.parametrize("phrase", WORDS)
def test_every_phrase_is_in_this_version_of_the_client(phrase: str) -> None:
    """With a new version of Streamlit, whoever raises it looks what the uploader says now."""
    files = translated().values()
    assert any(WORDS[phrase].encode() in content for content in files)
    assert not any(phrase.encode() in content for content in files)


def test_the_largest_size_is_told_in_swedish() -> None:
    (uploader,) = (content.decode() for name, content in translated().items() if name.startswith("FileUploader"))
    assert "`Högst ${" in uploader
    assert "per file" not in uploader


def everything(request: Request) -> PlainTextResponse:
    return PlainTextResponse("as it was")


def get(app: Starlette, address: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client:
            return await client.get(address)

    # In a thread of its own: the browser tests' Playwright leaves a running loop in this one.
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(lambda: asyncio.run(ask())).result()


def test_only_the_uploader_is_answered_for() -> None:
    app = Starlette(routes=[Route("/{path:path}", everything)], middleware=[Middleware(SwedishClient)])
    (name,) = (name for name in translated() if name.startswith("FileUploader"))
    for address in (f"/static/js/{name}", f"/below/static/js/{name}"):
        answer = get(app, address)
        assert "`Välj filer`" in answer.text
        assert answer.headers["content-type"].startswith("text/javascript")
    for address in ("/static/js/index.js", f"/elsewhere/{name}", "/"):
        assert get(app, address).text == "as it was"
