"""Writing an agreement down in a real browser: type-ahead, the end that is computed, what a refusal leaves untouched.

Partners and units are found by typing and keep their order, the first one leads. A duration in words shows the end it
gives before anything is saved. After a refusal all that was typed is still there, and the summary leads to the fields.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import DESK, Window
from tests.people import Person

Open = Callable[..., Window]


def combobox(hers: Window, label: str) -> Locator:
    return hers.page.get_by_role("combobox", name=named(label))


def named(label: str) -> re.Pattern[str]:
    """The label of a field, whether it must be filled or not."""
    return re.compile(f"^{label}( wajib)?$")


def chosen(hers: Window, label: str) -> list[str]:
    """The names that are chosen in a type-ahead, in their order."""
    return hers.page.get_by_role("group", name=named(label)).locator("[data-name]").all_text_contents()


def pick(hers: Window, label: str, typed: str, name: str) -> None:
    """Find by typing, and press what was found."""
    combobox(hers, label).press_sequentially(typed)
    hers.press(hers.page.get_by_role("option", name=name))
    expect(combobox(hers, label) if label in ("Mitra", "Perangkat daerah") else hers.focused()).to_be_focused()


def new_form(window: Open, sinta: Person) -> Window:
    hers = window(**DESK).be(sinta)
    hers.open("/admin/agreement/new/")
    return hers


def test_an_agreement_is_written_down_with_two_partners_a_unit_and_a_parent(window: Open, sinta: Person) -> None:
    hers = new_form(window, sinta)
    page = hers.page
    page.get_by_label("Judul").fill("Pengelolaan pasar bersama")
    hers.choose("Jenis naskah wajib", "Perjanjian Kerja Sama")
    hers.choose("Jenis kerja sama wajib", "KSDD")
    pick(hers, "Naskah induk", "pangan dan potensi", "KB pangan dan potensi lain")
    pick(hers, "Mitra", "pinrang", "Kabupaten Pinrang")
    pick(hers, "Mitra", "enrekang", "Kabupaten Enrekang")
    assert chosen(hers, "Mitra") == ["Kabupaten Pinrang", "Kabupaten Enrekang"]
    hers.press(hers.button("Naikkan Kabupaten Enrekang"))
    assert chosen(hers, "Mitra") == ["Kabupaten Enrekang", "Kabupaten Pinrang"]
    lead = page.get_by_text("mitra utama", exact=True)
    expect(lead.filter(visible=True)).to_have_count(1)
    expect(page.locator("li", has=lead.filter(visible=True))).to_contain_text("Kabupaten Enrekang")
    pick(hers, "Perangkat daerah", "perhub", "Dinas Perhubungan")
    page.get_by_label("Tanggal penandatanganan").fill("24/11/2025")
    page.get_by_label("Jangka waktu").fill("5 tahun sejak ditandatangani")
    hers.says("Berakhir 24 November 2030, dihitung 5 tahun sejak 24 November 2025.")
    hers.press(hers.button("Simpan"))

    hers.says("Data dicatat.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pengelolaan pasar bersama")
    parties = page.get_by_role("table", name="Para pihak").locator("tbody tr td:nth-child(2)")
    assert parties.all_text_contents() == ["Pemerintah Kota Samarinda", "Kabupaten Enrekang", "Kabupaten Pinrang"]
    family = page.locator("section", has=page.get_by_role("heading", name="Keluarga naskah"))
    expect(family.get_by_role("link", name="KB pangan dan potensi lain")).to_be_visible()
    summary = page.locator("section", has=page.get_by_role("heading", name="Ringkasan"))
    expect(summary).to_contain_text("Dinas Perhubungan")
    expect(summary).to_contain_text("24 November 2030")


@pytest.mark.parametrize(
    ("signed", "duration", "told"),
    [
        ("24/11/2025", "5 tahun", "Berakhir 24 November 2030, dihitung 5 tahun sejak 24 November 2025."),
        ("29 Februari 2024", "1 tahun sejak ditandatangani", "Berakhir 28 Februari 2025, dihitung 1 tahun sejak 29 Februari 2024."),
        ("29 Februari 2024", "4 tahun", "Berakhir 29 Februari 2028, dihitung 4 tahun sejak 29 Februari 2024."),
        ("31/01/2026", "1 bulan", "Berakhir 28 Februari 2026, dihitung 1 bulan sejak 31 Januari 2026."),
        ("2023-11-30", "tiga bulan", "Berakhir 29 Februari 2024, dihitung 3 bulan sejak 30 November 2023."),
    ],
)  # fmt: skip
def test_the_end_is_shown_before_saving(window: Open, sinta: Person, signed: str, duration: str, told: str) -> None:
    hers = new_form(window, sinta)
    hers.page.get_by_label("Tanggal penandatanganan").fill(signed)
    hers.page.get_by_label("Jangka waktu").fill(duration)
    hers.says(told)

    hers.press(hers.button("Pakai tanggal ini"))
    end = told.removeprefix("Berakhir ").partition(",")[0]
    expect(hers.page.get_by_label("Berakhir", exact=True)).to_have_value(end)
    expect(hers.page.get_by_label("Berakhir", exact=True)).to_be_focused()


def test_partners_are_chosen_raised_and_dropped_by_keyboard_alone(window: Open, sinta: Person) -> None:
    hers = new_form(window, sinta)
    hers.tab_to(combobox(hers, "Mitra"))
    for typed, name in (("pinrang", "Kabupaten Pinrang"), ("enrekang", "Kabupaten Enrekang")):
        hers.type(typed)
        expect(hers.page.get_by_role("option", name=name)).to_be_visible()
        hers.keys("ArrowDown", "Enter")
    assert chosen(hers, "Mitra") == ["Kabupaten Pinrang", "Kabupaten Enrekang"]

    hers.keys("Shift+Tab", "Shift+Tab")
    expect(hers.focused()).to_have_accessible_name("Naikkan Kabupaten Enrekang")
    hers.keys("Enter")
    assert chosen(hers, "Mitra") == ["Kabupaten Enrekang", "Kabupaten Pinrang"]
    hers.tab_to(hers.button("Hapus Kabupaten Pinrang"))
    hers.keys("Enter")
    assert chosen(hers, "Mitra") == ["Kabupaten Enrekang"]
    expect(combobox(hers, "Mitra")).to_be_focused()


def test_what_nobody_is_called_is_said_and_escape_closes_what_was_found(window: Open, sinta: Person) -> None:
    hers = new_form(window, sinta)
    combobox(hers, "Mitra").press_sequentially("xyzzy")
    hers.says("Tidak ada yang cocok.")
    combobox(hers, "Mitra").fill("")
    combobox(hers, "Mitra").press_sequentially("kabupaten")
    found = hers.page.get_by_role("listbox", name="Mitra")
    expect(found).to_be_visible()
    hers.keys("Escape")
    expect(found).to_be_hidden()
    assert chosen(hers, "Mitra") == []


def test_a_refusal_keeps_all_that_was_typed_and_leads_to_the_fields(window: Open, sinta: Person) -> None:
    hers = new_form(window, sinta)
    page = hers.page
    page.get_by_label("Judul").fill("Pengelolaan pasar bersama")
    pick(hers, "Mitra", "pinrang", "Kabupaten Pinrang")
    pick(hers, "Mitra", "enrekang", "Kabupaten Enrekang")
    page.get_by_label("Nomor naskah menurut mitra").last.fill("12/ENR/2025")
    pick(hers, "Perangkat daerah", "perhub", "Dinas Perhubungan")
    page.get_by_label("Berakhir", exact=True).fill("31 Pebruwari 2026")
    page.get_by_label("Ruang lingkup").fill("Pasar pagi\ndan pasar malam")
    page.get_by_label("Tanpa batas waktu", exact=True).check()
    hers.press(hers.button("Simpan"))

    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("heading")).to_have_text("Belum disimpan: ada 3 kesalahan")
    expect(page).to_have_title("Ada kesalahan: Catat kerja sama · Sikerja")
    expect(page.get_by_label("Judul")).to_have_value("Pengelolaan pasar bersama")
    assert chosen(hers, "Mitra") == ["Kabupaten Pinrang", "Kabupaten Enrekang"]
    expect(page.get_by_label("Nomor naskah menurut mitra").last).to_have_value("12/ENR/2025")
    assert chosen(hers, "Perangkat daerah") == ["Dinas Perhubungan"]
    expect(page.get_by_label("Berakhir", exact=True)).to_have_value("31 Pebruwari 2026")
    expect(page.get_by_label("Ruang lingkup")).to_have_value("Pasar pagi\ndan pasar malam")
    expect(page.get_by_label("Tanpa batas waktu", exact=True)).to_be_checked()

    fields = ["Jenis naskah wajib", "Jenis kerja sama wajib", "Berakhir"]
    errors = [
        "Pilih jenis naskah.",
        "Pilih jenis kerja sama.",
        "Tanggal tidak dikenali. Tulis seperti 24/11/2026 atau 24 November 2026.",
    ]
    assert summary.get_by_role("link").all_inner_texts() == errors  # from top to bottom, as the fields stand
    for words, field in zip(errors, fields, strict=True):
        hers.press(summary.get_by_role("link", name=words))
        control = page.get_by_label(field, exact=True)
        expect(control).to_be_focused()
        expect(control).to_be_in_viewport()
        expect(control).to_have_attribute("aria-invalid", "true")
        assert words in page.locator(f"#{control.get_attribute('id')}-err").inner_text()


def test_a_partner_that_is_missing_is_told_and_the_link_leads_to_the_type_ahead(window: Open, sinta: Person) -> None:
    hers = new_form(window, sinta)
    hers.page.get_by_label("Judul").fill("Pengelolaan pasar bersama")
    hers.choose("Jenis naskah wajib", "Perjanjian Kerja Sama")
    hers.choose("Jenis kerja sama wajib", "KSDPK")
    hers.press(hers.button("Simpan"))
    hers.press(hers.page.get_by_role("alert").get_by_role("link", name="Pilih sedikitnya satu mitra."))
    expect(combobox(hers, "Mitra")).to_be_focused()


def test_the_second_saver_is_told_and_takes_over_their_own(window: Open, sinta: Person) -> None:
    hers = window(**DESK).be(sinta)
    hers.open("/admin/agreement/edit/?id=1")
    others = window(**DESK).be(sinta)
    others.open("/admin/agreement/edit/?id=1")
    others.page.get_by_label("Judul").fill("Yang pertama menyimpan")
    others.press(others.button("Simpan"))
    others.says("Perubahan disimpan.")

    hers.page.get_by_label("Judul").fill("Yang kedua menyimpan")
    hers.press(hers.button("Simpan"))
    expect(hers.page.get_by_role("heading", level=1)).to_have_text("Naskah ini baru saja diubah orang lain")
    hers.says("Yang pertama menyimpan")
    expect(hers.page.get_by_label("Judul, Isian Anda: Yang kedua menyimpan")).to_be_checked()
    others.open("/admin/agreement/details/?id=1")
    expect(others.page.get_by_role("heading", level=1)).to_have_text("Yang pertama menyimpan")
