"""Users: the administrator opens accounts, changes roles, switches accounts off; nobody can lock the house from inside."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import User
from tests.people import PASSWORD, Person

NEW = {"name": "Rina", "email": "Rina@Samarinda.example", "role": "staff", "active": "y", "password": "kuda lumping terbang"}


def user(session: Session, role: str) -> User:
    session.expire_all()
    return session.scalars(select(User).where(User.email == f"{role}@sikerja.test")).one()


def as_form(who: User, **changes: Any) -> dict[str, Any]:
    return {"name": who.name, "email": who.email, "role": who.role, "unit": who.unit_id or "", "active": "y"} | changes


def test_a_new_account_can_sign_in(andi: Person, tamu: Person) -> None:
    assert andi.post("/admin/user/new/", NEW).status_code == 302

    assert tamu.sign_in("rina@samarinda.example", "kuda lumping terbang").status_code == 302
    assert tamu.get("/admin/agreement/").status_code == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": ""}, "Isi kata sandi untuk akun baru."),
        ({"password": "pendek"}, "Kata sandi terlalu pendek. Pakai sedikitnya 12 karakter."),
        ({"password": "samarinda123"}, "Kata sandi ini terlalu mudah ditebak."),
        ({"password": PASSWORD}, "Kata sandi ini terlalu mudah ditebak."),
        ({"email": "staff@sikerja.test"}, "Surel ini sudah dipakai akun lain."),
        ({"email": "STAFF@sikerja.test"}, "Surel ini sudah dipakai akun lain."),
        ({"email": "rina"}, "Alamat surel tidak dikenali."),
        ({"role": "raja"}, "Pilihan ini sudah tidak ada."),
        ({"role": "unit"}, "Pilih perangkat daerah untuk akun perangkat daerah."),
        ({"name": ""}, "Isi nama."),
    ],
)
def test_an_account_that_cannot_be_made_says_why(andi: Person, change: dict[str, str], sentence: str) -> None:
    answer = andi.post("/admin/user/new/", NEW | change)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert andi.total("/admin/user/") == 5


def test_an_empty_password_leaves_it_as_it_is(andi: Person, tamu: Person, session: Session) -> None:
    staff = user(session, "staff")

    andi.post(f"/admin/user/edit/?id={staff.id}", as_form(staff, name="Sinta"))

    assert tamu.sign_in("staff@sikerja.test", PASSWORD).status_code == 302


def test_a_new_password_ends_the_sessions(andi: Person, sinta: Person, session: Session) -> None:
    staff = user(session, "staff")

    andi.post(f"/admin/user/edit/?id={staff.id}", as_form(staff, password="kuda lumping terbang"))

    assert sinta.get("/admin/agreement/").status_code == 302


def test_the_last_administrator_stays_one(andi: Person, session: Session) -> None:
    admin = user(session, "admin")

    for change in ({"role": "staff"}, {"active": ""}):
        data = as_form(admin, **change)
        if not data["active"]:
            del data["active"]
        answer = andi.post(f"/admin/user/edit/?id={admin.id}", data)
        assert answer.status_code == 422
        assert "Ini administrator aktif yang terakhir." in answer.text


def test_accounts_are_never_deleted(andi: Person, session: Session) -> None:
    staff = user(session, "staff")

    assert andi.post("/admin/user/delete/", {"id": staff.id}).status_code == 403
    assert "Keranjang" not in andi.get("/admin/user/").text


def test_a_password_is_on_no_page(andi: Person, session: Session) -> None:
    staff = user(session, "staff")

    for page in (f"/admin/user/edit/?id={staff.id}", f"/admin/user/details/?id={staff.id}", "/admin/user/"):
        assert "argon2" not in andi.get(page).text
