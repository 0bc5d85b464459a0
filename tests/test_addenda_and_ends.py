"""An agreement is changed by an addendum, and ends before its time.

An addendum moves the end of what it amends once it is signed, and takes that back when it isn't any more; an early end has a
ground of the law, a day and a reason, and can be taken back. Today is 24 November 2026.
"""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Agreement
from rules import grounds
from sikerja.verification import families
from sikerja.verification.faults import Fault
from tests.families import (
    AMEND,
    DELETE,
    END,
    FIRST,
    PKS,
    REOPEN,
    SIGNED,
    TERMINATE,
    TERMINATED,
    WHY,
    links,
    made_by,
    number,
    page_of,
    state,
    value,
    write,
)
from tests.pages import form_to
from tests.papers import attach
from tests.people import Person
from tests.rows import change, rows
from tests.sentences import CLERK, obstacles, told

# --- addenda -----------------------------------------------------------------------------------------------------


def test_an_addendum_moves_the_end_only_once_it_is_signed(app: Flask, sinta: Person, bima: Person) -> None:
    key = write(app, PKS, "ksdd_sukarela")

    addendum = made_by(sinta.post(AMEND, {"id": key, "on": "31/12/2028", "reason": "Jangka waktu diperpanjang"}))

    assert links(app, addendum) == {("amends", key)}
    told_of = (Agreement.instrument, Agreement.title, Agreement.scope, Agreement.ends_on, Agreement.signed_on)
    assert state(app, addendum, *told_of) == (
        "addendum", "Adendum Naskah uji", "Jangka waktu diperpanjang", date(2028, 12, 31), None,
    )  # fmt: skip
    assert state(app, key, *END) == (FIRST, FIRST, False)
    assert "Berikutnya: Persetujuan DPRD, bila diperlukan." in page_of(sinta, addendum)

    sign(sinta, addendum, "2/11/2026")
    assert state(app, key, *END) == (date(2028, 12, 31), FIRST, False)
    assert told(bima, "agreement", key)[0] == (
        f"Tanggal berakhir diubah dari 31 Desember 2026 menjadi 31 Desember 2028, karena Adendum {number(app, addendum)} "
        f"oleh {CLERK}."
    )

    sign(sinta, addendum, "")
    assert state(app, key, *END) == (FIRST, FIRST, False)


def sign(person: Person, key: int, day: str, **more: str) -> None:
    """Write the day of the signature down by the form."""
    url = f"/admin/agreement/edit/?id={key}"
    form = form_to(person.get(url).text, "")
    answer = person.post(url, form.with_values(signed_on=day, **more))
    assert answer.status_code == 302, answer.text


def test_of_several_addenda_the_one_signed_last_says_the_end(app: Flask, sinta: Person) -> None:
    key = write(app, PKS)
    first, second, third = (
        made_by(sinta.post(AMEND, {"id": key, "on": day, "reason": "Ubah"})) for day in ("31/12/2030", "31/12/2028", "")
    )

    sign(sinta, second, "2/11/2026")
    sign(sinta, first, "1/11/2026")
    sign(sinta, third, "3/11/2026")  # it says no end
    assert value(app, key, Agreement.ends_on) == date(2028, 12, 31)

    sign(sinta, first, "4/11/2026")
    assert value(app, key, Agreement.ends_on) == date(2030, 12, 31)

    sinta.post(DELETE, {"id": first})
    assert value(app, key, Agreement.ends_on) == date(2028, 12, 31)
    sinta.post("/admin/agreement/restore/", {"id": first})
    assert value(app, key, Agreement.ends_on) == date(2030, 12, 31)

    sign(sinta, first, "")
    sign(sinta, second, "")
    assert state(app, key, *END) == (FIRST, FIRST, False)


@pytest.mark.parametrize(
    ("given", "before"),
    [
        ({"ends_on": None, "open_ended": True}, (None, None, True)),
        ({"ends_on": None, "open_ended": True, "open_ended_reason": "Sampai dicabut"}, (None, None, True)),
        ({"ends_on": None}, (None, None, False)),
    ],
)
def test_an_addendum_ends_what_had_no_end_and_takes_that_back(app: Flask, sinta: Person, given: Any, before: Any) -> None:
    key = write(app, PKS | given)
    addendum = made_by(sinta.post(AMEND, {"id": key, "on": "31/12/2028", "reason": "Diberi batas"}))

    sign(sinta, addendum, "2/11/2026")
    assert state(app, key, *END) == (date(2028, 12, 31), None, False)
    sign(sinta, addendum, "")
    assert state(app, key, *END) == before


