"""The monitoring lists: whose rows, in which order, how far ahead, and what their files are called.

Today is 24 November 2026.
"""

import csv
import io
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import records
from tests.conftest import TODAY, Statements
from tests.people import ROLES, Person
from tests.test_csv import HEADER

LISTS = ("ending", "ended", "undated", "process", "closed")
SIGNED = date(2024, 1, 5)


def at(name: str, state: str = "") -> str:
    return f"/admin/monitoring/{name}/?page_size=200{state}"


def ends(session: Session, days: int, title: str = "", **given: object) -> str:
    """An agreement that ends that many days from today: its register number."""
    made = records.agreement(session, title or f"Uji {days}", signed_on=SIGNED, ends_on=TODAY + timedelta(days=days), **given)
    return str(made.register_no)


def heading(person: Person, name: str) -> str:
    return str(person.get(f"/admin/monitoring/{name}/export/csv/").data.decode("utf-8-sig").splitlines()[0])


# --- whose rows --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", LISTS)
def test_each_list_is_the_list_of_agreements_with_its_validity(app: Flask, session: Session, name: str, role: str) -> None:
    ends(session, 10, units=("dinas_perhubungan",))
    ends(session, -10, units=("dinas_perhubungan",))
    ends(session, -20)
    records.agreement(session, "Tanpa tanggal", origin="archive", units=("dinas_perhubungan",))
    person = Person(app, role)

    mine = person.keys(at(name))
    assert sorted(mine) == sorted(person.keys(f"/admin/agreement/?flt0_validity_equals={name}&page_size=200"))
    assert mine, f"{role} sees nothing in {name}: the test would show nothing"


def test_a_unit_sees_its_own_rows_alone(dewi: Person, session: Session) -> None:
    own, other = ends(session, 5, units=("dinas_perhubungan",)), ends(session, 6, units=("dinas_kesehatan",))

    listed = dewi.keys(at("ending"))
    file = dewi.get("/admin/monitoring/ending/export/csv/").text
    assert (own in listed, other in listed) == (True, False)
    assert (own in file, other in file) == (True, False)


def test_what_lies_in_the_bin_ends_nowhere(sinta: Person, session: Session) -> None:
    key = ends(session, 5)
    row = sinta.get(f"/admin/agreement/?search={key}").text
    sinta.post("/admin/agreement/delete/", {"id": row.split("details/?id=")[1].split('"')[0]})

    assert key not in sinta.keys(at("ending"))


def test_a_row_leads_to_the_agreement(rahmat: Person, session: Session) -> None:
    made = records.agreement(session, "Menuju rincian", signed_on=SIGNED, ends_on=TODAY)

    assert f'href="/admin/agreement/details/?id={made.id}"' in rahmat.get(at("ending")).text
    assert rahmat.get(f"/admin/monitoring/ending/details/?id={made.id}").status_code == 404


@pytest.mark.parametrize("name", LISTS)
def test_every_filter_and_the_search_of_agreements_are_there(rahmat: Person, session: Session, name: str) -> None:
    given = {"units": ("dinas_kesehatan",), "partners": ("PT Air Kota",), "year": 2024, "offer_received": date(2026, 3, 1)}
    ends(session, 10, "Uji kota", **given)
    ends(session, -10, "Uji kota", **given)
    records.agreement(session, "Uji kota", origin="archive", **given)
    records.agreement(session, "Uji kota", **given)
    records.agreement(session, "Uji kota", closed_on=TODAY, closed_as="refused", **given)
    narrow = (
        "search=uji+kota&flt0_group_equals=ksdpk&flt1_unit_contains=kesehatan&flt2_partner_contains=air&flt3_year_equals=2024"
        "&flt4_offer_received_between=2026-02-01 to 2026-04-01"
    )

    assert len(rahmat.keys(at(name, f"&{narrow}"))) == 1
    assert rahmat.keys(at(name, f"&{narrow}")) == rahmat.keys(f"/admin/agreement/?{narrow}&flt5_validity_equals={name}")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_at_most_six_statements(rahmat: Person, statements: Statements, name: str) -> None:
    rahmat.get("/admin/")
    statements.clear()

    assert rahmat.get(at(name, "&search=kerja")).status_code == 200
    assert len(statements) <= 6, "\n\n".join(statements)


