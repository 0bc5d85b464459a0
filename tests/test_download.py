"""Taking a file and looking at its pages: by row scope only, whole or in part, under its own name, never unseen."""

import hashlib
import io
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from models import AuditEntry
from sikerja import audit
from tests.files import samples
from tests.papers import BUSES, CLINIC, attach, blob, damage, row_of, scan
from tests.people import Person
from tests.rows import ask
from views.sending import disposition

DOWNLOAD, PREVIEW = "/admin/attachment/download/", "/admin/attachment/preview/"


def entries(app: Flask, action: str) -> list[str]:
    """What the trail says of files that were shown: who, which, and what of it."""
    told = AuditEntry.user_name + ": " + AuditEntry.record + ", " + AuditEntry.detail
    return ask(app, select(told).where(AuditEntry.action == action).order_by(AuditEntry.id))


# --- taking it ---------------------------------------------------------------------------------------------------


def test_a_file_goes_out_as_it_came_in(app: Flask, rahmat: Person) -> None:
    key = attach(app, name="Nota Kesepakatan — édisi 2.pdf")

    answer = rahmat.get(f"{DOWNLOAD}?id={key}")

    assert (answer.status_code, answer.data) == (200, scan())
    assert {name: answer.headers[name] for name in (
        "Content-Type", "Content-Length", "Content-Disposition", "X-Content-Type-Options", "Cache-Control", "Accept-Ranges", "ETag",
    )} == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(scan())),
        "Content-Disposition": "attachment; filename=\"Nota Kesepakatan edisi 2.pdf\"; "
        "filename*=UTF-8''Nota%20Kesepakatan%20%E2%80%94%20%C3%A9disi%202.pdf",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Accept-Ranges": "bytes",
        "ETag": f'"{row_of(app, key).digest}"',
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("naskah.pdf", "attachment; filename=naskah.pdf; filename*=UTF-8''naskah.pdf"),
        ("協定書.pdf", "attachment; filename=berkas.pdf; filename*=UTF-8''%E5%8D%94%E5%AE%9A%E6%9B%B8.pdf"),
        ("a;b'c,d.pdf", "attachment; filename=\"a;b'c,d.pdf\"; filename*=UTF-8''a%3Bb%27c%2Cd.pdf"),
        ('a"b\\c.pdf', 'attachment; filename="a\\"b\\\\c.pdf"; filename*=UTF-8\'\'a%22b%5Cc.pdf'),
        (
            "a\r\nSet-Cookie: x.pdf",
            "attachment; filename=\"aSet-Cookie: x.pdf\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x.pdf",
        ),
    ],
)
def test_the_name_is_told_in_plain_letters_and_in_full(name: str, told: str) -> None:
    assert disposition(name) == told


def test_a_large_file_goes_out_piece_by_piece(app: Flask, sinta: Person) -> None:
    content = samples.picture("TIFF", (1200, 1200))
    key = attach(app, content=content, name="foto.tif")

    pieces = sinta.pieces(f"{DOWNLOAD}?id={key}")

    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= 256 * 1024


def test_who_only_asks_about_a_file_is_told_and_leaves_no_entry(app: Flask, sinta: Person) -> None:
    key = attach(app)

    for url in (f"{DOWNLOAD}?id={key}", f"{PREVIEW}?id={key}"):
        answer = sinta.head(url)
        assert (answer.status_code, answer.data) == (200, b"")
    assert sinta.head(f"{DOWNLOAD}?id={key}").headers["Content-Length"] == str(len(scan()))
    assert entries(app, "download") == entries(app, "preview") == []


#   Range header, status, (first byte, last byte) of what comes
RANGES = [
    ("bytes=0-0", 206, (0, 0)),
    ("bytes=0-99", 206, (0, 99)),
    ("bytes=10-19", 206, (10, 19)),
    ("bytes=50-", 206, (50, None)),
    ("bytes=-10", 206, (-10, None)),
    ("bytes=0-999999999", 206, (0, None)),
    ("bytes=0-1,5-6", 200, (0, None)),
]


