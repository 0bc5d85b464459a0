"""How many offers came in, from where, and what became of them: every number is that of its list, for whoever asks.

Rahmat, head of the bureau, looks at nine months; the offers are written down here, beside those of the sample.
"""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from extensions import db
from models import Agreement, AuditEntry, Partner
from sikerja import offer_figures
from tests.browser import SIZES, Window, write_down
from tests.hostile import VALUES, faults
from tests.papers import attach
from tests.people import ROLES, Person
from tests.rows import ask, change

OFFERS = "/admin/monitoring/offers/"
PARTNERS = (
    ("Kota Malang", "daerah", "Jawa Timur", ""),
    ("Kota Osaka", "pemda_luar_negeri", "Kansai", "Jepang"),
    ("Institut Uji", "perguruan_tinggi", "Jawa Timur", "Indonesia"),
    ("Yayasan Uji", "ormas", "", ""),
)  # fmt: skip


@pytest.fixture
def nine_months(app: Flask) -> Flask:
    """Seven offers of March to November 2026, one older, one without any date, one with the date of its letter alone."""
    change(app, update(Agreement).values(origin="archive"))  # the sample's own are not offers here
    with app.app_context():
        for name, kind, region, country in PARTNERS:
            db.session.add(Partner(name=name, kind=kind, region=region, country=country))
        db.session.commit()
    march = {"offer_received": date(2026, 3, 1)}
    ours = {"units": ("dinas_perhubungan",)}
    write_down(app, "Diterima", partners=("Kota Malang",), signed_on=date(2026, 4, 10), **march, **ours)  # 40 days
    write_down(app, "Ditolak", partners=("Kota Malang",), offer_received=date(2026, 3, 31), **closed("refused", 10))
    write_down(
        app, "Ditarik", partners=("Kota Osaka",), group="ksdpl", offer_received=date(2026, 6, 5), **closed("withdrawn", 20)
    )
    write_down(app, "Kedaluwarsa", partners=("Institut Uji",), offer_received=date(2026, 6, 6), **closed("lapsed", 31), **ours)
    write_down(app, "Dibatalkan", partners=("Yayasan Uji",), offer_received=date(2026, 6, 7), **closed("cancelled", 0))
    write_down(app, "Menunggu", partners=("Kota Malang", "Kota Osaka"), offer_received=date(2026, 11, 24), **ours)
    write_down(app, "Suratnya saja", partners=("Institut Uji",), offer_date=date(2026, 11, 1))
    write_down(app, "Lama", partners=("Kota Malang",), offer_received=date(2026, 2, 28))
    write_down(app, "Tanpa tanggal", partners=("Kota Malang",), **ours)
    write_down(app, "Arsip", partners=("Kota Malang",), origin="archive", offer_received=date(2026, 3, 5))
    binned = write_down(app, "Dibuang", partners=("Kota Malang",), offer_received=date(2026, 3, 5))[0]
    change(app, update(Agreement).where(Agreement.id == binned).values(deleted_at=date(2026, 3, 6)))
    return app


def closed(outcome: str, days: int) -> dict[str, Any]:
    """Closed so many days after it came in."""
    received = {"refused": date(2026, 3, 31), "withdrawn": date(2026, 6, 5), "lapsed": date(2026, 6, 6)}
    day = received.get(outcome, date(2026, 6, 7)) + timedelta(days=days)
    return {"closed_as": outcome, "closed_on": day, "closed_reason": "Uji"}


def titles(person: Person, query: str) -> list[str]:
    """The titles of the list of offers, in its order."""
    answer = person.get(f"{OFFERS}export/csv/?{query}")
    assert answer.status_code == 200, answer.text
    return [row["Judul"] for row in csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))]


def linked(page: str) -> list[tuple[int, str]]:
    """Every number of a page that is a link: the number, and where it leads."""
    found = re.findall(r'<a href="([^"]+)" data-count="(\d+)">', page)
    return [(int(count), unescape(url)) for url, count in found]


