"""The history of a record in sentences: "Tanggal berakhir diubah dari 1 Maret 2027 menjadi 1 Maret 2028 oleh Sinta"."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, Numeric, String, func, select
from sqlalchemy.orm import Session

from extensions import Base
from models import AuditEntry
from rules import codes, labels
from sikerja import audit, formats

LONGEST_TEXT = 160
NOBODY = "pihak yang tidak dikenal"
_NO_CHANGES = (*codes.SEEN_ACTIONS, "sign_in", "sign_in_failed", "sign_out")
_CHANGES = tuple(action for action in codes.AUDIT_ACTIONS if action not in _NO_CHANGES)
_DONE = {
    "sign_in": "Masuk",
    "sign_in_failed": "Gagal masuk",
    "sign_out": "Keluar",
    "password": "Kata sandi diubah",
    "bin": "{noun} dibuang ke keranjang",
    "restore": "{noun} dikembalikan dari keranjang",
    "download": "{noun} diunduh",
    "preview": "{noun} dilihat",
}

# What belongs to the closing of an offer or to the early end of an agreement, told in one sentence: the day that tells it
# apart -> what it is called, what was done, and every column with the word that it is introduced by.
_ENDINGS: dict[str, tuple[str, str, dict[str, str]]] = {
    "closed_on": ("Penawaran", "ditutup", {
        "closed_as": "", "closed_on": "", "closed_reason": "alasan", "closed_document_id": "dokumen",
    }),
    "terminated_on": ("Naskah", "diakhiri", {
        "terminated_as": "", "terminated_on": "", "terminated_reason": "alasan", "terminated_document_id": "dokumen",
    }),
}  # fmt: skip


@dataclass(frozen=True)
class Act:
    """What one person did in one go: when, who, and the sentences that tell it."""

    at: datetime
    who: str
    sentences: list[str]


def of(session: Session, screen: str, record_id: int, most: int, skip: int = 0) -> list[Act]:
    """The changes of a record, the newest first: at most so many entries, those of one request told together."""
    chosen = select(AuditEntry).where(_of_record(screen, record_id), AuditEntry.action.in_(_CHANGES))
    entries = session.scalars(chosen.order_by(AuditEntry.id.desc()).offset(skip).limit(most))
    acts: list[tuple[Any, list[AuditEntry]]] = []
    for entry in entries:
        key = (entry.request_id or entry.id, entry.user_id)
        if not acts or acts[-1][0] != key:
            acts.append((key, []))
        acts[-1][1].insert(0, entry)
    return [Act(told[0].at, told[0].user_name, _told(told, screen)) for _, told in acts]


def count(session: Session, screen: str, record_id: int) -> int:
    """How many changes of a record there are."""
    counted = select(func.count(AuditEntry.id)).where(_of_record(screen, record_id), AuditEntry.action.in_(_CHANGES))
    return session.scalar(counted) or 0


def last_saver(session: Session, screen: str, record_id: int) -> tuple[str, datetime] | None:
    """Who changed a record last, and when."""
    chosen = select(AuditEntry.user_name, AuditEntry.at).where(_of_record(screen, record_id), AuditEntry.action.in_(_CHANGES))
    found = session.execute(chosen.order_by(AuditEntry.id.desc()).limit(1)).first()
    return None if found is None else (found.user_name or NOBODY, found.at)


def _of_record(screen: str, record_id: int) -> ColumnElement[bool]:
    """An agreement's history holds that of its parties, units, stages and files."""
    if screen == "agreement":
        return AuditEntry.agreement_id == record_id
    return (AuditEntry.screen == screen) & (AuditEntry.record_id == record_id)


def _told(entries: list[AuditEntry], screen: str) -> list[str]:
    found: list[str] = []
    for entry in entries:
        found += [f"{sentence} oleh {entry.user_name or NOBODY}." for sentence in sentences(entry, screen)]
    return found


# --- sentences ---------------------------------------------------------------------------------------------------


def sentences(entry: AuditEntry, screen: str = "") -> Iterator[str]:
    """What an entry tells, without its end "oleh …". In the history of `screen` its own records need no name."""
    subject = _subject(entry, screen)
    if entry.action == "export":
        yield f"Daftar {entry.detail} diekspor, {entry.row_count} baris"
    elif entry.action in _DONE:
        yield _DONE[entry.action].format(noun=subject) + (f" ({entry.detail})" if entry.detail else "")
    elif entry.action == "create":
        verb = "ditambahkan" if entry.part else "diunggah" if entry.screen == "attachment" else "dicatat"
        verb = "dijawab" if entry.part == "answer" else verb
        yield f"{subject} {verb}{_filled(entry)}"
    elif entry.action == "delete":
        why = f", alasan “{entry.detail}”" if entry.detail and not entry.part else ""
        yield f"{subject} {'dilepaskan' if entry.part else 'dihapus'}{why}"
    else:
        table, changed = table_of(entry), changes(entry)
        why = "" if entry.part else entry.detail
        for day, (_, _, columns) in _ENDINGS.items() if table == "agreement" else ():
            if day in changed:
                yield _ended_or_opened(entry, screen, day, {name: changed.pop(name) for name in columns if name in changed})
                why = ""
        for column, (old, new) in changed.items():
            values = (_quoted(table, column, each) for each in (old, new))
            yield _changed(entry, screen, labels.label(table, column), *values) + (f", karena {why}" if why else "")


