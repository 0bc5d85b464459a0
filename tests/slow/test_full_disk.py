"""The disk is full: a clear message, nothing half written, reading goes on; when there is room again, so does work."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from flask import Flask

from tests.engines import ENGINE
from tests.files import samples
from tests.slow import disks
from tests.slow.conftest import leave_database
from tests.slow.server import Answer, Clerk, Server

MEGABYTE = 1024 * 1024
NOISE = Path("/dev/urandom")


def paper(size: int) -> bytes:
    """A PDF of about that many bytes that can't be squeezed."""

    def filled(made: pikepdf.Pdf) -> None:
        with NOISE.open("rb") as noise:
            made.Root["/Filling"] = made.make_stream(noise.read(size))

    return samples.pdf(pages=1, change=filled)


def upload(clerk: Clerk, content: bytes) -> Answer:
    return clerk.upload({"agreement": "42", "kind": "laporan", "title": "Laporan"}, "laporan.pdf", content)


def files(data: Path) -> list[Path]:
    """Whatever lies in the store, temporary files too."""
    return sorted(path for path in (data / "attachments").rglob("*") if path.is_file() and path.name != ".lock")


def test_a_file_that_finds_no_room_is_refused_and_work_goes_on(server: Server) -> None:
    server.start()
    clerk = Clerk(server)
    assert upload(clerk, paper(1000)).status == 200
    before = files(server.data)

    server.let_files_grow(4 * MEGABYTE)
    refused = upload(clerk, paper(6 * MEGABYTE))

    assert refused.status in (422, 507)
    assert "Penyimpanan penuh" in refused.text
    assert files(server.data) == before
    reads(clerk)
    assert upload(clerk, paper(2000)).status == 200

    server.let_files_grow(2**40)
    assert upload(clerk, paper(6 * MEGABYTE)).status == 200
    assert server.command("verify").returncode == 0


def reads(clerk: Clerk) -> None:
    """Pages can be opened, and a file that is there can be taken."""
    for page in ("/admin/agreement/", "/admin/agreement/details/?id=42", "/admin/attachment/", "/admin/partner/"):
        assert clerk.get(page).status == 200


@pytest.fixture
def small(app: Flask, database: Any, tmp_path: Path) -> Iterator[Server]:
    """A server whose files, temporary ones and SQLite's too, lie on a disk with little room."""
    leave_database(app)
    with disks.small_disk(tmp_path / "disk") as folder:
        url = database.url
        if ENGINE == "sqlite":
            shutil.copy(database.folder / "register.db", folder / "register.db")
            url = f"sqlite:///{folder / 'register.db'}"
        running = Server(folder, url, TMPDIR=str(folder))
        yield running
        running.stop()


@pytest.mark.skipif("tmpfs" not in disks.kinds(), reason="mounting is not allowed here; the bound on files stands for it")
def test_a_disk_without_room_refuses_what_is_new_and_shows_what_is_there(small: Server) -> None:
    small.start()
    clerk = Clerk(small)
    assert upload(clerk, paper(1000)).status == 200
    before = files(small.data)

    filling = disks.fill(small.data)
    refused = upload(clerk, paper(3 * MEGABYTE))

    assert refused.status in (422, 507)
    assert "Penyimpanan penuh" in refused.text
    assert files(small.data) == before
    reads(clerk)

    filling.unlink()
    assert upload(clerk, paper(3 * MEGABYTE)).status == 200
    assert json.loads(upload(clerk, paper(1000)).body)["ok"]
    assert small.command("verify").returncode == 0
