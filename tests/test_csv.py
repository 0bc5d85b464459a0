"""The CSV: the columns of the contract, the rows and order of the list, and nothing a spreadsheet would run."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from sikerja import exports
from tests import records
from tests.conftest import TODAY
from tests.people import Person
from tests.test_lists import sector

CSV = "/admin/agreement/export/csv/"
HEADER = (
    "Nomor Register,Judul,Jenis Kerja Sama,Jenis Naskah,Bidang,Perangkat Daerah,Mitra,Nomor Pihak Kesatu,Nomor Mitra,"
    "Tanggal Tanda Tangan,Tanggal Mulai,Tanggal Berakhir,Masa Berlaku,Sisa Hari,Tahap,Sejak,Nilai,Ruang Lingkup"
)


def rows(answer: Any, delimiter: str = ",") -> list[list[str]]:
    """The rows of a file, headings first."""
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=delimiter))


def test_the_file_of_the_example_family_word_for_word(sinta: Person) -> None:
    file = sinta.get(f"{CSV}?search=rujukan&sort=register_no")

    assert file.data.decode() == (
        "\ufeff" + HEADER + "\r\n"
        "KS-2026-0043,Rujukan pelayanan kesehatan antardaerah (contoh),Kerja Sama Daerah dengan Daerah Lain - Kerja Sama Sukarela,"
        "Perjanjian Kerja Sama,Kesehatan,Dinas Kesehatan,Kabupaten Contoh (contoh),CONTOH-002/KS/2024,CONTOH-002/KC/2024,"
        "2024-07-15,2024-07-15,2027-01-15,Segera berakhir,52,Pelaksanaan,2024-08-01,,\r\n"
        "KS-2026-0044,Adendum rujukan pelayanan kesehatan antardaerah (contoh),"
        "Kerja Sama Daerah dengan Daerah Lain - Kerja Sama Sukarela,Adendum,Kesehatan,Dinas Kesehatan,Kabupaten Contoh (contoh),"
        "CONTOH-003/KS/2025,CONTOH-003/KC/2025,2025-09-22,2025-09-22,2027-01-15,Segera berakhir,52,Ditandatangani,2025-09-22,,\r\n"
    )


def test_every_value_of_a_full_row(sinta: Person, session: Session) -> None:
    records.agreement(
        session, 'Uji "kutip"; koma, dan\u00a0café', partners=("PT Satu", "PT Dua"), units=("dpupr", "dinas_kesehatan"),
        our_number="12/KS/2026", signed_on=date(2026, 1, 2), starts_on=date(2026, 2, 1), ends_on=TODAY - timedelta(days=5),
        value=Decimal("1250000.50"), scope="baris satu\nbaris dua", sector_id=sector(session, "pangan"), group="sinergi",
    )  # fmt: skip

    assert rows(sinta.get(f"{CSV}?search=kutip"))[1][1:] == [
        'Uji "kutip"; koma, dan\u00a0café', "Sinergi dengan Pemerintah Pusat", "Perjanjian Kerja Sama", "Pangan",
        "Dinas Pekerjaan Umum dan Penataan Ruang; Dinas Kesehatan", "PT Satu; PT Dua", "12/KS/2026", "", "2026-01-02", "2026-02-01",
        "2026-11-19", "Sudah berakhir", "-5", "Ditandatangani", "2026-01-02", "1250000.50", "baris satu\nbaris dua",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "state",
    ["", "flt0_group_equals=ksdpk", "flt0_validity_in_list=ending,active", "search=uji+pangan", "sort=partner", "sort=ends_on&desc=1",
     "flt0_unit_contains=hub&sort=title&desc=1", "search=zzz", "page=1&page_size=20"],
)  # fmt: skip
def test_the_file_has_the_rows_and_order_of_the_list(sinta: Person, state: str) -> None:
    listed = sinta.keys(f"/admin/agreement/?{state.removeprefix('page=1&page_size=20')}&page_size=200")

    assert [row[0] for row in rows(sinta.get(f"{CSV}?{state}"))[1:]] == listed


def test_the_semicolon_variant(sinta: Person) -> None:
    file = sinta.get(f"{CSV}?delimiter=semicolon")

    assert file.data.startswith(b"\xef\xbb\xbfNomor Register;Judul;")
    assert len(rows(file, ";")) == 48


def test_chosen_columns_keep_the_order_of_the_file(sinta: Person) -> None:
    file = sinta.get(f"{CSV}?columns=validity,title,nonsense&search=rujukan&sort=register_no")

    assert rows(file)[:2] == [
        ["Judul", "Masa Berlaku"],
        ["Rujukan pelayanan kesehatan antardaerah (contoh)", "Segera berakhir"],
    ]


@pytest.mark.parametrize(
    ("state", "name"),
    [
        ("", "kerja-sama_2026-11-24.csv"),
        ("flt0_group_equals=ksdpk&flt1_ends_on_within_days=90", "kerja-sama_jenis-ksdpk_berakhir-90_2026-11-24.csv"),
        ("search=../../etc%22%0d%0aX: y", "kerja-sama_cari-etc-x-y_2026-11-24.csv"),
    ],
)
def test_the_file_name_says_what_is_inside(sinta: Person, state: str, name: str) -> None:
    assert sinta.get(f"{CSV}?{state}").headers["Content-Disposition"] == f"attachment; filename={name}"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "  =1",
        "\u00a0=1",
        "\u3000=1",
        "＝1",
        "＋1+1",
        "－1+1",
        "＠x",
        "'=1",
        "=",
        "-",
        "- a",
    ],
)
def test_what_begins_like_a_formula_is_defused(text: str) -> None:
    assert exports.defused(text) == "'" + text


@pytest.mark.parametrize("text", ["", "abc", "1", "-5", "+62", "-1250000.50", "-1,5", "a=1", "119/KS/2024", "0812-3456"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert exports.defused(text) == text


@given(st.text(max_size=40))
def test_no_cell_ever_begins_like_a_formula(text: str) -> None:
    cell = exports.defused(text)

    first = cell.lstrip(" \u00a0\u3000\n\v\f")[:1]
    assert first not in set("=+-@\t\r＝＋－＠") or exports._PLAIN_NUMBER.fullmatch(cell.strip())
    assert cell in (text, "'" + text)


def test_formulas_are_defused_in_the_file(sinta: Person, session: Session) -> None:
    records.agreement(session, "=HYPERLINK(1) uji", partners=("@SUM uji",), our_number="-1/KS")

    row = rows(sinta.get(f"{CSV}?search=hyperlink"))[1]
    assert (row[1], row[6], row[7]) == ("'=HYPERLINK(1) uji", "'@SUM uji", "'-1/KS")


def test_rows_are_read_in_chunks_and_sent_as_they_come(sinta: Person, monkeypatch: Any) -> None:
    monkeypatch.setattr("sikerja.listing.FIRST_CHUNK", 7)
    monkeypatch.setattr("sikerja.listing.EXPORT_CHUNK", 10)

    pieces = sinta.pieces(CSV)

    assert len(pieces) == 6
    assert b"".join(pieces).count(b"\r\n") == 48


@pytest.mark.parametrize("screen", ["partner", "contact", "stage", "unit", "sector", "regulation", "holiday", "user"])
def test_every_other_list_can_be_taken_too(andi: Person, screen: str) -> None:
    file = rows(andi.get(f"/admin/{screen}/export/csv/"))

    assert len(file) - 1 == andi.total(f"/admin/{screen}/")


def test_no_file_holds_a_password(andi: Person) -> None:
    assert "argon2" not in andi.get("/admin/user/export/csv/").text


@pytest.mark.parametrize("kind", ["pdf", "json", "../csv", "CSV"])
def test_other_kinds_of_file_do_not_exist(sinta: Person, kind: str) -> None:
    assert sinta.get(f"/admin/agreement/export/{kind}/").status_code == 404
