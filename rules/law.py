"""The law of cooperation as data: eight kinds, their stages, documents and deadlines, read once from `procedures.toml`.

A broken file is refused whole, with every fault. The law stands in the file; nothing here knows a kind by name.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from rules import codes, law_check, law_file
from rules.law_parts import (
    DPRD,
    PKS_ALONE,
    PRACTICE,
    UNITS,
    Citation,
    DeadlineRule,
    DocumentRule,
    Procedure,
    StageRule,
)

FILE = Path(__file__).with_name("procedures.toml")
# An addendum walks drafting, the questions of the assembly, signing and filing of what it changes: our reading, practice.
# PP 28/2018 says nothing of addenda.
_DRAFTING = ("penyusunan_kb", "penyusunan_pks", "penyusunan_nk", "rancangan_naskah")
_FILING = "penatausahaan"


class LawError(Exception):
    """The file of the law is broken; `faults` names everything that is wrong with it."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(("Berkas prosedur tidak dapat dipakai:", *self.faults)))


@cache
def procedures() -> tuple[Procedure, ...]:
    """Every kind of cooperation as the file has it. Raises LawError where the file is broken."""
    return load(FILE.read_text(encoding="utf-8"))


def load(source: str) -> tuple[Procedure, ...]:
    """The procedures of a file's text, all of them. Raises LawError with every fault."""
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise LawError([f"TOML tidak dapat dibaca: {error}."]) from error
    found, faults = law_file.read(data)
    named = data.get("jenis")
    missing = set(codes.PROCEDURES) - set(named if isinstance(named, dict) else ())
    faults += [f"Jenis “{code}” tidak ada." for code in sorted(missing)]
    units = data.get("tenggat_satuan")
    faults += [f"Satuan “{unit}” tidak dikenal." for unit in (units if isinstance(units, dict) else ()) if unit not in UNITS]
    not_read = _unread(data)
    for each in found:
        faults += law_check.faults(each, not_read)
    if faults:
        raise LawError(faults)
    return found


@cache
def unread() -> frozenset[str]:
    """The codes of the regulations of which the file says that their text wasn't read."""
    return _unread(tomllib.loads(FILE.read_text(encoding="utf-8")))


def _unread(data: dict[str, Any]) -> frozenset[str]:
    """The regulations that the file says were not read: `status_permendagri_22_2020 = "… pasal tidak dikutip"`."""
    return frozenset(
        name.removeprefix("status_")
        for name, said in data.items()
        if name.startswith("status_") and "tidak dikutip" in str(said)
    )


def procedure(code: str) -> Procedure:
    """The kind of that code. Raises KeyError where there is none."""
    return {each.code: each for each in procedures()}[code]


def stage_names() -> dict[str, str]:
    """Every stage key -> its name, for filters; where kinds name it differently, the first."""
    names: dict[str, str] = {}
    for each in procedures():
        for stage in each.stages:
            names.setdefault(stage.key, stage.name)
    return names


def walks(
    kind: Procedure, instrument: str, *, parent: str | None = None, origin: str = "process", special: bool = False
) -> tuple[StageRule, ...]:
    """The stages that an instrument walks, in order.

    `parent` is the instrument of what it is made under; for an addendum, of what it changes in the end. What came from the
    archive walks none, nor does a "prosedur khusus" (PP 28/2018 Pasal 15: assets, investment and others follow rules of
    their own), an "other", or an instrument that this kind doesn't know. A PKS under a KB goes on where the KB ended.
    """
    if origin == "archive" or special:
        return ()
    if instrument == "addendum":
        return tuple(_as_practice(stage) for stage in _path(kind, parent or "") if _walked_by_addendum(stage))
    if instrument == "pks" and parent != "kb":
        return _path(kind, PKS_ALONE)
    return _path(kind, instrument)


def _path(kind: Procedure, walker: str) -> tuple[StageRule, ...]:
    return tuple(stage for stage in kind.stages if walker in stage.instruments)


def _walked_by_addendum(stage: StageRule) -> bool:
    return stage.signs or stage.key in (*_DRAFTING, DPRD, _FILING)


def _as_practice(stage: StageRule) -> StageRule:
    """The stage as practice: no article, no document that blocks, no deadline, since no law prescribes it here."""
    documents = tuple(replace(document, basis=_practice(document.basis)) for document in stage.documents)
    basis = tuple(_practice(citation) for citation in stage.basis)
    skip = _practice(stage.skip_basis) if stage.skip_basis else None
    return replace(stage, basis=basis, skip_basis=skip, documents=documents, deadlines=())


def _practice(citation: Citation) -> Citation:
    return Citation(citation.source, PRACTICE)


def cited(citation: Citation) -> str:
    """What a screen says: the article only where its text was read, else the regulation alone; practice says so.

    "PP 28/2018 Pasal 6 ayat (2)" · "Permendagri 22/2020" · "Panduan Kota Yogyakarta (praktik)"
    """
    label = f" ({citation.label})" if citation.certainty == PRACTICE else ""
    return f"{citation.shown}{label}" if citation.shown else ""


def as_json(chosen: Iterable[Procedure] | None = None) -> list[dict[str, Any]]:
    """The shape of `procedures-json`, of the procedures given or of the file's."""
    return [
        {
            "code": each.code,
            "name": each.name,
            "group": each.group,
            "version": each.version,
            "stages": [_stage_json(stage) for stage in each.stages],
        }
        for each in (procedures() if chosen is None else chosen)
    ]


def _stage_json(stage: StageRule) -> dict[str, Any]:
    return {
        "key": stage.key,
        "name": stage.name,
        "order": stage.order,
        "instruments": list(stage.instruments),
        "holder": stage.holder,
        "parallel": stage.parallel,
        "basis": [{"text": citation.shown, "certainty": citation.certainty} for citation in stage.basis],
        "applies_if": list(stage.applies_if),
        "documents": [_document_json(document) for document in stage.documents],
        "deadlines": [_deadline_json(rule) for rule in stage.deadlines],
    }


def _document_json(document: DocumentRule) -> dict[str, Any]:
    return {
        "name": document.name,
        "required": document.required,
        "blocks": document.can_block,
        "applies_if": document.applies_if,
        "basis": document.basis.shown,
        "certainty": document.basis.certainty,
    }


def _deadline_json(rule: DeadlineRule) -> dict[str, Any]:
    return {
        "key": rule.key,
        "amount": rule.amount,
        "unit": rule.unit,
        "kind": rule.kind,
        "from": rule.since,
        "if_passed": rule.if_passed,
        "basis": rule.basis.shown,
        "certainty": rule.basis.certainty,
        "active": rule.active,
    }
