"""What was done to a stage, in sentences: its events, the newest first."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Stage, StageEvent
from rules import dates
from rules.law_parts import QUESTIONS
from sikerja.process.moves import SILENCE

# Verb -> what was done; where it depends on the state before, by that state.
_DONE: dict[str, str | dict[str, str]] = {
    "start": {
        "planned": "Tahap dimulai",
        "waiting": "Tahap dilanjutkan sesudah menunggu",
        "returned": "Tahap dilanjutkan sesudah perbaikan",
    },
    "wait": "Tahap menunggu pihak luar",
    "send_back": "Tahap dikembalikan untuk perbaikan",
    "finish": "Tahap diselesaikan",
    "skip": "Tahap dilewati",
    "reopen": {"finished": "Tahap dibuka kembali", "skipped": "Tahap dibuka kembali"},
    "deemed": "Dianggap disetujui, karena tidak ada jawaban dalam waktunya",
    "late_answer": "Jawaban datang kemudian dan dicatat; tahap ini tidak lagi dianggap disetujui",
    "document": "Dokumen tahap dicatat",
    "answer": "Pertanyaan peraturan dijawab",
    "add": "Tahap ditambahkan",
    "remove": "Tahap dibuang",
    "deadline": "Tenggat dihitung ulang",
}
_TAKEN_BACK = "Mulainya tahap ditarik kembali"


@dataclass(frozen=True)
class Told:
    """One thing that was done: on which day it happened, when and by whom it was written down, and all of it in sentences."""

    on: date
    at: datetime
    by: str
    sentences: list[str]


def of_stage(session: Session, stage: Stage) -> list[Told]:
    """Everything that was done to a stage."""
    rows = session.scalars(select(StageEvent).where(StageEvent.stage_id == stage.id).order_by(StageEvent.id.desc()))
    return [Told(row.on, row.at, row.user_name, [f"{_done(row)}.", *_more(row)]) for row in rows]


def _done(row: StageEvent) -> str:
    done = _DONE[row.verb]
    return done if isinstance(done, str) else done.get(row.from_status, _TAKEN_BACK)


def _more(row: StageEvent) -> Iterator[str]:
    facts: Mapping[str, Any] = json.loads(row.facts) if row.facts else {}
    if row.remark:
        yield f"Catatan: {row.remark}"
    if row.ground and row.ground != SILENCE:
        yield f"{'Dasar melewati' if row.verb == 'skip' else 'Dasar'}: {row.ground}"
    for key, yes in facts.get("answers", {}).items():
        if QUESTIONS[key].text in row.ground:
            continue  # the ground on which a stage fell away holds the answers with their reasons
        yield f"{QUESTIONS[key].text} {'Ya' if yes else 'Tidak'}."
    for name, words in (
        ("documents", "Dokumen yang diserahkan"),
        ("passed", "Belum ada dan dilewati dengan catatan"),
        ("overridden", "Belum ada dan dilewati oleh pimpinan"),
    ):
        if facts.get(name):
            yield f"{words}: {', '.join(f'“{each}”' for each in facts[name])}."
    if row.override_reason:
        yield f"Alasan pimpinan: {row.override_reason}"
    for name, words in (
        ("signed_on", "Naskah tercatat ditandatangani"),
        ("ends_on", "Berakhir menurut jangka waktunya"),
        ("unsigned", "Tanggal tanda tangan dikosongkan, sebelumnya"),
    ):
        if facts.get(name):
            yield f"{words} {dates.words(date.fromisoformat(facts[name]))}."
