"""Saved views: the lists that someone looks at every morning stand as tabs over the list, and one opens after signing in.

Sinta narrows the list of agreements, keeps it under a name, and shares it with the other clerks. Nobody sees another's own
view; a tab counts what its reader would see. Today is 24 November 2026.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select, update

from extensions import db
from models import AuditEntry, SavedView, User
from sikerja import saved
from tests import records
from tests.browser import DESK, PHONE, SIZES, Window
from tests.conftest import Statements
from tests.people import PASSWORD, ROLES, Person
from tests.routes import add_view
from tests.rows import ask, change, rows

LIST = "/admin/agreement/"
PROCESS = "flt0_validity_equals=process"
DETAILS = "/admin/view/details/?id="
TAB = re.compile(
    r'<li><a href="([^"]*)"( aria-current="page")?(?: data-count="(\d+)")?(?: data-count-capped="1")?>'
    r'<span>(.*?)</span> <span class="sk-count">(.*?)</span>'
)


def tabs(person: Person, url: str = LIST) -> list[tuple[str, str]]:
    """The tabs over a list: (name, count as it is read)."""
    return [(found[3], found[4]) for found in TAB.findall(person.get(url).text)]


def address_of(person: Person, name: str, url: str = LIST) -> str:
    """Where a tab leads."""
    found = {tab[3]: tab[0].replace("&amp;", "&") for tab in TAB.findall(person.get(url).text)}
    return found[name]


def active(person: Person, url: str) -> list[str]:
    return [found[3] for found in TAB.findall(person.get(url).text) if found[1]]


def keep(person: Person, name: str, query: str = PROCESS, screen: str = "agreement", **more: str) -> Any:
    """What the person sends with "Simpan"."""
    return person.post("/admin/view/new/", {"name": name, "screen": screen, "query": query, **more})


def view_id(app: Flask, name: str) -> int:
    return int(ask(app, select(SavedView.id).where(SavedView.name == name))[0])


def kept(app: Flask) -> list[tuple[Any, ...]]:
    """Every view: (name, query, shared with)."""
    chosen = select(SavedView.name, SavedView.query, SavedView.shared_with).order_by(SavedView.id)
    with app.app_context(), db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(chosen)]


# --- keeping one -------------------------------------------------------------------------------------------------


def test_a_narrowed_list_is_kept_under_a_name_and_stands_as_a_tab(sinta: Person) -> None:
    page = sinta.get(f"{LIST}?{PROCESS}&sort=title&page=1&exact=1&page_size=20&bin=0")
    link = re.search(r'class="sk-keep" href="([^"]+)"', page.text)
    assert link is not None
    form = sinta.get(link[1].replace("&amp;", "&")).text
    assert f'<a href="{LIST}?{PROCESS}&amp;sort=title">Batal</a>' in form
    query = unquote_plus(parse_qs(urlsplit(link[1].replace("&amp;", "&")).query)["query"][0])
    assert query == f"{PROCESS}&sort=title"

    answer = keep(sinta, "  Yang   berjalan ", query)

    assert answer.status_code == 302
    assert kept(sinta.app) == [("Yang berjalan", f"{PROCESS}&sort=title", None)]
    assert sinta.get(answer.headers["Location"]).headers["Location"] == f"{LIST}?{PROCESS}&sort=title"
    assert tabs(sinta) == [("Semua", "47"), ("Yang berjalan", "27")]
    assert active(sinta, LIST) == ["Semua"]
    for same in ("", "&page=1", "&page_size=50", "&exact=1"):
        assert active(sinta, f"{LIST}?{PROCESS}&sort=title{same}") == ["Yang berjalan"]
    assert active(sinta, f"{LIST}?{PROCESS}") == []


def test_a_list_that_is_not_narrowed_offers_nothing_to_keep(sinta: Person) -> None:
    assert 'class="sk-keep"' not in sinta.get(LIST).text
    assert 'class="sk-views"' not in sinta.get(LIST).text
    assert 'class="sk-keep"' not in sinta.get(f"{LIST}?bin=1&search=a").text
    for narrowed in ("search=a", PROCESS, "sort=title"):
        assert 'class="sk-keep"' in sinta.get(f"{LIST}?{narrowed}").text


def test_a_view_is_kept_in_the_list_s_own_words(sinta: Person) -> None:
    keep(sinta, "Semua hal", f"desc=1&sort=0&flt7_title_contains=uji+a&{PROCESS}&page=3&exact=1&bin=1&keys=1&page_size=50&x=1")

    assert kept(sinta.app) == [
        ("Semua hal", "flt0_validity_equals=process&flt1_title_contains=uji+a&sort=title&desc=1&page_size=50", None)
    ]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("flt0_nothing_equals=1", "Saringan “flt0_nothing_equals” tidak dikenal."),
        ("flt0_validity_equals=sometimes", "Nilai saringan “Masa berlaku” tidak dapat dibaca."),
        ("flt0_ends_on_between=2026-13-40+to+x", "Nilai saringan “Berakhir” tidak dapat dibaca."),
        ("flt0_ends_on_within_days=99999999999", "Nilai saringan “Berakhir” tidak dapat dibaca."),
        ("flt0_unit_equals=99999999999999999999", "Nilai saringan “Perangkat daerah” tidak dapat dibaca."),
        ("sort=password_hash", "Kolom “password_hash” untuk mengurutkan daftar tidak ada lagi."),
        ("flt0_title_contains=" + "a" * 10_000, "Nilai saringan “Judul” tidak dapat dibaca."),
        ("&".join(["a=1"] * 101), "Isi tampilan ini tidak dapat dibaca."),
    ],
)
def test_what_the_list_cannot_read_is_not_kept(sinta: Person, query: str, told: str) -> None:
    before = rows(sinta.app)

    assert sinta.get("/admin/view/new/", query_string={"screen": "agreement", "query": query}).status_code == 422
    answer = keep(sinta, "Rusak", query)

    assert answer.status_code == 422
    assert told in answer.text
    assert rows(sinta.app) == before


@pytest.mark.parametrize(
    "screen",
    [
        "",
        "nothing",
        "user",
        "audit",
        "view",
        "dashboard",
        "../agreement",
        "//evil.test",
        "https://evil.test/",
        "a" * 10_000,
        "\x00",
    ],
)
def test_only_a_list_that_one_may_read_is_kept(sinta: Person, screen: str) -> None:
    before = rows(sinta.app)

    answer = keep(sinta, "Daftar asing", "", screen)

    assert answer.status_code == 422
    assert "Buka dulu daftar yang ingin disimpan" in answer.text
    assert rows(sinta.app) == before


@pytest.mark.parametrize(
    "query",
    ["https://evil.test/", "//evil.test", "../../user/?search=a", "next=//evil.test&url=https://evil.test", "\\evil.test"],
)
def test_a_view_never_leads_away_from_its_list(sinta: Person, query: str) -> None:
    keep(sinta, "Keluar", query)

    assert kept(sinta.app) == [("Keluar", "", None)]
    assert address_of(sinta, "Keluar") == LIST
    where = sinta.get(f"/admin/view/open/?id={view_id(sinta.app, 'Keluar')}").headers["Location"]
    assert where == LIST


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "Isi nama tampilan."),
        ("   ", "Isi nama tampilan."),
        ("a" * 61, "Nama tampilan terlalu panjang: 61 huruf, paling banyak 60."),
        ("a" * 10_000, "paling banyak 60."),
        ("tak\u202eterlihat", "memuat karakter yang tidak terlihat"),
        ("nul\x00", "memuat karakter yang tidak terlihat"),
    ],
)
def test_a_name_that_will_not_do_is_told_and_what_was_typed_stays(sinta: Person, name: str, told: str) -> None:
    answer = keep(sinta, name, start="y")

    assert answer.status_code == 422
    assert told in answer.text
    assert f'name="query" value="{PROCESS}"' in answer.text
    assert re.search(r'<input[^>]*checked[^>]*name="start"', answer.text)
    assert kept(sinta.app) == []


def test_a_hostile_name_stays_a_name(sinta: Person) -> None:
    keep(sinta, "<script>alert(1)</script> {{7*7}} \"'")

    page = sinta.get(LIST).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in page


def test_a_name_is_given_once_a_list_and_person(sinta: Person, andi: Person) -> None:
    keep(sinta, "Pagi")
    answer = keep(sinta, "Pagi", "search=uji")

    assert answer.status_code == 422
    assert "Anda sudah punya tampilan dengan nama ini. Pakai nama lain." in answer.text
    assert keep(sinta, "Pagi", "", "partner").status_code == 302
    assert keep(andi, "Pagi").status_code == 302


def test_a_person_keeps_thirty_views(sinta: Person, andi: Person) -> None:
    for number in range(30):
        add_view(sinta.app, "staff", name=f"Tampilan {number}")

    answer = keep(sinta, "Satu lagi")

    assert answer.status_code == 422
    assert "Anda sudah menyimpan 30 tampilan. Hapus yang tidak dipakai lagi" in answer.text
    assert len(kept(sinta.app)) == 30
    assert keep(andi, "Satu lagi").status_code == 302


def test_a_view_too_long_for_one_address_is_not_kept(sinta: Person) -> None:
    answer = keep(sinta, "Panjang", "&".join(f"flt{n}_title_contains={'a' * 190}" for n in range(11)))

    assert answer.status_code == 422
    assert "terlalu panjang untuk disimpan" in answer.text
    assert kept(sinta.app) == []


# --- who may do what ---------------------------------------------------------------------------------------------

# who may share with: admin, staff, supervisor, unit, auditor
SHARING = {
    "admin": "admin staff supervisor unit auditor",
    "staff": "staff",
    "supervisor": "supervisor",
    "unit": "",
    "auditor": "",
}


@pytest.mark.parametrize("role", ROLES)
def test_who_may_share_with_whom(app: Flask, role: str) -> None:
    person = Person(app, role)
    may = set()
    for other in ROLES:
        answer = keep(person, f"Untuk {other}", shared_with=other)
        assert answer.status_code in (302, 422)
        if answer.status_code == 302:
            may.add(other)
    assert may == set(SHARING[role].split())
    assert {shared for _, _, shared in kept(app)} == may
    offered = set(re.findall(r'<option[^>]* value="(\w+)"', _form(person)))
    assert offered == may
    assert keep(person, "Untuk saya").status_code == 302
    assert keep(person, "Untuk tak seorang pun", shared_with="root").status_code == 422


def _form(person: Person) -> str:
    return str(person.get(f"/admin/view/new/?screen=agreement&query={PROCESS}").text)


# Sinta's views: whom it is shared with, and what becomes of each role that looks at it, edits it and deletes it.
FOREIGN = {
    None: {"admin": (404, 404, 404), "supervisor": (404, 404, 404), "unit": (404, 404, 404), "auditor": (404, 404, 404)},
    "staff": {"admin": (200, 200, 302), "supervisor": (404, 404, 404), "unit": (404, 404, 404), "auditor": (404, 404, 404)},
    "auditor": {"admin": (200, 200, 302), "supervisor": (404, 404, 404), "unit": (404, 404, 404), "auditor": (200, 403, 403)},
    "unit": {"admin": (200, 200, 302), "supervisor": (404, 404, 404), "unit": (200, 403, 403), "auditor": (404, 404, 404)},
}


@pytest.mark.parametrize("role", ["admin", "supervisor", "unit", "auditor"])
@pytest.mark.parametrize("shared", FOREIGN)
def test_another_person_s_view(app: Flask, shared: str | None, role: str) -> None:
    key = add_view(app, "staff", shared_with=shared)  # type: ignore[arg-type]
    person, before = Person(app, role), rows(app, "saved_view")
    sees, edits, deletes = FOREIGN[shared][role]

    assert person.get(f"{DETAILS}{key}").status_code == sees
    assert person.get(f"/admin/view/open/?id={key}").status_code == (302 if sees == 200 else 404)
    assert person.get(f"/admin/view/edit/?id={key}").status_code == edits
    assert person.keys("/admin/view/") == ([str(key)] if sees == 200 else [])
    assert (f"/admin/view/edit/?id={key}" in person.get(f"{DETAILS}{key}").text) is (edits == 200)
    assert (f'"edit/?id={key}"' in person.get("/admin/view/").text) is (edits == 200)
    assert person.post(f"/admin/view/start/?id={key}").status_code == (302 if sees == 200 else 404)
    if edits != 200:
        assert person.post(f"/admin/view/edit/?id={key}", {"name": "Direbut"}).status_code == edits
        assert person.post("/admin/view/delete/", {"id": str(key)}).status_code == deletes
        assert rows(app, "saved_view") == before
    else:
        assert person.post(f"/admin/view/edit/?id={key}", {"name": "Rapi", "shared_with": shared or ""}).status_code == 302
        assert person.post("/admin/view/delete/", {"id": str(key)}).status_code == deletes
        assert kept(app) == []


@pytest.mark.parametrize("role", ROLES)
def test_one_s_own_view_is_renamed_and_deleted(app: Flask, role: str) -> None:
    person = Person(app, role)
    keep(person, "Pagi", "search=angkutan")
    key = view_id(app, "Pagi")

    assert person.post(f"/admin/view/edit/?id={key}", {"name": "Siang"}).status_code == 302
    assert kept(app) == [("Siang", "search=angkutan", None)]
    assert person.post("/admin/view/delete/", {"id": str(key)}).headers["Location"] == "/admin/view/"
    assert kept(app) == []
    assert person.get(f"{DETAILS}{key}").status_code == 404


def test_the_owner_keeps_what_an_administrator_shared_more_widely(sinta: Person, andi: Person) -> None:
    keep(sinta, "Pagi", shared_with="staff")
    key = view_id(sinta.app, "Pagi")
    andi.post(f"/admin/view/edit/?id={key}", {"name": "Pagi", "shared_with": "auditor"})

    assert sinta.post(f"/admin/view/edit/?id={key}", {"name": "Siang", "shared_with": "auditor"}).status_code == 302
    assert kept(sinta.app) == [("Siang", PROCESS, "auditor")]
    assert sinta.post(f"/admin/view/edit/?id={key}", {"name": "Siang", "shared_with": "unit"}).status_code == 422


def test_two_who_change_the_same_view_see_each_other_s(sinta: Person, andi: Person) -> None:
    keep(sinta, "Pagi", shared_with="staff")
    key = view_id(sinta.app, "Pagi")
    andi.post(f"/admin/view/edit/?id={key}", {"name": "Pagi Andi", "shared_with": "staff", "version": "1"})

    answer = sinta.post(f"/admin/view/edit/?id={key}", {"name": "Pagi Sinta", "shared_with": "staff", "version": "1"})
    assert answer.status_code == 409
    assert "Pagi Andi" in answer.text
    assert "Pagi Sinta" in answer.text

    answer = sinta.post("/admin/view/delete/", {"id": str(key), "version": "1"})
    assert answer.status_code == 409
    assert "Tetap hapus" in answer.text
    assert kept(sinta.app) == [("Pagi Andi", PROCESS, "staff")]
    assert sinta.post("/admin/view/delete/", {"id": str(key), "version": "2"}).status_code == 302
    assert sinta.post(f"/admin/view/edit/?id={key}", {"name": "Terlambat"}).status_code == 404


def test_the_trail_tells_what_became_of_a_view(sinta: Person) -> None:
    keep(sinta, "Pagi")
    key = view_id(sinta.app, "Pagi")
    sinta.post(f"/admin/view/edit/?id={key}", {"name": "Siang"})
    sinta.post("/admin/view/delete/", {"id": str(key)})

    told = select(AuditEntry.action).where(AuditEntry.screen == "view", AuditEntry.record_id == key).order_by(AuditEntry.id)
    assert ask(sinta.app, told) == ["create", "update", "delete"]


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


# --- in the browser ----------------------------------------------------------------------------------------------

Open = Callable[..., Window]


@pytest.mark.parametrize("size", SIZES)
def test_the_morning_tabs(window: Open, sinta: Person, size: str) -> None:
    """Sinta narrows, keeps, finds her tab again, chooses it to open first, and throws it away."""
    add_view(sinta.app, "admin", "search=parkir", name="Parkir di seluruh kota dan sekitarnya", shared_with="staff")
    hers = window(**SIZES[size]).be(sinta)
    page = hers.open(f"{LIST}?{PROCESS}")
    assert hers.axe_findings() == []
    hers.press(hers.link("Simpan tampilan ini"))
    page.get_by_label("Nama tampilan").fill("Yang berjalan hari ini")
    page.get_by_label("Buka ini setelah masuk").check()
    assert hers.axe_findings() == []
    hers.press(hers.button("Simpan"))

    here = page.get_by_role("navigation", name="Tampilan daftar ini").locator("[aria-current=page]")
    expect(here).to_contain_text("Yang berjalan hari ini")
    expect(here).to_have_attribute("data-count", "27")
    expect(page.locator("[data-total]")).to_have_attribute("data-total", "27")
    assert hers.axe_findings() == []
    assert hers.sideways() == 0
    hers.press(page.get_by_role("link", name=re.compile("^Parkir di seluruh kota")))
    expect(here).to_contain_text("Parkir di seluruh kota")

    page.locator("summary", has_text="Staf").click()
    hers.press(hers.link("Tampilan saya"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Tampilan tersimpan")
    assert hers.axe_findings() == []
    assert hers.sideways() == 0
    hers.press(hers.link("Yang berjalan hari ini"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Yang berjalan hari ini")
    assert hers.axe_findings() == []
    page.locator("summary", has_text="Hapus tampilan").click()
    hers.press(hers.button("Hapus tampilan"))
    hers.says("Tampilan dihapus.")


def test_the_first_tab_opens_by_itself_after_signing_in(window: Open, sinta: Person) -> None:
    keep(sinta, "Yang berjalan", start="y")
    hers = window(**DESK)
    page = hers.open("/login")
    page.get_by_label("Surel").fill("staff@sikerja.test")
    page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    hers.press(hers.button("Masuk"))

    expect(page.locator("[aria-current=page][data-count]")).to_contain_text("Yang berjalan")
    assert hers.clicks == 1


def test_many_tabs_scroll_inside_themselves_on_a_phone(window: Open, sinta: Person) -> None:
    for number in range(12):
        add_view(sinta.app, "staff", name=f"Tampilan pagi nomor {number}")
    for size in (PHONE, {"viewport": {"width": 320, "height": 700}}):
        hers = window(**size).be(sinta)
        hers.open(f"{LIST}?search=a")
        assert hers.sideways() == 0
        strip = hers.page.locator(".sk-views ul")
        assert strip.evaluate("it => it.scrollWidth > it.clientWidth")
        assert strip.evaluate("it => it.clientHeight") <= 60
