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
from sikerja.verification import agreements, attachments, constraints, database, families, files, names, process
from sikerja.verification.faults import Check, Fault

CHECKS: tuple[Check, ...] = (
    database.integrity,
    database.triggers,
    database.search_index,
    constraints.rows,
    constraints.uniques,
    families.circles,
    families.roots,
    families.ends,
    agreements.standing,
    agreements.parties,
    agreements.units,
    agreements.lead_names,
    agreements.search_documents,
    agreements.numbers,
    names.folded,
    attachments.attachments,
    attachments.closing_documents,
    attachments.official_texts,
    process.exclusive_stages,
    process.grounds,
    process.events,
    process.kept_deadlines,
    process.published_versions,
)
FILE_CHECKS = (files.contents, files.strays)


def verify(engine: Engine, store: Store, checked: Counter[str]) -> Iterator[Fault]:
    """Every fault, as it is found. `checked` counts what was looked at: agreements, attachments, files."""
    with exports.reading_session(engine) as session:
        behind = list(_told(partial(database.schema, session, checked)))
    yield from behind
    if not behind:  # another version's tables can't be asked what this one wants to know
        yield from _each_once(_all(engine, store, checked), "unreadable")


def _all(engine: Engine, store: Store, checked: Counter[str]) -> Iterator[Fault]:
    for check in CHECKS:
        # Each sees one moment; none keeps the moment of all for the whole night.
        with exports.reading_session(engine) as session:
            yield from _told(partial(check, session, checked))
    for file_check in FILE_CHECKS:
        yield from _told(partial(file_check, engine, store, checked))


def _each_once(faults: Iterator[Fault], kind: str) -> Iterator[Fault]:
    """The faults, those of this kind once: what stops one check stops the next one too."""
    told: set[Fault] = set()
    for fault in faults:
        if fault not in told:
            yield fault
        if fault.kind == kind:
            told.add(fault)


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
