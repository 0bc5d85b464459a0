"""What a check tells, and how rows are read so that memory doesn't grow with their number."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

PORTION = 500  # rows at a time; no more than sikerja.search takes at once


class Fault(NamedTuple):
    """One thing that is not as it should be: a fixed code, what it is about, and a sentence for the operator."""

    kind: str
    subject: str
    detail: str


# A check looks through one matter, counts what it has looked at, and tells every fault as it is found.
Check = Callable[[Session, Counter[str]], Iterator[Fault]]


def portions(session: Session, query: Any) -> Iterator[Sequence[Any]]:
    """What the query finds, a portion at a time."""
    yield from session.execute(query.execution_options(yield_per=PORTION)).partitions()


def by_first(session: Session, query: Any) -> dict[Any, list[Any]]:
    """What the query finds, by its first column; the query sorts by it."""
    return {key: list(rows) for key, rows in groupby(session.execute(query), key=itemgetter(0))}