def bars(page: str, title: str) -> dict[str, int]:
    """A chart of names: name -> number."""
    table = page.partition(f"<h2>{title}</h2>")[2].partition("</section>")[0]
    names, counts = re.findall(r'<th scope="row">([^<]+)</th>', table), re.findall(r'data-count="(\d+)"', table)
    return dict(zip(names, map(int, counts), strict=True))


# --- the list ----------------------------------------------------------------------------------------------------


def test_the_newest_offers_stand_first_and_archive_and_bin_are_none(nine_months: Flask, rahmat: Person) -> None:
    assert titles(rahmat, "") == [
        "Menunggu", "Suratnya saja", "Dibatalkan", "Kedaluwarsa", "Ditarik", "Ditolak", "Diterima", "Lama", "Tanpa tanggal",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("flt0_outcome_equals=accepted", {"Diterima"}),
        ("flt0_outcome_in_list=refused,withdrawn,lapsed,cancelled", {"Ditolak", "Ditarik", "Kedaluwarsa", "Dibatalkan"}),
        ("flt0_outcome_equals=waiting", {"Menunggu", "Suratnya saja", "Lama", "Tanpa tanggal"}),
        ("flt0_offer_received_between=2026-03-01 to 2026-03-31", {"Diterima", "Ditolak"}),
        ("flt0_offer_received_equals=2026-11-01", {"Suratnya saja"}),
        ("flt0_offer_received_empty=1", {"Tanpa tanggal"}),
        ("flt0_partner_origin_equals=Jepang", {"Ditarik", "Menunggu"}),
        ("flt0_partner_origin_equals=jepang", set()),
        ("flt0_partner_origin_contains=jepang", {"Ditarik", "Menunggu"}),
        ("flt0_partner_origin_contains=Kansai", set()),
        ("flt0_partner_origin_empty=1", {"Dibatalkan"}),
        ("flt0_partner_origin_equals=Jawa Timur&flt1_outcome_equals=lapsed", {"Kedaluwarsa"}),
        ("flt0_answer_days_greater=20", {"Diterima", "Kedaluwarsa"}),
        ("flt0_answer_days_equals=0", {"Dibatalkan"}),
        ("search=suratnya", {"Suratnya saja"}),
    ],
)
def test_filters_find_what_they_name(nine_months: Flask, rahmat: Person, query: str, expected: set[str]) -> None:
    assert set(titles(rahmat, query)) == expected
    assert rahmat.total(f"{OFFERS}?{query}") == len(expected)


def test_sorted_by_the_days_to_an_answer(nine_months: Flask, rahmat: Person) -> None:
    assert titles(rahmat, "sort=answer_days")[:5] == ["Dibatalkan", "Ditolak", "Ditarik", "Kedaluwarsa", "Diterima"]


def test_the_file_has_the_columns_of_the_register_and_five_more(nine_months: Flask, rahmat: Person) -> None:
    text = rahmat.get(f"{OFFERS}export/csv/?flt0_outcome_in_list=withdrawn,accepted").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))

    assert rows[0][17:] == ["Ruang Lingkup", "Diterima", "Hasil", "Asal", "Jenis Mitra", "Hari Sampai Jawaban"]
    assert [row[18:] for row in rows[1:]] == [
        ["2026-06-05", "Ditarik", "Jepang", "Pemerintah daerah di luar negeri", "20"],
        ["2026-03-01", "Diterima", "Jawa Timur", "Daerah lain", "40"],
    ]


# --- the numbers -------------------------------------------------------------------------------------------------


