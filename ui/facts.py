"""The current build and answers from it, cached per build."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from store.settings import Settings
from store.warehouse import Build, current_build

P = ParamSpec("P")
T = TypeVar("T")


@cache
def settings() -> Settings:
    """The installation's settings, read once."""
    return Settings()


def build() -> Build:
    """The build that is current now; a new one shows at the next click, without a restart."""
    found = current_build(settings().data_dir)
    if found is None:
        raise RuntimeError("no build: app.py makes one before any page runs")
    return found


def ask(question: Callable[Concatenate[Build, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The answer to a function of ``queries`` on the current build. Arguments must be hashable."""
    current = build()
    answer: T = _answer(current.id, question.__module__, question.__qualname__, args, kwargs, question, current)
    return answer


@st.cache_data(max_entries=1000, show_spinner=False)
def _answer(
    build_id: str,
    module: str,
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    _question: Callable[..., Any],
    _build: Build,
) -> Any:
    return _question(_build, *args, **kwargs)
