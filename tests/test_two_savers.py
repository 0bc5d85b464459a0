"""Two clerks have the same record open: the second neither overwrites what the first saved nor loses what they typed.

The second gets a page (409) with both values of every field that differs, and takes over either. Whoever throws away what
someone has changed meanwhile is asked first; in bulk the rows that nobody touched are done, the others named.
"""

import contextlib
import html
import http.client
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from extensions import db
from models import Agreement, Holiday, Link, Partner, Party, Stage, User, UserSession
from sikerja import agreements
from sikerja.process import verbs
from tests import records
from tests.hostile import VALUES, faults
from tests.pages import Pairs, elements, encoded, form_to
from tests.people import BASE, PASSWORD, Person
from tests.routes import MODELS, add_contact, add_draft, add_partner
from tests.routes import records as last_of_each
from tests.rows import ask, change, id_of, rows
from tests.test_together import at_once
from views import binpage
from views.agreements import AgreementView
from views.formpage import FormPage

OTHER_PASSWORD = "kapal pesut mahakam 88"


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


def title_of(page: str) -> str:
    return re.search(r"<h1>(.*?)</h1>", page, re.S)[1]


@pytest.fixture
def budi(app: Flask) -> Person:
    """Another administrator, so that both may open every form."""
    return Person(app, "admin")


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
    return f"/admin/agreement/edit/?id={paper}"


# --- every form --------------------------------------------------------------------------------------------------

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


@pytest.fixture
def there(app: Flask) -> dict[str, str]:
    """A record of each screen with a form: the address of its form."""
    ids = dict.fromkeys(EVERY_FORM, 1) | {"contact": add_contact(app), "user": id_of(app, User, "auditor@sikerja.test")}
    ids |= add_draft(app)
    return {screen: f"/admin/{screen}/edit/?id={key}" for screen, key in ids.items()}


@pytest.mark.parametrize("screen", EVERY_FORM)
def test_the_second_sees_both_values_and_nothing_is_overwritten(
    andi: Person, budi: Person, app: Flask, there: dict[str, str], screen: str
) -> None:
    name, label, first, second, noun = EVERY_FORM[screen]
    url, mine = there[screen], typed(opened(budi, there[screen]), {name: second})
    save(andi, url, **{name: first})
    before = rows(app)

    answer = send(budi, url, mine)

    assert answer.status_code == 409
    assert title_of(answer.text) == f"{noun} ini baru saja diubah orang lain"
    assert laid_out(answer.text) == {label: (first, second, "mine")}
    assert "Administrator Contoh menyimpan perubahan pada" in answer.text
    assert rows(app) == before


@pytest.mark.parametrize(("take", "kept"), [("mine", 3), ("saved", 2)])
@pytest.mark.parametrize("screen", EVERY_FORM)
def test_the_second_takes_over_either(
    andi: Person, budi: Person, app: Flask, there: dict[str, str], screen: str, take: str, kept: int
) -> None:
    name, url = EVERY_FORM[screen][0], there[screen]
    mine = typed(opened(budi, url), {name: EVERY_FORM[screen][3]})
    save(andi, url, **{name: EVERY_FORM[screen][2]})
    page = send(budi, url, mine).text

    answer = send(budi, url, typed(form_to(page, "").fields, {f"take_{name}": take}))

    assert (answer.status_code, answer.location) == (302, url.replace("edit", "details"))
    key = int(url.rpartition("=")[2])
    assert [str(value) for value in ask(app, select(getattr(MODELS[screen], name)).where(MODELS[screen].id == key))] == [
        EVERY_FORM[screen][kept]
    ]


@pytest.mark.parametrize("screen", EVERY_FORM)
def test_both_typed_the_same_and_so_nothing_is_asked(andi: Person, budi: Person, there: dict[str, str], screen: str) -> None:
    """What is saved is what the second wants: there is nothing to choose, and nothing to lose."""
    name, _, first, _, _ = EVERY_FORM[screen]
    mine = typed(opened(budi, there[screen]), {name: first})
    save(andi, there[screen], **{name: first})

    assert send(budi, there[screen], mine).status_code == 302


# --- every kind of field -----------------------------------------------------------------------------------------

