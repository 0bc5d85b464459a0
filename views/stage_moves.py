"""Moving stages: one verb on one stage or on many, and the files that serve as a stage's documents.

What can't be moved comes back with every obstacle and what was typed; of many, what can be moved is.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_login import current_user

from extensions import db
from models import Agreement, Stage
from rules import codes
from rules.text import clean, clean_lines
from sikerja import clock, dates, formats, records
from sikerja.process import answers, guards, verbs
from sikerja.process import case as cases
from sikerja.process.answers import Given
from sikerja.process.moves import SILENCE, Move
from sikerja.refusals import Conflict, Refusal
from views.conflict import in_one_transaction, is_stale
from views.fields import Choice, Day, Form, Lines
from views.moveform import TEXT_LENGTH, MoveForm, move_form
from views.screen import CONFLICT, Screen

MOST_AT_ONCE = 200
_ANSWER = re.compile(r"answer_([a-z0-9_]{1,80}?)(_reason|_attachment)?")
_DOCUMENT = re.compile(r"document_([0-9]{1,2})")
_CONTENTS = re.compile(r"contents_[0-9]{1,2}")
# What somebody wrote, shown where no form holds it any more.
_WRITTEN = {"remark": "Catatan", "ground": "Dasar", "override_reason": "Alasan pimpinan"}
_BAD_DAY = "Tanggal tidak dikenali. Tulis seperti 24/11/2026 atau 24 November 2026."


@dataclass(frozen=True)
class Outcome:
    """What became of one stage that was to be moved."""

    stage_id: int | None
    name: str
    obstacles: tuple[str, ...] = ()
    taken: bool = False

    @property
    def moved(self) -> bool:
        return not self.obstacles


class ManyForm(Form):
    """One verb for many stages."""

    verb = Choice("Tindakan", codes.STAGE_VERBS, required="Pilih tindakannya.")
    on = Day("Tanggal", "Kosongkan bila hari ini.")
    remark = Lines("Catatan", "Satu catatan untuk semua tahap yang dipilih.", most=TEXT_LENGTH)


class StageMoves(Screen):
    """The verbs of the stage screen; mixed into it."""

    @expose("/many/")
    def many_view(self) -> Any:
        """The page that asks which verb is done to the stages that were ticked."""
        keys = [int(key) for key in dict.fromkeys(request.args.getlist("id")) if _id(key)]
        chosen = [each for each in self.listing.many(db.session(), keys, current_user) if not each.is_binned] if keys else []
        back = request.args.get("url") or self.address
        if not chosen:
            flash("Tidak ada yang dipilih. Centang barisnya dulu.", "warning")
            return redirect(back)
        if len(chosen) > MOST_AT_ONCE:
            abort(422, f"Pilih satu sampai {MOST_AT_ONCE} tahap, lalu coba lagi.")
        names = records.names(Agreement, [stage.agreement_id for stage in chosen])
        return self.render(
            "sikerja/moving.html",
            title=f"Pindahkan {len(chosen)} tahap",
            crumbs=[(self.title, url_for("stage.index_view")), ("Pindahkan tahap", None)],
            stages=[_line(stage, names) for stage in chosen],
            form=ManyForm(),
            fields=[*(("id", stage.id) for stage in chosen), ("url", back)],
            back_url=back,
        )

    @expose("/move/", methods=("POST",))
    def move_view(self) -> Any:
        """The verb of the form on each stage that it names: 303 when all moved, 409 when taken, 422 with every obstacle."""
        if not self.may("edit") and not request.form.get("override_reason", "").strip():
            abort(403)  # the leadership may pass over a missing document with a reason, and nothing else
        ids = list(dict.fromkeys(request.form.getlist("id")))
        if not 1 <= len(ids) <= MOST_AT_ONCE:
            abort(422, f"Pilih satu sampai {MOST_AT_ONCE} tahap, lalu coba lagi.")
        outcomes = [self._move(key) for key in ids]
        if all(outcome.moved for outcome in outcomes):
            flash(_done(outcomes), "success")
            return redirect(self._after_move(outcomes), 303)
        refused = [outcome for outcome in outcomes if not outcome.moved]
        status = 409 if all(outcome.taken for outcome in refused) else 422
        db.session.rollback()
        return self.show_move(outcomes), status

    # --- what is told of those that did not move -------------------------------------------------------------------

    def show_move(self, outcomes: list[Outcome], title: str = "") -> str:
        """The page that says what became of each, and holds the form again with all that was sent."""
        ids = [each.stage_id for each in outcomes if each.stage_id is not None]
        found = {stage.id: stage for stage in self.listing.many(db.session(), ids, current_user)} if ids else {}
        names = records.names(Agreement, [stage.agreement_id for stage in found.values()]) if found else {}
        alone = found.get(outcomes[0].stage_id or 0) if len(outcomes) == 1 else None
        again = self._again(alone) if alone is not None else None
        left = [each.stage_id for each in outcomes if each.stage_id in found and not each.moved and not each.taken]
        many = ManyForm(request.form) if len(outcomes) > 1 and left else None
        moved = sum(each.moved for each in outcomes)
        several = f"{moved} dari {len(outcomes)} tahap dipindahkan"
        kept = again is not None or many is not None
        return self.render(
            "sikerja/moved.html",
            title=title or ("Tahap belum dipindahkan" if len(outcomes) == 1 else several),
            crumbs=[(self.title, url_for("stage.index_view")), ("Pindahkan tahap", None)],
            outcomes=[(each, _line(found[each.stage_id], names) if each.stage_id in found else None) for each in outcomes],
            again=again,
            many=many,
            many_fields=[*(("id", key) for key in left), *_back()],
            written=[] if kept else [(label, text) for name, label in _WRITTEN.items() if (text := request.form.get(name))],
            agreement=_agreement_link(alone, names) if alone is not None else None,
            list_url=self.address,
        )

    def _again(self, stage: Stage) -> MoveForm | None:
        """The form of the verb with all that was sent; none where somebody has just done the same."""
        verb = request.form.get("verb", "")
        if verb not in codes.STAGE_VERBS or stage.status == guards.TO.get(verb):
            return None
        case = cases.load(db.session(), db.session.get_one(Agreement, stage.agreement_id))
        silence = verb == "finish" and request.form.get("ground") == SILENCE
        made = move_form(case, stage, verb, current_user, request.form, silence=silence)
        named = {name for name, _ in made.fields} | {field.short_name for field in made.form}
        kept = [pair for pair in _still_good(case, stage) if pair[0] not in named]
        return replace(made, fields=[*made.fields, *kept])

    def _move(self, key: str) -> Outcome:
        stage = self._visible(key)
        if stage is None:
            return Outcome(None, clean(key)[:40], ("Tahap ini tidak ada, atau bukan untuk Anda. Muat ulang halaman.",))
        name, stage_id = stage.name, stage.id
        if is_stale(request.form.get("version"), stage):
            return Outcome(stage_id, name, (CONFLICT,), taken=True)
        try:
            asked = self._asked(stage)
            in_one_transaction(lambda: verbs.move(db.session(), self._fresh(stage_id), asked, current_user), stage)
        except Conflict as conflict:
            db.session.rollback()
            return Outcome(stage_id, name, tuple(conflict.errors.values()), taken=True)
        except Refusal as refusal:
            db.session.rollback()
            return Outcome(stage_id, name, tuple(refusal.errors.values()))
        return Outcome(stage_id, name)

    def _visible(self, key: str) -> Stage | None:
        if not (key.isascii() and key.isdecimal() and len(key) < 10):
            return None
        stage: Stage | None = self.listing.one(db.session(), int(key), current_user)
        return None if stage is None or stage.is_binned else stage

    def _fresh(self, stage_id: int) -> Stage:
        return db.session.get_one(Stage, stage_id)

    def _asked(self, stage: Stage) -> Move:
        """The move as the form asks for it. Raises Refusal where it can't be read."""
        sent = request.form
        case = cases.load(db.session(), db.session.get_one(Agreement, stage.agreement_id))
        named, contents = _documents(case, stage)
        return Move(
            verb=sent.get("verb", "")[:20],
            on=_day(sent.get("on", "")),
            remark=clean_lines(sent.get("remark", "")),
            ground=clean_lines(sent.get("ground", "")),
            files=tuple(_id(each) for each in sent.getlist("attachment") if each.strip()),
            papers=named,
            contents=contents,
            answers=_answers(),
            override_reason=clean_lines(sent.get("override_reason", "")),
            overrides=self.may("override"),
            holder=sent.get("holder", "")[:20],
        )

    def _after_move(self, outcomes: list[Outcome]) -> str:
        """Back to where it was pressed; a single stage leads to its agreement."""
        back = request.form.get("url", "")
        if back:
            return back
        if len(outcomes) > 1:
            return self.address
        stage = db.session.get_one(Stage, outcomes[0].stage_id)
        return url_for("agreement.details_view", id=stage.agreement_id)

    @expose("/document/", methods=("POST",))
    def document_view(self) -> Any:
        """A file of the family serves as one of the stage's documents, at any time before or after the stage ended."""
        stage = self.get_one(request.form.get("id") or request.args.get("id"))
        asked = _id(request.form.get("attachment", ""))
        number = request.form.get("document", "")

        def work() -> None:
            fresh = self._fresh(stage.id)
            case = cases.load(db.session(), db.session.get_one(Agreement, fresh.agreement_id))
            name = _document_name(case, fresh, number)
            verbs.hand_in(db.session(), case, fresh, name, asked, _ticked(number), current_user)

        try:
            in_one_transaction(work, stage)
        except Refusal as refusal:
            db.session.rollback()
            outcome = Outcome(stage.id, stage.name, tuple(refusal.errors.values()), isinstance(refusal, Conflict))
            return self.show_move([outcome], "Dokumen tahap belum dicatat"), 409 if outcome.taken else 422
        flash("Dokumen tahap dicatat.", "success")
        return redirect(request.form.get("url") or url_for("agreement.details_view", id=stage.agreement_id), 303)


