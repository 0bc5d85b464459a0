"""The search documents of agreements: written when anything an agreement is found by changes, asked by words.

A word of three letters or more is found anywhere ("sehat" in "kesehatan"), a shorter one at the beginning of a word.
All words must be found. Accents and case don't count. A whole number of a document finds what bears it.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flask import g, has_request_context
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    and_,
    column,
    delete,
    event,
    insert,
    inspect,
    literal_column,
    select,
    table,
    update,
)
from sqlalchemy.orm import Session

from extensions import db
from models import Agreement, AgreementUnit, Partner, Party, SearchDocument, Unit
from rules.text import escape_like, fold, number_key, words
from sikerja.keys import Streamed

MAX_LENGTH = 200
MAX_WORDS = 8
MOST_OF_ONE_NUMBER = 200
_LIKE_A_NUMBER = re.compile(r"(?=.*\d)(?=.*[/.-]).{5,}")  # with its blanks taken out
CHUNK = 500

# The columns that an agreement is found by.
_FOUND_BY: dict[type, tuple[str, ...]] = {
    Agreement: ("register_no", "title", "offer_number", "lead_partner_id", "lead_unit_id"),
    Party: ("agreement_id", "partner_id", "number"),
    AgreementUnit: ("agreement_id", "unit_id"),
    Partner: ("name",),
    Unit: ("name", "short"),
}
_FTS = table("agreement_fts", column("rowid"))  # SQLite's index over SearchDocument.document, made by the migration


class Document(NamedTuple):
    """A search document: the folded text, and its words each behind a blank."""

    document: str
    words: str


def matching(asked: str) -> ColumnElement[bool] | None:
    """The condition that an agreement is found by these words; None where nothing is asked.

    What is the whole number of an agreement, the register's or a party's, finds the agreements of that number alone.
    """
    asked_for = terms(asked)
    if not asked_for:
        return None
    numbered = _numbered(asked)
    if numbered:
        return Agreement.id.in_(numbered)
    if _on_sqlite() and any(_has_trigram(term) for term in asked_for):
        return Agreement.id.in_(select(_FTS.c.rowid).where(_indexed(asked_for), *_scanned(asked_for, _FTS.c.rowid)))
    return Agreement.id.in_(select(SearchDocument.agreement_id).where(*(_found(term) for term in asked_for)))


def streamed(asked: str) -> Streamed | None:
    """The same, where SQLite's index gives what it finds in the order of the ids, so that a page needn't wait for all of it."""
    asked_for = terms(asked)
    if not _on_sqlite() or not any(_has_trigram(term) for term in asked_for) or _numbered(asked):
        return None
    return Streamed(_FTS, _FTS.c.rowid, and_(_indexed(asked_for), *_scanned(asked_for, _FTS.c.rowid)))


def terms(asked: str) -> list[str]:
    """What is looked for, folded: so many words, of so many letters, as a search can have."""
    return fold(asked[:MAX_LENGTH]).split()[:MAX_WORDS]


def _on_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _numbered(asked: str) -> list[int]:
    """The ids of the agreements that have exactly this number; none where it is no number of theirs. Asked once a request."""
    key = number_key(asked[:MAX_LENGTH]) or ""
    if not _LIKE_A_NUMBER.fullmatch(key):
        return []
    known: dict[str, list[int]] = g.setdefault("numbered", {}) if has_request_context() else {}
    if key not in known:
        parties = select(Party.agreement_id).where(Party.number_key == key)
        registered = select(Agreement.id).where(Agreement.register_no == key.upper())
        known[key] = list(db.session.scalars(parties.union(registered).limit(MOST_OF_ONE_NUMBER)))
    return known[key]


def _has_trigram(term: str) -> bool:
    """Three letters anywhere, or two at the beginning of a word with the blank before it."""
    return len(term) > 2 or (words(term) == f" {term}" and len(term) == 2)


def _indexed(terms: Sequence[str]) -> ColumnElement[bool]:
    """What FTS5's trigrams answer of it."""
    asked = [term for term in terms if _has_trigram(term)]
    told = [f"document : {_phrase(term)}" if len(term) > 2 else f"words : {_phrase(f' {term}')}" for term in asked]
    return literal_column("agreement_fts").match(" AND ".join(told))


