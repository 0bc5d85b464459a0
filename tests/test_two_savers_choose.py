"""The second of two savers chooses: of each field what is saved now or what they typed themselves, and no choice is lost.

Chosen beforehand is the own value where they touched the field, else the saved one. Others may save in between, the form may
be refused, the session may end, a password is typed again; whatever was forged saves nothing unasked.
"""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from models import Agreement, User, UserSession
from sikerja import agreements
from tests.hostile import VALUES, faults
from tests.pages import elements, form_to
from tests.people import PASSWORD, Person
from tests.rows import change, id_of
from tests.savers import form_of, laid_out, one, opened, save, send, typed, with_ids
from views.agreements import AgreementView

OTHER_PASSWORD = "kapal pesut mahakam 88"


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
