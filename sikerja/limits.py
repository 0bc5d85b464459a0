"""What the law says of an instrument's own limits: how long it may run, and whether another than the head may sign it."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Link, Procedure, ProcedureVersion
from rules import codes, deadlines, law, law_parts
from rules.law_parts import UNITS, Citation, DeadlineRule
from sikerja import amending, clock, formats
from sikerja.law import versions

_VALIDITY = "masa_berlaku"
_RENEWAL_LETTER = "usul_perpanjangan"
_BY_POWER = "penandatangan_bukan_kepala_daerah"
_MADE = "hasil"


def prescribed(session: Session, procedure_id: int | None, version_id: int | None = None) -> law_parts.Procedure | None:
    """What a procedure prescribes: in the version given, else in the one in force; None where neither is there."""
    if procedure_id is None:
        return None
    version = session.get(ProcedureVersion, version_id) if version_id else versions.published(session, procedure_id)
    return versions.content(session, version) if version is not None else None


def of(session: Session, agreement: Agreement) -> law_parts.Procedure | None:
    """What the law prescribes for this agreement; None where its procedure isn't known."""
    return prescribed(session, agreement.procedure_id, agreement.procedure_version_id)


# --- terms -------------------------------------------------------------------------------------------------------


def warnings(session: Session, agreement: Agreement) -> list[str]:
    """Where an instrument runs longer than the law lets it, or past that; what was signed can be written down all the same."""
    kind = of(session, agreement)
    rules = _rules(kind, agreement.instrument, _VALIDITY) if kind else []
    return [words for rule in rules for words in _overrun(rule, agreement)]


def notes(session: Session, agreement: Agreement, *instruments: str) -> list[str]:
    """The limits that these instruments have under the agreement's procedure, in sentences with their basis."""
    kind = of(session, agreement)
    if kind is None:
        return []
    return [words for instrument in instruments for words in (*_terms(kind, instrument), *_letters(kind, instrument))]


def renewal_notes(session: Session, agreement: Agreement) -> list[str]:
    """Until when a renewal is to be asked for, where the law says so."""
    kind = of(session, agreement)
    return _letters(kind, agreement.instrument) if kind else []


def _terms(kind: law_parts.Procedure, instrument: str) -> list[str]:
    name = codes.INSTRUMENTS[instrument]
    rules = _rules(kind, instrument, _VALIDITY)
    return [f"{name} berlaku paling lama {_length(rule)}{_by(rule.basis)}." for rule in rules]


def _letters(kind: law_parts.Procedure, instrument: str) -> list[str]:
    name = codes.INSTRUMENTS[instrument]
    rules = [rule for rule in _rules(kind, instrument, "maksimal") if rule.key == _RENEWAL_LETTER]
    return [
        f"Usul perpanjangan {name} disampaikan paling lama {_length(rule)} sebelum berakhir{_by(rule.basis)}. " + rule.doubt
        for rule in rules
    ]


def run_out(session: Session, agreement: Agreement) -> str:
    """That the longest validity the law gives this instrument has passed, or its own; "" where neither has."""
    kind, name = of(session, agreement), codes.INSTRUMENTS[agreement.instrument]
    for rule in _rules(kind, agreement.instrument, _VALIDITY) if kind else []:
        last = _last_day(rule, agreement)
        if last is not None and last < clock.today():
            return f"Masa berlaku {name} ini sudah lewat, terakhir {formats.long_date(last)}{_by(rule.basis)}."
    if agreement.ends_on is not None and agreement.ends_on < clock.today():
        return f"{name} ini sudah berakhir pada {formats.long_date(agreement.ends_on)}."
    return ""


def _rules(kind: law_parts.Procedure, instrument: str, nature: str) -> list[DeadlineRule]:
    found = [stage for stage in kind.stages if instrument in stage.instruments]
    return [rule for stage in found for rule in stage.deadlines if rule.kind == nature]


def _last_day(rule: DeadlineRule, agreement: Agreement) -> date | None:
    first = agreement.starts_on or agreement.signed_on if rule.start == "starts_on" else agreement.signed_on
    due = deadlines.due(rule, first, ()) if first else None
    return due.on if due else None


def _overrun(rule: DeadlineRule, agreement: Agreement) -> list[str]:
    last = _last_day(rule, agreement)
    if last is None or not (agreement.open_ended or (agreement.ends_on and agreement.ends_on > last)):
        return []
    name, basis = codes.INSTRUMENTS[agreement.instrument], _by(rule.basis)
    until = formats.long_date(last)
    return [f"{name} ini lebih lama daripada batasnya: paling lama {_length(rule)}, sampai {until}{basis}. Periksa tanggalnya."]


def _by(basis: Citation) -> str:
    """What a sentence rests on, in brackets behind it; nothing where there is nothing to show."""
    shown = law.cited(basis)
    return f" ({shown})" if shown else ""


def _length(rule: DeadlineRule) -> str:
    return f"{rule.amount} {UNITS[rule.unit]}"


# --- the way ahead -----------------------------------------------------------------------------------------------


def next_words(session: Session, agreement: Agreement) -> str:
    """Berikutnya: Penyusunan perjanjian kerja sama. What the law wants first of a new agreement; else to fill it in."""
    kind = of(session, agreement)
    parent = session.scalars(
        select(Agreement).join(Link, Link.to_id == Agreement.id).where(Link.from_id == agreement.id, Link.kind != "renews")
    ).first()
    while parent is not None and parent.instrument == "addendum":
        parent = next(iter(amending.amended_by(session, parent)), None)
    under = parent.instrument if parent else None
    steps = law.walks(kind, agreement.instrument, parent=under, special=agreement.special_procedure) if kind else ()
    if not steps:
        return "Berikutnya: lengkapi isiannya pada Ubah data."
    return f"Berikutnya: {steps[0].name}{', bila diperlukan' if steps[0].applies_if else ''}."


# --- power of attorney -------------------------------------------------------------------------------------------


def signed_by_head(session: Session, instrument: str, group: str, procedure: Procedure | None) -> str:
    """Why the head of the region signs such an instrument himself, with the basis; for `signing.HEAD_ALONE`."""
    kinds = [prescribed(session, procedure.id)] if procedure else []
    found = next((kind for kind in (*kinds, *versions.all_published(session)) if kind and kind.group == group), None)
    name, basis = codes.INSTRUMENTS[instrument], _basis(found, instrument) if found else ""
    if instrument == "kb":
        return f"Kuasa hanya diatur untuk perjanjian kerja sama{basis}. {name} ditandatangani kepala daerah sendiri."
    return f"{name} ditandatangani kepala daerah sendiri{basis}."


def _basis(kind: law_parts.Procedure, instrument: str) -> str:
    """Of a KB what gives the power for a PKS alone; else what says that the paper is signed."""
    for stage in kind.stages:
        for document in stage.documents:
            gives = document.applies_if == _BY_POWER
            made = stage.signs and instrument in stage.instruments and document.direction == _MADE
            if gives if instrument == "kb" else made:
                return _by(document.basis)
    return ""