def test_nine_months_in_numbers(nine_months: Flask, rahmat: Person) -> None:
    page = rahmat.get(f"{OFFERS}?months=9").text

    assert bars(page, "Hasil") == {
        "Menunggu": 2, "Diterima": 1, "Ditolak": 1, "Ditarik": 1, "Kedaluwarsa": 1, "Dibatalkan": 1,
    }  # fmt: skip
    assert bars(page, "Asal mitra") == {"Jawa Timur": 5, "Jepang": 2, "Belum diketahui": 1}
    assert bars(page, "Jenis mitra") == {
        "Daerah lain": 3, "Pemerintah daerah di luar negeri": 2, "Perguruan tinggi": 2, "Organisasi kemasyarakatan": 1,
    }  # fmt: skip
    assert bars(page, "Jenis kerja sama") == {
        "Kerja Sama Daerah dengan Pihak Ketiga": 6, "Kerja Sama Daerah dengan Pemerintah Daerah di Luar Negeri": 1,
    }  # fmt: skip
    words = re.sub(r"<[^>]+>", "", page.partition('<p class="sk-said">')[2].partition("</p>")[0])
    assert " ".join(words.split()) == (
        "7 penawaran masuk pada Maret 2026 sampai November 2026: 2 menunggu, 1 diterima, 1 ditolak, 1 ditarik, 1 kedaluwarsa, "
        "1 dibatalkan. Separuh jawaban datang dalam 20 hari atau kurang, dihitung dari 5 penawaran yang sudah dijawab. "
        "1 penawaran lain tidak punya tanggal masuk, jadi tidak ada di bulan mana pun."
    )


def test_the_months_as_a_file(nine_months: Flask, rahmat: Person) -> None:
    answer = rahmat.get(f"{OFFERS}months/csv/?months=9")

    assert answer.get_data().decode("utf-8-sig").splitlines() == [
        "Bulan,Masuk,Diterima,Ditolak,Ditarik,Kedaluwarsa,Dibatalkan,Menunggu",
        "2026-03,2,1,1,0,0,0,0",
        "2026-04,0,0,0,0,0,0,0",
        "2026-05,0,0,0,0,0,0,0",
        "2026-06,3,0,0,1,1,1,0",
        "2026-07,0,0,0,0,0,0,0",
        "2026-08,0,0,0,0,0,0,0",
        "2026-09,0,0,0,0,0,0,0",
        "2026-10,0,0,0,0,0,0,0",
        "2026-11,2,0,0,0,0,0,2",
    ]
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=penawaran-per-bulan_maret-2026-sampai-november-2026_2026-11-24.csv"
    )
    assert "2026-03;2;1;1" in rahmat.get(f"{OFFERS}months/csv/?months=9&delimiter=semicolon").text
    assert rahmat.get(f"{OFFERS}months/xlsx/?months=9").get_data()[:2] == b"PK"
    assert rahmat.get(f"{OFFERS}months/pdf/").status_code == 404


def test_taking_the_numbers_leaves_a_trace(nine_months: Flask, rahmat: Person) -> None:
    rahmat.get(f"{OFFERS}months/csv/?months=3")

    entry = ask(nine_months, select(AuditEntry.detail).where(AuditEntry.action == "export"))
    assert entry == ["CSV Penawaran per bulan; September 2026 sampai November 2026"]
    assert ask(nine_months, select(AuditEntry.row_count).where(AuditEntry.action == "export")) == [3]


@pytest.mark.parametrize("role", ROLES)
def test_every_number_opens_exactly_its_rows_for_every_role(nine_months: Flask, role: str) -> None:
    person = Person(nine_months, role)
    numbers = linked(person.get(f"{OFFERS}?months=9").text)

    assert len(numbers) > 30
    assert numbers[0][0] == (3 if role == "unit" else 7)
    assert [(count, url) for count, url in numbers if person.total(url) != count] == []


def test_the_numbers_stand_above_the_whole_list_alone(nine_months: Flask, rahmat: Person) -> None:
    assert "Penawaran per bulan" in rahmat.get(OFFERS).text
    part = rahmat.get(f"{OFFERS}?flt0_outcome_equals=waiting").text
    assert "Penawaran per bulan" not in part
    assert f'<a class="sk-btn" href="{OFFERS}">Lihat gambaran penawaran</a>' in part


def test_without_any_offer_the_page_says_so(app: Flask, rahmat: Person) -> None:
    change(app, update(Agreement).values(origin="archive"))

    page = rahmat.get(OFFERS).text

    assert "Belum ada yang dijawab." in page
    assert "Tidak ada penawaran yang masuk pada Desember 2025 sampai November 2026." in page
    assert all(count == 0 for count, _ in linked(page))


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        ([], None),
        ([(7, 1)], 7),
        ([(3, 1), (8, 1)], 5.5),
        ([(8, 1), (3, 2)], 3),
        ([(1, 2), (9, 2)], 5),
        ([(40, 1), (0, 1), (31, 1), (10, 1), (20, 1)], 20),
        ([(5, 1000), (6, 1000), (900, 1)], 6),
    ],
)
def test_the_median(counted: list[tuple[int, int]], expected: float | None) -> None:
    assert offer_figures.median(counted) == expected


