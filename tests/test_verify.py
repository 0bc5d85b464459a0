"""`flask verify`: each thing that can be wrong is made once, behind the application's back, and told in one line."""

import io
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import NullPool, create_engine, select, text, update
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session

from extensions import db
from models import Agreement, Attachment, Holiday
from sikerja import exports, verification
from sikerja.files.store import LocalStore
from tests import engines, records, stores
from tests.rows import ask, change, rows

SQLITE = engines.ENGINE == "sqlite"
CLEAN = "Diperiksa: 47 naskah, 13 lampiran, 13 berkas. Tidak ada kesalahan.\n"
OTHER = "f" * 64


class World:
    """The register and its store, as someone finds them who holds to no rule."""

    def __init__(self, app: Flask, store: LocalStore) -> None:
        self.app, self.store = app, store

    def sql(self, *statements: str) -> None:
        """Change rows with checks and foreign keys switched off, as a careless tool does."""
        with self.app.app_context():
            url = db.engine.url
        if SQLITE:
            tool = sqlite3.connect(str(url.database), isolation_level=None)
            for statement in ("PRAGMA foreign_keys=OFF", "PRAGMA ignore_check_constraints=ON", *statements):
                tool.execute(statement)
            tool.close()
            return
        with create_engine(url, poolclass=NullPool).begin() as connection:
            for statement in ("SET session_replication_role = replica", *statements):
                connection.execute(text(statement))

    def digest(self, attachment_id: int) -> str:
        return str(ask(self.app, select(Attachment.digest).where(Attachment.id == attachment_id))[0])

    def file(self, attachment_id: int) -> Path:
        return stores.place(self.store, self.digest(attachment_id))

    def verify(self, *options: str) -> Any:
        return self.app.test_cli_runner().invoke(args=["verify", *options])

    def lines(self) -> list[str]:
        """The faults that are told; the closing line counts them."""
        answer = self.verify()
        *faults, closing = answer.output.splitlines()
        said = f"{len(faults)} kesalahan." if faults else "Tidak ada kesalahan."
        assert closing.startswith("Diperiksa: "), answer.output
        assert closing.endswith(said), answer.output
        assert answer.exit_code == (1 if faults else 0)
        return faults


@pytest.fixture
def world(app: Flask, tmp_path: Path) -> World:
    found = World(app, stores.own(app, tmp_path))
    with app.app_context():
        db.engine.dispose()  # a connection that is open remembers the tables as they were
    return found


@pytest.fixture
def broken_schema(world: World, database: Any) -> Iterator[World]:
    """A register whose tables the test may change; they are made anew afterwards."""
    yield world
    with world.app.app_context():
        db.session.remove()
        db.engine.dispose()
        database.rebuild()


def test_a_sound_register_has_no_faults(world: World) -> None:
    answer = world.verify()

    assert (answer.exit_code, answer.output) == (0, CLEAN)


def test_faults_as_json(world: World) -> None:
    world.sql("UPDATE counter SET last = 40")

    answer = world.verify("--json")

    assert answer.exit_code == 1
    assert json.loads(answer.output) == {
        "faults": [
            {
                "kind": "counter",
                "subject": "counter 2026",
                "detail": "Pencacah nomor berhenti di 40, padahal nomor 47 sudah diberikan.",
            }
        ],
        "checked": {"agreements": 47, "attachments": 13, "files": 13},
    }


def test_a_sound_register_as_json(world: World) -> None:
    answer = world.verify("--json")

    assert answer.exit_code == 0
    assert json.loads(answer.output) == {"faults": [], "checked": {"agreements": 47, "attachments": 13, "files": 13}}


# --- the register's own rules ------------------------------------------------------------------------------------

