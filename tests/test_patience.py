"""How long the database may take: a page is told in words that it took too long, a file and a command take what they need."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from psycopg import ServerCursor
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import extensions
from extensions import db
from sikerja import exports
from sikerja.listing import Listing
from sikerja.refusals import TOO_LONG
from tests import engines
from tests.loglines import Lines
from tests.people import BASE, Person
from tests.slow.filling import fill

ENDLESS = """
    WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 1000000000)
    SELECT count(*) FROM numbers
"""
A_SECOND = """
    WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 600000)
    SELECT count(*) FROM numbers
"""


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement of a page may take a tenth of a second."""
    monkeypatch.setattr(extensions, "STATEMENT_SECONDS", 0.1)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first list that is asked for takes for ever, the next ones don't."""
    right, asked = Listing.page, []

    def page(self: Listing, session: Session, *rest: Any) -> Any:
        asked.append(self)
        if len(asked) == 1:
            session.execute(text(ENDLESS))
        return right(self, session, *rest)

    monkeypatch.setattr(Listing, "page", page)


@pytest.mark.usefixtures("hurried", "endless")
def test_a_page_that_takes_too_long_says_what_to_do_and_the_next_one_works(sinta: Person) -> None:
    page = sinta.get("/admin/agreement/?search=naskah")

    assert page.status_code == 503
    assert "Permintaan terlalu lama" in page.text
    assert TOO_LONG in page.text
    assert page.headers["X-Request-ID"] in page.text
    assert sinta.total("/admin/agreement/") == 47


@pytest.mark.usefixtures("hurried", "endless")
def test_it_is_logged_by_its_code(sinta: Person, lines: Lines) -> None:
    sinta.get("/admin/agreement/?search=naskah")

    code = {"sqlite": "SQLITE_INTERRUPT", "postgresql": "57014"}[engines.ENGINE]
    assert f'"code": "{code}"' in lines.written[0]
    assert "RECURSIVE" not in lines.written[0]


@pytest.mark.usefixtures("hurried")
def test_a_long_reading_takes_the_time_it_needs(app: Flask) -> None:
    with app.test_request_context("/admin/agreement/export/csv/", base_url=BASE), exports.reading_session(db.engine) as reading:
        assert reading.scalar(text(A_SECOND)) == 600000


@pytest.mark.usefixtures("hurried")
def test_a_command_takes_the_time_it_needs(app: Flask) -> None:
    with app.app_context():
        assert db.session.scalar(text(A_SECOND)) == 600000


@pytest.mark.usefixtures("hurried")
def test_what_takes_a_second_is_too_long_for_a_page(app: Flask) -> None:
    with app.test_request_context("/", base_url=BASE), pytest.raises(OperationalError):
        db.session.scalar(text(A_SECOND))


# --- a file of any length ----------------------------------------------------------------------------------------


def resident() -> int:
    """Bytes of memory that this process holds."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


@pytest.fixture
def cursors(app: Flask) -> Iterator[list[type]]:
    """The kinds of cursor that statements were sent by."""
    used: list[type] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: Any, cursor: Any, *_rest: Any) -> None:
        used.append(type(getattr(cursor, "driver_connection", cursor)))

    event.listen(engine, "before_cursor_execute", note)
    yield used
    event.remove(engine, "before_cursor_execute", note)


ROWS = 200_000
MORE = 40 * 1024 * 1024  # what the process may grow by; all rows at once are several hundred megabytes


def test_memory_does_not_grow_with_the_file(app: Flask, sinta: Person, cursors: list[type]) -> None:
    fill(app, ROWS, "Ruang lingkup kerja sama. " * 10)
    answer = sinta.client.get("/admin/agreement/export/csv/", base_url=BASE)
    pieces = iter(answer.response)
    lines = next(pieces).count(b"\r\n") + next(pieces).count(b"\r\n")
    before = most = resident()

    for piece in pieces:
        lines += piece.count(b"\r\n")
        most = max(most, resident())
    answer.close()

    assert lines == 1 + 47 + ROWS
    assert most - before < MORE
    if engines.ENGINE == "postgresql":
        assert any(issubclass(used, ServerCursor) for used in cursors)


# --- the connection is lost --------------------------------------------------------------------------------------

if engines.ENGINE == "postgresql":  # SQLite has no connection that somebody else could end

    def test_a_lost_connection_is_made_anew(app: Flask, sinta: Person) -> None:
        sinta.get("/admin/agreement/")
        end_all(app)

        assert sinta.get("/admin/agreement/").status_code == 200

    def end_all(app: Flask) -> None:
        """Somebody restarts the server, or a firewall forgets us: every connection of the application is ended."""
        other = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
        ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with other.connect() as connection:
            assert connection.scalar(text(ended))
        other.dispose()
