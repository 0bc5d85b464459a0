"""The files: each one that a row names is there, whole and of its size; and nothing else lies in the store.

No transaction is open while a file is read: that takes hours where there are many, and the database would keep old
rows for us all the while.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Engine, func, select, union_all

from models import Attachment, Regulation
from sikerja import exports, sweeping
from sikerja.files.store import DIGEST, TEMPORARY, Missing, Store
from sikerja.verification.faults import PORTION, Fault

_NAMED_AT_MOST = 3
# What names a file -> the word for it.
_HOLDERS: dict[Any, str] = {Attachment: "lampiran", Regulation: "peraturan"}


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
    named = union_all(*(select(holder.digest, holder.size).where(holder.digest > last) for holder in _HOLDERS)).subquery()
    sizes = (func.min(named.c.size).label("least"), func.max(named.c.size).label("most"))
    query = select(named.c.digest, *sizes).group_by(named.c.digest)
    with exports.reading_session(engine) as session:
        return session.execute(query.order_by(named.c.digest).limit(PORTION)).all()


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
    for holder in _HOLDERS:
        wrong = select(holder.id, holder.size).where(holder.digest == digest, holder.size.is_distinct_from(size))
        with exports.reading_session(engine) as session:
            rows = session.execute(wrong.order_by(holder.id)).all()
        for row in rows:
            detail = f"Ukuran tercatat {row.size} byte, berkasnya {size} byte."
            yield Fault("file_size", f"{holder.__tablename__} {row.id}", detail)


def _users(engine: Engine, digest: str) -> str:
    """What holds the file, the first few of each kind."""
    found = []
    for holder, word in _HOLDERS.items():
        query = select(holder.id).where(holder.digest == digest).order_by(holder.id).limit(_NAMED_AT_MOST + 1)
        with exports.reading_session(engine) as session:
            ids = [str(number) for number in session.scalars(query)]
        more = " dan lainnya" if len(ids) > _NAMED_AT_MOST else ""
        found += [f"{word} {', '.join(ids[:_NAMED_AT_MOST])}{more}"] if ids else []
    return f"Dipakai {' dan '.join(found)}."


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