def _line(stage: Stage, names: dict[int, str]) -> dict[str, Any]:
    """A stage as these pages name it: its page, its agreement, how it stands."""
    return {
        "name": formats.link(url_for("stage.details_view", id=stage.id), stage.name),
        "url": url_for("stage.details_view", id=stage.id),
        "agreement": _agreement_link(stage, names),
        "status": codes.STAGE_STATUSES[stage.status],
    }


def _agreement_link(stage: Stage, names: dict[int, str]) -> Any:
    return formats.link(url_for("agreement.details_view", id=stage.agreement_id), names[stage.agreement_id])


def _back() -> list[tuple[str, str]]:
    """Where to go afterwards, as it was sent."""
    return [("url", url)] if (url := request.form.get("url", "")) else []


def _still_good(case: cases.Case, stage: Stage) -> list[tuple[str, str]]:
    """What was sent beside the fields of the form and can be sent again: nothing that would be refused whatever is mended."""
    asked, rule = answers.asked(case), case.rule(stage)
    kept = _back()
    for name, sent in request.form.lists():
        answer, document = _ANSWER.fullmatch(name), _DOCUMENT.fullmatch(name)
        is_file = name == "attachment" or document is not None or (answer is not None and answer[2] == "_attachment")
        values = [value for value in sent if value.strip() and (not is_file or _id(value) in case.files)]
        if document is not None and (rule is None or int(document[1]) >= len(rule.documents)):
            continue
        known = answer is not None and answer[1] in asked
        if known or document or _CONTENTS.fullmatch(name) or name in ("attachment", "ground"):
            kept += [(name, value) for value in values]
        elif name == "holder":
            kept += [(name, value) for value in values if value in codes.HOLDERS]
    return kept


