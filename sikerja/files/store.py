"""Where files lie: each under the SHA-256 of its content, written once, never changed.

A file is written under a temporary name, brought to the disk, and only then gets its name; so a name always stands for
whole content, whatever died meanwhile. A row that points to it commits afterwards. Nothing is removed but by `sweep`
(and `remove`), and nothing younger than its grace time: putting known content again makes it young again.
"""

import contextlib
import errno
import fcntl
import hashlib
import logging
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from sikerja.files.faults import SENTENCES
from sikerja.refusals import Refusal

CHUNK = 256 * 1024
MEGABYTE = 1024 * 1024
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
TEMPORARY = ".tmp-"
_LOCK = ".lock"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_log = logging.getLogger(__name__)


class TooLarge(Refusal):
    """More was sent than one file may have; what was written is gone again."""

    def __init__(self, limit: int) -> None:
        megabytes = limit // MEGABYTE
        super().__init__(SENTENCES["size"].format(size=f"lebih dari {megabytes}", limit=megabytes), "file")


class StorageFull(Refusal):
    """There is no room; what was written is gone again, and what there was can still be read."""

    def __init__(self) -> None:
        super().__init__("Penyimpanan penuh. Berkas belum disimpan. Hubungi administrator.", "file")


class Missing(Refusal):
    """The store has no such file."""

    def __init__(self) -> None:
        super().__init__("Berkas tidak ditemukan di penyimpanan. Hubungi administrator.", "file")


class Stored(NamedTuple):
    """What was put: its SHA-256 and its size."""

    digest: str
    size: int


class Blob(NamedTuple):
    """A file in the store, and when it was last put."""

    digest: str
    size: int
    put_at: datetime


class Store(Protocol):
    """What the register asks of a place for files."""

    def put(self, stream: BinaryIO, limit: int) -> Stored:
        """Keep what the stream gives, at most `limit` bytes. Raises TooLarge, StorageFull."""

    def open(self, digest: str) -> BinaryIO:
        """The content, to be read and sought in. Raises Missing."""

    def size(self, digest: str) -> int:
        """Its length in bytes. Raises Missing."""

    def has(self, digest: str) -> bool:
        """Whether it is there."""

    def content_digest(self, digest: str) -> str:
        """The SHA-256 of what lies there now, which should be its name. Raises Missing, OSError."""

    def verify(self, digest: str) -> str | None:
        """None where the content is what its name says, else `missing`, `damaged` or `unreadable`."""

    def names(self) -> Iterator[Blob]:
        """Every file that is there."""

    def strays(self) -> Iterator[tuple[str, datetime]]:
        """Whatever else lies there: temporary files of the living and the dead, and what never belonged there."""

    def remove(self, digest: str) -> None:
        """Take it away now, if it is there."""

    def sweep(self, keep: Callable[[str], bool], grace: timedelta, now: datetime) -> list[str]:
        """Remove what nobody keeps and what was left half-written, if older than `grace`; say which."""

    def is_writable(self) -> bool:
        """Whether a file could be put now."""


