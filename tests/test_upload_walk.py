"""Sending files in a real browser: chosen or dropped, one after the other, each with its own fate; and all of it without script.

A file that is refused keeps its row and its sentence while the others go on. When the line breaks or the session ends,
nothing chosen is lost: a clerk signs in in another tab, and tries again.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Locator, Route, expect

from models import Agreement
from tests.browser import DESK, PHONE, Window
from tests.files import samples
from tests.papers import BUSES, attach, count, row_of, scan
from tests.people import Person
from tests.rows import id_of

Open = Callable[..., Window]
WITHOUT_SCRIPT = DESK | {"java_script_enabled": False}
MEANT = ("422: ", "401: ", "400: ")  # what a script is told of an upload that is refused


@pytest.fixture
def papers(tmp_path: Path) -> Callable[..., list[str]]:
    """Files on the clerk's disk."""
    contents = {"naskah.pdf": scan(), "lampiran.docx": samples.docx(), "foto.png": samples.png(), "rusak.pdf": b"rusak"}

    def lay(*names: str) -> list[str]:
        for name in names:
            (tmp_path / name).write_bytes(contents[name])
        return [str(tmp_path / name) for name in names]

    return lay


def form(window: Open, person: Person, agreement: str = BUSES, **options: object) -> Window:
    """The form of that agreement, with the kind chosen."""
    hers = window(**(options or DESK)).be(person)
    page = hers.open(f"/admin/attachment/new/?agreement={id_of(person.app, Agreement, agreement)}")
    page.get_by_label("Jenis wajib").select_option("laporan")
    return hers


def row(hers: Window, name: str) -> Locator:
    return hers.page.get_by_role("list", name="Berkas yang dipilih").get_by_role("listitem").filter(has_text=name)


def forgive(hers: Window) -> None:
    """Refusals that this test asked for are no faults of the page."""
    hers.faults = [fault for fault in hers.faults if not fault.startswith(MEANT)]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_of_three_files_two_come_in_and_one_says_why_not(
    window: Open, sinta: Person, papers: Callable[..., list[str]], size: dict[str, object]
) -> None:
    hers = form(window, sinta, **size)
    page = hers.page
    page.get_by_label("Berkas wajib").set_input_files(papers("naskah.pdf", "rusak.pdf", "foto.png"))
    hers.says("3 berkas dipilih.")
    before = count(sinta.app)
    hers.press(hers.button("Unggah"))

    expect(row(hers, "naskah.pdf")).to_contain_text("Diunggah.")
    expect(row(hers, "foto.png")).to_contain_text("Diunggah.")
    expect(row(hers, "rusak.pdf")).to_contain_text("Isi berkas tidak sesuai dengan akhiran .pdf.")
    hers.says("2 dari 3 berkas diunggah. 1 belum, alasannya tertulis di bawah namanya.")
    assert count(sinta.app) == before + 2
    assert hers.sideways() == 0
    assert hers.axe_findings() == []

    hers.press(hers.button("Hapus rusak.pdf"))
    page.wait_for_url("**/admin/agreement/details/**#berkas")
    files = page.locator("#berkas")
    expect(files.get_by_role("link", name="naskah", exact=True)).to_be_visible()
    expect(files.get_by_role("link", name="foto", exact=True)).to_be_visible()
    forgive(hers)


@pytest.mark.parametrize("place", [".sk-drop", "h1"])
def test_files_are_dropped_onto_the_form_or_beside_it(window: Open, sinta: Person, place: str) -> None:
    hers = form(window, sinta)
    page = hers.page
    dropped = page.evaluate_handle(
        "bytes => { const held = new DataTransfer();"
        " held.items.add(new File([new Uint8Array(bytes)], 'naskah.pdf', {type: 'application/pdf'})); return held; }",
        list(scan()),
    )
    area = page.locator(".sk-drop")
    page.locator(place).dispatch_event("dragover", {"dataTransfer": dropped})
    expect(area).to_have_class(re.compile("is-over"))
    page.locator(place).dispatch_event("drop", {"dataTransfer": dropped})
    expect(area).not_to_have_class(re.compile("is-over"))
    expect(row(hers, "naskah.pdf")).to_contain_text("1 KB")

    hers.press(hers.button("Unggah"))
    page.wait_for_url("**/admin/attachment/details/**")
    expect(page.get_by_role("heading", level=1)).to_have_text("naskah")


