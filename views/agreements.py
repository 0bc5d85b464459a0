"""Agreements: the clerk opens this list in the morning, narrows it, opens one, corrects it; the supervisor takes it as CSV."""

from datetime import date
from typing import Any

from flask import jsonify, request, url_for
from flask_admin import expose
from flask_login import current_user
from markupsafe import Markup

from extensions import db
from models import NUMBER_LENGTH, TITLE_LENGTH, Agreement, Partner, Procedure, Unit
from rules import codes
from sikerja import agreements, clock, dates, exports, formats, limits, lists, records
from sikerja.agreements import Draft
from views import agreement_details, agreement_process
from views.agreement_answers import AgreementAnswers
from views.agreement_family import AgreementFamily
from views.agreement_offer import AgreementOffer
from views.base import Lookup, Section, SikerjaView
from views.fields import (
    Choice,
    Combobox,
    Day,
    Duration,
    Form,
    Line,
    Lines,
    Money,
    Numbers,
    Record,
    Tick,
    TitleLine,
    Whole,
)


class AgreementForm(Form):
    """One instrument with its parties, numbers and term."""

    title = TitleLine(
        "Judul",
        "Tulis seperti pada naskah, tanpa kata “tentang”. Paling banyak 500 huruf.",
        most=TITLE_LENGTH,
        required="Isi judul.",
    )
    origin = Choice(
        "Asal",
        codes.ORIGINS,
        "Arsip lama: naskah yang sudah ada sebelum dicatat; isinya disimpan apa adanya.",
        blank=None,
        default="process",
    )
    group = Choice("Jenis kerja sama", codes.GROUPS, required="Pilih jenis kerja sama.")
    procedure = Record(
        "Prosedur",
        lambda: records.choices(Procedure, Procedure.position),
        "Menentukan tahap yang harus dilalui. Boleh dikosongkan bila belum pasti.",
    )
    instrument = Choice("Jenis naskah", codes.INSTRUMENTS, required="Pilih jenis naskah.")
    sector = Record("Bidang urusan", records.sector_choices)
    parent = Combobox(
        "Naskah induk",
        "Untuk PKS: kesepakatan bersamanya. Untuk adendum: naskah yang diubah. Ketik untuk mencari.",
        names=lambda ids: records.names(Agreement, ids),
    )
    special_procedure = Tick("Prosedur khusus", "Pengelolaan aset, investasi, dan lainnya yang mengikuti peraturannya sendiri.")

    partner = Combobox(
        "Mitra",
        "Ketik untuk mencari. Yang pertama adalah mitra utama.",
        multiple=True,
        names=lambda ids: records.names(Partner, ids),
        number_name="partner_number",
        lead_label="mitra utama",
    )
    partner_number = Numbers("Nomor mitra")
    unit = Combobox(
        "Perangkat daerah",
        "Ketik untuk mencari. Yang pertama adalah pemrakarsa.",
        multiple=True,
        names=lambda ids: records.names(Unit, ids),
        lead_label="pemrakarsa",
    )
    our_signatory = Line("Penandatangan Pihak Kesatu", most=200)
    our_signatory_post = Line("Jabatan penandatangan", "Contoh: Wali Kota Samarinda", most=200)
    by_power = Tick("Ditandatangani dengan surat kuasa")

    our_number = Line(
        "Nomor naskah Pihak Kesatu", "Nomor dari Pemerintah Kota. Kosongkan bila belum bernomor.", most=NUMBER_LENGTH
    )
    place_signed = Line("Tempat penandatanganan", "Contoh: Samarinda", most=200)
    signed_on = Day("Tanggal penandatanganan", "Contoh: 24/11/2026")
    starts_on = Day("Mulai berlaku", "Kosongkan bila sama dengan tanggal penandatanganan.")
    duration = Duration("Jangka waktu", "Contoh: 5 tahun sejak ditandatangani", most=1000)
    ends_on = Day("Berakhir", "Kosongkan agar dihitung dari jangka waktu.")
    open_ended = Tick("Tanpa batas waktu")
    open_ended_reason = Line("Alasan tanpa batas waktu", most=500)
    year = Whole("Tahun", "Untuk arsip yang hanya diketahui tahunnya.", least=1900, most=2200)
    renewal_decision = Choice("Keputusan perpanjangan", codes.RENEWAL_DECISIONS, blank=None, default="undecided")

    value = Money("Nilai", "Dalam rupiah. Contoh: 1.250.000")
    scope = Lines("Ruang lingkup", most=20_000)
    background = Lines("Latar belakang", most=20_000)
    purpose = Lines("Maksud dan tujuan", most=20_000)
    location = Lines("Lokasi", most=5_000)
    benefits = Lines("Manfaat", most=20_000)
    impact = Lines("Analisis dampak sosial dan lingkungan", most=20_000)
    financing = Lines("Pembiayaan", most=20_000)

    offer_number = Line("Nomor surat penawaran", most=NUMBER_LENGTH)
    offer_date = Day("Tanggal surat penawaran")
    offer_received = Day("Penawaran diterima")
    paper_place = Line("Tempat naskah asli", "Contoh: Lemari 2, map 14", most=200)

    # A field of the form -> the column it fills; the others are called alike.
    columns = {"procedure": "procedure_id", "sector": "sector_id"}


