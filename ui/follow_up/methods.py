"""Three ways to ask what a measure may have done, one at a time and only when asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import streamlit as st

from charts import effects
from charts import follow_up_methods as words
from charts.exhibit import Exhibit
from charts.swedish import capital, listing
from charts.swedish import date as swedish_date
from queries import evaluation, outcomes
from queries.measured import Measured
from ui import parts
from ui.facts import ask
from ui.follow_up.told import Told, sources


def show(told: Told) -> Exhibit | None:
    """The chosen method's answer; None when none is chosen or the figures do not carry it."""
    st.subheader("Vad kan åtgärden ha gjort?", anchor=False)
    if told.measured is None or not told.starts:
        st.markdown("Det kräver en serie att följa och en åtgärd med startdatum.")
        return None
    st.markdown(
        "Tre sätt att fråga. Bestäm helst i förväg vilket ni använder: den som prövar alla och väljer det bästa svaret "
        "hittar lätt något som bara är slump."
    )
    names = [words.AROUND, words.COURSE, words.BESIDE]
    method = st.segmented_control("Metod", names, key=f"metod-{told.goal.id}")
    if method is None:
        return None
    st.markdown(words.WHAT[method])
    start = _start(told)
    found = _ANSWERS[method](told, told.measured, start)
    st.markdown(f"**Bygger på** {words.ASSUMES[method]}  \n**Visar inte:** {words.CANNOT[method]}")
    return found


def _start(told: Told) -> date:
    if len(told.starts) == 1:
        return told.starts[0][0]
    chosen = st.selectbox(
        "Åtgärdens start", told.starts, format_func=lambda one: f"{one[1]}, {swedish_date(one[0])}",
        key=f"start-{told.goal.id}", placeholder="Välj åtgärd",
    )  # fmt: skip
    return chosen[0]


def _around(told: Told, measured: Measured, start: date) -> Exhibit | None:
    with st.container(horizontal=True):
        control = _side(told, measured, "Jämförelseområde", told.goal.control_id, "control")
        buffer = _side(told, measured, "Angränsande område", told.goal.buffer_id, "buffer")
    with st.spinner(parts.WORKING):
        found = ask(evaluation.before_after, measured, start, control, buffer)
    reason = found.reason if found.found is None else found.found.effect.reason
    if found.found is None or reason:
        parts.empty(f"{words.AROUND} går inte att säga här.", words.why_not(words.AROUND, reason))
        return None
    names = _names(measured)
    beside, next_door = (_called(names, one) for one in (control, buffer))
    effect = found.found.effect
    told_of = [words.sentence(told.place, effect, beside)]
    if control:
        told_of.append(words.weighted_sentence(found.found.weighted, beside))
        told_of.append(words.displaced_sentence(found.found.displaced, next_door, beside))
    first = found.counts.iloc[0]
    return _shown(
        told, measured, "fore-efter", effect, beside, " ".join(filter(None, told_of)),
        words.counts_table(found.counts, {**names, measured.area_id: told.place}),
        f"{first['before_label']} och {first['after_label']}",
    )  # fmt: skip


def _course(told: Told, measured: Measured, start: date) -> Exhibit | None:
    with st.spinner(parts.WORKING):
        found = ask(evaluation.own_course, measured, start)
    return _followed(told, measured, words.COURSE, "egen-kurs", found, start)


def _beside(told: Told, measured: Measured, start: date) -> Exhibit | None:
    control = _side(told, measured, "Jämförelseområde", told.goal.control_id, "control")
    if not control:
        parts.empty(f"{words.BESIDE} kräver ett jämförelseområde.", "Välj ett ovan.")
        return None
    with st.spinner(parts.WORKING):
        found = ask(evaluation.beside, measured, start, control)
    return _followed(told, measured, words.BESIDE, "sida-vid-sida", found, start)


def _followed(
    told: Told, measured: Measured, method: str, key: str, found: evaluation.Followed, start: date
) -> Exhibit | None:
    if found.effect.reason:
        parts.empty(f"{method} går inte att säga här.", words.why_not(method, found.effect.reason, found.hidden))
        return None
    beside = listing(found.areas)
    return _shown(
        told, measured, key, found.effect, beside, words.sentence(told.place, found.effect, beside),
        words.effect_table(found.effect, found.areas),
        f"{found.before} perioder före och {found.after} efter {swedish_date(start)}",
    )  # fmt: skip


_ANSWERS: dict[str, Callable[[Told, Measured, date], Exhibit | None]] = {
    words.AROUND: _around,
    words.COURSE: _course,
    words.BESIDE: _beside,
}


def _shown(
    told: Told, measured: Measured, key: str, effect: words.EffectRecord, beside: str, sentence: str,
    table: pd.DataFrame, period: str,
) -> Exhibit:  # fmt: skip
    """Draw the answer and hand it back, to be kept with the follow-up."""
    found = Exhibit(
        id=f"mal-{told.goal.id}-{key}",
        finding=words.finding(capital(told.what), told.place, effect, beside),
        sentence=sentence,
        unit="förändring i procent mot det väntade",
        place=told.place,
        period=period,
        sources=sources(measured),
        table=table,
        figure=effects.effect(*(words.change_of(one) for one in (effect.ratio, effect.lower, effect.upper))),
        alt=f"Förändringen i procent med osäkerhet. {sentence}",
        measured=measured.as_json(),
    )
    parts.show(found)
    return found


def _side(told: Told, measured: Measured, label: str, planned: str, key: str) -> str:
    """An area to set beside; the one that the goal plans for, unless another is chosen."""
    names = _names(measured)
    areas = ["", *names]
    return st.selectbox(
        label, areas, areas.index(planned) if planned in areas else 0, key=f"{key}-{told.goal.id}",
        format_func=lambda area: _called(names, area) or "inget", placeholder="Välj område", width=280,
    )  # fmt: skip


def _names(measured: Measured) -> dict[str, str]:
    rows = ask(outcomes.sides, measured)
    return dict(zip(rows["area_id"], rows["name"], strict=True))


def _called(names: dict[str, str], area: str) -> str:
    """The area's name; the municipality stands for what lies outside the place."""
    if not area:
        return ""
    return f"resten av {names[area]}" if any(one.startswith(f"{area}-") for one in names) else names[area]
