"""What is made from an agreement, and how it ends: PKS under a KB, Naskah after an LoI, addendum, renewal, early end."""

from typing import Any

from flask import request
from flask_admin import expose
from sqlalchemy.orm import Session

from extensions import db
from models import TITLE_LENGTH, Agreement, Attachment, Unit
from rules import codes, grounds
from sikerja import attachments, clock, formats, limits, records, renewals, successors, terminations
from sikerja.renewals import Renewal
from sikerja.successors import Amendment, Making
from sikerja.terminations import Termination
from views.agreement_verbs import REASON_LENGTH, AgreementVerbs
from views.fields import Choice, Combobox, Day, Form, Lines, Record, TitleLine
from views.folds import Fold, Words


class MakingForm(Form):
    """What the new agreement is called and who is concerned."""

    title = TitleLine("Judul", "Kosongkan bila sama.", most=TITLE_LENGTH)
    unit = Combobox(
        "Perangkat daerah", "Kosongkan bila sama. Yang pertama adalah pemrakarsa.",
        names=lambda ids: records.names(Unit, ids), multiple=True, lead_label="Pemrakarsa",
    )  # fmt: skip

    def making(self) -> Making:
        """What was filled in; to be asked after `validate`, which cleans it."""
        return Making(self.title.data or "", self.unit.data or [])


class AmendmentForm(Form):
    """What an addendum changes."""

    reason = Lines("Yang diubah", most=REASON_LENGTH, required="Isi apa yang diubah.", id="amend-reason")
    on = Day("Tanggal berakhir yang baru", "Kosongkan bila tanggal berakhirnya tetap.", id="amend-on")
    attachment = Record(
        "Adendum bertanda tangan", lambda: [],
        "Bila dipilih, adendum ini dicatat sudah ditandatangani dan tanggal berakhir yang baru langsung berlaku.",
        id="amend-document",
    )  # fmt: skip

    def amendment(self) -> Amendment:
        """What was filled in; to be asked after `validate`, which cleans it."""
        return Amendment(self.reason.data or "", self.on.data, self.attachment.data)


class RenewalForm(Form):
    """What is decided about the renewal; the last two fields are for who makes it at once."""

    decision = Choice(
        "Keputusan", codes.RENEWAL_DECISIONS, blank=None, required="Pilih keputusan perpanjangan.", name="as", id="renew-as"
    )
    reason = Lines("Alasan", "Wajib diisi bila tidak diperpanjang.", most=REASON_LENGTH, id="renew-reason")
    title = TitleLine("Judul perpanjangan", "Kosongkan bila sama.", most=TITLE_LENGTH, id="renew-title")
    on = Day("Mulai perpanjangan", "Kosongkan bila mulai pada hari sesudah naskah ini berakhir.", id="renew-on")

    def renewal(self, makes: bool) -> Renewal:
        """What was filled in; to be asked after `validate`, which cleans it."""
        title, starts_on = (self.title.data or "", self.on.data) if makes else ("", None)
        return Renewal(self.decision.data or "", self.reason.data or "", title, starts_on, makes)


class TerminationForm(Form):
    """How an agreement ends early."""

    ground = Choice("Dasar", lambda: [], required="Pilih dasar pengakhiran.", name="as", id="terminate-as")
    on = Day("Tanggal", "Kosongkan bila hari ini. Boleh tanggal yang akan datang.", id="terminate-on")
    reason = Lines("Alasan", most=REASON_LENGTH, required="Isi alasan.", id="terminate-reason")
    attachment = Record("Dokumen", lambda: [], "Dari berkas naskah ini.", id="terminate-document")

    def termination(self) -> Termination:
        """What was filled in; to be asked after `validate`, which cleans it."""
        return Termination(self.ground.data or "", self.on.data, self.reason.data or "", self.attachment.data)


