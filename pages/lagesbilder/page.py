"""The situation pictures that the law asks for: written, decided, and opened later with the same figures."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analysis.renewal import renewed_by
from charts.swedish import date as swedish_date
from charts.swedish import listing, today
from queries import since_frozen
from store.records import LAWFUL_PARTS, Evidence, Row, Situation, about
from store.records.choices import Stage
from ui import documents, evidence, parts, remarks
from ui.aside import bring_back, lay_aside
from ui.chosen import chosen, go
from ui.facts import ask, build
from ui.municipality import place_names
from ui.work import (
    actor,
    attempt,
    empty_form,
    form_fields,
    link,
    may_decide,
    may_write,
    opened,
    save,
    saved,
    work,
)

#: The three parts of 4 §: heading, what to write in one sentence, columns.
_PARTS = (
    (
        "1. Brottsligheten",
        "Vilka brott, hur många, var och när, och är det mer än väntat? Vad leder de till för dem som drabbas, för "
        "tryggheten och för skolor, företag och föreningar?",
        ("crime", "consequences"),
    ),
    (
        "2. Annan information",
        "Det som behövs för att förstå brotten: hur trygga invånarna är, skola, livsvillkor och det som rapportörer "
        "och samverkansparter har sett.",
        ("other",),
    ),
    (
        "3. Analys",
        "Vad det betyder tillsammans: vilka problem är viktigast, varför finns de just där, och vad vet vi inte?",
        ("analysis",),
    ),
)
#: What a new situation picture takes over from the one that it brings up to date, and from each of its figures.
_COPIED = (
    "title", "place_id", "place", "crime", "consequences", "other", "analysis", "uncertainty", "sources_left_out",
    "other_statutes",
)  # fmt: skip
_KEPT = ("position", "kind", "title", "note", "source", "build", "link", "frozen")


def page() -> None:
    """One situation picture if the address names one, else all of them."""
    situation = chosen(Situation, "lagesbild", "Lägesbilden finns inte längre. Här är de som finns.")
    if situation is None:
        overview()
    elif situation.stage == Stage.DECIDED:
        decided(situation)
    else:
        draft(situation)


def overview() -> None:
    """The clock of the law, the decided ones and the drafts."""
    parts.heading(
        "Lägesbilder enligt lagen",
        "Här skriver och beslutar ni den lägesbild som åtgärdsplanen bygger på. En beslutad lägesbild behåller sina "
        "siffror.",
    )
    situations = work().all(Situation)
    if not situations:
        parts.empty(
            "Här finns ingen lägesbild än.",
            "Börja med en ny nedan. Figurer lägger du till från de andra sidorna: tryck på **Använd** under ett "
            "diagram och välj **Lägesbild**.",
        )
    done = [one for one in situations if one.stage == Stage.DECIDED]
    clock(done)
    for heading, rows in (("Utkast", [one for one in situations if one.stage != Stage.DECIDED]), ("Beslutade", done)):
        if rows:
            st.subheader(heading, anchor=False)
        for one in sorted(rows, key=lambda row: row.decided_on or row.created_at.date(), reverse=True):
            with st.container(gap="xxsmall"):
                link("lagesbilder", one.title, icon="article", lagesbild=one.id)
                st.caption(standing(one))
    if may_write():
        begin()
        aside = [(one, f"{one.title}, {one.place}") for one in work().all(Situation, deleted=True)]
        bring_back(aside, "Undanlagda utkast", done="Utkastet är tillbaka.")


def clock(done: list[Situation]) -> None:
    """When the newest decided one must be brought up to date."""
    days = [one.decided_on for one in done if one.decided_on]
    if not days:
        return
    newest = max(days)
    due, day = renewed_by(newest), today()
    told = f"Den senaste lägesbilden beslutades {swedish_date(newest)}. "
    if due < day:
        st.warning(f"{told}Den skulle ha uppdaterats senast {swedish_date(due)} (6 §).", icon=":material/schedule:")
    else:
        st.info(
            f"{told}Lagen kräver att den uppdateras minst vartannat år (6 §): senast {swedish_date(due)}.",
            icon=":material/schedule:",
        )


def standing(situation: Situation) -> str:
    """Place, period, and how far it has come."""
    if situation.stage == Stage.DECIDED:
        stage = f"beslutad {swedish_date(situation.decided_on)} av {situation.decided_by}, {situation.registry_number}"
    else:
        missing = empty_parts(situation)
        stage = f"utkast, saknar {listing(missing)}" if missing else "utkast, alla delar är skrivna"
    return " · ".join(filter(None, (situation.place, situation.period, stage)))


def empty_parts(situation: Situation) -> list[str]:
    """The lawful parts that nothing has been written in."""
    return [about(Situation, name).label.lower() for name in LAWFUL_PARTS if not getattr(situation, name).strip()]


def begin() -> None:
    """A new one, from nothing."""
    with st.expander("Ny lägesbild", icon=":material/add:", key="new"), st.form("new-situation", border=False):
        names = place_names()
        values = form_fields(Situation, None, ["title", "place_id", "period"], {"place_id": names})
        if st.form_submit_button("Börja"):
            new = Situation(**values, place=names.get(values["place_id"], ""), build=build().id)
            made = attempt(lambda: work().create(actor(), new))
            if made is not None:
                empty_form(Situation)
                saved("Utkastet är skapat.")
                go("lagesbilder", lagesbild=made.id)


def draft(situation: Situation) -> None:
    """A draft: its texts, its figures and sources, and the decision."""
    link("lagesbilder", "Alla lägesbilder", icon="arrow_back")
    missing = empty_parts(situation)
    parts.heading(situation.title, standing(situation))
    documents.offer("lagesbild", situation)
    earlier(situation)
    texts(situation)
    figures = work().all(Evidence, situation_id=situation.id)
    chosen_figures(figures)
    left_out(used(figures))
    if missing:
        st.subheader("Beslut", anchor=False)
        st.markdown(f"Lägesbilden kan inte beslutas än. Det som saknas är {listing(missing)} (4 §).")
    elif may_decide():
        decision(situation)
    else:
        st.markdown("Alla delar är skrivna. Den som får fatta beslut kan nu besluta lägesbilden.")
    remarks.show(situation)
    if may_write():
        done = "Utkastet är undanlagt. Du kan ta tillbaka det längst ned på sidan."
        lay_aside(situation, "Lägg undan utkastet", page="lagesbilder", done=done)


def texts(situation: Situation) -> None:
    """The three lawful parts and what belongs to them, in one form; read only for those who may not write."""
    if not may_write():
        read(situation)
        return
    with st.form("situation"):
        values: dict[str, Any] = form_fields(Situation, situation, ["title", "period"])
        for heading, guidance, columns in _PARTS:
            state = ":green-badge[:material/check: skriven]" if filled(situation, columns) else ":orange-badge[saknas]"
            st.markdown(f"#### {heading}, {LAWFUL_PARTS[columns[0]].split(' lagen')[0]} {state}")
            st.markdown(guidance)
            values |= form_fields(Situation, situation, columns)
        st.markdown("#### Osäkerhet och källor")
        st.markdown("Vad siffrorna inte säger, och vilka källor ni har valt bort. Listan över källor finns längre ned.")
        values |= form_fields(Situation, situation, ["uncertainty", "sources_left_out", "other_statutes"])
        if st.form_submit_button("Spara texten") and save(situation, **values, build=build().id):
            saved("Lägesbilden är sparad.")
            st.rerun()


def filled(situation: Situation, columns: tuple[str, ...]) -> bool:
    """Whether something is written in all of these."""
    return all(getattr(situation, name).strip() for name in columns)


def read(situation: Situation) -> None:
    """What is written, without a form."""
    for heading, _, columns in _PARTS:
        st.subheader(heading, anchor=False)
        for name in columns:
            st.markdown(f"**{about(Situation, name).label}**  \n{getattr(situation, name) or 'Inget är skrivet.'}")
    others = [name for name in ("uncertainty", "sources_left_out", "other_statutes") if getattr(situation, name)]
    if others:
        st.subheader("Osäkerhet och källor", anchor=False)
    for name in others:
        st.markdown(f"**{about(Situation, name).label}**  \n{getattr(situation, name)}")


def chosen_figures(figures: list[Evidence]) -> None:
    """The figures in their order, with the means to change it."""
    st.subheader(f"Figurer ({len(figures)})", anchor=False)
    if not figures:
        st.markdown("Inga figurer än. Öppna en sida med diagram, tryck på **Använd** under ett och välj **Lägesbild**.")
    for place, one in enumerate(figures):
        with st.container(border=True):
            evidence.show(one)
            if may_write():
                move(figures, place)


def move(figures: list[Evidence], place: int) -> None:
    """Up, down, or out."""
    one = figures[place]
    with st.container(horizontal=True):
        up = st.button("Flytta upp", key=f"up-{one.id}", icon=":material/arrow_upward:", disabled=place == 0)
        down = st.button(
            "Flytta ned", key=f"down-{one.id}", icon=":material/arrow_downward:", disabled=place == len(figures) - 1
        )
        out = st.button("Ta bort figuren", key=f"out-{one.id}", icon=":material/delete:")
    if out and attempt(lambda: removed(one)):
        saved("Figuren är borttagen ur lägesbilden.")
        st.rerun()
    if up or down:
        order = [*figures]
        order.insert(place + (1 if down else -1), order.pop(place))
        if attempt(lambda: reordered(order)):
            st.rerun()


def removed(one: Evidence) -> bool:
    """Put a figure aside."""
    work().delete(actor(), Evidence, one.id, one.version)
    return True


def reordered(order: list[Evidence]) -> bool:
    """Save the figures' new places, all or none."""
    with work().together(actor()) as writing:
        for place, one in enumerate(order):
            if one.position != place:
                writing.save(Evidence, one.id, one.version, position=place)
    return True


