"""Deadlines on the stages: counted from the right day, kept with what they were counted from, redone when that changes."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import Deadline, Holiday
from sikerja.process import times
from tests.rows import change
from tests.ways import Way, file_of

DPRD = "persetujuan_dprd"


def due(way: Way, key: str) -> tuple[str | None, str | None]:
    (told,) = [stage for stage in way.json["stages"] if stage["key"] == key]
    return told["due_on"], told["due_explained"]


@pytest.fixture
def naskah(session: Session) -> Way:
    return Way(session, "ksdpl", "naskah").walk(DPRD)


def test_it_counts_from_the_start_until_somebody_notes_the_receipt(naskah: Way) -> None:
    assert due(naskah, DPRD) == (None, None)

    naskah.move("start", DPRD, date(2026, 3, 2))
    assert due(naskah, DPRD) == (
        "2026-05-13", "45 hari kerja sesudah 2 Maret 2026, tanpa 7 hari libur dan cuti bersama → 13 Mei 2026",
    )  # fmt: skip

    naskah.move("wait", DPRD, date(2026, 3, 3))
    assert due(naskah, DPRD)[0] == "2026-05-18"
    assert naskah.agreement.due_on == naskah.stage(DPRD).law_due_on == date(2026, 5, 18)


def test_five_working_days_of_the_governor(session: Session) -> None:
    way = Way(session, "ksdpl", "naskah").walk("verifikasi")
    way.move("start", "verifikasi", date(2026, 6, 1))
    way.move("wait", "verifikasi", date(2026, 6, 2), holder="gubernur")

    assert due(way, "verifikasi") == ("2026-06-09", "5 hari kerja sesudah 2 Juni 2026 → 9 Juni 2026")


def test_a_letter_of_intent_lasts_a_year(session: Session) -> None:
    loi = Way(session, "ksdpl", "pernyataan_kehendak").walk("pernyataan_kehendak")
    loi.move("start", "pernyataan_kehendak", date(2026, 2, 27))
    loi.move("finish", "pernyataan_kehendak", date(2026, 2, 28), files=[file_of(session, loi.agreement)], remark="x")

    assert due(loi, "pernyataan_kehendak") == ("2027-02-28", "1 tahun sesudah 28 Februari 2026 → 28 Februari 2027")
    assert loi.agreement.due_on is None


def test_the_report_is_due_in_the_first_week_of_january_and_then_of_the_next(session: Session) -> None:
    way = Way(session, "ksdpl", "naskah", duration="3 tahun").walk("pelaksanaan", on=date(2026, 1, 5))
    assert way.agreement.signed_on is not None
    way.move("start", "pelaporan")

    assert due(way, "pelaporan") == ("2027-01-07", "minggu ke-1 Januari 2027 → 7 Januari 2027")


def test_what_has_no_article_that_was_read_is_off(session: Session) -> None:
    for kind in ("ksdd_wajib", "ksdd_sukarela", "ksdpk_prakarsa_daerah", "ksdpk_prakarsa_pihak_ketiga", "sinergi"):
        instrument = "nota_kesepakatan" if kind == "sinergi" else "pks"
        way = Way(session, kind, instrument).walk()
        assert session.query(Deadline).filter_by(agreement_id=way.agreement.id).count() == 0


def test_a_target_of_our_own_says_so(session: Session) -> None:
    way = Way(session, "ksdd_sukarela", "kb")
    way.move("start", "persiapan")
    way.stage("persiapan").due_on = date(2026, 2, 1)
    session.commit()

    assert due(way, "persiapan") == ("2026-02-01", "target internal: 1 Februari 2026")


def test_the_earlier_of_law_and_target_presses(naskah: Way) -> None:
    naskah.move("start", DPRD, date(2026, 3, 2))
    naskah.stage(DPRD).due_on = date(2026, 4, 1)
    naskah.session.commit()
    assert due(naskah, DPRD) == ("2026-04-01", "target internal: 1 April 2026")

    naskah.stage(DPRD).due_on = date(2026, 7, 1)
    naskah.session.commit()
    assert due(naskah, DPRD)[0] == "2026-05-13"


def test_a_holiday_that_is_added_moves_what_still_runs(session: Session, naskah: Way) -> None:
    other = Way(session, "ksdpl", "naskah").walk(DPRD)
    for way in (naskah, other):
        way.move("start", DPRD, date(2026, 3, 2))
    other.move("finish", DPRD, date(2026, 3, 20), files=[file_of(session, other.agreement)])
    session.add(Holiday(on=date(2026, 4, 15), name="Hari jadi kota", kind="daerah"))

    moved = times.recompute(session)

    assert [str(each) for each in moved] == [
        f"{naskah.agreement.register_no}, Persetujuan DPRD: 13 Mei 2026 menjadi 18 Mei 2026"
    ]
    assert due(naskah, DPRD) == (
        "2026-05-18", "45 hari kerja sesudah 2 Maret 2026, tanpa 10 hari libur dan cuti bersama → 18 Mei 2026",
    )  # fmt: skip
    assert (naskah.stage(DPRD).law_due_on, naskah.agreement.due_on) == (date(2026, 5, 18), date(2026, 5, 18))
    assert due(other, DPRD)[0] == "2026-05-13"
    assert times.recompute(session) == []


def test_a_year_without_holidays_is_told(app: Flask, session: Session) -> None:
    way = Way(session, "ksdpl", "naskah").walk(DPRD)
    session.rollback()
    change(app, delete(Holiday).where(Holiday.on >= date(2026, 1, 1)))
    session.commit()
    way.move("start", DPRD, date(2026, 3, 2))

    assert due(way, DPRD)[1] == "45 hari kerja sesudah 2 Maret 2026 → 4 Mei 2026 (hari libur 2026 belum dicatat)"
