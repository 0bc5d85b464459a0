"""The validity of an agreement, exact at the borders, the first rule that fits (today is 24 November 2026)."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from models import Agreement
from rules import codes
from sikerja import families, lists
from sikerja.listing import ListState
from tests import records
from tests.conftest import TODAY
from tests.people import Person

D = timedelta(days=1)
SIGNED = {"signed_on": date(2024, 1, 1)}

CASES: list[tuple[str, dict[str, Any], str]] = [
    ("closed wins over all", SIGNED | {"ends_on": TODAY + D, "closed_on": TODAY, "closed_as": "refused"}, "closed"),
    ("terminated today", SIGNED | {"ends_on": TODAY + 900 * D, "terminated_on": TODAY}, "terminated"),
    ("terminated tomorrow is not yet", SIGNED | {"ends_on": TODAY + 900 * D, "terminated_on": TODAY + D}, "active"),
    ("unsigned is in process", {"ends_on": TODAY - D}, "process"),
    ("an unsigned archive row is never in process", {"origin": "archive"}, "undated"),
    ("starts tomorrow", SIGNED | {"starts_on": TODAY + D, "ends_on": TODAY + 900 * D}, "upcoming"),
    ("starts today", SIGNED | {"starts_on": TODAY, "ends_on": TODAY + 900 * D}, "active"),
    ("ended yesterday", SIGNED | {"ends_on": TODAY - D}, "ended"),
    ("ends today", SIGNED | {"ends_on": TODAY}, "ending"),
    ("ends in 90 days", SIGNED | {"ends_on": TODAY + 90 * D}, "ending"),
    ("ends in 91 days", SIGNED | {"ends_on": TODAY + 91 * D}, "active"),
    ("open ended", SIGNED | {"open_ended": True}, "active"),
    ("signed without an end", SIGNED, "undated"),
    ("signed today", {"signed_on": TODAY, "ends_on": TODAY + 900 * D}, "active"),
]


def validity_of(session: Session, agreement: Agreement) -> str:
    return str(lists.AGREEMENTS.values(session, [agreement.id], ("validity",))[agreement.id]["validity"])


@pytest.mark.parametrize(("given", "validity"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_validity(session: Session, given: dict[str, Any], validity: str) -> None:
    assert validity_of(session, records.agreement(session, "Uji", **given)) == validity


@pytest.mark.parametrize("kind", ["renews", "follows"])
def test_a_signed_successor_makes_an_ended_one_renewed(session: Session, kind: str) -> None:
    old = records.agreement(session, "Lama", **SIGNED, ends_on=TODAY - D)
    new = records.agreement(session, "Baru")
    families.connect(session, new, old.id, kind)
    session.commit()
    assert validity_of(session, old) == "ended"

    new.signed_on = TODAY
    session.commit()
    assert validity_of(session, old) == "renewed"

    new.deleted_at = new.created_at
    session.commit()
    assert validity_of(session, old) == "ended"


def test_a_renewal_does_not_touch_what_still_runs(session: Session) -> None:
    old = records.agreement(session, "Lama", **SIGNED, ends_on=TODAY)
    new = records.agreement(session, "Baru", signed_on=TODAY)
    families.connect(session, new, old.id, "renews")
    session.commit()

    assert validity_of(session, old) == "ending"


def test_today_can_be_set(app: Flask, session: Session) -> None:
    agreement = records.agreement(session, "Uji", **SIGNED, ends_on=TODAY)

    app.config["SIKERJA_TODAY"] = TODAY + D

    assert validity_of(session, agreement) == "ended"


def test_the_validities_divide_the_register(sinta: Person) -> None:
    counts = {code: sinta.total(f"/admin/agreement/?flt0_validity_equals={code}") for code in codes.VALIDITIES}

    assert counts == {
        "process": 27, "upcoming": 1, "active": 2, "ending": 2, "ended": 0, "undated": 13, "terminated": 0, "renewed": 1,
        "closed": 1,
    }  # fmt: skip
    assert sum(counts.values()) == sinta.total("/admin/agreement/")


def test_a_binned_row_is_in_no_list(session: Session) -> None:
    agreement = records.agreement(session, "Uji", **SIGNED)
    agreement.deleted_at = agreement.created_at
    session.commit()

    viewer: Any = type("Viewer", (), {"role": "staff", "unit_id": None})
    assert lists.AGREEMENTS.count(session, ListState(exact=True), viewer) == (47, False)
