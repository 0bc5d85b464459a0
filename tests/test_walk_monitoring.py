"""Monday, eight o'clock: "hand me what ends this quarter for Dinas Kesehatan as Excel".

Rahmat signs in, opens what ends, narrows it, and takes it upstairs. Today is 24 November 2026.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser import DESK, PHONE, SIZES, Window, write_down
from tests.people import Person
from tests.sheets import Sheet, sheets

Open = Callable[..., Window]
SIGNED = date(2024, 1, 5)


@pytest.fixture
def wanted(app: Flask) -> list[str]:
    """What he is to find, in its order; three others fit only one of his two wishes."""
    health = ("dinas_kesehatan",)
    write_down(app, "Klinik triwulan depan", units=health, signed_on=SIGNED, ends_on=date(2027, 1, 4))
    write_down(app, "Klinik triwulan lalu", units=health, signed_on=SIGNED, ends_on=date(2026, 9, 30))
    write_down(app, "Jalan triwulan ini", units=("dpupr",), signed_on=SIGNED, ends_on=date(2026, 12, 31))
    last = write_down(app, "Klinik akhir tahun", units=health, signed_on=SIGNED, ends_on=date(2026, 12, 31))[1]
    decided = write_down(
        app, "Klinik sudah diputuskan", units=health, signed_on=SIGNED, ends_on=date(2026, 12, 1), renewal_decision="preparing"
    )[1]
    first = write_down(app, "Klinik hari ini", units=health, signed_on=SIGNED, ends_on=date(2026, 11, 24))[1]
    return [first, last, decided]


def takes_excel(his: Window, folder: Path) -> dict[str, Sheet]:
    """Press the button of the list, and look into what comes."""
    with his.page.expect_download() as coming:
        his.press(his.link("Excel"))
    name = coming.value.suggested_filename
    assert name == ("akan-berakhir_90-hari_perangkat-daerah-dinas-kesehatan_berakhir-2026-10-01-to-2026-12-31_2026-11-24.xlsx")
    coming.value.save_as(folder / name)
    return sheets((folder / name).read_bytes())


def is_what_was_wanted(book: dict[str, Sheet], wanted: list[str]) -> None:
    assert [cell and cell.value for cell in book["Daftar"].column("Nomor Register")] == wanted
    assert [cell and cell.format for cell in book["Daftar"].column("Tanggal Berakhir")] == ["d mmm yyyy"] * 3
    assert book["Keterangan"].texts()[2] == [
        "Saringan",
        "dalam 90 hari ke depan; Perangkat daerah sama dengan Dinas Kesehatan; "
        "Berakhir antara 1 Oktober 2026 sampai 31 Desember 2026",
    ]


def test_from_sign_in_to_excel_in_six_clicks(window: Open, wanted: list[str], tmp_path: Path) -> None:
    rahmat = window(**DESK)
    rahmat.sign_in("supervisor")
    rahmat.press(rahmat.page.get_by_role("main").get_by_role("link", name="Akan berakhir").first)
    rahmat.press(rahmat.link("Triwulan ini"))
    rahmat.choose("Perangkat daerah", "Dinas Kesehatan")
    expect(rahmat.page.locator("[data-total]")).to_have_attribute("data-total", "3")
    assert rahmat.rows() == wanted

    is_what_was_wanted(takes_excel(rahmat, tmp_path), wanted)
    assert rahmat.clicks <= 6


def test_from_sign_in_to_excel_in_six_touches_on_a_phone(window: Open, wanted: list[str], tmp_path: Path) -> None:
    rahmat = window(**PHONE)
    rahmat.sign_in("supervisor")
    rahmat.clicks = 0
    rahmat.press(rahmat.page.get_by_role("main").get_by_role("link", name="Akan berakhir").first)
    rahmat.press(rahmat.link("Triwulan ini"))
    rahmat.press(rahmat.page.locator("summary", has_text="Saringan"))
    rahmat.choose("Perangkat daerah", "Dinas Kesehatan")
    expect(rahmat.page.locator("[data-total]")).to_have_attribute("data-total", "3")
    assert rahmat.rows() == wanted
    assert rahmat.sideways() == 0

    is_what_was_wanted(takes_excel(rahmat, tmp_path), wanted)
    assert rahmat.clicks <= 6


def test_the_same_without_javascript(window: Open, rahmat: Person, wanted: list[str], tmp_path: Path) -> None:
    his = window(**DESK, java_script_enabled=False).be(rahmat)
    his.open("/admin/monitoring/ending/")
    his.press(his.link("Triwulan ini"))
    his.choose("Perangkat daerah", "Dinas Kesehatan")
    his.press(his.button("Terapkan"))
    assert his.rows() == wanted

    is_what_was_wanted(takes_excel(his, tmp_path), wanted)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("size", SIZES)
def test_ticked_rows_and_a_few_columns(window: Open, rahmat: Person, wanted: list[str], size: str, script: bool) -> None:
    his = window(**SIZES[size], java_script_enabled=script).be(rahmat)
    page = his.open("/admin/monitoring/ending/?search=klinik")
    for key in wanted[:2]:
        his.press(page.get_by_role("checkbox", name=f"Pilih {key}"))
    his.press(his.button("Ekspor"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Ekspor 2 dari 4 naskah")
    his.press(page.get_by_label("Semua yang tersaring: 4 naskah"))
    expect(his.button("Unduh 4 baris")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    his.press(page.get_by_label("Hanya 2 naskah yang dipilih"))
    for box in page.get_by_role("checkbox").all()[2:]:
        his.press(box)
    assert his.sideways() == 0
    with page.expect_download() as coming:
        his.press(his.button("Unduh 2 baris"))

    book = sheets(Path(coming.value.path()).read_bytes())
    assert book["Daftar"].texts() == [
        ["Nomor Register", "Judul"],
        [wanted[0], "Klinik hari ini"],
        [wanted[1], "Klinik akhir tahun"],
    ]
