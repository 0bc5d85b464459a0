"""What a procedure prescribes, in the words of a clerk; and what differs between two versions of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rules import codes, labels
from rules.law_parts import (
    CONSENTS,
    DEADLINE_KINDS,
    DIRECTIONS,
    IF_PASSED,
    JANUARY_WEEK,
    QUESTIONS,
    WALKER_NAMES,
    Citation,
    DeadlineRule,
    DocumentRule,
    Procedure,
    StageRule,
    length,
    spoken,
)


def question(key: str) -> str:
    """The question as it is asked; its key where it isn't known."""
    return QUESTIONS[key].text if key in QUESTIONS else key


def walkers(stage: StageRule) -> str:
    """The instruments that walk a stage."""
    return "; ".join(WALKER_NAMES.get(each, each) for each in stage.instruments)


def demand(document: DocumentRule) -> str:
    """wajib, menahan tahap · wajib bila dijawab ya: “…”, menahan tahap · tidak wajib, mengingatkan"""
    if document.applies_if:
        asked = f"wajib bila dijawab ya: “{question(document.applies_if)}”"
    else:
        asked = "wajib" if document.required else "tidak wajib"
    return f"{asked}, {'menahan tahap' if document.can_block else 'mengingatkan'}"


def deadline(rule: DeadlineRule) -> str:
    """Paling lama 45 hari kerja sesudah surat permohonan diterima. Dianggap disetujui; dilanjutkan kepada Menteri."""
    between = "," if rule.unit == JANUARY_WEEK else "" if rule.active else ":"
    told = f"{DEADLINE_KINDS.get(rule.kind, rule.kind)}{between} {length(rule.amount, rule.unit, rule.side, rule.since)}"
    return f"{told}. {IF_PASSED.get(rule.if_passed, rule.if_passed)} {rule.doubt}".replace("  ", " ").strip()


# --- what differs ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One thing in which two versions differ; `old` is empty for what was added, `new` for what was removed."""

    what: str
    field: str
    old: str
    new: str


def _cited(citation: Citation | None) -> str:
    if citation is None:
        return ""
    return f"{citation.shown} ({citation.label})" if citation.label else citation.shown


def _yes(value: bool) -> str:
    return "Ya" if value else "Tidak"


Fields = dict[str, Callable[[Any], str]]
_HEAD: Fields = {
    "name": lambda each: each.name,
    "consent": lambda each: CONSENTS.get(each.consent, each.consent),
    "partners": lambda each: "; ".join(map(spoken, each.partners)),
    "papers": lambda each: "; ".join(each.papers),
    "basis": lambda each: "; ".join(map(_cited, each.basis)),
}
_STAGE: Fields = {
    "name": lambda stage: stage.name,
    "position": lambda stage: str(stage.order),
    "holder": lambda stage: codes.HOLDERS.get(stage.holder, stage.holder),
    "instruments": walkers,
    "actors": lambda stage: "; ".join(stage.actors),
    "description": lambda stage: stage.description,
    "applies_if": lambda stage: "; ".join(map(question, stage.applies_if)),
    "skip_basis": lambda stage: _cited(stage.skip_basis),
    "basis": lambda stage: "; ".join(map(_cited, stage.basis)),
    "parallel": lambda stage: _yes(stage.parallel),
    "outside_list": lambda stage: _yes(stage.outside_list),
}
_DOCUMENT: Fields = {
    "direction": lambda each: DIRECTIONS.get(each.direction, each.direction),
    "required": demand,
    "basis": lambda each: _cited(each.basis),
}
_DEADLINE: Fields = {"kind": deadline, "basis": lambda each: _cited(each.basis)}
_TABLES = ((_HEAD, "procedure_version"), (_STAGE, "stage_rule"), (_DOCUMENT, "document_rule"), (_DEADLINE, "deadline_rule"))


def changes(before: Procedure, after: Procedure) -> list[Change]:
    """What a version changes of another: its head, stages by key, documents by name, deadlines by key."""
    found = list(_fields("Prosedur", before, after, _HEAD))
    for old, new in _pairs(before.stages, after.stages, "key").values():
        what = f"Tahap “{(new or old).name}”"
        if old is None or new is None:
            found.append(_whole(what, old, new))
            continue
        found += _fields(what, old, new, _STAGE)
        for name, (one, other) in _pairs(old.documents, new.documents, "name").items():
            found += _part(f"{what}, dokumen “{name}”", one, other, _DOCUMENT)
        for name, (one, other) in _pairs(old.deadlines, new.deadlines, "key").items():
            found += _part(f"{what}, tenggat {spoken(name)}", one, other, _DEADLINE)
    return found


def _pairs(before: tuple[Any, ...], after: tuple[Any, ...], name: str) -> dict[str, tuple[Any, Any]]:
    olds, news = ({getattr(each, name): each for each in held} for held in (before, after))
    return {key: (olds.get(key), news.get(key)) for key in [*news, *(key for key in olds if key not in news)]}


def _part(what: str, old: Any, new: Any, fields: Fields) -> Iterator[Change]:
    if old is None or new is None:
        yield _whole(what, old, new)
    else:
        yield from _fields(what, old, new, fields)


def _whole(what: str, old: Any, new: Any) -> Change:
    return Change(what, "", "" if old is None else "Ada", "" if new is None else "Ada")


def _fields(what: str, old: Any, new: Any, fields: Fields) -> Iterator[Change]:
    table = next(name for held, name in _TABLES if held is fields)
    for name, read in fields.items():
        if read(old) != read(new):
            yield Change(what, labels.label(table, name), read(old), read(new))
