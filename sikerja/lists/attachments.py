"""The list of files of all agreements, every edition a row."""

from typing import cast

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from models import Agreement, Attachment, User
from rules import codes
from rules.text import escape_like
from sikerja import search
from sikerja.files.inspection import KINDS
from sikerja.filters import Code, Condition, Day, Flag, Moment, Relation, Text
from sikerja.filtervalues import FLAG_WORDS
from sikerja.listing import Column, Listing, Viewer
from sikerja.lists.agreements import own_agreements
from sikerja.lists.parts import of, same

_agreement = aliased(Agreement)
_later = aliased(Attachment)
_NEWEST = ~exists().where(
    _later.series_id == Attachment.series_id, _later.edition > Attachment.edition, _later.deleted_at.is_(None)
)
_AGREEMENT_TITLE = of(Agreement.title, Agreement, Attachment.agreement_id)
_REGISTER_NO = of(Agreement.register_no, Agreement, Attachment.agreement_id)


def _matching(asked: str) -> Condition | None:
    """Every word in the file's title or name, or in what its agreement is found by (which has an index for it)."""
    found = []
    for term in search.terms(asked):
        pattern = f"%{escape_like(term)}%"
        own = (column.like(pattern, escape="\\") for column in (Attachment.title_key, func.lower(Attachment.original_name)))
        agreements = select(Agreement.id).where(cast(Condition, search.matching(term)))  # a word always asks for something
        found.append(or_(*own, Attachment.agreement_id.in_(agreements)))
    return and_(*found) if found else None


def _own_attachments(viewer: Viewer) -> Condition:
    return Attachment.agreement_id.in_(select(Agreement.id).where(own_agreements(viewer)))


ATTACHMENTS = Listing(
    Attachment,
    (
        Column("title", "Berkas", Attachment.title, Attachment.title_key, "c-title"),
        Column("agreement", "Kerja sama", _AGREEMENT_TITLE, of(Agreement.title_key, Agreement, Attachment.agreement_id)),
        Column("register_no", "Nomor register", _REGISTER_NO),
        Column("kind", "Jenis", Attachment.kind, css="c-filekind"),
        Column("document_date", "Tanggal", Attachment.document_date, css="c-date"),
        Column("edition", "Versi", Attachment.edition, css="c-num"),
        Column("newest", "Versi terbaru", _NEWEST),
        Column("reason", "Alasan versi baru", Attachment.reason, sort=False),
        Column("verdict", "Pemeriksaan", Attachment.verdict, css="c-validity"),
        Column("verdict_remark", "Catatan pemeriksaan", Attachment.verdict_remark, sort=False),
        Column("original_name", "Nama berkas", Attachment.original_name, func.lower(Attachment.original_name)),
        Column("format", "Format", Attachment.format),
        Column("size", "Ukuran", Attachment.size, css="c-num"),
        Column("pages", "Halaman", Attachment.pages, css="c-num"),
        Column("digest", "SHA-256", Attachment.digest),
        Column("uploaded_by", "Diunggah oleh", of(User.name, User, Attachment.uploaded_by_id)),
        Column("uploaded_at", "Diunggah", Attachment.created_at, css="c-date"),
        Column("paper_place", "Tempat naskah asli", Attachment.paper_place),
    ),
    (
        Code("kind", "Jenis", column=Attachment.kind, codes=codes.ATTACHMENT_KINDS),
        Code("verdict", "Pemeriksaan", column=Attachment.verdict, codes=codes.VERDICTS),
        Flag("newest", "Versi terbaru", column=_NEWEST, codes=FLAG_WORDS),
        Relation("agreement", "Kerja sama", id_column=Attachment.agreement_id, exists=same, name_key=_agreement.title_key,
                 named=lambda condition: exists().where(_agreement.id == Attachment.agreement_id, condition),
                 source="agreement", many=True),
        Text("title", "Judul", column=Attachment.title_key),
        Day("document_date", "Tanggal dokumen", column=Attachment.document_date),
        Code("format", "Format", column=Attachment.format, codes={kind: kind.upper() for kind in KINDS}),
        Moment("uploaded_at", "Diunggah", column=Attachment.created_at),
        Text("original_name", "Nama berkas", column=func.lower(Attachment.original_name)),
    ),
    _matching,
    _own_attachments,
    order=((Attachment.id, True),),
    always=(Attachment.agreement_id.not_in(select(Agreement.id).where(Agreement.deleted_at.is_not(None))),),
)  # fmt: skip
