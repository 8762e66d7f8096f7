"""Tables like earlier ones: renamed, moved, added and missing columns, new periods, and mappings that are alike."""

from __future__ import annotations

import pytest

from pipelines.intake.recognise import fingerprint, recognise
from store.intake import ColumnUse, Mapping

POLICE_HEADERS = ("Ärende", "Brottstyp", "Brottsdatum", "Brottsplats", "Modus", "Handläggare")


def mapping(kind: str, form: str, headers: tuple[str, ...], uses: dict[str, str], name: str = "Avsändaren") -> Mapping:
    columns = tuple(ColumnUse(header=header, field=field) for header, field in uses.items())
    return Mapping(name=name, kind=kind, form=form, columns=columns, headers=headers)


POLICE = mapping(
    "events",
    "row",
    POLICE_HEADERS,
    {
        "Ärende": "event_id",
        "Brottstyp": "category",
        "Brottsdatum": "occurred",
        "Brottsplats": "place",
        "Modus": "detail",
    },
    "Polisen",
)
WIDE = mapping(
    "observations", "wide", ("Skola", "2023", "2024"), {"Skola": "place", "2023": "value", "2024": "value"}, "Närvaro"
)
SURVEY = mapping(
    "answers",
    "respondents",
    ("Kön", "Känner du dig trygg på kvällen?", "Känner du dig trygg på dagen?"),
    {"Kön": "group", "Känner du dig trygg på kvällen?": "question", "Känner du dig trygg på dagen?": "question"},
    "Enkäten",
)
NUMBERS = mapping(
    "participation",
    "row",
    ("Skola", "Anmälda", "Aktiva"),
    {"Skola": "place", "Anmälda": "number", "Aktiva": "number"},
    "HackShield",
)


@pytest.mark.parametrize(
    ("known", "headers", "fields", "differences"),
    [
        pytest.param(
            POLICE, POLICE_HEADERS, ("event_id", "category", "occurred", "place", "detail"), (), id="the same"
        ),
        pytest.param(
            POLICE,
            ("ÄRENDE", "brottstyp", "Brottsdatum:", "Brottsplats ", "Modus", "Handläggare"),
            ("event_id", "category", "occurred", "place", "detail"),
            (),
            id="case and punctuation",
        ),
        pytest.param(
            POLICE,
            ("Ärende", "Brottstyp", "Brottsdatum", "Plats", "Modus", "Handläggare"),
            ("event_id", "category", "occurred", "place", "detail"),
            ("Kolumnen «Brottsplats» heter nu «Plats».",),
            id="renamed by another word",
        ),
        pytest.param(
            POLICE,
            ("Ärende", "Brottstyp", "Brotsdatum", "Brottsplats", "Modus", "Handläggare"),
            ("event_id", "category", "occurred", "place", "detail"),
            ("Kolumnen «Brottsdatum» heter nu «Brotsdatum».",),
            id="misspelt",
        ),
        pytest.param(
            POLICE,
            ("Ärende", "Brottstyp", "Brottsdatum", "Brottsplats", "Modus", "Handläggare", "Veckodag"),
            ("event_id", "category", "occurred", "place", "detail"),
            ("Ny kolumn «Veckodag»; den tas inte med.",),
            id="added",
        ),
        pytest.param(
            POLICE,
            ("Ärende", "Brottstyp", "Brottsdatum", "Brottsplats", "Handläggare"),
            ("event_id", "category", "occurred", "place"),
            ("Kolumnen «Modus» saknas.",),
            id="missing",
        ),
        pytest.param(
            POLICE,
            ("Brottsdatum", "Ärende", "Brottstyp", "Brottsplats", "Modus", "Handläggare"),
            ("occurred", "event_id", "category", "place", "detail"),
            ("Kolumnerna står i annan ordning.",),
            id="moved",
        ),
        pytest.param(
            WIDE,
            ("Skola", "2023", "2024", "2025"),
            ("place", "value", "value", "value"),
            ("Ny periodkolumn «2025»; den tas med.",),
            id="new period",
        ),
        pytest.param(
            WIDE,
            ("Skola", "2025", "2026"),
            ("place", "value", "value"),
            (
                "Ny periodkolumn «2025»; den tas med.",
                "Ny periodkolumn «2026»; den tas med.",
                "Kolumnen «2023» saknas.",
                "Kolumnen «2024» saknas.",
            ),
            id="only new periods",
        ),
        pytest.param(
            SURVEY,
            ("Kön", "Känner du dig trygg på kvällen", "Känner du dig trygg på dagen?"),
            ("group", "question", "question"),
            (),
            id="question mark lost",
        ),
        pytest.param(
            SURVEY,
            ("Kön", "Känner du dig trygg på kvällen?", "Känner du dig trygg på morgonen?"),
            ("group", "question"),
            (
                "Ny kolumn «Känner du dig trygg på morgonen?»; den tas inte med.",
                "Kolumnen «Känner du dig trygg på dagen?» saknas.",
            ),
            id="another question is no renamed question",
        ),
        pytest.param(
            NUMBERS,
            ("Skola", "Anmälda", "Närvarande"),
            ("place", "number"),
            ("Ny kolumn «Närvarande»; den tas inte med.", "Kolumnen «Aktiva» saknas."),
            id="another number is no renamed number",
        ),
    ],
)
def test_a_table_like_an_earlier_one_gets_its_mapping(
    known: Mapping, headers: tuple[str, ...], fields: tuple[str, ...], differences: tuple[str, ...]
) -> None:
    found = recognise(headers, [known])
    assert found is not None
    assert tuple(use.field for use in found.mapping.columns) == fields
    assert {use.header for use in found.mapping.columns} <= set(headers)
    assert found.differences == differences
    assert found.mapping.headers == headers
    assert found.exact == (not differences)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param((), id="none"),
        pytest.param(("Skola", "Klass", "Anmälda"), id="another table"),
        pytest.param(("Ärende", "Brottsdatum", "Brottsplats", "Modus", "Handläggare"), id="what is needed is gone"),
        pytest.param(("Ärende", "Brottstyp", "Brottsplats", "Modus", "Handläggare"), id="time is gone"),
        pytest.param(("Brottstyp", "Brottsdatum till", "Brottsplats", "Ärende", "Modus"), id="until is not from"),
        pytest.param((*POLICE_HEADERS, *(f"Annat {i}" for i in range(60))), id="six of sixty-six"),
    ],
)
def test_other_tables_do_not_get_it(headers: tuple[str, ...]) -> None:
    assert recognise(headers, [POLICE]) is None


