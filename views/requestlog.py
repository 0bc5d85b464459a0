"""One line in the log for every request, written when the last byte of its answer is out."""

from collections.abc import Callable, Iterable, Iterator
from time import perf_counter
from typing import Any

from flask import Flask, Response

from sikerja import logs
from sikerja.logs import Tally

_Start = Callable[..., Any]


def init_app(app: Flask) -> None:
    """Put it around the application."""
    app.after_request(_tell_who)
    app.wsgi_app = _Logged(app.wsgi_app)  # type: ignore[method-assign]  # it is how Flask's own documentation says it


def _tell_who(response: Response) -> Response:
    tally = logs.current()
    if tally is not None:
        logs.tell_who(tally)
    return response


class _Logged:
    """The application, measured from outside: a file that is sent piece by piece counts until its end."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self.inner = inner

    def __call__(self, environ: dict[str, Any], start_response: _Start) -> Iterable[bytes]:
        tally, started = logs.begin(), perf_counter()
        method = str(environ.get("REQUEST_METHOD", ""))
        tally.method = method if method.isalpha() and method.isascii() and len(method) <= 20 else "?"

        def noted(status: str, *rest: Any) -> Any:
            tally.status = int(status[:3])
            return start_response(status, *rest)

        try:
            return _Answer(self.inner(environ, noted), tally, started)
        except BaseException:
            logs.end(tally, started)
            raise


class _Answer:
    """The pieces of an answer, counted as they go out."""

    def __init__(self, pieces: Iterable[bytes], tally: Tally, started: float) -> None:
        self.pieces, self.tally, self.started = pieces, tally, started

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.tally.bytes += len(piece)
            yield piece

    def close(self) -> None:
        """Whoever sends the answer is through with it, or its reader is gone."""
        try:
            close = getattr(self.pieces, "close", None)
            if close is not None:
                close()
        finally:
            logs.end(self.tally, self.started)
