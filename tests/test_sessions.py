"""Signing in and out: the throttle on failures, sessions that end when they should, a form that outlives its session."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models import Agreement, User
from sikerja import clock
from tests.pages import SentForm, form_to
from tests.people import BASE, PASSWORD, Person, is_in
from tests.rows import ask, id_of

NEW = "kapal pesut di mahakam"
MISMATCH = "Surel atau kata sandi tidak cocok"
THROTTLED = "Terlalu banyak percobaan"


class Clock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self._now = clock.now

    def now(self) -> datetime:
        return self._now() + self.ahead

    def moves(self, **span: int) -> None:
        self.ahead += timedelta(**span)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moving = Clock()
    monkeypatch.setattr(clock, "now", moving.now)
    return moving


def from_address(person: Person, address: str, email: str, password: str) -> Any:
    """A sign-in from that address."""
    data = {"email": email, "password": password}
    return person.post("/login", data, page="/login", environ_overrides={"REMOTE_ADDR": address})


def account_form(andi: Person, email: str) -> tuple[str, SentForm]:
    """The form of an account as the administrator opens it."""
    url = f"/admin/user/edit/?id={id_of(andi.app, User, email)}"
    return url, form_to(andi.get(url).text, "")


def change_account(andi: Person, email: str, **changes: str | None) -> None:
    url, form = account_form(andi, email)
    kept = [(name, value) for name, value in form.fields if name not in {"csrf_token", *changes}]
    answer = andi.post(url, kept + [(name, value) for name, value in changes.items() if value is not None])
    assert answer.status_code == 302, answer.text


# --- signing in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "email", ["STAFF@SIKERJA.TEST", "  staff@sikerja.test\t", "ｓｔａｆｆ＠ｓｉｋｅｒｊａ．ｔｅｓｔ", "Staff@sikerja.test"]
)
def test_an_address_signs_in_however_it_is_typed(tamu: Person, email: str) -> None:
    assert tamu.sign_in(email, PASSWORD).status_code == 302
    assert "Staf Kerja Sama Contoh" in tamu.get("/account/").text


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("staff@sikerja.test", "salah sekali lho"),
        ("bukan@sikerja.test", PASSWORD),
        ("", ""),
        ("staff@sikerja.test", ""),
        ("", PASSWORD),
        ("staff@sikerja.test", PASSWORD + " "),
        ("staff@sikerja.test", PASSWORD.upper()),
        ("staff@sikerja.test", "k" * 100_000),
        ("s" * 100_000, "k"),
        ("staff@sikerja.test\x00", PASSWORD),
        ("' OR 1=1 --", "' OR 1=1 --"),
    ],
)
def test_whatever_is_wrong_is_told_in_the_same_words(tamu: Person, email: str, password: str) -> None:
    answer = tamu.sign_in(email, password)

    assert answer.status_code == 422
    assert MISMATCH in answer.text
    assert password not in answer.text or len(password) < 2
    assert not is_in(tamu)


def test_a_switched_off_account_is_told_nothing_else(andi: Person, tamu: Person) -> None:
    change_account(andi, "staff@sikerja.test", active=None)

    answer = tamu.sign_in("staff@sikerja.test", PASSWORD)

    assert (answer.status_code, MISMATCH in answer.text) == (422, True)


def test_the_token_of_the_page_before_is_worth_nothing_after_the_sign_in(tamu: Person) -> None:
    before, cookie = tamu.token("/login"), tamu.client.get_cookie("sikerja")

    tamu.sign_in("staff@sikerja.test", PASSWORD)

    assert tamu.token("/account/") != before
    answer = tamu.client.post("/account/sessions/end", data={"id": "others", "csrf_token": before}, base_url=BASE)
    assert answer.status_code == 400
    thief = Person(tamu.app)
    thief.client.set_cookie("sikerja", cookie.value if cookie else "")
    assert not is_in(thief)


# --- the throttle ------------------------------------------------------------------------------------------------


def test_ten_failures_close_an_account_for_a_quarter_of_an_hour(app: Flask, time: Clock) -> None:
    guesser = Person(app)
    for _ in range(10):
        assert guesser.sign_in("staff@sikerja.test", "tebakan keliru").status_code == 422

    refused = guesser.sign_in("staff@sikerja.test", PASSWORD)
    assert (refused.status_code, THROTTLED in refused.text) == (429, True)
    assert "Coba lagi dalam 15 menit." in refused.text
    assert Person(app).sign_in("STAFF@sikerja.test ", PASSWORD).status_code == 429
    # Someone else signs in from the same place, and whoever is in stays in.
    assert Person(app).sign_in("admin@sikerja.test", PASSWORD).status_code == 302

    time.moves(minutes=14)
    assert guesser.sign_in("staff@sikerja.test", PASSWORD).status_code == 429
    time.moves(minutes=2)
    assert guesser.sign_in("staff@sikerja.test", PASSWORD).status_code == 302


def test_a_sign_in_that_fits_is_no_failure(app: Flask, tamu: Person) -> None:
    for _ in range(9):
        assert tamu.sign_in("staff@sikerja.test", "tebakan keliru").status_code == 422
    for _ in range(12):
        assert Person(app).sign_in("staff@sikerja.test", PASSWORD).status_code == 302
    assert tamu.sign_in("staff@sikerja.test", "tebakan keliru").status_code == 422
    assert tamu.sign_in("staff@sikerja.test", PASSWORD).status_code == 429


def test_tries_while_it_is_closed_do_not_lengthen_the_wait(app: Flask, time: Clock) -> None:
    guesser = Person(app)
    for _ in range(10):
        guesser.sign_in("staff@sikerja.test", "tebakan keliru")
    for _ in range(5):
        time.moves(minutes=2)
        assert guesser.sign_in("staff@sikerja.test", "tebakan keliru").status_code == 429
    time.moves(minutes=6)
    assert guesser.sign_in("staff@sikerja.test", PASSWORD).status_code == 302


def test_an_unknown_address_is_throttled_like_a_known_one(tamu: Person) -> None:
    for _ in range(10):
        assert tamu.sign_in("bukan@sikerja.test", "tebakan keliru").status_code == 422
    assert tamu.sign_in("bukan@sikerja.test", "tebakan keliru").status_code == 429


def test_a_hundred_failures_close_an_address_for_every_account(app: Flask, time: Clock) -> None:
    guesser = Person(app)
    for number in range(100):
        assert from_address(guesser, "10.1.1.1", f"kira{number}@sikerja.test", "tebakan keliru").status_code == 422

    assert from_address(guesser, "10.1.1.1", "staff@sikerja.test", PASSWORD).status_code == 429
    assert from_address(Person(app), "10.1.1.2", "staff@sikerja.test", PASSWORD).status_code == 302
    time.moves(minutes=16)
    assert from_address(guesser, "10.1.1.1", "staff@sikerja.test", PASSWORD).status_code == 302


def test_an_address_cannot_be_made_up_by_a_header(app: Flask) -> None:
    guesser = Person(app)
    for number in range(100):
        answer = guesser.post(
            "/login",
            {"email": f"kira{number}@sikerja.test", "password": "tebakan keliru"},
            page="/login",
            headers={"X-Forwarded-For": f"10.2.0.{number}", "Forwarded": f"for=10.2.0.{number}"},
        )
        assert answer.status_code == 422
    assert guesser.sign_in("staff@sikerja.test", PASSWORD).status_code == 429


# --- sessions end ------------------------------------------------------------------------------------------------


def test_a_copied_cookie_is_dead_after_signing_out(sinta: Person) -> None:
    cookie = sinta.client.get_cookie("sikerja")
    assert cookie is not None
    thief = Person(sinta.app)
    thief.client.set_cookie("sikerja", cookie.value)
    assert is_in(thief)

    answer = sinta.post("/logout")

    assert answer.headers["Location"] == "/login"
    assert not is_in(sinta)
    assert not is_in(thief)


def test_signing_out_is_a_post_with_a_token(sinta: Person) -> None:
    assert sinta.get("/logout").status_code == 405
    assert sinta.client.post("/logout", base_url=BASE).status_code == 400
    assert is_in(sinta)


@pytest.mark.parametrize("cookie", ["", "x", "e30.aaaa.bbbb", "eyJfdXNlcl9pZCI6IjEifQ.aSQ.AAAA", "ÿþ", "a" * 4000])
def test_a_made_up_cookie_opens_nothing(tamu: Person, cookie: str) -> None:
    tamu.client.set_cookie("sikerja", cookie)
    assert not is_in(tamu)


def test_a_switched_off_account_is_out_at_its_next_request(andi: Person, sinta: Person) -> None:
    assert is_in(sinta)
    change_account(andi, "staff@sikerja.test", active=None)
    assert not is_in(sinta)


def test_a_lowered_role_holds_at_the_next_request(andi: Person, sinta: Person) -> None:
    assert sinta.get("/admin/agreement/new/").status_code == 200

    change_account(andi, "staff@sikerja.test", role="auditor")

    assert sinta.get("/admin/agreement/new/").status_code == 403
    assert sinta.post("/admin/partner/new/", {"name": "Kabupaten Uji", "kind": "daerah"}).status_code == 403
    assert sinta.get("/admin/agreement/").status_code == 200


def test_a_password_set_by_the_administrator_ends_the_sessions_of_the_account(andi: Person, sinta: Person) -> None:
    change_account(andi, "staff@sikerja.test", password=NEW)

    assert not is_in(sinta)
    assert sinta.sign_in("staff@sikerja.test", NEW).status_code == 302


def test_the_last_administrator_stays(andi: Person) -> None:
    url, form = account_form(andi, "admin@sikerja.test")
    for changes in ({"role": "staff"}, {"active": ""}):
        kept = [(name, value) for name, value in form.fields if name not in {"csrf_token", *changes}]
        assert andi.post(url, kept + [(name, value) for name, value in changes.items() if value]).status_code == 422
    assert andi.get("/admin/user/").status_code == 200


def test_a_session_ends_after_an_hour_unused_and_after_twelve_in_any_case(time: Clock, app: Flask) -> None:
    idle, busy = Person(app, "staff"), Person(app, "staff")

    time.moves(minutes=59)
    assert is_in(idle)
    time.moves(minutes=59)
    assert is_in(idle)  # each use gives it another hour
    time.moves(minutes=61)
    assert not is_in(idle)

    busy = Person(app, "staff")
    for _ in range(14):
        time.moves(minutes=50)
        assert is_in(busy)
    time.moves(minutes=21)
    assert not is_in(busy)


@pytest.mark.parametrize(("setting", "minutes"), [("SESSION_IDLE", 5), ("SESSION_LIFE", 5)])
def test_how_long_a_session_lives_is_a_setting(time: Clock, app: Flask, setting: str, minutes: int) -> None:
    app.config[setting] = timedelta(minutes=minutes)
    sinta = Person(app, "staff")

    time.moves(minutes=4)
    assert is_in(sinta)
    time.moves(minutes=6)
    assert not is_in(sinta)


# --- a form that outlived its session ----------------------------------------------------------------------------


def test_what_was_typed_when_the_session_ended_is_saved_after_signing_in_again(time: Clock, app: Flask) -> None:
    sinta = Person(app, "staff")
    url = f"/admin/agreement/edit/?id={id_of(app, Agreement, 'Parkir nontunai')}"
    typed = form_to(sinta.get(url).text, "").with_values(title="Parkir nontunai tahap dua", scope="Baris satu\r\nbaris <dua>")
    time.moves(minutes=61)

    late = send(sinta, url, typed)

    assert late.status_code == 401
    assert "Sesi berakhir. Masuk lagi; isian Anda tetap ada." in late.text
    kept = form_to(late.text, "/login")
    assert ("kept.title", "Parkir nontunai tahap dua") in kept.fields
    assert len([name for name, _ in kept.fields if name == "kept.partner"]) == 2
    assert ask(app, select(Agreement.id).where(Agreement.title == "Parkir nontunai tahap dua")) == []

    wrong = send(sinta, "/login", kept.with_values(email="staff@sikerja.test", password="keliru"))
    assert wrong.status_code == 422
    kept = form_to(wrong.text, "/login")
    asked = send(sinta, "/login", kept.with_values(email="staff@sikerja.test", password=PASSWORD))
    assert asked.status_code == 200
    assert "belum disimpan. Kirim sekarang?" in asked.text

    done = send(sinta, url, form_to(asked.text, "/admin/agreement/edit/").fields)
    assert done.status_code == 302
    saved = ask(app, select(Agreement.scope).where(Agreement.title == "Parkir nontunai tahap dua"))
    assert saved == ["Baris satu\nbaris <dua>"]


def send(person: Person, url: str, fields: list[tuple[str, str]]) -> Any:
    """Send a form as it stands, its own token included."""
    names = {name: [value for key, value in fields if key == name] for name, _ in fields}
    return person.client.post(url, data=names, base_url=BASE)


def test_a_late_form_of_a_stranger_is_not_kept(time: Clock, app: Flask) -> None:
    sinta = Person(app, "staff")
    time.moves(minutes=61)

    answer = sinta.client.post("/admin/partner/new/", data={"name": "Kabupaten Uji"}, base_url=BASE)

    assert answer.status_code == 400
    assert "kept." not in answer.text


def test_no_password_is_kept_in_a_page(time: Clock, app: Flask) -> None:
    sinta = Person(app, "staff")
    form = form_to(sinta.get("/account/").text, "/account/password")
    time.moves(minutes=61)

    passwords = {"current_password": PASSWORD, "new_password": NEW, "repeat_password": NEW}
    late = send(sinta, "/account/password", form.with_values(**passwords))

    assert late.status_code == 401
    assert PASSWORD not in late.text
    assert NEW not in late.text
