"""The lists of reference data and of users."""

from typing import Any

from sqlalchemy import exists, func, select

from models import Holiday, Procedure, ProcedureVersion, Regulation, Sector, Unit, User
from rules import codes
from sikerja.filters import Code, Day, Flag, Number, Text
from sikerja.filtervalues import FLAG_WORDS
from sikerja.listing import Column, Listing
from sikerja.lists import resting
from sikerja.lists.parts import by_words, of

UNITS = Listing(
    Unit,
    (
        Column("name", "Nama", Unit.name, Unit.name_key, "c-title"),
        Column("short", "Singkatan", Unit.short),
        Column("type", "Jenis", Unit.type),
        Column("code", "Kode", Unit.code),
    ),
    (Code("type", "Jenis", column=Unit.type, codes=codes.UNIT_TYPES), Text("name", "Nama", column=Unit.name_key)),
    by_words(Unit.name_key, func.lower(Unit.short)),
    order=((Unit.name_key, False),),
)

SECTORS = Listing(
    Sector,
    (
        Column("name", "Bidang urusan", Sector.name, Sector.name_key, "c-title"),
        Column("cluster", "Kelompok", Sector.cluster),
        Column("position", "Urutan", Sector.position, css="c-num"),
    ),
    (Code("cluster", "Kelompok", column=Sector.cluster, codes=codes.SECTOR_CLUSTERS),),
    by_words(Sector.name_key),
    order=((Sector.position, False),),
)


def _version(column: Any, status: str) -> Any:
    """A column of the newest version of a procedure in this state."""
    newest = select(column).where(ProcedureVersion.procedure_id == Procedure.id, ProcedureVersion.status == status)
    return newest.order_by(ProcedureVersion.number.desc()).limit(1).correlate(Procedure).scalar_subquery()


_DRAFT = exists().where(ProcedureVersion.procedure_id == Procedure.id, ProcedureVersion.status == "draft")

PROCEDURES = Listing(
    Procedure,
    (
        Column("name", "Jenis kerja sama", Procedure.name, css="c-title"),
        Column("group", "Kelompok", Procedure.group, css="c-kind"),
        Column("in_force", "Versi berlaku", _version(ProcedureVersion.number, "published"), css="c-num"),
        Column("since", "Sejak", _version(ProcedureVersion.published_on, "published"), css="c-date"),
        Column("draft", "Ada draf", _DRAFT),
        Column("code", "Kode", Procedure.code),
    ),
    (
        Code("group", "Kelompok", column=Procedure.group, codes=codes.GROUPS),
        Flag("draft", "Ada draf", column=_DRAFT, codes=FLAG_WORDS),
    ),
    by_words(func.lower(Procedure.name)),
    order=((Procedure.position, False),),
)

REGULATIONS = Listing(
    Regulation,
    (
        Column("name", "Peraturan", Regulation.kind + " Nomor " + Regulation.number, css="c-title"),
        Column("year", "Tahun", Regulation.year, css="c-num"),
        Column("title", "Tentang", Regulation.title),
        Column("checked", "Pemeriksaan", Regulation.checked),
        Column("stages", "Tahap yang bersandar", resting.stages_resting(), css="c-num"),
        Column("code", "Kode", Regulation.code),
    ),
    (
        Code("checked", "Pemeriksaan", column=Regulation.checked, codes=codes.REGULATION_CHECKS),
        Text("title", "Tentang", column=func.lower(Regulation.title)),
        Number("year", "Tahun", column=Regulation.year, largest=10_000),
    ),
    by_words(func.lower(Regulation.kind), Regulation.number, func.lower(Regulation.title)),
    order=((Regulation.year, True),),
)

HOLIDAYS = Listing(
    Holiday,
    (
        Column("name", "Hari libur", Holiday.name, css="c-title"),
        Column("on", "Tanggal", Holiday.on, css="c-date"),
        Column("kind", "Jenis", Holiday.kind),
        Column("confirmed", "Sudah dipastikan", Holiday.confirmed),
    ),
    (
        Code("kind", "Jenis", column=Holiday.kind, codes=codes.HOLIDAY_KINDS),
        Day("on", "Tanggal", column=Holiday.on),
        Flag("confirmed", "Sudah dipastikan", column=Holiday.confirmed, codes=FLAG_WORDS),
    ),
    by_words(func.lower(Holiday.name)),
    order=((Holiday.on, False),),
)

USERS = Listing(
    User,
    (
        Column("name", "Nama", User.name, css="c-title"),
        Column("email", "Surel", User.email),
        Column("role", "Peran", User.role),
        Column("unit", "Perangkat daerah", of(Unit.name, Unit, User.unit_id), css="c-unit"),
        Column("active", "Aktif", User.active),
    ),
    (
        Code("role", "Peran", column=User.role, codes=codes.ROLES),
        Flag("active", "Aktif", column=User.active, codes=FLAG_WORDS),
    ),
    by_words(func.lower(User.name), User.email),
    order=((func.lower(User.name), False),),
)
