"""Who the reader is and what that allows. Without login: whoever sits at the computer, with all rights."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from store.records import Actor, Right, Role
from store.settings import PROJECT
from ui.facts import installation

_LOCAL = "Lokal användare"
_NAME = "_name_in_history"


def actor() -> Actor:
    """Who writes. With login, the person who has logged in, in the role that the municipality's file gives."""
    if not login_is_set_up():
        return Actor(_local_name() or _LOCAL, Role.ADMIN)
    email = str(st.user.get("email") or "").casefold()
    name = str(st.user.get("name") or email or "Okänd")
    if st.user.get("email_verified") is False:  # anybody may have written that address
        return Actor(name, Role.READER)
    return Actor(name, _roles().get(email, Role.READER))


def may_write() -> bool:
    """Whether forms are shown. The store asks again at every write."""
    return actor().may(Right.WRITE)


def may_decide() -> bool:
    """Whether decisions can be made."""
    return actor().may(Right.DECIDE)


@cache
def login_is_set_up() -> bool:
    """Whether ``.streamlit/secrets.toml`` says how people log in (its part ``[auth]``)."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def is_outside() -> bool:
    """Whether login is set up and the reader has not logged in."""
    return login_is_set_up() and not st.user.is_logged_in


def require_login() -> None:
    """Stop the run with a way to log in, for who is outside."""
    if not is_outside():
        return
    st.title("Röda tråden")
    st.write("Logga in med ditt konto i kommunen för att fortsätta.")
    if st.button("Logga in", icon=":material/login:"):
        st.login()
    st.stop()


def show_who() -> None:
    """In the menu: who is logged in, or which name the history keeps, which can be changed."""
    me = actor()
    with st.sidebar.popover(me.name, icon=":material/person:", type="tertiary"):
        if login_is_set_up():
            st.write(f"Inloggad som {me.name}, {me.role.label.lower()}.")
            if st.button("Logga ut", icon=":material/logout:"):
                st.logout()
        else:
            st.text_input(
                "Namn i historiken",
                value=_local_name(),
                key=_NAME,
                placeholder=_LOCAL,
                help="Står vid det du sparar, så att ni ser vem som har gjort vad. Sparas på den här datorn.",
                on_change=_keep_name,
            )


def _name_file() -> Path:
    return installation().data_dir / "name.txt"


def _local_name() -> str:
    file = _name_file()
    return file.read_text("utf-8") if file.exists() else ""


def _keep_name() -> None:
    _name_file().write_text(" ".join(str(st.session_state[_NAME]).split())[:80], "utf-8")


def _roles() -> dict[str, Role]:
    """Roles by e-mail address, of the municipality's file; a role is written with its Swedish name."""
    file = PROJECT / "config" / f"{installation().municipality}.toml"
    by_name = {role.label.casefold(): role for role in Role}
    people = _people(file, file.stat().st_mtime_ns)
    return {email.casefold(): by_name[role.casefold()] for email, role in people.items() if role.casefold() in by_name}


@cache
def _people(file: Path, _changed: int) -> dict[str, str]:
    people: dict[str, str] = tomllib.loads(file.read_text("utf-8")).get("people", {})
    return people
