"""The way of the agreements through the law: one stage after another, nothing skipped without ground, deadlines redone."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Agreement, Deadline, ProcedureVersion, Stage, StageEvent
from rules import codes, deadlines
from sikerja.law import versions
from sikerja.verification.faults import Fault, portions

_LIVING = (Stage.deleted_at.is_(None), Stage.statutory)


def exclusive_stages(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """Of the stages that follow one another by law at most one is open."""
    open_ones = (
        select(Agreement.register_no, func.count(Stage.id).label("count"))
        .join(Agreement, Agreement.id == Stage.agreement_id)
        .where(*_LIVING, Stage.parallel.is_(False), Stage.status.in_(codes.OPEN_STATUSES))
        .group_by(Agreement.id, Agreement.register_no)
        .having(func.count(Stage.id) > 1)
        .order_by(Agreement.id)
    )
    for row in chain.from_iterable(portions(session, open_ones)):
        yield Fault("exclusive", f"agreement {row.register_no}", f"{row.count} tahap yang berurutan berjalan bersamaan.")


def grounds(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """A stage of the law that was skipped says on which ground."""
    silent = select(Stage.id).where(*_LIVING, Stage.status == "skipped", Stage.ground == "").order_by(Stage.id)
    for row in chain.from_iterable(portions(session, silent)):
        yield Fault("ground", f"stage {row.id}", "Tahap menurut peraturan dilewati tanpa dasar.")


def events(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """A stage of the law stands where the last thing that was done to it led."""
    last = select(func.max(StageEvent.id)).where(StageEvent.stage_id == Stage.id).correlate(Stage).scalar_subquery()
    query = select(Stage.id, Stage.status, StageEvent.to_status).outerjoin(StageEvent, StageEvent.id == last)
    for row in chain.from_iterable(portions(session, query.where(*_LIVING).order_by(Stage.id))):
        if row.status != (row.to_status or "planned"):
            detail = f"Keadaannya {row.status}, padahal catatan terakhirnya {row.to_status or 'tidak ada'}."
            yield Fault("event", f"stage {row.id}", detail)


def kept_deadlines(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """A deadline falls on the day that its own inputs give."""
    for row in chain.from_iterable(portions(session, select(Deadline.id, Deadline.due_on, Deadline.inputs))):
        again = _again(row.inputs)
        if again != row.due_on:
            detail = f"Tenggat {row.due_on}, padahal dasarnya memberi {again}." if again else "Dasar tenggatnya tidak terbaca."
            yield Fault("deadline", f"deadline {row.id}", detail)


def _again(inputs: str) -> Any:
    try:
        kept = deadlines.from_kept(json.loads(inputs))
    except (ValueError, KeyError, TypeError):
        return None
    again = deadlines.again(kept, kept.days_off)
    return again.on if again is not None else None


def published_versions(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """A published version holds what it held when it was published."""
    published = select(ProcedureVersion).where(ProcedureVersion.status == "published").order_by(ProcedureVersion.id)
    for version in session.scalars(published).all():
        if versions.digest_of(versions.read(session, version.id)) != version.digest:
            yield Fault("published", f"procedure_version {version.id}", "Isi versi yang sudah diterbitkan berubah.")
