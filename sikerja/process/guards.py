"""What stands in the way of a verb on a stage: all of it at once, each in a sentence that says what to do."""

from collections.abc import Callable, Iterator
from datetime import date

from models import Agreement, Stage
from rules import codes, signing
from rules.law_parts import DEEMED_APPROVED, QUESTIONS, Citation, any_yes
from sikerja import clock, formats
from sikerja.process import answers, papers
from sikerja.process.case import Case, signed
from sikerja.process.moves import Move
from sikerja.process.papers import Paper

# From which states a verb leads on, and to which state.
FROM = {
    "start": ("planned", "waiting", "returned"),
    "finish": codes.OPEN_STATUSES,
    "skip": ("planned", *codes.OPEN_STATUSES),
    "send_back": ("running", "waiting"),
    "wait": ("running", "returned"),
    "reopen": (*codes.SETTLED_STATUSES, *codes.OPEN_STATUSES),
}
TO = {"start": "running", "finish": "finished", "skip": "skipped", "send_back": "returned", "wait": "waiting"}
# What the state of a stage has against a verb.
_NOT_FROM = {
    "planned": "Tahap “{name}” belum dimulai. Mulai tahap ini dulu.",
    "running": "Tahap “{name}” sedang berjalan.",
    "waiting": "Tahap “{name}” sedang menunggu. Lanjutkan tahap ini dulu.",
    "returned": "Tahap “{name}” sedang dikembalikan. Lanjutkan tahap ini dulu.",
    "finished": "Tahap “{name}” sudah selesai. Buka kembali dulu untuk mengubahnya.",
    "skipped": "Tahap “{name}” sudah dilewati. Buka kembali dulu untuk mengubahnya.",
}
_LONGEST_TEXT = 2000
# PP 28/2018, on which every procedure rests, was promulgated on this day.
LAW_BEGAN = date(2018, 7, 13)


def is_done_already(stage: Stage, move: Move) -> bool:
    """True where somebody has just done the same: the stage stands where the verb leads."""
    return stage.status == TO.get(move.verb)


def obstacles(case: Case, stage: Stage, move: Move) -> list[str]:
    """Everything that stands against this verb on this stage; nothing where it can be done."""
    if move.verb not in codes.STAGE_VERBS:
        return ["Tindakan ini tidak dikenal. Muat ulang halaman, lalu pilih tindakan yang tersedia."]
    found = [*of_agreement(case.agreement), *_of_text(move), *answers.obstacles(case, move.answers), *_of_files(case, move)]
    if stage.status not in FROM[move.verb]:
        return [*found, _NOT_FROM[stage.status].format(name=stage.name)]
    return [*found, *_of_day(case, stage, move), *_OF_VERB[move.verb](case, stage, move)]


def of_agreement(agreement: Agreement) -> Iterator[str]:
    """What the agreement itself has against every verb on its stages."""
    if agreement.is_binned:
        yield "Naskah ini ada di keranjang. Kembalikan dulu dari halamannya."
    if agreement.closed_on is not None:
        yield "Penawaran ini sudah ditutup. Buka kembali dulu penawarannya."


def _of_text(move: Move) -> Iterator[str]:
    for label, text in (("Catatan", move.remark), ("Dasar", move.ground), ("Alasan pimpinan", move.override_reason)):
        if len(text) > _LONGEST_TEXT:
            yield f"{label} paling panjang {formats.number(_LONGEST_TEXT)} huruf. Ringkas isinya."
    if move.holder and move.holder not in codes.HOLDERS:
        yield "Pilih siapa yang ditunggu dari daftar."
    if move.override_reason and not move.overrides:
        yield "Hanya pimpinan yang dapat melewati dokumen yang belum ada dengan alasan. Kosongkan alasan pimpinan."


def _of_files(case: Case, move: Move) -> Iterator[str]:
    if any(key not in case.files for key in (*move.files, *move.papers.values())):
        yield "Dokumen yang dipilih bukan berkas naskah ini atau keluarganya. Pilih berkas yang ada, atau unggah dulu."


def _of_day(case: Case, stage: Stage, move: Move) -> Iterator[str]:
    if move.on > clock.today():
        yield "Tanggal tidak boleh di masa depan. Isi tanggal hari ini atau sebelumnya."
    if stage.statutory and move.on < LAW_BEGAN:
        began = formats.long_date(LAW_BEGAN)
        yield f"Tanggal terlalu lampau: peraturan yang mengatur tahap ini ada sejak {began}. Catat naskah lama sebagai arsip."
    floor = _earliest(case, stage, move)
    if floor is not None and move.on < floor[0]:
        yield f"Tanggal lebih awal daripada {floor[1]}, {formats.long_date(floor[0])}. Isi tanggal itu atau sesudahnya."