KINDS: list[tuple[str, dict[str, Any], dict[str, Any], tuple[str, str, str]]] = [
    ("a line", {"our_number": "1/KS"}, {"our_number": " 2 / KS "}, ("Nomor naskah Pihak Kesatu", "1/KS", "2 / KS")),
    ("a line in a text area", {"title": "Bus"}, {"title": "Bus <b>kota</b>"}, ("Judul", "Bus", "Bus <b>kota</b>")),
    ("lines", {"scope": "a\r\nb"}, {"scope": "a\r\n\r\nc"}, ("Ruang lingkup", "a\nb", "a\n\nc")),
    ("lines, emptied", {"scope": ""}, {"scope": "Rute"}, ("Ruang lingkup", "Belum diisi", "Rute")),
    ("a day", {"ends_on": "2031-06-02"}, {"ends_on": "2/6/2029"}, ("Berakhir", "2 Juni 2031", "2 Juni 2029")),
    ("a day that can't be read", {"ends_on": "2031-06-02"}, {"ends_on": "31 Pebruwari"}, ("Berakhir", "2 Juni 2031", "31 Pebruwari")),
    ("money", {"value": "1.250.000,50"}, {"value": "Rp2.000.000"}, ("Nilai", "Rp1.250.000,50", "Rp2.000.000")),
    ("money that can't be read", {"value": ""}, {"value": "banyak"}, ("Nilai", "Belum diisi", "banyak")),
    ("a whole number", {"year": "2024"}, {"year": "2025"}, ("Tahun", "2024", "2025")),
    ("a choice", {"renewal_decision": "preparing"}, {"renewal_decision": "renewed"}, ("Keputusan perpanjangan", "Disiapkan", "Diperpanjang")),
    ("a choice that isn't there", {"group": "sinergi"}, {"group": "xyz"}, ("Jenis kerja sama", "Sinergi", "(sudah tidak ada)")),
    ("a record", {"sector": "1"}, {"sector": "2"}, ("Bidang urusan", "Pendidikan", "Kesehatan")),
    ("a record, none", {"sector": "1"}, {"sector": ""}, ("Bidang urusan", "Pendidikan", "Belum diisi")),
    ("a tick", {"by_power": "y"}, {"by_power": []}, ("Ditandatangani dengan surat kuasa", "Ya", "Tidak")),
    ("a parent", {"parent": "41"}, {"parent": []}, ("Naskah induk",
     "KS-2026-0041 Kesepakatan bersama pelayanan perhubungan dan kesehatan (contoh)", "Belum diisi")),
    ("units in order", {"unit": ["DPUPR", "Dinas Kesehatan"]}, {"unit": ["Dinas Kesehatan", "DPUPR"]},
     ("Perangkat daerah", "DPUPR; Dinas Kesehatan", "Dinas Kesehatan; DPUPR")),
    ("partners", {"partner": ["PT Dua"], "partner_number": [""]}, {"partner": ["PT Satu", "PT Tiga"], "partner_number": ["", ""]},
     ("Mitra", "PT Dua", "PT Satu; PT Tiga")),
    ("partners with numbers", {"partner_number": ["1/A", ""]}, {"partner_number": ["1/B", " 2/B"]},
     ("Mitra", "PT Satu (nomor 1/A); PT Dua", "PT Satu (nomor 1/B); PT Dua (nomor 2/B)")),
    ("a partner that isn't there", {"partner": ["PT Dua"], "partner_number": [""]}, {"partner": "999999", "partner_number": [""]},
     ("Mitra", "PT Dua", "(sudah tidak ada)")),
]  # fmt: skip


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


@pytest.mark.parametrize(("first", "second", "shown"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS])
def test_every_kind_of_field_is_laid_side_by_side(
    andi: Person,
    sinta: Person,
    app: Flask,
    paper: int,
    first: dict[str, Any],
    second: dict[str, Any],
    shown: tuple[str, str, str],
) -> None:
    first, second = with_ids(app, first), with_ids(app, second)
    mine = typed(opened(sinta, form_of(paper)), second)
    save(andi, form_of(paper), **first)

    answer = send(sinta, form_of(paper), mine)

    label, saved, own = shown
    assert answer.status_code == 409
    assert {name: values[:2] for name, values in laid_out(answer.text).items()} == {
        label: (saved.replace("DPUPR", "Dinas Pekerjaan Umum dan Penataan Ruang"), own.replace("DPUPR", "Dinas Pekerjaan Umum dan Penataan Ruang"))
    }  # fmt: skip


# --- which value is chosen beforehand ----------------------------------------------------------------------------


def test_what_the_second_did_not_touch_is_left_to_the_first(andi: Person, sinta: Person, app: Flask, paper: int) -> None:
    mine = typed(opened(sinta, form_of(paper)), {"location": "Samarinda"})
    save(andi, form_of(paper), scope="Rute dua", location="Balikpapan")

    page = send(sinta, form_of(paper), mine).text
    assert laid_out(page) == {
        "Ruang lingkup": ("Rute dua", "Rute satu", "saved"), "Lokasi": ("Balikpapan", "Samarinda", "mine"),
    }  # fmt: skip

    assert send(sinta, form_of(paper), form_to(page, "").fields).status_code == 302
    assert one(app, paper, "scope", "location") == ("Rute dua", "Samarinda")


def one(app: Flask, paper: int, *names: str) -> tuple[Any, ...]:
    return tuple(ask(app, select(getattr(Agreement, name)).where(Agreement.id == paper))[0] for name in names)


@pytest.mark.parametrize("seen", [None, "", "scope", "scope:zzzzzzzz", "x" * 5000, *list(VALUES.values())[:12]])
def test_where_it_cannot_be_told_the_own_value_is_chosen(andi: Person, sinta: Person, paper: int, seen: str | None) -> None:
    mine = opened(sinta, form_of(paper))
    save(andi, form_of(paper), scope="Rute dua")

    answer = send(sinta, form_of(paper), typed(mine, {"seen": [] if seen is None else seen}))

    assert laid_out(answer.text) == {"Ruang lingkup": ("Rute dua", "Rute satu", "mine")}
    assert list(faults(answer, "a script")) == []


def test_a_forged_note_of_what_was_seen_saves_nothing_unasked(andi: Person, sinta: Person, app: Flask, paper: int) -> None:
    fresh = typed(opened(sinta, form_of(paper)), {"scope": "dari Sinta"})
    save(andi, form_of(paper), scope="dari Andi")
    newest = dict(opened(sinta, form_of(paper)))["seen"]

    assert send(sinta, form_of(paper), typed(fresh, {"seen": newest})).status_code == 409
    assert one(app, paper, "scope") == ("dari Andi",)


# --- choosing ----------------------------------------------------------------------------------------------------


