"""Dasar hukum: the regulations that cooperation rests on, their articles that somebody has read, their official texts."""

from collections.abc import Callable
from typing import Any, BinaryIO, cast

from flask import abort, current_app, flash, redirect, request, url_for
from flask_admin import expose
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from wtforms import Field

from config import MEGABYTE
from extensions import db
from models import Article, Regulation
from rules import codes
from sikerja import attachments, exports, lists
from sikerja.attachments import Sent
from sikerja.law import entering, papers
from sikerja.law.entering import Entry
from sikerja.refusals import NO_ROOM, Conflict, Refusal, is_lack_of_room
from views import regulation_details, sending
from views.base import Section, SikerjaView
from views.conflict import in_one_transaction, is_stale
from views.fields import LARGEST_ID, Choice, Day, Form, Line, Lines, Whole
from views.screen import CONFLICT
from views.uploads import Files, sent_to

MOST_CHOSEN = 500
GONE = "Pasal ini sudah tidak ada. Muat ulang halaman."
UNCHANGED = "Prosedur yang berlaku belum berubah"


class RegulationForm(Form):
    """A regulation and how far its text has been read."""

    kind = Line("Jenis peraturan", "Contoh: Peraturan Pemerintah", most=100, required="Isi jenis peraturan.")
    number = Line("Nomor", most=30, required="Isi nomor.")
    year = Whole("Tahun", least=1945, most=2200, required="Isi tahun.")
    title = Line("Tentang", "Judul resminya. Kosongkan bila belum dipastikan.", most=500)
    governs = Lines("Mengatur", "Apa yang diatur bagi kerja sama daerah.", most=5000)
    checked = Choice("Pemeriksaan", codes.REGULATION_CHECKS, required="Pilih keadaan pemeriksaan.")
    note = Lines("Catatan", most=5000)
    code = Line("Kode", "Huruf kecil; kata dipisah garis bawah.", most=60, required="Isi kode.")


class Marks(Field):
    """The keys of the boxes that are ticked."""

    widget_kind = "none"

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[:MOST_CHOSEN]


class ArticleForm(Form):
    """An article that somebody has read in the official text, and what it serves."""

    citation = Line(
        "Pasal",
        "Tulis seperti “Pasal N ayat (n) huruf a”, dengan nomornya sebagai ganti N dan n.",
        most=200,
        required="Isi pasalnya.",
    )
    says = Lines("Bunyi atau pokoknya", most=5000, required="Isi bunyi atau pokok pasalnya.")
    checked_on = Day("Diperiksa pada", "Tanggal naskah resminya dibaca. Contoh: 24/11/2026", required="Isi tanggal diperiksa.")
    serves = Marks("Dipakai untuk", default=())
    amount = Whole("Jumlah", "Angka yang tertulis pada pasalnya.", least=1, most=entering.MOST)
    unit = Choice("Satuan", entering.LENGTHS)

    def entry(self) -> Entry:
        """What was filled in; to be asked after `validate`, which cleans it."""
        on, amount = self.checked_on.data, self.amount.data
        return Entry(self.citation.data or "", self.says.data or "", on, tuple(self.serves.data), amount, self.unit.data or "")


class WithdrawalForm(Form):
    """Why an article is taken back."""

    reason = Lines("Alasan menarik", most=2000, required="Isi alasan menarik pasal ini.")


class PaperForm(Form):
    """The official text as a file."""

    file = Files("Naskah resmi (PDF)", required="Pilih berkas PDF.", id="paper-file")

    @classmethod
    def of_one(cls, sent: Any = None) -> "PaperForm":
        """The form that offers to choose one file."""
        form = cls(sent)
        form.file.one_only()
        return form


