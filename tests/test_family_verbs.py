"""What is made from an agreement and how it ends early: PKS under a KB, Naskah after an LoI, addendum, renewal, termination.

Whatever stands in the way is told all at once, with what was typed kept, and then nothing is changed. Today is 24 November 2026.
"""

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Agreement, AgreementUnit, Attachment, Link, Party, Procedure, Unit
from rules import access, grounds
from sikerja import successors, terminations
from sikerja.verification import families
from sikerja.verification.faults import Fault
from tests.browser import write_down
from tests.hostile import VALUES, faults
from tests.pages import form_to
from tests.papers import attach
from tests.people import ROLES, Person
from tests.rows import ask, change, rows
from tests.test_history import told
from tests.test_offer_verbs import BINNED, CHANGED, CHOICE_GONE, CLERK, NOT_DATED, WITHDRAWN, obstacles

VERBS = ("implement", "follow", "amend", "renew", "terminate")
IMPLEMENT, FOLLOW, AMEND, RENEW, TERMINATE = (f"/admin/agreement/{verb}/" for verb in VERBS)
REOPEN, DELETE = "/admin/agreement/reopen/", "/admin/agreement/delete/"
WHY = "Kegiatan dialihkan ke provinsi"

# Signed on 5 January 2025, ends on 31 December 2026: still in force.
SIGNED = {"signed_on": date(2025, 1, 5), "ends_on": date(2026, 12, 31), "units": ("dinas_perhubungan", "dpupr")}
KB = SIGNED | {"instrument": "kb", "group": "ksdd"}
PKS = SIGNED | {"instrument": "pks", "group": "ksdd"}
LOI = SIGNED | {
    "instrument": "pernyataan_kehendak",
    "group": "ksdpl",
    "signed_on": date(2026, 3, 2),
    "ends_on": date(2027, 3, 2),
}
GIVEN = {IMPLEMENT: KB, FOLLOW: LOI, AMEND: PKS, RENEW: PKS, TERMINATE: PKS}
SENT: dict[str, dict[str, str]] = {
    IMPLEMENT: {}, FOLLOW: {}, AMEND: {"reason": "Ruang lingkup ditambah"}, RENEW: {"as": "renewed"},
    TERMINATE: {"as": "tujuan_tercapai", "reason": WHY},
}  # fmt: skip
UNSIGNED = {"signed_on": None}
ENDED = {"signed_on": date(2021, 1, 5), "ends_on": date(2026, 1, 31)}
TERMINATED = {"terminated_on": date(2026, 6, 1), "terminated_as": "objek_hilang", "terminated_reason": "Terbakar"}


def write(app: Flask, given: Any, procedure: str = "", title: str = "Naskah uji") -> int:
    """An agreement of that kind; its id."""
    known = {"procedure_id": ask(app, select(Procedure.id).where(Procedure.code == procedure))[0]} if procedure else {}
    return write_down(app, title, **given, **known)[0]


def value(app: Flask, key: int, column: Any) -> Any:
    return ask(app, select(column).where(Agreement.id == key))[0]


def state(app: Flask, key: int, *columns: Any) -> tuple[Any, ...]:
    return tuple(value(app, key, column) for column in columns)


def made_by(answer: Any) -> int:
    """The id of the agreement that the answer leads to."""
    assert answer.status_code == 303, obstacles(answer)
    return int(re.fullmatch(r"/admin/agreement/details/\?id=(\d+)", answer.headers["Location"])[1])  # type: ignore[index]


def links(app: Flask, key: int) -> set[tuple[str, int]]:
    kinds, targets = (
        ask(app, select(column).where(Link.from_id == key).order_by(Link.id)) for column in (Link.kind, Link.to_id)
    )
    return set(zip(kinds, targets, strict=True))


def units(app: Flask, key: int) -> list[str]:
    held = select(Unit.code).join(AgreementUnit, AgreementUnit.unit_id == Unit.id).where(AgreementUnit.agreement_id == key)
    return ask(app, held.order_by(AgreementUnit.position))


def partners(app: Flask, key: int) -> list[int]:
    held = select(Party.partner_id).where(Party.agreement_id == key, Party.side == "partner")
    return ask(app, held.order_by(Party.position))


def number(app: Flask, key: int) -> str:
    return str(value(app, key, Agreement.register_no))


def page_of(person: Person, key: int) -> str:
    return str(person.get(f"/admin/agreement/details/?id={key}").text)


