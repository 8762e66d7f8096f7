"""Page set-up, navigation, first build and the shared choices. Nothing else."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import auth, client, facts, filters, nav, server, startup, workspace


def show() -> None:
    """One run of the app for one reader."""
    # A file of our own: an icon by name would be fetched from a foreign host.
    icon = Path(__file__).parent / "static" / "favicon.png"
    st.set_page_config(page_title="Röda tråden", page_icon=icon, layout="wide")
    # Before the first build, or a deep link would be taken for a page that does not exist.
    page = st.navigation(
        nav.pages(writes=auth.may_write()), expanded=True, position="hidden" if auth.is_outside() else "sidebar"
    )
    auth.require_login()
    workspace.choose()
    startup.ensure_build()
    facts.hold_build()
    startup.ensure_municipality()
    spec = nav.spec_of(page)
    if spec.place or spec.period:
        filters.show(place=spec.place, period=spec.period)
    auth.show_who()
    page.run()


# Naming an App makes the server import this file once when it starts, with no reader. Until some reader's run has
# called st.navigation, Streamlit takes the folder pages/ for an older kind of app and a first deep link for unknown.
_MIDDLEWARE = [Middleware(server.HtmlPage), Middleware(client.SwedishClient)]
app = st.App(__file__, middleware=_MIDDLEWARE, on_script_error=server.explain_error)
PagesManager.uses_pages_directory = False
if get_script_run_ctx(suppress_warning=True) is None:
    startup.warm_up()
else:
    show()