@pytest.mark.parametrize(("asked", "status", "span"), RANGES)
def test_a_part_of_a_file(app: Flask, sinta: Person, asked: str, status: int, span: tuple[int, int | None]) -> None:
    key, size = attach(app), len(scan())
    first, last = span[0] % size, size - 1 if span[1] is None else span[1]

    answer = sinta.get(f"{DOWNLOAD}?id={key}", headers={"Range": asked})

    assert (answer.status_code, answer.data) == (status, scan()[first : last + 1])
    assert answer.headers["Content-Length"] == str(last + 1 - first)
    assert answer.headers.get("Content-Range") == (f"bytes {first}-{last}/{size}" if status == 206 else None)
    assert "filename" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=999999-9999999"])
def test_a_part_that_is_not_there(app: Flask, sinta: Person, asked: str) -> None:
    answer = sinta.get(f"{DOWNLOAD}?id={attach(app)}", headers={"Range": asked})

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(scan())}"
    assert "Bagian berkas ini tidak ada" in answer.text


@pytest.mark.parametrize("asked", ["bytes=9-5", "bytes=a-b", "seconds=1-2", "bytes", "bytes=--1", "bytes=" + "9" * 300 + "-"])
def test_what_is_no_range_brings_nothing_down(app: Flask, sinta: Person, asked: str) -> None:
    assert sinta.get(f"{DOWNLOAD}?id={attach(app)}", headers={"Range": asked}).status_code in (200, 416)


def test_a_part_is_only_given_of_the_file_one_has_begun_with(app: Flask, sinta: Person) -> None:
    key = attach(app)
    same, other = f'"{row_of(app, key).digest}"', f'"{"0" * 64}"'

    assert sinta.get(f"{DOWNLOAD}?id={key}", headers={"Range": "bytes=5-9", "If-Range": same}).status_code == 206
    assert sinta.get(f"{DOWNLOAD}?id={key}", headers={"Range": "bytes=5-9", "If-Range": other}).data == scan()


# --- lost and damaged --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [DOWNLOAD, PREVIEW])
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_file_that_changed_is_not_handed_out(app: Flask, sinta: Person, url: str, method: str) -> None:
    key = attach(app, content=samples.pdf(2))
    damage(app, key)
    assert hashlib.sha256(blob(app, key).read_bytes()).hexdigest() != row_of(app, key).digest

    answer = getattr(sinta, method)(f"{url}?id={key}")

    assert answer.status_code == 409
    if method == "get":
        assert "Isi berkas ini tidak lagi sama dengan saat diunggah." in answer.text
        assert "<h1>Berkas rusak</h1>" in answer.text
        assert f'href="/admin/attachment/details/?id={key}"' in answer.text
    assert entries(app, "download") == entries(app, "preview") == []


@pytest.mark.parametrize("url", [DOWNLOAD, PREVIEW])
def test_a_file_that_is_gone_is_told(app: Flask, sinta: Person, url: str) -> None:
    key = attach(app, content=samples.pdf(2))
    blob(app, key).unlink()

    answer = sinta.get(f"{url}?id={key}")

    assert answer.status_code == 404
    assert "<h1>Berkas tidak ditemukan</h1>" in answer.text
    assert "Hubungi administrator." in answer.text


def test_a_page_that_was_drawn_before_the_file_was_lost_is_not_shown_as_if_all_were_well(app: Flask, sinta: Person) -> None:
    key = attach(app, content=samples.pdf(2))
    assert sinta.get(f"{PREVIEW}?id={key}").status_code == 200
    blob(app, key).unlink()

    assert sinta.get(f"{PREVIEW}?id={key}").status_code == 404


def test_nor_one_that_was_drawn_before_the_file_changed(app: Flask, sinta: Person) -> None:
    key = attach(app, content=samples.pdf(2))
    assert sinta.get(f"{PREVIEW}?id={key}").status_code == 200
    damage(app, key)

    assert sinta.get(f"{PREVIEW}?id={key}").status_code == 409


