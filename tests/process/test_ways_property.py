"""Whatever is pressed, in whatever order: nobody is lost, no two exclusive stages run, nothing is skipped without its ground.

Random verbs with random days, answers and files on a family of every kind. What is refused changes nothing; what is done
leaves an event that follows on the one before; `explain` always answers, and what it says comes next can be done.
"""

import json
import random
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from extensions import db
from models import Stage, StageEvent
from rules import codes
from rules.law_parts import QUESTIONS
from sikerja import stages
from sikerja.process import case as cases
from sikerja.process import explaining, guards, verbs
from sikerja.process.answers import Given
from sikerja.process.case import Case
from sikerja.process.moves import SILENCE, Move
from sikerja.refusals import Refusal
from tests.ways import BEGIN, Way, file_of

FAMILIES = (
    ("ksdd_wajib", "kb", "pks"),
    ("ksdpk_prakarsa_daerah", "pks", "addendum"),
    ("sinergi", "nota_kesepakatan", None),
    ("ksdpl", "pernyataan_kehendak", "naskah"),
    ("ksdll_lainnya", "naskah", None),
    ("ksdll_penerusan", "rencana_penerusan", None),
)
PRESSES = 40
SEEDS = st.integers(0, 2**32 - 1)
DECIDING = ("membebani_masyarakat_dan_daerah", "belum_teranggarkan_apbd_tahun_berjalan", "mitra_lembaga_nonprofit")


class Family:
    """A paper and one that hangs on it, with what was seen of them so far."""

    def __init__(self, kind: str, first: str, second: str | None, seed: int = 0) -> None:
        self.random = random.Random(seed)
        session = db.session()
        one = Way(session, kind, first)
        self.ways = [one, Way(session, kind, second, one)] if second else [one]
        self.laid_out = [way.laid_out() for way in self.ways]
        self.files = [file_of(session, way.agreement) for way in self.ways]
        self.day = BEGIN

    def press(self, place: int | None = None) -> None:
        """Press something, or at this paper what `explain` says comes next; do it, or be refused."""
        way, stage, asked = self._anything() if place is None else self._follow(place)
        if stage is None:
            return
        before = [each.states() for each in self.ways]
        key = stage.id
        obstacles = guards.obstacles(way.case, stage, asked)
        try:
            verbs.move(way.session, stage, asked, None)
            way.session.commit()
        except Refusal:
            way.session.rollback()
            assert [each.states() for each in self.ways] == before
            assert obstacles or guards.is_done_already(way.session.get_one(Stage, key), asked)
        else:
            assert obstacles == []

    def _anything(self) -> tuple[Way, Stage | None, Move]:
        """Any verb on any stage, with days, answers and files that may do or not."""
        draw = self.random
        place = draw.randrange(len(self.ways))
        way = self.ways[place]
        self.day = max(BEGIN, self.day + timedelta(days=draw.choice((-2, 0, 0, 1, 4))))
        keys = draw.sample((*DECIDING, *QUESTIONS), 2) if draw.random() < 0.3 else []
        reason = draw.choice(("", "Karena itu", "Karena itu"))
        leads = draw.random() < 0.2
        asked = Move(
            draw.choice(tuple(codes.STAGE_VERBS)), self.day, draw.choice(("", "Dicatat")),
            draw.choice(("", "", "Dasar lain", SILENCE)), (self.files[place],) if draw.random() < 0.7 else (), {}, {},
            {key: Given(draw.random() < 0.5, reason) for key in keys}, "Arahan" if leads else "", leads,
        )  # fmt: skip
        return way, draw.choice(way.case.stages), asked

    def _follow(self, place: int) -> tuple[Way, Stage | None, Move]:
        """What `explain` says comes next, with all that it may ask for."""
        way = self.ways[place]
        following = way.told.next
        if following is None or following.stage is None or following.verb is None:
            return way, None, Move("start", BEGIN)
        rule = way.case.rule(following.stage)
        keys = [key for key in (rule.applies_if if rule else ()) if key not in way.case.answers]
        answers = {key: Given(True, "Karena itu") for key in keys}
        latest = [stage.finished_on for each in self.ways for stage in each.case.stages if stage.finished_on]
        self.day = max([self.day, *latest, *([following.stage.started_on] if following.stage.started_on else [])])
        files = (self.files[place],)
        return way, following.stage, Move(following.verb, self.day, "Dicatat", "", files, {}, {}, answers)


def never_lost(case: Case, laid_out: list[str]) -> None:
    assert [stage.key for stage in case.stages if stage.statutory] == laid_out
    current = case.agreement.current_stage_id
    settled = all(stage.status in codes.SETTLED_STATUSES for stage in case.stages)
    assert (current is None) == settled
    should = stages.standing(case.stages)
    assert (current, case.agreement.stage_since, case.agreement.holder) == should[:3]


def never_at_two_exclusive_stages(case: Case) -> None:
    line = case.in_line()
    assert sum(stage.status in codes.OPEN_STATUSES for stage in line) <= 1
    moved = [stage.status != "planned" for stage in line]
    assert moved == sorted(moved, reverse=True), "one stage began before the one that comes first"


def never_skipped_without_ground(case: Case) -> None:
    for stage in case.stages:
        if stage.status == "skipped":
            rule = case.rules[stage.key]
            assert rule.applies(case.said()) is False
            assert rule.skip_basis is not None
            assert stage.ground.endswith(f"Dasar: {rule.skip_basis.shown}.") or not rule.skip_basis.shown
        else:
            assert stage.ground == ""


def every_event_follows_on_the_one_before(case: Case) -> None:
    told = select(StageEvent).where(StageEvent.agreement_id == case.agreement.id).order_by(StageEvent.id)
    at = {stage.id: "planned" for stage in case.stages}
    for event in db.session.scalars(told):
        assert event.from_status == at[event.stage_id]
        at[event.stage_id] = event.to_status
    assert at == {stage.id: stage.status for stage in case.stages}


def explain_always_answers(way: Way) -> None:
    told = way.told
    assert json.loads(json.dumps(explaining.as_json(told)))["register_no"] == way.agreement.register_no
    assert (told.next is None) == (told.current is None)


def the_signature_is_the_end_of_its_stage(case: Case) -> None:
    signing = case.signing_stage()
    assert (case.agreement.signed_on is not None) == (signing is not None and signing.status == "finished")


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family[0])
def test_whatever_is_pressed(app: Flask, family: tuple[str, str, str | None]) -> None:
    @settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
    @given(seed=SEEDS)
    def pressed(seed: int) -> None:
        papers = Family(*family, seed)
        for _ in range(PRESSES):
            papers.press(papers.random.choice((None, None, *range(len(papers.ways)))))
            for way, laid_out in zip(papers.ways, papers.laid_out, strict=True):
                case = cases.load(way.session, way.agreement)
                never_lost(case, laid_out)
                never_at_two_exclusive_stages(case)
                never_skipped_without_ground(case)
                every_event_follows_on_the_one_before(case)
                explain_always_answers(way)
                the_signature_is_the_end_of_its_stage(case)

    with app.app_context():
        pressed()


def test_what_comes_next_leads_to_the_end(app: Flask) -> None:
    with app.app_context():
        for kind, first, second in FAMILIES:
            family = Family(kind, first, second)
            for _ in range(40):
                for place in range(len(family.ways)):
                    family.press(place)
            assert [way.told.next for way in family.ways] == [None] * len(family.ways), kind
            assert date(2026, 11, 24) >= family.day
