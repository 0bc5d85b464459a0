"""A running agreement goes over to the newest version of its procedure: the administrator's verb, with a reason.

What was done stays done. Stages that the new version adds are laid out, planned ones that it no longer has go to the bin, and
the others are called, placed and timed as it says. Where a stage that has begun would be lost, nothing is changed.
"""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, ProcedureVersion, Stage
from rules import codes
from sikerja import audit
from sikerja.law import versions
from sikerja.process import case as cases
from sikerja.process import guards, layout, times
from sikerja.process.case import Case
from sikerja.refusals import Refusal


class Adopted(NamedTuple):
    """What became of it: the number of the version, and how many stages came and went."""

    number: int
    came: int
    gone: int


def newer(session: Session, agreement: Agreement) -> ProcedureVersion | None:
    """The newest published version of its procedure; None where the agreement walks by none, or by that one already."""
    if agreement.procedure_id is None or agreement.procedure_version_id is None:
        return None
    newest = versions.published(session, agreement.procedure_id)
    return newest if newest is not None and newest.id != agreement.procedure_version_id else None


def obstacles(session: Session, agreement: Agreement, reason: str) -> dict[str, str]:
    """All that stands against it: field, or what of the agreement it is, -> sentence."""
    found = {f"agreement_{number}": sentence for number, sentence in enumerate(guards.of_agreement(agreement))}
    if not reason:
        found["reason"] = "Isi alasan."
    newest = newer(session, agreement)
    if newest is None:
        found["version"] = "Naskah ini sudah memakai versi terbaru prosedurnya."
        return found
    lost = [stage.name for stage in _lost(session, agreement, newest) if stage.status != "planned"]
    if lost:
        names = ", ".join(f"“{name}”" for name in lost)
        found["stage"] = (
            f"Tahap {names} sudah berjalan, tetapi tidak ada pada versi {newest.number}. Buka kembali dulu tahap itu, atau "
            "biarkan naskah ini pada versinya."
        )
    return found


def adopt(session: Session, agreement: Agreement, reason: str) -> Adopted:
    """Go over to the newest version. Raises Refusal naming every obstacle, and then nothing is changed."""
    session.execute(select(Agreement.id).where(Agreement.id == agreement.id).with_for_update())  # one after another
    found = obstacles(session, agreement, reason)
    newest = newer(session, agreement)
    if found or newest is None:
        raise Refusal(errors=found)
    before = {stage.id for stage in cases.load(session, agreement).stages if stage.statutory}
    audit.explain(session, agreement, reason)
    agreement.procedure_version_id = newest.id
    layout.lay_out(session, agreement)
    case = cases.load(session, agreement)
    _rename(session, case)
    times.keep(session, case)
    after = {stage.id for stage in case.stages if stage.statutory}
    return Adopted(newest.number, len(after - before), len(before - after))


def _lost(session: Session, agreement: Agreement, newest: ProcedureVersion) -> list[Stage]:
    """The stages that the version no longer has for this agreement."""
    case = cases.load(session, agreement)
    kept = {rule.key for rule in cases.walked(versions.content(session, newest), agreement, case.parent)}
    return [stage for stage in case.stages if stage.statutory and stage.key not in kept]


def _rename(session: Session, case: Case) -> None:
    """Stages are called and placed as the version says; who holds one that has begun stays."""
    for stage in case.stages:
        rule = case.rule(stage)
        if rule is None:
            continue
        stage.name, stage.position, stage.parallel = rule.name, rule.order, rule.parallel
        if stage.status == "planned":
            stage.holder = rule.holder
        if stage.status not in codes.SETTLED_STATUSES:
            _let_go(session, case, stage, {each.key for each in rule.deadlines})
    session.flush()


def _let_go(session: Session, case: Case, stage: Stage, timed: Collection[str]) -> None:
    """Deadlines of the stage that the version no longer has run no more."""
    held = case.deadlines.get(stage.id, [])
    for row in [row for row in held if row.key not in timed]:
        session.delete(row)
        held.remove(row)
        stage.law_due_on = None
