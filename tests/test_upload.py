"""Sending files: all come in or none, what is not let in is told at its field, and nothing is left behind by what is refused.

How much may come in and what happens where there is no room is told in test_upload_limits.py, what several do at the same
moment in test_upload_at_once.py.
"""

import io

import pytest
from flask import Flask
from sqlalchemy import select

from models import Agreement, Attachment
from tests.files import samples
from tests.hostile import VALUES, faults
from tests.papers import BUSES, CLINIC, JSON, NEW, Before, attach, blob, blobs, count, row_at, scan, send
from tests.people import BASE, Person
from tests.rows import ask, id_of

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
