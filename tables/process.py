"""The way of an agreement through its stages: what happened, what was answered, which document serves where, what is due."""

from datetime import date, datetime

from sqlalchemy import Date, DateTime, ForeignKey, Index, String, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from extensions import Base
from rules import codes
from rules.law_parts import QUESTIONS
from tables.parts import NAME_LENGTH, TITLE_LENGTH, one_of


class StageEvent(Base):
    """One thing that was done to a stage: by whom, on which day, why, on which ground. Never changed, never deleted."""

    __tablename__ = "stage_event"
    __table_args__ = (
        one_of("verb", codes.STAGE_EVENTS),
        Index("ix_stage_event_agreement_id_id", "agreement_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), index=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    verb: Mapped[str] = mapped_column(String(20))
    from_status: Mapped[str] = mapped_column(String(20))
    to_status: Mapped[str] = mapped_column(String(20))
    on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(DateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    user_name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    remark: Mapped[str] = mapped_column(Text, default="")
    ground: Mapped[str] = mapped_column(Text, default="")
    override_reason: Mapped[str] = mapped_column(Text, default="")
    # What was passed over with a reason, and what the verb changed beside the stage: JSON.
    facts: Mapped[str] = mapped_column(Text, default="")


class StageDocument(Base):
    """A file that serves a stage as one of the documents it asks for. One file can serve several stages of a family."""

    __tablename__ = "stage_document"
    __table_args__ = (UniqueConstraint("stage_id", "document", name="uq_stage_document_once"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    document: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), index=True)
    # Numbers of the contents that were found in it, from 1, with commas.
    contents: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    created_at: Mapped[datetime] = mapped_column(DateTime, server_default=func.current_timestamp())

    def __str__(self) -> str:
        return self.document


class Answer(Base):
    """What was answered to a question of the law for one agreement, why, and the file that proves it."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("agreement_id", "question", name="uq_answer_once"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    question: Mapped[str] = mapped_column(String(80))
    yes: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    answered_on: Mapped[date] = mapped_column(Date)
    user_name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")

    def __str__(self) -> str:
        return QUESTIONS[self.question].text


class Deadline(Base):
    """A deadline of a stage with all that it was computed from (`rules/deadlines.py`), as JSON."""

    __tablename__ = "deadline"
    __table_args__ = (UniqueConstraint("stage_id", "key", name="uq_deadline_once"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    key: Mapped[str] = mapped_column(String(80))
    due_on: Mapped[date] = mapped_column(Date)
    inputs: Mapped[str] = mapped_column(Text)
    running: Mapped[bool] = mapped_column(default=True)
