"""Every table, constraint and question of the register; the verbs live in `sikerja/`.

Words in constraint names are the glossary's; `sikerja/refusals.py` turns each of them into a sentence.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship, validates

from extensions import Base
from rules import access, codes
from rules.text import fold, number_key

TITLE_LENGTH = 500
NAME_LENGTH = 200
NUMBER_LENGTH = 100


def _one_of(column: str, values: Any) -> CheckConstraint:
    """The column holds one of the codes (or nothing, where it may be empty)."""
    listed = ", ".join(f"'{value}'" for value in values)
    name = column.strip('"')
    return CheckConstraint(f"{column} IN ({listed})", name=f"{name}_known")


class Numbered:
    """A row with a number of its own, a count of its versions (two savers) and the moments of its first and last change."""

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1, nullable=False)
    created_at: Mapped[datetime] = mapped_column(DateTime, server_default=func.current_timestamp())
    updated_at: Mapped[datetime] = mapped_column(
        DateTime, server_default=func.current_timestamp(), onupdate=func.current_timestamp()
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Binned:
    """A row that is never deleted: it goes to a bin and can come back."""

    deleted_at: Mapped[datetime | None] = mapped_column(DateTime, index=True)

    @property
    def is_binned(self) -> bool:
        return self.deleted_at is not None


class Named:
    """A row with a name, and the name as it is compared: folded, for search and order."""

    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    name_key: Mapped[str] = mapped_column(String(NAME_LENGTH * 2), index=True)

    @validates("name")
    def _fold_name(self, _field: str, name: str) -> str:
        self.name_key = fold(name)
        return name

    def __str__(self) -> str:
        return self.name


# --- people who sign in ------------------------------------------------------------------------------------------


class User(Numbered, Base):
    """Someone with an account; what they may do follows from `role` alone (rules/access.py)."""

    __tablename__ = "user"
    __table_args__ = (
        UniqueConstraint("email", name="uq_user_email"),
        _one_of("role", codes.ROLES),
        CheckConstraint("role <> 'unit' OR unit_id IS NOT NULL", name="unit_role_has_unit"),
    )
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    unit: Mapped["Unit | None"] = relationship(lazy="raise")

    # What Flask-Login asks of a user. The id it keeps in the cookie is the session's token, never the user's number.
    session_token = ""
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        return self.session_token

    def may(self, permission: str) -> bool:
        """True where this person's role holds the permission "screen:verb"."""
        return access.may(self.role, permission)

    @property
    def role_label(self) -> str:
        return codes.ROLES[self.role]

    def __str__(self) -> str:
        return self.name


class UserSession(Base):
    """One sign-in on one device. The cookie holds a random token, the table only its SHA-256."""

    __tablename__ = "session"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(DateTime)
    seen_at: Mapped[datetime] = mapped_column(DateTime)
    address: Mapped[str] = mapped_column(String(64), default="")
    device: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    user: Mapped[User] = relationship(lazy="raise")


class SignInFailure(Base):
    """One failed sign-in, kept for the throttle: which account was tried (hashed) and from which address."""

    __tablename__ = "sign_in_failure"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime, index=True)
    account: Mapped[str] = mapped_column(String(64), index=True)
    address: Mapped[str] = mapped_column(String(64), index=True)


# --- reference data ----------------------------------------------------------------------------------------------


