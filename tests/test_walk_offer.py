"""A letter lies on the desk: Sinta writes the offer down in two minutes, at the desk and on a phone, with and without script.

Counted are presses; choosing in a select is two. Today is 24 November 2026.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Locator, Route, expect
from sqlalchemy import select

from config import MEGABYTE
from models import Agreement, Attachment, Partner
from tests.browser import DESK, PHONE, SIZES, Window
from tests.papers import scan
from tests.people import Person
from tests.rows import ask

Open = Callable[..., Window]
MOST_PRESSES = 9
FORM = "/admin/agreement/offer/"


def partner_box(hers: Window) -> Locator:
    return hers.page.get_by_role("combobox", name=re.compile("^Mitra yang menawarkan"))


def instrument(hers: Window) -> str:
    """The words of the paper that stands chosen."""
    return hers.page.get_by_label("Naskah pertama").locator("option:checked").inner_text()


@pytest.mark.parametrize("size", SIZES)
def test_from_the_start_page_to_the_next_step_in_nine_presses(
    app: Flask, window: Open, sinta: Person, size: str, tmp_path: Path
) -> None:
    hers = window(**SIZES[size]).be(sinta)
    hers.open("/admin/")
    hers.press(hers.link("Catat penawaran"))
    hers.press(partner_box(hers))
    hers.type("pinrang")
    hers.press(hers.page.get_by_role("option", name="Kabupaten Pinrang"))
    hers.press(hers.page.get_by_label(re.compile("^Tentang apa")))
    hers.type("Pengelolaan sampah terpadu")
    hers.choose("Jenis kerja sama wajib", "Sinergi perencanaan dan pelaksanaan pembangunan dengan Pemerintah Pusat")
    assert instrument(hers) == "Nota Kesepakatan"
    hers.page.get_by_label("Nomor surat").fill("503/UJI/2026")
    assert hers.sideways() == 0
    assert hers.axe_findings() == []
    letter = tmp_path / "surat.pdf"
    letter.write_bytes(scan())
    hers.page.get_by_label("Surat penawaran").set_input_files(letter)
    hers.clicks += 1  # the button that opens the system's own window
    hers.press(hers.button("Simpan penawaran"))

    hers.says("Penawaran dicatat dengan nomor register")
    hers.says("Langkah berikut: Mulai “Persiapan")
    expect(hers.page.get_by_role("heading", level=1)).to_have_text("Pengelolaan sampah terpadu")
    assert hers.clicks <= MOST_PRESSES
    assert ask(app, select(Agreement.instrument).order_by(Agreement.id.desc()).limit(1)) == ["nota_kesepakatan"]
    assert ask(app, select(Attachment.title).order_by(Attachment.id.desc()).limit(1)) == ["Surat penawaran 503/UJI/2026"]


def test_what_was_typed_before_the_script_came_is_looked_up_all_the_same(window: Open, sinta: Person) -> None:
    hers = window(**DESK).be(sinta)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    hers.page.route("**/sikerja.js*", hold)
    hers.page.goto(FORM, wait_until="commit")
    partner_box(hers).press_sequentially("pinrang")
    held[0].continue_()
    expect(hers.page.get_by_role("option", name="Kabupaten Pinrang")).to_be_visible()


def test_a_letter_that_is_too_large_is_told_before_anything_is_sent(
    app: Flask, window: Open, sinta: Person, tmp_path: Path
) -> None:
    app.config["MAX_UPLOAD"] = MEGABYTE
    hers = window(**DESK).be(sinta)
    hers.open(FORM)
    hers.page.get_by_label(re.compile("^Tentang apa")).fill("Pengelolaan sampah terpadu")
    large, small = tmp_path / "besar.pdf", tmp_path / "kecil.pdf"
    large.write_bytes(bytes(MEGABYTE + 1))
    small.write_bytes(scan())

    hers.page.get_by_label("Surat penawaran").set_input_files(large)
    hers.says("“besar.pdf” 2 MB, paling besar 1 MB. Pilih berkas yang lebih kecil.")
    expect(hers.page.get_by_label("Surat penawaran")).to_have_value("")
    hers.page.get_by_label("Surat penawaran").set_input_files(small)
    expect(hers.page.get_by_text("Pilih berkas yang lebih kecil.")).to_have_count(0)
    expect(hers.page.get_by_label(re.compile("^Tentang apa"))).to_have_value("Pengelolaan sampah terpadu")


def test_a_paper_chosen_by_hand_stays_when_the_kind_changes(window: Open, sinta: Person) -> None:
    hers = window(**DESK).be(sinta)
    hers.open(FORM)
    hers.choose("Jenis kerja sama wajib", "KSDPL, belum pasti: Kerja Sama Daerah dengan Pemerintah Daerah di Luar Negeri")
    assert instrument(hers) == "Pernyataan Kehendak"
    hers.choose("Naskah pertama", "Naskah Kerja Sama")
    hers.choose("Jenis kerja sama wajib", "KSDD, belum pasti: Kerja Sama Daerah dengan Daerah Lain")
    assert instrument(hers) == "Naskah Kerja Sama"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_partner_that_nobody_knew_is_named_and_kept_through_a_refusal(
    app: Flask, window: Open, sinta: Person, script: bool
) -> None:
    hers = window(**PHONE, java_script_enabled=script).be(sinta)
    page = hers.open(FORM)
    partner_box(hers).fill("PT Sampah Jadi Berkah")
    page.get_by_label(re.compile("^Tentang apa")).fill("Pengelolaan sampah terpadu")
    hers.choose("Jenis kerja sama wajib", "KSDPK, belum pasti: Kerja Sama Daerah dengan Pihak Ketiga")
    hers.press(hers.button("Simpan penawaran"))
    hers.says("Mitra “PT Sampah Jadi Berkah” belum ada pada daftar.")
    assert partner_box(hers).input_value() == "PT Sampah Jadi Berkah"
    hers.choose("Jenis mitra baru", "Badan usaha")
    hers.press(hers.button("Simpan penawaran"))

    hers.says("Langkah berikut: Pilih prosedur")
    assert ask(app, select(Partner.kind).where(Partner.name == "PT Sampah Jadi Berkah")) == ["badan_usaha"]
