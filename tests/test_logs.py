"""What the server writes down: a line of JSON for each request, that names nobody and holds nothing of what was typed."""

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config import ROOT
from models import User
from sikerja import logs
from sikerja.listing import Listing
from tests.loglines import Lines
from tests.people import Person

FIELDS = [
    "at", "level", "logger", "message", "request_id", "user_id", "role", "method", "endpoint", "status", "ms", "statements",
    "bytes",
]  # fmt: skip


def test_a_request_is_one_line_with_a_number_for_the_person(sinta: Person, session: Session, lines: Lines) -> None:
    sinta_id = session.query(User.id).filter_by(email="staff@sikerja.test").scalar()

    page = sinta.get("/admin/agreement/?search=angkutan&flt0_partner_contains=Pinrang")

    (line,) = lines.told()
    assert list(line) == FIELDS
    assert line | {"at": "", "ms": 0} == {
        "at": "", "level": "INFO", "logger": "sikerja.request", "message": "GET agreement.index_view 200",
        "request_id": page.headers["X-Request-ID"], "user_id": sinta_id, "role": "staff", "method": "GET",
        "endpoint": "agreement.index_view", "status": 200, "ms": 0, "statements": line["statements"], "bytes": len(page.data),
    }  # fmt: skip
    assert line["at"].endswith("+00:00")
    assert 3 <= line["statements"] <= 6
    assert line["ms"] > 0


@pytest.mark.parametrize(
    ("url", "endpoint", "status"),
    [
        ("/healthz", "public.healthz", 200),
        ("/admin/agreement/", "agreement.index_view", 302),
        ("/nope/3275012345678901/andi@contoh.test", None, 404),
        ("/nope%0d%0a{%22level%22:%22forged%22}", None, 404),
    ],
)
def test_an_address_is_told_by_its_endpoint_alone(
    tamu: Person, lines: Lines, url: str, endpoint: str | None, status: int
) -> None:
    tamu.get(url)

    (line,) = lines.told()
    assert (line["endpoint"], line["status"], line["user_id"], line["role"]) == (endpoint, status, None, None)


def test_a_file_is_told_when_its_last_byte_is_out(sinta: Person, lines: Lines) -> None:
    file = sinta.get("/admin/agreement/export/csv/")

    (line,) = lines.told()
    assert (line["endpoint"], line["status"], line["bytes"]) == ("agreement.export", 200, len(file.data))
    assert line["statements"] >= 5  # two of them write down that it was taken, when it has ended


def test_the_code_of_a_request_is_ours_whatever_is_sent(sinta: Person, lines: Lines) -> None:
    page = sinta.get("/account/", headers={"X-Request-ID": "andi@contoh.test"})

    assert len(page.headers["X-Request-ID"]) == 16
    assert lines.told()[0]["request_id"] == page.headers["X-Request-ID"]


def test_a_failure_tells_where_but_not_with_what(sinta: Person, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any) -> Any:
        try:
            raise ValueError("DETAIL: Key (email)=(hendra@contoh.test) already exists")
        except ValueError as cause:
            raise RuntimeError("Hendra Wijaya, NIK 6472012345678901") from cause

    monkeypatch.setattr(Listing, "page", failing)

    page = sinta.get("/admin/agreement/?search=pelabuhan")

    failed, request = lines.told()
    assert page.status_code == 500
    assert failed["message"] == "request failed"
    assert (failed["level"], failed["endpoint"], failed["role"]) == ("ERROR", "agreement.index_view", "staff")
    assert failed["request_id"] == request["request_id"] == page.headers["X-Request-ID"]
    assert [error["type"] for error in failed["error"]] == ["builtins.RuntimeError", "builtins.ValueError"]
    assert any(frame.startswith("views/listpage.py:") for frame in failed["error"][0]["frames"])
    for secret in ("hendra", "Hendra", "6472012345678901", "pelabuhan"):
        assert secret not in "".join(lines.written)


