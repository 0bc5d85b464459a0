"""Where an agreement stands in the law, on its details page: the line of stages, what comes next with its buttons, documents.

Everything is told from `sikerja.process.explaining`, the same as the command `explain`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from models import Agreement, Attachment
from rules import codes
from rules.law_parts import IF_PASSED, QUESTIONS
from sikerja import clock, formats
from sikerja.law import articles
from sikerja.process import case as cases
from sikerja.process import explaining, guards, papers
from sikerja.process.explaining import Due, Explained, Step
from sikerja.process.papers import Paper
from views import agreement_answers
from views.moveform import MoveForm, answer_form, move_form, possible, upload_hints

STEP_STATES = {
    "planned": "ahead", "running": "current", "waiting": "waiting", "returned": "returned",
    "finished": "done", "skipped": "skipped",
}  # fmt: skip


@dataclass(frozen=True)
class Beside:
    """A stage that runs beside others after the signature, with its buttons."""

    name: str
    words: str
    due: Markup
    forms: list[MoveForm]


@dataclass(frozen=True)
class NextBox:
    """The one box that says what to do."""

    title: str
    tone: str
    basis: Markup
    due: Markup
    missing: list[str]
    primary: MoveForm | None = None
    others: list[MoveForm] = field(default_factory=list)
    silence: MoveForm | None = None


@dataclass(frozen=True)
class DocumentRow:
    """One document of one stage as the page shows it."""

    state: str
    word: str
    name: str
    need: str
    basis: Markup
    file: Any
    missing_contents: list[str]
    boxes: list[tuple[int, str, bool]]  # number, what it is, whether it was found
    number: int
    stage_id: int
    upload_url: str | None
    choices: list[tuple[int, str]]
    chosen: int | None  # the file that serves it now

    @property
    def verb(self) -> str:
        """What the fold beside it does."""
        if self.chosen is None:
            return "Pakai berkas yang ada"
        return "Ganti berkas atau tandai muatan" if self.boxes else "Ganti berkas"


@dataclass(frozen=True)
class DocumentGroup:
    """The documents of one stage; open where the stage is what it is about now."""

    name: str
    is_open: bool
    rows: list[DocumentRow]


def context(session: Session, agreement: Agreement, validity: str, viewer: Any) -> dict[str, Any]:
    """What the template shows of the process, to this viewer."""
    told = explaining.tell(cases.load(session, agreement), validity)
    regulations = articles.regulations(session)
    teller = Teller(told, viewer, regulations)
    return {
        "line": teller.line(),
        "next": teller.next_box(),
        "beside": teller.beside(),
        "documents": teller.documents(),
        "more": [section for section in (teller.skipped(), teller.deadlines()) if section],
        "answers": agreement_answers.rows(teller.case, teller.edits, teller.file),
        "consent": agreement_answers.consent(teller.case, teller.edits),
    }


class Teller:
    """Puts one explanation into words and buttons for one viewer."""

    def __init__(self, told: Explained, viewer: Any, regulations: Mapping[str, int]) -> None:
        self.told, self.viewer, self.regulations = told, viewer, regulations
        self.case = told.case
        living = not told.agreement.is_binned
        self.moves = living and viewer.may("stage:move")
        self.edits = living and viewer.may("stage:edit")
        self.steps = {step.stage.id: step for step in told.steps}

    # --- the line ------------------------------------------------------------------------------------------------

    def line(self) -> dict[str, Any] | None:
        """The stages in their order; those of the law are numbered, internal ones say what they are."""
        if not self.told.steps:
            return None
        items, number = [], 0
        for step in self.told.steps:
            number += step.stage.statutory
            items.append(
                {
                    "number": number if step.stage.statutory else None,
                    "name": step.stage.name + ("" if step.stage.statutory else " (internal)"),
                    "state": STEP_STATES[step.stage.status],
                    "note": step_note(step),
                    "title": step.stage.ground,
                    "url": url_for("stage.details_view", id=step.stage.id),
                }
            )
        return {"title": self._standing(), "kind": "steps", "items": items}

    def _standing(self) -> str:
        """Tahap 6 dari 10: Penyusunan PKS"""
        current, of_law = self.told.current, [step.stage for step in self.told.steps if step.stage.statutory]
        if current is None or not current.statutory:
            return "Tahap" if current is None else f"Tahap internal: {current.name}"
        return f"Tahap {of_law.index(current) + 1} dari {len(of_law)}: {current.name}"

    # --- what comes next -----------------------------------------------------------------------------------------

    def next_box(self) -> NextBox | None:
        """What to do next, by which article, until when, and the buttons that this viewer may press."""
        following = self.told.next
        if following is None:
            return None
        stage = following.stage
        due = self.steps[stage.id].due if stage is not None else None
        box: dict[str, Any] = {}
        if stage is not None and following.verb is not None:
            box = self._buttons(stage, following.verb, following.silence)
        title, basis = f"Langkah berikut: {following.text}", self._cited(following.basis)
        return NextBox(title, self._tone(stage, due), basis, self.due(due), list(following.obstacles), **box)

    def _buttons(self, stage: Any, verb: str, silence: bool) -> dict[str, Any]:
        if not self.edits:
            blocked = guards.blocking(papers.of_stage(self.case, stage, self.case.said()))
            overrides = self.moves and verb == "finish" and blocked
            return {"primary": self.form(stage, "finish")} if overrides else {}
        first = verb if not silence else "finish"
        others = [self.form(stage, each) for each in possible(self.case, stage) if each != first]
        settled = [each for each in self.case.in_line() if each.status in codes.SETTLED_STATUSES]
        if settled and stage.status == "planned" and not stage.parallel:
            others.append(self.form(settled[-1], "reopen", f"Buka kembali “{settled[-1].name}”"))
        asked = answer_form(self.case, stage)
        if asked is not None:
            return {"primary": asked, "others": [each for each in others if each.stage is not stage]}
        return {
            "primary": self.form(stage, first),
            "others": others,
            "silence": move_form(self.case, stage, "finish", self.viewer, silence=True) if silence else None,
        }

    def form(self, stage: Any, verb: str, label: str = "") -> MoveForm:
        """A verb on a stage, as this viewer is asked for it."""
        made = move_form(self.case, stage, verb, self.viewer)
        return MoveForm(made.stage, made.verb, made.form, made.fields, label or made.label, made.risk)

    @staticmethod
    def _tone(stage: Any, due: Due | None) -> str:
        if (due is not None and due.is_over) or (stage is not None and stage.status == "returned"):
            return "danger"
        return "warn" if stage is not None and stage.status == "waiting" else "info"

    def _cited(self, basis: Any) -> Markup:
        return Markup("; ").join(formats.citation(each, self.regulations) for each in basis if each.shown)

    def due(self, due: Due | None) -> Markup:
        """Until when, how that was counted, by which article, and how long it has passed."""
        if due is None:
            return Markup("")
        parts = [Markup("{}").format(due.explained)]
        if due.is_over:
            parts.append(Markup('<strong class="sk-late">lewat {} hari</strong>').format((clock.today() - due.on).days))
        if due.rule is not None:
            parts.append(formats.citation(due.rule.basis, self.regulations))
            parts += [Markup("{}").format(words) for words in (IF_PASSED.get(due.rule.if_passed, ""), due.rule.doubt) if words]
        return Markup(" · ").join(parts)

    def beside(self) -> list[Beside]:
        """The stages that run side by side after the signature and the internal ones, but for the one in the box."""
        rows = []
        for step in self._steps_beside():
            stage = step.stage
            forms = [self.form(stage, verb) for verb in possible(self.case, stage)] if self.edits else []
            name = stage.name if stage.statutory else f"{stage.name} (internal)"
            rows.append(Beside(name, step_note(step), self.due(step.due), forms))
        return rows

    def _steps_beside(self) -> list[Step]:
        current = self.told.next.stage if self.told.next is not None else None
        others = [step for step in self.told.steps if step.stage is not current]
        signed = cases.signed(self.case.agreement, clock.today())
        side_by_side = [step for step in others if step.stage.parallel and signed]
        return side_by_side + [step for step in others if not step.stage.statutory]

    def skipped(self) -> dict[str, Any] | None:
        """On which ground the stages that fell away did so."""
        items = [(step.stage.name, step.stage.ground) for step in self.told.steps if step.stage.status == "skipped"]
        return {"title": "Tahap yang dilewati", "kind": "facts", "items": items} if items else None

    def deadlines(self) -> dict[str, Any] | None:
        """Every deadline that no box and no row beside it tells: of what has ended, what is ahead, and the further ones."""
        current = self.told.next.stage if self.told.next is not None else None
        shown = [step.due for step in self.told.steps if step.stage is current] + [step.due for step in self._steps_beside()]
        rows = [
            [step.stage.name, self.due(due)]
            for step in self.told.steps
            for due in step.deadlines
            if not any(due is each for each in shown)
        ]
        return {"title": "Tenggat lain", "kind": "table", "rows": rows, "headings": ["Tahap", "Tenggat"]} if rows else None

    # --- documents -----------------------------------------------------------------------------------------------

    def documents(self) -> list[DocumentGroup]:
        """What each stage asks for and what is there of it."""
        return [self.documents_of(step) for step in self.told.steps if step.papers]

    def documents_of(self, step: Step) -> DocumentGroup:
        """What one stage asks for."""
        is_open = step.stage is self.told.current or step.stage.status in codes.OPEN_STATUSES
        rows = [self._document(step, number, paper) for number, paper in enumerate(step.papers)]
        return DocumentGroup(step.stage.name, is_open, rows)

    def _document(self, step: Step, number: int, paper: Paper) -> DocumentRow:
        agreement = self.case.agreement
        there = paper.state == papers.PRESENT
        hints = {"agreement": str(agreement.id)} | upload_hints(paper)
        if self.edits:
            hints |= {"stage": str(step.stage.id), "document": str(number)}
        may_upload = self.viewer.may("attachment:create") and not agreement.is_binned
        return DocumentRow(
            state=_document_state(paper),
            word="Tidak ada" if paper.state == papers.MISSING and not _is_wanted(paper) else papers.STATES[paper.state],
            name=paper.rule.name,
            need=_need(paper),
            basis=formats.citation(paper.rule.basis, self.regulations) if paper.rule.basis.shown else Markup(""),
            file=self.file(paper.file),
            missing_contents=list(papers.missing_contents(paper)) if paper.file is not None else [],
            boxes=[(place, name, place in paper.contents) for place, name in enumerate(papers.contents_of(paper), 1)],
            number=number,
            stage_id=step.stage.id,
            upload_url=f"/admin/attachment/new/?{urlencode(hints)}" if may_upload and not there else None,
            choices=self._choices() if self._takes_files(step) else [],
            chosen=paper.file.id if paper.file is not None else None,
        )

    def _takes_files(self, step: Step) -> bool:
        """A choice among the files stands where the stage is or was: a family has many files, and a way many stages."""
        here = step.stage.status != "planned" or step.stage is self.told.current
        return bool(self.edits and here)

    def _choices(self) -> list[tuple[int, str]]:
        newest = {file.id: file for file in self.case.files.values()}
        return [(file.id, file.title) for file in newest.values()]

    def file(self, file: Attachment | None) -> Markup | None:
        """The file by name, edition and date; one of another agreement of the family is not named to a unit."""
        if file is None:
            return None
        if file.agreement_id != self.case.agreement.id and self.viewer.role == "unit":
            return Markup("Berkas naskah lain dalam keluarga ini")
        sent = formats.short_date(clock.local(file.created_at).date())
        url = url_for("attachment.details_view", id=file.id)
        return Markup("{} · versi {} · {}").format(formats.link(url, file.title), file.edition, sent)


def step_note(step: Step) -> str:
    """Selesai, 12 Feb 2026 · Menunggu mitra, 41 hari · Dilewati, 3 Agu 2026 · Belum."""
    stage = step.stage
    word = codes.STAGE_STATUSES[stage.status]
    if stage.status in codes.SETTLED_STATUSES:
        return f"{word}, {formats.short_date(stage.finished_on)}" if stage.finished_on else word
    if stage.status not in codes.OPEN_STATUSES:
        return word
    if stage.status == "waiting" and stage.holder:
        word = f"Menunggu {codes.HOLDERS[stage.holder]}"
    return f"{word}, {step.days} hari" if step.days else word


def _document_state(paper: Paper) -> str:
    """Which sign the row carries."""
    if paper.state in (papers.PRESENT, papers.DEEMED):
        return "ok"
    if paper.state == papers.REFUSED:
        return "bad"
    if paper.state == papers.UNNEEDED or not _is_wanted(paper):
        return "mute"
    return "bad" if paper.blocks else "warn"


def _is_wanted(paper: Paper) -> bool:
    """True where it must be there, should be there, or waits for its question."""
    return paper.rule.required or paper.rule.applies_if is not None


def _need(paper: Paper) -> str:
    rule = paper.rule
    if paper.blocks:
        return "Wajib, menahan tahap"
    if rule.applies_if is not None:
        return f"Wajib bila ya: {QUESTIONS[rule.applies_if].text}"
    return "Diingatkan" if rule.required else "Tidak wajib"
