"""The people of the tests: each a browser of their own, signed in as themselves.

Sinta is a clerk of the bureau (staff), Andi its administrator, Rahmat the head of the bureau (supervisor), Dewi works at Dinas
Perhubungan (unit), Bima audits for the Inspektorat (auditor); Tamu is a stranger without an account. Budi sits beside Andi, so
that two may open whatever an administrator may.
"""

import contextvars
import re
from collections.abc import Callable
from typing import Any

from flask import Flask, has_app_context

from extensions import db

ROLES = ("admin", "staff", "supervisor", "unit", "auditor")
PASSWORD = "sikerja-demo-2026"
BASE = "http://localhost"


class Person:
    """Someone with a browser. Posts carry the CSRF token of the page they would be sent from."""

    def __init__(self, app: Flask, role: str | None = None) -> None:
        self.app, self.role = app, role
        self.client = app.test_client()
        if role is not None:
            answer = self.sign_in(f"{role}@sikerja.test", PASSWORD)
            assert answer.status_code == 302, answer.text

    def sign_in(self, email: str, password: str, **more: str) -> Any:
        return self.post("/login", {"email": email, "password": password, **more}, page="/login")

    def get(self, url: str, **options: Any) -> Any:
        return self._send(self.client.get, url, **options)

    def head(self, url: str) -> Any:
        return self._send(self.client.head, url)

    def _send(self, method: Any, url: str, **options: Any) -> Any:
        def sent() -> Any:
            answer = method(url, base_url=BASE, **options)
            answer.get_data()  # a file is written while it is read: read it here
            answer.close()
            return answer

        return self._apart(sent)

    def pieces(self, url: str) -> list[bytes]:
        """The pieces that a file is sent in."""

        def sent() -> list[bytes]:
            answer = self.client.get(url, base_url=BASE)
            pieces = [piece for piece in answer.response if piece]
            answer.close()
            return pieces

        return self._apart(sent)

    @staticmethod
    def _apart(act: Callable[[], Any]) -> Any:
        """Do it as a request from outside does: a test that holds a session lends it neither its `g`, and so its user, nor its lock."""
        if has_app_context():
            db.session.rollback()
        return contextvars.Context().run(act)

    def token(self, page: str = "/account/") -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found, f"no CSRF token on {page}"
        return found[1]

    def post(self, url: str, data: Any = None, page: str = "/account/", **options: Any) -> Any:
        token = self.token(page)
        if isinstance(data, list):
            data = {name: [value for key, value in data if key == name] for name, _ in data}
        return self._send(self.client.post, url, data={**(data or {}), "csrf_token": token}, **options)

    def post_body(self, url: str, body: bytes, content_type: str, **options: Any) -> Any:
        """A body as it travels, token and all."""
        return self._send(self.client.post, url, data=body, content_type=content_type, **options)

    def keys(self, url: str) -> list[str]:
        """The keys of the rows of a list."""
        page = self.get(url)
        assert page.status_code == 200, page.text
        return re.findall(r'<tr data-key="([^"]+)"', page.text)

    def total(self, url: str) -> int:
        """The total that a list says it has."""
        found = re.search(r'data-total="(\d+)"', self.get(url).text)
        assert found, f"no total on {url}"
        return int(found[1])


def is_in(person: Person) -> bool:
    """True where the person is still signed in."""
    answer = person.get("/account/")
    assert answer.status_code in (200, 302)
    return bool(answer.status_code == 200)
