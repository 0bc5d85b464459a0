"""Lists on paper: a real PDF as the browser prints it, with a head that says whose it is, what it is, and when it was printed."""

import re
from collections.abc import Callable
from datetime import date

import pypdfium2
import pytest
from flask import Flask

from tests.browser import DESK, Window, write_down
from tests.people import Person

Open = Callable[..., Window]


def printed(window: Window, address: str) -> list[str]:
    """The text of each page that comes out of the printer."""
    pdf = pypdfium2.PdfDocument(window.open(address).pdf(prefer_css_page_size=True))
    try:
        sizes = {tuple(round(side) for side in page.get_size()) for page in pdf}
        assert sizes == {(595, 842)}, "not A4"
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf]
    finally:
        pdf.close()


@pytest.fixture
def many(app: Flask) -> None:
    """As many as need more than a page."""
    for number in range(45):
        write_down(
            app, f"Pelayanan bersama nomor {number}", units=("dinas_kesehatan",), signed_on=date(2024, 1, 5),
            ends_on=date(2026, 12, 1 + number % 28),
        )  # fmt: skip


def test_a_list_says_whose_it_is_what_was_asked_and_when(window: Open, rahmat: Person, many: None) -> None:
    pages = printed(
        window(**DESK).be(rahmat), "/admin/monitoring/ending/?days=60&flt0_group_equals=ksdpk&search=pelayanan&page_size=200"
    )

    first = pages[0]
    assert "Pemerintah Kota Samarinda · Bagian Kerja Sama" in first
    assert re.search(r"Dicetak 24 November 2026 pukul \d\d\.\d\d oleh Pimpinan Contoh", first)
    assert "Akan berakhir" in first
    assert "Dalam 60 hari ke depan; pencarian “pelayanan”; Jenis sama dengan KSDPK. 45 naskah." in first
    assert "Belum diputuskan" in first
    assert "Ekspor" not in first
    assert "Terapkan" not in first


def test_the_header_of_the_table_stands_on_every_page(window: Open, rahmat: Person, many: None) -> None:
    pages = printed(window(**DESK).be(rahmat), "/admin/monitoring/ending/?page_size=200")

    assert len(pages) >= 2
    for page in pages:
        assert re.search(r"Kerja sama Mitra Perangkat daerah Naskah Berakhir Sisa hari Perpanjangan", page), page[:400]
    assert all(sum(f"nomor {number} " in page for page in pages) == 1 for number in range(45))


def test_a_part_of_a_list_says_which(window: Open, rahmat: Person, many: None) -> None:
    assert "halaman 2." in printed(window(**DESK).be(rahmat), "/admin/monitoring/ending/?page=1")[0]


@pytest.mark.parametrize("address", ["/admin/agreement/", "/admin/partner/", "/admin/agreement/details/?id=1", "/admin/"])
def test_every_page_has_the_head(window: Open, rahmat: Person, address: str) -> None:
    first = printed(window(**DESK).be(rahmat), address)[0]

    assert re.match(
        r"(\d / \d )?Pemerintah Kota Samarinda · Bagian Kerja Sama Dicetak 24 November 2026 pukul \d\d\.\d\d oleh", first
    )


def test_the_head_is_for_paper_alone(window: Open, rahmat: Person) -> None:
    page = window(**DESK).be(rahmat).open("/admin/monitoring/ending/")

    assert [each.is_visible() for each in page.locator(".sk-print").all()] == [False, False]
