"""Where an agreement stands, by its stages: this room alone says it, and `verify` looks whether it is so."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Stage, StageEvent
from rules import codes
from rules.text import slug
from sikerja.refusals import Refusal


class Standing(NamedTuple):
    """Where an agreement stands: its current stage, since when, who holds it, since when it is under way, until when."""

    stage_id: int | None
    since: date | None
    holder: str | None
    underway_since: date | None
    due_on: date | None


def keep_current(session: Session, agreement: Agreement) -> None:
    """Write down at the agreement where it stands, by its living stages."""
    stages = select(Stage).where(Stage.agreement_id == agreement.id, Stage.deleted_at.is_(None))
    found = standing(list(session.scalars(stages.order_by(Stage.position, Stage.id))))
    (
        agreement.current_stage_id,
        agreement.stage_since,
        agreement.holder,
        agreement.underway_since,
        agreement.due_on,
    ) = found


def standing(stages: Sequence[Any]) -> Standing:
    """Where an agreement with these stages stands; they come in order of position and id, as stages or as rows of them.

    Current is the open stage (running, waiting, returned) of those that follow one another by law, then an internal one that
    is open, then the next one ahead; those side by side after the signature come after them all. A stage that hasn't begun
    counts from the day the one before it was settled.
    """
    current = _current(stages)
    return Standing(
        stage_id=current.id if current else None,
        since=_since(current, stages) if current else None,
        holder=current.holder if current and current.status in codes.OPEN_STATUSES else None,
        underway_since=next(
            (stage.started_on for stage in stages if stage.key == codes.UNDERWAY_STAGE[0] and stage.started_on), None
        ),
        due_on=due_of(current) if current else None,
    )


def due_of(stage: Any) -> date | None:
    """Until when a stage must be done: by the law or by a target of our own, whichever is earlier; a settled one by neither."""
    if stage.status in codes.SETTLED_STATUSES:
        return None
    return min((day for day in (stage.law_due_on, stage.due_on) if day is not None), default=None)


def _current(stages: Sequence[Any]) -> Any:
    in_line = [stage for stage in stages if stage.statutory and not stage.parallel]
    internal = [stage for stage in stages if not stage.statutory]
    side_by_side = [stage for stage in stages if stage.statutory and stage.parallel]
    for candidates, statuses in (
        (in_line, codes.OPEN_STATUSES),
        (internal, codes.OPEN_STATUSES),
        (in_line, ("planned",)),
        (side_by_side, codes.OPEN_STATUSES),
        (side_by_side, ("planned",)),
        (internal, ("planned",)),
    ):
        for stage in candidates:
            if stage.status in statuses:
                return stage
    return None


def _since(current: Any, stages: Sequence[Any]) -> date | None:
    if current.started_on and current.status != "planned":
        return current.started_on
    earlier = [stage.finished_on for stage in stages if stage.position < current.position and stage.finished_on]
    return max(earlier, default=None)


def must_have_no_history(session: Session, stage: Stage) -> None:
    """Raise Refusal where something was done to the stage: what is told of it stays with the agreement it was done for."""
    if session.scalar(select(StageEvent.id).where(StageEvent.stage_id == stage.id).limit(1)) is not None:
        raise Refusal(
            "Tahap ini sudah punya riwayat pada naskahnya, jadi tidak dapat dipindahkan ke naskah lain. Tambahkan tahap "
            "baru pada naskah itu.",
            "agreement",
        )


def key_for(name: str) -> str:
    """The key of a stage by its name: the one of the law's list where the name is on it, else made from the name."""
    known = {stage_name: key for key, stage_name in codes.STAGE_NAMES.items()}
    return known.get(name) or slug(name)[:80] or "tahap"
