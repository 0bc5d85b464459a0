"""Dates as people type them: 2026-11-24, 24/11/2026, 24-11-2026, 24 November 2026, 24 Nov 2026."""

import re
from datetime import date

from dateutil.relativedelta import relativedelta

from rules.text import fold

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan",
            "februari feb pebruari",
            "maret mar",
            "april apr",
            "mei",
            "juni jun",
            "juli jul",
            "agustus agu agt ags",
            "september sep sept",
            "oktober okt",
            "november nov nopember nop",
            "desember des",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", re.ASCII)
_WORDS = re.compile(r"(\d{1,2}) ([a-z]+)\.? (\d{4})", re.ASCII)


def parse_date(text: str) -> date:
    """The day a text names. Raises ValueError where it names none."""
    said = fold(text)
    if match := _ISO.fullmatch(said):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    elif match := _DAY_FIRST.fullmatch(said):
        year, month, day = int(match[3]), int(match[2]), int(match[1])
    elif (match := _WORDS.fullmatch(said)) and match[2] in _MONTHS:
        year, month, day = int(match[3]), _MONTHS[match[2]], int(match[1])
    else:
        raise ValueError(f"no date: {text[:40]!r}")
    return date(year, month, day)


def quarter(day: date) -> tuple[date, date]:
    """The first and the last day of the quarter of a year in which the day lies."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    return first, first + relativedelta(months=3, days=-1)