class RegulationView(SikerjaView):
    """Dasar hukum: what cooperation rests on."""

    screen = "regulation"
    listing = lists.REGULATIONS
    title = "Dasar hukum"
    noun = "peraturan"
    create_label = "Tambah peraturan"
    search_hint = "Cari jenis, nomor, judul"
    column_list = ("name", "year", "title", "checked", "stages")
    quick_filters = ("checked",)
    export_columns = exports.REGULATIONS
    form_class = RegulationForm
    form_sections = (
        Section("Peraturan", ("kind", ("number", "year"), "title", "governs")),
        Section("Pemeriksaan", ("checked", "note", "code"), "Pasal hanya dikutip dari naskah yang sudah dibaca."),
    )
    cells = {"checked": lambda row: codes.REGULATION_CHECKS[row["checked"]]}
    details_page = "sikerja/regulation.html"
    model: type[Regulation]

    def details_context(self, record: Regulation) -> dict[str, Any]:
        return regulation_details.context(db.session(), record, request.args.get("page", "")) | {
            "may_enter": self.may("enter") and not record.is_binned,
            "largest": f"{current_app.config['MAX_UPLOAD'] // MEGABYTE} MB",
            "entering": ArticleForm(),
            "paper_form": PaperForm.of_one(),
        }

    def _asked_for(self) -> Regulation:
        return cast(Regulation, self.get_one(request.form.get("id") or request.args.get("id")))

    def _back(self, record: Regulation) -> Any:
        return redirect(url_for("regulation.details_view", id=record.id), 303)

    # --- articles ------------------------------------------------------------------------------------------------

    @expose("/enter/", methods=("POST",))
    def enter_view(self) -> Any:
        record, form = self._asked_for(), ArticleForm(request.form)
        form.validate()
        entry = form.entry()
        found = entering.obstacles(db.session(), record, entry)
        general = form.refuse({name: words for name, words in found.items() if name not in form or not form[name].errors})
        if general or form.errors:
            return self._refused(record, "Pasal belum dicatat", general, 422, entering=form)
        work = lambda: entering.enter(db.session(), record, entry, current_user)  # noqa: E731
        try:
            kinds = in_one_transaction(work, record)
        except Refusal as refusal:
            db.session.rollback()
            return self._refused(record, "Pasal belum dicatat", form.refuse(refusal.errors), _status(refusal), entering=form)
        flash(f"{entry.citation} dicatat atas nama {current_user.name}. {_drafted(kinds)}", "success")
        return self._back(record)

    @expose("/withdraw/", methods=("POST",))
    def withdraw_view(self) -> Any:
        record, form = self._asked_for(), WithdrawalForm(request.form)
        article = _article_of(record, request.form.get("article", ""))
        if not form.validate() or article is None:
            told = [*([] if article else [GONE]), *form.reason.errors]
            return self._refused(record, "Pasal belum ditarik", told, 422, withdrawing=(request.form.get("article"), form))
        citation = article.citation
        try:
            if is_stale(request.form.get("version"), article):
                raise Conflict(CONFLICT)
            kinds = in_one_transaction(lambda: entering.withdraw(db.session(), article, form.reason.data), article)
        except Refusal as refusal:
            db.session.rollback()
            told = list(refusal.errors.values())
            return self._refused(record, "Pasal belum ditarik", told, _status(refusal), withdrawing=(str(article.id), form))
        flash(f"{citation} ditarik. {_drafted(kinds)}", "success")
        return self._back(record)

    def _refused(self, record: Regulation, heading: str, general: list[str], status: int, **more: Any) -> Any:
        db.session.rollback()
        form = more.get("entering") or more.get("paper_form")
        told = [("", words) for words in general]
        told += [(each.id, words) for each in form or () for words in each.errors]
        return self.show_details(record, refused={"heading": heading, "told": told}, **more), status

    # --- the official text ---------------------------------------------------------------------------------------

    @expose("/receive/", methods=("POST",))
    def receive_view(self) -> Any:
        record, form = self._asked_for(), PaperForm.of_one(sent_to(PaperForm))
        refused: Callable[[list[str], int], Any] = lambda told, status: self._refused(  # noqa: E731
            record, "Naskah belum diunggah", told, status, paper_form=form
        )
        if not form.validate():
            return refused([], 422)
        try:
            self._receive(record, form)
        except Refusal as refusal:
            db.session.rollback()
            return refused(form.refuse(refusal.errors), _status(refusal))
        except SQLAlchemyError as error:
            if not is_lack_of_room(error):
                raise
            db.session.rollback()
            return refused([NO_ROOM], 422)
        flash("Naskah resmi disimpan.", "success")
        return self._back(record)

    def _receive(self, record: Regulation, form: PaperForm) -> None:
        """Look the file through and keep it, then let the regulation name it. Raises Refusal."""
        if len(form.file.data) > 1:
            raise Refusal("Pilih satu berkas saja.", "file")
        if is_stale(request.form.get("version"), record):
            raise Conflict(CONFLICT)
        db.session.rollback()  # looking through the file takes a while, and nobody should wait for it
        sent = [Sent(each.filename or "", cast(BinaryIO, each.stream)) for each in form.file.data]
        kept = attachments.take_in(sent, "pdf")[0]
        in_one_transaction(lambda: papers.put(db.session(), record, kept), record)

    @expose("/paper/")
    def paper_view(self) -> Any:
        file = regulation_details.outgoing(self._asked_for())
        return sending.download(file, file.name) if file else abort(404)

    @expose("/preview/")
    def preview_view(self) -> Any:
        file = regulation_details.outgoing(self._asked_for())
        return sending.preview(file, sending.page_number(request.args.get("page", "1"))) if file else abort(404)


def _article_of(record: Regulation, key: str) -> Article | None:
    number = int(key) if key.isascii() and key.isdecimal() and len(key) <= 10 else 0
    article = db.session.get(Article, number) if 0 < number <= LARGEST_ID else None
    return article if article is not None and article.regulation_id == record.id else None


def _status(refusal: Refusal) -> int:
    return 409 if isinstance(refusal, Conflict) else 422


def _drafted(kinds: list[str]) -> str:
    """What has changed by it, and what has not."""
    if not kinds:
        return f"{UNCHANGED}: tidak ada tahap yang memakainya."
    return f"Perubahannya masuk ke draf {', '.join(kinds)}. {UNCHANGED} sampai administrator menerbitkan draf itu."
