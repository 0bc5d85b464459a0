"""How many offers came in, from where, and what became of them: the bureau's own question, month by month.

A month's offers are those that came in then; what became of them is counted at the month they came in, whenever it was said.
Every number comes from the list of offers, and carries the filters under which that list shows exactly its rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, extract
from sqlalchemy.orm import Session

from models import Agreement, Partner, Party
from rules import codes
from sikerja import clock, formats, questions
from sikerja.asked import Asked, filters_of
from sikerja.listing import ListState, Viewer
from sikerja.lists.offers import OFFERS

FEWEST_MONTHS, USUAL_MONTHS, MOST_MONTHS = 1, 12, 60
MOST_ORIGINS = 10
PARTNERS = ((Party, Party.agreement_id == Agreement.id), (Partner, Partner.id == Party.partner_id))
NOT_KNOWN = "Belum diketahui"


@dataclass(frozen=True)
class Figure:
    """A number with what it counts in words, and the filters that show its rows."""

    label: str
    count: int
    asked: Asked


@dataclass(frozen=True)
class Month:
    """The offers of one calendar month: how many by outcome."""

    first: date
    by_outcome: dict[str, int]

    @property
    def last(self) -> date:
        """The last day of the month."""
        return _months_later(self.first, 1) - timedelta(days=1)

    @property
    def name(self) -> str:
        """Maret 2026"""
        return f"{formats.MONTHS[self.first.month - 1]} {self.first.year}"

    def short_name(self, with_year: bool) -> str:
        """Mar, or where it stands alone Mar 26; the January of a year always tells the year."""
        short = formats.SHORT_MONTHS[self.first.month - 1]
        return f"{short} {self.first.year % 100:02}" if with_year or self.first.month == 1 else short

    @property
    def received(self) -> int:
        """How many came in."""
        return sum(self.by_outcome.values())

    @property
    def asked(self) -> Asked:
        """The filter that shows the offers of this month."""
        return _received_between(self.first, self.last)

    def of(self, outcome: str) -> int:
        """How many of them became that."""
        return self.by_outcome.get(outcome, 0)


@dataclass(frozen=True)
class Answers:
    """How long an answer took: the median in days (None where there was none yet), and the offers that it rests on."""

    median: float | None
    answered: Figure


@dataclass(frozen=True)
class Figures:
    """All numbers of a period that ends with this month."""

    months: tuple[Month, ...]
    origins: tuple[Figure, ...]
    partner_kinds: tuple[Figure, ...]
    groups: tuple[Figure, ...]
    outcomes: tuple[Figure, ...]
    answers: Answers
    total: Figure
    undated: Figure  # offers without any day of coming in, which stand in no month


def by_month(session: Session, viewer: Viewer, months: int) -> tuple[Month, ...]:
    """The offers of the last so many calendar months, this one included, the oldest first."""
    first, last = _period(months)
    day = questions.offer_received()
    outcome = questions.offer_outcome(clock.today())
    found: dict[date, dict[str, int]] = {_months_later(first, number): {} for number in range(months)}
    counted = OFFERS.tally(
        session, _state(_received_between(first, last)), viewer, extract("year", day), extract("month", day), outcome
    )
    for year, month, became, count in counted:
        found[date(int(year), int(month), 1)][became] = count
    return tuple(Month(begins, counts) for begins, counts in found.items())


def of_period(session: Session, viewer: Viewer, months: int) -> Figures:
    """The numbers of the last so many calendar months, this one included."""
    in_months = by_month(session, viewer, months)
    period = _received_between(in_months[0].first, in_months[-1].last)
    counter = _Counter(session, viewer, period)
    total = Figure("Penawaran masuk", sum(month.received for month in in_months), period)
    undated: Asked = (("offer_received_empty", "1"),)
    return Figures(
        months=in_months,
        origins=counter.origins(),
        partner_kinds=counter.by_code("partner_kind", Partner.kind, codes.PARTNER_KINDS, PARTNERS),
        groups=counter.by_code("group", Agreement.group, codes.GROUP_NAMES),
        outcomes=tuple(
            Figure(word, sum(month.of(code) for month in in_months), (*period, ("outcome_equals", code)))
            for code, word in codes.OFFER_OUTCOMES.items()
        ),
        answers=counter.answers(),
        total=total,
        undated=Figure("Tanpa tanggal masuk", _count(session, viewer, undated), undated),
    )


class _Counter:
    """Counts the offers of a period by what they have in common."""

    def __init__(self, session: Session, viewer: Viewer, period: Asked) -> None:
        self.session, self.viewer, self.period = session, viewer, period

    def _tally(self, value: ColumnElement[Any], joined: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return OFFERS.tally(self.session, _state(self.period), self.viewer, value, joined=joined)

    def by_code(self, name: str, column: Any, words: dict[str, str], joined: Sequence[Any] = ()) -> tuple[Figure, ...]:
        """The codes that occur, the commonest first; an offer with several counts at each."""
        counts = dict(self._tally(column, joined))
        found = [
            Figure(words[code], counts[code], (*self.period, (f"{name}_equals", code))) for code in words if code in counts
        ]
        return (*_commonest_first(found), *(self._without(name) if joined else ()))

    def origins(self) -> tuple[Figure, ...]:
        """The regions and countries that most offers come from."""
        known = [(origin, count) for origin, count in self._tally(questions.partner_origin(), PARTNERS) if origin]
        found = [Figure(origin, count, (*self.period, ("partner_origin_equals", origin))) for origin, count in known]
        return (*_commonest_first(found)[:MOST_ORIGINS], *self._without("partner_origin"))

    def _without(self, name: str) -> Iterator[Figure]:
        """Those of which it isn't known, where there are any."""
        asked = (*self.period, (f"{name}_empty", "1"))
        count = _count(self.session, self.viewer, asked)
        if count:
            yield Figure(NOT_KNOWN, count, asked)

    def answers(self) -> Answers:
        """The median from how often each number of days occurs: the same on every database."""
        days = [(number, count) for number, count in self._tally(questions.answer_days(clock.today())) if number is not None]
        answered = Figure("Sudah dijawab", sum(count for _, count in days), (*self.period, ("answer_days_empty", "0")))
        return Answers(median(days), answered)


