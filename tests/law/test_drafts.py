"""A draft is looked through before it is published: what makes no sense is told with every fault, and changes nothing."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from extensions import db
from models import AuditEntry, DeadlineRule, DocumentRule, ProcedureVersion, StageRule
from rules import law, law_check, law_parts
from rules.law_parts import Question
from sikerja.history import sentences
from sikerja.law import drafts, versions
from sikerja.refusals import Conflict, Refusal
from tests.law.drafts import admin, article, document, draft, kind, stage
from tests.rows import rows
from tests.together import at_once

TABLES = ("procedure_version", "stage_rule", "document_rule", "deadline_rule")


def kept(app: Flask, session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the law, read beside the session."""
    session.rollback()
    return rows(app, *TABLES)


def test_a_draft_is_a_copy_of_what_is_in_force_and_has_no_faults(session: Session) -> None:
    made = draft(session)

    assert (made.number, made.status, made.published_on) == (2, "draft", None)
    assert versions.digest_of(versions.content(session, made)) == versions.digest_of(law.procedure("ksdd_wajib"))
    assert drafts.faults(session, made) == []


@pytest.mark.parametrize("code", [each.code for each in law.procedures()])
def test_what_is_in_force_could_be_published_again(session: Session, code: str) -> None:
    assert drafts.faults(session, draft(session, code)) == []


def test_a_second_draft_of_a_kind_is_the_first(session: Session) -> None:
    assert draft(session).id == draft(session).id


# --- what makes no sense -----------------------------------------------------------------------------------------


def set_stage(**values: object) -> Callable[[Session, ProcedureVersion], None]:
    def change(session: Session, version: ProcedureVersion) -> None:
        for name, value in values.items():
            setattr(stage(session, version, "pemetaan_wajib"), name, value)

    return change


def set_document(named: str, **values: object) -> Callable[[Session, ProcedureVersion], None]:
    def change(session: Session, version: ProcedureVersion) -> None:
        for column, value in values.items():
            setattr(document(session, version, named), column, value)

    return change


def set_deadline(**values: object) -> Callable[[Session, ProcedureVersion], None]:
    def change(session: Session, version: ProcedureVersion) -> None:
        rule = session.scalars(
            select(DeadlineRule).join(DeadlineRule.stage_rule).where(StageRule.procedure_version_id == version.id)
        ).first()
        for column, value in values.items():
            setattr(rule, column, value)

    return change


def remove(key: str) -> Callable[[Session, ProcedureVersion], None]:
    def change(session: Session, version: ProcedureVersion) -> None:
        session.delete(stage(session, version, key))

    return change


def move(key: str, position: int) -> Callable[[Session, ProcedureVersion], None]:
    def change(session: Session, version: ProcedureVersion) -> None:
        stage(session, version, key).position = position

    return change


