"""Many agreements at once, behind the application's back: for what must hold however large the register is."""

from flask import Flask
from sqlalchemy import String, cast, insert, literal, select

from extensions import db
from models import Agreement


def fill(app: Flask, count: int, scope: str) -> None:
    """Write so many plain agreements, each with this scope."""
    first = select(literal(1).label("number")).cte("numbers", recursive=True)
    numbers = first.union_all(select(first.c.number + 1).where(first.c.number < count))
    name = cast(numbers.c.number, String)
    given = {
        "register_no": literal("KS-1999-").concat(name), "title": literal("Naskah ").concat(name),
        "title_key": literal("naskah ").concat(name), "origin": literal("archive"), "group": literal("ksdpk"),
        "instrument": literal("pks"), "scope": literal(scope),
    }  # fmt: skip
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(insert(Agreement).from_select(list(given), select(*given.values())))
