"""The production server as it is started: what it says of itself, how it ends, and that a slow client holds nobody up."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.slow import filling
from tests.slow.conftest import leave_database
from tests.slow.server import PATIENCE, Clerk, Gone, Server

MANY = 8000
LONG = "Ruang lingkup kerja sama yang panjang. " * 50
KEY = "k3y-of-forty-random-looking-characters-Zq9"


@pytest.fixture
def production(app: Flask, database: Any, tmp_path: Path) -> Iterator[Server]:
    """The server as production runs it, not yet started."""
    leave_database(app)
    running = Server(tmp_path, database.url, SIKERJA_ENV="production", SECRET_KEY=KEY)
    yield running
    running.stop()


def until_shut(server: Server) -> None:
    """Knock until nobody opens."""
    with suppress(Gone):
        while True:
            server.request("GET", "/healthz")


def answered(server: Server, sent: bytes) -> bytes:
    """What comes back for these bytes, until the server closes."""
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as line:
        line.sendall(sent)
        return b"".join(iter(lambda: line.recv(65536), b""))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"200"),
        (b"GET /nope HTTP/1.0\r\nHost: localhost\r\n\r\n", b"404"),
        (b"GET /healthz HTTP/1.0\r\nHost: elsewhere.test\r\n\r\n", b"400"),
        (b"GET /?search=Hendra HTTP/9\r\n\r\n", b"400"),
        (b"G\x00T / HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nBad Name: 1\r\n\r\n", b"400"),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\nA: " + b"b" * 20000 + b"\r\n\r\n", b"431"),
    ],
    ids=lambda value: value[:12].decode(errors="replace"),
)
def test_no_answer_tells_what_serves_it(production: Server, sent: bytes, status: bytes) -> None:
    production.start()

    answer = answered(production, sent)

    assert answer.split()[1] == status
    lowered = answer.lower()
    for word in (b"gunicorn", b"python", b"werkzeug", b"flask", b"27.0"):
        assert word not in lowered


def test_its_log_is_json_whoever_writes_it(production: Server) -> None:
    production.start()
    sinta = Clerk(production)
    sinta.get("/admin/agreement/?search=angkutan")
    answered(production, b"GET /?search=Hendra HTTP/9\r\n\r\n")
    production.end()
    assert production.process is not None
    production.process.wait(PATIENCE)

    lines = [json.loads(line) for line in production.written.read_text().splitlines()]

    asked = {(line["endpoint"], line["status"], line["role"]) for line in lines if line["logger"] == "sikerja.request"}
    assert {("public.healthz", 200, None), ("agreement.index_view", 200, "staff"), ("account.login", 302, None)} <= asked
    assert not any(word in production.written.read_text() for word in ("Hendra", "angkutan", "staff@", "sikerja-demo"))


def test_an_export_under_way_ends_whole_and_nobody_new_is_let_in(production: Server, app: Flask) -> None:
    filling.fill(app, MANY, LONG)
    leave_database(app)
    production.start()
    sinta = Clerk(production)
    head = f"GET /admin/agreement/export/csv/ HTTP/1.0\r\nHost: localhost\r\nCookie: {sinta.cookie}\r\n\r\n"

    with socket.create_connection(("127.0.0.1", production.port), PATIENCE) as line:
        line.sendall(head.encode())
        got = [line.recv(1024)]
        production.end()
        until_shut(production)
        got += iter(lambda: line.recv(65536), b"")

    file = b"".join(got).decode()
    assert file.startswith("HTTP/1.0 200 OK")
    assert file.count(LONG.strip()) == MANY
    assert file.endswith("\r\n")
    assert production.process is not None
    assert production.process.wait(PATIENCE) == 0


def test_clients_who_never_finish_their_request_hold_nobody_up(production: Server) -> None:
    production.start()
    with ExitStack() as idle:
        lines = [idle.enter_context(socket.create_connection(("127.0.0.1", production.port), PATIENCE)) for _ in range(16)]
        for line in lines:
            line.sendall(b"GET /login HTTP/1.1\r\nHost: local")

        assert [production.request("GET", "/healthz").status for _ in range(8)] == [200] * 8
        assert [line.recv(1000) for line in lines] == [b""] * 16
