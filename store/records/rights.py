"""Who may do what with the work: four roles and two rights, beside reading, which everybody may."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from store.records.base import Choice


class Right(Enum):
    """Something that a role may do."""

    WRITE = auto()
    DECIDE = auto()


class Role(Choice):
    """A person's role, each with the rights of the ones before it; the last names who looks after the program."""

    READER = ("reader", "Läsare")
    EDITOR = ("editor", "Handläggare")
    DECIDER = ("decider", "Beslutsfattare")
    ADMIN = ("admin", "Förvaltare")


#: From which role each right is given.
_FROM = {Right.WRITE: Role.EDITOR, Right.DECIDE: Role.DECIDER}
_RANK = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True)
class Actor:
    """Who does something: the name that the history keeps, and the role that decides what is allowed."""

    name: str
    role: Role

    def may(self, right: Right) -> bool:
        """Whether this actor has the right."""
        return _RANK[self.role] >= _RANK[_FROM[right]]
