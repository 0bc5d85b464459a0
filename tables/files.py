"""Files of agreements."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from extensions import Base
from rules import codes
from rules.text import fold
from tables.parts import NAME_LENGTH, TITLE_LENGTH, Binned, Numbered, one_of


class Attachment(Numbered, Binned, Base):
    """A file of an agreement: one edition of a document. Its content lies in the store under `digest` and never changes.

    Editions of one document share `series_id`, the id of the first; the newest living one is what counts.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        one_of("kind", codes.ATTACHMENT_KINDS),
        one_of("verdict", codes.VERDICTS),
        CheckConstraint("size > 0", name="not_empty"),
        CheckConstraint("(edition = 1) = (replaces_id IS NULL)", name="later_edition_replaces"),
        UniqueConstraint("series_id", "edition", name="uq_attachment_edition"),
        Index("ix_attachment_agreement_id_kind", "agreement_id", "kind"),
    )
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    kind: Mapped[str] = mapped_column(String(30), index=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    title_key: Mapped[str] = mapped_column(Text)
    document_date: Mapped[date | None] = mapped_column(Date, index=True)
    paper_place: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    # The file as it came.
    original_name: Mapped[str] = mapped_column(String(255))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    format: Mapped[str] = mapped_column(String(10))
    pages: Mapped[int | None]
    flags: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # Its place among the editions of the document.
    series_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    edition: Mapped[int] = mapped_column(default=1)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    # What the bureau thinks of it.
    verdict: Mapped[str | None] = mapped_column(String(10))
    verdict_remark: Mapped[str] = mapped_column(Text, default="")
    verdict_at: Mapped[datetime | None] = mapped_column(DateTime)
    verdict_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    @validates("title")
    def _fold_title(self, _field: str, title: str) -> str:
        self.title_key = fold(title)
        return title

    def __str__(self) -> str:
        return self.title