def test_by_keyboard_alone(window: Open, sinta: Person, papers: Callable[..., list[str]]) -> None:
    hers = form(window, sinta)
    hers.tab_to(hers.page.get_by_label("Berkas wajib"))
    hers.page.get_by_label("Berkas wajib").set_input_files(papers("naskah.pdf", "rusak.pdf"))
    hers.tab_to(hers.button("Hapus rusak.pdf"))
    hers.keys("Enter")
    expect(hers.focused()).to_have_accessible_name("Hapus naskah.pdf")
    hers.tab_to(hers.button("Unggah"))
    hers.keys("Enter")

    hers.page.wait_for_url("**/admin/attachment/details/**")


def test_how_far_a_file_is_can_be_seen(window: Open, sinta: Person, papers: Callable[..., list[str]]) -> None:
    hers = form(window, sinta)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    hers.page.route("**/admin/attachment/new/**", hold)
    hers.page.get_by_label("Berkas wajib").set_input_files(papers("naskah.pdf"))
    hers.press(hers.button("Unggah"))

    expect(hers.page.get_by_role("progressbar", name="Kemajuan naskah.pdf")).to_be_visible()
    expect(hers.button("Hapus naskah.pdf")).to_be_hidden()
    held[0].continue_()
    hers.page.wait_for_url("**/admin/attachment/details/**")


def test_a_broken_line_is_told_and_the_file_is_sent_again(
    window: Open, sinta: Person, papers: Callable[..., list[str]]
) -> None:
    hers = form(window, sinta)
    hers.page.route("**/admin/attachment/new/**", lambda route: route.abort())
    hers.page.get_by_label("Berkas wajib").set_input_files(papers("naskah.pdf"))
    hers.press(hers.button("Unggah"))
    expect(row(hers, "naskah.pdf")).to_contain_text("Sambungan terputus. Berkas ini belum diunggah.")

    hers.page.unroute("**/admin/attachment/new/**")
    hers.press(hers.button("Coba lagi naskah.pdf"))

    hers.page.wait_for_url("**/admin/attachment/details/**")


def test_when_the_session_ends_the_clerk_signs_in_in_another_tab_and_goes_on(
    window: Open, sinta: Person, papers: Callable[..., list[str]]
) -> None:
    hers = form(window, sinta)
    hers.page.get_by_label("Berkas wajib").set_input_files(papers("naskah.pdf", "lampiran.docx"))
    sinta.post("/logout")
    hers.press(hers.button("Unggah"))
    said = "Sesi berakhir. Masuk lagi di tab lain, lalu tekan Coba lagi."
    expect(row(hers, "naskah.pdf")).to_contain_text(said)
    hers.press(hers.button("Coba lagi naskah.pdf"))
    expect(row(hers, "naskah.pdf")).to_contain_text(said)

    upload, hers.page = hers.page, hers.context.new_page()
    hers.sign_in("staff")
    hers.page.close()
    hers.page = upload
    hers.press(hers.button("Coba lagi naskah.pdf"))

    hers.page.wait_for_url("**/admin/agreement/details/**#berkas")
    expect(hers.page.locator("#berkas")).to_contain_text("lampiran.docx · versi 1")
    forgive(hers)


def test_what_is_missing_beside_the_file_is_told_at_its_field_and_the_file_stays_chosen(
    window: Open, sinta: Person, papers: Callable[..., list[str]]
) -> None:
    hers = form(window, sinta)
    page = hers.page
    page.get_by_label("Jenis wajib").select_option("")
    page.get_by_label("Berkas wajib").set_input_files(papers("naskah.pdf"))
    hers.press(hers.button("Unggah"))
    hers.says("Pilih jenis berkas.")
    expect(page.get_by_label("Jenis wajib")).to_be_focused()

    page.get_by_label("Jenis wajib").select_option("laporan")
    hers.press(hers.button("Unggah"))

    page.wait_for_url("**/admin/attachment/details/**")
    forgive(hers)


def test_a_file_that_is_too_large_is_not_even_sent(
    window: Open, app: Flask, sinta: Person, papers: Callable[..., list[str]]
) -> None:
    app.config["MAX_UPLOAD"] = 1024 * 1024
    (large,) = papers("naskah.pdf")
    Path(large).write_bytes(scan() + bytes(1024 * 1024))
    hers = form(window, sinta)
    hers.page.get_by_label("Berkas wajib").set_input_files(large)

    expect(row(hers, "naskah.pdf")).to_contain_text("Berkas 2 MB, paling besar 1 MB.")
    expect(hers.button("Coba lagi naskah.pdf")).to_be_hidden()
    hers.press(hers.button("Unggah"))
    expect(hers.button("Hapus naskah.pdf")).to_be_focused()


