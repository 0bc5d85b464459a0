"""`flask sweep`: what no row names goes when it is old enough; whatever a row names stays, come what may."""

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update

from extensions import db
from models import Attachment, StageDocument
from sikerja.files import place
from sikerja.files.store import LocalStore
from tests import stores
from tests.people import Person
from tests.rows import ask, change

DAY = timedelta(days=1)
LEFT = b"%PDF-1.7 unggahan yang terputus"
LEFT_DIGEST = hashlib.sha256(LEFT).hexdigest()


@pytest.fixture
def store(app: Flask, tmp_path: Path) -> LocalStore:
    """A store with the sample's files, all of them old."""
    made = stores.own(app, tmp_path)
    app.config["SIKERJA_DATA"] = tmp_path
    for blob in made.names():
        stores.age(stores.place(made, blob.digest), 10 * DAY)
    return made


def left_behind(store: LocalStore, content: bytes = LEFT, old: timedelta = 2 * DAY) -> Path:
    """A file whose row never came."""
    path = stores.place(store, store.put(io.BytesIO(content), 1000).digest)
    stores.age(path, old)
    return path


def sweep(app: Flask, *options: str) -> Any:
    return app.test_cli_runner().invoke(args=["sweep", *options])


def test_nothing_to_sweep(app: Flask, store: LocalStore) -> None:
    answer = sweep(app)

    assert (answer.exit_code, answer.output) == (0, "Tidak ada yang perlu dihapus.\n")
    assert sum(1 for _ in store.names()) == 13


def test_a_file_without_a_row_goes_and_is_named(app: Flask, store: LocalStore) -> None:
    path = left_behind(store)

    answer = sweep(app)

    assert answer.output == f"{LEFT_DIGEST}\nDihapus: 1 berkas tanpa naskah, 0 gambar halaman.\n"
    assert not path.exists()
    assert sum(1 for _ in store.names()) == 13


@pytest.mark.parametrize(
    ("hours_old", "options", "stays"),
    [(23, (), True), (25, (), False), (25, ("--grace", "48"), True), (0, ("--grace", "0"), False)],
)
def test_what_is_young_stays(app: Flask, store: LocalStore, hours_old: int, options: tuple[str, ...], stays: bool) -> None:
    path = left_behind(store, old=timedelta(hours=hours_old, seconds=1))

    sweep(app, *options)

    assert path.exists() == stays


def test_temporary_files_of_the_dead_go(app: Flask, store: LocalStore) -> None:
    dead, living = store.root / ".tmp-7-dead", store.root / ".tmp-8-living"
    for path in (dead, living):
        path.write_bytes(b"setengah")
    stores.age(dead, 2 * DAY)

    assert sweep(app).output.splitlines()[0] == ".tmp-7-dead"
    assert (dead.exists(), living.exists()) == (False, True)


def test_what_never_belonged_there_is_left_to_the_operator(app: Flask, store: LocalStore) -> None:
    path = store.root / "catatan.txt"
    path.write_text("jangan dihapus")
    stores.age(path, 100 * DAY)

    sweep(app)

    assert path.exists()


def test_a_file_of_the_bin_stays(app: Flask, store: LocalStore) -> None:
    change(app, update(Attachment).values(deleted_at=text("CURRENT_TIMESTAMP")))

    sweep(app)

    assert sum(1 for _ in store.names()) == 13


