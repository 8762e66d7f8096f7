"""One table of a file: how it would be read, what must be asked first, and what it gives."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pipelines.deliveries import Delivery
from pipelines.frames import slug
from pipelines.intake import checks, kinds, local, options, personal, privacy, refused, tables
from pipelines.intake.cells import Column, Sheet, shown
from pipelines.intake.kinds.result import Result
from pipelines.intake.privacy import Cleaned
from pipelines.intake.recognise import recognise
from pipelines.intake.rows import Rows
from pipelines.intake.suggest import Suggestion, suggest
from pipelines.intake.tables import Table
from pipelines.intake.workspace import Workspace
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


@dataclass(frozen=True)
class _Chosen:
    """A mapping for a table, and where it came from."""

    mapping: Mapping
    known_as: str = ""
    differences: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    views: tuple[ColumnView, ...] = ()
    other_kinds: tuple[str, ...] = ()
    #: Saved mappings that fit as well.
    rivals: tuple[str, ...] = ()


def read_table(
    workspace: Workspace, sheet: Sheet, table: Table, file: Delivery, *, given: Mapping | None = None, kind: str = ""
) -> Read:
    """Read a table by the mapping ``given``, by a saved one that fits, or as suggested.

    ``file`` is the delivered file; its facts become the delivery's. Rows that were refused before, and have been mended
    in the workbook that was handed back, are added to those that went in then.
    """
    was_refused, table = refused.is_handed_back(table), refused.as_it_came(table)
    chosen = _choose(workspace, table, file, given, kind, typed=sheet.typed)
    mapping = chosen.mapping.model_copy(update={"headers": tuple(map(privacy.masked, chosen.mapping.headers))})
    chosen = replace(chosen, mapping=_added(mapping) if was_refused else mapping)
    questions = [*_rivals(chosen), *_kind_question(chosen), *_missing(chosen.mapping, table), *_options(chosen.mapping)]
    view = TableView(
        spot=table.spot,
        title=table.title,
        preview=(shown_cells := tables.preview(sheet, table.spot))[0],
        preview_row=shown_cells[1],
        columns=_columns(table, chosen),
        left_out=table.left_out,
        mapping=chosen.mapping,
        known_as=chosen.known_as,
        differences=chosen.differences,
        reasons=chosen.reasons,
        questions=tuple(questions),
    )
    if any(question.id.startswith("field.") for question in questions):
        return Read(view, file)
    return _checked(workspace, sheet, table, file, chosen.mapping, view)


def left_out(sheet: Sheet, table: Table, file: Delivery) -> Read:
    """A table that is not to be taken in."""
    cells, first = tables.preview(sheet, table.spot)
    return Read(TableView(spot=table.spot, title=table.title, preview=cells, preview_row=first), file)


def _checked(
    workspace: Workspace, sheet: Sheet, table: Table, file: Delivery, mapping: Mapping, view: TableView
) -> Read:
    """The table read by its mapping, checked, and beside the sender's earlier deliveries."""
    cleaned = privacy.clean(table, mapping, typed=sheet.typed)
    source_id = local.source_id(mapping)
    delivery = _delivery(file, table, mapping, cleaned)
    either = {_identity(file, table, mapping, cleaned, replaces=replaces) for replaces in (True, False)}
    already = tuple(filter(workspace.has, sorted(either)))
    result = kinds.read(cleaned.rows, mapping, workspace.gazetteer, delivery)
    profile = checks.profile(result.parsed.tables)
    earlier = workspace.earlier(source_id, but=file.sha256)
    compared = checks.compare(profile, earlier, mapping, _names(workspace, result), sheet=cleaned.rows.sheet)
    questions = [*view.questions, *cleaned.questions, *result.questions]
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
                "period": profile.period,
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


def _choose(
    workspace: Workspace, table: Table, file: Delivery, given: Mapping | None, kind: str, *, typed: bool
) -> _Chosen:
    if given is not None and (given.columns or given.name):
        fitted = _fitted(workspace, given, table)
        return _Chosen(fitted if fitted.name.strip() else fitted.model_copy(update={"name": _name(file.file, fitted)}))
    kind, form = (given.kind, given.form) if given is not None else (kind, "")
    fitting = [one for one in workspace.mappings if kind in {"", one.kind} and form in {"", one.form}]
    known = recognise(table.headers, fitting)
    if known is not None:
        mapping = _this_time(known.mapping, table, file)
        return _Chosen(_pointed(mapping, given), known.mapping.name, known.differences, rivals=known.rivals)
    title = " – ".join(filter(None, (table.title, table.spot.sheet)))
    suggestion = suggest(table, workspace.gazetteer, title=title, file=file.file, typed=typed, kind=kind)
    return _Chosen(
        _pointed(_suggested(workspace, suggestion, table, file), given),
        reasons=suggestion.reasons,
        views=suggestion.views,
        other_kinds=() if kind else suggestion.other_kinds,
    )


def _this_time(mapping: Mapping, table: Table, file: Delivery) -> Mapping:
    """A saved mapping with what differs from delivery to delivery, as far as the title and the names tell it."""
    kind = KINDS[mapping.kind]
    texts = (table.title, table.spot.sheet, file.file)
    told = options.guess(kind, kind.form(mapping.form), texts, (), vague=False)
    dated = any(use.field in {"period", "date"} for use in mapping.columns)
    new = {o.id: told[o.id] for o in kind.options if o.each_time and o.id in told and not (dated and o.id == "period")}
    return mapping.model_copy(update={"options": {**new, **mapping.options}})


