"""The morning walk, in a real browser.

Sinta narrows the list to KSDPK, health, ending this year, opens an agreement and corrects its end date: with the mouse,
with a finger on a phone, by keyboard alone, and without JavaScript. Rahmat takes the same list upstairs as CSV.
Today is 24 November 2026.
"""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser import DESK, PHONE, Window, write_down
from tests.people import Person

Open = Callable[..., Window]


@pytest.fixture
def clinic(app: Flask) -> str:
    """The register number of the agreement that Sinta looks for; three others fit only two of her three wishes."""
    health = {"sector": "kesehatan", "group": "ksdpk"}
    write_down(app, "Klinik tahun depan", **_given(app, **health, ends_on=date(2027, 6, 30)))
    write_down(app, "Klinik daerah tetangga", **_given(app, **health | {"group": "ksdd"}, ends_on=date(2026, 12, 30)))
    write_down(app, "Sekolah tahun ini", **_given(app, **health | {"sector": "pendidikan"}, ends_on=date(2026, 12, 29)))
    return write_down(app, "Pelayanan klinik keliling", **_given(app, **health, ends_on=date(2026, 12, 28)))[1]


def _given(app: Flask, sector: str, **given: Any) -> dict[str, Any]:
    from sqlalchemy import select

    from extensions import db
    from models import Sector

    with app.app_context():
        key = db.session.scalars(select(Sector.id).where(Sector.code == sector)).one()
    return {"sector_id": key, "signed_on": date(2024, 1, 5), "units": ("dinas_kesehatan",), **given}


# --- the walk itself ---------------------------------------------------------------------------------------------


def test_the_morning_walk_takes_twelve_clicks(window: Open, clinic: str) -> None:
    sinta = window(**DESK)
    sinta.sign_in("staff")
    sinta.press(sinta.link("Kerja sama").first)
    narrow(sinta)
    assert sinta.rows() == [clinic]

    sinta.press(sinta.link(f"Ubah {clinic}"))
    sinta.press(sinta.page.get_by_label("Berakhir", exact=True))
    sinta.keys("Control+a")
    sinta.type("31/12/2026")
    sinta.press(sinta.button("Simpan"))

    sees_the_corrected_end(sinta)
    assert sinta.clicks <= 12


def test_the_morning_walk_takes_twelve_touches_on_a_phone(window: Open, clinic: str) -> None:
    sinta = window(**PHONE)
    sinta.sign_in("staff")
    sinta.press(sinta.link("Kerja sama").last)
    sinta.press(sinta.page.locator("summary", has_text="Saringan"))
    narrow(sinta)
    assert sinta.rows() == [clinic]

    sinta.press(sinta.link(f"Ubah {clinic}"))
    sinta.press(sinta.page.get_by_label("Berakhir", exact=True))
    sinta.keys("Control+a")
    sinta.type("31 Desember 2026")
    sinta.keys("Enter")  # the phone's own keyboard has it

    sees_the_corrected_end(sinta)
    assert sinta.clicks <= 12


def test_the_morning_walk_by_keyboard_alone(window: Open, clinic: str) -> None:
    sinta = window(**DESK)
    sinta.open("/login")
    sinta.tab_to(sinta.page.get_by_label("Surel"))
    sinta.type("staff@sikerja.test")
    sinta.keys("Tab")
    sinta.type("sikerja-demo-2026")
    sinta.keys("Enter")
    sinta.tab_to(sinta.link("Kerja sama").first)
    sinta.keys("Enter")
    for select, typed in (("Jenis", "KSDPK"), ("Bidang", "Kesehatan"), ("Berakhir", "Tahun")):
        sinta.tab_to(sinta.page.get_by_label(select, exact=True))
        sinta.type(typed)
    sinta.tab_to(sinta.button("Terapkan"))
    sinta.keys("Enter")
    expect(sinta.page.locator("[data-total]")).to_have_attribute("data-total", "1")
    assert sinta.rows() == [clinic]

    sinta.tab_to(sinta.link("Pelayanan klinik keliling"))
    sinta.keys("Enter")
    sinta.tab_to(sinta.link("Ubah data"))
    sinta.keys("Enter")
    sinta.tab_to(sinta.page.get_by_label("Berakhir", exact=True))
    sinta.type("31/12/2026")
    sinta.tab_to(sinta.button("Simpan"))
    sinta.keys("Enter")

    sees_the_corrected_end(sinta)
    assert sinta.clicks == 0


def test_the_morning_walk_without_javascript(window: Open, clinic: str) -> None:
    sinta = window(**DESK, java_script_enabled=False)
    sinta.sign_in("staff")
    sinta.press(sinta.link("Kerja sama").first)
    narrow(sinta)
    assert sinta.rows() == [clinic]
    sinta.press(sinta.link("Pelayanan klinik keliling"))
    sinta.press(sinta.link("Ubah data"))
    sinta.page.get_by_label("Berakhir", exact=True).fill("31/12/2026")
    sinta.press(sinta.button("Simpan"))
    sees_the_corrected_end(sinta)

    sinta.press(sinta.page.locator("summary", has_text="Buang ke keranjang"))
    sinta.says("Buang ke keranjang? Naskah dapat dikembalikan dari Keranjang.")
    sinta.press(sinta.button("Buang ke keranjang"))
    sinta.says("Dibuang ke keranjang.")
    sinta.open("/admin/agreement/?bin=1")
    assert sinta.rows() == [clinic]


