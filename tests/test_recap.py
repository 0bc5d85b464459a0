"""The recap: what the bureau reports upwards. Every number is that of its list, whoever asks, and each total counts once."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from pypdfium2 import PdfDocument
from sqlalchemy import select, update

from models import Agreement, AuditEntry, Sector
from sikerja.recap import BY
from tests.browser import SIZES, Window
from tests.hostile import VALUES, faults
from tests.people import ROLES, Person
from tests.rows import ask, change, id_of
from tests.test_offers import linked

RECAP = "/admin/monitoring/recap/"


def table(person: Person, query: str) -> list[list[str]]:
    """The table as a file: headings, rows, total."""
    answer = person.get(f"{RECAP}export/csv/?{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_the_sample_by_kind(rahmat: Person) -> None:
    assert table(rahmat, "by=group") == [
        ["Jenis kerja sama", "Jumlah", "Berlaku", "Berakhir", "Dalam proses", "Ditutup", "Tanpa tanggal akhir"],
        ["Kerja Sama Daerah dengan Daerah Lain", "12", "3", "0", "6", "0", "3"],
        ["Kerja Sama Daerah dengan Pihak Ketiga", "14", "2", "1", "8", "1", "2"],
        ["Sinergi dengan Pemerintah Pusat", "19", "0", "0", "13", "0", "6"],
        ["Kerja Sama Daerah dengan Pemerintah Daerah di Luar Negeri", "2", "0", "0", "0", "0", "2"],
        ["Kerja Sama Daerah dengan Lembaga di Luar Negeri", "0", "0", "0", "0", "0", "0"],
        ["Jumlah (tiap naskah sekali)", "47", "5", "1", "27", "1", "13"],
    ]


def test_what_has_several_units_counts_at_each_and_once_in_all(dewi: Person) -> None:
    assert table(dewi, "by=unit")[1:] == [
        ["Dinas Perhubungan", "8", "3", "1", "3", "1", "0"],
        ["Dinas Kesehatan", "1", "1", "0", "0", "0", "0"],
        ["Jumlah (tiap naskah sekali)", "8", "3", "1", "3", "1", "0"],
    ]
    words = "Naskah dengan beberapa perangkat daerah dihitung pada tiap perangkat daerah."
    assert f"{words} Pada baris Jumlah tiap naskah dihitung sekali." in dewi.get(f"{RECAP}?by=unit").text


def test_the_recap_of_one_year(rahmat: Person) -> None:
    rows = table(rahmat, "by=group&year=2024")

    assert [row[1] for row in rows[1:]] == ["4", "2", "4", "0", "0", "10"]
    assert "Naskah menurut jenis kerja sama, tahun 2024" in rahmat.get(f"{RECAP}?by=group&year=2024").text
    assert table(rahmat, "by=year&year=2024")[1:] == [
        ["2024", "10", "2", "0", "7", "0", "1"],
        ["Jumlah (tiap naskah sekali)", "10", "2", "0", "7", "0", "1"],
    ]


def test_what_lies_in_the_bin_is_not_counted(sinta: Person, app: Flask) -> None:
    sinta.post("/admin/agreement/delete/", {"id": str(id_of(app, Agreement, "Parkir nontunai"))})

    assert table(sinta, "by=sector")[-1][1] == "46"


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("role", ROLES)
def test_every_number_is_that_of_its_list_for_every_role(app: Flask, role: str, by: str) -> None:
    person = Person(app, role)
    numbers = linked(person.get(f"{RECAP}?by={by}").text)

    assert len(numbers) >= 12
    assert numbers[-6][0] == person.total("/admin/agreement/?exact=1")
    nothing = {url for count, url in numbers if not count}
    wrong = [(count, url) for count, url in numbers if count and person.total(url) != count]
    # Of the many that are 0 some are opened; what holds for one empty list of a kind holds for the others.
    wrong += [(0, url) for url in sorted(nothing)[::5] if person.total(url)]
    assert wrong == []


@pytest.mark.parametrize("by", BY)
def test_every_number_of_one_year_is_that_of_its_list(rahmat: Person, by: str) -> None:
    numbers = linked(rahmat.get(f"{RECAP}?by={by}&year=2025").text)

    assert numbers[-6][0] > 0
    assert [(count, url) for count, url in numbers if count and rahmat.total(url) != count] == []


def test_page_and_file_say_the_same(rahmat: Person) -> None:
    page = rahmat.get(f"{RECAP}?by=sector").text
    names = [unescape(name) for name in re.findall(r'<th scope="row">([^<]+)</th>', page)]
    numbers = [str(count) for count, _ in linked(page)]

    shown = [[name, *numbers[place * 6 : place * 6 + 6]] for place, name in enumerate(names)]
    assert shown[:-1] == table(rahmat, "by=sector")[1:-1]
    assert shown[-1][1:] == table(rahmat, "by=sector")[-1][1:]


def test_a_sector_that_is_in_the_bin_keeps_its_name(app: Flask, rahmat: Person) -> None:
    change(app, update(Sector).where(Sector.name == "Perhubungan").values(deleted_at=ask(app, select(Sector.created_at))[0]))

    assert "Perhubungan" in [row[0] for row in table(rahmat, "by=sector")]


def test_taking_it_leaves_a_trace_and_says_what_it_is(app: Flask, rahmat: Person) -> None:
    answer = rahmat.get(f"{RECAP}export/xlsx/?by=unit&year=2024")

    assert answer.get_data()[:2] == b"PK"
    name = "rekapitulasi_naskah-menurut-perangkat-daerah-tahun-2024_2026-11-24.xlsx"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    trace = ask(app, select(AuditEntry.detail).where(AuditEntry.action == "export"))
    assert trace == ["XLSX Rekapitulasi; Naskah menurut perangkat daerah, tahun 2024"]
    assert ask(app, select(AuditEntry.screen).where(AuditEntry.action == "export")) == ["recap"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200), ("by=year", 200), ("by=year&year=", 200), ("by=group&year=1900", 200), ("by=title", 400),
        ("by=__class__", 400), ("by=group&year=1899", 400), ("by=group&year=2201", 400), ("by=group&year=24", 400),
        ("by=group&year=２０２４", 400), ("by=group&year=2024.0", 400), ("by=group&year=-2024", 400),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(rahmat: Person, query: str, status: int) -> None:
    assert rahmat.get(f"{RECAP}?{query}").status_code == status
    assert rahmat.get(f"{RECAP}export/csv/?{query}").status_code == status
    assert rahmat.get(f"{RECAP}export/pdf/?{query}").status_code == (404 if status == 200 else 400)


@pytest.mark.parametrize("name", ["by", "year", "delimiter"])
def test_what_nobody_types_does_no_harm(rahmat: Person, name: str) -> None:
    found = []
    for label, value in VALUES.items():
        for address in (RECAP, f"{RECAP}export/csv/"):
            answer = rahmat.get(address, query_string={name: value.encode("utf-8", "surrogatepass")})
            found += [(label, fault) for fault in faults(answer, label)]

    assert found == []


@pytest.mark.parametrize("size", SIZES)
def test_rahmat_reads_it_at_his_desk_and_on_his_phone(rahmat: Person, window: Callable[..., Window], size: str) -> None:
    head = window(**SIZES[size]).be(rahmat)
    head.open(f"{RECAP}?by=unit")

    assert head.sideways() == 0
    assert head.axe_findings() == []
    head.page.get_by_label("Tahun", exact=True).fill("2024")
    head.press(head.button("Terapkan"))
    head.says("Naskah menurut perangkat daerah, tahun 2024")


def test_it_prints_on_one_sheet_with_the_name_of_the_bureau(rahmat: Person, window: Callable[..., Window]) -> None:
    page = window(**SIZES["desk"]).be(rahmat).open(f"{RECAP}?by=unit")
    sheets = PdfDocument(page.pdf(format="A4"))

    assert len(sheets) == 1
    text = sheets[0].get_textpage().get_text_range()
    assert "Pemerintah Kota Samarinda · Bagian Kerja Sama" in text
    assert "Dinas Perhubungan" in text
    assert "Terapkan" not in text
