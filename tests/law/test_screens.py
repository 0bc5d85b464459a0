"""A clerk reads what a kind prescribes and prepares a draft on the screens; the administrator publishes it."""

import html
import json
import re

import pytest
from flask import Flask
from sqlalchemy import select

from models import Procedure, ProcedureVersion, StageRule
from sikerja.law.guard import PUBLISHED
from tests.law.test_drafts import TABLES
from tests.pages import form_to
from tests.people import Person
from tests.routes import add_draft
from tests.rows import ask, rows
from tests.savers import opened, send, typed
from tests.together import at_once

KIND = "Kerja Sama Daerah dengan Daerah Lain - Kerja Sama Wajib"


def kind_id(app: Flask, code: str = "ksdd_wajib") -> int:
    return int(ask(app, select(Procedure.id).where(Procedure.code == code))[0])


def stage_id(app: Flask, version_id: int, key: str) -> int:
    chosen = select(StageRule.id).where(StageRule.procedure_version_id == version_id, StageRule.key == key)
    return int(ask(app, chosen)[0])


def published_id(app: Flask) -> int:
    chosen = select(ProcedureVersion.id).where(
        ProcedureVersion.procedure_id == kind_id(app), ProcedureVersion.status == "published"
    )
    return int(ask(app, chosen.order_by(ProcedureVersion.number))[0])


