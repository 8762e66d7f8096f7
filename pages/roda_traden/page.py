"""The whole thread as one picture: what hangs together from source to outcome, and where it breaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from analysis.thread import BREAKS, STATIONS, Line, Records, breaks, lines, ties
from analysis.thread_web import Knot, web
from charts import thread as pictures
from charts.exhibit import Exhibit, Provenance
from charts.style import CONFIG
from charts.swedish import today
from ui import parts, thread
from ui.filters import Choice, choice
from ui.work import link

#: So many threads fit a screen or two; more are shown when asked for.
_FEW = 25
#: So many rows of one kind of break are linked before the rest are asked for.
_FIRST = 10
_GO = "_go"
#: Stands for the thread of what belongs to no problem.
_LOOSE = 0


def page() -> None:
    parts.heading("Röda tråden", "Från källa till utfall: vad hänger ihop, och var brister tråden?")
    leave_for_clicked()
    where, day = choice(), today()
    records = Records(**thread.frames())
    if records.problems.empty and records.measures.empty:
        parts.empty(
            "Här finns ingen tråd ännu.",
            "Den börjar med ett problem: öppna ett diagram, välj «Använd» och «Gör till problem».",
        )
        link("lagesbild", "Börja på Lägesbild", icon="arrow_forward")
        return
    found = breaks(records, day)
    shown = [line for line in lines(records, found) if of_place(line, records, where)]
    if not shown:
        parts.empty(f"Inget problem gäller {where.place}.", "Välj en annan plats, eller hela kommunen, överst.")
        return
    chosen = next((line for line in shown if str(line.problem_id) == st.query_params.get("problem")), None)
    show_all(shown, where, day)
    show_one(shown, chosen, records, found)
    show_breaks(found if not where.is_district else found[found["place_id"] == where.place_id])


def of_place(line: Line, records: Records, where: Choice) -> bool:
    """Whether a thread concerns the chosen place; everything concerns the whole municipality."""
    if not where.is_district:
        return True
    if line.problem_id is None:
        return bool((records.measures.set_index("id")["place_id"].reindex(line.ids["measure"]) == where.place_id).any())
    return bool((records.problems.set_index("id")["place_id"] == where.place_id).loc[line.problem_id])


def show_all(shown: list[Line], where: Choice, today: date) -> None:
    """A thread per problem, those with most to mend first."""
    ordered = sorted(shown, key=lambda line: (line.problem_id is None, -line.broken, line.problem_id))
    problems = [line for line in ordered if line.problem_id is not None]
    whole = sum(not line.broken for line in problems)
    drawn = ordered[:_FEW] if len(ordered) > _FEW and not st.session_state.get("alla-tradar") else ordered
    st.subheader(f"Tråden är hel för {whole} av {len(problems)} problem", anchor=False)
    st.caption(
        "Hel linje: allt hänger ihop. Streckad: något saknas. ✕: tråden är bruten. Siffran säger hur många. "
        "Utfallet är en cirkel när det är grönt, en romb när det är gult och en kvadrat när det är rött. "
        "Välj en punkt för att gå dit."
    )
    st.plotly_chart(
        parts.readable(pictures.overview(drawn)), key="tradar", config=CONFIG, selection_mode="points",
        on_select=lambda: remember_line(drawn), alt=in_words(drawn),
    )  # fmt: skip
    if len(ordered) > _FEW:
        st.toggle(f"Visa alla {len(ordered)}", key="alla-tradar")
    parts.downloads(exhibit(ordered, where, today))


def in_words(shown: Sequence[Line]) -> str:
    """The picture for those who do not see it."""
    told = []
    for line in shown:
        missing = ", ".join(link.missing for link in line.links if link.missing)
        told.append(f"{line.title}: {missing or 'hel tråd'}.")
    return " ".join(told)


def exhibit(shown: Sequence[Line], where: Choice, today: date) -> Exhibit:
    """The threads as figures to take away."""
    rows = [
        {
            "Problem": line.title,
            "Plats": line.place,
            **{name: len(line.ids[station]) for station, name in STATIONS.items() if station != "problem"},
            "Vad som saknas": "; ".join(link.missing for link in line.links if link.missing),
        }
        for line in shown
    ]
    whole = sum(not line.broken for line in shown if line.problem_id is not None)
    return Exhibit(
        id="roda-traden",
        finding=f"Tråden är hel för {whole} av {sum(line.problem_id is not None for line in shown)} problem",
        sentence="En tråd är hel när varje led från källa till utfall finns och hänger ihop med nästa.",
        unit="antal",
        place=where.where,
        period=f"{today.year}",
        sources=(Provenance("Kommunens arbete i Röda tråden", today),),
        table=pd.DataFrame(rows),
    )


def show_one(shown: Sequence[Line], chosen: Line | None, records: Records, found: pd.DataFrame) -> None:
    """One problem's thread, with every row of it named."""
    by_id = {line.problem_id or _LOOSE: line for line in shown}
    names = {key: f"{line.title} · {line.place}".removesuffix(" · ") for key, line in by_id.items()}
    st.subheader("En tråd i taget", anchor=False)
    picked = st.selectbox(
        "Problem", list(names), format_func=lambda key: names[key], key="trad", placeholder="Välj ett problem",
        index=list(names).index(chosen.problem_id or _LOOSE) if chosen else None,
    )  # fmt: skip
    if picked is None:
        st.caption("Välj ett problem för att se dess orsaker, åtgärder, mål och utfall vid namn.")
        return
    line = by_id[picked]
    lacks = {
        (str(kind), int(key)): lacking(found["fault"][(found["kind"] == kind) & (found["id"] == key)])
        for kind, key in found[["kind", "id"]].drop_duplicates().itertuples(index=False)
    }
    made = web(line, records, ties(records), lacks)
    st.plotly_chart(
        parts.readable(pictures.apart(made)), key=f"trad-{picked}", config=CONFIG, selection_mode="points",
        on_select=lambda: remember_knot(f"trad-{picked}"), alt=in_words([line]),
    )  # fmt: skip
    for station, name in STATIONS.items():
        st.markdown(f"**{name}**")
        name_knots([knot for knot in made.knots if knot.station == station])


