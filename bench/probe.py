"""What to ask a register for, so that every run over the same rows asks for the same: words, a number, codes, a key."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, create_engine, text

FREQUENT, RARE, FILTERED = 0.05, 1 / 5000, 0.0057  # shares of the rows that are looked for
YEAR = 2024
CANDIDATES = 12
_WORD = re.compile(r"[a-z]{5,}")


@dataclass(frozen=True)
class Probe:
    """The values of one register. `today` is the day in the city."""

    total: int
    today: date
    frequent_word: str
    rare_word: str
    two_letters: str
    number: str
    our_number: str
    group: str
    instrument: str
    first_day: date
    last_day: date
    key: int

    def as_json(self) -> dict[str, Any]:
        """For the pipe to a subject."""
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Probe":
        """As it came out of the pipe."""
        days = {name: date.fromisoformat(told[name]) for name in ("today", "first_day", "last_day")}
        return cls(**told | days)


def look(url: str) -> Probe:
    """Choose the values by looking through the register once."""
    engine = create_engine(url)
    with engine.connect() as connection:
        probe = _look(connection)
    engine.dispose()
    return probe


def _look(connection: Connection) -> Probe:
    total = connection.scalar(text("SELECT count(*) FROM agreement WHERE deleted_at IS NULL")) or 0
    first, last = date(YEAR, 1, 1), date(YEAR, 12, 31)
    kinds = connection.execute(
        text(
            'SELECT "group", instrument, count(*) FROM agreement WHERE deleted_at IS NULL '
            "AND signed_on BETWEEN :first AND :last GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        {"first": first.isoformat() if connection.dialect.name == "sqlite" else first,
         "last": last.isoformat() if connection.dialect.name == "sqlite" else last},
    ).all()  # fmt: skip
    group, instrument, _ = min(kinds, key=lambda row: abs(row[2] / total - FILTERED))
    counts = _words(connection)
    frequent = _nearest(connection, counts, total, FREQUENT)
    chosen = connection.execute(
        text(
            "SELECT a.id, a.register_no, t.number FROM agreement a JOIN party t ON t.agreement_id = a.id AND t.side = 'ours' "
            "WHERE a.deleted_at IS NULL AND t.number <> '' AND a.id >= (SELECT min(id) FROM agreement) + :middle "
            "ORDER BY a.id LIMIT 1"
        ),
        {"middle": total // 3},
    ).one()
    today = datetime.now(ZoneInfo("Asia/Makassar")).date()
    rare = _nearest(connection, counts, total, RARE)
    return Probe(
        total, today, frequent, rare, frequent[:2], chosen[1], chosen[2], group, instrument, first, last, chosen[0]
    )  # fmt: skip


def _words(connection: Connection) -> Counter[str]:
    """In how many titles each word stands."""
    titles = connection.execution_options(yield_per=5000).scalars(
        text("SELECT title_key FROM agreement WHERE deleted_at IS NULL")
    )
    counts: Counter[str] = Counter()
    for title in titles:
        counts.update(set(_WORD.findall(title)))
    return counts


def _nearest(connection: Connection, counts: Counter[str], total: int, share: float) -> str:
    """The word nearest to that share of the titles that stands in no partner's and no unit's name.

    (Such a word finds the same rows for whoever searches titles alone as for whoever searches parties too.)
    """
    wanted = max(1.0, total * share)
    near = sorted(counts, key=lambda word: (abs(counts[word] - wanted), word))
    exact = {word: _found(connection, word) for word in _absent(connection, near)}
    return min(exact, key=lambda word: (abs(exact[word] - wanted), word))


def _absent(connection: Connection, words: Iterable[str]) -> list[str]:
    names = "\n".join(
        connection.scalars(
            text("SELECT name_key FROM partner UNION SELECT name_key FROM unit UNION SELECT lower(short) FROM unit")
        )
    )
    found: list[str] = []
    for word in words:
        if len(found) == CANDIDATES:
            break
        if word not in names:
            found.append(word)
    return found


def _found(connection: Connection, word: str) -> int:
    asked = text("SELECT count(*) FROM agreement WHERE deleted_at IS NULL AND title_key LIKE :like")
    return connection.scalar(asked, {"like": f"%{word}%"}) or 0
