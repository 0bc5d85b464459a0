"""The parts of a version: stages, documents and deadlines. Those of a draft can be edited, and really deleted."""

from abc import abstractmethod
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_login import current_user

from extensions import db
from models import DeadlineRule, DocumentRule, ProcedureVersion, StageRule
from rules import codes
from rules.law_parts import (
    DEADLINE_KINDS,
    DIRECTIONS,
    IF_PASSED,
    QUESTIONS,
    SIDES,
    STARTS,
    UNITS,
    WALKER_NAMES,
)
from rules.text import slug
from sikerja import formats, lists
from sikerja.law import articles, guard, looking, versions
from sikerja.refusals import Conflict, Refusal
from views import prescribed
from views.base import Section, SikerjaView
from views.conflict import in_one_transaction, is_stale
from views.fields import Choice, Form, Line, Lines, Record, Tick, Whole
from views.screen import CONFLICT
from views.ticks import Ticks

QUESTION_WORDS = {key: question.text for key, question in QUESTIONS.items()}
VERSION_CELLS = {
    "procedure": lambda row: codes.PROCEDURES.get(row["procedure"], row["procedure"]),
    "status": lambda row: codes.VERSION_STATUSES[row["status"]],
}
KEY_HELP = "Huruf kecil, angka, dan garis bawah. Naskah yang sudah berjalan dikenali dari kunci ini."


class PartView(SikerjaView):
    """Parent of the three: whole only with its version, which decides whether it can be changed."""

    keeps_views = False
    parent = ""  # the field that says what it belongs to

    def version_of(self, record: Any) -> ProcedureVersion:
        """The version that a record belongs to."""
        return looking.version_of(db.session(), record)

    @abstractmethod
    def choices(self, record: Any) -> list[tuple[int, str]]:
        """What the record can belong to."""

    def make_form(self, sent: Any, record: Any) -> Form:
        form = super().make_form(sent, record)
        form[self.parent].choices = [*([("", "Belum dipilih")] if record is None else []), *self.choices(record)]
        if sent is None and record is None:
            form[self.parent].process_formdata([request.args.get(self.parent, "")])
        return form

    def form_values(self, record: Any) -> dict[str, Any]:
        return super().form_values(record) | {self.parent: getattr(record, f"{self.parent}_id")}

    def fill(self, record: Any, form: Form) -> None:
        for name, held in form._fields.items():
            setattr(record, f"{name}_id" if name == self.parent else name, held.data)

    def may_edit_row(self, row: dict[str, Any]) -> bool:
        return bool(row["status"] == "draft")

    def _held(self, key: Any) -> tuple[Any, ProcedureVersion]:
        """The record and its version; where it is about to be changed, as they are once whoever is at the version is done."""
        record = self.get_one(key)
        version = self.version_of(record)
        if request.method == "POST":
            guard.hold(db.session(), version)
            db.session.expire(record)
            record = self.get_one(key)
        return record, version

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        record, version = self._held(request.args.get("id"))
        return self._serve_form(record) if version.is_draft else prescribed.published_page(version)

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> Any:
        record, version = self._held(request.form.get("id") or request.args.get("id"))
        version_id, name = version.id, str(record)
        try:
            if is_stale(request.form.get("version"), record):
                raise Conflict(CONFLICT)
            in_one_transaction(lambda: _delete(record), record)
        except Conflict:
            db.session.rollback()
            return self._ask_anyway_page(
                told=[],
                question=f"“{name}” baru saja diubah {self._who_saved(record)}. Hapus tetap?",
                button="Tetap hapus",
                fields=[("id", str(record.id)), ("version", str(record.version))],
                cancel_url=self._details_url(record),
                look_url=self._details_url(record),
            )
        flash(f"“{name}” dihapus dari draf.", "success")
        return redirect(url_for("version.details_view", id=version_id))

    def came_from(self, record: Any) -> str:
        return super().came_from(record) if record is None else self._details_url(record)

    def details_context(self, record: Any) -> dict[str, Any]:
        version = self.version_of(record)
        where = url_for("version.details_view", id=version.id)
        facts = [("Versi prosedur", formats.link(where, str(version))), *self.facts(record)]
        return {
            "crumbs": [("Versi prosedur", url_for("version.index_view")), (str(version), where), (str(record), None)],
            "facts": [codes.VERSION_STATUSES[version.status]],
            "main": [{"title": "Ringkasan", "kind": "facts", "items": facts}, *self.parts(record, version.is_draft)],
            "buttons": [self._delete_button(record)] if version.is_draft and self.may("delete") else [],
            **({} if version.is_draft else {"edit_url": None}),
        }

    @abstractmethod
    def facts(self, record: Any) -> list[tuple[str, Any]]:
        """What the record prescribes."""

    def parts(self, record: Any, draft: bool) -> list[dict[str, Any]]:
        """Sections of what hangs on the record."""
        return []

    def _delete_button(self, record: Any) -> dict[str, Any]:
        return {
            "label": "Hapus dari draf", "url": url_for(f"{self.screen}.delete_view"), "method": "post", "icon": "trash",
            "danger": True, "confirm": f"Hapus “{record}” dari draf ini, beserta isinya?",
            "fields": [("id", record.id), ("version", record.version)],
        }  # fmt: skip


