"""Pages that need no account: the front page, and what a monitor asks."""

from typing import Any

from flask import Blueprint, current_app, g, jsonify, render_template

from sikerja import health

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
def front() -> Any:
    """What this is, and the way in."""
    return render_template("sikerja/front.html")


@blueprint.get("/healthz")
def healthz() -> Any:
    """The process is alive; no database is asked."""
    g.without_user = True
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> Any:
    """Database, schema and storage are there: 200, or 503 with the names of what fails and nothing more."""
    g.without_user = True
    failing = health.failing(current_app)
    return jsonify(status="fail" if failing else "ok", failing=failing), 503 if failing else 200
