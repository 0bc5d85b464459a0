"""Kinds of cooperation as a clerk reads them, and their versions: staff prepare a draft, the administrator publishes it."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_login import current_user

from extensions import db
from models import Procedure, ProcedureVersion
from rules import codes, law_parts
from rules.law_parts import CONSENTS
from sikerja import formats, lists
from sikerja.law import articles, drafts, looking, versions, words
from sikerja.refusals import Conflict, Refusal
from views import prescribed
from views.base import EMPTY, Section, SikerjaView
from views.conflict import in_one_transaction, is_stale
from views.fields import Choice, Form, Line, Lines
from views.folds import Fold, Words
from views.screen import CONFLICT

BASIS_HELP = f"Satu dasar pada tiap baris. {prescribed.BASIS_HELP}"


class ProcedureView(SikerjaView):
    """The eight kinds of cooperation, with what is in force of each."""

    screen = "procedure"
    listing = lists.PROCEDURES
    title = "Jenis kerja sama"
    noun = "jenis kerja sama"
    column_list = ("name", "group", "in_force", "since", "draft")
    quick_filters = ("group", "draft")
    cells = {"group": lambda row: codes.GROUPS[row["group"]]}

    @expose("/draft/", methods=("POST",))
    def draft_view(self) -> Any:
        """Open a draft, or go to the one that is there."""
        kind = self.get_one(request.form.get("id") or request.args.get("id"))
        draft = in_one_transaction(lambda: drafts.open_for(db.session(), kind), None)
        flash("Draf dibuka. Yang berlaku tidak berubah sampai draf ini diterbitkan.", "success")
        return redirect(url_for("version.details_view", id=draft.id))

    def details_context(self, record: Procedure) -> dict[str, Any]:
        session = db.session()
        known = looking.versions_of(session, record.id)
        in_force = next((version for version, _ in known if not version.is_draft), None)
        draft = next((version for version, _ in known if version.is_draft), None)
        group = f"{codes.GROUPS[record.group]}, {codes.GROUP_NAMES[record.group]}"
        main: list[dict[str, Any]] = []
        facts = [("Kelompok", group)]
        if in_force is not None:
            regulations, content = articles.regulations(session), versions.content(session, in_force)
            facts += [("Yang berlaku", f"Versi {in_force.number}, sejak {formats.long_date(in_force.published_on)}")]
            facts += prescribed.head(content, regulations)
            main = prescribed.stages(content, regulations, looking.stage_ids(session, in_force), "Rincian")
        history = _versions_table(known, looking.agreements_under(session, current_user))
        return {
            "main": [{"title": "Ringkasan", "kind": "facts", "items": facts}, *main, history],
            "buttons": self._draft_button(record, draft),
        }

    def _draft_button(self, record: Procedure, draft: ProcedureVersion | None) -> list[dict[str, Any]]:
        if not self.may("draft"):
            return []
        label = "Buat draf" if draft is None else "Lanjutkan draf"
        return [
            {
                "label": label, "url": url_for("procedure.draft_view"), "method": "post", "icon": "pencil",
                "fields": [("id", record.id)],
            }
        ]  # fmt: skip


def _versions_table(known: list[tuple[ProcedureVersion, str]], under: dict[int, int]) -> dict[str, Any]:
    rows = [
        [
            formats.link(url_for("version.details_view", id=version.id), f"Versi {version.number}"),
            codes.VERSION_STATUSES[version.status],
            formats.long_date(version.published_on) or EMPTY,
            publisher or EMPTY,
            formats.lines(version.note) or EMPTY,
            formats.number(under.get(version.id, 0)),
        ]
        for version, publisher in known
    ]
    headings = ["Versi", "Keadaan", "Diterbitkan", "Oleh", "Catatan", "Naskah"]
    return {"title": "Versi", "kind": "table", "headings": headings, "rows": rows, "empty": "Belum ada versi."}


class VersionForm(Form):
    """What a version says of its kind as a whole."""

    name = Line("Nama", most=200, required="Isi nama.")
    consent = Choice("Persetujuan DPRD", CONSENTS, required="Pilih persetujuan DPRD.", blank=None)
    partners = Lines("Pihak mitra", "Satu pada tiap baris.", most=2000)
    papers = Lines("Naskah", "Satu pada tiap baris.", most=2000)
    basis = Lines("Dasar", BASIS_HELP, most=5000)
    certainty = Choice(
        "Kepastian", prescribed.CERTAINTY_WORDS, prescribed.CERTAINTY_HELP, required="Pilih kepastian.", blank=None
    )
    note = Lines("Catatan", "Apa yang berubah dan mengapa.", most=5000)


class PublishForm(Form):
    """With which words a draft is put into force."""

    note = Lines(
        "Catatan", "Apa yang berubah dan mengapa. Kosongkan bila catatan pada draf sudah cukup.", most=5000, id="publish-note"
    )


class DiscardForm(Form):
    """Why a draft is thrown away."""

    reason = Lines("Alasan", most=2000, required="Isi alasan membuang draf.", id="discard-reason")


_WORDS = {
    "publish": Words("Terbitkan", "circle-check", "Draf belum diterbitkan"),
    "delete": Words("Buang draf", "trash", "Draf belum dibuang", risk=True),
}


class VersionView(SikerjaView):
    """Versions of the procedures: what is published to read, a draft to edit."""

    screen = "version"
    listing = lists.VERSIONS
    keeps_views = False
    title = "Versi prosedur"
    noun = "versi prosedur"
    details_page = "sikerja/folded.html"
    column_list = ("name", "number", "status", "published_on", "note")
    quick_filters = ("procedure", "status")
    form_class = VersionForm
    form_sections = (
        Section("Prosedur", ("name", "consent", ("partners", "papers"))),
        Section("Dasar", ("basis", "certainty", "note"), "Pasal hanya dikutip dari naskah yang sudah dibaca."),
    )
    cells = {"status": lambda row: codes.VERSION_STATUSES[row["status"]]}

    def form_values(self, record: ProcedureVersion) -> dict[str, Any]:
        return super().form_values(record) | {"partners": law_parts.spoken(record.partners)}

    def fill(self, record: ProcedureVersion, form: Form) -> None:
        super().fill(record, form)
        record.partners = record.partners.replace(" ", "_")  # as the law data writes them

    def may_edit_row(self, row: dict[str, Any]) -> bool:
        return bool(row["status"] == "draft")

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        record = self.get_one(request.args.get("id"))
        return self._serve_form(record) if record.is_draft else prescribed.published_page(record)

    @expose("/publish/", methods=("POST",))
    def publish_view(self) -> Any:
        record, form = self.get_one(request.form.get("id") or request.args.get("id")), PublishForm(request.form)
        name = str(record)
        return self._do(
            "publish", record, form,
            lambda: drafts.publish(db.session(), record, current_user, form.note.data or "", request.form.get("seen", "")),
            lambda: redirect(self._details_url(record), 303),
            f"{name} diterbitkan. Naskah yang sudah berjalan tetap memakai versinya.",
        )  # fmt: skip

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> Any:
        record, form = self.get_one(request.form.get("id") or request.args.get("id")), DiscardForm(request.form)
        kind = record.procedure_id
        return self._do(
            "delete", record, form,
            lambda: drafts.discard(db.session(), record, form.reason.data or ""),
            lambda: redirect(url_for("procedure.details_view", id=kind), 303),
            "Draf dibuang. Yang berlaku tidak berubah.",
        )  # fmt: skip

    def _do(
        self, verb: str, record: ProcedureVersion, form: Form, work: Callable[[], None], after: Callable[[], Any], done: str
    ) -> Any:
        """Do it and go on, or show everything that is in the way; 409 where somebody else was faster."""
        key = record.id
        try:
            if is_stale(request.form.get("version"), record):
                raise Conflict(CONFLICT if record.is_draft else drafts.ALREADY)
            if form.validate():
                in_one_transaction(work, record)
                flash(done, "success")
                return after()
            told, status = [], 422
        except Refusal as refusal:
            db.session.rollback()
            told, status = form.refuse(refusal.errors), 409 if isinstance(refusal, Conflict) else 422
        db.session.rollback()
        told += [message for each in form for message in each.errors]
        record = self.get_one(key)  # as others left it; a draft that is gone is not there
        return self.show_details(
            record, refused=_fold(verb, record, form, versions.content(db.session(), record), told)
        ), status

    def details_context(self, record: ProcedureVersion) -> dict[str, Any]:
        session = db.session()
        content, regulations = versions.content(session, record), articles.regulations(session)
        published = f"Diterbitkan {formats.long_date(record.published_on)}" if record.published_on else "Belum diterbitkan"
        facts = [*prescribed.head(content, regulations), ("Catatan", formats.lines(record.note))]
        draft = record.is_draft
        first = self._of_draft(record, content) if draft else []
        add = {"label": "Tambah tahap", "url": url_for("stage_rule.create_view", procedure_version=record.id)}
        may_add = draft and current_user.may("stage_rule:create")
        head = {"title": "Ringkasan", "kind": "facts", "items": prescribed.filled(facts)} | ({"action": add} if may_add else {})
        ids = looking.stage_ids(session, record)
        return {
            "crumbs": [
                ("Jenis kerja sama", url_for("procedure.index_view")),
                (codes.PROCEDURES.get(content.code, content.code), prescribed.kind_url(record)),
                (f"Versi {record.number}", None),
            ],
            "facts": [codes.VERSION_STATUSES[record.status], published],
            "main": [*first, head, *prescribed.stages(content, regulations, ids, "Ubah" if may_add else "Rincian")],
            "folds": self._folds(record, content) if draft else [],
            **({} if draft else {"edit_url": None}),
        }  # fmt: skip

    def _of_draft(self, record: ProcedureVersion, content: law_parts.Procedure) -> list[dict[str, Any]]:
        """What keeps a draft from being published, and what it changes."""
        session = db.session()
        faults = drafts.faults(session, record, content)
        newest = versions.published(session, record.procedure_id)
        changed = words.changes(versions.content(session, newest), content) if newest else []
        rows = [[change.what, change.field or EMPTY, change.old or EMPTY, change.new or EMPTY] for change in changed]
        return [
            {
                "id": "kesalahan", "title": "Belum dapat diterbitkan" if faults else "Dapat diterbitkan", "kind": "table",
                "headings": ["Yang perlu diperbaiki"], "rows": [[fault] for fault in faults],
                "empty": "Tidak ada kesalahan pada draf ini.",
            },
            {
                "id": "perubahan", "title": "Yang berubah", "kind": "table", "rows": rows,
                "headings": ["Bagian", "Isian", "Yang berlaku", "Draf ini"], "empty": "Draf ini sama dengan yang berlaku.",
            },
        ]  # fmt: skip

    def _folds(self, record: ProcedureVersion, content: law_parts.Procedure) -> list[Fold]:
        forms: dict[str, Form] = {"publish": PublishForm(), "delete": DiscardForm()}
        return [_fold(verb, record, form, content) for verb, form in forms.items() if self.may(verb)]


def _fold(
    verb: str, record: ProcedureVersion, form: Form, content: law_parts.Procedure, obstacles: list[str] | None = None
) -> Fold:
    # Publishing carries what it is that one looks at.
    seen = versions.digest_of(content) if verb == "publish" else ""
    fields = [("id", record.id), ("version", record.version), ("seen", seen)]
    return Fold(verb, url_for(f"version.{verb}_view"), form, fields, _WORDS[verb], obstacles or [])
