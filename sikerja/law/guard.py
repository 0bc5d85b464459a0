"""What was published never changes: any flush that would change or delete it, or add to it, is refused.

A change of a part holds the row of its version, so that nobody publishes what somebody else is just about to change.
"""

from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

from extensions import db
from models import DeadlineRule, DocumentRule, ProcedureVersion, StageRule
from sikerja.refusals import Refusal

PUBLISHED = "Versi yang sudah diterbitkan tidak berubah lagi. Buka prosedurnya, tekan “Buat draf”, lalu ubah drafnya."
_PARTS = (StageRule, DocumentRule, DeadlineRule)


def hold(session: Session, version: ProcedureVersion) -> None:
    """Wait for whoever is at this version, read it as it is then, and let nobody else at it until the transaction ends.

    Raises Refusal where it is gone.
    """
    chosen = select(ProcedureVersion).where(ProcedureVersion.id == version.id).with_for_update()
    if session.scalars(chosen.execution_options(populate_existing=True)).first() is None:
        raise Refusal("Draf ini sudah dibuang. Muat ulang halaman prosedurnya.")


@event.listens_for(db.session, "before_flush")
def _keep_published(session: Session, _context: object, _instances: object) -> None:
    """Raises Refusal. A version that becomes published in this very flush may."""
    changed = [row for row in session.dirty if session.is_modified(row)] + list(session.deleted)
    if any(isinstance(row, ProcedureVersion) and _was_published(row) for row in changed):
        raise Refusal(PUBLISHED)
    parts = [row for row in (*changed, *session.new) if isinstance(row, _PARTS)]
    if parts and _touches_published(session, parts):
        raise Refusal(PUBLISHED)


def _was_published(version: ProcedureVersion) -> bool:
    """True where it was before this flush."""
    before = inspect(version).attrs.status.load_history()
    return "published" in (before.deleted or before.unchanged or ())


def _touches_published(session: Session, parts: list[Any]) -> bool:
    """True where one of the parts belongs to a published version, or where it moves did so before. Holds their versions."""
    stages = {key for row in parts if not isinstance(row, StageRule) for key in _values(row, "stage_rule_id")}
    keys = {key for row in parts if isinstance(row, StageRule) for key in _values(row, "procedure_version_id")}
    if stages:
        keys |= set(session.scalars(select(StageRule.procedure_version_id).where(StageRule.id.in_(stages))))
    held = select(ProcedureVersion.status).where(ProcedureVersion.id.in_(keys)).order_by(ProcedureVersion.id)
    return "published" in session.scalars(held.with_for_update()).all()


def _values(row: Any, column: str) -> set[int]:
    """What a column held and will hold."""
    history = inspect(row).attrs[column].load_history()
    return {value for values in (history.added, history.unchanged, history.deleted) for value in values or () if value}
