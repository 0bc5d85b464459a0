"""Reference data, partners and the people at them."""

from datetime import date

from sqlalchemy import (
    BigInteger,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import Base
from rules import codes
from tables.parts import LAZY, NAME_LENGTH, TITLE_LENGTH, Binned, Named, Numbered, one_of


class Unit(Numbered, Binned, Named, Base):
    """A unit of the city: perangkat daerah, bagian, kecamatan, BUMD."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("code", name="uq_unit_code"), one_of("type", codes.UNIT_TYPES))
    code: Mapped[str] = mapped_column(String(50))
    short: Mapped[str] = mapped_column(String(60), default="")
    type: Mapped[str] = mapped_column(String(30))

    @property
    def short_name(self) -> str:
        return self.short or self.name


class Sector(Numbered, Binned, Named, Base):
    """One of the 32 bidang urusan (UU 23/2014 as listed in the regulation on cooperation)."""

    __tablename__ = "sector"
    __table_args__ = (UniqueConstraint("code", name="uq_sector_code"), one_of("cluster", codes.SECTOR_CLUSTERS))
    code: Mapped[str] = mapped_column(String(80))
    cluster: Mapped[str] = mapped_column(String(30))
    position: Mapped[int] = mapped_column(default=0)


class Procedure(Numbered, Base):
    """One of the eight kinds of cooperation that the law knows; its stages come with the statutory engine."""

    __tablename__ = "procedure"
    __table_args__ = (UniqueConstraint("code", name="uq_procedure_code"), one_of('"group"', codes.GROUPS))
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
    __table_args__ = (UniqueConstraint("code", name="uq_regulation_code"), one_of("checked", codes.REGULATION_CHECKS))
    code: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(30))
    year: Mapped[int]
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    governs: Mapped[str] = mapped_column(Text, default="")
    checked: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    # The official text as a PDF in the store; empty until somebody puts it there.
    original_name: Mapped[str] = mapped_column(String(255), default="")
    digest: Mapped[str | None] = mapped_column(String(64), index=True)
    size: Mapped[int | None] = mapped_column(BigInteger)
    pages: Mapped[int | None]

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
        one_of("kind", codes.HOLIDAY_KINDS),
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
    __table_args__ = (one_of("kind", codes.PARTNER_KINDS),)
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
    partner: Mapped[Partner] = relationship(lazy=LAZY)
