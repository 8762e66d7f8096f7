"""One table of a file: how it would be read, what must be asked first, and what it gives."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.deliveries import Delivery
from pipelines.intake import answers, checks, kinds, local, previewing, privacy, refused, senders
from pipelines.intake.cells import Column, Sheet, shown
from pipelines.intake.choosing import Chosen, choose, rivals
from pipelines.intake.kinds.result import Result
from pipelines.intake.privacy import Cleaned
from pipelines.intake.rows import Rows
from pipelines.intake.sentences import number
from pipelines.intake.tables import Table
from pipelines.intake.workspace import Workspace
from store import personal
from store.intake import Choice, ColumnView, Counts, Decisions, Finding, Mapping, Question, TableView
from store.kinds import KINDS, Field

#: How many samples of a column's cells are shown, and how long.
_SAMPLES, _LONGEST = 4, 60


@dataclass(frozen=True)
class Read:
    """One table as it would be taken in, and what is shown of it. Without ``result`` it cannot be read yet."""

    view: TableView
    delivery: Delivery
    rows: Rows | None = None
    result: Result | None = None
    #: The name of the mapping that was given for it; empty when none was.
    given_as: str = ""


def read_table(
    workspace: Workspace,
    sheet: Sheet,
    table: Table,
    file: Delivery,
    *,
    given: Mapping | None = None,
    kind: str = "",
    beside: Sequence[Mapping] = (),
) -> Read:
    """Read a table by the mapping ``given``, by a saved one that fits, or as suggested.

    ``file`` is the delivered file; its facts become the delivery's. ``beside`` are the mappings of its earlier
    tables. Rows that were refused before, and have been mended in the workbook that was handed back, are added to those
    that went in then.
    """
    was_refused, table = refused.is_handed_back(table), refused.as_it_came(table)
    chosen = choose(workspace, table, file, given, kind, typed=sheet.typed, beside=beside)
    mapping = chosen.mapping.model_copy(update={"headers": tuple(map(privacy.masked, chosen.mapping.headers))})
    chosen = replace(chosen, mapping=_added(mapping) if was_refused else mapping)
    whose = [*rivals(chosen), *chosen.questions]
    missing = [*_missing(chosen.mapping, table), *_options(chosen.mapping)]
    questions = [*whose, *_kind_question(chosen), *missing]
    view = TableView(
        spot=table.spot,
        title=privacy.masked(table.title),
        **previewing.of_table(sheet, table),
        columns=_columns(table, chosen),
        left_out=previewing.masked_rows(table.left_out),
        mapping=chosen.mapping,
        known_as=chosen.known_as,
        differences=chosen.differences,
        reasons=chosen.reasons,
        questions=tuple(questions),
    )
    if any(question.id.startswith("field.") for question in questions):
        return Read(view, file)
    return _checked(workspace, sheet, table, file, chosen, view)


def left_out(sheet: Sheet, table: Table, file: Delivery) -> Read:
    """A table that is not to be taken in."""
    shown_cells = previewing.of_table(sheet, table)
    return Read(TableView(spot=table.spot, title=privacy.masked(table.title), **shown_cells), file)


def _checked(workspace: Workspace, sheet: Sheet, table: Table, file: Delivery, chosen: Chosen, view: TableView) -> Read:
    """The table read by its mapping, checked, and beside the sender's earlier deliveries."""
    mapping = chosen.mapping
    cleaned = privacy.clean(table, mapping, typed=sheet.typed)
    source_id = local.source_id(mapping)
    delivery = _delivery(file, table, mapping, cleaned)
    any_of = {_identity(file, table, mapping, cleaned, overlap) for overlap in ("", "replace", "replace_all")}
    already = tuple(filter(workspace.has, sorted(any_of)))
    result = kinds.read(cleaned.rows, mapping, workspace.gazetteer, delivery)
    given = result.parsed.tables
    earlier = [(one, checks.tables_of(one)) for one in workspace.earlier(source_id, but=file.sha256)]
    called = _called(workspace, [given, *(tables for _, tables in earlier)])
    compared = checks.compare(given, earlier, mapping, called, sheet=cleaned.rows.sheet)
    questions = [*view.questions, *cleaned.questions, *result.questions]
    if chosen.nearly:
        questions += senders.doubted(chosen.nearly, given, [tables for _, tables in earlier])
    # A table that is not understood yet is not compared: its rows are not those that it will have.
    questions += [one for one in compared.questions if not result.questions or one.id != "shrunken"]
    if not questions:  # what is refused now may be understood once they are answered
        questions += _refused_question(result, mapping)
    nothing = () if result.parsed.rows_kept or questions else (_nothing(mapping),)
    return Read(
        view.model_copy(
            update={
                "questions": () if already else (*_once(questions), *nothing),
                "findings": (*cleaned.findings, *result.findings, *_read_before(workspace, delivery, already)),
                "places": result.places,
                "counts": _counts(table, cleaned, result),
                "period": checks.profile(given).period,
                "compared_with": compared.compared_with,
                "comparison": compared.changes,
                "overlaps": () if already else compared.overlaps,
                "already": already,
            }
        ),
        delivery,
        cleaned.rows,
        result,
    )


