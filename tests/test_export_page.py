"""The page that asks which columns and rows one wants as a file, and the rows that were ticked."""

import csv
import io
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from models import Agreement
from tests.browser import write_down
from tests.conftest import TODAY
from tests.people import ROLES, Person
from tests.rows import ask

PAGE = "/admin/agreement/export/"
LISTS = (
    "agreement", "partner", "contact", "stage", "attachment", "unit", "sector", "regulation", "holiday", "user",
    "monitoring/ending", "monitoring/ended", "monitoring/undated", "monitoring/process", "monitoring/closed",
)  # fmt: skip


def ids(app: Flask, *register_numbers: str) -> str:
    """The ids of these agreements as the address holds them."""
    found = [ask(app, select(Agreement.id).where(Agreement.register_no == number))[0] for number in register_numbers]
    return ",".join(map(str, found))


def leads_to(answer: Any) -> tuple[str, dict[str, str]]:
    """Where a redirect goes: its path, and what its query says."""
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    return parts.path, dict(parse_qsl(parts.query))


def file(person: Person, address: str) -> list[list[str]]:
    """The rows of a CSV, headings first."""
    answer = person.get(address)
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


# --- the page ----------------------------------------------------------------------------------------------------


def test_the_count_comes_first_and_the_filter_stands_in_words(rahmat: Person) -> None:
    page = rahmat.get(f"{PAGE}?search=rujukan&flt0_group_equals=ksdd").text

    assert "<h1>Ekspor 2 naskah</h1>" in page
    assert "Semua yang tersaring: 2 naskah<small>Pencarian “rujukan”; Jenis sama dengan KSDD</small>" in page
    assert "Unduh 2 baris" in page
    assert "yang dipilih" not in page
    assert "kerja-sama_cari-rujukan_jenis-ksdd_2026-11-24" in page


def test_the_columns_stand_ticked_in_the_order_of_the_file(rahmat: Person) -> None:
    page = rahmat.get(PAGE).text

    boxes = page.split('<input type="checkbox" name="columns" value="')[1:]
    assert [box.split('"')[0] for box in boxes] == [
        "register_no", "title", "procedure", "instrument", "sector", "unit", "partner", "our_number", "partner_number", "signed_on",
        "starts_on", "ends_on", "validity", "days_left", "stage", "stage_since", "value", "scope", "holder", "due_on", "overdue",
        "next_step",
    ]  # fmt: skip
    assert [" checked" in box.split(">")[0] for box in boxes] == [True] * 18 + [
        False
    ] * 4  # these come only where they are asked for


