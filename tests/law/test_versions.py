"""What is in force as JSON, what seeding adds later, and that agreements which run keep their version."""

import json
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Agreement, ProcedureVersion
from rules import law
from sikerja import reference
from sikerja.law import drafts, versions
from tests.law.drafts import admin, draft, kind, stage


def told(app: Flask, session: Session) -> list[dict[str, Any]]:
    """What the command prints."""
    session.rollback()
    result = app.test_cli_runner().invoke(args=["procedures-json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_the_command_tells_exactly_what_the_file_holds(app: Flask, session: Session) -> None:
    found = told(app, session)

    assert found == law.as_json()
    assert (len(found), sum(len(each["stages"]) for each in found)) == (8, 81)


def test_the_command_s_help_is_in_english(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["procedures-json", "--help"])
    assert "Print the kinds of cooperation as published" in result.output


def test_a_draft_is_not_told_and_a_published_one_is(app: Flask, session: Session) -> None:
    made = draft(session)
    stage(session, made, "persiapan").name = "Persiapan dan pemetaan"
    session.commit()
    assert told(app, session) == law.as_json()

    drafts.publish(session, made, admin(session))
    session.commit()

    found = {each["code"]: each for each in told(app, session)}
    assert [stage["name"] for stage in found["ksdd_wajib"]["stages"] if stage["key"] == "persiapan"] == [
        "Persiapan dan pemetaan"
    ]
    assert {code: each["version"] for code, each in found.items() if each["version"] != 1} == {"ksdd_wajib": 2}


def test_agreements_that_run_keep_their_version(session: Session) -> None:
    first = versions.published(session, kind(session).id)
    running = session.scalars(select(Agreement).order_by(Agreement.id)).first()
    running.procedure_version_id = first.id
    session.commit()

    drafts.publish(session, draft(session), admin(session))
    session.commit()
    reference.seed(session)
    session.commit()

    session.refresh(running)
    assert running.procedure_version_id == first.id


@pytest.fixture
def changed_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file has another name for one kind."""
    changed = [replace(each, name="Nama baru") if each.code == "sinergi" else each for each in law.procedures()]
    monkeypatch.setattr(law, "procedures", lambda: tuple(changed))


def test_a_changed_file_makes_one_draft_and_publishes_nothing(session: Session, changed_file: None) -> None:
    before = versions.published(session, kind(session, "sinergi").id)

    assert [reference.seed(session)["versi prosedur"] for _ in range(3)] == [1, 0, 0]
    session.commit()

    made = drafts.of_kind(session, kind(session, "sinergi"))
    assert (made.number, made.name, made.note) == (
        2,
        "Nama baru",
        "Dari berkas prosedur yang berubah; periksa sebelum diterbitkan",
    )
    assert versions.published(session, kind(session, "sinergi").id) == before
    assert session.scalar(select(func.count(ProcedureVersion.id))) == 9


def test_a_changed_file_leaves_a_draft_that_somebody_is_at(session: Session, changed_file: None) -> None:
    made = draft(session, "sinergi")
    made.name = "Nama dari staf"
    session.commit()

    assert reference.seed(session)["versi prosedur"] == 0
    assert made.name == "Nama dari staf"


def test_what_the_file_says_and_was_published_makes_no_further_draft(session: Session, changed_file: None) -> None:
    reference.seed(session)
    drafts.publish(session, drafts.of_kind(session, kind(session, "sinergi")), admin(session))
    session.commit()

    assert reference.seed(session)["versi prosedur"] == 0