def test_a_row_that_comes_while_it_sweeps_keeps_its_file(
    app: Flask, store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = left_behind(store)
    swept = LocalStore.sweep

    def late(self: LocalStore, keep: Callable[[str], bool], *rest: Any) -> list[str]:
        change(app, update(Attachment).where(Attachment.id == 1).values(digest=LEFT_DIGEST, size=len(LEFT)))
        return swept(self, keep, *rest)

    monkeypatch.setattr(LocalStore, "sweep", late)
    sweep(app)

    assert path.exists()


def test_known_content_that_is_put_again_is_young_again(app: Flask, store: LocalStore) -> None:
    path = left_behind(store)
    store.put(io.BytesIO(LEFT), 1000)  # its row isn't committed yet

    sweep(app)

    assert path.exists()


def test_drawn_pages_of_what_went_go_too(app: Flask, store: LocalStore) -> None:
    left_behind(store)
    with app.app_context():
        folder = place.the_gallery().folder
    kept = ask(app, select(Attachment.digest).where(Attachment.id == 1))[0]
    for digest in (LEFT_DIGEST, kept):
        (folder / digest[:2] / digest).mkdir(parents=True)
        (folder / digest[:2] / digest / "1-800.png").write_bytes(b"png")

    sweep(app)

    assert [path.parent.name for path in folder.rglob("*.png")] == [kept]


def test_the_oldest_pages_beyond_the_limit_go(app: Flask, store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sikerja.sweeping.MOST_OF_PAGES", 10)
    folder = app.config["SIKERJA_DATA"] / "pages" / "ab" / ("ab" * 32)
    folder.mkdir(parents=True)
    for page in (1, 2, 3):
        (folder / f"{page}-800.png").write_bytes(b"12345")
        stores.age(folder / f"{page}-800.png", (4 - page) * DAY)

    assert sweep(app).output == "Dihapus: 0 berkas tanpa naskah, 1 gambar halaman.\n"
    assert sorted(path.name for path in folder.iterdir()) == ["2-800.png", "3-800.png"]


def test_it_says_nothing_where_it_is_asked_to_be_quiet(app: Flask, store: LocalStore) -> None:
    assert sweep(app, "--quiet").output == ""

    left_behind(store)
    assert sweep(app, "--quiet").output.startswith(LEFT_DIGEST)


# --- the wrong database ------------------------------------------------------------------------------------------


def test_a_database_that_knows_few_of_the_files_sweeps_nothing(app: Flask, store: LocalStore) -> None:
    change(app, delete(StageDocument))
    change(app, delete(Attachment).where(Attachment.edition == 3))
    change(app, delete(Attachment).where(Attachment.edition == 2))
    change(app, delete(Attachment))

    answer = sweep(app)

    assert answer.exit_code == 1
    assert "13 berkas, lebih dari separuh penyimpanan, tidak dikenal basis data ini. Tidak ada yang dihapus." in answer.output
    assert sum(1 for _ in store.names()) == 13

    assert sweep(app, "--more-than-half").exit_code == 0
    assert list(store.names()) == []


def test_many_strays_among_more_files_go(app: Flask, store: LocalStore) -> None:
    for number in range(12):
        left_behind(store, f"%PDF-1.7 {number}".encode())

    assert "Dihapus: 12 berkas tanpa naskah" in sweep(app).output
    assert sum(1 for _ in store.names()) == 13


def test_an_older_schema_is_not_asked(app: Flask, store: LocalStore) -> None:
    path = left_behind(store)
    change(app, text("UPDATE alembic_version SET version_num = '0001'"))

    answer = sweep(app)

    assert (answer.exit_code, "Jalankan flask db upgrade dulu." in answer.output) == (1, True)
    assert path.exists()


@pytest.mark.parametrize("hours", ["-1", "nan", "satu", "99999999"])
def test_a_grace_that_makes_no_sense(app: Flask, store: LocalStore, hours: str) -> None:
    path = left_behind(store)

    assert sweep(app, "--grace", hours).exit_code == 2
    assert path.exists()


# --- readyz ------------------------------------------------------------------------------------------------------


def test_readyz_knows_a_store_that_takes_no_files(app: Flask, store: LocalStore) -> None:
    assert Person(app).get("/readyz").status_code == 200

    store.root.rename(store.root.with_name("unmounted"))
    answer = Person(app).get("/readyz")

    assert (answer.status_code, answer.json) == (503, {"failing": ["storage"], "status": "fail"})


def test_the_database_stands_as_it_stood(app: Flask, store: LocalStore) -> None:
    before = ask(app, select(Attachment.digest).order_by(Attachment.id))
    left_behind(store)

    sweep(app)

    with app.app_context():
        assert list(db.session.scalars(select(Attachment.digest).order_by(Attachment.id))) == before
