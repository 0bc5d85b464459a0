"""The store: a file is there whole or not at all, its name is its content, and nothing goes before its time."""

import contextlib
import fcntl
import hashlib
import io
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sikerja.files.store import LocalStore, Missing, StorageFull, TooLarge, store_for
from sikerja.refusals import Refusal

MEGABYTE = 1024 * 1024
DAY = timedelta(days=1)
SCAN = b"%PDF-1.7 naskah bertanda tangan\n" * 1000
DIGEST = hashlib.sha256(SCAN).hexdigest()
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "lampiran")


def files(store: LocalStore) -> list[str]:
    """Everything that lies in the store but its lock."""
    return sorted(
        str(path.relative_to(store.root)) for path in store.root.rglob("*") if path.is_file() and path.name != ".lock"
    )


def elsewhere(store: LocalStore, *lines: str) -> subprocess.Popen[bytes]:
    """Another process that works on the same store."""
    first = [
        "import io, sys, resource",
        "from pathlib import Path",
        "from sikerja.files.store import *",
        f"store = LocalStore(Path({str(store.root)!r}))",
    ]
    return subprocess.Popen([sys.executable, "-c", "\n".join([*first, *lines])], cwd=ROOT, stdout=subprocess.PIPE)


def age(path: Path, by: timedelta) -> None:
    long_ago = (datetime.now(UTC) - by).timestamp()
    os.utime(path, (long_ago, long_ago), follow_symlinks=False)


def nobody(digest: str) -> bool:
    """No row keeps any file."""
    return False


def somebody(digest: str) -> bool:
    """Some row keeps each file."""
    return True


class Stream(io.RawIOBase):
    """Sends some megabytes, and then does something else."""

    def __init__(self, megabytes: int, then: Callable[[], bytes]) -> None:
        self.left, self.then = megabytes, then

    def read(self, size: int = -1) -> bytes:
        self.left -= 1
        return bytes(MEGABYTE) if self.left >= 0 else self.then()


def broken_off() -> bytes:
    raise ConnectionResetError("the clerk's line is gone")


def test_what_is_put_can_be_read_by_its_digest(store: LocalStore) -> None:
    assert store.put(io.BytesIO(SCAN), MEGABYTE) == (DIGEST, 32_000)
    assert store.has(DIGEST)
    assert store.size(DIGEST) == 32_000
    assert store.verify(DIGEST) is None
    with store.open(DIGEST) as file:
        file.seek(31_990)
        assert file.read() == b"da tangan\n"
    assert [(name, size) for name, size, _ in store.names()] == [(DIGEST, 32_000)]


def test_it_lies_in_two_folders_and_nobody_writes_to_it(store: LocalStore) -> None:
    store.put(io.BytesIO(SCAN), MEGABYTE)
    assert files(store) == [f"{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}"]
    path = store.root / files(store)[0]
    assert stat.filemode(path.stat().st_mode) == "-r--r-----"
    for folder in (store.root, path.parent.parent, path.parent):
        assert stat.filemode(folder.stat().st_mode) == "drwxr-x---"


def test_the_same_content_twice_is_one_file(store: LocalStore) -> None:
    first, second = (store.put(io.BytesIO(SCAN), MEGABYTE) for _ in range(2))
    assert first == second
    assert len(files(store)) == 1


def test_many_put_the_same_content_at_once(store: LocalStore) -> None:
    others = [elsewhere(store, "for _ in range(10): store.put(io.BytesIO(b'x' * 300_000), 10**6)") for _ in range(2)]
    with ThreadPoolExecutor(4) as threads:
        stored = set(threads.map(lambda _: store.put(io.BytesIO(b"x" * 300_000), 10**6), range(20)))
    assert [other.communicate() and other.returncode for other in others] == [0, 0]
    assert len(stored) == 1
    assert len(files(store)) == 1
    assert store.verify(stored.pop().digest) is None


def test_more_than_allowed_leaves_nothing(store: LocalStore) -> None:
    assert store.put(io.BytesIO(bytes(MEGABYTE)), MEGABYTE).size == MEGABYTE
    with pytest.raises(TooLarge) as refused:
        store.put(io.BytesIO(bytes(MEGABYTE + 1)), MEGABYTE)
    assert refused.value.errors == {"file": "Berkas lebih dari 1 MB, paling besar 1 MB."}
    assert len(files(store)) == 1


def test_too_large_is_known_before_all_is_read(store: LocalStore) -> None:
    with pytest.raises(TooLarge):
        store.put(Stream(10**9, broken_off), 2 * MEGABYTE)  # type: ignore[arg-type]
    assert files(store) == []


