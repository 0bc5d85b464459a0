"""`flask verify`: each rule of the register is broken once, behind the application's back, and the fault told in one line.

Looking changes nothing, keeps nobody waiting, and costs the same for more agreements. What the tables promise is told in
test_verify_tables.py, what lies in the store in test_verify_files.py.
"""

import io
import json
from collections import Counter

import pytest
from sqlalchemy import update
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session

from extensions import db
from models import Agreement, Attachment, Holiday
from sikerja import exports, verification
from tests import records
from tests.rows import change, rows
from tests.world import SQLITE, World

CLEAN = "Diperiksa: 47 naskah, 13 lampiran, 13 berkas. Tidak ada kesalahan.\n"


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
