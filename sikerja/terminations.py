"""An agreement ends before its term has run: on a day, on a ground that the law knows, for a reason; and that is taken back."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models import Agreement
from rules import grounds
from sikerja import attachments, audit, clock, formats
from sikerja.refusals import CHOICE_GONE, Refusal

_BINNED = "Naskah ini ada di keranjang. Kembalikan dulu dari halaman ini."
_UNSIGNED = "Naskah ini belum ditandatangani. Penawaran yang tidak jadi ditutup dengan Tutup penawaran."
_CLOSED = "Penawaran ini sudah ditutup, jadi tidak ada yang diakhiri."


@dataclass(frozen=True)
class Termination:
    """The ground's code, the day from which it ends (None is today), why, and the file that says so."""

    ground: str
    on: date | None = None
    reason: str = ""
    document_id: int | None = None


def terminate(session: Session, agreement: Agreement, termination: Termination) -> None:
    """End an agreement early. Raises Refusal naming every obstacle, and then nothing is changed."""
    found = obstacles(session, agreement, termination)
    if found:
        raise Refusal(errors=found)
    agreement.terminated_as = termination.ground
    agreement.terminated_on = termination.on or clock.today()
    agreement.terminated_reason = termination.reason
    agreement.terminated_document_id = termination.document_id
    session.flush()


def obstacles(session: Session, agreement: Agreement, termination: Termination) -> dict[str, str]:
    """All that stands against ending the agreement so: field, or what of the agreement it is, -> sentence."""
    return _of_state(agreement) | _of_termination(session, agreement, termination)


def may_be_terminated(agreement: Agreement) -> bool:
    """True where the agreement was signed and has been neither closed nor ended early, and its term hasn't run out."""
    ended = agreement.ends_on is not None and agreement.ends_on < clock.today()
    return not _of_state(agreement) and not ended


def terminated_words(agreement: Agreement) -> str:
    """Naskah ini sudah diakhiri: Tujuan kerja sama tercapai (PP 28/2018 Pasal 9), 16 Maret 2026."""
    how = grounds.words(agreement.group, agreement.terminated_as)
    said = ", ".join(part for part in (how, formats.long_date(agreement.terminated_on)) if part)
    verb = "akan diakhiri" if agreement.terminated_on and agreement.terminated_on > clock.today() else "sudah diakhiri"
    return f"Naskah ini {verb}: {said}."


def _of_state(agreement: Agreement) -> dict[str, str]:
    found = {}
    if agreement.is_binned:
        found["deleted_at"] = _BINNED
    if agreement.closed_on is not None:
        found["closed_on"] = _CLOSED
    elif agreement.origin == "process" and (agreement.signed_on is None or agreement.signed_on > clock.today()):
        found["signed_on"] = _UNSIGNED
    if agreement.terminated_on is not None:
        found["terminated_on"] = terminated_words(agreement) + " Buka kembali dulu untuk mengakhirinya dengan cara lain."
    return found


def _of_termination(session: Session, agreement: Agreement, termination: Termination) -> dict[str, str]:
    found = {}
    if termination.ground not in grounds.of_group(agreement.group):
        found["ground"] = "Pilih dasar pengakhiran." if not termination.ground else CHOICE_GONE
    if not termination.reason:
        found["reason"] = "Isi alasan."
    day, first = termination.on or clock.today(), agreement.starts_on or agreement.signed_on
    if first is not None and day < first:
        found["on"] = (
            f"Tanggal pengakhiran lebih awal daripada mulainya naskah. Mulai {formats.long_date(first)}; "
            "isi tanggal itu atau sesudahnya."
        )
    elif agreement.ends_on is not None and day > agreement.ends_on:
        found["on"] = (
            f"Naskah ini berakhir menurut jangka waktunya pada {formats.long_date(agreement.ends_on)}. "
            "Isi tanggal itu atau sebelumnya."
        )
    if termination.document_id is not None and not attachments.is_of(session, agreement, termination.document_id):
        found["attachment"] = CHOICE_GONE
    return found


def take_back(session: Session, agreement: Agreement, reason: str) -> None:
    """The agreement goes on: what ended it is kept by the trail, and why it was taken back. The caller has looked first."""
    audit.explain(session, agreement, reason)
    agreement.terminated_on = agreement.terminated_document_id = None
    agreement.terminated_as = agreement.terminated_reason = ""
    session.flush()