def _subject(entry: AuditEntry, screen: str) -> str:
    """Naskah, or in another record's history: Tahap “Penyusunan PKS”; of a part: Pihak “PT Varia Niaga”."""
    if entry.part:
        return _part(entry)[0].upper() + _part(entry)[1:]
    noun = labels.NOUNS.get(entry.screen, "data").capitalize()
    return noun if entry.screen == screen else f"{noun} “{entry.record}”"


def _ended_or_opened(entry: AuditEntry, screen: str, day: str, changed: dict[str, list[Any]]) -> str:
    """Penawaran ditutup: Ditolak pada 16 Maret 2026, alasan “…”, dokumen “…”; or opened again, and what it was before."""
    noun, done, columns = _ENDINGS[day]
    what = noun if entry.screen == screen else f"{noun} “{entry.record}”"
    opened = changed[day][1] is None
    said = {name: _quoted("agreement", name, pair[0 if opened else 1]) for name, pair in changed.items()}
    how, _, reason, document = columns
    outcome = " pada ".join(part for part in (said.get(how, ""), said[day]) if part)
    if opened:
        why = _quoted("agreement", reason, entry.detail)
        return f"{what} dibuka kembali, sebelumnya {outcome}" + (f", alasan {why}" if why else "")
    if said.get(document):
        said[document] = f"“{said[document]}”"
    more = [f", {word} {said[name]}" for name, word in columns.items() if word and said.get(name)]
    return f"{what} {done}: {outcome}{''.join(more)}"


def _changed(entry: AuditEntry, screen: str, label: str, old: str, new: str) -> str:
    of_another = entry.screen != screen and bool(screen)
    what = f"{label} pada {labels.NOUNS[entry.screen]} “{entry.record}”" if of_another else label
    if entry.part and not of_another:
        what = f"{label} {_part(entry)}"
    if not old:
        return f"{what} diisi {new}"
    if not new:
        return f"{what} dikosongkan, sebelumnya {old}"
    return f"{what} diubah dari {old} menjadi {new}"


def _filled(entry: AuditEntry) -> str:
    """What else a new part holds (role, number), and which file was uploaded."""
    table = table_of(entry)
    wanted = {"attachment": ("edition", "original_name", "reason")}.get(table, () if not entry.part else None)
    said = [
        f"{labels.label(table, column).lower()} {shown(table, column, new)}"
        for column, (_, new) in changes(entry).items()
        if (column == "attachment_id" or not isinstance(new, dict)) and (wanted is None or column in wanted)
    ]
    return f" ({', '.join(said)})" if said else ""


def changes(entry: AuditEntry) -> dict[str, list[Any]]:
    """Column -> [old, new], as they are kept."""
    return json.loads(entry.changes) if entry.changes else {}


def table_of(entry: AuditEntry) -> str:
    """The table whose columns an entry tells of."""
    return entry.part or {"view": "saved_view", "version": "procedure_version"}.get(entry.screen, entry.screen)


def _part(entry: AuditEntry) -> str:
    """pihak “PT Varia Niaga”; our own side has no other name."""
    return entry.detail if entry.detail == audit.OUR_SIDE else f"{labels.PARTS[entry.part]} “{entry.detail}”"


def _quoted(table: str, column: str, value: Any) -> str:
    """The same for a sentence: what someone typed stands in quotation marks."""
    text = shown(table, column, value)
    kind = Base.metadata.tables[table].columns[column].type
    typed = isinstance(kind, String) and isinstance(value, str) and (table, column) not in labels.WORDS
    return f"“{text}”" if text and typed else text


def shown(table: str, column: str, value: Any) -> str:
    """A kept value as a person reads it; "" for an empty one."""
    if value is None or value == "":
        return ""
    if isinstance(value, dict):
        return str(value["name"])
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    words = labels.WORDS.get((table, column), {})
    text = words.get(str(value)) or _by_type(table, column, value)
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT].rstrip()}…"


def _by_type(table: str, column: str, value: Any) -> str:
    known = Base.metadata.tables[table].columns.get(column)
    kind = None if known is None else known.type
    try:
        if isinstance(kind, DateTime):
            return formats.moment(datetime.fromisoformat(value))
        if isinstance(kind, Date):
            return formats.long_date(date.fromisoformat(value))
        if isinstance(kind, Numeric):
            return formats.money(Decimal(value))
    except (ValueError, TypeError, InvalidOperation):
        return str(value)
    return str(value)