def _pointed(mapping: Mapping, given: Mapping | None) -> Mapping:
    """A mapping for a table of which a person has said only what it is, or where it stands."""
    if given is None:
        return mapping
    form = KINDS[mapping.kind].form(given.form or mapping.form)
    fields = {field.id for field in form.fields}
    columns = tuple(use for use in mapping.columns if use.field in fields)
    return mapping.model_copy(update={"form": form.id, "columns": columns, "spot": given.spot})


def _fitted(workspace: Workspace, given: Mapping, table: Table) -> Mapping:
    """A mapping that was given: adapted to headers that have changed a little, as a saved one would be.

    One without columns is the saved one of that name.
    """
    if not given.columns:
        given = next((saved for saved in workspace.mappings if saved.name == given.name), given)
    headers = set(table.headers)
    if all(use.header in headers for use in given.columns):
        return given
    known = recognise(table.headers, [given])
    return known.mapping if known else given


def _suggested(workspace: Workspace, suggestion: Suggestion, table: Table, file: Delivery) -> Mapping:
    mapping = Mapping(
        name="",
        kind=suggestion.kind,
        form=suggestion.form,
        columns=suggestion.uses,
        options=suggestion.options,
        headers=table.headers,
    )
    name = _name(file.file, mapping)
    taken = {local.source_id(one) for one in workspace.mappings}
    kind = KINDS[mapping.kind].label.lower()
    offered = (name, f"{name} – {kind}", *(f"{name} – {kind} {number}" for number in range(2, len(taken) + 3)))
    return next(one for one in (named(mapping, text) for text in offered) if local.source_id(one) not in taken)


def named(mapping: Mapping, name: str) -> Mapping:
    """The mapping under another name."""
    return mapping.model_copy(update={"name": name})


def _name(file: str, mapping: Mapping) -> str:
    """A name for the sender's files: the file's, without what differs from one delivery to the next."""
    stem = re.sub(r"[\d_.()]+", " ", Path(file).stem)
    words = " ".join(stem.replace("-", " ").split())
    return words[:80] if slug(words) else KINDS[mapping.kind].label


def _kind_question(chosen: _Chosen) -> list[Question]:
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


def _rivals(chosen: _Chosen) -> list[Question]:
    """Saved mappings that fit equally well: somebody must say whose table it is."""
    if not chosen.rivals:
        return []
    names = (chosen.mapping.name, *chosen.rivals)
    return [
        Question(
            id="mapping", key="name", text="Vems uppgifter är det?", why="Flera sparade tolkningar passar lika bra.",
            choices=tuple(Choice(value=name, label=name) for name in names),
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
        id=f"field.{field.id}", key=f"columns.{field.id}", text=f"Vilken kolumn är «{field.label}»?", why=field.help,
        choices=tuple(Choice(value=header, label=header) for header in table.headers),
    )  # fmt: skip


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
            text=f"{refused} av {refused + kept} rader kan inte användas. Ska resten läggas in ändå?",
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
        delivery_id=_identity(file, table, mapping, cleaned, replaces=mapping.decisions.overlap == "replace"),
        source_id=source_id,
        kind=mapping.kind,
        title=mapping.options.get("survey") or mapping.name,
        sender=mapping.sender,
        replaces=mapping.decisions.overlap == "replace",
        # A file kept as it came would keep the columns that are not used as well.
        original_kept=everything and not cleaned.found,
        table=_table(table, cleaned),
    )


def _table(table: Table, cleaned: Cleaned) -> str:
    """Which table of its file it is; the only sheet of a text file is called what the file happens to be called."""
    sheet = cleaned.rows.sheet if cleaned.rows.typed else ""
    return f"{sheet}!R{table.spot.header_row or table.spot.first_row}C{table.spot.first_column}"


def _identity(file: Delivery, table: Table, mapping: Mapping, cleaned: Cleaned, *, replaces: bool) -> str:
    """The delivery's id: read the same way from the same file, whatever that is called, it is the same one.

    One that replaces others is another than one that stands beside them.
    """
    decisions = Decisions(personal_data=mapping.decisions.personal_data, overlap="replace" if replaces else "")
    how = mapping.model_copy(update={"decisions": decisions, "headers": (), "spot": None})
    where = table.spot.model_copy(update={} if cleaned.rows.typed else {"sheet": ""})
    said = f"{file.sha256}/{where.model_dump_json()}/{how.model_dump_json()}"
    return f"{local.source_id(mapping)}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def _names(workspace: Workspace, result: Result) -> dict[str, str]:
    areas = {area: workspace.gazetteer.name(area) for area in _areas(result)}
    indicators = result.parsed.tables.get("indicator")
    named = {} if indicators is None else dict(zip(indicators["indicator_id"], indicators["name"], strict=True))
    return areas | named


def _areas(result: Result) -> set[str]:
    frames = [
        frame for name, frame in result.parsed.tables.items() if name in {"event", "observation", "survey_answer"}
    ]
    return {str(area) for frame in frames for area in frame["area_id"].dropna().unique()}


def _columns(table: Table, chosen: _Chosen) -> tuple[ColumnView, ...]:
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
