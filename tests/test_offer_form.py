"""The form of an offer: the clerk has a letter on the desk, and two minutes. Saved whole or not at all.

Today is 24 November 2026. Of the sample, "Kabupaten Pinrang" is a partner.
"""

import io
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from config import MEGABYTE
from models import (
    Agreement,
    AgreementUnit,
    Attachment,
    Partner,
    Party,
    Procedure,
    Stage,
    StageDocument,
    StageEvent,
    Unit,
    UserSession,
)
from rules import codes
from tests.files import samples
from tests.pages import elements, form_to
from tests.papers import row_of, scan
from tests.people import ROLES, Person
from tests.rows import ask, change, id_of, rows

FORM = "/admin/agreement/offer/"
PINRANG = "Kabupaten Pinrang"


def kind(app: Flask, code: str) -> str:
    """A kind of cooperation as the form names it."""
    return str(ask(app, select(Procedure.id).where(Procedure.code == code))[0])


def sent(app: Flask, **changes: str) -> dict[str, str]:
    """What a clerk fills in: the least there is, but for these."""
    least = {
        "partner": str(id_of(app, Partner, PINRANG)),
        "title": "Pengelolaan sampah",
        "procedure": kind(app, "ksdd_sukarela"),
    }
    return {name: value for name, value in (least | changes).items() if value}


def newest(app: Flask) -> dict[str, Any]:
    """The agreement that was written down last, as columns."""
    table = Agreement.__table__
    with app.app_context():
        from extensions import db

        return dict(db.session.execute(select(table).order_by(table.c.id.desc()).limit(1)).one()._mapping)


def with_letter(person: Person, said: dict[str, str], *files: tuple[str, bytes]) -> Any:
    parts: dict[str, Any] = said | {"csrf_token": person.token()}
    parts["file"] = [FileStorage(io.BytesIO(content), name) for name, content in files]
    boundary, body = encode_multipart(parts)
    return person.post_body(FORM, body, f"multipart/form-data; boundary={boundary}")


# --- what is asked -----------------------------------------------------------------------------------------------


def test_it_asks_for_who_what_which_kind_and_the_letter_and_nothing_else(sinta: Person) -> None:
    names = [name for name, _ in form_to(sinta.get(FORM).text, "").fields]

    assert [name for name in names if name not in ("csrf_token", "url")] == [
        "partner-query", "partner_kind", "title", "procedure", "instrument", "offer_number", "offer_date", "offer_received", "unit",
        "file",
    ]  # fmt: skip


def test_the_letter_is_taken_to_have_come_today(sinta: Person) -> None:
    assert dict(form_to(sinta.get(FORM).text, "").fields)["offer_received"] == "24 November 2026"


def test_one_choice_offers_the_eight_kinds_and_five_groups_that_are_not_settled(app: Flask, sinta: Person) -> None:
    page = sinta.get(FORM).text
    options = page[page.index('name="procedure"') :].split("</select>")[0]

    assert options.count("<option") == 1 + 8 + 5
    assert "KSDPK, belum pasti: Kerja Sama Daerah dengan Pihak Ketiga" in options
    assert all(name in options for name in ask(app, select(Procedure.name)))


@pytest.mark.parametrize("page", ["/admin/", "/admin/agreement/", "/admin/monitoring/offers/"])
@pytest.mark.parametrize("role", ROLES)
def test_the_button_stands_where_offers_are_looked_at_for_those_who_may(app: Flask, role: str, page: str) -> None:
    text = Person(app, role).get(page).text

    assert (FORM in text) == (role in ("admin", "staff"))
    assert ("Catat penawaran" in text) == (role in ("admin", "staff"))


@pytest.mark.parametrize("role", ["supervisor", "unit", "auditor"])
def test_who_may_not_write_down_may_not_here_either(app: Flask, role: str) -> None:
    before = rows(app)

    assert Person(app, role).get(FORM).status_code == 403
    assert Person(app, role).post(FORM, sent(app)).status_code == 403
    assert rows(app) == before


# --- what is saved -----------------------------------------------------------------------------------------------


