"""The official text of a regulation: one PDF in the store, which a later one takes the place of."""

from sqlalchemy.orm import Session

from models import Regulation
from sikerja.attachments import Kept
from sikerja.refusals import Refusal


def put(session: Session, regulation: Regulation, kept: Kept) -> None:
    """Let the regulation name a PDF that lies in the store. One that was there before stays as long as anything names it.

    Raises Refusal.
    """
    if regulation.is_binned:
        raise Refusal("Peraturan ini ada di keranjang. Kembalikan dulu, lalu unggah naskahnya.")
    regulation.original_name, regulation.pages = kept.name, kept.accepted.pages
    regulation.digest, regulation.size = kept.stored.digest, kept.stored.size
    session.flush()
