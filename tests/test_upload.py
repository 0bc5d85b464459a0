"""Sending files: all or none, nothing left behind by what is refused, no more than agreed, no one kept waiting."""

import io
import re
import socket
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import Any

import pytest
from flask import Flask, Request
from sqlalchemy import NullPool, create_engine, select, text
from sqlalchemy.exc import OperationalError

from models import Agreement, Attachment
from sikerja import attachments
from sikerja.files import inspection
from sikerja.files.store import LocalStore
from sikerja.refusals import is_lack_of_room
from tests.engines import ENGINE
from tests.files import samples
from tests.hostile import VALUES, faults
from tests.papers import BUSES, CLINIC, NEW, attach, blob, blobs, count, row_at, row_of, scan, send
from tests.people import BASE, PASSWORD, Person
from tests.rows import ask, id_of, rows

JSON = {"Accept": "application/json"}
MEGABYTE = 1024 * 1024


class Before:
    """The files and their rows as they were."""

    def __init__(self, app: Flask) -> None:
        self.app, self.blobs, self.rows = app, blobs(app), rows(app, "attachment")

    def unchanged(self) -> bool:
        return blobs(self.app) == self.blobs and rows(self.app, "attachment") == self.rows


# --- what comes in -----------------------------------------------------------------------------------------------


def test_a_scan_lies_beside_its_agreement(app: Flask, sinta: Person) -> None:
    row = row_at(app, send(sinta, BUSES, ("Nota bertanda tangan.pdf", scan()), document_date="14/11/2026", paper_place="Map 3"))

    assert (row.title, row.original_name, row.kind) == ("Nota bertanda tangan", "Nota bertanda tangan.pdf", "naskah_final")
    assert (str(row.document_date), row.paper_place, row.agreement_id) == ("2026-11-14", "Map 3", id_of(app, Agreement, BUSES))
    assert (row.size, row.format, row.pages, row.edition, row.series_id) == (len(scan()), "pdf", 3, 1, row.id)
    assert blob(app, row.id).read_bytes() == scan()


@pytest.mark.parametrize(
    ("name", "content", "pages"),
    [
        ("a.pdf", samples.pdf(2), 2), ("a.docx", samples.docx(), None), ("a.xlsx", samples.xlsx(), None),
        ("a.pptx", samples.pptx(), None), ("a.odt", samples.odt(), None), ("a.ods", samples.ods(), None),
        ("a.JPG", samples.jpeg(), 1), ("a.png", samples.png(), 1), ("a.tif", samples.tiff(2), 2),
    ],
)  # fmt: skip
def test_every_kind_that_is_accepted_comes_in_and_goes_out_again(
    app: Flask, sinta: Person, name: str, content: bytes, pages: int | None
) -> None:
    row = row_at(app, send(sinta, BUSES, (name, content)))

    assert row.pages == pages
    assert sinta.get(f"/admin/attachment/download/?id={row.id}").data == content
    assert sinta.get(f"/admin/attachment/details/?id={row.id}").status_code == 200


def test_several_files_come_in_at_once_each_by_its_own_name(app: Flask, sinta: Person) -> None:
    before = count(app)

    answer = send(sinta, BUSES, ("naskah.pdf", scan()), ("lampiran.docx", samples.docx()), ("foto.png", samples.png()))

    assert (answer.status_code, answer.headers["Location"]) == (
        302, f"/admin/agreement/details/?id={id_of(app, Agreement, BUSES)}#berkas",
    )  # fmt: skip
    assert count(app) == before + 3
    page = sinta.get(answer.headers["Location"]).text
    assert "3 berkas diunggah." in page
    for title in ("naskah", "lampiran", "foto"):
        assert f">{title}</a>" in page