def used(figures: list[Evidence]) -> list[str]:
    """The sources that the figures come from, as they are cited, and show which they are."""
    cited = sorted({source["citation"] for one in figures if one.frozen for source in one.frozen["sources"]})
    notes = sorted({one.source for one in figures if not one.frozen and one.source})
    st.subheader("Källor", anchor=False)
    told = "\n".join(f"- {one}" for one in [*cited, *notes])
    st.markdown(f"**Använda källor**\n\n{told}" if told else "**Inga källor är använda än**, för figurer saknas.")
    return cited


def left_out(cited: list[str]) -> None:
    """The sources of the build that no figure comes from."""
    left = ask(since_frozen.unused, tuple(cited))
    with st.expander(f"Källor som finns här men inte har använts ({len(left)})", icon=":material/database_off:"):
        st.markdown("Skriv i texten ovan vilka ni har valt bort och varför, till exempel att de inte gäller platsen.")
        rows = left.itertuples(index=False, name=None)
        st.markdown("\n".join(f"- **{title}** ({producer}): {speaks_of}" for title, producer, speaks_of in rows))


def decision(situation: Situation) -> None:
    """Who decided, when, and under which number; after it nothing is changed."""
    st.subheader("Beslut", anchor=False)
    st.markdown(
        "Alla delar är skrivna. När lägesbilden är beslutad ändras den inte mer, och siffrorna sparas som de är."
    )
    with st.form("decision"):
        values = form_fields(Situation, situation, ["decided_by", "decided_on", "registry_number"], part="decision")
        if st.form_submit_button("Besluta lägesbilden"):
            before = opened(situation)
            if attempt(lambda: work().decide(actor(), Situation, before.id, before.version, **values)):
                saved("Lägesbilden är beslutad.")
                st.rerun()


