"""Plain stages: one function says where an agreement stands, since when, and who is waited for."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Stage
from sikerja import stages
from tests import records
from tests.people import Person


def stage(agreement: Agreement, position: int, name: str, status: str, **more: object) -> Stage:
    return Stage(agreement_id=agreement.id, position=position, name=name, key=stages.key_for(name), status=status, **more)


def standing(session: Session, agreement: Agreement) -> tuple[str | None, date | None, str | None]:
    stages.keep_current(session, agreement)
    current = session.get(Stage, agreement.current_stage_id) if agreement.current_stage_id else None
    return (current.name if current else None, agreement.stage_since, agreement.holder)


MARCH = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], (None, None, None)),
        ([("Persiapan", "running", {"started_on": MARCH, "holder": "unit"})], ("Persiapan", MARCH, "unit")),
        (
            [("Persiapan", "finished", {"finished_on": MARCH}), ("Penawaran", "planned", {"holder": "mitra"})],
            ("Penawaran", MARCH, None),
        ),
        (
            [("Persiapan", "planned", {}), ("Penawaran", "waiting", {"started_on": MARCH, "holder": "mitra"})],
            ("Penawaran", MARCH, "mitra"),
        ),
        ([("Persiapan", "finished", {"finished_on": MARCH}), ("Penawaran", "skipped", {})], (None, None, None)),
    ],
)
def test_the_current_stage(session: Session, rows: list, expected: tuple) -> None:
    agreement = records.agreement(session, "Uji")
    for position, (name, status, more) in enumerate(rows, start=1):
        session.add(stage(agreement, position, name, status, **more))
    session.flush()

    assert standing(session, agreement) == expected


def test_an_internal_stage_that_is_begun_moves_the_agreement(sinta: Person, session: Session) -> None:
    agreement = records.agreement(session, "Uji", units=("dpupr",))
    sent = {"agreement": agreement.id, "name": "Rapat TKKSD", "position": "1", "holder": "tkksd"}
    assert sinta.post("/admin/stage/new/", sent).status_code == 302
    key = session.scalars(select(Stage.id).where(Stage.agreement_id == agreement.id)).one()
    session.rollback()

    for verb in ("start", "wait"):
        sent = {"id": str(key), "verb": verb, "on": "20/11/2026", "holder": "tkksd"}
        assert sinta.post("/admin/stage/move/", sent).status_code == 303

    assert sinta.keys("/admin/agreement/?flt0_stage_equals=rapat_tkksd") == [agreement.register_no]
    page = sinta.get(f"/admin/agreement/details/?id={agreement.id}").text
    assert "Rapat TKKSD sejak 20 November 2026, ditunggu dari TKKSD" in page
    assert "Menunggu TKKSD, 4 hari" in page


def test_an_end_before_the_start_is_refused(sinta: Person, session: Session) -> None:
    agreement = records.agreement(session, "Uji")
    session.add(stage(agreement, 1, "Rapat TKKSD", "planned"))
    session.commit()
    key = session.scalars(select(Stage.id).where(Stage.agreement_id == agreement.id)).one()
    session.rollback()
    assert sinta.post("/admin/stage/move/", {"id": str(key), "verb": "start", "on": "2026-02-02"}).status_code == 303

    answer = sinta.post("/admin/stage/move/", {"id": str(key), "verb": "finish", "on": "2026-02-01"})

    assert answer.status_code == 422
    assert "Tanggal lebih awal daripada langkah sebelumnya pada tahap ini, 2 Februari 2026." in answer.text
    assert session.get_one(Stage, key).status == "running"


def test_after_the_signature_the_stage_is_signed_then_under_way(sinta: Person, session: Session) -> None:
    agreement = records.agreement(session, "Uji", signed_on=date(2026, 5, 5))
    assert sinta.keys("/admin/agreement/?search=KS-2026-0048&flt0_stage_equals=ditandatangani") == [agreement.register_no]

    session.add(stage(agreement, 1, "Pelaksanaan", "running", started_on=date(2026, 6, 1)))
    session.flush()
    stages.keep_current(session, agreement)
    session.commit()

    assert sinta.keys("/admin/agreement/?flt0_stage_equals=pelaksanaan&search=KS-2026-0048") == [agreement.register_no]
    assert "Pelaksanaan,2026-06-01" in sinta.get("/admin/agreement/export/csv/?search=KS-2026-0048").text


def test_a_closed_offer_stands_at_its_outcome(sinta: Person) -> None:
    assert sinta.total("/admin/agreement/?flt0_stage_equals=refused") == 1
    assert "Ditolak,,Ditolak,2026-03-16" in sinta.get("/admin/agreement/export/csv/?search=reklame").text