# Agreement 41 is a KB, 42 a PKS under it that waits at the partner, 43 another one. Attachments 5, 6, 7 are editions.
OURS = "(SELECT id FROM party WHERE agreement_id = 42 AND side = 'ours')"
RULES: dict[str, tuple[str, str]] = {
    "the current stage is one of another agreement": (
        "UPDATE agreement SET current_stage_id = 1 WHERE id = 42",
        "standing agreement KS-2026-0042: Tidak sesuai dengan tahapnya: tahap berjalan 1, seharusnya ",
    ),
    "the day a stage runs since": (
        "UPDATE agreement SET stage_since = '2026-01-01' WHERE id = 42",
        "standing agreement KS-2026-0042: Tidak sesuai dengan tahapnya: sejak 2026-01-01, seharusnya 2026-08-04.",
    ),
    "who is waited for": (
        "UPDATE agreement SET holder = NULL WHERE id = 42",
        "standing agreement KS-2026-0042: Tidak sesuai dengan tahapnya: ditunggu dari kosong, seharusnya mitra.",
    ),
    "since when it is under way": (
        "UPDATE agreement SET underway_since = NULL WHERE id = 43",
        "standing agreement KS-2026-0043: Tidak sesuai dengan tahapnya: pelaksanaan sejak kosong, seharusnya 2024-08-01.",
    ),
    "a stage in the bin that is current": (
        "UPDATE stage SET deleted_at = '2026-11-01 00:00:00' WHERE id = (SELECT current_stage_id FROM agreement WHERE id = 43)",
        "standing agreement KS-2026-0043: ",
    ),
    "another family's root": (
        "UPDATE agreement SET root_id = 1 WHERE id = 42",
        "root agreement KS-2026-0042: Akar keluarga naskah 1, seharusnya 41.",
    ),
    "no root": ("UPDATE agreement SET root_id = NULL WHERE id = 1", "root agreement KS-2026-0001: Akar keluarga naskah None, "),
    "a circle": (
        "INSERT INTO link (kind, from_id, to_id) VALUES ('implements', 41, 42)",
        "circle agreement KS-2026-0041: Naskah berputar menjadi induk satu sama lain: KS-2026-0041, KS-2026-0042.",
    ),
    "a circle of three": (
        "INSERT INTO link (kind, from_id, to_id) VALUES ('implements', 41, 44)",
        "circle agreement KS-2026-0041: Naskah berputar menjadi induk satu sama lain: KS-2026-0041, KS-2026-0043, KS-2026-0044.",
    ),
    "no party of ours": (
        f"DELETE FROM party WHERE id = {OURS}",
        "our_party agreement KS-2026-0042: Pihak Kesatu tercatat 0 kali, seharusnya satu kali.",
    ),
    "two parties of ours": (
        "INSERT INTO party (agreement_id, side, position, number, binding, signatory, signatory_post, by_power) "
        "VALUES (42, 'ours', 1, '', true, '', '', false)",
        "our_party agreement KS-2026-0042: Pihak Kesatu tercatat 2 kali, seharusnya satu kali.",
    ),
    "another partner leads": (
        "UPDATE agreement SET lead_partner_id = 1 WHERE id = 42",
        "lead_partner agreement KS-2026-0042: Mitra utama 1, seharusnya 38.",
    ),
    "no unit leads": ("UPDATE agreement SET lead_unit_id = NULL WHERE id = 42", "lead_unit agreement KS-2026-0042: "),
    "the name of its partner, to sort by": (
        "UPDATE agreement SET lead_partner_key = 'lain' WHERE id = 42",
        "lead_key agreement KS-2026-0042: ",
    ),
    "the name of its unit, to sort by": (
        "UPDATE agreement SET lead_unit_key = NULL WHERE id = 42",
        "lead_key agreement KS-2026-0042: ",
    ),
    "a title's key": ("UPDATE agreement SET title_key = 'lain' WHERE id = 42", "folded agreement KS-2026-0042: "),
    "a partner's key": ("UPDATE partner SET name_key = 'lain' WHERE id = 1", "folded partner 1: "),
    "a unit's key": ("UPDATE unit SET name_key = 'lain' WHERE id = 1", "folded unit 1: "),
    "an attachment's key": ("UPDATE attachment SET title_key = 'lain' WHERE id = 1", "folded attachment 1: "),
    "a number's key": (f"UPDATE party SET number_key = 'lain' WHERE id = {OURS}", "folded party "),
    "a number that should bind": (
        f"UPDATE party SET binding = false WHERE id = {OURS}",
        "binding party ",
    ),
    "a number that should not bind": (
        "UPDATE party SET binding = true WHERE agreement_id = 1 AND side = 'ours'",
        "binding party ",
    ),
    "what an agreement is found by": (
        "UPDATE agreement_search SET document = document || ' lain' WHERE agreement_id = 42",
        "search_document agreement KS-2026-0042: ",
    ),
    "words an agreement is found by": (
        "UPDATE agreement_search SET words = ' lain' WHERE agreement_id = 42",
        "search_document agreement KS-2026-0042: ",
    ),
    "an agreement that can't be found": (
        "DELETE FROM agreement_search WHERE agreement_id = 42",
        "search_document agreement KS-2026-0042: ",
    ),
    "a register number of another form": (
        "UPDATE agreement SET register_no = 'ks-2026-0042' WHERE id = 42",
        "register_no agreement 42: Nomor register “ks-2026-0042” tidak berbentuk KS-2026-0001.",
    ),
    "a counter that was set back": ("UPDATE counter SET last = 46", "counter counter 2026: Pencacah nomor berhenti di 46, "),
    "a counter that is gone": ("DELETE FROM counter", "counter counter 2026: Pencacah nomor berhenti di 0, "),
    "a gap between editions": (
        "UPDATE attachment SET edition = 4 WHERE id = 7",
        "series attachment 5: Seri versinya tidak utuh: versi 1, 2, 4, seharusnya 1 sampai 3 berurutan.",
    ),
    "an edition of another agreement": (
        "UPDATE attachment SET agreement_id = 41 WHERE id = 7",
        "series attachment 5: Seri versinya tidak utuh: lampiran 7 milik naskah lain.",
    ),
    "an edition that replaces another one": (
        "UPDATE attachment SET replaces_id = 5 WHERE id = 7",
        "series attachment 5: Seri versinya tidak utuh: lampiran 7 tidak menggantikan versi sebelumnya.",
    ),
    "an edition of another kind": (
        "UPDATE attachment SET kind = 'laporan' WHERE id = 7",
        "series attachment 5: Seri versinya tidak utuh: lampiran 7 lain jenisnya.",
    ),
    "a closing document of another agreement": (
        "UPDATE agreement SET closed_document_id = 1 WHERE register_no = 'KS-2026-0001'",
        "closing_document agreement KS-2026-0001: Dokumen penutupnya, lampiran 1, bukan berkas naskah ini.",
    ),
    "what ended an agreement is a file of another": (
        "UPDATE agreement SET terminated_document_id = 1 WHERE register_no = 'KS-2026-0001'",
        "terminating_document agreement KS-2026-0001: Dokumen pengakhirannya, lampiran 1, bukan berkas naskah ini.",
    ),
    "an attachment of no series": (
        "UPDATE attachment SET series_id = NULL WHERE id = 1",
        "series attachment 1: Lampiran ini tidak termasuk seri mana pun.",
    ),
    "a series that isn't called by its first": (
        "UPDATE attachment SET series_id = 7 WHERE id = 1",
        "series attachment 7: Seri versinya tidak utuh: versi pertamanya lampiran 1.",
    ),
    "a size that isn't the file's": (
        "UPDATE attachment SET size = 1 WHERE id = 1",
        "file_size attachment 1: Ukuran tercatat 1 byte, berkasnya 1003 byte.",
    ),
    "a sector that isn't there": (
        "UPDATE agreement SET sector_id = 999 WHERE id = 42",
        "foreign_key agreement KS-2026-0042: Rujukan fk_agreement_sector_id_sector menunjuk baris yang tidak ada.",
    ),
    "a contact of a partner that isn't there": (
        "INSERT INTO contact (partner_id, name, name_key, post, email, phone, version) VALUES (999, 'Rina', 'rina', '', '', '', 1)",
        "foreign_key contact 1: Rujukan fk_contact_partner_id_partner menunjuk baris yang tidak ada.",
    ),
    "an older schema": (
        "UPDATE alembic_version SET version_num = '0001'",
        "schema database: Skema basis data bukan skema versi ",
    ),
}