def store_for(url: str) -> Store:
    """The store behind ATTACHMENTS_URL. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        # The address may carry a password: only its scheme is told.
        raise ValueError(f"ATTACHMENTS_URL={parts.scheme}://…: only file://… for now; s3 and others come later")
    path = Path(unquote(parts.path))
    if parts.netloc not in {"", "localhost"} or not path.is_absolute() or parts.query or parts.fragment:
        raise ValueError(f"ATTACHMENTS_URL={url!r}: write it as file:///absolute/folder")
    return LocalStore(path)


class LocalStore:
    """Files in folders of this machine: `ab/cd/abcd…`, read-only, temporary ones beside `ab`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        _make_folder(root)

    def put(self, stream: BinaryIO, limit: int) -> Stored:
        """Keep what the stream gives, at most `limit` bytes. Raises TooLarge, StorageFull."""
        temporary = self._temporary()
        try:
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with open(handle, "wb", buffering=0) as file:
                stored = _copy(stream, file, limit)
                os.fchmod(handle, 0o440)
                os.fsync(handle)
            self._publish(temporary, stored)
        except OSError as error:
            if error.errno in _FULL:
                raise StorageFull from error
            raise
        finally:
            temporary.unlink(missing_ok=True)
        return stored

    def open(self, digest: str) -> BinaryIO:
        """The content, to be read and sought in. Raises Missing."""
        try:
            handle = os.open(self._path(digest), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise Missing from error
        except OSError as error:
            if error.errno == errno.ELOOP:  # a link lies where the file should
                raise Missing from error
            raise
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise Missing
        return os.fdopen(handle, "rb")

    def size(self, digest: str) -> int:
        """Its length in bytes. Raises Missing."""
        found = self._stat(digest)
        if found is None:
            raise Missing
        return found.st_size

    def has(self, digest: str) -> bool:
        """Whether it is there."""
        return self._stat(digest) is not None

    def content_digest(self, digest: str) -> str:
        """The SHA-256 of what lies there now, which should be its name. Raises Missing, OSError."""
        with self.open(digest) as file:
            counted = hashlib.sha256()
            while chunk := file.read(CHUNK):
                counted.update(chunk)
            return counted.hexdigest()

    def verify(self, digest: str) -> str | None:
        """None where the content is what its name says, else `missing`, `damaged` or `unreadable`."""
        try:
            return None if self.content_digest(digest) == digest else "damaged"
        except Missing:
            return "missing"
        except OSError:
            return "unreadable"

    def names(self) -> Iterator[Blob]:
        """Every file that is there."""
        for place, entry in _walk(self.root):
            if self._is_blob(place, entry):
                with contextlib.suppress(FileNotFoundError):  # removed while we walk
                    found = entry.stat(follow_symlinks=False)
                    yield Blob(entry.name, found.st_size, _moment(found))

    def strays(self) -> Iterator[tuple[str, datetime]]:
        """Whatever else lies there: temporary files of the living and the dead, and what never belonged there."""
        for place, entry in _walk(self.root):
            if not self._is_blob(place, entry) and place != (_LOCK,):
                with contextlib.suppress(FileNotFoundError):
                    yield "/".join(place), _moment(entry.stat(follow_symlinks=False))

    def remove(self, digest: str) -> None:
        """Take it away now, if it is there."""
        with self._alone():
            self._path(digest).unlink(missing_ok=True)

    def sweep(self, keep: Callable[[str], bool], grace: timedelta, now: datetime) -> list[str]:
        """Remove what nobody keeps and what was left half-written, if older than `grace`; say which."""
        limit = (now if now.tzinfo else now.replace(tzinfo=UTC)) - grace
        removed = [name for name, _, put_at in self.names() if put_at < limit and self._swept(name, keep, limit)]
        for name, made_at in self.strays():
            if name.startswith(TEMPORARY) and "/" not in name and made_at < limit:
                (self.root / name).unlink(missing_ok=True)
                removed.append(name)
        return removed

    def is_writable(self) -> bool:
        """Whether a file could be put now."""
        temporary = self._temporary()
        try:
            temporary.write_bytes(b"?")
        except OSError:
            return False
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        return True

    def _publish(self, temporary: Path, stored: Stored) -> None:
        final = self._path(stored.digest)
        with self._alone():
            for folder in (final.parent.parent, final.parent):
                _make_folder(folder)
            found = self._stat(stored.digest)
            if found is not None and found.st_size == stored.size and self.verify(stored.digest) is None:
                os.utime(final)  # young again: the sweeper leaves it until its new row commits
            else:
                if found is not None:
                    _log.error(
                        "file %s was damaged (%s bytes, now %s); replaced", stored.digest[:12], found.st_size, stored.size
                    )
                temporary.rename(final)
            _sync_folder(final.parent)  # also for a name that someone made and died

    def _swept(self, digest: str, keep: Callable[[str], bool], limit: datetime) -> bool:
        """Ask and remove with nobody putting meanwhile: it may have become young since it was listed."""
        with self._alone():
            found = self._stat(digest)
            if found is None or _moment(found) >= limit or keep(digest):
                return False
            self._path(digest).unlink()
            return True

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with open(self.root / _LOCK, "ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _stat(self, digest: str) -> os.stat_result | None:
        try:
            found = self._path(digest).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return found if stat.S_ISREG(found.st_mode) else None

    def _path(self, digest: str) -> Path:
        if not DIGEST.fullmatch(digest):
            raise ValueError("not a SHA-256 digest")
        return self.root / digest[:2] / digest[2:4] / digest

    def _temporary(self) -> Path:
        return self.root / f"{TEMPORARY}{os.getpid()}-{secrets.token_hex(8)}"

    @staticmethod
    def _is_blob(place: tuple[str, ...], entry: os.DirEntry[str]) -> bool:
        name = entry.name
        return (
            place == (name[:2], name[2:4], name) and DIGEST.fullmatch(name) is not None and entry.is_file(follow_symlinks=False)
        )


def _copy(stream: BinaryIO, file: BinaryIO, limit: int) -> Stored:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge(limit)
        digest.update(chunk)
        rest = memoryview(chunk)
        while rest:  # an unbuffered write may take a part only
            rest = rest[file.write(rest) :]
    return Stored(digest.hexdigest(), size)


def _walk(folder: Path, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], os.DirEntry[str]]]:
    """Everything below that is no folder, with its way from the root; links are told, never followed."""
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), (*place, entry.name))
        else:
            yield (*place, entry.name), entry


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _moment(found: os.stat_result) -> datetime:
    return datetime.fromtimestamp(found.st_mtime, UTC)
