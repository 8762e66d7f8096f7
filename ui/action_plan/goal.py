"""One goal: the series it is followed in, where it stands, what is to be reached, and whether that can be seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from charts.follow_up import with_unit
from charts.swedish import date as swedish_date
from charts.swedish import span, today
from queries import measured as measuring
from queries import measured_plan, offences
from queries.measured import Measured
from store.records import Goal, about
from store.records.choices import Direction
from ui import parts, remarks
from ui.action_plan.measure import figure
from ui.action_plan.reading import Frames, closed, drafts
from ui.aside import lay_aside
from ui.facts import ask, settings
from ui.municipality import place_names
from ui.work import form_fields, link, may_write, save, saved

_BY_HAND = ["indicator", "unit", "baseline", "baseline_lower", "baseline_upper", "baseline_period"]
_NONE, _OTHERS = "Inget", "Övriga kommunen"
_YEAR = 12


class Hint(Protocol):
    """One letter of SMART (``analysis.smart``)."""

    @property
    def letter(self) -> str: ...
    @property
    def word(self) -> str: ...
    @property
    def good(self) -> bool: ...
    @property
    def text(self) -> str: ...


def show(goal: Goal, frames: Frames, smart: Callable[..., Sequence[Hint]]) -> None:
    """The whole goal. ``smart`` takes the parts of ``analysis.smart.GoalParts`` and gives the hints."""
    link("atgardsplan", "Hela åtgärdsplanen", icon="arrow_back")
    parts.heading(goal.title, goal.place or "Målet har ingen plats än.")
    of = frames.goal_measure
    measures = frames.measures[frames.measures["id"].isin(of.loc[of["goal_id"] == goal.id, "measure_id"])]
    for row in measures.to_dict("records"):
        link("atgardsplan", f"Åtgärd: {row['title']}", icon="build", atgard=row["id"])
    decided = bool(measures["plan_id"].isin(set(frames.plans["id"]) - set(drafts(frames.plans)["id"])).any())
    open_ = may_write() and not decided
    if decided:
        st.markdown("Målet hör till en beslutad plan.")
        closed()
    values = _form(goal, measures) if open_ else _kept(goal)
    _smart(values, measures, smart)
    link("uppfoljning", "Följ upp målet", icon="fact_check", mal=goal.id)
    remarks.show(goal)
    if open_:
        done = "Målet är undanlagt. Du kan ta tillbaka det längst ned på sidan."
        lay_aside(goal, "Lägg undan målet", page="atgardsplan", done=done)


def _kept(goal: Goal) -> dict[str, Any]:
    """What is shown of a goal that cannot be changed: it is decided, or the reader may not write."""
    values = {name: getattr(goal, name) for name in ("title", "place", *_BY_HAND, "target", "due_on", "criterion")}
    told = {
        name: values[name] if values[name] is None or isinstance(values[name], str) else figure(values[name])
        for name in ("indicator", "baseline", "baseline_period", "target", "unit", "criterion")
    }
    told["due_on"] = swedish_date(goal.due_on)
    st.markdown("  \n".join(f"{about(Goal, name).label}: {text or '–'}" for name, text in told.items()))
    _answer(goal.detectable)
    return {**values, "direction": goal.direction, "detectable": goal.detectable}


def _form(goal: Goal, measures: pd.DataFrame) -> dict[str, Any]:
    """What is to be reached, where and by when; what stands in the fields."""
    st.subheader("Vad ska uppnås?", anchor=False)
    names = place_names() | ({goal.place_id: goal.place} if goal.place_id else {})
    values = form_fields(Goal, goal, ["title", "place_id"], {"place_id": names})
    values["place_id"] = values["place_id"] or ""
    values["place"] = names.get(values["place_id"], "")
    st.subheader("I vilken siffra syns det?", anchor=False)
    series = _series(goal, values["place_id"] or settings().municipality)
    values |= _by_hand(goal) if series is None else _baseline(goal, series)
    values |= form_fields(Goal, goal, ["direction", "target", "due_on", "criterion"])
    values |= _beside(goal, series)
    st.subheader("Kan uppföljningen hitta effekten?", anchor=False)
    values["detectable"] = _found(values, series, measures)
    _answer(values["detectable"])
    if st.button("Spara målet", key=f"save-goal-{goal.id}", icon=":material/save:") and save(goal, **values):
        saved("Målet är sparat.")
        st.rerun()
    return values


def _series(goal: Goal, place_id: str) -> Measured | None:
    """The series that is chosen, in two steps: where the figures come from, and which."""
    with st.spinner(parts.WORKING):
        known = ask(measuring.choices, place_id)
    now = Measured.from_json(goal.measured)
    if now is not None and now not in set(known["measured"]):
        kept = {
            "group": "Vald sedan tidigare",
            "label": now.label or goal.indicator,
            "unit": goal.unit,
            "measured": now,
        }
        known = pd.concat([pd.DataFrame([kept]), known], ignore_index=True)
    groups = list(dict.fromkeys(known["group"]))
    own = known.loc[known["measured"] == now, "group"].tolist() if now else []
    columns = st.columns(2)
    group = columns[0].selectbox(
        "Siffror ur", groups, groups.index(own[0]) if own else None, key=f"goal-group-{goal.id}-{place_id}",
        placeholder="Välj källa",
    )  # fmt: skip
    if group is None:
        return None
    rows = known[known["group"] == group].reset_index(drop=True)
    named: list[Measured] = rows["measured"].tolist()
    labels = dict(zip(named, rows["label"], strict=True))
    chosen = columns[1].selectbox(
        "Mått", named, named.index(now) if now in named else None, format_func=lambda one: labels.get(one, one.label),
        key=f"goal-series-{goal.id}-{place_id}-{group}", placeholder="Välj mått",
    )  # fmt: skip
    return chosen if isinstance(chosen, Measured) else None


def _by_hand(goal: Goal) -> dict[str, Any]:
    """A measure that the figures do not have."""
    with st.expander("Måttet finns inte i siffrorna", key=f"by-hand-{goal.id}"):
        st.caption("Skriv måttet och utgångsläget själv. Målet följs då upp för hand.")
        return {**form_fields(Goal, goal, _BY_HAND), "measured": None}


def _baseline(goal: Goal, series: Measured) -> dict[str, Any]:
    """The baseline: as it was frozen when the series was chosen, or as it is now."""
    found = ask(measuring.baseline, series)
    values: dict[str, Any] = {"measured": series.as_json(), "indicator": series.label or goal.indicator}
    same = Measured.from_json(goal.measured) == series and goal.baseline is not None
    if found is None or pd.isna(found.value):
        st.info("Måttet har ingen siffra att visa här än." if found is None else "Siffran är för liten för att visas.")
        return values | ({} if same else dict.fromkeys(_BY_HAND[2:5]) | {"unit": "", "baseline_period": ""})
    limits = (None, None) if pd.isna(found.lower) else (found.lower, found.upper)
    now = {
        "unit": found.unit, "baseline": round(found.value, 6), "baseline_lower": limits[0],
        "baseline_upper": limits[1], "baseline_period": found.period,
    }  # fmt: skip
    if not same:
        st.markdown(f"**Utgångsläge: {_told(now, found.decimals)}** Det fryses när du sparar.")
        return values | now
    frozen = {name: getattr(goal, name) for name in now}
    st.markdown(f"**Utgångsläge: {_told(frozen, found.decimals)}** Det är fryst.")
    if frozen["baseline_period"] == now["baseline_period"] and frozen["baseline"] == now["baseline"]:
        return values | frozen
    newer = st.checkbox(f"Byt till siffran i dag: {_told(now, found.decimals)}", key=f"newer-{goal.id}")
    return values | (now if newer else frozen)


def _told(base: Mapping[str, Any], decimals: int) -> str:
    value = f"{with_unit(base['baseline'], base['unit'], decimals)} ({base['baseline_period']})"
    if base["baseline_lower"] is None:
        return f"{value}."
    limits = span(base["baseline_lower"], base["baseline_upper"], decimals)
    return f"{value}; slumpen ensam kan flytta den mellan {limits}."


def _beside(goal: Goal, series: Measured | None) -> dict[str, str]:
    """The areas that the evaluation will compare with."""
    near, control = _areas(series)
    if not near and not control:
        return {"control_id": "", "buffer_id": ""}
    with st.expander("Jämförelse: vad hade hänt ändå?", expanded=True, key=f"beside-{goal.id}"):
        st.caption(
            "Ett jämförelseområde liknar platsen men får inte åtgärden. Ett angränsande område visar om problemet bara "
            "har flyttat."
        )
        columns = st.columns(2)
        return {
            "control_id": _area(columns[0], "Jämförelseområde", control, goal.control_id, f"control-{goal.id}"),
            "buffer_id": _area(columns[1], "Angränsande område", near, goal.buffer_id, f"buffer-{goal.id}"),
        }


def _areas(series: Measured | None) -> tuple[dict[str, str], dict[str, str]]:
    """The areas that can be adjacent, and those to compare with: of events the other districts, and all of them
    together; of official figures other districts, or of the municipality its peers."""
    municipality_id = settings().municipality
    if series is None:
        return {}, {}
    if series.area_id == municipality_id:
        rows = ask(offences.peers, municipality_id) if series.kind == measuring.INDICATOR else pd.DataFrame()
        return {}, dict(zip(rows["area_id"], rows["name"], strict=True)) if len(rows) else {}
    others = {code: name for code, name in place_names().items() if code not in (municipality_id, series.area_id)}
    whole = {municipality_id: _OTHERS} if series.kind == measuring.EVENTS else {}
    return others, {**whole, **others}


def _area(where: Any, label: str, options: Mapping[str, str], now: str, key: str) -> str:
    if not options:  # one that cannot be used is too faint to read
        return ""
    values = ["", *options]
    chosen = where.selectbox(
        label, values, values.index(now) if now in values else 0, format_func=lambda one: options.get(one, _NONE),
        key=f"{key}-{len(values)}", placeholder="Välj område",
    )  # fmt: skip
    return str(chosen or "")


def _found(values: Mapping[str, Any], series: Measured | None, measures: pd.DataFrame) -> dict[str, Any] | None:
    """The answer as it is kept with the goal; None before there is a series and both figures."""
    if series is None or values.get("baseline") is None or values["target"] is None:
        return None
    starts = measures["starts_on"].dropna()
    first = starts.min().date() if len(starts) else None
    months = _YEAR
    if first and hasattr(values["due_on"], "year"):
        months = (values["due_on"].year - first.year) * _YEAR + values["due_on"].month - first.month + 1
    with st.spinner(parts.WORKING):
        answer = ask(
            measured_plan.can_be_found, series, float(values["baseline"]), float(values["target"]),
            values["direction"] == Direction.FALL, min(max(months, 1), _YEAR), values["control_id"], first,
        )  # fmt: skip
    return answer.as_json()


def _answer(kept: Mapping[str, Any] | None) -> None:
    """What the evaluation can find, in words."""
    if not kept:
        st.markdown("Välj mått och skriv målvärdet, så räknas det ut innan något har börjat.")
        return
    icon = {True: ":material/check_circle:", False: ":material/warning:", None: ":material/help:"}
    st.markdown(f"{icon[kept['can_be_found']]} {kept['sentence']}")


def _smart(values: Mapping[str, Any], measures: pd.DataFrame, smart: Callable[..., Sequence[Hint]]) -> None:
    """Hints, letter by letter; they never stop anything."""
    st.subheader("Håller målet? SMART", anchor=False)
    starts = measures["starts_on"].dropna()
    day = values["due_on"] if hasattr(values["due_on"], "year") else None
    hints = smart(
        title=values["title"], today=today(), place=values["place"], indicator=values["indicator"] or "",
        fall=values["direction"] == Direction.FALL, baseline=values.get("baseline"),
        baseline_lower=values.get("baseline_lower"), baseline_upper=values.get("baseline_upper"),
        target=values["target"], due_on=day, criterion=values["criterion"], measures=len(measures),
        without_role=int((measures["role"] == "").sum()), starts_on=starts.min().date() if len(starts) else None,
        can_be_found=(values["detectable"] or {}).get("can_be_found"),
    )  # fmt: skip
    lines = [
        f"- {':material/check:' if hint.good else ':material/lightbulb:'} **{hint.word}:** {hint.text}"
        for hint in hints
    ]
    st.markdown("\n".join(lines))
    st.caption("Tipsen stoppar inget. Målet går att spara som det är.")
