"""The questions of the law on an agreement's details page: what was answered, by whom, why, on which proof; to answer and mend.

A question is asked where the next stage turns on it; an answer that turned out wrong is changed where it stands, as long as no
stage has ended on its ground.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_login import current_user
from markupsafe import Markup

from extensions import db
from models import Agreement, Answer, Attachment
from rules.law_parts import QUESTIONS
from rules.text import clean_lines
from sikerja import formats
from sikerja.process import answers, verbs
from sikerja.process import case as cases
from sikerja.process.answers import UNCLEAR_CONSENT, Given
from sikerja.process.case import Case
from sikerja.refusals import Conflict, Refusal
from views.conflict import in_one_transaction
from views.folds import Fold, Words
from views.moveform import MoveForm, form_of_answers
from views.screen import Screen

_WORDS = Words("Catat jawaban", "check", "Jawaban belum dicatat")


@dataclass(frozen=True)
class AnswerRow:
    """One answered question, with the form that changes it for those who may."""

    text: str
    word: str
    reason: str
    told: Markup
    form: MoveForm | None


def rows(case: Case, edits: bool, file: Callable[[Attachment | None], Markup | None]) -> list[AnswerRow]:
    """What was answered; `file` tells the viewer of a file."""
    known = answers.asked(case) if edits else {}
    return [
        AnswerRow(
            text=str(each),
            word="Ya" if each.yes else "Tidak",
            reason=each.reason,
            told=_told(each, file(case.files.get(each.attachment_id or 0))),
            form=form_of_answers(case, [each.question], place="ubah") if each.question in known else None,
        )
        for each in case.answers.values()
    ]


def _told(answer: Answer, proof: Markup | None) -> Markup:
    """By whom, when, and the proof."""
    who = f"{answer.user_name}, " if answer.user_name else ""
    told = Markup("{}{}").format(who, formats.short_date(answer.answered_on))
    return told + (Markup("<br>Bukti: {}").format(proof) if proof else Markup("<br>Tanpa bukti"))


def consent(case: Case, edits: bool) -> dict[str, Any] | None:
    """For a kind where the law is unclear about the assembly: the warning, and the form while it is unanswered."""
    if UNCLEAR_CONSENT not in answers.asked(case):
        return None
    is_open = edits and UNCLEAR_CONSENT not in case.answers
    return {"form": form_of_answers(case, [UNCLEAR_CONSENT]) if is_open else None}


class AgreementAnswers(Screen):
    """Answering the questions of the law; mixed into the screen of agreements."""

    show_details: Callable[..., str]

    @expose("/answer/", methods=("POST",))
    def answer_view(self) -> Any:
        """Write down what was answered, with reason and proof; 303, 409 where somebody answered meanwhile, or 422.

        What was refused comes back with every obstacle and what was typed.
        """
        record: Agreement = self.get_one(request.form.get("id") or request.args.get("id"))
        try:
            given = _given()
            seen = {key: request.form[f"seen_{key}"] for key in given if f"seen_{key}" in request.form}
            in_one_transaction(lambda: verbs.answer(db.session(), record, given, current_user, seen), record)
        except Refusal as refusal:
            db.session.rollback()
            return self._again(record, list(refusal.errors.values())), 409 if isinstance(refusal, Conflict) else 422
        flash("Jawaban dicatat.", "success")
        return redirect(url_for("agreement.details_view", id=record.id), 303)

    def _again(self, record: Agreement, obstacles: list[str]) -> str:
        """The page with the form that was refused, as it was filled in."""
        case = cases.load(db.session(), record)
        keys = [key for key in answers.asked(case) if f"answer_{key}_reason" in request.form or f"answer_{key}" in request.form]
        if not keys:
            return self.show_details(record, stopped={"title": _WORDS.refused, "obstacles": obstacles})
        made = form_of_answers(case, keys, request.form, place="lagi")
        return self.show_details(record, refused=Fold("answer", made.url, made.form, made.fields, _WORDS, obstacles))


def _given() -> dict[str, Given]:
    """The answers that were sent. Raises Refusal for one that is neither yes nor no, and where there is none."""
    found = {}
    for key in QUESTIONS:
        value = request.form.get(f"answer_{key}", "")
        if not value:
            continue
        if value not in ("yes", "no"):
            raise Refusal("Jawab pertanyaan dengan ya atau tidak.")
        proof = request.form.get(f"answer_{key}_attachment", "")
        number = int(proof) if proof.isascii() and proof.isdecimal() and len(proof) < 10 else 0
        found[key] = Given(value == "yes", clean_lines(request.form.get(f"answer_{key}_reason", "")), number if proof else None)
    if not found:
        raise Refusal("Jawab pertanyaan dengan ya atau tidak.")
    return found
