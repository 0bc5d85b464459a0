"""What is decided about an agreement that ends: whether it goes on, how far that has come, and what renews it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models import Agreement
from rules import codes
from sikerja import formats, successors
from sikerja.refusals import Refusal

RENEWED, NOT_RENEWED = "renewed", "not_renewed"
# Where a renewal is no question yet, or none any more.
_NOT_ASKED = {
    "process": "Naskah ini belum ditandatangani. Keputusan perpanjangan dicatat setelah naskah berlaku.",
    "closed": "Penawaran ini sudah ditutup, jadi tidak ada yang diperpanjang.",
    "terminated": "Naskah ini sudah diakhiri, jadi tidak ada yang diperpanjang.",
}
_ENDLESS = "Naskah ini tidak punya tanggal berakhir. Isi tanggal berakhirnya dulu pada Ubah data."
_ADDENDUM = "Adendum tidak diperpanjang. Perpanjang naskah yang diubahnya."


@dataclass(frozen=True)
class Renewal:
    """A decision about a renewal, why, and where it is made at once: its title and its first day (empty: what follows)."""

    decision: str
    reason: str = ""
    title: str = ""
    starts_on: date | None = None
    makes: bool = False  # whoever decides may also make the new agreement


def renew(session: Session, agreement: Agreement, renewal: Renewal) -> Agreement | None:
    """Write the decision down and, for "renewed" of who may, make what renews the agreement: that is returned.

    Raises Refusal naming every obstacle, and then nothing is changed.
    """
    found = obstacles(session, agreement, renewal)
    if found:
        raise Refusal(errors=found)
    agreement.renewal_decision = renewal.decision
    agreement.renewal_reason = renewal.reason
    session.flush()
    if not _makes(renewal):
        return None
    return successors.renew(session, agreement, successors.Making(renewal.title), renewal.starts_on)


def obstacles(session: Session, agreement: Agreement, renewal: Renewal) -> dict[str, str]:
    """All that stands against this decision: field, or what of the agreement it is, -> sentence."""
    found = _of_state(agreement, successors.validity_of(session, agreement))
    if renewal.decision not in codes.RENEWAL_DECISIONS:
        found["decision"] = "Pilih keputusan perpanjangan."
    if renewal.decision == NOT_RENEWED and not renewal.reason:
        found["reason"] = "Isi alasan tidak diperpanjang."
    if said := renewed_words(session, agreement):
        if _makes(renewal) or renewal.decision != RENEWED:
            found["renewed"] = said
    elif _makes(renewal):
        found |= _of_start(agreement, renewal)
    return found


def renewed_words(session: Session, agreement: Agreement) -> str:
    """That something renews this agreement already, and what; "" where nothing does."""
    there = successors.renewal_of(session, agreement)
    if there is None:
        return ""
    said = f"Naskah ini sudah diperpanjang dengan {there.register_no} “{there.title}”"
    return f"{said}, yang ada di keranjang. Kembalikan naskah itu dulu." if there.is_binned else f"{said}."


def may_be_decided(agreement: Agreement, validity: str) -> bool:
    """True where an agreement of this validity ends or has ended, so that someone must say whether it goes on."""
    return not _of_state(agreement, validity)


def _makes(renewal: Renewal) -> bool:
    return renewal.makes and renewal.decision == RENEWED


def _of_state(agreement: Agreement, validity: str) -> dict[str, str]:
    found = {}
    if agreement.is_binned:
        found["deleted_at"] = successors.BINNED
    if agreement.instrument == "addendum":
        found["instrument"] = _ADDENDUM
    if validity in _NOT_ASKED:
        found["validity"] = _NOT_ASKED[validity]
    elif agreement.ends_on is None:
        found["ends_on"] = _ENDLESS
    return found


def _of_start(agreement: Agreement, renewal: Renewal) -> dict[str, str]:
    first = agreement.starts_on or agreement.signed_on
    if renewal.starts_on is None or first is None or renewal.starts_on > first:
        return {}
    return {
        "on": f"Perpanjangan mulai sesudah naskah ini mulai, {formats.long_date(first)}. Isi tanggal sesudah itu, "
        "atau kosongkan: hari sesudah naskah ini berakhir."
    }
