"""`bench-data N`: a register to measure with, as one command, in one piece, that the register's own rules find nothing against.

It starts from an empty register, so these tests take the sample away first.
"""

import hashlib
import json
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from extensions import Base, db
from models import Agreement, AgreementUnit, Attachment, Partner, Party, Stage, Unit
from sikerja import clock, questions
from sikerja.synthetic import filling, walking
from sikerja.synthetic.rows import COLUMNS
from sikerja.synthetic.words import SUBJECTS
from tests.people import Person

COUNT = 600
# SQLite can't tell of an index over an expression.
pytestmark = pytest.mark.filterwarnings("ignore:.*expression-based index.*")


@pytest.fixture
def filled(empty: Flask) -> Session:
    """A session over a register of COUNT synthetic agreements."""
    filling.fill(db.session(), COUNT)
    db.session.commit()
    return db.session()


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    db.session.rollback()  # a command is a process of its own and waits for nobody's lock
    result = app.test_cli_runner().invoke(args=arguments)
    return result.exit_code, result.output


def held(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def digest(session: Session) -> str:
    """Of every row of every table that is filled, but for the moments that the database itself writes."""
    tables = [Base.metadata.tables[name] for name in sorted(COLUMNS)]
    whole = hashlib.sha256()
    for table in tables:
        columns = [column for column in table.columns if column.name in COLUMNS[table.name]]
        for row in session.execute(select(*columns).order_by(*columns[:3])):
            whole.update(repr(tuple(row)).encode())
    return whole.hexdigest()


def test_it_holds_what_was_asked_for(filled: Session) -> None:
    assert held(filled, Agreement) == COUNT
    assert held(filled, Partner) == 5000
    assert held(filled, Unit) == 40
    assert 5 < held(filled, Stage) / COUNT < 7
    assert 1.5 < held(filled, Attachment) / COUNT < 2.5
    numbers = filled.scalars(select(Party.number).where(Party.side == "ours").order_by(Party.agreement_id).limit(2)).all()
    assert numbers == ["B-000001/KS/2024", "B-000002/KS/2024"]


def test_nothing_in_it_breaks_a_rule_of_the_register(app: Flask, filled: Session) -> None:
    _, output = run(app, "verify", "--json")
    # The files of the sample, which was taken away, lie in the same store.
    assert [fault for fault in json.loads(output)["faults"] if fault["kind"] != "stray_file"] == []


def test_it_has_every_validity_and_a_few_partners_hold_many(filled: Session) -> None:
    validity = questions.validity(clock.today()).label("validity")
    assert len(set(filled.scalars(select(validity)))) >= 8
    most = select(func.count()).group_by(Party.partner_id).order_by(func.count().desc()).limit(1)
    assert (filled.scalar(most.where(Party.side == "partner")) or 0) >= 10
    assert held(filled, select(AgreementUnit.unit_id).distinct().subquery()) == 40


def test_a_common_word_stands_in_one_title_of_twenty(filled: Session) -> None:
    found = filled.scalar(select(func.count()).where(Agreement.title_key.contains(SUBJECTS[0])))
    assert 0.02 < (found or 0) / COUNT < 0.08


def test_the_same_number_gives_the_same_rows(empty: Flask) -> None:
    seen = set()
    for _ in range(2):
        filling.fill(db.session(), 50)
        seen.add(digest(db.session()))
        db.session.rollback()
        flask_migrate.downgrade(revision="base")
        flask_migrate.upgrade()
    assert len(seen) == 1


def test_indexes_and_triggers_are_there_as_before(empty: Flask) -> None:
    def there() -> Any:
        looked = inspect(db.session.connection())
        indexes = {(table, str(index["name"])) for table in COLUMNS for index in looked.get_indexes(table)}
        triggers = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
        return indexes, db.session.scalar(text(triggers)) if db.engine.dialect.name == "sqlite" else 0

    before = there()
    filling.fill(db.session(), 10)
    assert there() == before
    assert len(before[0]) > 20


def test_a_filled_register_is_refused_and_left_alone(app: Flask) -> None:
    with app.app_context():
        code, output = run(app, "bench-data", "10")
        assert code == 1
        assert "Register sudah berisi" in output
        assert held(db.session(), Partner) < 100


@pytest.mark.parametrize("asked", ["0", "-1", "x", "10000001", "1e3"])
def test_a_number_that_makes_no_sense_is_refused(app: Flask, asked: str) -> None:
    with app.app_context():
        assert run(app, "bench-data", "--", asked)[0] == 2


def test_broken_off_it_leaves_nothing(empty: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(walking.Walker, "term", broken)
    with pytest.raises(KeyboardInterrupt):
        filling.fill(db.session(), 10)
    db.session.rollback()
    assert held(db.session(), Partner) == 0
    assert len(inspect(db.session.connection()).get_indexes("agreement")) > 10


@pytest.mark.usefixtures("filled")
def test_the_list_shows_it_and_finds_a_number(app: Flask) -> None:
    created = run(app, "users", "create", "--email", "sinta@uji.test", "--name", "Sinta Uji", "--role", "staff",
                  "--password", "jembatan mahakam 2026")  # fmt: skip
    assert created[0] == 0, created[1]
    sinta = Person(app, None)
    assert sinta.sign_in("sinta@uji.test", "jembatan mahakam 2026").status_code == 302
    assert f'data-total="{COUNT}"' in sinta.get("/admin/agreement/").text
    assert 'data-total="1"' in sinta.get("/admin/agreement/?search=B-000123/KS/2024").text
    assert [sinta.get(f"/admin/agreement/details/?id={key}").status_code for key in range(1, 30)] == [200] * 29
