"""What a kind of cooperation must fulfil before it may be published. Used on the file at load, and fit for a draft."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from rules import codes
from rules.law_parts import (
    CERTAINTIES,
    CONSENTS,
    DEADLINE_KINDS,
    DIRECTIONS,
    DPRD,
    EVERY_YEAR,
    IF_PASSED,
    JANUARY_WEEK,
    QUESTIONS,
    SIDES,
    STARTS,
    UNITS,
    VERIFIED,
    WALKERS,
    Citation,
    DeadlineRule,
    DocumentRule,
    Procedure,
    StageRule,
)

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_ARTICLE = re.compile(r"\bPasal \d")
_LONGEST = 999
_JANUARY_WEEKS = 4


def faults(procedure: Procedure, unread: Collection[str] = ()) -> list[str]:
    """A sentence for everything that is wrong with a procedure. `unread`: regulations of which no article may be cited."""
    where = procedure.code
    found = [
        *_known(where, "jenis", procedure.code, codes.PROCEDURES),
        *_known(where, "kelompok", procedure.group, codes.GROUPS),
        *_known(where, "persetujuan_dprd", procedure.consent, CONSENTS),
        *_grounds(where, procedure.basis, unread),
        *_order(procedure),
        *_consent(procedure),
    ]
    if not procedure.name.strip():
        found.append(f"{where}: nama kosong.")
    for stage in procedure.stages:
        found += _stage(f"{where}, {stage.key}", stage, unread)
    return found


def _order(procedure: Procedure) -> Iterator[str]:
    """Stages are numbered from 1, keys are unique, and what runs side by side comes last."""
    where, stages = procedure.code, procedure.stages
    if not stages:
        yield f"{where}: tidak ada tahap."
    if [stage.order for stage in stages] != list(range(1, len(stages) + 1)):
        yield f"{where}: urutan tahap harus 1, 2, 3 dan seterusnya."
    yield from _twice(where, "kunci tahap", (stage.key for stage in stages))
    yield from _twice(where, "kunci tenggat", (rule.key for stage in stages for rule in stage.deadlines))
    parallel = [stage.parallel for stage in stages]
    if parallel != sorted(parallel):
        yield f"{where}: tahap sejajar harus sesudah semua tahap yang berurutan."


def _consent(procedure: Procedure) -> Iterator[str]:
    """The stage of the assembly is what `persetujuan_dprd` says: by questions, always, or not there.

    PP 28/2018 Pasal 6 ayat (2); Permendagri 25/2020 Pasal 16 and 17; for penerusan the law is unclear, so there is no stage.
    """
    stages = [stage for stage in procedure.stages if stage.key == DPRD]
    fits = {
        "bersyarat": bool(stages) and stages[0].may_be_skipped,
        "wajib": bool(stages) and not stages[0].may_be_skipped,
        "tidak_diatur": not stages,
        "tidak_pasti": not stages,
    }
    if not fits.get(procedure.consent, True):
        yield f"{procedure.code}: tahap persetujuan DPRD tidak sesuai dengan persetujuan_dprd = “{procedure.consent}”."


def _stage(where: str, stage: StageRule, unread: Collection[str]) -> Iterator[str]:
    if not _KEY.fullmatch(stage.key):
        yield f"{where}: kunci hanya huruf kecil, angka, dan garis bawah."
    if not stage.name.strip():
        yield f"{where}: nama kosong."
    if not stage.instruments:
        yield f"{where}: tidak ada naskah yang menempuhnya."
    for instrument in stage.instruments:
        yield from _known(where, "instrumen", instrument, WALKERS)
    yield from _twice(where, "instrumen", stage.instruments)
    yield from _known(where, "pemegang", stage.holder, codes.HOLDERS)
    for question in stage.applies_if:
        yield from _known(where, "pertanyaan", question, QUESTIONS)
    yield from _grounds(where, stage.basis, unread)
    if _ARTICLE.search(stage.description) and any(citation.certainty != VERIFIED for citation in stage.basis):
        yield f"{where}: uraian menyebut pasal padahal dasarnya belum dibaca."
    if stage.may_be_skipped != bool(stage.applies_if):
        yield f"{where}: tahap dilewati hanya dengan pertanyaan dan dasarnya."
    if stage.skip_basis:
        yield from _grounds(f"{where}, dasar melewati", (stage.skip_basis,), unread)
    yield from _twice(where, "dokumen", (document.name for document in stage.documents))
    for document in stage.documents:
        yield from _document(f"{where}, dokumen “{document.name}”", document, unread)
    for rule in stage.deadlines:
        yield from _deadline(f"{where}, tenggat {rule.key}", rule, unread)


def _document(where: str, document: DocumentRule, unread: Collection[str]) -> Iterator[str]:
    if not document.name.strip():
        yield f"{where}: nama kosong."
    yield from _known(where, "arah", document.direction, DIRECTIONS)
    if document.applies_if is not None:
        yield from _known(where, "pertanyaan", document.applies_if, QUESTIONS)
        if document.required:
            yield f"{where}: wajib selalu dan wajib bila dijawab ya tidak dapat bersamaan."
    yield from _citation(where, document.basis, unread)


def _deadline(where: str, rule: DeadlineRule, unread: Collection[str]) -> Iterator[str]:
    """A deadline is active only where its article was read; a yearly one is a week of January and the other way round."""
    if not _KEY.fullmatch(rule.key):
        yield f"{where}: kunci hanya huruf kecil, angka, dan garis bawah."
    yield from _known(where, "sifat", rule.kind, DEADLINE_KINDS)
    yield from _known(where, "satuan", rule.unit, UNITS)
    yield from _known(where, "arah", rule.side, SIDES)
    yield from _known(where, "sejak", rule.since, STARTS)
    yield from _known(where, "bila_lewat", rule.if_passed, IF_PASSED)
    longest = _JANUARY_WEEKS if rule.unit == JANUARY_WEEK else _LONGEST
    if not 1 <= rule.amount <= longest:
        yield f"{where}: jumlah harus 1 sampai {longest}."
    yearly = {rule.kind == "kalender_tahunan", rule.unit == JANUARY_WEEK, rule.side == "pada", rule.start == EVERY_YEAR}
    if len(yearly) > 1:
        yield f"{where}: tenggat tahunan berupa minggu Januari, “pada”, “setiap tahun”; yang lain tidak."
    yield from _citation(where, rule.basis, unread)
    if rule.active and not (rule.basis.certainty == VERIFIED and rule.basis.has_article):
        yield f"{where}: tenggat hanya dipasang dengan pasal yang sudah dibaca."


def _grounds(where: str, basis: Collection[Citation], unread: Collection[str]) -> Iterator[str]:
    if not any(citation.text.strip() for citation in basis):
        yield f"{where}: dasar tidak ada."
    for citation in basis:
        yield from _citation(where, citation, unread)


def _citation(where: str, citation: Citation, unread: Collection[str]) -> Iterator[str]:
    """An article stands only where it was read, and behind the name of its regulation."""
    yield from _known(where, "kepastian", citation.certainty, CERTAINTIES)
    if citation.certainty == VERIFIED and not citation.text.strip():
        yield f"{where}: VERIFIED tanpa dasar."
    if citation.has_article and citation.certainty != VERIFIED:
        yield f"{where}: pasal “{citation.text}” dikutip padahal belum dibaca."
    if citation.has_article and citation.regulation_code is None:
        yield f"{where}: “{citation.text}” tidak menyebut peraturannya lebih dahulu."
    if citation.has_article and citation.regulation_code in unread:
        yield f"{where}: pasal {citation.source} tidak dikutip sebelum naskahnya diperiksa."


def _known(where: str, what: str, value: str, words: Collection[str]) -> Iterator[str]:
    if value not in words:
        yield f"{where}: {what} “{value}” tidak dikenal."


def _twice(where: str, what: str, values: Iterable[str]) -> Iterator[str]:
    for value, times in Counter(values).items():
        if times > 1:
            yield f"{where}: {what} “{value}” ada {times} kali."
