"""Sending files at the same moment: no one is kept waiting, no edition is lost, one content is one file, no row is without."""

import io
import re
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import Any

import pytest
from flask import Flask, Request
from sqlalchemy import NullPool, create_engine, select, text

from models import Agreement, Attachment
from sikerja import attachments
from sikerja.files import inspection
from sikerja.files.store import LocalStore
from tests.engines import ENGINE
from tests.files import samples
from tests.papers import BUSES, NEW, attach, blob, row_at, row_of, scan, send
from tests.people import BASE, PASSWORD, Person
from tests.rows import ask, id_of


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of it at the same time."""
    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(act) for act in acts]]


def test_nobody_waits_while_a_file_is_looked_through(app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    locks = []

    def look(*args: Any) -> Any:
        take_every_lock(app.config["SQLALCHEMY_DATABASE_URI"])
        locks.append("taken")
        return inspection.inspect(*args)

    monkeypatch.setattr(attachments, "inspect", look)

    assert send(sinta, BUSES, ("naskah.pdf", scan())).status_code == 302
    assert locks == ["taken"]


def test_nobody_waits_while_a_file_is_on_its_way(app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    locks, place = [], Request._get_file_stream

    def arrives(*args: Any, **more: Any) -> Any:
        take_every_lock(app.config["SQLALCHEMY_DATABASE_URI"])
        locks.append("taken")
        return place(*args, **more)

    monkeypatch.setattr(Request, "_get_file_stream", arrives)

    assert send(sinta, BUSES, ("naskah.pdf", scan())).status_code == 302
    assert locks == ["taken"]


def take_every_lock(url: str) -> None:
    """Take for a moment what nobody else may hold meanwhile; fails at once where somebody does."""
    if ENGINE == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)) as beside:
            beside.execute("BEGIN IMMEDIATE")
        return
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as beside:
        beside.execute(text('LOCK TABLE agreement, attachment, "user" IN ACCESS EXCLUSIVE MODE NOWAIT'))


def test_those_who_replace_at_once_make_an_edition_each(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [Person(app, role) for role in ("admin", "staff", "staff")]
    first, row, all_of_them = attach(app), attachments._row, threading.Barrier(3)

    def row_when_all_are_there(*args: Any) -> Attachment:
        """Whoever has counted the editions waits a little for others who might count them too."""
        with suppress(threading.BrokenBarrierError):
            all_of_them.wait(timeout=1)
        return row(*args)

    monkeypatch.setattr(attachments, "_row", row_when_all_are_there)

    def replace(person: Person) -> Callable[[], Any]:
        return lambda: send(person, None, ("naskah.pdf", scan(2)), replaces=first, reason="Pindai ulang")

    answers = at_once(*[replace(person) for person in people])

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    made = sorted((row.edition, row.replaces_id, row.id) for row in (row_at(app, answer) for answer in answers))
    assert [edition for edition, _, _ in made] == [2, 3, 4]
    assert [before for _, before, _ in made] == [first, made[0][2], made[1][2]]


def test_uploads_and_the_bin_at_once_lose_nothing(app: Flask) -> None:
    sender, thrower = Person(app, "staff"), Person(app, "admin")
    first = attach(app)

    def send_often() -> list[Any]:
        return [send(sender, None, ("naskah.pdf", scan(2)), replaces=first, reason="Pindai ulang") for _ in range(6)]

    def throw_often() -> list[int]:
        verbs = ["delete", "restore"] * 4
        return [thrower.post(f"/admin/attachment/{verb}/", {"id": str(first)}).status_code for verb in verbs]

    sent, thrown = at_once(send_often, throw_often)

    assert {answer.status_code for answer in sent} <= {302, 422}
    assert set(thrown) <= {302, 409, 422}
    series = ask(app, select(Attachment.edition).where(Attachment.series_id == first).order_by(Attachment.edition))
    assert series == list(range(1, len(series) + 1))
    assert len(series) == 1 + sum(answer.status_code == 302 for answer in sent)
    for key in ask(app, select(Attachment.id).where(Attachment.series_id == first)):
        assert blob(app, key).read_bytes() in (scan(), scan(2))


def test_the_same_file_sent_by_several_at_once_is_one_file(app: Flask) -> None:
    people = [Person(app, "staff") for _ in range(4)]
    content = samples.pdf(4)

    answers = at_once(*[lambda person=person: send(person, BUSES, ("naskah.pdf", content)) for person in people])

    assert len({row_at(app, answer).digest for answer in answers}) == 1
    assert LocalStore(blob(app, row_at(app, answers[0]).id).parents[2]).verify(row_at(app, answers[0]).digest) is None


def test_a_sign_in_in_another_tab_lets_the_upload_go_on(app: Flask, sinta: Person) -> None:
    page = sinta.get(f"{NEW}?agreement={id_of(app, Agreement, BUSES)}")
    sinta.post("/logout")
    assert send_again(sinta, page.text).status_code == 401

    sinta.sign_in("staff@sikerja.test", PASSWORD)

    assert send_again(sinta, sinta.get(NEW).text).status_code == 302


def send_again(person: Person, page: str) -> Any:
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.partition("data-upload")[2])
    assert token
    agreement = id_of(person.app, Agreement, BUSES)
    sent = {"csrf_token": token[1], "agreement": str(agreement), "kind": "laporan", "file": (io.BytesIO(scan()), "a.pdf")}
    return person.client.post(NEW, data=sent, base_url=BASE)


def test_a_row_is_there_only_when_its_file_is(app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    write = attachments.upload

    def upload(*args: Any) -> Any:
        seen.extend(LocalStore.has(attachments.the_store(), file.stored.digest) for file in args[2])
        return write(*args)

    monkeypatch.setattr(attachments, "upload", upload)
    send(sinta, BUSES, ("naskah.pdf", samples.pdf(2)), ("lampiran.docx", samples.docx()))

    assert seen == [True, True]
    assert all(row_of(app, key).size > 0 for key in ask(app, select(Attachment.id)))
