"""A verb of a stage that is refused comes back with all that was typed, says what is in the way, and has changed nothing."""

from flask import Flask
from sqlalchemy.orm import Session

from models import Stage
from tests.pages import form_to, title_of
from tests.people import Person
from tests.process.stagepages import MOVE, details, edit, fields_of
from tests.rows import rows
from tests.sentences import obstacles_of
from tests.ways import Way, file_of


def test_a_refused_verb_comes_back_with_everything_that_was_typed(sinta: Person, kb: Way) -> None:
    kb.move("start", "persiapan")
    key, file = kb.id_of("persiapan"), file_of(kb.session, kb.agreement)
    typed = {"on": "1 Januari 2027", "remark": "Sudah <b>lengkap</b>", "document_1": str(file), "url": details(key)}

    answer = sinta.post(MOVE, {"id": str(key), "verb": "finish", **typed})

    assert (answer.status_code, title_of(answer.text)) == (422, "Tahap belum dipindahkan")
    assert obstacles_of(answer.text)[0] == "Tanggal tidak boleh di masa depan. Isi tanggal hari ini atau sebelumnya."
    assert "<b>lengkap" not in answer.text
    assert f'href="/admin/agreement/details/?id={kb.agreement.id}">{kb.agreement.register_no} KB air minum</a>' in answer.text
    again = fields_of(answer.text)
    assert typed.items() <= again.items()
    assert (again["id"], again["verb"]) == (str(key), "finish")


def test_what_is_mended_goes_through(sinta: Person, session: Session, kb: Way) -> None:
    key = kb.id_of("persiapan")
    refused = sinta.post(MOVE, {"id": str(key), "verb": "start", "on": "31/02/2026", "url": details(key)})
    assert fields_of(refused.text)["on"] == "31/02/2026"

    done = sinta.post(MOVE, form_to(refused.text, MOVE).with_values(on="5/1/2026"))

    assert (done.status_code, done.location) == (303, details(key))
    session.expire_all()
    assert kb.states() == {"persiapan": "running"}


def test_what_can_never_pass_is_not_sent_again(sinta: Person, kb: Way) -> None:
    kb.move("start", "persiapan")
    junk = {
        "attachment": "999999",
        "document_77": "1",
        "answer_apa": "yes",
        "holder": "siapa",
        "override_reason": "Saya",
        "x": "y",
    }

    answer = sinta.post(MOVE, {"id": str(kb.id_of("persiapan")), "verb": "finish", **junk})

    assert answer.status_code == 422
    assert not set(junk) & set(fields_of(answer.text))


def test_a_file_handed_in_bare_is_handed_in_again(sinta: Person, kb: Way) -> None:
    kb.move("start", "persiapan")
    key, file = kb.id_of("persiapan"), file_of(kb.session, kb.agreement)

    answer = sinta.post(MOVE, {"id": str(key), "verb": "finish", "attachment": str(file), "on": "1/1/2027"})

    assert answer.status_code == 422
    assert fields_of(answer.text)["attachment"] == str(file)


def test_a_refused_verb_changes_nothing(app: Flask, sinta: Person, kb: Way) -> None:
    kb.move("start", "persiapan")
    key = kb.id_of("persiapan")
    before = rows(app)

    assert sinta.post(MOVE, {"id": str(key), "verb": "finish", "on": "1/1/2027"}).status_code == 422

    assert rows(app) == before


def test_what_somebody_did_meanwhile_is_told_with_the_way_there(app: Flask, sinta: Person, kb: Way) -> None:
    key = kb.id_of("persiapan")
    sinta.post(MOVE, {"id": str(key), "verb": "start"})

    answer = sinta.post(MOVE, {"id": str(key), "verb": "start", "remark": "Mulai hari ini"})

    assert answer.status_code == 409
    assert obstacles_of(answer.text) == [
        "Orang lain baru saja memindahkan tahap “Persiapan”. Muat ulang halaman untuk melihat keadaannya sekarang."
    ]
    assert f'<a href="{details(key)}">Lihat keadaannya sekarang</a>' in answer.text
    assert "Mulai hari ini" in answer.text


def test_a_stage_that_changed_meanwhile_is_asked_about_and_nothing_typed_is_lost(
    sinta: Person, session: Session, kb: Way
) -> None:
    key = kb.id_of("persiapan")
    old = str(session.get_one(Stage, key).version)
    session.rollback()
    sinta.post(edit(key), form_to(sinta.get(edit(key)).text, "").with_values(remark="Dari Andi"))

    answer = sinta.post(MOVE, {"id": str(key), "verb": "start", "remark": "Dari Sinta", "version": old})

    assert answer.status_code == 409
    assert f'<a href="{details(key)}">Lihat keadaannya sekarang</a>' in answer.text
    assert fields_of(answer.text)["remark"] == "Dari Sinta"
    assert sinta.post(MOVE, form_to(answer.text, MOVE).fields).status_code == 303


def test_a_refused_document_is_told_by_its_name(sinta: Person, kb: Way) -> None:
    answer = sinta.post("/admin/stage/document/", {"id": str(kb.id_of("persiapan")), "document": "77", "attachment": "1"})

    assert (answer.status_code, title_of(answer.text)) == (422, "Dokumen tahap belum dicatat")