def test_an_addendum_to_an_addendum_hands_its_end_on(app: Flask, sinta: Person) -> None:
    key = write(app, PKS)
    first = made_by(sinta.post(AMEND, {"id": key, "on": "31/12/2028", "reason": "Satu"}))
    sign(sinta, first, "1/11/2026")
    second = made_by(sinta.post(AMEND, {"id": first, "on": "31/12/2029", "reason": "Dua"}))

    sign(sinta, second, "2/11/2026")

    assert (value(app, first, Agreement.ends_on), value(app, key, Agreement.ends_on)) == (date(2029, 12, 31),) * 2


def test_an_addendum_that_is_put_under_another_agreement_leaves_the_first_as_it_was(app: Flask, sinta: Person) -> None:
    key, other = write(app, PKS), write(app, PKS, title="Naskah lain")
    addendum = made_by(sinta.post(AMEND, {"id": key, "on": "31/12/2028", "reason": "Salah induk"}))
    sign(sinta, addendum, "2/11/2026")

    sign(sinta, addendum, "2/11/2026", parent=str(other))

    assert (value(app, key, Agreement.ends_on), value(app, other, Agreement.ends_on)) == (FIRST, date(2028, 12, 31))


@pytest.mark.parametrize(("dated", "signed"), [(None, date(2026, 11, 24)), (date(2026, 11, 2), date(2026, 11, 2))])
def test_with_the_signed_file_the_addendum_counts_at_once(app: Flask, sinta: Person, dated: date | None, signed: date) -> None:
    key = write(app, PKS)
    file = attach(app, key, title="Adendum I", document_date=dated)

    addendum = made_by(sinta.post(AMEND, {"id": key, "on": "31/12/2028", "reason": "Diperpanjang", "attachment": file}))

    assert value(app, addendum, Agreement.signed_on) == signed
    assert state(app, key, *END) == (date(2028, 12, 31), FIRST, False)
    page = page_of(sinta, addendum)
    assert f"{number(app, key)} sekarang berakhir 31 Desember 2028." in page
    assert f"Berkas “Adendum I”, lampiran pada keluarga naskah {number(app, key)}" in page


def test_what_an_addendum_says_of_the_end_is_changed_there(app: Flask, sinta: Person) -> None:
    key = write(app, PKS)
    file = attach(app, key)
    addendum = made_by(sinta.post(AMEND, {"id": key, "on": "31/12/2028", "reason": "Diperpanjang", "attachment": file}))
    url = f"/admin/agreement/edit/?id={key}"
    form = form_to(sinta.get(url).text, "")

    answer = sinta.post(url, form.with_values(ends_on="31/12/2029"))

    assert answer.status_code == 422
    sentence = (
        f"Tanggal berakhir mengikuti Adendum {number(app, addendum)}, 31 Desember 2028. Ubah tanggalnya pada adendum itu."
    )
    assert sentence in answer.text
    assert sinta.post(url, form.with_values(scope="Ditambah")).status_code == 302
    assert state(app, key, *END) == (date(2028, 12, 31), FIRST, False)


def test_an_addendum_cannot_be_signed_with_an_end_before_the_beginning(app: Flask, sinta: Person) -> None:
    key = write(app, PKS)
    addendum = made_by(sinta.post(AMEND, {"id": key, "reason": "Diperpanjang"}))
    change(app, update(Agreement).where(Agreement.id == addendum).values(starts_on=date(2020, 1, 1)))
    before = rows(app)
    url = f"/admin/agreement/edit/?id={addendum}"

    answer = sinta.post(url, form_to(sinta.get(url).text, "").with_values(signed_on="2/11/2026", ends_on="1/1/2024"))

    assert answer.status_code == 422
    assert f"lebih awal daripada mulainya {number(app, key)}, 5 Januari 2025." in answer.text
    assert rows(app) == before


def test_an_old_addendum_from_the_archive_moves_nothing(app: Flask) -> None:
    key = write(app, PKS)
    parent = Agreement(id=key)

    write(app, {"origin": "archive", "instrument": "addendum", "parent": parent, "signed_on": date(2026, 1, 5),
                "ends_on": date(2029, 1, 1)})  # fmt: skip

    assert value(app, key, Agreement.ends_on) == FIRST


