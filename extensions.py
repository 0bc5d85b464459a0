"""The extensions, made here and tied to an application in app.py; and how a database connection behaves."""

import math
import sqlite3
import time
from typing import Any

from flask import has_request_context, request
from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase

READING = ("GET", "HEAD", "OPTIONS")
# What one statement of a page may take. Files, commands and migrations take the time they need.
STATEMENT_SECONDS = 30.0
_STEPS = 200_000  # of SQLite's machine between two looks at the clock: a few milliseconds
_UNTIL = "sikerja_until"


class Base(DeclarativeBase):
    """Parent of every table. Constraints have speaking names, so that a refusal can be told in a sentence."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: Any) -> None:
    """Durable, checked, bound in time, with transactions that we begin ourselves (the driver's own would begin too late)."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    until = record.info[_UNTIL] = [math.inf]
    connection.set_progress_handler(lambda: time.monotonic() > until[0], _STEPS)


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """On SQLite writers take the lock at once: a transaction that reads first and writes later fails with "database is locked".

    PostgreSQL is told how long a statement of a page may take; it forgets it with the transaction.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _may_write(connection) else "BEGIN")
    elif _is_hurried(connection):
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {int(STATEMENT_SECONDS * 1000)}")


@event.listens_for(Engine, "before_cursor_execute")
def _hurry_sqlite(connection: Connection, *_statement: Any) -> None:
    """The same on SQLite, which has no clock of its own: the statement is broken off by our handler."""
    until = connection.info.get(_UNTIL)
    if until is not None:
        until[0] = time.monotonic() + STATEMENT_SECONDS if _is_hurried(connection) else math.inf


def _is_hurried(connection: Connection) -> bool:
    """Somebody waits for a page; a long reading says that it isn't one (`sikerja_patient`)."""
    return has_request_context() and not connection.get_execution_options().get("sikerja_patient")


def _may_write(connection: Connection) -> bool:
    """As the connection was told (`sikerja_writer`), else by what is going on: a command may write, a GET doesn't."""
    told = connection.get_execution_options().get("sikerja_writer")
    return not (has_request_context() and request.method in READING) if told is None else bool(told)
