"""Every number opens exactly the rows it counts: for every role, on every page of numbers, also where it is 0."""

import html
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from extensions import db
from models import Agreement, Partner
from tests import records
from tests.conftest import TODAY
from tests.people import ROLES, Person
from tests.rows import change

PAGES = (
    "/admin/", "/admin/monitoring/gaps/", "/admin/monitoring/offers/", "/admin/monitoring/offers/?months=36",
    *(f"/admin/monitoring/recap/?by={by}" for by in ("group", "procedure", "sector", "unit", "partner_kind", "year")),
)  # fmt: skip
LINK = re.compile(r"<a [^>]*data-count=[^>]*>")


def numbers(page: str) -> Iterator[tuple[str, int]]:
    """The address and the number of every link that counts something."""
    for tag in LINK.findall(page):
        address, count = re.search(r'href="([^"]+)"', tag), re.search(r'data-count="(\d+)"', tag)
        assert address is not None, tag
        assert count is not None, tag
        yield html.unescape(address[1]), int(count[1])


def wrong(person: Person, address: str) -> tuple[int, list[str]]:
    """How many different numbers the page has, and those whose list has another total."""
    page = person.get(address)
    assert page.status_code == 200, page.text
    found = sorted(set(numbers(page.text)))
    return len(found), [f"{count} but {total}: {url}" for url, count in found if (total := person.total(url)) != count]


@pytest.fixture
def awkward(app: Flask) -> Flask:
    """Rows that make numbers go astray: binned, undated, of two partners of one kind, of two units, closed, terminated."""
    with app.app_context():
        session, day = db.session(), timedelta(days=1)
        running = {"signed_on": date(2026, 1, 5), "units": ("dinas_perhubungan", "dpupr")}
        records.agreement(session, "Uji dua mitra", partners=("PT Satu", "PT Dua"), ends_on=TODAY + 30 * day, **running)
        records.agreement(session, "Uji hari ini", ends_on=TODAY, **running)
        records.agreement(session, "Uji 31 hari", ends_on=TODAY + 31 * day, renewal_decision="preparing", **running)
        records.agreement(session, "Uji 90 hari", ends_on=TODAY + 90 * day, **running)
        records.agreement(session, "Uji kemarin", ends_on=TODAY - day, **running)
        records.agreement(session, "Uji tanpa tanggal", units=("dinas_perhubungan",), origin="archive")
        records.agreement(session, "Uji diakhiri", ends_on=TODAY + 40 * day, terminated_on=TODAY, **running)
        records.agreement(session, "Uji ditolak", closed_on=TODAY, closed_as="refused", offer_received=TODAY - 3 * day)
        for number, since in enumerate((0, 30, 31, 60, 61, 90, 91)):
            waiting = {"holder": "mitra", "stage_since": TODAY - since * day, "offer_received": TODAY - since * day}
            records.agreement(session, f"Uji proses {number}", units=("dinas_perhubungan",), **waiting)
        records.agreement(session, "Uji proses tanpa tanggal", units=("dinas_perhubungan",))
        for title, given in (("terbuang", running | {"ends_on": TODAY}), ("proses terbuang", {"holder": "mitra"})):
            records.agreement(session, f"Uji {title}", **given).deleted_at = records.moment(2026, 11, 1)
        session.commit()
    return app


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("role", ROLES)
def test_every_number_over_the_sample_opens_its_rows(app: Flask, role: str, address: str) -> None:
    count, faults = wrong(Person(app, role), address)

    assert count >= 10
    assert faults == []


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("role", ["staff", "unit"])
def test_every_number_over_awkward_rows_opens_its_rows(awkward: Flask, role: str, address: str) -> None:
    count, faults = wrong(Person(awkward, role), address)

    assert count >= 10
    assert faults == []


@pytest.mark.parametrize("address", PAGES[:2])
def test_an_empty_register_has_honest_zeros(app: Flask, address: str) -> None:
    change(app, update(Agreement).values(deleted_at=records.moment(2026, 11, 1)))
    change(app, update(Partner).values(deleted_at=records.moment(2026, 11, 1)))
    sinta = Person(app, "staff")

    page = sinta.get(address).text
    assert {count for _, count in numbers(page)} == {0}
    assert "Belum ada naskah" in page
    assert wrong(sinta, address)[1] == []
