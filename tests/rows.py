"""The rows of the database beside the screens: what is there, and whether it is still the same."""

from typing import Any

from flask import Flask
from sqlalchemy import Executable, Select, select

from extensions import Base, db
from models import Agreement, Contact, Partner, Procedure, Regulation, Sector, Stage, Unit, User

# What signing in and looking around leaves behind.
TRACES = {"session", "sign_in_failure", "audit_entry", "audit_subject"}


def rows(app: Flask, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of these tables (of all, where none is named), but for the traces of visits."""
    chosen = [
        table for table in Base.metadata.sorted_tables if table.name in (tables or {table.name}) if table.name not in TRACES
    ]
    with app.app_context(), db.engine.connect() as connection:
        return {table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr) for table in chosen}


def ask(app: Flask, query: Select[Any]) -> list[Any]:
    """The first column of what a query finds."""
    with app.app_context(), db.engine.connect() as connection:
        return list(connection.scalars(query))


def change(app: Flask, statement: Executable) -> None:
    """Change rows behind the application's back."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(statement)


NAMES: dict[type, Any] = {
    Agreement: Agreement.title, Partner: Partner.name, Contact: Contact.name, Stage: Stage.name, Unit: Unit.name,
    Sector: Sector.name, Procedure: Procedure.name, Regulation: Regulation.code, User: User.email,
}  # fmt: skip


def id_of(app: Flask, model: Any, name: str) -> int:
    """The id of the record of that name."""
    found = ask(app, select(model.id).where(NAMES[model] == name))
    assert len(found) == 1, f"{len(found)} records are called {name!r}"
    return int(found[0])
