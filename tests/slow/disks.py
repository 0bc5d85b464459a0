"""A disk that can be full: a small file system in memory where mounting is allowed, and a bound on the length of files."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

SIZE = 12 * 1024 * 1024
RESERVE = 64 * 1024


def kinds() -> tuple[str, ...]:
    """What can be tried on this machine."""
    return ("RLIMIT_FSIZE", "tmpfs") if _can_mount() else ("RLIMIT_FSIZE",)


@cache
def _can_mount() -> bool:
    with tempfile.TemporaryDirectory() as folder, suppress(OSError):
        if _mount(Path(folder)):
            _unmount(Path(folder))
            return True
    return False


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """The folder as a file system of its own with little room."""
    folder.mkdir()
    assert _mount(folder)
    try:
        yield folder
    finally:
        _unmount(folder)


def fill(folder: Path) -> Path:
    """Fill the file system up; returns the file that takes the room."""
    filling = folder / "filling"
    with filling.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(RESERVE))
    with filling.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1024))
    return filling


def _mount(folder: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "sikerja-test", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)
