"""The verbs of a family: implement, follow, amend, renew, terminate. What stands in their way, who may, and who was first.

Whatever stands in the way is told all at once, with what was typed kept, and then nothing is changed. What they do is told in
test_successors.py and test_addenda_and_ends.py. Today is 24 November 2026.
"""

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from models import Agreement, Attachment
from rules import access
from sikerja import successors, terminations
from tests.families import (
    AMEND,
    CLOSED_OFFER,
    DELETE,
    ENDED,
    FIRST,
    FOLLOW,
    GIVEN,
    IMPLEMENT,
    KB,
    LOI,
    PKS,
    RENEW,
    SENT,
    TERMINATE,
    TERMINATED,
    UNSIGNED,
    VERBS,
    WHY,
    made_by,
    number,
    page_of,
    state,
    value,
    write,
)
from tests.hostile import VALUES, faults
from tests.pages import form_to
from tests.papers import attach
from tests.people import ROLES, Person
from tests.rows import ask, change, rows
from tests.sentences import BINNED, CHANGED, CHOICE_GONE, NOT_DATED, obstacles

# --- what stands in the way --------------------------------------------------------------------------------------

NOT_SIGNED_KB = "Kesepakatan Bersama ini belum ditandatangani. Selesaikan penandatanganannya dulu."
NOT_SIGNED_LOI = "Pernyataan Kehendak ini belum ditandatangani. Selesaikan penandatanganannya dulu."
NOT_SIGNED = "Naskah ini belum ditandatangani. Ubah rancangannya pada Ubah data; adendum hanya untuk naskah yang berlaku."
NOT_SIGNED_END = "Naskah ini belum ditandatangani. Penawaran yang tidak jadi ditutup dengan Tutup penawaran."
IS_CLOSED = "Penawaran ini sudah ditutup. Buka kembali dulu."
IS_OVER = "Naskah ini sudah berakhir. Perpanjang dulu, lalu buat Perjanjian Kerja Sama di bawah perpanjangannya."
NO_MORE = "Naskah ini sudah diakhiri, jadi tidak ada yang dibuat di bawahnya."
TERMINATED_WORDS = (
    "Naskah ini sudah diakhiri: Objek kerja sama hilang atau musnah (PP 28/2018 Pasal 9), 1 Juni 2026. "
    "Buka kembali dulu untuk mengakhirinya dengan cara lain."
)
BIN = {"deleted_at": date(2026, 6, 1)}


