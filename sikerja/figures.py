"""Numbers over the register, each with the filters of the list that shows exactly its rows.

All come from the list of agreements with the viewer who asks, so that scope, bin and validity are those of the list.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, extract
from sqlalchemy.orm import Session

from models import Agreement, AgreementUnit, Partner, Party
from sikerja import clock, gaps, questions
from sikerja.filters import Active, Condition, Rule
from sikerja.listing import ListState, Viewer
from sikerja.lists import AGREEMENTS

FILTERS = {each.name: each for each in AGREEMENTS.filters}
# What monitoring of validity is about: all that was concluded and is neither closed nor terminated.
MONITORED = ("upcoming", "active", "ending", "ended", "renewed", "undated")
NEAR = (30, 60, 90)  # days until the end
NEW_OFFER_DAYS = 7
JUST_ENDED_DAYS = 180  # what ended earlier is no matter of today
MONTHS = 12


@dataclass(frozen=True)
class Asked:
    """One filter of the list of agreements, as it stands in an address."""

    name: str
    operation: str
    value: str


UNDATED = (Asked("validity", "equals", "undated"),)
PROCESS = (Asked("validity", "equals", "process"),)
LATE = (*PROCESS, Asked("overdue", "equals", "1"))
TO_DECIDE = (Asked("validity", "in_list", "ending,ended"), Asked("renewal_decision", "equals", "undecided"))
NEW_OFFERS = (Asked("offer_received", "past_days", str(NEW_OFFER_DAYS)),)


_UNSIGNED = Rule("unsigned", "Belum ditandatangani", codes={"1": "Ya"}, rules={"1": questions.unsigned})


def ending(days: int) -> tuple[Asked, ...]:
    """What ends within so many days, as a monitoring list counts it."""
    return (Asked("validity", "equals", "ending"), Asked("ends_on", "within_days", str(days)))


def active(asked: Sequence[Asked]) -> tuple[Active, ...]:
    """The filters, as a list state holds them."""
    return tuple(Active(FILTERS[each.name], each.operation, each.value) for each in asked)


def _in_process() -> tuple[Active, ...]:
    """The rows of PROCESS. Three plain columns spare the database to work out the validity of all other rows."""
    plain = active((Asked("origin", "equals", "process"), Asked("closed_on", "empty", "1")))
    return (*plain, Active(_UNSIGNED, "equals", "1"), *active(PROCESS))


def condition(asked: Sequence[Asked]) -> Condition:
    """The rows that all of these filters find."""
    return and_(*(each.condition() for each in active(asked)))


def _rows(
    session: Session, viewer: Viewer, filters: tuple[Active, ...], names: Sequence[str], **more: Any
) -> list[dict[str, Any]]:
    return AGREEMENTS.rows(session, ListState(filters=filters, **more), viewer, names)


# --- validity ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Coverage:
    """How much of what was concluded has an end that can be monitored."""

    covered: int
    total: int

    @property
    def undated(self) -> int:
        return self.total - self.covered

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down: 100 only where nothing is missing; 0 for an empty register."""
        return 100 * self.covered // self.total if self.total else 0


@dataclass(frozen=True)
class Terms:
    """Where the terms of all agreements stand today."""

    by_validity: Mapping[str, int]
    ending: Mapping[int, int]  # days ahead -> how many end within them
    to_decide: int

    @property
    def total(self) -> int:
        return sum(self.by_validity.values())

    @property
    def coverage(self) -> Coverage:
        total = sum(self.by_validity[validity] for validity in MONITORED)
        return Coverage(total - self.by_validity["undated"], total)


def terms(session: Session, viewer: Viewer) -> Terms:
    """Validity, ends ahead and open decisions: one pass over the register."""
    today = clock.today()
    near = case(*((Agreement.ends_on <= today + timedelta(days=days), days) for days in NEAR), else_=0)
    by = (questions.validity(today), near, Agreement.renewal_decision == "undecided")
    by_validity: Counter[str] = Counter()
    within: Counter[int] = Counter()
    to_decide = 0
    for validity, days_ahead, undecided, count in AGREEMENTS.tally(session, ListState(), viewer, *by):
        by_validity[validity] += count
        if validity == "ending":
            within.update({days: count for days in NEAR if days_ahead <= days})
        if undecided and validity in ("ending", "ended"):
            to_decide += count
    return Terms(by_validity, within, to_decide)


def month_starts(today: date) -> list[date]:
    """The first days of the last twelve months, this one last."""
    months = [today.year * 12 + today.month - 1 - back for back in reversed(range(MONTHS))]
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def signed_in(first: date) -> tuple[Asked, ...]:
    """What was signed in the month that begins on this day, as far as it has gone."""
    return (Asked("signed_on", "between", _span(first, first)),)


def ended_in(first: date) -> tuple[Asked, ...]:
    """What reached its end in the month that begins on this day, renewed since or not."""
    return (Asked("ends_on", "between", _span(first, first)), Asked("validity", "in_list", "ended,renewed"))


