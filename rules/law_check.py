"""What a kind of cooperation must fulfil before it may be published. Used on the file at load, and on a draft.

A fault of the file names a stage by its key, as the file does; one of a draft by its place and name, as the screens do.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

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
    WALKER_NAMES,
    WALKERS,
    Citation,
    DeadlineRule,
    DocumentRule,
    Procedure,
    Question,
    StageRule,
)

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_ARTICLE = re.compile(r"\bPasal \d")
_ARTICLE_NUMBER = re.compile(r"\b(?:pasal|psl|ps)\b\.?\s*(\d+)", re.IGNORECASE)
_LONGEST = 999
_JANUARY_WEEKS = 4


@dataclass(frozen=True)
class Reading:
    """What was read: `unread` are regulations of which the file cites no article, `texts` the citations that somebody
    vouches for; None for the file itself, which is believed but for the unread ones. `sources` are what the procedure cites."""

    unread: Collection[str] = ()
    texts: Collection[str] | None = None
    sources: Collection[str] = ()

    def doubts(self, citation: Citation) -> str:
        """Why this article can't be cited yet, as the end of a sentence; empty where it can."""
        if self.texts is None:
            told = f"pasal {citation.source} tidak dikutip sebelum naskahnya diperiksa."
            return told if citation.regulation_code in self.unread else ""
        if citation.certainty != VERIFIED or _one_line(citation.text) in {_one_line(text) for text in self.texts}:
            return ""
        return f"“{citation.text}” belum diperiksa siapa pun. Catat dulu pasalnya di Dasar Hukum, atau kutip peraturannya saja."

    def holds(self, number: str) -> bool:
        """True where an article of that number was read in one of the regulations that the procedure cites."""
        return any(
            number in _ARTICLE_NUMBER.findall(text)
            for text in self.texts or ()
            if any(text.startswith(f"{source} ") for source in self.sources)
        )


def faults(
    procedure: Procedure, unread: Collection[str] = (), read: Collection[str] | None = None, before: Procedure | None = None
) -> list[str]:
    """A sentence for everything that is wrong with a procedure.

    `unread` are regulations of which no article may be cited. For a draft `read` are the texts of the citations that somebody
    vouches for, those of unread regulations included, and `before` is what is in force.
    """
    cited = (*procedure.basis, *(citation for stage in procedure.stages for citation in stage.basis))
    reading, of_file = Reading(unread, read, {citation.source for citation in cited}), read is None
    where = procedure.code if of_file else "Prosedur ini"
    found = [
        *_known(where, "jenis", procedure.code, codes.PROCEDURES),
        *_known(where, "kelompok", procedure.group, codes.GROUPS),
        *_known(where, "persetujuan_dprd", procedure.consent, CONSENTS),
        *_grounds(where, procedure.basis, reading),
        *_order(where, procedure),
        *_consent(where, procedure),
        *_signing_lost(where, procedure, before),
    ]
    if not procedure.name.strip():
        found.append(f"{where}: nama kosong.")
    for stage in procedure.stages:
        place = f"{where}, {stage.key}" if of_file else f"Tahap {stage.order} “{stage.name or stage.key}”"
        found += _stage(place, stage, reading)
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _order(where: str, procedure: Procedure) -> Iterator[str]:
    """Stages are numbered from 1, keys are unique, and what runs side by side comes last."""
    stages = procedure.stages
    if not stages:
        yield f"{where}: tidak ada tahap."
    if [stage.order for stage in stages] != list(range(1, len(stages) + 1)):
        yield f"{where}: urutan tahap harus 1, 2, 3 dan seterusnya."
    yield from _twice(where, "kunci tahap", (stage.key for stage in stages))
    yield from _twice(where, "kunci tenggat", (rule.key for stage in stages for rule in stage.deadlines))
    parallel = [stage.parallel for stage in stages]
    if parallel != sorted(parallel):
        yield f"{where}: tahap sejajar harus sesudah semua tahap yang berurutan."


def _consent(where: str, procedure: Procedure) -> Iterator[str]:
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
        yield f"{where}: tahap persetujuan DPRD tidak sesuai dengan persetujuan_dprd = “{procedure.consent}”."


def _signing_lost(where: str, procedure: Procedure, before: Procedure | None) -> Iterator[str]:
    """An instrument that is signed by what is in force must be signed still."""
    lost = _signed(before) - _signed(procedure) if before is not None else set()
    for walker in sorted(lost):
        yield f"{where}: {WALKER_NAMES[walker]} tidak lagi sampai pada tahap penandatanganan."


def _signed(procedure: Procedure) -> set[str]:
    return {walker for stage in procedure.stages if stage.signs for walker in stage.instruments}


def _stage(where: str, stage: StageRule, reading: Reading) -> Iterator[str]:
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
        yield from _question(where, question)
    yield from _grounds(where, stage.basis, reading)
    yield from _mentions(where, stage, reading)
    if stage.may_be_skipped != bool(stage.applies_if):
        yield f"{where}: tahap dilewati hanya dengan pertanyaan dan dasarnya."
    if stage.skip_basis:
        yield from _grounds(f"{where}, dasar melewati", (stage.skip_basis,), reading)
    yield from _twice(where, "dokumen", (document.name for document in stage.documents))
    for document in stage.documents:
        yield from _document(f"{where}, dokumen “{document.name}”", document, reading)
    for rule in stage.deadlines:
        yield from _deadline(f"{where}, tenggat {rule.key}", rule, reading)