@pytest.mark.parametrize(
    ("verb", "given", "sent", "status", "expected"),
    [
        (IMPLEMENT, UNSIGNED, {}, 422, [NOT_SIGNED_KB]),
        (IMPLEMENT, CLOSED_OFFER, {}, 422, [IS_CLOSED]),
        (IMPLEMENT, TERMINATED, {}, 422, [NO_MORE]),
        (IMPLEMENT, ENDED, {}, 422, [IS_OVER]),
        (IMPLEMENT, BIN, {}, 422, [BINNED]),
        (IMPLEMENT, {"instrument": "pks"}, {}, 422, ["Naskah ini Perjanjian Kerja Sama, bukan Kesepakatan Bersama."]),
        (IMPLEMENT, {"instrument": "pks"} | UNSIGNED, {"title": "x" * 1001, "unit": "999999"}, 422,
         ["Naskah ini Perjanjian Kerja Sama, bukan Kesepakatan Bersama.", NOT_SIGNED_KB,
          "Judul terlalu panjang: 1001 huruf, paling banyak 500."]),
        (IMPLEMENT, {}, {"unit": "999999"}, 422, [CHOICE_GONE]),
        (IMPLEMENT, {}, {"unit": "abc"}, 422, [CHOICE_GONE]),
        (IMPLEMENT, {}, {"version": "9"}, 409, [CHANGED]),
        (FOLLOW, UNSIGNED, {}, 422, [NOT_SIGNED_LOI]),
        (FOLLOW, TERMINATED, {}, 422, [NO_MORE]),
        (FOLLOW, CLOSED_OFFER, {}, 422, [IS_CLOSED]),
        (FOLLOW, {"instrument": "naskah"}, {}, 422, ["Naskah ini Naskah Kerja Sama, bukan Pernyataan Kehendak."]),
        (AMEND, {}, {"reason": ""}, 422, ["Isi apa yang diubah."]),
        (AMEND, UNSIGNED, {}, 422, [NOT_SIGNED]),
        (AMEND, TERMINATED, {}, 422, ["Naskah ini sudah diakhiri, jadi tidak ada yang diubah."]),
        (AMEND, CLOSED_OFFER, {}, 422, [IS_CLOSED]),
        (AMEND, BIN, {}, 422, [BINNED]),
        (AMEND, {}, {"on": "4/1/2025"}, 422,
         ["Tanggal berakhir yang baru lebih awal daripada tanggal mulai. Mulai 5 Januari 2025; isi tanggal sesudah itu."]),
        (AMEND, {}, {"on": "31/2/2027"}, 422, [NOT_DATED]),
        (AMEND, {}, {"attachment": "999999"}, 422, [CHOICE_GONE]),
        (AMEND, UNSIGNED, {"reason": " ", "on": "besok", "attachment": "x"}, 422,
         [NOT_SIGNED, "Isi apa yang diubah.", NOT_DATED, CHOICE_GONE]),
        (RENEW, UNSIGNED, {}, 422,
         ["Naskah ini belum ditandatangani. Keputusan perpanjangan dicatat setelah naskah berlaku."]),
        (RENEW, {"instrument": "addendum"}, {}, 422, ["Adendum tidak diperpanjang. Perpanjang naskah yang diubahnya."]),
        (RENEW, {}, {"as": "lain"}, 422, [CHOICE_GONE]),
        (RENEW, {}, {"as": ""}, 422, ["Pilih keputusan perpanjangan."]),
        (RENEW, {}, {"as": "not_renewed"}, 422, ["Isi alasan tidak diperpanjang."]),
        (RENEW, {}, {"on": "5/1/2025"}, 422,
         ["Perpanjangan mulai sesudah naskah ini mulai, 5 Januari 2025. Isi tanggal sesudah itu, "
          "atau kosongkan: hari sesudah naskah ini berakhir."]),
        (TERMINATE, {}, {"as": "", "reason": ""}, 422, ["Pilih dasar pengakhiran.", "Isi alasan."]),
        (TERMINATE, {}, {"as": "pihak_ketiga_pailit"}, 422, [CHOICE_GONE]),  # not of KSDD
        (TERMINATE, {}, {"as": "jangka_waktu_berakhir"}, 422, [CHOICE_GONE]),
        (TERMINATE, {}, {"attachment": "999999"}, 422, [CHOICE_GONE]),
        (TERMINATE, {}, {"on": "4/1/2025"}, 422,
         ["Tanggal pengakhiran lebih awal daripada mulainya naskah. Mulai 5 Januari 2025; isi tanggal itu atau sesudahnya."]),
        (TERMINATE, {}, {"on": "1/1/2027"}, 422,
         ["Naskah ini berakhir menurut jangka waktunya pada 31 Desember 2026. Isi tanggal itu atau sebelumnya."]),
        (TERMINATE, UNSIGNED, {}, 422, [NOT_SIGNED_END]),
        (TERMINATE, CLOSED_OFFER, {}, 422, ["Penawaran ini sudah ditutup, jadi tidak ada yang diakhiri."]),
        (TERMINATE, BIN, {}, 422, [BINNED]),
        (TERMINATE, TERMINATED, {}, 409, [TERMINATED_WORDS]),
        (TERMINATE, {}, {"version": "9"}, 409, [CHANGED]),
    ],
)  # fmt: skip
def test_every_obstacle_is_told_at_once_and_nothing_is_changed(
    app: Flask, sinta: Person, verb: str, given: Any, sent: dict[str, str], status: int, expected: list[str]
) -> None:
    key = write(app, GIVEN[verb] | {name: each for name, each in given.items() if name != "deleted_at"})
    if "deleted_at" in given:
        sinta.post(DELETE, {"id": key})
    before = rows(app)

    answer = sinta.post(verb, {"id": key, **SENT[verb], **sent})

    assert (answer.status_code, obstacles(answer)) == (status, expected)
    assert rows(app) == before


@pytest.mark.parametrize("verb", [AMEND, TERMINATE])
def test_no_file_of_another_agreement_or_in_the_bin_is_taken(app: Flask, sinta: Person, verb: str) -> None:
    key = write(app, GIVEN[verb])
    of_another, binned = attach(app), attach(app, key)
    sinta.post("/admin/attachment/delete/", {"id": binned})
    before = rows(app)

    for document in (of_another, binned):
        answer = sinta.post(verb, {"id": key, **SENT[verb], "attachment": document})
        assert (answer.status_code, obstacles(answer)) == (422, [CHOICE_GONE])
    assert rows(app) == before


