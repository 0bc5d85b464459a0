"""Drafts of procedures: opened as a copy of what is in force, looked through for faults, published or thrown away."""

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from models import DeadlineRule, DocumentRule, Procedure, ProcedureVersion, StageRule, User
from rules import law, law_check, law_parts
from sikerja import audit, clock
from sikerja.law import articles, guard, versions, withdrawn
from sikerja.refusals import Conflict, Refusal

NOT_IN_FORCE = "Prosedur ini belum punya versi yang berlaku. Jalankan flask seed dulu."
ALREADY = "Versi ini sudah diterbitkan orang lain. Buka prosedurnya untuk melihat yang berlaku."
CHANGED = "Isi draf ini berubah sejak Anda membukanya. Periksa lagi yang berubah, lalu terbitkan."
NO_REASON = "Isi alasan membuang draf."


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
        raise Refusal(NOT_IN_FORCE)
    return versions.write(session, kind, versions.content(session, newest), publish=False)


def faults(session: Session, version: ProcedureVersion, content: law_parts.Procedure | None = None) -> list[str]:
    """A sentence for everything that keeps a draft from being published; `content` where it was read already."""
    newest = versions.published(session, version.procedure_id)
    before = versions.content(session, newest) if newest is not None else None
    content = versions.content(session, version) if content is None else content
    return law_check.faults(content, law.unread(), _read(session), before)


def _read(session: Session) -> frozenset[str]:
    """The articles that somebody vouches for: those of every published version, and those on record."""
    in_force = (
        select(ProcedureVersion.basis, ProcedureVersion.certainty).where(ProcedureVersion.status == "published"),
        _of_published(select(StageRule.basis, StageRule.certainty)),
        _of_published(select(StageRule.skip_basis, StageRule.skip_certainty)),
        _of_published(select(DocumentRule.basis, DocumentRule.certainty).join(DocumentRule.stage_rule)),
        _of_published(select(DeadlineRule.basis, DeadlineRule.certainty).join(DeadlineRule.stage_rule)),
    )
    cited = (each for row in session.execute(union_all(*in_force)) for each in versions.citations(row[0], row[1]))
    return articles.vouched(session) | {each.text for each in cited if each.is_read} - withdrawn.texts(session)


def _of_published(rules: Select[str, str]) -> Select[str, str]:
    return rules.join(StageRule.procedure_version).where(ProcedureVersion.status == "published")


def publish(session: Session, version: ProcedureVersion, user: User, note: str = "", seen: str = "") -> None:
    """Put a draft into force; agreements that run keep their version.

    `seen` is the digest of what the publisher looked at. Raises Refusal with every fault, or Conflict where somebody else
    published or changed it, and then nothing is changed.
    """
    guard.hold(session, version)
    if not version.is_draft:
        raise Conflict(ALREADY)
    content = versions.content(session, version)
    if seen and seen != versions.digest_of(content):
        raise Conflict(CHANGED)
    found = faults(session, version, content)
    if found:
        raise Refusal(errors={f"fault_{number}": fault for number, fault in enumerate(found, start=1)})
    newest = versions.published(session, version.procedure_id)
    version.number = newest.number + 1 if newest is not None else 1
    version.status, version.published_on, version.published_by_id = "published", clock.today(), user.id
    version.note, version.digest = note or version.note, versions.digest_of(content)
    session.flush()


def discard(session: Session, version: ProcedureVersion, reason: str) -> None:
    """Throw a draft away with all it holds; the trail keeps why. Raises Refusal without a reason, or for what is in force."""
    guard.hold(session, version)
    if not version.is_draft:
        raise Refusal(guard.PUBLISHED)
    if not reason.strip():
        raise Refusal(NO_REASON, "reason")
    audit.explain(session, version, reason.strip())
    session.delete(version)
    session.flush()