def test_an_offer_is_an_agreement_on_its_way(app: Flask, sinta: Person) -> None:
    unit = str(id_of(app, Unit, "Dinas Kesehatan"))
    answer = sinta.post(
        FORM,
        sent(
            app, unit=unit, offer_number="503/UJI", offer_date="20/11/2026", offer_received="23/11/2026",
        ),
    )  # fmt: skip

    made = newest(app)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/admin/agreement/details/?id={made['id']}")
    assert {name: made[name] for name in ("title", "origin", "group", "instrument", "offer_number", "special_procedure")} == {
        "title": "Pengelolaan sampah", "origin": "process", "group": "ksdd", "instrument": "kb", "offer_number": "503/UJI",
        "special_procedure": False,
    }  # fmt: skip
    assert (made["offer_date"], made["offer_received"]) == (date(2026, 11, 20), date(2026, 11, 23))
    partners = select(Party.partner_id).where(Party.agreement_id == made["id"], Party.side == "partner")
    assert ask(app, partners) == [id_of(app, Partner, PINRANG)]
    assert ask(app, select(AgreementUnit.unit_id).where(AgreementUnit.agreement_id == made["id"])) == [int(unit)]
    assert ask(app, select(func.count(Stage.id)).where(Stage.agreement_id == made["id"], Stage.statutory))[0] > 0


def test_the_page_says_what_comes_next(app: Flask, sinta: Person) -> None:
    answer = sinta.post(FORM, sent(app))

    page = sinta.get(answer.headers["Location"]).text
    assert f"Penawaran dicatat dengan nomor register {newest(app)['register_no']}. Langkah berikut: Mulai “Persiapan”." in page


# kind, what the clerk chose -> group, paper that comes first
FIRST = [
    ("ksdd_wajib", "", "ksdd", "kb"), ("ksdd_sukarela", "", "ksdd", "kb"), ("ksdpk_prakarsa_daerah", "", "ksdpk", "kb"),
    ("ksdpk_prakarsa_pihak_ketiga", "", "ksdpk", "kb"), ("sinergi", "", "sinergi", "nota_kesepakatan"),
    ("ksdpl", "", "ksdpl", "pernyataan_kehendak"), ("ksdll_lainnya", "", "ksdll", "pernyataan_kehendak"),
    ("ksdll_penerusan", "", "ksdll", "rencana_penerusan"), ("ksdd_wajib", "pks", "ksdd", "pks"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "chosen", "group", "instrument"), FIRST)
def test_each_kind_begins_with_its_paper_unless_another_is_chosen(
    app: Flask, sinta: Person, code: str, chosen: str, group: str, instrument: str
) -> None:
    assert sinta.post(FORM, sent(app, procedure=kind(app, code), instrument=chosen)).status_code == 302

    made = newest(app)
    assert (made["group"], made["instrument"]) == (group, instrument)
    assert str(made["procedure_id"]) == kind(app, code)


@pytest.mark.parametrize("group", codes.GROUPS)
def test_a_kind_that_is_not_settled_is_a_group_alone(app: Flask, sinta: Person, group: str) -> None:
    answer = sinta.post(FORM, sent(app, procedure=group))

    made = newest(app)
    assert (made["group"], made["procedure_id"]) == (group, None)
    assert "Langkah berikut: Pilih prosedur" in sinta.get(answer.headers["Location"]).text
    sinta.post(FORM, sent(app, procedure="", group=group, title="Lewat nama kolomnya"))
    assert (newest(app)["title"], newest(app)["group"]) == ("Lewat nama kolomnya", group)


def test_a_special_procedure_walks_no_stages(app: Flask, sinta: Person) -> None:
    sinta.post(FORM, sent(app, procedure=kind(app, "ksdpk_prakarsa_daerah"), special_procedure="y"))

    assert newest(app)["special_procedure"] is True
    assert ask(app, select(Stage.id).where(Stage.agreement_id == newest(app)["id"])) == []


# --- the partner -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [PINRANG, "  kabupaten   PINRANG "])
def test_a_name_without_type_ahead_finds_the_partner_there_is(app: Flask, sinta: Person, name: str) -> None:
    count = ask(app, select(func.count(Partner.id)))

    assert sinta.post(FORM, sent(app, partner="", **{"partner-query": name})).status_code == 302

    assert newest(app)["lead_partner_id"] == id_of(app, Partner, PINRANG)
    assert ask(app, select(func.count(Partner.id))) == count