def decided(situation: Situation) -> None:
    """A decided one, as it was decided, and what the facts of today say beside it."""
    link("lagesbilder", "Alla lägesbilder", icon="arrow_back")
    parts.heading(situation.title, standing(situation))
    documents.offer("lagesbild", situation)
    earlier(situation)
    figures = work().all(Evidence, situation_id=situation.id)
    changed_since(figures)
    read(situation)
    st.subheader(f"Figurer ({len(figures)})", anchor=False)
    for one in figures:
        with st.container(border=True):
            evidence.show(one)
    used(figures)
    st.caption(builds_told(situation, figures))
    if may_write() and st.button("Ny lägesbild utifrån denna", icon=":material/content_copy:", key="follow"):
        made = attempt(lambda: following(situation, figures))
        if made is not None:
            saved("Ett nytt utkast är skapat med samma texter och figurer.")
            go("lagesbilder", lagesbild=made.id)
    remarks.show(situation)


def builds_told(situation: Situation, figures: list[Evidence]) -> str:
    """Which builds the texts and the figures come from: each figure keeps the one that it was taken from."""
    told = f"Texten sparades senast med uppgifterna i bygge {situation.build}. "
    taken = sorted({one.build for one in figures if one.build})
    if taken:
        told += f"Figurerna är ur bygge {listing(taken)}. "
    kept = "Bygget" if set(taken) <= {situation.build} else "Byggena"
    return f"{told}{kept} sparas så länge lägesbilden finns."


def changed_since(figures: list[Evidence]) -> None:
    """How many of the figures today's facts say something else or more about."""
    told = {one.title: evidence.since(one.frozen) for one in figures if one.frozen}
    differing = [(title, what.words) for title, what in told.items() if what.differs]
    if differing:
        st.info(
            f"**Sedan lägesbilden togs fram har det kommit ändrade eller nyare uppgifter till {len(differing)} av "
            f"{len(told)} figurer.** Figurerna nedan visar vad beslutet byggde på.",
            icon=":material/update:",
        )
    elif told:
        st.markdown("Uppgifterna bakom figurerna har inte ändrats sedan lägesbilden togs fram.")


def earlier(situation: Situation) -> None:
    """The one that this one brings up to date, and the ones that bring this up to date."""
    before = work().get(Situation, situation.follows_id) if situation.follows_id else None
    if before is not None:
        link("lagesbilder", f"Uppdaterar: {before.title}", icon="history", lagesbild=before.id)
    for one in work().all(Situation, follows_id=situation.id):
        link("lagesbilder", f"Uppdateras av: {one.title}", icon="update", lagesbild=one.id)


def following(situation: Situation, figures: list[Evidence]) -> Row:
    """A draft with the same texts and figures, that brings this one up to date."""
    with work().together(actor()) as writing:
        texts = {name: getattr(situation, name) for name in _COPIED}
        new = Situation(**texts, follows_id=situation.id, build=build().id)
        made = writing.create(new)
        for one in figures:
            kept = {name: getattr(one, name) for name in _KEPT}
            writing.create(Evidence(**kept, situation_id=made.id))
    return made


page()
