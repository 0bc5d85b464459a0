"""Saved views in a real browser: the morning tabs at the desk and on the phone, kept, opened first and thrown away."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE, SIZES, Window
from tests.people import PASSWORD, Person
from tests.routes import add_view
from tests.tabs import LIST, PROCESS, keep

Open = Callable[..., Window]


@pytest.mark.parametrize("size", SIZES)
def test_the_morning_tabs(window: Open, sinta: Person, size: str) -> None:
    """Sinta narrows, keeps, finds her tab again, chooses it to open first, and throws it away."""
    add_view(sinta.app, "admin", "search=parkir", name="Parkir di seluruh kota dan sekitarnya", shared_with="staff")
    hers = window(**SIZES[size]).be(sinta)
    page = hers.open(f"{LIST}?{PROCESS}")
    assert hers.axe_findings() == []
    hers.press(hers.link("Simpan tampilan ini"))
    page.get_by_label("Nama tampilan").fill("Yang berjalan hari ini")
    page.get_by_label("Buka ini setelah masuk").check()
    assert hers.axe_findings() == []
    hers.press(hers.button("Simpan"))

    here = page.get_by_role("navigation", name="Tampilan daftar ini").locator("[aria-current=page]")
    expect(here).to_contain_text("Yang berjalan hari ini")
    expect(here).to_have_attribute("data-count", "27")
    expect(page.locator("[data-total]")).to_have_attribute("data-total", "27")
    assert hers.axe_findings() == []
    assert hers.sideways() == 0
    hers.press(page.get_by_role("link", name=re.compile("^Parkir di seluruh kota")))
    expect(here).to_contain_text("Parkir di seluruh kota")

    page.locator("summary", has_text="Staf").click()
    hers.press(hers.link("Tampilan saya"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Tampilan tersimpan")
    assert hers.axe_findings() == []
    assert hers.sideways() == 0
    hers.press(hers.link("Yang berjalan hari ini"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Yang berjalan hari ini")
    assert hers.axe_findings() == []
    page.locator("summary", has_text="Hapus tampilan").click()
    hers.press(hers.button("Hapus tampilan"))
    hers.says("Tampilan dihapus.")


def test_the_first_tab_opens_by_itself_after_signing_in(window: Open, sinta: Person) -> None:
    keep(sinta, "Yang berjalan", start="y")
    hers = window(**DESK)
    page = hers.open("/login")
    page.get_by_label("Surel").fill("staff@sikerja.test")
    page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    hers.press(hers.button("Masuk"))

    expect(page.locator("[aria-current=page][data-count]")).to_contain_text("Yang berjalan")
    assert hers.clicks == 1


def test_many_tabs_scroll_inside_themselves_on_a_phone(window: Open, sinta: Person) -> None:
    for number in range(12):
        add_view(sinta.app, "staff", name=f"Tampilan pagi nomor {number}")
    for size in (PHONE, {"viewport": {"width": 320, "height": 700}}):
        hers = window(**size).be(sinta)
        hers.open(f"{LIST}?search=a")
        assert hers.sideways() == 0
        strip = hers.page.locator(".sk-views ul")
        assert strip.evaluate("it => it.scrollWidth > it.clientWidth")
        assert strip.evaluate("it => it.clientHeight") <= 60
