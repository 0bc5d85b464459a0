"""Partners: the clerk looks one up, corrects its address, sees how many agreements it has."""

from typing import Any

from flask import url_for
from flask_login import current_user
from sqlalchemy import select

from extensions import db
from models import Contact, Partner
from rules import codes
from sikerja import exports, formats, lists
from views.base import Section, SikerjaView
from views.fields import Choice, Email, Form, Line, Lines


class PartnerForm(Form):
    """Who the other side is and how its office is reached."""

    name = Line(
        "Nama",
        "Tulis nama resmi lembaganya, misalnya “Kabupaten Kutai Kartanegara”.",
        most=200,
        required="Isi nama mitra.",
    )
    kind = Choice("Jenis mitra", codes.PARTNER_KINDS, required="Pilih jenis mitra.")
    region = Line("Provinsi atau daerah", most=200)
    country = Line("Negara", "Untuk mitra di luar negeri.", most=200)
    address = Lines("Alamat kantor", most=2000)
    email = Email("Surel kantor", most=254)
    phone = Line("Telepon kantor", most=50)


class PartnerView(SikerjaView):
    """Partners of the city: regions, ministries, firms, campuses, associations, people."""

    screen = "partner"
    listing = lists.PARTNERS
    title = "Mitra"
    noun = "mitra"
    create_label = "Tambah mitra"
    search_hint = "Cari nama, provinsi, negara"
    column_list = ("name", "kind", "region", "country", "agreement_count")
    quick_filters = ("kind",)
    export_columns = exports.PARTNERS
    form_class = PartnerForm
    form_sections = (
        Section("Mitra", ("name", "kind", ("region", "country"))),
        Section("Kantor", ("address", ("email", "phone")), "Surel dan telepon lembaga, bukan milik orang."),
    )
    cells = {"kind": lambda row: codes.PARTNER_KINDS[row["kind"]]}
    details = (
        ("Jenis mitra", lambda partner: codes.PARTNER_KINDS[partner.kind]),
        ("Provinsi atau daerah", lambda partner: partner.region),
        ("Negara", lambda partner: partner.country),
        ("Alamat kantor", lambda partner: formats.lines(partner.address)),
        ("Surel kantor", lambda partner: partner.email),
        ("Telepon kantor", lambda partner: partner.phone),
    )

    def details_context(self, record: Partner) -> dict[str, Any]:
        context = super().details_context(record)
        agreements = formats.link(url_for("agreement.index_view", flt0_partner_equals=record.id), "Lihat naskah mitra ini")
        context["main"][0]["items"].append(("Naskah", agreements))
        if self.may_see_contacts:
            context["main"].append(_contacts(record))
        return context

    @property
    def may_see_contacts(self) -> bool:
        return bool(current_user.may("contact:read"))


def _contacts(partner: Partner) -> dict[str, Any]:
    living = select(Contact).where(Contact.partner_id == partner.id, Contact.deleted_at.is_(None))
    rows = [
        [
            formats.link(url_for("contact.details_view", id=contact.id), contact.name),
            contact.post,
            contact.email,
            contact.phone,
        ]
        for contact in db.session.scalars(living.order_by(Contact.name_key))
    ]
    headings = ["Nama", "Jabatan", "Surel", "Telepon"]
    return {
        "title": "Narahubung",
        "kind": "table",
        "headings": headings,
        "rows": rows,
        "empty": "Belum ada narahubung.",
    }
