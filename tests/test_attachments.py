"""Files beside their agreements: what is said of them, their editions, what the bureau thinks, the bin, who sees what.

Where they are shown, and what a page says whose file is lost, is told in test_attachments_shown.py; how they are sent in
test_upload.py; how they are taken in test_download.py.
"""

import re
from datetime import date

import pytest
from flask import Flask

from models import Agreement
from tests.files import samples
from tests.papers import BUSES, CLINIC, REVIEW, SCREEN, attach, blob, details, row_of, scan, send
from tests.people import ROLES, Person
from tests.rows import id_of, rows

# --- what is said of a file --------------------------------------------------------------------------------------


def test_the_page_of_a_file_says_what_is_known_of_it(app: Flask, rahmat: Person) -> None:
    key = attach(
        app, name="Nota — pindaian.pdf", title="Nota Kesepakatan", document_date=date(2026, 11, 14), paper_place="Lemari 2"
    )

    page = details(rahmat, key)

    for words in (
        "Nota Kesepakatan", "Naskah bertanda tangan", "14 November 2026", "Lemari 2", "Nota — pindaian.pdf", "PDF", "1 KB",
        "Versi 1", "Belum diperiksa", "Staf Kerja Sama Contoh", "Halaman 1 dari 3", row_of(app, key).digest[:16], BUSES,
    ):  # fmt: skip
        assert words in page, words


def test_pages_are_turned_by_links(app: Flask, sinta: Person) -> None:
    key = attach(app)

    def turns(page: int | str) -> list[str]:
        return re.findall(r'href="[^"]*[&;]page=(\d)[^"]*" rel="(prev|next)"', details(sinta, key, page=page))

    assert turns(1) == [("2", "next")]
    assert turns(2) == [("1", "prev"), ("3", "next")]
    assert turns(3) == [("2", "prev")]
    assert turns(99) == turns(3)
    assert turns("abc") == turns(0) == turns(1)
    assert f'src="/admin/attachment/preview/?id={key}&amp;page=2"' in details(sinta, key, page=2)


@pytest.mark.parametrize(("name", "content"), [("naskah.docx", samples.docx()), ("rekap.ods", samples.ods())])
def test_an_office_file_can_be_taken_but_not_looked_at(app: Flask, sinta: Person, name: str, content: bytes) -> None:
    page = details(sinta, attach(app, content=content, name=name))

    assert "hanya dapat diunduh" in page
    assert "<img" not in page


def test_a_pdf_that_may_run_by_itself_is_let_in_where_the_setting_says_so_and_is_marked(app: Flask, sinta: Person) -> None:
    app.config["REFUSE_ACTIVE_PDF"] = False
    key = attach(app, content=samples.pdf(1, samples.action(S="/JavaScript", JS="app.alert(1)")))

    assert "PDF ini memuat bagian yang dapat berjalan sendiri: " in details(sinta, key)
    assert "skrip" in details(sinta, key)
    assert "berjalan sendiri" not in details(sinta, attach(app))


def test_what_is_said_can_be_corrected_and_the_content_cannot(app: Flask, sinta: Person) -> None:
    key = attach(app, title="Naska")
    before = row_of(app, key)
    said = {"title": "Naskah", "kind": "laporan", "document_date": "14/11/2026", "paper_place": "Map 3", "digest": "0" * 64,
            "agreement": "1", "file": "x", "original_name": "x.pdf"}  # fmt: skip

    assert sinta.post(f"{SCREEN}edit/?id={key}", said).status_code == 302

    after = row_of(app, key)
    assert (after.title, after.title_key, after.kind) == ("Naskah", "naskah", "laporan")
    assert (after.document_date, after.paper_place) == (date(2026, 11, 14), "Map 3")
    for kept in ("agreement_id", "digest", "size", "original_name", "edition", "uploaded_by_id"):
        assert getattr(after, kept) == getattr(before, kept), kept


def test_a_kind_that_is_corrected_is_that_of_every_edition(app: Flask, sinta: Person) -> None:
    first = attach(app, kind="rancangan")
    second = attach(app, content=scan(1), replaces_id=first, reason="Halaman 3 terpotong")

    sinta.post(f"{SCREEN}edit/?id={second}", {"title": "Laporan akhir", "kind": "laporan"})

    assert [row_of(app, key).kind for key in (first, second)] == ["laporan", "laporan"]
    assert row_of(app, first).title == "naskah"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "Isi judul."),
        ("title", "x" * 501, "Judul terlalu panjang: 501 huruf, paling banyak 500."),
        ("kind", "naskah", "Pilihan ini sudah tidak ada."),
        ("document_date", "31/02/2026", "Tanggal tidak dikenali."),
        ("paper_place", "x" * 201, "Tempat naskah asli terlalu panjang"),
    ],
)
def test_what_cannot_be_said_is_refused_in_words(app: Flask, sinta: Person, field: str, value: str, sentence: str) -> None:
    key = attach(app)
    before = rows(app, "attachment")

    answer = sinta.post(f"{SCREEN}edit/?id={key}", {"title": "Naskah", "kind": "laporan", field: value})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert rows(app, "attachment") == before


