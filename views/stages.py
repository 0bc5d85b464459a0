"""Stages: the clerk notes that a step has begun or ended, and from whom an answer is awaited."""

from typing import Any

from flask import request, url_for

from extensions import db
from models import Agreement, Stage
from rules import codes
from sikerja import clock, exports, formats, lists, records, stages
from views.base import Lookup, Section, SikerjaView
from views.fields import Choice, Combobox, Day, Form, Line, Lines, Whole
from views.stage_moves import Outcome, StageMoves


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
        "Pilih dari daftar, atau tulis tahap internal seperti “Rapat TKKSD”.",
        most=200,
        required="Isi nama tahap.",
        suggestions=tuple(codes.STAGE_NAMES.values()),
    )
    position = Whole("Urutan", "Tahap diurutkan menurut bilangan ini.", least=1, most=999, default=1, required="Isi urutan.")
    holder = Choice("Ditunggu dari", codes.HOLDERS, "Siapa yang sedang memegang tahap ini.")
    planned_on = Day("Rencana", "Contoh: 24/11/2026")
    due_on = Day("Target", "Target internal, bukan tenggat peraturan.")
    remark = Lines("Catatan", most=5000)


class StageView(StageMoves, SikerjaView):
    """Steps of all agreements."""

    screen = "stage"
    listing = lists.STAGES
    title = "Tahap"
    noun = "tahap"
    create_label = "Tambah tahap"
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
    details = (
        ("Kerja sama", lambda stage: formats.link(url_for("agreement.details_view", id=stage.agreement_id),
                                                  records.names(Agreement, [stage.agreement_id])[stage.agreement_id])),
        ("Urutan", lambda stage: stage.position),
        ("Keadaan", lambda stage: codes.STAGE_STATUSES[stage.status]),
        ("Ditunggu dari", lambda stage: codes.HOLDERS.get(stage.holder)),
        ("Rencana", lambda stage: formats.long_date(stage.planned_on)),
        ("Mulai", lambda stage: formats.long_date(stage.started_on)),
        ("Target internal", lambda stage: formats.long_date(stage.due_on)),
        ("Selesai", lambda stage: formats.long_date(stage.finished_on)),
        ("Catatan", lambda stage: formats.lines(stage.remark)),
    )  # fmt: skip

    def make_form(self, sent: Any, record: Any) -> Form:
        form = super().make_form(sent, record)
        if sent is None and record is None:
            form.agreement.process_formdata([request.args.get("agreement", "")])
        return form

    def form_values(self, record: Stage) -> dict[str, Any]:
        values = {name: getattr(record, name) for name in StageForm()._fields if name != "agreement"}
        return values | {"agreement": [record.agreement_id]}

    def fill(self, record: Stage, form: Form) -> None:
        for name in ("planned_on", "due_on", "remark"):
            setattr(record, name, form[name].data)
        before = record.agreement_id
        if not record.statutory:
            records.must_be_there(Agreement, form.agreement.data[0], "agreement", kept=before)
            record.agreement_id, record.name, record.position = form.agreement.data[0], form.name.data, form.position.data
            record.holder = form.holder.data or None
            record.key = stages.key_for(record.name)
        db.session.add(record)
        db.session.flush()
        for key in {before, record.agreement_id} - {None}:
            stages.keep_current(db.session(), db.session.get_one(Agreement, key))

    # --- verbs -------------------------------------------------------------------------------------------------------

    def show_move(self, outcomes: list[Outcome]) -> str:
        """The page that says what was moved, and what stands in the way of the rest."""
        return self.render(
            "sikerja/moved.html",
            title="Tahap belum dipindahkan",
            crumbs=[(self.title, url_for("stage.index_view"))],
            outcomes=outcomes,
        )
