"""Validity in SQL against a plain reading of the rules, over random registers, on days where dates are at their worst.

The reading below is written from the register's contract alone and shares no line with the application. What SQL says must
be the same wherever it is asked: column, filter, sort, count, tally and file.
"""

import csv
import io
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from models import Base
from sikerja import clock, filters, lists, questions
from sikerja.listing import ListState
from tests.people import Person

DAYS = (date(2026, 11, 24), date(2028, 2, 29), date(2027, 12, 31), date(2027, 3, 1), date(2028, 3, 1), date(2027, 1, 1))
ROWS = 60
KINDS = ("renews", "renews", "follows", "follows", "amends", "implements")
SEEDS = st.integers(0, 2**32 - 1)
WORDS = {
    "closed": "Ditolak", "terminated": "Diakhiri", "process": "Dalam proses", "upcoming": "Akan berlaku",
    "renewed": "Sudah diperpanjang", "ended": "Sudah berakhir", "ending": "Segera berakhir", "active": "Berlaku",
    "undated": "Tanpa tanggal akhir",
}  # fmt: skip


@dataclass
class Paper:
    """One agreement of a random register; its links are (kind, place of another paper in it)."""

    origin: str
    signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    open_ended: bool
    terminated_on: date | None
    closed_on: date | None
    binned: bool
    links: list[tuple[str, int]] = field(default_factory=list)


# --- the plain reading -------------------------------------------------------------------------------------------


def reading(papers: Sequence[Paper], place: int, today: date) -> str:
    """The validity of one paper: the nine rules of the contract, from top to bottom, the first that fits."""
    it = papers[place]
    start = it.signed_on if it.starts_on is None else it.starts_on
    days_left = None if it.ends_on is None else (it.ends_on - today).days
    is_over = days_left is not None and days_left < 0
    rules = (
        ("closed", it.closed_on is not None),
        ("terminated", it.terminated_on is not None and not it.terminated_on > today),
        ("process", it.origin == "process" and (it.signed_on is None or it.signed_on > today)),
        ("upcoming", start is not None and start > today),
        ("renewed", is_over and any(is_signed_successor(other, place, today) for other in papers)),
        ("ended", is_over),
        ("ending", days_left is not None and 0 <= days_left <= 90),
        ("active", days_left is not None or it.open_ended),
        ("undated", True),
    )
    return next(word for word, fits in rules if fits)


def is_signed_successor(other: Paper, place: int, today: date) -> bool:
    """True where that paper is signed, not in the bin, and renews or follows the one at this place."""
    if other.binned or other.signed_on is None or other.signed_on > today:
        return False
    return any(kind in ("renews", "follows") and target == place for kind, target in other.links)


# --- random registers --------------------------------------------------------------------------------------------