# --- editions ----------------------------------------------------------------------------------------------------


def test_a_new_edition_leaves_the_old_one_readable(app: Flask, sinta: Person) -> None:
    first = attach(app, title="Nota Kesepakatan")
    answer = send(sinta, None, ("perbaikan.pdf", scan(1)), replaces=first, reason="Halaman 3 terpotong")
    second = int(answer.headers["Location"].rpartition("=")[2])

    row = row_of(app, second)
    assert (row.edition, row.replaces_id, row.series_id, row.reason) == (2, first, first, "Halaman 3 terpotong")
    assert (row.title, row.kind, row.agreement_id) == ("Nota Kesepakatan", "naskah_final", id_of(app, Agreement, BUSES))
    assert "Berkas diunggah, versi 2." in sinta.get(answer.headers["Location"]).text
    assert sinta.get(f"{SCREEN}download/?id={first}").data == scan(3)
    assert sinta.get(f"{SCREEN}download/?id={second}").data == scan(1)
    page = details(sinta, second)
    assert "Halaman 3 terpotong" in page
    assert page.index("perbaikan.pdf") < page.index(f'details/?id={first}">Versi 1')
    assert "sudah ada yang lebih baru" in details(sinta, first)
    assert "sudah ada yang lebih baru" not in page


@pytest.mark.parametrize("named", ["first", "second"])
def test_whichever_edition_is_named_the_new_one_is_the_next(app: Flask, sinta: Person, named: str) -> None:
    keys = {"first": attach(app)}
    keys["second"] = attach(app, content=scan(2), replaces_id=keys["first"], reason="Pindai ulang")

    third = row_of(app, attach(app, content=scan(1), replaces_id=keys[named], reason="Lengkap"))

    assert (third.edition, third.series_id, third.replaces_id) == (3, keys["first"], keys["second"])


def test_the_number_of_an_edition_in_the_bin_is_not_given_again(app: Flask, sinta: Person) -> None:
    first = attach(app)
    second = attach(app, content=scan(2), replaces_id=first, reason="Pindai ulang")
    sinta.post(f"{SCREEN}delete/", {"id": str(second)})
    assert "sudah ada yang lebih baru" not in details(sinta, first)

    third = row_of(app, attach(app, content=scan(1), replaces_id=first, reason="Lengkap"))

    assert (third.edition, third.replaces_id) == (3, second)


# --- what the bureau thinks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "remark", "word"),
    [("accepted", "", "Diterima"), ("accepted", "Lengkap", "Diterima"), ("refused", "Buram", "Ditolak")],
)
def test_a_file_is_accepted_or_refused(app: Flask, sinta: Person, verdict: str, remark: str, word: str) -> None:
    key = attach(app)

    answer = sinta.post(REVIEW, {"id": str(key), "verdict": verdict, "remark": remark}, follow_redirects=True)

    row = row_of(app, key)
    assert (row.verdict, row.verdict_remark) == (verdict, remark)
    assert row.verdict_at is not None
    assert f"Berkas {word.lower()}." in answer.text
    assert word in details(sinta, key)
    assert remark in details(sinta, key)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"verdict": "refused"}, "Isi alasan penolakan"),
        ({"verdict": "refused", "remark": "  "}, "Isi alasan penolakan"),
        ({"verdict": "refused", "remark": "x" * 2001}, "Catatan terlalu panjang: 2001 huruf, paling banyak 2000."),
        ({"verdict": "refused", "remark": "a\u202eb"}, "karakter yang tidak terlihat"),
        ({"verdict": "perhaps", "remark": "Buram"}, "Pilih diterima atau ditolak."),
        ({"remark": "Buram"}, "Pilih diterima atau ditolak."),
        ({}, "Pilih diterima atau ditolak."),
    ],
)
def test_half_a_verdict_is_refused_and_keeps_what_was_typed(
    app: Flask, sinta: Person, sent: dict[str, str], sentence: str
) -> None:
    key = attach(app)
    before = rows(app, "attachment")

    answer = sinta.post(REVIEW, {"id": str(key), **sent})

    assert answer.status_code == 422
    assert sentence in answer.text
    if sent.get("verdict") == "refused" and len(sent.get("remark", "")) > 100:
        assert sent["remark"] in answer.text
    assert rows(app, "attachment") == before


