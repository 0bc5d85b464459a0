"""An offer is refused, withdrawn, lapsed or cancelled, and opened again; the renewal of what ends is decided.

Who may is a table; whatever stands in the way is told all at once, with what was typed kept, and then nothing is changed.
"""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from models import Agreement
from rules import access
from sikerja import offers
from tests.browser import write_down
from tests.hostile import VALUES, faults
from tests.pages import form_to
from tests.papers import attach
from tests.people import ROLES, Person
from tests.records import WITHDRAWN
from tests.rows import ask, change, id_of, rows
from tests.sentences import BINNED, CHANGED, CHOICE_GONE, CLERK, NOT_DATED, obstacles, told

CLOSE, REOPEN, RENEW = (f"/admin/agreement/{verb}/" for verb in ("close", "reopen", "renew"))
WHY = "Objeknya tidak tercantum dalam rencana pembangunan"
IN_FUTURE = "Tanggal penutupan tidak boleh di masa depan. Isi tanggal hari ini atau sebelumnya."
TOO_EARLY = (
    "Tanggal penutupan lebih awal daripada masuknya penawaran. "
    "Penawaran masuk 2 Maret 2026; isi tanggal itu atau sesudahnya."
)  # fmt: skip
ARCHIVE = "Naskah ini arsip lama, bukan penawaran. Hanya penawaran yang sedang diproses yang dapat ditutup."
SIGNED = "Naskah ini sudah ditandatangani pada 5 Mei 2026, jadi bukan penawaran lagi."
CLOSED = "Penawaran ini sudah ditutup: Ditarik, 1 April 2026. Buka kembali dulu untuk menutupnya dengan cara lain."


def offer(app: Flask, **given: Any) -> int:
    """An offer that came on 2 March 2026 and waits for an answer. Returns its id."""
    return write_down(app, "Penawaran uji", **{"offer_received": date(2026, 3, 2), "units": ("dinas_perhubungan",), **given})[0]


def state(app: Flask, key: int) -> tuple[Any, ...]:
    """Outcome, day, reason and document of an offer."""
    columns = (Agreement.closed_as, Agreement.closed_on, Agreement.closed_reason, Agreement.closed_document_id)
    return tuple(ask(app, select(column).where(Agreement.id == key))[0] for column in columns)


OPEN = (None, None, "", None)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"as": "refused"}, ("refused", date(2026, 11, 24), WHY, None)),
        ({"as": "withdrawn", "on": "2026-03-02"}, ("withdrawn", date(2026, 3, 2), WHY, None)),
        ({"as": "lapsed", "on": "24/11/2026"}, ("lapsed", date(2026, 11, 24), WHY, None)),
        ({"as": "cancelled", "on": "1 Mei 2026"}, ("cancelled", date(2026, 5, 1), WHY, None)),
    ],
)
def test_an_offer_is_closed_with_outcome_day_and_reason(app: Flask, sinta: Person, sent: Any, expected: Any) -> None:
    key = offer(app)

    answer = sinta.post(CLOSE, {"id": key, "reason": WHY, **sent})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/admin/agreement/details/?id={key}")
    assert state(app, key) == expected
    page = sinta.get(f"/admin/agreement/details/?id={key}").text
    words = {"refused": "Ditolak", "withdrawn": "Ditarik", "lapsed": "Kedaluwarsa", "cancelled": "Dibatalkan"}
    assert f"Penawaran ditutup: {words[sent['as']]}." in page
    assert "Buka kembali" in page
    assert "Tutup penawaran" not in page


