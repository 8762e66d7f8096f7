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
    overview, deliveries, breaks = (element.value for element in open_page("kallor").dataframe)
    by_title = overview.set_index("Källa")
    assert by_title.loc["Anmälda brott", "Senaste leverans"] == "23 november 2026"
    assert by_title.loc["Kolada, nyckeltal", "Läge"] == "Inga siffror hämtade än"
    assert set(by_title["Läge"].drop("Kolada, nyckeltal")) <= {"Aktuell", "Dags att hämta nyare"}
    assert "reported_offences_by_year.csv" in set(deliveries["Fil"])
    assert "1 januari 2015" in set(breaks["Från"])


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
