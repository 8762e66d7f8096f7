"""Which mapping a table is read by: one that was given, a saved one, or a suggestion; and whose it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.deliveries import Delivery
from pipelines.frames import slug
from pipelines.intake import answers, local, options, privacy, senders
from pipelines.intake.cells import Column
from pipelines.intake.recognise import recognise
from pipelines.intake.suggest import Suggestion, suggest
from pipelines.intake.tables import Table
from pipelines.intake.workspace import Workspace
from store.intake import Choice, ColumnUse, ColumnView, Mapping, Question
from store.kinds import KINDS


@dataclass(frozen=True)
class Chosen:
    """A mapping for a table, and where it came from."""

    mapping: Mapping
    known_as: str = ""
    differences: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    views: tuple[ColumnView, ...] = ()
    other_kinds: tuple[str, ...] = ()
    #: Saved mappings that fit as well.
    rivals: tuple[str, ...] = ()
    #: Whether a person must say whose table it is.
    questions: tuple[Question, ...] = ()
    #: The saved mapping that it is read by, whose headers are nearly the same: the rows may say otherwise.
    nearly: senders.Doubt | None = None


def choose(
    workspace: Workspace,
    table: Table,
    file: Delivery,
    given: Mapping | None,
    kind: str,
    *,
    typed: bool,
    beside: Sequence[Mapping] = (),
) -> Chosen:
    """The mapping for a table: ``given``, a saved one that fits, or as suggested.

    A suggestion has a name of its own, unless one of the tables ``beside`` it in the file is like it.
    """
    chosen = _chosen(workspace, table, file, given, kind, typed=typed, beside=beside)
    chosen = replace(chosen, mapping=_with_new_levels(chosen.mapping, table))
    if chosen.rivals:
        return chosen
    told, known = _titled_else(workspace, chosen.mapping, table, file)
    if told and chosen.mapping.decisions.same_sender == "no":
        own = chosen.mapping.model_copy(update={"options": {**chosen.mapping.options, "indicator": told}})
        return _of_another(workspace, replace(chosen, mapping=own), table, file)
    open_ended = chosen.mapping.decisions.model_copy(update={"same_sender": ""})
    unsaid = given is None or "same_sender" in given.decisions.model_fields_set
    if told and unsaid and not chosen.mapping.decisions.same_sender:
        why = f"Rubriken över tabellen säger «{told}»; det som finns från förut är «{known}»."
        asked = senders.question(chosen.mapping.name, (why, *chosen.differences))
        return replace(chosen, mapping=chosen.mapping.model_copy(update={"decisions": open_ended}), questions=(asked,))
    found = senders.doubt(workspace, table.headers, chosen.mapping, file.file)
    if found is None:
        return chosen
    mapping, name = chosen.mapping, found.saved.name
    match mapping.decisions.same_sender:
        case "yes":
            adopted = chosen.mapping if mapping.name == name else _adopted(mapping, found)
            return replace(chosen, mapping=adopted, known_as=name, differences=found.fitted.differences)
        case "no":
            return chosen if mapping.name != name else _of_another(workspace, chosen, table, file)
    # Who has written a mapping of their own has said whose table it is; one that was printed or shown says that it asks
    if not unsaid:
        return chosen
    if found.sure:
        return replace(chosen, nearly=found)
    return replace(
        chosen,
        mapping=mapping.model_copy(update={"decisions": open_ended}),
        questions=(senders.question(name, found.fitted.differences),),
    )


def _titled_else(workspace: Workspace, mapping: Mapping, table: Table, file: Delivery) -> tuple[str, str]:
    """The measure that the title names, and the sender's, when they are not the same; else empty.

    Headers that are only places and months are alike whatever is counted. In files called as before a person may have
    named the measure otherwise than the title does.
    """
    kind, saved = KINDS[mapping.kind], _saved(workspace, mapping.name)
    known = saved.options.get("indicator", "") if saved else ""
    told = options.guess(kind, kind.form(mapping.form), (table.title,), (), vague=True).get("indicator", "")
    if saved is None or not (known and told) or slug(told) == slug(known) or mapping.options.get("indicator") != known:
        return "", ""
    return ("", "") if senders.is_family(workspace, saved, file.file) else (told, known)


def _adopted(new: Mapping, found: senders.Doubt) -> Mapping:
    """A new table as the sender's that it turned out to be: read as before where it can be, as suggested elsewhere."""
    saved = found.fitted.mapping
    uses: tuple[ColumnUse, ...] = new.columns
    if saved.form == new.form:
        headers, fields = {use.header for use in saved.columns}, {use.field for use in saved.columns}
        repeats = {field.id for field in KINDS[new.kind].form(new.form).fields if field.repeats}
        free = fields - repeats
        uses = (*saved.columns, *(use for use in new.columns if use.header not in headers and use.field not in free))
    as_before = {
        "name": saved.name, "sender": saved.sender, "columns": uses, "places": {**saved.places, **new.places},
        "options": {**new.options, **saved.options},
    }  # fmt: skip
    return new.model_copy(update=as_before)


