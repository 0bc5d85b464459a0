"""What is decided about an agreement that ends: whether it goes on, and how far that has come."""

from sqlalchemy.orm import Session

from models import Agreement
from rules import codes
from sikerja import lists
from sikerja.refusals import Refusal

# Where a renewal is no question yet, or none any more.
_NOT_ASKED = {
    "process": "Naskah ini belum ditandatangani. Keputusan perpanjangan dicatat setelah naskah berlaku.",
    "closed": "Penawaran ini sudah ditutup, jadi tidak ada yang diperpanjang.",
    "terminated": "Naskah ini sudah diakhiri, jadi tidak ada yang diperpanjang.",
}
_ENDLESS = "Naskah ini tidak punya tanggal berakhir. Isi tanggal berakhirnya dulu pada Ubah data."


def decide(session: Session, agreement: Agreement, decision: str) -> None:
    """Write down what is decided about the renewal. Raises Refusal naming every obstacle, and then nothing is changed."""
    found = obstacles(session, agreement, decision)
    if found:
        raise Refusal(errors=found)
    agreement.renewal_decision = decision
    session.flush()


def obstacles(session: Session, agreement: Agreement, decision: str) -> dict[str, str]:
    """All that stands against this decision: field, or what of the agreement it is, -> sentence."""
    validity = lists.AGREEMENTS.values(session, [agreement.id], ["validity"])[agreement.id]["validity"]
    found = _of_state(agreement, validity)
    if decision not in codes.RENEWAL_DECISIONS:
        found["decision"] = "Pilih keputusan perpanjangan."
    return found


def may_be_decided(agreement: Agreement, validity: str) -> bool:
    """True where an agreement of this validity ends or has ended, so that someone must say whether it goes on."""
    return not _of_state(agreement, validity)


def _of_state(agreement: Agreement, validity: str) -> dict[str, str]:
    found = {}
    if agreement.is_binned:
        found["deleted_at"] = "Naskah ini ada di keranjang. Kembalikan dulu dari halaman ini."
    if validity in _NOT_ASKED:
        found["validity"] = _NOT_ASKED[validity]
    elif agreement.ends_on is None:
        found["ends_on"] = _ENDLESS
    return found
