"""Pages on builds with what people have brought: events, survey answers and figures, and their deliveries."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from store.intake import ColumnUse, Finding, Mapping
from store.kinds import KINDS
from tests.pages.conftest import OpenPage
from tests.queries.literal import Rows, within, year
from ui import boundaries
from ui.local.deliveries import checks, choices, columns

Literal = Callable[..., None]

HERE = "0188"
RIMBO, HALLSTAVIK, SCHOOL = f"{HERE}-rimbo", f"{HERE}-hallstavik", "15312030"
POLICE, SURVEY, ROUNDS = "lokal_polisen", "lokal_trygghet", "lokal_ronder"
MAPPING = """name = "Polisens utdrag"
kind = "events"
headers = ["Brott", "Datum", "Målsägande"]
columns = [{header = "Brott", field = "category"}, {header = "Datum", field = "occurred"}]
"""


def text_of(app: AppTest) -> str:
    parts = [*app.title, *app.subheader, *app.markdown, *app.caption]
    return "\n".join(str(element.value) for element in parts).replace("\xa0", " ")


def square(code: str, west: float) -> dict[str, Any]:
    ring = [[west, 59.0], [west + 1, 59.0], [west + 1, 60.0], [west, 60.0], [west, 59.0]]
    return {"type": "Feature", "id": code, "properties": {"area_id": code},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip


def areas() -> dict[str, Rows]:
    districts = [
        {"area_id": code, "level": "district", "name": name, "parent_id": HERE, "population": 4000,
         "population_year": 2025, "lat": 59.5, "lon": 18.5}
        for code, name in ((RIMBO, "Rimbo"), (HALLSTAVIK, "Hallstavik"))
    ]  # fmt: skip
    whole = {"area_id": HERE, "level": "municipality", "name": "Norrtälje", "population": 9000, "population_year": 2025}
    school = {"area_id": SCHOOL, "level": "school", "name": "Hallsta skola", "parent_id": HERE}
    features = [square(RIMBO, 18.0), square(HALLSTAVIK, 19.0)]
    layer = {"layer": f"{HERE}-district", "municipality_id": HERE, "level": "district", "sha256": "abc",
             "geojson": json.dumps({"type": "FeatureCollection", "features": features})}  # fmt: skip
    chains = {HERE: [], RIMBO: [HERE], HALLSTAVIK: [HERE], SCHOOL: [HALLSTAVIK, HERE]}
    return {"area": [whole, *districts, school], "area_within": within(chains), "boundary": [layer]}


def event(number: int, day: str, place: str | None, category: str = "Stöld", reporter: str | None = None) -> Rows:
    return [{
        "source_id": POLICE, "event_id": f"{day}{place}{category}{reporter}", "events": number, "category": category,
        "occurred_from": pd.Timestamp(day), "area_id": place, "placement": "placed" if place else "unplaced",
        "reporter": reporter,
    }]  # fmt: skip


def answered(number: int, place: str, answer: str) -> Rows:
    return [
        {"source_id": SURVEY, "wave": "2025", "period_start": pd.Timestamp(2025, 1, 1), "groups": "",
         "period_end": pd.Timestamp(2025, 12, 31), "respondent": f"{place}{answer}{one}", "weight": 1.0,
         "area_id": place, "placement": "placed", "question_id": "q", "answer": answer, "delivery_id": "d2"}
        for one in range(number)
    ]  # fmt: skip


def delivered(name: str, source: str, **more: Any) -> dict[str, Any]:
    return {
        "delivery_id": name, "source_id": source, "layout": "tolkning", "file": f"{name}.xlsx", "sha256": name,
        "bytes": 1, "received_at": pd.Timestamp(2026, 1, 15), "received_by": "Anna", "rows_read": 100, "rows_kept": 98,
        "rows_refused": 2, "period_first": pd.Timestamp(2019, 1, 1), "period_last": pd.Timestamp(2025, 12, 31),
        "sender": "Polisen", "mapping": MAPPING, "original_kept": False,
        "checks": json.dumps([Finding(severity="stop", rule="tid", text="Tiden saknas.", count=2).model_dump()]),
        **more,
    }  # fmt: skip


def everything() -> dict[str, Rows]:
    """Seven years of events in Rimbo and Hallstavik, one wave of answers, and an inspection."""
    told = [row for of in range(2019, 2025) for row in event(100 + of % 3, f"{of}-01-02", HALLSTAVIK)]
    told += [*event(180, "2025-02-03", HALLSTAVIK, "Klotter", "Skolan"), *event(60, "2025-12-30", RIMBO)]
    told += [*event(7, "2025-05-05", None), *event(2, "2025-10-05", RIMBO, "Rån")]
    kinds = {POLICE: ("Polisens utdrag", "events"), SURVEY: ("Trygghetsundersökningen", "answers"),
             ROUNDS: ("Trygghetsronder", "inspections")}  # fmt: skip
    return {
        **areas(), "event": told,
        "source": [{"source_id": one, "title": title, "kind": kind, "citation": title, "protected": True,
                    "levels": "municipality,district", "producer": "Avsändaren"}
                   for one, (title, kind) in kinds.items()],
        "delivery": [delivered(f"d{number}", one) for number, one in enumerate(kinds)],
        "survey_question": [{"source_id": SURVEY, "question_id": "q", "text": "Är du trygg ute?", "kind": "yes_no",
                             "position": 1}],
        "survey_answer": [*answered(20, HALLSTAVIK, "Ja"), *answered(40, HALLSTAVIK, "Nej"),
                          *answered(70, RIMBO, "Ja"), *answered(30, RIMBO, "Nej")],
        "indicator": [{"indicator_id": "belysning", "source_id": ROUNDS, "name": "Ronden: belysning",
                       "unit": "poäng (högst 20)"}],
        "observation": [{"indicator_id": "belysning", "area_id": SCHOOL, **year(2025), "value": 12.0}],
    }  # fmt: skip


@pytest.fixture(autouse=True)
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundaries, "STATIC", tmp_path / "static")


def test_lagesbild_of_a_district_begins_with_its_own_events(literal: Literal, open_page: OpenPage) -> None:
    literal(**everything())
    app = open_page("lagesbild", plats="Hallstavik")
    assert not app.exception
    assert {metric.label: metric.value for metric in app.metric} == {"Polisens utdrag": "180"}
    text = text_of(app)
    assert "Vad har hänt i Hallstavik" in text
    assert "Polisens utdrag i Hallstavik 2025: 180 händelser, högre än väntat" in text
    assert "högre än väntat]" in text
    assert "2025 var det 180 händelser i Hallstavik. Det är fler än väntat" in text
    assert "7 har ingen känd plats" in text
    assert "Trygghetsundersökningen 2025: Hallstavik skiljer sig från resten av kommunen i 1 av 1 svar" in text
    assert "«Är du trygg ute?», Ja: 33 % mot 70 %" in text
    assert "Siffrorna nedan gäller hela Norrtälje kommun" in text
    assert "levererad 15 januari 2026" in text
    assert len(app.get("plotly_chart")) == 3


def test_what_is_small_is_not_told(literal: Literal, open_page: OpenPage) -> None:
    literal(**everything())
    app = open_page("lagesbild", plats="Rimbo")
    assert not app.exception
    text = text_of(app)
    assert "av talen är dolda" in text
    specs = "\n".join(element.proto.spec for element in app.get("plotly_chart"))
    assert "2 händelser" not in specs
    assert "dold\\u003c\\u002fb\\u003e R\\u00e5n" in specs  # as JSON writes «<b>dold</b> Rån»


def test_lagesbild_of_the_municipality_lists_the_sources(literal: Literal, open_page: OpenPage) -> None:
    literal(**everything())
    app = open_page("lagesbild")
    assert not app.exception
    assert "Lokala uppgifter" in text_of(app)
    (table,) = (element.value for element in app.dataframe if "Innehåll" in element.value)
    assert table["Källa"].tolist() == ["Polisens utdrag", "Trygghetsundersökningen", "Trygghetsronder"]
    assert table["Till och med"].iloc[0] == "31 december 2025"
    assert len(app.get("plotly_chart")) == 0  # no offences in this build, and nothing local is drawn


def test_platser_shows_all_that_is_known_and_what_is_not(literal: Literal, open_page: OpenPage) -> None:
    literal(**everything())
    app = open_page("platser", plats="Hallstavik")
    assert not app.exception
    text = text_of(app)
    assert "Lokala uppgifter om Hallstavik" in text
    assert "rapporter per rapportör" in text.lower()
    assert "Trygghetsronder" in text
    assert any("Ronden: belysning" in element.value for element in app.dataframe)
    assert "Vilka brott som anmälts här" not in text
    assert "Hur trygga invånarna är" not in text
    assert "EST-rapporter från platsens rapportörer" in text
    assert "Senast 2025" in text


@pytest.mark.parametrize("folder", ["lagesbild", "platser"])
def test_without_local_data_it_is_said_what_would_bring_it(literal: Literal, open_page: OpenPage, folder: str) -> None:
    literal(**areas())
    app = open_page(folder, plats="Rimbo")
    assert not app.exception
    assert "polisens ärendeutdrag" in text_of(app)
    assert "Lägg till ett kalkylblad" in [link.proto.label for link in app.get("page_link")]
    assert not app.metric or folder == "platser"


def test_karta_offers_local_measures_first(literal: Literal, open_page: OpenPage) -> None:
    literal(**everything())
    app = open_page("karta")
    assert not app.exception
    assert app.selectbox(key="karta_matt").options == [
        "Händelser: Polisens utdrag, per 1 000 invånare", "Händelser: Polisens utdrag, antal",
        "Enkätsvar: Trygghetsundersökningen: Är du trygg ute? (Ja)",
    ]  # fmt: skip
    table = app.dataframe[0].value.set_index("Område")["Värde"]
    assert table.to_dict() == {"Hallstavik": 45.0, "Rimbo": 15.5}
    assert "Polisens utdrag, levererad 15 januari 2026" in text_of(app)
    app.selectbox(key="karta_matt").set_value("Enkätsvar: Trygghetsundersökningen: Är du trygg ute? (Ja)").run()
    assert not app.exception
    assert app.dataframe[0].value["Värde"].tolist() == [70, 33]
    assert "Norrtälje som helhet: 56 %." in text_of(app)


def test_karta_tells_what_is_hidden_here(literal: Literal, open_page: OpenPage) -> None:
    tables = everything()
    tables["event"] = [*event(3, "2025-01-02", RIMBO), *event(50, "2025-12-30", HALLSTAVIK)]
    literal(**tables)
    app = open_page("karta")
    assert not app.exception
    assert "dold här, för att ingen ska kunna pekas ut" in text_of(app)


def test_kallor_shows_how_a_delivery_was_read(literal: Literal, open_page: OpenPage) -> None:
    literal(**everything())
    app = open_page("kallor")
    assert not app.exception
    (table,) = (element.value for element in app.dataframe if "Inlagd av" in element.value)
    row = table.set_index("Källa").loc["Polisens utdrag"]
    assert (row["Fil"], row["Avsändare"], row["Slag"], row["Inlagd av"]) == ("d0.xlsx", "Polisen", "Händelser", "Anna")
    assert (row["Lästa rader"], row["Använda"], row["Stoppade"]) == (100, 98, 2)
    assert row["Filen sparad"] == "nej, bara det som används"
    app.selectbox(key="lokal-leverans").set_value("d0").run()
    assert not app.exception
    assert "Tolkningen «Polisens utdrag»" in text_of(app)
    assert any("Läses som" in element.value for element in app.dataframe)
    assert any("Tiden saknas." in element.value.to_string() for element in app.dataframe)


def test_uddevalla_without_figures(open_page: OpenPage) -> None:
    for folder in ("lagesbild", "platser", "kallor"):
        app = open_page(folder, municipality="1485")
        assert not app.exception
        assert "Lokala leveranser" not in text_of(app)


def test_a_mapping_in_words() -> None:
    mapping = Mapping(
        name="Enkät", kind="answers", headers=("Kön", "Trygg?", "Namn"), options={"survey": "Enkäten", "wave": ""},
        columns=(
            ColumnUse(header="Kön", field="group"),
            ColumnUse(header="Trygg?", field="question", name="Är du trygg?", scale=("Nej", "Ja")),
        ),
        date_order="dmy", decimal=",",
    )  # fmt: skip
    table = columns(mapping)
    assert table.to_numpy().tolist() == [
        ["Kön", "Grupp att redovisa efter", "", ""],
        ["Trygg?", "Fråga", "Är du trygg?", "Nej – Ja"],
        ["Namn", "lagras inte", "", ""],
    ]
    told = choices(mapping, KINDS["answers"])
    assert told == ["Undersökning: Enkäten", "Ordning i datum: dag före månad", "Decimaltecken: komma"]


def test_the_most_severe_comes_first() -> None:
    found = [
        Finding(severity="note", rule="a", text="Fritext", count=9),
        Finding(severity="stop", rule="b", text="Tiden saknas.", count=1, row=7),
    ]
    table = checks(found)
    assert table["Vad"].tolist() == ["Tiden saknas.", "Fritext"]
    assert table["Rad, den första"].tolist()[0] == 7
