"""Many agreements at once, behind the application's back: for what must hold however large the register is."""

from flask import Flask
from sqlalchemy import insert

from extensions import db
from models import Agreement

CHUNK = 5000


def fill(app: Flask, count: int, scope: str) -> None:
    """Write so many plain agreements, each with this scope."""
    with app.app_context():
        for start in range(0, count, CHUNK):
            rows = [
                {
                    "register_no": f"KS-1999-{number:06d}", "origin": "archive", "group": "ksdpk", "instrument": "pks",
                    "title": f"Naskah {number}", "title_key": f"naskah {number}", "scope": scope,
                }
                for number in range(start, min(start + CHUNK, count))
            ]  # fmt: skip
            with db.engine.begin() as connection:
                connection.execute(insert(Agreement), rows)
