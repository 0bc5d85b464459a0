"""The page of a stage and what leads away from it: its verbs on the screen, its questions, what stays with its agreement."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models import Stage
from sikerja import stages
from tests.browser import SIZES, Window
from tests.pages import form_to, text_of, title_of
from tests.people import Person
from tests.process.stagepages import MOVE, details, edit
from tests.sentences import obstacles_of
from tests.ways import BEGIN, CONSENT_NEEDED, Way


@pytest.fixture
def kb(session: Session) -> Way:
    return Way(session, "ksdd_sukarela", "kb", title="KB air minum")


def meeting_of(session: Session, way: Way) -> int:
    """An internal stage of that agreement."""
    row = Stage(agreement_id=way.agreement.id, key="rapat_tkksd", name="Rapat TKKSD", position=2)
    session.add(row)
    session.flush()
    stages.keep_current(session, way.agreement)
    session.commit()
    return row.id


def verbs_on(page: str) -> set[str]:
    return set(re.findall(r'name="verb" value="(\w+)"', page))


# --- what is not thrown away, and what is not taken elsewhere -------------------------------------------------------


def test_a_stage_of_the_law_that_was_to_be_thrown_away_shows_what_can_be_done_instead(sinta: Person, kb: Way) -> None:
    kb.move("start", "persiapan")

    answer = sinta.post("/admin/stage/delete/", {"id": str(kb.id_of("persiapan"))})

    assert (answer.status_code, title_of(answer.text)) == (422, "Persiapan")
    assert [words.partition(".")[0] for words in obstacles_of(answer.text)] == [
        "Tahap ini disyaratkan peraturan, jadi tidak dapat dibuang"
    ]
    assert verbs_on(answer.text) == {"finish", "send_back", "wait", "reopen"}


def test_a_stage_that_has_a_history_stays_with_its_agreement(sinta: Person, session: Session, kb: Way) -> None:
    other = Way(session, "ksdd_sukarela", "kb", title="KB lain").agreement.id
    key, home = meeting_of(session, kb), kb.agreement.id
    kb.move("start", "rapat_tkksd")
    session.rollback()
    sent = form_to(sinta.get(edit(key)).text, "").with_values(agreement=str(other))

    answer = sinta.post(edit(key), sent)

    assert answer.status_code == 422
    assert "Tahap ini sudah punya riwayat pada naskahnya, jadi tidak dapat dipindahkan ke naskah lain." in answer.text
    session.expire_all()
    assert session.get_one(Stage, key).agreement_id == home


def test_a_stage_that_nothing_was_done_to_can_be_put_right(sinta: Person, session: Session, kb: Way) -> None:
    other = Way(session, "ksdd_sukarela", "kb", title="KB lain").agreement.id
    key = meeting_of(session, kb)
    sent = form_to(sinta.get(edit(key)).text, "").with_values(agreement=str(other))

    assert sinta.post(edit(key), sent).status_code == 302

    session.expire_all()
    assert session.get_one(Stage, key).agreement_id == other


# --- many --------------------------------------------------------------------------------------------------------


def test_what_others_have_moved_meanwhile_is_not_asked_for_again(sinta: Person, session: Session) -> None:
    taken, late = Way(session, "ksdd_sukarela", "kb"), Way(session, "ksdd_sukarela", "kb")
    taken.move("start", "persiapan")
    ids = [str(taken.id_of("persiapan")), str(late.id_of("penawaran"))]

    answer = sinta.post(MOVE, {"id": ids, "verb": "start", "remark": "Rapat"})

    assert (answer.status_code, title_of(answer.text)) == (422, "0 dari 2 tahap dipindahkan")
    assert len(obstacles_of(answer.text)) == 2
    assert [value for name, value in form_to(answer.text, MOVE).fields if name == "id"] == ids[1:]


def test_where_others_have_moved_them_all_no_form_is_left_and_what_was_typed_is_shown(sinta: Person, session: Session) -> None:
    ways = [Way(session, "ksdd_sukarela", "kb") for _ in range(2)]
    for way in ways:
        way.move("start", "persiapan")

    answer = sinta.post(MOVE, {"id": [str(way.id_of("persiapan")) for way in ways], "verb": "start", "remark": "Rapat kedua"})

    assert answer.status_code == 409
    assert "Coba lagi untuk yang belum dipindahkan" not in answer.text
    assert '<p class="sk-long">Rapat kedua</p>' in answer.text


# --- questions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "there"), [("persetujuan_dprd", True), ("penawaran", False)])
def test_the_answers_that_a_stage_turns_on_stand_on_its_page(sinta: Person, session: Session, key: str, there: bool) -> None:
    way = Way(session, "ksdd_sukarela", "pks").walk("penandatanganan_pks", consent=CONSENT_NEEDED)

    page = sinta.get(details(way.id_of(key))).text

    assert ("<h2>Jawaban atas pertanyaan peraturan</h2>" in page) == there
    assert ("Ada pungutan." in page) == there


def test_on_which_answers_a_stage_fell_away_is_told_once(sinta: Person, session: Session) -> None:
    way = Way(session, "ksdd_sukarela", "pks").walk("penandatanganan_pks")

    page = sinta.get(details(way.id_of("persetujuan_dprd"))).text
    section = page[page.index("<h2>Riwayat tahap</h2>") :].partition("</ol>")[0]
    told = [text_of(each) for each in re.findall(r"<p>(.*?)</p>", section)]

    assert told[0] == "Tahap dilewati."
    assert told[1].startswith("Dasar melewati: ")
    assert "Tidak ada pungutan." in told[1]
    assert told[2].startswith("Dicatat oleh ")


# --- in the browser ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_every_form_of_a_verb_opens_on_the_screen(
    sinta: Person, session: Session, window: Callable[..., Window], size: str
) -> None:
    way = Way(session, "ksdpl", "naskah").walk("persetujuan_dprd")
    way.move("start", "persetujuan_dprd", date(2026, 3, 2))
    beside = Way(session, "ksdd_sukarela", "kb")
    beside.move("start", "persiapan", BEGIN)
    meeting = meeting_of(session, beside)
    pages = [f"/admin/agreement/details/?id={each.agreement.id}" for each in (way, beside)]
    pages += [details(way.id_of("persetujuan_dprd")), details(meeting)]
    session.rollback()
    desk = window(**SIZES[size]).be(sinta)

    outside: list[Any] = []
    opened = 0
    for address in pages:
        page = desk.open(address)
        for fold in page.locator(".sk-other-verbs > details").all():
            fold.locator("summary").click()
            box = fold.locator(".sk-panel").bounding_box()
            assert box is not None
            opened += 1
            if box["x"] < 0 or box["x"] + box["width"] > SIZES[size]["viewport"]["width"]:  # type: ignore[index]
                outside.append((address, fold.inner_text()[:40], box))
            fold.locator("summary").click()

    assert opened >= 12
    assert outside == []
