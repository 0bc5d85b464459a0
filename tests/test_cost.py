"""What a page costs: few statements whatever its columns, and little to send."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from models import Agreement
from tests import records
from tests.conftest import Statements
from tests.people import ROLES, Person
from tests.routes import add_draft, add_view
from tests.ways import Way

SCREENS = (
    "agreement",
    "partner",
    "contact",
    "stage",
    "unit",
    "sector",
    "procedure",
    "regulation",
    "holiday",
    "user",
    "audit",
    "attachment",
    "view",
    "version",
    "stage_rule",
    "document_rule",
    "deadline_rule",
)
HEAVY = "flt0_group_equals=ksdpk&flt1_sector_equals=1&flt2_unit_in_list=1,2&flt3_partner_contains=a&flt4_validity_not_equal=ended&search=uji"


@pytest.mark.parametrize("state", ["", "page_size=200", "sort=partner", "sort=validity", HEAVY, "open=unit:equals", "exact=1"])
@pytest.mark.parametrize("screen", SCREENS)
def test_a_list_page_takes_at_most_six_statements(andi: Person, statements: Statements, screen: str, state: str) -> None:
    state = state if screen == "agreement" else ("" if "flt" in state or "open" in state else state)
    andi.get("/admin/")
    statements.clear()

    assert andi.get(f"/admin/{screen}/?{state}").status_code == 200
    assert len(statements) <= 6, "\n\n".join(statements)


@pytest.mark.parametrize("state", ["", "page_size=200", HEAVY, "open=unit:equals"])
def test_a_list_page_with_tabs_takes_at_most_eight(andi: Person, statements: Statements, state: str) -> None:
    for number in range(20):
        add_view(andi.app, query=f"search=uji+{number}", name=f"Tampilan {number}")
    statements.clear()

    assert andi.get(f"/admin/agreement/?{state}").text.count("data-count=") == 21
    assert len(statements) <= 8, "\n\n".join(statements)


def test_the_statements_do_not_grow_with_the_rows(andi: Person, session: Session, statements: Statements) -> None:
    for number in range(30):
        records.agreement(session, f"Uji {number}", partners=("PT Satu", "PT Dua"), units=("dpupr",))
    statements.clear()

    andi.get("/admin/agreement/?page_size=50")

    assert len(statements) <= 6


def test_an_export_takes_a_few_statements_a_chunk(sinta: Person, statements: Statements) -> None:
    statements.clear()

    assert sinta.get("/admin/agreement/export/csv/").data

    assert len(statements) <= 6  # two of them write down that it was taken


def test_a_page_of_fifty_rows_is_light(sinta: Person, session: Session) -> None:
    for number in range(10):
        records.agreement(session, f"Penyelenggaraan layanan terpadu bagi masyarakat kota tahap {number}", units=("dpupr",))

    page = sinta.get("/admin/agreement/?page_size=50")

    assert page.text.count("<tr data-key=") == 50
    assert len(page.data) <= 45 * 1024


def test_no_form_stands_in_a_row(sinta: Person) -> None:
    page = sinta.get("/admin/agreement/?page_size=50").text

    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert "<form" not in table
    assert "<svg" not in table


def test_a_details_page_does_not_ask_more_for_a_larger_family(sinta: Person, session: Session, statements: Statements) -> None:
    parent = records.agreement(session, "Uji KB", instrument="kb")
    for number in range(8):
        records.agreement(session, f"Uji PKS {number}", parent=parent)
    statements.clear()

    sinta.get(f"/admin/agreement/details/?id={parent.id}")

    assert len(statements) <= 26, "\n\n".join(statements)


def test_a_details_page_does_not_ask_more_for_a_longer_way(sinta: Person, session: Session, statements: Statements) -> None:
    short, long = Way(session, "ksdpl", "pernyataan_kehendak"), Way(session, "ksdd_wajib", "pks").walk()
    counts = []
    for way in (long, short, long):  # what is published is read once, then remembered
        session.rollback()
        statements.clear()
        assert sinta.get(f"/admin/agreement/details/?id={way.agreement.id}").status_code == 200
        counts.append(len(statements))

    assert counts[2] <= 28
    assert counts[2] - counts[1] <= 1  # the files that may end a signed one early


@pytest.mark.parametrize("screen", ["procedure", "version", "stage_rule", "document_rule", "deadline_rule"])
def test_a_page_of_the_law_takes_at_most_seventeen_statements(andi: Person, statements: Statements, screen: str) -> None:
    ids = add_draft(andi.app) | {"procedure": 1}
    andi.get("/admin/procedure/details/?id=1")  # what is published is read once, then remembered
    statements.clear()

    assert andi.get(f"/admin/{screen}/details/?id={ids[screen]}").status_code == 200
    assert len(statements) <= 17, "\n\n".join(statements)


@pytest.mark.parametrize("role", ROLES)
def test_the_dashboard_takes_at_most_twenty_statements(app: Flask, statements: Statements, role: str) -> None:
    person = Person(app, role)
    person.get("/admin/")
    statements.clear()

    assert person.get("/admin/").status_code == 200
    assert len(statements) <= 20, "\n\n".join(statements)


def test_the_page_of_gaps_takes_at_most_six_statements(sinta: Person, statements: Statements) -> None:
    sinta.get("/admin/")
    statements.clear()

    assert sinta.get("/admin/monitoring/gaps/").status_code == 200
    assert len(statements) <= 6, "\n\n".join(statements)


def test_a_save_writes_each_row_once(sinta: Person, session: Session, statements: Statements) -> None:
    agreement = records.agreement(session, "Meja", origin="archive", partners=())
    key, version = agreement.id, agreement.version
    session.rollback()
    form = {"title": "Meja", "origin": "archive", "group": "ksdpk", "instrument": "pks", "paper_place": "Lemari 3"}
    statements.clear()

    assert sinta.post(f"/admin/agreement/edit/?id={key}", form).status_code == 302

    written = [each.split("(")[0].split(" SET")[0].strip() for each in statements if not each.startswith(("SELECT", "PRAGMA"))]
    assert written == ["UPDATE agreement", "INSERT INTO audit_entry"]
    session.expire_all()
    assert session.get_one(Agreement, key).version == version + 1