def test_one_is_taken_from_each_with_partners_and_numbers_together(
    andi: Person, sinta: Person, app: Flask, session: Session, paper: int
) -> None:
    first = with_ids(app, {"partner": ["PT Dua", "PT Satu"], "partner_number": ["2/A", "1/A"]})
    mine = typed(opened(sinta, form_of(paper)), {"partner_number": ["1/S", "2/S"], "scope": "dari Sinta", "by_power": "y"})
    save(andi, form_of(paper), scope="dari Andi", open_ended="y", **first)
    page = send(sinta, form_of(paper), mine).text
    assert laid_out(page) == {
        "Mitra": ("PT Dua (nomor 2/A); PT Satu (nomor 1/A)", "PT Satu (nomor 1/S); PT Dua (nomor 2/S)", "mine"),
        "Ditandatangani dengan surat kuasa": ("Tidak", "Ya", "mine"),
        "Tanpa batas waktu": ("Ya", "Tidak", "saved"),
        "Ruang lingkup": ("dari Andi", "dari Sinta", "mine"),
    }

    answer = send(sinta, form_of(paper), typed(form_to(page, "").fields, {"take_partner": "saved", "take_by_power": "saved"}))

    assert answer.status_code == 302
    made = agreements.for_editing(session, paper)
    partners = [(party.partner.name, party.number) for party in made.parties if party.partner]
    assert partners == [("PT Dua", "2/A"), ("PT Satu", "1/A")]
    assert (made.scope, made.open_ended, made.parties[0].by_power) == ("dari Sinta", True, False)


def test_partners_of_the_own_form_take_their_numbers_along(
    andi: Person, sinta: Person, app: Flask, session: Session, paper: int
) -> None:
    mine = typed(
        opened(sinta, form_of(paper)), with_ids(app, {"partner": ["PT Tiga", "PT Satu"], "partner_number": ["3/S", ""]})
    )
    save(andi, form_of(paper), partner_number=["1/A", "2/A"])
    page = send(sinta, form_of(paper), mine).text

    assert send(sinta, form_of(paper), form_to(page, "").fields).status_code == 302

    made = agreements.for_editing(session, paper)
    assert [(party.partner.name, party.number) for party in made.parties if party.partner] == [
        ("PT Tiga", "3/S"),
        ("PT Satu", ""),
    ]


def test_a_third_saver_in_between_and_a_fourth(andi: Person, sinta: Person, budi: Person, app: Flask, paper: int) -> None:
    mine = typed(opened(sinta, form_of(paper)), {"scope": "dari Sinta", "location": "Samarinda"})
    save(andi, form_of(paper), scope="dari Andi", location="Balikpapan")
    page = send(sinta, form_of(paper), mine).text
    chosen = typed(form_to(page, "").fields, {"take_location": "saved"})

    save(budi, form_of(paper), scope="dari Budi", location="Bontang", benefits="Lancar")
    again = send(sinta, form_of(paper), chosen)
    assert again.status_code == 409
    # What she had chosen stays chosen, and neither of her own values is lost.
    assert laid_out(again.text) == {
        "Ruang lingkup": ("dari Budi", "dari Sinta", "mine"), "Lokasi": ("Bontang", "Samarinda", "saved"),
        "Manfaat": ("Lancar", "Belum diisi", "saved"),
    }  # fmt: skip

    save(andi, form_of(paper), scope="lagi dari Andi")
    third = send(sinta, form_of(paper), form_to(again.text, "").fields)
    assert laid_out(third.text)["Ruang lingkup"] == ("lagi dari Andi", "dari Sinta", "mine")

    assert send(sinta, form_of(paper), form_to(third.text, "").fields).status_code == 302
    assert one(app, paper, "scope", "location", "benefits") == ("dari Sinta", "Bontang", "Lancar")


def test_a_choice_that_does_not_hold_comes_back_as_the_form_with_what_was_chosen(
    andi: Person, sinta: Person, app: Flask, paper: int
) -> None:
    mine = typed(opened(sinta, form_of(paper)), {"ends_on": "31 Pebruwari 2030", "scope": "dari Sinta"})
    save(andi, form_of(paper), ends_on="2031-06-02", scope="dari Andi")
    page = send(sinta, form_of(paper), mine).text

    refused = send(sinta, form_of(paper), typed(form_to(page, "").fields, {"take_scope": "saved", "take_ends_on": "mine"}))

    assert refused.status_code == 422
    assert "Tanggal tidak dikenali." in refused.text
    form = dict(form_to(refused.text, "").fields)
    assert (form["ends_on"], form["scope"]) == ("31 Pebruwari 2030", "dari Andi")
    assert not [name for name in form if name.startswith("take_")]
    mended = typed(form_to(refused.text, "").fields, {"ends_on": "2/6/2030"})
    assert send(sinta, form_of(paper), mended).status_code == 302

    # Had someone saved before she mended it, what she took over would not count as typed by her.
    save(andi, form_of(paper), scope="lagi dari Andi")
    late = send(sinta, form_of(paper), typed(form_to(refused.text, "").fields, {"ends_on": "3/6/2030"}))
    assert laid_out(late.text)["Ruang lingkup"] == ("lagi dari Andi", "dari Andi", "saved")


def test_a_refusal_does_not_hide_what_was_saved_meanwhile(andi: Person, sinta: Person, app: Flask, paper: int) -> None:
    """The form that comes back for another reason is still the one that was opened before the first saved."""
    refused = send(sinta, form_of(paper), typed(opened(sinta, form_of(paper)), {"title": "", "scope": "dari Sinta"}))
    assert refused.status_code == 422
    save(andi, form_of(paper), scope="dari Andi")

    answer = send(sinta, form_of(paper), typed(form_to(refused.text, "").fields, {"title": "Bus"}))

    assert answer.status_code == 409
    assert laid_out(answer.text)["Ruang lingkup"] == ("dari Andi", "dari Sinta", "mine")


