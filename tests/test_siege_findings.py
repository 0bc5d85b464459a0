"""What the siege (`tests/slow/test_siege.py`) has found, each by name."""

import pytest
from flask import Flask
from sqlalchemy import select

from models import AuditEntry
from tests.papers import attach, scan
from tests.people import BASE, PASSWORD, Person
from tests.routes import add_paper
from tests.rows import ask, rows
from tests.slow.shots import multipart

# Where files are sent to with much else: a day that is asked for there.
WITH_FILES = {"/admin/agreement/offer/": "offer_date", "/admin/attachment/new/": "document_date"}


@pytest.mark.parametrize("url", WITH_FILES)
def test_a_file_in_the_place_of_a_text_is_no_text(andi: Person, url: str) -> None:
    before = rows(andi.app)
    sent = multipart([("csrf_token", andi.token())], [(WITH_FILES[url], "tanggal.txt", b"24/11/2026")])

    answer = andi.post_body(url, sent, "multipart/form-data; boundary=batas")

    assert answer.status_code == 422
    assert rows(andi.app) == before


@pytest.mark.parametrize("url", WITH_FILES)
def test_every_field_of_text_sent_as_a_file_is_an_empty_one(andi: Person, url: str) -> None:
    names = ("partner", "partner-query", "title", "procedure", "group", "unit", "agreement", "kind", "reason", "document", "url",
             "offer_received", "special_procedure", "left_behind", "replaces", "stage", "paper_place", "id", "version")  # fmt: skip
    sent = multipart([("csrf_token", andi.token())], [(name, "x.txt", b"1") for name in names])

    assert andi.post_body(url, sent, "multipart/form-data; boundary=batas").status_code == 422


# --- parts without a name ----------------------------------------------------------------------------------------

NAMELESS = {
    "no name": b"--batas\r\nContent-Disposition: form-data\r\n\r\nx\r\n",
    "an open name": b'--batas\r\nContent-Disposition: form-data; name="id\r\n\r\n1\r\n',
    "a file without a name": b'--batas\r\nContent-Disposition: form-data; filename="x.pdf"\r\n\r\n%PDF\r\n',
}
MULTIPART = "multipart/form-data; boundary=batas"


@pytest.mark.parametrize("part", NAMELESS.values(), ids=list(NAMELESS))
@pytest.mark.parametrize("url", ["/login", "/admin/partner/new/", "/admin/attachment/new/", "/account/password"])
def test_a_part_of_a_form_without_a_name_is_no_fault(sinta: Person, url: str, part: bytes) -> None:
    answer = sinta.post_body(url, part + b"--batas--\r\n", MULTIPART)

    assert answer.status_code == 400
    assert "Muat ulang halaman, lalu kirim lagi." in answer.text


@pytest.mark.parametrize("part", NAMELESS.values(), ids=list(NAMELESS))
def test_the_fields_beside_a_part_without_a_name_are_read(sinta: Person, part: bytes) -> None:
    fields = [("csrf_token", sinta.token()), ("name", "Kabupaten Uji"), ("kind", "daerah")]

    answer = sinta.post_body("/admin/partner/new/", part + multipart(fields, []), MULTIPART)

    assert answer.status_code == 302
    assert sinta.total("/admin/partner/?search=Kabupaten+Uji") == 1


# --- dates that no calendar has ----------------------------------------------------------------------------------

NO_DATES = ("Thu, 01 Jan 99999999999 00:00:00 GMT", "Thu, 01 Jan 2026 00:00:00 +99999999999999",
            "Thu, 01 Jan 2026 99999999999999999999:00:00 GMT")  # fmt: skip


@pytest.mark.parametrize("date", NO_DATES)
@pytest.mark.parametrize("header", ["If-Modified-Since", "If-Unmodified-Since", "If-Range", "Date"])
def test_a_date_beyond_all_calendars_is_as_if_it_were_not_there(sinta: Person, header: str, date: str) -> None:
    key = attach(sinta.app)
    add_paper(sinta.app, 1)
    for url in (f"/admin/attachment/download/?id={key}", "/admin/regulation/paper/?id=1"):
        assert sinta.get(url, headers={header: date}).data == scan(), url
    assert sinta.get("/static/sikerja.css", headers={header: date}).status_code == 200
    ranged = sinta.get(f"/admin/attachment/download/?id={key}", headers={header: date, "Range": "bytes=0-3"})
    assert ranged.status_code in (200, 206)


# --- headers that no column takes --------------------------------------------------------------------------------


@pytest.mark.parametrize("device", ["a\x00b", "\x00", "Peramban\r\nx: y"], ids=ascii)
def test_a_device_that_cannot_be_written_down_is_written_down_as_far_as_it_can(app: Flask, andi: Person, device: str) -> None:
    key = attach(app)
    for url in (
        f"/admin/attachment/download/?id={key}",
        "/admin/agreement/export/csv/",
        "/admin/monitoring/offers/months/csv/",
    ):
        assert andi.get(url, environ_overrides={"HTTP_USER_AGENT": device}).status_code == 200, url
    tamu = Person(app)
    form = {"email": "staff@sikerja.test", "password": PASSWORD, "csrf_token": tamu.token("/login")}
    answer = tamu.client.post("/login", data=form, base_url=BASE, environ_overrides={"HTTP_USER_AGENT": device})

    assert answer.status_code == 302
    assert "\x00" not in "".join(ask(app, select(AuditEntry.device)))


# --- an export without a trace -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("screen", "query"),
    [
        ("agreement", "flt0_title_contains=par%00kir"), ("agreement", "flt0_title_not_equal=a%00b"),
        ("contact", "flt1_name_not_equal=a%00b"), ("agreement", "search=par%00kir"), ("agreement", "flt0_group_equals=ks%00dd"),
        ("partner", "flt0_name_in_list=a%00,b"),
    ],
)  # fmt: skip
def test_no_filter_lets_a_list_be_taken_without_a_trace(sinta: Person, screen: str, query: str, kind: str) -> None:
    taken = select(AuditEntry.detail).where(AuditEntry.action == "export")

    answer = sinta.get(f"/admin/{screen}/export/{kind}/?{query}", buffered=True)

    assert answer.status_code == 200
    assert len(ask(sinta.app, taken)) == 1
    assert "\x00" not in ask(sinta.app, taken)[0]


@pytest.mark.parametrize("query", ["flt0_title_contains=%00", "flt0_title_in_list=%E2%80%8B"])
def test_a_filter_by_nothing_that_can_be_seen_is_refused_not_dropped(sinta: Person, query: str) -> None:
    assert sinta.get(f"/admin/agreement/?{query}").status_code == 400