def test_an_interrupted_upload_leaves_nothing(store: LocalStore) -> None:
    with pytest.raises(ConnectionResetError):
        store.put(Stream(3, broken_off), 25 * MEGABYTE)  # type: ignore[arg-type]
    assert files(store) == []


def test_a_full_disk_is_told_leaves_nothing_and_recovers(store: LocalStore) -> None:
    kept = store.put(io.BytesIO(SCAN), MEGABYTE)
    full = elsewhere(
        store,
        "resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, resource.RLIM_INFINITY))",
        "try: store.put(io.BytesIO(bytes(10**6)), 10**7)",
        "except StorageFull as full: print(full)",
        f"assert store.open({kept.digest!r}).read(5) == b'%PDF-'",
        "assert not [name for name, _ in store.strays()]",
        "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))",
        "print(store.put(io.BytesIO(bytes(10**6)), 10**7).size)",
    )
    told = full.communicate()[0].decode().splitlines()
    assert told == ["Penyimpanan penuh. Berkas belum disimpan. Hubungi administrator.", "1000000"]
    assert len(files(store)) == 2


def test_a_full_disk_is_a_refusal_at_the_file(store: LocalStore) -> None:
    assert isinstance(StorageFull(), Refusal)
    assert list(StorageFull().errors) == ["file"]


def test_after_a_kill_only_a_temporary_file_is_left_and_the_sweeper_takes_it(store: LocalStore) -> None:
    class_of_stream = [
        "class Slow:",
        "    left = 3",
        "    def read(self, size):",
        "        self.left -= 1",
        "        if self.left: return bytes(size)",
        "        print('written', flush=True)",
        "        sys.stdin.read()",
    ]
    first = ["import sys", "from pathlib import Path", "from sikerja.files.store import LocalStore"]
    program = "\n".join([*first, *class_of_stream, f"LocalStore(Path({str(store.root)!r})).put(Slow(), 10**9)"])
    writer = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"written\n"
        writer.send_signal(signal.SIGKILL)
    now = datetime.now(UTC)
    [left] = files(store)
    assert left.startswith(".tmp-")
    assert list(store.names()) == []
    assert store.sweep(nobody, DAY, now) == []
    assert files(store) == [left]
    age(store.root / left, 2 * DAY)
    assert store.sweep(somebody, DAY, now) == [left]
    assert files(store) == []


@pytest.mark.parametrize(
    ("old", "kept", "swept"),
    [(False, False, False), (False, True, False), (True, True, False), (True, False, True)],
)
def test_the_sweeper_takes_what_is_old_and_kept_by_nobody(store: LocalStore, old: bool, kept: bool, swept: bool) -> None:
    stored = store.put(io.BytesIO(SCAN), MEGABYTE)
    if old:
        age(store.root / files(store)[0], 2 * DAY)
    assert store.sweep(somebody if kept else nobody, DAY, datetime.now(UTC)) == ([stored.digest] if swept else [])
    assert store.has(stored.digest) is not swept


def test_a_moment_without_zone_is_utc(store: LocalStore) -> None:
    store.put(io.BytesIO(SCAN), MEGABYTE)
    age(store.root / files(store)[0], timedelta(hours=1))
    now = datetime.now(UTC).replace(tzinfo=None)
    assert store.sweep(nobody, timedelta(hours=2), now) == []
    assert store.sweep(nobody, timedelta(minutes=30), now) == [DIGEST]


def test_known_content_that_is_put_again_is_young_again(store: LocalStore) -> None:
    store.put(io.BytesIO(SCAN), MEGABYTE)
    age(store.root / files(store)[0], 2 * DAY)
    store.put(io.BytesIO(SCAN), MEGABYTE)
    assert store.sweep(nobody, DAY, datetime.now(UTC)) == []