def _phrase(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'  # a doubled quote is a quote inside the phrase


def _scanned(terms: Sequence[str], key: ColumnElement[int]) -> list[ColumnElement[bool]]:
    """A single letter has no trigram: it is looked for among what the other terms have found."""
    single = [_found(term) for term in terms if not _has_trigram(term)]
    return [key.in_(select(SearchDocument.agreement_id).where(*single))] if single else []


def _found(term: str) -> ColumnElement[bool]:
    """The term in the search document: anywhere, or a short one at the beginning of a word."""
    if len(term) < 3:
        return SearchDocument.words.like(f"%{escape_like(words(term) or f' {term}')}%", escape="\\")
    return SearchDocument.document.like(f"%{escape_like(term)}%", escape="\\")


def write_documents(connection: Connection, agreement_ids: Iterable[int]) -> None:
    """Write the search documents of these agreements anew."""
    ids = sorted(set(agreement_ids))
    for start in range(0, len(ids), CHUNK):
        _write_chunk(connection, ids[start : start + CHUNK])


def _write_leads(connection: Connection, agreement_ids: Iterable[int]) -> None:
    """Write at these agreements what a list sorts them by: the names of the leading partner and unit."""
    ids = sorted(set(agreement_ids))
    names = {
        "lead_partner_key": select(Partner.name_key).where(Partner.id == Agreement.lead_partner_id).scalar_subquery(),
        "lead_unit_key": select(Unit.name_key).where(Unit.id == Agreement.lead_unit_id).scalar_subquery(),
    }
    for start in range(0, len(ids), CHUNK):
        chunk = update(Agreement).where(Agreement.id.in_(ids[start : start + CHUNK]))
        # Nobody has changed the agreement because its partner is called otherwise now.
        connection.execute(chunk.values(names | {"updated_at": Agreement.updated_at}))


def _write_chunk(connection: Connection, ids: list[int]) -> None:
    rows = [{"agreement_id": key, **found._asdict()} for key, found in documents(connection, ids).items()]
    connection.execute(delete(SearchDocument).where(SearchDocument.agreement_id.in_(ids)))
    if rows:
        connection.execute(insert(SearchDocument), rows)


def documents(connection: Connection, ids: Sequence[int]) -> dict[int, Document]:
    """What these agreements should be found by, by id. At most CHUNK of them."""
    parts: dict[int, list[str]] = {}
    for row in connection.execute(_parts(ids)):
        parts.setdefault(row[0], []).append(row[1])
    return {key: Document(fold(" ".join(found)), words(" ".join(found))) for key, found in parts.items()}


def _parts(ids: Sequence[int]) -> CompoundSelect[int, str]:
    """Every text these agreements are found by, one a row."""
    own = [
        select(Agreement.id, column).where(Agreement.id.in_(ids), column != "")
        for column in (Agreement.register_no, Agreement.title, Agreement.offer_number)
    ]
    numbers = select(Party.agreement_id, Party.number).where(Party.agreement_id.in_(ids), Party.number != "")
    partners = select(Party.agreement_id, Partner.name).join(Party.partner).where(Party.agreement_id.in_(ids))
    units = select(AgreementUnit.agreement_id, Unit.name).join(AgreementUnit.unit)
    shorts = select(AgreementUnit.agreement_id, Unit.short).join(AgreementUnit.unit)
    held = AgreementUnit.agreement_id.in_(ids)
    return own[0].union_all(*own[1:], numbers, partners, units.where(held), shorts.where(held))


@event.listens_for(db.session, "after_flush")
def _follow(session: Session, _context: object) -> None:
    """Whatever changes what an agreement is found by, its search document follows in the same transaction."""
    agreements, partners, units = set(), set(), set()
    changed = [row for row in session.dirty if _found_by_others(row)]
    for row in (*session.new, *changed, *session.deleted):
        if isinstance(row, Agreement):
            agreements.add(row.id)
        elif isinstance(row, Party | AgreementUnit):
            agreements.add(row.agreement_id)
        elif isinstance(row, Partner):
            partners.add(row.id)
        elif isinstance(row, Unit):
            units.add(row.id)
    agreements |= _naming(session.connection(), partners, units)
    if agreements:
        write_documents(session.connection(), agreements)
        _write_leads(session.connection(), agreements)


def _found_by_others(row: object) -> bool:
    """Whether it changes what an agreement is found by."""
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in _FOUND_BY.get(type(row), ()))


def _naming(connection: Connection, partner_ids: set[int], unit_ids: set[int]) -> set[int]:
    """The agreements whose documents name one of these partners or units."""
    if not partner_ids and not unit_ids:
        return set()
    parties = select(Party.agreement_id).where(Party.partner_id.in_(partner_ids))
    units = select(AgreementUnit.agreement_id).where(AgreementUnit.unit_id.in_(unit_ids))
    return set(connection.scalars(parties.union(units)))
