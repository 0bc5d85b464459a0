"""A PKS is made under a KB, and the KB ends early, in a real browser: on the desk and on a phone."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser import SIZES, Window, write_down
from tests.people import Person

Open = Callable[..., Window]


@pytest.mark.parametrize("size", SIZES)
def test_from_a_kb_to_its_first_pks(window: Open, app: Flask, sinta: Person, size: str) -> None:
    signed: dict[str, Any] = {"instrument": "kb", "group": "ksdd", "signed_on": date(2026, 1, 5), "ends_on": date(2030, 1, 5)}
    key, number = write_down(app, "Kerja sama air bersih", units=("dpupr",), **signed)
    hers = window(**SIZES[size]).be(sinta)
    page = hers.open(f"/admin/agreement/details/?id={key}")

    hers.press(page.locator("summary", has_text="Buat PKS"))
    fold = page.locator("details[open]")
    expect(fold.get_by_label("Judul")).to_have_value("Kerja sama air bersih")
    fold.get_by_label("Judul").fill("Pasokan air baku")
    fold.get_by_role("combobox", name="Perangkat daerah").press_sequentially("perhubungan")
    hers.press(page.get_by_role("option", name="Dinas Perhubungan"))
    assert hers.sideways() == 0
    assert hers.axe_findings() == []
    hers.press(fold.get_by_role("button", name="Buat PKS"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Pasokan air baku")
    hers.says("Berikutnya: lengkapi isiannya pada Ubah data.")
    hers.press(hers.link("Kerja sama air bersih"))
    hers.press(page.locator("summary", has_text="Akhiri lebih awal"))
    hers.press(page.locator("details[open]").get_by_role("button", name="Akhiri lebih awal"))
    for obstacle in ("Pilih dasar pengakhiran.", "Isi alasan."):
        expect(page.locator("li.obstacle", has_text=obstacle)).to_be_visible()
    assert hers.sideways() == 0
    assert hers.axe_findings() == []
    again = page.locator(".sk-again-form")
    again.get_by_label("Dasar").select_option("objek_hilang")
    again.get_by_label("Alasan").fill("Sumber airnya kering")
    hers.press(again.get_by_role("button", name="Akhiri lebih awal"))

    hers.says("Naskah ini sudah diakhiri: Objek kerja sama hilang atau musnah (PP 28/2018 Pasal 9), 24 November 2026.")
    expect(page.locator(".sk-facts")).to_contain_text(number)
