"""Whose table it is, and what of the sender's earlier rows gives way: asked on the command line, answered, obeyed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines import __main__ as command_line
from pipelines.worker import limited_memory
from store.settings import Settings
from store.warehouse import current_build, fetch
from tests.pipelines.test_adding import REPORTS, add, asked, events, everything, run, write

pytestmark = pytest.mark.usefixtures("installation")

CHANGED = """Dag;Klockan;Ort;Typ av händelse;Åtgärd
2026-03-04;21:30;Hallstavik;Bråk;Samtal
2026-03-05;22:15;Rimbo;Klotter;Sanering
2026-03-07;20:00;Rimbo;Klotter;Sanering
"""
RENAMED = REPORTS.replace("Vad har hänt", "Händelse").replace("2025-", "2026-")


def sources(settings: Settings) -> list[str]:
    build = current_build(settings.data_dir)
    assert build is not None
    found = fetch(build, "SELECT DISTINCT source_id FROM event WHERE source_id LIKE 'lokal_%' ORDER BY 1")
    return list(found["source_id"])


def whose(*arguments: object) -> dict[str, Any]:
    """The question of whose table it is, when nothing else is asked."""
    (question,) = asked(*arguments)
    assert question["key"] == "decisions.same_sender"
    assert [choice["value"] for choice in question["choices"]] == ["yes", "no"]
    return question


def answered(folder: Path, question: dict[str, Any], answer: str) -> Path:
    assert 'same_sender = ""' in question["mapping"]
    return write(folder, "svar.toml", question["mapping"].replace('same_sender = ""', f'same_sender = "{answer}"'))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("Lägesrapport 2026.csv", CHANGED, id="called the same, headers changed much"),
        pytest.param("Uttag.csv", RENAMED, id="called something else, a header changed"),
    ],
)
@pytest.mark.parametrize(("answer", "count"), [("yes", 1), ("no", 2)])
def test_a_table_that_may_be_a_known_senders_is_asked_about(
    installation: Settings, tmp_path: Path, name: str, text: str, answer: str, count: int
) -> None:
    add(write(tmp_path, "Lägesrapport 2025.csv", REPORTS), "--yes")
    before = everything(installation)
    path = write(tmp_path, name, text)
    question = whose(path, "--yes")
    assert question["text"] == "Är det här samma avsändare som «Lägesrapport»?"
    assert everything(installation) == before
    printed = write(tmp_path, "frågan.toml", question["mapping"])
    assert whose(path, "--mapping", printed)["text"] == question["text"]  # an empty place answers nothing
    taken = add(path, "--mapping", answered(tmp_path, question, answer))
    assert len(sources(installation)) == count
    assert len(events(installation)) == 3 + len(text.split("\n")) - 2
    (outcome,) = taken["imported"]
    assert outcome["taken"][0].get("known_as", "") == ("Lägesrapport" if answer == "yes" else "")
    again = add(write(tmp_path, "Nästa.csv", text.replace("2026-", "2027-")))  # its headers are known now
    assert again["checks"][0]["known_as"] == outcome["taken"][0]["title"]


MORE = "Datum;Tid;Plats;Vad har hänt;Rapportör;Väder\n"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        pytest.param("2026-03-04;21:30;Hallstavik;Bråk;Fritidsgården;sol\n", "", id="as before"),
        pytest.param("2026-03-04;21:30;Hallstavik;Trasig lampa;Skolan;sol\n", "Ingen kategori", id="other categories"),
        pytest.param("2026-03-04;21:30;Hallstavik;Bråk;Vakten;sol\n", "Ingen rapportör", id="other reporters"),
        pytest.param("2026-03-04;21:30;Älmsta;Bråk;Skolan;sol\n", "Ingen plats", id="another place"),
    ],
)
def test_nearly_the_same_headers_are_known_unless_the_rows_say_otherwise(tmp_path: Path, rows: str, why: str) -> None:
    add(write(tmp_path, "Lägesrapport 2025.csv", REPORTS), "--yes")
    path = write(tmp_path, "Lägesrapport 2026.csv", MORE + rows * 3)
    if why:
        assert why in whose(path, "--yes")["why"]
    else:
        assert add(path)["imported"][0]["taken"][0]["known_as"] == "Lägesrapport"


def test_another_name_in_the_mapping_is_another_sender(installation: Settings, tmp_path: Path) -> None:
    add(write(tmp_path, "Lägesrapport 2025.csv", REPORTS), "--yes")
    (saved,) = (installation.data_dir / "mappings").glob("*.toml")
    own = write(tmp_path, "egen.toml", saved.read_text("utf-8").replace('name = "Lägesrapport"', 'name = "Vakterna"'))
    add(write(tmp_path, "Lägesrapport 2026.csv", REPORTS.replace("Bråk", "Stök")), "--mapping", own)
    assert len(sources(installation)) == 2
    assert "lokal_vakterna" in sources(installation)


def test_files_of_one_sender_added_together_are_one_source(installation: Settings, tmp_path: Path) -> None:
    spring = write(tmp_path, "Rapporter våren.csv", REPORTS)
    autumn = write(tmp_path, "Hösten, händelser.csv", REPORTS.replace("2025-03", "2025-10"))
    answer = add(spring, autumn, "--yes")
    assert [one["taken"][0].get("known_as", "") for one in answer["imported"]] == ["", "Rapporter våren"]
    assert len(sources(installation)) == 1
    assert len(events(installation)) == 6


HEADER = REPORTS.splitlines(keepends=True)[0]


def reports(place: str, what: str, *days: int) -> str:
    return HEADER + "".join(f"2025-03-{day:02d};21:30;{place};{what};Fritidsgården\n" for day in days)


def test_other_places_stand_beside_each_other(installation: Settings, tmp_path: Path) -> None:
    add(write(tmp_path, "Vecka Hallstavik 10.csv", reports("Hallstavik", "Bråk", 3, 4, 5)), "--yes")
    add(write(tmp_path, "Vecka Rimbo 10.csv", reports("Rimbo", "Bråk", 3, 4, 5)))
    assert sorted(events(installation)["area_id"]) == ["0188-hallstavik"] * 3 + ["0188-rimbo"] * 3


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        pytest.param("replace", ["Bråk", "Bråk", "Stök", "Stök"], id="at the places that the file has"),
        pytest.param("replace_all", ["Stök", "Stök"], id="everywhere"),
        pytest.param("add", ["Bråk", "Bråk", "Bråk", "Bråk", "Stök", "Stök"], id="beside"),
    ],
)
def test_what_is_replaced_is_shown_and_chosen(
    installation: Settings, tmp_path: Path, answer: str, left: list[str]
) -> None:
    add(write(tmp_path, "Vecka 10.csv", reports("Hallstavik", "Bråk", 3, 4)), "--yes")
    add(write(tmp_path, "Vecka 10 b.csv", reports("Rimbo", "Bråk", 3, 4)))
    path = write(tmp_path, "Vecka 10 c.csv", reports("Hallstavik", "Stök", 3, 5))
    (question,) = asked(path)
    assert question["text"].startswith("Det finns redan 4 uppgifter för samma tid.")
    assert "Vecka 10.csv, 3–4 mars 2025: 2 uppgifter från samma platser (Hallstavik)" in question["why"]
    assert "Vecka 10 b.csv, 3–4 mars 2025: 2 uppgifter från andra platser (Rimbo)" in question["why"]
    assert [choice["value"] for choice in question["choices"]] == ["replace", "replace_all", "add"]
    assert question["examples"] == [
        f"{day} mars 2025, {place}, Bråk" for place in ("Hallstavik", "Rimbo") for day in (3, 4)
    ]
    mapping = write(tmp_path, "t.toml", question["mapping"].replace('overlap = ""', f'overlap = "{answer}"'))
    add(path, "--mapping", mapping)
    assert sorted(events(installation)["category"]) == left
    assert run("undo", add(path)["imported"][0]["taken"][0]["delivery_id"]).exit_code == 0
    assert len(events(installation)) == 4


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    text = "Datum;Plats;Vad har hänt;Intern anteckning\n"
    text += "".join(f"2025-03-{day:02d};Rimbo;Klotter;a{day}\n" for day in range(1, 8)) + "Totalt;;7;\n"
    result = run("add", write(tmp_path, "Lägesrapport.csv", text), "--yes")
    assert result.exit_code == 0, result.output
    assert "1 rad lämnas utanför som summa eller anmärkning: rad 9 («Totalt | 7»)." in result.stdout
    assert "1 kolumn lagras inte: «Intern anteckning»." in result.stdout


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_the_programs_own_error_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    as_json: bool,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("pipelines.adding.add_files", broken)
    monkeypatch.setattr(sys, "argv", ["pipelines", "add", str(tmp_path), *(["--json"] if as_json else [])])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 1
    said = capsys.readouterr()
    (line,) = [line for line in (said.out if as_json else said.err).splitlines() if "Programmet stannade" in line]
    assert "ZeroDivisionError" in line
    assert "Traceback" not in said.out + said.err
    monkeypatch.setattr(sys, "argv", ["pipelines", "--debug", *sys.argv[1:]])
    monkeypatch.setattr(command_line._log, "level", command_line._log.level)
    with caplog.at_level("DEBUG"), pytest.raises(SystemExit):
        command_line.main()
    assert "ZeroDivisionError" in caplog.text
    assert "Traceback" in caplog.text


if sys.platform == "linux":  # no other system limits it
    import resource

    def test_memory_is_limited_while_files_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = resource.getrlimit(resource.RLIMIT_DATA)
        seen = []

        def greedy(*_: object, **__: object) -> None:
            seen.append(resource.getrlimit(resource.RLIMIT_DATA)[0])
            raise MemoryError

        monkeypatch.setattr("pipelines.adding.add_files", greedy)
        result = run("add", write(tmp_path, "a.csv", REPORTS))
        assert result.exit_code == 1
        assert "Filen är för stor" in result.stderr
        assert resource.getrlimit(resource.RLIMIT_DATA) == before
        with limited_memory():
            assert 0 < resource.getrlimit(resource.RLIMIT_DATA)[0] < 2**40
        assert 0 < seen[0] < 2**40


AREAS = "{title};;\nOmråde;jan 2025;feb 2025\nHallstavik;{first};4\nRimbo;5;6\n"


@pytest.mark.parametrize(("answer", "measures"), [("no", ["Felanmälningar", "Klotter"]), ("yes", ["Felanmälningar"])])
def test_a_title_that_names_another_measure_is_asked_about(
    installation: Settings, tmp_path: Path, answer: str, measures: list[str]
) -> None:
    faults = write(tmp_path, "Fel.csv", AREAS.format(title="Felanmälningar per område", first=3))
    (question,) = asked(faults, "--yes")
    add(faults, "--mapping", write(tmp_path, "fel.toml", question["mapping"].replace('unit = ""', 'unit = "antal"')))
    text = AREAS.format(title="Klotter per område", first=9).replace("2025", "2026")
    other = write(tmp_path, "Klotter.csv", text)
    mapping = answered(tmp_path, whose(other, "--yes"), answer)
    add(other, "--mapping", mapping)
    build = current_build(installation.data_dir)
    assert build is not None
    found = fetch(build, "SELECT DISTINCT name FROM indicator WHERE indicator_id LIKE 'lokal_%' ORDER BY 1")
    assert list(found["name"]) == measures


def test_tables_of_one_sheet_with_the_same_headers_are_told_apart(installation: Settings, tmp_path: Path) -> None:
    title = AREAS.format(title="Felanmälningar per område", first=3) + ";;\n"
    title += AREAS.format(title="Klotter per område", first=9) + ";;\nDatum;Plats;Händelse\n"
    path = write(tmp_path, "Flera.csv", title + "2025-01-03;Rimbo;Bråk\n2025-01-04;Rimbo;Klotter\n")
    questions = asked(path, "--yes")
    assert [one["key"] for one in questions] == ["options.unit"] * 2
    given = [
        argument
        for number, one in enumerate(questions)
        for argument in (
            "--mapping",
            write(tmp_path, f"{number}.toml", one["mapping"].replace('unit = ""', 'unit = "antal"')),
        )
    ]
    answer = add(path, *given)
    assert [[one["rule"] for one in check["findings"]] for check in answer["checks"]] == [[], [], ["tabell_utanfor"]]
    build = current_build(installation.data_dir)
    assert build is not None
    found = fetch(build, "SELECT DISTINCT name FROM indicator WHERE indicator_id LIKE 'lokal_%' ORDER BY 1")
    assert list(found["name"]) == ["Felanmälningar", "Klotter"]
    # The other table needs no question: it goes in with --yes, and all three are known the next time.
    assert add(path, *given, "--yes")["checks"][2]["counts"]["kept"] == 2
    assert len([*(installation.data_dir / "mappings").glob("*.toml")]) == 3
    later = write(tmp_path, "Flera 2026.csv", path.read_text("utf-8").replace("2025", "2026"))
    known = [check["known_as"] for check in add(later)["checks"]]
    assert known == ["Flera", "Flera – Klotter", "Flera – händelser"]


def test_a_known_table_goes_in_beside_one_that_a_mapping_answers_for(installation: Settings, tmp_path: Path) -> None:
    add(write(tmp_path, "Lägesrapport 2025.csv", REPORTS), "--yes")
    both = REPORTS.replace("2025-", "2026-") + "\n;;;;\n" + AREAS.format(title="Klotter per område", first=9)
    path = write(tmp_path, "Två.csv", both)
    (question,) = asked(path, "--yes")
    mapping = write(tmp_path, "m.toml", question["mapping"].replace('unit = ""', 'unit = "antal"'))
    answer = add(path, "--mapping", mapping)
    assert [check["counts"]["kept"] for check in answer["checks"]] == [3, 2]
    assert answer["checks"][0]["known_as"] == "Lägesrapport"


VISITS = "Dag;Besökare;Var\n" + "".join(f"2025-03-{day:02d};{day};bra\n" for day in range(1, 9))


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("", id="in the place for it"),
        pytest.param(
            'name = "Besök"\n--kind = "participation"\n[options]\nactivity = "Besök"\n'
            '[columns]\nnumber = "Besökare"\ndate = "Dag"\nplace = "Var"\n',
            id="under the keys that the questions have",
        ),
    ],
)
def test_a_column_is_answered_as_it_is_asked(installation: Settings, tmp_path: Path, written: str) -> None:
    path = write(tmp_path, "Okänt.csv", VISITS)
    (question,) = asked(path, "--kind", "participation")
    assert question["key"] == "columns.place"
    assert [one["key"] for one in asked(path, "--mapping", write(tmp_path, "m.toml", question["mapping"]))] == [
        "columns.place"
    ]
    mapping = written or question["mapping"].replace('header = ""', 'header = "Var"')
    taken = add(path, "--mapping", write(tmp_path, "m.toml", mapping))
    assert taken["checks"][0]["counts"]["kept"] == 8


def test_a_list_of_persons_tells_to_be_counted(tmp_path: Path) -> None:
    rows = "".join(f"{name};Orosanmälan;{'Nej' if name == 'b' else 'Ja'}\n" for name in "abcdefgh")
    path = write(tmp_path, "Närvaro.csv", f"Deltagare;Utbildning;Närvarat\n{rows}")
    (question,) = [one for one in asked(path, "--kind", "participation") if one["key"] == "columns.number"]
    assert "«Närvarat» har ja och nej, en rad per person. Räkna ihop dem" in question["why"]
