"""The six steps of a cause analysis: which one is open, how long each takes, and the way to the next."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ui.parts import primary_button

_KEY = "steg"


@dataclass(frozen=True)
class Step:
    """One step. ``aim``: what it gives, in a sentence."""

    name: str
    minutes: int
    aim: str


CHAIN = Step("Händelsekedja", 3, "Gå igenom vad som händer före, under och efter, och var kedjan kan brytas.")
WHYS = Step("Fem varför", 6, "Fråga varför, och sedan varför det är så. Fem gånger räcker oftast.")
SIDES = Step("Fiskben", 3, "Säg om varje orsak gäller den som utsätts, den som begår brottet eller platsen.")
TRIANGLE = Step("Brottstriangeln", 2, "Beskriv vem som utsätts, vem som begår brottet och platsen där det sker.")
WEIGH = Step("Väg och pröva", 4, "Säg hur mycket varje orsak betyder, hur säkra ni är och vad ni bygger det på.")
SUMMARY = Step("Sammanfatta", 2, "Skriv vad ni vet, tror och inte vet. Gå sedan vidare till åtgärder.")

STEPS = (CHAIN, WHYS, SIDES, TRIANGLE, WEIGH, SUMMARY)
MINUTES = sum(step.minutes for step in STEPS)


def choose() -> Step:
    """Draw the steps, kept in the address, and return the one that is open."""
    names = [_label(step) for step in STEPS]
    chosen = st.segmented_control(
        f"Steg, {MINUTES} minuter i allt. Varje steg sparas för sig.", names, default=names[0], key=_KEY, required=True,
        bind="query-params", wrap=True,
    )  # fmt: skip
    step = STEPS[names.index(chosen)]
    st.subheader(step.name, anchor=False)
    st.markdown(f"{step.aim} Ungefär {step.minutes} minuter.")
    return step


def onwards(step: Step) -> None:
    """The button to the next step."""
    place = STEPS.index(step)
    if place + 1 == len(STEPS):
        return
    # The choice of step is on screen already, so it is set before the next run draws it.
    if primary_button(f"Nästa: {STEPS[place + 1].name}", key="onwards"):
        st.session_state["_step"] = _label(STEPS[place + 1])
        st.rerun()


def take_onwards() -> None:
    """Open the step that the button named, before the steps are drawn."""
    if "_step" in st.session_state:
        st.session_state[_KEY] = st.session_state.pop("_step")


def _label(step: Step) -> str:
    return f"{STEPS.index(step) + 1} {step.name}"
