"""Page set-up, navigation, first build and the shared choices. Nothing else."""

from pathlib import Path

import streamlit as st

from ui import filters, nav, startup

# A file of our own: an icon by name would be fetched from a foreign host.
st.set_page_config(page_title="Röda tråden", page_icon=Path(__file__).parent / "static" / "favicon.png", layout="wide")
# Before the first build, or a deep link to a page would be taken for a page that does not exist.
page = st.navigation(nav.pages())
startup.ensure_build()
spec = nav.spec_of(page)
if spec.place or spec.period:
    filters.show(place=spec.place, period=spec.period)
page.run()
