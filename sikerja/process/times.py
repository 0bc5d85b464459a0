"""Deadlines of the law on the stages of an agreement: kept with what they were computed from, redone when that changes."""

import json
from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Deadline, Holiday, Stage
from rules import codes, dates, deadlines
from rules.law_parts import EVERY_YEAR, RECEIVED, DeadlineRule
from sikerja import clock, stages
from sikerja.process.case import Case

# What must be done within the time; the others tell how long something is in force.
_TO_DO = ("maksimal", "kalender_tahunan")


def keep(session: Session, case: Case) -> None:
    """Compute the deadlines of every stage anew from what is known now, and write down the nearest at the stage."""
    holidays = days_off(session)
    for stage in case.stages:
        rule = case.rule(stage)
        if rule is not None and rule.deadlines:
            _keep(session, case, stage, rule.deadlines, holidays)
    session.flush()
    stages.keep_current(session, case.agreement)


def days_off(session: Session) -> frozenset[date]:
    """Every holiday on record."""
    return frozenset(session.scalars(select(Holiday.on).where(Holiday.deleted_at.is_(None))))


def nearest(rows: Collection[Deadline], rules: Collection[DeadlineRule]) -> Deadline | None:
    """The deadline that presses: the earliest that runs, and that is something to do by then."""
    to_do = {rule.key for rule in rules if rule.kind in _TO_DO and rule.side != "sebelum"}
    return min((row for row in rows if row.running and row.key in to_do), key=lambda row: row.due_on, default=None)


def _keep(session: Session, case: Case, stage: Stage, rules: Collection[DeadlineRule], holidays: Collection[date]) -> None:
    held = {row.key: row for row in case.deadlines.get(stage.id, [])}
    for rule in rules:
        event = _event(case, stage, rule)
        found = deadlines.due(rule, event, holidays) if event is not None else None
        row = held.get(rule.key)
        if stage.status in codes.SETTLED_STATUSES and rule.start == RECEIVED and row is not None:
            row.running = False  # what was kept within it, or not, stays as it was
            continue
        if found is None:
            if row is not None:
                session.delete(held.pop(rule.key))
            continue
        if row is None:
            row = held[rule.key] = Deadline(agreement_id=case.agreement.id, stage_id=stage.id, key=rule.key)
            session.add(row)
        row.due_on, row.inputs = found.on, json.dumps(found.kept())
        row.running = stage.status not in codes.SETTLED_STATUSES
    case.deadlines[stage.id] = list(held.values())
    first = nearest(held.values(), rules)
    stage.law_due_on = first.due_on if first is not None else None


def _event(case: Case, stage: Stage, rule: DeadlineRule) -> date | None:
    """The day a deadline counts from; None while it has not come."""
    agreement = case.agreement
    if rule.start == RECEIVED:
        return stage.received_on or stage.started_on
    if rule.start == EVERY_YEAR:
        return _last_report(case, stage) or agreement.signed_on
    if rule.start == "starts_on":
        return agreement.starts_on or agreement.signed_on
    return getattr(agreement, rule.start) if rule.start else None


def _last_report(case: Case, stage: Stage) -> date | None:
    """The day the newest report came in: the next one is asked for in the January after."""
    came = [clock.local(row.created_at).date() for (stage_id, _), row in case.papers.items() if stage_id == stage.id]
    return max(came, default=None)


class Moved(NamedTuple):
    """A deadline that fell on another day after the holidays changed."""

    register_no: str
    stage: str
    before: date
    after: date
    stage_id: int

    def __str__(self) -> str:
        return f"{self.register_no}, {self.stage}: {dates.words(self.before)} menjadi {dates.words(self.after)}"


def recompute(session: Session) -> list[Moved]:
    """Every running deadline that counts working days, by the holidays as they are now. Returns those that moved."""
    session.flush()
    holidays = days_off(session)
    moved = []
    for row, stage, agreement in _running(session):
        before = deadlines.from_kept(json.loads(row.inputs))
        after = deadlines.again(before, holidays)
        if after is None or after == before:
            continue
        row.due_on, row.inputs = after.on, json.dumps(after.kept())
        if after.on != before.on:
            moved.append(Moved(agreement.register_no, stage.name, before.on, after.on, stage.id))
            if stage.law_due_on == before.on:
                stage.law_due_on = after.on
            session.flush()
            stages.keep_current(session, agreement)
    session.flush()
    return moved


def _running(session: Session) -> Iterator[tuple[Deadline, Stage, Agreement]]:
    counting = select(Deadline, Stage, Agreement).join(Stage, Stage.id == Deadline.stage_id)
    counting = counting.join(Agreement, Agreement.id == Deadline.agreement_id)
    # Only working days know holidays; the inputs say the unit.
    counting = counting.where(Deadline.running, Deadline.inputs.contains('"unit": "hari_kerja"')).order_by(Deadline.id)
    for row in session.execute(counting).all():
        yield row[0], row[1], row[2]
