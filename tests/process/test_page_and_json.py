"""The details page and `explain` tell the same: every stage, every deadline, what comes next, every document, every obstacle."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models import Stage
from rules import codes
from sikerja import formats, offers, stages
from sikerja.offers import Closing
from sikerja.process import papers
from tests.pages import texts
from tests.people import Person
from tests.ways import CONSENT_NEEDED, NO_CONSENT_NEEDED, Way, file_of, page_of

DPRD = "persetujuan_dprd"
HOME, ABROAD = "ksdd_sukarela", "ksdpl"


# --- agreements in every state -----------------------------------------------------------------------------------


def just_laid_out(session: Session) -> Way:
    return Way(session, "ksdpk_prakarsa_daerah", "kb")


def running_with_obstacles(session: Session) -> Way:
    way = Way(session, HOME, "kb")
    way.move("start", "persiapan", date(2026, 1, 5))
    return way


def with_one_document(session: Session) -> Way:
    way = running_with_obstacles(session)
    way.move("wait", "persiapan", date(2026, 1, 6), holder="unit")
    plan = "Bukti objek tercantum dalam dokumen perencanaan (RPJMD/RKPD) atau alasan pengecualian"
    way.move("start", "persiapan", date(2026, 1, 7))
    way.move("finish", "persiapan", date(2026, 1, 8), files=[file_of(session, way.agreement, plan)], remark="Menyusul")
    return way


def a_refused_document(session: Session) -> Way:
    way = running_with_obstacles(session)
    file_of(session, way.agreement, "Ditolak", verdict="refused")
    way.walk("penawaran")
    return way


def sent_back(session: Session) -> Way:
    way = running_with_obstacles(session)
    way.move("send_back", "persiapan", date(2026, 2, 2), remark="KAK belum lengkap")
    return way


def assembly_asked(session: Session) -> Way:
    return Way(session, HOME, "pks").walk(DPRD)


def assembly_skipped(session: Session) -> Way:
    way = assembly_asked(session)
    way.move("skip", DPRD, answers=NO_CONSENT_NEEDED)
    return way


def assembly_awaited(session: Session) -> Way:
    way = assembly_asked(session)
    way.move("start", DPRD, date(2026, 11, 2), answers=CONSENT_NEEDED)
    way.move("wait", DPRD, date(2026, 11, 3))
    return way


def counted_by_law(session: Session) -> Way:
    way = Way(session, ABROAD, "naskah").walk(DPRD)
    way.move("start", DPRD, date(2026, 10, 5))
    way.move("wait", DPRD, date(2026, 10, 6))
    return way


def silence_counts(session: Session) -> Way:
    way = Way(session, ABROAD, "naskah").walk(DPRD)
    way.move("start", DPRD, date(2026, 3, 2))
    way.move("wait", DPRD, date(2026, 3, 3))
    return way


def deemed_approved(session: Session) -> Way:
    way = silence_counts(session)
    sent = file_of(session, way.agreement, "Permohonan dan lampirannya")
    way.move("finish", DPRD, date(2026, 6, 1), ground="dianggap_disetujui", files=[sent], remark="Tidak ada jawaban")
    return way


def side_by_side(session: Session) -> Way:
    way = Way(session, HOME, "pks").walk("pelaksanaan")
    for key in ("pelaksanaan", "penatausahaan"):
        way.move("start", key)
    return way


def at_the_end(session: Session) -> Way:
    return Way(session, HOME, "kb").walk()


def with_an_internal_stage(session: Session) -> Way:
    way = running_with_obstacles(session)
    own = Stage(agreement_id=way.agreement.id, name="Rapat TKKSD", key="rapat_tkksd", position=2, due_on=date(2026, 12, 1))
    own.status, own.started_on, own.holder = "running", date(2026, 11, 20), "tkksd"
    way.stage("persiapan").due_on = date(2026, 11, 1)
    session.add(own)
    session.flush()
    stages.keep_current(session, way.agreement)
    session.commit()
    return way


def a_target_ahead(session: Session) -> Way:
    way = running_with_obstacles(session)
    way.stage("penawaran").due_on = date(2026, 12, 15)
    session.commit()
    return way


def closed(session: Session) -> Way:
    way = running_with_obstacles(session)
    offers.close(session, way.agreement, Closing("refused", None, "Tidak sesuai RPJMD"))
    session.commit()
    return way


def from_the_archive(session: Session) -> Way:
    return Way(session, HOME, "kb", origin="archive")


def special(session: Session) -> Way:
    return Way(session, "ksdpk_prakarsa_daerah", "pks", special_procedure=True)


def without_procedure(session: Session) -> Way:
    return Way(session, None, "pks")


def of_an_instrument_that_walks_nothing(session: Session) -> Way:
    return Way(session, HOME, "other")


def passed_on(session: Session) -> Way:
    return Way(session, "ksdll_penerusan", "rencana_penerusan")


EVERY_STATE = (
    just_laid_out, running_with_obstacles, with_one_document, a_refused_document, sent_back, assembly_asked, assembly_skipped,
    assembly_awaited, counted_by_law, silence_counts, deemed_approved, side_by_side, at_the_end, with_an_internal_stage,
    a_target_ahead, closed, from_the_archive, special, without_procedure, of_an_instrument_that_walks_nothing, passed_on,
)  # fmt: skip


# --- what each tells ---------------------------------------------------------------------------------------------


def line_of(html: str) -> list[tuple[dict[str, str], str]]:
    return texts(html, *(f"is-{state}" for state in ("done", "current", "waiting", "returned", "skipped", "ahead")))


def words(html: str, *css: str) -> list[str]:
    return [said for _, said in texts(html, *css)]


def status_word(stage: dict[str, Any]) -> str:
    word = codes.STAGE_STATUSES[stage["status"]]
    if stage["status"] == "waiting":
        return f"{word} {codes.HOLDERS[stage['holder']]}"
    if stage["finished_on"]:
        return f"{word}, {formats.short_date(date.fromisoformat(stage['finished_on']))}"
    return word


def document_words(state: str) -> tuple[str, ...]:
    """A document that nobody must have is told more gently than one that is missing."""
    return (papers.STATES[state], "Tidak ada") if state == papers.MISSING else (papers.STATES[state],)


@pytest.fixture
def both(session: Session, sinta: Person) -> Callable[..., tuple[str, dict[str, Any]]]:
    def look(make: Callable[[Session], Way]) -> tuple[str, dict[str, Any]]:
        way = make(session)
        key, told = way.agreement.id, way.json
        session.rollback()
        return sinta.get(f"/admin/agreement/details/?id={key}").text, told

    return look


@pytest.mark.parametrize("make", EVERY_STATE)
def test_the_line_of_stages(both: Any, make: Any) -> None:
    page, told = both(make)

    line = line_of(page)
    assert len(line) == len(told["stages"])
    for (about, said), stage in zip(line, told["stages"], strict=True):
        assert stage["name"] in said
        assert status_word(stage) in said
        assert about.get("title", "") == (stage["ground"] or "")


@pytest.mark.parametrize("make", EVERY_STATE)
def test_every_deadline_with_what_it_was_counted_from(both: Any, make: Any) -> None:
    page, told = both(make)

    said = " ".join(words(page, "sk-due", "sk-s-table"))
    missing = [
        stage["due_explained"] for stage in told["stages"] if stage["due_explained"] and stage["due_explained"] not in said
    ]
    assert missing == []


@pytest.mark.parametrize("make", EVERY_STATE)
def test_what_comes_next_with_its_basis_and_obstacles(both: Any, make: Any) -> None:
    page, told = both(make)

    boxes = words(page, "sk-next")
    assert len(boxes) == (told["next"] is not None)
    for box in boxes:
        assert box.startswith(f"Langkah berikut: {told['next']['text']}")
        assert [each["text"] for each in told["next"]["basis"] if each["text"] not in box] == []
    assert [each for each in told["obstacles"] if each not in " ".join(boxes)] == []
    assert words(page, "obstacle") == []  # those are of what was refused, and nothing was


@pytest.mark.parametrize("make", EVERY_STATE)
def test_every_document_with_its_state(both: Any, make: Any) -> None:
    page, told = both(make)

    rows = words(page, "sk-doc")
    assert len(rows) == len(told["documents"])
    for said, document in zip(rows, told["documents"], strict=True):
        assert said.startswith(document["name"])
        assert any(word in said for word in document_words(document["state"]))
        assert ("menahan" in said) == document["blocks"]


@pytest.mark.parametrize("make", [assembly_skipped, counted_by_law, with_an_internal_stage, closed])
def test_the_leadership_and_the_auditor_read_the_same(session: Session, rahmat: Person, bima: Person, make: Any) -> None:
    way = make(session)
    key, told = way.agreement.id, way.json
    session.rollback()

    for person in (rahmat, bima):
        page = person.get(f"/admin/agreement/details/?id={key}").text
        assert [
            stage["name"] for stage in told["stages"] if stage["name"] not in " ".join(said for _, said in line_of(page))
        ] == []
        assert len(words(page, "sk-doc")) == len(told["documents"])
        assert len(words(page, "sk-next")) == (told["next"] is not None)


# --- what only the page tells ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "title"),
    [
        (running_with_obstacles, "Tahap 1 dari 6: Persiapan"),
        (assembly_skipped, "Tahap 4 dari 8: Penyusunan perjanjian kerja sama"),
        (side_by_side, "Tahap 6 dari 8: Pelaksanaan"),
        (at_the_end, "Tahap"),
    ],
)
def test_how_far_it_is(session: Session, sinta: Person, make: Any, title: str) -> None:
    assert [each for each in words(page_of(sinta, make(session)), "sk-s-steps") if each.startswith(f"{title} ")]


def test_on_which_ground_a_stage_fell_away_is_read_without_a_mouse(session: Session, bima: Person) -> None:
    way = assembly_skipped(session)
    ground = way.stage(DPRD).ground

    (said,) = [each for each in words(page_of(bima, way), "sk-s-facts") if each.startswith("Tahap yang dilewati")]
    assert said == f"Tahap yang dilewati Persetujuan DPRD {ground}"
    assert ground.endswith("Dasar: PP 28/2018 Pasal 6 ayat (2).")


def test_a_stage_that_fell_away_wants_no_document(session: Session, sinta: Person) -> None:
    way = assembly_skipped(session)

    states = {(row["state"], row["blocks"]) for row in way.json["documents"] if row["stage"] == DPRD}
    assert states == {("not_needed", False)}


def test_without_a_file_there_is_nothing_to_choose_from(session: Session, sinta: Person) -> None:
    way = running_with_obstacles(session)
    assert 'name="document_0"' not in page_of(sinta, way)

    file_of(session, way.agreement, "Kerangka Acuan Kerja (KAK) KSDD")
    assert 'name="document_0"' in page_of(sinta, way)


@pytest.mark.parametrize(
    ("make", "there"), [(special, 1), (without_procedure, 1), (running_with_obstacles, 1), (from_the_archive, 0)]
)
def test_who_walks_no_law_is_led_to_stages_of_their_own(session: Session, sinta: Person, make: Any, there: int) -> None:
    assert page_of(sinta, make(session)).count("Tambah tahap internal") == there


def test_a_start_is_taken_back_in_words_of_its_own(session: Session, sinta: Person) -> None:
    assert "Batalkan mulai tahap" in page_of(sinta, running_with_obstacles(session))
    assert "Batalkan mulai tahap" not in page_of(sinta, with_one_document(session))


@pytest.mark.parametrize(("verb", "remark"), [("wait", ""), ("send_back", "Lengkapi KAK.")])
def test_what_waits_or_was_sent_back_is_gone_on_with_not_begun(session: Session, sinta: Person, verb: str, remark: str) -> None:
    way = Way(session, "ksdd_sukarela", "kb")
    assert "Mulai tahap" in page_of(sinta, way)

    way.move("start", "persiapan")
    way.move(verb, "persiapan", remark=remark)

    assert "Lanjutkan tahap" in page_of(sinta, way)
    assert "Mulai tahap" not in page_of(sinta, way)


def test_the_history_tells_a_question_in_words(session: Session, sinta: Person) -> None:
    said = words(page_of(sinta, assembly_skipped(session)), "sk-s-history")[0]

    assert "Apakah rencana kerja sama ini membebani masyarakat dan daerah?" in said
    assert "membebani_masyarakat_dan_daerah" not in said
