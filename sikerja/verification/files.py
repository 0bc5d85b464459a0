"""The files: each one that a row names is there, whole and of its size; and nothing else lies in the store.

No transaction is open while a file is read: that takes hours where there are many, and the database would keep old
rows for us all the while.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Engine, func, select

from models import Attachment
from sikerja import exports, sweeping
from sikerja.files.store import DIGEST, TEMPORARY, Missing, Store
from sikerja.verification.faults import PORTION, Fault

_NAMED_AT_MOST = 3


def contents(engine: Engine, store: Store, checked: Counter[str]) -> Iterator[Fault]:
    """Every file that a row names: there, readable, whole, itself and no other, and as long as the row says."""
    last = ""
    while rows := _named_after(engine, last):
        for row in rows:
            if DIGEST.fullmatch(row.digest):  # another name is a fault of the row
                checked["files"] += 1
                yield from _faults(engine, store, row)
        last = rows[-1].digest


def _named_after(engine: Engine, last: str) -> Sequence[Any]:
    sizes = (func.min(Attachment.size).label("least"), func.max(Attachment.size).label("most"))
    query = select(Attachment.digest, *sizes).where(Attachment.digest > last).group_by(Attachment.digest)
    with exports.reading_session(engine) as session:
        return session.execute(query.order_by(Attachment.digest).limit(PORTION)).all()


def _faults(engine: Engine, store: Store, row: Any) -> Iterator[Fault]:
    subject = f"file {row.digest}"
    try:
        found, size = store.content_digest(row.digest), store.size(row.digest)
    except Missing:
        yield Fault("file_missing", subject, f"Berkas tidak ada di penyimpanan. {_users(engine, row.digest)}")
    except OSError as error:
        yield Fault("file_unreadable", subject, f"Berkas tidak dapat dibaca: {error.strerror}. {_users(engine, row.digest)}")
    else:
        if found != row.digest:
            yield _changed(engine, row.digest, found)
        elif (row.least, row.most) != (size, size):
            yield from _sizes(engine, row.digest, size)


def _changed(engine: Engine, digest: str, found: str) -> Fault:
    if sweeping.is_named(engine, found):
        detail = f"Tertukar: isinya adalah isi berkas {found}. {_users(engine, digest)}"
        return Fault("file_swapped", f"file {digest}", detail)
    return Fault("file_damaged", f"file {digest}", f"Isi berkas sudah bukan yang disimpan. {_users(engine, digest)}")


def _sizes(engine: Engine, digest: str, size: int) -> Iterator[Fault]:
    wrong = select(Attachment.id, Attachment.size).where(Attachment.digest == digest, Attachment.size != size)
    with exports.reading_session(engine) as session:
        rows = session.execute(wrong.order_by(Attachment.id)).all()
    for row in rows:
        yield Fault("file_size", f"attachment {row.id}", f"Ukuran tercatat {row.size} byte, berkasnya {size} byte.")


def _users(engine: Engine, digest: str) -> str:
    """Which attachments hold the file, the first few of them."""
    query = select(Attachment.id).where(Attachment.digest == digest).order_by(Attachment.id).limit(_NAMED_AT_MOST + 1)
    with exports.reading_session(engine) as session:
        ids = [str(number) for number in session.scalars(query)]
    more = " dan lainnya" if len(ids) > _NAMED_AT_MOST else ""
    return f"Dipakai lampiran {', '.join(ids[:_NAMED_AT_MOST])}{more}."


def strays(engine: Engine, store: Store, _checked: Counter[str]) -> Iterator[Fault]:
    """What lies in the store and belongs to nobody, at once and whatever its age; the sweeper waits its grace time."""
    for blob in sweeping.without_row(engine, store):
        detail = f"Berkas tanpa lampiran, {blob.size} byte, sejak {blob.put_at:%Y-%m-%d %H:%M} UTC."
        yield Fault("stray_file", f"file {blob.digest}", detail)
    for name, made_at in store.strays():
        if name.startswith(TEMPORARY):
            yield Fault("stray_temporary", f"file {name}", f"Berkas sementara, sejak {made_at:%Y-%m-%d %H:%M} UTC.")
        else:
            yield Fault("stray_other", f"file {name}", "Ini bukan milik penyimpanan lampiran. Periksa, lalu pindahkan.")