def test_without_a_file_the_server_says_what_is_missing(window: Open, sinta: Person) -> None:
    hers = form(window, sinta)
    hers.press(hers.button("Unggah"))

    expect(hers.page.get_by_role("alert")).to_be_focused()
    hers.press(hers.link("Pilih sedikitnya satu berkas."))
    expect(hers.page.get_by_label("Berkas wajib")).to_be_focused()


def test_a_new_edition_is_one_file_with_a_reason(
    window: Open, app: Flask, sinta: Person, papers: Callable[..., list[str]]
) -> None:
    key = attach(app, title="Nota Kesepakatan")
    hers = window(**DESK).be(sinta)
    page = hers.open(f"/admin/attachment/details/?id={key}")
    hers.press(hers.link("Unggah versi baru"))
    hers.says("Ini menjadi versi baru dari “Nota Kesepakatan” (versi 1, naskah.pdf).")
    page.get_by_label("Berkas wajib").set_input_files(papers("lampiran.docx")[0])
    page.get_by_label("Berkas wajib").set_input_files(papers("foto.png")[0])
    expect(page.get_by_role("list", name="Berkas yang dipilih").get_by_role("listitem")).to_have_count(1)
    hers.press(hers.button("Unggah"))
    hers.says("Isi alasan versi baru.")
    page.get_by_label("Alasan versi baru").fill("Foto lebih jelas")
    hers.press(hers.button("Unggah"))

    page.wait_for_url("**/admin/attachment/details/**")
    editions = page.get_by_role("table", name="Semua versi").locator("tbody tr td:first-child")
    assert editions.all_text_contents() == ["Versi 2", "Versi 1"]
    forgive(hers)


# --- without script ----------------------------------------------------------------------------------------------


def test_the_same_without_script(window: Open, sinta: Person, papers: Callable[..., list[str]]) -> None:
    hers = form(window, sinta, **WITHOUT_SCRIPT)
    page = hers.page
    page.get_by_label("Berkas wajib").set_input_files(papers("naskah.pdf", "rusak.pdf"))
    hers.press(hers.button("Unggah"))
    hers.says("“rusak.pdf”: Isi berkas tidak sesuai dengan akhiran .pdf.")
    hers.says("Pilih berkasnya lagi")
    page.get_by_label("Berkas wajib").set_input_files(papers("naskah.pdf", "lampiran.docx"))
    hers.press(hers.button("Unggah"))

    hers.says("2 berkas diunggah.")
    expect(page.locator("#berkas")).to_contain_text("lampiran.docx · versi 1")


def test_pages_are_turned_and_files_judged_without_script(window: Open, app: Flask, sinta: Person) -> None:
    key = attach(app)
    hers = window(**WITHOUT_SCRIPT).be(sinta)
    page = hers.open(f"/admin/attachment/details/?id={key}")
    picture = page.get_by_role("img", name="Halaman 1 dari 3, sebagai gambar")
    expect(picture).to_be_visible()
    assert picture.evaluate("it => it.complete && it.naturalWidth") == 1200
    hers.press(hers.link("Berikutnya"))
    expect(page.get_by_role("img", name="Halaman 2 dari 3, sebagai gambar")).to_be_visible()

    hers.press(page.locator("summary", has_text="Tolak"))
    hers.press(page.get_by_role("button", name="Tolak", exact=True))
    hers.says("Isi alasan penolakan")
    page.get_by_label("Alasan penolakan").fill("Halaman 2 terpotong")
    hers.press(page.get_by_role("button", name="Tolak", exact=True))
    hers.says("Berkas ditolak.")
    assert row_of(app, key).verdict_remark == "Halaman 2 terpotong"


def test_a_file_lands_on_the_clerk_s_disk_under_its_own_name(window: Open, app: Flask, sinta: Person) -> None:
    key = attach(app, name="Nota Kesepakatan — édisi 2.pdf")
    hers = window(**DESK).be(sinta)
    page = hers.open(f"/admin/attachment/details/?id={key}")
    with page.expect_download() as taken:
        hers.press(page.get_by_role("link", name="Unduh", exact=True).first)

    assert taken.value.suggested_filename == "Nota Kesepakatan — édisi 2.pdf"
    assert Path(taken.value.path()).read_bytes() == scan()