def test_a_new_partner_is_written_down_right_here(app: Flask, sinta: Person) -> None:
    said = {"partner-query": "PT Sampah Jadi Berkah", "partner_kind": "badan_usaha"}

    assert sinta.post(FORM, sent(app, partner="", **said)).status_code == 302
    assert newest(app)["lead_partner_id"] == id_of(app, Partner, "PT Sampah Jadi Berkah")


def test_the_kind_of_a_new_partner_must_be_known(app: Flask, sinta: Person) -> None:
    before = rows(app)
    answer = sinta.post(FORM, sent(app, partner="", **{"partner-query": "PT Sampah Jadi Berkah"}))

    assert answer.status_code == 422
    assert "Mitra “PT Sampah Jadi Berkah” belum ada pada daftar. Pilih jenisnya agar dicatat sebagai mitra baru" in answer.text
    assert rows(app) == before


def test_of_two_partners_of_one_name_one_must_be_chosen(app: Flask, sinta: Person) -> None:
    for _ in range(2):
        sinta.post("/admin/partner/new/", {"name": "PT Kembar", "kind": "badan_usaha"})

    answer = sinta.post(FORM, sent(app, partner="", **{"partner-query": "PT Kembar"}))
    assert answer.status_code == 422
    assert "Ada 2 mitra bernama “PT Kembar”. Pilih salah satunya dari daftar." in answer.text


# --- the letter --------------------------------------------------------------------------------------------------


def test_the_letter_lies_beside_the_offer(app: Flask, sinta: Person) -> None:
    said = sent(app, offer_number="503/UJI", offer_date="20/11/2026")

    assert with_letter(sinta, said, ("Surat dari Pinrang.pdf", scan())).status_code == 302

    row = row_of(app, max(ask(app, select(Attachment.id))))
    assert (row.agreement_id, row.kind, row.title) == (newest(app)["id"], "surat_penawaran", "Surat penawaran 503/UJI")
    assert (row.document_date, row.original_name, row.pages) == (date(2026, 11, 20), "Surat dari Pinrang.pdf", 3)


@pytest.mark.parametrize(
    ("code", "served"),
    [
        ("ksdd_wajib", [("penawaran", "Surat penawaran kerja sama")]),
        ("ksdd_sukarela", [("penawaran", "Surat penawaran kerja sama")]),
        ("ksdpk_prakarsa_daerah", []),  # the city's own letter, which goes out
        ("ksdpk_prakarsa_pihak_ketiga", [("penawaran", "Surat penawaran kerja sama")]),
        ("sinergi", [("penawaran", "Surat penawaran kepada Wali Kota")]),
        ("ksdpl", []),
        ("ksdll_lainnya", []),
        ("ksdll_penerusan", []),
    ],
)
def test_the_letter_is_the_document_that_the_stage_of_the_offer_asks_for(
    app: Flask, sinta: Person, code: str, served: list[tuple[str, str]]
) -> None:
    assert with_letter(sinta, sent(app, procedure=kind(app, code)), ("surat.pdf", scan())).status_code == 302

    made, letter = newest(app)["id"], max(ask(app, select(Attachment.id)))
    chosen = (
        select(Stage.key + "|" + StageDocument.document)
        .select_from(StageDocument)
        .join(Stage, Stage.id == StageDocument.stage_id)
    )
    tied = ask(app, chosen.where(StageDocument.agreement_id == made, StageDocument.attachment_id == letter))
    assert [tuple(each.split("|")) for each in tied] == served
    done = select(StageEvent.verb).where(StageEvent.agreement_id == made, StageEvent.verb == "document")
    assert len(ask(app, done)) == len(served)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("surat.pdf", b"bukan PDF")], "PDF"),
        ([("a.pdf", scan(1)), ("b.pdf", scan(2))], "Pilih satu berkas saja."),
    ],
)
def test_a_letter_that_is_unfit_saves_nothing_and_keeps_what_was_typed(
    app: Flask, sinta: Person, files: list[tuple[str, bytes]], words: str
) -> None:
    before = rows(app)
    said = sent(app, partner="", offer_number="503/UJI", **{"partner-query": "PT Baru", "partner_kind": "badan_usaha"})
    answer = with_letter(sinta, said, *files)

    assert answer.status_code == 422
    assert words in answer.text
    assert rows(app) == before
    assert "Peramban tidak menyimpan pilihan berkas. Pilih surat penawarannya lagi, lalu simpan." in answer.text
    assert said.items() <= dict(form_to(answer.text, "").fields).items()