SECTIONS = (
    Section("Identitas naskah", ("title", ("instrument", "sector"), ("group", "procedure"), "parent", "origin",
                                 "special_procedure"),
            "Apa naskah ini dan tentang apa."),
    Section("Para pihak", ("partner", "unit", ("our_signatory", "our_signatory_post"), "by_power"),
            "Siapa yang bekerja sama dan siapa pemrakarsanya."),
    Section("Nomor dan masa berlaku",
            ("our_number", ("place_signed", "signed_on"), ("starts_on", "duration"), "ends_on", "open_ended",
             "open_ended_reason", ("year", "renewal_decision")),
            "Dipakai untuk daftar yang segera berakhir."),
    Section("Penawaran", (("offer_number", "offer_date"), "offer_received"), "Surat yang memulai kerja sama ini."),
    Section("Isi", ("value", "scope", "background", "purpose", "location", "benefits", "impact", "financing", "paper_place"),
            "Pokok-pokok naskah dan letak aslinya."),
)  # fmt: skip


def _stage_cell(row: dict[str, Any]) -> Any:
    """6/10 Penyusunan PKS, with the days it has stood there while in process; in red once its limit has passed."""
    stage = row["stage"]
    if not stage:
        return None
    if row["closed_as"] or row["signed"]:
        return codes.OUTCOMES.get(stage, stage)
    days = (clock.today() - row["stage_since"]).days if row["stage_since"] else 0
    return formats.stage_in_list(stage, row["stage_place"], row["stage_count"], days, bool(row["overdue"]))


def _validity_cell(row: dict[str, Any]) -> Markup:
    days = formats.days_left(row["validity"], row["ends_on"], clock.today())
    return formats.badge(row["validity"], row["closed_as"], days, row["renewal_decision"], row["open_ended"])


