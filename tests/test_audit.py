"""The audit trail: every change, sign-in and export leaves an entry, in its transaction, and nobody can take it back."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from extensions import db
from models import Agreement, AuditEntry, AuditSubject, Holiday, Partner, Party, User
from rules import labels
from sikerja import audit
from tests import records
from tests.engines import ENGINE
from tests.people import PASSWORD, Person
from tests.rows import ask, id_of

BUS_LINES = "Penyelenggaraan angkutan umum antardaerah (contoh)"
NEW_PASSWORD = "kuda-laut-biru-9-tangga"


def entries(app: Flask, *conditions: Any) -> list[Any]:
    """The entries that fit, in the order of their writing."""
    with app.app_context(), db.engine.connect() as connection:
        return list(connection.execute(select(AuditEntry.__table__).where(*conditions).order_by(AuditEntry.id)))


def newest(app: Flask, action: str) -> Any:
    found = entries(app, AuditEntry.action == action)
    assert found, f"nothing was written down as {action}"
    return found[-1]


def how_many(app: Flask) -> int:
    return len(entries(app))


def saved(person: Person, app: Flask, **changes: str) -> Any:
    """The person changes the holiday of 1 January 2026."""
    key = id_of_holiday(app)
    page = person.get(f"/admin/holiday/details/?id={key}")
    assert page.status_code == 200
    with app.app_context():
        day = db.session.get_one(Holiday, key)
        form = {"on": day.on.isoformat(), "name": day.name, "kind": day.kind, "version": str(day.version)}
    return person.post(f"/admin/holiday/edit/?id={key}", form | changes)


def id_of_holiday(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(Holiday.id).where(Holiday.on == date(2026, 1, 1))).one()


# --- what is written down ----------------------------------------------------------------------------------------


def test_a_change_is_told_with_its_old_and_new_value_who_when_and_from_where(app: Flask, sinta: Person) -> None:
    answer = saved(sinta, app, name="Tahun Baru 2026", confirmed="y")

    entry = newest(app, "update")
    assert answer.status_code == 302
    assert (entry.screen, entry.record_id, entry.record) == ("holiday", id_of_holiday(app), "Tahun Baru 2026")
    assert json.loads(entry.changes)["name"][1] == "Tahun Baru 2026"
    assert json.loads(entry.changes)["name"][0] != "Tahun Baru 2026"
    assert (entry.user_name, entry.role, entry.address) == ("Staf Kerja Sama Contoh", "staff", "127.0.0.1")
    assert entry.request_id == answer.headers["X-Request-ID"]
    assert entry.device


def test_what_did_not_change_is_not_told(app: Flask, sinta: Person) -> None:
    saved(sinta, app, name="Tahun Baru 2026", confirmed="y")
    before = how_many(app)

    assert saved(sinta, app, confirmed="y").status_code == 302

    assert how_many(app) == before


def test_a_refused_change_leaves_no_entry(app: Flask, sinta: Person) -> None:
    before = how_many(app)

    assert saved(sinta, app, name="").status_code == 422
    assert saved(sinta, app, on="2026-08-17").status_code == 422  # another holiday: the database refuses it
    assert saved(sinta, app, name="Tahun Baru", version="77").status_code == 409

    assert how_many(app) == before


def test_a_new_agreement_is_told_with_its_parties_and_units(app: Flask, session: Session) -> None:
    key = records.agreement(session, "Uji jejak", partners=("PT Satu", "PT Dua"), units=("dpupr",)).id
    session.rollback()

    told = entries(app, AuditEntry.agreement_id == key)

    assert {(entry.action, entry.part, entry.detail) for entry in told} == {
        ("create", "", ""),
        ("create", "party", "Pihak Kesatu"),
        ("create", "party", "PT Satu"),
        ("create", "party", "PT Dua"),
        ("create", "agreement_unit", "Dinas Pekerjaan Umum dan Penataan Ruang"),
    }


def test_throwing_away_and_taking_back_are_told_one_by_one_in_bulk_too(app: Flask, sinta: Person) -> None:
    with app.app_context():
        keys = [records.partner(db.session(), name).id for name in ("PT Satu", "PT Dua")]
        db.session.commit()

    sinta.post("/admin/partner/action/", [("action", "delete"), *(("rowid", str(key)) for key in keys)])
    sinta.post("/admin/partner/restore/", {"id": str(keys[0])})

    told = entries(app, AuditEntry.screen == "partner", AuditEntry.action.in_(("bin", "restore")))
    assert [(entry.action, entry.record) for entry in told] == [("bin", "PT Dua"), ("bin", "PT Satu"), ("restore", "PT Satu")]
    assert {entry.user_name for entry in told} == {"Staf Kerja Sama Contoh"}


def test_signing_in_and_out_is_told(app: Flask) -> None:
    rahmat = Person(app, "supervisor")
    assert (newest(app, "sign_in").user_name, newest(app, "sign_in").record) == ("Pimpinan Contoh", "Pimpinan Contoh")

    rahmat.post("/logout")

    assert newest(app, "sign_out").user_name == "Pimpinan Contoh"


@pytest.mark.parametrize(
    ("email", "password", "record", "why"),
    [
        ("staff@sikerja.test", "salah-sama-sekali", "Staf Kerja Sama Contoh", "kata sandi tidak cocok"),
        ("tidak-ada@sikerja.test", PASSWORD, "", "surel tidak dikenal"),
        (NEW_PASSWORD, "", "", "surel tidak dikenal"),  # someone typed the password into the wrong field
    ],
)
def test_a_refused_sign_in_is_told_without_what_was_typed(
    app: Flask, tamu: Person, email: str, password: str, record: str, why: str
) -> None:
    assert tamu.sign_in(email, password).status_code == 422

    entry = newest(app, "sign_in_failed")
    assert (entry.record, entry.detail, entry.user_id, entry.address) == (record, why, None, "127.0.0.1")
    assert email not in str(tuple(entry)) or email.startswith("staff")


def test_an_account_that_is_switched_off_is_told_as_such(app: Flask, tamu: Person) -> None:
    with app.app_context():
        db.session.scalars(select(User).where(User.email == "unit@sikerja.test")).one().active = False
        db.session.commit()

    assert tamu.sign_in("unit@sikerja.test", PASSWORD).status_code == 422

    assert newest(app, "sign_in_failed").detail == "akun tidak aktif"


def test_a_role_change_and_a_new_password_are_told_without_the_password(app: Flask, andi: Person) -> None:
    key = id_of(app, User, "auditor@sikerja.test")
    form = {"name": "Auditor Contoh", "email": "auditor@sikerja.test", "role": "supervisor", "active": "y"}

    assert andi.post(f"/admin/user/edit/?id={key}", form | {"password": NEW_PASSWORD}).status_code == 302

    assert json.loads(newest(app, "role").changes) == {"role": ["auditor", "supervisor"]}
    assert (newest(app, "password").record, newest(app, "password").changes) == ("Auditor Contoh", "")
    with app.app_context():
        kept = db.session.scalars(select(User.password_hash)).all()
    everything = str([tuple(entry) for entry in entries(app)])
    assert not [secret for secret in (NEW_PASSWORD, PASSWORD, *kept) if secret in everything]


def test_ones_own_new_password_is_told(app: Flask, sinta: Person) -> None:
    form = {"current_password": PASSWORD, "new_password": NEW_PASSWORD, "repeat_password": NEW_PASSWORD}

    assert sinta.post("/account/password", form).status_code == 302

    assert (newest(app, "password").user_name, newest(app, "password").record) == ("Staf Kerja Sama Contoh",) * 2


def test_a_command_is_told_as_the_one_who_acts(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(
        args=["users", "create", "--email", "baru@contoh.test", "--name", "Orang Baru", "--role", "staff",
              "--password", NEW_PASSWORD]
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output

    entry = entries(app, AuditEntry.record == "Orang Baru")[-1]
    assert (entry.action, entry.user_name, entry.user_id) == ("create", "Perintah create", None)


def test_the_old_value_is_known_also_where_the_row_had_not_been_read(app: Flask, session: Session) -> None:
    partner = records.partner(session, "PT Lama")
    session.commit()  # what is committed is unread until it is asked for
    partner.name = "PT Baru"
    session.commit()

    assert json.loads(newest(app, "update").changes)["name"] == ["PT Lama", "PT Baru"]


def test_what_is_rolled_back_leaves_no_trace(app: Flask, session: Session) -> None:
    before = how_many(app)
    session.rollback()
    session.add(Partner(name="PT Batal", kind="badan_usaha"))
    session.flush()
    session.rollback()

    assert how_many(app) == before


# --- exports -----------------------------------------------------------------------------------------------------


def test_an_export_is_told_when_it_ends_with_its_list_filters_and_rows(app: Flask, bima: Person) -> None:
    answer = bima.get("/admin/agreement/export/csv/?flt0_group_equals=sinergi&search=kota")

    entry = newest(app, "export")
    rows = answer.text.count("\r\n") - 1
    assert (entry.user_name, entry.screen, entry.row_count) == ("Auditor Contoh", "agreement", rows)
    assert entry.detail == "CSV Kerja sama; pencarian “kota”; Jenis sama dengan Sinergi"


def test_an_export_of_chosen_columns_says_so(app: Flask, bima: Person) -> None:
    bima.get("/admin/partner/export/csv/?columns=name,kind")

    assert newest(app, "export").detail == "CSV Mitra; seluruh daftar; 2 kolom"


def test_an_export_that_is_broken_off_is_told_too(app: Flask, sinta: Person) -> None:
    answer = sinta.client.get("/admin/agreement/export/csv/", base_url="http://localhost", buffered=False)
    next(iter(answer.response))
    answer.close()

    assert newest(app, "export").detail == "CSV Kerja sama; seluruh daftar; terputus"


def test_the_records_of_an_export_are_known(app: Flask, bima: Person) -> None:
    bima.get("/admin/agreement/export/csv/?flt0_group_equals=sinergi")

    with app.app_context():
        held = select(AuditSubject.record_id).where(AuditSubject.entry_id == newest(app, "export").id)
        those = select(Agreement.id).where(Agreement.group == "sinergi")
        assert set(db.session.scalars(held)) == set(db.session.scalars(those)) != set()


@pytest.mark.parametrize("screen", ["monitoring/process", "monitoring/offers", "agreement"])
def test_an_export_of_a_list_over_agreements_counts_among_theirs(app: Flask, bima: Person, screen: str) -> None:
    register_no = ask(app, select(Agreement.register_no).where(Agreement.title == BUS_LINES))[0]

    bima.get(f"/admin/{screen}/export/csv/")

    assert newest(app, "export").screen == "agreement"
    assert bima.total(f"/admin/audit/?flt0_about_equals={register_no}&flt1_seen_equals=1") == 1


def test_an_export_too_large_to_name_its_records_counts_for_every_one(
    app: Flask, bima: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "NAMED_SUBJECTS", 10)

    bima.get("/admin/agreement/export/csv/")

    assert (newest(app, "export").covers_all, newest(app, "export").row_count) == (True, 47)


# --- who saw or took what ----------------------------------------------------------------------------------------


def test_who_took_an_agreement_with_them_is_one_filter(app: Flask, bima: Person, rahmat: Person) -> None:
    register_no = ask(app, select(Agreement.register_no).where(Agreement.title == BUS_LINES))[0]
    key = id_of(app, Agreement, BUS_LINES)
    rahmat.get("/admin/agreement/export/csv/?flt0_group_equals=ksdd&flt1_unit_contains=perhubungan")
    bima.get("/admin/agreement/export/csv/?flt0_group_equals=sinergi")

    for about in (register_no, register_no.lower(), f"agreement:{key}"):
        page = bima.get(f"/admin/audit/?flt0_about_equals={about}&flt1_seen_equals=1&flt2_at_between=2026-01-01 to 2100-01-01")
        assert page.text.count("<tr data-key=") == 1
        assert "Pimpinan Contoh" in page.text


@pytest.mark.parametrize("about", ["x", "agreement:", "agreement:99999999999", "nothing:1", "KS-2026", "user:1; DROP", "٣:1"])
def test_a_record_that_cannot_be_read_is_refused(bima: Person, about: str) -> None:
    assert bima.get("/admin/audit/", query_string={"flt0_about_equals": about}).status_code == 400


def test_a_day_is_a_day_of_the_city(app: Flask, bima: Person) -> None:
    with app.app_context(), db.engine.begin() as connection:
        for at, name in (
            ("2020-03-04 15:59:59", "Kemarin"),
            ("2020-03-04 16:00:00", "Hari itu"),
            ("2020-03-05 16:00:00", "Esok"),
        ):
            moment = datetime.fromisoformat(at)
            connection.execute(
                insert(AuditEntry).values(**audit._entry("create", audit.Actor(user_name=name)) | {"at": moment})
            )

    for asked, expected in (
        ("equals=2020-03-05", ["Hari itu"]),
        ("between=2020-03-04 to 2020-03-05", ["Kemarin", "Hari itu"]),
        ("smaller=2020-03-05", ["Kemarin"]),
    ):
        page = bima.get(f"/admin/audit/?flt0_at_{asked}&sort=at").text
        assert [name for name in ("Kemarin", "Hari itu", "Esok") if f">{name}<" in page] == expected, asked


# --- nobody takes it back ----------------------------------------------------------------------------------------

STATEMENTS = [
    "UPDATE audit_entry SET user_name = 'Orang lain'",
    "UPDATE audit_entry SET id = id + 100000",
    "DELETE FROM audit_entry",
    "DELETE FROM audit_entry WHERE id = 1",
    "UPDATE audit_subject SET record_id = 1",
    "DELETE FROM audit_subject",
    *(
        ["TRUNCATE audit_subject", "TRUNCATE audit_entry CASCADE"]
        if ENGINE == "postgresql"
        else [
            "REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE id = 1",
            "INSERT OR REPLACE INTO audit_subject SELECT * FROM audit_subject",
        ]
    ),
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_refuses_to_change_or_delete_an_entry(app: Flask, bima: Person, statement: str) -> None:
    bima.get("/admin/agreement/export/csv/")
    before = entries(app)

    with app.app_context(), pytest.raises(DatabaseError, match="append-only"), db.engine.begin() as connection:
        connection.execute(text(statement))

    assert entries(app) == before


@pytest.mark.parametrize("role", ["admin", "staff", "supervisor", "auditor"])
@pytest.mark.parametrize("path", ["new/", "edit/?id=1", "delete/?id=1", "action/", "restore/?id=1"])
def test_no_screen_changes_or_deletes_an_entry(app: Flask, role: str, path: str) -> None:
    person = Person(app, role)
    before = entries(app, AuditEntry.id <= 50)

    answer = person.post(f"/admin/audit/{path}", {"id": "1", "rowid": "1", "action": "delete", "user_name": "Orang lain"})

    assert answer.status_code in (403, 404, 405)
    assert entries(app, AuditEntry.id <= 50) == before


@pytest.mark.parametrize(
    "statement",
    [
        update(Partner).values(name="X"),
        delete(Holiday),
        insert(Partner).values(name="X", name_key="x", kind="lainnya"),
        delete(AuditEntry),
    ],
)
def test_a_bulk_statement_that_would_leave_no_trace_is_refused(session: Session, statement: Any) -> None:
    with pytest.raises(RuntimeError, match="leaves no trace"):
        session.execute(statement)


def test_every_column_that_is_told_has_a_name_for_people() -> None:
    for model in audit._TOLD:
        told = set(model.__table__.columns.keys()) - audit._UNTOLD - audit._DERIVED.get(model, set())
        for column in told:
            assert labels.label(model.__tablename__, column)


def test_the_count_of_entries_is_the_count_of_acts_not_of_pages(app: Flask, sinta: Person) -> None:
    before = how_many(app)

    for page in ("agreement", "partner", "stage", "holiday"):
        assert sinta.get(f"/admin/{page}/").status_code == 200

    assert how_many(app) == before


def test_a_deletion_that_was_taken_back_is_not_told_later(app: Flask, session: Session) -> None:
    made = records.agreement(session, "Uji", partners=("PT Satu", "PT Dua"))
    key = made.id
    session.delete(session.scalars(select(Party).where(Party.agreement_id == key, Party.side == "partner").limit(1)).one())
    session.add(Holiday(on=date(2026, 1, 1), name="Dua kali", kind="nasional"))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    session.get_one(Agreement, key).title = "Uji lagi"
    session.commit()

    assert [entry.action for entry in entries(app, AuditEntry.agreement_id == key)] == ["create"] * 4 + ["update"]
