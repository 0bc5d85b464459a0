"""The sample agreements walk the law: by the verbs that a clerk uses, on the days and with the answers the sample gives."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Stage, User
from rules import codes, paperkinds
from sikerja import stages
from sikerja.process import case as cases
from sikerja.process import layout, verbs
from sikerja.process.answers import Given
from sikerja.process.case import Case
from sikerja.process.moves import Move

# What a sample leaves out on purpose is passed over with this reason.
LEFT_OUT = "Dokumen ini tidak disertakan dalam data contoh."


def walk(session: Session, agreement: Agreement, rows: list[dict[str, Any]], clerk: User) -> None:
    """Move the stages of the law as the rows say; a row that the law doesn't know is an internal stage."""
    layout.lay_out(session, agreement)
    known = {stage.key for stage in cases.load(session, agreement).stages if stage.statutory}
    for place, row in enumerate(rows, start=1):
        if row["key"] in known and ("finished_on" in row or "started_on" in row):
            for move in _moves(session, agreement, row):
                stage = session.scalars(
                    select(Stage).where(Stage.agreement_id == agreement.id, Stage.key == row["key"], Stage.statutory)
                ).one()
                verbs.move(session, stage, move, clerk)
        elif row["key"] not in known or row["status"] != "planned":
            name = codes.STAGE_NAMES.get(row["key"], row["name"])
            session.add(Stage(agreement_id=agreement.id, position=place, **row | {"name": name}))
    session.flush()
    stages.keep_current(session, agreement)


def _moves(session: Session, agreement: Agreement, row: dict[str, Any]) -> Iterator[Move]:
    """The verbs that bring a stage to where the row has it."""
    began: date | None = row.get("started_on")
    if row["status"] == "skipped":
        given = {key: Given(False, reason) for key, reason in row["answers"].items()}
        yield Move("skip", row["finished_on"], answers=given)
        return
    if began is not None:
        yield Move("start", began)
    if row["status"] == "waiting" and began is not None:
        yield Move("wait", began, holder=row["holder"])
    if row["status"] == "finished":
        case = cases.load(session, agreement)
        yield Move(
            "finish", row["finished_on"], remark=LEFT_OUT, papers=_papers(case, row["key"]),
            override_reason=LEFT_OUT, overrides=True,
        )  # fmt: skip


def _papers(case: Case, key: str) -> dict[str, int]:
    """The sample's own files, each for the documents of its kind."""
    by_kind = {file.kind: file.id for file in case.files.values() if file.agreement_id == case.agreement.id}
    documents = case.rules[key].documents
    kinds = {document.name: paperkinds.guess(document.name) for document in documents}
    return {name: by_kind[kind] for name, kind in kinds.items() if kind in by_kind and kind != "lainnya"}
