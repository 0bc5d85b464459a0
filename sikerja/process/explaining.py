"""Where an agreement stands in the law, and what comes next: one answer, read by the details page and by `explain` alike."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import Agreement, Deadline, Stage
from rules import codes, dates, deadlines
from rules.law_parts import DEEMED_APPROVED, IF_PASSED, Citation, DeadlineRule, any_yes
from sikerja import clock, lists
from sikerja.process import case as cases
from sikerja.process import guards, papers, times
from sikerja.process.case import Case
from sikerja.process.moves import Move
from sikerja.process.papers import Paper


@dataclass(frozen=True)
class Due:
    """Until when something must be done: by the law (`rule`), or by a target of our own."""

    on: date
    explained: str
    rule: DeadlineRule | None = None
    running: bool = True

    @property
    def is_over(self) -> bool:
        """True where the day has passed and the stage still runs."""
        return self.running and self.on < clock.today()


@dataclass(frozen=True)
class Step:
    """One stage as it stands."""

    stage: Stage
    basis: tuple[Citation, ...]
    due: Due | None
    deadlines: tuple[Due, ...]
    papers: tuple[Paper, ...]
    description: str = ""
    actors: tuple[str, ...] = ()

    @property
    def days(self) -> int | None:
        """Days since it began, while it is open."""
        if self.stage.status not in codes.OPEN_STATUSES or self.stage.started_on is None:
            return None
        return (clock.today() - self.stage.started_on).days


@dataclass(frozen=True)
class Next:
    """What to do next: in words, by which verb on which stage, and by which article."""

    text: str
    verb: str | None = None
    stage: Stage | None = None
    basis: tuple[Citation, ...] = ()
    obstacles: tuple[str, ...] = ()
    silence: bool = False  # the time for an answer has passed, so that silence counts as consent


@dataclass(frozen=True)
class Explained:
    """Everything that the page and the command tell."""

    case: Case
    validity: str
    current: Stage | None
    steps: tuple[Step, ...]
    next: Next | None

    @property
    def agreement(self) -> Agreement:
        return self.case.agreement


def explain(session: Session, agreement: Agreement) -> Explained:
    """Where this agreement stands."""
    case = cases.load(session, agreement)
    validity = lists.AGREEMENTS.values(session, [agreement.id], ["validity"])[agreement.id]["validity"]
    return tell(case, validity)


def tell(case: Case, validity: str) -> Explained:
    """The same from what has been read."""
    if case.agreement.origin == "archive":
        return Explained(case, validity, None, (), None)
    said = case.said()
    steps = tuple(_step(case, stage, said) for stage in case.stages)
    current = next((stage for stage in case.stages if stage.id == case.agreement.current_stage_id), None)
    return Explained(case, validity, current, steps, _next(case, current, said))


def _step(case: Case, stage: Stage, said: Mapping[str, bool]) -> Step:
    rule = case.rule(stage)
    if rule is None:
        own = _own_target(stage)
        return Step(stage, (), own, (own,) if own else (), ())
    rules = {each.key: each for each in rule.deadlines}
    rows = case.deadlines.get(stage.id, [])
    found = [_due(row, rules[row.key]) for row in rows if row.key in rules]
    first = times.nearest(rows, rule.deadlines)
    pressing = next((due for due in found if first is not None and due.rule is rules[first.key]), None)
    own = _own_target(stage)
    due = min((each for each in (pressing, own) if each is not None), key=lambda each: each.on, default=None)
    every = (*found, own) if own else tuple(found)
    shown = due or next(iter(found), None)
    return Step(
        stage, rule.basis, shown, every, tuple(papers.of_stage(case, stage, said)), rule.description, rule.actors
    )  # fmt: skip


def _due(row: Deadline, rule: DeadlineRule) -> Due:
    kept = deadlines.from_kept(json.loads(row.inputs))
    return Due(row.due_on, kept.explained, rule, row.running)


def _own_target(stage: Stage) -> Due | None:
    if stage.due_on is None:
        return None
    return Due(stage.due_on, f"target internal: {dates.words(stage.due_on)}", None, stage.status not in codes.SETTLED_STATUSES)


# --- what comes next ---------------------------------------------------------------------------------------------


def _next(case: Case, current: Stage | None, said: Mapping[str, bool]) -> Next | None:
    agreement = case.agreement
    if agreement.closed_on is not None or agreement.is_binned:
        return None
    if not any(stage.statutory for stage in case.stages) and current is None:
        return _without_law(agreement)
    if current is None:
        return None
    verb = _verb(case, current, said)
    silence = verb == "finish" and _silence_counts(case, current)
    asked = Move(verb, clock.today(), ground="dianggap_disetujui" if silence else "")
    found = guards.obstacles(case, current, asked)
    text = _words(current, verb, silence)
    return Next(text, verb, current, _basis(case, current, verb), tuple(found), silence)


def _without_law(agreement: Agreement) -> Next | None:
    if agreement.special_procedure:
        text = "Prosedur khusus: mengikuti peraturannya sendiri. Catat langkahnya sebagai tahap internal."
    elif agreement.procedure_id is None:
        text = "Pilih prosedur pada Ubah data, supaya tahap menurut peraturan tersusun."
    else:
        text = "Jenis naskah ini tidak menempuh tahap menurut prosedurnya. Periksa jenis naskah pada Ubah data."
    return Next(text)


def _verb(case: Case, stage: Stage, said: Mapping[str, bool]) -> str:
    rule = case.rule(stage)
    if rule is not None and rule.applies_if and any_yes(rule.applies_if, said) is False:
        return "skip"
    return "start" if stage.status in ("planned", "returned") else "finish"


def _silence_counts(case: Case, stage: Stage) -> bool:
    rule = case.rule(stage)
    keys = {each.key for each in rule.deadlines if each.active and each.if_passed == DEEMED_APPROVED} if rule else set()
    return any(row.key in keys and row.due_on < clock.today() for row in case.deadlines.get(stage.id, []))


def _words(stage: Stage, verb: str, silence: bool) -> str:
    who = codes.HOLDERS.get(stage.holder or "", "")
    if silence:
        return f"Jawaban {who} tidak datang dalam waktunya. {IF_PASSED[DEEMED_APPROVED]}"
    if stage.status == "waiting" and verb != "skip":
        return f"Tunggu {who}, lalu selesaikan “{stage.name}”"
    if stage.status == "returned" and verb != "skip":
        return f"Perbaiki, lalu lanjutkan “{stage.name}”"
    return {"start": f"Mulai “{stage.name}”", "skip": f"Lewati “{stage.name}”"}.get(verb, f"Selesaikan “{stage.name}”")


def _basis(case: Case, stage: Stage, verb: str) -> tuple[Citation, ...]:
    rule = case.rule(stage)
    if rule is None:
        return ()
    return (rule.skip_basis,) if verb == "skip" and rule.skip_basis is not None else rule.basis


# --- as JSON -----------------------------------------------------------------------------------------------------


def as_json(told: Explained) -> dict[str, Any]:
    """The shape of `explain`: the same as the page says."""
    agreement, case = told.agreement, told.case
    open_now = told.current is not None and told.current.status in codes.OPEN_STATUSES
    return {
        "register_no": agreement.register_no,
        "title": agreement.title,
        "procedure": case.content.code if case.content is not None else None,
        "version": case.content.version if case.content is not None else None,
        "instrument": agreement.instrument,
        "validity": told.validity,
        "current": told.current.key if told.current is not None else None,
        "holder": agreement.holder if told.steps else None,
        "since": _iso(agreement.stage_since) if told.steps else None,
        "days": (clock.today() - agreement.stage_since).days if open_now and agreement.stage_since else None,
        "stages": [_step_json(step) for step in told.steps],
        "documents": [
            {"stage": step.stage.key, "name": paper.rule.name, "state": paper.state, "blocks": paper.blocks}
            for step in told.steps
            for paper in step.papers
        ],
        "obstacles": list(told.next.obstacles) if told.next is not None else [],
        "next": _next_json(told.next),
    }


def _step_json(step: Step) -> dict[str, Any]:
    stage = step.stage
    return {
        "key": stage.key,
        "name": stage.name,
        "order": stage.position,
        "status": stage.status,
        "started_on": _iso(stage.started_on),
        "finished_on": _iso(stage.finished_on),
        "holder": stage.holder,
        "due_on": _iso(step.due.on) if step.due is not None else None,
        "due_explained": step.due.explained if step.due is not None else None,
        "basis": _cited(step.basis),
        "ground": stage.ground or None,
    }


def _next_json(following: Next | None) -> dict[str, Any] | None:
    if following is None:
        return None
    return {"text": following.text, "verb": following.verb, "basis": _cited(following.basis)}


def _cited(basis: tuple[Citation, ...]) -> list[dict[str, str]]:
    return [{"text": each.shown, "certainty": each.certainty} for each in basis]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
