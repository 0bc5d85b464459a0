"""Several people at once, for tests: in threads, over connections of their own, begun when all are there."""

import contextlib
import http.client
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from typing import Any

from flask import Flask

from tests.pages import Pairs, encoded
from tests.people import Person


def at_once(app: Flask, act: Callable[[int], Any], times: int) -> list[Any]:
    """Do it in as many threads, each with an application context of its own."""

    def one(number: int) -> Any:
        with app.app_context():
            return act(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def together(work: Callable[..., Any], parties: int = 2) -> Callable[..., Any]:
    """The work, begun only when all have read what they are about to change; on SQLite the second can't read before the
    first has written, so nobody waits longer than it takes to see that."""
    barrier = Barrier(parties)

    def waits(*args: Any, **kw: Any) -> Any:
        with contextlib.suppress(BrokenBarrierError):
            barrier.wait(timeout=1)
        return work(*args, **kw)

    return waits


class Server:
    """A real server, asked over a connection of its own each time."""

    def __init__(self, site: str) -> None:
        self.host = site.removeprefix("http://")

    def post(self, person: Person, url: str, pairs: Pairs) -> tuple[int, str]:
        cookie = person.client.get_cookie("sikerja", domain="localhost")
        assert cookie is not None
        connection = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Cookie": f"sikerja={cookie.value}", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", url, encoded(pairs), headers)
        answer = connection.getresponse()
        found = answer.status, answer.read().decode()
        connection.close()
        return found
