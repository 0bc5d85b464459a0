"""Working days, held against the calendar of 2026 by hand and against counting day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import workdays

# The public holidays and cuti bersama of spring 2026 that fall on weekdays: nine from 3 March to 18 May.
SPRING = frozenset(
    date(2026, month, day)
    for month, day in ((3, 18), (3, 19), (3, 20), (3, 23), (3, 24), (4, 3), (5, 1), (5, 14), (5, 15), (5, 27), (5, 28), (6, 1))
)
ON_WEEKENDS = frozenset({date(2026, 3, 21), date(2026, 3, 22), date(2026, 4, 5)})
YEAR_END = frozenset({date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1)})
NONE: frozenset[date] = frozenset()


@pytest.mark.parametrize(
    ("start", "amount", "holidays", "end"),
    [
        (date(2026, 3, 3), 1, NONE, date(2026, 3, 4)),  # counting begins the day after
        (date(2026, 3, 3), 5, NONE, date(2026, 3, 10)),  # over a weekend
        (date(2026, 3, 6), 1, NONE, date(2026, 3, 9)),  # Friday to Monday
        (date(2026, 3, 7), 1, NONE, date(2026, 3, 9)),  # received on a Saturday
        (date(2026, 3, 8), 5, NONE, date(2026, 3, 13)),  # received on a Sunday
        (date(2026, 3, 3), 45, NONE, date(2026, 5, 5)),
        (date(2026, 3, 3), 45, SPRING, date(2026, 5, 18)),
        (date(2026, 3, 3), 45, SPRING | ON_WEEKENDS, date(2026, 5, 18)),  # a holiday on a Sunday costs nothing
        (date(2026, 3, 17), 1, SPRING, date(2026, 3, 25)),  # over Nyepi, Lebaran and their cuti bersama
        (date(2026, 3, 18), 1, SPRING, date(2026, 3, 25)),  # received on a holiday
        (date(2026, 12, 23), 5, YEAR_END, date(2027, 1, 4)),  # over the turn of the year
        (date(2026, 2, 27), 1, NONE, date(2026, 3, 2)),
        (date(2028, 2, 28), 1, NONE, date(2028, 2, 29)),
        (date(2026, 3, 3), 0, SPRING, date(2026, 3, 3)),
        (date(2026, 3, 7), 0, SPRING, date(2026, 3, 7)),
        (date(2026, 3, 25), -1, SPRING, date(2026, 3, 17)),
        (date(2026, 3, 8), -1, NONE, date(2026, 3, 6)),
        (date(2026, 3, 7), -1, NONE, date(2026, 3, 6)),
    ],
)
def test_so_many_working_days_on(start: date, amount: int, holidays: frozenset[date], end: date) -> None:
    assert workdays.add(start, amount, holidays) == end


@pytest.mark.parametrize(
    ("start", "end", "holidays", "count"),
    [
        (date(2026, 3, 3), date(2026, 3, 3), NONE, 0),
        (date(2026, 3, 3), date(2026, 3, 4), NONE, 1),
        (date(2026, 3, 6), date(2026, 3, 8), NONE, 0),
        (date(2026, 3, 3), date(2026, 5, 18), SPRING, 45),
        (date(2026, 5, 18), date(2026, 3, 3), SPRING, -45),
        (date(2026, 12, 23), date(2027, 1, 4), YEAR_END, 5),
    ],
)
def test_working_days_between(start: date, end: date, holidays: frozenset[date], count: int) -> None:
    assert workdays.between(start, end, holidays) == count


@pytest.mark.parametrize(
    ("start", "amount", "holidays", "said"),
    [
        (date(2026, 3, 3), 45, SPRING,
         "45 hari kerja sesudah 3 Maret 2026, tanpa 9 hari libur dan cuti bersama → 18 Mei 2026"),
        (date(2026, 3, 3), 5, SPRING, "5 hari kerja sesudah 3 Maret 2026 → 10 Maret 2026"),
        (date(2026, 3, 25), -1, SPRING,
         "1 hari kerja sebelum 25 Maret 2026, tanpa 5 hari libur dan cuti bersama → 17 Maret 2026"),
    ],
)  # fmt: skip
def test_the_count_in_words(start: date, amount: int, holidays: frozenset[date], said: str) -> None:
    assert workdays.explain(start, amount, holidays) == said


def test_years_whose_holidays_are_not_known() -> None:
    assert workdays.years_without_holidays(date(2026, 12, 1), date(2028, 1, 10), YEAR_END) == (2028,)
    assert workdays.years_without_holidays(date(2026, 12, 1), date(2027, 1, 10), YEAR_END) == ()


def test_the_end_of_the_calendar_is_an_overflow() -> None:
    with pytest.raises(OverflowError):
        workdays.add(date(9999, 12, 20), 45, NONE)
    with pytest.raises(OverflowError):
        workdays.add(date(1, 1, 1), -1, NONE)


# --- against counting day by day ---

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
HOLIDAYS = st.frozensets(DAYS, max_size=12) | st.builds(
    lambda first, length: frozenset(first + timedelta(days=n) for n in range(length)), DAYS, st.integers(1, 20)
)


def by_hand(start: date, amount: int, holidays: frozenset[date]) -> date:
    day, step, left = start, timedelta(days=1 if amount > 0 else -1), abs(amount)
    while left:
        day += step
        left -= day.weekday() < 5 and day not in holidays
    return day


@given(DAYS, st.integers(-120, 120), HOLIDAYS)
def test_it_is_what_counting_day_by_day_gives(start: date, amount: int, holidays: frozenset[date]) -> None:
    assert workdays.add(start, amount, holidays) == by_hand(start, amount, holidays)


@given(DAYS, st.integers(1, 120), HOLIDAYS)
def test_the_day_is_a_working_day_and_so_many_away(start: date, amount: int, holidays: frozenset[date]) -> None:
    end = workdays.add(start, amount, holidays)
    assert workdays.is_workday(end, holidays)
    assert workdays.between(start, end, holidays) == amount
    assert len(workdays.days_off(start, end, holidays)) == sum(start < day <= end and day.weekday() < 5 for day in holidays)


@given(DAYS, st.integers(0, 400), HOLIDAYS)
def test_between_counts_each_day_once(start: date, length: int, holidays: frozenset[date]) -> None:
    end = start + timedelta(days=length)
    days = [start + timedelta(days=n) for n in range(1, length + 1)]
    assert workdays.between(start, end, holidays) == sum(workdays.is_workday(day, holidays) for day in days)
