"""The monitoring lists: the list of agreements, each with the part of the register that one has to keep an eye on."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import case

from models import Agreement
from sikerja import clock, questions
from sikerja.filters import Condition
from sikerja.listing import Column, Listing, ListState
from sikerja.lists.agreements import AGREEMENTS


def _of_validity(validity: str) -> Callable[[ListState], Sequence[Condition]]:
    """The agreements of that validity today."""
    return lambda _state: [questions.validity(clock.today()) == validity]


def _ending(state: ListState) -> Sequence[Condition]:
    """What ends from today to the end of the window; without one exactly what counts as about to end."""
    today = clock.today()
    last = today + timedelta(days=state.window or questions.ENDING_DAYS)
    in_force = questions.validity(today).in_(("ending", "active"))
    return [in_force, Agreement.ends_on >= today, Agreement.ends_on <= last]


# How the columns of these lists differ from those of the register: room is short, and a badge is no text.
_OTHERWISE: dict[str, dict[str, Any]] = {
    "renewal_decision": {"label": "Perpanjangan", "css": "c-validity"},
    "closed_as": {"css": "c-validity"},
    "days_left": {"css": "c-date"},
}
# In process a stage has no place and no days beside it.
_IN_PROCESS: dict[str, dict[str, Any]] = {
    "stage": {"css": "c-unit"},
    "stage_since": {"css": "c-since"},
    "overdue": {"css": "c-late"},
    "next_step": {"css": "c-step"},
}
COLUMNS = (
    *(replace(column, **_OTHERWISE.get(column.name, {})) for column in AGREEMENTS.columns),
    Column("duration", "Jangka waktu", Agreement.duration, sort=False),
    # The fewest days wait those that came last.
    Column("days_waiting", "Menunggu", sort=questions.stage_since, backwards=True, css="c-date"),
)


def _part(scope: Callable[[ListState], Sequence[Condition]], *order: tuple[object, bool]) -> Listing:
    return replace(AGREEMENTS, columns=COLUMNS, scope=scope, order=order)


_decided = case((Agreement.renewal_decision == "undecided", 0), else_=1)

ENDING = _part(_ending, (_decided, False), (Agreement.ends_on, False))
ENDED = _part(_of_validity("ended"), (Agreement.ends_on, True))
UNDATED = _part(_of_validity("undated"), (Agreement.id, True))
PROCESS = replace(
    _part(
        _of_validity("process"),
        (lambda today: case((questions.overdue(today), 0), else_=1), False),
        (Agreement.stage_since, False),
    ),
    columns=tuple(replace(column, **_IN_PROCESS.get(column.name, {})) for column in COLUMNS),
)
CLOSED = _part(_of_validity("closed"), (Agreement.closed_on, True))