@pytest.mark.parametrize(
    ("dated", "on", "expected"),
    [
        (date(2026, 11, 25), "", "Tanggal dokumen ini, 25 November 2026, di masa depan. Perbaiki dulu pada berkasnya."),
        (date(2025, 1, 4), "", "Tanggal dokumen ini, 4 Januari 2025, lebih awal daripada penandatanganan naskah, "
                               "5 Januari 2025. Perbaiki dulu pada berkasnya."),
        (date(2026, 11, 2), "1/11/2026", "Tanggal berakhir yang baru lebih awal daripada penandatanganan adendum, "
                                         "2 November 2026."),
    ],
)  # fmt: skip
def test_the_signed_addendum_has_a_day_that_can_be(app: Flask, sinta: Person, dated: date, on: str, expected: str) -> None:
    key = write(app, PKS)
    file = attach(app, key, document_date=dated)
    before = rows(app)

    answer = sinta.post(AMEND, {"id": key, "reason": "Ubah", "on": on, "attachment": file})

    assert (answer.status_code, obstacles(answer)) == (422, [expected])
    assert rows(app) == before


def test_the_addendum_may_lie_with_another_of_the_family(app: Flask, sinta: Person) -> None:
    parent = write(app, KB)
    key = write(app, PKS | {"parent": Agreement(id=parent)})
    file = attach(app, parent, title="Adendum PKS")

    assert f"Adendum PKS ({number(app, parent)})" in page_of(sinta, key)
    made = made_by(sinta.post(AMEND, {"id": key, "reason": "Ubah", "attachment": file}))

    assert value(app, made, Agreement.signed_on) == date(2026, 11, 24)


@pytest.mark.parametrize("verb", VERBS)
def test_what_was_typed_is_kept(app: Flask, sinta: Person, verb: str) -> None:
    address = f"/admin/agreement/{verb}/"
    key = write(app, GIVEN[address])
    offered = dict(form_to(page_of(sinta, key), address).fields)
    typed = {"title": "x" * 1001, "reason": "y" * 2001, "on": "31/02/2026"} & offered.keys()
    long = {name: {"title": "x" * 1001, "reason": "y" * 2001, "on": "31/02/2026"}[name] for name in typed}

    answer = sinta.post(address, {"id": key, **SENT[address], **long})

    assert answer.status_code == 422
    assert long.items() <= dict(form_to(answer.text, address).fields).items()


# --- who may, and whose ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "statuses"),
    [
        # admin, staff, supervisor, unit, auditor
        (IMPLEMENT, (303, 303, 403, 403, 403)),
        (FOLLOW, (303, 303, 403, 403, 403)),
        (AMEND, (303, 303, 403, 403, 403)),
        (RENEW, (303, 303, 303, 403, 403)),
        (TERMINATE, (303, 303, 403, 403, 403)),
    ],
)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_do_it(app: Flask, role: str, verb: str, statuses: tuple[int, ...]) -> None:
    key, person = write(app, GIVEN[verb]), Person(app, role)
    before, expected = rows(app), statuses[ROLES.index(role)]

    page = page_of(person, key)
    answer = person.post(verb, {"id": key, **SENT[verb]})

    assert answer.status_code == expected
    assert (f'action="{verb}"' in page) == (expected == 303)
    assert (rows(app) == before) == (expected == 403)


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_not_there_or_another_units_cannot_be_touched(
    app: Flask, sinta: Person, dewi: Person, verb: str, monkeypatch: Any
) -> None:
    address = f"/admin/agreement/{verb}/"
    monkeypatch.setitem(access.MATRIX["agreement"], "unit", access.ALL | {"close", "decide"})
    key = write(app, GIVEN[address] | {"units": ("dinas_kesehatan",)})
    before = rows(app)

    for other in ("", "0", "999999", "abc"):
        assert sinta.post(address, {"id": other, **SENT[address]}).status_code == 404
    assert dewi.post(address, {"id": key, **SENT[address]}).status_code == 404
    assert sinta.get(address).status_code == 405
    assert rows(app) == before