def test_of_several_files_all_come_in_or_none(app: Flask, sinta: Person) -> None:
    before = Before(app)

    answer = send(sinta, BUSES, ("naskah.pdf", scan()), ("kosong.pdf", b""), ("palsu.pdf", b"GIF89a" * 99), title="Tiga berkas")

    assert answer.status_code == 422
    assert "“kosong.pdf”: Berkas ini kosong." in answer.text
    assert "“palsu.pdf”: Isi berkas tidak sesuai dengan akhiran .pdf." in answer.text
    assert "naskah.pdf" not in answer.text
    assert "Tiga berkas" in answer.text
    assert "Pilih berkasnya lagi" in answer.text
    assert before.unchanged()


def test_the_same_upload_twice_is_one_file_and_two_rows(app: Flask, sinta: Person) -> None:
    content = samples.pdf(2)
    first, second = (row_at(app, send(sinta, BUSES, ("naskah.pdf", content))) for _ in range(2))

    assert first.id != second.id
    assert first.digest == second.digest
    assert sum(first.digest in name for name in blobs(app)) == 1


# --- names -------------------------------------------------------------------------------------------------------

NAMES = {
    "the direction turned": ("naskah\u202efdp.pdf", "naskahfdp.pdf"),
    "characters one can't see": ("nas\u200bkah\x07.pdf", "naskah.pdf"),
    "10,000 letters": ("n" * 10_000 + ".pdf", "n" * 196 + ".pdf"),
    "another script": ("協定書.pdf", "協定書.pdf"),
    "an attribute": ("x' onfocus=alert(1) y=.pdf", "x' onfocus=alert(1) y=.pdf"),
}


@pytest.mark.parametrize(("sent", "kept"), NAMES.values(), ids=list(NAMES))
def test_a_name_is_kept_as_it_may_be_offered_again(app: Flask, sinta: Person, sent: str, kept: str) -> None:
    row = row_at(app, send(sinta, BUSES, (sent, scan())))

    assert row.original_name == kept
    assert row.title == kept.removesuffix(".pdf")
    assert list(faults(sinta.get(f"/admin/attachment/details/?id={row.id}"), "an attribute")) == []
    assert sinta.get("/admin/attachment/").status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("naskah.exe", b"MZ" + bytes(99), "Jenis berkas ini tidak diterima."),
        ("naskah", scan(), "Jenis berkas ini tidak diterima."),
        (".pdf", scan(), "Jenis berkas ini tidak diterima."),
        ("../../etc/passwd.pdf", scan(), "Nama berkas memuat tanda garis miring."),
        ("CON.pdf", scan(), "Nama berkas CON dipakai oleh sistem."),
        ("lpt1.tar.pdf", scan(), "Nama berkas lpt1 dipakai oleh sistem."),
        ("naskah.php.pdf", scan(), "Nama berkas memuat akhiran .php di tengah."),
        ("naskah.docx", scan(), "Isi berkas tidak sesuai dengan akhiran .docx."),
        ("naskah.pdf", scan()[:600], "Berkas tidak dapat dibaca."),
        ("naskah.pdf", b"", "Berkas ini kosong."),
        ("naskah.pdf", samples.pdf(1, samples.action(S="/JavaScript", JS="app.alert(1)")), "dapat berjalan sendiri"),
    ],
)
def test_what_is_not_let_in_is_told_at_the_field_and_leaves_nothing(
    app: Flask, sinta: Person, name: str, content: bytes, sentence: str
) -> None:
    before = Before(app)

    answer = send(sinta, BUSES, (name, content), title="Naskah uji")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Naskah uji" in answer.text
    assert before.unchanged()


