"""Which stages an instrument walks follows from its kind, what it is, and the family it belongs to."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Procedure, Stage
from rules import law
from sikerja import agreements
from sikerja.refusals import Refusal
from tests.ways import NO_CONSENT_NEEDED, Way

AFTER = ["penatausahaan", "pelaporan"]
KB = ["persiapan", "penawaran", "penyusunan_kb", "penandatanganan_kb", *AFTER]
PKS = ["persetujuan_dprd", "penyusunan_pks", "penandatanganan_pks", "pelaksanaan", *AFTER]
LOI = ["prakarsa", "penjajakan", "pernyataan_kehendak"]
NASKAH = [
    "rencana_kerja_sama", "persetujuan_dprd", "verifikasi", "rancangan_naskah", "pembahasan_naskah", "persetujuan_menteri",
    "penandatanganan", "pelaksanaan", "pelaporan",
]  # fmt: skip
WAYS = {
    ("ksdd_wajib", "kb"): ["pemetaan_wajib", "koordinasi_teknis", *KB],
    ("ksdd_sukarela", "kb"): KB,
    ("ksdpk_prakarsa_daerah", "kb"): KB,
    ("ksdpk_prakarsa_pihak_ketiga", "kb"): KB,
    ("ksdd_sukarela", "pks"): ["persiapan", "penawaran", *PKS],
    ("ksdpk_prakarsa_daerah", "pks"): ["persiapan", "penawaran", *PKS],
    ("sinergi", "nota_kesepakatan"): [
        "persiapan", "penawaran", "penyusunan_nk", "penandatanganan_nk", "pelaksanaan", *AFTER,
    ],
    ("ksdpl", "pernyataan_kehendak"): LOI,
    ("ksdll_lainnya", "pernyataan_kehendak"): LOI,
    ("ksdpl", "naskah"): NASKAH,
    ("ksdll_lainnya", "naskah"): NASKAH,
    ("ksdpl", "other"): [],
    ("sinergi", "kb"): [],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "instrument"), WAYS)
def test_an_instrument_walks_its_own_stages(session: Session, kind: str, instrument: str) -> None:
    assert Way(session, kind, instrument).laid_out() == WAYS[kind, instrument]


def test_every_kind_lays_out_what_its_law_says(session: Session) -> None:
    for kind in law.procedures():
        for instrument in sorted(kind.instruments - {"pks", "pks_tanpa_kb"}):
            expected = [rule.key for rule in kind.stages if instrument in rule.instruments]
            assert Way(session, kind.code, instrument).laid_out() == expected


def test_a_pks_under_a_kb_goes_on_where_the_kb_ended(session: Session) -> None:
    kb = Way(session, "ksdd_sukarela", "kb")

    assert Way(session, "ksdd_sukarela", "pks", kb).laid_out() == PKS


def test_an_addendum_walks_drafting_consent_signing_and_filing_of_what_it_changes(session: Session) -> None:
    kb = Way(session, "ksdd_sukarela", "kb")
    pks = Way(session, "ksdd_sukarela", "pks", kb)
    addendum = Way(session, "ksdd_sukarela", "addendum", pks)

    assert addendum.laid_out() == ["persetujuan_dprd", "penyusunan_pks", "penandatanganan_pks", "penatausahaan"]
    for step in addendum.told.steps:
        assert {each.certainty for each in step.basis} == {"VERIFIED-PRAKTIK"}
        assert not any(paper.blocks for paper in step.papers)


@pytest.mark.parametrize("given", [{"origin": "archive"}, {"special_procedure": True}])
def test_archive_rows_and_special_procedures_walk_none(session: Session, given: dict[str, Any]) -> None:
    way = Way(session, "ksdpk_prakarsa_daerah", "pks", **given)

    assert way.laid_out() == []


def test_what_comes_next_is_nothing_for_an_archive_row(session: Session) -> None:
    told = Way(session, "ksdd_sukarela", "kb", origin="archive").json

    assert (told["stages"], told["next"], told["current"]) == ([], None, None)


def test_a_special_procedure_says_so(session: Session) -> None:
    told = Way(session, "ksdpk_prakarsa_daerah", "pks", special_procedure=True).json

    assert told["next"] == {
        "text": "Prosedur khusus: mengikuti peraturannya sendiri. Catat langkahnya sebagai tahap internal.",
        "verb": None,
        "basis": [],
    }


# --- a form that changes what the agreement is --------------------------------------------------------------------


def revise(session: Session, way: Way, parent: Way | None = None, **values: Any) -> None:
    agreement = agreements.for_editing(session, way.agreement.id)
    kept = {name: getattr(agreement, name) for name in agreements.COLUMNS} | values
    partners = [(party.partner_id, "") for party in agreement.parties if party.partner_id]
    parent_id = parent.agreement.id if parent else None
    agreements.revise(session, agreement, agreements.Draft(kept, partners=partners, parent_id=parent_id))
    session.commit()


def test_another_instrument_lays_out_other_stages_while_none_has_begun(session: Session) -> None:
    way = Way(session, "ksdd_sukarela", "kb")

    revise(session, way, instrument="pks")

    assert way.laid_out() == ["persiapan", "penawaran", *PKS]


def test_a_pks_that_finds_its_kb_keeps_what_has_moved(session: Session) -> None:
    kb = Way(session, "ksdd_sukarela", "kb").walk()
    way = Way(session, "ksdd_sukarela", "pks")
    way.move("start", "persiapan", date(2026, 2, 2))

    with pytest.raises(Refusal) as refused:
        revise(session, way, parent=kb)
    session.rollback()

    assert refused.value.errors == {
        "procedure": "Tahap “Persiapan” sudah berjalan menurut prosedur dan naskah yang sekarang. Buka kembali dulu tahap itu "
        "sebelum mengganti prosedur, jenis naskah, asal, atau naskah induknya."
    }
    assert way.states() == {"persiapan": "running"}

    way.move("reopen", "persiapan")
    revise(session, way, parent=kb)
    assert way.laid_out() == PKS


def test_a_stage_that_is_no_longer_wanted_goes_to_the_bin_and_is_made_anew_when_it_is(session: Session) -> None:
    way = Way(session, "ksdd_sukarela", "kb")
    revise(session, way, instrument="pks")
    revise(session, way, instrument="kb")

    assert way.laid_out() == KB
    binned = select(Stage).where(Stage.agreement_id == way.agreement.id, Stage.deleted_at.is_not(None))
    assert len(session.scalars(binned).all()) == 6  # two that only a KB walks, four that only a PKS does


def test_plain_stages_stay_as_internal_ones(session: Session) -> None:
    way = Way(session, None, "kb")
    session.add(Stage(agreement_id=way.agreement.id, key="rapat_tkksd", name="Rapat TKKSD", status="running", position=1))
    session.commit()

    kind = session.scalars(select(Procedure).where(Procedure.code == "ksdd_sukarela")).one()
    revise(session, way, procedure_id=kind.id, group="ksdd")

    assert way.laid_out() == KB
    assert [stage.key for stage in way.case.stages if not stage.statutory] == ["rapat_tkksd"]


def test_it_keeps_the_version_it_began_under(session: Session) -> None:
    way = Way(session, "ksdd_sukarela", "kb").walk("penyusunan_kb", NO_CONSENT_NEEDED)

    assert way.json["version"] == 1
