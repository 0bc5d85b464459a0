"""Reference data and the sample register: complete, sourced, nothing invented; loading can be repeated and overwrites nothing."""

import tomllib
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import ROOT
from models import Agreement, AgreementUnit, Holiday, Partner, Party, Procedure, Regulation, Sector, Unit, User
from rules import codes
from sikerja import reference, sample
from sikerja.refusals import Refusal

SAMPLE: dict[str, Any] = tomllib.loads((ROOT / "data/sample/register.toml").read_text(encoding="utf-8"))


def count(session: Session, model: Any, *conditions: Any) -> int:
    return session.scalar(select(func.count(model.id)).where(*conditions)) or 0


def test_there_are_32_sectors_in_three_clusters(session: Session) -> None:
    counts = {cluster: count(session, Sector, Sector.cluster == cluster) for cluster in codes.SECTOR_CLUSTERS}

    assert counts == {"wajib_dasar": 6, "wajib_nondasar": 18, "pilihan": 8}


def test_there_are_eight_kinds_of_cooperation(session: Session) -> None:
    rows = {row.code: row.group for row in session.execute(select(Procedure.code, Procedure.group))}

    assert rows == {
        "ksdd_wajib": "ksdd", "ksdd_sukarela": "ksdd", "ksdpk_prakarsa_daerah": "ksdpk", "ksdpk_prakarsa_pihak_ketiga": "ksdpk",
        "sinergi": "sinergi", "ksdpl": "ksdpl", "ksdll_lainnya": "ksdll", "ksdll_penerusan": "ksdll",
    }  # fmt: skip
    assert set(rows) == set(codes.PROCEDURES)


def test_regulations_that_nobody_has_read_say_so(session: Session) -> None:
    checked = {row.code: row.checked for row in session.execute(select(Regulation.code, Regulation.checked))}

    assert {code for code, state in checked.items() if state == "diperiksa"} == {
        "uu_23_2014",
        "pp_28_2018",
        "permendagri_25_2020",
    }


# The joint decrees of three ministers: working days that the city does not work.
DECREED = [
    (date(2026, 1, 1), "nasional"), (date(2026, 3, 19), "nasional"), (date(2026, 8, 17), "nasional"), (date(2026, 12, 25), "nasional"),
    (date(2026, 3, 20), "cuti_bersama"), (date(2026, 3, 23), "cuti_bersama"), (date(2025, 8, 18), "cuti_bersama"),
]  # fmt: skip


@pytest.mark.parametrize(("on", "kind"), DECREED, ids=str)
def test_holidays_with_cuti_bersama(session: Session, on: date, kind: str) -> None:
    holiday = session.scalars(select(Holiday).where(Holiday.on == on)).one()

    assert (holiday.kind, holiday.confirmed) == (kind, True)


@pytest.mark.parametrize(("year", "days"), [(2024, 29), (2025, 28), (2026, 25)])
def test_as_many_holidays_as_the_decrees_have(session: Session, year: int, days: int) -> None:
    assert count(session, Holiday, Holiday.on.between(date(year, 1, 1), date(year, 12, 31))) == days


def test_a_year_that_is_only_computed_says_so(session: Session) -> None:
    assert count(session, Holiday, Holiday.on >= date(2027, 1, 1), Holiday.confirmed) == 0


def test_seeding_again_adds_nothing_and_overwrites_nothing(session: Session) -> None:
    unit = session.scalars(select(Unit).where(Unit.code == "dinas_kesehatan")).one()
    unit.name = "Dinas Kesehatan dan KB"
    session.commit()

    assert set(reference.seed(session).values()) == {0}
    assert session.get_one(Unit, unit.id).name == "Dinas Kesehatan dan KB"


# --- the sample register -----------------------------------------------------------------------------------------


def test_the_sample_is_as_large_as_it_should_be(session: Session) -> None:
    real = [row for row in SAMPLE["agreement"] if "(contoh)" not in row["title"]]
    shown = [row for row in SAMPLE["agreement"] if "(contoh)" in row["title"]]

    assert len(real) >= 35
    assert len(shown) <= 8
    assert count(session, Partner) >= 18
    assert count(session, Agreement) == len(real) + len(shown)


