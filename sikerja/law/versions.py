"""Versions of the procedures, between the rows of the database and the words of `rules/law_parts`.

What was published never changes, so that its reading is remembered under a digest of its content.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, aliased, selectinload

from models import DeadlineRule, DocumentRule, Procedure, ProcedureVersion, StageRule
from rules import law_parts
from rules.law_parts import Citation
from sikerja import clock
from sikerja.law import withdrawn


def digest_of(content: law_parts.Procedure) -> str:
    """What tells two contents apart, whatever number they have."""
    plain = asdict(content) | {"version": 0}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def published(session: Session, procedure_id: int) -> ProcedureVersion | None:
    """The newest published version of a procedure: what an agreement starts under."""
    found = select(ProcedureVersion).where(
        ProcedureVersion.procedure_id == procedure_id, ProcedureVersion.status == "published"
    )
    return session.scalars(found.order_by(ProcedureVersion.number.desc()).limit(1)).first()


def content(session: Session, version: ProcedureVersion) -> law_parts.Procedure:
    """What a version prescribes, in the words of the law."""
    if version.is_draft:
        return read(session, version.id)
    known = _REMEMBERED.get(version.digest)
    if known is None:
        known = _REMEMBERED[version.digest] = read(session, version.id)
    known = withdrawn.marked(known, withdrawn.texts(session))
    return replace(known, version=version.number)  # a later version may say again what an earlier one said


# Digest -> content: a handful of versions, each some kilobytes.
_REMEMBERED: dict[str, law_parts.Procedure] = {}


def all_published(session: Session) -> list[law_parts.Procedure]:
    """What is in force, kind by kind, in the order of the kinds."""
    return [each for _, each in in_force(session)]


def in_force(session: Session) -> list[tuple[Procedure, law_parts.Procedure]]:
    """Every kind with what its newest published version prescribes, in the order of the kinds."""
    other = aliased(ProcedureVersion)
    numbers = select(func.max(other.number)).where(other.procedure_id == Procedure.id, other.status == "published")
    newest = ProcedureVersion.number == numbers.correlate(Procedure).scalar_subquery()
    return _of_kinds(session, ProcedureVersion.status == "published", newest)


def in_draft(session: Session) -> list[tuple[Procedure, law_parts.Procedure]]:
    """Every kind that has a draft, with what it prescribes, in the order of the kinds."""
    return _of_kinds(session, ProcedureVersion.status == "draft")


def _of_kinds(session: Session, *chosen: Any) -> list[tuple[Procedure, law_parts.Procedure]]:
    query = select(Procedure, ProcedureVersion).join(ProcedureVersion, ProcedureVersion.procedure_id == Procedure.id)
    rows = session.execute(query.where(*chosen).order_by(Procedure.position, Procedure.id)).all()
    unknown = [version for _, version in rows if version.digest not in _REMEMBERED]
    read = _read_all(session, [version.id for version in unknown])
    for version in unknown:
        if not version.is_draft:
            _REMEMBERED[version.digest] = read[version.id]
    taken_back = withdrawn.texts(session)
    found = [(kind, version, read.get(version.id) or _REMEMBERED[version.digest]) for kind, version in rows]
    return [(kind, told if version.is_draft else withdrawn.marked(told, taken_back)) for kind, version, told in found]


@lru_cache(maxsize=512)
def citations(text: str, certainty: str) -> tuple[Citation, ...]:
    """The citations that a column holds, one a line."""
    return tuple(Citation(line, certainty) for line in lines(text))


def lines(text: str) -> tuple[str, ...]:
    """What stands in a column, one a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def read(session: Session, version_id: int) -> law_parts.Procedure:
    """What a version holds, as the database has it now."""
    return _read_all(session, [version_id])[version_id]


def _read_all(session: Session, ids: Sequence[int]) -> dict[int, law_parts.Procedure]:
    if not ids:
        return {}
    loaded = (
        selectinload(ProcedureVersion.procedure),
        selectinload(ProcedureVersion.stages).selectinload(StageRule.documents),
        selectinload(ProcedureVersion.stages).selectinload(StageRule.deadlines),
    )
    # As the database has it now: a draft is edited by several people.
    query = select(ProcedureVersion).where(ProcedureVersion.id.in_(ids)).options(*loaded)
    return {row.id: _told(row) for row in session.scalars(query.execution_options(populate_existing=True))}


def _told(row: ProcedureVersion) -> law_parts.Procedure:
    return law_parts.Procedure(
        code=row.procedure.code,
        name=row.name,
        group=row.procedure.group,
        version=row.number,
        partners=lines(row.partners),
        papers=lines(row.papers),
        consent=row.consent,
        basis=citations(row.basis, row.certainty),
        stages=tuple(stage(each, each.documents, each.deadlines) for each in row.stages),
    )


