"""The term of an agreement in words ("5 tahun sejak ditandatangani") and the day it ends.

The end is the same day of the month, so many months on; where that month is shorter, its last day. So 29 February plus
one year is 28 February, 31 January plus one month is the last of February.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

_NUMBERS = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7,
    "delapan": 8, "sembilan": 9, "sepuluh": 10, "sebelas": 11,
}  # fmt: skip
_UNITS = {
    "tahun": "years",
    "thn": "years",
    "th": "years",
    "bulan": "months",
    "bln": "months",
    "minggu": "weeks",
    "hari": "days",
}
_PART = re.compile(r"(\d{1,4}|" + "|".join(_NUMBERS) + r")\s*(?:\([^)]*\)\s*)?(tahun|thn|th|bulan|bln|minggu|hari)\b")
_GLUE = re.compile(r"[\s,.]*(?:dan|serta)?[\s,.]*")


@dataclass(frozen=True)
class Term:
    """A length of time and what it counts from: `signed` (the signature), `start` (the first day) or "" (not said)."""

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0
    since: str = ""

    def end(self, first_day: date) -> date | None:
        """The last day of a term that begins on `first_day`; None past the end of the calendar."""
        try:
            moved = first_day + relativedelta(years=self.years, months=self.months)
            return moved + timedelta(weeks=self.weeks, days=self.days)
        except (ValueError, OverflowError):
            return None

    def words(self) -> str:
        """The length as a person says it: "2 tahun 6 bulan"."""
        parts = ((self.years, "tahun"), (self.months, "bulan"), (self.weeks, "minggu"), (self.days, "hari"))
        return " ".join(f"{amount} {unit}" for amount, unit in parts if amount)


def parse(text: str | None) -> Term | None:
    """The term that a text states, or None where it states none we are sure of.

    Whole clauses, "terlampir" and two alternatives ("3 atau 5 tahun") are not guessed at.
    """
    said = " ".join((text or "").casefold().split())
    length, _, rest = said.partition(" sejak ")
    parts = _PART.findall(length)
    if not parts or _GLUE.sub("", _PART.sub("", length)):
        return None
    amounts: dict[str, int] = {}
    for amount, unit in parts:
        name = _UNITS[unit]
        if name in amounts:
            return None
        amounts[name] = int(_NUMBERS.get(amount, 0) or amount)
    if not any(amounts.values()):
        return None
    return Term(**amounts, since=_since(rest))


def _since(rest: str) -> str:
    if "tangan" in rest:  # ditandatangani, penandatanganan
        return "signed"
    return "start" if "mulai" in rest or "berlaku" in rest else ""


def end_of(text: str | None, starts_on: date | None, signed_on: date | None) -> tuple[date, date, Term] | None:
    """(end, first day, term) of a duration in words; None where the text or the day it counts from is missing."""
    term = parse(text)
    if term is None:
        return None
    first = {"signed": signed_on, "start": starts_on}.get(term.since, starts_on or signed_on)
    end = term.end(first) if first else None
    return (end, first, term) if end and first else None
