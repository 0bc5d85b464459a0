"""Register numbers: KS-2026-0001, in the order of arrival, never given twice."""

import re
from typing import NamedTuple

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import Counter
from sikerja import clock

_REGISTER_NO = re.compile(r"KS-(\d{4})-(\d{4,})", re.ASCII)


class Parts(NamedTuple):
    """What a register number says: the year, and the how-manieth of it."""

    year: int
    number: int


def parts_of(register_no: str) -> Parts | None:
    """The parts of a register number; None where it isn't one."""
    found = _REGISTER_NO.fullmatch(register_no)
    return Parts(int(found[1]), int(found[2])) if found else None


def next_register_no(session: Session) -> str:
    """The next register number of this year; the counter's row is locked until the transaction ends."""
    year = clock.today().year
    last = session.scalar(update(Counter).where(Counter.year == year).values(last=Counter.last + 1).returning(Counter.last))
    if last is None:
        last = _first_of_year(session, year)
    return f"KS-{year}-{last:04d}"


def _first_of_year(session: Session, year: int) -> int:
    """Begin the year's count; where someone began it in the same moment, count on."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    begun = insert(Counter).values(year=year, last=1)
    counted = begun.on_conflict_do_update(index_elements=["year"], set_={"last": Counter.last + 1})
    return session.scalar(counted.returning(Counter.last))  # type: ignore[return-value]  # RETURNING gives a row