def text(page: str) -> str:
    """The words of a page without its marks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def saved(person: Person, url: str, **changes: str) -> int:
    """Open the form, change it, save it; the status of the answer."""
    return int(send(person, url, typed(opened(person, url), changes)).status_code)


# --- reading -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["admin", "staff", "supervisor", "unit", "auditor"])
def test_whoever_may_read_sees_what_is_in_force(app: Flask, who: str) -> None:
    page = Person(app, who).get(f"/admin/procedure/details/?id={kind_id(app)}").text

    told = text(page)
    assert "Versi 1, sejak 24 November 2026" in told
    assert "1. Pemetaan urusan pemerintahan" in told
    assert (
        "Hasil identifikasi dan pemetaan urusan pemerintahan (dibuat; wajib, menahan tahap) · PP 28/2018 Pasal 5 ayat (1)"
        in told
    )
    assert "Kerangka Acuan Kerja (KAK) KSDD (dibuat; wajib, mengingatkan)" in told
    assert "Format KAK KSDD Bagian Kerja Sama Samarinda praktik" in told
    assert "Usulan, belum dipasang: 45 hari kerja sesudah surat permohonan diterima. Akibatnya belum pasti." in told
    assert "Apakah rencana kerja sama ini membebani masyarakat dan daerah?" in told
    assert not re.search(r"Permendagri 22/2020 Pasal", told)
    assert ("Buat draf" in told) == (who in ("admin", "staff"))


def test_the_list_of_kinds_tells_what_is_in_force_since_when_and_whether_there_is_a_draft(sinta: Person, app: Flask) -> None:
    add_draft(app)
    page = sinta.get("/admin/procedure/").text

    row = text(page.partition(f'<tr data-key="{kind_id(app)}"')[2].partition("<tr")[0])
    assert row.endswith("KSDD 1 24 Nov 2026 Ya")
    assert sinta.total("/admin/procedure/") == 8
    assert sinta.total("/admin/procedure/?flt0_draft_equals=1") == 1


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("stage_rule/?", 81 + 12),
        ("stage_rule/?flt0_version_equals={draft}", 12),
        ("stage_rule/?flt0_version_contains=wajib", 24),
        ("document_rule/?flt0_stage_rule_equals={stage}", 1),
        ("deadline_rule/?flt0_version_equals={draft}", 1),
        ("version/?flt0_status_equals=draft", 1),
        ("version/?flt0_procedure_equals=ksdd_wajib", 2),
    ],
)
def test_the_lists_of_parts_are_narrowed_to_a_version_or_a_stage(sinta: Person, app: Flask, query: str, total: int) -> None:
    draft = add_draft(app)["version"]
    asked = query.format(draft=draft, stage=stage_id(app, draft, "pemetaan_wajib"))

    assert sinta.total(f"/admin/{asked}") == total


@pytest.mark.parametrize("screen", ["version", "stage_rule", "document_rule", "deadline_rule"])
def test_only_what_is_in_a_draft_has_a_pencil(sinta: Person, app: Flask, screen: str) -> None:
    draft = add_draft(app)
    narrow = "status_equals=draft" if screen == "version" else f"version_equals={draft['version']}"
    key, page = draft[screen], sinta.get(f"/admin/{screen}/?flt0_{narrow}&page_size=100").text

    assert f'<a href="edit/?id={key}" aria-label="Ubah ' in page
    for row in re.findall(r"<tr data-key.*?(?=<tr|</tbody>)", sinta.get(f"/admin/{screen}/?page_size=200").text, re.DOTALL):
        assert ("edit/?id=" in row) == (">Draf" in row), text(row)


def test_a_deadline_is_told_by_its_length_and_its_start(sinta: Person, app: Flask) -> None:
    add_draft(app)
    page = sinta.get("/admin/deadline_rule/?flt0_version_contains=Luar+Negeri").text

    assert [text(row) for row in re.findall(r"<tr data-key.*?(?=<tr|</tbody>)", page, re.DOTALL)][1] == (
        "Persetujuan DPRD Paling lama 45 hari kerja surat permohonan diterima Sekretariat DPRD KSDPL 1 Berlaku"
    )
    href = re.search(r'<th scope=row><a href="([^"]*)">Pelaporan', page)
    assert href is not None
    assert "<h1>minggu ke-1 Januari setiap" not in sinta.get(f"/admin/deadline_rule/{href[1]}").text
    assert "<h1>minggu ke-1 Januari</h1>" in sinta.get(f"/admin/deadline_rule/{href[1]}").text


# --- a draft from its opening to its publication -----------------------------------------------------------------


def test_a_clerk_prepares_a_draft_and_the_administrator_publishes_it(app: Flask, sinta: Person, andi: Person) -> None:
    answer = sinta.post("/admin/procedure/draft/", {"id": str(kind_id(app))})
    draft = int(answer.location.rpartition("=")[2])
    page = text(sinta.get(answer.location).text)
    assert "Tidak ada kesalahan pada draf ini." in page
    assert "Draf ini sama dengan yang berlaku." in page
    assert "Buang draf" in page
    assert "Terbitkan" not in page

    stage = f"/admin/stage_rule/edit/?id={stage_id(app, draft, 'persiapan')}"
    assert saved(sinta, stage, name="Persiapan dan pemetaan", basis="Permendagri 22/2020 Pasal 9") == 302
    page = text(andi.get(f"/admin/version/details/?id={draft}").text)
    fault = (
        "Tahap 3 “Persiapan dan pemetaan”: “Permendagri 22/2020 Pasal 9” belum diperiksa siapa pun. "
        "Catat dulu pasalnya di Dasar Hukum, atau kutip peraturannya saja."
    )
    assert "Belum dapat diterbitkan" in page
    assert fault in page
    assert "Tahap “Persiapan dan pemetaan” Nama Persiapan Persiapan dan pemetaan" in page

    before = rows(app, *TABLES)
    refused = andi.post("/admin/version/publish/", {"id": str(draft), "note": "Nama tahap"})
    assert refused.status_code == 422
    assert re.findall(r'class="obstacle">(.*?)</li>', refused.text) == [fault]
    assert rows(app, *TABLES) == before

    assert saved(sinta, stage, basis="PP 28/2018 Pasal 6 ayat (1) huruf a") == 302
    assert andi.post("/admin/version/publish/", {"id": str(draft), "note": "Nama tahap"}).status_code == 303

    page = text(sinta.get(f"/admin/procedure/details/?id={kind_id(app)}").text)
    assert "Versi 2, sejak 24 November 2026" in page
    assert "3. Persiapan dan pemetaan" in page
    assert "Versi 2 Berlaku 24 November 2026 Administrator Contoh Nama tahap 0" in page
    told = json.loads(app.test_cli_runner().invoke(args=["procedures-json"]).output)
    assert [each["version"] for each in told] == [2, 1, 1, 1, 1, 1, 1, 1]


def test_parts_are_added_to_a_draft_and_really_deleted_from_it(app: Flask, sinta: Person) -> None:
    draft = add_draft(app)["version"]
    new = {
        "procedure_version": str(draft), "name": "Rapat TKKSD", "position": "13", "holder": "tkksd", "certainty": "MEMORY",
        "instruments": ["kb", "pks"], "basis": "Permendagri 22/2020", "parallel": "y",
    }  # fmt: skip
    answer = sinta.post("/admin/stage_rule/new/", new)
    assert answer.status_code == 302, text(answer.text)
    key = stage_id(app, draft, "rapat_tkksd")
    document = {"stage_rule": str(key), "name": "Notula", "position": "1", "direction": "hasil", "certainty": "MEMORY"}
    assert sinta.post("/admin/document_rule/new/", document).status_code == 302
    again = sinta.post("/admin/document_rule/new/", document)
    assert again.status_code == 422
    assert "Dokumen dengan nama ini sudah ada pada tahap itu." in again.text
    page = text(sinta.get(f"/admin/stage_rule/details/?id={key}").text)
    assert "Notula (dibuat; tidak wajib, mengingatkan) · belum diperiksa" in page

    assert sinta.post("/admin/stage_rule/delete/", {"id": str(key)}).location == f"/admin/version/details/?id={draft}"

    assert ask(app, select(StageRule.id).where(StageRule.id == key)) == []
    assert sinta.get(f"/admin/stage_rule/details/?id={key}").status_code == 404


def test_a_draft_is_thrown_away_with_a_reason_only(app: Flask, sinta: Person) -> None:
    before = rows(app, *TABLES)
    draft = add_draft(app)["version"]

    refused = sinta.post("/admin/version/delete/", {"id": str(draft), "reason": " "})
    assert (refused.status_code, "Isi alasan membuang draf." in refused.text) == (422, True)
    answer = sinta.post("/admin/version/delete/", {"id": str(draft), "reason": "Salah jenis"})

    assert answer.location == f"/admin/procedure/details/?id={kind_id(app)}"
    assert rows(app, *TABLES) == before


# --- what is published -------------------------------------------------------------------------------------------


def test_nothing_of_what_is_published_is_edited_and_a_draft_is_offered(app: Flask, andi: Person) -> None:
    version = published_id(app)
    stage = stage_id(app, version, "persiapan")
    before = rows(app, *TABLES)
    for url, sent in (
        (f"/admin/version/edit/?id={version}", {"name": "Lain"}),
        (f"/admin/stage_rule/edit/?id={stage}", {"name": "Lain"}),
    ):
        for answer in (andi.get(url), andi.post(url, sent)):
            assert answer.status_code == 422
            assert PUBLISHED in answer.text
            assert f"/admin/procedure/details/?id={kind_id(app)}" in answer.text
    added = {"procedure_version": str(version), "name": "Baru", "position": "20", "holder": "unit", "certainty": "MEMORY"}
    asked = {"stage_rule": str(stage), "name": "Baru", "position": "9", "direction": "hasil", "certainty": "MEMORY"}
    assert andi.post("/admin/stage_rule/new/", added).status_code == 422
    assert andi.post("/admin/document_rule/new/", asked).status_code == 422
    assert andi.post("/admin/stage_rule/delete/", {"id": str(stage)}).status_code == 422
    assert andi.post("/admin/version/delete/", {"id": str(version), "reason": "Usang"}).status_code == 422
    assert andi.post("/admin/version/publish/", {"id": str(version)}).status_code == 409

    assert rows(app, *TABLES) == before
    assert "Ubah data" not in andi.get(f"/admin/version/details/?id={version}").text


def test_a_draft_that_changed_since_it_was_looked_at_is_not_published_unseen(app: Flask, sinta: Person, andi: Person) -> None:
    draft = add_draft(app)["version"]
    assert saved(sinta, f"/admin/version/edit/?id={draft}", note="Diubah sesudah dilihat") == 302

    answer = andi.post("/admin/version/publish/", {"id": str(draft), "version": "1"})

    assert answer.status_code == 409
    assert ask(app, select(ProcedureVersion.status).where(ProcedureVersion.id == draft)) == ["draft"]


def test_a_draft_of_which_a_part_changed_since_it_was_looked_at_is_not_published_unseen(
    app: Flask, sinta: Person, andi: Person
) -> None:
    draft = add_draft(app)["version"]
    form = form_to(andi.get(f"/admin/version/details/?id={draft}").text, "/admin/version/publish/")
    assert saved(sinta, f"/admin/stage_rule/edit/?id={stage_id(app, draft, 'persiapan')}", description="Uraian lain") == 302

    answer = send(andi, "/admin/version/publish/", form.fields)

    assert answer.status_code == 409
    assert "Isi draf ini berubah sejak Anda membukanya." in answer.text
    assert ask(app, select(ProcedureVersion.status).where(ProcedureVersion.id == draft)) == ["draft"]


@pytest.mark.parametrize("screen", ["stage_rule", "document_rule", "deadline_rule"])
def test_two_who_delete_the_same_part_at_once_meet_no_failure(app: Flask, sinta: Person, andi: Person, screen: str) -> None:
    key = str(add_draft(app)[screen])

    def delete(number: int) -> int:
        return int((sinta, andi)[number].post(f"/admin/{screen}/delete/", {"id": key}).status_code)

    assert sorted(at_once(app, delete, 2)) == [302, 404]


def test_two_who_publish_and_throw_away_at_once_meet_no_failure(app: Flask, sinta: Person, andi: Person) -> None:
    draft = str(add_draft(app)["version"])

    def act(number: int) -> int:
        sent = {"id": draft, "reason": "Tidak jadi"}
        return int((andi, sinta)[number].post(f"/admin/version/{('publish', 'delete')[number]}/", sent).status_code)

    assert at_once(app, act, 2) in ([303, 422], [404, 303], [422, 303])


def test_a_change_of_a_part_is_told_in_its_history(app: Flask, sinta: Person) -> None:
    key = stage_id(app, add_draft(app)["version"], "persiapan")
    assert saved(sinta, f"/admin/stage_rule/edit/?id={key}", holder="tkksd") == 302

    page = text(sinta.get(f"/admin/stage_rule/history/?id={key}").text)
    assert "Ditunggu dari diubah dari Perangkat daerah menjadi TKKSD oleh Staf Kerja Sama Contoh." in page