@pytest.mark.parametrize("row", SAMPLE["agreement"], ids=lambda row: row["key"])
def test_every_row_names_its_source_and_invents_nothing(row: dict[str, Any]) -> None:
    assert row["source"]
    if "(contoh)" in row["title"]:
        assert row["source"] == "Contoh peraga, bukan naskah nyata"
        assert all("CONTOH" in row[name] for name in ("our_number", "partner_number") if name in row)
    else:
        assert not {"our_number", "partner_number", "value", "our_signatory"} & set(row)
    if row["source"] == "Pengajuan terdaftar di SiKerja":
        assert not {"signed_on", "starts_on", "ends_on"} & set(row)


@pytest.mark.parametrize("left_out", ["Pelindo", "NPHD", "hibah"])
def test_what_is_no_cooperation_of_the_city_is_left_out(left_out: str) -> None:
    assert not any(left_out.lower() in row["title"].lower() for row in SAMPLE["agreement"])


def test_what_the_source_does_not_say_stays_empty(session: Session) -> None:
    assert count(session, Agreement, Agreement.ends_on.is_not(None), ~Agreement.title.contains("(contoh)")) == 0
    assert count(session, Party, Party.number != "", ~Party.number.contains("CONTOH")) == 0


def test_the_sample_unit_has_agreements_and_a_sibling_of_another_unit(session: Session) -> None:
    user = session.scalars(select(User).where(User.role == "unit")).one()
    own = set(session.scalars(select(AgreementUnit.agreement_id).where(AgreementUnit.unit_id == user.unit_id)))
    assert len(own) >= 3

    families = set(session.scalars(select(Agreement.root_id).where(Agreement.id.in_(own))))
    siblings = set(session.scalars(select(Agreement.id).where(Agreement.root_id.in_(families))))
    assert siblings - own


def test_the_sample_is_not_loaded_into_a_filled_register(session: Session) -> None:
    with pytest.raises(Refusal, match="hanya dimuat ke register yang kosong"):
        sample.load(session)


# --- commands ----------------------------------------------------------------------------------------------------


def run(app: Flask, *words: str, **options: Any) -> Any:
    return app.test_cli_runner().invoke(args=list(words), **options)


def test_demo_refuses_a_filled_register(app: Flask) -> None:
    answer = run(app, "demo")

    assert answer.exit_code == 1
    assert "hanya dimuat ke register yang kosong" in answer.output


def test_demo_is_not_for_production(app: Flask) -> None:
    app.config["SIKERJA_ENV"] = "production"

    assert "tidak dimuat di lingkungan produksi" in run(app, "demo").output


def test_make_run_prints_the_sample_accounts_and_changes_nothing(app: Flask) -> None:
    answer = run(app, "demo", "--if-empty")

    assert answer.exit_code == 0
    for role in ("admin", "staff", "supervisor", "unit", "auditor"):
        assert f"{role}@sikerja.test" in answer.output
    assert "Dimuat" not in answer.output


def test_an_account_is_made_by_command(app: Flask, session: Session) -> None:
    answer = run(
        app, "users", "create", "--email", " Rina@Samarinda.example ", "--name", "Rina", "--role", "unit", "--unit", "dinas_kesehatan",
        input="kuda lumping terbang\nkuda lumping terbang\n",
    )  # fmt: skip

    assert answer.exit_code == 0, answer.output
    user = session.scalars(select(User).where(User.email == "rina@samarinda.example")).one()
    assert (user.role, user.password_hash.startswith("$argon2id$")) == ("unit", True)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"--password": "pendek"}, "Kata sandi terlalu pendek"),
        ({"--password": "sikerja-demo-2026"}, "terlalu mudah ditebak"),
        ({"--email": "staff@sikerja.test"}, "Surel ini sudah dipakai akun lain."),
        ({"--email": "bukan surel"}, "Isi nama dan alamat surel yang lengkap."),
        ({"--role": "unit"}, "Peran unit memerlukan --unit."),
        ({"--role": "unit", "--unit": "dinas_sihir"}, "tidak ada"),
        ({"--role": "raja"}, "Invalid value for '--role'"),
    ],
)
def test_an_account_that_cannot_be_made_says_why(app: Flask, session: Session, changed: dict[str, str], words: str) -> None:
    given = {"--email": "rina@x.example", "--name": "Rina", "--role": "staff", "--password": "kuda lumping terbang"} | changed

    answer = run(app, "users", "create", *(part for pair in given.items() for part in pair))

    assert answer.exit_code != 0
    assert words in answer.output
    assert count(session, User) == 5
