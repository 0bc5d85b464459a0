"""The short form with which it all begins: the clerk has a letter on the desk, and two minutes.

It asks who offers, about what, of which kind, and for the letter; the rest is filled in later on the whole form.
"""

import json
from typing import Any, BinaryIO, cast

from flask import current_app, flash, redirect, request, url_for
from flask_admin import expose
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from wtforms import HiddenField

from config import MEGABYTE
from extensions import db
from models import NAME_LENGTH, NUMBER_LENGTH, TITLE_LENGTH, Agreement, Partner, Procedure
from rules import codes
from rules.text import clean
from sikerja import attachments, clock, intake, records
from sikerja.attachments import Kept, Sent
from sikerja.files.inspection import ENDINGS
from sikerja.intake import Offer
from sikerja.process import explaining
from sikerja.refusals import NO_ROOM, Refusal, is_lack_of_room
from views.conflict import ConflictPage, in_one_transaction
from views.fields import Choice, Combobox, Day, Form, Line, Record, Tick, TitleLine
from views.uploads import LEFT_BEHIND, Files, sent_to

ACCEPTED = ",".join(f".{ending}" for ending in ENDINGS)
_FIRST = {code: word for code, word in codes.INSTRUMENTS.items() if code != "addendum"}  # that one changes another


def _kinds() -> list[tuple[str, str]]:
    """The eight kinds of cooperation by their ids, then the groups for where the kind isn't settled yet."""
    unsettled = [(code, f"{short}, belum pasti: {codes.GROUP_NAMES[code]}") for code, short in codes.GROUPS.items()]
    return [(str(key), name) for key, name in records.choices(Procedure, Procedure.position)] + unsettled


class OfferForm(Form):
    """What stands in the letter. `procedure` holds the id of a kind, or the code of a group where the kind isn't settled."""

    partner = Combobox(
        "Mitra yang menawarkan",
        "Ketik namanya, lalu pilih. Mitra yang belum ada cukup ditulis nama lengkapnya.",
        names=lambda ids: records.names(Partner, ids),
    )
    partner_kind = Choice("Jenis mitra baru", codes.PARTNER_KINDS, "Hanya untuk mitra yang belum ada pada daftar.")
    title = TitleLine(
        "Tentang apa", "Tulis pokok yang ditawarkan, misalnya “Pengelolaan sampah terpadu”.", most=TITLE_LENGTH,
        required="Isi tentang apa penawarannya.",
    )  # fmt: skip
    group = HiddenField()
    procedure = Choice("Jenis kerja sama", _kinds, required="Pilih jenis kerja sama.")
    special_procedure = Tick(
        "Prosedur khusus", "Untuk KSDPK pengelolaan aset, investasi, dan lainnya yang punya peraturan sendiri."
    )
    instrument = Choice(
        "Naskah pertama", _FIRST, "Diusulkan menurut jenis kerja sama; boleh diganti.", blank="Menurut jenis kerja sama"
    )
    offer_number = Line("Nomor surat", most=NUMBER_LENGTH)
    offer_date = Day("Tanggal surat", "Contoh: 24/11/2026")
    offer_received = Day("Diterima")
    unit = Record("Perangkat daerah", records.unit_choices, "Pemrakarsanya. Boleh dikosongkan bila belum pasti.")
    file = Files("Surat penawaran", "Pindaian suratnya. Boleh diunggah kemudian.")

    def offer(self) -> Offer:
        """What was filled in, as far as it can be read; to be asked after `validate`, which cleans it."""
        chosen = self.procedure.data or ""
        return Offer(
            title=self.title.data,
            partner_id=next(iter(self.partner.data or ()), None),
            partner_name=clean(self.partner.raw_query),
            partner_kind=self.partner_kind.data or "",
            group=chosen if chosen in codes.GROUPS else self.group.data or "",
            procedure_id=int(chosen) if chosen.isdecimal() and not self.procedure.errors else None,
            instrument=self.instrument.data or "",
            special_procedure=bool(self.special_procedure.data),
            number=self.offer_number.data,
            written=self.offer_date.data,
            received=self.offer_received.data,
            unit_id=self.unit.data,
        )


