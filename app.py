"""The application: wires the parts and returns it, nothing else."""

from typing import Any

from flask import Flask

import cli
import models
import views
from config import ROOT, settings
from extensions import babel, csrf, db, login
from sikerja import audit, lazily, logs, migrating, search, translations
from views import requestlog, uploads


def create_app(overrides: dict[str, Any] | None = None) -> Flask:
    """A Sikerja application by the environment's settings; `overrides` are for tests."""
    app = Flask(__name__, root_path=str(ROOT))
    app.config.update(settings())
    app.config.update(overrides or {})
    logs.configure(app.config["SIKERJA_ENV"])
    db.init_app(app)
    migrating.init_app(app)
    login.init_app(app)
    uploads.init_app(app)  # before the form's token is looked for: that reads what was sent
    csrf.init_app(app)
    babel.init_app(app, default_locale="id")
    translations.init()
    views.init_app(app)
    requestlog.init_app(app)
    cli.init_app(app)
    return app


__all__ = ["audit", "create_app", "lazily", "models", "search"]
