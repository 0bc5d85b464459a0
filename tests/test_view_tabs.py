"""Saved views stand as tabs over their list, and one opens after signing in.

A tab counts what its reader would see; a view of what is gone shows no number and says why; what can't open gives way to the
dashboard. Today is 24 November 2026.
"""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from models import AuditEntry, SavedView, User
from sikerja import saved
from tests import records
from tests.conftest import Statements
from tests.people import PASSWORD, ROLES, Person
from tests.routes import add_view
from tests.rows import ask, change, rows
from tests.tabs import DETAILS, LIST, PROCESS, TAB, address_of, keep, tabs, view_id

# --- tabs and their counts ---------------------------------------------------------------------------------------


def test_tabs_stand_in_order_mine_first_and_only_where_they_belong(sinta: Person, andi: Person) -> None:
    keep(andi, "A dari Andi", shared_with="staff")
    keep(andi, "Rahasia Andi")
    keep(andi, "Untuk pengawas", shared_with="auditor")
    keep(sinta, "Z milik Sinta", "search=parkir")
    keep(sinta, "Mitra saja", "", "partner")

    assert [name for name, _ in tabs(sinta)] == ["Semua", "Z milik Sinta", "A dari Andi"]
    assert [name for name, _ in tabs(sinta, "/admin/partner/")] == ["Semua", "Mitra saja"]
    assert tabs(sinta, "/admin/view/") == []
    assert tabs(sinta, f"{LIST}?bin=1") == []
    keep(sinta, "Untuk staf", shared_with="staff")
    assert [name for name, _ in tabs(andi)] == ["Semua", "A dari Andi", "Rahasia Andi", "Untuk pengawas"]


@pytest.mark.parametrize("role", ROLES)
def test_each_tab_counts_the_rows_its_reader_sees(app: Flask, role: str) -> None:
    for number, query in enumerate((PROCESS, "search=rujukan", "flt0_group_equals=ksdpk", "search=tidakada")):
        add_view(app, "admin", query, name=f"Tampilan {number}", shared_with=role)
    person = Person(app, role)

    found = TAB.findall(person.get(LIST).text)

    assert len(found) == 5
    for address, _, count, name, shown in found:
        assert person.total(address.replace("&amp;", "&")) == int(count) == int(shown), name
    assert found[0][2] == ("8" if role == "unit" else "47")