@pytest.mark.parametrize("case", RULES)
def test_a_broken_rule_is_one_line(world: World, case: str) -> None:
    statement, expected = RULES[case]
    world.sql(statement)

    lines = world.lines()

    assert len(lines) == 1, lines
    assert lines[0].startswith(expected)


def test_what_is_in_the_bin_is_looked_at_too(world: World) -> None:
    world.sql(
        "UPDATE agreement SET deleted_at = '2026-11-01 00:00:00' WHERE id = 40",
        "UPDATE party SET binding = false WHERE agreement_id = 40",
        "UPDATE attachment SET deleted_at = '2026-11-01 00:00:00' WHERE id = 1",
    )
    assert world.lines() == []

    world.file(1).unlink()
    assert [line.split(":")[0] for line in world.lines()] == [f"file_missing file {world.digest(1)}"]


# --- promises of the tables --------------------------------------------------------------------------------------


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


# --- files -------------------------------------------------------------------------------------------------------


def missing(world: World) -> None:
    world.file(1).unlink()


def damaged(world: World) -> None:
    stores.overwrite(world.file(1), world.file(1).read_bytes().replace(b"Sikerja", b"sikerja", 1) + b" ")


def cut_off(world: World) -> None:
    stores.overwrite(world.file(1), world.file(1).read_bytes()[:-1])