def test_saved_by_another_while_the_refusal_is_being_told(
    monkeypatch: pytest.MonkeyPatch, sinta: Person, app: Flask, paper: int
) -> None:
    """The page that is on its way to Sinta doesn't know of it, and so must not carry its version."""
    fields = typed(opened(sinta, form_of(paper)), {"title": "", "scope": "dari Sinta"})
    show = AgreementView._form_page

    def saved_meanwhile(*args: Any) -> Any:
        change(app, update(Agreement).where(Agreement.id == paper).values(scope="dari Andi", version=Agreement.version + 1))
        return show(*args)

    monkeypatch.setattr(AgreementView, "_form_page", saved_meanwhile)
    refused = send(sinta, form_of(paper), fields)
    monkeypatch.undo()

    assert refused.status_code == 422
    answer = send(sinta, form_of(paper), typed(form_to(refused.text, "").fields, {"title": "Bus"}))
    assert (answer.status_code, one(app, paper, "scope")) == (409, ("dari Andi",))


def test_going_on_with_the_form_is_remembered(andi: Person, sinta: Person, paper: int) -> None:
    mine = typed(
        opened(sinta, form_of(paper)), {"scope": "dari Sinta", "_continue_editing": "1", "url": "/admin/agreement/?page=1"}
    )
    save(andi, form_of(paper), scope="dari Andi")

    page = send(sinta, form_of(paper), mine).text
    assert dict(form_to(page, "").fields)["url"] == "/admin/agreement/?page=1"
    assert send(sinta, form_of(paper), form_to(page, "").fields).location == form_of(paper)


@pytest.mark.parametrize("label", VALUES)
def test_no_hostile_choice_does_harm(andi: Person, sinta: Person, app: Flask, paper: int, label: str) -> None:
    value = VALUES[label]
    mine = typed(opened(sinta, form_of(paper)), {"scope": "dari Sinta"})
    save(andi, form_of(paper), scope="dari Andi")
    page = send(sinta, form_of(paper), mine).text
    tried = {"take_scope": value, "take_nothing": value, "take_": value, "take_version": value, "take_partner_number": value}

    stale = send(sinta, form_of(paper), typed(mine, tried))
    assert (stale.status_code, laid_out(stale.text)) == (409, {"Ruang lingkup": ("dari Andi", "dari Sinta", "mine")})
    assert list(faults(stale, label)) == []
    answer = send(sinta, form_of(paper), typed(form_to(page, "").fields, tried))

    assert answer.status_code == 302  # anything but "saved" means the own value
    assert one(app, paper, "scope") == ("dari Sinta",)


@pytest.mark.parametrize("version", ["0", "999999", "-1", "1.0", "abc", "1 OR 1=1", "x" * 10_000])
def test_any_version_but_the_newest_is_an_old_one(sinta: Person, app: Flask, paper: int, version: str) -> None:
    sent = typed(opened(sinta, form_of(paper)), {"scope": "dari Sinta", "version": version})

    assert send(sinta, form_of(paper), sent).status_code == 409
    assert one(app, paper, "scope") == ("Rute satu",)


@pytest.mark.parametrize("version", [[], ""])
def test_without_a_version_nothing_is_compared(andi: Person, sinta: Person, app: Flask, paper: int, version: Any) -> None:
    mine = typed(opened(sinta, form_of(paper)), {"scope": "dari Sinta", "version": version})
    save(andi, form_of(paper), scope="dari Andi")

    assert send(sinta, form_of(paper), mine).status_code == 302
    assert one(app, paper, "scope") == ("dari Sinta",)


def test_hostile_values_stand_on_the_page_as_text(andi: Person, sinta: Person, paper: int) -> None:
    for label, value in VALUES.items():
        mine = typed(
            opened(sinta, form_of(paper)), {"scope": value, "title": value, "our_number": value, "partner_number": [value, ""]}
        )
        save(andi, form_of(paper), location=f"Kota {label}")
        answer = send(sinta, form_of(paper), mine)
        assert answer.status_code == 409, label
        assert list(faults(answer, label)) == [], label


# --- passwords ---------------------------------------------------------------------------------------------------


@pytest.fixture
def account(app: Flask) -> str:
    return f"/admin/user/edit/?id={id_of(app, User, 'auditor@sikerja.test')}"


def test_a_password_is_neither_shown_nor_sent_along_but_typed_again(
    andi: Person, budi: Person, app: Flask, account: str
) -> None:
    mine = typed(opened(budi, account), {"password": OTHER_PASSWORD, "name": "Bima Dua"})
    save(andi, account, name="Bima Satu")

    page = send(budi, account, mine).text
    assert laid_out(page) == {"Nama": ("Bima Satu", "Bima Dua", "mine")}
    assert OTHER_PASSWORD not in page
    assert "Kata sandi yang Anda ketik tidak ikut dibawa." in page
    assert [found["type"] for tag, found in elements(page) if found.get("name") == "password"] == ["password"]

    assert send(budi, account, typed(form_to(page, "").fields, {"password": OTHER_PASSWORD})).status_code == 302
    assert Person(app).sign_in("auditor@sikerja.test", OTHER_PASSWORD).status_code == 302


def test_a_password_alone_is_asked_for_again_too(andi: Person, budi: Person, app: Flask, account: str) -> None:
    mine = typed(opened(budi, account), {"password": OTHER_PASSWORD})
    save(andi, account, password="sungai mahakam panjang 7")

    answer = send(budi, account, mine)

    assert (answer.status_code, laid_out(answer.text)) == (409, {})
    assert Person(app).sign_in("auditor@sikerja.test", OTHER_PASSWORD).status_code == 422


# --- an edit against the bin -------------------------------------------------------------------------------------