class AgreementFamily(AgreementVerbs):
    """The verbs that go beyond one agreement; mixed into the screen of agreements."""

    words = AgreementVerbs.words | {
        "implement": Words("Buat PKS", "plus", "Perjanjian Kerja Sama belum dibuat"),
        "follow": Words("Buat Naskah", "plus", "Naskah Kerja Sama belum dibuat"),
        "renew": Words("Perpanjangan", "circle-check", "Keputusan belum disimpan", "Simpan keputusan"),
        "amend": Words("Buat adendum", "plus", "Adendum belum dibuat"),
        "terminate": Words("Akhiri lebih awal", "circle-x", "Naskah belum diakhiri", risk=True),
    }

    @expose("/implement/", methods=("POST",))
    def implement_view(self) -> Any:
        record, session = self._asked_for(), db.session
        form = self._making_form("implement", request.form)
        return self._do(
            "implement", record, form,
            lambda: successors.implementing(record, successors.validity_of(session(), record)),
            lambda: successors.implement(session(), record, form.making()),
            lambda made: _recorded(session(), made),
        )  # fmt: skip

    @expose("/follow/", methods=("POST",))
    def follow_view(self) -> Any:
        record, session = self._asked_for(), db.session
        form = self._making_form("follow", request.form)
        return self._do(
            "follow", record, form,
            lambda: successors.following(record, successors.validity_of(session(), record)),
            lambda: successors.follow(session(), record, form.making()),
            lambda made: " ".join(filter(None, (_recorded(session(), made), limits.run_out(session(), record)))),
        )  # fmt: skip

    @expose("/amend/", methods=("POST",))
    def amend_view(self) -> Any:
        record, session = self._asked_for(), db.session
        form = _amendment_form(session(), record, request.form)
        return self._do(
            "amend", record, form,
            lambda: successors.amending(
                session(), record, form.amendment(), successors.validity_of(session(), record)
            ),
            lambda: successors.amend(session(), record, form.amendment()),
            lambda made: _amended(session(), record, made),
        )  # fmt: skip

    @expose("/renew/", methods=("POST",))
    def renew_view(self) -> Any:
        record, session, makes = self._asked_for(), db.session, self.may("create")
        sent = request.form.copy()
        if makes:
            sent.setdefault("as", renewals.RENEWED)  # who only decides must say what
        form = RenewalForm(sent)

        def renewed_by_another() -> bool:
            decides = form.renewal(makes)
            return makes and decides.decision == renewals.RENEWED and bool(renewals.renewed_words(session(), record))

        return self._do(
            "renew", record, self._without_making(form),
            lambda: renewals.obstacles(session(), record, form.renewal(makes)),
            lambda: renewals.renew(session(), record, form.renewal(makes)),
            lambda made: _decided(session(), record, made),
            taken=renewed_by_another,
        )  # fmt: skip

    @expose("/terminate/", methods=("POST",))
    def terminate_view(self) -> Any:
        record, session = self._asked_for(), db.session
        form = _termination_form(record, attachments.newest_of(session(), record.id), request.form)
        return self._do(
            "terminate", record, form,
            lambda: terminations.obstacles(session(), record, form.termination()),
            lambda: terminations.terminate(session(), record, form.termination()),
            lambda _: terminations.terminated_words(record),
            taken=lambda: record.terminated_on is not None,
        )  # fmt: skip

    # --- what the details page offers --------------------------------------------------------------------------------

    def folds(self, record: Agreement, validity: str, files: list[Attachment]) -> list[Fold]:
        """The verbs that this person may use on this record as it stands."""
        return [*self._of_making(record, validity), *self._of_ending(record, validity, files),
                *super().folds(record, validity, files)]  # fmt: skip

    def _of_making(self, record: Agreement, validity: str) -> list[Fold]:
        offered: list[Fold] = []
        if not self.may("create"):
            return offered
        if not successors.implementing(record, validity):
            offered.append(self._fold("implement", record, self._making_form("implement", None, title=record.title)))
        if not successors.following(record, validity):
            notes = limits.notes(db.session(), record, "pernyataan_kehendak", "naskah")
            warning = limits.run_out(db.session(), record)
            form = self._making_form("follow", None, title=record.title)
            offered.append(self._fold("follow", record, form, notes=[warning, *notes] if warning else notes))
        if successors.may_be_amended(record, validity):
            offered.append(self._fold("amend", record, _amendment_form(db.session(), record, None)))
        return offered

    def _of_ending(self, record: Agreement, validity: str, files: list[Attachment]) -> list[Fold]:
        offered = []
        if self.may("decide") and renewals.may_be_decided(record, validity):
            form = self._without_making(RenewalForm(data={"decision": record.renewal_decision}))
            offered.append(self._fold("renew", record, form, notes=limits.renewal_notes(db.session(), record)))
        if self.may("close") and terminations.may_be_terminated(record):
            offered.append(self._fold("terminate", record, _termination_form(record, files, None)))
        return offered

    def _making_form(self, verb: str, sent: Any, **given: Any) -> MakingForm:
        form = MakingForm(sent, data=given)
        for each in form:
            each.id = f"{verb}-{each.short_name}"
        form.unit.lookup_url = f"/admin/{self.screen}/ajax/lookup/"
        return form

    def _without_making(self, form: RenewalForm) -> RenewalForm:
        """The form for this person: who makes no agreements is not asked what the renewal is called."""
        if not self.may("create"):
            del form.title, form.on
        return form


def _amendment_form(session: Session, record: Agreement, sent: Any) -> AmendmentForm:
    """The form with the files of the family to choose from."""
    form = AmendmentForm(sent)
    files = attachments.newest_of_family(session, record)
    named = ((file.id, file.title if file.agreement_id == record.id else f"{file.title} ({number})") for file, number in files)
    form.attachment.choices = [("", "Belum ditandatangani"), *named]
    return form


def _termination_form(record: Agreement, files: list[Attachment], sent: Any) -> TerminationForm:
    """The form with the grounds that the law knows for this kind, and the files of the agreement."""
    form = TerminationForm(sent)
    known = grounds.of_group(record.group).values()
    form.ground.choices = [("", "Belum dipilih"), *((ground.code, ground.words) for ground in known)]
    form.attachment.choices = [("", "Tanpa dokumen"), *((file.id, file.title) for file in files)]
    return form


# --- what is said when it is done --------------------------------------------------------------------------------


def _recorded(session: Session, made: Agreement) -> str:
    """Perjanjian Kerja Sama KS-2026-0050 dicatat. Berikutnya: Penyusunan perjanjian kerja sama."""
    return f"{codes.INSTRUMENTS[made.instrument]} {made.register_no} dicatat. {limits.next_words(session, made)}"


def _amended(session: Session, record: Agreement, made: Agreement) -> str:
    if made.signed_on is None or made.signed_on > clock.today():
        return _recorded(session, made)
    end = f" {record.register_no} sekarang berakhir {formats.long_date(record.ends_on)}." if made.ends_on else ""
    return f"Adendum {made.register_no} dicatat sebagai adendum bertanda tangan.{end}"


def _decided(session: Session, record: Agreement, made: Agreement) -> str:
    if made is not record:
        return f"Perpanjangan {record.register_no} dibuat. {_recorded(session, made)}"
    said = f"Keputusan perpanjangan disimpan: {codes.RENEWAL_DECISIONS[record.renewal_decision]}."
    if record.renewal_decision == renewals.RENEWED:
        said += " Bagian Kerja Sama kini menyusun naskah perpanjangannya."
    return said
