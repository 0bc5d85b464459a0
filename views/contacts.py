"""Contacts: the clerk looks up whom to call at a partner."""

from typing import Any

from models import Contact, Partner
from sikerja import exports, lists, records
from views.base import Lookup, Section, SikerjaView
from views.fields import Combobox, Email, Form, Line


class ContactForm(Form):
    """A person at a partner, as far as the work needs it."""

    partner = Combobox("Mitra", "Ketik untuk mencari.", names=lambda ids: records.names(Partner, ids), required="Pilih mitra.")
    name = Line("Nama", most=200, required="Isi nama narahubung.")
    post = Line("Jabatan", most=200)
    email = Email("Surel", most=254)
    phone = Line("Telepon", most=50)


class ContactView(SikerjaView):
    """People at partners whom the bureau writes to or calls."""

    screen = "contact"
    listing = lists.CONTACTS
    title = "Narahubung"
    noun = "narahubung"
    create_label = "Tambah narahubung"
    search_hint = "Cari nama, jabatan, mitra"
    column_list = ("name", "partner", "post", "email", "phone")
    export_columns = exports.CONTACTS
    form_class = ContactForm
    form_sections = (Section("Narahubung", ("partner", "name", "post", ("email", "phone"))),)
    lookups = {"partner": Lookup(lists.PARTNERS, Partner.name)}
    details = (
        ("Mitra", lambda contact: records.names(Partner, [contact.partner_id])[contact.partner_id]),
        ("Jabatan", lambda contact: contact.post),
        ("Surel", lambda contact: contact.email),
        ("Telepon", lambda contact: contact.phone),
    )

    def form_values(self, record: Contact) -> dict[str, Any]:
        names = ("name", "post", "email", "phone")
        return {name: getattr(record, name) for name in names} | {"partner": [record.partner_id]}

    def fill(self, record: Contact, form: ContactForm) -> None:
        records.must_be_there(Partner, form.partner.data[0], "partner", kept=record.partner_id)
        record.partner_id = form.partner.data[0]
        for name in ("name", "post", "email", "phone"):
            setattr(record, name, form[name].data)
