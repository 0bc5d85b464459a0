"""Nothing is read a row at a time: in tests it fails, elsewhere the page goes on and the log tells of it."""

import os
import subprocess
import sys
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session, defer, lazyload

import models
from config import ROOT
from extensions import db
from models import Agreement, Base
from sikerja import lazily
from sikerja.lazily import LazyLoadError
from sikerja.listing import Listing
from tests.loglines import Lines
from tests.people import BASE, Person

assert models.Base is Base


def relationships() -> list[Any]:
    return [each for mapper in Base.registry.mappers for each in mapper.relationships]


@pytest.mark.parametrize("relationship", relationships(), ids=str)
def test_no_relationship_is_read_unasked(relationship: Any) -> None:
    assert relationship.lazy == "raise"


def test_every_table_with_relationships_is_walked() -> None:
    assert len(relationships()) >= 24


def test_a_relationship_that_was_not_asked_for_is_refused(session: Session) -> None:
    agreement = session.scalars(select(Agreement)).first()
    assert agreement is not None

    with pytest.raises(InvalidRequestError, match=r"Agreement\.sector"):
        agreement.sector  # noqa: B018 - reading it is the test


def read_relationship(session: Session) -> None:
    """What a page would do wrong: the sector of each row."""
    for row in session.scalars(select(Agreement).options(lazyload(Agreement.parties)).limit(3)):
        assert row.parties is not None


def read_left_out(session: Session) -> None:
    """And this: a column that was left out."""
    for row in session.scalars(select(Agreement).options(defer(Agreement.title)).limit(3)):
        assert row.title


def read_stale(session: Session) -> None:
    """And this: a row that has gone stale."""
    for row in session.scalars(select(Agreement).limit(3)):
        session.expire(row)
        assert row.title


WRONG = {read_relationship: "Agreement.parties", read_left_out: "a column of Agreement", read_stale: "a column of Agreement"}
PAGES = {
    "agreement.index_view": "/admin/agreement/",
    "agreement.export": "/admin/agreement/export/csv/",
    "ending.index_view": "/admin/monitoring/ending/",
    "dashboard.index_view": "/admin/",
}


def spoil(monkeypatch: pytest.MonkeyPatch, wrong: Any) -> None:
    """From now on whatever asks a list for rows does this besides."""
    for name in ("page", "stream", "tally"):
        right = getattr(Listing, name)

        def asked(self: Listing, session: Session, *rest: Any, right: Any = right, **more: Any) -> Any:
            wrong(session)
            return right(self, session, *rest, **more)

        monkeypatch.setattr(Listing, name, asked)


@pytest.mark.parametrize("endpoint", PAGES)
@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_in_a_test_the_page_fails(
    sinta: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, wrong: Any, endpoint: str
) -> None:
    spoil(monkeypatch, wrong)

    assert sinta.get(PAGES[endpoint]).status_code == 500

    told = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert [str(error) for error in told] == [f"{WRONG[wrong]} is read a row at a time in {endpoint}"]
    assert isinstance(told[0], LazyLoadError)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_in_production_the_page_goes_on_and_the_log_tells_each_place_once(
    app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, wrong: Any
) -> None:
    monkeypatch.setattr(lazily, "_told", set())
    app.config["TESTING"] = False
    spoil(monkeypatch, wrong)

    assert {sinta.get(PAGES[name]).status_code for name in (*PAGES, *PAGES)} == {200}

    told = [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "sikerja.lazily"]
    assert sorted(told) == sorted(("WARNING", f"{WRONG[wrong]} is read a row at a time in {name}") for name in PAGES)


def test_the_log_names_place_and_request(app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch, lines: Lines) -> None:
    monkeypatch.setattr(lazily, "_told", set())
    app.config["TESTING"] = False
    spoil(monkeypatch, read_relationship)

    page = sinta.get("/admin/agreement/")

    assert f'"request_id": "{page.headers["X-Request-ID"]}"' in lines.written[0]
    assert '"endpoint": "agreement.index_view"' in lines.written[0]


def test_a_deleted_row_takes_its_parts_along_unwatched(app: Flask) -> None:
    with app.test_request_context("/", method="POST", base_url=BASE):
        agreement = db.session.scalars(select(Agreement).options(lazyload(Agreement.parties))).first()
        assert agreement is not None
        assert agreement.parties is not None


def test_outside_tests_the_tables_read_what_is_asked_for_late(tmp_path: Any) -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import models; print({r.lazy for m in models.Base.registry.mappers for r in m.relationships})"],
        cwd=ROOT, env={"PATH": os.defpath, "SIKERJA_ENV": "production"}, check=True, capture_output=True, text=True,
    )  # fmt: skip

    assert said.stdout.strip() == "{'select'}"


def test_who_asks_is_read_again_after_a_refusal(sinta: Person) -> None:
    assert sinta.get("/admin/agreement/?flt0_nothing_equals=1").status_code == 400
