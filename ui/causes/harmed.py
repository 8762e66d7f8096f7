"""Which kinds weigh most when harm is counted, for those who ask: of all kinds of a source in a place."""

from __future__ import annotations

import streamlit as st

from charts import causes_harm as drawn
from charts.exhibit import Exhibit, Provenance
from queries import causes_harm
from ui import parts
from ui.facts import ask
from ui.filters import Choice


def show(choice: Choice, source_id: str, cited: Provenance, title: str) -> None:
    """A closed drawer; none where no kind has a weight."""
    found = ask(causes_harm.harms, choice.municipality_id, source_id, choice.place_id)
    if found is None:
        return
    drawer = st.expander("Vad skadar mest? Slagen vägda efter straff", icon=":material/balance:", key="skada",
                         on_change="rerun")  # fmt: skip
    if not drawer.open:
        return
    with drawer:
        parts.show(
            Exhibit(
                id="orsaker-skada", finding=drawn.finding(found, choice.where), sentence=drawn.sentence(found),
                unit="Dagar i ett genomsnittligt straff", place=choice.where, period=found.label, sources=(cited,),
                table=drawn.table(found), alt="Slagen med en publicerad vikt, mest skada först.",
                filters=(("Källa", title),),
            )
        )  # fmt: skip
