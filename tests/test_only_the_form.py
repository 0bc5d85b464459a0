"""A form changes what it holds and nothing else: every column of its table is sent along, and none but its own is taken."""

from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, func, select

from extensions import Base
from models import User
from tests.pages import form_to
from tests.people import PASSWORD, Person
from tests.routes import add_view
from tests.rows import ask, change, id_of, rows
from tests.test_hostile_forms import PARTS, SCREENS, WITH_FILES, edited, filled, ids_of_others

# What every save touches by itself.
TOUCHED = {"version", "updated_at"}
TABLES = {"view": "saved_view", "version": "procedure_version"}
EDITED = (*WITH_FILES, "version", *PARTS, "view")


def table_of(screen: str) -> Table:
    return Base.metadata.tables[TABLES.get(screen, screen)]


def alien(table: Table) -> dict[str, str]:
    """A value for every column, such as nobody has: what somebody sends who knows the register from inside."""
    found = {}
    for column in table.columns:
        kind = column.type.python_type
        found[column.name] = {int: "2", bool: "y", date: "2001-02-03", datetime: "2001-02-03 04:05:06"}.get(kind, "susupan")
    return found


def row_of(app: Flask, table: Table, key: int) -> dict[str, Any]:
    """The row of that id, but for what every save touches."""
    names = [column.name for column in table.columns if column.name not in TOUCHED]
    found = next(row for row in rows(app, table.name)[table.name] if row[list(table.columns.keys()).index("id")] == key)
    return {name: value for name, value in zip(table.columns.keys(), found, strict=True) if name in names}


@pytest.mark.parametrize("screen", EDITED)
def test_saving_a_record_takes_no_column_that_its_form_has_not(andi: Person, screen: str) -> None:
    app, table = andi.app, table_of(screen)
    key = add_view(app) if screen == "view" else edited(app)[screen]
    url = f"/admin/{screen}/edit/?id={key}"
    form = form_to(andi.get(url).text, "")
    own = {name for name, _ in form.fields} | set(form.choices)
    before = row_of(app, table, key)
    sent = [*form.fields, *((name, value) for name, value in alien(table).items() if name not in own)]

    answer = andi.post(url, [pair for pair in sent if pair[0] != "csrf_token"])

    assert answer.status_code == 302, answer.text
    assert row_of(app, table, key) == before


@pytest.mark.parametrize("screen", [*SCREENS, *PARTS])
def test_a_new_record_takes_no_column_that_its_form_has_not(andi: Person, screen: str) -> None:
    from tests.routes import add_draft

    app, table = andi.app, table_of(screen)
    drafted, others = add_draft(app), ids_of_others(app)
    url = f"/admin/{screen}/new/"
    form = form_to(andi.get(url).text, "")
    own = {name for name, _ in form.fields} | set(form.choices)
    extra = {name: value for name, value in alien(table).items() if name not in own}
    newest = select(func.max(table.c.id))

    made = []
    for number, more in ((1, {}), (2, extra)):
        sent = dict(form.with_values(**filled(screen, number, *others, drafted))) | more
        assert andi.post(url, {name: value for name, value in sent.items() if name != "csrf_token"}).status_code == 302
        made.append(row_of(app, table, ask(app, newest)[0]))
        if screen in ("partner", "unit"):  # no two are called alike
            change(app, table.update().where(table.c.id == made[0]["id"]).values(name="Yang pertama", name_key="yang pertama"))

    plain, hostile = made
    unlike = {name for name in plain if plain[name] != hostile[name]} - own
    assert unlike <= {"id", "register_no", "root_id", "created_at", "password_hash", "at"}, unlike
    assert hostile["id"] == plain["id"] + 1
    assert "susupan" not in [value for name, value in hostile.items() if name not in own]


def test_one_s_own_account_gives_no_role(dewi: Person) -> None:
    table = table_of("user")
    key = id_of(dewi.app, User, "unit@sikerja.test")
    before = row_of(dewi.app, table, key)
    sent = alien(table) | {"role": "admin", "current_password": PASSWORD, "new_password": "kapal pesut 88"}

    assert dewi.post("/account/password", sent | {"repeat_password": "kapal pesut 88"}).status_code == 302

    after = row_of(dewi.app, table, key)
    assert {name for name in before if before[name] != after[name]} == {"password_hash"}


@pytest.mark.parametrize("role", ["staff", "unit"])
def test_a_view_is_its_maker_s_whoever_is_named(app: Flask, role: str) -> None:
    person, andi = Person(app, role), id_of(app, User, "admin@sikerja.test")
    table = table_of("view")
    sent = {
        "name": "Milikku",
        "screen": "agreement",
        "query": "search=a",
        "owner_id": str(andi),
        "id": "77",
        "created_at": "2001-01-01",
    }

    assert person.post("/admin/view/new/", sent).status_code == 302

    made = row_of(app, table, ask(app, select(func.max(table.c.id)))[0])
    assert (made["owner_id"], made["name"]) == (id_of(app, User, f"{role}@sikerja.test"), "Milikku")
    assert made["id"] != 77