def _read_before(workspace: Workspace, delivery: Delivery, already: tuple[str, ...]) -> list[Finding]:
    """Tell that the table was taken in before, read another way: the new reading takes the place of the old."""
    other = [
        one
        for one in workspace.staged
        if (one.delivery.sha256, one.delivery.table) == (delivery.sha256, delivery.table)
    ]
    if already or not other:
        return []
    return [
        Finding(
            severity="note", rule="last_forut", sheet=delivery.table.partition("!")[0],
            text="Tabellen är inlagd sedan förut, tolkad på ett annat sätt. Den nya tolkningen ersätter den.",
        )
    ]  # fmt: skip


def _added(mapping: Mapping) -> Mapping:
    """The mapping for rows that are to stand beside those of the same delivery that went in."""
    decisions = {"overlap": mapping.decisions.overlap or "add", "shrunken": True}
    return mapping.model_copy(update={"decisions": mapping.decisions.model_copy(update=decisions)})


def _kind_question(chosen: Chosen) -> list[Question]:
    if not chosen.other_kinds:
        return []
    offered = (chosen.mapping.kind, *chosen.other_kinds)
    return [
        Question(
            id="kind", key="kind", text="Vad är det för uppgifter i tabellen?", why=" ".join(chosen.reasons),
            choices=tuple(Choice(value=one, label=f"{KINDS[one].label}: {KINDS[one].help}") for one in offered),
            suggestion=chosen.mapping.kind,
        )
    ]  # fmt: skip


def _missing(mapping: Mapping, table: Table) -> list[Question]:
    """Fields that the kind cannot do without and that no column is used for."""
    used = {use.field for use in mapping.columns if use.header in table.headers}
    fields = KINDS[mapping.kind].form(mapping.form).fields
    missing = [field for field in fields if field.needed and field.id not in used]
    either = [field for field in fields if field.one_of == "time"]
    if either and not any(field.id in used for field in either):
        missing.append(either[0])
    return [_field_question(field, table) for field in missing]


def _field_question(field: Field, table: Table) -> Question:
    return Question(
        id=f"field.{field.id}", key=f"columns.{field.id}", text=f"Vilken kolumn är «{field.label}»?",
        why=f"{field.help} {_uncounted(table)}".strip() if field.id == "number" else field.help,
        choices=tuple(Choice(value=header, label=header) for header in table.headers),
    )  # fmt: skip


def _uncounted(table: Table) -> str:
    """What to do with a list of persons who took part or did not: numbers are what is taken in."""
    told = [
        header for header, column in zip(table.headers, table.columns, strict=True)
        if len(column.values) and answers.kind_of(column.values) == "yes_no"
    ]  # fmt: skip
    if not told:
        return ""
    return (
        f"«{told[0]}» har ja och nej, en rad per person. Räkna ihop dem till antal per aktivitet, plats och dag, till "
        "exempel i en pivottabell, och lägg till den tabellen i stället."
    )


def _options(mapping: Mapping) -> list[Question]:
    return [
        Question(id=f"option.{option.id}", key=f"options.{option.id}", text=f"{option.label}?", why=option.help)
        for option in KINDS[mapping.kind].options
        if option.needed and option.form in {"", mapping.form} and not mapping.options.get(option.id, "").strip()
    ]


def _refused_question(result: Result, mapping: Mapping) -> list[Question]:
    """Rows that cannot be used need a yes when there are so many that the mapping may be at fault."""
    refused, kept = result.parsed.rows_refused or 0, result.parsed.rows_kept
    if not refused or mapping.decisions.refused_rows or refused * 20 <= kept:
        return []
    return [
        Question(
            id="refused_rows", key="decisions.refused_rows",
            text=f"{number(refused)} av {number(refused + kept)} rader kan inte användas. Ska resten läggas in ändå?",
            why="Är kolumnerna rätt valda? De avvisade raderna kan hämtas, rättas och läggas in sedan.",
            choices=(Choice(value="true", label="Ja, lägg in resten"),),
        )
    ]  # fmt: skip


