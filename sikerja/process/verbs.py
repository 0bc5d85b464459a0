"""The verbs on a stage: start, finish, skip, send back, wait, reopen; each leaves an event and can be taken back by another.

start, wait and send back follow one another; reopen takes back a finish, a skip or a start. Nothing is done by halves: a verb
that is refused changes nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Attachment, Stage, StageEvent
from rules import terms
from rules.law_parts import StageRule
from sikerja import amending, clock
from sikerja.process import answers, guards, papers, times
from sikerja.process import case as cases
from sikerja.process.case import Case
from sikerja.process.moves import Move
from sikerja.refusals import Conflict, Refusal


class Person(Protocol):
    """Who does it."""

    id: int
    name: str


TAKEN = "Orang lain baru saja memindahkan tahap “{name}”. Muat ulang halaman untuk melihat keadaannya sekarang."


def move(session: Session, stage: Stage, asked: Move, person: Person | None) -> Case:
    """Do it. Raises Conflict where it has just been done, Refusal (`errors` by number) with every obstacle otherwise."""
    agreement = session.get_one(Agreement, stage.agreement_id)
    case = cases.load(session, agreement)
    if guards.is_done_already(stage, asked):
        raise Conflict(TAKEN.format(name=stage.name))
    found = guards.obstacles(case, stage, asked)
    if found:
        raise Refusal(errors={str(number): sentence for number, sentence in enumerate(found)})
    before = stage.status
    facts = _do(session, case, stage, asked, person)
    case = cases.load(session, agreement)
    _write_event(session, stage, asked, before, facts, person)
    case = replace(case, deemed=cases.deemed(session, agreement))
    times.keep(session, case)
    return case


def _do(session: Session, case: Case, stage: Stage, asked: Move, person: Person | None) -> dict[str, Any]:
    """Change the stage; returns what the event tells beside it."""
    given = guards.handed_in(case, stage, asked)
    said = case.said({key: answer.yes for key, answer in asked.answers.items()})
    wanting = papers.of_stage(case, stage, said, given, silence=asked.by_silence)
    facts: dict[str, Any] = {}
    if asked.answers:
        answers.keep(session, case, _with_proof(asked), asked.on, person.name if person is not None else "")
        facts["answers"] = {key: answer.yes for key, answer in asked.answers.items()}
    if given and asked.verb != "reopen":
        papers.tie(session, case, stage, given, asked.contents)
        facts["documents"] = given
    if asked.verb == "finish":
        facts["overridden"] = [paper.rule.name for paper in guards.blocking(wanting)]
        facts["passed"] = [paper.rule.name for paper in guards.warning(wanting)]
    facts |= _CHANGE[asked.verb](session, case, stage, asked) or {}
    if asked.remark:
        stage.remark = asked.remark
    session.flush()
    amending.apply(session, case.agreement)  # a signed addendum moves the end of what it changes
    return {name: value for name, value in facts.items() if value}


def _with_proof(asked: Move) -> dict[str, answers.Given]:
    """The answers, each with its own proof or, without one, the first file that was handed in."""
    proof = asked.files[0] if asked.files else None
    return {
        key: replace(answer, file=answer.file if answer.file is not None else proof) for key, answer in asked.answers.items()
    }


# --- verb by verb ------------------------------------------------------------------------------------------------


def _start(_session: Session, case: Case, stage: Stage, asked: Move) -> None:
    if stage.status == "planned":
        stage.started_on = asked.on
    stage.status = "running"
    stage.finished_on = None
    stage.holder = asked.holder or _holder(case, stage)


def _holder(case: Case, stage: Stage) -> str | None:
    rule: StageRule | None = case.rule(stage)
    return rule.holder if rule is not None else stage.holder


def _wait(_session: Session, case: Case, stage: Stage, asked: Move) -> None:
    """From the day on which the one who is waited for received it, the law counts its deadline."""
    stage.status = "waiting"
    stage.received_on = asked.on
    stage.holder = asked.holder or _holder(case, stage) or "mitra"


def _send_back(_session: Session, _case: Case, stage: Stage, asked: Move) -> None:
    stage.status = "returned"
    if asked.holder:
        stage.holder = asked.holder


def _finish(_session: Session, case: Case, stage: Stage, asked: Move) -> dict[str, Any]:
    stage.status, stage.finished_on = "finished", asked.on
    rule = case.rule(stage)
    agreement = case.agreement
    if rule is None or not rule.signs or agreement.signed_on is not None:
        return {}
    agreement.signed_on, agreement.year = asked.on, asked.on.year
    facts = {"signed_on": asked.on.isoformat()}
    computed = terms.end_of(agreement.duration, agreement.starts_on, agreement.signed_on)
    if computed is not None and agreement.ends_on is None and not agreement.open_ended:
        agreement.ends_on = computed[0]
        agreement.first_ends_on = agreement.first_ends_on or computed[0]
        facts["ends_on"] = computed[0].isoformat()
    return facts


def _skip(_session: Session, case: Case, stage: Stage, asked: Move) -> None:
    stage.status, stage.finished_on = "skipped", asked.on
    legal = answers.ground_for_skipping(case, stage, asked.answers) if stage.statutory else ""
    stage.ground = " ".join(part for part in (legal, asked.ground) if part) or asked.remark


def _reopen(session: Session, case: Case, stage: Stage, _asked: Move) -> dict[str, Any]:
    """Back to where it was: a settled stage that had begun runs again, any other stands ahead once more."""
    settled = stage.status in ("finished", "skipped")
    facts = _unsign(session, case, stage) if stage.status == "finished" else {}
    stage.status = "running" if settled and stage.started_on is not None else "planned"
    stage.finished_on, stage.ground = None, ""
    if stage.status == "planned":
        stage.started_on = stage.received_on = None
    return facts


def _unsign(session: Session, case: Case, stage: Stage) -> dict[str, Any]:
    """Take back the signature, where it was this stage's end that set it."""
    rule = case.rule(stage)
    if rule is None or not rule.signs:
        return {}
    last = select(StageEvent).where(StageEvent.stage_id == stage.id, StageEvent.verb.in_(("finish", "deemed")))
    event = session.scalars(last.order_by(StageEvent.id.desc()).limit(1)).first()
    told = json.loads(event.facts) if event is not None and event.facts else {}
    signed_on = case.agreement.signed_on
    if signed_on is None or told.get("signed_on") != signed_on.isoformat():
        return {}
    agreement = case.agreement
    agreement.signed_on = agreement.year = None
    if agreement.ends_on is not None and told.get("ends_on") == agreement.ends_on.isoformat():
        agreement.ends_on = agreement.first_ends_on = None
    return {"unsigned": signed_on.isoformat()}