def test_what_is_put_again_while_the_sweeper_asks_stays(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put(io.BytesIO(SCAN), MEGABYTE)
    age(store.root / files(store)[0], 2 * DAY)
    listed = list(store.names())
    monkeypatch.setattr(store, "names", lambda: iter(listed))
    store.put(io.BytesIO(SCAN), MEGABYTE)  # between the listing and the removal
    assert store.sweep(nobody, DAY, datetime.now(UTC)) == []
    assert store.has(DIGEST)


def damage(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(SCAN.replace(b"tangan", b"tangam", 1))


def shorten(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(SCAN[:100])


def make_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("harm", "fault"),
    [(Path.exists, None), (damage, "damaged"), (shorten, "damaged"), (Path.unlink, "missing"), (make_link, "missing"), (make_folder, "missing")],
    ids=["whole", "damaged", "shortened", "removed", "linked", "folder"],
)  # fmt: skip
def test_verifying_names_the_fault(store: LocalStore, harm: Any, fault: str | None) -> None:
    store.put(io.BytesIO(SCAN), MEGABYTE)
    harm(store.root / files(store)[0])
    assert store.verify(DIGEST) == fault


def test_while_the_sweeper_asks_and_removes_nobody_puts(store: LocalStore) -> None:
    store.put(io.BytesIO(SCAN), MEGABYTE)
    age(store.root / files(store)[0], 2 * DAY)

    def keep(digest: str) -> bool:
        with (store.root / ".lock").open() as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False

    assert store.sweep(keep, DAY, datetime.now(UTC)) == [DIGEST]


def test_content_is_on_the_disk_before_its_name_and_the_name_before_the_answer(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync, synced = os.fsync, []

    def note(handle: int) -> None:
        folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        synced.append(("folder" if folder else "file", store.has(DIGEST)))
        sync(handle)

    monkeypatch.setattr(os, "fsync", note)
    store.put(io.BytesIO(SCAN), MEGABYTE)
    assert synced[0] == ("file", False)
    assert synced[1:] == [("folder", False), ("folder", False), ("folder", True)]  # of `ab`, of `cd`, of the name


@pytest.mark.parametrize("harm", [shorten, damage])
def test_good_content_takes_the_place_of_a_damaged_file(store: LocalStore, harm: Callable[[Path], None]) -> None:
    store.put(io.BytesIO(SCAN), MEGABYTE)
    harm(store.root / files(store)[0])
    store.put(io.BytesIO(SCAN), MEGABYTE)
    assert store.verify(DIGEST) is None


def test_a_missing_file_is_told(store: LocalStore) -> None:
    assert not store.has(DIGEST)
    for ask in (store.open, store.size):
        with pytest.raises(Missing, match="Berkas tidak ditemukan di penyimpanan"):
            ask(DIGEST)


def test_removing_takes_it_away_and_may_be_done_twice(store: LocalStore) -> None:
    store.put(io.BytesIO(SCAN), MEGABYTE)
    store.remove(DIGEST)
    store.remove(DIGEST)
    assert files(store) == []


@pytest.mark.parametrize("name", ["", "../" * 20 + "etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n", "٠" * 64])
def test_only_a_digest_becomes_a_path(store: LocalStore, name: str) -> None:
    for ask in (store.open, store.size, store.has, store.verify, store.remove):
        with pytest.raises(ValueError, match="SHA-256"):
            ask(name)


def test_strays_are_told_and_links_not_followed(store: LocalStore, tmp_path: Path) -> None:
    store.put(io.BytesIO(SCAN), MEGABYTE)
    outside = tmp_path / "milik orang lain"
    outside.mkdir()
    (outside / ".tmp-penting").write_text("jangan dihapus")
    (store.root / "tautan").symlink_to(outside)
    (store.root / ".tmp-1-2").write_bytes(b"x")
    (store.root / "catatan.txt").write_text("?")
    (store.root / ("b" * 64)).write_text("a digest, but not in its place")
    assert sorted(name for name, _ in store.strays()) == [".tmp-1-2", "b" * 64, "catatan.txt", "tautan"]
    assert [name for name, _, _ in store.names()] == [DIGEST]
    for path in (store.root / "tautan", store.root / ".tmp-1-2", outside / ".tmp-penting", store.root / "catatan.txt"):
        age(path, 2 * DAY)
    assert store.sweep(somebody, DAY, datetime.now(UTC)) == [".tmp-1-2"]
    assert (outside / ".tmp-penting").exists()


def test_it_says_whether_it_can_be_written(store: LocalStore) -> None:
    assert store.is_writable()
    assert files(store) == []
    with contextlib.suppress(FileNotFoundError):
        (store.root / ".lock").unlink()
    store.root.rmdir()
    assert not store.is_writable()


def test_the_address_of_a_folder(tmp_path: Path) -> None:
    made = store_for(f"file://{tmp_path}/berkas%20kita")
    assert made.put(io.BytesIO(SCAN), MEGABYTE).digest == DIGEST
    assert (tmp_path / "berkas kita" / DIGEST[:2]).is_dir()


@pytest.mark.parametrize("url", ["file://lampiran/x", "file:lampiran", "file:///a?b", "/srv/lampiran", ""])
def test_an_address_that_makes_no_sense_is_told(url: str) -> None:
    with pytest.raises(ValueError, match="ATTACHMENTS_URL"):
        store_for(url)


def test_object_storage_comes_later_and_its_password_is_not_told() -> None:
    with pytest.raises(ValueError, match="s3 and others come later") as told:
        store_for("s3://kunci:rahasia@ember/awalan")
    assert "rahasia" not in str(told.value)
