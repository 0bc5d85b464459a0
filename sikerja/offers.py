"""Verbs on offers: an offer that comes to nothing is closed with its outcome, and opened again where it lives on.

An agreement that was ended early is opened again the same way.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models import Agreement
from rules import codes
from sikerja import attachments, audit, clock, formats, terminations
from sikerja.refusals import CHOICE_GONE, Refusal


@dataclass(frozen=True)
class Closing:
    """How an offer ends: the outcome's code, the day (None is today), why, and the file that says so."""

    outcome: str
    on: date | None = None
    reason: str = ""
    document_id: int | None = None


def close(session: Session, agreement: Agreement, closing: Closing) -> None:
    """Close an offer. Raises Refusal naming every obstacle, and then nothing is changed."""
    found = obstacles(session, agreement, closing)
    if found:
        raise Refusal(errors=found)
    agreement.closed_as = closing.outcome
    agreement.closed_on = closing.on or clock.today()
    agreement.closed_reason = closing.reason
    agreement.closed_document_id = closing.document_id
    session.flush()


def obstacles(session: Session, agreement: Agreement, closing: Closing) -> dict[str, str]:
    """All that stands against closing the offer so: field, or what of the agreement it is, -> sentence."""
    return _of_state(agreement) | _of_closing(session, agreement, closing)


def may_be_closed(agreement: Agreement) -> bool:
    """True where the agreement is an offer that still waits for an answer."""
    return not _of_state(agreement)


def _of_state(agreement: Agreement) -> dict[str, str]:
    found = {}
    if agreement.is_binned:
        found["deleted_at"] = "Naskah ini ada di keranjang. Kembalikan dulu dari halaman ini."
    if agreement.origin != "process":
        found["origin"] = "Naskah ini arsip lama, bukan penawaran. Hanya penawaran yang sedang diproses yang dapat ditutup."
    elif agreement.signed_on is not None and agreement.signed_on <= clock.today():
        day = formats.long_date(agreement.signed_on)
        found["signed_on"] = f"Naskah ini sudah ditandatangani pada {day}, jadi bukan penawaran lagi."
    if agreement.closed_on is not None:
        found["closed_on"] = closed_words(agreement) + " Buka kembali dulu untuk menutupnya dengan cara lain."
    return found


def closed_words(agreement: Agreement) -> str:
    """Penawaran ini sudah ditutup: Ditolak, 16 Maret 2026."""
    return (
        f"Penawaran ini sudah ditutup: {codes.OUTCOMES[agreement.closed_as or '']}, {formats.long_date(agreement.closed_on)}."
    )


def _of_closing(session: Session, agreement: Agreement, closing: Closing) -> dict[str, str]:
    found = {}
    if closing.outcome not in codes.OUTCOMES:
        found["outcome"] = "Pilih hasil."
    if not closing.reason:
        found["reason"] = "Isi alasan."
    day, arrived = closing.on or clock.today(), agreement.offer_received or agreement.offer_date
    if day > clock.today():
        found["on"] = "Tanggal penutupan tidak boleh di masa depan. Isi tanggal hari ini atau sebelumnya."
    elif arrived is not None and day < arrived:
        found["on"] = (
            "Tanggal penutupan lebih awal daripada masuknya penawaran. "
            f"Penawaran masuk {formats.long_date(arrived)}; isi tanggal itu atau sesudahnya."
        )
    if closing.document_id is not None and not attachments.is_of(session, agreement, closing.document_id):
        found["attachment"] = CHOICE_GONE
    return found


def reopen(session: Session, agreement: Agreement, reason: str) -> None:
    """Take the outcome of an offer back, or an early end; the trail keeps it, and why. Raises Refusal naming every obstacle."""
    found = obstacles_to_reopening(agreement, reason)
    if found:
        raise Refusal(errors=found)
    if agreement.closed_on is None:
        terminations.take_back(session, agreement, reason)
        return
    audit.explain(session, agreement, reason)
    agreement.closed_as = agreement.closed_on = agreement.closed_document_id = None
    agreement.closed_reason = ""
    session.flush()


def obstacles_to_reopening(agreement: Agreement, reason: str) -> dict[str, str]:
    """All that stands against opening the offer or agreement again: field, or what of the agreement it is, -> sentence."""
    found = {}
    if agreement.is_binned:
        found["deleted_at"] = "Naskah ini ada di keranjang. Kembalikan dulu dari halaman ini."
    if agreement.closed_on is None and agreement.terminated_on is None:
        signed = agreement.signed_on is not None and agreement.signed_on <= clock.today()
        state = "Naskah ini tidak sedang diakhiri" if signed else "Penawaran ini tidak sedang ditutup"
        found["closed_on"] = f"{state}, jadi tidak perlu dibuka kembali."
    if not reason:
        found["reason"] = "Isi alasan membuka kembali."
    return found
