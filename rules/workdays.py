"""Working days: Monday to Friday, without the holidays that are given (public holidays, cuti bersama, days of the city).

Counting begins the day after. The holidays are the caller's: what is a holiday changes by decree, so nothing here knows one.
"""

from collections.abc import Collection
from datetime import date, timedelta

from rules import dates

_SATURDAY, _WEEK = 5, 5


def is_workday(day: date, holidays: Collection[date]) -> bool:
    """True from Monday to Friday, but for holidays."""
    return day.weekday() < _SATURDAY and day not in holidays


def add(start: date, amount: int, holidays: Collection[date]) -> date:
    """The working day so many after `start`, or before it where the amount is negative; 0 is `start` itself.

    Raises OverflowError past the ends of the calendar.
    """
    day, step = start, 1 if amount > 0 else -1
    missing = abs(amount)
    while missing:  # each holiday that was passed moves the day on
        further = _weekday_after(day, step * missing)
        missing = len(days_off(day, further, holidays))
        day = further
    return day


def between(start: date, end: date, holidays: Collection[date]) -> int:
    """How many working days lie after `start`, up to and with `end`; negative where `end` is the earlier one."""
    if end < start:
        return -between(end, start, holidays)
    return _weekdays_until(end) - _weekdays_until(start) - len(days_off(start, end, holidays))


def days_off(start: date, end: date, holidays: Collection[date]) -> tuple[date, ...]:
    """The holidays on weekdays that a count from `start` to `end`, on or back, leaves out; `start` isn't counted, `end` is."""
    on_weekdays = (day for day in holidays if day.weekday() < _SATURDAY)
    return tuple(sorted({day for day in on_weekdays if start < day <= end or end <= day < start}))


def years_without_holidays(start: date, end: date, holidays: Collection[date]) -> tuple[int, ...]:
    """The years between two days of which no holiday is known: a count over them is too short."""
    known = {day.year for day in holidays}
    first, last = sorted((start.year, end.year))
    return tuple(year for year in range(first, last + 1) if year not in known)


def explain(start: date, amount: int, holidays: Collection[date]) -> str:
    """The day in words, with what was left out.

    "45 hari kerja sesudah 3 Maret 2026, tanpa 9 hari libur dan cuti bersama → 18 Mei 2026"
    """
    end = add(start, amount, holidays)
    side = "sesudah" if amount >= 0 else "sebelum"
    left_out = without(len(days_off(start, end, holidays)))
    return f"{abs(amount)} hari kerja {side} {dates.words(start)}{left_out} → {dates.words(end)}"


def without(off: int) -> str:
    """The words for what was left out: ", tanpa 9 hari libur dan cuti bersama", or nothing where no day was left out."""
    return f", tanpa {off} hari libur dan cuti bersama" if off else ""


def _weekday_after(start: date, amount: int) -> date:
    """So many weekdays on or back, holidays or not. From a weekend one counts on from Friday, back from Monday."""
    beyond = start.weekday() - (_SATURDAY - 1)
    if beyond > 0:
        start += timedelta(days=-beyond if amount > 0 else 3 - beyond)
    weeks, weekday = divmod(start.weekday() + amount, _WEEK)
    return start + timedelta(weeks=weeks, days=weekday - start.weekday())


def _weekdays_until(day: date) -> int:
    """Weekdays from the first day of the calendar, a Monday, up to and with `day`."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * _WEEK + min(rest, _WEEK)
