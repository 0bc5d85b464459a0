"""Files of agreements, for tests: sent as the form sends them, or laid into the register by way of the same verbs."""

import io
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from extensions import db
from models import Agreement, Attachment, User
from sikerja import attachments
from sikerja.attachments import Draft, Sent
from tests.files import samples
from tests.people import Person
from tests.rows import ask, id_of, rows

SCREEN = "/admin/attachment/"
NEW, REVIEW = f"{SCREEN}new/", f"{SCREEN}review/"
JSON = {"Accept": "application/json"}  # what a script asks for
# Of the sample register: one of Dewi's unit, and one that it has no part in.
BUSES = "Penyelenggaraan angkutan umum antardaerah (contoh)"
CLINIC = "Rujukan pelayanan kesehatan antardaerah (contoh)"
File = tuple[str, bytes]


_pdf = cache(samples.pdf)


def scan(pages: int = 3) -> bytes:
    """A PDF of so many pages, the same whenever it is asked for."""
    return _pdf(pages)


def send(person: Person, agreement: int | str | None, *files: File, headers: Any = None, **said: Any) -> Any:
    """What the form sends: files with what is said of them. An agreement by id or title."""
    if isinstance(agreement, str):
        agreement = id_of(person.app, Agreement, agreement)
    fields = {"kind": "naskah_final", **said} | ({} if agreement is None else {"agreement": str(agreement)})
    parts: dict[str, Any] = {name: str(value) for name, value in fields.items()} | {"csrf_token": person.token()}
    parts["file"] = [FileStorage(io.BytesIO(content), name) for name, content in files]
    boundary, body = encode_multipart(parts)
    return person.post_body(NEW, body, f"multipart/form-data; boundary={boundary}", headers=headers)


def attach(
    app: Flask, agreement: int | str = BUSES, content: bytes | None = None, name: str = "naskah.pdf", **said: Any
) -> int:
    """A file of an agreement, sent by the clerk of the sample. Returns the id."""
    agreement_id = id_of(app, Agreement, agreement) if isinstance(agreement, str) else agreement
    with app.app_context():
        kept = attachments.take_in([Sent(name, io.BytesIO(content or scan()))])
        sinta = db.session.scalars(select(User).where(User.email == "staff@sikerja.test")).one()
        draft = Draft(agreement_id, said.pop("kind", "naskah_final"), **said)
        row = attachments.upload(db.session(), draft, kept, sinta)[0]
        db.session.commit()
        return row.id


def row_of(app: Flask, key: int) -> Attachment:
    """The row of that id, let go of."""
    with app.app_context():
        row = db.session.get_one(Attachment, key)
        db.session.refresh(row)
        db.session.expunge(row)
        return row


def row_at(app: Flask, answer: Any) -> Attachment:
    """The row that an upload made: the answer leads to it."""
    assert answer.status_code == 302, answer.text
    found = re.fullmatch(r"/admin/attachment/details/\?id=(\d+)", answer.headers["Location"])
    assert found, answer.headers["Location"]
    return row_of(app, int(found[1]))


def count(app: Flask) -> int:
    """How many rows there are."""
    return len(ask(app, select(Attachment.id)))


def folder(app: Flask) -> Path:
    """Where the store of the tests lies."""
    return Path(app.config["ATTACHMENTS_URL"].removeprefix("file://"))


def blobs(app: Flask) -> set[str]:
    """Every file in the store, and whatever else lies there."""
    found = (path for path in folder(app).rglob("*") if path.is_file())
    return {str(path.relative_to(folder(app))) for path in found} - {".lock"}


def blob(app: Flask, key: int) -> Path:
    """The file behind a row."""
    digest = row_of(app, key).digest
    return folder(app) / digest[:2] / digest[2:4] / digest


def damage(app: Flask, key: int, content: bytes | None = None) -> None:
    """Change the file behind a row, its length kept unless another content is given."""
    path = blob(app, key)
    os.chmod(path, 0o600)
    old = path.read_bytes()
    path.write_bytes(content if content is not None else old[:-1] + bytes([old[-1] ^ 1]))


def details(person: Person, key: int, **more: object) -> str:
    """The page of a file, as this person sees it."""
    query = "".join(f"&{name}={value}" for name, value in more.items())
    answer = person.get(f"{SCREEN}details/?id={key}{query}")
    assert answer.status_code == 200, answer.text
    return answer.text


class Before:
    """The files and their rows as they were."""

    def __init__(self, app: Flask) -> None:
        self.app, self.blobs, self.rows = app, blobs(app), rows(app, "attachment")

    def unchanged(self) -> bool:
        return blobs(self.app) == self.blobs and rows(self.app, "attachment") == self.rows
