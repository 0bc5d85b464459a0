"""Which stages an agreement has before it, by its kind, its instrument and its family."""

from sqlalchemy.orm import Session

from models import Agreement, ProcedureVersion, Stage
from rules.law_parts import StageRule
from sikerja import clock
from sikerja.law import versions
from sikerja.process import case as cases
from sikerja.process import times
from sikerja.refusals import Refusal


def lay_out(session: Session, agreement: Agreement) -> None:
    """Give the agreement the stages that the law wants of it, and take away those it no longer wants.

    It keeps the version of the procedure it began under. Raises Refusal where a stage that has begun would go.
    """
    before = agreement.procedure_version_id
    _choose_version(session, agreement)
    if before is None and agreement.procedure_version_id is None:
        return  # nothing was laid out, and nothing is to be
    case = cases.load(session, agreement)
    there = {stage.key: stage for stage in case.stages if stage.statutory}
    gone = [stage for key, stage in there.items() if key not in case.rules]
    begun = [stage.name for stage in gone if stage.status != "planned"]
    if begun:
        names = ", ".join(f"“{name}”" for name in begun)
        raise Refusal(
            f"Tahap {names} sudah berjalan menurut prosedur dan naskah yang sekarang. Buka kembali dulu tahap itu sebelum "
            "mengganti prosedur, jenis naskah, asal, atau naskah induknya.",
            "procedure",
        )
    for stage in gone:
        stage.deleted_at = clock.now()
    for rule in case.rules.values():
        if rule.key not in there:
            session.add(_planned(agreement, rule))
    times.keep(session, cases.load(session, agreement))


def _choose_version(session: Session, agreement: Agreement) -> None:
    """The version in force, for one that hasn't begun; none where no procedure is chosen."""
    kept = session.get(ProcedureVersion, agreement.procedure_version_id) if agreement.procedure_version_id else None
    if kept is not None and kept.procedure_id == agreement.procedure_id and agreement.origin == "process":
        return
    newest = None
    if agreement.procedure_id is not None and agreement.origin == "process":
        newest = versions.published(session, agreement.procedure_id)
    agreement.procedure_version_id = newest.id if newest is not None else None


def _planned(agreement: Agreement, rule: StageRule) -> Stage:
    return Stage(
        agreement_id=agreement.id,
        key=rule.key,
        statutory=True,
        parallel=rule.parallel,
        name=rule.name,
        position=rule.order,
        status="planned",
        holder=rule.holder,
    )