# --- records that are none ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("agreement", [None, "", "0", "999999999", "2147483648", "abc", "1,2", "１"])
def test_a_file_without_an_agreement_is_no_file(app: Flask, sinta: Person, agreement: str | None) -> None:
    before = Before(app)
    sent = {"kind": "laporan", "file": (io.BytesIO(scan()), "naskah.pdf")} | (
        {} if agreement is None else {"agreement": agreement}
    )

    answer = sinta.post(NEW, sent, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "Pilih kerja sama." in answer.text or "Pilihan ini sudah tidak ada." in answer.text
    assert before.unchanged()


def test_an_agreement_in_the_bin_takes_no_files(app: Flask, sinta: Person) -> None:
    key = id_of(app, Agreement, BUSES)
    sinta.post("/admin/agreement/delete/", {"id": str(key)})
    before = Before(app)

    assert send(sinta, key, ("naskah.pdf", scan())).status_code == 422
    assert before.unchanged()


def test_a_unit_sends_files_for_its_own_agreements_only(app: Flask, dewi: Person) -> None:
    assert row_at(app, send(dewi, BUSES, ("laporan.pdf", scan()), kind="laporan")).edition == 1
    theirs = attach(app, CLINIC)
    before = Before(app)

    answer = send(dewi, CLINIC, ("laporan.pdf", scan(2)))
    assert answer.status_code == 422
    assert "Rujukan" not in answer.text
    assert send(dewi, None, ("laporan.pdf", scan(2)), replaces=theirs, reason="Lengkap").status_code == 422
    assert dewi.get(f"{NEW}?replaces={theirs}").status_code == 404
    assert before.unchanged()


@pytest.mark.parametrize("role", ["supervisor", "auditor"])
def test_who_only_reads_sends_nothing(app: Flask, role: str) -> None:
    before = Before(app)

    assert send(Person(app, role), BUSES, ("naskah.pdf", scan())).status_code == 403
    assert before.unchanged()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"replaces": "999999999"}, "Berkas yang akan digantikan sudah tidak ada."),
        ({"replaces": "99999999999999999999"}, "Berkas yang akan digantikan sudah tidak ada."),
        ({"replaces": "abc"}, "Berkas yang akan digantikan sudah tidak ada."),
        ({"replaces": "-1"}, "Berkas yang akan digantikan sudah tidak ada."),
        ({"reason": ""}, "Isi alasan versi baru."),
        ({"reason": "x" * 2001}, "Alasan versi baru terlalu panjang: 2001 huruf"),
    ],
)
def test_a_new_edition_of_nothing_or_for_no_reason_is_refused(
    app: Flask, sinta: Person, change: dict[str, str], sentence: str
) -> None:
    sent = {"replaces": str(attach(app)), "reason": "Pindai ulang"} | change
    before = Before(app)

    answer = send(sinta, None, ("naskah.pdf", scan(2)), **sent)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert before.unchanged()


def test_a_new_edition_stays_with_its_agreement_and_kind_and_is_one_file(app: Flask, sinta: Person) -> None:
    first = attach(app, kind="rancangan")
    before = Before(app)

    foreign = send(sinta, CLINIC, ("naskah.pdf", scan(2)), replaces=first, reason="Pindai ulang")
    assert foreign.status_code == 422
    assert "Versi baru tetap milik kerja sama semula." in foreign.text
    two = send(sinta, BUSES, ("a.pdf", scan(2)), ("b.pdf", scan(1)), replaces=first, reason="Pindai ulang")
    assert two.status_code == 422
    assert "Pilih satu berkas saja untuk versi baru." in two.text
    assert before.unchanged()

    assert row_at(app, send(sinta, BUSES, ("b.pdf", scan(1)), replaces=first, reason="Pindai ulang")).kind == "rancangan"


def test_what_lies_in_the_bin_gets_no_new_edition(app: Flask, sinta: Person) -> None:
    first = attach(app)
    sinta.post("/admin/attachment/delete/", {"id": str(first)})
    before = Before(app)

    assert send(sinta, None, ("naskah.pdf", scan(2)), replaces=first, reason="Pindai ulang").status_code == 422
    assert sinta.get(f"{NEW}?replaces={first}").status_code == 422
    assert before.unchanged()


