"""The history of a record: sentences that a person understands, for those who may read them."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from models import Agreement
from sikerja import history
from tests import records
from tests.pages import form_to
from tests.people import Person
from tests.routes import MODELS, add_stage
from tests.routes import records as one_of_each
from tests.rows import id_of
from tests.sentences import CLERK, told

BUS_LINES = "Penyelenggaraan angkutan umum antardaerah (contoh)"


def edited(person: Person, key: int, **changes: Any) -> None:
    """The person opens the form of an agreement, changes some fields and saves."""
    page = person.get(f"/admin/agreement/edit/?id={key}")
    sent = form_to(page.text, "").with_values(**changes)
    assert person.post(f"/admin/agreement/edit/?id={key}", sent).status_code == 302


def test_a_changed_end_is_told_in_one_sentence(app: Flask, sinta: Person, session: Session) -> None:
    key = records.agreement(session, "Uji", signed_on=None, ends_on=None).id
    edited(sinta, key, ends_on="1 Maret 2027")
    edited(sinta, key, ends_on="1 Maret 2028", duration="2 tahun")
    edited(sinta, key, ends_on="", duration="", scope="Pertukaran data")

    assert told(sinta, "agreement", key)[:5] == [
        "Tanggal berakhir dikosongkan, sebelumnya 1 Maret 2028 oleh Staf Kerja Sama Contoh.",
        "Jangka waktu dikosongkan, sebelumnya “2 tahun” oleh Staf Kerja Sama Contoh.",
        "Ruang lingkup diisi “Pertukaran data” oleh Staf Kerja Sama Contoh.",
        "Tanggal berakhir diubah dari 1 Maret 2027 menjadi 1 Maret 2028 oleh Staf Kerja Sama Contoh.",
        "Jangka waktu diisi “2 tahun” oleh Staf Kerja Sama Contoh.",
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"group": "ksdd"}, "Jenis kerja sama diubah dari Kerja Sama Daerah dengan Pihak Ketiga menjadi Kerja Sama Daerah dengan "
                            "Daerah Lain"),
        ({"instrument": "kb"}, "Jenis naskah diubah dari Perjanjian Kerja Sama menjadi Kesepakatan Bersama"),
        ({"value": "1.250.000"}, "Nilai diisi Rp1.250.000"),
        ({"open_ended": "y"}, "Tanpa batas waktu diubah dari Tidak menjadi Ya"),
        ({"our_number": "415/01/2026"}, "Nomor naskah Pihak Kesatu diisi “415/01/2026”"),
        ({"our_signatory_post": "Wali Kota"}, "Jabatan penandatangan Pihak Kesatu diisi “Wali Kota”"),
        ({"partner_number": "B-7"}, "Nomor naskah pihak “PT Uji” diisi “B-7”"),
        ({"title": "Uji dengan judul baru"}, "Judul diubah dari “Uji” menjadi “Uji dengan judul baru”"),
    ],
)  # fmt: skip
def test_values_are_told_as_people_read_them(
    app: Flask, sinta: Person, session: Session, changes: dict[str, str], sentence: str
) -> None:
    key = records.agreement(session, "Uji").id

    edited(sinta, key, **changes)

    assert f"{sentence} oleh {CLERK}." in told(sinta, "agreement", key)


def test_a_changed_partner_is_told_by_name(app: Flask, sinta: Person, session: Session) -> None:
    key = records.agreement(session, "Uji", partners=("PT Lama",)).id
    new = records.partner(session, "PT Baru").id
    session.commit()

    edited(sinta, key, partner=str(new))

    assert {f"Pihak “PT Baru” ditambahkan oleh {CLERK}.", f"Pihak “PT Lama” dilepaskan oleh {CLERK}."} <= set(
        told(sinta, "agreement", key)
    )
    assert f"Mitra utama diubah dari PT Lama menjadi PT Baru oleh {CLERK}." in told(sinta, "agreement", key)


def test_the_stages_of_an_agreement_are_told_with_it(app: Flask, sinta: Person) -> None:
    key, stage = id_of(app, Agreement, BUS_LINES), add_stage(app)

    for verb, more in (("start", {}), ("wait", {"holder": "mitra", "remark": "Surat dikirim"})):
        assert sinta.post("/admin/stage/move/", {"id": str(stage), "verb": verb, **more}).status_code == 303

    of_stage, of_agreement = told(sinta, "stage", stage), told(sinta, "agreement", key)
    for what, change in (
        ("Keadaan", "diubah dari Berjalan menjadi Menunggu"), ("Keadaan", "diubah dari Belum menjadi Berjalan"),
        ("Ditunggu dari", "diisi Mitra"), ("Catatan", "diisi “Surat dikirim”"), ("Mulai", "diisi 24 November 2026"),
    ):  # fmt: skip
        assert f"{what} {change} oleh {CLERK}." in of_stage
        assert f"{what} pada tahap “Rapat TKKSD” {change} oleh {CLERK}." in of_agreement
    for code in ("planned", "running", "waiting", "mitra ", "received", "holder", "status", "None"):
        assert code not in " ".join(of_stage)


def test_throwing_away_and_taking_back_are_told(app: Flask, sinta: Person, session: Session) -> None:
    key = records.partner(session, "PT Uji Keranjang").id
    session.commit()
    sinta.post("/admin/partner/delete/", {"id": str(key)})
    sinta.post("/admin/partner/restore/", {"id": str(key)})

    assert told(sinta, "partner", key) == [
        f"Mitra dikembalikan dari keranjang oleh {CLERK}.",
        f"Mitra dibuang ke keranjang oleh {CLERK}.",
        "Mitra dicatat oleh Sistem.",
    ]


def test_a_long_text_is_cut_in_the_sentence_and_whole_in_the_trail(
    app: Flask, sinta: Person, bima: Person, session: Session
) -> None:
    key = records.agreement(session, "Uji").id
    edited(sinta, key, scope="kata " * 200)

    assert len(told(sinta, "agreement", key)[0]) < 250
    page = bima.get(f"/admin/audit/?flt0_about_equals=agreement:{key}&flt1_action_equals=update")
    entry = re.search(r'<tr data-key="(\d+)"', page.text)
    assert entry
    assert "kata kata kata" in bima.get(f"/admin/audit/details/?id={entry[1]}").text


def test_what_someone_typed_stays_text(app: Flask, sinta: Person, session: Session) -> None:
    key = records.agreement(session, "Uji").id
    edited(sinta, key, title='<script>alert(1)</script> "x" {{ 7*7 }}')

    page = sinta.get(f"/admin/agreement/history/?id={key}").text

    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page


# Parts of a version come with it, and are told from their first change on (tests/law/test_screens.py).
PARTS = {"stage_rule", "document_rule", "deadline_rule"}


@pytest.mark.parametrize("screen", sorted(set(MODELS) - {"audit", "view"} - PARTS))
def test_every_record_has_its_history(app: Flask, screen: str) -> None:
    key = one_of_each(app)[screen]
    andi = Person(app, "admin")

    assert told(andi, screen, key)
    assert f"/admin/{screen}/history/?id={key}" in andi.get(f"/admin/{screen}/details/?id={key}").text


@pytest.mark.parametrize(("role", "may"), [("staff", 1), ("supervisor", 1), ("auditor", 1), ("unit", 0)])
def test_who_may_read_a_history(app: Flask, role: str, may: int) -> None:
    key = id_of(app, Agreement, BUS_LINES)
    person = Person(app, role)

    page = person.get(f"/admin/agreement/details/?id={key}")

    assert page.text.count("<h2>Riwayat</h2>") == may
    assert person.get(f"/admin/agreement/history/?id={key}").status_code == (200 if may else 403)


@pytest.mark.parametrize("asked", ["", "id=0", "id=999999", "id=abc", "id=1,2", "id=99999999999999999999", "id=-1"])
def test_a_history_of_nothing_is_not_found(sinta: Person, asked: str) -> None:
    assert sinta.get(f"/admin/agreement/history/?{asked}").status_code == 404


@pytest.mark.parametrize("page", ["7", "-1", "x", "99999999999999999999"])
def test_a_page_past_the_last_is_empty(app: Flask, sinta: Person, page: str) -> None:
    key = id_of(app, Agreement, BUS_LINES)

    assert sinta.get(f"/admin/agreement/history/?id={key}&page={page}").status_code == 200


def test_a_long_history_is_paged(app: Flask, sinta: Person, session: Session) -> None:
    partner = records.partner(session, "PT Berganti Nama")
    for number in range(60):
        partner.name = f"PT Nama {number}"
        session.commit()
    key = partner.id
    session.rollback()

    first, second = told(sinta, "partner", key), sinta.get(f"/admin/partner/history/?id={key}&page=1").text

    assert len(first) == 50
    assert "Lebih baru" in second
    assert "Mitra dicatat oleh Sistem." in second


def test_who_changed_a_record_last_is_known(app: Flask, sinta: Person, session: Session) -> None:
    key = records.agreement(session, "Uji").id
    edited(sinta, key, title="Uji lagi")

    found = history.last_saver(session, "agreement", key)

    assert found is not None
    assert found[0] == CLERK
