"""Which workspace a reader looks at: the real one, or the example, which says so everywhere."""

from __future__ import annotations

import streamlit as st

from ui.facts import EXAMPLE, has_example, in_example
from ui.parts import EXAMPLE_DATA


def choose() -> None:
    """Offer the example workspace when there is one, and say on every page of it that its figures are made up."""
    if not has_example():
        return
    st.sidebar.toggle(
        "Visa exempeldata", key=EXAMPLE, bind="query-params",
        help="En egen arbetsyta med påhittade uppgifter, skild från kommunens riktiga.",
    )  # fmt: skip
    if in_example():
        st.warning(
            f"**{EXAMPLE_DATA}.** Händelser, enkätsvar och andra lokala uppgifter här är påhittade. Officiell "
            "statistik är verklig. Stäng av i menyn för att se kommunens egna uppgifter.",
            icon=":material/science:",
        )
