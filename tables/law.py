"""The law as the bureau keeps it: versions of the procedures with their stages, documents and deadlines; articles it has read.

The rows hold what `rules/procedures.toml` holds, in the same words; `sikerja/law` turns them into what `rules/law_parts` knows.
Lists of codes and of citations stand one a line.
"""

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import Base
from rules import codes
from rules.law_parts import length
from tables.parts import LAZY, NAME_LENGTH, TITLE_LENGTH, Numbered, one_of
from tables.reference import Procedure, Regulation

_PARTS = "all, delete-orphan"  # what is a part goes with its whole


class ProcedureVersion(Numbered, Base):
    """One state of a procedure. A draft can be edited; once published it never changes, and agreements keep theirs."""

    __tablename__ = "procedure_version"
    __table_args__ = (
        UniqueConstraint("procedure_id", "number", name="uq_procedure_version_number"),
        one_of("status", codes.VERSION_STATUSES),
        Index(
            "uq_procedure_version_one_draft",
            "procedure_id",
            unique=True,
            sqlite_where=text("status = 'draft'"),
            postgresql_where=text("status = 'draft'"),
        ),
    )
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"), index=True)
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(10), default="draft")
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    consent: Mapped[str] = mapped_column(String(20))
    partners: Mapped[str] = mapped_column(Text, default="")
    papers: Mapped[str] = mapped_column(Text, default="")
    basis: Mapped[str] = mapped_column(Text, default="")
    certainty: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    published_on: Mapped[date | None] = mapped_column(Date)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # Of what it holds, given when it is published: the key under which its reading is remembered.
    digest: Mapped[str] = mapped_column(String(64), default="")
    procedure: Mapped[Procedure] = relationship(lazy=LAZY)
    stages: Mapped[list["StageRule"]] = relationship(
        back_populates="procedure_version", order_by="StageRule.position, StageRule.id", cascade=_PARTS, lazy=LAZY
    )

    @property
    def is_draft(self) -> bool:
        return self.status == "draft"

    def __str__(self) -> str:
        return f"{self.name}, versi {self.number}"


class StageRule(Numbered, Base):
    """A stage as one version of a procedure prescribes it."""

    __tablename__ = "stage_rule"
    __table_args__ = (
        UniqueConstraint("procedure_version_id", "key", name="uq_stage_rule_key"),
        one_of("holder", codes.HOLDERS),
    )
    procedure_version_id: Mapped[int] = mapped_column(ForeignKey("procedure_version.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    position: Mapped[int]
    instruments: Mapped[str] = mapped_column(Text)
    holder: Mapped[str] = mapped_column(String(20))
    actors: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    basis: Mapped[str] = mapped_column(Text, default="")
    certainty: Mapped[str] = mapped_column(String(20))
    parallel: Mapped[bool] = mapped_column(default=False)
    outside_list: Mapped[bool] = mapped_column(default=False)
    applies_if: Mapped[str] = mapped_column(Text, default="")
    skip_basis: Mapped[str] = mapped_column(Text, default="")
    skip_certainty: Mapped[str] = mapped_column(String(20), default="")
    procedure_version: Mapped[ProcedureVersion] = relationship(back_populates="stages", lazy=LAZY)
    documents: Mapped[list["DocumentRule"]] = relationship(
        back_populates="stage_rule", order_by="DocumentRule.position, DocumentRule.id", cascade=_PARTS, lazy=LAZY
    )
    deadlines: Mapped[list["DeadlineRule"]] = relationship(
        back_populates="stage_rule", order_by="DeadlineRule.position, DeadlineRule.id", cascade=_PARTS, lazy=LAZY
    )

    def __str__(self) -> str:
        return self.name


class DocumentRule(Numbered, Base):
    """A document that a stage asks for."""

    __tablename__ = "document_rule"
    __table_args__ = (UniqueConstraint("stage_rule_id", "name", name="uq_document_rule_name"),)
    stage_rule_id: Mapped[int] = mapped_column(ForeignKey("stage_rule.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    direction: Mapped[str] = mapped_column(String(20))
    required: Mapped[bool] = mapped_column(default=False)
    applies_if: Mapped[str] = mapped_column(String(80), default="")
    basis: Mapped[str] = mapped_column(Text, default="")
    certainty: Mapped[str] = mapped_column(String(20))
    stage_rule: Mapped[StageRule] = relationship(back_populates="documents", lazy=LAZY)

    def __str__(self) -> str:
        return self.name


class DeadlineRule(Numbered, Base):
    """A deadline of a stage."""

    __tablename__ = "deadline_rule"
    __table_args__ = (UniqueConstraint("stage_rule_id", "key", name="uq_deadline_rule_key"),)
    stage_rule_id: Mapped[int] = mapped_column(ForeignKey("stage_rule.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(30))
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(20))
    side: Mapped[str] = mapped_column(String(10))
    since: Mapped[str] = mapped_column(String(NAME_LENGTH))
    if_passed: Mapped[str] = mapped_column(String(80), default="")
    basis: Mapped[str] = mapped_column(Text, default="")
    certainty: Mapped[str] = mapped_column(String(20))
    stage_rule: Mapped[StageRule] = relationship(back_populates="deadlines", lazy=LAZY)

    def __str__(self) -> str:
        return length(self.amount, self.unit, self.side, self.since)


class Article(Numbered, Base):
    """An article of a regulation that somebody of the bureau has read and vouches for, with name and date."""

    __tablename__ = "article"
    __table_args__ = (UniqueConstraint("regulation_id", "citation", name="uq_article_citation"),)
    regulation_id: Mapped[int] = mapped_column(ForeignKey("regulation.id"), index=True)
    citation: Mapped[str] = mapped_column(String(NAME_LENGTH))  # "Pasal 12 ayat (2)"
    says: Mapped[str] = mapped_column(Text)
    checked_by: Mapped[str] = mapped_column(String(NAME_LENGTH))
    checked_on: Mapped[date] = mapped_column(Date)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    regulation: Mapped[Regulation] = relationship(lazy=LAZY)

    def __str__(self) -> str:
        return self.citation