# --- what ends ---------------------------------------------------------------------------------------------------


def test_the_borders_of_the_window(rahmat: Person, session: Session) -> None:
    by_day = {days: ends(session, days) for days in (-1, 0, 1, 30, 31, 90, 91, 365, 366)}

    def listed(state: str) -> set[int]:
        keys = rahmat.keys(at("ending", state))
        return {days for days, key in by_day.items() if key in keys}

    assert listed("") == {0, 1, 30, 31, 90}
    assert listed("&days=90") == {0, 1, 30, 31, 90}
    assert listed("&days=1") == {0, 1}
    assert listed("&days=30") == {0, 1, 30}
    assert listed("&days=91") == {0, 1, 30, 31, 90, 91}
    assert listed("&days=3660") == {0, 1, 30, 31, 90, 91, 365, 366}


def test_what_is_not_in_force_does_not_end(rahmat: Person, session: Session) -> None:
    soon = TODAY + timedelta(days=20)
    unsigned = records.agreement(session, "Belum ditandatangani", ends_on=soon)
    upcoming = records.agreement(session, "Akan berlaku", signed_on=SIGNED, starts_on=TODAY + timedelta(days=2), ends_on=soon)
    closed = records.agreement(session, "Ditutup", ends_on=soon, closed_on=TODAY, closed_as="withdrawn")
    stopped = records.agreement(session, "Diakhiri", signed_on=SIGNED, ends_on=soon, terminated_on=TODAY)

    keys = rahmat.keys(at("ending", "&days=365"))
    assert {made.register_no for made in (unsigned, upcoming, closed, stopped)} & set(keys) == set()


@pytest.mark.parametrize("days", ["0", "-1", "3661", "99999", "abc", "1.5", "１０", "+5", "30 "])
@pytest.mark.parametrize("page", ["", "export/", "export/csv/", "export/xlsx/"])
def test_an_impossible_window_is_refused_with_a_sentence(rahmat: Person, days: str, page: str) -> None:
    answer = rahmat.get(f"/admin/monitoring/ending/{page}", query_string={"days": days})

    assert answer.status_code == 400
    assert "Jangka waktu tidak dapat dibaca" in answer.text
    assert "Isi 1 sampai 3660 hari" in answer.text


def test_an_empty_window_is_the_usual_one(rahmat: Person) -> None:
    assert rahmat.keys(at("ending", "&days=")) == rahmat.keys(at("ending"))


@pytest.mark.parametrize(
    ("state", "current"),
    [
        ("", "90 hari"), ("&days=90", "90 hari"), ("&days=30", "30 hari"), ("&days=365", "365 hari"), ("&days=45", None),
        ("&flt0_ends_on_between=2026-10-01 to 2026-12-31", "Triwulan ini"),
    ],
)  # fmt: skip
def test_the_window_that_is_open_is_marked(rahmat: Person, state: str, current: str | None) -> None:
    page = rahmat.get(at("ending", state)).text

    windows = page[page.index('<nav class="sk-windows"') :].split("</nav>")[0]
    marked = [part.split("<")[0] for part in windows.split('aria-current="true">')[1:]]
    assert marked == ([current] if current else [])
    assert windows.count("<a ") == 6


def test_another_window_keeps_what_else_was_asked(rahmat: Person) -> None:
    page = rahmat.get("/admin/monitoring/ending/?flt0_group_equals=ksdpk&search=uji&sort=ends_on").text

    assert 'href="/admin/monitoring/ending/?flt0_group_equals=ksdpk&amp;search=uji&amp;sort=ends_on&amp;days=30"' in page


