"""Each of the eight kinds is walked from its first stage to its last, by each instrument that it knows."""

import pytest
from sqlalchemy.orm import Session

from rules import law
from tests.ways import CONSENT_NEEDED, NO_CONSENT_NEEDED, Way

HOME = ("ksdd_wajib", "ksdd_sukarela", "ksdpk_prakarsa_daerah", "ksdpk_prakarsa_pihak_ketiga")
ABROAD = ("ksdpl", "ksdll_lainnya")
DPRD = "persetujuan_dprd"


def done(way: Way, skipped: tuple[str, ...] = ()) -> None:
    """Every stage is settled, in the order of the law; nothing is left to do."""
    keys = way.laid_out()
    assert way.states() == {key: "skipped" if key in skipped else "finished" for key in keys}
    settled = [way.stage(key).finished_on for key in keys if not way.stage(key).parallel]
    assert settled == sorted(day for day in settled if day is not None)
    told = way.json
    assert (told["next"], told["current"], told["obstacles"]) == (None, None, [])
    assert {row["state"] for row in told["documents"] if row["blocks"] and row["stage"] not in skipped} <= {"present"}


def test_these_are_all_kinds() -> None:
    assert {kind.code for kind in law.procedures()} == {*HOME, *ABROAD, "sinergi", "ksdll_penerusan"}


@pytest.mark.parametrize("kind", HOME)
def test_at_home_a_kb_and_a_pks_under_it(session: Session, kind: str) -> None:
    kb = Way(session, kind, "kb").walk()
    done(kb)
    assert kb.agreement.signed_on is not None

    pks = Way(session, kind, "pks", kb).walk(consent=NO_CONSENT_NEEDED, on=kb.day)
    done(pks, (DPRD,))
    assert pks.agreement.signed_on is not None

    burdening = Way(session, kind, "pks", kb).walk(consent=CONSENT_NEEDED, on=kb.day)
    done(burdening)


@pytest.mark.parametrize("kind", HOME)
def test_at_home_a_pks_that_stands_alone(session: Session, kind: str) -> None:
    pks = Way(session, kind, "pks").walk()

    done(pks, (DPRD,))
    assert pks.agreement.signed_on is not None


def test_a_nota_kesepakatan(session: Session) -> None:
    nota = Way(session, "sinergi", "nota_kesepakatan").walk()

    done(nota)
    assert nota.agreement.signed_on is not None


@pytest.mark.parametrize("kind", ABROAD)
def test_abroad_a_letter_of_intent_and_the_naskah_that_follows(session: Session, kind: str) -> None:
    loi = Way(session, kind, "pernyataan_kehendak").walk()
    done(loi)
    assert loi.agreement.signed_on is not None

    naskah = Way(session, kind, "naskah", loi).walk(on=loi.day)
    done(naskah)
    assert naskah.agreement.signed_on is not None


@pytest.mark.parametrize(
    ("nonprofit", "skipped"), [(True, ()), (False, ("syarat_nonprofit", "rencana_tahunan"))], ids=["nonprofit", "another"]
)
def test_passing_on_a_cooperation_of_the_state(session: Session, nonprofit: bool, skipped: tuple[str, ...]) -> None:
    plan = Way(session, "ksdll_penerusan", "rencana_penerusan")

    plan.walk(consent={"mitra_lembaga_nonprofit": (nonprofit, "Menurut akta pendiriannya.")})

    done(plan, skipped)
    assert plan.agreement.signed_on is None  # its law knows no signature; the form sets one


def test_an_addendum(session: Session) -> None:
    pks = Way(session, "ksdd_sukarela", "pks").walk()
    addendum = Way(session, "ksdd_sukarela", "addendum", pks).walk(on=pks.day)

    done(addendum, (DPRD,))
    assert addendum.agreement.signed_on is not None
