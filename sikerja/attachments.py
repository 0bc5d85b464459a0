"""Attachments: a file comes into the register, gets later editions, is accepted or refused.

A file is looked through and put into the store with no transaction open and before any row is written, so a row never
stands for a file that isn't there. A file that got no row is left to the sweeper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, NamedTuple

from flask import current_app
from sqlalchemy import Exists, Select, exists, select
from sqlalchemy.orm import Session, aliased

from models import Agreement, Attachment, User
from rules import codes
from rules.text import clean
from sikerja import clock, lists
from sikerja.files.inspection import Accepted, inspect, safe_name
from sikerja.files.place import the_store
from sikerja.files.store import Missing, StorageFull, Stored
from sikerja.listing import Viewer
from sikerja.refusals import CHOICE_GONE, Refusal, is_lack_of_room

MOST_AT_ONCE = 20
GONE = "Berkas yang akan digantikan sudah tidak ada. Muat ulang halaman naskahnya, lalu unggah lagi."


class Damaged(Refusal):
    """The store has the file, but not as it was sent."""

    def __init__(self) -> None:
        super().__init__("Isi berkas ini tidak lagi sama dengan saat diunggah. Hubungi administrator.", "file")


class Sent(NamedTuple):
    """A file as it comes: its name there, and its content."""

    name: str
    content: BinaryIO


class Kept(NamedTuple):
    """A file that was let in and lies in the store."""

    name: str
    stored: Stored
    accepted: Accepted


@dataclass(frozen=True)
class Draft:
    """What a person says of the files they send. `replaces_id` is any edition of the document that gets a new one."""

    agreement_id: int | None
    kind: str
    title: str = ""
    document_date: date | None = None
    paper_place: str = ""
    replaces_id: int | None = None
    reason: str = ""


# --- with no transaction open ------------------------------------------------------------------------------------


def take_in(files: Sequence[Sent]) -> list[Kept]:
    """Look through all files, then put them into the store: all or none. Raises Refusal naming each that is unfit.

    To be called with no transaction open: it may take seconds.
    """
    try:
        accepted = _looked_through(files)
        return [_kept(file, found) for file, found in zip(files, accepted, strict=True)]
    except OSError as error:
        if is_lack_of_room(error):
            raise StorageFull from error
        raise


def _looked_through(files: Sequence[Sent]) -> list[Accepted]:
    limit, refuse_active = current_app.config["MAX_UPLOAD"], current_app.config["REFUSE_ACTIVE_PDF"]
    accepted, unfit = [], []
    for file in files:
        try:
            accepted.append(inspect(file.content, file.name, limit, refuse_active))
        except Refusal as refusal:
            unfit.append(str(refusal) if len(files) == 1 else f"“{safe_name(file.name)}”: {refusal}")
    if unfit:
        raise Refusal(" ".join(unfit), "file")
    return accepted


def _kept(file: Sent, accepted: Accepted) -> Kept:
    file.content.seek(0)
    return Kept(safe_name(file.name), the_store().put(file.content, current_app.config["MAX_UPLOAD"]), accepted)


# --- verbs -------------------------------------------------------------------------------------------------------


def replaced(session: Session, replaces_id: int, viewer: Viewer) -> Attachment:
    """The edition of that id, if this viewer may give it a successor. Raises Refusal."""
    found: Attachment | None = lists.ATTACHMENTS.one(session, replaces_id, viewer)
    if found is None or found.is_binned:
        raise Refusal(GONE)
    return found


def check(session: Session, draft: Draft, count: int, viewer: Viewer) -> Attachment | None:
    """Whether so many files may come in as the draft says: gives the edition it names. Raises Refusal."""
    if count > MOST_AT_ONCE:
        raise Refusal(f"Paling banyak {MOST_AT_ONCE} berkas sekali unggah. Unggah sisanya sesudah ini.", "file")
    if draft.replaces_id is None:
        agreement = lists.AGREEMENTS.one(session, draft.agreement_id or 0, viewer)
        if agreement is None or agreement.is_binned:
            raise Refusal(CHOICE_GONE, "agreement")
        if draft.kind not in codes.ATTACHMENT_KINDS:
            raise Refusal("Pilih jenis berkas.", "kind")
        return None
    named = replaced(session, draft.replaces_id, viewer)
    if draft.agreement_id not in (None, named.agreement_id):
        raise Refusal("Versi baru tetap milik kerja sama semula. Untuk kerja sama lain, unggah berkas baru.", "agreement")
    if count > 1:
        raise Refusal("Pilih satu berkas saja untuk versi baru.", "file")
    if not draft.reason:
        raise Refusal("Isi alasan versi baru.", "reason")
    return named


def upload(session: Session, draft: Draft, files: Sequence[Kept], viewer: Any) -> list[Attachment]:
    """Write down files that lie in the store, as new documents or as the next edition of one. Raises Refusal."""
    named = check(session, draft, len(files), viewer)
    if named is not None:
        return [_next_edition(session, draft, files[0], named, viewer)]
    agreement_id = draft.agreement_id or 0
    made = [_row(draft, file, draft.title or _stem(file.name), draft.kind, agreement_id, viewer) for file in files]
    session.add_all(made)
    session.flush()
    for row in made:
        row.series_id = row.id
    session.flush()
    return made


def _next_edition(session: Session, draft: Draft, file: Kept, named: Attachment, viewer: Any) -> Attachment:
    # Two who replace at once: the second waits here for the first, and then counts its edition too.
    session.execute(select(Attachment.id).where(Attachment.id == named.series_id).with_for_update())
    of_series = select(Attachment.id, Attachment.edition).where(Attachment.series_id == named.series_id)
    before = session.execute(of_series.order_by(Attachment.edition.desc()).limit(1)).one()
    row = _row(draft, file, draft.title or named.title, named.kind, named.agreement_id, viewer)
    row.series_id, row.edition, row.replaces_id = named.series_id, before.edition + 1, before.id
    row.reason = draft.reason
    session.add(row)
    session.flush()
    return row


def _row(draft: Draft, file: Kept, title: str, kind: str, agreement_id: int, viewer: Any) -> Attachment:
    return Attachment(
        agreement_id=agreement_id, kind=kind, title=title, document_date=draft.document_date, paper_place=draft.paper_place,
        original_name=file.name, digest=file.stored.digest, size=file.stored.size, format=file.accepted.kind,
        pages=file.accepted.pages, flags=", ".join(file.accepted.flags), uploaded_by_id=viewer.id,
    )  # fmt: skip


def _stem(name: str) -> str:
    return clean(name.rpartition(".")[0] or name)


def describe(session: Session, row: Attachment, title: str, kind: str, document_date: date | None, paper_place: str) -> None:
    """Correct what is said of a file. Its kind is that of the document, and so of all its editions."""
    row.title, row.document_date, row.paper_place = title, document_date, paper_place
    for edition in session.scalars(select(Attachment).where(Attachment.series_id == row.series_id)):
        edition.kind = kind
    session.flush()


def review(session: Session, row: Attachment, verdict: str, remark: str, viewer: Any) -> None:
    """Accept or refuse a file; refusing needs a remark. Raises Refusal."""
    if row.is_binned:
        raise Refusal("Berkas ini ada di keranjang. Kembalikan dulu, lalu periksa.")
    if verdict not in codes.VERDICTS:
        raise Refusal("Pilih diterima atau ditolak.", "verdict")
    if verdict == "refused" and not remark:
        raise Refusal("Isi alasan penolakan, agar pengirimnya tahu apa yang harus diperbaiki.", "remark")
    row.verdict, row.verdict_remark = verdict, remark
    row.verdict_at, row.verdict_by_id = clock.now(), viewer.id
    session.flush()


# --- questions ---------------------------------------------------------------------------------------------------


def is_of(session: Session, agreement: Agreement, attachment_id: int) -> bool:
    """True where a living file of that id belongs to the agreement."""
    living = select(Attachment.id).where(Attachment.agreement_id == agreement.id, Attachment.deleted_at.is_(None))
    return session.scalar(living.where(Attachment.id == attachment_id)) is not None


def of_family(session: Session, agreement: Agreement, attachment_id: int) -> Attachment | None:
    """The living file of that id, where it belongs to the agreement or to a living one of its family."""
    chosen = select(Attachment).join(Agreement, Agreement.id == Attachment.agreement_id)
    kin = (Agreement.root_id == agreement.root_id) & Agreement.deleted_at.is_(None)
    found = chosen.where(Attachment.id == attachment_id, Attachment.deleted_at.is_(None), kin)
    return session.scalars(found).first()


def newest_of_family(session: Session, agreement: Agreement) -> list[tuple[Attachment, str]]:
    """What counts of the files of a family, each with the register number it belongs to; the agreement's own come first."""
    chosen = select(Attachment, Agreement.register_no).join(Agreement, Agreement.id == Attachment.agreement_id)
    kin = (Agreement.root_id == agreement.root_id) & Agreement.deleted_at.is_(None)
    found = chosen.where(kin, Attachment.deleted_at.is_(None), ~_outdated())
    own_first = (Attachment.agreement_id != agreement.id, Attachment.id.desc())
    return [(file, number) for file, number in session.execute(found.order_by(*own_first))]


