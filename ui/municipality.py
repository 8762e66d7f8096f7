"""The places that the work can be about."""

from __future__ import annotations

from queries import places
from ui.facts import ask, settings


def place_names() -> dict[str, str]:
    """The municipality and its districts: area id to name, as a choice in a form."""
    whole = settings().municipality
    known = ask(places.choices, whole)
    names = dict(zip(known["area_id"], known["name"], strict=True))
    return {code: f"{name} kommun" if code == whole else name for code, name in names.items()}
