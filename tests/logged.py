"""Whatever the whole run logs is written down as production would, and looked through: nothing in it is anybody's.

Each process of the run keeps its lines in a file of its own and greps them at its end; a finding fails the run. It holds for
every test there is, so a new screen that logs what was typed is found by the tests of that screen.
"""

import json
import logging
import re
import tempfile
from collections.abc import Iterator
from contextvars import ContextVar
from typing import IO, Any

import pytest
from flask import has_request_context, request, request_finished, request_started
from sqlalchemy import event

from models import Contact, User
from sikerja.logs import JsonFormatter

# What no line may hold, whoever it belongs to.
FORBIDDEN = {
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
    "a token": re.compile(r"(?<![\w.-])[\w-]{40,}(?![\w-])|[\w-]{16,}\.[\w-]{5,}\.[\w-]{16,}"),
    "an identity number": re.compile(r"(?<!\d)\d{16}(?!\d)"),
    "a statement of SQL or its values": re.compile(r"\[parameters|\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM) "),
}
OURS = re.compile(r'"request_id": "[0-9a-f]{16}"|"frames": \[[^\]]*\]')  # given by ourselves: a code, places in the code
SHORTEST = 5  # what is typed in fewer letters may stand in any word
SHORTEST_SECRET = 8  # as long as a password is at least; "1e309" stands in many a number
MOST_TOLD = 20
LOGGED = pytest.StashKey["Logged"]()
FOUND = pytest.StashKey[list[str]]()

_typed: ContextVar[tuple[str, ...]] = ContextVar("typed", default=())


class Logged(logging.Handler):
    """Keeps every line, and what is known to be somebody's: passwords, names of people."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.file: IO[str] = tempfile.TemporaryFile("w+")  # noqa: SIM115 - kept until the run ends
        self.secrets: set[str] = set()
        self.faults: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if has_request_context():
            _note_typed(None)
        line = self.format(record)
        self.file.write(f"{line}\n")
        words = _words(json.loads(line))
        self.faults += [f"what was sent to this request: {line}" for typed in _typed.get() if typed in words]
        if hasattr(record, "tally"):  # its last line
            _typed.set(())

    def found(self) -> Iterator[str]:
        """Every fault, with its line."""
        yield from self.faults
        self.file.seek(0)
        for line in self.file:
            plain = OURS.sub("", line)
            yield from (f"{what}: {line.strip()}" for what, pattern in FORBIDDEN.items() if pattern.search(plain))
        self.file.seek(0)
        everything = OURS.sub("", self.file.read())
        yield from (f"a password or a name: {secret!r}" for secret in sorted(self.secrets) if secret in everything)


def _words(line: dict[str, Any]) -> str:
    """What a line says besides what our own code is called: an endpoint may well be named as what was typed."""
    codes = " ".join(str(error["code"]) for error in line.get("error", ()))
    return f"{line['message']} {codes}".replace(line.get("endpoint") or "", "")


def _note_typed(_app: Any, **_more: Any) -> None:
    """What this request brings along: its arguments, its cookies, and its form where that was read already."""
    sent = [*request.args.items(multi=True), *request.cookies.items(multi=True)]
    sent += request.__dict__["form"].items(multi=True) if "form" in request.__dict__ else []
    _typed.set(tuple({value for _, value in sent if len(value) >= SHORTEST}))
    logged = _here.get("logged")
    if logged is not None:
        logged.secrets |= {value for name, value in sent if "password" in name and len(value) >= SHORTEST_SECRET}


def _note_name(person: Any, *_rest: Any) -> None:
    logged = _here.get("logged")
    if logged is not None and len(person.name) >= SHORTEST_SECRET:
        logged.secrets.add(person.name)


_here: dict[str, Logged] = {}
request_started.connect(_note_typed)
request_finished.connect(_note_typed)
for _model in (User, Contact):
    event.listen(_model, "load", _note_name)


# --- the run -----------------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Each process of the run begins a file of its own."""
    config.stash[FOUND] = []
    config.stash[LOGGED] = _here["logged"] = Logged()
    logging.getLogger().addHandler(_here["logged"])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Look through what was logged; a worker tells its findings to who started it."""
    config = session.config
    logging.getLogger().removeHandler(config.stash[LOGGED])
    found = config.stash[FOUND] + list(config.stash[LOGGED].found())
    config.stash[FOUND] = found
    if hasattr(config, "workeroutput"):
        config.workeroutput["logged"] = found[:MOST_TOLD]
    elif found and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker has ended."""
    node.config.stash[FOUND] += getattr(node, "workeroutput", {}).get("logged", [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was found."""
    found = config.stash[FOUND]
    if found:
        terminalreporter.section("the log holds what it must not", red=True)
        for fault in found[:MOST_TOLD]:
            terminalreporter.line(fault)