class AgreementView(AgreementAnswers, AgreementFamily, AgreementOffer, SikerjaView):
    """The register itself."""

    screen = "agreement"
    listing = lists.AGREEMENTS
    title = "Kerja sama"
    noun = "naskah"
    create_label = "Catat kerja sama"
    search_hint = "Cari judul, nomor, mitra, perangkat daerah"
    column_list = ("title", "partner", "unit", "group", "instrument", "stage", "ends_on", "validity")
    needs = (
        "register_no",
        "closed_as",
        "renewal_decision",
        "open_ended",
        "stage_place",
        "stage_count",
        "stage_since",
        "signed",
        "overdue",
    )
    quick_filters = ("group", "sector", "validity", "ends_on")
    export_columns = exports.AGREEMENTS
    export_more = exports.AGREEMENTS_MORE
    form_class = AgreementForm
    form_sections = SECTIONS
    details_page = "sikerja/agreement.html"
    bin_question = "Buang ke keranjang? Naskah dapat dikembalikan dari Keranjang."
    cells = {
        "partner": lambda row: ", ".join(row["partners"]),
        "unit": lambda row: ", ".join(row["unit_shorts"]),
        "group": lambda row: codes.GROUPS[row["group"]],
        "instrument": lambda row: codes.INSTRUMENTS_SHORT[row["instrument"]],
        "stage": _stage_cell,
        "validity": _validity_cell,
    }
    lookups = {
        "partner": Lookup(lists.PARTNERS, Partner.name),
        "unit": Lookup(lists.UNITS, Unit.name),
        "parent": Lookup(lists.AGREEMENTS, Agreement.register_no + " " + Agreement.title),
    }

    def row_key(self, row: dict[str, Any]) -> str:
        return str(row["register_no"])

    row_label = row_key

    def _list_context(self, *asked: Any) -> dict[str, Any]:
        context = super()._list_context(*asked)
        return context | {"offer_url": url_for("agreement.offer_view") if context["create_url"] else None}

    def details_context(self, record: Agreement) -> dict[str, Any]:
        found = agreement_details.context(db.session(), record, current_user)
        found["process"] = agreement_process.context(db.session(), record, found["validity"], current_user)
        found["agreement_id"] = record.id
        found["may_add_stage"] = bool(current_user.may("stage:create")) and not record.is_binned
        folds = self.folds(record, found["validity"], found["files"])
        return found | {"folds": folds, "warnings": limits.warnings(db.session(), record)}

    def term_url(self) -> str:
        return url_for("agreement.term_view")

    @expose("/term/")
    def term_view(self) -> Any:
        """The end that a duration in words gives, for the form to show before anything is saved."""
        values: dict[str, Any] = {"duration": request.args.get("duration", "")[:1000]}
        values |= {name: _day_or_none(request.args.get(name, "")) for name in ("starts_on", "signed_on")}
        found = agreements.computed_end(values)
        return jsonify(text=agreements.computed_end_words(values), ends_on=formats.long_date(found[0]) if found else "")

    # --- form and record -----------------------------------------------------------------------------------------

    def make_form(self, sent: Any, record: Any) -> AgreementForm:
        if record is not None:
            record = agreements.for_editing(db.session(), record.id)
        form = super().make_form(sent, record)
        # Old papers, and rows that came without a partner, may be corrected before the partner is known.
        if form.origin.data != "archive" and (record is None or record.lead_partner_id):
            form.partner.ask("Pilih sedikitnya satu mitra.")
        form.partner.numbers = list(form.partner_number.data or [])
        return form

    def form_values(self, record: Agreement) -> dict[str, Any]:
        values = super().form_values(record)
        ours = next((party for party in record.parties if party.side == "ours"), None)
        partners = [party for party in record.parties if party.side == "partner"]
        values |= {field: getattr(record, column) for field, column in AgreementForm.columns.items()}
        values |= {
            "partner": [party.partner_id for party in partners],
            "partner_number": [party.number for party in partners],
            "unit": [held.unit_id for held in record.units],
            "parent": [link.to_id for link in record.links_out if link.kind != "renews"],
        }
        if ours is not None:
            signature = {"our_signatory": ours.signatory, "our_signatory_post": ours.signatory_post}
            values |= signature | {"our_number": ours.number, "by_power": ours.by_power}
        return values

    def create_model(self, form: AgreementForm) -> Agreement:
        return agreements.record(db.session(), self._draft(form))

    def update_model(self, form: AgreementForm, model: Agreement) -> Agreement:
        model = agreements.for_editing(db.session(), model.id)
        agreements.revise(db.session(), model, self._draft(form))
        return model

    def _draft(self, form: AgreementForm) -> Draft:
        columns = {AgreementForm.columns.get(name, name): field.data for name, field in form._fields.items()}
        values = {name: columns[name] for name in agreements.COLUMNS if name in columns}
        partners = form.partner.data or []
        numbers = [*(form.partner_number.data or []), *[""] * len(partners)]
        return Draft(
            values,
            partners=list(zip(partners, numbers, strict=False)),
            units=form.unit.data or [],
            our_number=form.our_number.data or "",
            our_signatory=form.our_signatory.data or "",
            our_signatory_post=form.our_signatory_post.data or "",
            by_power=bool(form.by_power.data),
            parent_id=next(iter(form.parent.data or ()), None),
        )


def _day_or_none(text: str) -> date | None:
    try:
        return dates.parse_date(text)
    except ValueError:
        return None
