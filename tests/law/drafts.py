"""Drafts that tests prepare, beside the screens."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Article, DocumentRule, Procedure, ProcedureVersion, Regulation, StageRule, User
from sikerja.law import drafts


def kind(session: Session, code: str = "ksdd_wajib") -> Procedure:
    """The kind of that code."""
    return session.scalars(select(Procedure).where(Procedure.code == code)).one()


def draft(session: Session, code: str = "ksdd_wajib") -> ProcedureVersion:
    """The draft of a kind, opened where there is none."""
    found = drafts.open_for(session, kind(session, code))
    session.commit()
    return found


def stage(session: Session, version: ProcedureVersion, key: str) -> StageRule:
    """The stage of that key in a version."""
    chosen = select(StageRule).where(StageRule.procedure_version_id == version.id, StageRule.key == key)
    return session.scalars(chosen).one()


def document(session: Session, version: ProcedureVersion, name: str) -> DocumentRule:
    """The first document of that name in a version."""
    chosen = select(DocumentRule).join(DocumentRule.stage_rule).where(StageRule.procedure_version_id == version.id)
    return session.scalars(chosen.where(DocumentRule.name == name)).first()


def admin(session: Session) -> User:
    """The administrator of the sample."""
    return session.scalars(select(User).where(User.email == "admin@sikerja.test")).one()


def article(session: Session, code: str, citation: str, **given: Any) -> Article:
    """An article that somebody of the bureau has read."""
    regulation = session.scalars(select(Regulation).where(Regulation.code == code)).one()
    made = Article(
        regulation_id=regulation.id, citation=citation, says="Isi pasal untuk uji.", checked_by="Sinta",
        checked_on=date(2026, 11, 24), **given,
    )  # fmt: skip
    session.add(made)
    session.commit()
    return made
