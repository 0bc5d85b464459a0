"""When a deadline of the law falls due, kept with what it was computed from and told in words."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import deadlines, law
from rules.law_parts import DeadlineRule
from tests.rules.test_workdays import NONE, SPRING, YEAR_END


def rule(kind: str, stage: str, key: str) -> DeadlineRule:
    return next(each for each in law.procedure(kind).stage(stage).deadlines if each.key == key)


ASSEMBLY = rule("ksdpl", "persetujuan_dprd", "dprd_menjawab")
GOVERNOR = rule("ksdpl", "verifikasi", "gubernur_meneruskan_rencana")
INTENT = rule("ksdpl", "pernyataan_kehendak", "masa_berlaku_loi")
TERM = rule("ksdpl", "penandatanganan", "jangka_waktu_maksimal")
RENEWAL = rule("ksdpl", "pelaksanaan", "usul_perpanjangan")
MAYOR_REPORTS = rule("ksdpl", "pelaporan", "laporan_wali_kota")
GOVERNOR_REPORTS = rule("ksdll_penerusan", "pelaporan", "laporan_diteruskan_gubernur")


@pytest.mark.parametrize(
    ("which", "event", "on", "said"),
    [
        (ASSEMBLY, date(2026, 3, 3), date(2026, 5, 18),
         "45 hari kerja sesudah 3 Maret 2026, tanpa 9 hari libur dan cuti bersama → 18 Mei 2026"),
        (GOVERNOR, date(2026, 3, 3), date(2026, 3, 10), "5 hari kerja sesudah 3 Maret 2026 → 10 Maret 2026"),
        (GOVERNOR, date(2026, 3, 17), date(2026, 3, 31),
         "5 hari kerja sesudah 17 Maret 2026, tanpa 5 hari libur dan cuti bersama → 31 Maret 2026"),
        (GOVERNOR, date(2026, 12, 23), date(2027, 1, 4),
         "5 hari kerja sesudah 23 Desember 2026, tanpa 3 hari libur dan cuti bersama → 4 Januari 2027"),
        (GOVERNOR, date(2026, 3, 14), date(2026, 3, 27),
         "5 hari kerja sesudah 14 Maret 2026, tanpa 5 hari libur dan cuti bersama → 27 Maret 2026"),
        (GOVERNOR, date(2028, 2, 25), date(2028, 3, 3),
         "5 hari kerja sesudah 25 Februari 2028 → 3 Maret 2028 (hari libur 2028 belum dicatat)"),
        (INTENT, date(2026, 6, 2), date(2027, 6, 2), "1 tahun sesudah 2 Juni 2026 → 2 Juni 2027"),
        (INTENT, date(2028, 2, 29), date(2029, 2, 28), "1 tahun sesudah 29 Februari 2028, pada akhir bulan → 28 Februari 2029"),
        (INTENT, date(2026, 5, 17), date(2027, 5, 17), "1 tahun sesudah 17 Mei 2026 → 17 Mei 2027"),  # a Monday, after Sunday
        (TERM, date(2024, 2, 29), date(2029, 2, 28), "5 tahun sesudah 29 Februari 2024, pada akhir bulan → 28 Februari 2029"),
        (TERM, date(2026, 12, 31), date(2031, 12, 31), "5 tahun sesudah 31 Desember 2026 → 31 Desember 2031"),
        (RENEWAL, date(2026, 8, 31), date(2026, 2, 28), "6 bulan sebelum 31 Agustus 2026, pada akhir bulan → 28 Februari 2026"),
        (RENEWAL, date(2028, 8, 31), date(2028, 2, 29), "6 bulan sebelum 31 Agustus 2028, pada akhir bulan → 29 Februari 2028"),
        (RENEWAL, date(2027, 3, 15), date(2026, 9, 15), "6 bulan sebelum 15 Maret 2027 → 15 September 2026"),
        (MAYOR_REPORTS, date(2026, 11, 24), date(2027, 1, 7), "minggu ke-1 Januari 2027 → 7 Januari 2027"),
        (MAYOR_REPORTS, date(2027, 1, 7), date(2027, 1, 7), "minggu ke-1 Januari 2027 → 7 Januari 2027"),
        (MAYOR_REPORTS, date(2027, 1, 8), date(2028, 1, 7), "minggu ke-1 Januari 2028 → 7 Januari 2028"),
        (GOVERNOR_REPORTS, date(2026, 1, 10), date(2026, 1, 14), "minggu ke-2 Januari 2026 → 14 Januari 2026"),
    ],
)  # fmt: skip
def test_the_day_and_how_it_came_about(which: DeadlineRule, event: date, on: date, said: str) -> None:
    due = deadlines.due(which, event, SPRING | YEAR_END)
    assert due is not None
    assert (due.on, due.explained) == (on, said)


@pytest.mark.parametrize(
    ("amount", "unit", "side", "on", "said"),
    [
        (14, "hari_kalender", "setelah", date(2026, 3, 17), "14 hari sesudah 3 Maret 2026 → 17 Maret 2026"),
        (3, "hari_kalender", "sebelum", date(2026, 2, 28), "3 hari sebelum 3 Maret 2026 → 28 Februari 2026"),
        (2, "bulan", "setelah", date(2026, 5, 3), "2 bulan sesudah 3 Maret 2026 → 3 Mei 2026"),
        (2, "hari_kerja", "sebelum", date(2026, 2, 27), "2 hari kerja sebelum 3 Maret 2026 → 27 Februari 2026"),
    ],
)
def test_a_target_of_ones_own(amount: int, unit: str, side: str, on: date, said: str) -> None:
    due = deadlines.reckon(date(2026, 3, 3), amount, unit, side, SPRING)
    assert due is not None
    assert (due.on, due.explained) == (on, said)


def test_going_back_the_days_left_out_are_told_too() -> None:
    due = deadlines.reckon(date(2026, 3, 25), 1, "hari_kerja", "sebelum", SPRING)
    assert due is not None
    assert due.explained == "1 hari kerja sebelum 25 Maret 2026, tanpa 5 hari libur dan cuti bersama → 17 Maret 2026"


@pytest.mark.parametrize("kind", ["ksdd_wajib", "ksdd_sukarela", "ksdpk_prakarsa_daerah", "ksdpk_prakarsa_pihak_ketiga"])
def test_a_proposal_is_off(kind: str) -> None:
    assert deadlines.due(rule(kind, "persetujuan_dprd", "dprd_menjawab"), date(2026, 3, 3), SPRING) is None


def test_past_the_end_of_the_calendar_there_is_no_deadline() -> None:
    for which in (ASSEMBLY, INTENT, MAYOR_REPORTS):
        assert deadlines.due(which, date(9999, 12, 20), NONE) is None
    assert deadlines.due(RENEWAL, date(1, 1, 1), NONE) is None
    assert deadlines.reckon(date(1, 1, 1), 1, "hari_kerja", "sebelum", NONE) is None
    first = deadlines.reckon(date(1, 1, 2), 1, "hari_kerja", "sebelum", NONE)
    assert first is not None
    assert first.on == date(1, 1, 1)


def test_a_deadline_is_kept_with_its_inputs() -> None:
    due = deadlines.due(GOVERNOR, date(2026, 12, 23), YEAR_END)
    assert due is not None
    assert due.kept() == {
        "on": "2027-01-04", "event": "2026-12-23", "amount": 5, "unit": "hari_kerja", "side": "setelah",
        "days_off": ["2026-12-24", "2026-12-25", "2027-01-01"], "unknown_years": [],
    }  # fmt: skip
    assert deadlines.from_kept(json.loads(json.dumps(due.kept()))) == due


def test_a_changed_holiday_moves_working_days_and_nothing_else() -> None:
    one_more = SPRING | {date(2026, 4, 10)}
    assembly, intent = deadlines.due(ASSEMBLY, date(2026, 3, 3), SPRING), deadlines.due(INTENT, date(2026, 3, 3), SPRING)
    assert assembly is not None
    assert intent is not None
    moved = deadlines.again(assembly, one_more)
    assert moved is not None
    assert (assembly.on, moved.on) == (date(2026, 5, 18), date(2026, 5, 19))
    assert moved.explained == "45 hari kerja sesudah 3 Maret 2026, tanpa 10 hari libur dan cuti bersama → 19 Mei 2026"
    assert deadlines.again(intent, one_more) == intent


def test_every_start_of_a_deadline_is_a_day_the_register_can_find() -> None:
    stages = [stage for procedure in law.procedures() for stage in procedure.stages]
    assert {each.start for stage in stages for each in stage.deadlines} == {
        "received_on", "signed_on", "starts_on", "ends_on", "every_year",
    }  # fmt: skip


def test_a_doubtful_wording_says_so() -> None:
    assert "batas akhir atau batas paling awal" in RENEWAL.doubt
    assert rule("ksdpl", "rancangan_naskah", "gubernur_meneruskan_naskah").doubt.startswith("Hari mulainya tidak disebut tegas")
    assert ASSEMBLY.doubt == ""


@given(
    st.dates(), st.integers(1, 999), st.sampled_from(sorted({"hari_kerja", "hari_kalender", "bulan", "tahun"})), st.booleans()
)
def test_a_deadline_lies_on_its_side_of_the_day(event: date, amount: int, unit: str, before: bool) -> None:
    due = deadlines.reckon(event, amount, unit, "sebelum" if before else "setelah", SPRING)
    assert due is None or (due.on < event if before else due.on > event)
    assert due is None or due.explained
