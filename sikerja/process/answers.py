"""Answers to the questions that the law asks: which stages fall away, which documents are needed."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models import Answer, Stage
from rules import codes, law_parts
from rules.law_parts import DPRD, QUESTIONS
from sikerja import formats
from sikerja.process.case import Case

# For a kind where the law is unclear about the assembly: an answer that is kept, and no stage (Permendagri 25/2020 and
# PP 28/2018 don't say the same).
UNCLEAR_CONSENT = "persetujuan_dprd_pada_penerusan"
LONGEST_REASON = 2000


@dataclass(frozen=True)
class Given:
    """An answer as it comes in: yes or no, why, and the file that proves it."""

    yes: bool
    reason: str = ""
    file: int | None = None


def asked(case: Case) -> dict[str, law_parts.Question]:
    """The questions that this agreement's way holds, those aside that follow from others or that the register can tell."""
    keys: list[str] = []
    for rule in case.rules.values():
        keys += [*rule.applies_if, *(each.applies_if for each in rule.documents if each.applies_if)]
    sources = [source for key in keys for source in (QUESTIONS[key].follows_from or (key,))]
    if case.content is not None and case.content.consent == "tidak_pasti":
        sources.append(UNCLEAR_CONSENT)
    return {key: QUESTIONS[key] for key in dict.fromkeys(sources) if not QUESTIONS[key].told_by}


def of_stage(case: Case, stage: Stage) -> list[str]:
    """The questions that this stage and its documents depend on."""
    rule = case.rule(stage)
    if rule is None:
        return []
    keys = [*rule.applies_if, *(each.applies_if for each in rule.documents if each.applies_if)]
    sources = [source for key in keys for source in (QUESTIONS[key].follows_from or (key,))]
    return [key for key in dict.fromkeys(sources) if not QUESTIONS[key].told_by]


def obstacles(case: Case, given: Mapping[str, Given]) -> list[str]:
    """All that stands against these answers."""
    known = asked(case)
    found = []
    for key, answer in given.items():
        if key not in known:
            found.append(f"Pertanyaan “{key[:80]}” tidak ada pada naskah ini. Muat ulang halaman, lalu jawab lagi.")
            continue
        if not answer.reason.strip() and decides(case, key):
            found.append(f"Isi alasan jawaban “{known[key].text}”")
        if len(answer.reason) > LONGEST_REASON:
            found.append(f"Alasan jawaban paling panjang {formats.number(LONGEST_REASON)} huruf. Ringkas isinya.")
        if answer.file is not None and answer.file not in case.files:
            found.append("Bukti jawaban bukan berkas naskah ini atau keluarganya. Pilih berkas yang ada.")
        kept = case.answers.get(key)
        if kept is not None and kept.yes != answer.yes:
            found += _held_by(case, key)
    return found


def decides(case: Case, key: str) -> bool:
    """True where a stage is walked or falls away by this answer, or the law leaves it to whoever answers."""
    return key == UNCLEAR_CONSENT or any(key in rule.applies_if for rule in case.rules.values())


def mark(answer: Answer | None) -> str:
    """What tells one state of an answer from another; empty while there is none."""
    if answer is None:
        return ""
    return f"{zlib.crc32(repr((answer.yes, answer.reason, answer.attachment_id)).encode()):08x}"


def taken(case: Case, seen: Mapping[str, str]) -> list[str]:
    """The answers that somebody gave or changed since the form was opened; `seen`: question -> its mark then."""
    found = []
    for key, before in seen.items():
        kept = case.answers.get(key)
        if kept is not None and mark(kept) != before:
            said = "ya" if kept.yes else "tidak"
            found.append(
                f"Orang lain baru saja menjawab “{QUESTIONS[key].text}” dengan {said}. Periksa jawabannya, lalu catat lagi "
                "bila jawaban Anda tetap berlaku."
            )
    return found


def _held_by(case: Case, key: str) -> list[str]:
    """A stage that was passed on the ground of this answer holds it."""
    return [
        f"Jawaban ini menjadi dasar tahap “{stage.name}”. Buka kembali tahap itu dulu untuk mengubah jawabannya."
        for stage in case.stages
        if (rule := case.rule(stage)) is not None and key in rule.applies_if and stage.status in codes.SETTLED_STATUSES
    ]


def keep(session: Session, case: Case, given: Mapping[str, Given], on: date, user_name: str) -> None:
    """Write the answers down; a later one takes the place of an earlier one, which the trail keeps."""
    for key, answer in given.items():
        row = case.answers.get(key)
        if row is None:
            row = Answer(agreement_id=case.agreement.id, question=key)
            session.add(row)
            case.answers[key] = row
        row.yes, row.reason, row.answered_on, row.user_name = answer.yes, answer.reason, on, user_name
        row.attachment_id = answer.file if answer.file is not None else row.attachment_id
    session.flush()


def ground_for_skipping(case: Case, stage: Stage, given: Mapping[str, Given]) -> str:
    """On which answers, and by which provision, a stage falls away."""
    rule = case.rules[stage.key]
    reasons = {key: answer.reason for key, answer in case.answers.items()} | {key: each.reason for key, each in given.items()}
    told = [f"{QUESTIONS[key].text} Tidak: {reasons.get(key, '').rstrip('.')}." for key in rule.applies_if]
    basis = rule.skip_basis.shown if rule.skip_basis else ""
    return " ".join([*told, f"Dasar: {basis}." if basis else ""]).strip()


__all__ = [
    "DPRD", "UNCLEAR_CONSENT", "Given", "asked", "decides", "ground_for_skipping", "keep", "mark", "obstacles", "of_stage",
    "taken",
]  # fmt: skip
