"""A list as Excel: dates are dates, numbers are numbers, numbers of documents are text, nothing is a formula."""

import os
import tempfile
import tracemalloc
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from sikerja import exports, xlsx
from tests import records
from tests.conftest import TODAY, Statements
from tests.people import Person
from tests.sheets import Cell, Sheet, sheets

XLSX = "/admin/agreement/export/xlsx/"
# Every list that has a file, and who may take it.
TAKEN = ("agreement", "partner", "contact", "stage", "attachment", "unit", "sector", "regulation", "holiday", "user")
MONITORED = ("ending", "ended", "undated", "process", "closed")


def taken(person: Person, address: str) -> dict[str, Sheet]:
    """The sheets of a file."""
    answer = person.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == xlsx.MIME
    return sheets(answer.data)


def serial(day: date) -> str:
    """A day as a spreadsheet counts it: 25 November 1902 is 1060."""
    return str((day - date(1899, 12, 30)).days)


def written(columns: Any, rows: list[dict[str, Any]]) -> Sheet:
    """The second sheet of a file made of these rows."""
    with xlsx.write(xlsx.FrontSheet("Uji", list), columns, iter([rows])) as file:
        return sheets(file.read())["Daftar"]


# --- cells -------------------------------------------------------------------------------------------------------


def test_every_kind_of_cell_of_a_full_row(sinta: Person, session: Session) -> None:
    made = records.agreement(
        session, "Uji sel", partners=("PT Satu", "PT Dua"), our_number="0012", signed_on=date(2026, 1, 2),
        starts_on=date(2026, 2, 1), ends_on=TODAY - timedelta(days=5), value=Decimal("1250000.50"), scope="baris satu\nbaris dua",
    )  # fmt: skip

    sheet = taken(sinta, f"{XLSX}?search=uji+sel")["Daftar"]

    def cell(heading: str) -> Cell | None:
        return sheet.column(heading)[0]

    assert cell("Nomor Register") == Cell("text", made.register_no, "General")
    assert cell("Mitra") == Cell("text", "PT Satu; PT Dua", "General")
    assert cell("Nomor Pihak Kesatu") == Cell("text", "0012", "General")
    assert cell("Nomor Mitra") is None
    assert cell("Tanggal Tanda Tangan") == Cell("number", serial(date(2026, 1, 2)), "d mmm yyyy")
    assert cell("Tanggal Berakhir") == Cell("number", serial(date(2026, 11, 19)), "d mmm yyyy")
    assert cell("Masa Berlaku") == Cell("text", "Sudah berakhir", "General")
    assert cell("Sisa Hari") == Cell("number", "-5", "#,##0")
    assert cell("Nilai") == Cell("number", "1250000.50", '"Rp"#,##0')
    assert cell("Ruang Lingkup") == Cell("text", "baris satu\nbaris dua", "General")


def test_years_counts_and_telephone_numbers(andi: Person, session: Session) -> None:
    records.partner(session, "PT Telepon").phone = "0541123456"
    records.agreement(session, "Uji tahun", origin="archive", year=1998, partners=("PT Telepon",))
    session.commit()

    partner = taken(andi, "/admin/partner/export/xlsx/?search=pt+telepon")["Daftar"]
    undated = taken(andi, "/admin/monitoring/undated/export/xlsx/?search=uji+tahun")["Daftar"]
    assert partner.column("Telepon") == [Cell("text", "0541123456", "General")]
    assert partner.column("Banyak Naskah") == [Cell("number", "1", "#,##0")]
    assert undated.column("Tahun") == [Cell("number", "1998", "0")]


def test_moments_are_of_the_city() -> None:
    moment = exports.ExportColumn("at", "Waktu", (), str, "moment", lambda row: row["at"])

    sheet = written([moment], [{"at": datetime.fromisoformat("2026-11-24 18:00")}])
    assert sheet.column("Waktu") == [Cell("number", "46350.75", "d mmm yyyy hh:mm")]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "＝1", "=HYPERLINK(\"http://x\")", "http://contoh.test/", "{=1}", "0123", "1E5"]
)  # fmt: skip
def test_a_text_is_written_as_the_text_it_is(text: str) -> None:
    sheet = written([exports.plain("a", "A")], [{"a": text}])

    assert sheet.column("A") == [Cell("text", text, "General")]
    assert "<f" not in sheet.xml
    assert "hyperlink" not in sheet.xml.replace(text.replace('"', '"'), "").lower()


