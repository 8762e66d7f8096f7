"""Page set-up, first build, navigation and the shared choices. Nothing else."""

import streamlit as st

from ui import filters, nav, startup

st.set_page_config(page_title="Röda tråden", page_icon=":material/timeline:", layout="wide")
startup.ensure_build()
page = st.navigation(nav.pages())
spec = nav.spec_of(page)
if spec.place or spec.period:
    filters.show(place=spec.place, period=spec.period)
page.run()
