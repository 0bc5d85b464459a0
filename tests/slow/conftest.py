"""The slow lane: a server of its own for a test, over the test's copy of the register and a store of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from extensions import db
from models import Attachment, StageDocument
from tests.rows import change
from tests.slow.server import Server


@pytest.fixture
def server(app: Flask, database: Any, tmp_path: Path) -> Iterator[Server]:
    """A server of the production kind, not yet started."""
    leave_database(app)
    running = Server(tmp_path, database.url)
    yield running
    running.stop()


def leave_database(app: Flask) -> None:
    """Leave the register to the server's processes; the sample's files lie in another store, so their rows go."""
    change(app, StageDocument.__table__.delete())
    change(app, Attachment.__table__.delete())
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
