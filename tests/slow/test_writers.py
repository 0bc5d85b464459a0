"""Twelve people edit at once while twenty read, one takes a file and one verifies: nothing is lost, nobody meets a lock.

Each edit adds one to a number that stands in a field with the name of who wrote it (two who save the very same are no
conflict), by way of the form and its version. Half the writers share their
agreements in pairs: who comes late is told so, reads again and tries again. In the end the numbers must be the edits that
were acknowledged, no more and no less, and so must the versions and the entries of the trail.
"""

import os
import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from extensions import db
from models import Agreement, AuditEntry
from tests import records
from tests.engines import ENGINE
from tests.slow.conftest import leave_database
from tests.slow.server import Clerk, Server

EDITS = int(os.environ.get("SIKERJA_TEST_EDITS") or 60)
WRITERS, READERS = 12, 20
PAUSE = 2.0  # seconds that a reader looks at a page
KEY = "k3y-of-forty-random-looking-characters-Zq9"
PAGES = (
    "/admin/agreement/", "/admin/agreement/?search=angkutan&page_size=50", "/admin/agreement/?sort=partner&page=1", "/admin/",
    "/admin/agreement/details/?id={id}", "/admin/agreement/?search=Naskah+meja", "/admin/monitoring/gaps/", "/admin/audit/",
)  # fmt: skip


@pytest.fixture
def server(app: Flask, database: Any, tmp_path: Path) -> Iterator[Server]:
    """One process on SQLite, two on PostgreSQL, as production runs them."""
    leave_database(app)
    processes = {"sqlite": "1", "postgresql": "2"}[ENGINE]
    running = Server(tmp_path, database.url, SIKERJA_ENV="production", SECRET_KEY=KEY, WEB_CONCURRENCY=processes)
    yield running
    running.stop()


@dataclass
class Writer:
    """Someone who adds one to the number on one agreement, again and again."""

    clerk: Clerk
    agreement_id: int
    name: str
    answers: Counter[int] = field(default_factory=Counter)
    version: int = 0
    number: int = 0

    def work(self) -> None:
        """Save so many times; after a conflict read the form again."""
        self._read()
        while self.answers[302] < EDITS and set(self.answers) <= {302, 409}:
            form = {
                "title": f"Naskah meja {self.agreement_id}", "origin": "archive", "group": "ksdpk", "instrument": "pks",
                "version": str(self.version), "paper_place": f"{self.number + 1} {self.name}",
            }  # fmt: skip
            status = self.clerk.post(f"/admin/agreement/edit/?id={self.agreement_id}", form).status
            self.answers[status] += 1
            if status == 302:
                self.version, self.number = self.version + 1, self.number + 1
            else:
                self._read()

    def _read(self) -> None:
        page = self.clerk.get(f"/admin/agreement/edit/?id={self.agreement_id}").text
        self.version = int(_value(page, "version"))
        self.number = int((_value(page, "paper_place") or "0").split()[0])


def _value(page: str, name: str) -> str:
    box = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert box, f"no field {name}"
    value = re.search(r'value="([^"]*)"', box[0])
    return value[1] if value else ""


@dataclass
class Reader:
    """Someone who looks around until the writing is over."""

    clerk: Clerk
    agreement_id: int
    place: int
    answers: Counter[int] = field(default_factory=Counter)

    def work(self, over: threading.Event) -> None:
        """One page after the other."""
        while not over.wait(PAUSE):
            self.place += 1
            self.answers[self.clerk.get(PAGES[self.place % len(PAGES)].format(id=self.agreement_id)).status] += 1


def test_what_was_acknowledged_is_what_stands_there(app: Flask, server: Server) -> None:
    desks = WRITERS // 2 + WRITERS // 4  # half the writers have one of their own, the others share one between two
    with app.app_context():
        kept = [records.agreement(db.session(), f"Meja {n}", origin="archive", partners=()) for n in range(desks)]
        before = {each.id: each.version for each in kept}
        db.session.remove()
        db.engine.dispose()
    ids = list(before)
    server.start()
    places = [*ids[: WRITERS // 2], *ids[WRITERS // 2 :], *ids[WRITERS // 2 :]]
    writers = [Writer(Clerk(server), place, f"oleh {number}") for number, place in enumerate(places)]
    bima = Clerk(server, "auditor")
    readers = [Reader(bima, ids[number % desks], number) for number in range(READERS)]

    file, verified = _all_at_once(server, writers, readers, Clerk(server))

    done = Counter(dict.fromkeys(ids, 0))
    for writer in writers:
        assert set(writer.answers) <= {302, 409}, writer.answers
        done[writer.agreement_id] += writer.answers[302]
    assert sum(done.values()) == WRITERS * EDITS
    assert sum(writer.answers[409] for writer in writers) > 0, "nobody met another: nothing was tried"
    assert {status for reader in readers for status in reader.answers} == {200}
    assert file == [200]
    assert verified[0].returncode == 0, verified[0].stdout + verified[0].stderr
    stands = select(Agreement.id, Agreement.paper_place, Agreement.version).where(Agreement.id.in_(ids))
    entries = select(AuditEntry.record_id, func.count()).where(AuditEntry.screen == "agreement", AuditEntry.action == "update")
    with app.app_context(), db.engine.connect() as connection:
        found = {row.id: (int(row.paper_place.split()[0]), row.version - before[row.id]) for row in connection.execute(stands)}
        told = dict(connection.execute(entries.where(AuditEntry.record_id.in_(ids)).group_by(AuditEntry.record_id)).all())
    assert found == {place: (count, count) for place, count in done.items()}
    assert told == dict(done)
    log = server.written.read_text()
    assert '"ERROR"' not in log
    assert "locked" not in log


def _all_at_once(server: Server, writers: list[Writer], readers: list[Reader], taker: Clerk) -> tuple[list[int], list[Any]]:
    """Let them all loose; returns how the file and the verification ended that were asked for in the middle of it."""
    over = threading.Event()
    file: list[int] = []
    verified: list[Any] = []
    writing = [threading.Thread(target=writer.work) for writer in writers]
    beside = [threading.Thread(target=reader.work, args=(over,)) for reader in readers]
    beside.append(threading.Thread(target=lambda: file.append(taker.get("/admin/agreement/export/csv/").status)))
    beside.append(threading.Thread(target=lambda: verified.append(server.command("verify"))))
    for thread in (*writing, *beside):
        thread.start()
    for thread in writing:
        thread.join()
    over.set()
    for thread in beside:
        thread.join()
    return file, verified