def _span(first: date, last: date) -> str:
    """From a day to the end of another one's month, not beyond today."""
    end = (last.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return f"{first} to {min(end, clock.today())}"


def monthly(session: Session, viewer: Viewer) -> tuple[list[int], list[int]]:
    """How many were signed and how many ended in each of the last twelve months."""
    starts = month_starts(clock.today())
    whole = _span(starts[0], starts[-1])
    signed = (Asked("signed_on", "between", whole),)
    ended = (Asked("ends_on", "between", whole), Asked("validity", "in_list", "ended,renewed"))
    return (
        _by_month(session, viewer, signed, Agreement.signed_on, starts),
        _by_month(session, viewer, ended, Agreement.ends_on, starts),
    )


def _by_month(session: Session, viewer: Viewer, asked: Sequence[Asked], day: Any, starts: Sequence[date]) -> list[int]:
    state = ListState(filters=active(asked))
    found = AGREEMENTS.tally(session, state, viewer, extract("year", day), extract("month", day))
    counts = {(int(year), int(month)): count for year, month, count in found}
    return [counts.get((first.year, first.month), 0) for first in starts]


# --- by what they are about --------------------------------------------------------------------------------------


def _tallied(session: Session, viewer: Viewer, by: Any, joined: Sequence[Any] = ()) -> dict[Any, int]:
    found = AGREEMENTS.tally(session, ListState(), viewer, by, joined=joined)
    return dict(sorted(found, key=lambda pair: -pair[1]))


def by_group(session: Session, viewer: Viewer) -> dict[str, int]:
    """How many agreements of each group, most first."""
    return _tallied(session, viewer, Agreement.group)


def by_sector(session: Session, viewer: Viewer) -> dict[int | None, int]:
    """How many agreements of each sector by its id (None: without one), most first."""
    return _tallied(session, viewer, Agreement.sector_id)


def by_unit(session: Session, viewer: Viewer) -> dict[int, int]:
    """How many agreements each unit has a part in, by its id, most first."""
    return _tallied(session, viewer, AgreementUnit.unit_id, [(AgreementUnit, AgreementUnit.agreement_id == Agreement.id)])


def by_partner_kind(session: Session, viewer: Viewer) -> dict[str, int]:
    """How many agreements with each kind of partner, most first; one with several of a kind counts once."""
    joined = [(Party, Party.agreement_id == Agreement.id), (Partner, Partner.id == Party.partner_id)]
    return _tallied(session, viewer, Partner.kind, joined)


# --- what waits --------------------------------------------------------------------------------------------------


def ages(today: date) -> dict[str, Asked]:
    """How long something has waited: each span with its filter."""

    def back(days: int) -> date:
        return today - timedelta(days=days)

    return {
        "≤ 30 hari": Asked("stage_since", "greater", f"{back(31)}"),
        "31–60 hari": Asked("stage_since", "between", f"{back(60)} to {back(31)}"),
        "61–90 hari": Asked("stage_since", "between", f"{back(90)} to {back(61)}"),
        "> 90 hari": Asked("stage_since", "smaller", f"{back(90)}"),
        "Tanpa tanggal": Asked("stage_since", "empty", "1"),
    }


def waiting(session: Session, viewer: Viewer) -> dict[tuple[str | None, str], int]:
    """How many agreements in process wait with whom (None: not known) and for how long."""
    spans = list(ages(clock.today()).items())
    holder: Any = Agreement.holder
    place = case(*((condition([asked]), number) for number, (_, asked) in enumerate(spans)))
    found = AGREEMENTS.tally(session, ListState(filters=_in_process()), viewer, holder, place)
    return {(held, spans[number][0]): count for held, number, count in found}


URGENT = ("title", "ends_on", "validity", "stage", "stage_since", "holder", "due_on", "overdue")


def just_ended(session: Session, viewer: Viewer, most: int) -> list[dict[str, Any]]:
    """What ended lately while nobody has decided on its renewal, the latest first."""
    asked = (Asked("ends_on", "past_days", str(JUST_ENDED_DAYS)), Asked("validity", "equals", "ended"), TO_DECIDE[1])
    return _rows(session, viewer, active(asked), URGENT, sort="ends_on", desc=True, page_size=most)


def undecided_ends(session: Session, viewer: Viewer, most: int) -> list[dict[str, Any]]:
    """What ends soon while nobody has decided on its renewal, the nearest first."""
    return _rows(session, viewer, active((*ending(NEAR[-1]), TO_DECIDE[1])), URGENT, sort="ends_on", page_size=most)


def longest_waiting(session: Session, viewer: Viewer, most: int) -> list[dict[str, Any]]:
    """What has stood still longest, of that whose stage has a date."""
    filters = (*_in_process(), *active([Asked("stage_since", "empty", "0")]))
    return _rows(session, viewer, filters, URGENT, sort="stage_since", page_size=most)


def nearest_ends(session: Session, viewer: Viewer, most: int) -> list[dict[str, Any]]:
    """What ends soon, the nearest first, with its partners."""
    found = _rows(
        session, viewer, active(ending(NEAR[-1])), ("title", "ends_on", "renewal_decision"), sort="ends_on", page_size=most
    )
    AGREEMENTS.fill(session, found)
    return found


# --- gaps --------------------------------------------------------------------------------------------------------


def gap_counts(session: Session, viewer: Viewer, chosen: Sequence[gaps.Gap] = gaps.GAPS) -> dict[str, int]:
    """How many agreements have each gap, by its key."""
    today = clock.today()
    return AGREEMENTS.fulfilled(session, ListState(), viewer, {gap.key: gap.condition(today) for gap in chosen})


def late(session: Session, viewer: Viewer) -> int:
    """How many agreements in process have passed the limit of their stage."""
    filters = (*_in_process(), *active(LATE[1:]))
    return AGREEMENTS.count(session, ListState(filters=filters, exact=True), viewer)[0]


def new_offers(session: Session, viewer: Viewer) -> int:
    """How many offers came in during the last days."""
    return AGREEMENTS.count(session, ListState(filters=active(NEW_OFFERS), exact=True), viewer)[0]
