"""The documents that a stage asks for: which are there, which are missing, which of them hold the stage."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models import Attachment, Stage, StageDocument
from rules import contents
from rules.law_parts import VERIFIED, DocumentRule
from rules.text import fold
from sikerja.process.case import Case

PRESENT, MISSING, REFUSED, DEEMED, UNNEEDED, OPEN = "present", "missing", "refused", "deemed", "not_needed", "open"
# What became of a document -> the word on a screen.
STATES = {
    PRESENT: "Ada",
    MISSING: "Belum ada",
    REFUSED: "Ditolak",
    DEEMED: "Dianggap disetujui",
    UNNEEDED: "Tidak diperlukan",
    OPEN: "Menunggu jawaban",
}
# A document of this name is also served by the note that the assembly kept silent.
_NOTE_OF_SILENCE = "dianggap disetujui"


@dataclass(frozen=True)
class Paper:
    """One document of one stage as it stands."""

    stage: Stage
    rule: DocumentRule
    state: str
    blocks: bool
    file: Attachment | None = None
    contents: tuple[int, ...] = ()  # numbers of the contents that were found in it

    @property
    def is_there(self) -> bool:
        return self.state in (PRESENT, DEEMED, UNNEEDED)


def of_stage(
    case: Case, stage: Stage, said: Mapping[str, bool], given: Mapping[str, int] | None = None, *, silence: bool = False
) -> list[Paper]:
    """The documents of a stage. `given`: document -> file that is being handed in now; `silence`: it ends by silence."""
    rule = case.rule(stage)
    if rule is None:
        return []
    return [_paper(case, stage, document, said, dict(given or {}), silence) for document in rule.documents]


def _paper(
    case: Case, stage: Stage, rule: DocumentRule, said: Mapping[str, bool], given: dict[str, int], silence: bool
) -> Paper:
    held = case.papers.get((stage.id, rule.name))
    file = case.files.get(given.get(rule.name) or (held.attachment_id if held else 0))
    found = tuple(int(each) for each in held.contents.split(",") if each) if held else ()
    wanted = rule.wanted(said)
    if file is not None:
        state = REFUSED if file.verdict == "refused" else PRESENT
    elif stage.status == "skipped":
        state = UNNEEDED
    elif _told_by_silence(case, stage, rule, silence):
        state = DEEMED
    elif wanted is None:
        state = OPEN
    else:
        state = UNNEEDED if rule.applies_if is not None and not wanted else MISSING
    return Paper(stage, rule, state, rule.blocks(said) and stage.status != "skipped", file, found)


def _told_by_silence(case: Case, stage: Stage, rule: DocumentRule, silence: bool) -> bool:
    """The answer that never came, where silence is consent; and the note of it in a later stage."""
    if silence or stage.id in case.deemed:
        return rule.direction == "masuk"
    return bool(case.deemed) and _NOTE_OF_SILENCE in fold(rule.name)


def choose(case: Case, stage: Stage, said: Mapping[str, bool], files: Collection[int]) -> dict[str, int]:
    """What files serve that were handed in without saying for which document.

    A file that is called like a document serves that one. Any other serves whatever is still missing: one scan often holds
    the letter with all that was attached to it.
    """
    missing = [paper.rule.name for paper in of_stage(case, stage, said) if not paper.is_there]
    named: dict[str, int] = {}
    loose: list[int] = []
    for key in files:
        title = fold(case.files[key].title)
        match = next((name for name in missing if fold(name) == title), None)
        if match is None:
            loose.append(key)
        else:
            named[match] = key
    left = [name for name in missing if name not in named]
    return named | {name: loose[min(place, len(loose) - 1)] for place, name in enumerate(left) if loose}


def tie(session: Session, case: Case, stage: Stage, given: Mapping[str, int], found: Mapping[str, str] | None = None) -> None:
    """Write down which file serves which document of the stage."""
    ticked = found or {}
    for name, key in given.items():
        held = case.papers.get((stage.id, name))
        if held is None:
            held = StageDocument(agreement_id=stage.agreement_id, stage_id=stage.id, document=name, attachment_id=key)
            session.add(held)
            case.papers[stage.id, name] = held
        held.attachment_id = key
        held.contents = ticked.get(name, held.contents or "")
    session.flush()


def contents_of(paper: Paper) -> tuple[str, ...]:
    """What the law wants in a document, where it says so and that was read."""
    basis = paper.rule.basis
    return contents.of(basis.text) if basis.certainty == VERIFIED else ()


def missing_contents(paper: Paper) -> Iterator[str]:
    """The contents that the law asks for and nobody has found in the document yet."""
    yield from (name for number, name in enumerate(contents_of(paper), 1) if number not in paper.contents)
