"""The register and its store behind the application's back, for tests: anything in them can be made wrong, then verified."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import NullPool, create_engine, select, text

from extensions import db
from models import Attachment
from sikerja.files.store import LocalStore
from tests import engines, stores
from tests.rows import ask

SQLITE = engines.ENGINE == "sqlite"


class World:
    """The register and its store, as someone finds them who holds to no rule."""

    def __init__(self, app: Flask, store: LocalStore) -> None:
        self.app, self.store = app, store

    def sql(self, *statements: str) -> None:
        """Change rows with checks and foreign keys switched off, as a careless tool does."""
        with self.app.app_context():
            url = db.engine.url
        if SQLITE:
            tool = sqlite3.connect(str(url.database), isolation_level=None)
            for statement in ("PRAGMA foreign_keys=OFF", "PRAGMA ignore_check_constraints=ON", *statements):
                tool.execute(statement)
            tool.close()
            return
        with create_engine(url, poolclass=NullPool).begin() as connection:
            for statement in ("SET session_replication_role = replica", *statements):
                connection.execute(text(statement))

    def digest(self, attachment_id: int) -> str:
        return str(ask(self.app, select(Attachment.digest).where(Attachment.id == attachment_id))[0])

    def file(self, attachment_id: int) -> Path:
        return stores.place(self.store, self.digest(attachment_id))

    def verify(self, *options: str) -> Any:
        return self.app.test_cli_runner().invoke(args=["verify", *options])

    def lines(self) -> list[str]:
        """The faults that are told; the closing line counts them."""
        answer = self.verify()
        *faults, closing = answer.output.splitlines()
        said = f"{len(faults)} kesalahan." if faults else "Tidak ada kesalahan."
        assert closing.startswith("Diperiksa: "), answer.output
        assert closing.endswith(said), answer.output
        assert answer.exit_code == (1 if faults else 0)
        return faults


@pytest.fixture
def world(app: Flask, tmp_path: Path) -> World:
    """The sample register with a store of its own, ready to be spoiled."""
    found = World(app, stores.own(app, tmp_path))
    with app.app_context():
        db.engine.dispose()  # a connection that is open remembers the tables as they were
    return found


@pytest.fixture
def broken_schema(world: World, database: Any) -> Iterator[World]:
    """A register whose tables the test may change; they are made anew afterwards."""
    yield world
    with world.app.app_context():
        db.session.remove()
        db.engine.dispose()
        database.rebuild()