def narrow(sinta: Window) -> None:
    """The list narrowed to what she wants to see in the morning."""
    sinta.choose("Jenis", "KSDPK")
    sinta.choose("Bidang", "Kesehatan")
    sinta.choose("Berakhir", "Tahun ini (2026)")
    sinta.press(sinta.button("Terapkan"))
    expect(sinta.page.locator("[data-total]")).to_have_attribute("data-total", "1")


def sees_the_corrected_end(sinta: Window) -> None:
    sinta.says("Perubahan disimpan.")
    expect(sinta.page.get_by_role("heading", level=1)).to_have_text("Pelayanan klinik keliling")
    expect(sinta.page.locator("dl > div", has=sinta.page.get_by_text("Berakhir", exact=True))).to_contain_text(
        "31 Desember 2026"
    )


def test_the_supervisor_takes_the_narrowed_list_upstairs(window: Open, rahmat: Person, tmp_path: Path) -> None:
    his = window(**DESK).be(rahmat)
    his.open("/admin/agreement/")
    his.choose("Jenis", "KSDPK")
    his.press(his.button("Terapkan"))
    expect(his.page.get_by_label("Jenis", exact=True)).to_have_value("equals:ksdpk")
    his.press(his.page.locator("thead").get_by_role("link", name="Kerja sama"))
    his.page.wait_for_url("**sort=title**")
    listed = his.rows()
    assert len(listed) > 1

    his.press(his.page.locator("summary", has_text="Ekspor"))
    with his.page.expect_download() as download:
        his.press(his.link("CSV"))

    assert download.value.suggested_filename == "kerja-sama_jenis-ksdpk_2026-11-24.csv"
    download.value.save_as(tmp_path / "list.csv")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["Nomor Register"] for row in csv.DictReader(file)] == listed


# --- the bin asks first ------------------------------------------------------------------------------------------


def test_three_chosen_go_to_the_bin_on_the_second_press_and_come_back(window: Open, sinta: Person) -> None:
    hers = window(**DESK).be(sinta)
    page = hers.open("/admin/agreement/?sort=register_no")
    before = hers.rows()
    three = before[-3:]
    for key in three:
        hers.press(page.get_by_label(f"Pilih {key}", exact=True))
    expect(page.get_by_role("status").filter(has_text="dipilih")).to_have_text("3 dipilih")

    hers.press(page.locator("summary", has_text="Buang ke keranjang"))
    hers.says("Buang yang dipilih ke keranjang?")
    assert sinta.keys("/admin/agreement/?bin=1") == []  # nothing has happened yet
    hers.press(hers.button("Buang ke keranjang"))
    hers.says("3 naskah dibuang ke keranjang.")
    assert not set(three) & set(hers.rows())

    hers.press(hers.link("Keranjang"))
    expect(page.get_by_label("Pilih semua")).to_be_visible()
    assert sorted(hers.rows()) == sorted(three)
    hers.press(page.get_by_label("Pilih semua"))
    hers.press(page.locator("summary", has_text="Kembalikan"))
    hers.press(hers.button("Kembalikan"))
    hers.says("3 naskah dikembalikan.")
    hers.open("/admin/agreement/?sort=register_no")
    assert hers.rows() == before


def test_unchoosing_takes_the_bar_away(window: Open, sinta: Person) -> None:
    hers = window(**DESK).be(sinta)
    page = hers.open("/admin/agreement/")
    hers.press(page.get_by_label("Pilih semua"))
    hers.says("20 dipilih")
    hers.press(hers.button("Batalkan pilihan"))
    expect(page.get_by_text("20 dipilih")).to_be_hidden()
    expect(hers.button("Batalkan pilihan")).to_be_hidden()
    assert page.locator("input[name=rowid]:checked").count() == 0


def test_throwing_one_away_on_its_page_asks_first(window: Open, sinta: Person, clinic: str) -> None:
    hers = window(**DESK).be(sinta)
    page = hers.open(f"/admin/agreement/?search={clinic}")
    hers.press(hers.link("Pelayanan klinik keliling"))
    expect(hers.button("Buang ke keranjang")).to_be_hidden()
    hers.press(page.locator("summary", has_text="Buang ke keranjang"))
    hers.says("Buang ke keranjang? Naskah dapat dikembalikan dari Keranjang.")
    assert sinta.keys("/admin/agreement/?bin=1") == []
    hers.press(hers.button("Buang ke keranjang"))
    hers.says("Dibuang ke keranjang.")
    assert sinta.keys("/admin/agreement/?bin=1") == [clinic]
