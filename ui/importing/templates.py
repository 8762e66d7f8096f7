"""Workbooks to fill in: one per kind and form, made by the importer when asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from store.kinds import KINDS, Form, Kind
from ui import worker

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SECONDS = 60.0


def show() -> None:
    """A download per kind and form, in an expander."""
    with st.expander("Mallar att fylla i", icon=":material/description:", key="templates"):
        st.markdown(
            "Varje mall är en arbetsbok med rullistor, en exempelrad och en sida som förklarar. En ifylld mall läggs "
            "in utan frågor."
        )
        for kind in KINDS.values():
            st.markdown(f"**{kind.label}.** {kind.help}")
            with st.container(horizontal=True):
                for form in kind.forms:
                    st.download_button(
                        form.label,
                        partial(_made, worker.command(), kind.id, form.id),
                        file_name=_file_name(kind, form),
                        mime=_XLSX,
                        key=f"template-{kind.id}-{form.id}",
                        icon=":material/download:",
                        on_click="ignore",
                    )


def _file_name(kind: Kind, form: Form) -> str:
    several = len(kind.forms) > 1
    return f"Mall {kind.label.lower()}{f', {form.label.lower()}' if several else ''}.xlsx"


def _made(command: Sequence[str], kind: str, form: str) -> bytes:
    """The template. Streamlit asks for it outside of any reader's run, where there is no workspace to look up."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mall.xlsx"
        request = {"command": "template", "kind": kind, "form": form, "path": str(path)}
        worker.pool().ask(command, request, lambda share, text: None, seconds=_SECONDS)
        return path.read_bytes()