def _delete(record: Any) -> None:
    db.session.delete(record)
    db.session.flush()


class StageRuleForm(Form):
    """A stage as a draft prescribes it."""

    procedure_version = Record("Draf prosedur", lambda: [], required="Pilih draf prosedur.")
    name = Line("Nama tahap", most=200, required="Isi nama tahap.")
    position = Whole(
        "Urutan",
        "Nomor urut dari 1; tidak boleh sama atau melompat saat diterbitkan.",
        least=1,
        most=99,
        required="Isi urutan.",
    )
    key = Line("Kunci", f"{KEY_HELP} Kosongkan agar dibuat dari nama.", most=80)
    holder = Choice(
        "Ditunggu dari", codes.HOLDERS, "Siapa yang ditunggu selama tahap berjalan.", required="Pilih siapa yang ditunggu."
    )
    instruments = Ticks("Naskah yang menempuh", WALKER_NAMES)
    actors = Lines("Pelaku", "Satu pada tiap baris.", most=2000)
    description = Lines("Uraian", most=5000)
    basis = Lines("Dasar", f"Satu pada tiap baris. {prescribed.BASIS_HELP}", most=5000)
    certainty = Choice("Kepastian", prescribed.CERTAINTY_WORDS, prescribed.CERTAINTY_HELP, required="Pilih kepastian.")
    parallel = Tick("Berjalan berdampingan", "Kewajiban sesudah penandatanganan yang tidak saling menunggu.")
    outside_list = Tick("Di luar daftar tahapan", "Kewajiban yang bukan huruf dalam daftar tahapan peraturannya.")
    applies_if = Ticks("Berlaku bila dijawab ya", QUESTION_WORDS, "Tanpa centang, tahap selalu berlaku.")
    skip_basis = Line("Dasar melewati", f"Diisi bila tahap boleh dilewati. {prescribed.BASIS_HELP}", most=500)
    skip_certainty = Choice("Kepastian dasar melewati", prescribed.CERTAINTY_WORDS)


