"""What a changed holiday does to the deadlines that run: they are counted anew, and each that moved is written down."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import extract, select
from sqlalchemy.orm import Session

from models import Deadline, Holiday, Stage
from rules import dates
from sikerja import formats
from sikerja.process import times, verbs
from sikerja.process.times import Moved

MOST_TOLD = 5


def recount(session: Session, person: Any) -> list[Moved]:
    """Count every running deadline by the holidays as they are now; a stage whose deadline moved gets an event of it."""
    moved = times.recompute(session)
    for each in moved:
        facts = {"before": each.before.isoformat(), "after": each.after.isoformat()}
        verbs.note(
            session, session.get_one(Stage, each.stage_id), "deadline", person,
            remark=f"{dates.words(each.before)} menjadi {dates.words(each.after)}", facts=json.dumps(facts),
        )  # fmt: skip
    return moved


def in_words(moved: Sequence[Moved]) -> str:
    """2 tenggat berubah: KS-2026-0051, Persetujuan DPRD: 18 Mei 2026 menjadi 19 Mei 2026; … dan 3 lainnya. "" for none."""
    if not moved:
        return ""
    told = "; ".join(str(each) for each in moved[:MOST_TOLD])
    rest = f"; dan {formats.number(len(moved) - MOST_TOLD)} lainnya" if len(moved) > MOST_TOLD else ""
    return f"{formats.number(len(moved))} tenggat berubah: {told}{rest}."


def missing_years(session: Session) -> list[int]:
    """The years without any holiday on record into which a running deadline reaches, so that it may be a few days early."""
    unsure = select(Deadline.inputs).where(Deadline.running, Deadline.inputs.contains('"unknown_years": [2'))
    asked = {year for inputs in session.scalars(unsure) for year in json.loads(inputs)["unknown_years"]}
    if not asked:
        return []
    there = select(extract("year", Holiday.on)).where(Holiday.deleted_at.is_(None)).distinct()
    return sorted(asked - {int(year) for year in session.scalars(there)})
