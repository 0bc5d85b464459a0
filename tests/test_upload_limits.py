"""Sending files: no more comes in than is agreed; where the line breaks or the disk is full, it is told and nothing is left.

Who may not send is turned away before anything is read; a full disk or database is a sentence, and then all is well again.
"""

import io
import re
import socket
import sqlite3
from typing import Any

import pytest
from flask import Flask, Request
from sqlalchemy.exc import OperationalError

from models import Agreement
from sikerja import attachments
from sikerja.refusals import is_lack_of_room
from tests.files import samples
from tests.papers import BUSES, JSON, NEW, Before, row_at, scan, send
from tests.people import BASE, Person
from tests.rows import id_of, rows

MEGABYTE = 1024 * 1024


# --- as much as is agreed ----------------------------------------------------------------------------------------


@pytest.fixture
def one_megabyte(app: Flask) -> None:
    """A file may have one megabyte, and so one form four of them and a bit."""
    app.config["MAX_UPLOAD"] = MEGABYTE


def test_a_large_file_comes_in_though_other_forms_are_small(app: Flask, sinta: Person) -> None:
    content = samples.picture("TIFF", (1500, 1500))

    assert len(content) > 2 * MEGABYTE
    assert row_at(app, send(sinta, BUSES, ("foto.tif", content))).size == len(content)


@pytest.mark.usefixtures("one_megabyte")
def test_a_file_that_is_too_large_is_told_how_large_it_may_be(app: Flask, sinta: Person) -> None:
    before = Before(app)

    answer = send(sinta, BUSES, ("naskah.pdf", scan() + bytes(2 * MEGABYTE)))

    assert answer.status_code == 422
    assert "Berkas 3 MB, paling besar 1 MB." in answer.text
    assert before.unchanged()


@pytest.mark.usefixtures("one_megabyte")
def test_more_than_a_form_may_hold_is_told_how_much_that_is(app: Flask, sinta: Person) -> None:
    before = Before(app)

    for headers in (None, JSON):
        answer = send(sinta, BUSES, ("naskah.pdf", bytes(6 * MEGABYTE)), headers=headers)
        assert answer.status_code == 413
        said = answer.json["errors"][""] if headers else answer.text
        assert "Tiap berkas paling besar 1 MB; sekali unggah paling banyak 20 berkas dan 4 MB." in said
    assert before.unchanged()


def test_at_most_twenty_files_come_in_at_once(app: Flask, sinta: Person) -> None:
    before = Before(app)

    answer = send(sinta, BUSES, *[(f"{number}.pdf", scan(1)) for number in range(21)])

    assert answer.status_code == 422
    assert "Paling banyak 20 berkas sekali unggah." in answer.text
    assert before.unchanged()


class Unreadable(io.RawIOBase):
    """A body that nobody may read."""

    def readable(self) -> bool:
        return True

    at = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = 10**9 if whence else offset
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, _buffer: Any) -> int:
        raise AssertionError("the body was read")


@pytest.mark.parametrize(("role", "status"), [(None, 401), ("supervisor", 403), ("auditor", 403)])
@pytest.mark.parametrize("headers", [None, JSON])
def test_who_may_not_send_is_turned_away_before_anything_is_read(
    app: Flask, role: str | None, status: int, headers: Any
) -> None:
    answer = Person(app, role).client.post(
        NEW, input_stream=Unreadable(), content_type="multipart/form-data; boundary=x", base_url=BASE,
        headers=headers,
    )  # fmt: skip

    assert answer.status_code == status
    if headers:
        assert answer.json["ok"] is False
    elif status == 401:
        assert "Masuk lagi, lalu pilih berkasnya kembali." in answer.text
        assert 'href="/login?next=/admin/attachment/new/"' in answer.text


# --- broken off, no room -----------------------------------------------------------------------------------------


