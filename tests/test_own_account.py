"""One's own account: the rules for passwords, changing one's own, seeing and ending one's own sessions."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models import User
from tests.people import PASSWORD, ROLES, Person, is_in
from tests.rows import ask, rows

NEW = "kapal pesut di mahakam"


def own_password(person: Person, current: str, new: str, repeat: str | None = None) -> Any:
    fields = {"current_password": current, "new_password": new, "repeat_password": new if repeat is None else repeat}
    return person.post("/account/password", fields)


# --- passwords ---------------------------------------------------------------------------------------------------


def test_passwords_are_kept_as_argon2_hashes(andi: Person) -> None:
    hashes = ask(andi.app, select(User.password_hash))

    assert len(hashes) == 5
    assert all(kept.startswith("$argon2id$") for kept in hashes)
    assert len(set(hashes)) == 5  # the same password, another salt each


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("sebelas-abc", "Pakai sedikitnya 12 karakter."),
        ("", "Isi kata sandi baru."),
        ("password1234", "terlalu mudah ditebak"),
        ("PASSWORD1234", "terlalu mudah ditebak"),
        ("aaaaaaaaaaaaaaaa", "terlalu mudah ditebak"),
        ("abababababababab", "terlalu mudah ditebak"),
        ("staff@sikerja.test", "terlalu mudah ditebak"),
        ("Staff@Sikerja.Test", "terlalu mudah ditebak"),
        ("k" + "apal pesut " * 24, "Pakai paling banyak 256 karakter."),
        ("kapal\x00" * 60, "Pakai paling banyak 256 karakter."),
    ],
)
def test_weak_passwords_are_refused_with_a_reason(sinta: Person, password: str, words: str) -> None:
    answer = own_password(sinta, PASSWORD, password)

    assert answer.status_code == 422
    assert words in answer.text
    assert Person(sinta.app).sign_in("staff@sikerja.test", PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "password", ["dua belas ok", "k" + "apal pesut " * 23, "пароль из слов", "🛶🐬🌊🌴🏞️ mahakam", "   kapal   pesut   "]
)
def test_any_characters_make_a_password_as_long_as_there_are_enough(sinta: Person, password: str) -> None:
    assert own_password(sinta, PASSWORD, password).status_code == 302
    assert Person(sinta.app).sign_in("staff@sikerja.test", password).status_code == 302
    assert Person(sinta.app).sign_in("staff@sikerja.test", password[:-1]).status_code == 422


def test_the_administrator_s_form_holds_passwords_to_the_same_rules(andi: Person) -> None:
    before = rows(andi.app, "user")
    person = {"name": "Rina", "email": "rina@sikerja.test", "role": "staff", "active": "y"}

    for password in ("", "pendek", "password1234", "rina@sikerja.test", "k" * 300):
        assert andi.post("/admin/user/new/", {**person, "password": password}).status_code == 422, password

    assert rows(andi.app, "user") == before
    assert andi.post("/admin/user/new/", {**person, "password": NEW}).status_code == 302
    assert Person(andi.app).sign_in("rina@sikerja.test", NEW).status_code == 302


# --- one's own account -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_everyone_changes_their_own_password_and_their_other_sessions_end(app: Flask, role: str) -> None:
    here, there, email = Person(app, role), Person(app, role), f"{role}@sikerja.test"
    someone = Person(app, "admin" if role != "admin" else "staff")

    assert own_password(here, PASSWORD, NEW).status_code == 302

    assert "Kata sandi diubah." in here.get("/account/").text
    assert not is_in(there)
    assert is_in(someone)
    assert Person(app).sign_in(email, PASSWORD).status_code == 422
    assert Person(app).sign_in(email, NEW).status_code == 302


@pytest.mark.parametrize(
    ("current", "new", "repeat", "words"),
    [
        ("bukan kata sandinya", NEW, NEW, "Kata sandi sekarang tidak cocok."),
        ("", NEW, NEW, "Isi kata sandi sekarang."),
        (PASSWORD, NEW, NEW + "x", "tidak sama"),
        (PASSWORD, NEW, "", "Ulangi kata sandi baru."),
    ],
)
def test_a_password_is_not_changed_by_guess_or_by_slip(sinta: Person, current: str, new: str, repeat: str, words: str) -> None:
    there = Person(sinta.app, "staff")
    before = rows(sinta.app, "user")

    answer = own_password(sinta, current, new, repeat)

    assert (answer.status_code, words in answer.text) == (422, True)
    assert NEW not in answer.text
    assert rows(sinta.app, "user") == before
    assert is_in(there)


def test_one_sees_one_s_own_sessions_and_ends_them(sinta: Person, andi: Person) -> None:
    at_home, on_phone = Person(sinta.app, "staff"), Person(sinta.app, "staff")
    page = sinta.get("/account/").text
    assert page.count('aria-label="Akhiri sesi') == 2
    assert page.count("Sesi ini") == 1

    home_id = session_id(at_home)
    assert sinta.post("/account/sessions/end", {"id": home_id}).status_code == 302
    assert not is_in(at_home)
    assert is_in(on_phone)

    assert sinta.post("/account/sessions/end", {"id": "others"}).status_code == 302
    assert not is_in(on_phone)
    assert is_in(sinta)
    assert is_in(andi)


def session_id(person: Person) -> str:
    """The number of this person's session: what no other session of theirs offers to end is the present one."""
    seen_from_other = Person(person.app, person.role)
    offered = set(re.findall(r'name="id" value="(\d+)"', seen_from_other.get("/account/").text))
    mine = offered - set(re.findall(r'name="id" value="(\d+)"', person.get("/account/").text))
    seen_from_other.post("/logout")
    assert len(mine) == 1
    return mine.pop()


@pytest.mark.parametrize("asked", ["", "0", "-1", "abc", "99999999999999999999", "１", "1 OR 1=1", "\x00", "all"])
def test_another_s_session_cannot_be_ended(sinta: Person, andi: Person, asked: str) -> None:
    answer = sinta.post("/account/sessions/end", {"id": session_id(andi)})

    assert answer.status_code in (302, 404)
    assert is_in(andi)
    assert sinta.post("/account/sessions/end", {"id": asked}).status_code in (302, 400, 404)
    assert is_in(andi)
    assert is_in(sinta)
