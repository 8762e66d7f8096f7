"""What can be put on any row of the work: comments, files, and who has changed what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from charts.swedish import SWEDEN
from charts.swedish import date as swedish_date
from store.records import Attachment, Comment, History, Row, about
from store.records.choices import Action
from ui.work import actor, attempt, empty_form, form_fields, may_write, saved, work
from ui.work_fields import value_in_words

#: Longer values are cut in the history; the row itself has them whole.
_LONGEST = 80


def show(row: Row) -> None:
    """Comments, files and history of a row, each one click away."""
    comments(row)
    attachments(row)
    history(row)


def comments(row: Row) -> None:
    """What has been said about the row, and a field to say more."""
    told = work().all(Comment, about_table=row.__tablename__, about_id=row.id)
    with st.expander(f"Kommentarer ({len(told)})", icon=":material/chat:", key=f"comments-{_name(row)}"):
        for one in told:
            st.markdown(f"**{one.created_by}**, {moment(one.created_at)}  \n{one.what}")
        if not may_write():
            return
        with st.form(f"comment-{_name(row)}", border=False):
            values = form_fields(Comment, None, ["what"], part=_name(row))
            if st.form_submit_button("Lägg till kommentar"):
                new = Comment(about_table=row.__tablename__, about_id=row.id, **values)
                if attempt(lambda: work().create(actor(), new)):
                    empty_form(Comment)
                    saved("Kommentaren är sparad.")
                    st.rerun()


def attachments(row: Row) -> None:
    """Files that belong to the row, and a place to add one."""
    files = work().all(Attachment, about_table=row.__tablename__, about_id=row.id)
    with st.expander(f"Bilagor ({len(files)})", icon=":material/attach_file:", key=f"files-{_name(row)}"):
        for one in files:
            st.download_button(
                one.file_name, partial(_content, one.id), file_name=one.file_name, mime=one.media_type or None,
                key=f"file-{one.id}", on_click="ignore", type="tertiary", icon=":material/download:",
            )  # fmt: skip
        if not may_write():
            return
        count = f"files-added-{_name(row)}"
        sent = st.file_uploader(
            "Lägg till en fil", key=f"upload-{_name(row)}-{st.session_state.get(count, 0)}", max_upload_size=25
        )
        if sent is not None and st.button("Spara filen", key=f"keep-{_name(row)}"):
            new = Attachment(
                about_table=row.__tablename__, about_id=row.id, file_name=sent.name, media_type=sent.type,
                content=sent.getvalue(),
            )  # fmt: skip
            if attempt(lambda: work().create(actor(), new)):
                st.session_state[count] = st.session_state.get(count, 0) + 1
                saved("Filen är sparad.")
                st.rerun()


def _content(attachment_id: int) -> bytes:
    found = work().get(Attachment, attachment_id)
    return b"" if found is None else found.content


def history(row: Row) -> None:
    """Who has changed what, newest first; read when it is opened."""
    box = st.expander("Vem har ändrat vad", icon=":material/history:", key=f"history-{_name(row)}", on_change="rerun")
    if not box.open:
        return
    with box:
        for one in reversed(work().history(type(row), row.id)):
            action = Action(one.action).label.lower()
            lines = [f"**{moment(one.at)}**, {one.by}: {action}.", *_changes(type(row), one)]
            st.markdown("  \n".join(lines))


def moment(at: datetime) -> str:
    """A time in UTC as Swedes read it: «4 mars 2026 kl. 10.32»."""
    local = at.astimezone(SWEDEN)
    return f"{swedish_date(local)} kl. {local:%H.%M}"


def _changes(model: type[Row], one: History) -> Iterator[str]:
    """Column by column what a change made of it; a new row only says that it was made."""
    for name, after in one.after.items():
        if one.before is None or "about" not in model.__table__.columns[name].info:
            continue
        yield f"{about(model, name).label}: {_told(model, name, one.before.get(name))} → {_told(model, name, after)}"


def _told(model: type[Row], name: str, value: Any) -> str:
    """A value in words; texts in quotation marks, and no longer than a line."""
    words = " ".join(value_in_words(model, name, value).split())
    if words == "–" or about(model, name).choices or model.__table__.columns[name].type.python_type is not str:
        return words
    return f"«{words if len(words) <= _LONGEST else words[: _LONGEST - 1] + '…'}»"


def _name(row: Row) -> str:
    return f"{row.__tablename__}-{row.id}"