# --- looking at it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "content", "pages"), [
    ("a.pdf", scan(), 3), ("a.png", samples.png(), 1), ("a.jpg", samples.jpeg(), 1), ("a.tif", samples.tiff(2), 2),
])  # fmt: skip
def test_every_page_is_a_picture(app: Flask, sinta: Person, name: str, content: bytes, pages: int) -> None:
    key = attach(app, content=content, name=name)

    for page in range(1, pages + 1):
        answer = sinta.get(f"{PREVIEW}?id={key}&page={page}")
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        assert Image.open(io.BytesIO(answer.data)).format == "PNG"
        assert answer.headers["Cache-Control"] == "no-store"
    assert sinta.get(f"{PREVIEW}?id={key}").data == sinta.get(f"{PREVIEW}?id={key}&page=1").data


@pytest.mark.parametrize("page", ["0", "4", "-1", "abc", "1.5", "999999999999", ""])
def test_a_page_that_is_not_there(app: Flask, sinta: Person, page: str) -> None:
    answer = sinta.get(f"{PREVIEW}?id={attach(app)}&page={page}")

    assert answer.status_code == 404
    assert "Halaman ini tidak ada." in answer.text


def test_an_office_file_has_no_pages_to_look_at(app: Flask, sinta: Person) -> None:
    answer = sinta.get(f"{PREVIEW}?id={attach(app, content=samples.docx(), name='a.docx')}")

    assert answer.status_code == 404
    assert "Unduh untuk membukanya." in answer.text


# --- not unseen --------------------------------------------------------------------------------------------------


def test_whoever_takes_or_looks_at_a_file_stands_in_the_trail(app: Flask, dewi: Person, bima: Person) -> None:
    first = attach(app, title="Nota Kesepakatan")
    second = attach(app, content=scan(2), name="perbaikan.pdf", replaces_id=first, reason="Pindai ulang")

    bima.get(f"{DOWNLOAD}?id={first}")
    dewi.get(f"{DOWNLOAD}?id={second}", headers={"Range": "bytes=0-9"})
    dewi.get(f"{PREVIEW}?id={first}&page=3")

    assert entries(app, "download") == [
        "Auditor Contoh: Nota Kesepakatan, versi 1, naskah.pdf",
        "Dinas Perhubungan Contoh: Nota Kesepakatan, versi 2, perbaikan.pdf",
    ]
    assert entries(app, "preview") == ["Dinas Perhubungan Contoh: Nota Kesepakatan, halaman 3"]
    about = select(AuditEntry.record_id).where(AuditEntry.screen == "attachment", AuditEntry.action == "download")
    assert ask(app, about.order_by(AuditEntry.id)) == [first, second]


@pytest.mark.parametrize("url", [DOWNLOAD, PREVIEW])
def test_what_cannot_be_written_down_is_not_shown(app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    def fails(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("no trail")

    key = attach(app)
    monkeypatch.setattr(audit, "note_seen", fails)

    answer = sinta.get(f"{url}?id={key}")

    assert answer.status_code == 500
    assert b"%PDF" not in answer.data


def test_who_is_refused_leaves_no_entry_of_having_seen(app: Flask, dewi: Person, tamu: Person) -> None:
    key = attach(app, CLINIC)

    for person in (dewi, tamu):
        for url in (DOWNLOAD, PREVIEW):
            assert person.get(f"{url}?id={key}").status_code in (302, 404)
    assert entries(app, "download") == entries(app, "preview") == []


def test_a_download_is_a_record_of_an_agreement_too(app: Flask, sinta: Person) -> None:
    key = attach(app, BUSES)
    sinta.get(f"{DOWNLOAD}?id={key}")

    about = select(AuditEntry.agreement_id).where(AuditEntry.action == "download")
    assert ask(app, about) == [row_of(app, key).agreement_id]
