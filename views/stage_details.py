"""The details page of a stage: how it stands, until when and by which article, its documents, what was done to it."""

from dataclasses import replace
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from models import Agreement, Stage
from rules import codes
from rules.law_parts import QUESTIONS
from sikerja import clock, formats
from sikerja.law import articles
from sikerja.process import answers, explaining, guards, papers, telling
from sikerja.process import case as cases
from sikerja.process.explaining import Step
from views import agreement_answers
from views.agreement_process import Teller
from views.moveform import MoveForm, move_form, possible


def context(session: Session, stage: Stage, viewer: Any) -> dict[str, Any]:
    """What the template shows of this stage, to this viewer."""
    agreement = session.get_one(Agreement, stage.agreement_id)
    told = explaining.tell(cases.load(session, agreement), "")
    teller = Teller(told, viewer, articles.regulations(session))
    step = teller.steps.get(stage.id)
    url = url_for("agreement.details_view", id=agreement.id)
    link = formats.link(url, f"{agreement.register_no} {agreement.title}")
    return {
        "title": stage.name,
        "facts": [codes.STAGE_KINDS["1" if stage.statutory else "0"], codes.STAGE_STATUSES[stage.status]],
        "main": [
            {"title": "Ringkasan", "kind": "facts", "items": _facts(teller, stage, step, link)},
            *_answers(teller, stage),
            {"title": "Riwayat tahap", "kind": "history", "items": _events(session, stage)},
        ],
        "forms": _forms(teller, stage) if step is not None else [],
        "documents": [teller.documents_of(step)] if step is not None and step.papers else [],
    }


def _facts(teller: Teller, stage: Stage, step: Step | None, agreement: Markup) -> list[tuple[str, Any]]:
    own = formats.long_date(stage.due_on)
    items: list[tuple[str, Any]] = [
        ("Kerja sama", agreement),
        ("Jenis", codes.STAGE_KINDS["1" if stage.statutory else "0"]),
        ("Urutan", stage.position),
        ("Keadaan", codes.STAGE_STATUSES[stage.status]),
        ("Sejak", _since(stage, step)),
        ("Ditunggu dari", codes.HOLDERS.get(stage.holder or "")),
        ("Tenggat", _due(teller, step)),
        ("Target internal", own),
        ("Dasar", formats.citations(step.basis, teller.regulations) if step is not None else ""),
        ("Menurut peraturan dikerjakan oleh", "; ".join(step.actors) if step is not None else ""),
        ("Uraian", step.description if step is not None else ""),
        ("Rencana", formats.long_date(stage.planned_on)),
        ("Mulai", formats.long_date(stage.started_on)),
        ("Diterima pihak yang ditunggu", formats.long_date(stage.received_on)),
        ("Selesai", formats.long_date(stage.finished_on)),
        ("Dasar melewati", formats.lines(stage.ground)),
        ("Catatan", formats.lines(stage.remark)),
    ]
    return [(label, shown) for label, shown in items if shown not in (None, "")]


def _answers(teller: Teller, stage: Stage) -> list[dict[str, Any]]:
    """What was answered to the questions that this stage and its documents depend on."""
    asked = {QUESTIONS[key].text for key in answers.of_stage(teller.case, stage)}
    given = agreement_answers.rows(teller.case, False, teller.file)
    rows = [[row.text, row.word, row.reason, row.told] for row in given if row.text in asked]
    headings = ["Pertanyaan", "Jawaban", "Alasan", "Dicatat"]
    title = "Jawaban atas pertanyaan peraturan"
    return [{"title": title, "kind": "table", "rows": rows, "headings": headings}] if rows else []


def _since(stage: Stage, step: Step | None) -> str:
    """Since when it stands as it does."""
    if stage.status in codes.SETTLED_STATUSES:
        return formats.long_date(stage.finished_on)
    began = stage.received_on if stage.status == "waiting" and stage.received_on else stage.started_on
    days = step.days if step is not None else None
    return f"{formats.long_date(began)} ({days} hari sejak dimulai)" if began and days else formats.long_date(began)


def _due(teller: Teller, step: Step | None) -> Markup:
    """Every deadline of the law on it, each with how it was counted."""
    deadlines = [each for each in step.deadlines if each.rule is not None] if step is not None else []
    return Markup("<br>").join(teller.due(each) for each in deadlines)


def _events(session: Session, stage: Stage) -> list[dict[str, Any]]:
    told = telling.of_stage(session, stage)
    return [
        {"at": formats.long_date(each.on), "sentences": [*each.sentences, f"Dicatat oleh {each.by}, {_noted(each)}."]}
        for each in told
    ]


def _noted(told: telling.Told) -> str:
    same = clock.local(told.at).date() == told.on
    return f"pukul {clock.local(told.at):%H.%M}" if same else formats.moment(told.at)


def _forms(teller: Teller, stage: Stage) -> list[MoveForm]:
    """The verbs that this viewer may press; afterwards one comes back to this page."""
    agreement = teller.case.agreement
    if agreement.is_binned or agreement.closed_on is not None or not teller.moves:
        return []
    verbs = possible(teller.case, stage)
    if not teller.edits:
        blocked = guards.blocking(papers.of_stage(teller.case, stage, teller.case.said()))
        verbs = ["finish"] if "finish" in verbs and blocked else []
    forms = [teller.form(stage, verb) for verb in verbs]
    following = teller.told.next
    if teller.edits and following is not None and following.silence and following.stage is stage:
        forms.insert(0, move_form(teller.case, stage, "finish", teller.viewer, silence=True))
    here = ("url", url_for("stage.details_view", id=stage.id))
    return [replace(form, fields=[*form.fields, here]) for form in forms]