def emptied(world: World) -> None:
    stores.overwrite(world.file(1), b"")


def swapped(world: World) -> None:
    stores.overwrite(world.file(1), world.file(4).read_bytes())


FILES: dict[str, tuple[Callable[[World], None], str]] = {
    "missing": (missing, "file_missing file {digest}: Berkas tidak ada di penyimpanan. Dipakai lampiran 1."),
    "damaged": (damaged, "file_damaged file {digest}: Isi berkas sudah bukan yang disimpan. Dipakai lampiran 1."),
    "cut off": (cut_off, "file_damaged file {digest}: Isi berkas sudah bukan yang disimpan. Dipakai lampiran 1."),
    "emptied": (emptied, "file_damaged file {digest}: Isi berkas sudah bukan yang disimpan. Dipakai lampiran 1."),
    "swapped": (swapped, "file_swapped file {digest}: Tertukar: isinya adalah isi berkas {other}. Dipakai lampiran 1."),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_is_not_what_was_stored_is_one_line(world: World, case: str) -> None:
    make, expected = FILES[case]
    make(world)

    assert world.lines() == [expected.format(digest=world.digest(1), other=world.digest(4))]


def test_two_files_that_changed_places_are_told_both(world: World) -> None:
    one, other = world.file(1), world.file(4)
    first, second = one.read_bytes(), other.read_bytes()
    stores.overwrite(one, second)
    stores.overwrite(other, first)

    assert sorted(line.split(". ")[0] for line in world.lines()) == sorted(
        f"file_swapped file {digest}: Tertukar: isinya adalah isi berkas {found}"
        for digest, found in ((world.digest(1), world.digest(4)), (world.digest(4), world.digest(1)))
    )


def test_a_file_that_the_disk_does_not_give(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, opened = world.digest(1), LocalStore.open

    def broken(self: LocalStore, digest: str) -> Any:
        if digest == bad:
            raise OSError(5, "Input/output error")
        return opened(self, digest)

    monkeypatch.setattr(LocalStore, "open", broken)

    assert world.lines() == [f"file_unreadable file {bad}: Berkas tidak dapat dibaca: Input/output error. Dipakai lampiran 1."]


def test_a_file_of_many_attachments_names_the_first_of_them(world: World) -> None:
    digest, size = world.digest(1), world.file(1).stat().st_size
    change(world.app, update(Attachment).where(Attachment.id.in_([8, 9, 10])).values(digest=digest, size=size))
    world.file(1).unlink()

    told = [line for line in world.lines() if line.startswith("file_missing")]

    assert told == [f"file_missing file {digest}: Berkas tidak ada di penyimpanan. Dipakai lampiran 1, 8, 9 dan lainnya."]


def test_a_digest_that_is_none(world: World) -> None:
    world.file(1).unlink()
    world.sql("UPDATE attachment SET digest = '../../etc/passwd' WHERE id = 1")

    assert world.lines() == ["digest attachment 1: “../../etc/passwd” bukan sidik SHA-256."]


STRAYS: dict[str, tuple[str, str]] = {
    "a file without a row": (
        f"{OTHER[:2]}/{OTHER[2:4]}/{OTHER}",
        f"stray_file file {OTHER}: Berkas tanpa lampiran, 3 byte, sejak ",
    ),
    "a temporary file": (".tmp-7-ab", "stray_temporary file .tmp-7-ab: Berkas sementara, sejak "),
    "what never belonged there": ("catatan.txt", "stray_other file catatan.txt: "),
    "a file in the wrong folder": (f"aa/bb/{OTHER}", f"stray_other file aa/bb/{OTHER}: "),
    "a name that would be two lines": ("a\nfile_missing b", "stray_other file a\\nfile_missing b: "),
    "a name in no letters": (b"\xff\xfe".decode("utf-8", "surrogateescape"), "stray_other file \\udcff\\udcfe: "),
}


@pytest.mark.parametrize("case", STRAYS)
def test_a_stray_is_told_at_once(world: World, case: str) -> None:
    name, expected = STRAYS[case]
    path = world.store.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"abc")

    lines = world.lines()

    assert len(lines) == 1, lines
    assert lines[0].startswith(expected)


def test_a_link_in_the_place_of_a_file(world: World, tmp_path: Path) -> None:
    place = world.file(1)
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")

    assert sorted(line.split()[0] for line in world.lines()) == ["file_missing", "stray_other"]


def test_a_store_that_is_gone(world: World) -> None:
    world.store.root.rename(world.store.root.with_name("unmounted"))

    assert [line.split()[0] for line in world.lines()] == ["file_missing"] * 13


# --- how it looks ------------------------------------------------------------------------------------------------


def test_looking_changes_nothing(world: World) -> None:
    before = rows(world.app)
    files = {path: path.stat() for path in world.store.root.rglob("*") if path.is_file()}
    world.sql("UPDATE agreement SET root_id = 1 WHERE id = 42")
    wrong = rows(world.app)

    world.lines()

    assert rows(world.app) == wrong != before
    assert {path: path.stat().st_mtime_ns for path in files} == {path: found.st_mtime_ns for path, found in files.items()}


def test_clerks_write_while_it_looks(world: World) -> None:
    world.sql("UPDATE agreement SET root_id = 1 WHERE id IN (2, 3)")
    with world.app.app_context():
        looking = verification.verify(db.engine, world.store, Counter())
        assert next(looking).subject == "agreement KS-2026-0002"

        change(world.app, update(Agreement).where(Agreement.id == 4).values(title="Diubah sementara diperiksa"))

        assert next(looking).subject == "agreement KS-2026-0003"
        looking.close()


if not SQLITE:  # a reading connection of SQLite takes no lock; that it changes nothing is seen above

    def test_it_can_not_write(world: World) -> None:
        with world.app.app_context(), exports.reading_session(db.engine) as session:
            with pytest.raises(InternalError, match="read-only"):
                session.execute(update(Holiday).values(name="Libur"))
            session.rollback()


@pytest.mark.parametrize("command", ["verify", "sweep"])
@pytest.mark.parametrize("url", ["s3://lampiran/kota", "file:relatif", "file:///proc/tidak/bisa"])
def test_a_store_that_can_not_be_used_is_told_in_a_sentence(world: World, command: str, url: str) -> None:
    world.app.config["ATTACHMENTS_URL"] = url

    answer = world.app.test_cli_runner().invoke(args=[command])

    assert answer.exit_code == 1
    assert answer.output.startswith("Error: Penyimpanan lampiran tidak dapat dipakai: ")


def test_more_agreements_are_not_more_statements(world: World, session: Session, statements: list[str]) -> None:
    world.verify()
    few = len(statements)
    for number in range(20):
        records.agreement(session, f"Kerja sama {number}", partners=("PT Satu", "PT Dua"), units=("dinas_kesehatan",))
    statements.clear()

    assert "67 naskah" in world.verify().output
    assert len(statements) == few


def test_an_upload_that_just_came_in_is_no_fault(world: World) -> None:
    stored = world.store.put(io.BytesIO(b"%PDF-1.7 baru"), 1000)
    change(world.app, update(Attachment).where(Attachment.id == 1).values(digest=stored.digest, size=stored.size))

    assert [line.split()[0] for line in world.lines()] == ["stray_file"]  # the one that the row named before
