"""Two clerks have the same record open: the second neither overwrites what the first saved nor loses what they typed.

The second gets a page (409) with both values of every field that differs: on every form, for every kind of field, and where
both press at the same moment. What comes of it is told in test_two_savers_choose.py, what of the bin in
test_two_savers_bin.py.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Link, Partner, Party, Stage, User
from sikerja.process import verbs
from tests.pages import form_to, title_of
from tests.people import BASE, Person
from tests.routes import MODELS, add_contact, add_draft, add_partner
from tests.rows import ask, id_of, rows
from tests.savers import ACTION, EVERY_FORM, binned, button, chosen, form_of, laid_out, one, opened, save, send, typed, with_ids
from tests.together import Server, at_once, together
from views import binpage
from views.agreements import AgreementView
from views.formpage import FormPage

# --- every form --------------------------------------------------------------------------------------------------


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


# --- at the same moment ------------------------------------------------------------------------------------------


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