def _of_another(workspace: Workspace, chosen: Chosen, table: Table, file: Delivery) -> Chosen:
    """A table that a saved mapping fits, as another sender's: under a name of its own, without what the first said."""
    own = chosen.mapping.model_copy(update={"name": "", "sender": "", "places": {}})
    return Chosen(_named_anew(workspace, own, table, file), views=chosen.views)


def _chosen(
    workspace: Workspace,
    table: Table,
    file: Delivery,
    given: Mapping | None,
    kind: str,
    *,
    typed: bool,
    beside: Sequence[Mapping],
) -> Chosen:
    if given is not None and (given.columns or _saved(workspace, given.name)):
        fitted = _fitted(workspace, given, table)
        if not fitted.name.strip():
            fitted = fitted.model_copy(update={"name": senders.name_of(file.file, fitted)})
        return Chosen(fitted)
    kind, form = (given.kind, given.form) if given is not None else (kind, "")
    fitting = [one for one in workspace.mappings if kind in {"", one.kind} and form in {"", one.form}]
    known = recognise(table.headers, fitting)
    if known is not None and known.rivals:
        names = {known.mapping.name, *known.rivals}
        known = recognise(table.headers, _titled([one for one in fitting if one.name in names], table)) or known
    if known is not None:
        mapping = _this_time(known.mapping, table, file)
        return Chosen(_pointed(mapping, given), known.mapping.name, known.differences, rivals=known.rivals)
    title = " – ".join(filter(None, (table.title, table.spot.sheet)))
    suggestion = suggest(table, workspace.gazetteer, title=title, file=file.file, typed=typed, kind=kind)
    return Chosen(
        _pointed(_suggested(workspace, suggestion, table, file, beside), given),
        reasons=suggestion.reasons,
        views=suggestion.views,
        other_kinds=() if kind else suggestion.other_kinds,
    )


def _with_new_levels(mapping: Mapping, table: Table) -> Mapping:
    """The mapping with the levels of its answer scales that are new in this table, to be remembered like the others."""
    cells = dict(zip(table.headers, table.columns, strict=True))
    uses = tuple(
        _with_scale(use, cells[use.header], mapping.options) if use.field == "question" and use.header in cells else use
        for use in mapping.columns
    )
    return mapping.model_copy(update={"columns": uses})


def _with_scale(use: ColumnUse, column: Column, said: dict[str, str]) -> ColumnUse:
    """A question with its scale as it is now: the saved one, or the one that a person has said the end of."""
    if use.scale:
        return use.model_copy(update={"scale": answers.extended(use.scale, column.values)})
    told = not use.separator and answers.open_figures(column.values, use.header)
    return use.model_copy(update={"scale": answers.scale_of(column.values, use.header, said)}) if told else use


def _saved(workspace: Workspace, name: str) -> Mapping | None:
    return next((saved for saved in workspace.mappings if name and saved.name == name), None)


