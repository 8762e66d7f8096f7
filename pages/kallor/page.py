"""Källor: what the figures rest on, generated from the sources' own declarations and the deliveries of the build."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from charts import swedish
from queries import catalogue
from queries.names import LEVELS
from ui import parts
from ui.facts import ask, build
from ui.local import deliveries as local_deliveries

_FRESH = (":green-badge[:material/check: Aktuell]", "Aktuell")
_OLD = (":orange-badge[:material/schedule: Dags att hämta nyare]", "Dags att hämta nyare")
_DEFINED = (":gray-badge[:material/hourglass_empty: Inga siffror hämtade än]", "Inga siffror hämtade än")
_NONE = (":gray-badge[:material/hourglass_empty: Inget levererat än]", "Inget levererat än")


def _standing(source: pd.Series) -> tuple[str, str]:
    """Badge and words for how fresh a source is against its own rhythm."""
    if pd.isna(source.last_received):
        return _NONE
    if source.indicators and pd.isna(source.period_first):
        return _DEFINED
    return _OLD if source.overdue else _FRESH


def _overview(sources: pd.DataFrame) -> None:
    st.subheader("Hur aktuella är uppgifterna?", anchor=False)
    st.markdown(
        "Läget räknas från den senaste uppgiften, inte från när filen kom. Där uppgifterna inte hör till en period, "
        "som för områden, räknas det från leveransen."
    )
    table = pd.DataFrame(
        {
            "Källa": sources["title"],
            "Läge": [_standing(source)[1] for _, source in sources.iterrows()],
            "Senaste uppgift": [swedish.date(day) for day in sources["newest_period"]],
            "Senaste leverans": [_day(moment) for moment in sources["last_received"]],
            "Period": [_period(source) for _, source in sources.iterrows()],
            "Lästa rader": sources["rows_read"],
            "Använda": sources["rows_kept"],
            "Avvisade": sources["rows_refused"],
            "Licens": sources["licence"],
            "Uppdateras": sources["rhythm"],
        }
    )
    parts.table(table, alt="Källor med läge, senaste uppgift, senaste leverans, period, antal rader och licens")


def _day(moment: datetime) -> str:
    """The day in Sweden of a time in UTC, in words."""
    return swedish.MISSING if pd.isna(moment) else swedish.date(swedish.local_day(moment))


def _period(source: pd.Series) -> str:
    if pd.isna(source.period_first):
        return "–"
    first, last = source.period_first.year, source.period_last.year
    return str(first) if first == last else f"{first}–{last}"


def _source(source: pd.Series) -> None:
    with st.expander(f"{source.title} – {source.producer}", on_change="rerun", key=f"source-{source.source_id}") as it:
        if not it.open:
            return
        st.markdown(_standing(source)[0])
        levels = [LEVELS[level].lower() for level in source.levels.split(",")]
        st.markdown(
            f"{source.speaks_of}\n\n"
            f"**Nivåer:** {swedish.listing(levels)}  \n"
            f"**Uppdateras:** {source.rhythm}  \n"
            f"**Licens:** {source.licence}  \n"
            f"**Hänvisa så här:** {source.citation}" + (f"  \n**Finns hos:** {source.url}" if source.url else "")
        )
        if isinstance(source.caveats, str):
            st.markdown("**Att tänka på**\n\n" + "\n".join(f"- {line}" for line in source.caveats.split("\n")))
        if source.layouts:
            known = "\n".join(f"- {line}" for line in source.layouts.split("\n"))
            st.markdown(f"**Filer som känns igen**\n\n{known}")
        _indicators(source)


def _indicators(source: pd.Series) -> None:
    found = ask(catalogue.indicators, source.source_id)
    if found.empty:
        return
    years = [_years(first, last) for first, last in zip(found["first_year"], found["last_year"], strict=True)]
    levels = [", ".join(LEVELS[level] for level in row) or "–" for row in found["levels"]]
    table = pd.DataFrame(
        {
            "Mått": found["name"],
            "Enhet": found["unit"],
            "Tema": found["theme"],
            "Nivåer": levels,
            "År": years,
            "Antal uppgifter": found["figures"],
            "Vad som räknas": found["description"],
        }
    )
    st.markdown(f"**Mått** ({len(found)})")
    parts.table(table, alt=f"Mått från {source.title}")


def _years(first: float, last: float) -> str:
    if pd.isna(first):
        return "inga än"
    return str(int(first)) if first == last else f"{int(first)}–{int(last)}"


def _deliveries() -> None:
    st.subheader("Leveranser av officiell statistik", anchor=False)
    st.markdown(
        "Varje fil sparas som den kom. En leverans kan tas bort ur uppgifterna med "
        "`python -m pipelines undo` och leveransens id."
    )
    rows = ask(catalogue.deliveries)
    rows = rows[rows["mapping"].isna()]
    table = pd.DataFrame(
        {
            "Källa": rows["title"],
            "Id": rows["delivery_id"],
            "Mottagen": [_day(moment) for moment in rows["received_at"]],
            "Fil": rows["file"],
            "Lästa rader": rows["rows_read"],
            "Använda": rows["rows_kept"],
            "Avvisade": rows["rows_refused"],
            "Av": rows["received_by"],
        }
    )
    parts.table(table, alt="Leveranser som uppgifterna bygger på")
    refused = ask(catalogue.refusals)
    if len(refused):
        rows_in_words = "En rad" if len(refused) == 1 else f"{swedish.number(len(refused))} rader"
        st.markdown(f"**{rows_in_words} kunde inte läsas** och ingår inte i några siffror.")
        headings = ["Fil", "Blad", "Rad", "Kolumn", "Värde", "Vad som är fel", "Gör så här"]
        parts.table(refused.set_axis(headings, axis=1), alt="Rader som inte kunde läsas, med skäl")


def _breaks() -> None:
    st.subheader("Tidsseriebrott: när siffror inte går att jämföra", anchor=False)
    st.markdown(
        "Före och efter dessa datum går siffrorna inte att jämföra rakt av. I diagrammen över brott ritas de ut."
    )
    rows = ask(catalogue.breaks)
    # A list and not a table: its sentences would be cut off in cells.
    st.markdown(
        "\n".join(
            f"- **{swedish.date(row['period_start'])}, {row['title']}** ({_measures(row['indicators'])}): {row['why']} "
            f"Beskrivs i: {row['reference']}."
            for row in rows.to_dict("records")
        )
    )


def _measures(count: int) -> str:
    return "1 mått" if count == 1 else f"{swedish.number(count)} mått"


parts.heading("Källor", "Vad siffrorna bygger på, hur aktuella de är och vad de får användas till.")
found = ask(catalogue.sources, swedish.local_day(datetime.now(UTC)))
_overview(found)
st.subheader("Datakatalog", anchor=False)
for _, one in found.iterrows():
    _source(one)
local_deliveries.show()
_deliveries()
_breaks()
st.caption(f"Bygge {build().id}, publicerat {_day(build().built_at)}.")