# --- PKS under a KB, Naskah after an LoI -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "given", "procedure", "instrument", "link", "comes_next"),
    [
        (IMPLEMENT, KB, "ksdd_sukarela", "pks", "implements", "Berikutnya: Persetujuan DPRD, bila diperlukan."),
        (IMPLEMENT, KB, "", "pks", "implements", "Berikutnya: lengkapi isiannya pada Ubah data."),
        (FOLLOW, LOI, "ksdpl", "naskah", "follows", "Berikutnya: Penyusunan Rencana Kerja Sama."),
    ],
)  # fmt: skip
def test_what_is_made_takes_over_kind_parties_and_units(
    app: Flask, sinta: Person, verb: str, given: Any, procedure: str, instrument: str, link: str, comes_next: str
) -> None:
    key = write(app, given | {"partners": ("Kabupaten Satu", "Kabupaten Dua"), "special_procedure": False}, procedure)

    made = made_by(sinta.post(verb, {"id": key}))

    same = (Agreement.title, Agreement.group, Agreement.procedure_id, Agreement.sector_id, Agreement.special_procedure)
    assert state(app, made, *same) == state(app, key, *same)
    assert state(app, made, Agreement.instrument, Agreement.origin, Agreement.signed_on) == (instrument, "process", None)
    assert links(app, made) == {(link, key)}
    assert value(app, made, Agreement.root_id) == key
    assert partners(app, made) == partners(app, key)
    assert units(app, made) == ["dinas_perhubungan", "dpupr"]
    page = page_of(sinta, made)
    assert f"{number(app, made)} dicatat." in page
    assert comes_next in page


def test_a_pks_has_its_own_title_and_units_where_they_are_given(app: Flask, sinta: Person) -> None:
    key = write(app, KB)
    health = ask(app, select(Unit.id).where(Unit.code.in_(("dinas_kesehatan", "dpupr"))).order_by(Unit.code))

    made = made_by(sinta.post(IMPLEMENT, {"id": key, "title": "Ambulans bersama", "unit": health}))

    assert value(app, made, Agreement.title) == "Ambulans bersama"
    assert units(app, made) == ["dinas_kesehatan", "dpupr"]


def test_an_archive_kb_without_a_partner_or_a_signature_can_be_implemented(app: Flask, sinta: Person) -> None:
    key = write(app, KB | UNSIGNED | {"origin": "archive", "partners": ()})

    assert links(app, made_by(sinta.post(IMPLEMENT, {"id": key}))) == {("implements", key)}


@pytest.mark.parametrize(
    ("signed", "ends", "warning"),
    [
        (date(2026, 3, 2), date(2027, 3, 2), ""),
        (date(2025, 3, 2), None, "Masa berlaku Pernyataan Kehendak ini sudah lewat, terakhir 2 Maret 2026 "
                                 "(Permendagri 25/2020 Pasal 13 ayat (3))."),
        (date(2026, 3, 2), date(2026, 9, 2), "Pernyataan Kehendak ini sudah berakhir pada 2 September 2026."),
    ],
)  # fmt: skip
def test_an_loi_that_has_run_out_warns_and_is_followed_all_the_same(
    app: Flask, sinta: Person, signed: date, ends: date | None, warning: str
) -> None:
    key = write(app, LOI | {"signed_on": signed, "ends_on": ends}, "ksdpl")

    before = page_of(sinta, key)
    after = page_of(sinta, made_by(sinta.post(FOLLOW, {"id": key})))

    for page in (before, after):
        assert ("lewat" in page or "sudah berakhir pada" in page) == bool(warning)
        assert warning in page
    for note in (
        "Pernyataan Kehendak berlaku paling lama 1 tahun (Permendagri 25/2020 Pasal 13 ayat (3)).",
        "Naskah Kerja Sama berlaku paling lama 5 tahun (Permendagri 25/2020 Pasal 32 ayat (1)).",
        "Usul perpanjangan Naskah Kerja Sama disampaikan paling lama 6 bulan sebelum berakhir (Permendagri 25/2020 Pasal 33 ayat (2)).",
    ):
        assert note in before


# --- addenda -----------------------------------------------------------------------------------------------------

END = (Agreement.ends_on, Agreement.first_ends_on, Agreement.open_ended)
FIRST = date(2026, 12, 31)


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


# --- renewal -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "starts"),
    [({}, date(2027, 1, 1)), ({"as": "renewed"}, date(2027, 1, 1)), ({"on": "1 Februari 2027"}, date(2027, 2, 1))],
)
def test_a_renewal_is_the_same_instrument_under_the_same_parent(app: Flask, sinta: Person, sent: Any, starts: date) -> None:
    parent = write(app, KB, title="KB induk")
    key = write(app, PKS | {"parent": Agreement(id=parent)})

    made = made_by(sinta.post(RENEW, {"id": key, "title": "Naskah uji tahap dua", **sent}))

    assert links(app, made) == {("renews", key), ("implements", parent)}
    told_of = (Agreement.instrument, Agreement.title, Agreement.starts_on, Agreement.ends_on, Agreement.signed_on)
    assert state(app, made, *told_of) == ("pks", "Naskah uji tahap dua", starts, None, None)
    assert units(app, made) == ["dinas_perhubungan", "dpupr"]
    assert value(app, key, Agreement.renewal_decision) == "renewed"
    assert f"Perpanjangan {number(app, key)} dibuat." in page_of(sinta, made)


