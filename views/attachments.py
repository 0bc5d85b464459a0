"""Files: a clerk puts a scan beside its agreement, a colleague opens it a year later, the bureau accepts or refuses it."""

from typing import Any, BinaryIO, cast

from flask import current_app, flash, jsonify, redirect, request, url_for
from flask_admin import expose
from flask_login import current_user
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from wtforms import HiddenField

from config import MEGABYTE
from extensions import db
from models import NAME_LENGTH, TITLE_LENGTH, Agreement, Attachment
from rules import codes
from sikerja import attachments, clock, exports, formats, lists
from sikerja.attachments import Draft, Sent
from sikerja.files.inspection import ENDINGS
from sikerja.process import verbs
from sikerja.refusals import NO_ROOM, Conflict, Refusal, is_lack_of_room, of_integrity_error
from views import attachment_details, sending
from views.base import Lookup, Section, SikerjaView
from views.conflict import is_stale
from views.fields import LARGEST_ID, Choice, Combobox, Day, Form, Line, Lines, TitleLine
from views.screen import CONFLICT
from views.security import wants_json
from views.uploads import Files, sent_to

REASON_LENGTH = 2000
ACCEPTED = ",".join(f".{ending}" for ending in ENDINGS)


def _seen_names(ids: list[int]) -> dict[int, str]:
    """What the agreements are called that this person may see: no form tells the title of another unit's."""
    return {agreement.id: str(agreement) for agreement in lists.AGREEMENTS.many(db.session(), ids, current_user)}


class AttachmentForm(Form):
    """What is said of a file; its content never changes."""

    title = TitleLine("Judul", most=TITLE_LENGTH, required="Isi judul.")
    kind = Choice("Jenis", codes.ATTACHMENT_KINDS, "Berlaku untuk semua versinya.", required="Pilih jenis berkas.")
    document_date = Day("Tanggal dokumen", "Tanggal yang tertulis pada dokumen. Contoh: 24/11/2026")
    paper_place = Line("Tempat naskah asli", "Contoh: Lemari 2, map 14", most=NAME_LENGTH)


class UploadForm(Form):
    """Files for an agreement, or a new edition of one that is there."""

    agreement = Combobox("Kerja sama", "Ketik judul atau nomornya untuk mencari.", names=_seen_names)
    file = Files("Berkas", required="Pilih sedikitnya satu berkas.")
    kind = Choice("Jenis", codes.ATTACHMENT_KINDS)
    document_date = Day("Tanggal dokumen", "Tanggal yang tertulis pada dokumen. Contoh: 24/11/2026")
    title = TitleLine("Judul", "Boleh dikosongkan: nama berkasnya yang dipakai.", most=TITLE_LENGTH)
    paper_place = Line("Tempat naskah asli", "Contoh: Lemari 2, map 14", most=NAME_LENGTH)
    reason = Lines("Alasan versi baru", "Contoh: halaman 3 terpotong pada pindaian sebelumnya.", most=REASON_LENGTH)
    replaces = HiddenField()
    stage = HiddenField()
    document = HiddenField()

    @property
    def serves(self) -> tuple[int, int] | None:
        """The stage and the number of its document that the file is to serve; None where it is to serve none."""
        texts = (self.stage.data or "", self.document.data or "")
        if not all(text.isascii() and text.isdecimal() and len(text) < 10 for text in texts):
            return None
        return int(texts[0]), int(texts[1])

    @property
    def replaces_id(self) -> int | None:
        """The edition it takes the place of; 0, which none has, where what was sent is no id."""
        text = (self.replaces.data or "").strip()
        if not text:
            return None
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= LARGEST_ID else 0

    def draft(self) -> Draft:
        """What was said of the files."""
        return Draft(
            agreement_id=next(iter(self.agreement.data or ()), None),
            kind=self.kind.data or "",
            title=self.title.data,
            document_date=self.document_date.data,
            paper_place=self.paper_place.data,
            replaces_id=self.replaces_id,
            reason=self.reason.data,
        )


class ReviewForm(Form):
    """What the bureau thinks of a file."""

    version = HiddenField()
    verdict = HiddenField()
    remark = Lines("Catatan", most=REASON_LENGTH)


