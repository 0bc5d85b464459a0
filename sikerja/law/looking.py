"""What the pages of procedures ask for beside the content itself: versions of a kind, ids of parts, agreements under each."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, DeadlineRule, DocumentRule, Procedure, ProcedureVersion, StageRule, User
from sikerja import lists
from sikerja.listing import ListState, Viewer
from sikerja.lists.law import VERSION_NAME


def versions_of(session: Session, procedure_id: int) -> list[tuple[ProcedureVersion, str]]:
    """Every version of a kind, the newest first, each with the name of who published it."""
    found = select(ProcedureVersion, User.name).outerjoin(User, User.id == ProcedureVersion.published_by_id)
    found = found.where(ProcedureVersion.procedure_id == procedure_id).order_by(ProcedureVersion.number.desc())
    return [(version, name or "") for version, name in session.execute(found)]


def agreements_under(session: Session, viewer: Viewer) -> dict[int, int]:
    """Version id -> how many agreements that this viewer sees were laid out under it."""
    column: Any = Agreement.procedure_version_id
    return dict(lists.AGREEMENTS.tally(session, ListState(), viewer, column))


def stage_ids(session: Session, version: ProcedureVersion) -> dict[str, int]:
    """Key -> id of the stages of a version."""
    found = select(StageRule.key, StageRule.id).where(StageRule.procedure_version_id == version.id)
    return dict(session.execute(found).tuples().all())


def version_of(session: Session, part: Any) -> ProcedureVersion:
    """The version that a stage, document or deadline belongs to."""
    stage_id = part.id if isinstance(part, StageRule) else part.stage_rule_id
    found = select(ProcedureVersion).join(StageRule, StageRule.procedure_version_id == ProcedureVersion.id)
    return session.scalars(found.where(StageRule.id == stage_id)).one()


def parts_of(session: Session, stage: StageRule) -> tuple[list[DocumentRule], list[DeadlineRule]]:
    """The documents and deadlines of a stage, in order."""
    documents = select(DocumentRule).where(DocumentRule.stage_rule_id == stage.id)
    deadlines = select(DeadlineRule).where(DeadlineRule.stage_rule_id == stage.id)
    return (
        list(session.scalars(documents.order_by(DocumentRule.position, DocumentRule.id))),
        list(session.scalars(deadlines.order_by(DeadlineRule.position, DeadlineRule.id))),
    )


def drafts(session: Session) -> list[tuple[int, str]]:
    """(id, name) of every draft, to choose from."""
    chosen = select(ProcedureVersion.id, VERSION_NAME).join(Procedure, Procedure.id == ProcedureVersion.procedure_id)
    return list(session.execute(chosen.where(ProcedureVersion.status == "draft").order_by(Procedure.position)).tuples())


def stages_of_drafts(session: Session, version_id: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of the stages of this draft, else of every one, to choose from."""
    chosen = select(StageRule.id, StageRule.position, StageRule.name, ProcedureVersion.name)
    chosen = chosen.join(StageRule.procedure_version).where(ProcedureVersion.status == "draft")
    if version_id is not None:
        chosen = chosen.where(ProcedureVersion.id == version_id)
    rows = session.execute(chosen.order_by(ProcedureVersion.id, StageRule.position, StageRule.id))
    return [(key, f"{position}. {stage} ({version})") for key, position, stage, version in rows]
