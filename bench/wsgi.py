"""Asking a WSGI application without a socket, reading its answer to the end, and what that cost."""

import io
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

HOST = "127.0.0.1"
Application = Callable[..., Any]


@dataclass
class Answer:
    """One answer: times in seconds (`first` until the first byte, `wall` until the last), `size` in bytes.

    `server` is what the database's own processes worked meanwhile, `work` that and the CPU time of this one.
    `peak` is by how many bytes the memory of the process grew at its highest, where it was asked for.
    """

    status: int = 0
    cpu: float = 0.0
    server: float = 0.0
    first: float = 0.0
    wall: float = 0.0
    size: int = 0
    statements: int = 0
    peak: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def figures(self) -> dict[str, Any]:
        """What was measured, for the pipe."""
        told = {name: value for name, value in asdict(self).items() if name not in ("headers", "body")}
        return told | {"work": self.cpu + self.server}


def ask(
    application: Application,
    path: str,
    *,
    cookie: str = "",
    form: dict[str, str] | None = None,
    take: Callable[[bytes], Any] | None = None,
) -> Answer:
    """Ask for a path (GET, or POST with a form). Each piece of the body goes to `take`, else all of it into the answer."""
    answer, pieces = Answer(), list[bytes]()
    take = take or pieces.append
    environ = _environ(path, cookie, form)

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], Any]:
        answer.status, answer.headers = int(status[:3]), headers
        return take

    began, cpu = time.perf_counter(), time.process_time()
    body = application(environ, start)
    try:
        for piece in body:
            if piece and not answer.size:
                answer.first = time.perf_counter() - began
            answer.size += len(piece)
            take(piece)
    finally:
        if hasattr(body, "close"):
            body.close()
    answer.wall, answer.cpu = time.perf_counter() - began, time.process_time() - cpu
    answer.body = b"".join(pieces)
    return answer


def _environ(path: str, cookie: str, form: dict[str, str] | None) -> dict[str, Any]:
    split = urlsplit(path)
    body = urlencode(form or {}).encode()
    environ = {
        "REQUEST_METHOD": "GET" if form is None else "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": split.path,
        "QUERY_STRING": split.query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": HOST,
        "HTTP_REFERER": f"https://{HOST}{split.path}",
        "HTTP_USER_AGENT": "bench",
        "HTTP_COOKIE": cookie,
        "REMOTE_ADDR": HOST,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if form is not None:
        environ |= {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body))}
    return environ


def cookies(answer: Answer, kept: str = "") -> str:
    """The cookies to send after this answer: those that were kept, and those that it sets."""
    jar = dict(pair.split("=", 1) for pair in kept.split("; ") if "=" in pair)
    for name, value in answer.headers:
        if name.lower() == "set-cookie":
            key, _, content = value.partition(";")[0].partition("=")
            jar[key] = content
    return "; ".join(f"{key}={value}" for key, value in jar.items())