@pytest.mark.parametrize(
    "name", ["agreement", "kind", "title", "document_date", "paper_place", "replaces", "reason", "file", "url"]
)
def test_no_field_of_the_form_is_a_way_in(app: Flask, sinta: Person, name: str) -> None:
    found, agreement = [], str(id_of(app, Agreement, BUSES))
    for label, value in VALUES.items():
        if label == "a broken character":
            continue  # no browser can put it into this form
        sent = {"agreement": agreement, "kind": "laporan", name: value}
        answer = sinta.post(NEW, sent | {"file": [(io.BytesIO(scan()), "a.pdf"), *([value] if name == "file" else [])]},
                            content_type="multipart/form-data")  # fmt: skip
        found += [(label, fault) for fault in faults(answer, label)]
        assert answer.status_code in (302, 400, 413, 422), label
        if answer.status_code == 302:
            found += [(label, fault) for fault in faults(sinta.get(answer.headers["Location"]), label)]

    assert found == []


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


# --- a script's answers ------------------------------------------------------------------------------------------


def test_a_script_is_answered_in_json(app: Flask, sinta: Person) -> None:
    sent = send(sinta, BUSES, ("naskah.pdf", scan()), headers=JSON)
    assert sent.status_code == 200
    key = max(ask(app, select(Attachment.id)))
    assert sent.json == {"ok": True, "url": f"/admin/attachment/details/?id={key}"}

    unfit = send(sinta, BUSES, ("naskah.pdf", b"x"), headers=JSON)
    assert unfit.status_code == 422
    assert unfit.json == {"ok": False, "errors": {"file": "Isi berkas tidak sesuai dengan akhiran .pdf."}}

    nothing = sinta.post(NEW, {}, headers=JSON)
    assert (nothing.status_code, nothing.json["errors"]) == (
        422,
        {"agreement": "Pilih kerja sama.", "file": "Pilih sedikitnya satu berkas.", "kind": "Pilih jenis berkas."},
    )

    gone = send(sinta, None, ("naskah.pdf", scan()), replaces=0, reason="x", headers=JSON)
    assert (gone.status_code, list(gone.json["errors"])) == (422, [""])

    stale = sinta.client.post(NEW, data={"csrf_token": "x"}, headers=JSON, base_url=BASE)
    assert (stale.status_code, stale.json["ok"]) == (400, False)


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


# --- at once -----------------------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of it at the same time."""
    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(act) for act in acts]]


def test_nobody_waits_while_a_file_is_looked_through(app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    locks = []

    def look(*args: Any) -> Any:
        take_every_lock(app.config["SQLALCHEMY_DATABASE_URI"])
        locks.append("taken")
        return inspection.inspect(*args)

    monkeypatch.setattr(attachments, "inspect", look)

    assert send(sinta, BUSES, ("naskah.pdf", scan())).status_code == 302
    assert locks == ["taken"]


def test_nobody_waits_while_a_file_is_on_its_way(app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    locks, place = [], Request._get_file_stream

    def arrives(*args: Any, **more: Any) -> Any:
        take_every_lock(app.config["SQLALCHEMY_DATABASE_URI"])
        locks.append("taken")
        return place(*args, **more)

    monkeypatch.setattr(Request, "_get_file_stream", arrives)

    assert send(sinta, BUSES, ("naskah.pdf", scan())).status_code == 302
    assert locks == ["taken"]


def take_every_lock(url: str) -> None:
    """Take for a moment what nobody else may hold meanwhile; fails at once where somebody does."""
    if ENGINE == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)) as beside:
            beside.execute("BEGIN IMMEDIATE")
        return
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as beside:
        beside.execute(text('LOCK TABLE agreement, attachment, "user" IN ACCESS EXCLUSIVE MODE NOWAIT'))