STAGE = "Tahap 1 “Pemetaan urusan pemerintahan”"
MAPPING = "Hasil identifikasi dan pemetaan urusan pemerintahan"
DPRD = "Tahap 7 “Persetujuan DPRD”, tenggat dprd_menjawab"
GAP = "Prosedur ini: urutan tahap harus 1, 2, 3 dan seterusnya."


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (set_stage(basis=""), f"{STAGE}: dasar tidak ada."),
        (set_stage(name="", key="x"), "Tahap 1 “x”: nama kosong."),
        (set_stage(instruments=""), f"{STAGE}: tidak ada naskah yang menempuhnya."),
        (set_stage(applies_if="hujan", skip_basis="PP 28/2018", skip_certainty="MEMORY"), f"{STAGE}: pertanyaan “hujan” tidak dikenal."),
        (set_stage(applies_if="hasil_berupa_uang"), f"{STAGE}: tahap dilewati hanya dengan pertanyaan dan dasarnya."),
        (set_stage(basis="PP 28/2018 Pasal 99"),
         f"{STAGE}: “PP 28/2018 Pasal 99” belum diperiksa siapa pun. "
         "Catat dulu pasalnya di Dasar Hukum, atau kutip peraturannya saja."),
        (set_stage(basis="Permendagri 22/2020 Pasal 12 ayat (2)"),
         f"{STAGE}: “Permendagri 22/2020 Pasal 12 ayat (2)” belum diperiksa siapa pun. "
         "Catat dulu pasalnya di Dasar Hukum, atau kutip peraturannya saja."),
        (set_stage(basis="Permendagri 22/2020 Pasal 12 ayat (2)", certainty="MEMORY"),
         f"{STAGE}: pasal “Permendagri 22/2020 Pasal 12 ayat (2)” dikutip padahal belum dibaca."),
        (set_stage(description="Menurut ps. 77."), f"{STAGE}: uraian menyebut Pasal 77, yang belum diperiksa siapa pun."),
        (set_document(MAPPING, name="Berkas Pasal 12"), f"{STAGE}: nama “Berkas Pasal 12” memuat pasal. Tulis pasalnya sebagai dasar."),
        (set_document(MAPPING, applies_if="hasil_berupa_uang"),
         f"{STAGE}, dokumen “{MAPPING}”: wajib selalu dan wajib bila dijawab ya tidak dapat bersamaan."),
        (move("koordinasi_teknis", 1), GAP),
        (move("koordinasi_teknis", 22), GAP),
        (remove("koordinasi_teknis"), GAP),
        (remove("penandatanganan_kb"), "Prosedur ini: Kesepakatan Bersama tidak lagi sampai pada tahap penandatanganan."),
        (remove("persetujuan_dprd"), "Prosedur ini: tahap persetujuan DPRD tidak sesuai dengan persetujuan_dprd = “bersyarat”."),
        (set_deadline(since=""), f"{DPRD}: tidak ada hari mulainya."),
        (set_deadline(since="entah"), f"{DPRD}: sejak “entah” tidak dikenal."),
        (set_deadline(kind="maksimal"), f"{DPRD}: tenggat hanya dipasang dengan pasal yang sudah dibaca."),
        (set_deadline(amount=0), f"{DPRD}: jumlah harus 1 sampai 999."),
    ],
)  # fmt: skip
def test_a_draft_that_makes_no_sense_is_not_published_and_nothing_changes(
    app: Flask, session: Session, change: Callable[[Session, ProcedureVersion], None], fault: str
) -> None:
    made = draft(session)
    change(session, made)
    session.commit()
    before = kept(app, session)

    with pytest.raises(Refusal) as refused:
        drafts.publish(session, made, admin(session))
    session.rollback()

    assert fault in refused.value.errors.values()
    assert fault in drafts.faults(session, made)
    assert kept(app, session) == before


def test_all_faults_are_told_at_once(session: Session) -> None:
    made = draft(session)
    set_stage(basis="", instruments="")(session, made)
    set_deadline(since="")(session, made)
    session.commit()

    with pytest.raises(Refusal) as refused:
        drafts.publish(session, made, admin(session))

    assert sorted(refused.value.errors.values()) == [
        f"{STAGE}: dasar tidak ada.",
        f"{STAGE}: tidak ada naskah yang menempuhnya.",
        f"{DPRD}: tidak ada hari mulainya.",
    ]


def test_two_deadlines_of_one_name_are_told(session: Session) -> None:
    made = draft(session)
    session.add(
        DeadlineRule(
            stage_rule_id=stage(session, made, "pemetaan_wajib").id, position=1, key="dprd_menjawab", kind="usulan_nonaktif",
            amount=3, unit="bulan", side="setelah", since="surat permohonan diterima", certainty="MEMORY",
        )
    )  # fmt: skip
    session.commit()

    assert drafts.faults(session, made) == ["Prosedur ini: kunci tenggat “dprd_menjawab” ada 2 kali."]