def test_verify_finds_an_end_that_the_addenda_do_not_say(app: Flask, sinta: Person, session: Session) -> None:
    key = write(app, PKS)
    file = attach(app, key)
    addendum = made_by(sinta.post(AMEND, {"id": key, "on": "31/12/2028", "reason": "Ubah", "attachment": file}))
    assert list(families.ends(session, Counter())) == []
    session.rollback()

    change(app, update(Agreement).where(Agreement.id == key).values(ends_on=FIRST))

    found = list(families.ends(session, Counter()))
    session.rollback()
    said = f"Berakhir 2026-12-31, padahal Adendum {number(app, addendum)} sampai 2028-12-31."
    assert found == [Fault("amended_end", f"agreement {number(app, key)}", said)]


# --- early end ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "code", "shown"),
    [
        ("ksdd", "objek_hilang", "Objek kerja sama hilang atau musnah (PP 28/2018 Pasal 9)"),
        ("ksdpk", "pihak_ketiga_pailit", "Pihak ketiga pailit (PP 28/2018 Pasal 22)"),
        ("sinergi", "kesepakatan_para_pihak", "Kesepakatan para pihak (praktik)"),
        ("ksdpl", "kesepakatan_baru", "Kesepakatan baru menggantikan kesepakatan lama (Permendagri 25/2020 Pasal 34)"),
        ("ksdll", "prosedur_naskah", "Kesepakatan sesuai prosedur yang diatur dalam Naskah (Permendagri 25/2020 Pasal 34)"),
    ],
)
def test_an_agreement_ends_early_on_a_ground_of_its_kind(app: Flask, sinta: Person, group: str, code: str, shown: str) -> None:
    key = write(app, SIGNED | {"group": group, "instrument": "other"})
    letter = attach(app, key, title="Berita acara pengakhiran", kind="berita_acara")

    answer = sinta.post(TERMINATE, {"id": key, "as": code, "on": "16/3/2026", "reason": WHY, "attachment": letter})

    assert made_by(answer) == key
    kept = (Agreement.terminated_as, Agreement.terminated_on, Agreement.terminated_reason, Agreement.terminated_document_id)
    assert state(app, key, *kept) == (code, date(2026, 3, 16), WHY, letter)
    page = page_of(sinta, key)
    for words in (shown, WHY, "Berita acara pengakhiran", "Diakhiri"):
        assert words in page
    assert told(sinta, "agreement", key)[0] == (
        f"Naskah diakhiri: {grounds.TEXTS[code]} pada 16 Maret 2026, alasan “{WHY}”, dokumen “Berita acara pengakhiran” oleh {CLERK}."
    )


def test_an_end_in_the_future_takes_effect_on_that_day(app: Flask, sinta: Person) -> None:
    key = write(app, PKS)

    sinta.post(TERMINATE, {"id": key, "as": "tujuan_tercapai", "on": "1/12/2026", "reason": WHY})

    page = page_of(sinta, key)
    assert "Naskah ini akan diakhiri: Tujuan kerja sama tercapai (PP 28/2018 Pasal 9), 1 Desember 2026." in page
    assert '<span class="b b-ending">' in page


def test_an_early_end_is_taken_back_and_the_trail_keeps_what_was_and_why(app: Flask, sinta: Person) -> None:
    key = write(app, PKS | TERMINATED)
    assert f'action="{TERMINATE}"' not in page_of(sinta, key)

    assert made_by(sinta.post(REOPEN, {"id": key, "reason": "Dibangun kembali"})) == key

    kept = (Agreement.terminated_as, Agreement.terminated_on, Agreement.terminated_reason, Agreement.terminated_document_id)
    assert state(app, key, *kept) == ("", None, "", None)
    assert "Naskah dibuka kembali." in page_of(sinta, key)
    assert told(sinta, "agreement", key)[0] == (
        "Naskah dibuka kembali, sebelumnya Objek kerja sama hilang atau musnah pada 1 Juni 2026, "
        f"alasan “Dibangun kembali” oleh {CLERK}."
    )


def test_a_signed_agreement_that_goes_on_has_nothing_to_reopen(app: Flask, sinta: Person) -> None:
    key = write(app, PKS)
    assert obstacles(sinta.post(REOPEN, {"id": key, "reason": WHY})) == [
        "Naskah ini tidak sedang diakhiri, jadi tidak perlu dibuka kembali."
    ]


def test_what_an_archive_row_says_freely_of_its_end_is_shown_as_it_is(app: Flask, sinta: Person) -> None:
    key = write(app, PKS | {"origin": "archive", "terminated_on": date(2020, 1, 5), "terminated_as": "dicabut sepihak"})

    assert "dicabut sepihak" in page_of(sinta, key)
