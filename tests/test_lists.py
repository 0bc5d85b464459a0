"""Lists: named filters, search, sort, pages, totals, and the same rows on every page that asks for them."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Partner
from sikerja import families
from tests import records
from tests.conftest import TODAY
from tests.people import Person

LIST = "/admin/agreement/"


@pytest.fixture
def five(session: Session) -> dict[str, str]:
    """Five agreements whose titles begin with "Uji", told apart by what the filters ask for. Name -> register number."""
    day = timedelta(days=1)
    made = {
        "kesehatan": records.agreement(
            session, "Uji layanan kesehatan", partners=("RS Uji", "PT Dua"), units=("dinas_kesehatan",), our_number="119/UJI/2026",
            sector_id=sector(session, "kesehatan"), signed_on=date(2025, 5, 5), ends_on=TODAY + 30 * day, value=1_250_000,
        ),
        "jalan": records.agreement(
            session, "Uji jalan 100% mulus", partners=("PT Dua",), units=("dpupr", "dinas_perhubungan"), group="ksdd", instrument="kb",
            signed_on=date(2024, 2, 29), starts_on=date(2024, 3, 1), ends_on=TODAY - 10 * day,
        ),
        "arsip": records.agreement(session, "Uji arsip café", origin="archive", partners=(), year=2015),
        "tawaran": records.agreement(session, "Uji tawaran", partners=("Universitas Uji",), value=2_000_000),
        "lama": records.agreement(session, "Uji open ended", signed_on=date(2020, 1, 1), open_ended=True, open_ended_reason="-"),
    }  # fmt: skip
    records.partner(session, "Universitas Uji").kind = "perguruan_tinggi"
    session.commit()
    return {name: agreement.register_no for name, agreement in made.items()}


def sector(session: Session, code: str) -> int:
    from sqlalchemy import select

    from models import Sector

    return session.scalars(select(Sector.id).where(Sector.code == code)).one()


FILTERS = [
    ("group_equals=ksdd", {"jalan"}),
    ("group_not_equal=ksdpk", {"jalan"}),
    ("group_in_list=ksdd,sinergi", {"jalan"}),
    ("group_not_in_list=ksdd,sinergi", {"kesehatan", "arsip", "tawaran", "lama"}),
    ("instrument_equals=kb", {"jalan"}),
    ("procedure_empty=1", {"kesehatan", "jalan", "arsip", "tawaran", "lama"}),
    ("procedure_equals=ksdd_sukarela", set()),
    ("sector_equals={kesehatan}", {"kesehatan"}),
    ("sector_contains=SEHAT", {"kesehatan"}),
    ("sector_empty=1", {"jalan", "arsip", "tawaran", "lama"}),
    ("sector_empty=0", {"kesehatan"}),
    ("sector_not_equal={kesehatan}", {"jalan", "arsip", "tawaran", "lama"}),
    ("unit_equals={perhubungan}", {"jalan"}),
    ("unit_contains=perhubungan", {"jalan"}),
    ("unit_not_equal={perhubungan}", {"kesehatan", "arsip", "tawaran", "lama"}),
    ("unit_empty=1", {"arsip", "tawaran", "lama"}),
    ("partner_equals={dua}", {"kesehatan", "jalan"}),
    ("partner_contains=pt dua", {"kesehatan", "jalan"}),
    ("partner_not_contains=dua", {"arsip", "tawaran", "lama"}),
    ("partner_in_list={dua},{dua}", {"kesehatan", "jalan"}),
    ("partner_empty=1", {"arsip"}),
    ("partner_kind_equals=perguruan_tinggi", {"tawaran"}),
    ("partner_kind_not_equal=perguruan_tinggi", {"kesehatan", "jalan", "arsip", "lama"}),
    ("validity_equals=ending", {"kesehatan"}),
    ("validity_in_list=ended,process", {"jalan", "tawaran"}),
    ("validity_not_equal=ended", {"kesehatan", "arsip", "tawaran", "lama"}),
    ("stage_equals=ditandatangani", {"kesehatan", "jalan", "lama"}),
    ("stage_empty=1", {"arsip", "tawaran"}),
    ("title_contains=CAFE", {"arsip"}),
    ("title_contains=100%25", {"jalan"}),
    ("title_contains=_", set()),
    ("title_equals=uji tawaran", {"tawaran"}),
    ("title_not_contains=jalan", {"kesehatan", "arsip", "tawaran", "lama"}),
    ("our_number_equals=119 / uji / 2026", {"kesehatan"}),
    ("our_number_contains=UJI", {"kesehatan"}),
    ("our_number_empty=1", {"jalan", "arsip", "tawaran", "lama"}),
    ("signed_on_equals=2024-02-29", {"jalan"}),
    ("signed_on_equals=29/02/2024", {"jalan"}),
    ("signed_on_not_equal=2024-02-29", {"kesehatan", "arsip", "tawaran", "lama"}),
    ("signed_on_greater=2024-02-29", {"kesehatan"}),
    ("signed_on_smaller=2024-02-29", {"lama"}),
    ("signed_on_between=2020-01-01 to 2024-02-29", {"jalan", "lama"}),
    ("signed_on_empty=1", {"arsip", "tawaran"}),
    ("starts_on_equals=2024-03-01", {"jalan"}),
    ("ends_on_within_days=30", {"kesehatan"}),
    ("ends_on_within_days=29", set()),
    ("ends_on_past_days=10", {"jalan"}),
    ("ends_on_past_days=9", set()),
    ("ends_on_empty=0", {"kesehatan", "jalan"}),
    ("value_greater=1250000", {"tawaran"}),
    ("value_between=1250000 to 2000000", {"kesehatan", "tawaran"}),
    ("value_equals=1250000.00", {"kesehatan"}),
    ("value_empty=1", {"jalan", "arsip", "lama"}),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "expected"), FILTERS, ids=[asked for asked, _ in FILTERS])
def test_a_filter_finds_exactly_its_rows(
    sinta: Person, session: Session, five: dict[str, str], asked: str, expected: set[str]
) -> None:
    ids = {
        "kesehatan": sector(session, "kesehatan"),
        "perhubungan": records.unit(session, "dinas_perhubungan").id,
        "dua": records.partner(session, "PT Dua").id,
    }
    url = f"{LIST}?search=uji&page_size=100&flt0_{asked.format(**ids)}"

    found = set(sinta.keys(url))

    assert found == {five[name] for name in expected}
    assert sinta.total(url) == len(expected)


def test_filters_are_joined_by_and_in_any_numbering(sinta: Person, five: dict[str, str]) -> None:
    url = f"{LIST}?flt7_title_contains=uji&flt2_partner_contains=dua&flt3_group_equals=ksdd"

    assert sinta.keys(url) == [five["jalan"]]


@pytest.mark.parametrize(
    "bad",
    [
        "flt0_colour_equals=red", "flt0_title=x", "flt_title_contains=x", "fltx=1", "flt0_validity_contains=x", "flt0_group_equals=xyz",
        "flt0_ends_on_equals=31/31/2026", "flt0_ends_on_equals=0000-01-01", "flt0_ends_on_within_days=-1", "flt0_ends_on_within_days=9999999",
        "flt0_ends_on_between=2026-01-01", "flt0_sector_equals=abc", "flt0_sector_equals=99999999999", "flt0_value_greater=NaN",
        "flt0_value_greater=１２", "flt0_sector_empty=2",
    ],
)  # fmt: skip
@pytest.mark.parametrize("page", ["", "export/csv/"])
def test_a_filter_that_cannot_be_read_is_refused_with_a_sentence(sinta: Person, bad: str, page: str) -> None:
    answer = sinta.get(f"{LIST}{page}?{bad}")

    assert answer.status_code == 400
    assert "Daftar tidak ditampilkan agar tidak keliru" in answer.text


@pytest.mark.parametrize(
    "ignored", ["flt0_group_equals=", "flt0_title_contains=%20", "colour=red", "_external=1", "endpoint=x"]
)
def test_empty_filters_and_unknown_arguments_ask_for_nothing(sinta: Person, ignored: str) -> None:
    assert sinta.total(f"{LIST}?{ignored}") == 47


# --- search ------------------------------------------------------------------------------------------------------

SEARCHES = [
    ("kesehatan uji", {"kesehatan"}),
    ("SEHAT", {"kesehatan"}),
    ("119/uji", {"kesehatan"}),
    ("cafe", {"arsip"}),
    ("CAFÉ uji", {"arsip"}),
    ("rs uji", {"kesehatan"}),
    ("dua uji", {"kesehatan", "jalan"}),
    ("dpupr mulus", {"jalan"}),
    ("uj ta", {"tawaran"}),
    ("uji 11", {"kesehatan"}),
    ("uji 1", {"kesehatan", "jalan"}),
    ("uji a", {"arsip"}),
    ("100%", {"jalan"}),
    ('"uji" kesehatan', set()),
    ("uji%kesehatan", set()),
    ("uji OR kesehatan", set()),
    ("zzzz", set()),
]


@pytest.mark.parametrize(("asked", "expected"), SEARCHES, ids=[asked for asked, _ in SEARCHES])
def test_search_finds_all_words_anywhere(sinta: Person, five: dict[str, str], asked: str, expected: set[str]) -> None:
    found = sinta.keys(f"{LIST}?page_size=100&flt0_title_contains=uji&search={asked.replace('%', '%25')}")

    assert set(found) == {five[name] for name in expected}


def test_search_by_register_number(sinta: Person, five: dict[str, str]) -> None:
    assert sinta.keys(f"{LIST}?search={five['arsip'].lower()}") == [five["arsip"]]


def test_search_follows_a_new_name_of_a_partner(sinta: Person, session: Session, five: dict[str, str]) -> None:
    partner = records.partner(session, "RS Uji")
    sinta.post(f"/admin/partner/edit/?id={partner.id}", {"name": "Klinik Mahakam", "kind": "badan_usaha"})

    assert sinta.keys(f"{LIST}?search=klinik+mahakam") == [five["kesehatan"]]
    assert sinta.keys(f"{LIST}?search=rs+uji+kesehatan") == []


# --- order and pages ---------------------------------------------------------------------------------------------

COLUMNS = (
    "title",
    "partner",
    "unit",
    "group",
    "instrument",
    "stage",
    "ends_on",
    "validity",
    "register_no",
    "signed_on",
    "value",
)


def test_the_order_by_partner_and_unit_follows_their_names_and_their_places(sinta: Person, session: Session) -> None:
    first = records.agreement(session, "Uji urutan satu", partners=("PT Apel", "PT Zaitun"), units=("dpupr",))
    second = records.agreement(session, "Uji urutan dua", partners=("PT Mangga",), units=("dinas_kesehatan",))
    session.commit()
    by_partner = "/admin/agreement/?search=uji+urutan&sort=partner"
    numbers = first.register_no, second.register_no
    assert sinta.keys(by_partner) == [numbers[0], numbers[1]]

    apple = session.scalars(select(Partner).where(Partner.name == "PT Apel")).one()
    apple.name = "PT Nanas"
    session.commit()
    assert sinta.keys(by_partner) == [numbers[1], numbers[0]]
    assert sinta.keys(f"{by_partner}&desc=1") == [numbers[0], numbers[1]]


def test_a_whole_number_finds_what_bears_it_and_a_part_of_it_all_that_hold_it(sinta: Person, session: Session) -> None:
    bears = records.agreement(session, "Uji nomor", our_number="12/KS/2031")
    longer = records.agreement(session, "Uji nomor panjang", our_number="112/KS/2031")
    named = records.agreement(session, "Adendum atas 12/KS/2031")
    session.commit()
    assert sinta.keys("/admin/agreement/?search=12/ks/2031") == [bears.register_no]
    assert sinta.keys("/admin/agreement/?search=12+/+KS+/+2031") == [bears.register_no]
    assert set(sinta.keys("/admin/agreement/?search=2/KS/2031")) == {each.register_no for each in (bears, longer, named)}
    assert sinta.keys(f"/admin/agreement/?search={longer.register_no.lower()}") == [longer.register_no]


@pytest.mark.parametrize("desc", ["0", "1"])
def test_what_lacks_the_sort_key_stands_last_and_pages_go_through_to_it(sinta: Person, session: Session, desc: str) -> None:
    for number in range(70):
        records.agreement(session, f"Uji halaman {number}", ends_on=date(2030, 1, 1) if number % 3 else None)
    session.commit()
    address = f"/admin/agreement/?search=uji+halaman&sort=ends_on&desc={desc}&page_size=20&page="
    pages = [sinta.keys(f"{address}{page}") for page in range(5)]
    assert [len(page) for page in pages] == [20, 20, 20, 10, 0]
    everything = [key for page in pages for key in page]
    assert len(set(everything)) == 70
    ends = dict(session.execute(select(Agreement.register_no, Agreement.ends_on)).all())
    assert [ends[key] is None for key in everything] == [False] * 46 + [True] * 24


@pytest.mark.parametrize("column", COLUMNS)
def test_a_sort_by_any_column_keeps_every_row_and_turns_round(sinta: Person, five: dict[str, str], column: str) -> None:
    url = f"{LIST}?page_size=100&sort={column}"
    up, down = sinta.keys(url), sinta.keys(url + "&desc=1")

    assert len(up) == 52
    assert sorted(up) == sorted(down)
    assert up != down


def test_the_order_of_dates_puts_the_missing_ones_last(sinta: Person, five: dict[str, str]) -> None:
    url = f"{LIST}?flt0_title_contains=uji&sort=ends_on"

    assert sinta.keys(url)[:2] == [five["jalan"], five["kesehatan"]]
    assert sinta.keys(url + "&desc=1")[:2] == [five["kesehatan"], five["jalan"]]


def test_a_column_can_be_sorted_by_its_place(sinta: Person) -> None:
    assert sinta.keys(f"{LIST}?sort=0") == sinta.keys(f"{LIST}?sort=title")


def test_pages_neither_repeat_nor_skip_a_row(sinta: Person) -> None:
    pages = [sinta.keys(f"{LIST}?sort=group&page={page}") for page in range(4)]

    assert [len(page) for page in pages] == [20, 20, 7, 0]
    assert len({key for page in pages for key in page}) == 47


def test_the_newest_stand_first(sinta: Person, five: dict[str, str]) -> None:
    assert sinta.keys(LIST)[:5] == list(reversed(five.values()))


@pytest.mark.parametrize(("size", "rows"), [("20", 20), ("50", 47), ("200", 47), ("1000", 20), ("-1", 20), ("x", 20)])
def test_page_size(sinta: Person, size: str, rows: int) -> None:
    assert len(sinta.keys(f"{LIST}?page_size={size}")) == rows


def test_a_capped_total_says_so_and_can_be_had_exactly(sinta: Person, monkeypatch: Any) -> None:
    monkeypatch.setattr("sikerja.listing.COUNT_CAP", 40)

    page = sinta.get(LIST).text
    assert 'data-total="40" data-total-capped="1"' in page
    assert "lebih dari 40 naskah" in page

    page = sinta.get(f"{LIST}?exact=1").text
    assert 'data-total="47">' in page


# --- the filter bar ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("q.group=equals:ksdpk&q.sector=&search=", "flt0_group_equals=ksdpk"),
        ("q.ends_on=within_days:90&search=pangan&page_size=50", "flt0_ends_on_within_days=90&search=pangan&page_size=50"),
        ("f0.col=value&f0.op=between&f0.val=1&f0.val2=9", "flt0_value_between=1+to+9"),
        ("f0.col=group&f0.op=in_list&f0.val=ksdd&f0.val=ksdpk", "flt0_group_in_list=ksdd%2Cksdpk"),
        ("add=partner", "open=partner%3Acontains"),
        ("f0.col=partner&f0.op=contains&f0.val=", "open=partner%3Acontains"),
        ("f0.col=signed_on&f0.op=within_days&f0.val=2026-01-01", "open=signed_on%3Awithin_days"),
        ("f3.col=title&f3.op=contains&f3.val=a&f1.col=year&f1.op=equals&f1.val=2020&sort=title&desc=1",
         "flt0_year_equals=2020&flt1_title_contains=a&sort=title&desc=1"),
        ("f0.col=nothing&f0.val=1", ""),
    ],
)  # fmt: skip
def test_the_bar_leads_to_the_canonical_address(sinta: Person, sent: str, address: str) -> None:
    answer = sinta.get(f"{LIST}?{sent}")

    assert answer.status_code == 302
    assert answer.location == (f"{LIST}?{address}" if address else LIST)


def test_an_opened_filter_is_shown_and_filters_nothing(sinta: Person) -> None:
    url = f"{LIST}?open=partner:contains"

    assert sinta.total(url) == 47
    assert 'name="f0.val"' in sinta.get(url).text


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("flt0_ends_on_within_days=3", "saringan Berakhir dalam 3 hari ke depan."),
        (
            "flt0_validity_in_list=closed,renewed&flt1_title_contains=zz",
            "Masa berlaku salah satu dari Ditutup, Sudah diperpanjang",
        ),
        ("flt0_signed_on_between=1999-01-01 to 1999-12-31", "Tanda tangan antara 1 Januari 1999 sampai 31 Desember 1999."),
        ("flt0_title_empty=1", "saringan Judul kosong."),
    ],
)
def test_the_empty_state_says_the_filters_in_words(sinta: Person, asked: str, words: str) -> None:
    assert words in sinta.get(f"{LIST}?{asked}").text


def test_a_partner_that_an_address_names_by_id_is_shown_by_name(sinta: Person, session: Session) -> None:
    partner = records.partner(session, "Kabupaten Pinrang")

    page = sinta.get(f"{LIST}?flt0_partner_equals={partner.id}").text

    assert f'<option value="{partner.id}" selected>Kabupaten Pinrang</option>' in page
    name = sinta.get(f"{LIST}export/csv/?flt0_partner_equals={partner.id}").headers["Content-Disposition"]
    assert name == "attachment; filename=kerja-sama_mitra-kabupaten-pinrang_2026-11-24.csv"


def test_a_unit_is_not_told_the_name_of_a_partner_by_its_id(dewi: Person, session: Session) -> None:
    partner = records.partner(session, "Kabupaten Pinrang")

    page = dewi.get(f"{LIST}?flt0_partner_equals={partner.id}").text

    assert "Pinrang" not in page
    assert "Pilihan lain" in page


def test_a_date_is_shown_in_words_and_kept_as_a_date(sinta: Person) -> None:
    assert 'value="5 Mei 2025"' in sinta.get(f"{LIST}?flt0_signed_on_greater=2025-05-05").text

    answer = sinta.get(f"{LIST}?f0.col=signed_on&f0.op=greater&f0.val=5+Mei+2025")
    assert answer.location == f"{LIST}?flt0_signed_on_greater=2025-05-05"


def test_an_honest_empty_state(sinta: Person) -> None:
    page = sinta.get(f"{LIST}?search=jembatan+kembar&flt0_group_equals=ksdd").text

    assert "Tidak ada naskah yang cocok" in page
    assert "Tidak ada naskah dengan pencarian “jembatan kembar” dan saringan Jenis sama dengan KSDD." in page
    assert 'data-total="0"' in page
    assert "<thead" not in page


# --- badges and families -----------------------------------------------------------------------------------------


def test_the_days_that_are_left_stand_in_the_badge(sinta: Person) -> None:
    page = sinta.get(f"{LIST}?search=contoh&page_size=50").text

    assert '<span class="b b-active">Berlaku <i>839 hari</i></span>' in page
    assert '<span class="b b-ending"><span class="vh">Segera berakhir: </span>52 hari lagi</span>' in page


def test_a_family_does_not_double_rows(sinta: Person, session: Session, five: dict[str, str]) -> None:
    parent, child = (session.query(Agreement).filter_by(register_no=five[name]).one() for name in ("jalan", "kesehatan"))
    families.connect(session, child, parent.id, "implements")
    session.commit()

    keys = sinta.keys(f"{LIST}?flt0_partner_contains=dua&search=uji")
    assert sorted(keys) == sorted([five["jalan"], five["kesehatan"]])
