"""What a procedure prescribes, as sections of a details page: shared by the screens of procedures, versions and their parts."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from markupsafe import Markup

from models import ProcedureVersion
from rules import codes
from rules.law_parts import (
    CERTAINTIES,
    CONSENTS,
    DIRECTIONS,
    VERIFIED,
    DeadlineRule,
    DocumentRule,
    Procedure,
    StageRule,
    spoken,
)
from sikerja import formats
from sikerja.law import guard, words
from views.security import error_page

CERTAINTY_WORDS = {code: "Sudah dibaca" if code == VERIFIED else word.capitalize() for code, word in CERTAINTIES.items()}
CERTAINTY_HELP = "Pasal dan ayat hanya ditulis bila bunyinya sudah dibaca."
BASIS_HELP = "Nama peraturannya lebih dahulu. Contoh: PP 28/2018"

Regulations = Mapping[str, int]
_LINE = Markup("<br>")


def kind_url(version: ProcedureVersion) -> str:
    """Where the kind of a version is read."""
    return url_for("procedure.details_view", id=version.procedure_id)


def published_page(version: ProcedureVersion) -> Any:
    """The answer to who would change what is published: why not, and where a draft is made."""
    return error_page(422, guard.PUBLISHED, [("Buka prosedurnya untuk membuat draf", kind_url(version))])


def head(content: Procedure, regulations: Regulations) -> list[tuple[str, Any]]:
    """What a version says of its kind as a whole."""
    return filled(
        [
            ("Nama", content.name),
            ("Persetujuan DPRD", CONSENTS.get(content.consent, content.consent)),
            ("Pihak mitra", _lines(map(spoken, content.partners))),
            ("Naskah", _lines(content.papers)),
            ("Dasar", formats.citations(content.basis, regulations)),
        ]
    )


def stage_facts(stage: StageRule, regulations: Regulations) -> list[tuple[str, Any]]:
    """What a stage asks for, and by which right; what it doesn't have is left out."""
    return filled(
        [
            ("Ditunggu dari", codes.HOLDERS.get(stage.holder, stage.holder)),
            ("Naskah yang menempuh", words.walkers(stage)),
            ("Pelaku", _lines(stage.actors)),
            ("Uraian", formats.lines(stage.description)),
            ("Berlaku bila dijawab ya", _lines(map(words.question, stage.applies_if))),
            ("Dasar melewati", formats.citation(stage.skip_basis, regulations) if stage.skip_basis else ""),
            ("Berjalan berdampingan", "Ya, tidak menunggu tahap lain" if stage.parallel else ""),
            ("Di luar daftar tahapan", "Ya" if stage.outside_list else ""),
            ("Dokumen", _LINE.join(document_line(each, regulations) for each in stage.documents)),
            ("Tenggat", _LINE.join(deadline_line(each, regulations) for each in stage.deadlines)),
            ("Dasar", formats.citations(stage.basis, regulations)),
        ]
    )


def document_line(document: DocumentRule, regulations: Regulations) -> Markup:
    """Surat penawaran kerja sama (dibuat; wajib, menahan tahap) PP 28/2018 Pasal 6 …"""
    direction = DIRECTIONS.get(document.direction, document.direction).lower()
    told = Markup("{} <small>({}; {})</small>").format(document.name, direction, words.demand(document))
    return _with(told, formats.citation(document.basis, regulations))


def deadline_line(rule: DeadlineRule, regulations: Regulations) -> Markup:
    """The deadline in words with its basis; one that is off says so."""
    return _with(Markup("{}").format(words.deadline(rule)), formats.citation(rule.basis, regulations))


def stages(
    content: Procedure, regulations: Regulations, ids: Mapping[str, int] | None = None, label: str = ""
) -> list[dict[str, Any]]:
    """A section for each stage; `ids` by key make each lead to its own page."""
    found = []
    for stage in content.stages:
        section: dict[str, Any] = {"title": f"{stage.order}. {stage.name}", "kind": "facts"}
        section["items"] = stage_facts(stage, regulations)
        if ids and stage.key in ids:
            section["action"] = {"label": label, "url": f"/admin/stage_rule/details/?id={ids[stage.key]}"}
        found.append(section)
    return found


def filled(items: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """What there is something to say of."""
    return [item for item in items if item[1]]


def _with(told: Markup, cited: Markup) -> Markup:
    return told + Markup(" · ") + cited if cited else told


def _lines(texts: Any) -> Markup:
    return _LINE.join(texts)