def stage(row: StageRule, documents: Iterable[DocumentRule], deadlines: Iterable[DeadlineRule]) -> law_parts.StageRule:
    """A stage with these of its documents and deadlines, in the words of the law."""
    return law_parts.StageRule(
        key=row.key,
        name=row.name,
        order=row.position,
        instruments=lines(row.instruments),
        holder=row.holder,
        actors=lines(row.actors),
        description=row.description,
        basis=citations(row.basis, row.certainty),
        parallel=row.parallel,
        outside_list=row.outside_list,
        applies_if=lines(row.applies_if),
        skip_basis=Citation(row.skip_basis, row.skip_certainty) if row.skip_basis or row.skip_certainty else None,
        documents=tuple(document(each) for each in documents),
        deadlines=tuple(deadline(each) for each in deadlines),
    )


def document(row: DocumentRule) -> law_parts.DocumentRule:
    """A row in the words of the law."""
    basis = Citation(row.basis, row.certainty)
    return law_parts.DocumentRule(row.name, row.direction, row.required, basis, row.applies_if or None)


def deadline(row: DeadlineRule) -> law_parts.DeadlineRule:
    """A row in the words of the law."""
    basis = Citation(row.basis, row.certainty)
    return law_parts.DeadlineRule(row.key, row.kind, row.amount, row.unit, row.side, row.since, row.if_passed, basis)


# --- writing a content down --------------------------------------------------------------------------------------


def write(
    session: Session, kind: Procedure, content: law_parts.Procedure, *, publish: bool, note: str = ""
) -> ProcedureVersion:
    """A new version of this content, under the next number: published at once, or as the draft of its kind.

    Only the version itself is told in the trail; what it holds can be read in it.
    """
    before = select(ProcedureVersion.number).where(ProcedureVersion.procedure_id == kind.id)
    number = max(session.scalars(before), default=0) + 1
    version = ProcedureVersion(
        procedure_id=kind.id, number=number, status="draft", note=note, **_head_of(content)
    )  # fmt: skip
    if publish:
        version.status, version.published_on, version.digest = "published", clock.today(), digest_of(content)
    session.add(version)
    session.flush()
    for stage in content.stages:
        _write_stage(session, version.id, stage)
    return version


def _head_of(content: law_parts.Procedure) -> dict[str, Any]:
    return {
        "name": content.name,
        "consent": content.consent,
        "partners": "\n".join(content.partners),
        "papers": "\n".join(content.papers),
        **_grounds(content.basis),
    }


def _grounds(basis: tuple[Citation, ...]) -> dict[str, str]:
    return {"basis": "\n".join(each.text for each in basis), "certainty": basis[0].certainty if basis else ""}


def _write_stage(session: Session, version_id: int, stage: law_parts.StageRule) -> None:
    values = {
        "procedure_version_id": version_id, "key": stage.key, "name": stage.name, "position": stage.order,
        "instruments": "\n".join(stage.instruments), "holder": stage.holder, "actors": "\n".join(stage.actors),
        "description": stage.description, "parallel": stage.parallel, "outside_list": stage.outside_list,
        "applies_if": "\n".join(stage.applies_if), "version": 1, **_grounds(stage.basis),
        "skip_basis": stage.skip_basis.text if stage.skip_basis else "",
        "skip_certainty": stage.skip_basis.certainty if stage.skip_basis else "",
    }  # fmt: skip
    key = session.scalar(_audited(insert(StageRule).returning(StageRule.id)), values)
    documents = [
        {
            "stage_rule_id": key, "position": place, "name": each.name, "direction": each.direction, "required": each.required,
            "applies_if": each.applies_if or "", "basis": each.basis.text, "certainty": each.basis.certainty, "version": 1,
        }
        for place, each in enumerate(stage.documents, 1)
    ]  # fmt: skip
    deadlines = [
        {
            "stage_rule_id": key, "position": place, "key": each.key, "kind": each.kind, "amount": each.amount,
            "unit": each.unit, "side": each.side, "since": each.since, "if_passed": each.if_passed,
            "basis": each.basis.text, "certainty": each.basis.certainty, "version": 1,
        }
        for place, each in enumerate(stage.deadlines, 1)
    ]  # fmt: skip
    for model, rows in ((DocumentRule, documents), (DeadlineRule, deadlines)):
        if rows:
            session.execute(_audited(insert(model)), rows)


def _audited(statement: Any) -> Any:
    """The version is told, and what it holds with it."""
    return statement.execution_options(audited=True)
