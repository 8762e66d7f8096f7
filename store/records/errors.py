"""Why something of the work was not saved. Each says in Swedish what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from store.records.base import Row
from store.records.rights import Actor, Right


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a row: the column that it stands in (empty: the row as a whole) and a sentence."""

    column: str
    message: str


class WorkError(Exception):
    """Nothing was saved. Its text is for the reader."""


class Refused(WorkError):  # noqa: N818 - said as what happened
    """What was to be saved does not hold together; ``faults`` are all that is wrong."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(fault.message for fault in faults))
        self.faults = list(faults)


class Stale(WorkError):  # noqa: N818 - said as what happened
    """Somebody else has saved the row since it was read. ``mine`` is what was to be saved, ``theirs`` the row as it
    is now, ``base_version`` the version that was read."""

    def __init__(self, mine: Mapping[str, Any], theirs: Row, base_version: int) -> None:
        super().__init__(
            f"{theirs.changed_by} har sparat en ändring av samma sak sedan du öppnade den. Din ändring är inte sparad. "
            "Jämför och välj vad som ska gälla."
        )
        self.mine = dict(mine)
        self.theirs = theirs
        self.base_version = base_version


class Forbidden(WorkError):  # noqa: N818 - said as what happened
    """The actor has not the right."""

    _WHAT = {  # noqa: RUF012 - never changed
        Right.WRITE: "ändra i arbetet",
        Right.DECIDE: "fatta beslut",
    }

    def __init__(self, actor: Actor, right: Right) -> None:
        super().__init__(
            f"{actor.name} har rollen {actor.role.label.lower()} och får inte {self._WHAT[right]}. "
            "Den som förvaltar programmet kan ge en annan roll."
        )


class Missing(WorkError):  # noqa: N818 - said as what happened
    """The row is not there: put aside by somebody, or never made."""

    def __init__(self) -> None:
        super().__init__("Det här finns inte längre. Någon kan ha tagit bort det medan du hade det öppet.")
