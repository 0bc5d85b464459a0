"""Reads the file of the law into its parts. What is missing, of the wrong kind or unknown is named, all of it at once."""

from collections.abc import Mapping
from typing import Any

from rules import codes
from rules.law_parts import Citation, DeadlineRule, DocumentRule, Procedure, StageRule

Table = Mapping[str, Any]

# Field -> its kind. A list holds texts.
_KIND = {
    "kelompok": str, "nama": str, "pihak": list, "naskah": list, "persetujuan_dprd": str, "dasar": list, "kepastian": str,
    "tahap": "tables",
}  # fmt: skip
_STAGE = {
    "urutan": int, "kunci": str, "instrumen": list, "pemegang": str, "nama": str, "aktor": list, "uraian": str,
    "dasar": list, "kepastian": str, "di_luar_daftar_tahapan": bool, "boleh_dilewati": bool, "dokumen": "tables",
}  # fmt: skip
_STAGE_MAY = {
    "sejajar": bool, "berlaku_bila": list, "dilewati_dasar": str, "dilewati_kepastian": str, "tenggat": "tables",
}  # fmt: skip
_DOCUMENT = {"nama": str, "arah": str, "wajib": bool, "dasar": str, "kepastian": str}
_DOCUMENT_MAY = {"bila": str}
_DEADLINE = {
    "kunci": str, "sifat": str, "jumlah": int, "satuan": str, "arah": str, "sejak": str, "bila_lewat": str, "dasar": str,
    "kepastian": str,
}  # fmt: skip
_WORDS = {str: "teks", int: "bilangan", bool: "true atau false", list: "daftar teks", "tables": "daftar tabel"}
_TOP = {"versi", "tenggat_satuan", "jenis"}


def read(data: Table) -> tuple[tuple[Procedure, ...], list[str]]:
    """The procedures that can be read, and a sentence for every fault of form. What is faulty in form is left out."""
    faults = [f"Isian “{name}” tidak dikenal." for name in data if name not in _TOP and not name.startswith("status_")]
    version = data.get("versi")
    if not (isinstance(version, str) and version.isdecimal()):
        faults.append("“versi” harus berupa bilangan dalam tanda kutip.")
        version = "0"
    kinds = data.get("jenis")
    if not isinstance(kinds, dict) or not kinds:
        return (), [*faults, "“jenis” tidak ada."]
    read_kinds = [_procedure(code, int(version), table, faults) for code, table in kinds.items()]
    return tuple(kind for kind in read_kinds if kind), faults


def _procedure(code: str, version: int, table: Any, faults: list[str]) -> Procedure | None:
    if not _fits(code, table, _KIND, {}, faults):
        return None
    stages = [_stage(f"{code}, tahap ke-{place}", row, faults) for place, row in enumerate(table["tahap"], 1)]
    groups = {word: group for group, word in codes.GROUPS.items()}
    return Procedure(
        code=code,
        name=table["nama"],
        group=groups.get(table["kelompok"], table["kelompok"]),
        version=version,
        partners=tuple(table["pihak"]),
        papers=tuple(table["naskah"]),
        consent=table["persetujuan_dprd"],
        basis=_basis(table),
        stages=tuple(stage for stage in stages if stage),
    )


def _stage(place: str, row: Table, faults: list[str]) -> StageRule | None:
    if not _fits(place, row, _STAGE, _STAGE_MAY, faults):
        return None
    questions, ground = tuple(row.get("berlaku_bila", ())), row.get("dilewati_dasar")
    if not (row["boleh_dilewati"] == bool(questions) == (ground is not None) == ("dilewati_kepastian" in row)):
        faults.append(f"{place}: boleh_dilewati, berlaku_bila, dilewati_dasar, dan dilewati_kepastian hanya ada bersama-sama.")
    documents = [_document(f"{place}, dokumen ke-{at}", part, faults) for at, part in enumerate(row["dokumen"], 1)]
    deadlines = [_deadline(f"{place}, tenggat ke-{at}", part, faults) for at, part in enumerate(row.get("tenggat", ()), 1)]
    return StageRule(
        key=row["kunci"],
        name=row["nama"],
        order=row["urutan"],
        instruments=tuple(row["instrumen"]),
        holder=row["pemegang"],
        actors=tuple(row["aktor"]),
        description=row["uraian"],
        basis=_basis(row),
        parallel=row.get("sejajar", False),
        outside_list=row["di_luar_daftar_tahapan"],
        applies_if=questions,
        skip_basis=Citation(ground, row.get("dilewati_kepastian", "")) if ground is not None else None,
        documents=tuple(document for document in documents if document),
        deadlines=tuple(deadline for deadline in deadlines if deadline),
    )


def _document(place: str, row: Table, faults: list[str]) -> DocumentRule | None:
    if not _fits(place, row, _DOCUMENT, _DOCUMENT_MAY, faults):
        return None
    basis = Citation(row["dasar"], row["kepastian"])
    return DocumentRule(row["nama"], row["arah"], row["wajib"], basis, row.get("bila"))


def _deadline(place: str, row: Table, faults: list[str]) -> DeadlineRule | None:
    if not _fits(place, row, _DEADLINE, {}, faults):
        return None
    return DeadlineRule(
        key=row["kunci"],
        kind=row["sifat"],
        amount=row["jumlah"],
        unit=row["satuan"],
        side=row["arah"],
        since=row["sejak"],
        if_passed=row["bila_lewat"],
        basis=Citation(row["dasar"], row["kepastian"]),
    )


def _basis(row: Table) -> tuple[Citation, ...]:
    return tuple(Citation(text, row["kepastian"]) for text in row["dasar"])


def _fits(place: str, row: Any, must: Mapping[str, Any], may: Mapping[str, Any], faults: list[str]) -> bool:
    """True where the table has every field it must have, each of its kind; says what is wrong otherwise."""
    if not isinstance(row, dict):
        faults.append(f"{place}: harus berupa tabel.")
        return False
    known = {**must, **may}
    wrong = [f"“{name}” tidak ada" for name in must if name not in row]
    wrong += [f"“{name}” tidak dikenal" for name in row if name not in known]
    wrong += [
        f"“{name}” harus berupa {_WORDS[kind]}" for name, kind in known.items() if name in row and not _is(row[name], kind)
    ]
    faults.extend(f"{place}: {what}." for what in wrong)
    return not wrong


def _is(value: Any, kind: Any) -> bool:
    if kind == "tables":
        return isinstance(value, list) and all(isinstance(part, dict) for part in value)
    if kind is list:
        return isinstance(value, list) and all(isinstance(part, str) for part in value)
    return type(value) is kind