_CHANGE: dict[str, Any] = {
    "start": _start,
    "wait": _wait,
    "send_back": _send_back,
    "finish": _finish,
    "skip": _skip,
    "reopen": _reopen,
}


# --- events ------------------------------------------------------------------------------------------------------


def _write_event(
    session: Session, stage: Stage, asked: Move, before: str, facts: dict[str, Any], person: Person | None
) -> None:
    note(
        session, stage, "deemed" if asked.by_silence else asked.verb, person,
        on=asked.on, from_status=before, remark=asked.remark, ground=stage.ground if asked.verb == "skip" else asked.ground,
        override_reason=asked.override_reason if facts.get("overridden") else "",
        facts=json.dumps(facts, ensure_ascii=False) if facts else "",
    )  # fmt: skip


def note(session: Session, stage: Stage, verb: str, person: Person | None, **told: Any) -> None:
    """Write down that something was done to a stage: never changed afterwards."""
    values = {"on": clock.today(), "from_status": stage.status} | told
    session.add(
        StageEvent(
            stage_id=stage.id, agreement_id=stage.agreement_id, verb=verb, to_status=stage.status, at=clock.now(),
            user_id=person.id if person is not None else None, user_name=person.name if person is not None else "Sistem",
            **values,
        )
    )  # fmt: skip
    session.flush()


# --- documents beside a verb -------------------------------------------------------------------------------------


def hand_in(session: Session, case: Case, stage: Stage, document: str, file: int, contents: str, person: Person | None) -> None:
    """A file of the family serves as this document of the stage from now on. Raises Refusal.

    On a stage that ended by silence it is the answer that came late after all: the silence no longer counts.
    """
    found = [*guards.of_agreement(case.agreement)]
    if file not in case.files:
        found.append("Dokumen yang dipilih bukan berkas naskah ini atau keluarganya. Pilih berkas yang ada, atau unggah dulu.")
    if found:
        raise Refusal(errors={str(number): sentence for number, sentence in enumerate(found)})
    answer = next(each for each in case.rules[stage.key].documents if each.name == document).direction == "masuk"
    papers.tie(session, case, stage, {document: file}, {document: contents})
    verb = "late_answer" if stage.id in case.deemed and answer else "document"
    note(session, stage, verb, person, facts=json.dumps({"documents": {document: file}}, ensure_ascii=False))
    times.keep(session, cases.load(session, case.agreement))


def answer(
    session: Session, agreement: Agreement, given: Mapping[str, answers.Given], person: Person | None, seen: Mapping[str, str]
) -> None:
    """Write down answers to questions of the law outside of any verb on a stage; `seen`: question -> `answers.mark` of what
    the person had before them.

    Raises Conflict where somebody has answered meanwhile, Refusal with every obstacle.
    """
    session.execute(select(Agreement.id).where(Agreement.id == agreement.id).with_for_update())  # one after another
    case = cases.load(session, agreement)
    taken = answers.taken(case, seen)
    if taken:
        raise Conflict(errors={str(number): sentence for number, sentence in enumerate(taken)})
    found = [*guards.of_agreement(agreement), *answers.obstacles(case, given)]
    if found:
        raise Refusal(errors={str(number): sentence for number, sentence in enumerate(found)})
    answers.keep(session, case, given, clock.today(), person.name if person is not None else "")
    current = next((stage for stage in case.stages if stage.id == agreement.current_stage_id), None)
    if current is not None:
        told = {"answers": {key: each.yes for key, each in given.items()}}
        note(session, current, "answer", person, facts=json.dumps(told))


def serve(session: Session, stage_id: int, number: int, file: Attachment, person: Person | None) -> None:
    """A file that has just come in serves the stage's document of that number, from 0. Raises Refusal where there is none."""
    stage = session.get(Stage, stage_id)
    case = cases.load(session, session.get_one(Agreement, file.agreement_id))
    rule = case.rule(stage) if stage is not None and stage.agreement_id == file.agreement_id else None
    if stage is None or rule is None or number >= len(rule.documents):
        raise Refusal("Tahap ini tidak meminta dokumen itu. Buka lagi halaman naskahnya, lalu tekan Unggah pada dokumennya.")
    hand_in(session, case, stage, rule.documents[number].name, file.id, "", person)
