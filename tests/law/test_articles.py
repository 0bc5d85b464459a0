"""Articles that the bureau has read: Sinta enters one, the draft rests on it, and nothing in force changes until it is published."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from extensions import db
from models import Article, Procedure, ProcedureVersion, Regulation, User
from rules import law
from rules.law_parts import Citation
from sikerja.law import articles, drafts, entering, versions, withdrawn
from sikerja.law.entering import Entry
from sikerja.lists.resting import stages_resting
from sikerja.refusals import Refusal
from tests.law.drafts import document
from tests.people import Person
from tests.ways import Way

DPRD = "ksdd_sukarela|persetujuan_dprd|deadline|dprd_menjawab"
LETTER = "ksdd_sukarela|penawaran|document|Surat jawaban (menerima/menolak) dari daerah yang ditawari"
TODAY = date(2026, 11, 24)


def regulation(session: Session, code: str = "permendagri_22_2020") -> Regulation:
    return session.scalars(select(Regulation).where(Regulation.code == code)).one()


def sinta_of(session: Session) -> User:
    return session.scalars(select(User).where(User.email == "staff@sikerja.test")).one()


def entry(*serves: str, **given: Any) -> Entry:
    said = {"citation": "Pasal 12 ayat (2)", "says": "DPRD menjawab.", "checked_on": TODAY, "serves": serves}
    return Entry(**(said | given))


def enter(session: Session, *serves: str, code: str = "permendagri_22_2020", **given: Any) -> list[str]:
    return entering.enter(session, regulation(session, code), entry(*serves, **given), sinta_of(session))


def draft_of(session: Session, code: str = "ksdd_sukarela") -> Any:
    kind = session.scalars(select(Procedure).where(Procedure.code == code)).one()
    version = drafts.of_kind(session, kind)
    return versions.content(session, version) if version else None


def in_force(session: Session, code: str = "ksdd_sukarela") -> Any:
    return next(content for kind, content in versions.in_force(session) if kind.code == code)


def answer_of(content: Any) -> Any:
    return content.stage("persetujuan_dprd").deadlines[0]


def test_a_deadline_is_switched_on_in_the_draft_and_not_in_force(session: Session) -> None:
    assert enter(session, DPRD, amount=30, unit="hari_kerja") == ["KSDD sukarela"]

    rule = answer_of(draft_of(session))
    assert (rule.active, rule.kind, rule.amount, rule.unit) == (True, "maksimal", 30, "hari_kerja")
    assert rule.basis == Citation("Permendagri 22/2020 Pasal 12 ayat (2)", "VERIFIED")
    assert not answer_of(in_force(session)).active
    assert law.as_json(versions.all_published(session)) == law.as_json()
    assert draft_of(session, "ksdd_wajib") is None


def test_the_article_stands_under_the_name_of_who_checked_it(session: Session) -> None:
    enter(session)

    article = session.scalars(select(Article)).one()
    assert (article.citation, article.checked_by, article.checked_on) == ("Pasal 12 ayat (2)", "Staf Kerja Sama Contoh", TODAY)
    assert articles.vouched(session) == {"Permendagri 22/2020 Pasal 12 ayat (2)"}
    assert session.scalars(select(ProcedureVersion).where(ProcedureVersion.status == "draft")).all() == []


def test_a_document_rests_on_it_and_holds_its_stage_in_the_draft(session: Session) -> None:
    enter(session, LETTER)

    documents = {each.name: each for each in draft_of(session).stage("penawaran").documents}
    assert documents[LETTER.rpartition("|")[2]].can_block


@pytest.mark.parametrize(
    ("key", "basis", "certainty"),
    [
        ("penawaran", ("Permendagri 22/2020 Pasal 12 ayat (2)",), "VERIFIED"),  # in the place of the regulation alone
        ("penyusunan_nk", ("PP 28/2018 Pasal 46 ayat (4)", "Permendagri 22/2020 Pasal 12 ayat (2)"), "VERIFIED"),
        ("penandatanganan_nk", ("PP 28/2018 Pasal 46 ayat (4)", "Permendagri 22/2020 Pasal 12 ayat (2)"), "VERIFIED"),  # beside
    ],
)
def test_a_stage_rests_on_it(session: Session, key: str, basis: tuple[str, ...], certainty: str) -> None:
    enter(session, f"sinergi|{key}|stage|")

    stage = draft_of(session, "sinergi").stage(key)
    assert tuple(each.text for each in stage.basis) == basis
    assert {each.certainty for each in stage.basis} == {certainty}


def test_an_article_of_the_perda_is_added_to_any_stage(session: Session) -> None:
    enter(session, "ksdd_wajib|persiapan|stage|", code="perda_samarinda_7_2020", citation="Pasal 5")

    assert [each.text for each in draft_of(session, "ksdd_wajib").stage("persiapan").basis] == [
        "PP 28/2018 Pasal 6 ayat (1) huruf a", "PP 28/2018 Pasal 4", "Perda Samarinda 7/2020 Pasal 5",
    ]  # fmt: skip


def test_a_stage_whose_other_basis_was_not_read_takes_no_article(session: Session) -> None:
    with pytest.raises(Refusal) as refused:
        enter(session, "sinergi|pelaporan|stage|", code="perda_samarinda_7_2020", citation="Pasal 5")

    assert refused.value.errors == {
        "serves": "Sinergi, Pelaporan: dasar lainnya, “Permendagri 22/2020”, bukan pasal yang sudah diperiksa. "
        "Ubah dulu dasarnya pada draf, atau jangan pilih yang ini."
    }


def test_everything_that_is_in_the_way_is_told_at_once(session: Session) -> None:
    with pytest.raises(Refusal) as refused:
        enter(session, DPRD, "ksdd_sukarela|hilang|stage|", citation="pasal dua", says="", checked_on=date(2026, 11, 25))

    assert set(refused.value.errors) == {"citation", "says", "checked_on", "serves", "amount", "unit"}
    assert session.scalars(select(Article)).all() == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"checked_on": None}, "checked_on"),
        ({"checked_on": date(2019, 12, 31)}, "checked_on"),
        ({"amount": 45}, "amount"),
        ({"unit": "hari_kerja"}, "amount"),
        ({"serves": (DPRD,), "amount": 1000, "unit": "hari_kerja"}, "amount"),
        ({"serves": (DPRD,), "amount": 45, "unit": "minggu_januari"}, "unit"),
        ({"serves": ("ksdpl|persetujuan_dprd|deadline|dprd_menjawab",)}, "serves"),  # rests on another regulation
    ],
)
def test_what_makes_no_sense_is_refused(session: Session, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        enter(session, **given)

    assert set(refused.value.errors) == {field}


def test_a_regulation_whose_code_says_no_number_takes_none(session: Session) -> None:
    regulation(session).code = "permendagri"
    session.flush()
    with pytest.raises(Refusal, match="Kode peraturan ini tidak memuat"):
        entering.enter(session, regulation(session, "permendagri"), entry(), sinta_of(session))


def test_an_article_that_is_taken_back_leaves_the_draft_as_it_was(session: Session) -> None:
    enter(session, DPRD, LETTER, "ksdd_sukarela|persiapan|stage|", amount=30, unit="hari_kerja")
    article = session.scalars(select(Article)).one()

    assert entering.withdraw(session, article, "Salah baca: itu ayat (3).") == ["KSDD sukarela"]

    draft = draft_of(session)
    rule = answer_of(draft)
    assert (rule.active, rule.basis) == (False, Citation("Permendagri 22/2020", "MEMORY"))
    assert [each.text for each in draft.stage("persiapan").basis] == [
        each.text for each in in_force(session).stage("persiapan").basis
    ]
    assert not any("Permendagri 22/2020 Pasal" in each.basis.text for stage in draft.stages for each in stage.documents)
    assert (article.withdrawn_on, article.withdrawn_reason) == (TODAY, "Salah baca: itu ayat (3).")
    assert articles.vouched(session) == frozenset()
    with pytest.raises(Refusal, match="sudah ditarik"):
        entering.withdraw(session, article, "Lagi")


def test_taking_back_asks_why_and_what_was_taken_back_may_be_entered_again(session: Session) -> None:
    enter(session)
    article = session.scalars(select(Article)).one()
    with pytest.raises(Refusal, match="Isi alasan"):
        entering.withdraw(session, article, "")

    entering.withdraw(session, article, "Salah")
    enter(session, says="Dibaca lagi.")

    assert session.scalars(select(Article)).one().says == "Dibaca lagi."
    assert articles.vouched(session) == {"Permendagri 22/2020 Pasal 12 ayat (2)"}


def test_what_is_in_force_and_was_taken_back_falls_back_in_a_new_draft(session: Session) -> None:
    enter(session, DPRD, amount=30, unit="hari_kerja")
    draft = session.scalars(select(ProcedureVersion).where(ProcedureVersion.status == "draft")).one()
    drafts.publish(session, draft, sinta_of(session), "Pasal diperiksa")
    assert answer_of(in_force(session)).active

    entering.withdraw(session, session.scalars(select(Article)).one(), "Salah")

    assert answer_of(in_force(session)).active
    assert not answer_of(draft_of(session)).active


def test_what_runs_under_it_names_the_article_no_more(app: Flask, session: Session, sinta: Person) -> None:
    enter(session, LETTER)
    draft = session.scalars(select(ProcedureVersion).where(ProcedureVersion.status == "draft")).one()
    drafts.publish(session, draft, sinta_of(session), "Pasal diperiksa")
    way = Way(session, "ksdd_sukarela", "kb", title="Berjalan sewaktu pasal ditarik").walk("penawaran")
    way.move("start", "penawaran")
    page, article = f"/admin/agreement/details/?id={way.agreement.id}", "Pasal 12 ayat (2)"
    assert (article in sinta.get(page).text, article in str(way.json)) == (True, True)

    entering.withdraw(session, session.scalars(select(Article)).one(), "Salah baca")
    session.commit()

    assert (article in sinta.get(page).text, article in str(way.json)) == (False, False)
    assert "pasal ditarik" in sinta.get(page).text
    assert article not in sinta.get(f"/admin/version/details/?id={draft.id}").text
    assert next(each for each in way.json["documents"] if each["name"].startswith("Surat jawaban"))["blocks"]

    enter(session, LETTER)
    session.commit()
    assert article in sinta.get(page).text


def test_a_version_that_rests_on_what_was_taken_back_is_not_published(session: Session) -> None:
    enter(session, LETTER)
    draft = session.scalars(select(ProcedureVersion).where(ProcedureVersion.status == "draft")).one()
    drafts.publish(session, draft, sinta_of(session), "Pasal diperiksa")
    entering.withdraw(session, session.scalars(select(Article)).one(), "Salah baca")
    again = session.scalars(select(ProcedureVersion).where(ProcedureVersion.status == "draft")).one()
    letter = document(session, again, "Surat jawaban (menerima/menolak) dari daerah yang ditawari")
    letter.basis, letter.certainty = "Permendagri 22/2020 Pasal 12 ayat (2)", "VERIFIED"
    session.commit()

    with pytest.raises(Refusal, match="belum diperiksa siapa pun"):
        drafts.publish(session, again, sinta_of(session), "Lagi")


def test_what_the_law_data_has_read_stays_read(session: Session) -> None:
    """Sinta enters an article that the law data has read already, and takes back her own reading."""
    enter(session, code="pp_28_2018", citation="Pasal 5 ayat (1)")
    entering.withdraw(session, session.scalars(select(Article)).one(), "Sudah ada")

    assert withdrawn.texts(session) == frozenset()
    assert law.as_json(versions.all_published(session)) == law.as_json()


# --- what rests on a regulation ----------------------------------------------------------------------------------


def test_what_rests_on_a_regulation_and_what_waits_for_it(session: Session) -> None:
    resting = articles.resting_on(session, regulation(session))
    waiting = {rule.key for rule in articles.waiting(session, regulation(session))}

    assert len(resting) == 29
    assert {rule.key for rule in resting} == waiting
    assert sum(not rule.active for rule in resting) == 4

    enter(session, DPRD, amount=30, unit="hari_kerja")
    assert waiting - {rule.key for rule in articles.waiting(session, regulation(session))} == {DPRD}


def test_nothing_rests_on_the_perda_yet(session: Session) -> None:
    assert articles.resting_on(session, regulation(session, "perda_samarinda_7_2020")) == []


def test_every_number_of_the_list_is_that_of_the_page(app: Flask) -> None:
    with app.app_context():
        session = db.session()
        told = dict(session.execute(select(Regulation.code, stages_resting())).all())
        found = articles.Law(session)
        assert told == {code: len({(rule.kind, rule.stage) for rule in found.resting_on(code) if rule.stage}) for code in told}
        assert told["permendagri_22_2020"] == 17
        assert told["perda_samarinda_7_2020"] == 0
