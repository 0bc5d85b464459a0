"""Articles that the bureau has read and vouches for, the regulations they belong to, and what of ours rests on a regulation.

What is in force is told from the published versions; what still waits for an article from the drafts, where there are any.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Article, Procedure, Regulation
from rules import citing, codes, law_parts
from rules.law_parts import JANUARY_WEEK, SIDES, UNITS, VERIFIED, Citation, DeadlineRule
from sikerja.law import versions

# What of a procedure rests on something.
KIND, STAGE, SKIP, DOCUMENT, DEADLINE = "kind", "stage", "skip", "document", "deadline"


def regulations(session: Session) -> dict[str, int]:
    """Code -> id of every regulation on record that is not in the bin: where citations lead to."""
    found = session.execute(select(Regulation.code, Regulation.id).where(Regulation.deleted_at.is_(None)))
    return {row.code: row.id for row in found}


def short_name(regulation: Regulation) -> str:
    """Permendagri 22/2020; empty where its code names no kind, number and year."""
    return citing.short_name(regulation.code)


def vouched(session: Session) -> frozenset[str]:
    """The full texts of the articles that somebody vouches for: "Permendagri 22/2020 Pasal 12 ayat (2)"."""
    found = session.execute(
        select(Article.citation, Regulation)
        .join(Regulation, Regulation.id == Article.regulation_id)
        .where(Article.withdrawn_on.is_(None), Regulation.deleted_at.is_(None))
    )
    return frozenset(f"{short_name(regulation)} {citation}" for citation, regulation in found if short_name(regulation))


def of_regulation(session: Session, regulation: Regulation) -> list[Article]:
    """Its articles that somebody vouches for, and those that were taken back."""
    return list(session.scalars(select(Article).where(Article.regulation_id == regulation.id).order_by(Article.id)))


@dataclass(frozen=True)
class Rule:
    """One thing of a procedure that rests on something: a kind itself, a stage, its skipping, a document, a deadline."""

    kind_id: int
    kind: str  # code of the procedure
    what: str
    cited: tuple[Citation, ...]
    stage: str = ""  # key of the stage; empty for the kind itself
    stage_name: str = ""
    name: str = ""  # of the document, key of the deadline
    deadline: DeadlineRule | None = None

    @property
    def key(self) -> str:
        """What tells it from all others, in any version that has it."""
        return "|".join((self.kind, self.stage, self.what, self.name))

    @property
    def kind_name(self) -> str:
        return codes.PROCEDURES.get(self.kind, self.kind)

    @property
    def active(self) -> bool:
        """False for a deadline that is a proposal, and so off."""
        return self.deadline is None or self.deadline.active

    @property
    def told(self) -> str:
        """What it is, in words: "Dokumen “Surat penawaran”", "Tenggat 45 hari kerja sesudah surat permohonan diterima"."""
        if self.deadline is not None:
            return f"Tenggat {_length(self.deadline)}"
        words = {KIND: "Jenis kerja sama ini", STAGE: "Tahap", SKIP: "Melewati tahap", DOCUMENT: f"Dokumen “{self.name}”"}
        return words[self.what]

    def citing(self, code: str) -> tuple[Citation, ...]:
        """Those of its citations that are of the regulation of that code."""
        return tuple(each for each in self.cited if each.regulation_code == code)


def _length(rule: DeadlineRule) -> str:
    if rule.unit == JANUARY_WEEK:
        return f"minggu ke-{rule.amount} Januari, {rule.since}"
    return f"{rule.amount} {UNITS.get(rule.unit, rule.unit)} {SIDES.get(rule.side, rule.side)} {rule.since}"


def rules_of(kind: Procedure, content: law_parts.Procedure) -> Iterator[Rule]:
    """Everything of a content that rests on something."""
    yield Rule(kind.id, kind.code, KIND, content.basis)
    for stage in content.stages:
        yield Rule(kind.id, kind.code, STAGE, stage.basis, stage.key, stage.name)
        if stage.skip_basis:
            yield Rule(kind.id, kind.code, SKIP, (stage.skip_basis,), stage.key, stage.name)
        for document in stage.documents:
            yield Rule(kind.id, kind.code, DOCUMENT, (document.basis,), stage.key, stage.name, document.name)
        for each in stage.deadlines:
            yield Rule(kind.id, kind.code, DEADLINE, (each.basis,), stage.key, stage.name, each.key, each)


class Law:
    """What is in force and what is coming, read once for a page."""

    def __init__(self, session: Session) -> None:
        force, drafts = versions.in_force(session), versions.in_draft(session)
        coming = {kind.id: (kind, content) for kind, content in (*force, *drafts)}
        self.in_force = [rule for pair in force for rule in rules_of(*pair)]
        self.drafted = [rule for pair in drafts for rule in rules_of(*pair)]
        self.coming = [rule for pair in coming.values() for rule in rules_of(*pair)]

    @property
    def read(self) -> frozenset[str]:
        """The articles that what is in force cites as read."""
        return frozenset(each.text for rule in self.in_force for each in rule.cited if each.is_read)

    def resting_on(self, code: str) -> list[Rule]:
        """What is in force and rests on the regulation of that code."""
        return [rule for rule in self.in_force if rule.citing(code)]

    def waiting(self, code: str) -> list[Rule]:
        """What rests on the regulation, but on none of its articles, or not on what was read; deadlines that are off too."""
        return [rule for rule in self.coming if any(_waits(rule, each) for each in rule.citing(code))]

    def others(self, code: str) -> list[Rule]:
        """What else could be given an article of the regulation: any stage, beside what it rests on already, and a
        document that rests on nothing."""
        waiting = {rule.key for rule in self.waiting(code)}
        return [rule for rule in self.coming if rule.key not in waiting and _takes_one_more(rule)]

    def citing(self, text: str) -> list[Rule]:
        """What is coming and cites exactly this article."""
        return [rule for rule in self.coming if any(each.text == text for each in rule.cited)]


def _waits(rule: Rule, cited: Citation) -> bool:
    return not (rule.active and cited.is_read)


def _takes_one_more(rule: Rule) -> bool:
    return rule.what == STAGE or (rule.what == DOCUMENT and not rule.cited[0].text.strip())


def resting_on(session: Session, regulation: Regulation) -> list[Rule]:
    """Every kind, stage, document and deadline in force whose citation is of this regulation."""
    return Law(session).resting_on(regulation.code)


def waiting(session: Session, regulation: Regulation) -> list[Rule]:
    """What rests on this regulation and still waits for an article of it; drafts are looked at first."""
    return Law(session).waiting(regulation.code)


@dataclass(frozen=True)
class Relied:
    """An article that we rely on: what rests on it now, what will once a draft is published, and who vouches for it."""

    citation: str
    in_force: list[Rule]
    in_draft: list[Rule]
    article: Article | None = None


def relied_on(law: Law, regulation: Regulation, entered: Iterable[Article]) -> list[Relied]:
    """The articles of a regulation that we rely on: those cited as read, in the order of the law, then those entered."""
    short = short_name(regulation)
    articles = {article.citation: article for article in entered}
    now, then = _by_article(law.in_force, regulation.code), _by_article(law.drafted, regulation.code)
    texts = dict.fromkeys((*now, *then, *(f"{short} {citation}" for citation in articles)))
    found = [(text.removeprefix(short).strip(), now.get(text, []), then.get(text, [])) for text in texts]
    return [
        Relied(citation, here, [rule for rule in coming if rule.key not in {each.key for each in here}], articles.get(citation))
        for citation, here, coming in sorted(found, key=lambda each: _place(each[0]))
    ]


def _by_article(rules: Iterable[Rule], code: str) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for each in rule.citing(code):
            if each.certainty == VERIFIED and each.has_article:
                found.setdefault(each.text, []).append(rule)
    return found


def _place(citation: str) -> list[str | int]:
    """Pasal 6 before Pasal 12, ayat (2) before ayat (10)."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"([0-9]+)", citation)]