def test_a_signature_before_the_offer_came_in_is_no_answer_time(nine_months: Flask, rahmat: Person) -> None:
    write_down(nine_months, "Terbalik", offer_received=date(2026, 5, 5), signed_on=date(2026, 5, 1))

    assert "Terbalik" not in titles(rahmat, "flt0_answer_days_empty=0")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("months=1", 200), ("months=60", 200), ("months=0", 400), ("months=61", 400), ("months=-1", 400), ("months=", 400),
        ("months=9.5", 400), ("months=１", 400), ("months=abc", 400), ("flt0_outcome_equals=lost", 400),
        ("flt0_answer_days_equals=x", 400), ("flt0_partner_origin_equals=" + "x" * 300, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(rahmat: Person, query: str, status: int) -> None:
    for address in (OFFERS, f"{OFFERS}months/csv/") if query.startswith("months") else (OFFERS,):
        assert rahmat.get(f"{address}?{query}").status_code == status


@pytest.mark.parametrize("name", ["months", "flt0_outcome_equals", "flt0_partner_origin_equals", "flt0_partner_origin_contains",
                                  "flt0_answer_days_between", "flt0_offer_received_between", "sort", "search"])  # fmt: skip
def test_what_nobody_types_does_no_harm(rahmat: Person, name: str) -> None:
    found = []
    for label, value in VALUES.items():
        answer = rahmat.get(OFFERS, query_string={name: value.encode("utf-8", "surrogatepass")})
        found += [(label, fault) for fault in faults(answer, label)]

    assert found == []


def test_the_sample_shows_what_the_page_is_for(rahmat: Person) -> None:
    page = rahmat.get(OFFERS).text

    assert bars(page, "Hasil")["Ditolak"] == 1
    assert linked(page)[0][0] == 3


def test_the_page_costs_few_statements(nine_months: Flask, rahmat: Person, statements: list[str]) -> None:
    rahmat.get(f"{OFFERS}?months=60")

    assert len(statements) <= 20, statements


# --- people ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_sinta_refuses_an_offer_and_rahmat_sees_it_counted(
    app: Flask, sinta: Person, rahmat: Person, window: Callable[..., Window], size: str
) -> None:
    key = write_down(app, "Papan reklame di halte", offer_received=date(2026, 11, 3), units=("dinas_perhubungan",))[0]
    attach(app, key, title="Surat penolakan", kind="surat_penawaran")
    clerk = window(**SIZES[size]).be(sinta)

    clerk.open(f"/admin/agreement/details/?id={key}")
    clerk.press(clerk.page.locator("summary", has_text="Tutup penawaran"))
    clerk.press(clerk.button("Tutup penawaran"))
    clerk.says("Penawaran belum ditutup")
    assert clerk.sideways() == 0
    assert clerk.axe_findings() == []

    clerk.choose("Hasil wajib", "Ditolak")
    clerk.page.get_by_label("Tanggal", exact=True).fill("20/11/2026")
    clerk.page.get_by_label("Alasan wajib", exact=True).fill("Tidak tercantum dalam rencana pembangunan.")
    clerk.choose("Dokumen", "Surat penolakan")
    clerk.press(clerk.button("Tutup penawaran"))
    clerk.says("Penawaran ditutup: Ditolak.")
    assert clerk.clicks == 7

    head = window(**SIZES[size]).be(rahmat)
    head.open(f"{OFFERS}?months=1")
    assert head.sideways() == 0
    assert head.axe_findings() == []
    number = head.page.locator("p.sk-said a[href*='outcome_equals=refused']")
    assert number.get_attribute("data-count") == "1"
    head.press(number)
    head.says("Papan reklame di halte")
    assert head.page.locator(".sk-table").get_attribute("data-total") == "1"