class StageRuleView(PartView):
    """Stages of every version."""

    screen = "stage_rule"
    parent = "procedure_version"
    listing = lists.STAGE_RULES
    title = "Tahap dalam prosedur"
    noun = "tahap dalam prosedur"
    create_label = "Tambah tahap"
    search_hint = "Cari nama tahap"
    column_list = ("name", "position", "holder", "procedure", "number", "status")
    quick_filters = ("version", "holder")
    form_class = StageRuleForm
    form_sections = (
        Section("Tahap", ("procedure_version", "name", ("position", "key"), "holder", "instruments", "actors", "description")),
        Section("Dasar", ("basis", "certainty"), "Pasal hanya dikutip dari naskah yang sudah dibaca."),
        Section("Kapan berlaku", ("parallel", "outside_list", "applies_if", ("skip_basis", "skip_certainty"))),
    )
    cells = VERSION_CELLS | {"holder": lambda row: codes.HOLDERS.get(row["holder"])}

    def choices(self, record: StageRule | None) -> list[tuple[int, str]]:
        found = looking.drafts(db.session())
        return found if record is None else [each for each in found if each[0] == record.procedure_version_id]

    def form_values(self, record: StageRule) -> dict[str, Any]:
        held = {name: list(versions.lines(getattr(record, name))) for name in ("instruments", "applies_if")}
        return super().form_values(record) | held

    def fill(self, record: StageRule, form: Form) -> None:
        if form.skip_basis.data and not form.skip_certainty.data:
            raise Refusal("Pilih kepastian dasar melewati.", "skip_certainty")
        super().fill(record, form)
        record.key = form.key.data or slug(form.name.data)[:80]
        record.instruments, record.applies_if = "\n".join(form.instruments.data), "\n".join(form.applies_if.data)

    def facts(self, record: StageRule) -> list[tuple[str, Any]]:
        shown = prescribed.stage_facts(versions.stage(record, (), ()), articles.regulations(db.session()))
        return [("Urutan", record.position), ("Kunci", record.key), *shown]

    def parts(self, record: StageRule, draft: bool) -> list[dict[str, Any]]:
        documents, deadlines = looking.parts_of(db.session(), record)
        regulations = articles.regulations(db.session())
        told = [prescribed.document_line(versions.document(each), regulations) for each in documents]
        due = [prescribed.deadline_line(versions.deadline(each), regulations) for each in deadlines]
        return [
            _table("Dokumen", "document_rule", record, list(zip(documents, told, strict=True)), draft),
            _table("Tenggat", "deadline_rule", record, list(zip(deadlines, due, strict=True)), draft),
        ]


def _table(title: str, screen: str, stage: StageRule, rows: list[tuple[Any, Any]], draft: bool) -> dict[str, Any]:
    shown = [[formats.link(url_for(f"{screen}.details_view", id=row.id), "Buka"), told] for row, told in rows]
    section: dict[str, Any] = {"title": title, "kind": "table", "headings": ["", title], "rows": shown, "empty": "Tidak ada."}
    if draft and current_user.may(f"{screen}:create"):
        section["action"] = {
            "label": f"Tambah {title.lower()}", "url": url_for(f"{screen}.create_view", stage_rule=stage.id),
        }  # fmt: skip
    return section


class _OfStage(PartView):
    """What hangs on a stage of the same version."""

    parent = "stage_rule"

    def choices(self, record: Any) -> list[tuple[int, str]]:
        version_id = None if record is None else self.version_of(record).id
        return looking.stages_of_drafts(db.session(), version_id)

    def _stage_link(self, record: Any) -> tuple[str, Any]:
        stage = db.session.get_one(StageRule, record.stage_rule_id)
        return ("Tahap", formats.link(url_for("stage_rule.details_view", id=stage.id), stage.name))


class DocumentRuleForm(Form):
    """A document that a stage of a draft asks for."""

    stage_rule = Record("Tahap", lambda: [], required="Pilih tahap.")
    name = Line("Nama dokumen", most=500, required="Isi nama dokumen.")
    position = Whole("Urutan", default=1, least=1, most=99, required="Isi urutan.")
    direction = Choice("Arah", DIRECTIONS, required="Pilih arah.")
    required = Tick("Wajib", "Yang wajib dan dasarnya sudah dibaca menahan tahap; yang lain mengingatkan.")
    applies_if = Choice("Wajib bila dijawab ya", QUESTION_WORDS, blank="Tidak bergantung pada pertanyaan")
    basis = Line("Dasar", prescribed.BASIS_HELP, most=500)
    certainty = Choice("Kepastian", prescribed.CERTAINTY_WORDS, prescribed.CERTAINTY_HELP, required="Pilih kepastian.")