@pytest.mark.parametrize(
    ("given", "offered"),
    [
        (KB, {"implement", "amend", "renew", "terminate"}),
        (PKS, {"amend", "renew", "terminate"}),
        (LOI, {"follow", "amend", "renew", "terminate"}),
        (KB | UNSIGNED, {"close"}),
        (KB | ENDED, {"amend", "renew"}),
        (KB | TERMINATED, {"reopen"}),
        (KB | CLOSED_OFFER, {"reopen"}),
        (PKS | {"instrument": "addendum"}, {"amend", "terminate"}),
    ],
)
def test_what_the_page_offers(app: Flask, sinta: Person, given: Any, offered: set[str]) -> None:
    page = page_of(sinta, write(app, given))

    assert set(re.findall(r'action="/admin/agreement/(\w+)/"', page)) - {"delete", "restore"} == offered


# --- two at once -------------------------------------------------------------------------------------------------


def test_of_two_who_end_it_the_second_is_told_what_the_first_did(app: Flask, sinta: Person, andi: Person) -> None:
    key = write(app, PKS)
    hers, his = (form_to(page_of(person, key), TERMINATE) for person in (sinta, andi))

    first = andi.post(TERMINATE, his.with_values(**{"as": "objek_hilang", "on": "1/6/2026", "reason": "Terbakar"}))
    second = sinta.post(TERMINATE, hers.with_values(**{"as": "tujuan_tercapai", "reason": WHY}))

    assert (first.status_code, second.status_code) == (303, 409)
    assert TERMINATED_WORDS in obstacles(second)
    assert value(app, key, Agreement.terminated_as) == "objek_hilang"
    assert WHY in second.text


def test_two_who_end_it_in_the_same_moment_do_not_overwrite_each_other(
    app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, terminate = write(app, PKS), terminations.terminate

    def overtaken(session: Any, agreement: Agreement, termination: Any) -> None:
        if session.get_bind().dialect.name == "sqlite":
            session.rollback()  # there the other one can only have been before
        row = update(Agreement).where(Agreement.id == key, Agreement.terminated_on.is_(None))
        change(app, row.values(**TERMINATED, version=Agreement.version + 1))
        terminate(session, agreement, termination)

    monkeypatch.setattr(terminations, "terminate", overtaken)
    answer = sinta.post(TERMINATE, {"id": key, **SENT[TERMINATE]})

    assert (answer.status_code, obstacles(answer)) == (409, [TERMINATED_WORDS])
    assert value(app, key, Agreement.terminated_reason) == "Terbakar"


def test_a_signature_waits_for_another_change_of_what_it_amends(
    app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = write(app, PKS)
    file, amend, tried = attach(app, key), successors.amend, []

    def overtaken(session: Any, agreement: Agreement, amendment: Any) -> Agreement:
        tried.append(1)
        if len(tried) == 1:
            if session.get_bind().dialect.name == "sqlite":
                session.rollback()
            row = update(Agreement).where(Agreement.id == key)
            change(app, row.values(scope="Orang lain", version=Agreement.version + 1))
        return amend(session, agreement, amendment)

    monkeypatch.setattr(successors, "amend", overtaken)
    answer = sinta.post(AMEND, {"id": key, "reason": "Ubah", "on": "31/12/2028", "attachment": file})

    assert answer.status_code in (303, 409)
    expected = date(2028, 12, 31) if answer.status_code == 303 else FIRST
    assert state(app, key, Agreement.ends_on, Agreement.scope) == (expected, "Orang lain")


# --- what nobody types -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["id", "on", "as", "reason", "attachment", "version", "title", "unit"])
def test_what_nobody_types_does_no_harm(app: Flask, sinta: Person, field: str) -> None:
    keys = {verb: write(app, GIVEN[verb]) for verb in GIVEN}
    found = []
    for label, each in VALUES.items():
        for verb, key in keys.items():
            sent = {"id": str(key), **SENT[verb], field: each}
            answer = sinta.post(verb, {name: text.encode("utf-8", "surrogatepass") for name, text in sent.items()})
            found += [(verb, label, fault) for fault in faults(answer, label)]

    assert found == []


def test_the_files_of_a_family_are_its_own(app: Flask, sinta: Person) -> None:
    key = write(app, PKS)
    attach(app, key, title="Punya sendiri")
    attach(app, title="Punya keluarga lain")

    page = page_of(sinta, key)

    assert "Punya sendiri" in page
    assert "Punya keluarga lain" not in page
    assert ask(app, select(Attachment.title).where(Attachment.agreement_id == key)) == ["Punya sendiri"]
