"""Gaps: each rule finds what it says and nothing else, on the list, in the file and as a number."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Agreement, Attachment
from sikerja import families
from sikerja.gaps import GAPS
from tests import records
from tests.conftest import TODAY
from tests.papers import attach
from tests.people import Person
from tests.rows import change
from tests.test_csv import rows

SIGNED = {"signed_on": date(2026, 1, 5), "ends_on": date(2028, 1, 5)}
ARCHIVE = {"origin": "archive", "signed_on": None, "year": 2019}
GAPS_PAGE = "/admin/monitoring/gaps/"


def titles(person: Person, gap: str, operation: str = "equals") -> set[str]:
    """The titles of the rows with this gap, of those that the test made (all begin with "Uji")."""
    file = person.get(f"/admin/agreement/export/csv/?flt0_gap_{operation}={gap}&search=uji")
    return {row[1] for row in rows(file)[1:]}


def made(session: Session, title: str, **given: Any) -> Agreement:
    return records.agreement(session, f"Uji {title}", **given)


# gap: ({title: columns of a row that has it}, {title: columns of one that hasn't})
CASES: dict[str, tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]] = {
    "no_end": (
        {"tanpa akhir": {"signed_on": date(2026, 1, 5)}, "arsip": ARCHIVE},
        {"berakhir": SIGNED, "tanpa batas": {"signed_on": date(2026, 1, 5), "open_ended": True, "open_ended_reason": "ya"},
         "proses": {}},
    ),
    "no_number": (
        {"ditandatangani": SIGNED, "arsip": ARCHIVE},
        {"bernomor": SIGNED | {"our_number": "100/1"}, "proses": {}},
    ),
    "end_before_start": (
        {"arsip terbalik": {"origin": "archive", "signed_on": date(2020, 5, 1), "ends_on": date(2019, 5, 1)}},
        {"arsip": {"origin": "archive", "signed_on": date(2020, 5, 1), "ends_on": date(2020, 5, 1)}, "proses": {}},
    ),
    "no_sector": ({"ditandatangani": SIGNED}, {"proses": {}}),
    "no_unit": ({"ditandatangani": SIGNED}, {"berunit": SIGNED | {"units": ("dpupr",)}, "proses": {}}),
    "archive_without_year": (
        {"arsip": {"origin": "archive", "signed_on": None}},
        {"bertahun": ARCHIVE, "bertanggal": {"origin": "archive", "signed_on": date(2019, 3, 1)}, "proses": {}},
    ),
    "stuck": (
        {"61 hari": {"stage_since": TODAY - timedelta(days=61)}},
        {"60 hari": {"stage_since": TODAY - timedelta(days=60)}, "baru": {},
         "ditandatangani": SIGNED | {"stage_since": TODAY - timedelta(days=90)}},
    ),
    "kb_without_pks": (
        {"lama": {"instrument": "kb", "signed_on": TODAY - timedelta(days=181), "ends_on": date(2028, 1, 5)}},
        {"180 hari": {"instrument": "kb", "signed_on": TODAY - timedelta(days=180), "ends_on": date(2028, 1, 5)},
         "sudah berakhir": {"instrument": "kb", "signed_on": date(2020, 1, 5), "ends_on": date(2021, 1, 5)},
         "bukan KB": SIGNED},
    ),
}  # fmt: skip


@pytest.mark.parametrize("gap", CASES)
def test_a_gap_finds_the_rows_that_have_it_and_no_others(sinta: Person, session: Session, gap: str) -> None:
    has, hasnt = CASES[gap]
    for title, given in (has | hasnt).items():
        # Without a stage the day it was recorded counts, and that is the machine's: here it is today.
        made(session, title, **given).created_at = records.moment(2026, 11, 24)
        session.commit()

    assert titles(sinta, gap) == {f"Uji {title}" for title in has}
    assert titles(sinta, gap, "not_equal") == {f"Uji {title}" for title in hasnt}


def test_a_process_without_any_stage_is_stuck_since_it_was_recorded(sinta: Person, session: Session) -> None:
    # Midnight of 25 September in Samarinda is 16.00 of the 24th in UTC.
    for title, moment in (("lama", records.moment(2026, 9, 24, 15, 59)), ("baru", records.moment(2026, 9, 24, 16, 0))):
        made(session, title).created_at = moment
    session.commit()

    assert titles(sinta, "stuck") == {"Uji lama"}


def test_a_number_twice_is_told_on_both_rows_and_only_for_the_same_partner(sinta: Person, session: Session) -> None:
    first = made(session, "satu", our_number="500/12/2026", **SIGNED)
    made(session, "dua", our_number="500 / 12 / 2026", **ARCHIVE)
    binned = made(session, "tiga", our_number="500/13/2026", **SIGNED)
    made(session, "empat", our_number="500/13/2026", **ARCHIVE)
    assert titles(sinta, "number_twice") == {"Uji satu", "Uji dua", "Uji tiga", "Uji empat"}

    binned.deleted_at = records.moment(2026, 11, 1)
    session.commit()
    assert titles(sinta, "number_twice") == {"Uji satu", "Uji dua"}

    first.deleted_at = records.moment(2026, 11, 1)
    session.commit()
    assert titles(sinta, "number_twice") == set()


def test_a_signed_document_in_the_bin_is_none(app: Flask, sinta: Person, session: Session) -> None:
    paper = made(session, "naskah", **SIGNED)
    assert titles(sinta, "no_signed_document") == {"Uji naskah"}

    attached = attach(app, "Uji naskah", kind="lainnya")
    assert titles(sinta, "no_signed_document") == {"Uji naskah"}

    change(app, update(Attachment).where(Attachment.id == attached).values(kind="naskah_final"))
    assert titles(sinta, "no_signed_document") == set()

    change(app, update(Attachment).where(Attachment.id == attached).values(deleted_at=records.moment(2026, 11, 1)))
    assert titles(sinta, "no_signed_document") == {paper.title}


def test_a_pks_and_its_kb_miss_each_other_until_they_are_linked(sinta: Person, session: Session) -> None:
    old = {"signed_on": date(2025, 1, 5), "ends_on": date(2028, 1, 5)}
    kb, pks = made(session, "KB", instrument="kb", **old), made(session, "PKS", **ARCHIVE)
    assert (titles(sinta, "kb_without_pks"), titles(sinta, "pks_without_kb")) == ({"Uji KB"}, {"Uji PKS"})

    families.set_parent(session, pks, kb.id)
    session.commit()
    assert (titles(sinta, "kb_without_pks"), titles(sinta, "pks_without_kb")) == (set(), set())

    pks.deleted_at = records.moment(2026, 11, 1)
    session.commit()
    assert titles(sinta, "kb_without_pks") == {"Uji KB"}

    pks.deleted_at, kb.deleted_at = None, records.moment(2026, 11, 1)
    session.commit()
    assert titles(sinta, "pks_without_kb") == {"Uji PKS"}


def test_what_was_closed_has_no_gaps(sinta: Person, session: Session) -> None:
    made(session, "ditolak", closed_on=date(2026, 3, 1), closed_as="refused", stage_since=date(2026, 1, 1))

    assert all(titles(sinta, gap.key) == set() for gap in GAPS)


def test_several_gaps_can_be_asked_at_once(sinta: Person, session: Session) -> None:
    made(session, "tanpa akhir", signed_on=date(2026, 1, 5), our_number="1/1", units=("dpupr",))
    made(session, "tanpa nomor", units=("dpupr",), **SIGNED)
    made(session, "lengkap", our_number="2/2", units=("dpupr",), **SIGNED)

    assert titles(sinta, "no_end,no_number", "in_list") == {"Uji tanpa akhir", "Uji tanpa nomor"}
    assert titles(sinta, "no_end,no_number", "not_in_list") == {"Uji lengkap"}


@pytest.mark.parametrize("asked", ["flt0_gap_equals=nothing", "flt0_gap_contains=no_end", "flt0_gap_in_list=no_end,x"])
def test_an_unknown_gap_is_refused_with_a_sentence(sinta: Person, asked: str) -> None:
    page = sinta.get(f"/admin/agreement/?{asked}")

    assert page.status_code == 400
    assert "Kekosongan" in page.text or "tidak dikenal" in page.text


def test_coverage_counts_what_was_concluded(sinta: Person, session: Session, app: Flask) -> None:
    change(app, update(Agreement).values(deleted_at=records.moment(2026, 11, 1)))
    assert "Belum ada naskah yang sudah ditandatangani" in sinta.get(GAPS_PAGE).text

    for title in ("satu", "dua"):
        made(session, title, **SIGNED)
    made(session, "tanpa akhir", signed_on=date(2026, 1, 5))
    made(session, "proses")
    made(session, "ditutup", closed_on=date(2026, 3, 1), closed_as="refused")
    made(session, "diakhiri", terminated_on=date(2026, 3, 1), **SIGNED)

    assert "Pemantauan masa berlaku mencakup 66 % naskah: 2 dari 3." in sinta.get(GAPS_PAGE).text


def test_the_table_of_gaps_as_a_file(sinta: Person, dewi: Person) -> None:
    file = sinta.get(f"{GAPS_PAGE}export/csv/")

    assert file.headers["Content-Disposition"] == "attachment; filename=kekosongan-data_2026-11-24.csv"
    table = rows(file)
    assert table[0] == ["Kekosongan", "Penjelasan", "Banyak naskah", "Siapa yang melengkapi"]
    assert [row[0] for row in table[1:]] == [gap.label for gap in GAPS]
    assert table[1][2:] == ["13", "Bagian Kerja Sama"]
    assert rows(dewi.get(f"{GAPS_PAGE}export/csv/"))[1][2] == "0"
    assert sinta.get(f"{GAPS_PAGE}export/pdf/").status_code == 404


def test_the_file_leaves_a_trace(sinta: Person, bima: Person) -> None:
    sinta.get(f"{GAPS_PAGE}export/csv/")

    trail = rows(bima.get("/admin/audit/export/csv/?flt0_action_equals=export"))
    assert any("CSV Kekosongan data" in cell for row in trail for cell in row)
