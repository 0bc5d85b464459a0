"""The way to Flask-Migrate, which brings Alembic along: loaded when a migration is asked for, never to serve a page."""

from typing import Any

import click
from flask import Flask

from config import ROOT
from extensions import db


def init_app(app: Flask) -> None:
    """Tie `flask db …` to the application, and what Flask-Migrate's functions look for there."""
    app.extensions["migrate"] = _Late(app)
    app.cli.add_command(_Commands("db", help="Database migrations."))


class _Late:
    """Stands where Flask-Migrate keeps what it knows of the application, and makes way for it at the first question."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate  # noqa: PLC0415 - see above

        Migrate(render_as_batch=True).init_app(self.app, db, directory=str(ROOT / "migrations"))
        return getattr(self.app.extensions["migrate"], name)


class _Commands(click.Group):
    """Stands for Flask-Migrate's commands in the list of all, and hands over to them."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> click.Context:
        from flask_migrate.cli import db as theirs  # noqa: PLC0415 - see above

        return theirs.make_context(info_name, args, parent=parent, **extra)
