"""The database itself: its pages, its schema, the triggers that keep the audit trail and the search index."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, func, select, text
from sqlalchemy.orm import Session

from models import SearchDocument
from sikerja import health
from sikerja.verification.faults import Fault, portions

# What SQLite's own check tells of the rows, and what `constraints` tells better: of which row, in a sentence.
_TOLD_ELSEWHERE = ("CHECK constraint failed", "NULL value in", "non-unique entry in index")

_GUARDED = ("audit_entry", "audit_subject")
_TRIGGERS = {
    "sqlite": {
        *(f"{table}_no_{event}" for table in _GUARDED for event in ("update", "delete", "replace")),
        *(f"agreement_search_{event}" for event in ("added", "gone", "changed")),
    },
    "postgresql": {f"{table}_no_{event}" for table in _GUARDED for event in ("change", "truncate")},
}
_LIVING_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')",
}

# FTS5 keeps how many trigrams it has of each document: `sz` holds the number of each column as a varint.
_FTS_SIZES = Table("agreement_fts_docsize", MetaData(), Column("id", Integer, primary_key=True), Column("sz", LargeBinary))
_TRIGRAM = 3


def integrity(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """What SQLite finds when it reads every page and index. PostgreSQL checks its pages itself, as they are read."""
    if _engine(session) == "sqlite":
        for found in session.scalars(text("PRAGMA integrity_check")):
            if found != "ok" and not found.startswith(_TOLD_ELSEWHERE):
                yield Fault("integrity", "database", f"Basis data rusak: {found}. Pulihkan dari cadangan.")


def schema(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """The schema is the one that this version of the program knows."""
    if not health.is_at_head(session.connection()):
        detail = "Skema basis data bukan skema versi program ini. Jalankan flask db upgrade, lalu periksa lagi."
        yield Fault("schema", "database", detail)


def triggers(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """Every trigger of ours is there and switched on."""
    living = set(session.scalars(text(_LIVING_TRIGGERS[_engine(session)])))
    for name in sorted(_TRIGGERS[_engine(session)] - living):
        detail = "Pemicu ini tidak ada atau dimatikan. Jejak audit atau indeks pencarian tidak terjaga. Pulihkan pemicunya."
        yield Fault("trigger", f"trigger {name}", detail)


def search_index(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """SQLite's full-text index has every search document, of its length, and no other.

    FTS5's own check of the trigrams counts as a write, so it would stop the clerks for as long as it takes.
    """
    if _engine(session) != "sqlite":
        return  # there it is an index like any other
    key, sizes = SearchDocument.agreement_id, _FTS_SIZES.c
    indexed = select(key, func.length(SearchDocument.document), func.length(SearchDocument.words), sizes.sz)
    for row in chain.from_iterable(portions(session, indexed.outerjoin(_FTS_SIZES, sizes.id == key).order_by(key))):
        if row.sz is None or _varints(row.sz) != [max(0, length - _TRIGRAM + 1) for length in row[1:3]]:
            yield _index_fault(row[0])
    for number in session.scalars(select(sizes.id).where(sizes.id.not_in(select(key)))):
        yield _index_fault(number)


def _index_fault(number: int) -> Fault:
    return Fault("search_index", f"search document {number}", "Indeks pencarian tidak sesuai dengan dokumennya. Bangun ulang.")


def _varints(data: bytes) -> list[int]:
    """Numbers as SQLite writes them: seven bits a byte, the highest bit says that more follow."""
    numbers, number = [], 0
    for byte in data:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(number)
            number = 0
    return numbers


def _engine(session: Session) -> str:
    return session.get_bind().dialect.name