def _done(outcomes: list[Outcome]) -> str:
    verb = codes.STAGE_VERBS[request.form["verb"]]
    return f"{verb}: {outcomes[0].name}." if len(outcomes) == 1 else f"{verb}: {len(outcomes)} tahap."


def _day(text: str) -> date:
    if not text.strip():
        return clock.today()
    try:
        return dates.parse_date(text)
    except ValueError:
        raise Refusal(_BAD_DAY, "on") from None


def _id(text: str) -> int:
    """An id as it was sent; 0, which no record has, for what is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _answers() -> dict[str, Given]:
    """Question -> answer, of all that were answered. Raises Refusal for an answer that is neither yes nor no."""
    found: dict[str, Given] = {}
    for name, value in request.form.items():
        match = _ANSWER.fullmatch(name)
        if match is None or match[2] or not value.strip():
            continue
        if value not in ("yes", "no"):
            raise Refusal("Jawab pertanyaan dengan ya atau tidak.", name)
        reason = clean_lines(request.form.get(f"{name}_reason", ""))
        proof = request.form.get(f"{name}_attachment", "")
        found[match[1]] = Given(value == "yes", reason, _id(proof) if proof.strip() else None)
    return found


def _documents(case: cases.Case, stage: Stage) -> tuple[dict[str, int], dict[str, str]]:
    """Document -> file and document -> found contents, as the form numbers the documents of the stage."""
    named, contents = {}, {}
    for field, value in request.form.items():
        match = _DOCUMENT.fullmatch(field)
        if match and value.strip():
            name = _document_name(case, stage, match[1])
            named[name], contents[name] = _id(value), _ticked(match[1])
    return named, contents


def _document_name(case: cases.Case, stage: Stage, number: str) -> str:
    """The document that the form numbers so, from 0. Raises Refusal where the stage asks for none such."""
    rule = case.rule(stage)
    place = int(number) if number.isascii() and number.isdecimal() and len(number) < 3 else -1
    if rule is None or not 0 <= place < len(rule.documents):
        raise Refusal("Tahap ini tidak meminta dokumen itu. Muat ulang halaman, lalu pilih lagi.", "document")
    return rule.documents[place].name


def _ticked(number: str) -> str:
    """The contents that were ticked for a document: their numbers with commas."""
    sent = [
        each for each in request.form.getlist(f"contents_{number}") if each.isascii() and each.isdecimal() and len(each) < 3
    ]
    return ",".join(str(each) for each in sorted({int(each) for each in sent}))
