"""A duration in words gives the day an agreement ends, right on month ends and 29 February; what is unsure is not guessed."""

from datetime import date

import pytest

from rules import terms

SIGNED, START = date(2026, 6, 2), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ("5 tahun sejak ditandatangani", date(2031, 6, 2)),
        ("5 (lima) tahun sejak tanggal penandatanganan", date(2031, 6, 2)),
        ("lima tahun sejak mulai berlaku", date(2031, 7, 1)),
        ("5 tahun", date(2031, 7, 1)),
        ("24 bulan", date(2028, 7, 1)),
        ("2 tahun 6 bulan", date(2029, 1, 1)),
        ("2 tahun dan 6 bulan", date(2029, 1, 1)),
        ("90 hari", date(2026, 9, 29)),
        ("2 minggu", date(2026, 7, 15)),
        ("  3   TAHUN ", date(2029, 7, 1)),
    ],
)
def test_the_end_of_a_term(said: str, end: date) -> None:
    assert terms.end_of(said, START, SIGNED)[0] == end  # type: ignore[index]


@pytest.mark.parametrize(
    ("said", "first", "end"),
    [
        ("1 tahun", date(2024, 2, 29), date(2025, 2, 28)),
        ("4 tahun", date(2024, 2, 29), date(2028, 2, 29)),
        ("1 bulan", date(2026, 1, 31), date(2026, 2, 28)),
        ("1 bulan", date(2024, 1, 31), date(2024, 2, 29)),
        ("6 bulan", date(2026, 8, 31), date(2027, 2, 28)),
        ("1 bulan", date(2026, 2, 28), date(2026, 3, 28)),
        ("12 bulan", date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_month_ends_and_leap_days(said: str, first: date, end: date) -> None:
    assert terms.end_of(said, first, None)[0] == end  # type: ignore[index]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "terlampir",
        "akan dibicarakan",
        "3 atau 5 tahun",
        "5",
        "tahun",
        "0 tahun",
        "5 tahun dapat diperpanjang",
        "5 tahun 3 tahun",
        None,
    ],
)
def test_what_is_not_sure_is_not_guessed(said: str | None) -> None:
    assert terms.end_of(said, START, SIGNED) is None


def test_a_term_without_its_first_day_has_no_end() -> None:
    assert terms.end_of("5 tahun sejak ditandatangani", START, None) is None
    assert terms.end_of("9999 tahun", START, None) is None


def test_the_length_in_words() -> None:
    assert terms.Term(years=2, months=6).words() == "2 tahun 6 bulan"