def test_what_was_typed_for_a_binned_record_is_kept_and_saved_once_it_is_back(
    andi: Person, sinta: Person, app: Flask, paper: int
) -> None:
    mine = typed(opened(sinta, form_of(paper)), {"scope": "dari <Sinta>"})
    andi.post("/admin/agreement/delete/", {"id": paper})
    before = rows(app)

    answer = send(sinta, form_of(paper), mine)

    assert answer.status_code == 409
    assert "Naskah ini sudah ada di keranjang" in answer.text
    assert f'href="/admin/agreement/details/?id={paper}" target="_blank"' in answer.text
    kept = form_to(answer.text, "").fields
    assert dict(kept)["scope"] == "dari <Sinta>"
    assert rows(app) == before

    assert send(sinta, form_of(paper), kept).status_code == 409  # still there, still nothing lost
    sinta.post("/admin/agreement/restore/", {"id": paper})
    page = send(sinta, form_of(paper), kept)
    assert laid_out(page.text) == {"Ruang lingkup": ("Rute satu", "dari <Sinta>", "mine")}
    assert send(sinta, form_of(paper), form_to(page.text, "").fields).status_code == 302
    assert one(app, paper, "scope") == ("dari <Sinta>",)


def test_who_may_not_restore_loses_nothing_and_sees_no_more(andi: Person, sinta: Person, app: Flask) -> None:
    """Sinta may change holidays, but only the administrator looks into their bin."""
    key = ask(app, select(Holiday.id).where(Holiday.name.like("Tahun Baru%")))[0]
    url = f"/admin/holiday/edit/?id={key}"
    mine = typed(opened(sinta, url), {"name": "Tahun baru kami"})
    change(app, update(Holiday).where(Holiday.id == key).values(name="RAHASIA"))
    andi.post("/admin/holiday/delete/", {"id": key})

    answer = send(sinta, url, mine)

    assert answer.status_code == 409
    assert "Minta administrator mengembalikannya" in answer.text
    assert dict(form_to(answer.text, "").fields)["name"] == "Tahun baru kami"
    nosy = send(sinta, url, [pair for pair in mine if pair[0] == "csrf_token"])
    assert "RAHASIA" not in answer.text + nosy.text
    assert "target=" not in answer.text

    andi.post("/admin/holiday/restore/", {"id": key})
    assert laid_out(send(sinta, url, form_to(answer.text, "").fields).text) == {
        "Hari libur": ("RAHASIA", "Tahun baru kami", "mine")
    }


# --- throwing away what someone has changed ----------------------------------------------------------------------


def button(person: Person, screen: str, key: int, verb: str) -> Pairs:
    """What the button on the details page sends."""
    return form_to(person.get(f"/admin/{screen}/details/?id={key}").text, f"/admin/{screen}/{verb}/").fields


def binned(app: Flask, model: Any) -> list[int]:
    return ask(app, select(model.id).where(model.deleted_at.is_not(None)).order_by(model.id))


BINS = ("agreement", "stage", "unit", "sector", "regulation", "holiday", "partner", "contact")


@pytest.mark.parametrize("screen", BINS)
def test_who_throws_away_what_was_changed_is_asked_first(andi: Person, budi: Person, app: Flask, screen: str) -> None:
    key = add_partner(app) if screen == "partner" else last_of_each(app)[screen]
    before = binned(app, MODELS[screen])
    pressed = button(budi, screen, key, "delete")
    name, _, first, _, noun = EVERY_FORM[screen]
    save(andi, f"/admin/{screen}/edit/?id={key}", **{name: first})

    asked = send(budi, f"/admin/{screen}/delete/", pressed)

    assert asked.status_code == 409
    assert title_of(asked.text) == f"{noun} ini baru saja diubah orang lain"
    assert re.search(r"diubah Administrator Contoh pada [^,]+, setelah Anda membuka halaman ini\. Buang tetap\?", asked.text)
    assert f'<a href="/admin/{screen}/details/?id={key}">Lihat keadaan terbaru</a>' in asked.text
    assert binned(app, MODELS[screen]) == before

    done = send(budi, f"/admin/{screen}/delete/", form_to(asked.text, f"/admin/{screen}/delete/").fields)
    assert (done.status_code, done.location) == (302, f"/admin/{screen}/")
    assert binned(app, MODELS[screen]) == sorted([*before, key])


def test_changed_again_while_being_asked_it_asks_again(andi: Person, sinta: Person, app: Flask, paper: int) -> None:
    pressed = button(sinta, "agreement", paper, "delete")
    for text in ("satu", "dua"):
        save(andi, form_of(paper), scope=text)
        asked = send(sinta, "/admin/agreement/delete/", pressed)
        assert asked.status_code == 409
        pressed = form_to(asked.text, "/admin/agreement/delete/").fields
    assert send(sinta, "/admin/agreement/delete/", pressed).status_code == 302


def test_thrown_away_by_the_other_already(andi: Person, sinta: Person, app: Flask, paper: int) -> None:
    pressed = button(sinta, "agreement", paper, "delete")
    andi.post("/admin/agreement/delete/", {"id": paper})

    answer = send(sinta, "/admin/agreement/delete/", pressed)

    assert answer.status_code == 302
    assert "Naskah ini sudah dibuang ke keranjang oleh orang lain." in sinta.get(answer.location).text


