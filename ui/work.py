"""The work's store as pages use it: the reader's workspace, saving with what went wrong in words, links between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from store.records import Forbidden, Missing, Refused, Row, Stale, Work, WorkError, about, open_work
from ui.auth import actor, may_decide, may_write
from ui.facts import EXAMPLE, in_example, settings
from ui.work_fields import empty_form, forget, form_fields, opened, value_in_words

__all__ = [
    "actor", "attempt", "empty_form", "form_fields", "line", "link", "may_decide", "may_write", "opened", "save",
    "saved", "table", "work",
]  # fmt: skip

T = TypeVar("T")
R = TypeVar("R", bound=Row)


def work() -> Work:
    """The work of the workspace that the reader looks at."""
    chosen = settings()
    return open_work(chosen.records, chosen.data_dir)


def table(model: type[Row]) -> pd.DataFrame:
    """All live rows of a kind (``Work.frame``), read once per change of the work for all readers: never change it."""
    found: pd.DataFrame = _table(str(work().engine.url), work().revision(), model.__tablename__, model)
    return found


@st.cache_resource(max_entries=200, show_spinner=False)
def _table(url: str, revision: str, name: str, _model: type[Row]) -> pd.DataFrame:
    return work().frame(_model)


def save(row: R, **changes: Any) -> R | None:
    """Save what the reader has changed in a row since its form came on screen; None when it could not be.

    The usual way to save a form: ``save(row, **form_fields(Problem, row, COLUMNS))``.
    """
    before = opened(row)
    changed = {name: value for name, value in changes.items() if value != getattr(before, name)}
    done = attempt(lambda: work().save(actor(), type(row), before.id, before.version, **changed))
    if done is not None:
        forget(row)  # the form begins again from what has been saved
    return done


def attempt(write: Callable[[], T], *, again: Callable[[Any], object] | None = None) -> T | None:
    """Do it, and return what it returns. What went wrong is shown, and None returned.

    ``again``: writes mine on top of what somebody else saved meanwhile, given their row, where more than the row's own
    columns is saved.
    """
    try:
        return write()
    except Refused as refused:
        several = "\n".join(f"- {fault.message}" for fault in refused.faults)
        st.error(several if len(refused.faults) > 1 else str(refused), icon=":material/error:")
    except Stale as stale:
        _both_versions(stale, again)
    except (Forbidden, Missing) as error:
        st.error(str(error), icon=":material/error:")
    return None


def saved(sentence: str) -> None:
    """Say that something has been saved, also when the page is run again at once to show it."""
    st.toast(sentence, icon=":material/check:")


def link(page: str, label: str, *, icon: str = "", **ids: Any) -> None:
    """A link to a page (its folder) with ids in its address: ``link("problem", "Problem 3", problem=3)``."""
    query = {name: str(value) for name, value in ids.items()} | ({EXAMPLE: "true"} if in_example() else {})
    st.page_link(
        f"pages/{page}/page.py", label=label, icon=f":material/{icon}:" if icon else None, query_params=query or None
    )


def line(text: str, page: str, label: str = "Öppna", **ids: Any) -> None:
    """A line of text with the link to what it is about beside it. A link's own text is cut where it does not fit."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(text, width="stretch")
        link(page, label, icon="arrow_forward", **ids)


@st.dialog("Någon annan har sparat", icon=":material/group:")
def _both_versions(stale: Stale, again: Callable[[Any], object] | None) -> None:
    """Mine and theirs side by side where they differ, and the choice between them."""
    theirs = stale.theirs
    st.write(str(stale))
    differing = list(_differing(stale))
    if differing:
        table = pd.DataFrame(differing, columns=["Fält", "Din ändring", f"Sparat av {theirs.changed_by}"])
        st.table(table.set_index("Fält"))
    with st.container(horizontal=True):
        if differing and st.button("Spara min ändring", key="stale-mine"):
            forget(theirs)
            try:  # ``attempt`` would open this dialog inside itself if somebody saved yet again
                if again is None:
                    work().save(actor(), type(theirs), theirs.id, theirs.version, **stale.mine)
                else:
                    again(theirs)
            except WorkError as error:
                st.error(str(error), icon=":material/error:")
            else:
                st.rerun()
        if st.button("Använd det som är sparat", key="stale-theirs"):
            forget(theirs)
            st.rerun()


def _differing(stale: Stale) -> Iterator[tuple[str, str, str]]:
    model = type(stale.theirs)
    for name, mine in stale.mine.items():
        theirs = getattr(stale.theirs, name)
        if mine != theirs:
            yield about(model, name).label, value_in_words(model, name, mine), value_in_words(model, name, theirs)
