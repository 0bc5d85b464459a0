"""An offer comes in: who offers, about what, of which kind, with which letter; all of it is written down at once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Attachment, Partner, Procedure
from rules import codes, paperkinds
from rules.text import fold
from sikerja import agreements, attachments, clock, formats
from sikerja.attachments import Kept
from sikerja.process import case as cases
from sikerja.process import verbs
from sikerja.refusals import Refusal

LETTER = "surat_penawaran"


@dataclass(frozen=True)
class Offer:
    """What the clerk reads off the letter.

    The partner by its id, or by its name: one that is known under exactly that name, else a new one of `partner_kind`.
    `instrument` is the paper that comes first; "" leaves it to the kind of cooperation.
    """

    title: str
    partner_id: int | None = None
    partner_name: str = ""
    partner_kind: str = ""
    group: str = ""
    procedure_id: int | None = None
    instrument: str = ""
    special_procedure: bool = False
    number: str = ""
    written: date | None = None
    received: date | None = None
    unit_id: int | None = None


def receive(session: Session, offer: Offer, letter: Kept | None, viewer: Any) -> Agreement:
    """Write down the offer with its partner and its letter. Raises Refusal, and then nothing is to be kept."""
    found = obstacles(session, offer)
    if found:
        raise Refusal(errors=found)
    procedure, group = _kind(session, offer)
    known = _known_as(session, offer)
    partner_id = offer.partner_id or (known[0] if known else _new_partner(session, offer))
    values = {
        "origin": "process", "group": group, "procedure_id": offer.procedure_id, "title": offer.title,
        "instrument": offer.instrument or first_instrument(group, procedure.code if procedure is not None else ""),
        "special_procedure": offer.special_procedure, "offer_number": offer.number, "offer_date": offer.written,
        "offer_received": offer.received,
    }  # fmt: skip
    units = [offer.unit_id] if offer.unit_id is not None else []
    agreement = agreements.record(session, agreements.Draft(values, partners=[(partner_id, "")], units=units))
    if letter is not None:
        title = f"{codes.ATTACHMENT_KINDS[LETTER]} {offer.number}".strip()
        draft = attachments.Draft(agreement.id, LETTER, title=title, document_date=offer.written)
        file, *_ = attachments.upload(session, draft, [letter], viewer)
        _serve(session, agreement, file, viewer)
    return agreement


def _serve(session: Session, agreement: Agreement, letter: Attachment, viewer: Any) -> None:
    """The letter is the document that the law asks for, in the stage that wants the offer of the other side."""
    case = cases.load(session, agreement)
    for stage in case.stages:
        rule = case.rule(stage)
        for document in rule.documents if rule is not None else ():
            if document.direction != "keluar" and paperkinds.guess(document.name) == LETTER:
                verbs.hand_in(session, case, stage, document.name, letter.id, "", viewer)


def obstacles(session: Session, offer: Offer) -> dict[str, str]:
    """What stands against writing it down, beside what stands against any agreement: field -> sentence."""
    procedure, group = _kind(session, offer)
    return _of_partner(offer, _known_as(session, offer)) | _of_kind(offer, procedure, group) | _of_days(offer)


def _kind(session: Session, offer: Offer) -> tuple[Procedure | None, str]:
    procedure = session.get(Procedure, offer.procedure_id) if offer.procedure_id is not None else None
    return procedure, offer.group or (procedure.group if procedure is not None else "")


def first_instrument(group: str, procedure: str) -> str:
    """The paper that a cooperation of this kind begins with, as the form suggests it."""
    return codes.FIRST_INSTRUMENTS.get(procedure) or codes.FIRST_INSTRUMENTS[group]


def _known_as(session: Session, offer: Offer) -> list[int]:
    """The partners of exactly that name, where no partner was chosen."""
    if offer.partner_id is not None or not offer.partner_name:
        return []
    living = select(Partner.id).where(Partner.name_key == fold(offer.partner_name), Partner.deleted_at.is_(None))
    return list(session.scalars(living.order_by(Partner.id)))


def _new_partner(session: Session, offer: Offer) -> int:
    partner = Partner(name=offer.partner_name, kind=offer.partner_kind)
    session.add(partner)
    session.flush()
    return partner.id


def _of_partner(offer: Offer, known: list[int]) -> dict[str, str]:
    if offer.partner_id is not None:
        return {}
    if not offer.partner_name:
        return {"partner": "Pilih mitra yang menawarkan, atau tulis namanya bila belum ada pada daftar."}
    if len(known) > 1:
        return {"partner": f"Ada {len(known)} mitra bernama “{offer.partner_name}”. Pilih salah satunya dari daftar."}
    if not known and offer.partner_kind not in codes.PARTNER_KINDS:
        unknown = f"Mitra “{offer.partner_name}” belum ada pada daftar."
        return {"partner_kind": f"{unknown} Pilih jenisnya agar dicatat sebagai mitra baru, atau pilih mitra lain dari daftar."}
    return {}


def _of_kind(offer: Offer, procedure: Procedure | None, group: str) -> dict[str, str]:
    if group not in codes.GROUPS or (offer.procedure_id is not None and procedure is None):
        return {"procedure": "Pilih jenis kerja sama."}
    if offer.special_procedure and group != "ksdpk":
        return {
            "special_procedure": "Prosedur khusus hanya ada pada KSDPK. Hapus centang ini, atau pilih KSDPK sebagai jenisnya."
        }
    return {}


def _of_days(offer: Offer) -> dict[str, str]:
    found = {}
    if offer.written is not None and offer.written > clock.today():
        found["offer_date"] = "Tanggal surat tidak boleh di masa depan. Isi tanggal yang tertulis pada surat."
    if offer.received is not None and offer.received > clock.today():
        found["offer_received"] = "Tanggal diterima tidak boleh di masa depan. Isi tanggal hari ini atau sebelumnya."
    elif offer.received is not None and offer.written is not None and offer.received < offer.written:
        written = formats.long_date(offer.written)
        found["offer_received"] = (
            f"Surat tertanggal {written}, jadi tidak dapat diterima sebelum itu. Periksa kedua tanggalnya."
        )
    return found