class Unit(Numbered, Binned, Named, Base):
    """A unit of the city: perangkat daerah, bagian, kecamatan, BUMD."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("code", name="uq_unit_code"), _one_of("type", codes.UNIT_TYPES))
    code: Mapped[str] = mapped_column(String(50))
    short: Mapped[str] = mapped_column(String(60), default="")
    type: Mapped[str] = mapped_column(String(30))

    @property
    def short_name(self) -> str:
        return self.short or self.name


class Sector(Numbered, Binned, Named, Base):
    """One of the 32 bidang urusan (UU 23/2014 as listed in the regulation on cooperation)."""

    __tablename__ = "sector"
    __table_args__ = (UniqueConstraint("code", name="uq_sector_code"), _one_of("cluster", codes.SECTOR_CLUSTERS))
    code: Mapped[str] = mapped_column(String(80))
    cluster: Mapped[str] = mapped_column(String(30))
    position: Mapped[int] = mapped_column(default=0)


class Procedure(Numbered, Base):
    """One of the eight kinds of cooperation that the law knows; its stages come with the statutory engine."""

    __tablename__ = "procedure"
    __table_args__ = (UniqueConstraint("code", name="uq_procedure_code"), _one_of('"group"', codes.GROUPS))
    code: Mapped[str] = mapped_column(String(50))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    group: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(default=0)
    basis: Mapped[str] = mapped_column(Text, default="")

    def __str__(self) -> str:
        return self.name


class Regulation(Numbered, Binned, Base):
    """A regulation that cooperation rests on, and how far its text has been read."""

    __tablename__ = "regulation"
    __table_args__ = (UniqueConstraint("code", name="uq_regulation_code"), _one_of("checked", codes.REGULATION_CHECKS))
    code: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(30))
    year: Mapped[int]
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    governs: Mapped[str] = mapped_column(Text, default="")
    checked: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")

    @property
    def name(self) -> str:
        return f"{self.kind} Nomor {self.number} Tahun {self.year}"

    def __str__(self) -> str:
        return self.name


class Holiday(Numbered, Binned, Base):
    """A day that is no working day. `confirmed`: checked against the joint decree, not only computed."""

    __tablename__ = "holiday"
    __table_args__ = (
        # A day in the bin leaves its date free.
        Index(
            "uq_holiday_on",
            "on",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        _one_of("kind", codes.HOLIDAY_KINDS),
    )
    on: Mapped[date] = mapped_column(Date)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    kind: Mapped[str] = mapped_column(String(20))
    confirmed: Mapped[bool] = mapped_column(default=False)

    def __str__(self) -> str:
        return self.name


class Partner(Numbered, Binned, Named, Base):
    """The other side of an agreement: a region, ministry, firm, campus, association, person, or body abroad."""

    __tablename__ = "partner"
    __table_args__ = (_one_of("kind", codes.PARTNER_KINDS),)
    kind: Mapped[str] = mapped_column(String(30), index=True)
    address: Mapped[str] = mapped_column(Text, default="")
    region: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    country: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(50), default="")


class Contact(Numbered, Binned, Named, Base):
    """A person at a partner whom the bureau writes to or calls."""

    __tablename__ = "contact"
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), index=True)
    post: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(50), default="")
    partner: Mapped[Partner] = relationship(lazy="raise")


# --- the register ------------------------------------------------------------------------------------------------


class Counter(Base):
    """The last register number given in a year. It only grows, so a number is never given twice."""

    __tablename__ = "counter"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Agreement(Numbered, Binned, Base):
    """One instrument (naskah) with its parties, numbers and term; from the offer on, long before it has a number."""

    __tablename__ = "agreement"
    __table_args__ = (
        UniqueConstraint("register_no", name="uq_agreement_register_no"),
        _one_of("origin", codes.ORIGINS),
        _one_of('"group"', codes.GROUPS),
        _one_of("instrument", codes.INSTRUMENTS),
        _one_of("renewal_decision", codes.RENEWAL_DECISIONS),
        _one_of("closed_as", codes.OUTCOMES),
        _one_of("holder", codes.HOLDERS),
        # An archive row keeps what its paper says, even where the paper errs.
        CheckConstraint(
            "origin = 'archive' OR ends_on IS NULL OR ends_on >= COALESCE(starts_on, signed_on, ends_on)",
            name="end_not_before_start",
        ),
        CheckConstraint("value IS NULL OR value >= 0", name="value_not_negative"),
        CheckConstraint('"year" IS NULL OR "year" BETWEEN 1900 AND 2200', name="year_sensible"),
        CheckConstraint("(closed_on IS NULL) = (closed_as IS NULL)", name="closed_with_outcome"),
    )
    register_no: Mapped[str] = mapped_column(String(20))
    origin: Mapped[str] = mapped_column(String(10))
    group: Mapped[str] = mapped_column(String(20), index=True)
    procedure_id: Mapped[int | None] = mapped_column(ForeignKey("procedure.id"), index=True)
    special_procedure: Mapped[bool] = mapped_column(default=False)
    instrument: Mapped[str] = mapped_column(String(30), index=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    title_key: Mapped[str] = mapped_column(Text, index=True)
    sector_id: Mapped[int | None] = mapped_column(ForeignKey("sector.id"), index=True)
    root_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    lead_partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"), index=True)
    lead_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)

    year: Mapped[int | None]
    place_signed: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    signed_on: Mapped[date | None] = mapped_column(Date, index=True)
    starts_on: Mapped[date | None] = mapped_column(Date, index=True)
    ends_on: Mapped[date | None] = mapped_column(Date, index=True)
    first_ends_on: Mapped[date | None] = mapped_column(Date)
    open_ended: Mapped[bool] = mapped_column(default=False)
    open_ended_reason: Mapped[str] = mapped_column(Text, default="")
    duration: Mapped[str] = mapped_column(Text, default="")
    value: Mapped[Decimal | None] = mapped_column(Numeric(18, 2), index=True)

    background: Mapped[str] = mapped_column(Text, default="")
    purpose: Mapped[str] = mapped_column(Text, default="")
    location: Mapped[str] = mapped_column(Text, default="")
    scope: Mapped[str] = mapped_column(Text, default="")
    benefits: Mapped[str] = mapped_column(Text, default="")
    impact: Mapped[str] = mapped_column(Text, default="")
    financing: Mapped[str] = mapped_column(Text, default="")

    offer_number: Mapped[str] = mapped_column(String(NUMBER_LENGTH), default="")
    offer_date: Mapped[date | None] = mapped_column(Date)
    offer_received: Mapped[date | None] = mapped_column(Date)

    terminated_on: Mapped[date | None] = mapped_column(Date)
    terminated_as: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    terminated_reason: Mapped[str] = mapped_column(Text, default="")
    closed_on: Mapped[date | None] = mapped_column(Date)
    closed_as: Mapped[str | None] = mapped_column(String(20))
    closed_reason: Mapped[str] = mapped_column(Text, default="")
    renewal_decision: Mapped[str] = mapped_column(String(20), default="undecided")

    # Where the process stands; written by sikerja/stages.py alone.
    # No foreign key: the two tables would hold each other, and a stage is never deleted.
    current_stage_id: Mapped[int | None] = mapped_column(index=True)
    stage_since: Mapped[date | None] = mapped_column(Date)
    holder: Mapped[str | None] = mapped_column(String(20))
    underway_since: Mapped[date | None] = mapped_column(Date)

    paper_place: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    source: Mapped[str] = mapped_column(Text, default="")
    source_note: Mapped[str] = mapped_column(Text, default="")

    procedure: Mapped[Procedure | None] = relationship(lazy="raise")
    sector: Mapped[Sector | None] = relationship(lazy="raise")
    lead_partner: Mapped[Partner | None] = relationship(lazy="raise")
    lead_unit: Mapped[Unit | None] = relationship(lazy="raise")
    parties: Mapped[list["Party"]] = relationship(
        back_populates="agreement", order_by="Party.side, Party.position", cascade="all, delete-orphan", lazy="raise"
    )
    units: Mapped[list["AgreementUnit"]] = relationship(
        back_populates="agreement", order_by="AgreementUnit.position", cascade="all, delete-orphan", lazy="raise"
    )
    stages: Mapped[list["Stage"]] = relationship(
        back_populates="agreement", foreign_keys="Stage.agreement_id", order_by="Stage.position, Stage.id", lazy="raise"
    )
    links_out: Mapped[list["Link"]] = relationship(
        foreign_keys="Link.from_id", back_populates="source", cascade="all, delete-orphan", lazy="raise"
    )

    @validates("title")
    def _fold_title(self, _field: str, title: str) -> str:
        self.title_key = fold(title)
        return title

    @property
    def binds(self) -> bool:
        """True where the hard rules hold: a row of the process that is not in the bin."""
        return self.origin == "process" and not self.is_binned

    def __str__(self) -> str:
        return f"{self.register_no} {self.title}"


class Party(Base):
    """One side's part in an agreement: ours, or one of the partners, with the number that side gave the paper."""

    __tablename__ = "party"
    __table_args__ = (
        _one_of("side", ("ours", "partner")),
        CheckConstraint("(side = 'partner') = (partner_id IS NOT NULL)", name="partner_named"),
        UniqueConstraint("agreement_id", "side", "position", name="uq_party_place"),
        UniqueConstraint("agreement_id", "partner_id", name="uq_party_once"),
        Index(
            "uq_party_number",
            "side",
            text("COALESCE(partner_id, 0)"),
            "number_key",
            unique=True,
            sqlite_where=text("binding AND number_key IS NOT NULL"),
            postgresql_where=text("binding AND number_key IS NOT NULL"),
        ),
        Index("ix_party_number_key", "number_key"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"), index=True)
    side: Mapped[str] = mapped_column(String(10))
    position: Mapped[int] = mapped_column(default=0)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"), index=True)
    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH), default="")
    number_key: Mapped[str | None] = mapped_column(String(NUMBER_LENGTH * 2))
    binding: Mapped[bool] = mapped_column(default=True)
    signatory: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    signatory_post: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    by_power: Mapped[bool] = mapped_column(default=False)
    agreement: Mapped[Agreement] = relationship(back_populates="parties", lazy="raise")
    partner: Mapped[Partner | None] = relationship(lazy="raise")

    @validates("number")
    def _squeeze_number(self, _field: str, number: str) -> str:
        self.number_key = number_key(number)
        return number


