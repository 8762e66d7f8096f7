"""Saving from a page: what is saved, what is said when it is not, and who may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from store.records import Actor, Measure, Problem, Role, Work, open_work
from ui import auth, facts, nav

BO = Actor("Bo", Role.EDITOR)


def page() -> None:
    """A page of the tests' own: one problem's form, and that of a new measure."""
    import streamlit as st

    from store.records import Measure, Problem
    from ui import auth, work

    (row,) = work.work().all(Problem)
    with st.form("problem"):
        values = work.form_fields(
            Problem, row, ["title", "description", "consequence", "likelihood", "grounds", "stage"]
        )
        if st.form_submit_button("Spara") and work.save(row, **values):
            st.rerun()
    with st.form("measure"):
        values = work.form_fields(Measure, None, ["title", "starts_on", "cost_sek", "approach"])
        if st.form_submit_button("Lägg till"):
            made = work.attempt(lambda: work.work().create(work.actor(), Measure(**values)))
            if made:
                work.saved("Åtgärden är sparad.")
                work.empty_form(Measure)
                st.rerun()
    auth.show_who()


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    monkeypatch.setenv("RODA_TRADEN_DATA_DIR", str(tmp_path))
    facts.installation.cache_clear()
    auth.login_is_set_up.cache_clear()
    opened = open_work(tmp_path / "records.sqlite", tmp_path)
    opened.create(BO, Problem(title="Klotter", place_id="0188-rimbo", place="Rimbo"))
    yield opened
    facts.installation.cache_clear()
    auth.login_is_set_up.cache_clear()


def labelled(app: AppTest, label: str) -> Any:
    fields = [*app.text_input, *app.text_area, *app.selectbox, *app.number_input]
    return next(field for field in fields if field.label == label)


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def test_a_form_saves_what_was_changed_and_says_what_is_wrong(work: Work) -> None:
    app = AppTest.from_function(page, default_timeout=30).run()
    labelled(app, "Problem – krävs").set_value("")
    labelled(app, "Konsekvens").set_value(3)
    press(app, "Spara")
    (said,) = [error.value for error in app.error]
    for part in ("Fyll i «Problem».", "Ange också «Sannolikhet»", "Skriv vad bedömningen"):
        assert part in said
    assert work.all(Problem)[0].version == 1

    # What was written is still there to be put right.
    assert labelled(app, "Konsekvens").value == 3
    labelled(app, "Problem – krävs").set_value("Klotter vid skolan")
    labelled(app, "Sannolikhet").set_value(2)
    labelled(app, "Grund för bedömningen").set_value("Enkäten i våras")
    labelled(app, "Läge").set_value("resting")
    press(app, "Spara")
    saved = work.all(Problem)[0]
    assert (saved.title, saved.consequence, saved.likelihood, saved.stage) == ("Klotter vid skolan", 3, 2, "resting")
    assert (saved.version, saved.changed_by, list(app.error)) == (2, "Lokal användare", [])


def test_what_somebody_else_saved_meanwhile_is_shown_beside_mine(work: Work) -> None:
    app = AppTest.from_function(page, default_timeout=30).run()
    work.save(BO, Problem, 1, 1, title="Skadegörelse")
    labelled(app, "Problem – krävs").set_value("Klotter vid skolan")
    press(app, "Spara")
    assert "Bo har sparat en ändring av samma sak" in app.markdown[-1].value
    (table,) = app.table
    assert table.value.to_dict("index") == {
        "Problem": {"Din ändring": "Klotter vid skolan", "Sparat av Bo": "Skadegörelse"}
    }
    assert work.all(Problem)[0].title == "Skadegörelse"


def test_a_new_row_is_saved_once_and_its_form_is_empty_after(work: Work) -> None:
    app = AppTest.from_function(page, default_timeout=30).run()
    labelled(app, "Åtgärd – krävs").set_value("Belysning")
    labelled(app, "Kostnad (kr)").set_value(25_000)
    labelled(app, "Startar").set_value(2026)
    press(app, "Lägg till")
    assert app.error[0].value == "«Startar» ska vara en hel dag: år, månad och dag."
    labelled(app, "Startar, månad").set_value(3)
    labelled(app, "Startar, dag").set_value(4)
    press(app, "Lägg till")
    (measure,) = work.all(Measure)
    assert (measure.title, measure.cost_sek, str(measure.starts_on)) == ("Belysning", 25_000, "2026-03-04")
    assert [toast.value for toast in app.toast] == ["Åtgärden är sparad."]
    assert (labelled(app, "Åtgärd – krävs").value, labelled(app, "Startar").value) == ("", "")


def test_the_name_in_the_history_is_kept(work: Work, tmp_path: Path) -> None:
    app = AppTest.from_function(page, default_timeout=30).run()
    labelled(app, "Namn i historiken").set_value("  Anna   Ek ")
    app.run()
    assert (tmp_path / "name.txt").read_text("utf-8") == "Anna Ek"
    labelled(app, "Beskrivning").set_value("Bakom skolan")
    press(app, "Spara")
    assert work.all(Problem)[0].changed_by == "Anna Ek"


@pytest.mark.parametrize(
    ("email", "role"),
    [("sam@kommun.se", Role.EDITOR), ("Chef@Kommun.se", Role.DECIDER), ("okand@kommun.se", Role.READER)],
)
def test_with_login_the_file_of_the_municipality_says_what_a_person_may(
    email: str, role: Role, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").mkdir()
    people = '[people]\n"sam@kommun.se" = "handläggare"\n"chef@kommun.se" = "beslutsfattare"\n'
    (tmp_path / "config" / "0188.toml").write_text(people, "utf-8")
    monkeypatch.setattr(auth, "PROJECT", tmp_path)
    monkeypatch.setattr(auth, "login_is_set_up", lambda: True)
    user = SimpleNamespace(is_logged_in=True, get={"email": email, "name": "Anna"}.get)
    monkeypatch.setattr(st, "user", user)
    assert auth.actor() == Actor("Anna", role)
    assert (auth.may_write(), auth.may_decide()) == (role is not Role.READER, role is Role.DECIDER)
    monkeypatch.setattr(st, "Page", lambda _path, **told: SimpleNamespace(**told))
    titles = {page.title for pages in nav.pages(writes=auth.may_write()).values() for page in pages}
    assert ("Importera" in titles, "Källor" in titles) == (role is not Role.READER, True)


def test_who_has_not_logged_in_sees_nothing_but_the_way_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def gate() -> None:
        import streamlit as st

        from ui import auth

        auth.require_login()
        st.write("Innanför")

    monkeypatch.setattr(auth, "login_is_set_up", lambda: True)
    monkeypatch.setattr(st, "user", SimpleNamespace(is_logged_in=False, get=lambda _: None))
    app = AppTest.from_function(gate).run()
    assert [button.label for button in app.button] == ["Logga in"]
    assert "Innanför" not in [text.value for text in app.markdown]