def days_around(today: date) -> list[date]:
    """Days at the borders of the rules, ends of months, leap days, and some far off."""
    edges = [today + timedelta(days=days) for days in (-366, -365, -91, -90, -2, -1, 0, 1, 2, 89, 90, 91, 92, 365, 366)]
    firsts = [date(today.year + (today.month + n) // 12, (today.month + n) % 12 + 1, 1) for n in range(-14, 14)]
    lasts = [first - timedelta(days=1) for first in firsts]
    far = [date(1945, 8, 17), date(2024, 2, 29), date(2028, 2, 29), date(2032, 2, 29), date(2199, 12, 31)]
    return [*edges, *edges, *edges, *firsts, *lasts, *far]


def register(seed: int, today: date) -> list[Paper]:
    """The random register of that seed: sixty papers, some of which renew, follow, amend or implement others."""
    dice = random.Random(seed)
    days = days_around(today)

    def perhaps(chance: float) -> date | None:
        return dice.choice(days) if dice.random() < chance else None

    papers = [
        Paper(
            origin=dice.choice(("process", "archive")), signed_on=perhaps(0.7), starts_on=perhaps(0.4),
            ends_on=perhaps(0.7), open_ended=dice.random() < 0.4, terminated_on=perhaps(0.15), closed_on=perhaps(0.1),
            binned=dice.random() < 0.2,
        )
        for _ in range(ROWS)
    ]  # fmt: skip
    for paper in papers:
        start = paper.starts_on or paper.signed_on
        if paper.origin == "process" and start and paper.ends_on and paper.ends_on < start:
            paper.signed_on, paper.starts_on, paper.ends_on = paper.ends_on, None, start  # the database refuses it
    _link(dice, papers)
    return papers


def _link(dice: random.Random, papers: list[Paper]) -> None:
    """Links as the database takes them: none to oneself, none twice, one renewal a paper."""
    made: set[tuple[str, int, int]] = set()
    for _ in range(60):
        kind, source, target = dice.choice(KINDS), dice.randrange(ROWS), dice.randrange(ROWS)
        renewed = kind == "renews" and any(each[0] == kind and each[2] == target for each in made)
        if source != target and not renewed and (kind, source, target) not in made:
            made.add((kind, source, target))
            papers[source].links.append((kind, target))


@pytest.fixture
def empty(session: Session) -> Session:
    """A session over a register without any agreement, and without what hangs on one."""
    agreement = Base.metadata.tables["agreement"]
    session.execute(update(agreement).values(root_id=None))
    on_stages = ("deadline", "stage_document", "stage_event", "answer")
    hanging = ("link", "agreement_unit", "party", "agreement_search", "attachment", "stage", "agreement")
    for name in (*on_stages, *hanging):
        session.execute(delete(Base.metadata.tables[name]))
    session.commit()
    return session


def write_down(session: Session, papers: Sequence[Paper]) -> list[int]:
    """Put these papers in the place of those that are there; returns their ids in order."""
    agreements, links = Base.metadata.tables["agreement"], Base.metadata.tables["link"]
    session.execute(delete(links))
    session.execute(delete(agreements))
    session.execute(insert(agreements), [_row(place, paper) for place, paper in enumerate(papers)])
    ids = list(session.scalars(select(agreements.c.id).order_by(agreements.c.register_no)))
    linked = [
        {"kind": kind, "from_id": ids[place], "to_id": ids[target]}
        for place, paper in enumerate(papers)
        for kind, target in paper.links
    ]
    if linked:
        session.execute(insert(links), linked)
    session.commit()
    return ids


def _row(place: int, paper: Paper) -> dict[str, Any]:
    return {
        "register_no": _number(place), "title": f"Naskah {place}", "title_key": f"naskah {place}", "group": "ksdpk",
        "instrument": "pks", "origin": paper.origin, "signed_on": paper.signed_on, "starts_on": paper.starts_on,
        "ends_on": paper.ends_on, "open_ended": paper.open_ended, "terminated_on": paper.terminated_on,
        "closed_on": paper.closed_on, "closed_as": "refused" if paper.closed_on else None,
        "deleted_at": clock.now() if paper.binned else None,
    }  # fmt: skip


def _number(place: int) -> str:
    return f"KS-0000-{place:04d}"


# --- the comparison ----------------------------------------------------------------------------------------------

CLERK: Any = SimpleNamespace(id=0, role="staff", unit_id=None)


def state(query: str = "", **more: Any) -> ListState:
    return ListState(filters=tuple(filters.read(parse_qsl(query), lists.AGREEMENTS.filters)), page_size=200, **more)


def shown(session: Session, asked: ListState) -> list[int]:
    """The ids on a list, in its order; the list's own total agrees."""
    page = lists.AGREEMENTS.page(session, asked, CLERK, ("validity",))
    assert lists.AGREEMENTS.count(session, asked, CLERK) == (len(page.rows), False)
    return [row["id"] for row in page.rows]


def in_file(person: Person, query: str = "") -> dict[str, str]:
    """Register number -> validity in words, of every row of the file."""
    text = person.get(f"/admin/agreement/export/csv/?{query}").text.removeprefix("\ufeff")
    return {row["Nomor Register"]: row["Masa Berlaku"] for row in csv.DictReader(io.StringIO(text))}


@pytest.mark.parametrize("today", DAYS, ids=str)
@settings(max_examples=35, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=SEEDS)
def test_sql_reads_the_validity_as_the_rules_say(app: Flask, empty: Session, today: date, seed: int) -> None:
    app.config["SIKERJA_TODAY"] = today
    papers = register(seed, today)
    ids = write_down(empty, papers)
    said = {ids[place]: reading(papers, place, today) for place in range(ROWS)}
    living = {key: word for place, (key, word) in enumerate(said.items()) if not papers[place].binned}
    expected = Counter(living.values())

    values = lists.AGREEMENTS.values(empty, ids, ("validity",))
    assert {key: row["validity"] for key, row in values.items()} == said
    assert dict(lists.AGREEMENTS.tally(empty, state(), CLERK, questions.validity(today))) == expected
    each = [state(f"flt0_validity_equals={word}") for word in WORDS]
    others = [state(f"flt0_validity_not_equal={word}") for word in WORDS]
    counted = [number for number, _ in lists.AGREEMENTS.counts(empty, [*each, *others], CLERK)]
    assert counted == [expected[word] for word in WORDS] + [len(living) - expected[word] for word in WORDS]
    assert [living[key] for key in shown(empty, state(sort="validity"))] == sorted(living.values())
    some = random.Random(seed).sample(list(WORDS), 3)
    found = shown(empty, state(f"flt0_validity_in_list={','.join(some)}"))
    assert set(found) == {key for key, word in living.items() if word in some}


@pytest.mark.parametrize("today", DAYS, ids=str)
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=SEEDS)
def test_list_and_file_of_a_validity_hold_the_rows_that_the_rules_say(
    app: Flask, empty: Session, sinta: Person, today: date, seed: int
) -> None:
    app.config["SIKERJA_TODAY"] = today
    papers = register(seed, today)
    write_down(empty, papers)
    said = {_number(place): reading(papers, place, today) for place in range(ROWS) if not papers[place].binned}

    assert in_file(sinta) == {number: WORDS[word] for number, word in said.items()}
    for word, told in WORDS.items():
        fitting = {number for number, each in said.items() if each == word}
        url = f"flt0_validity_equals={word}&page_size=200&sort=validity"
        assert set(sinta.keys(f"/admin/agreement/?{url}")) == fitting
        assert sinta.total(f"/admin/agreement/?{url}") == len(fitting)
        assert in_file(sinta, url) == dict.fromkeys(fitting, told)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_the_random_registers_hold_every_validity(today: date) -> None:
    """What is never drawn is never tested."""
    found: Counter[str] = Counter()
    for seed in range(40):
        papers = register(seed, today)
        found.update(reading(papers, place, today) for place in range(ROWS))

    assert set(found) == set(WORDS)
    assert min(found.values()) >= 10, found
