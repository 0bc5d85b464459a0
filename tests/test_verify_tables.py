"""`flask verify`: what the tables promise is broken once each: checks, keys, triggers, the search index, the database itself.

Every fault is told in one line; where a part can't be read at all, that is told, and the rest is looked at.
"""

from pathlib import Path

import pytest
from sqlalchemy import text

from extensions import db
from tests.world import SQLITE, World


def without_check(table: str, name: str) -> list[str]:
    """PostgreSQL knows no way past a check but to drop it; the tool on SQLite switched checks off."""
    return [] if SQLITE else [f"ALTER TABLE {table} DROP CONSTRAINT {name}"]


def may_be_empty(table: str, column: str) -> list[str]:
    if not SQLITE:
        return [f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL"]
    loose = f"replace(sql, '{column} TEXT NOT NULL', '{column} TEXT')"
    return [
        "PRAGMA writable_schema=ON",
        f"UPDATE sqlite_master SET sql = {loose} WHERE name = '{table}'",
        "PRAGMA writable_schema=RESET",
    ]


TABLES: dict[str, tuple[list[str], str]] = {
    "a check": (
        [*without_check("agreement", "ck_agreement_value_not_negative"), "UPDATE agreement SET value = -1 WHERE id = 42"],
        "check agreement KS-2026-0042: Isinya melanggar aturan ck_agreement_value_not_negative.",
    ),
    "a code that isn't one": (
        [
            *without_check("stage", "ck_stage_holder_known"),
            "UPDATE stage SET holder = 'hilang' WHERE id = (SELECT min(id) FROM stage WHERE status = 'planned')",
        ],
        "check stage ",
    ),
    "an empty column": (
        [*may_be_empty("stage", "remark"), "UPDATE stage SET remark = NULL WHERE id = 1"],
        "not_null stage 1: Kolom remark kosong, padahal wajib diisi.",
    ),
    "two of what may be there once": (
        [
            "DROP INDEX uq_link_one_renewal",
            "INSERT INTO link (kind, from_id, to_id) VALUES ('renews', 47, 45)",
            "UPDATE agreement SET root_id = 45 WHERE id = 47",
        ],
        "unique link 5: Aturan uq_link_one_renewal dilanggar: 2 baris berisi sama, padahal hanya boleh satu.",
    ),
    "two of the same number": (
        [
            "DROP INDEX uq_party_number",
            "UPDATE party SET number = 'CONTOH-002/KS/2024', number_key = 'contoh-002/ks/2024' WHERE agreement_id = 42 AND side = 'ours'",
            "UPDATE agreement_search SET document = document || ' contoh-002/ks/2024', words = words || ' contoh 002 ks 2024' WHERE agreement_id = 42",
        ],
        "unique party ",
    ),
    "a trigger that is gone": (
        ["DROP TRIGGER audit_entry_no_delete" if SQLITE else "DROP TRIGGER audit_entry_no_truncate ON audit_entry"],
        "trigger trigger audit_entry_no_",
    ),
}


@pytest.mark.parametrize("case", TABLES)
def test_a_broken_promise_of_a_table_is_one_line(broken_schema: World, case: str) -> None:
    statements, expected = TABLES[case]
    broken_schema.sql(*statements)

    lines = broken_schema.lines()

    assert len(lines) == 1, lines
    assert lines[0].startswith(expected)


if not SQLITE:

    def test_a_trigger_that_is_switched_off(broken_schema: World) -> None:
        broken_schema.sql("ALTER TABLE audit_subject DISABLE TRIGGER audit_subject_no_change")

        assert [line.split(":")[0] for line in broken_schema.lines()] == ["trigger trigger audit_subject_no_change"]

    def test_a_table_that_is_gone_is_told_and_the_rest_is_looked_at(broken_schema: World) -> None:
        broken_schema.sql("DROP TABLE link CASCADE")
        broken_schema.file(1).unlink()

        kinds = {line.split()[0] for line in broken_schema.lines()}

        assert kinds == {"unreadable", "file_missing"}


if SQLITE:

    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO agreement_fts (agreement_fts, rowid, document) SELECT 'delete', 42, document FROM agreement_search WHERE agreement_id = 42",
            "INSERT INTO agreement_fts (rowid, document) VALUES (42, 'satu lagi')",
        ],
        ids=["not indexed", "indexed twice"],
    )
    def test_the_search_index(world: World, statement: str) -> None:
        world.sql(statement)

        assert world.lines() == [
            "search_index search document 42: Indeks pencarian tidak sesuai dengan dokumennya. Bangun ulang."
        ]

    def test_the_search_index_of_an_agreement_that_is_not_there(world: World) -> None:
        world.sql("INSERT INTO agreement_fts (rowid, document) VALUES (99, 'tidak ada')")

        assert [line.split(":")[0] for line in world.lines()] == ["search_index search document 99"]

    def test_a_damaged_page_of_the_database(world: World) -> None:
        world.sql("PRAGMA wal_checkpoint(TRUNCATE)")
        with world.app.app_context():
            db.session.remove()
            page_size = db.session.scalar(text("PRAGMA page_size"))
            page = db.session.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = 'ix_partner_kind'"))
            path = Path(str(db.engine.url.database))
            db.session.remove()
            db.engine.dispose()
        with path.open("r+b") as file:
            file.seek((page - 1) * page_size)
            file.write(b"\xff" * page_size)

        lines = world.lines()

        assert [line.split(":")[0] for line in lines] == ["unreadable database"]

    def test_an_index_that_is_not_its_tables(world: World) -> None:
        other = "replace(sql, 'ON partner (kind)', 'ON partner (region)')"
        world.sql("PRAGMA writable_schema=ON", f"UPDATE sqlite_master SET sql = {other} WHERE name = 'ix_partner_kind'")

        lines = world.lines()

        assert (
            lines[0]
            == "integrity database: Basis data rusak: row 1 missing from index ix_partner_kind. Pulihkan dari cadangan."
        )
        assert {line.split(":")[0] for line in lines} == {"integrity database"}

    def test_a_file_that_is_no_database(world: World) -> None:
        with world.app.app_context():
            path = Path(str(db.engine.url.database))
            db.session.remove()
            db.engine.dispose()
        for leftover in path.parent.glob("register.db-*"):
            leftover.unlink()
        path.write_bytes(b"bukan basis data " * 1000)

        assert [line.split(":")[0] for line in world.lines()] == ["unreadable database"]