def _mentions(where: str, stage: StageRule, reading: Reading) -> Iterator[str]:
    """Running text shows what is written in it, so an article in it must have been read like one that is cited."""
    if _ARTICLE.search(stage.description) and any(citation.certainty != VERIFIED for citation in stage.basis):
        yield f"{where}: uraian menyebut pasal padahal dasarnya belum dibaca."
    elif reading.texts is not None:
        for number in dict.fromkeys(_ARTICLE_NUMBER.findall(stage.description)):
            if not reading.holds(number):
                yield f"{where}: uraian menyebut Pasal {number}, yang belum diperiksa siapa pun."
    if reading.texts is not None:
        for name in (stage.name, *(document.name for document in stage.documents)):
            if _ARTICLE_NUMBER.search(name):
                yield f"{where}: nama “{name}” memuat pasal. Tulis pasalnya sebagai dasar."


def _question(where: str, key: str) -> Iterator[str]:
    yield from _known(where, "pertanyaan", key, QUESTIONS)
    if goes_in_a_circle(key, QUESTIONS):
        yield f"{where}: pertanyaan “{key}” bergantung pada dirinya sendiri."


def goes_in_a_circle(key: str, questions: Mapping[str, Question], seen: tuple[str, ...] = ()) -> bool:
    """True where the answer to a question would follow, at whatever distance, from itself."""
    if key in seen:
        return True
    return any(goes_in_a_circle(each, questions, (*seen, key)) for each in _follows_from(key, questions))


def _follows_from(key: str, questions: Mapping[str, Question]) -> tuple[str, ...]:
    return questions[key].follows_from if key in questions else ()


def _document(where: str, document: DocumentRule, reading: Reading) -> Iterator[str]:
    if not document.name.strip():
        yield f"{where}: nama kosong."
    yield from _known(where, "arah", document.direction, DIRECTIONS)
    if document.applies_if is not None:
        yield from _question(where, document.applies_if)
        if document.required:
            yield f"{where}: wajib selalu dan wajib bila dijawab ya tidak dapat bersamaan."
    yield from _citation(where, document.basis, reading)


def _deadline(where: str, rule: DeadlineRule, reading: Reading) -> Iterator[str]:
    """A deadline is active only where its article was read; a yearly one is a week of January and the other way round."""
    if not _KEY.fullmatch(rule.key):
        yield f"{where}: kunci hanya huruf kecil, angka, dan garis bawah."
    yield from _known(where, "sifat", rule.kind, DEADLINE_KINDS)
    yield from _known(where, "satuan", rule.unit, UNITS)
    yield from _known(where, "arah", rule.side, SIDES)
    if rule.since.strip():
        yield from _known(where, "sejak", rule.since, STARTS)
    else:
        yield f"{where}: tidak ada hari mulainya."
    yield from _known(where, "bila_lewat", rule.if_passed, IF_PASSED)
    longest = _JANUARY_WEEKS if rule.unit == JANUARY_WEEK else _LONGEST
    if not 1 <= rule.amount <= longest:
        yield f"{where}: jumlah harus 1 sampai {longest}."
    yearly = {rule.kind == "kalender_tahunan", rule.unit == JANUARY_WEEK, rule.side == "pada", rule.start == EVERY_YEAR}
    if len(yearly) > 1:
        yield f"{where}: tenggat tahunan berupa minggu Januari, “pada”, “setiap tahun”; yang lain tidak."
    yield from _citation(where, rule.basis, reading)
    if rule.active and not (rule.basis.certainty == VERIFIED and rule.basis.has_article):
        yield f"{where}: tenggat hanya dipasang dengan pasal yang sudah dibaca."


def _grounds(where: str, basis: Collection[Citation], reading: Reading) -> Iterator[str]:
    if not any(citation.text.strip() for citation in basis):
        yield f"{where}: dasar tidak ada."
    for citation in basis:
        yield from _citation(where, citation, reading)


def _citation(where: str, citation: Citation, reading: Reading) -> Iterator[str]:
    """An article stands only where it was read, and behind the name of its regulation."""
    yield from _known(where, "kepastian", citation.certainty, CERTAINTIES)
    if citation.certainty == VERIFIED and not citation.text.strip():
        yield f"{where}: VERIFIED tanpa dasar."
    if citation.has_article and citation.certainty != VERIFIED:
        yield f"{where}: pasal “{citation.text}” dikutip padahal belum dibaca."
    if citation.has_article and citation.regulation_code is None:
        yield f"{where}: “{citation.text}” tidak menyebut peraturannya lebih dahulu."
    doubts = reading.doubts(citation) if citation.has_article else ""
    if doubts:
        yield f"{where}: {doubts}"


def _known(where: str, what: str, value: str, words: Collection[str]) -> Iterator[str]:
    if value not in words:
        yield f"{where}: {what} “{value}” tidak dikenal."


def _twice(where: str, what: str, values: Iterable[str]) -> Iterator[str]:
    for value, times in Counter(values).items():
        if times > 1:
            yield f"{where}: {what} “{value}” ada {times} kali."
