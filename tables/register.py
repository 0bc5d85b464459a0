"""The register: agreements with their parties, units, links and stages, and what they are found by."""

from datetime import date
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from extensions import Base
from rules import codes
from rules.text import fold, number_key
from tables.parts import LAZY, NAME_LENGTH, NUMBER_LENGTH, TITLE_LENGTH, Binned, Numbered, one_of
from tables.reference import Partner, Procedure, Sector, Unit


class Counter(Base):
    """The last register number given in a year. It only grows, so a number is never given twice."""

    __tablename__ = "counter"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


_LIVING = text("deleted_at IS NULL")
# What the validity of an agreement is worked out from, so that it can be read from the index alone.
_TERM = ("closed_on", "terminated_on", "origin", "signed_on", "starts_on", "open_ended")
_LISTED = {
    "id": ("id",),
    "title": ("title_key", "id"),
    "partner": ("lead_partner_key", "id"),
    "unit": ("lead_unit_key", "id"),
    "group": ("group", "id"),
    "instrument": ("instrument", "id"),
    "signed": ("signed_on", "id"),
    "starts": ("starts_on", "id"),
    "value": ("value", "id"),
    "ends": ("ends_on", "id", *_TERM),
    "kinds": ("group", "instrument", "signed_on", "id", "ends_on", *(each for each in _TERM if each != "signed_on")),
    "years": ("group", "signed_on", "id", "ends_on", *(each for each in _TERM if each != "signed_on")),
}


