"""What is done to an agreement from its details page: close an offer, open it again; the machinery of every such verb.

Each verb is a small form in a fold. One that is refused comes back on the page, open, with every obstacle and what was typed.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from flask import flash, redirect, request, url_for
from flask_admin import expose

from extensions import db
from models import Agreement, Attachment, ProcedureVersion
from rules import codes
from sikerja import attachments, formats, offers
from sikerja.offers import Closing
from sikerja.process import adopting
from sikerja.process.adopting import Adopted
from sikerja.refusals import Conflict, Refusal
from views.conflict import ConflictPage, in_one_transaction, is_stale
from views.fields import Choice, Day, Form, Lines, Record
from views.folds import Fold, Words
from views.screen import CONFLICT

REASON_LENGTH = 2000


class ClosingForm(Form):
    """How an offer ends."""

    outcome = Choice("Hasil", codes.OUTCOMES, required="Pilih hasil.", name="as", id="close-as")
    on = Day("Tanggal", "Kosongkan bila hari ini.", id="close-on")
    reason = Lines("Alasan", most=REASON_LENGTH, required="Isi alasan.", id="close-reason")
    attachment = Record("Dokumen", lambda: [], "Surat penolakan atau penarikan, dari berkas naskah ini.", id="close-document")

    def closing(self) -> Closing:
        """What was filled in; to be asked after `validate`, which cleans it."""
        return Closing(self.outcome.data or "", self.on.data, self.reason.data or "", self.attachment.data)


class ReopeningForm(Form):
    """Why an offer, or an agreement that was ended early, is opened again."""

    reason = Lines("Alasan membuka kembali", most=REASON_LENGTH, required="Isi alasan membuka kembali.", id="reopen-reason")


class AdoptionForm(Form):
    """Why an agreement on its way goes over to the newest version of its procedure."""

    reason = Lines("Alasan", most=REASON_LENGTH, required="Isi alasan.", id="adopt-reason")


class AgreementVerbs(ConflictPage):
    """The verbs of the details page; mixed into the screen of agreements."""

    show_details: Callable[..., str]
    words: ClassVar[dict[str, Words]] = {
        "close": Words("Tutup penawaran", "circle-x", "Penawaran belum ditutup", risk=True),
        "reopen": Words("Buka kembali", "restore", "Naskah belum dibuka kembali"),
        "adopt": Words("Pakai versi prosedur terbaru", "arrow-up", "Versi prosedur belum diganti"),
    }

    @expose("/close/", methods=("POST",))
    def close_view(self) -> Any:
        record = self._asked_for()
        form = _closing_form(attachments.newest_of(db.session(), record.id), request.form)
        return self._do(
            "close", record, form,
            lambda: offers.obstacles(db.session(), record, form.closing()),
            lambda: offers.close(db.session(), record, form.closing()),
            lambda _: f"Penawaran ditutup: {codes.OUTCOMES[record.closed_as or '']}.",
            taken=lambda: record.closed_on is not None,
        )  # fmt: skip

    @expose("/reopen/", methods=("POST",))
    def reopen_view(self) -> Any:
        record = self._asked_for()
        form, ended = ReopeningForm(request.form), record.closed_on is None and record.terminated_on is not None
        return self._do(
            "reopen", record, form,
            lambda: offers.obstacles_to_reopening(record, form.reason.data or ""),
            lambda: offers.reopen(db.session(), record, form.reason.data or ""),
            lambda _: "Naskah dibuka kembali." if ended else "Penawaran dibuka kembali.",
        )  # fmt: skip

    @expose("/adopt/", methods=("POST",))
    def adopt_view(self) -> Any:
        record, form = self._asked_for(), AdoptionForm(request.form)
        done: list[Adopted] = []
        return self._do(
            "adopt", record, form,
            lambda: adopting.obstacles(db.session(), record, form.reason.data or ""),
            lambda: done.append(adopting.adopt(db.session(), record, form.reason.data or "")),
            lambda _: _adopted(done[-1]),
        )  # fmt: skip

    def _asked_for(self) -> Agreement:
        return self.get_one(request.form.get("id") or request.args.get("id"))

    def _do(
        self, verb: str, record: Agreement, form: Form, look: Callable[[], dict[str, str]],
        work: Callable[[], Agreement | None], done: Callable[[Agreement], str], taken: Callable[[], bool] = lambda: False,
    ) -> Any:  # fmt: skip
        """Do it and go to the details page of what was made, else of the record; or show what is in the way: all of it at
        once, from the form and from the state.

        409 where someone else was faster (`taken`: did the same), else 422.
        """
        form.validate()
        made: Agreement | None = None
        refusal: Refusal | None = None
        if is_stale(request.form.get("version"), record):
            refusal = Conflict(CONFLICT)
        elif form.errors or look():
            refusal = Refusal(errors={})  # told below, from what is in the way then
        else:
            try:
                made = in_one_transaction(work, record)
            except Refusal as raised:
                refusal = raised
        if refusal is not None:
            db.session.rollback()  # what is read now is what others saved meanwhile
            found = look() or ({} if isinstance(refusal, Conflict) else refusal.errors)
            general = form.refuse({name: words for name, words in found.items() if not (name in form and form[name].errors)})
            # Where someone did the very same, what stands in the way now tells it.
            general += [CONFLICT] if isinstance(refusal, Conflict) and not taken() else []
            status = 409 if isinstance(refusal, Conflict) or taken() else 422
            db.session.rollback()
            return self._refused(verb, record, form, general), status
        flash(done(made or record), "success")
        return redirect(self._details_url(made or record), 303)

    def _refused(self, verb: str, record: Agreement, form: Form, general: list[str]) -> str:
        told = [*general, *(words for each in form for words in each.errors)]
        return self.show_details(record, refused=self._fold(verb, record, form, told))

    # --- what the details page offers --------------------------------------------------------------------------------

    def folds(self, record: Agreement, validity: str, files: list[Attachment]) -> list[Fold]:
        """The verbs that this person may use on this record as it stands."""
        offered = []
        if self.may("close") and offers.may_be_closed(record):
            offered.append(self._fold("close", record, _closing_form(files, None)))
        ended = record.closed_on is not None or record.terminated_on is not None
        if self.may("close") and ended and not record.is_binned:
            offered.append(self._fold("reopen", record, ReopeningForm()))
        lives = record.closed_on is None and not record.is_binned
        newest = adopting.newer(db.session(), record) if self.may("adopt") and lives else None
        if newest is not None:
            offered.append(self._fold("adopt", record, AdoptionForm(), notes=[_about(newest)]))
        return offered

    def _fold(
        self, verb: str, record: Agreement, form: Form, obstacles: list[str] | None = None, notes: list[str] | None = None
    ) -> Fold:
        fields = [("id", record.id), ("version", record.version)]
        url = url_for(f"agreement.{verb}_view")
        return Fold(verb, url, form, fields, self.words[verb], obstacles or [], notes or [])


def _about(newest: ProcedureVersion) -> str:
    note = f": {newest.note.rstrip('.')}" if newest.note else ""
    return (
        f"Versi {newest.number} diterbitkan {formats.long_date(newest.published_on)}{note}. Yang sudah dikerjakan tetap; "
        "tahap, dokumen, dan tenggat berikutnya mengikuti versi itu."
    )


def _adopted(found: Adopted) -> str:
    """Naskah memakai versi 2. 1 tahap ditambahkan, 2 tahap dibuang."""
    changed = [f"{count} tahap {what}" for count, what in ((found.came, "ditambahkan"), (found.gone, "dibuang")) if count]
    more = f" {', '.join(changed)}." if changed else ""
    return f"Naskah memakai versi {found.number}.{more}"


def _closing_form(files: list[Attachment], sent: Any) -> ClosingForm:
    """The form with the files of the agreement to choose from."""
    form = ClosingForm(sent)
    form.attachment.choices = [("", "Tanpa dokumen"), *((file.id, file.title) for file in files)]
    return form