def test_what_xml_forbids_is_left_out() -> None:
    sheet = written([exports.plain("a", "A")], [{"a": "a\x00b\x0bc\x1fd\ud800e\ufffef\tg\nh"}])

    assert sheet.column("A") == [Cell("text", "abcdef\tg\nh", "General")]


@pytest.mark.parametrize(
    ("text", "cut"), [("a" * 32_767, False), ("a" * 32_768, True), ("🏛" * 16_383, False), ("🏛" * 16_384, True)]
)
def test_a_text_that_no_cell_holds_is_cut_with_a_mark(text: str, cut: bool) -> None:
    cell = xlsx.fitting(text)

    assert len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert cell.endswith(" … (dipotong)") if cut else cell == text


@given(st.text(max_size=60))
def test_any_text_makes_a_file_that_can_be_read(text: str) -> None:
    (cell,) = written([exports.plain("a", "A")], [{"a": text or "x"}]).column("A") or [None]

    assert cell is None or (cell.type, cell.formula) == ("text", False)


def test_a_day_before_all_spreadsheets_is_text() -> None:
    sheet = written([exports.day("a", "A")], [{"a": date(1899, 12, 31)}, {"a": date(1900, 1, 1)}])

    assert sheet.column("A") == [Cell("text", "1899-12-31", "d mmm yyyy"), Cell("number", "1", "d mmm yyyy")]


# --- the sheets --------------------------------------------------------------------------------------------------


def test_the_front_sheet_says_what_the_file_is(rahmat: Person) -> None:
    book = taken(rahmat, "/admin/monitoring/ending/export/xlsx/?days=60&search=rujukan&flt0_group_equals=ksdd")

    front = book["Keterangan"].texts()
    assert list(book) == ["Keterangan", "Daftar"]
    assert front[0] == ["Akan berakhir"]
    assert front[1:3] == [
        ["Daftar", "Akan berakhir"],
        ["Saringan", "dalam 60 hari ke depan; pencarian “rujukan”; Jenis sama dengan KSDD"],
    ]
    assert front[3:6] == [["Banyak baris", "2"], ["Kolom", "19 dari 19"], ["Diambil oleh", "Pimpinan Contoh (Pimpinan)"]]
    assert front[6][1].startswith("24 November 2026 pukul ")
    assert front[7] == ["Sumber", "Sikerja, Bagian Kerja Sama, Pemerintah Kota Samarinda"]


def test_the_front_sheet_of_a_whole_list(rahmat: Person) -> None:
    assert ["Saringan", "Tanpa saringan: seluruh daftar"] in taken(rahmat, XLSX)["Keterangan"].texts()


def test_the_header_stays_and_can_be_filtered(rahmat: Person) -> None:
    sheet = taken(rahmat, f"{XLSX}?search=rujukan")["Daftar"]

    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in sheet.xml
    assert '<autoFilter ref="A1:R3"/>' in sheet.xml


def test_columns_are_as_wide_as_their_kind_asks() -> None:
    columns = [
        exports.plain("a", "A"), exports.running("a", "B"), exports.day("a", "C"), exports.whole("a", "D"), exports.year("a", "E"),
    ]  # fmt: skip

    xml = written(columns, []).xml
    widths = [part.split('"')[0].split(".")[0] for part in xml.split(' width="')[1:]]
    assert widths == ["24", "48", "14", "10", "8"]


@pytest.mark.parametrize(
    "state", ["", "search=uji+pangan", "sort=partner", "sort=ends_on&desc=1", "search=zzz", "page=1&page_size=20"]
)
def test_the_sheet_has_the_rows_and_order_of_the_list(sinta: Person, state: str) -> None:
    listed = sinta.keys(f"/admin/agreement/?{state.removeprefix('page=1&page_size=20')}&page_size=200")

    assert [cell and cell.value for cell in taken(sinta, f"{XLSX}?{state}")["Daftar"].column("Nomor Register")] == listed


