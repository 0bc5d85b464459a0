"""The rows of a synthetic register, the same for the same number on the same day: dates stand as text, ids are given here.

Arrivals spread evenly over the years; what comes of each (how far it went, how long it runs, what follows it) is drawn.
"""

import random
from bisect import bisect
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from sqlalchemy.sql.schema import ScalarElementColumnDefault

from extensions import Base
from rules import codes
from rules.grounds import GOAL
from rules.law import walks
from rules.law_parts import Procedure, StageRule
from rules.text import fold, words
from sikerja.synthetic import walking
from sikerja.synthetic.words import (
    ACTS,
    AIMS,
    FILES,
    GROUPS,
    PARTNERS,
    PLACES,
    RARE,
    RARE_EVERY,
    REGIONS,
    SENTENCES,
    SUBJECTS,
)  # fmt: skip

SEED = 2026
YEARS = 9  # how far back the first arrival lies
PARTNER_COUNT = 5000
OUR_NUMBER = "B-{:06d}/KS/2024"
ARCHIVED, RENEWING, IMPLEMENTING = 0.10, 0.10, 0.20  # shares
_MOMENT = " 08:00:00.000000"
_TERMS = (1, 1, 2, 3, 3, 3, 5, 5)  # years that agreements run

COLUMNS: dict[str, tuple[str, ...]] = {
    "partner": ("id", "name", "name_key", "kind", "region", "country", "created_at", "updated_at"),
    "agreement": (
        "id", "register_no", "origin", "group", "procedure_id", "procedure_version_id", "instrument", "title", "title_key",
        "sector_id", "root_id", "lead_partner_id", "lead_unit_id", "year", "place_signed", "signed_on", "starts_on",
        "ends_on", "first_ends_on", "open_ended", "open_ended_reason", "duration", "value", "scope", "offer_number",
        "offer_date", "offer_received", "terminated_on", "terminated_as", "terminated_reason", "closed_on", "closed_as",
        "closed_reason", "current_stage_id", "stage_since", "holder", "underway_since", "due_on", "created_at", "updated_at",
    ),
    "party": ("agreement_id", "side", "position", "partner_id", "number", "number_key", "binding"),
    "agreement_unit": ("agreement_id", "unit_id", "role", "position"),
    "stage": walking.STAGE_COLUMNS,
    "stage_event": walking.EVENT_COLUMNS,
    "attachment": (
        "id", "agreement_id", "kind", "title", "title_key", "document_date", "original_name", "digest", "size", "format",
        "pages", "series_id", "created_at", "updated_at",
    ),
    "link": ("kind", "from_id", "to_id"),
    "agreement_search": ("agreement_id", "document", "words"),
    "counter": ("year", "last"),
}  # fmt: skip


def _constants(table: str) -> tuple[tuple[str, Any], ...]:
    """What stands in every row of a table beside the columns above: the defaults that the models give."""
    others = [each for each in Base.metadata.tables[table].columns if each.name not in COLUMNS[table]]
    return tuple((each.name, each.default.arg) for each in others if isinstance(each.default, ScalarElementColumnDefault))


_CONSTANTS = {table: _constants(table) for table in COLUMNS}
COLUMNS = {table: (*names, *(name for name, _ in _CONSTANTS[table])) for table, names in COLUMNS.items()}
_REST = {table: tuple(value for _, value in constants) for table, constants in _CONSTANTS.items()}


class Kind(NamedTuple):
    """A kind of cooperation: its id, that of its version in force, what that prescribes."""

    id: int
    version_id: int
    content: Procedure


class Named(NamedTuple):
    """A partner or unit, and what an agreement is found by because of it."""

    id: int
    name: str
    found_by: str


class Blob(NamedTuple):
    """A file in the store."""

    digest: str
    size: int
    format: str
    pages: int | None


class Reference(NamedTuple):
    """What the rows point at."""

    kinds: Mapping[str, Kind]
    units: Sequence[Named]
    sectors: Sequence[int]
    blobs: Sequence[Blob]


class Above(NamedTuple):
    """What an agreement hangs on, or may."""

    id: int
    root_id: int
    instrument: str
    ends: int  # ordinal of its last day, 0 where it has none


def named(key: int, name: str, short: str = "") -> Named:
    """A partner or unit with what it is found by."""
    return Named(key, name, f"{name} {short}".strip())


