"""The lists of partners and of the people at them."""

from sqlalchemy import ColumnElement, exists, func, select

from models import Agreement, AgreementUnit, Contact, Partner, Party
from rules import codes
from sikerja.filters import Code, Condition, Relation, Text
from sikerja.listing import Column, Listing, Viewer
from sikerja.lists.agreements import AGREEMENTS
from sikerja.lists.parts import by_words, nothing, of, same


def _own_partners(viewer: Viewer) -> Condition:
    mine = select(AgreementUnit.agreement_id).where(AgreementUnit.unit_id == viewer.unit_id)
    living = select(Agreement.id).where(Agreement.id.in_(mine), Agreement.deleted_at.is_(None))
    return Partner.id.in_(select(Party.partner_id).where(Party.agreement_id.in_(living)))


def _agreements_of_partner(viewer: Viewer) -> ColumnElement[int]:
    """How many agreements a partner has among those that the viewer may see."""
    counted = select(func.count(Party.id)).join(Party.agreement).where(Party.partner_id == Partner.id)
    seen = [Agreement.deleted_at.is_(None), *AGREEMENTS.visible(viewer)]
    return counted.where(*seen).correlate(Partner).scalar_subquery()


PARTNERS = Listing(
    Partner,
    (
        Column("name", "Nama", Partner.name, Partner.name_key, "c-title"),
        Column("kind", "Jenis mitra", Partner.kind),
        Column("region", "Provinsi atau daerah", Partner.region),
        Column("country", "Negara", Partner.country),
        Column("agreement_count", "Naskah", for_viewer=_agreements_of_partner, css="c-num"),
        Column("address", "Alamat", Partner.address),
        Column("email", "Surel", Partner.email),
        Column("phone", "Telepon", Partner.phone),
    ),
    (
        Code("kind", "Jenis mitra", column=Partner.kind, codes=codes.PARTNER_KINDS),
        Text("name", "Nama", column=Partner.name_key),
        Text("region", "Provinsi atau daerah", column=func.lower(Partner.region)),
        Text("country", "Negara", column=func.lower(Partner.country)),
    ),
    by_words(Partner.name_key, func.lower(Partner.region), func.lower(Partner.country)),
    _own_partners,
    order=((Partner.name_key, False),),
)

CONTACTS = Listing(
    Contact,
    (
        Column("name", "Nama", Contact.name, Contact.name_key, "c-title"),
        Column("partner", "Mitra", of(Partner.name, Partner, Contact.partner_id), css="c-partner"),
        Column("post", "Jabatan", Contact.post),
        Column("email", "Surel", Contact.email),
        Column("phone", "Telepon", Contact.phone),
    ),
    (
        Relation("partner", "Mitra", id_column=Contact.partner_id, exists=same, name_key=Partner.name_key,
                 named=lambda condition: exists().where(Partner.id == Contact.partner_id, condition),
                 source="partner", many=True),
        Text("name", "Nama", column=Contact.name_key),
    ),
    by_words(Contact.name_key, func.lower(Contact.post), func.lower(Contact.email),
              of(Partner.name_key, Partner, Contact.partner_id)),
    nothing,
    order=((Contact.name_key, False),),
    always=(Contact.partner_id.in_(select(Partner.id).where(Partner.deleted_at.is_(None))),),
)  # fmt: skip
