"""What the reader asks about on Orsaker i data: a problem, what it is set against, and the path into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from charts.exhibit import Provenance
from queries.causes import Path

#: What the newest year is set against, as the page says it.
AGAINST = {"year": "Året före", "mean": "Alla tidigare år", "rest": "Resten av kommunen"}

#: Between the dimension and the part in a step of the path, and between the steps of the trail.
_OF, _THEN = ": ", " › "

_PATH = "vag"


@dataclass(frozen=True)
class Asked:
    """One problem. ``what``: it and its place, to begin a title with. ``key``: what the question to queries takes."""

    name: str
    key: tuple[str, ...]
    what: str
    where: str
    against: str
    path: Path
    cited: Provenance
    filters: tuple[tuple[str, str], ...]

    @property
    def level(self) -> bool:
        """Whether the place is set against the rest of the municipality."""
        return self.against == "rest"

    @property
    def trail(self) -> str:
        """The path as it is read: "Rimbo › helg › kväll"."""
        return _THEN.join(part for _, part in self.path)


def compared(known: Sequence[str]) -> str:
    """Draw the choice of what the newest year is set against."""
    names = [AGAINST[one] for one in known]
    _forget("jamfor", names)
    chosen = st.segmented_control(
        "Jämför senaste året med", names, default=names[0], key="jamfor", required=True, bind="query-params"
    )
    return next(one for one in known if AGAINST[one] == chosen)


def path(known: Mapping[str, Sequence[str]], taken: Sequence[str]) -> Path | None:
    """Draw the path, kept in the address: each step is taken away by itself. ``taken``: dimensions that are chosen
    already. None, with an explanation, when two steps part the same thing."""
    steps = [f"{name}{_OF}{part}" for name, parts_of in known.items() if name not in taken for part in parts_of]
    _forget(_PATH, steps)
    chosen = st.multiselect(
        "Väg in i siffrorna", steps, key=_PATH, bind="query-params", placeholder="Välj en del för att gå vidare i den",
        help="Varje steg begränsar till en del. Ta bort ett steg för att gå tillbaka.",
    )  # fmt: skip
    found = tuple((name, part) for name, _, part in (step.partition(_OF) for step in chosen))
    if len({name for name, _ in found}) < len(found):
        st.markdown("Två steg på vägen gäller samma uppdelning, och inget ligger i båda. Ta bort det ena.")
        return None
    return found


def further(dimension: str, part: str) -> None:
    """Take one step more."""
    step = f"{dimension}{_OF}{part}"
    st.session_state[_PATH] = [*st.session_state.get(_PATH, []), step]


def _forget(key: str, known: Sequence[str]) -> None:
    """Forget a choice that another problem does not have."""
    value = st.session_state.get(key)
    if isinstance(value, list):
        kept = [one for one in value if one in known]
        if kept != value:
            st.session_state[key] = kept
    elif value is not None and value not in known:
        del st.session_state[key]
