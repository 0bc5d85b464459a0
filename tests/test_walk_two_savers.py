"""Two savers in a real browser: both values side by side at the desk and on the phone, with and without JavaScript."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser import DESK, PHONE, SIZES, Window, write_down
from tests.people import Person
from tests.test_looks import by_day_and_night, foreign

Open = Callable[..., Window]
WITHOUT_SCRIPT = {"java_script_enabled": False}


@pytest.fixture
def paper(app: Flask) -> int:
    """An agreement with two partners and a long text."""
    return write_down(app, "Layanan bus kota", partners=("PT Satu", "PT Dua"), scope="Rute satu " * 40)[0]


def both_have_it_open(window: Open, sinta: Person, andi: Person, paper: int, **options: Any) -> Window:
    """Sinta has typed two things; Andi has saved others meanwhile. She presses Simpan."""
    hers = window(**options).be(sinta)
    page = hers.open(f"/admin/agreement/edit/?id={paper}")
    page.get_by_label("Berakhir", exact=True).fill("2/6/2029")
    page.get_by_label("Nomor naskah menurut mitra").last.fill("12/DUA/2026")
    his = window(**DESK).be(andi)
    his.open(f"/admin/agreement/edit/?id={paper}")
    his.page.get_by_label("Berakhir", exact=True).fill("2/6/2031")
    his.page.get_by_label("Ruang lingkup").fill("Rute satu dan dua\nsetiap hari")
    his.press(his.button("Simpan"))
    his.says("Perubahan disimpan.")
    hers.press(hers.button("Simpan"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Naskah ini baru saja diubah orang lain")
    return hers


@pytest.mark.parametrize("script", [{}, WITHOUT_SCRIPT], ids=["with script", "without"])
@pytest.mark.parametrize("size", SIZES)
def test_one_value_is_taken_from_each(
    window: Open, sinta: Person, andi: Person, paper: int, size: str, script: dict[str, Any]
) -> None:
    hers = both_have_it_open(window, sinta, andi, paper, **SIZES[size] | script)
    page = hers.page
    end = [page.get_by_role("radio", name=re.compile(f"^Berakhir, {side}")) for side in ("Tersimpan sekarang", "Isian Anda")]
    scope = page.get_by_role("radio", name=re.compile("^Ruang lingkup, Tersimpan sekarang"))
    expect(end[1]).to_be_checked()
    expect(scope).to_be_checked()  # she never touched it
    expect(page.get_by_role("radio", name=re.compile("^Mitra, Isian Anda"))).to_be_checked()
    hers.says("PT Satu; PT Dua (nomor 12/DUA/2026)")

    hers.press(page.get_by_text("2 Juni 2031"))
    expect(end[0]).to_be_checked()
    expect(end[1]).not_to_be_checked()
    hers.press(hers.button("Simpan pilihan saya"))

    hers.says("Perubahan disimpan.")
    for text in ("12/DUA/2026", "2 Juni 2031", "Rute satu dan dua"):
        hers.says(text)


@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits_speaks_and_is_reachable(window: Open, sinta: Person, andi: Person, paper: int, size: str) -> None:
    hers = both_have_it_open(window, sinta, andi, paper, **SIZES[size])
    assert by_day_and_night(hers) == []
    assert foreign(hers.page.content()) == []
    low = [
        choice.bounding_box()["height"]
        for choice in hers.page.locator("label:has(input[type=radio]), main button, main .sk-save a").all()
        if choice.bounding_box()["height"] < (44 if size == "phone" else 24)
    ]
    assert low == []
    for width in (390, 320) if size == "phone" else ():
        hers.page.set_viewport_size({"width": width, "height": 844})
        assert hers.sideways() == 0


def test_a_value_is_chosen_by_keyboard_alone(window: Open, sinta: Person, andi: Person, paper: int) -> None:
    hers = both_have_it_open(window, sinta, andi, paper, **DESK)
    hers.tab_to(hers.page.get_by_role("radio", name=re.compile("^Berakhir, Isian Anda")))
    hers.keys("ArrowLeft")
    expect(hers.page.get_by_role("radio", name=re.compile("^Berakhir, Tersimpan sekarang"))).to_be_checked()
    hers.tab_to(hers.button("Simpan pilihan saya"))
    hers.keys("Enter")
    hers.says("2 Juni 2031")


def test_giving_up_ones_own_leads_to_what_is_saved(window: Open, sinta: Person, andi: Person, paper: int) -> None:
    hers = both_have_it_open(window, sinta, andi, paper, **DESK)
    hers.press(hers.link("Buang isian saya"))
    expect(hers.page.get_by_role("heading", level=1)).to_have_text("Layanan bus kota")
    hers.says("2 Juni 2031")


@pytest.mark.parametrize("size", SIZES)
def test_what_was_typed_for_a_binned_record_waits_until_it_is_back(
    window: Open, sinta: Person, andi: Person, paper: int, size: str
) -> None:
    hers = window(**SIZES[size]).be(sinta)
    page = hers.open(f"/admin/agreement/edit/?id={paper}")
    page.get_by_label("Berakhir", exact=True).fill("2/6/2029")
    andi.post("/admin/agreement/delete/", {"id": paper})
    hers.press(hers.button("Simpan"))

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Berakhir", exact=True)).to_have_value("2/6/2029")
    assert by_day_and_night(hers) == []
    assert hers.sideways() == 0
    with hers.context.expect_page() as found:
        hers.press(hers.link("Buka halaman rinciannya di tab baru"))
    found.value.get_by_role("button", name="Kembalikan").click()
    expect(found.value.get_by_text("Dikembalikan dari keranjang.", exact=True)).to_be_visible()
    hers.press(hers.button("Simpan"))
    hers.press(hers.button("Simpan pilihan saya"))
    hers.says("Perubahan disimpan.")
    hers.says("2 Juni 2029")


@pytest.mark.parametrize("options", [DESK, PHONE, DESK | WITHOUT_SCRIPT], ids=["desk", "phone", "without script"])
def test_what_was_changed_is_named_before_many_are_thrown_away(
    window: Open, sinta: Person, andi: Person, options: dict[str, Any]
) -> None:
    hers = window(**options).be(sinta)
    page = hers.open("/admin/agreement/?sort=register_no")
    for key in ("KS-2026-0002", "KS-2026-0003"):
        hers.press(page.get_by_role("checkbox", name=f"Pilih {key}", exact=True))
    his = window(**DESK).be(andi)
    his.open("/admin/agreement/edit/?id=3")
    his.page.get_by_label("Lokasi").fill("Samarinda Ulu")
    his.press(his.button("Simpan"))
    his.says("Perubahan disimpan.")
    hers.press(page.locator("summary", has_text="Buang ke keranjang"))
    hers.press(hers.button("Buang ke keranjang"))

    expect(page.get_by_role("heading", level=1)).to_have_text("1 naskah belum dibuang ke keranjang")
    expect(page.get_by_role("link", name=re.compile("^KS-2026-0003"))).to_be_visible()
    if options.get("java_script_enabled", True):
        assert by_day_and_night(hers) == []
    assert foreign(page.content()) == []
    hers.press(hers.button("Tetap buang ke keranjang: 1 naskah"))
    hers.says("1 naskah dibuang ke keranjang.")
    assert not {"KS-2026-0002", "KS-2026-0003"} & set(hers.rows())


@pytest.mark.parametrize("size", SIZES)
def test_who_throws_away_what_was_changed_is_asked(window: Open, sinta: Person, andi: Person, paper: int, size: str) -> None:
    hers = window(**SIZES[size]).be(sinta)
    page = hers.open(f"/admin/agreement/details/?id={paper}")
    form = [("title", "Layanan bus kota malam"), ("origin", "process"), ("group", "ksdpk"), ("instrument", "pks")]
    assert andi.post(f"/admin/agreement/edit/?id={paper}", form).status_code == 302
    hers.press(page.locator("summary", has_text="Buang ke keranjang"))
    hers.press(hers.button("Buang ke keranjang"))

    hers.says("Buang tetap?")
    hers.says("Layanan bus kota malam")
    assert by_day_and_night(hers) == []
    assert hers.sideways() == 0
    hers.press(hers.button("Tetap buang ke keranjang"))
    hers.says("Dibuang ke keranjang.")
