"""A running agreement goes over to the newest version of its procedure: Andi's verb, with a reason. Today is 24 November 2026.

Everybody else's agreements keep the version that they began under. What was done stays done.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import DeadlineRule, ProcedureVersion, Stage, StageRule
from sikerja.law import drafts
from sikerja.process import case as cases
from sikerja.process import verbs
from tests.law import drafts as law_drafts
from tests.pages import text_of
from tests.people import ROLES, Person
from tests.rows import rows
from tests.sentences import obstacles, told
from tests.ways import Way, file_of, page_of

ADOPT = "/admin/agreement/adopt/"
WHY = "Tahap baru sudah diperlukan."
KIND = "ksdd_sukarela"


def publish(session: Session, change: Callable[[Session, ProcedureVersion], None]) -> ProcedureVersion:
    """The next version of the kind, with this change."""
    draft = law_drafts.draft(session, KIND)
    change(session, draft)
    session.commit()
    session.expire_all()
    drafts.publish(session, draft, law_drafts.admin(session), "Tahap baru")
    session.commit()
    return draft


def moved_by_one(session: Session, version: ProcedureVersion, place: int, by: int) -> None:
    chosen = select(StageRule).where(StageRule.procedure_version_id == version.id, StageRule.position >= place)
    for rule in session.scalars(chosen.order_by(StageRule.position.desc() if by > 0 else StageRule.position)):
        rule.position += by
        session.flush()


def with_a_study(session: Session, version: ProcedureVersion) -> None:
    """A stage "Telaah awal" comes before the offer, and the offer is called otherwise."""
    offer = law_drafts.stage(session, version, "penawaran")
    place = offer.position
    moved_by_one(session, version, place, 1)
    offer.name = "Penawaran dan jawabannya"
    session.add(
        StageRule(
            procedure_version_id=version.id, key="telaah", name="Telaah awal", position=place, instruments=offer.instruments,
            holder="tkksd", actors="", description="", basis=offer.basis, certainty=offer.certainty, parallel=False,
            outside_list=True, applies_if="", skip_basis="", skip_certainty="",
        )
    )  # fmt: skip


def without_the_offer(session: Session, version: ProcedureVersion) -> None:
    """The stage of the offer is no more."""
    offer = law_drafts.stage(session, version, "penawaran")
    place = offer.position
    session.delete(offer)
    session.flush()
    moved_by_one(session, version, place + 1, -1)


def adopted(person: Person, way: Way, **said: Any) -> Any:
    key, version = way.agreement.id, way.agreement.version
    way.session.rollback()
    return person.post(ADOPT, {"id": str(key), "version": str(version), "reason": WHY, **said})


def test_it_keeps_its_version_until_the_administrator_moves_it(session: Session, sinta: Person, andi: Person) -> None:
    way = Way(session, KIND, "kb").walk("penawaran")
    assert "Pakai versi prosedur terbaru" not in page_of(andi, way)
    before = way.laid_out()
    publish(session, with_a_study)
    assert (way.laid_out(), way.json["version"]) == (before, 1)
    assert "Pakai versi prosedur terbaru" not in page_of(sinta, way)
    offered = text_of(page_of(andi, way))
    assert "Pakai versi prosedur terbaru" in offered
    assert "Versi 2 diterbitkan 24 November 2026: Tahap baru. Yang sudah dikerjakan tetap;" in offered

    assert adopted(andi, way).status_code == 303

    assert "Naskah memakai versi 2. 1 tahap ditambahkan." in page_of(andi, way)
    place = before.index("penawaran")
    assert way.laid_out() == [*before[:place], "telaah", *before[place:]]
    assert way.json["version"] == 2
    assert way.json["current"] == "telaah"
    assert way.states() == {"persiapan": "finished"}
    assert way.stage("penawaran").name == "Penawaran dan jawabannya"
    assert "Pakai versi prosedur terbaru" not in page_of(andi, way)


def test_the_trail_keeps_who_did_it_and_why(session: Session, andi: Person) -> None:
    way = Way(session, KIND, "kb")
    publish(session, with_a_study)

    adopted(andi, way)

    name = "Kerja Sama Daerah dengan Daerah Lain - Kerja Sama Sukarela"
    assert told(andi, "agreement", way.agreement.id)[0] == (
        f"Versi prosedur diubah dari {name}, versi 1 menjadi {name}, versi 2, karena {WHY} oleh Administrator Contoh."
    )


def test_a_stage_that_is_no_more_goes_to_the_bin_where_it_has_not_begun(session: Session, andi: Person) -> None:
    way = Way(session, KIND, "kb").walk("penawaran")
    publish(session, without_the_offer)

    assert adopted(andi, way).status_code == 303
    assert "Naskah memakai versi 2. 1 tahap dibuang." in page_of(andi, way)
    assert "penawaran" not in way.laid_out()
    binned = select(Stage.status).where(Stage.agreement_id == way.agreement.id, Stage.deleted_at.is_not(None))
    assert list(session.scalars(binned)) == ["planned"]
    assert way.told.current is not None


@pytest.mark.parametrize("finished", [False, True])
def test_where_it_has_begun_nothing_is_changed(app: Flask, session: Session, andi: Person, finished: bool) -> None:
    way = Way(session, KIND, "kb").walk("penyusunan_kb" if finished else "penawaran")
    if not finished:
        way.move("start", "penawaran")
    publish(session, without_the_offer)
    before = rows(app)

    answer = adopted(andi, way)

    assert answer.status_code == 422
    assert obstacles(answer) == [
        "Tahap “Penawaran” sudah berjalan, tetapi tidak ada pada versi 2. Buka kembali dulu tahap itu, atau biarkan naskah ini "
        "pada versinya."
    ]
    assert rows(app) == before


def test_a_deadline_that_the_version_lacks_no_longer_runs(session: Session, andi: Person) -> None:
    """Sinta's LoI waits for the assembly; the new version knows no deadline there."""
    way = Way(session, "ksdpl", "naskah").walk("persetujuan_dprd")
    way.move("start", "persetujuan_dprd", date(2026, 3, 2))
    way.move("wait", "persetujuan_dprd", date(2026, 3, 3))
    assert way.stage("persetujuan_dprd").law_due_on == date(2026, 5, 18)

    draft = law_drafts.draft(session, "ksdpl")
    stage = law_drafts.stage(session, draft, "persetujuan_dprd")
    for rule in session.scalars(select(DeadlineRule).where(DeadlineRule.stage_rule_id == stage.id)):
        session.delete(rule)
    session.commit()
    session.expire_all()
    drafts.publish(session, draft, law_drafts.admin(session), "Tanpa tenggat")
    session.commit()

    assert adopted(andi, way).status_code == 303
    session.expire_all()
    assert way.stage("persetujuan_dprd").law_due_on is None
    assert cases.load(session, way.agreement).deadlines.get(way.stage("persetujuan_dprd").id, []) == []


