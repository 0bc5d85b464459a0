"""A start is quick since it loads only what a page needs; what makes files, reads uploads or migrates waits until it is asked for."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from config import ROOT
from extensions import db

HEAVY = ("xlsxwriter", "pikepdf", "pypdfium2", "holidays", "alembic", "flask_migrate", "mako", "gunicorn")
VISIT = """
import re, sys
import app

made = app.create_app()
client = made.test_client()
token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)[1]
form = {"email": "staff@sikerja.test", "password": "sikerja-demo-2026", "csrf_token": token}
assert client.post("/login", data=form).status_code == 302
assert client.get("/admin/agreement/").status_code == 200
assert client.get("/admin/").status_code == 200
assert client.get("/admin/agreement/export/csv/").data
print(*(name for name in sys.argv[1:] if name in sys.modules))
"""


@pytest.fixture
def alone(app: Flask, database: Any, tmp_path: Path) -> dict[str, str]:
    """The environment of a process over this test's register."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return {
        "PATH": os.defpath, "SIKERJA_ENV": "testing", "SIKERJA_DATA": str(tmp_path), "DATABASE_URL": database.url,
        "SIKERJA_TODAY": "2026-11-24",
    }  # fmt: skip


def loaded(environment: dict[str, str], *more: str) -> list[str]:
    ended = subprocess.run(
        [sys.executable, "-c", VISIT + "\n".join(more), *HEAVY], cwd=ROOT, env=environment, check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    return ended.stdout.split()


def test_pages_and_a_csv_load_none_of_the_heavy_libraries(alone: dict[str, str]) -> None:
    assert loaded(alone) == []


def test_a_library_is_noticed_when_it_is_loaded(alone: dict[str, str]) -> None:
    more = (
        'client.get("/readyz"); client.get("/admin/agreement/export/xlsx/").data',
        "print('alembic' in sys.modules, 'xlsxwriter' in sys.modules)",
    )

    assert loaded(alone, *more) == ["True", "True"]


def test_what_was_loaded_is_not_looked_through_again_and_what_comes_later_is(alone: dict[str, str]) -> None:
    """The server holds Python's collector back until all is loaded, then sets what is there aside for good."""
    told = """
import gc, runpy
made = runpy.run_path("gunicorn.conf.py")
held_back = not gc.isenabled()
made["when_ready"](None)
print(held_back, gc.get_freeze_count() > 10_000, gc.isenabled())
"""
    ended = subprocess.run([sys.executable, "-c", told], cwd=ROOT, env=alone, check=True, capture_output=True, text=True)

    assert ended.stdout.split() == ["True", "True", "True"]
