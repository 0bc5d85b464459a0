"""Reference data: seeded once from `data/reference`, never written over what staff have changed since."""

import tomllib
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from config import ROOT
from models import Holiday, Procedure, Regulation, Sector, Unit
from sikerja.law import seeding

DATA = ROOT / "data" / "reference"
# The years that were held against the joint decrees day by day; later ones are computed and say so.
CONFIRMED_YEARS = (2024, 2025, 2026)
COMPUTED_YEARS = (2027,)


def seed(session: Session) -> dict[str, int]:
    """Add what is missing of the reference data; what is there stays as it is. Returns how many rows of each were added."""
    return {
        "bidang": _add_missing(session, Sector, _read("sectors", "sector")),
        "perangkat daerah": _add_missing(session, Unit, _read("units", "unit")),
        "jenis kerja sama": _add_missing(session, Procedure, _procedures()),
        "versi prosedur": seeding.seed(session),
        "peraturan": _add_missing(session, Regulation, _regulations()),
        "hari libur": _add_holidays(session),
    }


def _read(file: str, table: str) -> list[dict[str, Any]]:
    with (DATA / f"{file}.toml").open("rb") as source:
        return tomllib.load(source)[table]


def _procedures() -> Iterable[dict[str, Any]]:
    for row in _read("procedures", "procedure"):
        basis = row.pop("basis", []) if row.pop("certainty") == "VERIFIED" else []
        yield row | {"basis": "\n".join(basis)}


def _regulations() -> Iterable[dict[str, Any]]:
    for row in _read("regulations", "regulation"):
        yield row | {"number": str(row["number"])}


def _add_missing(session: Session, model: Any, rows: Iterable[dict[str, Any]]) -> int:
    there = set(session.scalars(sa.select(model.code)))
    new = [model(**row) for row in rows if row["code"] not in there]
    session.add_all(new)
    session.flush()
    return len(new)


def _add_holidays(session: Session) -> int:
    """The holidays of each year that has none yet: public holidays and cuti bersama."""
    count = 0
    for year in CONFIRMED_YEARS + COMPUTED_YEARS:
        span = Holiday.on.between(date(year, 1, 1), date(year, 12, 31))
        if session.scalar(sa.select(sa.func.count(Holiday.id)).where(span)):
            continue
        rows = _holidays_of(year)
        session.add_all(rows)
        count += len(rows)
    session.flush()
    return count


def _holidays_of(year: int) -> list[Holiday]:
    import holidays  # noqa: PLC0415 - loads slowly, and only `seed` needs it

    categories = {"nasional": ("public",), "cuti_bersama": ("government",)}
    named: dict[date, tuple[str, str]] = {}
    for kind, category in categories.items():
        for on, name in holidays.country_holidays("ID", years=year, language="id", categories=category).items():
            named.setdefault(on, (kind, name))
    return [
        Holiday(on=on, name=name[:200], kind=kind, confirmed=year in CONFIRMED_YEARS)
        for on, (kind, name) in sorted(named.items())
    ]
