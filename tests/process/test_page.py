"""The details page answers everything, and says the same as `explain`: one explanation, told twice."""

import html
import json
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from models import AgreementUnit
from rules import codes
from tests.pages import text_of
from tests.people import Person
from tests.ways import CONSENT_NEEDED, NO_CONSENT_NEEDED, Way, file_of, page_of


def explained(app: Flask, way: Way) -> dict[str, Any]:
    way.session.rollback()
    answer = app.test_cli_runner().invoke(args=["explain", way.agreement.register_no])
    assert answer.exit_code == 0, answer.output
    return dict(json.loads(answer.output))


def waiting(session: Session) -> Way:
    way = Way(session, "ksdpl", "naskah").walk("persetujuan_dprd")
    way.move("start", "persetujuan_dprd", date(2026, 11, 2))
    way.move("wait", "persetujuan_dprd", date(2026, 11, 3))
    return way


def sent_back(session: Session) -> Way:
    way = Way(session, "sinergi", "nota_kesepakatan").walk("penyusunan_nk")
    way.move("start", "penyusunan_nk")
    way.move("send_back", "penyusunan_nk", remark="Lengkapi lokasi.")
    return way


def test_explain_of_a_waiting_stage_in_full(app: Flask, session: Session) -> None:
    told = explained(app, waiting(session))

    assert {name: told[name] for name in ("procedure", "version", "instrument", "validity", "current", "holder", "since", "days")} == {
        "procedure": "ksdpl", "version": 1, "instrument": "naskah", "validity": "process", "current": "persetujuan_dprd",
        "holder": "dprd", "since": "2026-11-02", "days": 22,
    }  # fmt: skip
    assert told["stages"][1] == {
        "key": "persetujuan_dprd", "name": "Persetujuan DPRD", "order": 5, "status": "waiting", "started_on": "2026-11-02",
        "finished_on": None, "holder": "dprd", "due_on": "2027-01-11",
        "due_explained": "45 hari kerja sesudah 3 November 2026, tanpa 4 hari libur dan cuti bersama → 11 Januari 2027",
        "basis": [
            {"text": "Permendagri 25/2020 Pasal 9 huruf e", "certainty": "VERIFIED"},
            {"text": "Permendagri 25/2020 Pasal 16", "certainty": "VERIFIED"},
            {"text": "Permendagri 25/2020 Pasal 17", "certainty": "VERIFIED"},
            {"text": "PP 28/2018 Pasal 30", "certainty": "VERIFIED"},
            {"text": "UU 23/2014 Pasal 154 ayat (1) huruf g", "certainty": "VERIFIED"},
        ],
        "ground": None,
    }  # fmt: skip
    assert told["next"]["text"] == "Tunggu DPRD, lalu selesaikan “Persetujuan DPRD”"
    assert told["next"]["verb"] == "finish"


def test_explain_of_a_number_that_is_none(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["explain", "KS-1999-0001"])

    assert (answer.exit_code, "Nomor register KS-1999-0001 tidak ada." in answer.output) == (1, True)


# --- who sees and may press what ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "buttons"), [("admin", True), ("staff", True), ("supervisor", False), ("auditor", False)])
def test_who_finds_buttons(app: Flask, session: Session, role: str, buttons: bool) -> None:
    page = page_of(Person(app, role), sent_back(session))

    assert ('action="/admin/stage/move/"' in page) == buttons


def test_the_leadership_finds_the_one_button_it_may_press(rahmat: Person, session: Session) -> None:
    way = Way(session, "ksdd_sukarela", "kb")
    way.move("start", "persiapan")

    page = page_of(rahmat, way)

    assert re.findall(r'name="verb" value="(\w+)"', page) == ["finish"]
    assert "Alasan pimpinan melewati dokumen yang belum ada" in page


