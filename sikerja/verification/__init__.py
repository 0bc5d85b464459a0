"""Proof that nothing is lost or changed: the database, the register's own rules, the files. Reads only, holds nobody up.

Each check looks through one matter and tells its faults; `verify` goes through all of them.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from sikerja import exports
from sikerja.files.store import Store
from sikerja.verification import agreements, attachments, constraints, database, families, files, names
from sikerja.verification.faults import Check, Fault

# Where one of these finds something, the others would only tell it again in other words.
FIRST: tuple[Check, ...] = (database.integrity, database.schema)
CHECKS: tuple[Check, ...] = (
    database.triggers,
    database.search_index,
    constraints.rows,
    constraints.uniques,
    families.circles,
    families.roots,
    agreements.standing,
    agreements.parties,
    agreements.units,
    agreements.search_documents,
    agreements.numbers,
    names.folded,
    attachments.attachments,
)
FILE_CHECKS = (files.contents, files.strays)
_BREAKING = {"schema", "unreadable"}


def verify(engine: Engine, store: Store, checked: Counter[str]) -> Iterator[Fault]:
    """Every fault, as it is found. `checked` counts what was looked at: agreements, attachments, files."""
    with exports.reading_session(engine) as session:
        broken = False
        for check in FIRST:
            for fault in _told(partial(check, session, checked)):
                broken = broken or fault.kind in _BREAKING
                yield fault
            session.rollback()
        if broken:
            return
        for check in CHECKS:
            yield from _told(partial(check, session, checked))
            session.rollback()  # each sees one moment; none keeps the moment of all for the whole night
    for file_check in FILE_CHECKS:
        yield from _told(partial(file_check, engine, store, checked))


def _told(check: Callable[[], Iterator[Fault]]) -> Iterator[Fault]:
    """The faults of a check; where the database or the store can't be read, that is one of them."""
    try:
        yield from check()
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        yield Fault("unreadable", "database", f"Basis data tidak dapat dibaca: {reason}.")
    except OSError as error:
        yield Fault("unreadable", "store", f"Penyimpanan lampiran tidak dapat dibaca: {error.strerror}.")


__all__ = ["Fault", "verify"]
