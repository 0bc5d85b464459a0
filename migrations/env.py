"""Runs the migrations: one connection, one transaction, one runner at a time."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

import models
from extensions import Base, db

LOCK = 7_340_219  # any number, the same for every runner


def include_object(thing: object, name: str | None, kind: str, reflected: bool, compared: object) -> bool:
    """SQLite's full-text index and its shadow tables are the migration's own, not the models'."""
    return not (kind == "table" and name is not None and name.startswith("agreement_fts"))


def run(connection: Connection) -> None:
    """Bring the schema to where the command asks."""
    if connection.dialect.name == "postgresql":
        # Two workers starting at once: the second waits, and then finds nothing left to do.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        include_object=include_object,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


assert models.Base is Base
current_app.logger.info("migrating %s", db.engine.dialect.name)
with db.engine.connect().execution_options(sikerja_writer=True) as writing, writing.begin():
    run(writing)