def test_a_letter_as_large_as_any_file_comes_in(app: Flask, sinta: Person) -> None:
    app.config["MAX_UPLOAD"] = 8 * MEGABYTE
    large = ("surat.tif", samples.picture("TIFF", (1500, 1500)))
    too_large = ("surat.pdf", b"x" * (10 * MEGABYTE))

    assert with_letter(sinta, sent(app), large).status_code == 302
    refused = with_letter(sinta, sent(app), too_large)
    assert refused.status_code == 413
    assert "Berkas paling besar 8 MB." in refused.text


def test_after_signing_in_again_a_letter_that_was_left_behind_is_asked_for(app: Flask, sinta: Person) -> None:
    token = sinta.token()
    change(app, delete(UserSession))
    before = rows(app, "agreement")
    parts: dict[str, Any] = sent(app) | {"csrf_token": token, "file": FileStorage(io.BytesIO(scan()), "surat.pdf")}
    answer = sinta.client.post(FORM, data=parts, base_url="http://localhost")
    assert answer.status_code == 401
    kept = {name: attributes["value"] for name, attributes in _kept(answer.text)}
    assert kept["kept.title"] == "Pengelolaan sampah"
    assert kept["kept.left_behind"] == "file"

    again = Person(app, "staff").post(FORM, {name.removeprefix("kept."): value for name, value in kept.items()})
    assert again.status_code == 422
    assert "Berkasnya tidak ikut tersimpan sewaktu Anda masuk lagi." in again.text
    assert rows(app, "agreement") == before


def _kept(page: str) -> list[tuple[str, dict[str, str]]]:
    return [
        (found["name"], found) for tag, found in elements(page) if tag == "input" and found.get("name", "").startswith("kept.")
    ]


# --- what is refused ---------------------------------------------------------------------------------------------

REFUSED = [
    ({"title": ""}, "Isi tentang apa penawarannya."),
    ({"partner": ""}, "Pilih mitra yang menawarkan, atau tulis namanya bila belum ada pada daftar."),
    ({"partner": "999999"}, "Pilihan ini sudah tidak ada."),
    ({"partner": "abc"}, "Pilihan ini sudah tidak ada."),
    ({"procedure": ""}, "Pilih jenis kerja sama."),
    ({"procedure": "9" * 60}, "Pilihan ini sudah tidak ada."),
    ({"procedure": "999999"}, "Pilihan ini sudah tidak ada."),
    ({"procedure": "ksdx"}, "Pilihan ini sudah tidak ada."),
    ({"procedure": "²"}, "Pilihan ini sudah tidak ada."),
    ({"instrument": "addendum"}, "Pilihan ini sudah tidak ada."),
    ({"unit": "999999"}, "Pilihan ini sudah tidak ada."),
    ({"special_procedure": "y"}, "Prosedur khusus hanya ada pada KSDPK."),
    ({"offer_date": "25/11/2026"}, "Tanggal surat tidak boleh di masa depan."),
    ({"offer_received": "25/11/2026"}, "Tanggal diterima tidak boleh di masa depan."),
    ({"offer_date": "20/11/2026", "offer_received": "19/11/2026"}, "Surat tertanggal 20 November 2026"),
    ({"offer_date": "kemarin"}, "Tanggal tidak dikenali."),
    ({"title": "x" * 501}, "terlalu panjang"),
    ({"title": "a\u200bb"}, "karakter yang tidak terlihat"),
]


@pytest.mark.parametrize(("changes", "words"), REFUSED, ids=lambda value: ascii(value)[:40])
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_saved(
    app: Flask, sinta: Person, changes: dict[str, str], words: str
) -> None:
    before = rows(app)
    answer = sinta.post(FORM, sent(app, **changes))

    assert answer.status_code == 422
    assert words in answer.text
    assert rows(app) == before


def test_all_that_is_missing_is_told_at_once(app: Flask, sinta: Person) -> None:
    page = sinta.post(FORM, {"offer_date": "x", "partner-query": "PT Baru"}).text

    assert "Belum disimpan: ada 4 kesalahan" in page
    assert "Mitra “PT Baru” belum ada pada daftar." in page
    assert dict(form_to(page, "").fields)["partner-query"] == "PT Baru"