def test_restoring_is_asked_about_too(andi: Person, sinta: Person, app: Flask, paper: int) -> None:
    andi.post("/admin/agreement/delete/", {"id": paper})
    pressed = button(sinta, "agreement", paper, "restore")
    andi.post("/admin/agreement/restore/", {"id": paper})
    told = send(sinta, "/admin/agreement/restore/", pressed)
    assert "Naskah ini sudah dikembalikan oleh orang lain." in sinta.get(told.location).text

    save(andi, form_of(paper), scope="lain")
    andi.post("/admin/agreement/delete/", {"id": paper})
    asked = send(sinta, "/admin/agreement/restore/", pressed)
    assert asked.status_code == 409
    assert "Kembalikan tetap?" in asked.text
    assert send(sinta, "/admin/agreement/restore/", form_to(asked.text, "/admin/agreement/restore/").fields).status_code == 302
    assert binned(app, Agreement) == []


def test_what_hangs_on_it_still_stops_it_after_being_asked(andi: Person, sinta: Person, app: Flask) -> None:
    pressed = button(sinta, "agreement", 41, "delete")
    save(andi, form_of(41), location="Samarinda")
    asked = send(sinta, "/admin/agreement/delete/", pressed)

    answer = send(sinta, "/admin/agreement/delete/", form_to(asked.text, "/admin/agreement/delete/").fields)

    assert answer.status_code == 422
    assert "Masih ada naskah yang bergantung pada naskah ini" in answer.text


@pytest.mark.parametrize("version", [[], ""])
def test_throwing_away_without_a_version_compares_nothing(
    andi: Person, sinta: Person, app: Flask, paper: int, version: Any
) -> None:
    pressed = typed(button(sinta, "agreement", paper, "delete"), {"version": version})
    save(andi, form_of(paper), scope="dari Andi")

    assert send(sinta, "/admin/agreement/delete/", pressed).status_code == 302
    assert binned(app, Agreement) == [paper]


# --- many at once ------------------------------------------------------------------------------------------------


def chosen(person: Person, *keys: int, verb: str = "delete", state: str = "page_size=200") -> Pairs:
    """What the bulk bar sends for these rows of the list as it stands now."""
    form = form_to(person.get(f"/admin/agreement/?{state}").text, "/admin/agreement/action/")
    return [pair for pair in form.fields if pair[0] != "rowid"] + [("action", verb), *(("rowid", str(key)) for key in keys)]


ACTION = "/admin/agreement/action/"


def test_the_unchanged_are_done_the_others_named_and_done_after_all(andi: Person, sinta: Person, app: Flask) -> None:
    sent = chosen(sinta, 1, 2, 3, 4, 41)
    save(andi, form_of(2), title="Diubah <Andi>")
    save(andi, form_of(3), location="Samarinda")
    andi.post("/admin/agreement/delete/", {"id": "4"})

    answer = send(sinta, ACTION, sent)

    assert answer.status_code == 409
    assert binned(app, Agreement) == [1, 4]
    assert title_of(answer.text) == "2 naskah belum dibuang ke keranjang"
    told = [
        (heading, re.findall(r"KS-2026-\d+", texts))
        for heading, texts in re.findall(r"<h2>(.*?)</h2><ul>(.*?)</ul>", answer.text, re.S)
    ]
    assert told == [
        ("Belum dilakukan karena diubah orang lain", ["KS-2026-0002", "KS-2026-0003"]),
        ("Sudah dibuang ke keranjang", ["KS-2026-0001"]),
        ("Sudah dibuang ke keranjang oleh orang lain", ["KS-2026-0004"]),
        ("Tidak dapat dilakukan", ["KS-2026-0041"]),
    ]
    assert "Diubah &lt;Andi&gt;" in answer.text
    assert "Masih ada naskah yang bergantung pada naskah ini" in answer.text
    assert "Tetap buang ke keranjang: 2 naskah" in answer.text

    done = send(sinta, ACTION, form_to(answer.text, ACTION).fields)
    assert (done.status_code, done.location) == (302, "/admin/agreement/?page_size=200")
    assert binned(app, Agreement) == [1, 2, 3, 4]


def test_changed_again_before_being_done_after_all(andi: Person, sinta: Person, app: Flask) -> None:
    sent = chosen(sinta, 2)
    for text in ("satu", "dua"):
        save(andi, form_of(2), location=text)
        answer = send(sinta, ACTION, sent)
        assert answer.status_code == 409
        sent = form_to(answer.text, ACTION).fields
    assert send(sinta, ACTION, sent).status_code == 302
    assert binned(app, Agreement) == [2]


def test_where_others_did_it_already_nothing_is_left_to_ask(andi: Person, sinta: Person, app: Flask) -> None:
    sent = chosen(sinta, 1, 2)
    andi.post("/admin/agreement/delete/", {"id": "2"})

    answer = send(sinta, ACTION, sent)

    assert answer.status_code == 302
    page = sinta.get(answer.location).text
    assert "1 naskah dibuang ke keranjang." in page
    assert "Sudah dibuang ke keranjang oleh orang lain: KS-2026-0002" in page


def test_many_are_taken_back_by_their_versions_too(andi: Person, sinta: Person, app: Flask) -> None:
    for key in ("1", "2"):
        andi.post("/admin/agreement/delete/", {"id": key})
    sent = chosen(sinta, 1, 2, verb="restore", state="bin=1")
    andi.post("/admin/agreement/restore/", {"id": "2"})
    andi.post("/admin/agreement/delete/", {"id": "2"})

    answer = send(sinta, ACTION, sent)

    assert (answer.status_code, binned(app, Agreement)) == (409, [2])
    assert "Kembalikan tetap?" in answer.text
    assert send(sinta, ACTION, form_to(answer.text, ACTION).fields).location == "/admin/agreement/?bin=1"
    assert binned(app, Agreement) == []


@pytest.mark.parametrize("versions", ["", "3:1", "2:1,3:1"])
def test_rows_without_a_version_are_not_compared(andi: Person, sinta: Person, app: Flask, versions: str) -> None:
    save(andi, form_of(1), location="Samarinda")

    assert sinta.post(ACTION, {"action": "delete", "rowid": ["1"], "versions": versions}).status_code == 302
    assert binned(app, Agreement) == [1]


