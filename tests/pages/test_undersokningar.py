"""Undersökningar: what is brought, what others publish, and the three views; on literal and on shipped data."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tests.pages.conftest import OpenPage
from tests.pages.test_local import HALLSTAVIK, RIMBO, Literal, answered, everything, text_of
from tests.queries.literal import Rows, year

BESIDE = "Anmält, upplevt, observerat"


def two_waves() -> dict[str, Rows]:
    """Hallstavik less safe than in 2024, with as many reported offences; sexes and ages told."""
    tables = everything()
    before = [row | {"wave": "2024", "period_start": pd.Timestamp(2024, 1, 1), "period_end": pd.Timestamp(2024, 12, 31)}
              for row in (*answered(50, HALLSTAVIK, "Ja"), *answered(20, HALLSTAVIK, "Nej"),
                          *answered(70, RIMBO, "Ja"), *answered(30, RIMBO, "Nej"))]  # fmt: skip
    both = [*before, *tables["survey_answer"]]
    sexes = ("kön=Kvinna", "kön=Man")
    tables["survey_answer"] = [row | {"groups": sexes[at % 2]} for at, row in enumerate(both)]
    tables["event"] = [
        {"source_id": "lokal_polisen", "event_id": f"{of}{month}", "events": 12, "category": "Stöld",
         "occurred_from": pd.Timestamp(of, month, 1), "area_id": HALLSTAVIK, "placement": "placed"}
        for of in (2024, 2025) for month in range(1, 13)
    ] + [{"source_id": "lokal_polisen", "event_id": "last", "events": 30, "category": "Stöld", "area_id": RIMBO,
          "occurred_from": pd.Timestamp(2025, 12, 31), "placement": "placed"}]  # fmt: skip
    return tables


def test_a_survey_with_its_groups_and_its_change(literal: Literal, open_page: OpenPage) -> None:
    literal(**two_waves())
    app = open_page("undersokningar", plats="Hallstavik")
    assert not app.exception
    text = text_of(app)
    assert "2025: cirka 160 har svarat. Svarsfrekvensen är inte känd: antal utskick saknas i leveransen." in text
    assert "Trygghetsundersökningen 2025: Hallstavik skiljer sig från resten av kommunen i 1 av 1 svar" in text
    assert "Hallstavik sedan 2024: 1 av 1 svar har ändrats mer än slumpen brukar ge" in text
    assert "«Är du trygg ute?», Ja: 71 → 33 % (−38 procentenheter)" in text
    assert "lägre andel: Hallstavik" in text
    assert "Grupperna gäller hela kommunen" in text
    assert len(app.get("plotly_chart")) == 3
    assert app.selectbox(key="omgang").options == ["2025", "2024"]
    app.selectbox(key="omgang").set_value("2024").run()
    assert not app.exception
    assert "Det finns ingen tidigare omgång med samma frågor" in text_of(app)


def test_a_disagreement_is_told(literal: Literal, open_page: OpenPage) -> None:
    literal(**two_waves())
    app = open_page("undersokningar", plats="Hallstavik", vy=BESIDE)
    assert not app.exception
    text = text_of(app)
    assert "Hallstavik: otryggheten stiger, anmälningarna inte" in text
    assert "Att den ena ändringen är säker och den andra inte betyder inte" in text
    assert "**Observerat:**" not in text  # an inspection of a school in Hallstavik
    app = open_page("undersokningar", plats="Rimbo", vy=BESIDE)
    assert not app.exception
    text = text_of(app)
    assert "otryggheten" not in text.split("\n")[0]
    assert "**Observerat:** ingen har lämnat lägesrapporter" in text


def test_links_open_the_same_view(literal: Literal, open_page: OpenPage) -> None:
    literal(**two_waves())
    app = open_page("undersokningar", plats="Hallstavik", omgang="2024", ordning="Störst andel först")
    assert not app.exception
    assert "Trygghetsundersökningen 2024" in text_of(app)
    assert app.selectbox(key="fraga").value == "Är du trygg ute? (Ja)"


def kolada(name: str, of: int, value: float, reach: float | None = None, area: str = "0188") -> dict[str, Any]:
    limits = {} if reach is None else {"lower": value - reach, "upper": value + reach}
    return {"indicator_id": name, "area_id": area, **year(of), "value": value, **limits, "delivery_id": "k"}


def test_published_surveys_are_shown_with_their_published_uncertainty(literal: Literal, open_page: OpenPage) -> None:
    tables = two_waves()
    night, dark = "kolada_N07609", "kolada_N00610"
    common = {"source_id": "kolada_indicators", "unit": "procent", "theme": "Trygghet"}
    names = {night: "NTU: Otrygghet sen kväll", dark: "Medborgarundersökningen: Trygg i mörker"}
    tables["indicator"] += [{**common, "indicator_id": one, "name": name} for one, name in names.items()]
    tables["observation"] += [
        kolada(night, 2024, 20, 3), kolada(night, 2025, 30, 3), kolada(night, 2025, 26, area="00"),
        kolada(dark, 2025, 70), kolada(dark, 2025, 72, area="00"),
    ]  # fmt: skip
    tables["source"] += [{"source_id": "kolada_indicators", "citation": "Kolada (RKA)"}]
    tables["delivery"] += [{**tables["delivery"][0], "delivery_id": "k", "source_id": "kolada_indicators",
                            "mapping": None}]  # fmt: skip
    literal(**tables)
    app = open_page("undersokningar", undersokning="NTU")
    assert not app.exception
    assert app.selectbox(key="undersokning").options == ["Trygghetsundersökningen", "NTU", "Medborgarundersökningen"]
    text = text_of(app)
    assert "NTU: Norrtälje över riket i 1 och under i 0 av 1 mått" in text
    assert "Otrygghet sen kväll: 20 → 30 % (+10 procentenheter)." in text
    assert "Källa: Kolada (RKA), levererad 15 januari 2026" in text
    app.selectbox(key="undersokning").set_value("Medborgarundersökningen").run()
    assert not app.exception
    assert "Bara en omgång har levererats" in text_of(app)
    app = open_page("undersokningar", vy=BESIDE, upplevt="NTU och medborgarundersökningen")
    assert not app.exception
    assert "otryggheten stiger, anmälningarna inte" in text_of(app)


def test_shipped_figures_show_skolenkaten_and_say_what_is_missing(open_page: OpenPage) -> None:
    app = open_page("undersokningar", plats="Rimbo")
    assert not app.exception
    text = text_of(app)
    assert "Skolenkäten: 61–96 % svarade i 12 skolor" in text
    assert "Egna undersökningar saknas" in text
    assert "python -m pipelines fetch kolada_indicators" in text
    app = open_page("undersokningar", plats="Rimbo", vy=BESIDE)
    assert not app.exception
    assert [word in text_of(app) for word in ("**Anmält:**", "**Upplevt:**", "**Observerat:**")] == [True] * 3
    assert len(app.get("plotly_chart")) == 0


def test_a_municipality_without_anything(open_page: OpenPage) -> None:
    app = open_page("undersokningar", municipality="1485")
    assert not app.exception
    assert "Det finns inga undersökningar om Uddevalla här ännu." in text_of(app)
    assert "Norrtälje" not in text_of(app)
