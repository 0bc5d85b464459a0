"""Names of records for forms: what a select offers, what a chosen id is called."""

from typing import Any

from sqlalchemy import select

from extensions import db
from models import Agreement, Procedure, Sector, Unit
from sikerja.refusals import CHOICE_GONE, Refusal


def choices(model: Any, *order: Any) -> list[tuple[int, str]]:
    """(id, name) of every living record, in the given order."""
    chosen = select(model.id, model.name).order_by(*order, model.id)
    if hasattr(model, "deleted_at"):
        chosen = chosen.where(model.deleted_at.is_(None))
    return [(key, name) for key, name in db.session.execute(chosen)]


def sector_choices() -> list[tuple[int, str]]:
    """The sectors in the order of the law."""
    return choices(Sector, Sector.position)


def unit_choices() -> list[tuple[int, str]]:
    """The units by name."""
    return choices(Unit, Unit.name_key)


def procedures() -> list[tuple[int, str, str]]:
    """(id, code, group) of the kinds of cooperation, in the order of the law."""
    chosen = select(Procedure.id, Procedure.code, Procedure.group).order_by(Procedure.position, Procedure.id)
    return [(key, code, group) for key, code, group in db.session.execute(chosen)]


def names(model: Any, ids: list[int]) -> dict[int, str]:
    """id -> name for these records, binned ones too: a chosen one is shown as long as it is chosen."""
    label = Agreement.register_no + " " + Agreement.title if model is Agreement else model.name
    return {row.id: row[1] for row in db.session.execute(select(model.id, label).where(model.id.in_(ids)))}


def must_be_there(model: Any, key: int, field: str, kept: int | None = None) -> None:
    """Raises Refusal where no living record has this id; the one that is kept may lie in the bin."""
    if key != kept and db.session.scalar(select(model.id).where(model.id == key, model.deleted_at.is_(None))) is None:
        raise Refusal(CHOICE_GONE, field)
