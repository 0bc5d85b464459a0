"""Sikerja as in production: signed in as staff, permissions and audit on."""

import os
import re
import secrets
from typing import Any

from sqlalchemy import event

from bench.operations import PAGE
from bench.probe import Probe
from bench.subjects import Cannot
from bench.subjects.addresses import address
from bench.wsgi import Application, ask, cookies


class Sikerja:
    """The application itself, by a clerk whom the benchmark makes."""

    key_pattern = r'<tr data-key="([^"]+)"'

    def __init__(self, url: str, probe: Probe) -> None:
        os.environ |= {"SIKERJA_ENV": "production", "SECRET_KEY": secrets.token_urlsafe(48), "DATABASE_URL": url}
        from app import create_app
        from extensions import db

        self.probe, self.statements = probe, 0
        app = create_app()
        self.application: Application = app
        self.password = secrets.token_urlsafe(16)
        with app.app_context():
            self.email = self._make_clerk(db)
            event.listen(db.engine, "before_cursor_execute", self._note)
        self.cookie = self._sign_in()

    def _make_clerk(self, db: Any) -> str:
        from sikerja import accounts

        email = f"bench-{secrets.token_hex(6)}@sikerja.test"
        accounts.create_checked(
            db.session(), email=email, name="Bench", role="staff", unit_id=None, password=self.password
        )  # fmt: skip
        db.session.commit()
        db.session.remove()
        return email

    def _note(self, *_told: Any) -> None:
        self.statements += 1

    def _sign_in(self) -> str:
        page = ask(self.application, "/login")
        cookie = cookies(page)
        token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page.body)
        assert token is not None, "no sign-in page"
        form = {"email": self.email, "password": self.password, "csrf_token": token[1].decode()}
        answer = ask(self.application, "/login", cookie=cookie, form=form)
        assert answer.status == 302, f"sign-in was answered {answer.status}"
        return cookies(answer, cookie)

    def address(self, operation: str) -> str | Cannot:
        """The path of an operation."""
        own = {"validity": {"flt0_validity_equals": "active"}, "by_partner": {"sort": "partner"}, "by_unit": {"sort": "unit"}}
        return address(self.probe, operation, own, {"page_size": PAGE})


def make(url: str, probe: Probe, _variant: str) -> Sikerja:
    """Sikerja over that register."""
    return Sikerja(url, probe)