def median(counted: Iterable[tuple[int, int]]) -> float | None:
    """The median of numbers given as (number, how often); of an even many the middle between the two. None of none."""
    ordered = sorted(counted)
    total = sum(count for _, count in ordered)
    if not total:
        return None
    return (_at(ordered, (total - 1) // 2) + _at(ordered, total // 2)) / 2


def _at(ordered: list[tuple[int, int]], place: int) -> int:
    """The number at this place, counted from 0, of the numbers laid out one by one."""
    for number, count in ordered:
        if place < count:
            return number
        place -= count
    raise IndexError(place)


def _commonest_first(found: list[Figure]) -> list[Figure]:
    return sorted(found, key=lambda figure: (-figure.count, figure.label))


def _count(session: Session, viewer: Viewer, asked: Asked) -> int:
    return OFFERS.count(session, _state(asked, exact=True), viewer)[0]


def _state(asked: Asked, exact: bool = False) -> ListState:
    return ListState(filters=filters_of(OFFERS.filters, asked), exact=exact)


def _received_between(first: date, last: date) -> Asked:
    return (("offer_received_between", f"{first.isoformat()} to {last.isoformat()}"),)


def _period(months: int) -> tuple[date, date]:
    this_month = clock.today().replace(day=1)
    return _months_later(this_month, 1 - months), _months_later(this_month, 1) - timedelta(days=1)


def _months_later(first: date, months: int) -> date:
    """The first day of the month so many months after (or before) this first day of a month."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