class DocumentRuleView(_OfStage):
    """Documents of every version."""

    screen = "document_rule"
    listing = lists.DOCUMENT_RULES
    title = "Dokumen dalam prosedur"
    noun = "dokumen dalam prosedur"
    create_label = "Tambah dokumen"
    search_hint = "Cari nama dokumen"
    column_list = ("name", "stage", "required", "procedure", "number", "status")
    quick_filters = ("version",)
    form_class = DocumentRuleForm
    form_sections = (
        Section("Dokumen", ("stage_rule", "name", ("position", "direction"), "required", "applies_if")),
        Section("Dasar", (("basis", "certainty"),), "Pasal hanya dikutip dari naskah yang sudah dibaca."),
    )
    cells = VERSION_CELLS

    def facts(self, record: DocumentRule) -> list[tuple[str, Any]]:
        told = prescribed.document_line(versions.document(record), articles.regulations(db.session()))
        return [self._stage_link(record), ("Urutan", record.position), ("Diminta", told)]


class DeadlineRuleForm(Form):
    """A deadline of a stage of a draft."""

    stage_rule = Record("Tahap", lambda: [], required="Pilih tahap.")
    key = Line("Kunci", KEY_HELP, most=80, required="Isi kunci tenggat.")
    position = Whole("Urutan", default=1, least=1, most=99, required="Isi urutan.")
    kind = Choice("Sifat", DEADLINE_KINDS, "Usulan tidak dipasang sebelum pasalnya diperiksa.", required="Pilih sifat.")
    amount = Whole("Jumlah", "Untuk minggu Januari: minggu ke berapa.", least=1, most=999, required="Isi jumlah.")
    unit = Choice("Satuan", UNITS, required="Pilih satuan.")
    side = Choice("Arah", SIDES, required="Pilih arah.")
    since = Choice(
        "Sejak", {start: start for start in STARTS}, "Hari mulainya. Tanpa hari mulai, draf tidak dapat diterbitkan."
    )
    if_passed = Choice("Bila lewat", {key: said for key, said in IF_PASSED.items() if key}, blank="Tidak disebut")
    basis = Line("Dasar", prescribed.BASIS_HELP, most=500)
    certainty = Choice("Kepastian", prescribed.CERTAINTY_WORDS, prescribed.CERTAINTY_HELP, required="Pilih kepastian.")


class DeadlineRuleView(_OfStage):
    """Deadlines of every version."""

    screen = "deadline_rule"
    listing = lists.DEADLINE_RULES
    title = "Tenggat dalam prosedur"
    noun = "tenggat dalam prosedur"
    create_label = "Tambah tenggat"
    search_hint = "Cari tahap, hari mulai"
    column_list = ("stage", "kind", "amount", "unit", "since", "procedure", "number", "status")
    quick_filters = ("version", "kind")
    form_class = DeadlineRuleForm
    form_sections = (
        Section("Tenggat", ("stage_rule", ("key", "position"), "kind", ("amount", "unit"), ("side", "since"), "if_passed")),
        Section("Dasar", (("basis", "certainty"),), "Tenggat hanya dipasang dengan pasal yang sudah dibaca."),
    )
    cells = VERSION_CELLS | {
        "kind": lambda row: DEADLINE_KINDS.get(row["kind"]),
        "unit": lambda row: UNITS.get(row["unit"]),
    }

    def facts(self, record: DeadlineRule) -> list[tuple[str, Any]]:
        told = prescribed.deadline_line(versions.deadline(record), articles.regulations(db.session()))
        return [self._stage_link(record), ("Urutan", record.position), ("Tenggat", told)]