def lacking(faults: pd.Series) -> str:
    """What a row lacks, in words: «utan mål»."""
    return ", ".join(BREAKS[fault][1].partition(" ")[2] for fault in faults)


def name_knots(knots: Sequence[Knot]) -> None:
    """A station's rows by name, each with the way to it."""
    if not knots:
        st.markdown("✕ saknas")
    for knot in knots:
        light = f"{pictures.LIGHTS[knot.light][2].capitalize()}. " if knot.station == "outcome" else ""
        text = f"{knot.label} {light}{knot.title}".strip() + (f"  \n✕ {knot.lacks}" if knot.lacks else "")
        if knot.station == "source":
            st.markdown(text)
        else:
            thread.way(knot.station, knot.id, text)


def show_breaks(found: pd.DataFrame) -> None:
    """Every break in words, each with a way to where it is mended."""
    st.subheader(
        f"{len(found)} ställen där tråden brister" if len(found) else "Tråden brister ingenstans", anchor=False
    )
    for fault, (kind, one, many) in BREAKS.items():
        rows = found[found["fault"] == fault]
        if rows.empty:
            continue
        title = one if len(rows) == 1 else f"{len(rows)} {many}"
        with st.expander(title, key=f"brott-{fault}", on_change="rerun") as part:
            if part.open:
                link_rows(kind, rows, fault)


def link_rows(kind: str, rows: pd.DataFrame, fault: str) -> None:
    first = rows if len(rows) <= _FIRST or st.session_state.get(f"alla-{fault}") else rows.head(_FIRST)
    for key, title, place in zip(first["id"], first["title"], first["place"], strict=True):
        thread.way(kind, int(key), f"{title} · {place}".removesuffix(" · "))
    if len(rows) > _FIRST:
        st.toggle(f"Visa alla {len(rows)}", key=f"alla-{fault}")


def remember_line(drawn: Sequence[Line]) -> None:
    """Keep which station of which thread was chosen: the page is left when it is run again."""
    for at, station in clicked("tradar"):
        line = drawn[at]
        ids = line.ids[station]
        if len(ids) == 1 and station != "source":
            st.session_state[_GO] = (station, ids[0])
        else:
            st.session_state["trad"] = line.problem_id or _LOOSE


def remember_knot(key: str) -> None:
    for station, row_id in clicked(key):
        if station != "source":
            st.session_state[_GO] = (station, row_id)


def clicked(key: str) -> list[Any]:
    """What the chosen points of a picture stand for."""
    return [point["customdata"] for point in st.session_state[key]["selection"]["points"]]


def leave_for_clicked() -> None:
    if target := st.session_state.pop(_GO, None):
        thread.leave_for(*target)


page()