BROKEN = [
    "1", "1:", ":1", "1:1,", ",1:1", "1:1,,2:1", "1:1;2:1", "1:1,1:2", "1:1,01:1", "1:-1", "1:1.0", "a:b", "1:1\n", "１:１",
    "1:99999999999", "99999999999:1", "' OR 1=1 --", "<script>alert('sk')</script>", "1:1" + ",9" * 50_000,
]  # fmt: skip


@pytest.mark.parametrize("versions", BROKEN, ids=[each[:20] for each in BROKEN])
def test_versions_that_cannot_be_read_are_refused(sinta: Person, app: Flask, versions: str) -> None:
    before = rows(app)

    answer = sinta.post(ACTION, {"action": "delete", "rowid": ["1"], "versions": versions})

    assert answer.status_code == 400
    assert "Muat ulang halaman daftarnya, lalu pilih lagi." in answer.text
    assert rows(app) == before


@pytest.mark.parametrize("screen", [screen for screen, model in MODELS.items() if hasattr(model, "deleted_at")])
def test_every_list_carries_the_versions_of_its_rows(andi: Person, app: Flask, screen: str) -> None:
    add_contact(app)
    page = andi.get(f"/admin/{screen}/?page_size=200").text
    listed = dict(form_to(page, f"/admin/{screen}/action/").fields)["versions"].split(",")

    keys = re.findall(r"name=rowid value=(\d+)", page)
    assert [pair.partition(":")[0] for pair in listed] == keys
    model = MODELS[screen]
    there = dict(
        zip(ask(app, select(model.id).order_by(model.id)), ask(app, select(model.version).order_by(model.id)), strict=True)
    )
    assert {pair: f"{key}:{there[int(key)]}" for pair, key in zip(listed, keys, strict=True)} == {pair: pair for pair in listed}


# --- a form that outlived its session ----------------------------------------------------------------------------


def test_a_choice_made_when_the_session_had_ended_is_kept(andi: Person, sinta: Person, app: Flask, paper: int) -> None:
    mine = typed(opened(sinta, form_of(paper)), {"scope": "dari Sinta"})
    save(andi, form_of(paper), scope="dari Andi", location="Samarinda")
    fields = typed(form_to(send(sinta, form_of(paper), mine).text, "").fields, {"take_scope": "saved"})
    staff = id_of(app, User, "staff@sikerja.test")
    change(app, delete(UserSession).where(UserSession.user_id == staff))

    late = send(sinta, form_of(paper), fields)
    assert late.status_code == 401
    kept = dict(form_to(late.text, "/login").fields)
    sent = dict(fields)
    assert {name: kept[f"kept.{name}"] for name in ("version", "seen", "take_scope", "take_location")} == {
        "version": sent["version"], "seen": sent["seen"], "take_scope": "saved", "take_location": "saved",
    }  # fmt: skip

    signing = form_to(late.text, "/login").with_values(email="staff@sikerja.test", password=PASSWORD)
    asked = send(sinta, "/login", signing)
    done = send(sinta, form_of(paper), form_to(asked.text, "/admin/agreement/edit/").fields)
    assert done.status_code == 302
    assert one(app, paper, "scope", "location") == ("dari Andi", "Samarinda")


# --- at the same moment ------------------------------------------------------------------------------------------


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


def together(work: Callable[..., Any], parties: int = 2) -> Callable[..., Any]:
    """The work, begun only when all have read what they are about to change; on SQLite the second can't read before the
    first has written, so nobody waits longer than it takes to see that."""
    barrier = Barrier(parties)

    def waits(*args: Any, **kw: Any) -> Any:
        with contextlib.suppress(BrokenBarrierError):
            barrier.wait(timeout=1)
        return work(*args, **kw)

    return waits


def test_of_two_who_save_at_the_same_moment_one_is_asked(
    monkeypatch: pytest.MonkeyPatch, andi: Person, budi: Person, app: Flask, site: str
) -> None:
    key = add_partner(app)
    url = f"/admin/partner/edit/?id={key}"
    people = [(andi, "0541-1"), (budi, "0541-2")]
    sent = [(person, typed(opened(person, url), {"phone": phone})) for person, phone in people]
    monkeypatch.setattr(FormPage, "update_model", together(FormPage.update_model))

    answers = at_once(app, lambda n: Server(site).post(sent[n][0], url, sent[n][1]), 2)

    assert sorted(status for status, _ in answers) == [302, 409]
    lost = [status for status, _ in answers].index(409)
    won = people[1 - lost][1]
    assert laid_out(answers[lost][1]) == {"Telepon kantor": (won, people[lost][1], "mine")}
    assert ask(app, select(Partner.phone).where(Partner.id == key)) == [won]


def test_of_two_who_save_the_same_at_the_same_moment_nobody_is_asked(
    monkeypatch: pytest.MonkeyPatch, andi: Person, budi: Person, app: Flask, site: str
) -> None:
    key = add_partner(app)
    url = f"/admin/partner/edit/?id={key}"
    sent = [(person, typed(opened(person, url), {"phone": "0541-1"})) for person in (andi, budi)]
    monkeypatch.setattr(FormPage, "update_model", together(FormPage.update_model))

    answers = at_once(app, lambda n: Server(site).post(sent[n][0], url, sent[n][1]), 2)

    assert [status for status, _ in answers] == [302, 302]