def test_the_closing_names_a_file_of_the_agreement_and_the_history_tells_it_in_a_sentence(app: Flask, sinta: Person) -> None:
    key = offer(app)
    letter = attach(app, key, title="Surat penolakan", kind="surat_penawaran")

    sent = {"id": key, "as": "refused", "on": "16/3/2026", "reason": WHY, "attachment": letter}
    assert sinta.post(CLOSE, sent).status_code == 303

    assert state(app, key) == ("refused", date(2026, 3, 16), WHY, letter)
    page = sinta.get(f"/admin/agreement/details/?id={key}").text
    assert f'<a href="/admin/attachment/details/?id={letter}">Surat penolakan</a>' in page
    assert told(sinta, "agreement", key)[0] == (
        f"Penawaran ditutup: Ditolak pada 16 Maret 2026, alasan “{WHY}”, dokumen “Surat penolakan” oleh {CLERK}."
    )


def test_an_offer_is_opened_again_and_the_trail_keeps_what_was_and_why(app: Flask, sinta: Person, bima: Person) -> None:
    key = offer(app, **WITHDRAWN)

    answer = sinta.post(REOPEN, {"id": key, "reason": "Mitra melengkapi suratnya"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/admin/agreement/details/?id={key}")
    assert state(app, key) == OPEN
    assert "Penawaran dibuka kembali." in sinta.get(f"/admin/agreement/details/?id={key}").text
    sentence = "Penawaran dibuka kembali, sebelumnya Ditarik pada 1 April 2026, alasan “Mitra melengkapi suratnya”"
    assert told(sinta, "agreement", key)[0] == f"{sentence} oleh {CLERK}."
    assert sentence.removeprefix("Penawaran ") in bima.get("/admin/audit/").text


def test_the_reason_of_a_reopening_that_failed_is_told_at_no_other_change(app: Flask, sinta: Person) -> None:
    key = offer(app)
    assert sinta.post(REOPEN, {"id": key, "reason": "Keliru"}).status_code == 422

    sinta.post(CLOSE, {"id": key, "as": "refused", "reason": WHY})

    assert told(sinta, "agreement", key)[0] == f"Penawaran ditutup: Ditolak pada 24 November 2026, alasan “{WHY}” oleh {CLERK}."


# --- what stands in the way --------------------------------------------------------------------------------------

SIGNED_ROW = {"signed_on": date(2026, 5, 5)}


@pytest.mark.parametrize(
    ("given", "sent", "status", "expected"),
    [
        ({}, {}, 422, ["Pilih hasil.", "Isi alasan."]),
        ({}, {"as": "refused"}, 422, ["Isi alasan."]),
        ({}, {"as": "refused", "reason": " \t "}, 422, ["Isi alasan."]),
        ({}, {"as": "accepted", "reason": WHY}, 422, [CHOICE_GONE]),
        ({}, {"as": "refused", "reason": "x" * 2001}, 422, ["Alasan terlalu panjang: 2001 huruf, paling banyak 2000."]),
        ({}, {"as": "refused", "reason": WHY, "on": "31/02/2026"}, 422, [NOT_DATED]),
        ({}, {"as": "refused", "reason": WHY, "on": "2026-11-25"}, 422, [IN_FUTURE]),
        ({}, {"as": "refused", "reason": WHY, "on": "2026-03-01"}, 422, [TOO_EARLY]),
        ({"offer_received": None, "offer_date": date(2026, 3, 2)}, {"as": "refused", "reason": WHY, "on": "2026-03-01"}, 422,
         [TOO_EARLY]),
        ({}, {"as": "refused", "reason": WHY, "attachment": "999999"}, 422, [CHOICE_GONE]),
        ({}, {"as": "refused", "reason": WHY, "attachment": "abc"}, 422, [CHOICE_GONE]),
        ({"origin": "archive"}, {"as": "refused", "reason": WHY}, 422, [ARCHIVE]),
        (SIGNED_ROW, {"as": "refused", "reason": WHY}, 422, [SIGNED]),
        ({"deleted_at": date(2026, 6, 1)}, {"as": "refused", "reason": WHY}, 422, [BINNED]),
        (SIGNED_ROW, {"on": "2026-03-01"}, 422, [SIGNED, "Pilih hasil.", TOO_EARLY, "Isi alasan."]),
        (WITHDRAWN, {"as": "refused", "reason": WHY}, 409, [CLOSED]),
        (WITHDRAWN, {}, 409, [CLOSED, "Pilih hasil.", "Isi alasan."]),
        ({}, {"as": "refused", "reason": WHY, "version": "7"}, 409, [CHANGED]),
    ],
)  # fmt: skip
def test_every_obstacle_is_told_at_once_and_nothing_is_changed(
    app: Flask, sinta: Person, given: Any, sent: dict[str, str], status: int, expected: list[str]
) -> None:
    key = offer(app, **{name: value for name, value in given.items() if name != "deleted_at"})
    if "deleted_at" in given:
        sinta.post("/admin/agreement/delete/", {"id": key})
    before = rows(app)

    answer = sinta.post(CLOSE, {"id": key, **sent})

    assert (answer.status_code, obstacles(answer)) == (status, expected)
    assert rows(app) == before


def test_what_was_typed_is_kept(app: Flask, sinta: Person) -> None:
    key = offer(app)
    letter = str(attach(app, key))
    typed = {"as": "withdrawn", "on": "31/02/2026", "reason": "Dua baris\nalasan", "attachment": letter}

    answer = sinta.post(CLOSE, {"id": key, **typed})

    assert answer.status_code == 422
    assert typed.items() <= dict(form_to(answer.text, CLOSE).fields).items()


def test_a_date_between_letter_and_arrival_is_before_the_arrival(app: Flask, sinta: Person) -> None:
    key = offer(app, offer_date=date(2026, 2, 20))

    assert obstacles(sinta.post(CLOSE, {"id": key, "as": "refused", "reason": WHY, "on": "2026-03-01"})) == [TOO_EARLY]


def test_what_will_be_signed_later_is_an_offer_still(app: Flask, sinta: Person) -> None:
    key = offer(app)
    change(app, update(Agreement).where(Agreement.id == key).values(signed_on=date(2026, 11, 25)))

    assert sinta.post(CLOSE, {"id": key, "as": "lapsed", "reason": WHY}).status_code == 303


def test_a_file_of_another_agreement_or_in_the_bin_closes_nothing(app: Flask, sinta: Person) -> None:
    key = offer(app)
    of_another, binned = attach(app), attach(app, key)
    sinta.post("/admin/attachment/delete/", {"id": binned})

    for document in (of_another, binned):
        answer = sinta.post(CLOSE, {"id": key, "as": "refused", "reason": WHY, "attachment": document})
        assert (answer.status_code, obstacles(answer)) == (422, [CHOICE_GONE])
    assert state(app, key) == OPEN


@pytest.mark.parametrize(
    ("given", "sent", "status", "expected"),
    [
        (WITHDRAWN, {}, 422, ["Isi alasan membuka kembali."]),
        (WITHDRAWN, {"reason": "Lengkap", "version": "7"}, 409, [CHANGED]),
        ({}, {"reason": "Lengkap"}, 422, ["Penawaran ini tidak sedang ditutup, jadi tidak perlu dibuka kembali."]),
        ({}, {}, 422, ["Penawaran ini tidak sedang ditutup, jadi tidak perlu dibuka kembali.", "Isi alasan membuka kembali."]),
    ],
)
def test_what_stands_against_opening_again(
    app: Flask, sinta: Person, given: Any, sent: dict[str, str], status: int, expected: list[str]
) -> None:
    key = offer(app, **given)
    before = rows(app)

    answer = sinta.post(REOPEN, {"id": key, **sent})

    assert (answer.status_code, obstacles(answer)) == (status, expected)
    assert rows(app) == before


# --- who may, and whose ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "statuses"),
    [
        # admin, staff, supervisor, unit, auditor
        (CLOSE, (303, 303, 403, 403, 403)),
        (REOPEN, (303, 303, 403, 403, 403)),
        (RENEW, (303, 303, 303, 403, 403)),
    ],
)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_do_it(app: Flask, role: str, verb: str, statuses: tuple[int, ...]) -> None:
    given = {CLOSE: {}, REOPEN: WITHDRAWN, RENEW: {"signed_on": date(2022, 1, 5), "ends_on": date(2026, 12, 31)}}[verb]
    key, person = offer(app, offer_received=date(2021, 3, 2), **given), Person(app, role)
    before = rows(app)
    expected = statuses[ROLES.index(role)]

    page = person.get(f"/admin/agreement/details/?id={key}").text
    answer = person.post(verb, {"id": key, "as": "preparing" if verb == RENEW else "refused", "reason": WHY})

    assert answer.status_code == expected
    assert (f'action="{verb}"' in page) == (expected == 303)
    assert (rows(app) == before) == (expected == 403)


@pytest.mark.parametrize("verb", [CLOSE, REOPEN, RENEW])
def test_an_offer_that_is_not_there_cannot_be_touched_and_nothing_is_done_by_looking(
    app: Flask, sinta: Person, verb: str
) -> None:
    for key in ("", "0", "999999", "abc", "1 OR 1=1"):
        assert sinta.post(verb, {"id": key, "as": "refused", "reason": WHY}).status_code == 404, key
    assert sinta.get(verb).status_code == 405


@pytest.mark.parametrize("verb", [CLOSE, REOPEN, RENEW])
def test_no_verb_reaches_the_offer_of_another_unit(app: Flask, dewi: Person, verb: str, monkeypatch: Any) -> None:
    monkeypatch.setitem(access.MATRIX["agreement"], "unit", access.ALL | {"close", "decide"})
    key = id_of(app, Agreement, "Rujukan pelayanan kesehatan antardaerah (contoh)")

    assert dewi.post(verb, {"id": key, "as": "refused", "reason": WHY}).status_code == 404


# --- two at once -------------------------------------------------------------------------------------------------


def test_of_two_who_close_the_second_is_told_what_the_first_did(app: Flask, sinta: Person, andi: Person) -> None:
    key = offer(app)
    hers, his = (form_to(person.get(f"/admin/agreement/details/?id={key}").text, CLOSE) for person in (sinta, andi))

    first = andi.post(CLOSE, his.with_values(**{"as": "withdrawn", "on": "1/4/2026", "reason": "Mitra menarik penawarannya"}))
    second = sinta.post(CLOSE, hers.with_values(**{"as": "refused", "reason": WHY}))

    assert (first.status_code, second.status_code) == (303, 409)
    assert CLOSED in obstacles(second)
    assert state(app, key) == ("withdrawn", date(2026, 4, 1), "Mitra menarik penawarannya", None)
    assert WHY in second.text


def test_two_who_close_in_the_same_moment_do_not_overwrite_each_other(
    app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, close = offer(app), offers.close

    def overtaken(session: Any, agreement: Agreement, closing: Any) -> None:
        if session.get_bind().dialect.name == "sqlite":
            session.rollback()  # there the other one can only have been before
        row = update(Agreement).where(Agreement.id == key, Agreement.closed_on.is_(None))
        change(app, row.values(**WITHDRAWN, version=Agreement.version + 1))
        close(session, agreement, closing)

    monkeypatch.setattr(offers, "close", overtaken)
    answer = sinta.post(CLOSE, {"id": key, "as": "refused", "reason": WHY})

    assert (answer.status_code, obstacles(answer)) == (409, [CLOSED])
    assert state(app, key)[0] == "withdrawn"


def test_an_offer_that_was_changed_meanwhile_is_closed_at_the_second_try(app: Flask, sinta: Person) -> None:
    key = offer(app)
    opened = form_to(sinta.get(f"/admin/agreement/details/?id={key}").text, CLOSE)
    change(app, update(Agreement).where(Agreement.id == key).values(title="Judul baru", version=Agreement.version + 1))

    stopped = sinta.post(CLOSE, opened.with_values(**{"as": "refused", "reason": WHY}))
    assert (stopped.status_code, obstacles(stopped)) == (409, [CHANGED])
    again = sinta.post(CLOSE, form_to(stopped.text, CLOSE).fields)

    assert again.status_code == 303
    assert state(app, key) == ("refused", date(2026, 11, 24), WHY, None)


# --- renewal -----------------------------------------------------------------------------------------------------

ENDS = {"signed_on": date(2022, 1, 5), "ends_on": date(2026, 12, 31), "offer_received": None}


@pytest.mark.parametrize(
    ("given", "sent", "status", "expected"),
    [
        (ENDS, {"as": "preparing"}, 303, []),
        (ENDS | {"ends_on": date(2026, 1, 31)}, {"as": "not_renewed", "reason": WHY}, 303, []),
        (ENDS, {"as": "not_renewed"}, 422, ["Isi alasan tidak diperpanjang."]),
        (ENDS, {"as": "renewed"}, 303, []),
        (ENDS, {}, 422, ["Pilih keputusan perpanjangan."]),
        (ENDS, {"as": ""}, 422, ["Pilih keputusan perpanjangan."]),
        (ENDS, {"as": "maybe"}, 422, [CHOICE_GONE]),
        (ENDS, {"as": "preparing", "version": "9"}, 409, [CHANGED]),
        ({}, {"as": "preparing"}, 422,
         ["Naskah ini belum ditandatangani. Keputusan perpanjangan dicatat setelah naskah berlaku."]),
        (WITHDRAWN, {"as": "preparing"}, 422, ["Penawaran ini sudah ditutup, jadi tidak ada yang diperpanjang."]),
        (ENDS | {"terminated_on": date(2026, 1, 1)}, {"as": "preparing"}, 422,
         ["Naskah ini sudah diakhiri, jadi tidak ada yang diperpanjang."]),
        (ENDS | {"ends_on": None, "open_ended": True}, {"as": "preparing"}, 422,
         ["Naskah ini tidak punya tanggal berakhir. Isi tanggal berakhirnya dulu pada Ubah data."]),
    ],
)  # fmt: skip
def test_the_supervisor_decides_about_what_ends(
    app: Flask, rahmat: Person, given: Any, sent: dict[str, str], status: int, expected: list[str]
) -> None:
    key = offer(app, **given)
    before = rows(app)

    answer = rahmat.post(RENEW, {"id": key, **sent})

    assert (answer.status_code, obstacles(answer)) == (status, expected)
    decision = ask(app, select(Agreement.renewal_decision).where(Agreement.id == key))[0]
    assert decision == (sent["as"] if status == 303 else "undecided")
    assert (rows(app) == before) == (status != 303)


def test_a_decision_is_told_in_the_history(app: Flask, rahmat: Person) -> None:
    key = offer(app, **ENDS)
    rahmat.post(RENEW, {"id": key, "as": "with_partner"})

    assert "Keputusan perpanjangan disimpan: Di mitra." in rahmat.get(f"/admin/agreement/details/?id={key}").text
    assert told(rahmat, "agreement", key)[0] == (
        "Keputusan perpanjangan diubah dari Belum diputuskan menjadi Di mitra oleh Pimpinan Contoh."
    )


# --- what nobody types -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["id", "on", "as", "reason", "attachment", "version"])
def test_what_nobody_types_does_no_harm(app: Flask, sinta: Person, field: str) -> None:
    key = offer(app)
    found = []
    for label, value in VALUES.items():
        for verb in (CLOSE, REOPEN, RENEW):
            sent = {"id": str(key), "as": "refused", "on": "2026-04-01", "reason": "Uji", field: value}
            answer = sinta.post(verb, {name: each.encode("utf-8", "surrogatepass") for name, each in sent.items()})
            found += [(verb, label, fault) for fault in faults(answer, label)]

    assert found == []
