"""Källor: every declared source, delivery and break is on the page."""

from __future__ import annotations

from pipelines.source import sources
from tests.pages.conftest import OpenPage


def test_every_source_is_in_the_catalogue(open_page: OpenPage) -> None:
    app = open_page("kallor")
    assert not app.exception
    assert app.title[0].value == "Källor"
    labels = [expander.label for expander in app.expander]
    assert labels == [f"{s.title} – {s.producer}" for s in sorted(sources().values(), key=lambda s: s.title)]


def test_freshness_and_deliveries_are_shown(open_page: OpenPage) -> None:
    app = open_page("kallor")
    overview, deliveries = (element.value for element in app.dataframe)
    by_title = overview.set_index("Källa")
    assert by_title.loc["Anmälda brott", "Senaste leverans"] == "23 november 2026"
    assert by_title.loc["Kolada, nyckeltal", "Läge"] == "Inga siffror hämtade än"
    assert set(by_title["Läge"].drop("Kolada, nyckeltal")) <= {"Aktuell", "Dags att hämta nyare"}
    assert "reported_offences_by_year.csv" in set(deliveries["Fil"])
    assert list(deliveries.columns)[1] == "Id"
    # The newest event is of 6 August 2026 and events come several times a day, whenever the file came.
    events = by_title.loc["Polisens händelser"]
    assert (events["Läge"], events["Senaste uppgift"]) == ("Dags att hämta nyare", "6 augusti 2026")
    # A projection to 2040 is no newest figure.
    assert by_title.loc["Statistik för DeSO, RegSO och kommun", "Senaste uppgift"] == "31 december 2025"
    text = "\n".join(element.value for element in app.markdown)
    assert "**1 januari 2015, Anmälda brott**" in text
    assert "**1 januari 2025, Statistik för DeSO, RegSO och kommun** (3 mått)" in text


def test_an_opened_source_shows_its_measures_and_cautions(open_page: OpenPage) -> None:
    app = open_page("kallor")
    app.session_state["source-bra_reported_offences"] = True
    app.run()
    assert not app.exception
    text = "\n".join(element.value for element in app.markdown)
    assert "Hänvisa så här:** Brå, anmälda brott" in text
    assert "Att tänka på" in text
    measures = next(element.value for element in app.dataframe if "Mått" in element.value)
    row = measures.set_index("Mått").loc["Samtliga anmälda brott"]
    assert (row["Enhet"], row["År"]) == ("antal", "1996–2026")
