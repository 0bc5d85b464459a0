"""What the register writes down twice about an agreement is the same both times; its verbs keep it so."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, AgreementUnit, Partner, Party, SearchDocument, Stage, Unit
from models import Counter as LastNumber
from rules.text import fold, number_key
from sikerja import numbering, search, stages
from sikerja.verification.faults import Fault, by_first, portions

_STANDING_WORDS = ("tahap berjalan", "sejak", "ditunggu dari", "pelaksanaan sejak", "tenggat")


def standing(session: Session, checked: Counter[str]) -> Iterator[Fault]:
    """Where an agreement stands is what its stages say."""
    kept = (Agreement.current_stage_id, Agreement.stage_since, Agreement.holder, Agreement.underway_since, Agreement.due_on)
    # The bin is left out here: SQLite would look for "not in the bin" first and read every stage for each portion.
    steps = select(Stage.agreement_id, Stage.id, Stage.key, Stage.status, Stage.position, Stage.holder).add_columns(
        Stage.started_on, Stage.finished_on, Stage.deleted_at, Stage.statutory, Stage.parallel, Stage.due_on, Stage.law_due_on
    )
    order = (Stage.agreement_id, Stage.position, Stage.id)
    for rows in portions(session, select(Agreement.id, Agreement.register_no, *kept).order_by(Agreement.id)):
        checked["agreements"] += len(rows)
        found = by_first(session, steps.where(Stage.agreement_id.between(rows[0].id, rows[-1].id)).order_by(*order))
        for row in rows:
            should = stages.standing([step for step in found.get(row.id, []) if step.deleted_at is None])
            if wrong := list(_differences(row[2:], should)):
                yield Fault("standing", f"agreement {row.register_no}", f"Tidak sesuai dengan tahapnya: {'; '.join(wrong)}.")


def _differences(kept: Sequence[Any], should: stages.Standing) -> Iterator[str]:
    for word, has, wanted in zip(_STANDING_WORDS, kept, should, strict=True):
        if has != wanted:
            yield f"{word} {_said(has)}, seharusnya {_said(wanted)}"


def _said(value: Any) -> str:
    return "kosong" if value is None else str(value)


def parties(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """One party of ours, the leading partner is the first, numbers are folded and bind where they should."""
    query = select(
        Agreement.id, Agreement.register_no, Agreement.origin, Agreement.deleted_at, Agreement.lead_partner_id
    ).order_by(Agreement.id)
    held = select(
        Party.agreement_id, Party.id, Party.side, Party.partner_id, Party.number, Party.number_key, Party.binding
    ).order_by(Party.agreement_id, Party.position, Party.id)
    for rows in portions(session, query):
        found = by_first(session, held.where(Party.agreement_id.between(rows[0].id, rows[-1].id)))
        for row in rows:
            yield from _party_faults(row, found.get(row.id, []))


def _party_faults(row: Any, found: list[Any]) -> Iterator[Fault]:
    subject = f"agreement {row.register_no}"
    ours = sum(party.side == "ours" for party in found)
    if ours != 1:
        yield Fault("our_party", subject, f"Pihak Kesatu tercatat {ours} kali, seharusnya satu kali.")
    first = next((party.partner_id for party in found if party.side == "partner"), None)
    if row.lead_partner_id != first:
        yield Fault("lead_partner", subject, f"Mitra utama {_said(row.lead_partner_id)}, seharusnya {_said(first)}.")
    binds = row.origin == "process" and row.deleted_at is None
    for party in found:
        if party.number_key != number_key(party.number):
            yield Fault("folded", f"party {party.id}", "Kunci nomor tidak sesuai dengan nomornya.")
        if party.binding != binds:
            detail = "Nomornya mengikat, padahal tidak semestinya." if party.binding else "Nomornya seharusnya mengikat."
            yield Fault("binding", f"party {party.id}", detail)


def units(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """The leading unit is the first."""
    held = select(AgreementUnit.agreement_id, AgreementUnit.unit_id).order_by(
        AgreementUnit.agreement_id, AgreementUnit.position, AgreementUnit.id
    )
    query = select(Agreement.id, Agreement.register_no, Agreement.lead_unit_id).order_by(Agreement.id)
    for rows in portions(session, query):
        found = by_first(session, held.where(AgreementUnit.agreement_id.between(rows[0].id, rows[-1].id)))
        for row in rows:
            first = found[row.id][0].unit_id if row.id in found else None
            if row.lead_unit_id != first:
                detail = f"Perangkat daerah utama {_said(row.lead_unit_id)}, seharusnya {_said(first)}."
                yield Fault("lead_unit", f"agreement {row.register_no}", detail)


def lead_names(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """What a list sorts an agreement by is the folded name of its first partner and of its first unit."""
    partners = (
        select(Party.agreement_id, Partner.name).join(Party.partner).order_by(Party.agreement_id, Party.position, Party.id)
    )
    units = (
        select(AgreementUnit.agreement_id, Unit.name)
        .join(AgreementUnit.unit)
        .order_by(AgreementUnit.agreement_id, AgreementUnit.position, AgreementUnit.id)
    )
    kept = select(Agreement.id, Agreement.register_no, Agreement.lead_partner_key, Agreement.lead_unit_key)
    for rows in portions(session, kept.order_by(Agreement.id)):
        first, last = rows[0].id, rows[-1].id
        of_partners = by_first(session, partners.where(Party.agreement_id.between(first, last)))
        of_units = by_first(session, units.where(AgreementUnit.agreement_id.between(first, last)))
        for row in rows:
            should = [fold(found[row.id][0].name) if row.id in found else None for found in (of_partners, of_units)]
            if list(row[2:]) != should:
                detail = "Kunci urutan mitra atau perangkat daerahnya tidak sesuai namanya. Buka naskah, lalu simpan lagi."
                yield Fault("lead_key", f"agreement {row.register_no}", detail)


def search_documents(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """An agreement is found by what it says now. The order of the words is the database's own affair."""
    kept = select(SearchDocument.agreement_id, SearchDocument.document, SearchDocument.words)
    for rows in portions(session, select(Agreement.id, Agreement.register_no).order_by(Agreement.id)):
        ids = [row.id for row in rows]
        between = SearchDocument.agreement_id.between(ids[0], ids[-1])
        found = {row[0]: row[1:] for row in session.execute(kept.where(between))}
        should = search.documents(session.connection(), ids)
        for row in rows:
            if _same_words(found.get(row.id)) != _same_words(should.get(row.id)):
                detail = "Dokumen pencariannya tidak sesuai dengan isi naskah. Buka naskah lalu simpan sekali lagi."
                yield Fault("search_document", f"agreement {row.register_no}", detail)


def _same_words(texts: Any) -> list[list[str]] | None:
    return None if texts is None else [sorted(text.split()) for text in texts]


def numbers(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """Register numbers are written as they are given, and the year's counter has counted every one of them."""
    highest: dict[int, int] = {}
    for row in chain.from_iterable(portions(session, select(Agreement.id, Agreement.register_no).order_by(Agreement.id))):
        parts = numbering.parts_of(row.register_no)
        if parts is None:
            yield Fault(
                "register_no", f"agreement {row.id}", f"Nomor register “{row.register_no}” tidak berbentuk KS-2026-0001."
            )
        else:
            highest[parts.year] = max(parts.number, highest.get(parts.year, 0))
    counters = {row.year: row.last for row in session.execute(select(LastNumber.year, LastNumber.last))}
    for year, number in sorted(highest.items()):
        if counters.get(year, 0) < number:
            detail = f"Pencacah nomor berhenti di {counters.get(year, 0)}, padahal nomor {number} sudah diberikan."
            yield Fault("counter", f"counter {year}", detail)
