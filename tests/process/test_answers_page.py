"""Answers to the questions of the law and the contents of documents, as people give and mend them on the details page."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Answer
from tests.pages import form_to, texts
from tests.people import Person
from tests.ways import BURDENS, CONSENT_NEEDED, NO_CONSENT_NEEDED, UNBUDGETED, Way, file_of, page_of

DPRD = "persetujuan_dprd"
ANSWERS = "/admin/agreement/answer/"


@pytest.fixture
def asked(session: Session) -> Way:
    """Before the stage of the assembly, its two questions open."""
    return Way(session, "ksdd_sukarela", "pks").walk(DPRD)


def given(way: Way) -> dict[str, tuple[bool, str]]:
    """Question -> what is on record."""
    key = way.agreement.id
    way.session.rollback()
    return {
        each.question: (each.yes, each.reason) for each in way.session.scalars(select(Answer).where(Answer.agreement_id == key))
    }


def sent(way: Way, **said: tuple[str, str]) -> dict[str, str]:
    data = {"id": str(way.agreement.id)}
    for question, (word, reason) in said.items():
        data |= {f"answer_{question}": word, f"answer_{question}_reason": reason}
    return data


BOTH_NO = {BURDENS: ("no", "Tidak ada pungutan."), UNBUDGETED: ("no", "DPA 2026.")}


def test_a_refused_answer_comes_back_with_all_that_was_typed(sinta: Person, asked: Way) -> None:
    data = sent(asked, **{BURDENS: ("no", ""), UNBUDGETED: ("yes", "Belum ada di DPA, lihat notula & lampiran.")})

    answer = sinta.post(ANSWERS, data)

    assert answer.status_code == 422
    assert [said for _, said in texts(answer.text, "obstacle")] == [
        "Isi alasan jawaban “Apakah rencana kerja sama ini membebani masyarakat dan daerah?”"
    ]
    assert re.search(rf'name="answer_{BURDENS}" value="no" checked', answer.text)
    assert re.search(rf'name="answer_{UNBUDGETED}" value="yes" checked', answer.text)
    assert "Belum ada di DPA, lihat notula &amp; lampiran.</textarea>" in answer.text
    assert given(asked) == {}


@pytest.mark.parametrize(
    ("reason", "status"), [("x" * 2000, 303), ("x" * 2001, 422)]
)  # fmt: skip
def test_a_reason_has_a_length_and_is_never_cut(sinta: Person, asked: Way, reason: str, status: int) -> None:
    answer = sinta.post(ANSWERS, sent(asked, **{BURDENS: ("no", reason)}))

    assert answer.status_code == status
    assert given(asked) == ({BURDENS: (False, reason)} if status == 303 else {})
    assert ("Alasan jawaban paling panjang 2.000 huruf" in answer.text) == (status == 422)


def test_two_answer_at_once(sinta: Person, andi: Person, asked: Way) -> None:
    hers = form_to(page_of(sinta, asked), ANSWERS)
    assert andi.post(ANSWERS, sent(asked, **{BURDENS: ("yes", "Ada retribusi.")})).status_code == 303
    mine = {name: value for name, value in hers.fields if not name.startswith("answer_")}

    answer = sinta.post(ANSWERS, mine | sent(asked, **BOTH_NO))

    assert answer.status_code == 409
    assert (
        "Orang lain baru saja menjawab “Apakah rencana kerja sama ini membebani masyarakat dan daerah?” dengan ya"
        in answer.text
    )
    assert given(asked) == {BURDENS: (True, "Ada retribusi.")}
    again = form_to(answer.text, ANSWERS)
    assert sinta.post(ANSWERS, dict(again.fields)).status_code == 303  # pressed once more, knowing it
    assert given(asked) == {BURDENS: (False, "Tidak ada pungutan."), UNBUDGETED: (False, "DPA 2026.")}


def test_an_answer_that_turned_out_wrong_is_changed_where_it_stands(sinta: Person, asked: Way) -> None:
    assert sinta.post(ANSWERS, sent(asked, **BOTH_NO)).status_code == 303
    page = page_of(sinta, asked)
    assert "Langkah berikut: Lewati “Persetujuan DPRD”" in page
    assert "Ubah<span" in page

    assert sinta.post(ANSWERS, sent(asked, **{BURDENS: ("yes", "Ada retribusi.")})).status_code == 303

    page = page_of(sinta, asked)
    assert "Langkah berikut: Mulai “Persetujuan DPRD”" in page
    assert (
        "Jawaban pertanyaan “Apakah rencana kerja sama ini membebani masyarakat dan daerah?” diubah dari Tidak menjadi Ya"
        in page
    )


def test_an_answer_on_which_a_stage_ended_is_held_by_it(sinta: Person, asked: Way) -> None:
    asked.move("skip", DPRD, answers=NO_CONSENT_NEEDED)

    answer = sinta.post(ANSWERS, sent(asked, **{BURDENS: ("yes", "Ada retribusi.")}))

    assert answer.status_code == 422
    assert "Jawaban ini menjadi dasar tahap “Persetujuan DPRD”. Buka kembali tahap itu dulu" in answer.text
    assert given(asked)[BURDENS] == (False, "Tidak ada pungutan.")


def test_the_history_tells_an_answer_in_words(sinta: Person, asked: Way) -> None:
    proof = file_of(asked.session, asked.agreement, "DPA 2026")
    data = sent(asked, **BOTH_NO) | {f"answer_{UNBUDGETED}_attachment": str(proof)}
    assert sinta.post(ANSWERS, data).status_code == 303

    page = page_of(sinta, asked)

    assert (
        "Pertanyaan “Apakah pendanaannya belum teranggarkan dalam APBD tahun berjalan?” dijawab "
        "(jawaban Tidak, alasan DPA 2026., bukti DPA 2026, tanggal jawaban 24 November 2026)"
    ) in page
    assert all(key not in re.sub(r"<[^>]+>", "", page) for key in (BURDENS, UNBUDGETED))


@pytest.mark.parametrize(("role", "may"), [("admin", True), ("staff", True), ("supervisor", False), ("auditor", False)])
def test_who_is_asked(app: object, session: Session, role: str, may: bool) -> None:
    way = Way(session, "ksdd_sukarela", "pks").walk(DPRD)
    way.move("start", DPRD, answers=CONSENT_NEEDED)
    person = Person(app, role)  # type: ignore[arg-type]

    page = page_of(person, way)

    assert "Ada pungutan." in page
    assert (ANSWERS in page) == may
    if not may:
        assert person.post(ANSWERS, sent(way, **{BURDENS: ("no", "x")})).status_code == 403


# --- contents -------------------------------------------------------------------------------------------------------


def plan_of(session: Session) -> tuple[Way, int]:
    """A way that stands at its Rencana Kerja Sama, and the number of that document in its stage."""
    way = Way(session, "ksdpl", "naskah")
    for stage in way.case.stages:
        rule = way.case.rule(stage)
        names = [document.name for document in rule.documents] if rule is not None else []
        if rule is not None and any(
            document.basis.text == "Permendagri 25/2020 Pasal 15 ayat (3)" for document in rule.documents
        ):
            way.walk(stage.key)
            way.move("start", stage.key)
            return way, names.index(next(d.name for d in rule.documents if d.basis.text.endswith("Pasal 15 ayat (3)")))
    raise AssertionError("no stage asks for a Rencana Kerja Sama")


def test_contents_are_ticked_when_a_file_is_chosen_and_later(sinta: Person, session: Session) -> None:
    way, number = plan_of(session)
    stage_id, file = str(way.told.current.id), file_of(session, way.agreement, "Rencana 2026")  # type: ignore[union-attr]
    data = {"id": stage_id, "document": str(number), "attachment": str(file), f"contents_{number}": ["1", "2", "3", "4", "5"]}
    assert sinta.post("/admin/stage/document/", data).status_code == 303

    page = page_of(sinta, way)

    assert "Muatan yang belum ditandai: sumber pembiayaan; jangka waktu pelaksanaan." in page
    assert "Ganti berkas atau tandai muatan" in page
    form = next(
        form for form in page.split("<form ")
        if f'name="id" value="{stage_id}"' in form and f'name="document" value="{number}"' in form
    )  # fmt: skip
    assert re.findall(r'value="(\d+)" checked', form) == ["1", "2", "3", "4", "5"]
    assert f'value="{file}" selected' in form

    data[f"contents_{number}"] = ["1", "2", "3", "4", "5", "6", "7"]
    assert sinta.post("/admin/stage/document/", data).status_code == 303
    assert "Muatan yang belum ditandai" not in page_of(sinta, way)


# --- which file is chosen beforehand --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        ([("Pindaian 3", "rancangan")], "Pindaian 3"),
        ([("Pindaian 3", "rancangan"), ("Pindaian 4", "rancangan")], None),
        ([("Pindaian 3", "lainnya")], None),
        (
            [("Pindaian 3", "rancangan"), ("Rancangan kontrak/perjanjian: sanksi", "lainnya")],
            "Rancangan kontrak/perjanjian: sanksi",
        ),
    ],
    ids=["the only one of its kind", "two of the kind", "of no kind", "called like it"],
)
def test_the_file_that_fits_is_chosen_beforehand_and_not_tied(
    sinta: Person, session: Session, files: list[tuple[str, str]], chosen: str | None
) -> None:
    way = Way(session, "ksdpk_prakarsa_daerah", "pks").walk("penyusunan_pks")
    way.move("start", "penyusunan_pks")
    for title, kind in files:
        file_of(session, way.agreement, title, kind=kind)

    page = page_of(sinta, way)

    select_of = page[page.index("Rancangan kontrak/perjanjian: sanksi</label>") :]
    option = re.search(r"<option selected[^>]*>([^<]*)", select_of[: select_of.index("</select>")])
    assert option is not None
    assert option[1].startswith(chosen or "Belum dipilih")
    assert way.case.papers.get((way.stage("penyusunan_pks").id, "Rancangan kontrak/perjanjian: sanksi")) is None


def test_in_the_bin_nothing_can_be_pressed(andi: Person, session: Session) -> None:
    way = Way(session, "ksdd_sukarela", "pks").walk()
    assert andi.post("/admin/agreement/delete/", {"id": str(way.agreement.id)}).status_code in (302, 303)

    page = page_of(andi, way)

    assert "/admin/stage/move/" not in page
    assert "/admin/stage/document/" not in page
