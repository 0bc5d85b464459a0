"""The assembly: two questions decide at home, always abroad, where silence counts as consent once its time has passed."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from rules.law_parts import QUESTIONS
from tests.people import Person
from tests.ways import BURDENS, CONSENT_NEEDED, NO_CONSENT_NEEDED, UNBUDGETED, Way, file_of

DPRD = "persetujuan_dprd"
HOME = ("ksdd_wajib", "ksdd_sukarela", "ksdpk_prakarsa_daerah", "ksdpk_prakarsa_pihak_ketiga")
ASK = [f"Jawab dulu pertanyaan: {QUESTIONS[key].text}" for key in (BURDENS, UNBUDGETED)]


@pytest.fixture
def pks(session: Session) -> Way:
    return Way(session, "ksdd_sukarela", "pks").walk(DPRD)


@pytest.mark.parametrize("kind", HOME)
@pytest.mark.parametrize(
    ("burdens", "unbudgeted", "verb"),
    [(False, False, "skip"), (True, False, "start"), (False, True, "start"), (True, True, "start")],
)
def test_the_two_questions_decide(session: Session, kind: str, burdens: bool, unbudgeted: bool, verb: str) -> None:
    way = Way(session, kind, "pks").walk(DPRD)
    answers = {BURDENS: (burdens, "Alasan satu"), UNBUDGETED: (unbudgeted, "Alasan dua")}

    assert way.refused("skip" if verb == "start" else "start", DPRD, answers=answers)
    way.move(verb, DPRD, answers=answers)

    assert way.states()[DPRD] == ("skipped" if verb == "skip" else "running")


def test_without_answers_it_is_neither_walked_nor_skipped(pks: Way) -> None:
    assert pks.refused("start", DPRD) == ASK
    assert pks.refused("skip", DPRD) == ASK


def test_each_answer_needs_its_reason(pks: Way) -> None:
    answers = {BURDENS: (False, ""), UNBUDGETED: (False, "  ")}

    assert pks.refused("skip", DPRD, answers=answers) == [
        f"Isi alasan jawaban “{QUESTIONS[key].text}”" for key in (BURDENS, UNBUDGETED)
    ]


def test_the_ground_is_kept_with_reasons_article_and_proof(pks: Way) -> None:
    proof = file_of(pks.session, pks.agreement, "DPA 2026")

    pks.move("skip", DPRD, answers=NO_CONSENT_NEEDED, files=[proof])

    assert pks.stage(DPRD).ground == (
        "Apakah rencana kerja sama ini membebani masyarakat dan daerah? Tidak: Tidak ada pungutan. "
        "Apakah pendanaannya belum teranggarkan dalam APBD tahun berjalan? Tidak: DPA 2026. "
        "Dasar: PP 28/2018 Pasal 6 ayat (2)."
    )
    assert {key: (answer.yes, answer.attachment_id) for key, answer in pks.case.answers.items()} == {
        BURDENS: (False, proof), UNBUDGETED: (False, proof),
    }  # fmt: skip


def test_an_answer_that_a_stage_rests_on_is_not_changed_beneath_it(pks: Way) -> None:
    pks.move("skip", DPRD, answers=NO_CONSENT_NEEDED)

    assert pks.refused("start", "penyusunan_pks", answers=CONSENT_NEEDED) == [
        "Jawaban ini menjadi dasar tahap “Persetujuan DPRD”. Buka kembali tahap itu dulu untuk mengubah jawabannya."
    ]


def test_by_the_form(sinta: Person, pks: Way) -> None:
    data = {
        "verb": "skip", "id": str(pks.stage(DPRD).id), f"answer_{BURDENS}": "no", f"answer_{BURDENS}_reason": "Tidak ada pungutan",
        f"answer_{UNBUDGETED}": "no",
    }  # fmt: skip
    answer = sinta.post("/admin/stage/move/", data)
    assert (answer.status_code, answer.text.count('class="obstacle"')) == (422, 1)

    answer = sinta.post("/admin/stage/move/", data | {f"answer_{UNBUDGETED}_reason": "Ada dalam DPA"})
    assert answer.status_code == 303


@pytest.mark.parametrize("value", ["maybe", "YES", "1", "ya"])
def test_an_answer_that_is_neither_yes_nor_no(sinta: Person, pks: Way, value: str) -> None:
    data = {"verb": "skip", "id": str(pks.stage(DPRD).id), f"answer_{BURDENS}": value}
    answer = sinta.post("/admin/stage/move/", data)

    assert (answer.status_code, "Jawab pertanyaan dengan ya atau tidak." in answer.text) == (422, True)


# --- abroad ---------------------------------------------------------------------------------------------------------

RECEIVED, DUE = date(2026, 3, 3), date(2026, 5, 18)
ANSWER = "Pernyataan persetujuan atau penolakan DPRD"


@pytest.fixture(params=["ksdpl", "ksdll_lainnya"])
def naskah(request: pytest.FixtureRequest, session: Session) -> Way:
    way = Way(session, request.param, "naskah").walk(DPRD)
    way.move("start", DPRD, date(2026, 3, 2))
    way.move("wait", DPRD, RECEIVED)
    return way


def letters(way: Way) -> list[int]:
    names = ("Surat Kepala Daerah: permohonan persetujuan", "Lampiran: Rencana Kerja Sama", "Lampiran: Pernyataan Kehendak")
    return [file_of(way.session, way.agreement, name) for name in names]


def test_abroad_it_is_always_walked(session: Session) -> None:
    way = Way(session, "ksdpl", "naskah").walk(DPRD)

    assert way.refused("skip", DPRD, ground="Tidak perlu") == [
        "Tahap “Persetujuan DPRD” tidak boleh dilewati menurut peraturan. Selesaikan tahap ini."
    ]


def test_its_45_days_are_explained(naskah: Way) -> None:
    (told,) = [stage for stage in naskah.json["stages"] if stage["key"] == DPRD]

    assert told["due_on"] == "2026-05-18"
    assert told["due_explained"] == "45 hari kerja sesudah 3 Maret 2026, tanpa 9 hari libur dan cuti bersama → 18 Mei 2026"


def test_silence_does_not_count_before_its_time(app: Flask, naskah: Way) -> None:
    app.config["SIKERJA_TODAY"] = DUE

    assert naskah.refused("finish", DPRD, DUE, ground="dianggap_disetujui", files=letters(naskah)) == [
        "Jawaban masih ditunggu sampai 18 Mei 2026. Sesudah tanggal itu persetujuan dapat dicatat sebagai dianggap disetujui."
    ]


def test_silence_counts_as_consent_afterwards(naskah: Way) -> None:
    following = naskah.told.next
    assert following is not None
    assert following.silence
    assert following.text == "Jawaban DPRD tidak datang dalam waktunya. Dianggap disetujui; dilanjutkan kepada Menteri."

    naskah.move("finish", DPRD, date(2026, 5, 19), ground="dianggap_disetujui", files=letters(naskah))

    assert naskah.events(DPRD)[-1] == ("deemed", "waiting", "finished")
    states = {row["name"]: row["state"] for row in naskah.json["documents"]}
    assert (states[ANSWER], states["Persetujuan DPRD (atau catatan dianggap disetujui)"]) == ("deemed", "deemed")


def test_an_answer_that_comes_late_takes_its_place(naskah: Way, sinta: Person) -> None:
    naskah.move("finish", DPRD, date(2026, 5, 19), ground="dianggap_disetujui", files=letters(naskah))
    letter = file_of(naskah.session, naskah.agreement, "Jawaban DPRD")
    number = [document.name for document in naskah.case.rules[DPRD].documents].index(ANSWER)
    data = {"id": str(naskah.stage(DPRD).id), "document": str(number), "attachment": str(letter)}

    assert sinta.post("/admin/stage/document/", data).status_code == 303

    naskah.session.expire_all()
    assert naskah.events(DPRD)[-1][0] == "late_answer"
    states = {row["name"]: row["state"] for row in naskah.json["documents"]}
    assert (states[ANSWER], states["Persetujuan DPRD (atau catatan dianggap disetujui)"]) == ("present", "missing")


def test_a_refusal_that_comes_late_opens_the_stage_again(naskah: Way) -> None:
    naskah.move("finish", DPRD, date(2026, 5, 19), ground="dianggap_disetujui", files=letters(naskah))
    naskah.move("start", "verifikasi", date(2026, 5, 20))

    assert naskah.refused("reopen", DPRD) == [
        "Tahap “Verifikasi dan pertimbangan Menteri” sudah berjalan sesudahnya. Buka kembali tahap itu dulu."
    ]
    naskah.move("reopen", "verifikasi", date(2026, 6, 1))
    naskah.move("reopen", DPRD, date(2026, 6, 1))
    naskah.move("send_back", DPRD, date(2026, 6, 1), remark="DPRD menolak dengan surat 1 Juni 2026.")
    assert naskah.states()[DPRD] == "returned"


@pytest.mark.parametrize("kind", HOME)
def test_at_home_silence_is_no_consent(session: Session, kind: str) -> None:
    way = Way(session, kind, "pks").walk(DPRD)
    way.move("start", DPRD, answers=CONSENT_NEEDED)

    told = way.refused("finish", DPRD, ground="dianggap_disetujui", files=[file_of(session, way.agreement)], remark="x")

    assert told == ["Menurut peraturan yang sudah diperiksa, tahap “Persetujuan DPRD” tidak dapat dianggap disetujui."]
    (stage,) = [stage for stage in way.json["stages"] if stage["key"] == DPRD]
    assert (stage["due_on"], stage["due_explained"]) == (None, None)


def test_for_penerusan_the_answer_is_kept_and_no_stage_follows(app: Flask, session: Session) -> None:
    way = Way(session, "ksdll_penerusan", "rencana_penerusan")
    question = "persetujuan_dprd_pada_penerusan"
    first = way.laid_out()[0]

    assert DPRD not in way.laid_out()
    assert way.refused("start", first, answers={question: (True, "")}) == [
        "Isi alasan jawaban “Apakah persetujuan DPRD diminta untuk penerusan kerja sama ini?”"
    ]
    way.move("start", first, answers={question: (True, "Diminta Kementerian")})
    assert [(answer.question, answer.yes) for answer in way.case.answers.values()] == [(question, True)]
