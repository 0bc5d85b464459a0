"""Verbs on agreements: write one down, change it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import Agreement, AgreementUnit, Partner, Party, Procedure, Unit
from rules import signing, terms
from rules.text import number_key
from sikerja import amending, clock, families, formats, limits, numbering
from sikerja.process import layout
from sikerja.refusals import CHOICE_GONE, Refusal

# The plain columns that a draft may carry.
COLUMNS = (
    "origin", "group", "procedure_id", "special_procedure", "instrument", "title", "sector_id", "year", "place_signed",
    "signed_on", "starts_on", "ends_on", "open_ended", "open_ended_reason", "duration", "value", "background", "purpose",
    "location", "scope", "benefits", "impact", "financing", "offer_number", "offer_date", "offer_received",
    "renewal_decision", "paper_place",
)  # fmt: skip


@dataclass
class Draft:
    """What someone wants an agreement to say: plain columns by name, and what lies in other tables."""

    values: dict[str, Any]
    partners: Sequence[tuple[int, str]] = ()  # (id, their number), the leading one first
    units: Sequence[int] = ()  # ids, the proposing one first
    unit_roles: dict[int, str] = field(default_factory=dict)
    our_number: str = ""
    our_signatory: str = ""
    our_signatory_post: str = ""
    by_power: bool = False
    parent_id: int | None = None
    partner_unknown: bool = False  # the source names none (an import, the sample)


def record(session: Session, draft: Draft) -> Agreement:
    """Write down a new agreement; it gets its register number. Raises Refusal and nothing is changed."""
    agreement = Agreement(register_no="", renewal_decision="undecided", parties=[], units=[], links_out=[])
    _check(session, draft, agreement)
    agreement.register_no = numbering.next_register_no(session)
    _apply(session, agreement, draft)
    session.add(agreement)
    session.flush()
    agreement.root_id = agreement.id
    families.set_parent(session, agreement, draft.parent_id)
    amending.apply(session, agreement)
    layout.lay_out(session, agreement)
    return agreement


def revise(session: Session, agreement: Agreement, draft: Draft) -> None:
    """Change an agreement to what the draft says. Raises Refusal and nothing is changed."""
    _check(session, draft, agreement)
    formerly = amending.amended_by(session, agreement)
    agreement.updated_at = clock.now()  # a change of parties alone is a change of the agreement: its version counts on
    with session.no_autoflush:  # one change is one version, written once
        _apply(session, agreement, draft)
    session.flush()
    families.set_parent(session, agreement, draft.parent_id)
    for amended in formerly:
        amending.settle(session, amended, agreement)
    amending.apply(session, agreement)
    layout.lay_out(session, agreement)


def for_editing(session: Session, agreement_id: int) -> Agreement:
    """The agreement with all that its form shows."""
    loaded = (
        selectinload(Agreement.parties).selectinload(Party.partner),
        selectinload(Agreement.units).selectinload(AgreementUnit.unit),
        selectinload(Agreement.links_out),
    )
    return session.scalars(select(Agreement).where(Agreement.id == agreement_id).options(*loaded)).one()


def computed_end(values: dict[str, Any]) -> tuple[date, date, terms.Term] | None:
    """The end that the duration in words gives, with the day it counts from."""
    return terms.end_of(values.get("duration"), values.get("starts_on"), values.get("signed_on"))


def computed_end_words(values: dict[str, Any]) -> str:
    """Berakhir 2 Juni 2031, dihitung 5 tahun sejak 2 Juni 2026."""
    found = computed_end(values)
    if found is None:
        return ""
    end, first, term = found
    return f"Berakhir {formats.long_date(end)}, dihitung {term.words()} sejak {formats.long_date(first)}."


# --- checking: every reason at once ------------------------------------------------------------------------------


def _check(session: Session, draft: Draft, agreement: Agreement) -> None:
    errors: dict[str, str] = {}
    _complete(session, draft)
    _check_kind(session, draft, errors)
    _check_dates(draft, errors)
    _check_amended(session, draft, agreement, errors)
    _check_signatory(session, draft, errors)
    _check_parties(session, draft, agreement, errors)
    _check_numbers(session, draft, agreement, errors)
    if errors:
        raise Refusal(errors=errors)


def _complete(session: Session, draft: Draft) -> None:
    """What follows from the rest: the end from the duration, the group from the procedure, the year from the signature."""
    values = draft.values
    if values.get("ends_on") is None and not values.get("open_ended"):
        found = computed_end(values)
        values["ends_on"] = found[0] if found else None
    if values.get("procedure_id") and not values.get("group"):
        values["group"] = session.get_one(Procedure, values["procedure_id"]).group
    if values.get("signed_on"):
        values["year"] = values["signed_on"].year


def _check_kind(session: Session, draft: Draft, errors: dict[str, str]) -> None:
    procedure = session.get(Procedure, draft.values["procedure_id"]) if draft.values.get("procedure_id") else None
    if procedure is not None and procedure.group != draft.values.get("group"):
        errors["procedure"] = "Prosedur ini bukan dari jenis kerja sama yang dipilih. Samakan keduanya."


def _check_dates(draft: Draft, errors: dict[str, str]) -> None:
    values = draft.values
    signed, start, end = values.get("signed_on"), values.get("starts_on"), values.get("ends_on")
    if signed and signed > clock.today():
        errors["signed_on"] = "Tanggal penandatanganan tidak boleh di masa depan. Kosongkan sampai naskah ditandatangani."
    first = start or signed
    if values.get("origin") == "process" and first and end and end < first:
        errors["ends_on"] = (
            f"Tanggal berakhir lebih awal daripada tanggal mulai. Mulai {formats.long_date(first)}; isi tanggal sesudah itu."
        )
    if values.get("open_ended") and end:
        errors["open_ended"] = "Naskah ini punya tanggal berakhir. Kosongkan tanggalnya, atau hapus centang ini."


def _check_amended(session: Session, draft: Draft, agreement: Agreement, errors: dict[str, str]) -> None:
    """What a signed addendum says of the end is changed there."""
    last = amending.last_word(session, agreement.id) if agreement.id else None
    if last is not None and draft.values.get("ends_on") != last.ends_on:
        day = formats.long_date(last.ends_on)
        errors["ends_on"] = f"Tanggal berakhir mengikuti Adendum {last.register_no}, {day}. Ubah tanggalnya pada adendum itu."


def _check_signatory(session: Session, draft: Draft, errors: dict[str, str]) -> None:
    instrument = draft.values.get("instrument", "")
    if draft.values.get("origin") != "process" or instrument not in signing.HEAD_ALONE:
        return
    if signing.by_power(draft.by_power, draft.our_signatory_post):
        procedure = session.get(Procedure, draft.values["procedure_id"]) if draft.values.get("procedure_id") else None
        why = limits.signed_by_head(session, instrument, draft.values.get("group", ""), procedure)
        if draft.by_power:
            errors["by_power"] = f"{why} Hapus centang ini."
        else:
            errors["our_signatory_post"] = f"{why} Isi jabatan kepala daerah."


def _check_parties(session: Session, draft: Draft, agreement: Agreement, errors: dict[str, str]) -> None:
    ids = [partner_id for partner_id, _ in draft.partners]
    if not ids and not _may_lack_partner(draft, agreement):
        errors["partner"] = "Pilih sedikitnya satu mitra."
    if len(set(ids)) < len(ids):
        errors["partner"] = "Mitra yang sama dipilih dua kali. Hapus salah satunya."
    elif not _all_there(session, Partner, ids, {party.partner_id for party in agreement.parties}):
        errors["partner"] = CHOICE_GONE
    if len(set(draft.units)) < len(draft.units):
        errors["unit"] = "Perangkat daerah yang sama dipilih dua kali. Hapus salah satunya."
    elif not _all_there(session, Unit, draft.units, {held.unit_id for held in agreement.units}):
        errors["unit"] = CHOICE_GONE
    parents = [draft.parent_id] if draft.parent_id is not None else []
    if not _all_there(session, Agreement, parents, {link.to_id for link in agreement.links_out}):
        errors["parent"] = CHOICE_GONE


def _may_lack_partner(draft: Draft, agreement: Agreement) -> bool:
    """Old papers, and rows that came without a partner, may be corrected elsewhere before the partner is known."""
    had_none = bool(agreement.id and not _partners(agreement))
    return draft.partner_unknown or draft.values.get("origin") == "archive" or had_none


def _all_there(session: Session, model: Any, ids: Sequence[int], kept: set[int | None]) -> bool:
    """All these records exist, and the newly chosen ones are not in the bin."""
    new = set(ids) - kept
    living = session.scalars(select(model.id).where(model.id.in_(new), model.deleted_at.is_(None)))
    return set(living) == new


def _check_numbers(session: Session, draft: Draft, agreement: Agreement, errors: dict[str, str]) -> None:
    if draft.values.get("origin") != "process" or agreement.is_binned:
        return
    asked: list[tuple[str, str, int | None, str]] = [("our_number", "ours", None, draft.our_number)]
    asked += [("partner_number", "partner", partner_id, number) for partner_id, number in draft.partners]
    for name, side, partner_id, number in asked:
        taken = _taken(session, side, partner_id, number, agreement.id)
        if taken:
            errors[name] = f"Nomor ini sudah dipakai pada “{taken}”. Periksa kembali, atau buka naskah itu."


def _taken(session: Session, side: str, partner_id: int | None, number: str, own_id: int | None) -> str | None:
    """The title of another agreement that holds this number on this side."""
    key = number_key(number)
    if key is None:
        return None
    same = select(Agreement.title).join(Party, Party.agreement_id == Agreement.id)
    return session.scalar(
        same.where(
            Party.binding,
            Party.side == side,
            Party.number_key == key,
            Party.partner_id.is_(None) if partner_id is None else Party.partner_id == partner_id,
            Agreement.id != (own_id or 0),
        )
    )


# --- applying ----------------------------------------------------------------------------------------------------


def _apply(session: Session, agreement: Agreement, draft: Draft) -> None:
    decided = agreement.renewal_decision
    for name in COLUMNS:
        if name in draft.values:
            setattr(agreement, name, draft.values[name])
    if agreement.renewal_decision != decided:
        agreement.renewal_reason = ""  # it was the other decision's
    if not agreement.id or amending.last_word(session, agreement.id) is None:
        agreement.first_ends_on = agreement.ends_on  # as the paper has it: corrected with it, until an addendum moves the end
    agreement.lead_partner_id = draft.partners[0][0] if draft.partners else None
    agreement.lead_unit_id = draft.units[0] if draft.units else None
    _apply_ours(agreement, draft)
    _apply_partners(session, agreement, draft)
    _apply_units(agreement, draft)
    for party in agreement.parties:
        party.binding = agreement.binds


def _partners(agreement: Agreement) -> list[Party]:
    return [party for party in agreement.parties if party.side == "partner"]


def _apply_ours(agreement: Agreement, draft: Draft) -> None:
    ours = next((party for party in agreement.parties if party.side == "ours"), None)
    if ours is None:
        ours = Party(side="ours", position=0)
        agreement.parties.append(ours)
    ours.number = draft.our_number
    ours.signatory = draft.our_signatory
    ours.signatory_post = draft.our_signatory_post
    ours.by_power = draft.by_power


def _apply_partners(session: Session, agreement: Agreement, draft: Draft) -> None:
    kept = {party.partner_id: party for party in _partners(agreement)}
    if [party.partner_id for party in _partners(agreement)] != [key for key, _ in draft.partners]:
        _free_places(session, agreement, _partners(agreement), {key for key, _ in draft.partners})
    for position, (partner_id, number) in enumerate(draft.partners):
        party = kept.get(partner_id)
        if party is None:
            party = Party(side="partner", partner_id=partner_id)
            agreement.parties.append(party)
        party.position, party.number = position, number


def _free_places(session: Session, agreement: Agreement, parties: list[Party], wanted: set[int]) -> None:
    """Take out who is no longer a party and clear the places of the others, since a place is held by one at a time."""
    for party in parties:
        if party.partner_id not in wanted:
            agreement.parties.remove(party)
        else:
            party.position = -1 - party.position
    if agreement.id:
        session.flush()


def _apply_units(agreement: Agreement, draft: Draft) -> None:
    kept = {held.unit_id: held for held in agreement.units}
    for held in list(agreement.units):
        if held.unit_id not in draft.units:
            agreement.units.remove(held)
    for position, unit_id in enumerate(draft.units):
        if unit_id not in kept:
            kept[unit_id] = AgreementUnit(unit_id=unit_id, role="terkait")
            agreement.units.append(kept[unit_id])
        held = kept[unit_id]
        held.position = position
        held.role = draft.unit_roles.get(unit_id) or _role(held, position)


def _role(held: AgreementUnit, position: int) -> str:
    """The first unit is the one that proposes; one that no longer stands first is concerned."""
    if position == 0:
        return "pemrakarsa"
    return "terkait" if held.role == "pemrakarsa" else held.role
