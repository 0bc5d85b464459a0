"""What is made from an agreement: PKS under a KB, Naskah after an LoI, renewal; who signs it himself, how long it may run.

What is made takes over kind, parties and units, and its page says what comes next. Today is 24 November 2026.
"""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models import Agreement, Link, Unit
from sikerja import successors
from tests.families import (
    DELETE,
    FOLLOW,
    IMPLEMENT,
    KB,
    LOI,
    PKS,
    RENEW,
    UNSIGNED,
    WHY,
    links,
    made_by,
    number,
    page_of,
    partners,
    state,
    units,
    value,
    write,
)
from tests.pages import form_to
from tests.people import Person
from tests.rows import ask, change, rows
from tests.sentences import obstacles

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
