"""What the server writes down for who runs it: in production one JSON object a line, in development a line to read.

A line says which request, whose (by number), what it asked for, how long it took; never what was typed. So it takes no
message of an exception, no address with its arguments, no body: an exception is told by its type, its code where the system
gives one, and the places it went through. What a library puts into its own messages is scrubbed.
"""

import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from time import perf_counter
from typing import Any

from flask import g, has_request_context, request
from sqlalchemy import Engine, event

from config import ROOT
from sikerja.audit import request_id

REQUESTS = "sikerja.request"
_TRANSACTIONS = ("BEGIN", "SET ", "SHOW ")  # statements that open a transaction or dress it; not counted

# What may stand for a person or open a door, and what is put in its place.
_SCRUBBED = (
    (re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\""), "'…'"),  # what a library quotes is what somebody sent
    (re.compile(r"[^\s@<>(),;:]+@[^\s@<>(),;:]+"), "<email>"),
    (re.compile(r"\?\S+"), "?…"),  # the arguments of an address
    (re.compile(r"(?=[\w.-]*\d)(?=[\w.-]*[A-Za-z])[\w.-]{24,}"), "<token>"),
    (re.compile(r"\d{10,}"), "<number>"),  # an identity number, a telephone number
)


# --- one request ---------------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """What one request is and does, from its first line to the last byte of its answer. `ms` are milliseconds."""

    request_id: str | None = None
    user_id: int | None = None
    role: str | None = None
    method: str | None = None
    endpoint: str | None = None
    status: int | None = None
    ms: float | None = None
    statements: int = 0
    bytes: int = 0


_current: ContextVar[Tally | None] = ContextVar("sikerja_tally", default=None)


def begin() -> Tally:
    """A new request begins in this thread."""
    tally = Tally()
    _current.set(tally)
    return tally


def current() -> Tally | None:
    """The request that this thread is busy with; None for a command."""
    return _current.get()


def tell_who(tally: Tally) -> None:
    """What only the request itself knows, while it runs. Its address is told by the endpoint: what was typed stays out."""
    if has_request_context():
        tally.request_id, tally.endpoint = request_id(), request.endpoint
        tally.user_id, _, tally.role = g.get("acting", (None, "", None))


def end(tally: Tally, started: float) -> None:
    """The answer is out, or broken off: write its line. `started` is what perf_counter() said."""
    tally.ms = round((perf_counter() - started) * 1000, 1)
    _current.set(None)
    words = f"{tally.method} {tally.endpoint or '-'} {tally.status}"
    logging.getLogger(REQUESTS).info(words, extra={"tally": tally})


@event.listens_for(Engine, "before_cursor_execute")
def _count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    tally = _current.get()
    if tally is not None and not statement.startswith(_TRANSACTIONS):
        tally.statements += 1


# --- how a line looks ------------------------------------------------------------------------------------------------


class JsonFormatter(logging.Formatter):
    """One line of JSON in ASCII: no control sign can begin a second one."""

    def format(self, record: logging.LogRecord) -> str:
        """The record with what is known of its request."""
        tally = getattr(record, "tally", None)
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrubbed(record.getMessage()) if tally is None else record.getMessage(),
        }
        if tally is not None:
            told |= asdict(tally)
        elif (running := _current.get()) is not None:
            tell_who(running)
            told |= {name: value for name, value in asdict(running).items() if name not in ("status", "ms", "bytes")}
        if record.exc_info and record.exc_info[1] is not None:
            told["error"] = list(_chain(record.exc_info[1]))
        return json.dumps(told)


class PlainFormatter(logging.Formatter):
    """A line for someone at a desk, with the whole traceback below it where something failed."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """The line itself, whatever can't be printed spelled out."""
        line = super().formatMessage(record)
        tally = getattr(record, "tally", None)
        if tally is not None:
            line += f", {tally.ms} ms, {tally.statements} statements, {tally.bytes} bytes"
        return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in line)


def scrubbed(text: str) -> str:
    """A message without what somebody may have sent: quoted text, addresses of mail, arguments, tokens, long numbers."""
    for pattern, instead in _SCRUBBED:
        text = pattern.sub(instead, text)
    return text


def _chain(error: BaseException) -> Iterator[dict[str, Any]]:
    """The exception and what it came from, the latest first."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        frames = [
            f"{_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(cause.__traceback__)
        ]
        yield {"type": f"{type(cause).__module__}.{type(cause).__qualname__}", "code": _code(cause), "frames": frames}
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


def _place(filename: str) -> str:
    """The file as seen from the project, or the end of its path where it is a library's."""
    path = PurePath(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "/".join(path.parts[-2:])


def _code(error: BaseException) -> str | None:
    """What the database or the system calls it: 23505, SQLITE_BUSY, 28 (no space left)."""
    for name in ("sqlstate", "sqlite_errorname", "errno"):
        value = getattr(error, name, None)
        if isinstance(value, str | int):
            return str(value)
    return None


# --- where it goes -----------------------------------------------------------------------------------------------------


class _Ours(logging.StreamHandler[Any]):
    """The handler that this module put up, so that a second application in the process replaces it."""


def configure(kind: str) -> None:
    """Write to stderr, by the environment; in `testing` nothing is written, the tests read the records themselves."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _Ours)]:
        root.removeHandler(handler)
    logging.getLogger("sikerja").setLevel(logging.INFO)
    logging.captureWarnings(kind == "production")
    logging.raiseExceptions = kind != "production"  # a line that can't be made would be told with its values
    if kind != "testing":
        handler = _Ours()
        handler.setFormatter(formatter(kind))
        root.addHandler(handler)


def formatter(kind: str) -> logging.Formatter:
    """How a line looks in this environment."""
    return JsonFormatter() if kind == "production" else PlainFormatter()


def server_config(kind: str) -> dict[str, Any]:
    """What gunicorn is to do with its own log (`logconfig_dict`): the same as the application."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"ours": {"()": lambda: formatter(kind)}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "ours", "stream": "ext://sys.stderr"}},
        "root": {},  # that is the application's
        "loggers": {"gunicorn.error": {"handlers": ["stderr"], "propagate": False}},
    }