def test_a_verdict_on_what_someone_else_has_judged_meanwhile_is_a_conflict(app: Flask, sinta: Person, andi: Person) -> None:
    key = attach(app)
    seen = re.search(r'name="version" value="(\d+)"', details(andi, key))
    assert seen
    sinta.post(REVIEW, {"id": str(key), "verdict": "refused", "remark": "Buram"})

    answer = andi.post(REVIEW, {"id": str(key), "verdict": "accepted", "remark": "Jelas", "version": seen[1]})

    assert answer.status_code == 409
    assert "Data ini baru saja diubah orang lain" in answer.text
    assert "Jelas" in answer.text
    assert row_of(app, key).verdict == "refused"


def test_a_new_edition_is_judged_anew(app: Flask, sinta: Person) -> None:
    first = attach(app)
    sinta.post(REVIEW, {"id": str(first), "verdict": "refused", "remark": "Buram"})

    second = attach(app, content=scan(1), replaces_id=first, reason="Pindai ulang")

    assert row_of(app, second).verdict is None
    assert row_of(app, first).verdict == "refused"
    assert "Buram" in details(sinta, second)


# --- the bin -----------------------------------------------------------------------------------------------------


def test_a_file_goes_to_the_bin_and_comes_back_whole(app: Flask, sinta: Person, bima: Person) -> None:
    key = attach(app)
    sinta.post(f"{SCREEN}delete/", {"id": str(key)})

    assert str(key) not in sinta.keys(SCREEN)
    assert str(key) in sinta.keys(f"{SCREEN}?bin=1")
    assert "ada di keranjang" in details(sinta, key)
    assert bima.get(f"{SCREEN}download/?id={key}").status_code == 404
    assert blob(app, key).exists()
    assert sinta.post(REVIEW, {"id": str(key), "verdict": "accepted"}).status_code == 422

    sinta.post(f"{SCREEN}restore/", {"id": str(key)})
    assert bima.get(f"{SCREEN}download/?id={key}").data == scan()


# --- who sees what -----------------------------------------------------------------------------------------------

#                          download preview review
WHO = {
    "admin": (200, 200, 302),
    "staff": (200, 200, 302),
    "supervisor": (200, 200, 403),
    "unit": (200, 200, 403),
    "auditor": (200, 200, 403),
}


@pytest.mark.parametrize("role", ROLES)
def test_who_takes_looks_at_and_judges_a_file(app: Flask, role: str) -> None:
    person, key = Person(app, role), attach(app)

    found = (
        person.get(f"{SCREEN}download/?id={key}").status_code,
        person.get(f"{SCREEN}preview/?id={key}").status_code,
        person.post(REVIEW, {"id": str(key), "verdict": "refused", "remark": "Buram"}).status_code,
    )

    assert found == WHO[role]


@pytest.mark.parametrize("verb", ["details", "download", "preview"])
def test_files_of_another_unit_do_not_exist(app: Flask, dewi: Person, verb: str) -> None:
    key = attach(app, CLINIC, title="Rujukan rahasia")

    answer = dewi.get(f"{SCREEN}{verb}/?id={key}")

    assert answer.status_code == 404
    assert "Rujukan" not in answer.text
    assert "Rujukan rahasia" not in dewi.get(f"{SCREEN}?page_size=200").text
    assert "Rujukan rahasia" not in dewi.get(f"{SCREEN}export/csv/").text
    assert dewi.total(f"{SCREEN}?search=rujukan") == 0


def test_the_form_does_not_tell_a_unit_the_title_of_another_unit_s_agreement(app: Flask, dewi: Person, sinta: Person) -> None:
    key = id_of(app, Agreement, CLINIC)

    assert CLINIC in sinta.get(f"{SCREEN}new/?agreement={key}").text
    assert CLINIC not in dewi.get(f"{SCREEN}new/?agreement={key}").text
    assert CLINIC not in dewi.post(f"{SCREEN}new/", {"agreement": str(key)}).text
    assert dewi.get(f"{SCREEN}ajax/lookup/?name=agreement&query=rujukan").json == []


def test_a_stranger_is_sent_to_the_sign_in(app: Flask, tamu: Person) -> None:
    key = attach(app)

    for page in ("", "details/", "download/", "preview/", "new/"):
        answer = tamu.get(f"{SCREEN}{page}?id={key}")
        assert (answer.status_code, answer.headers["Location"][:6]) == (302, "/login"), page