class Link(Base):
    """How two agreements belong together: `from` implements, amends, renews or follows `to`."""

    __tablename__ = "link"
    __table_args__ = (
        _one_of("kind", codes.LINK_KINDS),
        CheckConstraint("from_id <> to_id", name="not_itself"),
        UniqueConstraint("from_id", "to_id", "kind", name="uq_link_once"),
        # An agreement is renewed by one other at the most.
        Index(
            "uq_link_one_renewal",
            "to_id",
            unique=True,
            sqlite_where=text("kind = 'renews'"),
            postgresql_where=text("kind = 'renews'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    from_id: Mapped[int] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    source: Mapped[Agreement] = relationship(foreign_keys=[from_id], back_populates="links_out", lazy="raise")
    target: Mapped[Agreement] = relationship(foreign_keys=[to_id], lazy="raise")


class AgreementUnit(Base):
    """A unit's part in an agreement: it proposed it, carries it out, or is concerned."""

    __tablename__ = "agreement_unit"
    __table_args__ = (
        _one_of("role", codes.UNIT_ROLES),
        UniqueConstraint("agreement_id", "unit_id", name="uq_agreement_unit_once"),
        Index("ix_agreement_unit_unit_id_agreement_id", "unit_id", "agreement_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(default=0)
    agreement: Mapped[Agreement] = relationship(back_populates="units", lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise")


class Stage(Numbered, Binned, Base):
    """One step of one agreement's way. A plain row for now; the statutory engine will bring rules and verbs."""

    __tablename__ = "stage"
    __table_args__ = (
        _one_of("status", codes.STAGE_STATUSES),
        _one_of("holder", codes.HOLDERS),
        CheckConstraint("finished_on IS NULL OR started_on IS NULL OR finished_on >= started_on", name="end_not_before_start"),
    )
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    key: Mapped[str] = mapped_column(String(80), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    position: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(20), default="planned", index=True)
    planned_on: Mapped[date | None] = mapped_column(Date)
    started_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    finished_on: Mapped[date | None] = mapped_column(Date)
    holder: Mapped[str | None] = mapped_column(String(20))
    remark: Mapped[str] = mapped_column(Text, default="")
    agreement: Mapped[Agreement] = relationship(back_populates="stages", foreign_keys=[agreement_id], lazy="raise")

    def __str__(self) -> str:
        return self.name


class Attachment(Numbered, Binned, Base):
    """A file of an agreement: one edition of a document. Its content lies in the store under `digest` and never changes.

    Editions of one document share `series_id`, the id of the first; the newest living one is what counts.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        _one_of("kind", codes.ATTACHMENT_KINDS),
        _one_of("verdict", codes.VERDICTS),
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


# --- traces ------------------------------------------------------------------------------------------------------


class AuditEntry(Base):
    """What someone did, for ever: the database itself refuses to change or delete a row. Written by sikerja/audit.py."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        _one_of("action", codes.AUDIT_ACTIONS),
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


class SearchDocument(Base):
    """What one agreement is found by: register number, title, numbers, partners and units, folded.

    Kept by sikerja/search.py. `document` is searched by any part, `words` by the beginning of a word.
    """

    __tablename__ = "agreement_search"
    agreement_id: Mapped[int] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    document: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