def _this_time(mapping: Mapping, table: Table, file: Delivery) -> Mapping:
    """A saved mapping with what differs from delivery to delivery, as far as the title and the names tell it."""
    kind = KINDS[mapping.kind]
    texts = (table.title, table.spot.sheet, file.file)
    told = options.guess(kind, kind.form(mapping.form), texts, (), vague=False)
    dated = any(use.field in {"period", "date"} for use in mapping.columns)
    new = {o.id: told[o.id] for o in kind.options if o.each_time and o.id in told and not (dated and o.id == "period")}
    return mapping.model_copy(update={"options": {**new, **mapping.options}})


def _pointed(mapping: Mapping, given: Mapping | None) -> Mapping:
    """A mapping for a table of which a person has said only what it is, what it is called or where it stands."""
    if given is None:
        return mapping
    form = KINDS[mapping.kind].form(given.form or mapping.form)
    fields = {field.id for field in form.fields}
    columns = tuple(use for use in mapping.columns if use.field in fields)
    said = {"name": given.name} if given.name.strip() else {}
    return mapping.model_copy(update={"form": form.id, "columns": columns, "spot": given.spot, **said})


def _fitted(workspace: Workspace, given: Mapping, table: Table) -> Mapping:
    """A mapping that was given: adapted to headers that have changed a little, as a saved one would be.

    One without columns is the saved one of that name.
    """
    if not given.columns:
        given = _saved(workspace, given.name) or given
    headers = set(table.headers)
    if all(use.header in headers for use in given.columns):
        return given
    known = recognise(table.headers, [given])
    return known.mapping if known else given


def _suggested(
    workspace: Workspace, suggestion: Suggestion, table: Table, file: Delivery, beside: Sequence[Mapping]
) -> Mapping:
    mapping = Mapping(
        name="",
        kind=suggestion.kind,
        form=suggestion.form,
        columns=suggestion.uses,
        options=suggestion.options,
        headers=table.headers,
    )
    return _named_anew(workspace, mapping, table, file, beside)


def _named_anew(
    workspace: Workspace, mapping: Mapping, table: Table, file: Delivery, beside: Sequence[Mapping] = ()
) -> Mapping:
    """The mapping under a name after the file that no saved one has, and no other table of the file that is unlike it.

    Such a table is called by its title or sheet too: «Flera – Klotter».
    """
    name = senders.name_of(file.file, mapping)
    own = [one for one in beside if f"{one.name} ".startswith(f"{name} ")]
    alike = [one.name for one in own if _is_like(one, mapping, table)]
    others = [one for one in own if one.name not in alike]
    taken = {local.source_id(one) for one in (*workspace.mappings, *others)}
    kind = KINDS[mapping.kind].label.lower()
    called = [f"{name} – {told}" for told in _called(table) if slug(told) != slug(name)] if others else []
    numbered = (f"{name} – {kind} {number}" for number in range(2, len(taken) + 3))
    offered = (*alike[:1], name, *called, f"{name} – {kind}", *numbered)
    named = (mapping.model_copy(update={"name": text}) for text in offered)
    return next(one for one in named if local.source_id(one) not in taken)


def _is_like(earlier: Mapping, mapping: Mapping, table: Table) -> bool:
    """Whether another table of the same file is the same thing again: another year's sheet, or another place's."""
    if (earlier.kind, earlier.form) != (mapping.kind, mapping.form) or not recognise(table.headers, [earlier]):
        return False
    told = options.name_in(table.title)
    measures = [one.options.get("indicator", "") for one in (earlier, mapping)]
    return not told or not all(measures) or measures[0] == measures[1] or measures[1] != told


def _called(table: Table) -> list[str]:
    """What a table is called by its title and its sheet, where they name something."""
    texts = (privacy.masked(text) for text in (table.title, table.spot.sheet))
    return [told[:80] for text in texts if not options.is_dull(text) and (told := options.name_in(text))]


def _titled(saved: Sequence[Mapping], table: Table) -> list[Mapping]:
    """The one saved mapping that is named after the table's title, or else its sheet, or says that it is that."""
    for told in map(slug, _called(table)):
        found = [
            one for one in saved if told in map(slug, (one.name.rpartition(" – ")[2], one.options.get("indicator", "")))
        ]
        if len(found) == 1:
            return found
    return []


def rivals(chosen: Chosen) -> list[Question]:
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