@pytest.mark.parametrize("screen", [*TAKEN, *(f"monitoring/{name}" for name in MONITORED)])
def test_every_list_can_be_taken_as_excel(andi: Person, screen: str) -> None:
    csv = andi.get(f"/admin/{screen}/export/csv/").data.decode("utf-8-sig")
    sheet = taken(andi, f"/admin/{screen}/export/xlsx/")["Daftar"]

    assert len(sheet.rows) - 1 == andi.total(f"/admin/{screen}/?exact=1")
    assert ",".join(cell.value for cell in sheet.rows[0].values()) == csv.splitlines()[0]


def test_the_trail_of_audit_can_be_taken_by_the_auditor(bima: Person) -> None:
    assert taken(bima, "/admin/audit/export/xlsx/")["Daftar"].column("Tindakan")[0] == Cell("text", "Masuk", "General")


def test_a_unit_takes_its_own_rows_alone(dewi: Person) -> None:
    keys = [cell and cell.value for cell in taken(dewi, XLSX)["Daftar"].column("Nomor Register")]

    assert keys == dewi.keys("/admin/agreement/?page_size=200")


# --- what goes wrong, and what it costs --------------------------------------------------------------------------


def test_more_rows_than_a_sheet_takes_are_refused_with_a_way_out(sinta: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 46)

    answer = sinta.get(XLSX)
    assert answer.status_code == 422
    assert "Excel hanya memuat 46 baris, sedangkan daftar ini 47 baris." in answer.text
    assert "Persempit saringannya, atau ambil sebagai CSV." in answer.text
    assert sinta.get(f"{XLSX}?search=rujukan").status_code == 200


def test_a_full_disk_is_told(sinta: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("xlsxwriter.workbook.ZipFile", full)

    assert sinta.get(XLSX).status_code == 507


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which scratch files are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_nothing_stays_on_the_disk(sinta: Person, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sinta.get(XLSX).status_code == 200
    assert os.listdir(scratch) == []

    monkeypatch.setattr(xlsx, "_write_front", lambda *_: 1 / 0)
    assert sinta.get(XLSX).status_code == 500
    assert os.listdir(scratch) == []


def test_what_is_broken_off_says_so_in_the_trail(sinta: Person, andi: Person, scratch: Path) -> None:
    def broken_off() -> None:
        answer = sinta.client.get(f"{XLSX}?search=rujukan", base_url="http://localhost")
        answer.close()

    sinta._apart(broken_off)
    trail = andi.get("/admin/audit/?flt0_action_equals=export").text
    assert "XLSX Kerja sama; pencarian “rujukan”; terputus" in trail
    assert os.listdir(scratch) == []


def test_a_file_that_was_taken_whole_is_noted_with_its_rows(sinta: Person, bima: Person) -> None:
    sinta.get(f"{XLSX}?search=rujukan")

    line = bima.get("/admin/audit/export/csv/?flt0_action_equals=export&search=rujukan").text.splitlines()[1]
    assert "XLSX Kerja sama; pencarian “rujukan”" in line
    assert "terputus" not in line
    assert ",2," in line


def test_an_export_takes_a_few_statements(sinta: Person, statements: Statements) -> None:
    statements.clear()
    assert sinta.get(XLSX).data

    assert len(statements) <= 7, "\n\n".join(statements)  # two of them write down that it was taken, one counts


def test_memory_does_not_grow_with_the_rows() -> None:
    columns = [exports.plain(f"c{number}", f"C{number}") for number in range(8)]

    def peak(chunks: int) -> int:
        row = {f"c{number}": f"isi {number}" * 3 for number in range(8)}
        tracemalloc.start()
        xlsx.write(xlsx.FrontSheet("Uji", list), columns, ([row] * 100 for _ in range(chunks))).close()
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(1)
    assert peak(50) < 1.5 * peak(5)
