"""What rests on a regulation, in SQL, for the list of regulations."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from models import DeadlineRule, DocumentRule, ProcedureVersion, Regulation, StageRule


def stages_resting() -> ColumnElement[int]:
    """How many stages in force cite the regulation: themselves, in what lets them be skipped, in a document or a deadline."""
    newer = aliased(ProcedureVersion)
    later = select(newer.id).where(
        newer.procedure_id == ProcedureVersion.procedure_id, newer.status == "published", newer.number > ProcedureVersion.number
    )
    part = [
        select(model.id)
        .where(model.stage_rule_id == StageRule.id, _cites(model.basis))
        .correlate(StageRule, Regulation)
        .exists()
        for model in (DocumentRule, DeadlineRule)
    ]
    counted = select(func.count(StageRule.id)).join(ProcedureVersion, ProcedureVersion.id == StageRule.procedure_version_id)
    return (
        counted.where(ProcedureVersion.status == "published", ~later.exists())
        .where(or_(_cites(StageRule.basis), _cites(StageRule.skip_basis), *part))
        .correlate(Regulation)
        .scalar_subquery()
    )


def _cites(basis: Any) -> ColumnElement[bool]:
    """One of the citations, one a line, is of the regulation: its short name begins the line, then nothing or more.

    A code is the short name in small letters with "_" for each blank and stroke, and in a pattern "_" is any one character:
    "pp_28_2018" fits "pp 28/2018".
    """
    lines, start = "\n" + func.lower(basis) + "\n", "%\n" + Regulation.code
    return or_(lines.like(start + " %"), lines.like(start + "\n%"))
