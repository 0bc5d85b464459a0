"""The stage screen: what its form changes, what goes to the bin, many moved at once, and what a refused verb leaves on the page."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Stage
from sikerja import bin, stages
from sikerja.refusals import Refusal
from tests.conftest import Statements
from tests.pages import form_to
from tests.people import ROLES, Person
from tests.rows import ask, rows
from tests.ways import BEGIN, Way, file_of

NEW, LIST, MOVE, ACTION = "/admin/stage/new/", "/admin/stage/", "/admin/stage/move/", "/admin/stage/action/"
PRESCRIBED = "Tahap ini disyaratkan peraturan, jadi tidak dapat dibuang."


@pytest.fixture
def kb(session: Session) -> Way:
    return Way(session, "ksdd_sukarela", "kb", title="KB air minum", units=("dinas_perhubungan",))


@pytest.fixture
def meeting(session: Session, kb: Way) -> Stage:
    """An internal stage beside those of the law."""
    row = Stage(agreement_id=kb.agreement.id, key="rapat_tkksd", name="Rapat TKKSD", position=2)
    session.add(row)
    session.flush()
    stages.keep_current(session, kb.agreement)
    session.commit()
    return row


def edit(key: int) -> str:
    return f"/admin/stage/edit/?id={key}"


def details(key: int) -> str:
    return f"/admin/stage/details/?id={key}"


def text_of(page: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def facts_of(page: str) -> dict[str, str]:
    return {text_of(label): text_of(shown) for label, shown in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.S)}


def obstacles_of(page: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'<li class="obstacle">(.*?)</li>', page)]


def title_of(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.S)
    assert found
    return unescape(found[1])


def fields_of(page: str) -> dict[str, str]:
    return dict(form_to(page, MOVE).fields)


def without_audit(app: Flask) -> dict[str, Any]:
    return rows(app)


# --- the form ----------------------------------------------------------------------------------------------------


def test_the_form_of_a_stage_of_the_law_asks_for_what_is_ours_alone(sinta: Person, kb: Way) -> None:
    sent = form_to(sinta.get(edit(kb.id_of("persiapan"))).text, "")

    assert {name for name, _ in sent.fields} - {"csrf_token", "url", "version", "seen"} == {
        "holder", "planned_on", "due_on", "remark",
    }  # fmt: skip


def test_a_target_of_our_own_is_kept_beside_the_deadline_of_the_law(sinta: Person, session: Session, kb: Way) -> None:
    key = kb.id_of("persiapan")
    sent = form_to(sinta.get(edit(key)).text, "").with_values(
        due_on="1 Desember 2026", planned_on="2026-11-25", holder="tkksd", remark="Rapat dulu"
    )

    assert sinta.post(edit(key), sent).status_code == 302

    stage = session.get_one(Stage, key)
    assert (str(stage.due_on), str(stage.planned_on), stage.holder, stage.remark) == (
        "2026-12-01", "2026-11-25", "tkksd", "Rapat dulu",
    )  # fmt: skip
    assert str(session.get_one(Agreement, kb.agreement.id).due_on) == "2026-12-01"


@pytest.mark.parametrize(
    "forged",
    [
        {"status": "finished", "finished_on": "2026-11-01"}, {"name": "Lain", "position": "9"}, {"agreement": "1"},
        {"statutory": "", "key": "rapat"}, {"started_on": "2026-01-01", "received_on": "2026-01-01"}, {"law_due_on": "2030-01-01"},
    ],
)  # fmt: skip
def test_forged_fields_change_nothing_of_a_stage_of_the_law(app: Flask, sinta: Person, kb: Way, forged: dict[str, str]) -> None:
    key = kb.id_of("persiapan")
    before = rows(app, "stage", "stage_event", "agreement")
    sent = form_to(sinta.get(edit(key)).text, "").with_values(**forged)

    assert sinta.post(edit(key), sent).status_code == 302

    assert rows(app, "stage", "stage_event", "agreement") == before


@pytest.mark.parametrize("name", ["Rapat TKKSD", "Penawaran", "Pelaksanaan"])
def test_a_stage_that_is_added_is_internal_whatever_its_name(sinta: Person, session: Session, kb: Way, name: str) -> None:
    agreement = kb.agreement.id
    sent = {"agreement": str(agreement), "name": name, "position": "3", "status": "finished", "statutory": "1"}

    assert sinta.post(NEW, sent).status_code == 302

    stage = session.scalars(select(Stage).order_by(Stage.id.desc()).limit(1)).one()
    assert (stage.name, stage.status, stage.statutory, stage.started_on) == (name, "planned", False, None)
    assert facts_of(sinta.get(details(stage.id)).text)["Jenis"] == "Internal"


def test_an_internal_stage_is_written_on_its_form(sinta: Person, session: Session, meeting: Stage) -> None:
    key = meeting.id
    session.rollback()
    sent = form_to(sinta.get(edit(key)).text, "").with_values(
        name="Rapat kedua", position="4", holder="tkksd", status="finished"
    )

    assert sinta.post(edit(key), sent).status_code == 302

    stage = session.get_one(Stage, key)
    assert (stage.name, stage.position, stage.holder, stage.status) == ("Rapat kedua", 4, "tkksd", "planned")


# --- the bin -----------------------------------------------------------------------------------------------------


def test_a_stage_of_the_law_does_not_go_to_the_bin(app: Flask, sinta: Person, kb: Way) -> None:
    key = kb.id_of("persiapan")
    before = without_audit(app)

    answer = sinta.post("/admin/stage/delete/", {"id": str(key)})

    assert answer.status_code == 422
    assert PRESCRIBED in answer.text
    assert "pakai “Lewati tahap”" in unescape(answer.text)
    assert without_audit(app) == before
    assert "/admin/stage/delete/" not in sinta.get(details(key)).text


def test_of_many_the_internal_ones_go_and_those_of_the_law_are_named(
    sinta: Person, session: Session, kb: Way, meeting: Stage
) -> None:
    ids = [str(meeting.id), str(kb.id_of("persiapan"))]

    answer = sinta.post(ACTION, {"action": "delete", "rowid": ids}, follow_redirects=True)

    assert "1 tahap dibuang ke keranjang." in answer.text
    assert f"Persiapan: {PRESCRIBED}" in answer.text
    session.expire_all()
    assert [session.get_one(Stage, int(key)).is_binned for key in ids] == [True, False]


@pytest.mark.parametrize("verbs", [["start"], ["start", "finish"]])
def test_an_internal_stage_goes_whatever_its_state_and_where_it_stands_follows(
    sinta: Person, session: Session, kb: Way, meeting: Stage, verbs: list[str]
) -> None:
    for verb in verbs:
        kb.move(verb, "rapat_tkksd")
    key, agreement = meeting.id, kb.agreement.id
    running = session.get_one(Agreement, agreement).current_stage_id
    assert (running == key) == (verbs == ["start"])
    session.rollback()

    assert sinta.post("/admin/stage/delete/", {"id": str(key)}).status_code == 302

    session.expire_all()
    assert session.get_one(Agreement, agreement).current_stage_id == kb.id_of("persiapan")

    assert sinta.post("/admin/stage/restore/", {"id": str(key)}).status_code == 302
    session.expire_all()
    assert session.get_one(Agreement, agreement).current_stage_id == running


def test_a_stage_that_the_law_no_longer_wants_does_not_come_back(sinta: Person, session: Session, kb: Way) -> None:
    stage = kb.stage("persiapan")
    stage.deleted_at = stage.created_at
    session.commit()
    key = stage.id
    session.rollback()

    assert sinta.post("/admin/stage/restore/", {"id": str(key)}).status_code == 404
    assert str(key) not in sinta.keys("/admin/stage/?bin=1")
    with pytest.raises(Refusal, match="tersusun sendiri dari prosedur naskahnya"):
        bin.restore(session, session.get_one(Stage, key))


# --- many at once ------------------------------------------------------------------------------------------------


def three(session: Session) -> list[Way]:
    return [Way(session, "ksdd_sukarela", "kb", title=f"Naskah {number}") for number in range(3)]


def test_many_are_moved_with_one_remark_and_day(sinta: Person, session: Session) -> None:
    ways = three(session)
    ids = [str(way.id_of("persiapan")) for way in ways]
    assert 'name="action" value="move"' in sinta.get(LIST).text

    asked = sinta.post(ACTION, {"action": "move", "rowid": ids, "url": f"{LIST}?page=1"}, follow_redirects=True)
    assert title_of(asked.text) == "Pindahkan 3 tahap"
    sent = form_to(asked.text, MOVE).with_values(verb="start", on="5 Januari 2026", remark="Rapat 5 Januari")
    done = sinta.post(MOVE, sent)

    assert (done.status_code, done.location) == (303, f"{LIST}?page=1")
    session.expire_all()
    assert {(way.stage("persiapan").status, str(way.stage("persiapan").started_on)) for way in ways} == {
        ("running", "2026-01-05")
    }
    assert {way.stage("persiapan").remark for way in ways} == {"Rapat 5 Januari"}


def test_of_many_the_page_says_what_became_of_each_and_keeps_what_was_typed(sinta: Person, session: Session) -> None:
    ways = three(session)
    ids = [str(way.id_of("persiapan")) for way in ways[:2]] + [str(ways[2].id_of("penawaran"))]

    answer = sinta.post(MOVE, {"id": ids, "verb": "start", "on": "5/1/2026", "remark": "Rapat", "url": f"{LIST}?page=1"})

    assert (answer.status_code, title_of(answer.text)) == (422, "2 dari 3 tahap dipindahkan")
    assert obstacles_of(answer.text) == ["Tahap “Persiapan” belum selesai. Selesaikan tahap itu dulu."]
    assert answer.text.count("Sudah dipindahkan. Keadaannya sekarang: Berjalan.") == 2
    for way in ways:
        assert f'href="/admin/agreement/details/?id={way.agreement.id}">{way.agreement.register_no} Naskah' in answer.text
    left = form_to(answer.text, MOVE).fields
    assert [value for name, value in left if name == "id"] == ids[2:]
    assert {"verb": "start", "on": "5/1/2026", "remark": "Rapat", "url": f"{LIST}?page=1"}.items() <= dict(left).items()


def test_with_none_ticked_it_is_told(sinta: Person) -> None:
    answer = sinta.post(ACTION, {"action": "move"}, follow_redirects=True)

    assert "Tidak ada yang dipilih. Centang barisnya dulu." in answer.text


@pytest.mark.parametrize("asked", ["id=0", "id=x", "id=999999", "id=99999999999999", "id=-1", "id="])
def test_none_that_is_there_is_none(sinta: Person, asked: str) -> None:
    assert sinta.get(f"/admin/stage/many/?{asked}").status_code == 302


@pytest.mark.parametrize("role", ROLES)
def test_the_button_is_for_those_who_move_stages(app: Flask, kb: Way, role: str) -> None:
    person, key = Person(app, role), kb.id_of("persiapan")

    offered = 'value="move"' in person.get(LIST).text

    assert offered == (role in ("admin", "staff"))
    status = person.post(ACTION, {"action": "move", "rowid": [str(key)]}).status_code
    assert status == (303 if offered else 403)
    assert person.get(f"/admin/stage/many/?id={key}").status_code == (200 if offered else 403)
    assert 'value="move"' not in person.get(f"{LIST}?bin=1").text


# --- refused -----------------------------------------------------------------------------------------------------


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
    before = without_audit(app)

    assert sinta.post(MOVE, {"id": str(key), "verb": "finish", "on": "1/1/2027"}).status_code == 422

    assert without_audit(app) == before


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


# --- the details page --------------------------------------------------------------------------------------------


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