class AttachmentView(SikerjaView):
    """Files of all agreements."""

    screen = "attachment"
    listing = lists.ATTACHMENTS
    title = "Berkas"
    noun = "berkas"
    create_label = "Unggah berkas"
    search_hint = "Cari judul, nama berkas, kerja sama, mitra"
    column_list = ("title", "agreement", "kind", "document_date", "edition", "uploaded_at", "verdict")
    needs = ("newest",)
    quick_filters = ("kind", "verdict", "newest")
    export_columns = exports.ATTACHMENTS
    form_class = AttachmentForm
    form_sections = (Section("Berkas", ("title", ("kind", "document_date"), "paper_place")),)
    details_page = "sikerja/attachment.html"
    bin_question = "Buang ke keranjang? Berkas dapat dikembalikan dari Keranjang; versi lainnya tetap ada."
    lookups = {"agreement": Lookup(lists.AGREEMENTS, Agreement.register_no + " " + Agreement.title)}
    cells = {
        "kind": lambda row: codes.ATTACHMENT_KINDS[row["kind"]],
        "edition": lambda row: row["edition"] if row["newest"] else f"{row['edition']} (lama)",
        "uploaded_at": lambda row: formats.short_date(clock.local(row["uploaded_at"]).date()),
        "verdict": lambda row: formats.verdict_badge(row["verdict"]),
    }

    # --- upload --------------------------------------------------------------------------------------------------

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        if request.method == "GET":
            return self._upload_page(self._empty_form())
        form = self._sent_form()
        general: list[str] = []
        if form.validate():
            try:
                return self._tell_uploaded(self._upload(form), form)
            except Refusal as refusal:
                general = form.refuse(refusal.errors)
            except SQLAlchemyError as error:
                if not is_lack_of_room(error):
                    raise
                general = [NO_ROOM]
        db.session.rollback()
        return self._upload_page(form, general, 422)

    def _empty_form(self) -> UploadForm:
        """The form with what the address names: an agreement, or the edition that gets a successor."""
        form = UploadForm()
        form.agreement.process_formdata([request.args.get("agreement", "")])
        form.agreement.data = [key for key in form.agreement.data if key in _seen_names([key])]
        form.title.data = request.args.get("title", "")[:TITLE_LENGTH]
        form.kind.data = request.args.get("kind", "") if request.args.get("kind") in codes.ATTACHMENT_KINDS else ""
        form.stage.data, form.document.data = request.args.get("stage", ""), request.args.get("document", "")
        if request.args.get("replaces"):
            edition = attachments.replaced(db.session(), self.get_one(request.args["replaces"]).id, current_user)
            form.replaces.data, form.title.data = str(edition.id), edition.title
        return form

    def _sent_form(self) -> UploadForm:
        form = UploadForm(sent_to(UploadForm))
        if form.replaces_id is None:
            form.agreement.ask("Pilih kerja sama.")
            form.kind.ask("Pilih jenis berkas.")
        else:
            form.reason.ask("Isi alasan versi baru.")
        return form

    def _upload(self, form: UploadForm) -> list[Attachment]:
        """Keep the files and write them down. Raises Refusal."""
        session, draft = db.session(), form.draft()
        attachments.check(session, draft, len(form.file.data), current_user)
        db.session.rollback()  # looking through the files takes a while, and nobody should wait for it
        kept = attachments.take_in([Sent(sent.filename or "", cast(BinaryIO, sent.stream)) for sent in form.file.data])
        try:
            rows = attachments.upload(session, draft, kept, current_user)
            if form.serves is not None and current_user.may("stage:edit"):
                verbs.serve(session, *form.serves, rows[0], current_user)
            db.session.commit()
        except IntegrityError as error:
            raise of_integrity_error(error) from None
        return rows

    def _tell_uploaded(self, rows: list[Attachment], form: UploadForm) -> Any:
        row = rows[0]
        if form.serves is not None:
            url = url_for("agreement.details_view", id=row.agreement_id, _anchor="dokumen")
            words = "Berkas diunggah untuk dokumen tahap."
        elif len(rows) == 1:
            url = url_for("attachment.details_view", id=row.id)
            words = "Berkas diunggah." if row.edition == 1 else f"Berkas diunggah, versi {row.edition}."
        else:
            url = url_for("agreement.details_view", id=row.agreement_id, _anchor="berkas")
            words = f"{len(rows)} berkas diunggah."
        if wants_json():
            return jsonify(ok=True, url=url)
        flash(words, "success")
        return redirect(url)

    def _upload_page(self, form: UploadForm, general: list[str] | tuple[()] = (), status: int = 200) -> Any:
        if wants_json():
            at_fields = {field.short_name: " ".join(field.errors) for field in form if field.errors}
            return jsonify(ok=False, errors=at_fields | ({"": " ".join(general)} if general else {})), status
        edition = _edition_named(form)
        form.agreement.lookup_url = url_for("attachment.ajax_lookup")
        for name, words in (("agreement", "Pilih kerja sama."), ("kind", "Pilih jenis berkas."), ("reason", "Isi alasan.")):
            form[name].ask(words)
        if edition is not None:
            form.file.one_only()
        largest = current_app.config["MAX_UPLOAD"]
        page = self.render(
            "sikerja/upload.html",
            title=f"Unggah versi baru: {edition.title}" if edition else self.create_label,
            crumbs=[(self.title, url_for("attachment.index_view"))],
            form=form,
            edition=edition,
            errors=[("", words) for words in general] + [(field.id, words) for field in form for words in field.errors],
            accepted=ACCEPTED,
            largest=largest,
            largest_words=f"{largest // MEGABYTE} MB",
            most=attachments.MOST_AT_ONCE,
            back=self._back(form, edition),
        )
        return page, status

    def _back(self, form: UploadForm, edition: Attachment | None) -> str:
        if edition is not None:
            return url_for("attachment.details_view", id=edition.id)
        chosen = [key for key in form.agreement.data or () if key]
        return url_for("agreement.details_view", id=chosen[0]) if chosen else url_for("attachment.index_view")

    def update_model(self, form: AttachmentForm, model: Attachment) -> Attachment:
        said = (form.title.data, form.kind.data, form.document_date.data, form.paper_place.data)
        attachments.describe(db.session(), model, *said)
        return model

    # --- looking -------------------------------------------------------------------------------------------------

    def details_context(self, record: Attachment) -> dict[str, Any]:
        return attachment_details.context(db.session(), record, request.args.get("page", ""), current_user)

    @expose("/download/")
    def download_view(self) -> Any:
        row = self.get_one(request.args.get("id"))
        return sending.download(_outgoing(row), f"versi {row.edition}, {row.original_name}")

    @expose("/preview/")
    def preview_view(self) -> Any:
        row = self.get_one(request.args.get("id"))
        return sending.preview(_outgoing(row), sending.page_number(request.args.get("page", "1")))

    # --- review --------------------------------------------------------------------------------------------------

    @expose("/review/", methods=("POST",))
    def review_view(self) -> Any:
        row = self.get_one(request.form.get("id") or request.args.get("id"))
        form = ReviewForm(request.form)
        if form.validate():
            try:
                self._review(row, form)
            except Refusal as refusal:
                db.session.rollback()
                general = form.refuse(refusal.errors)
                status = 409 if isinstance(refusal, Conflict) else 422
                return self.show_details(row, review=form, review_errors=[*general, *form.verdict.errors]), status
            flash(f"Berkas {codes.VERDICTS[form.verdict.data].lower()}.", "success")
            return redirect(url_for("attachment.details_view", id=row.id))
        db.session.rollback()
        return self.show_details(row, review=form, review_errors=form.verdict.errors), 422

    def _review(self, row: Attachment, form: ReviewForm) -> None:
        try:
            if is_stale(request.form.get("version"), row):
                raise Conflict(CONFLICT)
            attachments.review(db.session(), row, form.verdict.data or "", form.remark.data, current_user)
            db.session.commit()
        except StaleDataError:
            raise Conflict(CONFLICT) from None


def _edition_named(form: UploadForm) -> Attachment | None:
    """The edition that gets a successor, if there is one and this person may see it."""
    if form.replaces_id is None:
        return None
    try:
        return attachments.replaced(db.session(), form.replaces_id, current_user)
    except Refusal:
        return None


def _outgoing(row: Attachment) -> sending.Outgoing:
    about = {"screen": "attachment", "record_id": row.id, "record": str(row), "agreement_id": row.agreement_id}
    back = ("Kembali ke keterangan berkas", url_for("attachment.details_view", id=row.id))
    return sending.Outgoing(row.digest, row.size, row.format, row.original_name, about, back)