def test_a_fault_of_the_database_is_told_by_its_code(sinta: Person, session: Session, lines: Lines) -> None:
    session.add(User(email="staff@sikerja.test", name="Kembar", role="staff", password_hash="x"))
    with pytest.raises(IntegrityError) as caught:
        session.flush()
    session.rollback()

    logging.getLogger("sikerja").error("failed", exc_info=caught.value)

    (line,) = lines.told()
    assert {error["code"] for error in line["error"]} & {"23505", "SQLITE_CONSTRAINT_UNIQUE"}
    assert "Kembar" not in lines.written[0]
    assert "INSERT" not in lines.written[0]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Invalid HTTP request line: 'GET /?search=Hendra HTTP/9'", "Invalid HTTP request line: '…'"),
        (r"Invalid header: 'it\'s \"mine\"' here", "Invalid header: '…' here"),
        ("Error handling request GET /admin/agreement/?search=Hendra", "Error handling request GET /admin/agreement/?…"),
        ("mail to hendra@contoh.test failed", "mail to <email> failed"),
        ("NIK 6472012345678901, phone 081234567890", "NIK <number>, phone <number>"),
        ("token eyJjc3JmX3Rva2VuIjoiMjdh.awXV0w.jHHkRN9-Xf6k0FLVl8", "token <token>"),
        (
            "Worker (pid:12) was sent SIGKILL! Perhaps out of memory?",
            "Worker (pid:12) was sent SIGKILL! Perhaps out of memory?",
        ),
        ("Listening at: http://127.0.0.1:5000 (12)", "Listening at: http://127.0.0.1:5000 (12)"),
    ],
)
def test_what_a_library_says_is_scrubbed(said: str, written: str) -> None:
    assert logs.scrubbed(said) == written


@pytest.mark.parametrize("kind", ["production", "development"])
@pytest.mark.parametrize("sign", ["\n", "\r\n", "\x85", "\u2028", "\x1b[2K", "\x00"])
def test_nothing_logged_begins_a_second_line(kind: str, sign: str) -> None:
    kept = Lines(kind)
    logger = logging.getLogger("tests.injection")
    logger.addHandler(kept)

    logger.warning("read %s", f'half{sign}{{"level": "forged"}}')
    logger.removeHandler(kept)

    (line,) = kept.written
    assert len(line.splitlines()) == 1
    assert line.isprintable()


def test_a_desk_gets_a_line_to_read(sinta: Person) -> None:
    kept = Lines("development")
    logging.getLogger().addHandler(kept)
    sinta.get("/healthz")
    logging.getLogger().removeHandler(kept)

    (line,) = kept.written
    assert " INFO GET public.healthz 200, " in line
    assert line.endswith(" ms, 0 statements, 16 bytes")


# --- the grep over the whole run (tests/logged.py) can fail ----------------------------------------------------------


HARMLESS = "log('nothing of anybody'); log('andi' + chr(64) + 'contoh.test')"  # scrubbed before it is written
LEAKS = {
    "an e-mail address": "log(tally=Tally(endpoint='andi' + chr(64) + 'contoh.test'))",
    "an identity number": "log(tally=Tally(role='6472012345678901'))",
    "a token": "log(tally=Tally(endpoint='x' * 43))",
    "a statement of SQL or its values": "log(tally=Tally(endpoint='SELECT 1'))",
    "a password or a name": "_here['logged'].secrets.add('kata sandi'); log('the word is kata sandi')",
    "what was sent to this request": "visit('/?search=pelabuhan'); log('looked for pelabuhan')",
}
HEAD = """
import logging
from flask import Flask
from sikerja.logs import Tally
from tests.logged import _here

def log(words="GET", **more):
    logging.getLogger().warning(words, extra=more)

def visit(url):
    Flask(__name__).test_client().get(url)
"""


def run(folder: Path, *does: str, workers: str) -> "subprocess.CompletedProcess[str]":
    """A run of tests that do this and pass, with the plugin of the whole run."""
    tests = [f"def test_{number}():\n    {each}\n" for number, each in enumerate(does)]
    (folder / "test_few.py").write_text(HEAD + "\n".join(tests))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.logged", "-c", "/dev/null", "-n", workers, f"--rootdir={folder}", "."],
        cwd=folder, env={"PYTHONPATH": str(ROOT), "PATH": ""}, check=False, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_run_that_logs_nobodys_is_green(tmp_path: Path, workers: str) -> None:
    ended = run(tmp_path, HARMLESS, workers=workers)

    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_run_that_logs_somebodys_is_red(tmp_path: Path, workers: str) -> None:
    ended = run(tmp_path, *LEAKS.values(), workers=workers)

    assert ended.returncode == 1, ended.stdout
    assert "6 passed" in ended.stdout
    for words in LEAKS:
        assert f"{words}: " in ended.stdout
