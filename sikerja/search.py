"""The search documents of agreements: written when anything an agreement is found by changes, asked by words.

A word of three letters or more is found anywhere ("sehat" in "kesehatan"), a shorter one at the beginning of a word.
All words must be found. Accents and case don't count.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    column,
    delete,
    event,
    insert,
    inspect,
    literal_column,
    select,
    table,
)
from sqlalchemy.orm import Session

from extensions import db
from models import Agreement, AgreementUnit, Partner, Party, SearchDocument, Unit
from rules.text import fold, words

MAX_LENGTH = 200
MAX_WORDS = 8
CHUNK = 500

# The columns that an agreement is found by.
_FOUND_BY: dict[type, tuple[str, ...]] = {
    Agreement: ("register_no", "title", "offer_number"),
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
    """The condition that an agreement is found by these words; None where nothing is asked."""
    terms = fold(asked[:MAX_LENGTH]).split()[:MAX_WORDS]
    conditions = [_found(term) for term in terms]
    if not conditions:
        return None
    found = select(SearchDocument.agreement_id).where(*conditions)
    return Agreement.id.in_(found)


def _found(term: str) -> ColumnElement[bool]:
    if len(term) < 3:
        return SearchDocument.words.like(f"%{escape_like(words(term) or f' {term}')}%", escape="\\")
    if db.engine.dialect.name == "sqlite":
        # FTS5's trigram index; a doubled quote is a quote inside the phrase.
        phrase = '"' + term.replace('"', '""') + '"'
        return SearchDocument.agreement_id.in_(select(_FTS.c.rowid).where(literal_column("agreement_fts").match(phrase)))
    return SearchDocument.document.like(f"%{escape_like(term)}%", escape="\\")


def escape_like(term: str) -> str:
    """The term with LIKE's own signs made plain."""
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def write_documents(connection: Connection, agreement_ids: Iterable[int]) -> None:
    """Write the search documents of these agreements anew."""
    ids = sorted(set(agreement_ids))
    for start in range(0, len(ids), CHUNK):
        _write_chunk(connection, ids[start : start + CHUNK])


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
