"""The day a deadline of the law falls due, with all that it was computed from, so that it can be explained and redone.

Working days count from the day after and leave out weekends and the holidays given. A month or a year later is the same day
of the month, or its last day where it is shorter: 29 February and a year is 28 February. Such a day stays where it is on a
weekend or a holiday; no regulation that was read moves it. The n-th week of January ends on its day 7·n: our reading of
Permendagri 25/2020 Pasal 35 ayat (2), which doesn't say on which day a week begins.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from rules import dates, workdays
from rules.law_parts import JANUARY_WEEK, SIDES, UNITS, DeadlineRule

_WEEK = 7


@dataclass(frozen=True)
class Due:
    """A day that something is due, and what it was computed from."""

    on: date
    event: date
    amount: int
    unit: str
    side: str
    days_off: tuple[date, ...] = ()
    unknown_years: tuple[int, ...] = ()

    @property
    def explained(self) -> str:
        """The whole reckoning in words.

        "45 hari kerja sesudah 3 Maret 2026, tanpa 9 hari libur dan cuti bersama → 18 Mei 2026"
        """
        years = ", ".join(str(year) for year in self.unknown_years)
        return self._reckoned() + (f" (hari libur {years} belum dicatat)" if years else "")

    def _reckoned(self) -> str:
        if self.unit == JANUARY_WEEK:
            return f"minggu ke-{self.amount} Januari {self.on.year} → {dates.words(self.on)}"
        note = workdays.without(len(self.days_off))
        if self.unit in {"bulan", "tahun"} and self.on.day != self.event.day:
            note = ", pada akhir bulan"
        length = f"{self.amount} {UNITS[self.unit]}"
        return f"{length} {SIDES[self.side]} {dates.words(self.event)}{note} → {dates.words(self.on)}"

    def kept(self) -> dict[str, Any]:
        """The inputs and the result as plain values, to be kept beside the stage."""
        return {
            "on": self.on.isoformat(),
            "event": self.event.isoformat(),
            "amount": self.amount,
            "unit": self.unit,
            "side": self.side,
            "days_off": [day.isoformat() for day in self.days_off],
            "unknown_years": list(self.unknown_years),
        }


def from_kept(kept: dict[str, Any]) -> Due:
    """The deadline that was kept, as it was computed then."""
    return Due(
        on=date.fromisoformat(kept["on"]),
        event=date.fromisoformat(kept["event"]),
        amount=kept["amount"],
        unit=kept["unit"],
        side=kept["side"],
        days_off=tuple(date.fromisoformat(day) for day in kept["days_off"]),
        unknown_years=tuple(kept["unknown_years"]),
    )


def due(rule: DeadlineRule, event: date, holidays: Collection[date]) -> Due | None:
    """When the rule's deadline falls due; None for a proposal, which is off, and past the ends of the calendar.

    `event` is the day that `rule.start` names; for a yearly deadline the day from which the next one is asked for.
    """
    return reckon(event, rule.amount, rule.unit, rule.side, holidays) if rule.active else None


def again(before: Due, holidays: Collection[date]) -> Due | None:
    """The same deadline by other holidays. What differs from before has moved."""
    return reckon(before.event, before.amount, before.unit, before.side, holidays)


def reckon(event: date, amount: int, unit: str, side: str, holidays: Collection[date]) -> Due | None:
    """So many units before or after a day, for deadlines of the law and internal targets alike.

    Raises KeyError for a unit that isn't known; None past the ends of the calendar.
    """
    signed = -amount if side == "sebelum" else amount
    try:
        on = _DAY[unit](event, signed, holidays)
    except (OverflowError, ValueError):
        return None
    if unit != "hari_kerja":
        return Due(on, event, amount, unit, side)
    off, unknown = workdays.days_off(event, on, holidays), workdays.years_without_holidays(event, on, holidays)
    return Due(on, event, amount, unit, side, off, unknown)


def _january_week(event: date, week: int, holidays: Collection[date]) -> date:
    """The end of that week of January, in the year of the day or, once it has passed, in the next."""
    this_year = date(event.year, 1, _WEEK * week)
    return this_year if event <= this_year else this_year.replace(year=event.year + 1)


_DAY = {
    "hari_kerja": workdays.add,
    "hari_kalender": lambda event, amount, _: event + timedelta(days=amount),
    "bulan": lambda event, amount, _: event + relativedelta(months=amount),
    "tahun": lambda event, amount, _: event + relativedelta(years=amount),
    JANUARY_WEEK: _january_week,
}
