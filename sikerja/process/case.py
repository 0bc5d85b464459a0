"""All that is known about one agreement's way through the law: its stages, where it is, what was answered and handed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import (
    Agreement,
    Answer,
    Attachment,
    Deadline,
    Link,
    Party,
    ProcedureVersion,
    Stage,
    StageDocument,
    StageEvent,
)
from rules import law, signing
from rules.law_parts import Procedure, StageRule
from sikerja import families
from sikerja.law import versions

# The question that the register answers by itself: whether somebody else than the head of region signs.
SIGNED_BY_ANOTHER = "penandatangan_bukan_kepala_daerah"


@dataclass(frozen=True)
class Case:
    """One agreement with the law it walks under; `rules` are the stages it walks, by key, in order."""

    agreement: Agreement
    version: ProcedureVersion | None
    content: Procedure | None
    rules: Mapping[str, StageRule]
    parent: Agreement | None
    ours: Party | None
    stages: list[Stage]
    answers: dict[str, Answer] = field(default_factory=dict)
    papers: dict[tuple[int, str], StageDocument] = field(default_factory=dict)
    files: dict[int, Attachment] = field(default_factory=dict)  # every edition's id -> the newest edition of its document
    deadlines: dict[int, list[Deadline]] = field(default_factory=dict)
    deemed: frozenset[int] = frozenset()  # stages that ended because the assembly kept silent

    def stage(self, key: str) -> Stage | None:
        """The statutory stage of that key."""
        return next((stage for stage in self.stages if stage.statutory and stage.key == key), None)

    def rule(self, stage: Stage) -> StageRule | None:
        """What the law says of a stage; None for an internal one."""
        return self.rules.get(stage.key) if stage.statutory else None

    def in_line(self) -> list[Stage]:
        """The stages of the law that follow one another, in their order; those side by side after the signature left out."""
        return [stage for stage in self.stages if stage.statutory and not stage.parallel]

    def signing_stage(self) -> Stage | None:
        """The stage in which this instrument is signed; a penerusan has none."""
        return next((stage for stage in self.stages if (rule := self.rule(stage)) is not None and rule.signs), None)

    def said(self, given: Mapping[str, bool] | None = None) -> dict[str, bool]:
        """Question -> yes or no: what was answered, what the register knows, and what is being answered now."""
        known = {key: answer.yes for key, answer in self.answers.items()}
        if self.ours is not None and (self.ours.by_power or self.ours.signatory_post):
            known[SIGNED_BY_ANOTHER] = signing.by_power(self.ours.by_power, self.ours.signatory_post)
        return known | dict(given or {})


def load(session: Session, agreement: Agreement) -> Case:
    """Everything about this agreement, read anew."""
    session.flush()
    parent = parent_of(session, agreement)
    version = session.get(ProcedureVersion, agreement.procedure_version_id) if agreement.procedure_version_id else None
    content = versions.content(session, version) if version else None
    rules = walked(content, agreement, parent)
    own = select(Stage).where(Stage.agreement_id == agreement.id, Stage.deleted_at.is_(None))
    served = select(StageDocument).where(StageDocument.agreement_id == agreement.id)
    due = select(Deadline).where(Deadline.agreement_id == agreement.id).order_by(Deadline.due_on, Deadline.id)
    answered = select(Answer).where(Answer.agreement_id == agreement.id).order_by(Answer.id)
    deadlines: dict[int, list[Deadline]] = {}
    for each in session.scalars(due):
        deadlines.setdefault(each.stage_id, []).append(each)
    return Case(
        agreement=agreement,
        version=version,
        content=content,
        rules={rule.key: rule for rule in rules},
        parent=parent,
        ours=session.scalars(select(Party).where(Party.agreement_id == agreement.id, Party.side == "ours")).first(),
        stages=list(session.scalars(own.order_by(Stage.position, Stage.id))),
        answers={each.question: each for each in session.scalars(answered)},
        papers={(each.stage_id, each.document): each for each in session.scalars(served)},
        files=files_of_family(session, agreement),
        deadlines=deadlines,
        deemed=deemed(session, agreement),
    )


def walked(content: Procedure | None, agreement: Agreement, parent: Agreement | None) -> tuple[StageRule, ...]:
    """The stages that the law wants this agreement to walk."""
    if content is None:
        return ()
    above = parent.instrument if parent is not None else None
    return law.walks(content, agreement.instrument, parent=above, origin=agreement.origin, special=agreement.special_procedure)


def parent_of(session: Session, agreement: Agreement) -> Agreement | None:
    """What the agreement was made under, or what it changes."""
    above = select(Agreement).join(Link, Link.to_id == Agreement.id).where(Link.from_id == agreement.id)
    return session.scalars(above.where(Link.kind.in_(families.PARENT_KINDS)).order_by(Link.id)).first()


def files_of_family(session: Session, agreement: Agreement) -> dict[int, Attachment]:
    """The files of all agreements of the family: id of every edition -> the newest living edition of its document."""
    root = agreement.root_id or agreement.id
    members = select(Agreement.id).where(or_(Agreement.root_id == root, Agreement.id == root), Agreement.deleted_at.is_(None))
    found = select(Attachment).where(Attachment.agreement_id.in_(members), Attachment.deleted_at.is_(None))
    editions = list(session.scalars(found.order_by(Attachment.series_id, Attachment.edition)))
    newest = {each.series_id: each for each in editions}
    return {each.id: newest[each.series_id] for each in editions}


def deemed(session: Session, agreement: Agreement) -> frozenset[int]:
    """Stages whose last end was silence: a later opening or answer takes it back."""
    told = ("deemed", "reopen", "late_answer", "finish")
    events = select(StageEvent.stage_id, StageEvent.verb).where(StageEvent.agreement_id == agreement.id)
    last: dict[int, str] = {}
    for stage_id, verb in session.execute(events.where(StageEvent.verb.in_(told)).order_by(StageEvent.id)):
        last[stage_id] = verb
    return frozenset(stage_id for stage_id, verb in last.items() if verb == "deemed")


def signed(agreement: Agreement, on: date) -> bool:
    """Signed on that day at the latest. What came from the archive was signed, whether or not it says when."""
    return agreement.origin == "archive" or (agreement.signed_on is not None and agreement.signed_on <= on)
