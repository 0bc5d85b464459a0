"""Agreements by their form: written down, corrected, refused with every reason at once and nothing typed lost."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Agreement, Party
from sikerja import agreements
from tests import records
from tests.people import Person

NEW = "/admin/agreement/new/"


@pytest.fixture
def filled(session: Session) -> dict[str, Any]:
    """What a clerk types into the form of a new PKS."""
    first, second = records.partner(session, "PT Pertama"), records.partner(session, "PT Kedua")
    units = [records.unit(session, code).id for code in ("dinas_kesehatan", "dpupr")]
    session.commit()
    return {
        "title": "  Layanan   kesehatan keliling ", "group": "ksdpk", "instrument": "pks", "partner": [first.id, second.id],
        "partner_number": ["01/P1/2026", ""], "unit": units, "our_number": "07/KS/2026", "signed_on": "2 Juni 2026",
        "duration": "5 tahun sejak ditandatangani", "value": "Rp1.250.000,50", "scope": "satu\r\ndua",
        "our_signatory_post": "Wali Kota Samarinda", "by_power": "y",
    }  # fmt: skip


def load(session: Session, title: str) -> Agreement:
    session.expire_all()
    found = session.scalars(select(Agreement).where(Agreement.title == title)).one()
    return agreements.for_editing(session, found.id)


def edit_url(agreement: Agreement) -> str:
    return f"/admin/agreement/edit/?id={agreement.id}"


def values_of_form(page: str) -> dict[str, Any]:
    """What a browser would send back from a form as it stands."""
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        ticked = attributes.get("type") != "checkbox" or " checked" in tag
        if "name" in attributes and ticked and attributes["name"] != "csrf_token":
            sent.setdefault(attributes["name"], []).append(attributes.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', page, re.S):
        sent[name] = [text]
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        sent[name] = [chosen[1] if chosen else ""]
    return sent


def test_a_new_agreement_is_written_down_whole(sinta: Person, session: Session, filled: dict[str, Any]) -> None:
    answer = sinta.post(NEW, filled)

    assert answer.status_code == 302
    made = load(session, "Layanan kesehatan keliling")
    assert answer.location == f"/admin/agreement/details/?id={made.id}"
    assert (made.register_no, made.origin, made.year) == ("KS-2026-0048", "process", 2026)
    assert (made.signed_on, made.ends_on, made.first_ends_on) == (date(2026, 6, 2), date(2031, 6, 2), date(2031, 6, 2))
    assert (made.value, made.scope, made.root_id) == (Decimal("1250000.50"), "satu\ndua", made.id)
    parties = [(party.side, party.partner and party.partner.name, party.number) for party in made.parties]
    assert parties == [("ours", None, "07/KS/2026"), ("partner", "PT Pertama", "01/P1/2026"), ("partner", "PT Kedua", "")]
    assert made.parties[0].by_power
    assert [(held.unit.code, held.role) for held in made.units] == [("dinas_kesehatan", "pemrakarsa"), ("dpupr", "terkait")]
    assert (made.lead_partner_id, made.lead_unit_id) == (filled["partner"][0], filled["unit"][0])


def test_the_clerk_corrects_an_end_date(sinta: Person, session: Session, filled: dict[str, Any]) -> None:
    sinta.post(NEW, filled)
    made = load(session, "Layanan kesehatan keliling")
    sent = values_of_form(sinta.get(edit_url(made)).text)

    answer = sinta.post(edit_url(made), sent | {"ends_on": "31/12/2026"})

    assert answer.status_code == 302
    changed = load(session, "Layanan kesehatan keliling")
    assert (changed.ends_on, changed.first_ends_on) == (date(2026, 12, 31), date(2026, 12, 31))
    assert [party.number for party in changed.parties] == ["07/KS/2026", "01/P1/2026", ""]
    assert "31 Desember 2026" in sinta.get(answer.location).text


def test_opening_and_saving_changes_nothing_but_the_version(sinta: Person, session: Session) -> None:
    for number in (17, 41, 42, 43, 47):
        before = {
            column.key: getattr(session.get_one(Agreement, number), column.key) for column in Agreement.__mapper__.column_attrs
        }
        sent = values_of_form(sinta.get(f"/admin/agreement/edit/?id={number}").text)

        answer = sinta.post(f"/admin/agreement/edit/?id={number}", sent)

        assert answer.status_code == 302, answer.text
        session.expire_all()
        after = {
            column.key: getattr(session.get_one(Agreement, number), column.key) for column in Agreement.__mapper__.column_attrs
        }
        changed = {name for name in before if before[name] != after[name]}
        assert changed <= {"version", "updated_at"}


def test_partners_keep_their_order_and_can_change_it(sinta: Person, session: Session, filled: dict[str, Any]) -> None:
    sinta.post(NEW, filled)
    made = load(session, "Layanan kesehatan keliling")
    third = records.partner(session, "PT Ketiga")
    session.commit()

    first, second = filled["partner"]
    sinta.post(edit_url(made), filled | {"partner": [second, third.id, first], "partner_number": ["2", "3", "1"]})

    changed = load(session, "Layanan kesehatan keliling")
    assert [(party.partner.name, party.number) for party in changed.parties if party.partner] == [
        ("PT Kedua", "2"), ("PT Ketiga", "3"), ("PT Pertama", "1"),
    ]  # fmt: skip
    assert changed.lead_partner_id == second


def test_a_change_of_parties_alone_counts_as_a_version(sinta: Person, session: Session, filled: dict[str, Any]) -> None:
    sinta.post(NEW, filled)
    made = load(session, "Layanan kesehatan keliling")
    version = made.version

    sinta.post(edit_url(made), filled | {"partner": filled["partner"][:1]})

    assert load(session, "Layanan kesehatan keliling").version > version


REFUSALS = [
    ({"title": ""}, "Isi judul."),
    ({"title": "x" * 612}, "Judul terlalu panjang: 612 huruf, paling banyak 500."),
    ({"title": "No\u202e1"}, "Judul memuat karakter yang tidak terlihat. Ketik ulang, jangan disalin dari PDF."),
    ({"group": ""}, "Pilih jenis kerja sama."),
    ({"group": "xyz"}, "Pilihan ini sudah tidak ada. Muat ulang halaman, lalu pilih lagi."),
    ({"instrument": ""}, "Pilih jenis naskah."),
    ({"partner": ""}, "Pilih sedikitnya satu mitra."),
    ({"partner": "999999"}, "Pilihan ini sudah tidak ada. Muat ulang halaman, lalu pilih lagi."),
    ({"partner": ["1", "1"]}, "Mitra yang sama dipilih dua kali. Hapus salah satunya."),
    ({"unit": ["1", "1"]}, "Perangkat daerah yang sama dipilih dua kali. Hapus salah satunya."),
    ({"sector": "999999"}, "Pilihan ini sudah tidak ada. Muat ulang halaman, lalu pilih lagi."),
    ({"ends_on": "31/31/2026"}, "Tanggal tidak dikenali. Tulis seperti 24/11/2026 atau 24 November 2026."),
    ({"ends_on": "31/12/9999"}, "Tanggal di luar jangkauan. Isi tahun antara 1900 dan 2200."),
    ({"ends_on": "1/6/2026"}, "Tanggal berakhir lebih awal daripada tanggal mulai. Mulai 2 Juni 2026; isi tanggal sesudah itu."),
    ({"signed_on": "25 November 2026"}, "Tanggal penandatanganan tidak boleh di masa depan."),
    ({"value": "-1"}, "Nilai tidak dikenali. Tulis seperti 1.250.000 atau Rp1.250.000."),
    ({"value": "1" * 20}, "Nilai terlalu besar. Periksa banyaknya nol."),
    ({"year": "999999999999"}, "Isi bilangan bulat antara 1900 dan 2200."),
    ({"open_ended": "y", "ends_on": "2030-01-01"}, "Naskah ini punya tanggal berakhir."),
    ({"parent": "999999"}, "Pilihan ini sudah tidak ada. Muat ulang halaman, lalu pilih lagi."),
    ({"instrument": "kb", "parent": "41", "by_power": []}, "Jenis naskah ini tidak mempunyai naskah induk."),
    ({"our_number": "contoh - 001/ks/2024".replace(" - ", "-")}, "Nomor ini sudah dipakai pada “Kesepakatan bersama pelayanan perhubungan dan kesehatan (contoh)”."),
]  # fmt: skip


@pytest.mark.parametrize(("change", "sentence"), REFUSALS, ids=[str(list(change.items()))[:50] for change, _ in REFUSALS])
def test_a_refusal_says_why_and_nothing_is_changed(
    sinta: Person, session: Session, filled: dict[str, Any], change: dict[str, Any], sentence: str
) -> None:
    answer = sinta.post(NEW, filled | change)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert session.scalar(select(func.count(Agreement.id))) == 47
    if "title" not in change:
        assert "Layanan   kesehatan keliling" in answer.text or "Layanan kesehatan keliling" in answer.text


def test_all_reasons_are_told_at_once_and_everything_typed_is_still_there(sinta: Person, filled: dict[str, Any]) -> None:
    answer = sinta.post(NEW, filled | {"title": "", "ends_on": "kapan-kapan", "value": "banyak", "scope": "<b>tetap</b>"})

    assert "Belum disimpan: ada 3 kesalahan" in answer.text
    for kept in (
        "kapan-kapan",
        "banyak",
        "&lt;b&gt;tetap&lt;/b&gt;",
        "PT Pertama",
        "PT Kedua",
        "01/P1/2026",
        "Dinas Kesehatan",
        "2 Juni 2026",
    ):
        assert kept in answer.text
    assert answer.text.index("PT Pertama") < answer.text.index("PT Kedua")


def test_an_archive_row_keeps_what_its_paper_says(sinta: Person, session: Session, filled: dict[str, Any]) -> None:
    paper = {
        "origin": "archive",
        "partner": "",
        "our_number": "CONTOH-001/KS/2024",
        "starts_on": "2020-01-01",
        "ends_on": "2019-01-01",
        "signed_on": "",
    }

    assert sinta.post(NEW, filled | paper).status_code == 302

    made = load(session, "Layanan kesehatan keliling")
    assert (made.starts_on, made.ends_on) == (date(2020, 1, 1), date(2019, 1, 1))
    assert not any(party.binding for party in made.parties)


def test_the_database_itself_refuses_what_the_form_would(session: Session) -> None:
    from sqlalchemy.exc import IntegrityError

    from sikerja.refusals import of_integrity_error

    records.agreement(session, "Satu", our_number="9/KS/2026")
    other = records.agreement(session, "Dua")
    party = session.scalars(select(Party).where(Party.agreement_id == other.id, Party.side == "ours")).one()
    party.number = "9 / ks / 2026"

    with pytest.raises(IntegrityError) as caught:
        session.commit()
    session.rollback()
    assert "Nomor ini sudah dipakai naskah lain" in str(of_integrity_error(caught.value))


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (
            "duration=5+tahun+sejak+ditandatangani&signed_on=2+Juni+2026",
            "Berakhir 2 Juni 2031, dihitung 5 tahun sejak 2 Juni 2026.",
        ),
        ("duration=1+tahun&starts_on=29/02/2024", "Berakhir 28 Februari 2025, dihitung 1 tahun sejak 29 Februari 2024."),
        ("duration=1+bulan&starts_on=2026-01-31", "Berakhir 28 Februari 2026, dihitung 1 bulan sejak 31 Januari 2026."),
        ("duration=terlampir&starts_on=2026-01-31", ""),
        ("duration=5+tahun&starts_on=kapan", ""),
    ],
)
def test_the_computed_end_is_told_before_saving(sinta: Person, asked: str, text: str) -> None:
    assert sinta.get(f"/admin/agreement/term/?{asked}").json["text"] == text


def test_the_second_saver_is_told(sinta: Person, andi: Person, session: Session, filled: dict[str, Any]) -> None:
    sinta.post(NEW, filled)
    made = load(session, "Layanan kesehatan keliling")
    sent = values_of_form(sinta.get(edit_url(made)).text)
    assert andi.post(edit_url(made), sent | {"scope": "dari Andi"}).status_code == 302

    answer = sinta.post(edit_url(made), sent | {"scope": "dari Sinta"})

    assert answer.status_code == 409
    assert "baru saja diubah orang lain" in answer.text
    assert "dari Sinta" in answer.text
    assert load(session, "Layanan kesehatan keliling").scope == "dari Andi"


def test_a_row_without_partner_can_be_corrected_elsewhere(sinta: Person, session: Session) -> None:
    row = session.scalars(select(Agreement).where(Agreement.lead_partner_id.is_(None))).first()
    assert row is not None
    sent = values_of_form(sinta.get(edit_url(row)).text)

    assert sinta.post(edit_url(row), sent | {"location": "Samarinda"}).status_code == 302


def test_register_numbers_are_never_given_twice(session: Session) -> None:
    first = records.agreement(session, "Satu")
    number = first.register_no
    first.deleted_at = first.created_at
    session.commit()

    second = records.agreement(session, "Dua")
    assert (number, second.register_no) == ("KS-2026-0048", "KS-2026-0049")


def test_a_new_year_begins_at_one(app: Any, session: Session) -> None:
    app.config["SIKERJA_TODAY"] = date(2027, 1, 1)

    assert records.agreement(session, "Satu").register_no == "KS-2027-0001"
    assert records.agreement(session, "Dua").register_no == "KS-2027-0002"


def test_details_show_everything(sinta: Person, session: Session, filled: dict[str, Any]) -> None:
    sinta.post(NEW, filled)
    made = load(session, "Layanan kesehatan keliling")

    page = sinta.get(f"/admin/agreement/details/?id={made.id}").text

    for shown in ("Layanan kesehatan keliling", "Register KS-2026-0048", "Nomor 07/KS/2026", "PT Pertama", "01/P1/2026", "PT Kedua",
                  "Dinas Kesehatan", "2 Juni 2026", "2 Juni 2031", "Rp1.250.000,50", "Wali Kota Samarinda (dengan surat kuasa)",
                  "Perjanjian Kerja Sama", "Ditandatangani sejak 2 Juni 2026", "Naskah ini berdiri sendiri"):  # fmt: skip
        assert shown in page


@pytest.mark.parametrize("key", ["", "0", "-1", "abc", "1,2", "99999999999999999999", "１", "999999"])
@pytest.mark.parametrize("page", ["details", "edit"])
def test_a_record_that_is_not_there_is_a_404(sinta: Person, page: str, key: str) -> None:
    assert sinta.get(f"/admin/agreement/{page}/?id={key}").status_code == 404