def _earliest(case: Case, stage: Stage, move: Move) -> tuple[date, str] | None:
    """The day before which it can't have happened, and what happened then."""
    if move.verb == "reopen":
        settled = stage.finished_on or stage.started_on
        return (settled, "hari tahap ini selesai atau dimulai") if settled else None
    began = max((day for day in (stage.started_on, stage.received_on) if day is not None), default=None)
    if began is not None and stage.status != "planned":
        return began, "langkah sebelumnya pada tahap ini"
    before = [each.finished_on for each in _earlier(case, stage) if each.finished_on is not None]
    if before:
        return max(before), "selesainya tahap sebelumnya"
    parent = case.parent
    if parent is not None and parent.signed_on is not None:
        return parent.signed_on, "penandatanganan naskah induknya"
    return None


def _earlier(case: Case, stage: Stage) -> list[Stage]:
    """The stages of the law that come before this one; before one that runs beside others, those up to the signature."""
    if not stage.statutory:
        return []
    line = case.in_line()
    return line if stage.parallel else [each for each in line if each.position < stage.position]


# --- verb by verb ------------------------------------------------------------------------------------------------


def _start(case: Case, stage: Stage, move: Move) -> Iterator[str]:
    if stage.status != "planned":
        return
    rule = case.rule(stage)
    yield from _of_order(case, stage, move)
    if rule is None or not rule.applies_if:
        return
    applies = rule.applies({**case.said(), **{key: given.yes for key, given in move.answers.items()}})
    if applies is None:
        yield from _unanswered(case, rule.applies_if, move)
    elif not applies:
        yield f"Menurut jawaban yang dicatat, tahap “{stage.name}” tidak diperlukan. Lewati tahap ini."


def _of_order(case: Case, stage: Stage, move: Move) -> Iterator[str]:
    """One after another by law; side by side once signed; under a KB or after an LoI once that is signed."""
    if not stage.statutory:
        return
    if stage.parallel and case.signing_stage() is not None:
        if not signed(case.agreement, move.on):
            yield f"Naskah ini belum ditandatangani. Tahap “{stage.name}” berjalan sesudah penandatanganan."
        return
    for each in _earlier(case, stage):
        if each.status not in codes.SETTLED_STATUSES:
            yield f"Tahap “{each.name}” belum selesai. Selesaikan tahap itu dulu."
    if case.parent is not None and not signed(case.parent, move.on):
        word = codes.INSTRUMENTS[case.parent.instrument]
        yield f"{word} induknya, {case.parent.register_no}, belum ditandatangani. Tahap ini menunggu penandatanganannya."


def _unanswered(case: Case, keys: tuple[str, ...], move: Move) -> Iterator[str]:
    for key in keys:
        if key not in case.answers and key not in move.answers:
            yield f"Jawab dulu pertanyaan: {QUESTIONS[key].text}"


def _finish(case: Case, stage: Stage, move: Move) -> Iterator[str]:
    said = case.said({key: given.yes for key, given in move.answers.items()})
    rule = case.rule(stage)
    if move.by_silence:
        yield from _of_silence(case, stage)
    if rule is not None and rule.applies_if and any_yes(rule.applies_if, said) is False:
        yield f"Menurut jawaban yang dicatat, tahap “{stage.name}” tidak diperlukan. Lewati tahap ini."
    given = handed_in(case, stage, move)
    for name in move.papers:
        if rule is None or name not in {each.name for each in rule.documents}:
            yield f"Tahap ini tidak meminta dokumen “{name[:200]}”. Muat ulang halaman, lalu pilih lagi."
    wanting = papers.of_stage(case, stage, said, given, silence=move.by_silence)
    yield from _of_papers(wanting, move)
    if rule is not None and rule.signs:
        yield from _of_signing(case, move)


def handed_in(case: Case, stage: Stage, move: Move) -> dict[str, int]:
    """Document -> file, of all that this verb brings along; what is no file of the family is left out."""
    said = case.said({key: given.yes for key, given in move.answers.items()})
    known = [key for key in move.files if key in case.files]
    named = {name: key for name, key in move.papers.items() if key in case.files}
    return papers.choose(case, stage, said, known) | named


def _of_papers(wanting: list[Paper], move: Move) -> Iterator[str]:
    """What must be there holds the stage; what should be there passes with a reason."""
    for paper in blocking(wanting):
        if not (move.override_reason and move.overrides):
            yield f"{_lack(paper)} Dasar: {paper.rule.basis.shown}."
    left = [paper for paper in warning(wanting) if not move.remark]
    if left:
        names = "; ".join(f"“{paper.rule.name}”{_label(paper.rule.basis)}" for paper in left)
        yield f"Belum ada: {names}. Lampirkan, atau tulis alasannya pada catatan."