def test_of_the_supervisor_renewed_is_a_decision_alone(app: Flask, rahmat: Person, sinta: Person) -> None:
    key = write(app, PKS)
    page = page_of(rahmat, key)
    assert 'name="as" ' in page or 'name="as"' in page
    assert "Judul perpanjangan" not in page
    assert "Judul perpanjangan" in page_of(sinta, key)

    answer = rahmat.post(RENEW, {"id": key, "as": "renewed", "title": "Tidak dibuat", "on": "bukan tanggal"})

    assert made_by(answer) == key
    assert "Bagian Kerja Sama kini menyusun naskah perpanjangannya." in page_of(rahmat, key)
    assert ask(app, select(Link.id).where(Link.to_id == key)) == []
    assert links(app, made_by(sinta.post(RENEW, {"id": key, "as": "renewed"}))) == {("renews", key)}


def test_why_it_is_not_renewed_stands_on_the_page_until_the_decision_is_another(app: Flask, rahmat: Person) -> None:
    key = write(app, PKS)

    rahmat.post(RENEW, {"id": key, "as": "not_renewed", "reason": "Sasarannya sudah tercapai"})
    assert state(app, key, Agreement.renewal_decision, Agreement.renewal_reason) == ("not_renewed", "Sasarannya sudah tercapai")
    assert "Sasarannya sudah tercapai" in page_of(rahmat, key)

    rahmat.post(RENEW, {"id": key, "as": "with_partner"})
    assert state(app, key, Agreement.renewal_decision, Agreement.renewal_reason) == ("with_partner", "")


@pytest.mark.parametrize("sent", [{"as": "renewed"}, {}, {"as": "not_renewed", "reason": WHY}, {"as": "preparing"}])
def test_an_agreement_is_renewed_once(app: Flask, sinta: Person, sent: Any) -> None:
    key = write(app, PKS)
    made = made_by(sinta.post(RENEW, {"id": key}))
    before = rows(app)

    answer = sinta.post(RENEW, {"id": key, **sent})

    assert obstacles(answer) == [f"Naskah ini sudah diperpanjang dengan {number(app, made)} “Naskah uji”."]
    assert answer.status_code == (409 if sent.get("as", "renewed") == "renewed" else 422)
    assert rows(app) == before


def test_a_renewal_in_the_bin_is_named_as_such(app: Flask, sinta: Person) -> None:
    key = write(app, PKS)
    made = made_by(sinta.post(RENEW, {"id": key}))
    sinta.post(DELETE, {"id": made})

    assert obstacles(sinta.post(RENEW, {"id": key})) == [
        f"Naskah ini sudah diperpanjang dengan {number(app, made)} “Naskah uji”, yang ada di keranjang. Kembalikan naskah itu dulu."
    ]


