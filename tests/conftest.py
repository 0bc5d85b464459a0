"""One application a worker, one database a test."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

os.environ["SIKERJA_ENV"] = "testing"
os.environ["SIKERJA_DATA"] = tempfile.mkdtemp(prefix="sikerja-data-")
atexit.register(shutil.rmtree, os.environ["SIKERJA_DATA"], ignore_errors=True)

import flask_migrate

from app import create_app
from extensions import db
from sikerja import reference, sample, saved
from tests import engines
from tests.people import Person
from tests.slow import disks

TODAY = date(2026, 11, 24)
pytest_plugins = ("tests.browser", "tests.logged", "tests.loglines", "tests.savers", "tests.world")


def pytest_report_header() -> str:
    """Says which of the two full disks this run can have."""
    return f"full disk by: {', '.join(disks.kinds())}"


@pytest.fixture(scope="session")
def database(worker_id: str) -> Any:
    """This worker's database engine."""
    return engines.start(worker_id)


@pytest.fixture(scope="session")
def whole_app(database: Any) -> Flask:
    """The application over the template of the sample register."""
    os.environ |= {"DATABASE_URL": database.url, "SIKERJA_TODAY": TODAY.isoformat()}
    app = create_app()
    with app.app_context():
        flask_migrate.upgrade()
        reference.seed(db.session())
        sample.load(db.session())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    database.keep_as_template()
    return app


@pytest.fixture
def app(whole_app: Flask, database: Any) -> Iterator[Flask]:
    """The application over a fresh copy of the sample register."""
    database.reset()
    saved.counts.clear()
    kept = dict(whole_app.config)
    yield whole_app
    whole_app.config.clear()
    whole_app.config.update(kept)
    with whole_app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A database session, for what a test prepares or looks up beside the screens."""
    with app.app_context():
        yield db.session()


@pytest.fixture
def empty(app: Flask, database: Any) -> Iterator[Flask]:
    """The application over an empty register, put together again afterwards."""
    with app.app_context():
        db.session.remove()
        flask_migrate.downgrade(revision="base")
        flask_migrate.upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()
        database.rebuild()


def _person(role: str | None) -> Any:
    @pytest.fixture
    def person(app: Flask) -> Person:
        return Person(app, role)

    return person


andi = _person("admin")
budi = _person("admin")
sinta = _person("staff")
rahmat = _person("supervisor")
dewi = _person("unit")
bima = _person("auditor")
tamu = _person(None)


class Statements(list[str]):
    """The SQL statements that were sent, but for those that open and close a transaction."""


@pytest.fixture
def statements(app: Flask) -> Iterator[Statements]:
    """Counts what goes to the database."""
    sent = Statements()
    with app.app_context():
        engine = db.engine

    def note(_conn: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SET ", "SHOW ")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
