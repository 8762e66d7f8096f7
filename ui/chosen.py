"""The row that the address names: «problem?problem=3», and the way to another."""

from __future__ import annotations

from typing import NoReturn, TypeVar

import streamlit as st

from store.records import Row
from ui.work import work

R = TypeVar("R", bound=Row)


def chosen(model: type[R], name: str, gone: str) -> R | None:
    """The live row whose id stands in the address under ``name``; None without one, or, with the line ``gone``, when
    there is none (any more)."""
    told = st.query_params.get(name, "")
    _show_in_address(name, told)
    found = work().get(model, int(told)) if told.isdecimal() and len(told) < 10 else None
    if told and found is None:
        st.info(gone, icon=":material/info:")
    return found


def go(page: str, **ids: int) -> NoReturn:
    """Open a page (its folder) with these ids in its address; the workspace stays the one that was chosen."""
    st.switch_page(f"pages/{page}/page.py", query_params={name: str(value) for name, value in ids.items()})


def _show_in_address(name: str, told: str) -> None:
    """Let the browser's address follow: Streamlit 1.67 leaves it as it was after a link from a page to itself."""
    shown = f"in-address-{name}"
    if st.session_state.get(shown, "") != told:
        st.session_state[shown] = told
        st.query_params[name] = told
        if not told:
            del st.query_params[name]
