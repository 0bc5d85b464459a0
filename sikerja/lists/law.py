"""The lists of what the law prescribes: versions of the procedures, their stages, documents and deadlines."""

from typing import Any

from sqlalchemy import String, cast, exists, func, select

from models import DeadlineRule, DocumentRule, Procedure, ProcedureVersion, StageRule
from rules import codes, law_parts
from sikerja.filters import Code, Condition, Day, Relation
from sikerja.listing import Column, Listing
from sikerja.lists.parts import by_words, same


def _kind(column: Any) -> Any:
    """A column of the procedure that a version belongs to."""
    found = select(column).where(Procedure.id == ProcedureVersion.procedure_id)
    return found.correlate(ProcedureVersion).scalar_subquery()


VERSION_NAME = ProcedureVersion.name + ", versi " + cast(ProcedureVersion.number, String)

VERSIONS = Listing(
    ProcedureVersion,
    (
        Column("name", "Prosedur", ProcedureVersion.name, func.lower(ProcedureVersion.name), "c-title"),
        Column("number", "Versi", ProcedureVersion.number, css="c-num"),
        Column("status", "Keadaan", ProcedureVersion.status, css="c-state"),
        Column("published_on", "Diterbitkan", ProcedureVersion.published_on, css="c-date"),
        Column("note", "Catatan", ProcedureVersion.note, sort=False),
    ),
    (
        Code("procedure", "Jenis kerja sama", column=_kind(Procedure.code), codes=codes.PROCEDURES),
        Code("status", "Keadaan", column=ProcedureVersion.status, codes=codes.VERSION_STATUSES),
        Day("published_on", "Diterbitkan", column=ProcedureVersion.published_on),
    ),
    by_words(func.lower(ProcedureVersion.name)),
    order=((_kind(Procedure.position), False), (ProcedureVersion.number, True)),
)


def _of_stage(column: Any, rule: Any) -> Any:
    """A column of the version that a stage, or what a stage asks for, belongs to."""
    found = select(column).select_from(ProcedureVersion)
    if rule is StageRule:
        found = found.where(ProcedureVersion.id == StageRule.procedure_version_id)
    else:
        found = found.join(StageRule, StageRule.procedure_version_id == ProcedureVersion.id)
        found = found.where(StageRule.id == rule.stage_rule_id)
    return found.correlate(rule).scalar_subquery()


def _stage_name(rule: Any) -> Any:
    return select(StageRule.name).where(StageRule.id == rule.stage_rule_id).correlate(rule).scalar_subquery()


def _version_filter(rule: Any) -> Relation:
    """Which version: by its id, or by a part of its name."""

    def through_stage(condition: Condition) -> Condition:
        return condition if rule is StageRule else exists().where(StageRule.id == rule.stage_rule_id, condition)

    def named(condition: Condition) -> Condition:
        return through_stage(exists().where(ProcedureVersion.id == StageRule.procedure_version_id, condition))

    return Relation(
        "version", "Versi prosedur", id_column=StageRule.procedure_version_id, exists=through_stage,
        name_key=func.lower(ProcedureVersion.name), named=named, source="version",
    )  # fmt: skip


def _stage_filter(rule: Any) -> Relation:
    return Relation(
        "stage_rule", "Tahap", id_column=rule.stage_rule_id, exists=same, name_key=func.lower(StageRule.name),
        named=lambda condition: exists().where(StageRule.id == rule.stage_rule_id, condition), source="stage_rule", many=True,
    )  # fmt: skip


def _version_columns(rule: Any) -> tuple[Column, ...]:
    return (
        Column("procedure", "Jenis kerja sama", _of_stage(_kind(Procedure.code), rule), css="c-partner"),
        Column("number", "Versi", _of_stage(ProcedureVersion.number, rule), css="c-num"),
        Column("status", "Keadaan", _of_stage(ProcedureVersion.status, rule), css="c-state"),
    )


STAGE_RULES = Listing(
    StageRule,
    (
        Column("name", "Tahap", StageRule.name, func.lower(StageRule.name), "c-title"),
        Column("position", "Urutan", StageRule.position, css="c-num"),
        Column("holder", "Ditunggu dari", StageRule.holder, css="c-unit"),
        *_version_columns(StageRule),
    ),
    (_version_filter(StageRule), Code("holder", "Ditunggu dari", column=StageRule.holder, codes=codes.HOLDERS)),
    by_words(func.lower(StageRule.name)),
    order=((StageRule.procedure_version_id, False), (StageRule.position, False)),
)

DOCUMENT_RULES = Listing(
    DocumentRule,
    (
        Column("name", "Dokumen", DocumentRule.name, func.lower(DocumentRule.name), "c-title"),
        Column("stage", "Tahap", _stage_name(DocumentRule)),
        Column("required", "Wajib", DocumentRule.required, css="c-kind"),
        *_version_columns(DocumentRule),
    ),
    (_version_filter(DocumentRule), _stage_filter(DocumentRule)),
    by_words(func.lower(DocumentRule.name)),
    order=((DocumentRule.stage_rule_id, False), (DocumentRule.position, False)),
)

DEADLINE_RULES = Listing(
    DeadlineRule,
    (
        Column("stage", "Tahap", _stage_name(DeadlineRule), css="c-title"),
        Column("kind", "Sifat", DeadlineRule.kind, css="c-unit"),
        Column("amount", "Jumlah", DeadlineRule.amount, css="c-num"),
        Column("unit", "Satuan", DeadlineRule.unit, css="c-unit"),
        Column("since", "Sejak", DeadlineRule.since),
        *_version_columns(DeadlineRule),
    ),
    (
        _version_filter(DeadlineRule),
        _stage_filter(DeadlineRule),
        Code("kind", "Sifat", column=DeadlineRule.kind, codes=law_parts.DEADLINE_KINDS),
    ),
    by_words(func.lower(_stage_name(DeadlineRule)), func.lower(DeadlineRule.since)),
    order=((DeadlineRule.stage_rule_id, False), (DeadlineRule.position, False)),
)
