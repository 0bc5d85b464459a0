"""Agreements on their way through the law, for tests: laid out, moved by the verbs, looked at by the key of a stage."""

import itertools
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Attachment, Procedure, Stage, StageEvent
from rules import codes
from sikerja.process import case as cases
from sikerja.process import explaining, verbs
from sikerja.process.answers import Given
from sikerja.process.explaining import Explained
from sikerja.process.moves import Move
from sikerja.refusals import Refusal
from tests import records
from tests.people import Person

BEGIN = date(2026, 1, 5)
BURDENS, UNBUDGETED = "membebani_masyarakat_dan_daerah", "belum_teranggarkan_apbd_tahun_berjalan"
NO_CONSENT_NEEDED = {BURDENS: (False, "Tidak ada pungutan."), UNBUDGETED: (False, "DPA 2026.")}
CONSENT_NEEDED = {BURDENS: (True, "Ada pungutan."), UNBUDGETED: (False, "DPA 2026.")}
_names = itertools.count(1)


def file_of(session: Session, agreement: Agreement, title: str = "Pindaian", **said: Any) -> int:
    """A file of an agreement as a row alone, its content left aside. Returns the id."""
    values = {"kind": "lainnya", "original_name": "x.pdf", "digest": "a" * 64, "size": 9, "format": "pdf"} | said
    row = Attachment(agreement_id=agreement.id, title=title, **values)
    session.add(row)
    session.flush()
    row.series_id = row.series_id or row.id
    session.commit()
    return row.id


class Way:
    """One agreement, and what is done to its stages."""

    def __init__(self, session: Session, kind: str | None, instrument: str, parent: "Way | None" = None, **given: Any) -> None:
        self.session = session
        procedure = session.scalars(select(Procedure).where(Procedure.code == kind)).one() if kind else None
        values = {"procedure_id": procedure.id, "group": procedure.group} if procedure else {}
        title = given.pop("title", f"Uji {kind} {instrument} {next(_names)}")
        self.agreement = records.agreement(
            session, title, instrument=instrument, parent=parent and parent.agreement, **values, **given
        )
        self.day = BEGIN

    @property
    def case(self) -> cases.Case:
        return cases.load(self.session, self.agreement)

    @property
    def told(self) -> Explained:
        return explaining.explain(self.session, self.agreement)

    @property
    def json(self) -> dict[str, Any]:
        return explaining.as_json(self.told)

    def stage(self, key: str) -> Stage:
        """The living stage of that key."""
        own = select(Stage).where(Stage.agreement_id == self.agreement.id, Stage.key == key, Stage.deleted_at.is_(None))
        return self.session.scalars(own).one()

    def id_of(self, key: str) -> int:
        """The id of the stage of that key; what was read is let go of, so that others may write."""
        found = self.stage(key).id
        self.session.rollback()
        return found

    def laid_out(self) -> list[str]:
        """The stages of the law that it walks, in order."""
        return [stage.key for stage in self.case.stages if stage.statutory]

    def states(self) -> dict[str, str]:
        """Key -> status of every stage that has moved."""
        return {stage.key: stage.status for stage in self.case.stages if stage.status != "planned"}

    def events(self, key: str) -> list[tuple[str, str, str]]:
        """What was done to a stage: verb, from, to."""
        told = select(StageEvent.verb, StageEvent.from_status, StageEvent.to_status)
        rows = self.session.execute(told.where(StageEvent.stage_id == self.stage(key).id).order_by(StageEvent.id))
        return [tuple(row) for row in rows]  # type: ignore[misc]

    def move(self, verb: str, key: str, on: date | None = None, **asked: Any) -> None:
        """Do it. Raises Refusal."""
        self.day = on or self.day
        asked["answers"] = {name: Given(*each) for name, each in asked.get("answers", {}).items()}
        asked["files"] = tuple(asked.get("files", ()))
        verbs.move(self.session, self.stage(key), Move(verb, self.day, **asked), None)
        self.session.commit()

    def answer(self, given: Mapping[str, Any]) -> "Way":
        """Answer questions of the law outside of any verb."""
        verbs.answer(self.session, self.agreement, {key: Given(*each) for key, each in given.items()}, None, {})
        self.session.commit()
        return self

    def refused(self, verb: str, key: str, on: date | None = None, **asked: Any) -> list[str]:
        """Every obstacle that the verb met; nothing is changed."""
        before = self.states()
        try:
            self.move(verb, key, on, **asked)
        except Refusal as refusal:
            self.session.rollback()
            assert self.states() == before
            return list(refusal.errors.values())
        raise AssertionError(f"{verb} {key} was not refused")

    def walk(self, until: str | None = None, consent: Mapping[str, Any] = NO_CONSENT_NEEDED, on: date | None = None) -> "Way":
        """From stage to stage, each with every document, as what comes next says; up to the stage `until`, left ahead."""
        self.day = on or self.day
        while (following := self.told.next) is not None and following.verb and following.stage is not None:
            stage, rule = following.stage, self.case.rule(following.stage)
            if stage.key == until:
                break
            asked: dict[str, Any] = {}
            verb = following.verb
            if verb == "start" and rule is not None and rule.applies_if:
                known = set(rule.applies_if)
                asked["answers"] = {key: consent.get(key, (False, "Tidak.")) for key in known - set(self.case.answers)}
                said = {key: each[0] for key, each in asked["answers"].items()}
                verb = "start" if rule.applies(self.case.said(said)) else "skip"
            if verb == "finish":
                asked |= {"files": [file_of(self.session, self.agreement)], "remark": "Disepakati dalam rapat."}
            self.move(verb, stage.key, self.day, **asked)
            if stage.status in codes.SETTLED_STATUSES:
                self.day += timedelta(days=3)
        return self


def page_of(person: Person, way: Way) -> str:
    """The details page of the agreement, as this person sees it."""
    key = way.agreement.id
    way.session.rollback()
    answer = person.get(f"/admin/agreement/details/?id={key}")
    assert answer.status_code == 200
    return str(answer.text)