def test_those_who_replace_at_once_make_an_edition_each(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [Person(app, role) for role in ("admin", "staff", "staff")]
    first, row, all_of_them = attach(app), attachments._row, threading.Barrier(3)

    def row_when_all_are_there(*args: Any) -> Attachment:
        """Whoever has counted the editions waits a little for others who might count them too."""
        with suppress(threading.BrokenBarrierError):
            all_of_them.wait(timeout=1)
        return row(*args)

    monkeypatch.setattr(attachments, "_row", row_when_all_are_there)

    def replace(person: Person) -> Callable[[], Any]:
        return lambda: send(person, None, ("naskah.pdf", scan(2)), replaces=first, reason="Pindai ulang")

    answers = at_once(*[replace(person) for person in people])

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    made = sorted((row.edition, row.replaces_id, row.id) for row in (row_at(app, answer) for answer in answers))
    assert [edition for edition, _, _ in made] == [2, 3, 4]
    assert [before for _, before, _ in made] == [first, made[0][2], made[1][2]]


def test_uploads_and_the_bin_at_once_lose_nothing(app: Flask) -> None:
    sender, thrower = Person(app, "staff"), Person(app, "admin")
    first = attach(app)

    def send_often() -> list[Any]:
        return [send(sender, None, ("naskah.pdf", scan(2)), replaces=first, reason="Pindai ulang") for _ in range(6)]

    def throw_often() -> list[int]:
        verbs = ["delete", "restore"] * 4
        return [thrower.post(f"/admin/attachment/{verb}/", {"id": str(first)}).status_code for verb in verbs]

    sent, thrown = at_once(send_often, throw_often)

    assert {answer.status_code for answer in sent} <= {302, 422}
    assert set(thrown) <= {302, 409, 422}
    series = ask(app, select(Attachment.edition).where(Attachment.series_id == first).order_by(Attachment.edition))
    assert series == list(range(1, len(series) + 1))
    assert len(series) == 1 + sum(answer.status_code == 302 for answer in sent)
    for key in ask(app, select(Attachment.id).where(Attachment.series_id == first)):
        assert blob(app, key).read_bytes() in (scan(), scan(2))


def test_the_same_file_sent_by_several_at_once_is_one_file(app: Flask) -> None:
    people = [Person(app, "staff") for _ in range(4)]
    content = samples.pdf(4)

    answers = at_once(*[lambda person=person: send(person, BUSES, ("naskah.pdf", content)) for person in people])

    assert len({row_at(app, answer).digest for answer in answers}) == 1
    assert LocalStore(blob(app, row_at(app, answers[0]).id).parents[2]).verify(row_at(app, answers[0]).digest) is None


def test_a_sign_in_in_another_tab_lets_the_upload_go_on(app: Flask, sinta: Person) -> None:
    page = sinta.get(f"{NEW}?agreement={id_of(app, Agreement, BUSES)}")
    sinta.post("/logout")
    assert send_again(sinta, page.text).status_code == 401

    sinta.sign_in("staff@sikerja.test", PASSWORD)

    assert send_again(sinta, sinta.get(NEW).text).status_code == 302


def send_again(person: Person, page: str) -> Any:
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.partition("data-upload")[2])
    assert token
    agreement = id_of(person.app, Agreement, BUSES)
    sent = {"csrf_token": token[1], "agreement": str(agreement), "kind": "laporan", "file": (io.BytesIO(scan()), "a.pdf")}
    return person.client.post(NEW, data=sent, base_url=BASE)


def test_a_row_is_there_only_when_its_file_is(app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    write = attachments.upload

    def upload(*args: Any) -> Any:
        seen.extend(LocalStore.has(attachments.the_store(), file.stored.digest) for file in args[2])
        return write(*args)

    monkeypatch.setattr(attachments, "upload", upload)
    send(sinta, BUSES, ("naskah.pdf", samples.pdf(2)), ("lampiran.docx", samples.docx()))

    assert seen == [True, True]
    assert all(row_of(app, key).size > 0 for key in ask(app, select(Attachment.id)))