@pytest.mark.parametrize("begun", [False, True])
def test_it_is_walked_to_its_end_by_the_new_version(session: Session, andi: Person, begun: bool) -> None:
    """Also where the new stage lies before one that runs: that one is finished, then the new one is walked."""
    way = Way(session, KIND, "kb").walk("penawaran")
    if begun:
        way.move("start", "penawaran")
    publish(session, with_a_study)
    assert adopted(andi, way).status_code == 303

    way.walk()

    assert set(way.laid_out()) - set(way.states()) == set()
    assert set(way.states().values()) == {"finished"}
    assert way.told.next is None


def test_a_document_serves_on_under_its_name(session: Session, andi: Person) -> None:
    way = Way(session, KIND, "kb").walk("penawaran")
    letter = file_of(session, way.agreement, "Surat")
    verbs.hand_in(session, way.case, way.stage("penawaran"), "Surat penawaran kerja sama", letter, "", None)
    session.commit()
    publish(session, with_a_study)

    adopted(andi, way)

    states = {each["name"]: each["state"] for each in way.json["documents"] if each["stage"] == "penawaran"}
    assert states["Surat penawaran kerja sama"] == "present"


@pytest.mark.parametrize("role", ROLES)
def test_it_is_the_administrators_alone(app: Flask, session: Session, role: str) -> None:
    way = Way(session, KIND, "kb")
    publish(session, with_a_study)

    assert adopted(Person(app, role), way).status_code == (303 if role == "admin" else 403)


@pytest.mark.parametrize(
    ("prepare", "said", "sentence"),
    [
        (with_a_study, {"reason": " "}, "Isi alasan."),
        (None, {}, "Naskah ini sudah memakai versi terbaru prosedurnya."),
    ],
)
def test_what_makes_no_sense_is_refused(
    app: Flask, session: Session, andi: Person, prepare: Any, said: dict[str, str], sentence: str
) -> None:
    way = Way(session, KIND, "kb")
    if prepare is not None:
        publish(session, prepare)
    before = rows(app)

    answer = adopted(andi, way, **said)

    assert (answer.status_code, obstacles(answer)) == (422, [sentence])
    assert rows(app) == before


def test_a_closed_offer_stays_as_it_was(app: Flask, session: Session, andi: Person) -> None:
    way = Way(session, KIND, "kb")
    way.agreement.closed_on, way.agreement.closed_as = date(2026, 11, 24), "refused"
    session.commit()
    publish(session, with_a_study)
    assert "Pakai versi prosedur terbaru" not in page_of(andi, way)
    before = rows(app)

    answer = adopted(andi, way)

    assert obstacles(answer) == ["Penawaran ini sudah ditutup. Buka kembali dulu penawarannya."]
    assert rows(app) == before


def test_who_has_not_seen_the_latest_state_is_told(app: Flask, session: Session, andi: Person) -> None:
    way = Way(session, KIND, "kb")
    publish(session, with_a_study)
    before = rows(app)

    assert adopted(andi, way, version="0").status_code == 409
    assert rows(app) == before
