"""How far a synthetic agreement went: its stages with what was done to them, its signature, its term."""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from rules import codes
from rules.law_parts import StageRule
from sikerja import stages

STUCK = 0.08  # share of those that stand still somewhere before the signature
_STATES = ("running", "waiting", "returned", "planned")
_WEIGHTS = (0.6, 0.25, 0.05, 0.1)
_VERBS = {"running": "start", "waiting": "wait", "returned": "send_back", "finished": "finish"}
_BEFORE = {"running": "planned"}
_BY = "Data uji"

STAGE_COLUMNS = (
    "id", "agreement_id", "key", "statutory", "parallel", "name", "position", "status", "started_on", "due_on",
    "finished_on", "holder", "created_at", "updated_at",
)  # fmt: skip
EVENT_COLUMNS = ("stage_id", "agreement_id", "verb", "from_status", "to_status", "on", "at", "user_name")


class Step(NamedTuple):
    """A stage as `stages.standing` reads it; days are text."""

    id: int
    key: str
    status: str
    position: int
    holder: str
    statutory: bool
    parallel: bool
    started_on: str | None
    finished_on: str | None
    due_on: str | None
    law_due_on: None = None


class Way(NamedTuple):
    """The rows of stages and of what was done to them, the day of the signature as an ordinal, where it stands."""

    stages: list[tuple[Any, ...]]
    events: list[tuple[Any, ...]]
    signed: int | None
    standing: tuple[Any, ...]
    may_be_closed: bool


class Term(NamedTuple):
    """From when until when, as ordinals; `terminated` where it was ended before its time."""

    starts: int | None = None
    ends: int | None = None
    open_ended: bool = False
    duration: str = ""
    terminated: int | None = None


class Walker:
    """Draws ways and terms as of `today`, an ordinal."""

    def __init__(self, drawn: random.Random, today: int) -> None:
        self.random, self.today, self.stage_id = drawn, today, 0

    def archived(self, arrived: int) -> Way:
        """An old paper: signed, and no stage is known."""
        return Way([], [], arrived, (None,) * 5, False)

    def walk(self, key: int, rules: Sequence[StageRule], arrived: int) -> Way:
        """The way of an agreement through these stages, from its arrival as far as time has let it come."""
        in_line = [rule for rule in rules if not rule.parallel]
        stuck_at = self.random.randrange(len(in_line)) if in_line and self.random.random() < STUCK else None
        day, signed, steps = arrived, None, list[Step]()
        going = True
        for place, rule in enumerate(in_line):
            length = self.random.randrange(4, 30)
            if going and place != stuck_at and day + length <= self.today:
                steps.append(self._step(rule, "finished", day, day + length))
                day += length
                signed = day if rule.signs else signed
            else:
                state = self.random.choices(_STATES, _WEIGHTS)[0] if going else "planned"
                steps.append(self._step(rule, state, day if state != "planned" else None))
                going = False
        for rule in rules[len(in_line) :]:
            state = "running" if going and rule.key == codes.UNDERWAY_STAGE[0] else "planned"
            steps.append(self._step(rule, state, day if state == "running" else None))
        if not rules and arrived + 60 <= self.today:
            signed = arrived + 60  # a paper of another kind, for which the law has no stages
        moment = f"{_iso(arrived)} 08:00:00.000000"
        made = [
            self._row(key, step, rule, moment) for step, rule in zip(steps, (*in_line, *rules[len(in_line) :]), strict=True)
        ]
        events = [_event(key, step) for step in steps if step.status != "planned"]
        return Way(made, events, signed, tuple(stages.standing(steps)), stuck_at is not None and signed is None)

    def _step(self, rule: StageRule, status: str, started: int | None, finished: int | None = None) -> Step:
        self.stage_id += 1
        due = started + self.random.randrange(10, 60) if started and finished is None and self.random.random() < 0.5 else None
        days = (_iso(started), _iso(finished), _iso(due))
        return Step(self.stage_id, rule.key, status, rule.order, rule.holder, True, rule.parallel, *days)

    def _row(self, key: int, step: Step, rule: StageRule, moment: str) -> tuple[Any, ...]:
        state = (step.status, step.started_on, step.due_on, step.finished_on, step.holder)
        return (step.id, key, step.key, True, step.parallel, rule.name, step.position, *state, moment, moment)

    def term(self, signed: int | None, years: int) -> Term:
        """How long what was signed runs: years mostly, sometimes without an end, sometimes nobody wrote it down."""
        if signed is None:
            return Term()
        draw = self.random.random()
        starts = signed + self.random.randrange(20, 90) if draw > 0.8 else signed
        if draw < 0.05:
            return Term(starts, open_ended=True)
        if draw < 0.09:
            return Term(starts, duration="Menurut kesepakatan")
        ends = starts + years * 365 + years // 4 - 1
        early = self.random.randrange(starts, ends) if self.random.random() < 0.03 else None
        return Term(starts, ends, False, f"{years} tahun", early if early and early <= self.today else None)


def _event(key: int, step: Step) -> tuple[Any, ...]:
    day = step.finished_on or step.started_on
    before = _BEFORE.get(step.status, "running")
    return (step.id, key, _VERBS[step.status], before, step.status, day, f"{day} 09:00:00.000000", _BY)


def _iso(day: int | None) -> str | None:
    return None if day is None else date.fromordinal(day).isoformat()
