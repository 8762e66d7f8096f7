"""The build that a page is made from, and answers from it, cached per build."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from store.settings import Settings
from store.warehouse import EXAMPLE_MARK, Build, current_build

P = ParamSpec("P")
T = TypeVar("T")

#: Where a session keeps the build that its page is made from.
_HELD = "_build"


#: Key of the choice, in session and address, to look at the example workspace.
EXAMPLE = "exempel"


@cache
def installation() -> Settings:
    """The installation's settings, read once."""
    return Settings()


def settings() -> Settings:
    """The settings of the workspace that this reader looks at: the installation's own, or its example."""
    return installation().example if st.session_state.get(EXAMPLE) and has_example() else installation()


def has_example() -> bool:
    """Whether there is an example workspace to look at."""
    return (installation().example.data_dir / EXAMPLE_MARK).exists()


def in_example() -> bool:
    """Whether this reader looks at the example workspace."""
    return settings().data_dir.name == EXAMPLE


def hold_build() -> None:
    """Take the build that is current now for the run that begins: all of a page is made from one build.

    A build that is published meanwhile shows at the next full run, without a restart. A part of a page that runs again
    by itself (``st.fragment``) stays with the build of the rest.
    """
    st.session_state[_HELD] = _current()


def build() -> Build:
    """The build that this page is made from."""
    held: Build | None = st.session_state.get(_HELD)
    if held is None:
        return _current()
    if not held.path.exists():  # removed since: begin the page again from the one that is current
        st.rerun()
    return held


def _current() -> Build:
    found = current_build(settings().data_dir)
    if found is None:
        raise RuntimeError("no build: app.py makes one before any page runs")
    return found


def ask(question: Callable[Concatenate[Build, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The answer to a function of ``queries`` on the page's build. Arguments must be hashable."""
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


def compose(make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``make`` composes from answers of the page's build, composed once for all readers: never change it."""
    made: T = _composed(build().id, make.__code__.co_filename, make.__qualname__, args, kwargs, make)
    return made


@st.cache_resource(max_entries=300, show_spinner=False)
def _composed(
    build_id: str, file: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], _make: Callable[..., Any]
) -> Any:
    return _make(*args, **kwargs)
