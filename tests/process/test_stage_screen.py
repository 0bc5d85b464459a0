"""The stage screen: what its form changes, what goes to the bin, many moved at once.

What a refused verb leaves on the page is told in test_stage_refused.py, the page of one stage in test_stage_details.py.
"""

from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Stage
from sikerja import bin, stages
from sikerja.refusals import Refusal
from tests.pages import form_to, title_of
from tests.people import ROLES, Person
from tests.process.stagepages import ACTION, LIST, MOVE, NEW, details, edit, facts_of
from tests.rows import rows
from tests.sentences import obstacles_of
from tests.ways import Way

PRESCRIBED = "Tahap ini disyaratkan peraturan, jadi tidak dapat dibuang."


@pytest.fixture
def meeting(session: Session, kb: Way) -> Stage:
    """An internal stage beside those of the law."""
    row = Stage(agreement_id=kb.agreement.id, key="rapat_tkksd", name="Rapat TKKSD", position=2)
    session.add(row)
    session.flush()
    stages.keep_current(session, kb.agreement)
    session.commit()
    return row


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
    before = rows(app)

    answer = sinta.post("/admin/stage/delete/", {"id": str(key)})

    assert answer.status_code == 422
    assert PRESCRIBED in answer.text
    assert "pakai “Lewati tahap”" in unescape(answer.text)
    assert rows(app) == before
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
