"""A store of the test's own: it may be damaged, the one that the tests share may not."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import Flask
from sqlalchemy import select

from models import Attachment
from sikerja.files.store import LocalStore
from tests.rows import ask


def own(app: Flask, folder: Path) -> LocalStore:
    """The application's store from now on: a copy with the files of the sample register."""
    shared = LocalStore(Path(unquote(urlsplit(app.config["ATTACHMENTS_URL"]).path)))
    store = LocalStore(folder / "attachments")
    # Other tests have left files of their own in the shared one.
    for digest in ask(app, select(Attachment.digest).distinct()):
        kept = place(store, digest)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(place(shared, digest), kept)
    app.config["ATTACHMENTS_URL"] = store.root.as_uri()
    return store


def place(store: LocalStore, digest: str) -> Path:
    """Where a file lies."""
    return store.root / digest[:2] / digest[2:4] / digest


def overwrite(path: Path, content: bytes) -> None:
    """What no program of ours does: other content under the same name."""
    path.chmod(0o640)
    path.write_bytes(content)


def age(path: Path, by: timedelta) -> None:
    """Make it look as if it had been put so long ago."""
    long_ago = (datetime.now(UTC) - by).timestamp()
    os.utime(path, (long_ago, long_ago), follow_symlinks=False)