def test_filtering_keeps_the_window(rahmat: Person) -> None:
    answer = rahmat.get("/admin/monitoring/ending/?days=180&q.group=equals:ksdpk")

    assert answer.headers["Location"] == "/admin/monitoring/ending/?flt0_group_equals=ksdpk&days=180"
    assert '<input type="hidden" name="days" value="180">' in rahmat.get("/admin/monitoring/ending/?days=180").text


def test_the_undecided_come_first_and_then_what_ends_first(rahmat: Person, session: Session) -> None:
    late = ends(session, 60, "Uji urutan")
    decided = ends(session, 3, "Uji urutan", renewal_decision="preparing")
    soon = ends(session, 9, "Uji urutan")

    assert rahmat.keys(at("ending", "&search=uji+urutan")) == [soon, late, decided]
    assert rahmat.keys(at("ending", "&search=uji+urutan&sort=days_left&desc=1")) == [late, soon, decided]


def test_the_decision_and_the_days_are_told_in_words(rahmat: Person, session: Session) -> None:
    ends(session, 0, "Hari terakhir", renewal_decision="with_partner")
    ends(session, 12, "Belum ada keputusan")

    page = rahmat.get(at("ending")).text
    assert ">Hari ini" in page
    assert ">12 hari" in page
    assert '<span class="b b-upcoming"><span class="vh">Keputusan perpanjangan: </span>Di mitra</span>' in page
    assert '<span class="b b-decide"><span class="vh">Keputusan perpanjangan: </span>Belum diputuskan</span>' in page


# --- the other lists ---------------------------------------------------------------------------------------------


def test_what_ended_last_comes_first(rahmat: Person, session: Session) -> None:
    keys = {days: ends(session, days, "Uji selesai") for days in (-400, -1, -30)}

    assert rahmat.keys(at("ended", "&search=uji+selesai")) == [keys[-1], keys[-30], keys[-400]]


def test_what_waits_longest_comes_first_and_what_has_no_date_last(rahmat: Person, session: Session) -> None:
    def waits(title: str, since: date | None) -> str:
        return str(records.agreement(session, title, stage_since=since, holder="mitra").register_no)

    unknown, short = waits("Uji tunggu", None), waits("Uji tunggu", TODAY - timedelta(days=3))
    long = waits("Uji tunggu", TODAY - timedelta(days=1234))

    assert rahmat.keys(at("process", "&search=uji+tunggu")) == [long, short, unknown]
    assert rahmat.keys(at("process", "&search=uji+tunggu&sort=days_waiting")) == [short, long, unknown]
    assert rahmat.keys(at("process", "&search=uji+tunggu&sort=days_waiting&desc=1")) == [long, short, unknown]
    page = rahmat.get(at("process", "&search=uji+tunggu")).text
    assert ">1.234 hari" in page
    assert ">Mitra" in page


def test_what_was_closed_tells_how_and_why(rahmat: Person, session: Session) -> None:
    early = records.agreement(
        session, "Uji tutup", closed_on=date(2026, 1, 2), closed_as="refused", closed_reason="Di luar urusan"
    )
    late = records.agreement(session, "Uji tutup", closed_on=date(2026, 3, 4), closed_as="lapsed")

    assert rahmat.keys(at("closed", "&search=uji+tutup")) == [late.register_no, early.register_no]
    page = rahmat.get(at("closed", "&search=uji+tutup")).text
    assert all(words in page for words in ("Ditolak", "Di luar urusan", "2 Jan 2026", "Kedaluwarsa"))


def test_what_has_no_end_tells_what_is_known(rahmat: Person, session: Session) -> None:
    records.agreement(session, "Uji lama", origin="archive", year=1998, duration="selama diperlukan")

    page = rahmat.get(at("undated", "&search=uji+lama")).text
    assert ">1998" in page
    assert "selama diperlukan" in page


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ending", "Tidak ada naskah yang berakhir dalam 90 hari."),
        ("ending/?days=30", "Tidak ada naskah yang berakhir dalam 30 hari."),
        ("ended", "Tidak ada naskah yang sudah berakhir tanpa diperpanjang."),
        ("undated", "Semua naskah yang berlaku punya tanggal akhir."),
    ],
)
def test_an_empty_list_says_what_that_means(dewi: Person, name: str, text: str) -> None:
    page = dewi.get(f"/admin/monitoring/{name}").text if "?" in name else dewi.get(f"/admin/monitoring/{name}/").text

    assert 'data-total="0"' in page
    assert text in page


