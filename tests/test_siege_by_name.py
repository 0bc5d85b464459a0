"""The requests that once broke a framework like ours, by name, on every list: answered with words, and the connection to the
database is as good afterwards as before."""

import csv
from datetime import date
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

import views
from extensions import db
from models import Base
from tests.people import Person
from tests.records import agreement
from tests.routes import records
from tests.rows import change

LISTS = {f"/admin/{screen.path or screen.screen}/": screen for screen in views.SCREENS if hasattr(screen, "listing")}
DIGITS = "9" * 20
# What is asked of a list -> what it may answer: the page as if nothing had been asked, or a refusal in words.
ASKED = {
    "search=%00": 200, "search=a%00b": 200, "search=%ff%fe": 200, "search=%ed%a0%80": 200, "page=-1": 200, f"page={DIGITS}": 200,
    "page=%00": 200, "page_size=-1": 200, f"page_size={DIGITS}": 200, "id=1,2": 200, f"id={DIGITS}": 200, "id=%00": 200,
    "limit=-1": 200, "offset=-1": 200, "sort=%00": 200, f"sort={DIGITS}": 200, "page=1&page=-1": 200, "page[]=1": 200,
    "flt0_nothing_equals=%00": 400, "flt%00_a_b=1": 400, f"flt{DIGITS}_title_contains=a": 400,
}  # fmt: skip


@pytest.fixture
def one_connection(app: Flask) -> Any:
    """Every request of the test uses the same connection; tells how often one was opened."""
    opened: list[int] = []
    with app.app_context():
        db.engine.dispose()
        engine = db.engine

    def note(*_about: Any) -> None:
        opened.append(1)

    event.listen(engine, "connect", note)
    yield opened
    event.remove(engine, "connect", note)


@pytest.mark.parametrize("url", LISTS)
def test_a_list_stands_what_breaks_others(andi: Person, one_connection: list[int], url: str) -> None:
    plain = andi.total(url)
    for query, status in ASKED.items():
        assert andi.get(f"{url}?{query}").status_code == status, query
        assert andi.total(url) == plain, query

    assert len(one_connection) == 1


@pytest.mark.parametrize("url", LISTS)
def test_a_nul_in_any_filter_of_a_list_is_no_fault(andi: Person, one_connection: list[int], url: str) -> None:
    plain = andi.total(url)
    values = (
        ("%00",) if "/monitoring/" in url else ("%00", "a%00b", DIGITS, "-1", "1,2")
    )  # those have the filters of agreements
    for each in LISTS[url].listing.filters:
        for operation in each.operations:
            for value in values:
                assert andi.get(f"{url}?flt0_{each.name}_{operation}={value}").status_code in (200, 400), (each.name, operation)

    assert andi.total(url) == plain
    assert len(one_connection) == 1


LOOKUPS = [(url, name) for url, screen in LISTS.items() for name in screen.lookups]


@pytest.mark.parametrize(("url", "name"), LOOKUPS)
def test_a_lookup_stands_them_too_and_never_gives_more_than_it_does(andi: Person, url: str, name: str) -> None:
    usual = len(andi.get(f"{url}ajax/lookup/?name={name}").json)
    for asked in (
        "query=%00",
        "query=a%00b",
        "limit=-1",
        f"limit={DIGITS}",
        "offset=-1",
        f"offset={DIGITS}",
        "query=%25",
        "query=_",
    ):
        answer = andi.get(f"{url}ajax/lookup/?name={name}&{asked}")
        assert answer.status_code == 200, asked
        assert len(answer.json) <= usual <= 20, asked
    assert andi.get(f"{url}ajax/lookup/?name=%00").status_code == 404


@pytest.mark.parametrize("key", ["1,2", DIGITS, "%00", "-1", "1%00", "0x1", "1e3", "%ff", "2147483648", "9223372036854775808"])
def test_an_id_that_is_none_is_not_there_on_any_page(andi: Person, one_connection: list[int], key: str) -> None:
    for page, url in product(("details", "edit", "history"), LISTS):
        assert andi.get(f"{url}{page}/?id={key}").status_code in (403, 404), (url, page)

    assert andi.get("/admin/agreement/").status_code == 200
    assert len(one_connection) == 1


# --- files that a spreadsheet opens ------------------------------------------------------------------------------

FORMULA = "=A1+"
# Columns that a person fills in freely.
TEXTS = {
    "agreement": ("title", "place_signed", "open_ended_reason", "duration", "background", "purpose", "location", "scope",
                  "benefits", "impact", "financing", "offer_number", "terminated_as", "terminated_reason", "closed_reason",
                  "renewal_reason", "paper_place", "source", "source_note"),
    "party": ("number", "signatory", "signatory_post"),
    "partner": ("name", "address", "region", "country", "email", "phone"), "contact": ("name", "post", "email", "phone"),
    "stage": ("name", "ground", "remark"), "unit": ("name", "short"), "sector": ("name",), "holiday": ("name",),
    "procedure": ("name", "basis"), "regulation": ("kind", "number", "title", "governs", "note"), "user": ("name",),
    "attachment": ("title", "paper_place", "original_name", "reason"),
}  # fmt: skip


@pytest.mark.parametrize("url", [url for url, screen in LISTS.items() if screen.export_columns])
def test_no_cell_of_any_column_of_any_file_is_a_formula(app: Flask, url: str) -> None:
    person, screen = Person(app, "auditor" if url == "/admin/audit/" else "admin"), LISTS[url]
    records(app)
    with app.app_context():
        agreement(db.session(), "Sudah lewat", origin="archive", signed_on=date(2020, 1, 1), ends_on=date(2021, 1, 1))
    for name, columns in TEXTS.items():
        table = Base.metadata.tables[name]
        change(app, table.update().values({column: FORMULA + table.c[column] for column in columns}))
    Person(app, "admin")  # signs in under a name that begins like a formula, which the trail keeps
    columns = ",".join(column.name for column in (*screen.export_columns, *screen.export_more))

    for named, mark in (("comma", ","), ("semicolon", ";")):
        lines = [
            *csv.reader(person.get(f"{url}export/csv/?columns={columns}&delimiter={named}").text.splitlines(), delimiter=mark)
        ]
        cells = [cell for line in lines for cell in line]
        assert [cell for cell in cells if cell.startswith(FORMULA)] == []
        assert [cell for cell in cells if cell.startswith(f"'{FORMULA}")] != [], "nothing to be defused"