class AgreementOffer(ConflictPage):
    """The form of an offer; mixed into the screen of agreements."""

    @expose("/offer/", methods=("GET", "POST"))
    def offer_view(self) -> Any:
        """Ask, or write it all down and say what comes next; refused, the form comes back with what was typed."""
        if request.method != "POST":
            return self._offer_page(OfferForm(data={"offer_received": clock.today()}))
        form = _sent_form()
        general: list[str] = []
        if not form.validate():
            found = intake.obstacles(db.session(), form.offer())
            form.refuse({name: words for name, words in found.items() if not form[name].errors})
        else:
            try:
                return self._tell_received(self._receive(form))
            except Refusal as refusal:
                general = form.refuse(refusal.errors)
            except SQLAlchemyError as error:
                if not is_lack_of_room(error):
                    raise
                general = [NO_ROOM]
        db.session.rollback()
        return self._offer_page(form, general), 422

    def _receive(self, form: OfferForm) -> Agreement:
        """Keep the letter, then write the offer down in one transaction. Raises Refusal."""
        offer, letter = form.offer(), None
        if form.file.data:
            db.session.rollback()  # looking through the file takes a while, and nobody should wait for it
            letter = _taken_in(form)
        received: Agreement = in_one_transaction(lambda: intake.receive(db.session(), offer, letter, current_user), None)
        return received

    def _tell_received(self, agreement: Agreement) -> Any:
        following = explaining.explain(db.session(), agreement).next
        then = f" Langkah berikut: {following.text.rstrip('.')}." if following is not None else ""
        flash(f"Penawaran dicatat dengan nomor register {agreement.register_no}.{then}", "success")
        return redirect(self._details_url(agreement))

    def _offer_page(self, form: OfferForm, general: list[str] | tuple[()] = ()) -> str:
        form.file.one_only()
        form.partner.lookup_url = url_for("agreement.ajax_lookup")
        form.partner.without_script = "Tanpa JavaScript: tulis nama lengkap mitra seperti pada daftar mitra."
        for name in ("partner", "procedure"):
            form[name].flags.required = True
        largest = current_app.config["MAX_UPLOAD"] // MEGABYTE
        return self.render(
            "sikerja/offer.html",
            title="Catat penawaran",
            crumbs=[(self.title, url_for("agreement.index_view"))],
            form=form,
            chosen_again=bool(form.file.data) or LEFT_BEHIND in request.form,
            errors=[("", words) for words in general] + [(field.id, words) for field in form for words in field.errors],
            accepted=ACCEPTED,
            largest=f"{largest} MB",
            suggestions=json.dumps(_suggestions()),
            back=request.values.get("url") or url_for("agreement.index_view"),
            whole_form=url_for("agreement.create_view"),
        )


def _sent_form() -> OfferForm:
    """The form as it was sent; where only the group was, that is the choice."""
    form = OfferForm(sent_to(OfferForm))
    if not form.procedure.data and form.group.data in codes.GROUPS:
        form.procedure.data = form.group.data
    form.partner.raw_query = form.partner.raw_query[:NAME_LENGTH]
    if LEFT_BEHIND in request.form:
        form.file.ask("Berkasnya tidak ikut tersimpan sewaktu Anda masuk lagi. Pilih lagi, lalu simpan.")
    return form


def _taken_in(form: OfferForm) -> Kept:
    sent = form.file.data
    if len(sent) > 1:
        raise Refusal("Pilih satu berkas saja. Berkas lain dapat diunggah dari halaman naskahnya.", "file")
    return attachments.take_in([Sent(sent[0].filename or "", cast(BinaryIO, sent[0].stream))])[0]


def _suggestions() -> dict[str, str]:
    """Kind as it stands in the form -> the paper that comes first."""
    kinds = records.procedures()
    by_kind = {str(key): intake.first_instrument(group, code) for key, code, group in kinds}
    return by_kind | {group: intake.first_instrument(group, "") for group in codes.GROUPS}
