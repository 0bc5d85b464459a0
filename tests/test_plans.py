"""Plans, not luck: each question that a list asks comes from an index, on a register that is large enough to have one.

Every statement of a page is taken with its values and explained by the engine itself. What may be read whole is said here.
"""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, text

from extensions import db
from models import Agreement, Unit
from sikerja import accounts
from sikerja.synthetic import filling
from tests.engines import ENGINE
from tests.people import Person

COUNT = 20_000
LARGE = ("agreement", "party", "agreement_unit", "stage", "attachment", "agreement_search", "stage_event")
LIST = "/admin/agreement/?page_size=50"
YEAR = "flt0_group_equals=ksdpk&flt1_instrument_equals=kb&flt2_signed_on_between=2024-01-01 to 2024-12-31"
MAY_SORT = {"three filters", "a validity", "a stage", "days", "a partner", "a unit", "a unit's name", "a rare word by partner"}
# What is asked -> (address, the index it must come from: on SQLite, on PostgreSQL); None: any but the table itself.
QUESTIONS: dict[str, tuple[str, str | None, str | None]] = {
    "the first page": (LIST, "ix_agreement_", "ix_agreement_"),
    "a page in the middle": (f"{LIST}&page=200", "ix_agreement_", "ix_agreement_"),
    "the last page": (f"{LIST}&page=399", "ix_agreement_", "ix_agreement_"),
    "three filters": (f"{LIST}&{YEAR}", "ix_agreement_live_kinds", "ix_agreement_live_"),
    "a validity": (f"{LIST}&flt0_validity_equals=ending", "ix_agreement_live_ends", "ix_agreement_live_ends"),
    "a stage": (f"{LIST}&flt0_stage_equals=penyusunan_kb", "ix_stage_key_status", "ix_stage_key_status"),
    "days": (f"{LIST}&flt0_ends_on_within_days=30", "ix_agreement_live_ends", "ix_agreement_live_ends"),
    "a partner": (f"{LIST}&flt0_partner_equals=900", "ix_party_partner_id", "ix_party_partner_id"),
    "a unit": (f"{LIST}&flt0_unit_equals=3", "ix_agreement_unit_unit_id_agreement_id", "ix_agreement_unit_unit_id"),
    "a unit's name": (f"{LIST}&flt0_unit_contains=pekerjaan umum", "ix_agreement_unit_unit_id_agreement_id", None),
    "sorted by partner": (f"{LIST}&sort=partner", "ix_agreement_live_partner", "ix_agreement_live_partner"),
    "sorted by partner, deep": (f"{LIST}&sort=partner&page=150", "ix_agreement_live_partner", "ix_agreement_live_partner"),
    "sorted by partner, backwards": (f"{LIST}&sort=partner&desc=1", "ix_agreement_live_partner", "ix_agreement_live_partner"),
    "sorted by unit": (f"{LIST}&sort=unit", "ix_agreement_live_unit", "ix_agreement_live_unit"),
    "sorted by end": (f"{LIST}&sort=ends_on", "ix_agreement_live_ends", "ix_agreement_live_ends"),
    "sorted by end, backwards": (f"{LIST}&sort=ends_on&desc=1", "ix_agreement_live_ends", "ix_agreement_live_ends"),
    "sorted by title": (f"{LIST}&sort=title", "ix_agreement_live_title", "ix_agreement_live_title"),
    "sorted by group": (f"{LIST}&sort=group", "ix_agreement_liv", "ix_agreement_liv"),
    "our number": (f"{LIST}&search=B-000777/KS/2024", "ix_party_number_key", "ix_party_number_key"),
    "a register number": (f"{LIST}&search=KS-2024-0007", "sqlite_autoindex_agreement", "uq_agreement_register_no"),
    "the stages": ("/admin/stage/", None, None),
    "the files": ("/admin/attachment/", None, None),
    "the details": ("/admin/agreement/details/?id=777", None, None),
}
# Lists that are walked in the order of SQLite's own rows and left after a page: there a scan is a walk.
WALKED = {"the stages", "the files"}
# Words come from FTS5 on SQLite; on PostgreSQL from pg_trgm, which not every server has.
WORDS = {
    "a frequent word": f"{LIST}&search=pendidikan",
    "a rare word": f"{LIST}&search=mangrove",
    "two words": f"{LIST}&search=pendidikan+mangrove",
    "two letters": f"{LIST}&search=TI",
    "a rare word by partner": f"{LIST}&search=mangrove&sort=partner",
}


