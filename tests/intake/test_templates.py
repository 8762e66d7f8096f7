"""Templates: untouched they say that nothing is filled in, and filled in they import without a question."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from pipelines.intake import importer, templates
from pipelines.intake.workspace import Workspace
from pipelines.municipalities import municipalities
from pipelines.source import DeliveryError
from store.kinds import KINDS

FORMS = [(kind.id, form.id) for kind in KINDS.values() for form in kind.forms]
each_form = pytest.mark.parametrize(("kind", "form"), FORMS, ids=["-".join(pair) for pair in FORMS])


def template(folder: Path, kind: str, form: str) -> Path:
    path = folder / f"Mall {kind} {form}.xlsx"
    templates.write(path, kind, form, municipalities()["0188"])
    return path


def filled(path: Path, rows: int = 1) -> Workbook:
    """The template with rows like the example below it, each with something of its own."""
    book = openpyxl.load_workbook(path)
    sheet = book[templates.ROWS]
    example = [cell.value for cell in sheet[2]]
    for number in range(1, rows + 1):
        own = {
            "Ärendenummer": f"A{number}", "Svarande": f"R{number}", "Klass eller grupp": f"{number}B",
            "Delområde": f"Zon {number}", "Period": f"{2020 + number}",
            "Kön": "pojkar" if number == 1 else "flickor",
        }  # fmt: skip
        headers = [cell.value for cell in sheet[1]]
        sheet.append([own.get(str(header), said) for header, said in zip(headers, example, strict=True)])
    return book


@each_form
def test_an_untouched_template_has_no_rows_of_its_own(
    workspace: Workspace, tmp_path: Path, kind: str, form: str
) -> None:
    with pytest.raises(DeliveryError, match="inga egna rader"):
        importer.prepare(workspace, template(tmp_path, kind, form))


@each_form
def test_a_filled_in_template_needs_no_question(workspace: Workspace, tmp_path: Path, kind: str, form: str) -> None:
    path = template(tmp_path, kind, form)
    filled(path, rows=2).save(path)
    (one,) = importer.prepare(workspace, path).tables
    assert [question.text for question in one.view.questions] == []
    assert one.view.mapping is not None
    assert (one.view.mapping.kind, one.view.mapping.form) == (kind, form)
    assert (one.view.counts.read, one.view.counts.kept) == (2, 2)
    assert one.view.counts.placed == 2


@each_form
def test_the_example_can_be_written_over(workspace: Workspace, tmp_path: Path, kind: str, form: str) -> None:
    path = template(tmp_path, kind, form)
    book = filled(path)
    book[templates.ROWS].delete_rows(2)
    book.save(path)
    (one,) = importer.prepare(workspace, path).tables
    assert (one.view.questions, one.view.counts.kept) == ((), 1)


@each_form
def test_lists_and_instructions(tmp_path: Path, kind: str, form: str) -> None:
    book = openpyxl.load_workbook(template(tmp_path, kind, form))
    lists = book[templates.ROWS].data_validations.dataValidation
    assert lists
    for rule in lists:
        reference = rule.formula1.removeprefix(f"={templates.LISTS}!").removeprefix(f"{templates.LISTS}!")
        choices = [cell[0].value for cell in book[templates.LISTS][reference.replace("$", "")]]
        assert choices
        assert all(choices)
    guide = [[cell.value for cell in row] for row in book[templates.GUIDE].iter_rows()]
    assert guide[0][0] == f"{KINDS[kind].label}: {KINDS[kind].form(form).label}"
    headers = [cell.value for cell in book[templates.ROWS][1]]
    explained = {line[0]: line[1] for line in guide}
    assert [header for header in headers if not explained.get(header)] == []