def test_a_tab_counts_up_to_a_thousand_as_the_list_does(sinta: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sikerja.listing.COUNT_CAP", 20)
    keep(sinta, "Berjalan")

    page = sinta.get(f"{LIST}?search=parkir").text
    assert tabs(sinta, f"{LIST}?search=parkir") == [("Semua", "20+"), ("Berjalan", "20+")]
    assert page.count('data-count="20" data-count-capped="1"') == 2


def test_counts_may_be_a_minute_old_but_the_open_list_never_contradicts_its_tab(
    sinta: Person, session: Any, monkeypatch: pytest.MonkeyPatch, statements: Statements
) -> None:
    moment = [1000.0]
    monkeypatch.setattr("sikerja.saved.time.monotonic", lambda: moment[0])
    keep(sinta, "Berjalan")
    assert tabs(sinta) == [("Semua", "47"), ("Berjalan", "27")]
    records.agreement(session, "Baru")
    session.rollback()

    assert tabs(sinta) == [("Semua", "48"), ("Berjalan", "27")]
    assert tabs(sinta, f"{LIST}?{PROCESS}")[1] == ("Berjalan", "28")
    moment[0] += 59
    statements.clear()
    assert tabs(sinta) == [("Semua", "48"), ("Berjalan", "27")]
    with_kept_counts = len(statements)
    moment[0] += 2
    statements.clear()
    assert tabs(sinta) == [("Semua", "48"), ("Berjalan", "28")]
    assert len(statements) == with_kept_counts + 1


def test_a_minute_old_count_is_nobody_else_s(sinta: Person, dewi: Person, rahmat: Person) -> None:
    for role in ("staff", "unit", "supervisor"):
        add_view(sinta.app, "admin", PROCESS, name=f"Berjalan {role}", shared_with=role)

    assert [tabs(person, f"{LIST}?search=a")[1][1] for person in (sinta, dewi, rahmat)] == ["27", "3", "27"]


def test_a_count_of_yesterday_is_not_shown_today(sinta: Person, app: Flask) -> None:
    keep(sinta, "Segera", "flt0_validity_equals=ending")
    assert tabs(sinta)[1] == ("Segera", "2")

    app.config["SIKERJA_TODAY"] = date(2030, 1, 1)

    assert tabs(sinta)[1] == ("Segera", "0")


def test_what_is_kept_in_the_process_is_bounded(sinta: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sikerja.saved.KEPT_COUNTS", 3)
    for number in range(10):
        add_view(sinta.app, "staff", f"search=uji+{number}", name=f"Tampilan {number}")

    assert len(tabs(sinta)) == 11
    assert len(saved.counts._kept) == 3


def test_no_more_than_fifty_tabs_stand_over_a_list(sinta: Person) -> None:
    for owner in ("admin", "staff"):
        for number in range(30):
            add_view(sinta.app, owner, name=f"{owner} {number}", shared_with="staff")

    assert len(tabs(sinta)) == 51


@pytest.mark.parametrize("query", ["", "search=a&page=1", PROCESS])
def test_who_keeps_no_view_pays_one_statement(sinta: Person, statements: Statements, query: str) -> None:
    statements.clear()
    sinta.get(f"{LIST}?{query}")
    assert len([each for each in statements if "saved_view" in each]) == 1
    without = len(statements)
    keep(sinta, "Satu", "search=zzz")
    keep(sinta, "Dua", "search=yyy")
    statements.clear()

    sinta.get(f"{LIST}?{query}")

    assert len(statements) == without + 1


# --- what is gone ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["flt0_dropped_equals=1", "sort=dropped", "flt0_validity_equals=dropped"])
def test_a_view_of_what_is_gone_shows_no_number_and_says_why_when_opened(sinta: Person, query: str) -> None:
    key = add_view(sinta.app, "staff", query, name="Lama")
    page = sinta.get(LIST)

    assert page.status_code == 200
    assert tabs(sinta) == [("Semua", "47"), ("Lama", "–")]
    answer = sinta.get(address_of(sinta, "Lama"))
    assert answer.status_code == 400
    assert "Tampilan “Lama” tidak dapat dibuka." in answer.text
    assert f'href="{LIST}"' in answer.text
    assert f'href="{DETAILS}{key}"' in answer.text
    details = sinta.get(f"{DETAILS}{key}")
    assert details.status_code == 200
    assert "Daftar tidak ditampilkan agar tidak keliru." in details.text
    assert sinta.post("/admin/view/delete/", {"id": str(key)}).status_code == 302


def test_a_view_of_a_list_that_one_may_not_open(dewi: Person) -> None:
    key = add_view(dewi.app, "admin", "", name="Narahubung", screen="contact", shared_with="unit")
    gone = add_view(dewi.app, "admin", "", name="Hilang", screen="gone", shared_with="unit")

    for each in (key, gone):
        page = dewi.get(f"{DETAILS}{each}")
        assert page.status_code == 200
        assert "Daftar yang tidak dapat Anda buka" in page.text
        assert dewi.get(f"/admin/view/open/?id={each}").status_code == 403
    assert set(dewi.keys("/admin/view/")) == {str(key), str(gone)}


def test_a_view_says_in_words_what_it_shows(sinta: Person) -> None:
    keep(sinta, "Pagi", "search=uji&flt0_ends_on_within_days=90&flt1_group_equals=ksdpk&sort=title&desc=1")

    page = sinta.get(f"{DETAILS}{view_id(sinta.app, 'Pagi')}").text
    said = "pencarian “uji”; Berakhir dalam 90 hari ke depan; Jenis sama dengan KSDPK; urut menurut Kerja sama, dari belakang"
    assert said in page


# --- after signing in --------------------------------------------------------------------------------------------


def lands(app: Flask, role: str = "staff", **more: str) -> str:
    """Where someone is sent who signs in."""
    return str(Person(app).sign_in(f"{role}@sikerja.test", PASSWORD, **more).headers["Location"])


def test_the_chosen_view_opens_after_signing_in(sinta: Person) -> None:
    app = sinta.app
    assert lands(app) == "/admin/"
    keep(sinta, "Pagi", start="y")
    key = view_id(app, "Pagi")

    assert lands(app) == f"{LIST}?{PROCESS}"
    assert lands(app, next="/admin/partner/") == "/admin/partner/"
    assert lands(app, "admin") == "/admin/"
    assert sinta.get("/admin/").status_code == 200

    sinta.post(f"/admin/view/edit/?id={key}", {"name": "Pagi"})  # the box isn't ticked any more
    assert lands(app) == "/admin/"
    sinta.post("/admin/view/start/", {"id": str(key), "start": "1"})
    assert lands(app) == f"{LIST}?{PROCESS}"
    sinta.post("/admin/view/start/", {"id": str(key), "start": "0"})
    assert lands(app) == "/admin/"


def test_changing_another_view_leaves_the_chosen_one(sinta: Person) -> None:
    keep(sinta, "Pagi", start="y")
    keep(sinta, "Siang", "search=a")
    sinta.post(f"/admin/view/edit/?id={view_id(sinta.app, 'Siang')}", {"name": "Sore"})
    sinta.post("/admin/view/delete/", {"id": str(view_id(sinta.app, "Sore"))})

    assert lands(sinta.app) == f"{LIST}?{PROCESS}"


@pytest.mark.parametrize(
    ("what", "changes"),
    [
        ("a column that is gone", {"query": "flt0_dropped_equals=1"}),
        ("another order", {"query": "sort=dropped"}),
        ("a list one may not open", {"screen": "user"}),
        ("a list that is gone", {"screen": "gone"}),
        ("an address of elsewhere", {"screen": "//evil.test"}),
        ("no longer shared with her", {"shared_with": "auditor"}),
    ],
)
def test_a_view_that_cannot_open_gives_way_to_the_dashboard(sinta: Person, what: str, changes: dict[str, Any]) -> None:
    key = add_view(sinta.app, "admin", PROCESS, shared_with="staff")
    sinta.post("/admin/view/start/", {"id": str(key), "start": "1"})
    assert lands(sinta.app) == f"{LIST}?{PROCESS}"

    change(sinta.app, update(SavedView).values(**changes))

    assert lands(sinta.app) == "/admin/", what


def test_a_deleted_view_opens_nothing_and_takes_nothing_along(sinta: Person) -> None:
    keep(sinta, "Pagi", start="y")
    before = rows(sinta.app, "user")

    sinta.post("/admin/view/delete/", {"id": str(view_id(sinta.app, "Pagi"))})

    assert lands(sinta.app) == "/admin/"
    assert rows(sinta.app, "user") == before


def test_a_form_that_was_kept_is_sent_on_before_any_view_opens(sinta: Person) -> None:
    keep(sinta, "Pagi", start="y")

    answer = Person(sinta.app).post(
        "/login",
        {
            "email": "staff@sikerja.test", "password": PASSWORD, "resume": "/admin/partner/new/",
            "kept.name": "PT Ditunda",
        },
        page="/login",
    )  # fmt: skip

    assert answer.status_code == 200
    assert "Isian Anda masih ada dan belum disimpan." in answer.text
    assert "PT Ditunda" in answer.text


def test_choosing_what_opens_leaves_no_trace_and_no_conflict_on_the_account(sinta: Person, andi: Person) -> None:
    key = add_view(sinta.app, "staff", PROCESS)
    user = ask(sinta.app, select(User.id).where(User.email == "staff@sikerja.test"))[0]
    entries = select(AuditEntry.id).where(AuditEntry.screen == "user", AuditEntry.action.not_in(("sign_in", "sign_out")))
    before = ask(sinta.app, entries)

    sinta.post("/admin/view/start/", {"id": str(key), "start": "1"})

    assert ask(sinta.app, entries) == before
    assert ask(sinta.app, select(User.start_view_id).where(User.id == user)) == [key]
