"""`verify` over the way through the law: each rule broken once behind the application's back, and told in one line."""

import json
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from extensions import db
from tests.ways import Way


KINDS = {"exclusive", "ground", "event", "deadline", "published"}


@pytest.fixture
def naskah(session: Session) -> Way:
    way = Way(session, "ksdpl", "naskah").walk("persetujuan_dprd")
    way.move("start", "persetujuan_dprd", date(2026, 3, 2))
    return way


def faults(app: Flask, *statements: str) -> list[tuple[str, str]]:
    """What `verify` tells of the stages after these statements: kind and sentence."""
    with app.app_context(), db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    answer = app.test_cli_runner().invoke(args=["verify", "--json"])
    return [(each["kind"], each["detail"]) for each in json.loads(answer.output)["faults"] if each["kind"] in KINDS]


def test_a_way_that_was_walked_by_the_verbs_is_sound(app: Flask, naskah: Way) -> None:
    assert faults(app) == []


def test_two_stages_that_exclude_each_other(app: Flask, naskah: Way) -> None:
    key = naskah.id_of("verifikasi")

    assert ("exclusive", "2 tahap yang berurutan berjalan bersamaan.") in faults(
        app, f"UPDATE stage SET status = 'running' WHERE id = {key}"
    )


def test_a_stage_without_its_ground(app: Flask, naskah: Way) -> None:
    key = naskah.id_of("verifikasi")

    assert faults(app, f"UPDATE stage SET status = 'skipped' WHERE id = {key}") == [
        ("ground", "Tahap menurut peraturan dilewati tanpa dasar."),
        ("event", "Keadaannya skipped, padahal catatan terakhirnya tidak ada."),
    ]


def test_a_stage_that_moved_without_a_trace(app: Flask, naskah: Way) -> None:
    key = naskah.id_of("persetujuan_dprd")

    assert faults(app, f"UPDATE stage SET status = 'finished' WHERE id = {key}") == [
        ("event", "Keadaannya finished, padahal catatan terakhirnya running.")
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("due_on = '2026-12-31'", "Tenggat 2026-12-31, padahal dasarnya memberi 2026-05-13."),
        ("inputs = '{}'", "Dasar tenggatnya tidak terbaca."),
    ],
)
def test_a_deadline_that_is_not_what_its_inputs_give(app: Flask, naskah: Way, change: str, told: str) -> None:
    assert faults(app, f"UPDATE deadline SET {change} WHERE key = 'dprd_menjawab'") == [("deadline", told)]


def test_a_published_version_that_was_changed(app: Flask) -> None:
    assert faults(app, "UPDATE stage_rule SET name = 'Lain' WHERE id = 1") == [
        ("published", "Isi versi yang sudah diterbitkan berubah.")
    ]
