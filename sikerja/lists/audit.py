"""The list of traces: who did what, and who saw or took what."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from models import Agreement, AuditEntry, AuditSubject
from rules import codes, labels
from sikerja import history
from sikerja.filters import Code, Condition, Filter, Flag, Moment, Text
from sikerja.filtervalues import FLAG_WORDS
from sikerja.listing import Column, Listing
from sikerja.lists.parts import by_words

_ABOUT = re.compile(r"([a-z]+):([0-9]{1,9})", re.ASCII)
_REGISTER_NO = re.compile(r"KS-\d{4}-\d{4,}", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class About(Filter):
    """One record, whatever was done to it or who took it with them: `KS-2026-0001`, or screen and id as in `partner:12`.

    An export counts where it held the record, also where it was too large to name its records one by one.
    """

    operations: tuple[str, ...] = ("equals",)

    def condition(self, operation: str, value: str) -> Condition:
        if _REGISTER_NO.fullmatch(value.strip()):
            return _about_agreement(select(Agreement.id).where(Agreement.register_no == value.strip().upper()))
        found = _ABOUT.fullmatch(value.strip())
        if found is None or found[1] not in labels.NOUNS:
            raise ValueError(value)
        screen, key = found[1], int(found[2])
        if screen == "agreement":
            return _about_agreement(select(Agreement.id).where(Agreement.id == key))
        own = and_(AuditEntry.screen == screen, AuditEntry.record_id == key)
        return or_(own, _exported(screen, AuditSubject.record_id == key))


def _about_agreement(ids: Select[int]) -> Condition:
    return or_(AuditEntry.agreement_id.in_(ids), _exported("agreement", AuditSubject.record_id.in_(ids)))


def _exported(screen: str, subject: Condition) -> Condition:
    held = exists().where(AuditSubject.entry_id == AuditEntry.id, subject)
    return and_(AuditEntry.action == "export", AuditEntry.screen == screen, or_(AuditEntry.covers_all, held))


def _add_words(session: Session, rows: list[dict[str, Any]]) -> None:
    """What each entry tells, in words."""
    chosen = select(AuditEntry).where(AuditEntry.id.in_([row["id"] for row in rows]))
    told = {entry.id: "; ".join(history.sentences(entry)) for entry in session.scalars(chosen)} if rows else {}
    for row in rows:
        row["told"] = told[row["id"]]


AUDIT = Listing(
    AuditEntry,
    (
        Column("at", "Waktu", AuditEntry.at, css="c-unit"),
        Column("user_name", "Pelaku", AuditEntry.user_name, css="c-partner"),
        Column("action", "Tindakan", AuditEntry.action, css="c-date"),
        Column("told", "Yang terjadi", css="c-title", sort=False),
        Column("record", "Data", AuditEntry.record, AuditEntry.record_key, "c-stage"),
        Column("screen", "Jenis data", AuditEntry.screen),
        Column("role", "Peran", AuditEntry.role),
        Column("address", "Alamat", AuditEntry.address, css="c-unit"),
        Column("device", "Perangkat", AuditEntry.device, sort=False),
        Column("row_count", "Baris", AuditEntry.row_count, css="c-num"),
        Column("request_id", "Kode permintaan", AuditEntry.request_id, sort=False),
    ),
    (
        Code("action", "Tindakan", column=AuditEntry.action, codes=codes.AUDIT_ACTIONS,
             operations=("equals", "not_equal", "in_list", "not_in_list")),
        Moment("at", "Waktu", column=AuditEntry.at),
        Flag("seen", "Melihat atau mengambil", column=AuditEntry.action.in_(codes.SEEN_ACTIONS), codes=FLAG_WORDS),
        About("about", "Tentang data"),
        Text("record", "Nama data", column=AuditEntry.record_key),
        Code("screen", "Jenis data", column=AuditEntry.screen, codes=labels.NOUNS),
        Text("user_name", "Pelaku", column=func.lower(AuditEntry.user_name)),
        Code("role", "Peran", column=AuditEntry.role, codes=codes.ROLES),
        Text("address", "Alamat", column=AuditEntry.address),
        Text("request_id", "Kode permintaan", column=AuditEntry.request_id),
    ),
    by_words(AuditEntry.record_key, func.lower(AuditEntry.user_name), func.lower(AuditEntry.detail)),
    fill=_add_words,
    order=((AuditEntry.id, True),),
)  # fmt: skip
