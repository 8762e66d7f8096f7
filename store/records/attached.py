"""What can be put on any row: files, comments; and the history that nobody can alter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.records.base import Base, Moment, Row, record, text, whole


class Attachment(Row):
    """A file that belongs to a row (``about_table``, ``about_id``)."""

    __tablename__ = "attachment"

    about_table: Mapped[str] = text("Hör till, slag", required=True)
    about_id: Mapped[int] = whole("Hör till, nummer", required=True)
    file_name: Mapped[str] = text("Filnamn", required=True)
    media_type: Mapped[str] = text("Filtyp")
    sha256: Mapped[str] = text("Kontrollsumma")
    content: Mapped[bytes] = mapped_column(LargeBinary, nullable=False, deferred=True)


class Comment(Row):
    """A remark on a row."""

    __tablename__ = "comment"

    about_table: Mapped[str] = text("Hör till, slag", required=True)
    about_id: Mapped[int] = whole("Hör till, nummer", required=True)
    what: Mapped[str] = text("Kommentar", required=True, long=True)


class History(Base):
    """One change of one row: who, when, before and after. Written with the change; the database refuses all else."""

    __tablename__ = "history"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, nullable=False)
    by: Mapped[str] = mapped_column(Text, nullable=False)
    action: Mapped[str] = mapped_column(Text, nullable=False)
    row_table: Mapped[str] = mapped_column(Text, nullable=False, index=True)
    row_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    row_version: Mapped[int] = mapped_column(Integer, nullable=False)
    before: Mapped[Any] = record("Före")
    after: Mapped[Any] = record("Efter")
