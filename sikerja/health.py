"""Is the application ready to serve: database, schema at head, storage writable."""

import tempfile
from collections.abc import Callable

from flask import Flask
from sqlalchemy import Connection, text

from config import ROOT
from extensions import db
from sikerja.files import place


def failing(app: Flask) -> list[str]:
    """The names of the parts that fail, none where all is well."""
    checks: dict[str, Callable[[Flask], bool]] = {"database": _database, "schema": _schema, "storage": _storage}
    return [name for name, check in checks.items() if not _holds(check, app)]


def _holds(check: Callable[[Flask], bool], app: Flask) -> bool:
    try:
        return check(app)
    except Exception:  # whatever goes wrong, the answer is that this part fails
        app.logger.exception("health check failed")
        return False


def _database(app: Flask) -> bool:
    with db.engine.connect() as connection:
        return connection.scalar(text("SELECT 1")) == 1


def _schema(app: Flask) -> bool:
    with db.engine.connect() as connection:
        return is_at_head(connection)


def is_at_head(connection: Connection) -> bool:
    """Whether the schema is the one that this version of the program knows."""
    from alembic.migration import MigrationContext  # noqa: PLC0415 - loads slowly, and no page needs it

    return MigrationContext.configure(connection).get_current_revision() == head()


def head() -> str | None:
    """The newest migration of this version of the program."""
    from alembic.config import Config  # noqa: PLC0415 - as above
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head()


def _storage(app: Flask) -> bool:
    with tempfile.TemporaryFile(dir=app.config["SIKERJA_DATA"]) as probe:
        probe.write(b"sikerja")
    return place.the_store().is_writable()
