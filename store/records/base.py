"""What every row of the work has in common, and how its columns say what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import JSON, Date, DateTime, Dialect, ForeignKey, Integer, MetaData, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, declared_attr, mapped_column

#: Names for keys and checks, the same in every database, so that migrations can refer to them.
_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Choice(StrEnum):
    """One of a few possible answers: what is stored, and ``label``, what is shown."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """A member, stored as ``value`` and shown as ``label``; with ``value`` alone the member that has it."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


@dataclass(frozen=True)
class About:
    """What a column holds: its Swedish name, whether it must be filled in, and what may stand in it.

    ``names``: people are named here on purpose (participants of a meeting). Identity numbers never are.
    ``long``: a text of several lines.
    """

    label: str
    required: bool = False
    choices: type[Choice] | None = None
    lowest: float | None = None
    highest: float | None = None
    unit: str = ""
    names: bool = False
    long: bool = False


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, with its time zone, in both databases: SQLite knows none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What is stored. ValueError for a moment without time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What was stored, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables of the work."""

    metadata = MetaData(naming_convention=_NAMES)


class Row(Base):
    """An editable row. ``version`` counts its saves: one that was read as an older version is not saved over."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, nullable=False)
    created_at: Mapped[datetime] = mapped_column(Moment, nullable=False)
    created_by: Mapped[str] = mapped_column(Text, nullable=False)
    changed_at: Mapped[datetime] = mapped_column(Moment, nullable=False)
    changed_by: Mapped[str] = mapped_column(Text, nullable=False)
    #: Put aside: no longer shown, but still there and possible to bring back.
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy calls it on the class
        """Let SQLAlchemy count versions and refuse a stale one."""
        return {"version_id_col": cls.__table__.c.version}


def text(label: str, *, required: bool = False, names: bool = False, long: bool = False) -> MappedColumn[str]:
    """A text, empty until written; ``long`` when it may take several lines."""
    about = About(label, required, names=names, long=long)
    return mapped_column(Text, nullable=False, default="", info={"about": about})


def choice(label: str, choices: type[Choice], default: Choice | None = None) -> MappedColumn[str]:
    """One of some choices; empty while not chosen, unless there is a default."""
    about = About(label, choices=choices)
    return mapped_column(Text, nullable=False, default=default.value if default else "", info={"about": about})


def whole(
    label: str, *, required: bool = False, lowest: int | None = None, highest: int | None = None, unit: str = ""
) -> MappedColumn[Any]:
    """A whole number, or nothing."""
    about = About(label, required, lowest=lowest, highest=highest, unit=unit)
    return mapped_column(Integer, nullable=not required, info={"about": about})


def figure(label: str, *, lowest: float | None = None, highest: float | None = None) -> MappedColumn[Any]:
    """A measured figure, or nothing; its unit stands in a column of its own."""
    return mapped_column(nullable=True, info={"about": About(label, lowest=lowest, highest=highest)})


def day(label: str, *, required: bool = False) -> MappedColumn[Any]:
    """A day, or nothing."""
    return mapped_column(Date, nullable=not required, info={"about": About(label, required)})


def yes(label: str, *, default: bool = False) -> MappedColumn[bool]:
    """Yes or no."""
    return mapped_column(nullable=False, default=default, info={"about": About(label)})


def record(label: str) -> MappedColumn[Any]:
    """Something with a structure of its own, as JSON, or nothing."""
    return mapped_column(JSON(none_as_null=True), nullable=True, info={"about": About(label)})


def order(label: str = "Ordning") -> MappedColumn[int]:
    """The row's place among its siblings, from 0."""
    return mapped_column(Integer, nullable=False, default=0, info={"about": About(label, lowest=0)})


def of(table: str, label: str, *, required: bool = False) -> MappedColumn[Any]:
    """A reference to a row of another table."""
    return mapped_column(
        ForeignKey(f"{table}.id"), nullable=not required, index=True, info={"about": About(label, required)}
    )


def about(model: type[Base], column: str) -> About:
    """What a column holds."""
    found: About = model.__table__.columns[column].info["about"]
    return found
