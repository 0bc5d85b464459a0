"""Families of agreements, for tests: what the verbs are sent, what is written down before, and what stands there afterwards."""

import re
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select

from models import Agreement, AgreementUnit, Link, Party, Procedure, Unit
from tests.browser import write_down
from tests.people import Person
from tests.records import WITHDRAWN
from tests.rows import ask
from tests.sentences import obstacles

VERBS = ("implement", "follow", "amend", "renew", "terminate")
IMPLEMENT, FOLLOW, AMEND, RENEW, TERMINATE = (f"/admin/agreement/{verb}/" for verb in VERBS)
REOPEN, DELETE = "/admin/agreement/reopen/", "/admin/agreement/delete/"
WHY = "Kegiatan dialihkan ke provinsi"

# Signed on 5 January 2025, ends on 31 December 2026: still in force.
SIGNED = {"signed_on": date(2025, 1, 5), "ends_on": date(2026, 12, 31), "units": ("dinas_perhubungan", "dpupr")}
KB = SIGNED | {"instrument": "kb", "group": "ksdd"}
PKS = SIGNED | {"instrument": "pks", "group": "ksdd"}
LOI = SIGNED | {
    "instrument": "pernyataan_kehendak",
    "group": "ksdpl",
    "signed_on": date(2026, 3, 2),
    "ends_on": date(2027, 3, 2),
}
GIVEN = {IMPLEMENT: KB, FOLLOW: LOI, AMEND: PKS, RENEW: PKS, TERMINATE: PKS}
SENT: dict[str, dict[str, str]] = {
    IMPLEMENT: {}, FOLLOW: {}, AMEND: {"reason": "Ruang lingkup ditambah"}, RENEW: {"as": "renewed"},
    TERMINATE: {"as": "tujuan_tercapai", "reason": WHY},
}  # fmt: skip
UNSIGNED = {"signed_on": None}
ENDED = {"signed_on": date(2021, 1, 5), "ends_on": date(2026, 1, 31)}
TERMINATED = {"terminated_on": date(2026, 6, 1), "terminated_as": "objek_hilang", "terminated_reason": "Terbakar"}
CLOSED_OFFER = UNSIGNED | WITHDRAWN

# The end as it was signed, and all that is kept of an end.
FIRST = date(2026, 12, 31)
END = (Agreement.ends_on, Agreement.first_ends_on, Agreement.open_ended)


def write(app: Flask, given: Any, procedure: str = "", title: str = "Naskah uji") -> int:
    """An agreement of that kind; its id."""
    known = {"procedure_id": ask(app, select(Procedure.id).where(Procedure.code == procedure))[0]} if procedure else {}
    return write_down(app, title, **given, **known)[0]


def value(app: Flask, key: int, column: Any) -> Any:
    """What the agreement holds in this column."""
    return ask(app, select(column).where(Agreement.id == key))[0]


def state(app: Flask, key: int, *columns: Any) -> tuple[Any, ...]:
    """What the agreement holds in these columns."""
    return tuple(value(app, key, column) for column in columns)


def made_by(answer: Any) -> int:
    """The id of the agreement that the answer leads to."""
    assert answer.status_code == 303, obstacles(answer)
    return int(re.fullmatch(r"/admin/agreement/details/\?id=(\d+)", answer.headers["Location"])[1])  # type: ignore[index]


def links(app: Flask, key: int) -> set[tuple[str, int]]:
    """What the agreement says of others: the kind of the link, and to whom."""
    kinds, targets = (
        ask(app, select(column).where(Link.from_id == key).order_by(Link.id)) for column in (Link.kind, Link.to_id)
    )
    return set(zip(kinds, targets, strict=True))


def units(app: Flask, key: int) -> list[str]:
    """The codes of its units, in order."""
    held = select(Unit.code).join(AgreementUnit, AgreementUnit.unit_id == Unit.id).where(AgreementUnit.agreement_id == key)
    return ask(app, held.order_by(AgreementUnit.position))


def partners(app: Flask, key: int) -> list[int]:
    """The ids of its partners, in order."""
    held = select(Party.partner_id).where(Party.agreement_id == key, Party.side == "partner")
    return ask(app, held.order_by(Party.position))


def number(app: Flask, key: int) -> str:
    """Its register number."""
    return str(value(app, key, Agreement.register_no))


def page_of(person: Person, key: int) -> str:
    """Its page, as this person sees it."""
    return str(person.get(f"/admin/agreement/details/?id={key}").text)