@pytest.fixture
def sinta(empty: Flask) -> Person:
    """Sinta, in a register of twenty thousand."""
    filling.fill(db.session(), COUNT)
    accounts.create_checked(
        db.session(), email="sinta@uji.test", name="Sinta", role="staff", unit_id=None, password="jembatan mahakam 2026"
    )
    db.session.commit()
    person = Person(empty)
    assert person.sign_in("sinta@uji.test", "jembatan mahakam 2026").status_code == 302
    return person


def asked(person: Person, address: str) -> list[tuple[str, Any]]:
    """The statements of a page with their values."""
    sent: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert person.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return sent


def plan(statement: str, parameters: Any) -> list[str]:
    """How the engine would go about it, a line a step."""
    connection = db.session.connection()
    if ENGINE == "sqlite":
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    else:
        # Twenty thousand rows are soon read; told not to, PostgreSQL does so only where no index serves.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        found = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
    return [str(row[-1]).strip() for row in found]


def whole_tables(lines: list[str]) -> list[str]:
    """The steps that read a large table from end to end."""
    tables = "|".join(LARGE)
    pattern = rf"SCAN ({tables})( AS \w+)?$" if ENGINE == "sqlite" else rf"Seq Scan on ({tables})\b"
    return [line for line in lines if re.search(pattern, line)]


def sorts(lines: list[str]) -> list[str]:
    """The steps that put rows in order which no index has in order."""
    # A page has fifty rows; to put these in order, and those of one agreement, is no matter.
    return [line for line in lines if "TEMP B-TREE FOR ORDER BY" in line or re.search(r"(^|-> +)Sort\b", line)]


def test_no_question_of_a_list_reads_a_table_from_end_to_end(sinta: Person) -> None:
    wrong = []
    for name, (address, on_sqlite, on_postgresql) in QUESTIONS.items():
        index = on_sqlite if ENGINE == "sqlite" else on_postgresql
        plans = [plan(*each) for each in asked(sinta, address)]
        steps = [step for lines in plans for step in lines]
        wrong += [f"{name}: {step}" for step in whole_tables(steps) if name not in WALKED]
        if index is not None and not any(index in step for step in steps):
            wrong.append(f"{name}: not from {index}: {steps}")
        keys = [lines for lines, (statement, _) in zip(plans, asked(sinta, address), strict=False) if "AS total" in statement]
        if name not in MAY_SORT:
            wrong += [f"{name}: {step}" for lines in keys for step in sorts(lines)]
    assert not wrong, "\n".join(wrong)


def test_words_come_from_trigrams(sinta: Person) -> None:
    has_trigrams = ENGINE == "sqlite" or db.session.scalar(text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'"))
    wrong = []
    for name, address in WORDS.items():
        steps = [step for each in asked(sinta, address) for step in plan(*each)]
        scanned = [step for step in whole_tables(steps) if has_trigrams or "agreement_search" not in step]
        wrong += [f"{name}: {step}" for step in scanned]
        if ENGINE == "sqlite" and not any("agreement_fts VIRTUAL TABLE INDEX" in step for step in steps):
            wrong.append(f"{name}: {steps}")
    assert not wrong, "\n".join(wrong)


def test_the_index_and_the_scan_find_the_same(sinta: Person) -> None:
    """What is in front for speed is right: each answer is held against the plain way."""
    titles = db.session.execute(select(Agreement.id, Agreement.title_key)).all()
    rare = [row.id for row in titles if "mangrove" in row.title_key]
    assert sinta.total("/admin/agreement/?search=mangrove") == len(rare)
    unit = db.session.scalar(select(Unit.name).where(Unit.id == 3))
    both = sinta.total("/admin/agreement/?flt0_unit_equals=3&exact=1")
    assert both == sinta.total(f"/admin/agreement/?flt0_unit_contains={unit}&exact=1")
    pages = {page: sinta.keys(f"/admin/agreement/?page_size=200&page={page}") for page in (49, 50, 51, 99)}
    everything = [row.register_no for row in db.session.execute(select(Agreement.register_no).order_by(Agreement.id.desc()))]
    for page, keys in pages.items():
        assert keys == everything[page * 200 : page * 200 + 200], page
    assert sinta.keys("/admin/agreement/?page_size=200&page=100") == []
