"""Records that tests make: agreements by way of the same verb that the form uses."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Partner, Unit
from sikerja import agreements
from sikerja.agreements import Draft

PLAIN = {"origin": "process", "group": "ksdpk", "instrument": "pks", "title": "Kerja sama uji"}
# An offer that its partner took back.
WITHDRAWN = {"closed_as": "withdrawn", "closed_on": date(2026, 4, 1), "closed_reason": "Mitra menarik penawarannya"}


def partner(session: Session, name: str, kind: str = "badan_usaha") -> Partner:
    """A partner of that name; the one there is, else a new one."""
    found = session.scalar(select(Partner).where(Partner.name == name))
    if found is None:
        found = Partner(name=name, kind=kind)
        session.add(found)
        session.flush()
    return found


def unit(session: Session, code: str) -> Unit:
    """The unit of that code in the reference data."""
    return session.scalars(select(Unit).where(Unit.code == code)).one()


def agreement(session: Session, title: str, **given: Any) -> Agreement:
    """A saved agreement: `partners` by name, `units` by code, `our_number`, `parent`; all else are plain columns."""
    partners = [(partner(session, name).id, "") for name in given.pop("partners", ("PT Uji",))]
    units = [unit(session, code).id for code in given.pop("units", ())]
    parent = given.pop("parent", None)
    others = {name: given.pop(name) for name in ("our_number", "by_power") if name in given}
    later = {name: given.pop(name) for name in list(given) if name not in agreements.COLUMNS}
    draft = Draft({**PLAIN, "title": title, **given}, partners=partners, units=units, parent_id=parent and parent.id, **others)
    made = agreements.record(session, draft)
    for name, value in later.items():
        setattr(made, name, value)
    session.commit()
    return made


def moment(*parts: int) -> datetime:
    """A moment in UTC, as the register keeps moments: year, month, day, hour …"""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)  # type: ignore[misc,arg-type]