def test_the_whole_list_of_more_than_a_thousand_is_counted_exactly(rahmat: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sikerja.listing.COUNT_CAP", 10)

    assert "<h1>Ekspor 47 naskah</h1>" in rahmat.get(PAGE).text


@pytest.mark.parametrize("name", LISTS)
def test_every_list_that_has_a_file_has_the_page_and_leads_to_it(andi: Person, name: str) -> None:
    listed = andi.get(f"/admin/{name}/?search=a").text

    assert f'href="/admin/{name}/export/?search=a">Pilih kolom dan baris…' in listed
    assert f'href="/admin/{name}/export/xlsx/?search=a">Excel (XLSX)' in listed
    assert andi.get(f"/admin/{name}/export/?search=a").status_code == 200


def test_a_list_without_a_file_has_no_page(andi: Person) -> None:
    assert andi.get("/admin/procedure/export/").status_code in (403, 404)


@pytest.mark.parametrize(
    ("chosen", "path", "more"),
    [
        ("xlsx", "/admin/agreement/export/xlsx/", {}),
        ("csv", "/admin/agreement/export/csv/", {}),
        ("semicolon", "/admin/agreement/export/csv/", {"delimiter": "semicolon"}),
    ],
)
def test_each_format_leads_to_its_file(rahmat: Person, chosen: str, path: str, more: dict[str, str]) -> None:
    answer = rahmat.get(f"{PAGE}?search=air&sort=title&desc=1&format={chosen}&columns=scope&columns=title")

    assert leads_to(answer) == (path, {"search": "air", "sort": "title", "desc": "1", "columns": "title,scope", **more})


def test_the_usual_columns_are_no_choice(rahmat: Person) -> None:
    page = rahmat.get(PAGE).text
    names = [box.split('"')[0] for box in page.split('name="columns" value="')[1:] if " checked" in box.split(">")[0]]

    answer = rahmat.get(PAGE, query_string=[("format", "csv"), *(("columns", name) for name in names)])
    assert leads_to(answer) == ("/admin/agreement/export/csv/", {})


def test_no_column_is_refused_and_the_rest_stays(rahmat: Person) -> None:
    answer = rahmat.get(f"{PAGE}?search=rujukan&format=semicolon&columns=nonsense")

    assert answer.status_code == 422
    assert "Centang sedikitnya satu kolom." in answer.text
    assert 'name="format" value="semicolon" checked' in answer.text
    assert 'name="search" value="rujukan"' in answer.text


def test_an_unknown_format_is_refused(rahmat: Person) -> None:
    answer = rahmat.get(f"{PAGE}?format=ods&columns=title")

    assert (answer.status_code, "Format berkas ini tidak dikenal." in answer.text) == (400, True)


# --- ticked rows -------------------------------------------------------------------------------------------------


def test_only_what_was_ticked(rahmat: Person, app: Flask) -> None:
    keys = ids(app, "KS-2026-0043", "KS-2026-0001")

    page = rahmat.get(f"{PAGE}?keys={keys}").text
    assert "Hanya 2 naskah yang dipilih" in page
    assert "Semua yang tersaring: 47 naskah" in page
    assert "Unduh 2 baris" in page
    assert '<span class="sk-digest when-ticked">kerja-sama_dipilih_2026-11-24</span>' in page

    answer = rahmat.get(f"{PAGE}?keys={keys}&take=ticked&format=csv&columns=register_no")
    path, asked = leads_to(answer)
    assert (path, asked) == ("/admin/agreement/export/csv/", {"keys": keys, "columns": "register_no"})
    assert file(rahmat, answer.headers["Location"]) == [["Nomor Register"], ["KS-2026-0043"], ["KS-2026-0001"]]


def test_all_the_rows_after_all(rahmat: Person, app: Flask) -> None:
    answer = rahmat.get(f"{PAGE}?keys={ids(app, 'KS-2026-0043')}&take=all&format=xlsx&columns=title&search=kota")

    assert leads_to(answer) == ("/admin/agreement/export/xlsx/", {"search": "kota", "columns": "title"})


def test_a_file_of_ticked_rows_says_so(rahmat: Person, app: Flask, andi: Person) -> None:
    answer = rahmat.get(f"/admin/agreement/export/csv/?keys={ids(app, 'KS-2026-0043', 'KS-2026-0001')}")

    assert answer.headers["Content-Disposition"] == "attachment; filename=kerja-sama_dipilih_2026-11-24.csv"
    assert "CSV Kerja sama; 2 naskah yang dipilih" in andi.get("/admin/audit/?flt0_action_equals=export").text


def test_rows_out_of_scope_never_come_along(dewi: Person, app: Flask) -> None:
    mine = dewi.keys("/admin/agreement/")[0]
    others = next(number for number in ("KS-2026-0001", "KS-2026-0002") if number not in dewi.keys("/admin/agreement/"))

    keys = ids(app, mine, others)
    assert "Hanya 1 naskah yang dipilih" in dewi.get(f"{PAGE}?keys={keys}").text
    assert [row[0] for row in file(dewi, f"/admin/agreement/export/csv/?keys={keys}")[1:]] == [mine]


def test_rows_out_of_the_list_do_not_come_along_either(rahmat: Person, app: Flask) -> None:
    soon = write_down(app, "Uji", signed_on=TODAY, ends_on=TODAY)[1]
    keys = ids(app, soon, "KS-2026-0001")

    assert [row[0] for row in file(rahmat, f"/admin/monitoring/ending/export/csv/?keys={keys}")[1:]] == [soon]


def test_what_is_gone_is_told(rahmat: Person, app: Flask) -> None:
    page = rahmat.get(f"/admin/monitoring/ended/export/?keys={ids(app, 'KS-2026-0001')}").text

    assert "Yang dipilih tidak ada lagi di daftar ini." in page
    assert "Ekspor 0 naskah" in page


@pytest.mark.parametrize(
    "keys", ["abc", "1,", ",1", "1,,2", "1 2", "-1", "1.5", "99999999999", "2147483648", "１", ",".join(["1"] * 201), "1;drop"]
)
@pytest.mark.parametrize("page", ["", "csv/", "xlsx/"])
def test_broken_keys_are_refused(rahmat: Person, keys: str, page: str) -> None:
    answer = rahmat.get(f"{PAGE}{page}", query_string={"keys": keys})

    assert answer.status_code == 400
    assert "Pilihan baris tidak dapat dibaca." in answer.text


def test_two_hundred_rows_can_be_ticked(rahmat: Person) -> None:
    assert rahmat.get(PAGE, query_string={"keys": ",".join(map(str, range(1, 201)))}).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_ticked_rows_come_to_the_page_in_one_way_or_the_other(app: Flask, role: str) -> None:
    """Who may throw away sends a form with all verbs; who may only take away comes by a plain address."""
    person = Person(app, role)
    page = person.get("/admin/agreement/?search=an&sort=title").text
    rowids = [part.split(" ")[0] for part in page.split("name=rowid value=")[1:]][:2]
    assert '<button class="sk-btn" form="bulk" name="action" value="export">' in page

    if role in ("admin", "staff"):
        sent = [
            ("action", "export"),
            *(("rowid", key) for key in rowids),
            ("url", "/admin/agreement/?search=an&sort=title&page=1"),
        ]
        answer = person.post("/admin/agreement/action/", sent)
    else:
        assert '<form id="bulk" action="/admin/agreement/export/">' in page
        answer = person.get(
            PAGE,
            query_string=[("search", "an"), ("sort", "title"), ("action", "export"), *(("rowid", key) for key in rowids)],
        )

    path, asked = leads_to(answer)
    assert (path, asked["search"], asked["sort"], asked["keys"]) == (PAGE, "an", "title", ",".join(rowids))
    assert person.get(answer.headers["Location"]).status_code == 200


def test_nothing_ticked_offers_the_whole_list(sinta: Person) -> None:
    answer = sinta.post("/admin/agreement/action/", {"action": "export", "url": "/admin/agreement/?search=rujukan"})

    assert leads_to(answer) == (PAGE, {"search": "rujukan"})


def test_the_way_back_is_the_list_as_it_was(rahmat: Person, app: Flask) -> None:
    page = rahmat.get(f"/admin/monitoring/ending/export/?days=30&sort=title&keys={ids(app, 'KS-2026-0001')}").text

    assert '<a href="/admin/monitoring/ending/?sort=title&amp;days=30">Batal</a>' in page
