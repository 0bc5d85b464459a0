"""Stages: the clerk notes that a step has begun or ended, and from whom an answer is awaited."""

from typing import Any
from urllib.parse import urlencode

from flask import abort, redirect, request
from flask_admin import expose
from flask_login import current_user

from extensions import db
from models import Agreement, Stage
from rules import codes
from sikerja import clock, exports, formats, lists, records, stages
from sikerja.listing import ListState
from sikerja.refusals import Refusal
from views import stage_details
from views.base import Lookup, Section, SikerjaView
from views.fields import Choice, Combobox, Day, Form, Line, Lines, Whole
from views.stage_moves import StageMoves


class StageForm(Form):
    """One step of an agreement's way."""

    agreement = Combobox(
        "Kerja sama",
        "Ketik untuk mencari.",
        names=lambda ids: records.names(Agreement, ids),
        required="Pilih kerja sama.",
    )
    name = Line(
        "Tahap",
        "Tahap internal seperti “Rapat TKKSD”. Tahap menurut peraturan tersusun sendiri dari prosedur naskahnya.",
        most=200,
        required="Isi nama tahap.",
    )
    position = Whole("Urutan", "Tahap diurutkan menurut bilangan ini.", least=1, most=999, default=1, required="Isi urutan.")
    holder = Choice("Ditunggu dari", codes.HOLDERS, "Siapa yang sedang memegang tahap ini.")
    planned_on = Day("Rencana", "Contoh: 24/11/2026")
    due_on = Day("Target internal", "Target kita sendiri, bukan tenggat peraturan.")
    remark = Lines("Catatan", most=5000)


class PrescribedStageForm(Form):
    """What is ours to say of a stage that the law prescribes; all else follows from the law and the verbs."""

    holder = StageForm.holder
    planned_on = StageForm.planned_on
    due_on = StageForm.due_on
    remark = StageForm.remark


class StageView(StageMoves, SikerjaView):
    """Steps of all agreements."""

    screen = "stage"
    listing = lists.STAGES
    title = "Tahap"
    noun = "tahap"
    create_label = "Tambah tahap internal"
    search_hint = "Cari tahap, judul, nomor register"
    column_list = ("name", "agreement", "kind", "status", "holder", "started_on", "law_due_on", "overdue", "finished_on")
    needs = ("limit",)
    quick_filters = ("status", "holder", "statutory", "overdue")
    export_columns = exports.STAGES
    form_class = StageForm
    form_sections = (
        Section("Tahap", ("agreement", ("name", "position"), "holder")),
        Section("Rencana", (("planned_on", "due_on"), "remark")),
    )
    lookups = {"agreement": Lookup(lists.AGREEMENTS, Agreement.register_no + " " + Agreement.title)}
    cells = {
        "status": lambda row: codes.STAGE_STATUSES[row["status"]],
        "holder": lambda row: codes.HOLDERS.get(row["holder"]),
        "kind": lambda row: codes.STAGE_KINDS[row["kind"]],
        "overdue": lambda row: formats.overdue(row["limit"], row["overdue"], clock.today()),
    }
    details_page = "sikerja/stage.html"

    def details_context(self, record: Stage) -> dict[str, Any]:
        return stage_details.context(db.session(), record, current_user)

    def _buttons(self, record: Stage) -> list[dict[str, Any]]:
        return [] if record.statutory else super()._buttons(record)

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> Any:
        """To the bin with an internal stage; one of the law stays, and its page says what can be done to it instead."""
        try:
            return super().delete_view()
        except Refusal as refusal:
            db.session.rollback()
            stage = self.get_one(request.form.get("id") or request.args.get("id"))
            stopped = {"title": "Tahap tidak dibuang", "obstacles": list(refusal.errors.values())}
            return self.show_details(stage, stopped=stopped), 422

    def make_form(self, sent: Any, record: Any) -> Form:
        form = super().make_form(sent, record)
        if sent is None and record is None:
            form.agreement.process_formdata([request.args.get("agreement", "")])
        return form

    def form_class_for(self, record: Stage | None) -> type[Form]:
        return PrescribedStageForm if record is not None and record.statutory else StageForm

    def form_values(self, record: Stage) -> dict[str, Any]:
        return super().form_values(record) | {"agreement": [record.agreement_id]}

    def fill(self, record: Stage, form: Form) -> None:
        for name in ("planned_on", "due_on", "remark"):
            setattr(record, name, form[name].data)
        record.holder = form.holder.data or None
        before = record.agreement_id
        if not record.statutory:
            records.must_be_there(Agreement, form.agreement.data[0], "agreement", kept=before)
            if before not in (None, form.agreement.data[0]):
                stages.must_have_no_history(db.session(), record)
            record.agreement_id, record.name, record.position = form.agreement.data[0], form.name.data, form.position.data
            record.key = stages.key_for(record.name)
        db.session.add(record)
        db.session.flush()
        for key in {before, record.agreement_id} - {None}:
            stages.keep_current(db.session(), db.session.get_one(Agreement, key))

    # --- verbs on many -----------------------------------------------------------------------------------------------

    def _bulk_actions(self, state: ListState) -> list[dict[str, Any]]:
        offered = super()._bulk_actions(state)
        if state.bin or not (self.may("action") and self.may("move")):
            return offered
        return [{"name": "move", "label": "Pindahkan tahap", "icon": "arrow-right", "confirm": None, "danger": False}, *offered]

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        """A verb on the rows that were ticked; which one moves the stages is asked on a page of its own."""
        if request.form.get("action") != "move":
            return super().action_view()
        if not self.may("move"):
            abort(403)
        back = [("url", url)] if (url := request.form.get("url")) else []
        return redirect(
            f"{self.address}many/?{urlencode([*(('id', key) for key in request.form.getlist('rowid')), *back])}", 303
        )
