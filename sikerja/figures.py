"""Numbers over the register, each with the filters of the list that shows exactly its rows.

All come from the list of agreements with the viewer who asks, so that scope, bin and validity are those of the list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_
from sqlalchemy.orm import Session

from sikerja import clock, gaps, questions
from sikerja.filters import Active, Condition
from sikerja.listing import ListState, Viewer
from sikerja.lists import AGREEMENTS

FILTERS = {each.name: each for each in AGREEMENTS.filters}
# What monitoring of validity is about: all that was concluded and is neither closed nor terminated.
MONITORED = ("upcoming", "active", "ending", "ended", "renewed", "undated")


@dataclass(frozen=True)
class Asked:
    """One filter of the list of agreements, as it stands in an address."""

    name: str
    operation: str
    value: str


def active(asked: Sequence[Asked]) -> tuple[Active, ...]:
    """The filters, as a list state holds them."""
    return tuple(Active(FILTERS[each.name], each.operation, each.value) for each in asked)


def condition(asked: Sequence[Asked]) -> Condition:
    """The rows that all of these filters find."""
    return and_(*(each.condition() for each in active(asked)))


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


def validities(session: Session, viewer: Viewer) -> dict[str, int]:
    """How many agreements have each validity; one that nothing has is left out."""
    return dict(AGREEMENTS.tally(session, ListState(), viewer, questions.validity(clock.today())))


def coverage(by_validity: Mapping[str, int]) -> Coverage:
    """The coverage that follows from the counts by validity."""
    total = sum(by_validity.get(validity, 0) for validity in MONITORED)
    return Coverage(total - by_validity.get("undated", 0), total)


def gap_counts(session: Session, viewer: Viewer, chosen: Sequence[gaps.Gap] = gaps.GAPS) -> dict[str, int]:
    """How many agreements have each gap, by its key."""
    today = clock.today()
    return AGREEMENTS.counts(session, ListState(), viewer, {gap.key: gap.condition(today) for gap in chosen})
