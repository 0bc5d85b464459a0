"""Where files are shown: on the page of their agreement, in their list and its CSV; and what is said there of one that is lost.

The newest edition stands for its series; an agreement in the bin names its files and opens none.
"""

import csv
import io
import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Agreement, Attachment
from tests import records
from tests.conftest import Statements
from tests.files import samples
from tests.papers import BUSES, CLINIC, REVIEW, SCREEN, attach, blob, damage, details, row_of, scan
from tests.people import Person
from tests.rows import ask, change, id_of


def section(page: str) -> str:
    """The files on the page of an agreement."""
    return page.partition('id="berkas"')[2].partition("</section>")[0]


# --- on the page of the agreement --------------------------------------------------------------------------------


def test_an_agreement_shows_the_newest_edition_of_each_of_its_files(app: Flask, sinta: Person) -> None:
    agreement = id_of(app, Agreement, CLINIC)
    offer = attach(app, CLINIC, kind="surat_penawaran", name="penawaran.pdf", title="Surat penawaran RSUD")
    first = attach(app, CLINIC, title="Naskah")
    second = attach(app, CLINIC, content=scan(1), name="naskah-2.pdf", replaces_id=first, reason="Pindai ulang")

    shown = section(sinta.get(f"/admin/agreement/details/?id={agreement}").text)

    assert re.findall(r"details/\?id=(\d+)", shown)[:2] == [str(second), str(offer)]
    assert f'/admin/attachment/details/?id={first}"' not in shown
    assert "naskah-2.pdf · versi 2 · " in shown
    assert "penawaran.pdf · versi 1 · " in shown
    assert f"download/?id={second}" in shown
    assert f"new/?agreement={agreement}" in shown


def test_an_agreement_without_files_says_what_to_do(sinta: Person, rahmat: Person, session: Session) -> None:
    key = records.agreement(session, "Uji").id

    assert "Unggah pindaian naskah" in section(sinta.get(f"/admin/agreement/details/?id={key}").text)
    told = section(rahmat.get(f"/admin/agreement/details/?id={key}").text)
    assert "Belum ada berkas." in told
    assert "Unggah" not in told


def test_files_of_an_agreement_in_the_bin_are_named_and_cannot_be_opened(app: Flask, sinta: Person, session: Session) -> None:
    agreement = records.agreement(session, "Uji").id
    session.rollback()
    key = attach(app, agreement, title="Naskah uji")
    sinta.post("/admin/agreement/delete/", {"id": str(agreement)})

    shown = section(sinta.get(f"/admin/agreement/details/?id={agreement}").text)
    assert "Naskah uji" in shown
    assert "<a" not in shown
    for page in ("details", "download", "preview", "edit"):
        assert sinta.get(f"{SCREEN}{page}/?id={key}").status_code == 404, page
    assert "Naskah uji" not in sinta.get(SCREEN).text

    sinta.post("/admin/agreement/restore/", {"id": str(agreement)})
    assert sinta.get(f"{SCREEN}download/?id={key}").data == scan()


def test_the_page_of_an_agreement_asks_no_more_for_more_files(
    app: Flask, sinta: Person, session: Session, statements: Statements
) -> None:
    agreement = records.agreement(session, "Uji").id
    session.rollback()

    def cost() -> int:
        statements.clear()
        sinta.get(f"/admin/agreement/details/?id={agreement}")
        return len(statements)

    none = cost()
    for number in range(4):
        attach(app, agreement, title=f"Naskah {number}")
    assert cost() == none <= 26


# --- the list ----------------------------------------------------------------------------------------------------


@pytest.fixture
def four(app: Flask, sinta: Person, session: Session) -> dict[str, int]:
    """Four files in a register of two agreements: a draft in two editions, a report, a photograph."""
    port = records.agreement(session, "Pengelolaan pelabuhan", units=("dinas_perhubungan",)).id
    library = records.agreement(session, "Perpustakaan keliling").id
    session.rollback()
    keys = {"draft": attach(app, port, kind="rancangan", name="konsep.docx", content=samples.docx(), title="Rancangan naskah")}
    keys["second"] = attach(app, port, name="Konsep B.pdf", replaces_id=keys["draft"], reason="Masukan Bagian Hukum")
    keys["report"] = attach(
        app, library, kind="laporan", name="laporan.pdf", document_date=date(2026, 11, 14), title="Laporan 2026"
    )
    keys["photo"] = attach(app, library, kind="lainnya", name="foto.jpg", content=samples.jpeg(), title="Foto acara")
    sinta.post(REVIEW, {"id": str(keys["report"]), "verdict": "accepted"})
    return keys


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("flt0_kind_equals=rancangan", "second draft"),
        ("flt0_kind_in_list=laporan,lainnya", "photo report"),
        ("flt0_agreement_contains=PELABUHAN", "second draft"),
        ("flt0_title_contains=laporan", "report"),
        ("flt0_document_date_equals=2026-11-14", "report"),
        ("flt0_document_date_between=2026-11-01 to 2026-11-30", "report"),
        ("flt0_verdict_equals=accepted", "report"),
        ("flt0_verdict_empty=1&flt1_newest_equals=1", "photo second"),
        ("flt0_newest_equals=0", "draft"),
        ("flt0_format_equals=docx", "draft"),
        ("flt0_format_in_list=jpeg,docx", "photo draft"),
        ("flt0_original_name_contains=konsep", "second draft"),
        ("flt0_original_name_equals=konsep b.pdf", "second"),
        ("search=keliling", "photo report"),
        ("search=konsep+pdf", "second"),
        ("search=foto", "photo"),
        ("search=rancangan+pelabuhan", "second draft"),
        ("search=rancangan+pt+uji", "second draft"),
        ("search=rancangan+nothing", ""),
        ("sort=title", "photo report draft second"),
        ("sort=size&desc=1&flt0_kind_equals=lainnya", "photo"),
    ],
)
def test_each_question_finds_its_files(app: Flask, sinta: Person, four: dict[str, int], query: str, expected: str) -> None:
    names = {str(key): name for name, key in four.items()}

    found = [names[key] for key in sinta.keys(f"{SCREEN}?{query}&page_size=200") if key in names]

    assert found == expected.split()