def _nothing(mapping: Mapping) -> Question:
    return Question(
        id="nothing", key="columns", text="Ingen rad kan användas. Är kolumnerna rätt valda?",
        why=f"Så som tabellen tolkas nu ger den inga {KINDS[mapping.kind].label.lower()}.",
    )  # fmt: skip


def _once(questions: Iterable[Question]) -> list[Question]:
    return list({question.id: question for question in reversed(list(questions))}.values())[::-1]


def _counts(table: Table, cleaned: Cleaned, result: Result) -> Counts:
    return Counts(
        read=len(table.row_numbers),
        kept=result.parsed.rows_kept,
        refused=result.parsed.rows_refused or 0,
        stopped=cleaned.stopped,
        masked=cleaned.masked,
        **result.placements,
    )


def _delivery(file: Delivery, table: Table, mapping: Mapping, cleaned: Cleaned) -> Delivery:
    """The delivery that the table becomes."""
    source_id = local.source_id(mapping)
    used = {use.header for use in mapping.columns}
    everything = all(
        header in used or not len(column.values) for header, column in zip(table.headers, table.columns, strict=True)
    )
    return replace(
        file,
        delivery_id=_identity(file, table, mapping, cleaned, mapping.decisions.overlap),
        source_id=source_id,
        kind=mapping.kind,
        title=mapping.options.get("survey") or mapping.name,
        sender=mapping.sender,
        replaces=mapping.decisions.overlap in {"replace", "replace_all"},
        everywhere=mapping.decisions.overlap != "replace",
        # A file kept as it came would keep the columns that are not used as well.
        original_kept=everything and not cleaned.found,
        table=_table(table, cleaned),
    )


def _table(table: Table, cleaned: Cleaned) -> str:
    """Which table of its file it is; the only sheet of a text file is called what the file happens to be called."""
    sheet = cleaned.rows.sheet if cleaned.rows.typed else ""
    return f"{sheet}!R{table.spot.header_row or table.spot.first_row}C{table.spot.first_column}"


def _identity(file: Delivery, table: Table, mapping: Mapping, cleaned: Cleaned, overlap: str) -> str:
    """The delivery's id: read the same way from the same file, whatever that is called, it is the same one.

    One that replaces others is another than one that stands beside them.
    """
    decided = mapping.decisions.model_dump(include={"personal_data"})
    decisions = Decisions.model_validate({**decided, "overlap": overlap if overlap.startswith("replace") else ""})
    how = mapping.model_copy(update={"decisions": decisions, "headers": (), "spot": None})
    where = table.spot.model_copy(update={} if cleaned.rows.typed else {"sheet": ""})
    said = f"{file.sha256}/{where.model_dump_json()}/{how.model_dump_json()}"
    return f"{local.source_id(mapping)}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def _called(workspace: Workspace, given: Sequence[senders.Tables]) -> Callable[[str], str]:
    """What areas and the tables' own indicators are called, by id."""
    named: dict[str, str] = {}
    for tables in given:
        indicators = tables.get("indicator")
        if indicators is not None:
            named |= dict(zip(indicators["indicator_id"], indicators["name"], strict=True))
    return lambda one: named.get(one) or workspace.gazetteer.name(one)


def _columns(table: Table, chosen: Chosen) -> tuple[ColumnView, ...]:
    """Every column of the table: what it is used for and why, and samples of its cells, personal data not shown."""
    suggested = {view.header: view for view in chosen.views}
    used = {use.header: use for use in chosen.mapping.columns}
    why = "som förra gången" if chosen.known_as else ""
    views = []
    for header, column in zip(table.headers, table.columns, strict=True):
        view = suggested.get(header) or ColumnView(header=header, reason=why if header in used else "")
        use = used.get(header)
        views.append(
            view.model_copy(
                update={
                    "field": use.field if use else "",
                    "name": use.name if use else "",
                    "personal": personal.personal_header(header),
                    "samples": () if personal.personal_header(header) else _samples(column),
                    "filled": int((column.codes >= 0).sum()),
                    "distinct": len(column.values),
                }
            )
        )
    return tuple(views)


def _samples(column: Column) -> tuple[str, ...]:
    first = np.asarray(column.values[:_SAMPLES], dtype=object)
    hits = personal.scan(first)
    return tuple(
        personal.mask(shown(value), hits[position])[:_LONGEST] if position in hits else shown(value)[:_LONGEST]
        for position, value in enumerate(first)
    )