# --- their files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("ending", ",Keputusan Perpanjangan"), ("ended", ",Keputusan Perpanjangan"), ("undated", ",Tahun,Jangka Waktu"),
        ("process", ",Ditunggu Dari,Hari Menunggu,Tenggat,Lewat Tenggat,Langkah Berikut"), ("closed", ",Hasil,Alasan,Tanggal Ditutup"),
    ],
)  # fmt: skip
def test_a_file_begins_with_the_columns_of_the_register(rahmat: Person, name: str, more: str) -> None:
    assert heading(rahmat, name) == HEADER + more


@pytest.mark.parametrize(
    ("name", "state", "file"),
    [
        ("ending", "", "akan-berakhir_90-hari_2026-11-24"),
        ("ending", "days=30", "akan-berakhir_30-hari_2026-11-24"),
        ("ending", "flt0_group_equals=ksdpk&days=180", "akan-berakhir_180-hari_jenis-ksdpk_2026-11-24"),
        ("ended", "", "sudah-berakhir_2026-11-24"),
        ("undated", "", "tanpa-tanggal-akhir_2026-11-24"),
        ("process", "search=air", "dalam-proses_cari-air_2026-11-24"),
        ("closed", "", "ditutup_2026-11-24"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_is_called_after_what_it_is(rahmat: Person, name: str, state: str, file: str, kind: str) -> None:
    answer = rahmat.get(f"/admin/monitoring/{name}/export/{kind}/?{state}")

    assert answer.headers["Content-Disposition"] == f"attachment; filename={file}.{kind}"


def test_the_last_columns_tell_what_the_list_is_about(rahmat: Person, session: Session) -> None:
    ends(session, 12, "Uji berkas", renewal_decision="preparing")
    records.agreement(session, "Uji berkas", holder="dprd", stage_since=TODAY - timedelta(days=41))
    records.agreement(session, "Uji berkas", closed_on=date(2026, 1, 2), closed_as="refused", closed_reason="=alasan")
    records.agreement(session, "Uji berkas", origin="archive", year=1998, duration="5 tahun")

    def last(name: str, columns: int) -> list[str]:
        text = rahmat.get(f"/admin/monitoring/{name}/export/csv/?search=uji+berkas").data.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text)))[1][-columns:]

    assert last("ending", 1) == ["Disiapkan"]
    assert last("process", 5) == ["DPRD", "41", "", "Tidak", "Pilih prosedur"]
    assert last("closed", 3) == ["Ditolak", "'=alasan", "2026-01-02"]
    assert last("undated", 2) == ["1998", "5 tahun"]


@pytest.mark.parametrize("state", ["", "sort=title&desc=1", "sort=partner", "search=kota"])
@pytest.mark.parametrize("name", LISTS)
def test_the_file_has_the_rows_and_order_of_the_list(rahmat: Person, session: Session, name: str, state: str) -> None:
    for days in (5, -5, 40, -40):
        ends(session, days, f"Kota uji {days}")
    text = rahmat.get(f"/admin/monitoring/{name}/export/csv/?{state}").data.decode("utf-8-sig")

    assert [row[0] for row in csv.reader(io.StringIO(text))][1:] == rahmat.keys(at(name, f"&{state}"))


def test_an_export_of_a_window_leaves_its_words_in_the_trail(rahmat: Person, andi: Person) -> None:
    rahmat.get("/admin/monitoring/ending/export/xlsx/?days=30")

    assert "XLSX Akan berakhir; dalam 30 hari ke depan" in andi.get("/admin/audit/?flt0_action_equals=export").text
