"""The form of one verb on one stage: it asks for what this verb needs here and now, and for nothing else.

The same form stands on the page of the agreement, on that of the stage, and on the page that tells why it was refused.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for

from models import Attachment, Stage
from rules import codes, paperkinds
from rules.law_parts import QUESTIONS
from rules.text import fold
from sikerja.process import answers, guards, papers
from sikerja.process.case import Case
from sikerja.process.moves import SILENCE
from sikerja.process.papers import Paper
from views.fields import Choice, Day, Form, Lines, Record
from views.ticks import Ticks, YesNo

TEXT_LENGTH = 2000
ICONS = {
    "start": "arrow-right", "finish": "circle-check", "skip": "skip", "send_back": "restore", "wait": "hourglass",
    "reopen": "restore", "answer": "check",
}  # fmt: skip
_DAY_HELP = {
    "wait": "Hari surat diterima pihak yang ditunggu; tenggat dihitung sejak hari itu. Kosongkan bila hari ini.",
    "finish": "Kosongkan bila hari ini.",
}
_REMARK_LABEL = {"send_back": "Yang harus diperbaiki", "reopen": "Alasan"}
# Verbs that are called otherwise on a stage that has begun and not ended.
_ONCE_BEGUN = {"start": "Lanjutkan tahap", "reopen": "Batalkan mulai tahap"}


@dataclass(frozen=True)
class MoveForm:
    """A verb on a stage with its form; answers to questions are of the whole agreement, and so of no stage."""

    stage: Stage | None
    verb: str
    form: Form
    fields: list[tuple[str, Any]]
    label: str
    risk: bool = False

    @property
    def icon(self) -> str:
        return ICONS[self.verb]

    @property
    def url(self) -> str:
        """Where the form is sent to."""
        return url_for("agreement.answer_view" if self.verb == "answer" else "stage.move_view")


def move_form(case: Case, stage: Stage, verb: str, viewer: Any, sent: Any = None, *, silence: bool = False) -> MoveForm:
    """The form of this verb for this person, filled from what was sent."""
    fields: dict[str, Any] = {}
    if verb in ("start", "finish", "skip") and not silence:
        fields |= _questions(case, stage, verb)
    if verb == "finish":
        fields |= _documents(case, stage, silence)
    fields |= _texts(case, stage, verb, viewer)
    made = type("StageMoveForm", (Form,), fields)(sent, prefix="")
    hidden: list[tuple[str, Any]] = [("id", stage.id), ("verb", verb), ("version", stage.version)]
    if silence:
        hidden.append(("ground", SILENCE))
    begun = _ONCE_BEGUN if stage.status in codes.OPEN_STATUSES else {}
    label = "Catat dianggap disetujui" if silence else begun.get(verb, codes.STAGE_VERBS[verb])
    return MoveForm(stage, verb, made, hidden, label, verb in ("skip", "send_back", "reopen"))


def answer_form(case: Case, stage: Stage) -> MoveForm | None:
    """The questions that decide whether this stage is walked, to be answered before it; None where none is open."""
    rule = case.rule(stage)
    keys = [key for key in rule.applies_if if key not in case.answers] if rule is not None else []
    return form_of_answers(case, keys) if keys and stage.status == "planned" else None


def form_of_answers(case: Case, keys: Iterable[str], sent: Any = None, place: str = "jawab") -> MoveForm:
    """These questions with what was answered so far, or with what was sent; `place` sets its ids apart on the page."""
    keys = list(keys)
    fields: dict[str, Any] = {}
    for key in keys:
        fields |= _question(case, key, lambda name: f"{place}-{name}")
    made = type("AnswerForm", (Form,), fields)(sent, data=_answered(case, keys))
    seen = [(f"seen_{key}", answers.mark(case.answers.get(key))) for key in keys]
    return MoveForm(None, "answer", made, [("id", case.agreement.id), *seen], "Catat jawaban")


def _answered(case: Case, keys: Iterable[str]) -> dict[str, Any]:
    """What the form of these questions begins with."""
    data: dict[str, Any] = {}
    for key in keys:
        kept = case.answers.get(key)
        if kept is not None:
            proof = case.files.get(kept.attachment_id or 0)
            data |= {f"answer_{key}": "yes" if kept.yes else "no", f"answer_{key}_reason": kept.reason}
            data[f"answer_{key}_attachment"] = proof.id if proof is not None else None
    return data


def possible(case: Case, stage: Stage) -> list[str]:
    """The verbs that the state of this stage leaves open, the one that leads on first.

    Nothing is greyed out: what can't be done yet is offered too and answers with every obstacle. Only what the law never
    allows (skipping a stage that has no ground for it) is left out.
    """
    rule = case.rule(stage)
    found = [verb for verb in codes.STAGE_VERBS if stage.status in guards.FROM[verb]]
    if rule is not None and not rule.may_be_skipped:
        found = [verb for verb in found if verb != "skip"]
    return found


# --- fields ------------------------------------------------------------------------------------------------------


def _name(stage: Stage, verb: str, name: str) -> str:
    """An id of its own: a page holds many such forms."""
    return f"move-{stage.id}-{verb}-{name}"


def _questions(case: Case, stage: Stage, verb: str) -> dict[str, Any]:
    """The questions that this verb turns on and that nobody has answered."""
    rule = case.rule(stage)
    if rule is None:
        return {}
    deciding = list(rule.applies_if)
    keys = deciding if verb in ("start", "skip") else [key for key in answers.of_stage(case, stage) if key not in deciding]
    fields: dict[str, Any] = {}
    for key in keys:
        if key not in case.answers:
            fields |= _question(case, key, lambda name: _name(stage, verb, name))
    return fields


def _question(case: Case, key: str, name: Callable[[str], str]) -> dict[str, Any]:
    """One question; where something turns on it, with the reason that it takes and the file that proves it."""
    decides = answers.decides(case, key)
    fields: dict[str, Any] = {
        f"answer_{key}": YesNo(QUESTIONS[key].text, id=name(key)),
        f"answer_{key}_reason": Lines(
            "Alasan jawaban", "Wajib diisi." if decides else "", most=TEXT_LENGTH, id=name(f"{key}-reason")
        ),
    }
    if decides:
        fields[f"answer_{key}_attachment"] = Record(
            "Bukti", _files(case), "Misalnya DPA atau berita acara.", id=name(f"{key}-proof")
        )
    return fields


def _documents(case: Case, stage: Stage, silence: bool) -> dict[str, Any]:
    """A choice of file for each document that is not there, and the contents that the law counts in it.

    Without any file in the family there is nothing to choose: the list of documents leads to the upload.
    """
    fields: dict[str, Any] = {}
    if not case.files:
        return fields
    for number, paper in enumerate(papers.of_stage(case, stage, case.said(), silence=silence)):
        if not paper.is_there:
            fields[f"document_{number}"] = Record(
                paper.rule.name, _files(case), _need(paper), id=_name(stage, "finish", f"document-{number}"),
                default=_likely(case, paper),
            )  # fmt: skip
        wanted = papers.contents_of(paper)
        if wanted and not paper.is_there:
            boxes = {str(place): name for place, name in enumerate(wanted, 1)}
            fields[f"contents_{number}"] = Ticks(
                f"Muatan yang sudah ada dalam “{paper.rule.name}”", boxes, id=_name(stage, "finish", f"contents-{number}")
            )
    return fields


def _need(paper: Paper) -> str:
    if paper.blocks:
        return f"Wajib, menahan tahap ini. Dasar: {paper.rule.basis.shown}."
    if paper.rule.required:
        return "Diingatkan; tanpa berkas, tulis alasannya pada catatan."
    return (
        "Tidak wajib." if paper.rule.applies_if is None else f"Wajib bila dijawab ya: {QUESTIONS[paper.rule.applies_if].text}"
    )


def _likely(case: Case, paper: Paper) -> int | None:
    """A file of the family that is called like the document, or the only one of the kind that it most likely is.

    It is chosen beforehand, and tied only when the button is pressed.
    """
    wanted, kind = fold(paper.rule.name), paperkinds.guess(paper.rule.name)
    newest = {file.id: file for file in case.files.values() if file.verdict != "refused"}
    alike = [key for key, file in newest.items() if fold(file.title) == wanted]
    of_kind = [key for key, file in newest.items() if file.kind == kind and kind != "lainnya"]
    return alike[0] if alike else of_kind[0] if len(of_kind) == 1 else None


def _texts(case: Case, stage: Stage, verb: str, viewer: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "on": Day("Tanggal", _DAY_HELP.get(verb, "Kosongkan bila hari ini."), id=_name(stage, verb, "on"))
    }
    if verb == "wait":
        rule = case.rule(stage)
        fields["holder"] = Choice(
            "Ditunggu dari", codes.HOLDERS, blank=None, default=rule.holder if rule else stage.holder or "mitra",
            id=_name(stage, verb, "holder"),
        )  # fmt: skip
    if verb == "skip" and not stage.statutory:
        fields["ground"] = Lines(
            "Dasar atau alasan melewati", most=TEXT_LENGTH, required="Isi dasarnya.", id=_name(stage, verb, "ground")
        )
    required = "Isi yang harus diperbaiki." if verb == "send_back" else ""
    fields["remark"] = Lines(
        _REMARK_LABEL.get(verb, "Catatan"), most=TEXT_LENGTH, required=required, id=_name(stage, verb, "remark")
    )
    blocked = verb == "finish" and guards.blocking(papers.of_stage(case, stage, case.said()))
    if blocked and viewer.may("stage:override"):
        fields["override_reason"] = Lines(
            "Alasan pimpinan melewati dokumen yang belum ada", most=TEXT_LENGTH, id=_name(stage, verb, "override")
        )
    return fields


def _files(case: Case) -> Any:
    """The newest files of the family, to choose from."""
    newest: Iterable[Attachment] = {file.id: file for file in case.files.values()}.values()
    return lambda: [(file.id, f"{file.title} ({codes.ATTACHMENT_KINDS[file.kind]})") for file in newest]


def upload_hints(paper: Paper) -> dict[str, str]:
    """What the upload page is told of a document that is missing: its title and the kind of file it most likely is."""
    return {"title": paper.rule.name, "kind": paperkinds.guess(paper.rule.name)}