def raw_upload(person: Person, agreement: int, content: bytes) -> tuple[bytes, bytes]:
    """Head and body of an upload as they travel."""
    fields = {"csrf_token": person.token(), "agreement": str(agreement), "kind": "laporan"}
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    parts.append(
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    )
    body = "".join(parts).encode() + content + b"\r\n--x--\r\n"
    cookie = person.client.get_cookie("sikerja", domain="localhost")
    assert cookie is not None
    head = (
        f"POST {NEW} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sikerja={cookie.value}\r\nConnection: close\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    return head, body


def over_the_line(site: str, data: bytes) -> bytes:
    """Send it, say no more, and read what comes back."""
    host, port = re.findall(r"//(.+):(\d+)", site)[0]
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := line.recv(65536):
            answer += piece
        return answer


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_an_upload_that_is_broken_off_leaves_nothing(app: Flask, sinta: Person, site: str, share: float) -> None:
    head, body = raw_upload(sinta, id_of(app, Agreement, BUSES), scan() + b"\n" * 1_000_000)
    before = Before(app)

    answer = over_the_line(site, head + body[: int(len(body) * share)])

    assert answer.split(b"\r\n")[0].split(b" ")[1] == b"400"
    assert before.unchanged()

    whole, content = raw_upload(sinta, id_of(app, Agreement, BUSES), scan())
    assert b" 302 " in over_the_line(site, whole + content).split(b"\r\n")[0]


def full_disk(*_args: Any, **_options: Any) -> Any:
    raise OSError(28, "No space left on device")


def test_a_full_disk_is_told_and_leaves_nothing_and_then_all_is_well_again(
    app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, content = Before(app), samples.pdf(2)
    with monkeypatch.context() as full:
        full.setattr("sikerja.files.store.os.fsync", full_disk)
        answer = send(sinta, BUSES, ("naskah.pdf", content), title="Naskah penting")
        assert answer.status_code == 422
        assert "Penyimpanan penuh." in answer.text
        assert "Naskah penting" in answer.text
        assert before.unchanged()

    assert row_at(app, send(sinta, BUSES, ("naskah.pdf", content))).size == len(content)


@pytest.mark.parametrize("place", ["sikerja.files.child.tempfile.TemporaryFile", "sikerja.attachments.inspect"])
def test_no_room_to_look_through_a_file_is_told_too(
    app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    before = Before(app)
    with monkeypatch.context() as full:
        full.setattr(place, full_disk)
        answer = send(sinta, BUSES, ("naskah.pdf", scan()))

    assert answer.status_code == 422
    assert "Penyimpanan penuh." in answer.text
    assert before.unchanged()


@pytest.mark.parametrize("headers", [None, JSON])
def test_no_room_to_receive_a_file_is_told_by_a_page(
    app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch, headers: Any
) -> None:
    before, token = Before(app), sinta.token()
    monkeypatch.setattr(Request, "_get_file_stream", full_disk)
    sent = {"csrf_token": token, "file": (io.BytesIO(scan()), "naskah.pdf")}

    answer = sinta.client.post(NEW, data=sent, base_url=BASE, headers=headers)

    assert answer.status_code == 507
    assert "Penyimpanan penuh" in (answer.json["errors"][""] if headers else answer.text)
    assert before.unchanged()


def database_full() -> OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return OperationalError("INSERT INTO attachment", {}, error)


def test_a_database_without_room_is_told_on_the_form(app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: Any) -> None:
        raise database_full()

    before = rows(app, "attachment")
    with monkeypatch.context() as full:
        full.setattr(attachments, "upload", fails)
        answer = send(sinta, BUSES, ("naskah.pdf", scan()))

    assert answer.status_code == 422
    assert "Penyimpanan penuh" in answer.text
    assert rows(app, "attachment") == before
    assert send(sinta, BUSES, ("naskah.pdf", scan())).status_code == 302


def test_other_faults_are_not_taken_for_a_full_disk() -> None:
    assert is_lack_of_room(OSError(28, "x"))
    assert is_lack_of_room(OSError(122, "x"))
    assert is_lack_of_room(OSError(27, "x"))
    assert is_lack_of_room(database_full())
    assert not is_lack_of_room(OSError(13, "x"))
    assert not is_lack_of_room(OperationalError("SELECT", {}, sqlite3.OperationalError("database is locked")))
    assert not is_lack_of_room(ValueError())
