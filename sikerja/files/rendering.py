"""Pages as pictures: drawn in a child process, kept by the file's digest, so that looking needs neither plug-in nor script."""

import contextlib
import os
import re
import secrets
from pathlib import Path
from typing import BinaryIO

from sikerja.files import child
from sikerja.files.faults import SENTENCES, Unfit
from sikerja.refusals import Refusal

WIDTHS = (320, 800, 1200, 1600)  # what is asked for is made the next of these, or the cache could be filled by asking
_JOBS = {
    "pdf": ("draw_pdf", "count_pdf"),
    "jpeg": ("draw_picture", "count_picture"),
    "png": ("draw_picture", "count_picture"),
    "tiff": ("draw_picture", "count_picture"),
}
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class NoSuchPage(Refusal):
    """The file has fewer pages."""

    def __init__(self) -> None:
        super().__init__("Halaman ini tidak ada. Pilih halaman lain.", "page")


def can_be_drawn(kind: str) -> bool:
    """Whether pages of this kind can be looked at; office files are downloaded instead."""
    return kind in _JOBS


def page_count(source: BinaryIO, kind: str) -> int | None:
    """How many pages can be drawn; None where the kind has no pictures. Raises Refusal."""
    return _run(_JOBS[kind][1], source, kind=kind).answer if can_be_drawn(kind) else None


def render_page(source: BinaryIO, kind: str, page: int, width: int) -> bytes | None:
    """A page (from 1) as PNG; None where the kind has no pictures. Raises NoSuchPage, Refusal."""
    if not can_be_drawn(kind):
        return None
    if page < 1:
        raise NoSuchPage
    return _run(_JOBS[kind][0], source, kind=kind, page=page, width=fitting_width(width)).payload


def fitting_width(width: int) -> int:
    """The width that is drawn when this one is asked for."""
    return next((offered for offered in WIDTHS if offered >= width), WIDTHS[-1])


class Gallery:
    """Drawn pages in a folder, each drawn once. It may be emptied at any time: nothing in it is the only copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def page(self, digest: str, source: BinaryIO, kind: str, page: int, width: int) -> bytes | None:
        """The page as PNG, from here or newly drawn. `source` is read only for what isn't here. Raises as `render_page`."""
        place = self._folder_of(digest) / f"{int(page)}-{fitting_width(width)}.png"
        with contextlib.suppress(OSError):
            return place.read_bytes()
        picture = render_page(source, kind, page, width)
        if picture is not None:
            self._keep(place, picture)
        return picture

    def forget(self, digest: str) -> None:
        """Remove the pages of a file that is no more."""
        folder = self._folder_of(digest)
        with contextlib.suppress(FileNotFoundError):
            for page in list(folder.iterdir()):
                page.unlink(missing_ok=True)
            folder.rmdir()

    def trim(self, most: int) -> int:
        """Remove the oldest pages beyond `most` bytes; how many went."""
        pages = []
        for path in self.folder.glob("*/*/*"):
            with contextlib.suppress(FileNotFoundError):  # forgotten while we look
                found = path.stat()
                pages.append((found.st_mtime, found.st_size, path))
        kept = gone = 0
        for _, size, path in sorted(pages, reverse=True):
            kept += size
            if kept > most:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _keep(self, place: Path, picture: bytes) -> None:
        """Under its name only when whole; where there is no room, looking goes on without."""
        temporary = place.with_name(f".tmp-{os.getpid()}-{secrets.token_hex(8)}")
        with contextlib.suppress(OSError):
            place.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            try:
                temporary.write_bytes(picture)
                temporary.replace(place)
            finally:
                temporary.unlink(missing_ok=True)

    def _folder_of(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError("not a SHA-256 digest")
        return self.folder / digest[:2] / digest


def _run(job: str, source: BinaryIO, **arguments: object) -> child.Result:
    try:
        return child.run(job, source, **arguments)
    except Unfit as unfit:
        if unfit.code == "no_page":
            raise NoSuchPage from unfit
        raise Refusal(SENTENCES[unfit.code], "file") from unfit
