"""A holiday that comes, changes or goes moves the deadlines that run, and the clerk is told which.

Two drafts lie with the assembly since 2 March 2026: 45 working days without 7 holidays end on 13 May 2026. The day after is
one, and cuti bersama follows, so that one holiday more moves it to 18 May. Today is 24 November 2026.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from extensions import db
from models import Deadline, Holiday, Stage, StageEvent
from sikerja.process import holidays
from sikerja.process.times import Moved
from tests.people import Person
from tests.rows import ask, change, rows
from tests.ways import Way

DPRD = "persetujuan_dprd"
WORKING_DAY = {"on": "15/4/2026", "name": "Hari jadi kota", "kind": "daerah"}


@dataclass(frozen=True)
class Waiting:
    """A draft that lies with the assembly: what it is known by, let go of."""

    register_no: str
    stage_id: int


@pytest.fixture
def waiting(app: Flask) -> Waiting:
    with app.app_context():
        way = Way(db.session(), "ksdpl", "naskah").walk(DPRD)
        way.move("start", DPRD, date(2026, 3, 2))
        return Waiting(way.agreement.register_no, way.stage(DPRD).id)


def due(app: Flask, waiting: Waiting) -> date:
    """What the stage is due by, as it stands in the database."""
    found: date = ask(app, select(Stage.law_due_on).where(Stage.id == waiting.stage_id))[0]
    return found


def told(person: Person, answer: Any) -> str:
    assert answer.status_code == 302, answer.text
    return str(person.get(answer.headers["Location"]).text)


def add(person: Person, **changes: str) -> Any:
    return person.post("/admin/holiday/new/", WORKING_DAY | changes)


def newest(app: Flask) -> str:
    return str(max(ask(app, select(Holiday.id))))


def test_a_holiday_that_is_added_moves_what_runs_and_says_so(app: Flask, sinta: Person, waiting: Waiting) -> None:
    page = told(sinta, add(sinta))

    assert f"1 tenggat berubah: {waiting.register_no}, Persetujuan DPRD: 13 Mei 2026 menjadi 18 Mei 2026." in page
    assert due(app, waiting) == date(2026, 5, 18)


def test_it_leaves_an_event_at_the_stage(app: Flask, sinta: Person, waiting: Waiting) -> None:
    add(sinta)

    with app.app_context():
        events = select(StageEvent).where(StageEvent.stage_id == waiting.stage_id).order_by(StageEvent.id.desc())
        row = db.session.scalars(events).first()
    assert row is not None
    assert (row.verb, row.remark, row.user_name) == ("deadline", "13 Mei 2026 menjadi 18 Mei 2026", "Staf Kerja Sama Contoh")
    assert json.loads(row.facts) == {"before": "2026-05-13", "after": "2026-05-18"}


def test_a_holiday_that_is_changed_binned_and_taken_back_moves_it_each_time(app: Flask, andi: Person, waiting: Waiting) -> None:
    add(andi)
    key = newest(app)
    back, forth = "18 Mei 2026 menjadi 13 Mei 2026", "13 Mei 2026 menjadi 18 Mei 2026"

    assert back in told(andi, andi.post(f"/admin/holiday/edit/?id={key}", WORKING_DAY | {"on": "18/4/2026"}))  # a Saturday
    assert forth in told(andi, andi.post(f"/admin/holiday/edit/?id={key}", WORKING_DAY))
    assert back in told(andi, andi.post("/admin/holiday/delete/", {"id": key}))
    assert due(app, waiting) == date(2026, 5, 13)
    assert forth in told(andi, andi.post("/admin/holiday/restore/", {"id": key}))
    many = {"rowid": key, "action": "delete"}
    assert back in told(andi, andi.post("/admin/holiday/action/", many))
    assert forth in told(andi, andi.post("/admin/holiday/action/", many | {"action": "restore"}))
    assert due(app, waiting) == date(2026, 5, 18)


def test_a_day_that_moves_nothing_is_saved_in_silence(app: Flask, sinta: Person, waiting: Waiting) -> None:
    assert "berubah:" not in told(sinta, add(sinta, on="12/12/2026"))
    assert due(app, waiting) == date(2026, 5, 13)


def test_a_holiday_that_is_refused_moves_nothing(app: Flask, sinta: Person, waiting: Waiting) -> None:
    before = rows(app)

    assert add(sinta, on="17/8/2026").status_code == 422
    assert rows(app) == before


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, ""),
        (1, "1 tenggat berubah: KS-1, Tahap: 13 Mei 2026 menjadi 18 Mei 2026."),
        (5, "5 tenggat berubah: "),
        (7, "7 tenggat berubah: "),
    ],
)
def test_at_most_five_are_named(count: int, words: str) -> None:
    moved = [Moved(f"KS-{number}", "Tahap", date(2026, 5, 13), date(2026, 5, 18), 1) for number in range(1, count + 1)]

    said = holidays.in_words(moved)
    assert said.startswith(words)
    assert said.count("menjadi") == min(count, 5)
    assert said.endswith("; dan 2 lainnya." if count == 7 else "18 Mei 2026." if count else "")


def test_the_holidays_of_a_year_that_the_reference_data_brings_move_what_runs(
    app: Flask, sinta: Person, waiting: Waiting
) -> None:
    change(app, delete(Holiday).where(Holiday.on.between(date(2026, 1, 1), date(2026, 12, 31))))
    add(sinta, on="4/1/2027")  # counts anew, by a year without holidays
    assert due(app, waiting) == date(2026, 5, 4)

    said = app.test_cli_runner().invoke(args=["seed"]).output

    assert f"1 tenggat berubah: {waiting.register_no}, Persetujuan DPRD: 4 Mei 2026 menjadi 13 Mei 2026." in said
    assert due(app, waiting) == date(2026, 5, 13)
    assert app.test_cli_runner().invoke(args=["seed"]).output == "Data rujukan sudah lengkap.\n"


# --- years without holidays --------------------------------------------------------------------------------------


def test_a_year_that_is_missing_is_told_while_a_deadline_reaches_into_it(app: Flask, sinta: Person, waiting: Waiting) -> None:
    words = "Hari libur 2026 belum dicatat, padahal ada tenggat yang sampai ke sana."
    assert words not in sinta.get("/admin/holiday/").text

    change(app, delete(Holiday).where(Holiday.on.between(date(2026, 1, 1), date(2026, 12, 31))))
    add(sinta, on="4/1/2027")  # counts anew, and finds the year empty
    assert words in sinta.get("/admin/holiday/").text

    add(sinta)
    assert words not in sinta.get("/admin/holiday/").text


def test_what_is_settled_asks_for_no_year(app: Flask, sinta: Person, waiting: Waiting) -> None:
    change(app, delete(Holiday))
    add(sinta, on="4/1/2027")
    change(app, update(Deadline).values(running=False))

    assert "belum dicatat, padahal" not in sinta.get("/admin/holiday/").text