def newest_of(session: Session, agreement_id: int) -> list[Attachment]:
    """What counts of an agreement's files: the newest living edition of each document, the latest first."""
    living = select(Attachment).where(Attachment.agreement_id == agreement_id, Attachment.deleted_at.is_(None), ~_outdated())
    return list(session.scalars(living.order_by(Attachment.id.desc())))


def _outdated() -> Exists:
    """A living edition stands after this one."""
    later = aliased(Attachment)
    return exists().where(
        later.series_id == Attachment.series_id, later.edition > Attachment.edition, later.deleted_at.is_(None)
    )


def editions(session: Session, row: Attachment) -> list[tuple[Attachment, str]]:
    """All living editions of a document and this one, the newest first, each with the name of who sent it."""
    return [(edition, name or "") for edition, name in session.execute(_editions(row))]


def _editions(row: Attachment) -> Select[Attachment, str]:
    shown = (Attachment.deleted_at.is_(None)) | (Attachment.id == row.id)
    chosen = select(Attachment, User.name).outerjoin(User, User.id == Attachment.uploaded_by_id)
    return chosen.where(Attachment.series_id == row.series_id, shown).order_by(Attachment.edition.desc())


def fault(row: Attachment) -> Refusal | None:
    """What is wrong with the file behind a row, as far as a glance tells: not there, or of another size."""
    try:
        return None if the_store().size(row.digest) == row.size else Damaged()
    except Missing as missing:
        return missing
    except OSError:  # the whole store is out of reach
        return Missing()


def opened(digest: str) -> BinaryIO:
    """The content of that file, counted through before it is handed out. Raises Missing, Damaged."""
    found = the_store().verify(digest)
    if found == "missing":
        raise Missing
    if found is not None:
        raise Damaged
    return the_store().open(digest)
