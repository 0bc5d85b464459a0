"""The start page and the gaps in a browser: fit for the desk, the phone, the night and paper, and without any breach."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE, SIZES, Window
from tests.people import Person

Open = Callable[..., Window]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("address", ["/admin/", "/admin/monitoring/gaps/"])
def test_numbers_are_fit_for_all_by_day_and_by_night(window: Open, sinta: Person, address: str, size: str) -> None:
    view = window(**SIZES[size]).be(sinta)
    page = view.open(address)
    for fold in page.locator(".sk-figures > summary").all():
        fold.click()

    found = view.axe_findings()
    page.emulate_media(color_scheme="dark")
    found += [f"by night: {each}" for each in view.axe_findings(runOnly=["color-contrast"])]

    assert found == []
    assert view.sideways() == 0


@pytest.mark.parametrize(("size", "seen"), [("desk", "wide"), ("phone", "narrow")])
def test_one_drawing_is_seen_at_a_time(window: Open, sinta: Person, size: str, seen: str) -> None:
    page = window(**SIZES[size]).be(sinta).open("/admin/")

    expect(page.locator(".sk-chart:visible")).to_have_count(1)
    expect(page.locator(f".sk-chart-{seen}")).to_be_visible()


def test_the_numbers_of_a_drawing_are_a_press_away_without_script(window: Open, sinta: Person) -> None:
    view = window(**PHONE, java_script_enabled=False).be(sinta)
    page = view.open("/admin/")
    view.press(page.get_by_text("Lihat angka sebagai tabel"))

    expect(page.get_by_role("row", name="November 2026")).to_be_visible()


def test_paper_has_neither_menu_nor_folds(window: Open, sinta: Person) -> None:
    page = window(**DESK).be(sinta).open("/admin/")
    page.emulate_media(media="print")

    expect(page.locator(".sk-top")).to_be_hidden()
    expect(page.locator(".sk-figures")).to_be_hidden()
    expect(page.get_by_text("Selasa, 24 November 2026")).to_be_visible()