def test_files_are_found_by_the_register_number_of_their_agreement(app: Flask, sinta: Person, four: dict[str, int]) -> None:
    number = ask(app, select(Agreement.register_no).where(Agreement.title == "Pengelolaan pelabuhan"))[0]
    assert sinta.keys(f"{SCREEN}?search={number}") == [str(four["second"]), str(four["draft"])]


@pytest.mark.usefixtures("four")
def test_a_file_sent_today_is_found_by_the_day(app: Flask, sinta: Person) -> None:
    change(app, update(Attachment).values(created_at=date(2026, 11, 20)))

    assert sinta.total(f"{SCREEN}?flt0_uploaded_at_equals=2026-11-20&search=perpustakaan+keliling") == 2
    assert sinta.total(f"{SCREEN}?flt0_uploaded_at_greater=2026-11-20") == 0


def test_the_list_says_which_edition_is_an_old_one(sinta: Person, four: dict[str, int]) -> None:
    page = sinta.get(f"{SCREEN}?flt0_kind_equals=rancangan&search=pelabuhan").text

    assert re.findall(r"data-label=Versi>([^\n<]+)", page) == ["2", "1 (lama)"]


def test_the_list_is_taken_as_csv(app: Flask, sinta: Person, four: dict[str, int]) -> None:
    text = sinta.get(f"{SCREEN}export/csv/?search=pelabuhan&sort=edition").text.removeprefix("\ufeff")

    heading, first, second = csv.reader(io.StringIO(text))
    assert heading == [
        "Nomor Register", "Kerja Sama", "Jenis", "Judul", "Tanggal Dokumen", "Versi", "Versi Terbaru", "Alasan Versi Baru",
        "Pemeriksaan", "Catatan Pemeriksaan", "Nama Berkas", "Format", "Ukuran (bita)", "Halaman", "SHA-256", "Diunggah Oleh",
        "Diunggah", "Tempat Naskah Asli",
    ]  # fmt: skip
    row = row_of(app, four["second"])
    assert first[1:11] == [
        "Pengelolaan pelabuhan",
        "Rancangan naskah",
        "Rancangan naskah",
        "",
        "1",
        "Tidak",
        "",
        "",
        "",
        "konsep.docx",
    ]
    assert second[5:8] == ["2", "Ya", "Masukan Bagian Hukum"]
    assert second[11:16] == ["PDF", str(len(scan())), "3", row.digest, "Staf Kerja Sama Contoh"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", second[16])


# --- missing and damaged -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("harm", ["missing", "shorter"])
def test_the_pages_around_a_lost_file_work_and_say_so(app: Flask, sinta: Person, harm: str) -> None:
    key = attach(app, content=samples.pdf(2), name="hilang.pdf")
    sentence = {
        "missing": "Berkas tidak ditemukan di penyimpanan.",
        "shorter": "Isi berkas ini tidak lagi sama dengan saat diunggah.",
    }[harm]
    if harm == "missing":
        blob(app, key).unlink()
    else:
        damage(app, key, b"%PDF")

    page = details(sinta, key)
    assert sentence in page
    assert "<img" not in page
    shown = section(sinta.get(f"/admin/agreement/details/?id={id_of(app, Agreement, BUSES)}").text)
    assert sentence in shown
    assert f"download/?id={key}" not in shown
    assert str(key) in sinta.keys(SCREEN)


def test_the_pages_work_while_the_whole_store_is_out_of_reach(
    app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable() -> None:
        raise OSError(5, "Input/output error")

    key = attach(app)
    monkeypatch.setattr("sikerja.attachments.the_store", unreachable)

    assert "Berkas tidak ditemukan di penyimpanan." in details(sinta, key)
    page = sinta.get(f"/admin/agreement/details/?id={id_of(app, Agreement, BUSES)}")
    assert "Berkas tidak ditemukan di penyimpanan." in section(page.text)