@pytest.mark.parametrize(
    ("headers", "near"),
    [
        pytest.param(("Brottsdatum", "Ärende", "Brottstyp", "Brottsplats", "Modus"), True, id="moved, one unused gone"),
        pytest.param((*POLICE_HEADERS, "Veckodag"), True, id="added"),
        pytest.param(("Ärende", "Brottstyp", "Brottsdatum", "Plats", "Modus", "Handläggare"), False, id="renamed"),
        pytest.param(("Ärende", "Brottstyp", "Brottsdatum", "Brottsplats", "Handläggare"), False, id="missing"),
    ],
)
def test_nearly_the_same_is_what_has_moved_or_come(headers: tuple[str, ...], near: bool) -> None:
    found = recognise(headers, [POLICE])
    assert found is not None
    assert found.near is near


def test_a_column_that_the_last_table_lacked_too_is_not_missed() -> None:
    last = POLICE.model_copy(update={"headers": tuple(text for text in POLICE_HEADERS if text != "Modus")})
    found = recognise(last.headers, [last])
    assert found is not None
    assert (found.exact, found.differences, found.near) == (True, (), True)
    back = recognise(POLICE_HEADERS, [last])
    assert back is not None
    assert "detail" in {use.field for use in back.mapping.columns}


def test_a_renamed_question_keeps_its_name_in_the_series() -> None:
    found = recognise(("Kön", "Känner du dig trygg på kvällarna?", "Känner du dig trygg på dagen?"), [SURVEY])
    assert found is not None
    assert [(use.header, use.name) for use in found.mapping.columns][1] == (
        "Känner du dig trygg på kvällarna?",
        "Känner du dig trygg på kvällen?",
    )


def test_two_candidates_for_one_column_are_none() -> None:
    found = recognise(("Ärende", "Brottstyp", "Brottsdatum", "Plats", "Ort", "Modus", "Handläggare"), [POLICE])
    assert found is None or "place" not in {use.field for use in found.mapping.columns}


def test_the_exact_one_is_preferred_and_equal_ones_are_named() -> None:
    moved = POLICE.model_copy(update={"name": "Flyttad", "headers": POLICE_HEADERS[::-1], "sender": "Någon annan"})
    best = recognise(POLICE_HEADERS, [POLICE, moved])
    assert best is not None
    assert (best.mapping.name, best.exact, best.rivals) == ("Polisen", True, ())
    twin = POLICE.model_copy(update={"name": "Tvilling", "sender": "Någon annan"})
    both = recognise(POLICE_HEADERS, [POLICE, twin])
    assert both is not None
    assert (both.mapping.name, both.rivals) == ("Tvilling", ("Polisen",))
    assert both.differences == ("Tolkningen «Polisen» passar lika bra.",)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(("Datum", "Ort"), ("DATUM ", "ort."), True, id="case and punctuation"),
        pytest.param(("Datum", "Ort"), ("Ort", "Datum"), False, id="order"),
        pytest.param(("2024",), ("2025",), False, id="years"),
        pytest.param(("Ort",), ("Ört",), False, id="å, ä and ö are letters"),
    ],
)
def test_fingerprint(one: tuple[str, ...], other: tuple[str, ...], same: bool) -> None:
    assert (fingerprint(one) == fingerprint(other)) is same


def test_an_older_mapping_without_its_headers_is_still_known() -> None:
    old = POLICE.model_copy(update={"headers": ()})
    found = recognise(POLICE_HEADERS, [old])
    assert found is not None
    assert found.differences == ()