@lru_cache(maxsize=20_000)
def iso(day: int | None) -> str | None:
    """The date of an ordinal as text; None stays None."""
    return None if day is None else date.fromordinal(day).isoformat()


class Maker:
    """Makes the rows of `count` agreements as of `today`, portion by portion, in order."""

    def __init__(self, reference: Reference, count: int, today: date) -> None:
        self.random = random.Random(SEED)  # noqa: S311 - to be drawn the same again is the point
        self.reference, self.count, self.today = reference, count, today.toordinal()
        self.first = self.today - YEARS * 365
        self.walker = walking.Walker(self.random, self.today)
        self.shares = list(accumulate(share for share, *_ in GROUPS.values()))
        self.of_kind: dict[str, list[Named]] = {}
        self.umbrellas: dict[str, deque[Above]] = defaultdict(lambda: deque(maxlen=200))
        self.renewable: dict[str, deque[Above]] = defaultdict(lambda: deque(maxlen=500))
        self.arrivals: dict[int, int] = defaultdict(int)
        self.file_id = 0

    def partners(self) -> list[tuple[Any, ...]]:
        """The rows of all partners."""
        made: list[tuple[Any, ...]] = []
        when = f"{iso(self.first)}{_MOMENT}"
        for kind, (share, heads) in PARTNERS.items():
            mine = self.of_kind[kind] = []
            for number in range(round(share * PARTNER_COUNT)):
                name = f"{heads[number % len(heads)]} {number + 1:04d}"
                abroad = "luar_negeri" in kind
                region, country = ("", "Jepang") if abroad else (REGIONS[number % len(REGIONS)], "Indonesia")
                mine.append(named(len(made) + 1, name))
                made.append((len(made) + 1, name, fold(name), kind, region, country, when, when, *_REST["partner"]))
        return made

    def counters(self) -> list[tuple[Any, ...]]:
        """How many arrived in each year."""
        return [(year, last) for year, last in sorted(self.arrivals.items())]

    def portion(self, start: int, stop: int) -> dict[str, list[tuple[Any, ...]]]:
        """The rows of the agreements from the `start`-th to before the `stop`-th (from 0), by table, parents first."""
        made: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS if table not in ("partner", "counter")}
        for number in range(start, stop):
            for table, row in self._agreement(number):
                made[table].append((*row, *_REST[table]))
        return made

    def _agreement(self, number: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
        draw = self.random.random
        key, arrived = number + 1, self.first + number * (YEARS * 365) // self.count
        group = list(GROUPS)[min(bisect(self.shares, draw()), len(GROUPS) - 1)]
        _, procedures, partner_kinds, instruments = GROUPS[group]
        kind = self.reference.kinds[self.random.choice(procedures)]
        instrument = self.random.choices(list(instruments), list(instruments.values()))[0]
        archived = draw() < ARCHIVED
        link, above = self._above(group, instrument, arrived)
        rules = _rules(kind.content, instrument, above.instrument if above and link == "implements" else None)
        way = self.walker.archived(arrived) if archived else self.walker.walk(key, rules, arrived)
        term = self.walker.term(way.signed, self.random.choice(_TERMS))
        partners = self._partners(partner_kinds)
        units = self.random.sample(self.reference.units, self.random.choices((1, 2, 3), (0.7, 0.2, 0.1))[0])
        root = above.root_id if above else key
        numbers = [OUR_NUMBER.format(key), *(f"{key}.{place}/MITRA/{iso(arrived):.4}" for place in range(len(partners)))]
        year = int(str(iso(arrived))[:4])
        self.arrivals[year] += 1
        title = self._title()
        register_no = f"KS-{year}-{self.arrivals[year]:04d}"
        head = (key, register_no, "archive" if archived else "process", group, kind.id)
        about = (None if archived else kind.version_id, instrument, title, fold(title))
        held = (self.random.choice(self.reference.sectors), root, partners[0].id, units[0].id, year)
        offered = (f"{number % 997 + 1}/UJI/{year}", iso(arrived), iso(arrived)) if way.stages else ("", None, None)
        yield "agreement", (*head, *about, *held, *self._texts_and_dates(way, term, offered, arrived))
        yield from self._parts(key, partners, units, numbers, not archived)
        yield from (("stage", row) for row in way.stages)
        yield from (("stage_event", row) for row in way.events)
        yield from self._files(key, arrived, way.signed)
        if above:
            yield "link", (link, key, above.id)
        found_by = " ".join((register_no, title, offered[0], *numbers, *(each.found_by for each in (*partners, *units))))
        yield "agreement_search", (key, fold(found_by), words(found_by))
        self._remember(group, Above(key, root, instrument, term.ends or 0), way.signed)

    def _above(self, group: str, instrument: str, arrived: int) -> tuple[str, Above | None]:
        """What a new agreement hangs on: now and then one that ends by then, or for a PKS a KB of the group."""
        due = self.renewable[group]
        if self.random.random() < RENEWING and due and due[0].ends < arrived + 100 and due[0].instrument == instrument:
            return "renews", due.popleft()
        if instrument == "pks" and self.umbrellas[group] and self.random.random() < IMPLEMENTING:
            return "implements", self.random.choice(self.umbrellas[group])
        return "", None

    def _remember(self, group: str, made: Above, signed: int | None) -> None:
        if signed is not None and made.instrument == "kb":
            self.umbrellas[group].append(made)
        if signed is not None and made.ends:
            self.renewable[group].append(made)

    def _partners(self, kinds: Sequence[str]) -> list[Named]:
        """Mostly one, sometimes two or three; a few partners hold many agreements, most hold few."""
        choices = self.of_kind[self.random.choice(kinds)]
        wanted = self.random.choices((1, 2, 3), (0.85, 0.12, 0.03))[0]
        found = {int(len(choices) * self.random.random() ** 3) for _ in range(wanted)}
        return [choices[place] for place in sorted(found)]

    def _title(self) -> str:
        pick = self.random.choice
        rare = f" dan {pick(RARE)}" if self.random.randrange(RARE_EVERY) == 0 else ""
        return f"{pick(ACTS)} {pick(SUBJECTS)}{rare} {pick(AIMS)}"

    def _texts_and_dates(self, way: walking.Way, term: walking.Term, offered: tuple[Any, ...], arrived: int) -> tuple[Any, ...]:
        draw = self.random.random
        value = self.random.randrange(10, 5000) * 1_000_000 if draw() < 0.6 else None
        scope = " ".join(self.random.sample(SENTENCES, 3))
        ended = (iso(term.terminated), GOAL, "Tujuan kerja sama tercapai.") if term.terminated else (None, "", "")
        closed: tuple[str | None, str | None, str] = (None, None, "")
        if way.may_be_closed and draw() < 0.4:
            closed = (iso(min(self.today, arrived + 150)), self.random.choice(list(codes.OUTCOMES)), "Tidak dilanjutkan.")
        dates = (iso(way.signed), iso(term.starts), iso(term.ends), iso(term.ends), term.open_ended)
        moment = f"{iso(arrived)}{_MOMENT}"
        place = self.random.choice(PLACES) if way.signed else ""
        reason = "Berlaku sampai diakhiri para pihak." if term.open_ended else ""
        return (place, *dates, reason, term.duration, value, scope, *offered, *ended, *closed, *way.standing, moment, moment)

    def _parts(
        self, key: int, partners: Sequence[Named], units: Sequence[Named], numbers: Sequence[str], binding: bool
    ) -> Iterator[tuple[str, tuple[Any, ...]]]:
        yield "party", (key, "ours", 0, None, numbers[0], numbers[0].lower(), binding)
        for place, (partner, number) in enumerate(zip(partners, numbers[1:], strict=True)):
            yield "party", (key, "partner", place, partner.id, number, number.lower(), binding)
        for place, unit in enumerate(units):
            yield "agreement_unit", (key, unit.id, "terkait" if place else "pemrakarsa", place)

    def _files(self, key: int, arrived: int, signed: int | None) -> Iterator[tuple[str, tuple[Any, ...]]]:
        kinds = FILES if signed else FILES[1:5]
        for kind, title in self.random.sample(kinds, self.random.choice((1, 2, 2, 3))):
            self.file_id += 1
            blob = self.reference.blobs[self.file_id % len(self.reference.blobs)]
            day = iso(signed if kind == "naskah_final" and signed else arrived)
            moment = f"{day}{_MOMENT}"
            about = (kind, title, fold(title), day, f"{kind}.pdf")
            yield "attachment", (self.file_id, key, *about, *blob, self.file_id, moment, moment)


@lru_cache(maxsize=200)
def _rules(content: Procedure, instrument: str, parent: str | None) -> tuple[StageRule, ...]:
    return walks(content, instrument, parent=parent)
