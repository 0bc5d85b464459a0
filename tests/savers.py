"""Two people over one record, for tests: forms as they are opened, typed into and sent, and what the second is shown."""

import html
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db
from models import Agreement
from tests import records
from tests.pages import Pairs, encoded, form_to
from tests.people import BASE, Person
from tests.rows import ask

ACTION = "/admin/agreement/action/"

# screen -> the field both change, its label, what the first saves and the second types, the title of the page
EVERY_FORM = {
    "agreement": ("scope", "Ruang lingkup", "Rute satu", "Rute dua", "Naskah"),
    "stage": ("remark", "Catatan", "Menunggu surat", "Surat diterima", "Tahap"),
    "partner": ("phone", "Telepon kantor", "0541-1", "0541-2", "Mitra"),
    "contact": ("post", "Jabatan", "Kepala seksi", "Kepala bidang", "Narahubung"),
    "unit": ("short", "Singkatan", "Satu", "Dua", "Perangkat daerah"),
    "sector": ("position", "Urutan", "40", "41", "Bidang"),
    "regulation": ("note", "Catatan", "Dari JDIH", "Dari Setneg", "Peraturan"),
    "holiday": ("name", "Hari libur", "Tahun Baru Satu", "Tahun Baru Dua", "Hari libur"),
    "user": ("name", "Nama", "Bima Satu", "Bima Dua", "Pengguna"),
    "version": ("note", "Catatan", "Dari JDIH", "Dari Setneg", "Versi prosedur"),
    "stage_rule": ("description", "Uraian", "Uraian satu", "Uraian dua", "Tahap dalam prosedur"),
    "document_rule": ("basis", "Dasar", "PP 28/2018", "UU 23/2014", "Dokumen dalam prosedur"),
    "deadline_rule": ("amount", "Jumlah", "30", "60", "Tenggat dalam prosedur"),
}


def send(person: Person, url: str, pairs: Pairs) -> Any:
    """Send a form as it stands, its own token included."""
    return person.client.post(url, data=encoded(pairs), content_type="application/x-www-form-urlencoded", base_url=BASE)


def opened(person: Person, url: str) -> Pairs:
    """The fields of the form, as it is opened."""
    return form_to(person.get(url).text, "").fields


def typed(fields: Pairs, changes: dict[str, Any]) -> Pairs:
    """The fields with some of them typed anew; a list is sent under one name, an empty one not at all."""
    kept = [(name, value) for name, value in fields if name not in changes]
    return kept + [
        (name, str(value)) for name, given in changes.items() for value in (given if isinstance(given, list) else [given])
    ]


def save(person: Person, url: str, **changes: Any) -> None:
    """Open the form, change it, save it."""
    answer = send(person, url, typed(opened(person, url), changes))
    assert answer.status_code == 302, answer.text


def laid_out(page: str) -> dict[str, tuple[str, str, str]]:
    """What stands side by side: label -> (saved now, mine, which of the two is chosen beforehand)."""
    found = {}
    for label, saved, mine in re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>', page, re.S):
        values = [html.unescape(re.search(r'class="sk-value[^"]*">(.*?)</span>', cell, re.S)[1]) for cell in (saved, mine)]
        assert (" checked" in saved) != (" checked" in mine)
        found[html.unescape(label)] = (values[0], values[1], "saved" if " checked" in saved else "mine")
    return found


@pytest.fixture
def paper(app: Flask) -> int:
    """An agreement with two partners, a unit, dates and a value. Returns the id."""
    with app.app_context():
        made = records.agreement(
            db.session(), "Layanan bus kota", partners=("PT Satu", "PT Dua"), units=("dinas_perhubungan",), scope="Rute satu",
            value=1_000_000,
        )  # fmt: skip
        return made.id


def form_of(paper: int) -> str:
    """Where the form of an agreement is."""
    return f"/admin/agreement/edit/?id={paper}"


def one(app: Flask, paper: int, *names: str) -> tuple[Any, ...]:
    """What an agreement holds now in these columns."""
    return tuple(ask(app, select(getattr(Agreement, name)).where(Agreement.id == paper))[0] for name in names)


def with_ids(app: Flask, changes: dict[str, Any]) -> dict[str, Any]:
    """Partners and units are named by name in the table, by id in a form."""
    with app.app_context():
        units = {"DPUPR": "dpupr", "Dinas Kesehatan": "dinas_kesehatan"}
        found = dict(changes)
        if isinstance(changes.get("unit"), list):
            found["unit"] = [records.unit(db.session(), units[name]).id for name in changes["unit"]]
        if isinstance(changes.get("partner"), list):
            found["partner"] = [records.partner(db.session(), name).id for name in changes["partner"]]
        db.session.commit()
        return found


def button(person: Person, screen: str, key: int, verb: str) -> Pairs:
    """What the button on the details page sends."""
    return form_to(person.get(f"/admin/{screen}/details/?id={key}").text, f"/admin/{screen}/{verb}/").fields


def binned(app: Flask, model: Any) -> list[int]:
    """The ids of those in the bin."""
    return ask(app, select(model.id).where(model.deleted_at.is_not(None)).order_by(model.id))


def chosen(person: Person, *keys: int, verb: str = "delete", state: str = "page_size=200") -> Pairs:
    """What the bulk bar sends for these rows of the list as it stands now."""
    form = form_to(person.get(f"/admin/agreement/?{state}").text, "/admin/agreement/action/")
    return [pair for pair in form.fields if pair[0] != "rowid"] + [("action", verb), *(("rowid", str(key)) for key in keys)]
