"""Saved views: the lists that someone looks at every morning are kept under a name, and shared with whom one may.

Sinta narrows the list of agreements, keeps it under a name, and shares it with the other clerks. Nobody sees another's own
view. Today is 24 November 2026.
"""

import re
from urllib.parse import parse_qs, unquote_plus, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from models import AuditEntry
from tests.people import ROLES, Person
from tests.routes import add_view
from tests.rows import ask, rows
from tests.tabs import DETAILS, LIST, PROCESS, active, address_of, keep, kept, tabs, view_id

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
