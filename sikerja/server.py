"""gunicorn's worker of threads, with a limit to how long a client may keep one of them waiting.

Upstream waits for the rest of a request for ever: as many idle sockets as there are threads would stop the server. Here the
head of a request has HEAD_SECONDS, its body as long as a slow line takes, and whoever stops reading an answer is let go.
"""

import socket
import struct
import time
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

HEAD_SECONDS = 10
LEAST_SECONDS = 1  # for what waited for a thread longer than that
SLOWEST_LINE = 8 * 1024  # bytes a second
STALLED_SECONDS = 300  # of an answer of which nothing is taken


class Worker(ThreadWorker):
    """The same worker; what is awaited of a client has an end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begun: dict[Any, float] = {}  # connection -> when something was to be read from it
        self.awaited: dict[Any, float] = {}  # connection -> when it must have sent all

    def enqueue_req(self, conn: Any) -> None:
        """Something can be read: a thread is asked to. A time of waiting for one counts, or the idle would queue up."""
        self.begun[conn] = time.monotonic()
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        """A request, from its first byte; runs in a thread of its own."""
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", STALLED_SECONDS, 0))
        now = time.monotonic()
        self.awaited[conn] = max(self.begun.pop(conn, now) + HEAD_SECONDS, now + LEAST_SECONDS)
        try:
            return super().handle(conn)
        finally:
            self.awaited.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Its head is read: the body has as long as it says it is, at the slowest line."""
        sizes = [value for name, value in req.headers if name == "CONTENT-LENGTH" and value.isascii() and value.isdecimal()]
        self.awaited[conn] = time.monotonic() + HEAD_SECONDS + int(sizes[0] if sizes else 0) / SLOWEST_LINE
        return super().handle_request(req, conn)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Whether new connections are taken. When it is to end they are refused at once, not left to wait for nothing."""
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listening in self.sockets:
                listening.close()

    def murder_pending(self) -> None:
        """Called every second: no more is heard from those whose time is up. What is being sent to them goes on."""
        super().murder_pending()
        now = time.monotonic()
        for conn, until in list(self.awaited.items()):
            if now > until:
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)
