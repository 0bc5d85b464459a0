"""Attachments as rows: editions follow one another, all of one agreement, and name a file as files are named."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain, groupby, pairwise
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models import Agreement, Attachment
from sikerja.files.store import DIGEST
from sikerja.verification.faults import Fault, portions


def attachments(session: Session, checked: Counter[str]) -> Iterator[Fault]:
    """Editions count from one without a gap, each replaces the one before, the first gives the series its number."""
    place = (Attachment.series_id, Attachment.edition, Attachment.replaces_id)
    query = select(Attachment.id, Attachment.agreement_id, Attachment.kind, Attachment.digest, *place).order_by(*place[:2])
    for series_id, editions in groupby(chain.from_iterable(portions(session, query)), key=lambda row: row.series_id):
        rows = list(editions)
        checked["attachments"] += len(rows)
        for row in rows:
            if not DIGEST.fullmatch(row.digest):
                yield Fault("digest", f"attachment {row.id}", f"“{row.digest}” bukan sidik SHA-256.")
        if series_id is None:
            yield from (Fault("series", f"attachment {row.id}", "Lampiran ini tidak termasuk seri mana pun.") for row in rows)
        elif wrong := _wrong(rows):
            yield Fault("series", f"attachment {series_id}", f"Seri versinya tidak utuh: {wrong}.")


def closing_documents(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """What an offer was closed by, or an agreement ended early by, is a file of it; no foreign key says so."""
    for column, kind, word in (
        (Agreement.closed_document_id, "closing_document", "penutupnya"),
        (Agreement.terminated_document_id, "terminating_document", "pengakhirannya"),
    ):
        own = exists().where(Attachment.id == column, Attachment.agreement_id == Agreement.id)
        query = select(Agreement.register_no, column).where(column.is_not(None), ~own).order_by(Agreement.id)
        for number, key in chain.from_iterable(portions(session, query)):
            yield Fault(kind, f"agreement {number}", f"Dokumen {word}, lampiran {key}, bukan berkas naskah ini.")


def _wrong(rows: list[Any]) -> str:
    """The first thing that is wrong with the editions of one document; empty where nothing is."""
    first = rows[0]
    if [row.edition for row in rows] != list(range(1, len(rows) + 1)):
        return f"versi {', '.join(str(row.edition) for row in rows)}, seharusnya 1 sampai {len(rows)} berurutan"
    if first.id != first.series_id:
        return f"versi pertamanya lampiran {first.id}"
    for before, row in pairwise(rows):
        if row.agreement_id != first.agreement_id:
            return f"lampiran {row.id} milik naskah lain"
        if row.kind != first.kind:
            return f"lampiran {row.id} lain jenisnya"
        if row.replaces_id != before.id:
            return f"lampiran {row.id} tidak menggantikan versi sebelumnya"
    return ""
