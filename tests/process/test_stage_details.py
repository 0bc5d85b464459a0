"""The details page of a stage: how it stands and why, what was done to it, and which verbs are offered to whom."""

import re
from datetime import date
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Stage
from tests.conftest import Statements
from tests.pages import form_to, text_of
from tests.people import Person
from tests.process.stagepages import MOVE, details, facts_of
from tests.rows import ask
from tests.ways import BEGIN, Way, file_of


def test_the_page_of_a_stage_says_how_it_stands(sinta: Person, kb: Way) -> None:
    kb.move("start", "persiapan", BEGIN)
    stage = kb.stage("persiapan")
    stage.due_on = BEGIN.replace(month=12)
    kb.session.commit()

    page = sinta.get(details(kb.id_of("persiapan"))).text
    facts = facts_of(page)

    assert facts["Kerja sama"] == f"{kb.agreement.register_no} KB air minum"
    assert (facts["Jenis"], facts["Keadaan"]) == ("Menurut peraturan", "Berjalan")
    assert facts["Sejak"] == "5 Januari 2026 (323 hari sejak dimulai)"
    assert facts["Target internal"] == "5 Desember 2026"
    step = next(each for each in kb.told.steps if each.stage.key == "persiapan")
    assert all(each.shown in facts["Dasar"] for each in step.basis)
    assert all(paper.rule.name in unescape(page) for paper in step.papers)


def test_the_deadline_of_the_law_is_explained_on_its_page(sinta: Person, session: Session) -> None:
    way = Way(session, "ksdpl", "naskah").walk("persetujuan_dprd")
    way.move("start", "persetujuan_dprd", date(2026, 3, 2))

    facts = facts_of(sinta.get(details(way.id_of("persetujuan_dprd"))).text)

    assert facts["Tenggat"].startswith(
        "45 hari kerja sesudah 2 Maret 2026, tanpa 7 hari libur dan cuti bersama → 13 Mei 2026 · lewat 195 hari · "
    )
    assert facts["Menurut peraturan dikerjakan oleh"]


def test_what_was_done_to_a_stage_is_told_in_sentences(sinta: Person, session: Session, kb: Way) -> None:
    file = file_of(session, kb.agreement, "Bukti RPJMD")
    kb.move("start", "persiapan", BEGIN)
    kb.move("wait", "persiapan", BEGIN, remark="Surat dikirim")
    kb.move("start", "persiapan", BEGIN)
    kb.move("send_back", "persiapan", BEGIN, remark="KAK belum lengkap")
    kb.move("finish", "persiapan", BEGIN, files=[file], remark="Lengkap")
    kb.move("reopen", "persiapan", BEGIN, remark="Keliru")
    kb.move("reopen", "persiapan", BEGIN)

    page = sinta.get(details(kb.id_of("persiapan"))).text
    section = page[page.index("<h2>Riwayat tahap</h2>") :].partition("</ol>")[0]
    sentences = [text_of(each) for each in re.findall(r"<p>(.*?)</p>", section)]

    assert [each for each in sentences if each.startswith(("Tahap", "Mulainya"))] == [
        "Mulainya tahap ditarik kembali.", "Tahap dibuka kembali.", "Tahap diselesaikan.",
        "Tahap dikembalikan untuk perbaikan.", "Tahap dilanjutkan sesudah menunggu.", "Tahap menunggu pihak luar.", "Tahap dimulai.",
    ]  # fmt: skip
    assert {"Catatan: KAK belum lengkap", "Catatan: Surat dikirim"} <= set(sentences)
    assert any(each.startswith("Dokumen yang diserahkan: “") for each in sentences)
    assert any(each.startswith("Dicatat oleh Sistem, ") for each in sentences)
    for word in ("running", "waiting", "finished", "planned", "start", "None", "{", "documents"):
        assert word not in " ".join(sentences)


def test_what_was_passed_over_by_the_leadership_is_told(rahmat: Person, kb: Way) -> None:
    kb.move("start", "persiapan", BEGIN)
    key = kb.id_of("persiapan")
    page = rahmat.get(details(key)).text
    assert re.findall(r'name="verb" value="(\w+)"', page) == ["finish"]

    sent = form_to(page, MOVE).with_values(override_reason="Mendesak", remark="KAK menyusul")
    done = rahmat.post(MOVE, sent)

    assert (done.status_code, done.location) == (303, details(key))
    told = text_of(rahmat.get(details(key)).text)
    assert "Belum ada dan dilewati oleh pimpinan: “Bukti objek tercantum dalam dokumen perencanaan" in told
    assert "Alasan pimpinan: Mendesak" in told
    assert "Belum ada dan dilewati dengan catatan: “Kerangka Acuan Kerja (KAK) KSDD”." in told


@pytest.mark.parametrize(
    ("role", "verbs"), [("admin", {"finish", "send_back", "wait", "reopen"}), ("staff", {"finish", "send_back", "wait", "reopen"}),
                        ("supervisor", {"finish"}), ("unit", set()), ("auditor", set())]
)  # fmt: skip
def test_who_sees_which_buttons(app: Flask, kb: Way, role: str, verbs: set[str]) -> None:
    kb.move("start", "persiapan")

    page = Person(app, role).get(details(kb.id_of("persiapan"))).text

    assert set(re.findall(r'name="verb" value="(\w+)"', page)) == verbs


def test_of_a_closed_offer_no_verb_is_offered(sinta: Person, session: Session, kb: Way) -> None:
    kb.agreement.closed_on, kb.agreement.closed_as = BEGIN, "refused"
    session.commit()

    assert 'name="verb"' not in sinta.get(details(kb.id_of("persiapan"))).text


def test_the_page_of_a_stage_takes_at_most_sixteen_statements(sinta: Person, kb: Way, statements: Statements) -> None:
    kb.walk()
    key = kb.id_of("penyusunan_kb")
    sinta.get(details(key))
    statements.clear()

    assert sinta.get(details(key)).status_code == 200
    assert len(statements) <= 16, "\n\n".join(statements)


def test_every_stage_of_the_sample_has_its_page(app: Flask) -> None:
    andi = Person(app, "admin")
    keys = ask(app, select(Stage.id).where(Stage.deleted_at.is_(None)).order_by(Stage.id))

    assert {andi.get(details(key)).status_code for key in keys} == {200}
