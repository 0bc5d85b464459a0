"""A store of the test's own: it may be damaged, the one that the tests share may not."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import Flask

from sikerja.files.store import LocalStore


def own(app: Flask, folder: Path) -> LocalStore:
    """The application's store from now on: a copy with the files of the sample register."""
    shared = Path(unquote(urlsplit(app.config["ATTACHMENTS_URL"]).path))
    root = folder / "attachments"
    shutil.copytree(shared, root)
    app.config["ATTACHMENTS_URL"] = root.as_uri()
    return LocalStore(root)


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