def test_of_siblings_outside_her_rows_a_unit_sees_kind_and_stage_only(dewi: Person, session: Session) -> None:
    kb = Way(session, "ksdd_sukarela", "kb", title="KB induk").walk()
    hers = Way(session, "ksdd_sukarela", "pks", kb, title="PKS angkutan", units=("dinas_perhubungan",))
    other = Way(session, "ksdd_sukarela", "pks", kb, title="PKS rahasia puskesmas", units=("dinas_kesehatan",))
    other.walk("penyusunan_pks", CONSENT_NEEDED, on=kb.day)

    page = page_of(dewi, hers)

    assert "PKS rahasia" not in page
    assert other.agreement.register_no not in page
    assert f"details/?id={other.agreement.id}" not in page
    assert "Perjanjian Kerja Sama Melaksanakan · Penyusunan perjanjian kerja sama" in text_of(page)


def test_a_file_of_another_agreement_of_the_family_is_not_named_to_a_unit(dewi: Person, session: Session) -> None:
    kb = Way(session, "ksdd_sukarela", "kb").walk()
    hers = Way(session, "ksdd_sukarela", "pks", kb, units=("dinas_perhubungan",))
    letter = file_of(session, kb.agreement, "Surat DPRD rahasia")
    hers.move("start", "persetujuan_dprd", kb.day, answers=CONSENT_NEEDED)
    hers.move("finish", "persetujuan_dprd", files=[letter], remark="x")

    page = page_of(dewi, hers)

    assert session.query(AgreementUnit).filter_by(agreement_id=kb.agreement.id).count() == 0
    assert "Surat DPRD rahasia" not in page
    assert "Berkas naskah lain dalam keluarga ini" in page


# --- penerusan ------------------------------------------------------------------------------------------------------


def test_for_penerusan_the_answer_is_written_down_on_the_page(sinta: Person, session: Session) -> None:
    way = Way(session, "ksdll_penerusan", "rencana_penerusan")
    assert "Peraturan yang sudah diperiksa tidak sama bunyinya" in page_of(sinta, way)
    question = "answer_persetujuan_dprd_pada_penerusan"

    refused = sinta.post("/admin/agreement/answer/", {"id": str(way.agreement.id), question: "yes"})
    assert (refused.status_code, refused.text.count('class="obstacle"')) == (422, 1)

    sent = {"id": str(way.agreement.id), question: "yes", f"{question}_reason": "Diminta Kementerian"}
    assert sinta.post("/admin/agreement/answer/", sent).status_code == 303
    words = text_of(page_of(sinta, way))
    assert (
        "Apakah persetujuan DPRD diminta untuk penerusan kerja sama ini? Ya Diminta Kementerian Staf Kerja Sama Contoh" in words
    )


@pytest.mark.parametrize("sent", [{}, {"answer_persetujuan_dprd_pada_penerusan": "mungkin"}])
def test_an_answer_that_is_none(sinta: Person, session: Session, sent: dict[str, str]) -> None:
    way = Way(session, "ksdll_penerusan", "rencana_penerusan")

    answer = sinta.post("/admin/agreement/answer/", {"id": str(way.agreement.id), **sent})

    assert (answer.status_code, "Jawab pertanyaan dengan ya atau tidak." in answer.text) == (422, True)


def test_the_questions_of_the_assembly_are_answered_before_the_stage(sinta: Person, session: Session) -> None:
    way = Way(session, "ksdd_sukarela", "pks").walk("persetujuan_dprd")
    assert "Catat jawaban" in page_of(sinta, way)
    sent = {"id": str(way.agreement.id)}
    for key, (yes, reason) in NO_CONSENT_NEEDED.items():
        sent |= {f"answer_{key}": "yes" if yes else "no", f"answer_{key}_reason": reason}

    assert sinta.post("/admin/agreement/answer/", sent).status_code == 303
    assert "Langkah berikut: Lewati “Persetujuan DPRD”" in text_of(page_of(sinta, way))


def test_a_file_is_uploaded_for_a_document(sinta: Person, session: Session) -> None:
    way = Way(session, "ksdd_sukarela", "kb")
    page = page_of(sinta, way)
    found = re.search(r'href="(/admin/attachment/new/\?[^"]*Bukti[^"]*)"', page)
    assert found
    form = sinta.get(html.unescape(found[1])).text

    assert f'name="stage" type="hidden" value="{way.stage("persiapan").id}"' in form
    assert codes.ATTACHMENT_KINDS["lainnya"] in form
