"""Writes a synthetic register into an empty one: all of it or nothing, in one transaction, memory flat.

Rows go in by the driver's own fast way, past the ORM, with the indexes put aside meanwhile.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from models import Agreement, Partner, Sector, Unit
from models import Procedure as ProcedureRow
from sikerja import clock, paper, reference
from sikerja.files import inspection, place
from sikerja.law import versions
from sikerja.paper import Page
from sikerja.refusals import Refusal
from sikerja.synthetic import rows
from sikerja.synthetic.rows import COLUMNS, Blob, Maker, Reference

PORTION = 5000  # agreements
LARGEST = 10_000_000
UNITS = 40
_LIMIT = 1024 * 1024  # bytes that one of our own small papers may have


def fill(session: Session, count: int, told: Callable[[int], None] = lambda _count: None) -> None:
    """Write `count` agreements with all that hangs on them; `told` hears how many there are, now and then. Raises Refusal.

    What the reference data lacks is seeded, and units are added up to 40. The same count gives the same rows on the same day.
    """
    if session.scalar(select(Agreement.id).limit(1)) is not None or session.scalar(select(Partner.id).limit(1)) is not None:
        raise Refusal("Register sudah berisi. Data uji hanya dimuat ke register yang kosong.")
    reference.seed(session)
    _add_units(session)
    maker = Maker(_reference(session), count, clock.today())
    connection = session.connection()
    with _without_indexes(connection):
        _write(connection, "partner", maker.partners())
        for start in range(0, count, PORTION):
            for table, made in maker.portion(start, min(count, start + PORTION)).items():
                _write(connection, table, made)
            told(min(count, start + PORTION))
        _write(connection, "counter", maker.counters())
    _count_on(connection)


def _add_units(session: Session) -> None:
    there = session.scalar(select(func.count()).select_from(Unit)) or 0
    for number in range(there + 1, UNITS + 1):
        name = f"Perangkat Daerah Uji {number}"
        session.add(Unit(code=f"uji_{number}", name=name, short=f"PD Uji {number}", type="perangkat_daerah"))
    session.flush()


def _reference(session: Session) -> Reference:
    ids = {row.code: row.id for row in session.execute(select(ProcedureRow.code, ProcedureRow.id))}
    kinds = {
        each.code: rows.Kind(ids[each.code], version.id, each)
        for each in versions.all_published(session)
        if (version := versions.published(session, ids[each.code])) is not None
    }
    units = session.execute(select(Unit.id, Unit.name, Unit.short).order_by(Unit.id)).all()
    sectors = session.scalars(select(Sector.id).order_by(Sector.id))
    return Reference(kinds, [rows.named(*unit) for unit in units], list(sectors), [_blob(number) for number in range(1, 5)])


def _blob(pages: int) -> Blob:
    """One of the few real files that all attachments share."""
    text = ["Berkas untuk mengukur Sikerja, bukan naskah."]
    content = paper.pdf("Data uji", [Page(f"Halaman {number}", text) for number in range(1, pages + 1)])
    accepted = inspection.inspect(io.BytesIO(content), "uji.pdf", _LIMIT, refuse_active_pdf=True)
    stored = place.the_store().put(io.BytesIO(content), _LIMIT)
    return Blob(stored.digest, stored.size, accepted.kind, accepted.pages)


# --- how each engine takes many rows -----------------------------------------------------------------------------


def _write(connection: Connection, table: str, made: list[tuple[Any, ...]]) -> None:
    if not made:
        return
    names = ", ".join(f'"{name}"' for name in COLUMNS[table])
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(COLUMNS[table]))
        connection.exec_driver_sql(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', made)  # noqa: S608 - our own names
        return
    cursor = connection.connection.cursor()
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in made:
            copy.write_row(row)


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Put the indexes and the triggers of search aside, and make them anew from what there is then."""
    found = _SQLITE_PARTS if connection.dialect.name == "sqlite" else _POSTGRESQL_PARTS
    # ANY(…) takes a list only on PostgreSQL; the names are our own.
    listed = ", ".join(f"'{table}'" for table in COLUMNS)
    parts = connection.execute(text(found.format(tables=listed))).all()
    for kind, name, _ in parts:
        connection.exec_driver_sql(f'DROP {kind} "{name}"')
    yield
    for _, _, made_by in parts:
        connection.exec_driver_sql(made_by)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO agreement_fts (agreement_fts) VALUES ('rebuild')")
    connection.exec_driver_sql("ANALYZE")


_SQLITE_PARTS = """
    SELECT type, name, sql FROM sqlite_master
    WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name IN ({tables}) ORDER BY name"""
_POSTGRESQL_PARTS = """
    SELECT 'INDEX', indexname, indexdef FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename IN ({tables})
        AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname) ORDER BY indexname"""


def _count_on(connection: Connection) -> None:
    """Let the database give the next ids after ours."""
    if connection.dialect.name == "sqlite":
        return  # it counts on from the highest by itself
    for table, columns in COLUMNS.items():
        if "id" in columns:
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM \"{table}\"))"  # noqa: S608
            )
