"""Plain stages: one function says where an agreement stands, since when, and who is waited for."""

from datetime import date

import pytest
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


def test_a_stage_written_on_its_form_moves_the_agreement(sinta: Person, session: Session) -> None:
    agreement = records.agreement(session, "Uji", units=("dpupr",))

    answer = sinta.post(
        "/admin/stage/new/",
        {
            "agreement": agreement.id,
            "name": "Rapat TKKSD",
            "position": "1",
            "status": "waiting",
            "holder": "tkksd",
            "started_on": "20/11/2026",
        },
    )
    assert answer.status_code == 302
    assert sinta.keys("/admin/agreement/?flt0_stage_equals=rapat_tkksd") == [agreement.register_no]
    page = sinta.get(f"/admin/agreement/details/?id={agreement.id}").text
    assert "Rapat TKKSD sejak 20 November 2026, ditunggu dari TKKSD" in page
    assert "Menunggu TKKSD, 4 hari" in page


def test_a_finish_before_the_start_is_refused(sinta: Person, session: Session) -> None:
    agreement = records.agreement(session, "Uji")

    answer = sinta.post(
        "/admin/stage/new/",
        {
            "agreement": agreement.id,
            "name": "Penawaran",
            "position": "1",
            "status": "finished",
            "started_on": "2026-02-02",
            "finished_on": "2026-02-01",
        },
    )

    assert answer.status_code == 422
    assert "Tanggal selesai lebih awal daripada tanggal mulai." in answer.text


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
