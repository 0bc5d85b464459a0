"""The six verbs on a stage: from which state to which, in which order, what each asks for, and how it is taken back."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from models import Stage
from rules import codes
from sikerja.refusals import Conflict
from tests.people import Person
from tests.together import at_once
from tests.ways import BEGIN, Way, file_of

TOMORROW = date(2026, 11, 25)


@pytest.fixture
def kb(session: Session) -> Way:
    return Way(session, "ksdd_sukarela", "kb")


def bring_to(way: Way, state: str) -> None:
    """The first stage in this state."""
    given: dict[str, Any] = {"files": [file_of(way.session, way.agreement)], "remark": "Dicatat"}
    steps = {
        "planned": [], "running": ["start"], "waiting": ["start", "wait"], "returned": ["start", "send_back"],
        "finished": ["start", "finish"],
    }  # fmt: skip
    for verb in steps[state]:
        way.move(verb, "persiapan", BEGIN, **(given if verb in ("finish", "send_back") else {}))


# State -> verb -> where it leads; every other verb is refused (or was done already).
LEADS = {
    "planned": {"start": "running"},
    "running": {"finish": "finished", "wait": "waiting", "send_back": "returned", "reopen": "planned"},
    "waiting": {"start": "running", "finish": "finished", "send_back": "returned", "reopen": "planned"},
    "returned": {"start": "running", "finish": "finished", "wait": "waiting", "reopen": "planned"},
    "finished": {"reopen": "running"},
}


@pytest.mark.parametrize("state", LEADS)
@pytest.mark.parametrize("verb", codes.STAGE_VERBS)
def test_a_verb_leads_from_its_states_only(kb: Way, state: str, verb: str) -> None:
    bring_to(kb, state)
    asked: dict[str, Any] = {"remark": "Karena itu", "ground": "Dasar", "files": [file_of(kb.session, kb.agreement)]}

    if verb in LEADS[state]:
        kb.move(verb, "persiapan", BEGIN, **asked)
        assert kb.stage("persiapan").status == LEADS[state][verb]
        assert kb.events("persiapan")[-1] == (verb, state, LEADS[state][verb])
    else:
        assert kb.refused(verb, "persiapan", BEGIN, **asked)


def test_one_stage_after_another(kb: Way) -> None:
    assert kb.refused("start", "penyusunan_kb") == [
        "Tahap “Persiapan” belum selesai. Selesaikan tahap itu dulu.",
        "Tahap “Penawaran” belum selesai. Selesaikan tahap itu dulu.",
    ]


def test_all_obstacles_are_told_at_once(kb: Way) -> None:
    kb.move("start", "persiapan")

    told = kb.refused("finish", "persiapan", TOMORROW, files=[99999], answers={"apa_saja": (True, "")}, holder="siapa")

    assert told == [
        "Pilih siapa yang ditunggu dari daftar.",
        "Pertanyaan “apa_saja” tidak ada pada naskah ini. Muat ulang halaman, lalu jawab lagi.",
        "Dokumen yang dipilih bukan berkas naskah ini atau keluarganya. Pilih berkas yang ada, atau unggah dulu.",
        "Tanggal tidak boleh di masa depan. Isi tanggal hari ini atau sebelumnya.",
        "Dokumen “Bukti objek tercantum dalam dokumen perencanaan (RPJMD/RKPD) atau alasan pengecualian” belum ada. Unggah atau "
        "pilih berkasnya. Dasar: PP 28/2018 Pasal 4 ayat (2) dan ayat (3).",
        "Belum ada: “Kerangka Acuan Kerja (KAK) KSDD” (praktik). Lampirkan, atau tulis alasannya pada catatan.",
    ]


@pytest.mark.parametrize(
    ("verb", "on", "told"),
    [
        ("start", TOMORROW, "Tanggal tidak boleh di masa depan. Isi tanggal hari ini atau sebelumnya."),
        (
            "start",
            date(2018, 7, 12),
            "Tanggal terlalu lampau: peraturan yang mengatur tahap ini ada sejak 13 Juli 2018. Catat naskah lama sebagai arsip.",
        ),
    ],
)
def test_days_that_can_not_be(kb: Way, verb: str, on: date, told: str) -> None:
    assert kb.refused(verb, "persiapan", on) == [told]


def test_a_stage_does_not_end_before_it_began(kb: Way) -> None:
    kb.move("start", "persiapan", date(2026, 2, 10))

    told = kb.refused("wait", "persiapan", date(2026, 2, 9))

    assert told == [
        "Tanggal lebih awal daripada langkah sebelumnya pada tahap ini, 10 Februari 2026. Isi tanggal itu atau sesudahnya."
    ]


def test_a_stage_does_not_begin_before_the_one_before_it_ended(kb: Way) -> None:
    kb.walk("penawaran", on=date(2026, 2, 10))

    assert kb.refused("start", "penawaran", date(2026, 2, 9)) == [
        "Tanggal lebih awal daripada selesainya tahap sebelumnya, 10 Februari 2026. Isi tanggal itu atau sesudahnya."
    ]


def test_sending_back_asks_what_is_to_be_mended(kb: Way) -> None:
    kb.move("start", "persiapan")

    assert kb.refused("send_back", "persiapan") == ["Isi catatan: apa yang harus diperbaiki pada tahap “Persiapan”."]

    kb.move("send_back", "persiapan", remark="KAK belum memuat pembiayaan.")
    assert (kb.stage("persiapan").status, kb.stage("persiapan").remark) == ("returned", "KAK belum memuat pembiayaan.")


def test_a_stage_of_the_law_is_not_skipped_without_its_ground(kb: Way) -> None:
    assert kb.refused("skip", "persiapan", ground="Tidak perlu", override_reason="", remark="Tidak perlu") == [
        "Tahap “Persiapan” tidak boleh dilewati menurut peraturan. Selesaikan tahap ini."
    ]


def test_an_internal_stage_is_skipped_with_a_reason(session: Session, kb: Way) -> None:
    session.add(Stage(agreement_id=kb.agreement.id, key="rapat_tkksd", name="Rapat TKKSD", position=2))
    session.commit()

    assert kb.refused("skip", "rapat_tkksd") == ["Isi dasar atau alasan melewati tahap ini."]

    kb.move("skip", "rapat_tkksd", ground="Dibahas lewat surat.")
    assert kb.stage("rapat_tkksd").ground == "Dibahas lewat surat."


def test_an_internal_stage_waits_for_none_and_holds_none(session: Session, kb: Way) -> None:
    session.add(Stage(agreement_id=kb.agreement.id, key="rapat_tkksd", name="Rapat TKKSD", position=3))
    session.commit()

    kb.move("start", "rapat_tkksd")
    kb.move("start", "persiapan")

    assert kb.json["current"] == "persiapan"


# --- signing ------------------------------------------------------------------------------------------------------


def test_the_end_of_the_signing_stage_is_the_signature(kb: Way) -> None:
    kb.walk("penandatanganan_kb")
    assert kb.refused("start", "penatausahaan") == [
        "Naskah ini belum ditandatangani. Tahap “Penatausahaan” berjalan sesudah penandatanganan."
    ]
    kb.move("start", "penandatanganan_kb")
    kb.move("finish", "penandatanganan_kb", date(2026, 3, 2), files=[file_of(kb.session, kb.agreement)])

    assert (kb.agreement.signed_on, kb.agreement.year) == (date(2026, 3, 2), 2026)
    kb.move("start", "penatausahaan")
    kb.move("start", "pelaporan")
    assert kb.states()["penatausahaan"] == kb.states()["pelaporan"] == "running"


def test_the_signature_gives_the_end_that_the_duration_says(session: Session) -> None:
    kb = Way(session, "ksdd_sukarela", "kb", duration="2 tahun").walk("penandatanganan_kb")
    kb.move("start", "penandatanganan_kb")
    kb.move("finish", "penandatanganan_kb", date(2026, 3, 2), files=[file_of(session, kb.agreement)])

    assert kb.agreement.ends_on == date(2028, 3, 2)

    kb.move("reopen", "penandatanganan_kb")
    assert (kb.agreement.signed_on, kb.agreement.ends_on) == (None, None)


def test_the_signature_is_taken_back_with_its_stage_once_nothing_runs_after_it(kb: Way) -> None:
    kb.walk("penatausahaan")
    kb.move("start", "penatausahaan")

    assert kb.refused("reopen", "penandatanganan_kb") == [
        "Tahap “Penatausahaan” sudah berjalan sesudahnya. Buka kembali tahap itu dulu."
    ]

    kb.move("reopen", "penatausahaan")
    kb.move("reopen", "penandatanganan_kb")
    assert (kb.agreement.signed_on, kb.stage("penandatanganan_kb").status) == (None, "running")


def test_a_pks_waits_for_the_signature_of_its_kb(session: Session, kb: Way) -> None:
    pks = Way(session, "ksdd_sukarela", "pks", kb)
    asked = {"answers": {"membebani_masyarakat_dan_daerah": (True, "Ada pungutan.")}}

    assert pks.refused("start", "persetujuan_dprd", **asked) == [
        f"Kesepakatan Bersama induknya, {kb.agreement.register_no}, belum ditandatangani. Tahap ini menunggu penandatanganannya."
    ]

    kb.walk()
    pks.move("start", "persetujuan_dprd", kb.day, **asked)
    assert pks.states() == {"persetujuan_dprd": "running"}


@pytest.mark.parametrize("given", [{"by_power": True}, {"post": "Sekretaris Daerah"}])
def test_a_kb_is_not_signed_by_power_of_attorney(kb: Way, given: dict[str, Any]) -> None:
    kb.walk("penandatanganan_kb")
    ours = kb.case.ours
    assert ours is not None
    ours.by_power, ours.signatory_post = given.get("by_power", False), given.get("post", "")
    kb.session.commit()
    kb.move("start", "penandatanganan_kb")

    told = kb.refused("finish", "penandatanganan_kb", files=[file_of(kb.session, kb.agreement)], override_reason="", remark="x")

    assert told == [
        "Kesepakatan Bersama ditandatangani kepala daerah sendiri, tanpa surat kuasa. Perbaiki penandatangannya pada Ubah data."
    ]


# --- what the agreement has against it ------------------------------------------------------------------------------


def test_a_closed_offer_does_not_move(kb: Way) -> None:
    kb.agreement.closed_on, kb.agreement.closed_as = BEGIN, "refused"
    kb.session.commit()

    assert kb.refused("start", "persiapan") == ["Penawaran ini sudah ditutup. Buka kembali dulu penawarannya."]
    assert kb.json["next"] is None


# --- by the user's way in -----------------------------------------------------------------------------------------


def post(person: Person, verb: str, *stages: int, **more: Any) -> Any:
    return person.post("/admin/stage/move/", [("verb", verb), *(("id", str(key)) for key in stages), *more.items()])


def test_a_clerk_moves_a_stage(sinta: Person, kb: Way) -> None:
    answer = post(sinta, "start", kb.stage("persiapan").id, on="5 Januari 2026")

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/admin/agreement/details/?id={kb.agreement.id}"
    assert kb.states() == {"persiapan": "running"}


def test_in_bulk_what_can_moves_and_the_answer_names_both(sinta: Person, session: Session) -> None:
    ways = [Way(session, "ksdd_sukarela", "kb", title=f"Naskah {number}") for number in range(3)]
    ways[1].move("start", "persiapan")
    keys = [way.stage("persiapan").id for way in (ways[0], ways[2])]
    late = ways[1].stage("penawaran").id

    answer = post(sinta, "start", *keys, late, remark="Rapat 5 Januari")

    assert answer.status_code == 422
    assert answer.text.count('class="obstacle"') == 1
    assert "Tahap “Persiapan” belum selesai. Selesaikan tahap itu dulu." in answer.text
    session.expire_all()
    assert [way.states() for way in ways] == [{"persiapan": "running"}] * 3


@pytest.mark.parametrize("key", ["0", "999999", "x", "-1", "9" * 40, "1; DROP TABLE stage", "１"])
def test_an_unknown_stage_is_told(sinta: Person, key: str) -> None:
    answer = sinta.post("/admin/stage/move/", {"verb": "start", "id": key})

    assert (answer.status_code, "obstacle" in answer.text) == (422, True)


@pytest.mark.parametrize("verb", ["", "delete", "START", "start " * 9])
def test_an_unknown_verb_is_told(sinta: Person, kb: Way, verb: str) -> None:
    answer = post(sinta, verb, kb.stage("persiapan").id)

    assert answer.status_code == 422
    assert "Tindakan ini tidak dikenal." in answer.text
    assert kb.states() == {}


def test_without_a_stage_nothing_is_moved(sinta: Person) -> None:
    assert sinta.post("/admin/stage/move/", {"verb": "start"}).status_code == 422


def test_a_day_that_is_none_is_told(sinta: Person, kb: Way) -> None:
    answer = post(sinta, "start", kb.stage("persiapan").id, on="31/02/2026")

    assert (answer.status_code, kb.states()) == (422, {})
    assert "Tanggal tidak dikenali." in answer.text


@pytest.mark.parametrize("role", ["unit", "auditor", None])
def test_who_may_not_move(app: Flask, kb: Way, role: str | None) -> None:
    person = Person(app, role)
    data = {"verb": "start", "id": str(kb.stage("persiapan").id), "override_reason": "Saya"}
    answer = person.post("/admin/stage/move/", data, page="/account/" if role else "/login")

    assert answer.status_code in ((403,) if role else (401,))
    assert kb.states() == {}


def test_the_leadership_moves_nothing_but_what_it_passes_over_with_a_reason(rahmat: Person, kb: Way) -> None:
    assert post(rahmat, "start", kb.stage("persiapan").id).status_code == 403
    assert kb.states() == {}


def test_two_at_once_move_it_once(app: Flask, kb: Way) -> None:
    people = [Person(app, "staff"), Person(app, "admin")]
    key = kb.stage("persiapan").id
    kb.session.rollback()

    answers = at_once(app, lambda number: post(people[number], "start", key).status_code, 2)

    assert sorted(answers) == [303, 409]
    assert kb.events("persiapan") == [("start", "planned", "running")]


def test_a_second_press_is_a_conflict(sinta: Person, kb: Way) -> None:
    key = kb.stage("persiapan").id
    post(sinta, "start", key)

    answer = post(sinta, "start", key)

    assert answer.status_code == 409
    assert "Orang lain baru saja memindahkan tahap “Persiapan”." in answer.text
    with pytest.raises(Conflict):
        kb.move("start", "persiapan")
