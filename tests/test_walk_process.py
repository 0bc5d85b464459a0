"""Stages by law in a real browser: begun, refused with every obstacle, finished with a file, skipped by its answers; desk and phone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Locator, expect
from sqlalchemy.orm import Session

from tests.browser import SIZES, Window
from tests.papers import scan
from tests.people import Person
from tests.ways import Way

Open = Callable[..., Window]


def box(hers: Window) -> Locator:
    """The one box that says what comes next."""
    return hers.page.locator("section.sk-next")


def state(hers: Window, name: str) -> str:
    """How the line shows the stage of this name."""
    step = hers.page.locator(".sk-steps li", has_text=name).first
    return (step.get_attribute("class") or "").removeprefix("is-")


def opened(hers: Window, way: Way) -> None:
    key = way.agreement.id
    way.session.rollback()
    hers.open(f"/admin/agreement/details/?id={key}")
    assert hers.sideways() == 0
    assert hers.axe_findings() == []


@pytest.mark.parametrize("size", SIZES)
def test_a_stage_is_begun_refused_and_finished(
    app: Flask, session: Session, window: Open, sinta: Person, size: str, tmp_path: Path
) -> None:
    way = Way(session, "ksdd_sukarela", "kb", title="Pengelolaan air baku bersama")
    hers = window(**SIZES[size]).be(sinta)
    opened(hers, way)
    expect(box(hers)).to_contain_text("Langkah berikut: Mulai “Persiapan”")
    expect(box(hers).get_by_role("link", name="PP 28/2018 Pasal 6 ayat (1) huruf a")).to_be_visible()

    hers.press(box(hers).get_by_role("button", name="Mulai tahap"))
    hers.says("Mulai tahap: Persiapan.")
    assert state(hers, "Persiapan") == "current"

    hers.press(box(hers).get_by_role("button", name="Selesaikan tahap"))
    expect(hers.page.locator("li.obstacle")).to_have_count(2)
    expect(hers.page.locator("li.obstacle").first).to_contain_text("Dasar: PP 28/2018 Pasal 4 ayat (2) dan ayat (3).")
    assert hers.sideways() == 0
    assert hers.axe_findings() == []

    opened(hers, way)
    row = hers.page.locator(".sk-doc", has=hers.page.locator("strong", has_text="Bukti objek tercantum"))
    hers.press(row.get_by_role("link", name="Unggah"))
    letter = tmp_path / "rkpd.pdf"
    letter.write_bytes(scan())
    hers.page.locator("input[type=file]").set_input_files(letter)
    hers.press(hers.page.get_by_role("button", name="Unggah"))
    expect(row.locator(".sk-doc-word")).to_have_text("Ada")

    box(hers).get_by_label("Catatan").first.fill("KAK menyusul")
    hers.press(box(hers).get_by_role("button", name="Selesaikan tahap"))
    hers.says("Selesaikan tahap: Persiapan.")
    assert (state(hers, "Persiapan"), state(hers, "Penawaran")) == ("done", "ahead")
    expect(box(hers)).to_contain_text("Langkah berikut: Mulai “Penawaran”")


@pytest.mark.parametrize("size", SIZES)
def test_the_assembly_is_not_asked_where_both_answers_are_no(
    app: Flask, session: Session, window: Open, sinta: Person, size: str
) -> None:
    way = Way(session, "ksdpk_prakarsa_daerah", "pks", title="Pengelolaan parkir nontunai").walk("persetujuan_dprd")
    hers = window(**SIZES[size]).be(sinta)
    opened(hers, way)

    for question in ("membebani masyarakat dan daerah", "belum teranggarkan"):
        asked = box(hers).get_by_role("group", name=re.compile(question))
        hers.press(asked.get_by_text("Tidak", exact=True))
    for reason in box(hers).get_by_label("Alasan jawaban").all():
        reason.fill("Tercantum dalam DPA, tanpa pungutan")
    hers.press(box(hers).get_by_role("button", name="Catat jawaban"))
    hers.says("Jawaban dicatat.")
    expect(box(hers)).to_contain_text("Langkah berikut: Lewati “Persetujuan DPRD”")
    assert hers.axe_findings() == []

    hers.press(box(hers).get_by_role("button", name="Lewati tahap"))
    hers.says("Lewati tahap: Persetujuan DPRD.")
    assert state(hers, "Persetujuan DPRD") == "skipped"
    expect(box(hers)).to_contain_text("Penyusunan kontrak/perjanjian kerja sama")
