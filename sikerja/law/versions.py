"""Versions of the procedures, between the rows of the database and the words of `rules/law_parts`.

What was published never changes, so that its reading is remembered under a digest of its content.
"""

import hashlib
import json
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, selectinload

from models import DeadlineRule, DocumentRule, Procedure, ProcedureVersion, StageRule
from rules import law_parts
from rules.law_parts import Citation
from sikerja import clock


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
    return known


# Digest -> content: a handful of versions, each some kilobytes.
_REMEMBERED: dict[str, law_parts.Procedure] = {}


def all_published(session: Session) -> list[law_parts.Procedure]:
    """What is in force, kind by kind, in the order of the kinds."""
    kinds = session.scalars(select(Procedure.id).order_by(Procedure.position, Procedure.id))
    newest = [published(session, kind) for kind in kinds]
    return [content(session, version) for version in newest if version is not None]


@lru_cache(maxsize=512)
def citations(text: str, certainty: str) -> tuple[Citation, ...]:
    """The citations that a column holds, one a line."""
    return tuple(Citation(line, certainty) for line in lines(text))


def lines(text: str) -> tuple[str, ...]:
    """What stands in a column, one a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def read(session: Session, version_id: int) -> law_parts.Procedure:
    """What a version holds, as the database has it now."""
    loaded = (
        selectinload(ProcedureVersion.procedure),
        selectinload(ProcedureVersion.stages).selectinload(StageRule.documents),
        selectinload(ProcedureVersion.stages).selectinload(StageRule.deadlines),
    )
    query = select(ProcedureVersion).where(ProcedureVersion.id == version_id).options(*loaded)
    row = session.scalars(query.execution_options(populate_existing=True)).one()
    return law_parts.Procedure(
        code=row.procedure.code,
        name=row.name,
        group=row.procedure.group,
        version=row.number,
        partners=lines(row.partners),
        papers=lines(row.papers),
        consent=row.consent,
        basis=citations(row.basis, row.certainty),
        stages=tuple(_stage(stage) for stage in row.stages),
    )


def _stage(row: StageRule) -> law_parts.StageRule:
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
        documents=tuple(_document(each) for each in row.documents),
        deadlines=tuple(_deadline(each) for each in row.deadlines),
    )


def _document(row: DocumentRule) -> law_parts.DocumentRule:
    basis = Citation(row.basis, row.certainty)
    return law_parts.DocumentRule(row.name, row.direction, row.required, basis, row.applies_if or None)


def _deadline(row: DeadlineRule) -> law_parts.DeadlineRule:
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
