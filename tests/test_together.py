"""Several people at once: numbers stay unique, nobody meets a lock."""

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from extensions import db
from models import Agreement
from tests import records
from tests.people import Person
from tests.together import at_once


def test_register_numbers_are_unique_however_many_write_at_once(app: Flask) -> None:
    def write(number: int) -> list[str]:
        return [records.agreement(db.session(), f"Uji {number}", partners=(), origin="archive").register_no for _ in range(5)]

    numbers = [number for made in at_once(app, write, 6) for number in made]

    assert sorted(numbers) == [f"KS-2026-{number:04d}" for number in range(48, 78)]


def test_clerks_who_save_at_once_do_not_meet_a_lock(app: Flask, session: Session) -> None:
    people = [Person(app, role) for role in ("admin", "staff", "staff", "admin")]
    ids = [records.agreement(session, f"Uji {number}", origin="archive", partners=()).id for number in range(4)]
    session.rollback()

    def edit(number: int) -> list[int]:
        url = f"/admin/agreement/edit/?id={ids[number]}"
        data = {"title": f"Uji {number} diubah", "origin": "archive", "group": "ksdpk", "instrument": "pks"}
        return [people[number].post(url, data).status_code for _ in range(5)]

    assert {status for statuses in at_once(app, edit, 4) for status in statuses} == {302}
    changed = select(func.count(Agreement.id)).where(Agreement.title.like("Uji % diubah"))
    assert session.scalar(changed) == 4