class Agreement(Numbered, Binned, Base):
    """One instrument (naskah) with its parties, numbers and term; from the offer on, long before it has a number."""

    __tablename__ = "agreement"
    __table_args__ = (
        UniqueConstraint("register_no", name="uq_agreement_register_no"),
        one_of("origin", codes.ORIGINS),
        one_of('"group"', codes.GROUPS),
        one_of("instrument", codes.INSTRUMENTS),
        one_of("renewal_decision", codes.RENEWAL_DECISIONS),
        one_of("closed_as", codes.OUTCOMES),
        one_of("holder", codes.HOLDERS),
        # An archive row keeps what its paper says, even where the paper errs.
        CheckConstraint(
            "origin = 'archive' OR ends_on IS NULL OR ends_on >= COALESCE(starts_on, signed_on, ends_on)",
            name="end_not_before_start",
        ),
        CheckConstraint("value IS NULL OR value >= 0", name="value_not_negative"),
        CheckConstraint('"year" IS NULL OR "year" BETWEEN 1900 AND 2200', name="year_sensible"),
        CheckConstraint("(closed_on IS NULL) = (closed_as IS NULL)", name="closed_with_outcome"),
        # What lists are sorted by and often narrowed to; the bin is never among it.
        *(
            Index(f"ix_agreement_live_{name}", *columns, sqlite_where=_LIVING, postgresql_where=_LIVING)
            for name, columns in _LISTED.items()
        ),
        # What the dashboard counts over the whole register is read from these alone, without the wide rows.
        Index("ix_agreement_living_group", "deleted_at", "group"),
        Index("ix_agreement_living_sector", "deleted_at", "sector_id"),
        Index(
            "ix_agreement_living_terms",
            "deleted_at",
            "origin",
            "closed_on",
            "signed_on",
            "terminated_on",
            "starts_on",
            "ends_on",
            "open_ended",
            "renewal_decision",
            "holder",
            "stage_since",
            "instrument",
            "offer_received",
        ),
    )
    register_no: Mapped[str] = mapped_column(String(20))
    origin: Mapped[str] = mapped_column(String(10))
    group: Mapped[str] = mapped_column(String(20))
    procedure_id: Mapped[int | None] = mapped_column(ForeignKey("procedure.id"), index=True)
    # The state of the procedure under which its stages were laid out; written by sikerja/process/layout.py alone.
    procedure_version_id: Mapped[int | None] = mapped_column(ForeignKey("procedure_version.id"), index=True)
    special_procedure: Mapped[bool] = mapped_column(default=False)
    instrument: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    title_key: Mapped[str] = mapped_column(Text)
    sector_id: Mapped[int | None] = mapped_column(ForeignKey("sector.id"), index=True)
    root_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    lead_partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"), index=True)
    lead_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)

    # The folded names of the two, to sort by; written by sikerja/search.py alone.
    lead_partner_key: Mapped[str | None] = mapped_column(String(NAME_LENGTH * 2))
    lead_unit_key: Mapped[str | None] = mapped_column(String(NAME_LENGTH * 2))

    year: Mapped[int | None]
    place_signed: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    signed_on: Mapped[date | None] = mapped_column(Date)
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    first_ends_on: Mapped[date | None] = mapped_column(Date)
    open_ended: Mapped[bool] = mapped_column(default=False)
    open_ended_reason: Mapped[str] = mapped_column(Text, default="")
    duration: Mapped[str] = mapped_column(Text, default="")
    value: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))

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
    terminated_document_id: Mapped[int | None]  # like closed_document_id
    closed_on: Mapped[date | None] = mapped_column(Date)
    closed_as: Mapped[str | None] = mapped_column(String(20))
    closed_reason: Mapped[str] = mapped_column(Text, default="")
    # No foreign key: the two tables would hold each other; `verify` looks whether it is a file of this agreement.
    closed_document_id: Mapped[int | None]
    renewal_decision: Mapped[str] = mapped_column(String(20), default="undecided")
    renewal_reason: Mapped[str] = mapped_column(Text, default="")

    # Where the process stands; written by sikerja/stages.py alone.
    # No foreign key: the two tables would hold each other, and a stage is never deleted.
    current_stage_id: Mapped[int | None] = mapped_column(index=True)
    stage_since: Mapped[date | None] = mapped_column(Date)
    holder: Mapped[str | None] = mapped_column(String(20))
    underway_since: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date, index=True)

    paper_place: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    source: Mapped[str] = mapped_column(Text, default="")
    source_note: Mapped[str] = mapped_column(Text, default="")

    procedure: Mapped[Procedure | None] = relationship(lazy=LAZY)
    sector: Mapped[Sector | None] = relationship(lazy=LAZY)
    lead_partner: Mapped[Partner | None] = relationship(lazy=LAZY)
    lead_unit: Mapped[Unit | None] = relationship(lazy=LAZY)
    parties: Mapped[list["Party"]] = relationship(
        back_populates="agreement", order_by="Party.side, Party.position", cascade="all, delete-orphan", lazy=LAZY
    )
    units: Mapped[list["AgreementUnit"]] = relationship(
        back_populates="agreement", order_by="AgreementUnit.position", cascade="all, delete-orphan", lazy=LAZY
    )
    stages: Mapped[list["Stage"]] = relationship(
        back_populates="agreement", foreign_keys="Stage.agreement_id", order_by="Stage.position, Stage.id", lazy=LAZY
    )
    links_out: Mapped[list["Link"]] = relationship(
        foreign_keys="Link.from_id", back_populates="source", cascade="all, delete-orphan", lazy=LAZY
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
        one_of("side", ("ours", "partner")),
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
    agreement: Mapped[Agreement] = relationship(back_populates="parties", lazy=LAZY)
    partner: Mapped[Partner | None] = relationship(lazy=LAZY)

    @validates("number")
    def _squeeze_number(self, _field: str, number: str) -> str:
        self.number_key = number_key(number)
        return number


class Link(Base):
    """How two agreements belong together: `from` implements, amends, renews or follows `to`."""

    __tablename__ = "link"
    __table_args__ = (
        one_of("kind", codes.LINK_KINDS),
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
    source: Mapped[Agreement] = relationship(foreign_keys=[from_id], back_populates="links_out", lazy=LAZY)
    target: Mapped[Agreement] = relationship(foreign_keys=[to_id], lazy=LAZY)


class AgreementUnit(Base):
    """A unit's part in an agreement: it proposed it, carries it out, or is concerned."""

    __tablename__ = "agreement_unit"
    __table_args__ = (
        one_of("role", codes.UNIT_ROLES),
        UniqueConstraint("agreement_id", "unit_id", name="uq_agreement_unit_once"),
        Index("ix_agreement_unit_unit_id_agreement_id", "unit_id", "agreement_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(default=0)
    agreement: Mapped[Agreement] = relationship(back_populates="units", lazy=LAZY)
    unit: Mapped[Unit] = relationship(lazy=LAZY)


class Stage(Numbered, Binned, Base):
    """One step of one agreement's way: prescribed by the law (`statutory`, its rule has the same key), or internal.

    `due_on` is a target of our own; `law_due_on` the nearest deadline of the law. Moved by sikerja/process alone.
    """

    __tablename__ = "stage"
    __table_args__ = (
        Index(
            "uq_stage_rule_once",
            "agreement_id",
            "key",
            unique=True,
            sqlite_where=text("statutory AND deleted_at IS NULL"),
            postgresql_where=text("statutory AND deleted_at IS NULL"),
        ),
        Index("ix_stage_key_status", "key", "status"),
        one_of("status", codes.STAGE_STATUSES),
        one_of("holder", codes.HOLDERS),
        CheckConstraint("finished_on IS NULL OR started_on IS NULL OR finished_on >= started_on", name="end_not_before_start"),
    )
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    key: Mapped[str] = mapped_column(String(80))
    statutory: Mapped[bool] = mapped_column(default=False)
    parallel: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    position: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(20), default="planned", index=True)
    planned_on: Mapped[date | None] = mapped_column(Date)
    started_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    received_on: Mapped[date | None] = mapped_column(Date)
    law_due_on: Mapped[date | None] = mapped_column(Date, index=True)
    finished_on: Mapped[date | None] = mapped_column(Date)
    holder: Mapped[str | None] = mapped_column(String(20))
    ground: Mapped[str] = mapped_column(Text, default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    agreement: Mapped[Agreement] = relationship(back_populates="stages", foreign_keys=[agreement_id], lazy=LAZY)

    def __str__(self) -> str:
        return self.name


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
