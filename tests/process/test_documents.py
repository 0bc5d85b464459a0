"""Documents: what the law wants and was read holds a stage; the rest is reminded of and passes with a reason."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from models import StageEvent
from sikerja.process import papers, verbs
from tests.people import Person
from tests.ways import CONSENT_NEEDED, Way, file_of

KAK = "Kerangka Acuan Kerja (KAK) KSDD"
PLAN = "Bukti objek tercantum dalam dokumen perencanaan (RPJMD/RKPD) atau alasan pengecualian"
OPTIONAL = "Hasil pemetaan urusan pemerintahan"
HELD = f"Dokumen “{PLAN}” belum ada. Unggah atau pilih berkasnya. Dasar: PP 28/2018 Pasal 4 ayat (2) dan ayat (3)."
REMINDED = f"Belum ada: “{KAK}” (praktik). Lampirkan, atau tulis alasannya pada catatan."


@pytest.fixture
def kb(session: Session) -> Way:
    way = Way(session, "ksdd_sukarela", "kb")
    way.move("start", "persiapan", date(2026, 1, 5))
    return way


def states(way: Way, key: str) -> dict[str, str]:
    return {row["name"]: row["state"] for row in way.json["documents"] if row["stage"] == key}


def test_what_must_be_there_holds_and_what_should_be_there_asks_for_a_reason(kb: Way) -> None:
    assert kb.refused("finish", "persiapan") == [HELD, REMINDED]
    assert kb.refused("finish", "persiapan", remark="Dikirim menyusul") == [HELD]


def test_a_file_of_a_documents_title_serves_that_one_alone(kb: Way) -> None:
    plan = file_of(kb.session, kb.agreement, PLAN)

    assert kb.refused("finish", "persiapan", files=[plan]) == [REMINDED]

    kb.move("finish", "persiapan", files=[plan], remark="KAK menyusul")
    assert states(kb, "persiapan") == {KAK: "missing", PLAN: "present", OPTIONAL: "missing"}


def test_any_other_file_serves_all_that_is_missing(kb: Way) -> None:
    kb.move("finish", "persiapan", files=[file_of(kb.session, kb.agreement, "Pindaian 12 Januari")])

    assert states(kb, "persiapan") == {KAK: "present", PLAN: "present", OPTIONAL: "present"}


def test_what_was_passed_stands_in_the_event(kb: Way) -> None:
    plan = file_of(kb.session, kb.agreement, PLAN)
    kb.move("finish", "persiapan", files=[plan], remark="KAK menyusul")

    event = kb.session.query(StageEvent).filter_by(stage_id=kb.stage("persiapan").id, verb="finish").one()
    assert f'"passed": ["{KAK}"]' in event.facts
    assert event.remark == "KAK menyusul"


def test_a_file_that_the_reviewer_refused_does_not_count(kb: Way) -> None:
    plan = file_of(kb.session, kb.agreement, PLAN, verdict="refused")

    assert kb.refused("finish", "persiapan", files=[plan], remark="x") == [
        f"Dokumen “{PLAN}” ditolak pemeriksa. Unggah versi yang sudah diperbaiki. Dasar: PP 28/2018 Pasal 4 ayat (2) dan ayat (3)."
    ]


def test_a_later_edition_takes_its_place(kb: Way) -> None:
    first = file_of(kb.session, kb.agreement, PLAN, verdict="refused")
    verbs.hand_in(kb.session, kb.case, kb.stage("persiapan"), PLAN, first, "", None)
    assert states(kb, "persiapan")[PLAN] == "refused"

    file_of(kb.session, kb.agreement, PLAN, edition=2, replaces_id=first, series_id=first)
    assert states(kb, "persiapan")[PLAN] == "present"


def test_a_file_of_another_family_is_refused(kb: Way) -> None:
    other = Way(kb.session, "ksdd_sukarela", "kb")

    assert kb.refused("finish", "persiapan", files=[file_of(kb.session, other.agreement, PLAN)], remark="x") == [
        "Dokumen yang dipilih bukan berkas naskah ini atau keluarganya. Pilih berkas yang ada, atau unggah dulu.",
        HELD,
    ]


def test_one_letter_of_the_assembly_serves_three_pks(session: Session) -> None:
    kb = Way(session, "ksdd_sukarela", "kb").walk()
    ways = [Way(session, "ksdd_sukarela", "pks", kb) for _ in range(3)]
    letter = file_of(session, kb.agreement, "Persetujuan DPRD Nomor 12")

    for way in ways:
        way.day = kb.day
        way.move("start", "persetujuan_dprd", answers=CONSENT_NEEDED)
        way.move("finish", "persetujuan_dprd", files=[letter])

    assert [way.states() for way in ways] == [{"persetujuan_dprd": "finished"}] * 3


# --- power of attorney ----------------------------------------------------------------------------------------------

POWER = "Surat kuasa Wali Kota kepada pejabat perangkat daerah"


@pytest.mark.parametrize(
    ("post", "by_power", "state"),
    [
        ("Wali Kota Samarinda", False, "not_needed"),
        ("Pj. Wali Kota Samarinda", False, "not_needed"),
        ("Kepala Dinas Perhubungan", False, "missing"),
        ("", True, "missing"),
        ("", False, "open"),
    ],
)
def test_who_is_not_the_head_of_region_signs_a_pks_by_power_of_attorney(
    session: Session, post: str, by_power: bool, state: str
) -> None:
    pks = Way(session, "ksdpk_prakarsa_daerah", "pks").walk("penandatanganan_pks")
    ours = pks.case.ours
    assert ours is not None
    ours.signatory_post, ours.by_power = post, by_power
    session.commit()
    pks.move("start", "penandatanganan_pks")

    assert states(pks, "penandatanganan_pks")[POWER] == state
    signed = file_of(session, pks.agreement, "Kontrak/perjanjian kerja sama bertanda tangan")
    if state == "missing":
        told = f"Dokumen “{POWER}” belum ada. Unggah atau pilih berkasnya. Dasar: PP 28/2018 Pasal 13."
        assert pks.refused("finish", "penandatanganan_pks", files=[signed]) == [told]
        pks.move("finish", "penandatanganan_pks", files=[signed, file_of(session, pks.agreement, "Kuasa")])
    else:
        pks.move("finish", "penandatanganan_pks", files=[signed], remark="Penandatangan dicatat kemudian.")
    assert pks.states()["penandatanganan_pks"] == "finished"


# --- override -------------------------------------------------------------------------------------------------------


def test_the_leadership_passes_over_a_document_with_a_reason(rahmat: Person, kb: Way) -> None:
    data = {"verb": "finish", "id": str(kb.stage("persiapan").id), "override_reason": "Arahan rapat", "remark": "KAK menyusul"}

    assert rahmat.post("/admin/stage/move/", data).status_code == 303

    kb.session.expire_all()
    event = kb.session.query(StageEvent).filter_by(stage_id=kb.stage("persiapan").id, verb="finish").one()
    assert (event.override_reason, event.user_name) == ("Arahan rapat", "Pimpinan Contoh")
    assert f'"overridden": ["{PLAN}"]' in event.facts


def test_a_clerk_does_not(sinta: Person, kb: Way) -> None:
    data = {"verb": "finish", "id": str(kb.stage("persiapan").id), "override_reason": "Arahan rapat", "remark": "x"}
    answer = sinta.post("/admin/stage/move/", data)

    assert answer.status_code == 422
    assert "Hanya pimpinan yang dapat melewati dokumen yang belum ada" in answer.text
    assert kb.states() == {"persiapan": "running"}


def test_the_reason_of_the_leadership_opens_no_other_door(kb: Way) -> None:
    assert kb.refused("start", "penawaran", override_reason="Segera", overrides=True) == [
        "Tahap “Persiapan” belum selesai. Selesaikan tahap itu dulu."
    ]


# --- contents -------------------------------------------------------------------------------------------------------


def test_a_checklist_of_contents(session: Session, sinta: Person) -> None:
    naskah = Way(session, "ksdpl", "naskah")
    naskah.move("start", "rencana_kerja_sama", date(2026, 1, 5))
    plan = file_of(session, naskah.agreement, "Rencana")
    data = [("document", "0"), ("attachment", str(plan)), *(("contents_0", str(number)) for number in (1, 2, 3, 5, 6))]
    data.append(("id", str(naskah.stage("rencana_kerja_sama").id)))

    assert sinta.post("/admin/stage/document/", data).status_code == 303

    session.expire_all()
    (paper,) = naskah.told.steps[0].papers
    assert list(papers.missing_contents(paper)) == ["objek", "jangka waktu pelaksanaan"]


def test_how_many_contents_the_law_counts(session: Session) -> None:
    told = [*Way(session, "ksdpl", "naskah").told.steps, *Way(session, "ksdpl", "pernyataan_kehendak").told.steps]
    counts = {paper.rule.name: len(papers.contents_of(paper)) for step in told for paper in step.papers}

    assert {name: count for name, count in counts.items() if count} == {
        "Rencana Kerja Sama (7 muatan minimum)": 7,
        "Rancangan Naskah Kerja Sama (11 muatan)": 11,
        "Laporan pelaksanaan tahunan (9 muatan)": 9,
        "Kajian (judul; latar belakang; maksud dan tujuan; pemetaan potensi, karakteristik, kebutuhan; manfaat; kesimpulan)": 6,
    }


@pytest.mark.parametrize(
    "sent", [{"document": "99"}, {"document": "x"}, {"document": "0", "attachment": "0"}, {"document": "0", "attachment": "x"}]
)
def test_a_document_or_a_file_that_is_none(app: Flask, sinta: Person, kb: Way, sent: dict[str, str]) -> None:
    answer = sinta.post("/admin/stage/document/", {"id": str(kb.stage("persiapan").id), **sent})

    assert (answer.status_code, "obstacle" in answer.text) == (422, True)
    assert states(kb, "persiapan") == {KAK: "missing", PLAN: "missing", OPTIONAL: "missing"}
