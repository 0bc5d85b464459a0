"""The server dies fifty times in the middle of its work; what it had acknowledged is there and right, and nothing is half there.

Four clerks upload and edit without a pause, each on an agreement of their own; every round ends with kill -9 of master and
workers at a moment nobody has chosen.
"""

import hashlib
import json
import os
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pikepdf
from flask import Flask
from sqlalchemy import select

from extensions import db
from models import Agreement, Attachment
from tests import records
from tests.files import samples
from tests.rows import ask
from tests.slow.server import Clerk, Gone, Server

ROUNDS = int(os.environ.get("SIKERJA_TEST_KILLS") or 50)
CLERKS = 4


@dataclass
class Desk:
    """One clerk with an agreement of their own, and what the server told them is done."""

    clerk: Clerk
    agreement_id: int
    files: dict[str, bytes] = field(default_factory=dict)  # digest -> content, acknowledged
    tried: set[str] = field(default_factory=set)  # digests that were sent
    places: list[str] = field(default_factory=list)  # places of the paper that were sent, the acknowledged one remembered
    acknowledged: int = -1  # index of the last acknowledged place
    faults: list[str] = field(default_factory=list)

    def work(self, chance: random.Random, over: threading.Event) -> None:
        """Upload and edit by turns until the server is gone."""
        try:
            while not over.is_set():
                if chance.random() < 0.6:
                    self._upload(chance)
                else:
                    self._edit()
        except Gone:
            return

    def _upload(self, chance: random.Random) -> None:
        content = samples.pdf(pages=1, change=_filled(chance.randbytes(chance.randrange(1_000, 400_000))))
        digest = hashlib.sha256(content).hexdigest()
        self.tried.add(digest)
        fields = {"agreement": str(self.agreement_id), "kind": "lainnya", "title": digest[:12]}
        answer = self.clerk.upload(fields, f"{digest[:12]}.pdf", content)
        if answer.status == 200 and json.loads(answer.body)["ok"]:
            self.files[digest] = content
        else:
            self.faults.append(f"upload answered {answer.status}: {answer.text[:200]}")

    def _edit(self) -> None:
        place = f"Lemari {len(self.places) + 1}"
        self.places.append(place)
        form = {
            "title": f"Naskah meja {self.agreement_id}", "origin": "archive", "group": "ksdpk", "instrument": "pks",
            "paper_place": place,
        }  # fmt: skip
        answer = self.clerk.post(f"/admin/agreement/edit/?id={self.agreement_id}", form)
        if answer.status == 302:
            self.acknowledged = len(self.places) - 1
        else:
            self.faults.append(f"edit answered {answer.status}: {answer.text[:200]}")


def _filled(data: bytes) -> Callable[[pikepdf.Pdf], None]:
    """Makes every PDF another one, and some of them large."""

    def change(made: pikepdf.Pdf) -> None:
        made.Root["/Filling"] = made.make_stream(data)

    return change


def test_fifty_kills_lose_nothing_that_was_acknowledged(app: Flask, server: Server) -> None:
    with app.app_context():
        own = [records.agreement(db.session(), f"Meja {n}", origin="archive", partners=()).id for n in range(CLERKS)]
        db.session.remove()
        db.engine.dispose()
    chance = random.Random()
    server.start()
    desks = [Desk(Clerk(server), key) for key in own]

    for number in range(ROUNDS):
        _one_round(server, desks, random.Random(chance.random()))
        if number % 10 == 9:
            _everything_is_there(app, server, desks)

    assert sum(len(desk.files) for desk in desks) > ROUNDS
    assert [fault for desk in desks for fault in desk.faults] == []


def _one_round(server: Server, desks: list[Desk], chance: random.Random) -> None:
    over = threading.Event()
    threads = [threading.Thread(target=desk.work, args=(random.Random(chance.random()), over)) for desk in desks]
    for thread in threads:
        thread.start()
    time.sleep(chance.uniform(0.2, 1.5))
    server.kill()
    over.set()
    for thread in threads:
        thread.join()
    server.start()


def _everything_is_there(app: Flask, server: Server, desks: list[Desk]) -> None:
    """Every acknowledged file reads back byte by byte, every edit stands, and sweep and verify find nothing left over."""
    for desk in desks:
        kept = _files_of(app, desk.agreement_id)
        assert set(desk.files) <= set(kept), "an acknowledged file has no row"
        assert set(kept) <= desk.tried, "a row tells of a file that nobody sent"
        for digest in random.sample(sorted(desk.files), min(5, len(desk.files))):
            answer = desk.clerk.get(f"/admin/attachment/download/?id={kept[digest]}")
            assert (answer.status, answer.body) == (200, desk.files[digest])
        place = ask(app, select(Agreement.paper_place).where(Agreement.id == desk.agreement_id))[0]
        assert place in ([""] if desk.acknowledged < 0 else []) + desk.places[max(desk.acknowledged, 0) :]
    swept = server.command("sweep", "--grace", "0")
    assert swept.returncode == 0, swept.stderr
    verified = server.command("verify")
    assert verified.returncode == 0, verified.stdout
    assert re.search(r"tidak ada kesalahan", verified.stdout, re.IGNORECASE)


def _files_of(app: Flask, agreement_id: int) -> dict[str, int]:
    """digest -> id of the rows of an agreement."""
    chosen = select(Attachment.digest, Attachment.id).where(Attachment.agreement_id == agreement_id)
    with app.app_context(), db.engine.connect() as connection:
        return dict(connection.execute(chosen).all())