def blocking(found: list[Paper]) -> list[Paper]:
    """The documents whose absence holds the stage."""
    return [paper for paper in found if paper.blocks and not paper.is_there]


def warning(found: list[Paper]) -> list[Paper]:
    """The documents that should be there, by practice or by a text nobody has read, and those whose question is open."""
    return [
        paper
        for paper in found
        if not paper.is_there
        and not paper.blocks
        and (paper.rule.required or (paper.state == papers.OPEN and paper.rule.can_block))
    ]


def _lack(paper: Paper) -> str:
    if paper.state == papers.REFUSED:
        return f"Dokumen “{paper.rule.name}” ditolak pemeriksa. Unggah versi yang sudah diperbaiki."
    return f"Dokumen “{paper.rule.name}” belum ada. Unggah atau pilih berkasnya."


def _label(basis: Citation) -> str:
    return f" ({basis.label})" if basis.label else ""


def _of_silence(case: Case, stage: Stage) -> Iterator[str]:
    """Silence is consent only where the law says so, and only once its time has passed."""
    rule = case.rule(stage)
    keys = {each.key for each in rule.deadlines if each.active and each.if_passed == DEEMED_APPROVED} if rule else set()
    row = next((each for each in case.deadlines.get(stage.id, []) if each.key in keys), None)
    if not keys:
        yield f"Menurut peraturan yang sudah diperiksa, tahap “{stage.name}” tidak dapat dianggap disetujui."
    elif row is None or row.due_on >= clock.today():
        until = f" sampai {formats.long_date(row.due_on)}" if row is not None else ""
        yield f"Jawaban masih ditunggu{until}. Sesudah tanggal itu persetujuan dapat dicatat sebagai dianggap disetujui."


def _of_signing(case: Case, move: Move) -> Iterator[str]:
    agreement, ours = case.agreement, case.ours
    by_another = ours is not None and signing.by_power(ours.by_power, ours.signatory_post)
    if by_another and agreement.instrument in signing.HEAD_ALONE:
        word = codes.INSTRUMENTS[agreement.instrument]
        yield f"{word} ditandatangani kepala daerah sendiri, tanpa surat kuasa. Perbaiki penandatangannya pada Ubah data."
    first = agreement.starts_on or agreement.signed_on or move.on
    if agreement.ends_on is not None and agreement.ends_on < first:
        yield "Tanggal berakhir naskah lebih awal daripada penandatanganannya. Perbaiki tanggalnya pada Ubah data."


def _skip(case: Case, stage: Stage, move: Move) -> Iterator[str]:
    rule = case.rule(stage)
    if rule is None:
        if not (move.ground or move.remark):
            yield "Isi dasar atau alasan melewati tahap ini."
        return
    if not rule.may_be_skipped:
        yield f"Tahap “{stage.name}” tidak boleh dilewati menurut peraturan. Selesaikan tahap ini."
        return
    yield from _of_order(case, stage, move)
    said = case.said({key: given.yes for key, given in move.answers.items()})
    applies = rule.applies(said)
    if applies is None:
        yield from _unanswered(case, rule.applies_if, move)
    elif applies:
        yes = [QUESTIONS[key].text for key in rule.applies_if if said.get(key)]
        yield f"Tahap “{stage.name}” diperlukan, karena dijawab ya: {' '.join(yes)}"


def _send_back(_case: Case, stage: Stage, move: Move) -> Iterator[str]:
    if not move.remark:
        yield f"Isi catatan: apa yang harus diperbaiki pada tahap “{stage.name}”."


def _wait(_case: Case, _stage: Stage, _move: Move) -> Iterator[str]:
    return iter(())


def _reopen(case: Case, stage: Stage, _move: Move) -> Iterator[str]:
    """What came later must be taken back first, or two exclusive stages would be open."""
    if not stage.statutory or stage.parallel:
        return
    rule = case.rule(stage)
    for each in case.stages:
        later = each.statutory and not each.parallel and each.position > stage.position
        beside = each.parallel and rule is not None and rule.signs
        if (later or beside) and each.status != "planned":
            yield f"Tahap “{each.name}” sudah berjalan sesudahnya. Buka kembali tahap itu dulu."


_OF_VERB: dict[str, Callable[[Case, Stage, Move], Iterator[str]]] = {
    "start": _start,
    "finish": _finish,
    "skip": _skip,
    "send_back": _send_back,
    "wait": _wait,
    "reopen": _reopen,
}
