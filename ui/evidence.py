"""What something rests on, as it was when it was taken, and what today's facts say beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl

import streamlit as st

from charts.frozen import table_from_json, thaw
from charts.frozen_words import changed_sentence, newer_sentence
from charts.swedish import date as swedish_date
from charts.swedish import local_day
from queries import since_frozen
from queries.measured import Measured
from store.records import Evidence, about
from store.records.choices import EvidenceKind
from ui import parts
from ui.facts import ask, build
from ui.nav import PAGES
from ui.work import link


def show(evidence: Evidence) -> None:
    """One ground: a figure drawn from what was frozen, or the words of a note."""
    if evidence.frozen:
        parts.show(replace(thaw(evidence.frozen), id=f"underlag-{evidence.id}"))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(frozen_line(evidence.frozen), width="stretch")
            to_page(evidence.link)
        told = since(evidence.frozen)
        if told.differs:
            st.info(told.words, icon=":material/update:")
        elif told.words:
            st.caption(told.words)
        return
    kind = EvidenceKind(evidence.kind).label
    st.markdown(f"**{evidence.title}** · {kind}")
    for column in ("note", "source"):
        text = getattr(evidence, column)
        if text:
            st.markdown(f"{about(Evidence, column).label}: {text}")


def frozen_line(frozen: Mapping[str, Any]) -> str:
    """When the figures were taken, and from which build."""
    day = local_day(datetime.fromisoformat(frozen["frozen_at"]))
    return f"Siffrorna är som de var {swedish_date(day)}, ur bygge {frozen['build']}."


@dataclass(frozen=True)
class Since:
    """What has happened since something was frozen; ``words`` are empty when it is of the build that is shown."""

    differs: bool = False
    words: str = ""


def since(frozen: Mapping[str, Any]) -> Since:
    """What today's facts say of the same: of its series, else of its sources' deliveries."""
    if frozen["build"] == build().id:
        return Since()
    measured = Measured.from_json(frozen["measured"])
    if measured and frozen["series"]:
        then = table_from_json(frozen["series"]).to_csv(index=False)
        record = ask(since_frozen.since, measured, then)
        words = changed_sentence(record, measured.label or frozen["place"])
        return Since(record.is_revised or len(record.added) > 0, words)
    delivered = {source["citation"]: date.fromisoformat(source["delivered"]) for source in frozen["sources"]}
    rows = ask(since_frozen.newest_deliveries, tuple(delivered))
    now = {citation: local_day(at) for citation, at in zip(rows["citation"], rows["received_at"], strict=True)}
    newer = [(citation, day) for citation, day in now.items() if day > delivered[citation]]
    lost = [citation for citation in delivered if citation not in now]
    return Since(bool(newer or lost), newer_sentence(newer, lost))


def to_page(address: str) -> None:
    """The way to the page that a figure was taken on, with the same choices."""
    name, _, query = address.partition("?")
    known = {spec.folder: spec.title for specs in PAGES.values() for spec in specs}
    if name in known:
        link(name, f"Se på {known[name]}", icon="open_in_full", **dict(parse_qsl(query)))
