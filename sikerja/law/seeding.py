"""The law of the file comes into the register: as version 1 in force, later as drafts that somebody has to look through."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Procedure, ProcedureVersion
from rules import law, law_parts
from sikerja.law import versions


def seed(session: Session) -> int:
    """Version 1 of each kind that has none; a draft where the file says what no version says. Returns how many came.

    What staff published stays in force, and a draft that they are at stays as it is.
    """
    kinds = {kind.code: kind for kind in session.scalars(select(Procedure))}
    return sum(_seed(session, kinds[each.code], each) for each in law.procedures() if each.code in kinds)


def _seed(session: Session, kind: Procedure, content: law_parts.Procedure) -> bool:
    there = list(session.scalars(select(ProcedureVersion).where(ProcedureVersion.procedure_id == kind.id)))
    if not there:
        versions.write(session, kind, content, publish=True, note="Dari berkas prosedur")
        return True
    known = {each.digest for each in there}
    if versions.digest_of(content) in known or any(each.is_draft for each in there):
        return False
    versions.write(session, kind, content, publish=False, note="Dari berkas prosedur yang berubah; periksa sebelum diterbitkan")
    return True
