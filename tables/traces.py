"""The audit trail."""

from datetime import datetime

from sqlalchemy import (
    DateTime,
    ForeignKey,
    Index,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from extensions import Base
from rules import codes
from tables.parts import NAME_LENGTH, one_of


class AuditEntry(Base):
    """What someone did, for ever: the database itself refuses to change or delete a row. Written by sikerja/audit.py."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        one_of("action", codes.AUDIT_ACTIONS),
        Index("ix_audit_entry_screen_record_id", "screen", "record_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime, index=True)
    request_id: Mapped[str] = mapped_column(String(32), default="")
    # Who and from where, as it was then.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    user_name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    role: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    device: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    # What was done to what: `screen` and `record_id` name the record.
    action: Mapped[str] = mapped_column(String(20), index=True)
    screen: Mapped[str] = mapped_column(String(30), default="")
    record_id: Mapped[int | None]
    agreement_id: Mapped[int | None] = mapped_column(index=True)  # the agreement it is about, where there is one
    record: Mapped[str] = mapped_column(Text, default="")
    record_key: Mapped[str] = mapped_column(Text, default="")
    part: Mapped[str] = mapped_column(String(30), default="")  # the table, where it is a part of the record
    changes: Mapped[str] = mapped_column(Text, default="")  # JSON: column -> [old, new]
    detail: Mapped[str] = mapped_column(Text, default="")  # in words: the filter of an export, the page that was seen
    row_count: Mapped[int | None]  # rows of an export
    covers_all: Mapped[bool] = mapped_column(default=False)  # an export too large to name its records one by one

    def __str__(self) -> str:
        return codes.AUDIT_ACTIONS[self.action]


class AuditSubject(Base):
    """A record that an export held, so that "who took X with them" can be answered."""

    __tablename__ = "audit_subject"
    __table_args__ = (Index("ix_audit_subject_record_id_entry_id", "record_id", "entry_id"),)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
