"""Sweeping: what no row names and what was left half-written goes, when it is old enough."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Engine, select

from models import Attachment, Regulation
from sikerja import clock, exports
from sikerja.files.rendering import Gallery
from sikerja.files.store import Blob, Store
from sikerja.refusals import Refusal

# What names a file of the store: attachments, and the official texts of regulations.
NAMING = (Attachment.digest, Regulation.digest)
MOST_OF_PAGES = 500 * 1024 * 1024
FEW = 10  # so many may go without a question, whatever their share
_PORTION = 500


class Swept(NamedTuple):
    """What went: digests and names of temporary files, and how many drawn pages were too many."""

    names: list[str]
    pages: int


def sweep(engine: Engine, store: Store, gallery: Gallery, grace: timedelta, even_most: bool = False) -> Swept:
    """Remove what nobody keeps and is older than `grace`. Raises Refusal where that looks like the wrong database."""
    candidates = _old_strays(engine, store, grace, even_most)

    def keep(digest: str) -> bool:
        # Asked again under the store's lock: a row may have come meanwhile. Whatever had a row before is left alone.
        return digest not in candidates or is_named(engine, digest)

    names = store.sweep(keep, grace, clock.now())
    for digest in candidates.intersection(names):
        gallery.forget(digest)
    return Swept(names, gallery.trim(MOST_OF_PAGES))


def without_row(engine: Engine, store: Store) -> Iterator[Blob]:
    """Every file of the store that no row names, one in the bin included."""
    blobs = store.names()
    while portion := list(islice(blobs, _PORTION)):
        digests = [blob.digest for blob in portion]
        with exports.reading_session(engine) as session:
            named = {digest for column in NAMING for digest in session.scalars(select(column).where(column.in_(digests)))}
        yield from (blob for blob in portion if blob.digest not in named)


def _old_strays(engine: Engine, store: Store, grace: timedelta, even_most: bool) -> set[str]:
    """The files that may go. Strays are few: where most files are strays, this is not the database that they belong to."""
    limit = clock.now() - grace
    found = {blob.digest for blob in without_row(engine, store) if blob.put_at.replace(tzinfo=None) < limit}
    if len(found) > FEW and not even_most and 2 * len(found) > sum(1 for _ in store.names()):
        raise Refusal(
            f"{len(found)} berkas, lebih dari separuh penyimpanan, tidak dikenal basis data ini. Tidak ada yang dihapus. "
            "Periksa DATABASE_URL dan ATTACHMENTS_URL; bila memang benar, pakai --more-than-half."
        )
    return found


def is_named(engine: Engine, digest: str) -> bool:
    """Whether a row names this file, one in the bin included, as of now."""
    with exports.reading_session(engine) as session:
        return any(session.scalar(select(column).where(column == digest).limit(1)) is not None for column in NAMING)