def test_two_who_renew_in_the_same_moment_make_one_renewal(app: Flask, sinta: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    key, renew = write(app, PKS), successors.renew
    others: list[int] = []

    def overtaken(session: Any, agreement: Agreement, *rest: Any) -> Agreement:
        if not others:
            session.rollback()
            others.append(write(app, PKS, title="Perpanjangan orang lain"))
            change(app, Link.__table__.insert().values(kind="renews", from_id=others[0], to_id=key))  # type: ignore[attr-defined]
        return renew(session, agreement, *rest)

    monkeypatch.setattr(successors, "renew", overtaken)
    answer = sinta.post(RENEW, {"id": key})

    assert answer.status_code == 409
    assert obstacles(answer) == [f"Naskah ini sudah diperpanjang dengan {number(app, others[0])} “Perpanjangan orang lain”."]
    assert ask(app, select(Link.from_id).where(Link.to_id == key)) == others


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
CLOSED_OFFER = UNSIGNED | WITHDRAWN
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


# --- who signs himself, and how long it may run ------------------------------------------------------------------

FORM = "/admin/agreement/edit/?id={}"


@pytest.mark.parametrize(
    ("given", "procedure", "sent", "expected"),
    [
        (KB, "ksdd_sukarela", {"by_power": "y"},
         "Kuasa hanya diatur untuk perjanjian kerja sama (PP 28/2018 Pasal 2 ayat (2)). "
         "Kesepakatan Bersama ditandatangani kepala daerah sendiri. Hapus centang ini."),
        (KB | {"group": "ksdpk"}, "", {"by_power": "y"},
         "Kuasa hanya diatur untuk perjanjian kerja sama (PP 28/2018 Pasal 13). "
         "Kesepakatan Bersama ditandatangani kepala daerah sendiri. Hapus centang ini."),
        (KB, "ksdd_wajib", {"our_signatory_post": "Sekretaris Daerah"},
         "Kuasa hanya diatur untuk perjanjian kerja sama (PP 28/2018 Pasal 2 ayat (2)). "
         "Kesepakatan Bersama ditandatangani kepala daerah sendiri. Isi jabatan kepala daerah."),
        (LOI, "ksdpl", {"by_power": "y"},
         "Pernyataan Kehendak ditandatangani kepala daerah sendiri (Permendagri 25/2020 Pasal 14 ayat (4)). Hapus centang ini."),
        (LOI | {"instrument": "naskah"}, "ksdpl", {"by_power": "y"},
         "Naskah Kerja Sama ditandatangani kepala daerah sendiri (Permendagri 25/2020 Pasal 25 ayat (1)). Hapus centang ini."),
        (KB, "ksdd_sukarela", {"our_signatory_post": "Pj. Wali Kota Samarinda"}, None),
        (PKS, "ksdd_sukarela", {"by_power": "y", "our_signatory_post": "Kepala Dinas Perhubungan"}, None),
        (KB | {"origin": "archive"}, "ksdd_sukarela", {"by_power": "y"}, None),
    ],
)  # fmt: skip
def test_the_head_of_the_region_signs_some_papers_himself(
    app: Flask, sinta: Person, given: Any, procedure: str, sent: dict[str, str], expected: str | None
) -> None:
    key = write(app, given, procedure)
    before = rows(app)
    url = FORM.format(key)

    answer = sinta.post(url, form_to(sinta.get(url).text, "").with_values(**sent))

    assert answer.status_code == (302 if expected is None else 422)
    if expected:
        assert expected in answer.text
        assert rows(app) == before


TOO_LONG = "lebih lama daripada batasnya: paling lama"


@pytest.mark.parametrize(
    ("given", "procedure", "expected"),
    [
        ({"instrument": "naskah", "signed_on": date(2026, 1, 5), "ends_on": date(2031, 1, 6)}, "ksdpl",
         f"Naskah Kerja Sama ini {TOO_LONG} 5 tahun, sampai 5 Januari 2031 (Permendagri 25/2020 Pasal 32 ayat (1))."),
        ({"instrument": "naskah", "signed_on": date(2026, 1, 5), "ends_on": date(2031, 1, 5)}, "ksdpl", None),
        ({"instrument": "naskah", "signed_on": date(2026, 1, 5), "starts_on": date(2026, 2, 1), "ends_on": date(2031, 1, 6)},
         "ksdpl", None),
        ({"instrument": "naskah", "signed_on": date(2026, 1, 5), "open_ended": True, "ends_on": None}, "ksdpl",
         f"Naskah Kerja Sama ini {TOO_LONG} 5 tahun"),
        ({"instrument": "naskah", "signed_on": date(2010, 1, 5), "ends_on": date(2020, 1, 6), "origin": "archive"}, "ksdpl",
         f"Naskah Kerja Sama ini {TOO_LONG} 5 tahun"),
        ({"instrument": "naskah", "group": "ksdll", "signed_on": date(2026, 1, 5), "ends_on": date(2032, 1, 6)},
         "ksdll_lainnya", f"Naskah Kerja Sama ini {TOO_LONG} 5 tahun"),
        ({"instrument": "naskah", "signed_on": date(2026, 1, 5), "ends_on": date(2031, 1, 6)}, "", None),
        ({"instrument": "pernyataan_kehendak", "signed_on": date(2026, 1, 5), "ends_on": date(2027, 1, 6)}, "ksdpl",
         f"Pernyataan Kehendak ini {TOO_LONG} 1 tahun, sampai 5 Januari 2027 (Permendagri 25/2020 Pasal 13 ayat (3))."),
        ({"instrument": "pks", "group": "ksdd", "signed_on": date(2010, 1, 5), "ends_on": date(2040, 1, 6)}, "ksdd_sukarela", None),
    ],
)  # fmt: skip
def test_a_term_beyond_the_law_is_noted_and_not_refused(
    app: Flask, sinta: Person, given: Any, procedure: str, expected: str | None
) -> None:
    page = page_of(sinta, write(app, {"group": "ksdpl", **given}, procedure))

    assert (TOO_LONG in page) == (expected is not None)
    assert expected is None or expected in page


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
