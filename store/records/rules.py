"""What must hold of a row before it is saved. All that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.records.attached import Attachment, Comment
from store.records.base import About, Row
from store.records.choices import Stage
from store.records.errors import Fault
from store.records.models import ROWS
from store.records.personal_texts import WRITTEN_BY_PROGRAM, personal
from store.records.settled import settled
from store.records.situations import Evidence, Situation
from store.records.thread import Cause, FollowUp, Goal, Plan, Problem

#: The largest file that can be attached, in bytes.
LARGEST_FILE = 25 * 1024 * 1024

#: Columns that tell of something that has happened: never a day that is still to come.
_HAPPENED = ("held_on", "done_on", "paid_on", "decided_on", "agreed_on")


def faults_of(session: Session, row: Row, changed: Iterable[str]) -> list[Fault]:
    """All that is wrong with a row whose columns ``changed`` are new; references and texts are looked at when new."""
    new = set(changed)
    return [
        *_columns(row),
        *_references(session, row, new),
        *(fault for rule in (_days, *_RULES.get(type(row), ())) for fault in rule(session, row)),
        *settled(session, row, new),
        *_personal(row, new),
    ]


def about_columns(model: type[Row]) -> dict[str, About]:
    """The columns that a model has of its own, by name."""
    return {column.name: column.info["about"] for column in model.__table__.columns if "about" in column.info}


def _columns(row: Row) -> Iterator[Fault]:
    for name, about in about_columns(type(row)).items():
        value = getattr(row, name)
        if value in (None, ""):
            # The name of a place follows its code, which is what the reader chooses.
            if about.required and not (name == "place" and not getattr(row, "place_id", "")):
                yield Fault(name, f"Fyll i «{about.label}».")
        elif about.choices and value not in set(about.choices):
            possible = ", ".join(choice.label for choice in about.choices)
            yield Fault(name, f"«{about.label}» ska vara något av: {possible}.")
        elif about.lowest is not None and value < about.lowest:
            yield Fault(name, f"«{about.label}» ska vara minst {about.lowest:g}.")
        elif about.highest is not None and value > about.highest:
            yield Fault(name, f"«{about.label}» ska vara högst {about.highest:g}.")


def _references(session: Session, row: Row, new: set[str]) -> Iterator[Fault]:
    for key in row.__table__.foreign_keys:
        name = key.parent.name
        value = getattr(row, name)
        if name not in new or value is None:
            continue
        found = session.get(ROWS[key.column.table.name], value)
        if found is None or found.deleted_at:
            yield Fault(name, f"«{key.parent.info['about'].label}» pekar på något som inte finns längre.")


def _personal(row: Row, new: set[str]) -> Iterator[Fault]:
    texts = {
        name: about
        for name, about in about_columns(type(row)).items()
        if name in new and name not in WRITTEN_BY_PROGRAM and isinstance(getattr(row, name), str)
    }
    naming = [at for at, about in enumerate(texts.values()) if about.names]
    found = personal([getattr(row, name) for name in texts], naming)
    for at, (name, about) in enumerate(texts.items()):
        if at in found:
            yield Fault(
                name,
                f"«{about.label}» innehåller {found[at]}. Personuppgifter sparas inte här. Skriv roll eller funktion "
                "i stället, eller ta bort uppgiften.",
            )


def _days(_session: Session, row: Row) -> Iterator[Fault]:
    first, last = getattr(row, "starts_on", None), getattr(row, "ends_on", None)
    if first and last and last < first:
        yield Fault("ends_on", "Slutdagen ligger före startdagen. Byt plats på dem eller ändra den ena.")
    today = datetime.now(ZoneInfo("Europe/Stockholm")).date()
    for name in _HAPPENED:
        day: date | None = getattr(row, name, None)
        if day and day > today:
            label = row.__table__.columns[name].info["about"].label
            yield Fault(name, f"«{label}» är en dag som inte har varit än. Ange dagen när det skedde.")


def _tree(session: Session, row: Row) -> Iterator[Fault]:
    """A row that stands under another of its kind does not stand under itself."""
    column = next(key.parent for key in row.__table__.foreign_keys if key.column.table is row.__table__)
    above, seen = getattr(row, column.name), {row.id}
    while above is not None:
        if above in seen:
            yield Fault(column.name, f"«{column.info['about'].label}» går runt i ring. Välj en annan.")
            return
        seen.add(above)
        above = session.scalar(select(column).where(row.__table__.c.id == above))


def _same_problem(session: Session, cause: Row) -> Iterator[Fault]:
    above = session.get(Cause, cause.parent_id) if isinstance(cause, Cause) and cause.parent_id else None
    if above and isinstance(cause, Cause) and above.problem_id != cause.problem_id:
        yield Fault("parent_id", "Orsaken som den står under hör till ett annat problem. Välj en av samma problem.")


def _priority(_session: Session, problem: Row) -> Iterator[Fault]:
    if not isinstance(problem, Problem):
        return
    weighed = [problem.consequence is not None, problem.likelihood is not None]
    if any(weighed) and not all(weighed):
        missing, label = ("likelihood", "Sannolikhet") if weighed[0] else ("consequence", "Konsekvens")
        yield Fault(missing, f"Ange också «{label}», eller vänta med båda.")
    if any(weighed) and not problem.grounds:
        yield Fault("grounds", "Skriv vad bedömningen av konsekvens och sannolikhet grundas på.")


def _interval(_session: Session, goal: Row) -> Iterator[Fault]:
    if not isinstance(goal, Goal):
        return
    order = [value for value in (goal.baseline_lower, goal.baseline, goal.baseline_upper) if value is not None]
    if order != sorted(order):
        yield Fault("baseline", "Utgångsläget ska ligga mellan intervallets gränser, och den nedre under den övre.")


def _followed(_session: Session, follow_up: Row) -> Iterator[Fault]:
    if not isinstance(follow_up, FollowUp):
        return
    if follow_up.goal_id is None and follow_up.measure_id is None:
        yield Fault("goal_id", "Välj vad som följs upp: ett mål eller en åtgärd.")
    if follow_up.light and not follow_up.grounds:
        yield Fault("grounds", "Skriv vad bedömningen grönt, gult eller rött grundas på.")


def _one_owner(session: Session, evidence: Row) -> Iterator[Fault]:
    owners = [key.parent.name for key in Evidence.__table__.foreign_keys]
    if sum(getattr(evidence, name) is not None for name in owners) != 1:
        yield Fault("", "Ett underlag hör till en lägesbild, ett problem, en orsak eller en uppföljning, och bara en.")


def _open_picture(session: Session, evidence: Row) -> Iterator[Fault]:
    yield from locked(session, evidence)


def _about_row(session: Session, row: Row) -> Iterator[Fault]:
    if not isinstance(row, Attachment | Comment) or not row.about_table or row.about_id is None:
        return
    model = ROWS.get(row.about_table)
    found = session.get(model, row.about_id) if model else None
    if found is None or found.deleted_at:
        yield Fault("about_id", "Det som den hör till finns inte längre.")


def _size(_session: Session, attachment: Row) -> Iterator[Fault]:
    if isinstance(attachment, Attachment) and len(attachment.content or b"") > LARGEST_FILE:
        yield Fault("content", f"Filen är för stor. Den får vara högst {LARGEST_FILE // 1024 // 1024} MB.")


_RULES: dict[type[Row], tuple[Callable[[Session, Row], Iterator[Fault]], ...]] = {
    Attachment: (_about_row, _size),
    Cause: (_tree, _same_problem),
    Comment: (_about_row,),
    Evidence: (_one_owner, _open_picture),
    FollowUp: (_followed,),
    Goal: (_interval,),
    Problem: (_priority,),
    Situation: (_tree,),
}


def locked(session: Session, row: Row) -> list[Fault]:
    """Why a row may not be changed: it is decided, or belongs to a situation picture that is."""
    if isinstance(row, Situation | Plan) and row.stage == Stage.DECIDED:
        what = "Lägesbilden" if isinstance(row, Situation) else "Planen"
        return [Fault("stage", f"{what} är beslutad och ändras inte. Gör en ny som bygger på den.")]
    if isinstance(row, Evidence) and row.situation_id is not None:
        situation = session.get(Situation, row.situation_id)
        return locked(session, situation) if situation else []
    return []
