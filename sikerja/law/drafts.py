"""Drafts of procedures: opened as a copy of what is in force."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Procedure, ProcedureVersion
from sikerja.law import versions
from sikerja.refusals import Refusal


def of_kind(session: Session, kind: Procedure) -> ProcedureVersion | None:
    """The draft of a kind, where somebody has opened one."""
    found = select(ProcedureVersion).where(ProcedureVersion.procedure_id == kind.id, ProcedureVersion.status == "draft")
    return session.scalars(found).first()


def open_for(session: Session, kind: Procedure) -> ProcedureVersion:
    """The draft of a kind: the one that is there, else a copy of the newest published version. Raises Refusal."""
    there = of_kind(session, kind)
    if there is not None:
        return there
    newest = versions.published(session, kind.id)
    if newest is None:
        raise Refusal("Prosedur ini belum punya versi yang berlaku. Jalankan flask seed dulu.")
    return versions.write(session, kind, versions.content(session, newest), publish=False)
