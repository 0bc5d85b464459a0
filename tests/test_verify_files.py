"""`flask verify`: files that are missing, damaged or swapped, and what lies in the store without a row, are told one by one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from models import Attachment
from sikerja.files.store import LocalStore
from tests import stores
from tests.rows import change
from tests.world import World

OTHER = "f" * 64


def missing(world: World) -> None:
    world.file(1).unlink()


def damaged(world: World) -> None:
    stores.overwrite(world.file(1), world.file(1).read_bytes().replace(b"Sikerja", b"sikerja", 1) + b" ")


def cut_off(world: World) -> None:
    stores.overwrite(world.file(1), world.file(1).read_bytes()[:-1])


def emptied(world: World) -> None:
    stores.overwrite(world.file(1), b"")


def swapped(world: World) -> None:
    stores.overwrite(world.file(1), world.file(4).read_bytes())


FILES: dict[str, tuple[Callable[[World], None], str]] = {
    "missing": (missing, "file_missing file {digest}: Berkas tidak ada di penyimpanan. Dipakai lampiran 1."),
    "damaged": (damaged, "file_damaged file {digest}: Isi berkas sudah bukan yang disimpan. Dipakai lampiran 1."),
    "cut off": (cut_off, "file_damaged file {digest}: Isi berkas sudah bukan yang disimpan. Dipakai lampiran 1."),
    "emptied": (emptied, "file_damaged file {digest}: Isi berkas sudah bukan yang disimpan. Dipakai lampiran 1."),
    "swapped": (swapped, "file_swapped file {digest}: Tertukar: isinya adalah isi berkas {other}. Dipakai lampiran 1."),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_is_not_what_was_stored_is_one_line(world: World, case: str) -> None:
    make, expected = FILES[case]
    make(world)

    assert world.lines() == [expected.format(digest=world.digest(1), other=world.digest(4))]


def test_two_files_that_changed_places_are_told_both(world: World) -> None:
    one, other = world.file(1), world.file(4)
    first, second = one.read_bytes(), other.read_bytes()
    stores.overwrite(one, second)
    stores.overwrite(other, first)

    assert sorted(line.split(". ")[0] for line in world.lines()) == sorted(
        f"file_swapped file {digest}: Tertukar: isinya adalah isi berkas {found}"
        for digest, found in ((world.digest(1), world.digest(4)), (world.digest(4), world.digest(1)))
    )


def test_a_file_that_the_disk_does_not_give(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, opened = world.digest(1), LocalStore.open

    def broken(self: LocalStore, digest: str) -> Any:
        if digest == bad:
            raise OSError(5, "Input/output error")
        return opened(self, digest)

    monkeypatch.setattr(LocalStore, "open", broken)

    assert world.lines() == [f"file_unreadable file {bad}: Berkas tidak dapat dibaca: Input/output error. Dipakai lampiran 1."]


def test_a_file_of_many_attachments_names_the_first_of_them(world: World) -> None:
    digest, size = world.digest(1), world.file(1).stat().st_size
    change(world.app, update(Attachment).where(Attachment.id.in_([8, 9, 10])).values(digest=digest, size=size))
    world.file(1).unlink()

    told = [line for line in world.lines() if line.startswith("file_missing")]

    assert told == [f"file_missing file {digest}: Berkas tidak ada di penyimpanan. Dipakai lampiran 1, 8, 9 dan lainnya."]


def test_a_digest_that_is_none(world: World) -> None:
    world.file(1).unlink()
    world.sql("UPDATE attachment SET digest = '../../etc/passwd' WHERE id = 1")

    assert world.lines() == ["digest attachment 1: “../../etc/passwd” bukan sidik SHA-256."]


STRAYS: dict[str, tuple[str, str]] = {
    "a file without a row": (
        f"{OTHER[:2]}/{OTHER[2:4]}/{OTHER}",
        f"stray_file file {OTHER}: Berkas tanpa lampiran, 3 byte, sejak ",
    ),
    "a temporary file": (".tmp-7-ab", "stray_temporary file .tmp-7-ab: Berkas sementara, sejak "),
    "what never belonged there": ("catatan.txt", "stray_other file catatan.txt: "),
    "a file in the wrong folder": (f"aa/bb/{OTHER}", f"stray_other file aa/bb/{OTHER}: "),
    "a name that would be two lines": ("a\nfile_missing b", "stray_other file a\\nfile_missing b: "),
    "a name in no letters": (b"\xff\xfe".decode("utf-8", "surrogateescape"), "stray_other file \\udcff\\udcfe: "),
}


@pytest.mark.parametrize("case", STRAYS)
def test_a_stray_is_told_at_once(world: World, case: str) -> None:
    name, expected = STRAYS[case]
    path = world.store.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"abc")

    lines = world.lines()

    assert len(lines) == 1, lines
    assert lines[0].startswith(expected)


def test_a_link_in_the_place_of_a_file(world: World, tmp_path: Path) -> None:
    place = world.file(1)
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")

    assert sorted(line.split()[0] for line in world.lines()) == ["file_missing", "stray_other"]


def test_a_store_that_is_gone(world: World) -> None:
    world.store.root.rename(world.store.root.with_name("unmounted"))

    assert [line.split()[0] for line in world.lines()] == ["file_missing"] * 13