@pytest.mark.parametrize("with_version", [True, False])
def test_of_an_edit_and_a_throw_at_the_same_moment_one_is_asked(
    monkeypatch: pytest.MonkeyPatch, andi: Person, budi: Person, app: Flask, site: str, with_version: bool
) -> None:
    """Also where no version is sent: the row itself tells that it was changed."""
    key = add_partner(app)
    edit, throw = f"/admin/partner/edit/?id={key}", "/admin/partner/delete/"
    without = {} if with_version else {"version": []}
    sent = [
        (andi, edit, typed(opened(andi, edit), {"phone": "0541-1"} | without)),
        (budi, throw, typed(button(budi, "partner", key, "delete"), without)),
    ]
    barrier = together(lambda work, *args: work(*args))
    update_model, do = FormPage.update_model, binpage.THROW.do
    monkeypatch.setattr(FormPage, "update_model", lambda *args: barrier(update_model, *args))
    monkeypatch.setattr(binpage, "THROW", replace(binpage.THROW, do=lambda *args: barrier(do, *args)))

    answers = at_once(app, lambda n: Server(site).post(*sent[n]), 2)

    edited = ask(app, select(Partner.phone).where(Partner.id == key)) == ["0541-1"]
    thrown = binned(app, Partner) == [key]
    statuses = [status for status, _ in answers]
    if with_version or statuses != [302, 302]:
        assert (edited, thrown) in ((True, False), (False, True))
        assert statuses == ([302, 409] if edited else [409, 302])
        assert "0541-1" in answers[0][1] or edited
    else:
        assert (edited, thrown) == (True, True)  # one wholly after the other: nothing was compared, nothing lost


def test_of_a_bulk_throw_and_an_edit_at_the_same_moment_one_is_asked(
    monkeypatch: pytest.MonkeyPatch, andi: Person, budi: Person, app: Flask, site: str, paper: int
) -> None:
    sent = [
        (andi, form_of(paper), typed(opened(andi, form_of(paper)), {"scope": "dari Andi"})),
        (budi, ACTION, chosen(budi, paper)),
    ]
    barrier = together(lambda work, *args: work(*args))
    update_model, do = AgreementView.update_model, binpage.THROW.do
    monkeypatch.setattr(AgreementView, "update_model", lambda *args: barrier(update_model, *args))
    monkeypatch.setattr(binpage, "THROW", replace(binpage.THROW, do=lambda *args: barrier(do, *args)))

    answers = at_once(app, lambda n: Server(site).post(*sent[n]), 2)

    edited, thrown = one(app, paper, "scope") == ("dari Andi",), binned(app, Agreement) == [paper]
    assert (edited, thrown) in ((True, False), (False, True))
    assert [status for status, _ in answers] == ([302, 409] if edited else [409, 302])


def test_two_stages_of_one_agreement_are_moved_at_the_same_moment_without_a_question(
    monkeypatch: pytest.MonkeyPatch, andi: Person, budi: Person, app: Flask, site: str, session: Session, paper: int
) -> None:
    """Both change where the agreement stands; neither has touched the other's step."""
    first = Stage(agreement_id=paper, key="rapat", name="Rapat", position=1, status="running", started_on=date(2026, 11, 1))
    second = Stage(agreement_id=paper, key="pelaksanaan", name="Pelaksanaan", position=2)
    session.add_all([first, second])
    session.commit()
    keys, people, move = [first.id, second.id], [andi, budi], "/admin/stage/move/"
    session.rollback()
    asked = [{"verb": "wait", "holder": "dprd"}, {"verb": "start", "on": "2026-11-01"}]
    sent = [
        [("csrf_token", person.token()), ("id", str(key)), *pressed.items()]
        for person, key, pressed in zip(people, keys, asked, strict=True)
    ]
    monkeypatch.setattr(verbs, "move", together(verbs.move))

    answers = at_once(app, lambda n: Server(site).post(people[n], move, sent[n]), 2)

    assert [status for status, _ in answers] == [303, 303]
    assert ask(app, select(Stage.status).where(Stage.id.in_(keys)).order_by(Stage.id)) == ["waiting", "running"]
    assert one(app, paper, "holder", "underway_since") == ("dprd", date(2026, 11, 1))


# --- beside it ---------------------------------------------------------------------------------------------------


def test_a_new_record_has_no_version_and_meets_nobody(sinta: Person) -> None:
    names = {name for name, _ in form_to(sinta.get("/admin/partner/new/").text, "").fields}
    assert not names & {"version", "seen"}
    tried = {"name": "Kota Uji", "kind": "daerah", "version": "7", "seen": "x", "take_name": "saved"}
    assert sinta.post("/admin/partner/new/", tried).status_code == 302


def test_asking_for_the_head_of_a_form_saves_nothing(sinta: Person, app: Flask, paper: int) -> None:
    before = rows(app)
    for url in (form_of(paper), "/admin/agreement/new/"):
        assert sinta.client.head(url, base_url=BASE).status_code == 200
    assert rows(app) == before


def test_what_is_taken_out_of_a_type_ahead_is_gone(sinta: Person, app: Flask, paper: int) -> None:
    """A browser sends nothing for an empty list but the box one types in."""
    save(sinta, form_of(paper), parent="41")
    assert len(ask(app, select(Link.id).where(Link.from_id == paper))) == 1

    save(sinta, form_of(paper), parent=[], unit=[])

    assert ask(app, select(Link.id).where(Link.from_id == paper)) == []
    assert one(app, paper, "lead_unit_id") == (None,)
    refused = send(sinta, form_of(paper), typed(opened(sinta, form_of(paper)), {"partner": [], "partner_number": []}))
    assert "Pilih sedikitnya satu mitra." in refused.text
    assert len(ask(app, select(Party.id).where(Party.agreement_id == paper, Party.side == "partner"))) == 2
