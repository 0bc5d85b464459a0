"""New agreements that come from one that is there: a PKS under a KB, a Naskah after an LoI, an addendum, a renewal.

Each takes over kind, parties and units, and starts on its own way through the process. Verbs refuse with every obstacle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Attachment, Link
from rules import codes
from sikerja import agreements, attachments, clock, families, formats, lists
from sikerja.agreements import Draft
from sikerja.refusals import CHOICE_GONE, Refusal

BINNED = "Naskah ini ada di keranjang. Kembalikan dulu dari halaman ini."
_CLOSED = "Penawaran ini sudah ditutup. Buka kembali dulu."
_TERMINATED = "Naskah ini sudah diakhiri, jadi tidak ada yang dibuat di bawahnya."
_ENDED = "Naskah ini sudah berakhir. Perpanjang dulu, lalu buat Perjanjian Kerja Sama di bawah perpanjangannya."
# Validity -> why nothing can be made from it.
_UNFIT_TO_IMPLEMENT = {
    "process": "Kesepakatan Bersama ini belum ditandatangani. Selesaikan penandatanganannya dulu.",
    "closed": _CLOSED, "terminated": _TERMINATED, "ended": _ENDED, "renewed": _ENDED,
}  # fmt: skip
_UNFIT_TO_FOLLOW = {
    "process": "Pernyataan Kehendak ini belum ditandatangani. Selesaikan penandatanganannya dulu.",
    "closed": _CLOSED, "terminated": _TERMINATED,
}  # fmt: skip
_UNFIT_TO_AMEND = {
    "process": "Naskah ini belum ditandatangani. Ubah rancangannya pada Ubah data; adendum hanya untuk naskah yang berlaku.",
    "closed": _CLOSED, "terminated": "Naskah ini sudah diakhiri, jadi tidak ada yang diubah.",
}  # fmt: skip


@dataclass(frozen=True)
class Making:
    """What a new agreement is to be called, and who is concerned: what is empty is taken over."""

    title: str = ""
    units: Sequence[int] = ()


@dataclass(frozen=True)
class Amendment:
    """What an addendum changes, the new end (None where the end stays), and the file that is the signed addendum."""

    what: str
    ends_on: date | None = None
    document_id: int | None = None


def validity_of(session: Session, agreement: Agreement) -> str:
    """The validity of an agreement today."""
    return str(lists.AGREEMENTS.values(session, [agreement.id], ["validity"])[agreement.id]["validity"])


# --- a PKS under a KB, a Naskah after an LoI ---------------------------------------------------------------------


def implement(session: Session, agreement: Agreement, making: Making) -> Agreement:
    """Make a PKS under a KB. Raises Refusal naming every obstacle, and then nothing is changed."""
    _refuse_for(implementing(agreement, validity_of(session, agreement)))
    return _made(session, agreement, "pks", making, parent_id=agreement.id)


def follow(session: Session, agreement: Agreement, making: Making) -> Agreement:
    """Make the Naskah that a Pernyataan Kehendak leads to, also one that has run out. Raises Refusal naming each obstacle."""
    _refuse_for(following(agreement, validity_of(session, agreement)))
    return _made(session, agreement, "naskah", making, parent_id=agreement.id)


def implementing(agreement: Agreement, validity: str) -> dict[str, str]:
    """All that stands against a PKS under this: what of the agreement it is -> sentence."""
    return _of_state(agreement, validity, "kb", _UNFIT_TO_IMPLEMENT)


def following(agreement: Agreement, validity: str) -> dict[str, str]:
    """All that stands against a Naskah after this: what of the agreement it is -> sentence."""
    return _of_state(agreement, validity, "pernyataan_kehendak", _UNFIT_TO_FOLLOW)


def _of_state(agreement: Agreement, validity: str, instrument: str, unfit: dict[str, str]) -> dict[str, str]:
    found = {}
    if agreement.is_binned:
        found["deleted_at"] = BINNED
    if agreement.instrument != instrument:
        found["instrument"] = f"Naskah ini {codes.INSTRUMENTS[agreement.instrument]}, bukan {codes.INSTRUMENTS[instrument]}."
    if validity in unfit:
        found["validity"] = unfit[validity]
    return found


# --- an addendum -------------------------------------------------------------------------------------------------


def amend(session: Session, agreement: Agreement, amendment: Amendment) -> Agreement:
    """Make an addendum; with the signed file it counts at once. Raises Refusal naming every obstacle."""
    _refuse_for(amending(session, agreement, amendment, validity_of(session, agreement)))
    file = session.get(Attachment, amendment.document_id) if amendment.document_id else None
    values = {"scope": amendment.what, "ends_on": amendment.ends_on, "signed_on": _signing_day(file)}
    making = Making(f"Adendum {agreement.title}"[: Agreement.title.type.length])
    made = _made(session, agreement, "addendum", making, parent_id=agreement.id, **values)
    if file is not None:
        made.source = f"Berkas “{file.title}”, lampiran pada keluarga naskah {agreement.register_no}"
        session.flush()
    return made


def amending(session: Session, agreement: Agreement, amendment: Amendment, validity: str) -> dict[str, str]:
    """All that stands against this addendum: field, or what of the agreement it is, -> sentence."""
    found = _amendable(agreement, validity)
    first = agreement.starts_on or agreement.signed_on
    if not amendment.what:
        found["reason"] = "Isi apa yang diubah."
    if amendment.ends_on and first and amendment.ends_on < first:
        found["on"] = (
            f"Tanggal berakhir yang baru lebih awal daripada tanggal mulai. Mulai {formats.long_date(first)}; "
            "isi tanggal sesudah itu."
        )
    if amendment.document_id is not None:
        found |= _of_file(session, agreement, amendment)
    return found


def may_be_amended(agreement: Agreement, validity: str) -> bool:
    """True where the agreement was signed and still stands."""
    return not _amendable(agreement, validity)


def _amendable(agreement: Agreement, validity: str) -> dict[str, str]:
    return _of_state(agreement, validity, agreement.instrument, _UNFIT_TO_AMEND)


def _of_file(session: Session, agreement: Agreement, amendment: Amendment) -> dict[str, str]:
    file = attachments.of_family(session, agreement, amendment.document_id or 0)
    if file is None:
        return {"attachment": CHOICE_GONE}
    day = _signing_day(file)
    if day > clock.today():
        return {"attachment": f"Tanggal dokumen ini, {formats.long_date(day)}, di masa depan. Perbaiki dulu pada berkasnya."}
    if agreement.signed_on and day < agreement.signed_on:
        return {
            "attachment": f"Tanggal dokumen ini, {formats.long_date(day)}, lebih awal daripada penandatanganan naskah, "
            f"{formats.long_date(agreement.signed_on)}. Perbaiki dulu pada berkasnya."
        }
    if amendment.ends_on and amendment.ends_on < day:
        return {"on": f"Tanggal berakhir yang baru lebih awal daripada penandatanganan adendum, {formats.long_date(day)}."}
    return {}


def _signing_day(file: Attachment | None) -> Any:
    return (file.document_date or clock.today()) if file else None


# --- a renewal ---------------------------------------------------------------------------------------------------


def renew(session: Session, agreement: Agreement, making: Making, starts_on: date | None) -> Agreement:
    """Make what renews an agreement: the same instrument under the same parent. Whether it may be is for `renewals` to say."""
    parent = session.scalar(select(Link.to_id).where(Link.from_id == agreement.id, Link.kind == "implements"))
    made = _made(
        session, agreement, agreement.instrument, making,
        parent_id=parent, starts_on=starts_on or _day_after(agreement.ends_on),
    )  # fmt: skip
    families.connect(session, made, agreement.id, "renews")
    return made


def renewal_of(session: Session, agreement: Agreement) -> Agreement | None:
    """What renews this agreement, also where it lies in the bin: there is one at the most."""
    chosen = select(Agreement).join(Link, Link.from_id == Agreement.id)
    return session.scalars(chosen.where(Link.to_id == agreement.id, Link.kind == "renews")).first()


def _day_after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None


# --- taking over -------------------------------------------------------------------------------------------------


def _refuse_for(obstacles: dict[str, str]) -> None:
    if obstacles:
        raise Refusal(errors=obstacles)


def _made(
    session: Session, agreement: Agreement, instrument: str, making: Making, *, parent_id: int | None, **values: Any
) -> Agreement:
    """A new agreement of the process with the kind, parties and units of this one. Raises Refusal at "title" or "unit"."""
    whole = agreements.for_editing(session, agreement.id)
    partners = [(party.partner_id, "") for party in whole.parties if party.partner_id is not None]
    taken_over = {name: getattr(whole, name) for name in ("group", "procedure_id", "special_procedure", "sector_id")}
    draft = Draft(
        {"origin": "process", "instrument": instrument, "title": making.title or whole.title, **taken_over, **values},
        partners=partners,
        units=list(making.units) or [held.unit_id for held in whole.units],
        unit_roles={} if making.units else {held.unit_id: held.role for held in whole.units},
        parent_id=parent_id,
        partner_unknown=not partners,
    )
    return agreements.record(session, draft)