def test_questions_that_go_in_a_circle_are_told(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    made = draft(session)
    monkeypatch.setitem(
        law_parts.QUESTIONS, "hasil_berupa_uang", Question("hasil_berupa_uang", "Uang?", ("hasil_berupa_barang",))
    )
    monkeypatch.setitem(
        law_parts.QUESTIONS, "hasil_berupa_barang", Question("hasil_berupa_barang", "Barang?", ("hasil_berupa_uang",))
    )
    set_document(MAPPING, applies_if="hasil_berupa_uang", required=False)(session, made)
    session.commit()

    told = f"{STAGE}, dokumen “{MAPPING}”: pertanyaan “hasil_berupa_uang” bergantung pada dirinya sendiri."
    assert told in drafts.faults(session, made)
    assert not law_check.goes_in_a_circle("persetujuan_dprd_diperlukan", law_parts.QUESTIONS)


# --- articles that somebody vouches for --------------------------------------------------------------------------


def test_an_article_on_record_may_be_cited_and_a_withdrawn_one_no_more(session: Session) -> None:
    made = draft(session)
    set_stage(basis="Permendagri 22/2020  Pasal 12 ayat (2)")(session, made)
    session.commit()
    entered = article(session, "permendagri_22_2020", "Pasal 12 ayat (2)")
    assert drafts.faults(session, made) == []

    entered.withdrawn_on = date(2026, 11, 24)
    session.commit()

    assert len(drafts.faults(session, made)) == 1


def test_a_deadline_that_was_a_proposal_is_put_in_force_by_its_checked_article(session: Session) -> None:
    made = draft(session)
    set_deadline(kind="maksimal", basis="Permendagri 22/2020 Pasal 21", certainty="VERIFIED")(session, made)
    session.commit()
    assert len(drafts.faults(session, made)) == 1

    article(session, "permendagri_22_2020", "Pasal 21")
    drafts.publish(session, made, admin(session), "Pasal 21 sudah dibaca")
    session.commit()

    rule = versions.content(session, made).stage("persetujuan_dprd").deadlines[0]
    assert rule.active


# --- publishing and throwing away --------------------------------------------------------------------------------


def test_a_draft_is_published_once_its_fault_is_mended(session: Session) -> None:
    made = draft(session)
    set_stage(basis="", description="Uraian baru")(session, made)
    session.commit()
    with pytest.raises(Refusal):
        drafts.publish(session, made, admin(session))
    session.rollback()

    set_stage(basis="PP 28/2018 Pasal 5 ayat (1)")(session, made)
    session.commit()
    drafts.publish(session, made, admin(session), "Uraian diperjelas")
    session.commit()

    assert (made.number, made.status, made.published_on, made.note) == (2, "published", date(2026, 11, 24), "Uraian diperjelas")
    assert made.published_by_id == admin(session).id
    in_force = versions.published(session, made.procedure_id)
    assert in_force.id == made.id
    assert versions.content(session, in_force).stages[0].description == "Uraian baru"
    assert drafts.of_kind(session, kind(session)) is None


def test_who_publishes_second_is_told(session: Session) -> None:
    made = draft(session)
    drafts.publish(session, made, admin(session))
    session.commit()

    with pytest.raises(Conflict, match="sudah diterbitkan orang lain"):
        drafts.publish(session, made, admin(session))


def test_two_publishers_at_once_publish_once(app: Flask, session: Session) -> None:
    key = draft(session).id
    session.rollback()

    def publish(_number: int) -> str:
        try:
            drafts.publish(db.session(), db.session.get_one(ProcedureVersion, key), admin(db.session()))
            db.session.commit()
        except Conflict as conflict:
            db.session.rollback()
            return str(conflict)
        return "published"

    told = at_once(app, publish, 2)

    assert sorted(told) == ["Versi ini sudah diterbitkan orang lain. Buka prosedurnya untuk melihat yang berlaku.", "published"]


def test_what_is_changed_while_it_is_published_is_in_it_or_refused(app: Flask, session: Session) -> None:
    """Whatever comes first: what is in force is what its digest says."""
    made = draft(session)
    keys = (made.id, stage(session, made, "persiapan").id)
    session.rollback()

    def act(number: int) -> None:
        try:
            if number:
                db.session.get_one(StageRule, keys[1]).description = "Diubah pada saat yang sama"
                db.session.flush()
            else:
                drafts.publish(db.session(), db.session.get_one(ProcedureVersion, keys[0]), admin(db.session()))
            db.session.commit()
        except Refusal:
            db.session.rollback()

    at_once(app, act, 2)

    published = session.get_one(ProcedureVersion, keys[0])
    assert published.status == "published"
    assert versions.digest_of(versions.read(session, keys[0])) == published.digest


def test_a_draft_is_thrown_away_with_all_it_holds_and_the_trail_keeps_why(app: Flask, session: Session) -> None:
    before = kept(app, session)
    made = draft(session)

    with pytest.raises(Refusal, match="Isi alasan"):
        drafts.discard(session, made, "  ")
    drafts.discard(session, made, "Salah jenis")
    session.commit()

    assert kept(app, session) == before
    told = session.scalars(select(AuditEntry).where(AuditEntry.screen == "version", AuditEntry.action == "delete")).one()
    assert list(sentences(told)) == [
        "Versi prosedur “Kerja Sama Daerah dengan Daerah Lain - Kerja Sama Wajib, versi 2” dihapus, alasan “Salah jenis”"
    ]


# --- what is published never changes -----------------------------------------------------------------------------


def in_force(session: Session) -> ProcedureVersion:
    found = versions.published(session, kind(session).id)
    assert found is not None
    return found


def new_stage(session: Session, version: ProcedureVersion) -> None:
    session.add(
        StageRule(procedure_version_id=version.id, key="baru", name="Baru", position=20, instruments="kb", holder="unit",
                  certainty="MEMORY")
    )  # fmt: skip


def new_document(session: Session, version: ProcedureVersion) -> None:
    key = stage(session, version, "persiapan").id
    session.add(DocumentRule(stage_rule_id=key, position=9, name="Baru", direction="hasil", certainty="MEMORY"))


def move_in(session: Session, version: ProcedureVersion) -> None:
    stage(session, draft(session), "persiapan").procedure_version_id = version.id


def move_out(session: Session, version: ProcedureVersion) -> None:
    document(session, version, MAPPING).stage_rule_id = stage(session, draft(session), "persiapan").id


def back_to_draft(_session: Session, version: ProcedureVersion) -> None:
    version.status = "draft"


def rename(_session: Session, version: ProcedureVersion) -> None:
    version.name = "Nama lain"


def throw_away(session: Session, version: ProcedureVersion) -> None:
    session.delete(version)


@pytest.mark.parametrize(
    "change",
    [
        set_stage(name="Lain"), set_document(MAPPING, required=False), set_deadline(amount=3), remove("persiapan"), new_stage,
        new_document, move_in, move_out, back_to_draft, rename, throw_away,
    ],
)  # fmt: skip
def test_nothing_of_a_published_version_changes(
    app: Flask, session: Session, change: Callable[[Session, ProcedureVersion], None]
) -> None:
    draft(session)
    before = kept(app, session)

    def attempt() -> None:
        change(session, in_force(session))
        session.flush()

    with pytest.raises(Refusal, match="sudah diterbitkan tidak berubah lagi"):
        attempt()
    session.rollback()

    assert kept(app, session) == before


def test_a_published_version_is_not_discarded(session: Session) -> None:
    with pytest.raises(Refusal, match="sudah diterbitkan tidak berubah lagi"):
        drafts.discard(session, in_force(session), "Tidak dipakai lagi")
    assert session.scalar(select(func.count(ProcedureVersion.id))) == 8
