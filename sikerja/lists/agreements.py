"""The list of agreements: the one place that says which rows, columns, filters and search it has.

List, count, details, export and lookup all take it from here, so that two pages can't disagree.
"""

from contextlib import closing
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, literal, select
from sqlalchemy.orm import Session

from models import Agreement, AgreementUnit, Partner, Party, Procedure, Sector, Unit
from rules import codes, law
from rules.text import number_key
from sikerja import gaps, questions, search
from sikerja.filters import Code, Condition, Day, Fact, Name, Number, Relation, Text
from sikerja.filtervalues import FLAG_WORDS
from sikerja.listing import Column, Listing, Viewer
from sikerja.lists.parts import of, same

NAMES_GLUE = "; "
# The keys of all stages that a kind prescribes, in the order of the law, with what an agreement is after them.
STAGE_KEYS = law.stage_names() | codes.STAGE_NAMES


def own_agreements(viewer: Viewer) -> Condition:
    """The agreements that the viewer's unit is tied to."""
    return Agreement.id.in_(select(AgreementUnit.agreement_id).where(AgreementUnit.unit_id == viewer.unit_id))


def _party(side: str) -> Any:
    """Makes an EXISTS over the parties of one side: a join would double the rows of agreements with several."""
    return lambda condition: exists().where(Party.agreement_id == Agreement.id, Party.side == side, condition)


def _among_parties(side: str) -> Any:
    """The same, beginning with the parties that fulfil the condition."""
    return lambda condition: Agreement.id.in_(select(Party.agreement_id).where(Party.side == side, condition))


def _partner(condition: Condition) -> Condition:
    return exists().where(Party.agreement_id == Agreement.id, Party.partner_id == Partner.id, condition)


def _among_partners(condition: Condition) -> Condition:
    return Agreement.id.in_(select(Party.agreement_id).join(Party.partner).where(condition))


def _unit(condition: Condition) -> Condition:
    return exists().where(AgreementUnit.agreement_id == Agreement.id, condition)


def _among_units(condition: Condition) -> Condition:
    return Agreement.id.in_(select(AgreementUnit.agreement_id).where(condition))


def _unit_named(condition: Condition) -> Condition:
    return Agreement.id.in_(select(AgreementUnit.agreement_id).join(AgreementUnit.unit).where(condition))


def _sector_named(condition: Condition) -> Condition:
    return exists().where(Sector.id == Agreement.sector_id, condition)


def _our(column: Any) -> ColumnElement[Any]:
    ours = select(column).where(Party.agreement_id == Agreement.id, Party.side == "ours")
    return ours.correlate(Agreement).scalar_subquery()


AGREEMENT_FILTERS = (
    Code("group", "Jenis", column=Agreement.group, codes=codes.GROUPS),
    Relation(
        "sector", "Bidang", id_column=Agreement.sector_id, exists=same, name_key=Sector.name_key,
        named=_sector_named, source="sector",
    ),
    Code("validity", "Masa berlaku", column=questions.validity, codes=codes.VALIDITIES,
         operations=("equals", "not_equal", "in_list", "not_in_list"), implied=questions.of_validity),
    Day("ends_on", "Berakhir", column=Agreement.ends_on),
    Relation(
        "unit", "Perangkat daerah", id_column=AgreementUnit.unit_id, exists=_unit, among=_among_units, name_key=Unit.name_key,
        named=_unit_named, source="unit",
    ),
    Relation(
        "partner", "Mitra", id_column=Party.partner_id, exists=_party("partner"), among=_among_parties("partner"),
        name_key=Partner.name_key, named=_among_partners, source="partner", many=True,
    ),
    Code("partner_kind", "Jenis mitra", column=Partner.kind, codes=codes.PARTNER_KINDS, exists=_partner),
    Code("stage", "Tahap", column=questions.stage_key, open_list=True, implied=questions.at_stage,
         codes=STAGE_KEYS | dict([codes.SIGNED_STAGE]) | codes.OUTCOMES),
    Code("procedure", "Prosedur", column=of(Procedure.code, Procedure, Agreement.procedure_id),
         codes=codes.PROCEDURES),
    Code("instrument", "Jenis naskah", column=Agreement.instrument, codes=codes.INSTRUMENTS),
    Text("title", "Judul", column=Agreement.title_key),
    Text("our_number", "Nomor Pihak Kesatu", column=Party.number_key, fold=number_key, exists=_party("ours"),
         among=_among_parties("ours")),
    Text("partner_number", "Nomor mitra", column=Party.number_key, fold=number_key, exists=_party("partner"),
         among=_among_parties("partner")),
    Code("holder", "Ditunggu dari", column=Agreement.holder, codes=codes.HOLDERS),
    Day("stage_since", "Sejak", column=questions.stage_since),
    Day("due_on", "Tenggat", column=questions.due_on()),
    Fact("overdue", "Lewat tenggat", column=questions.overdue, codes=FLAG_WORDS, implied=questions.past_due),
    Code("next_step", "Langkah berikut", column=questions.next_step(), codes=codes.NEXT_STEPS,
         operations=("equals", "not_equal", "in_list", "not_in_list")),
    Day("signed_on", "Tanda tangan", column=Agreement.signed_on),
    Day("starts_on", "Mulai", column=Agreement.starts_on),
    Number("value", "Nilai", column=Agreement.value),
    Code("origin", "Asal", column=Agreement.origin, codes=codes.ORIGINS),
    Day("offer_received", "Penawaran diterima", column=questions.offer_received()),
    Code("outcome", "Hasil penawaran", column=questions.offer_outcome, codes=codes.OFFER_OUTCOMES),
    Number("answer_days", "Hari sampai jawaban", column=questions.answer_days, largest=10**6),
    Name("partner_origin", "Asal mitra", column=questions.partner_origin(), fold=str, exists=_partner,
         among=_among_partners),
    Text("partner_region", "Provinsi atau daerah mitra", column=func.lower(Partner.region), exists=_partner,
         among=_among_partners),
    Text("partner_country", "Negara mitra", column=func.lower(Partner.country), exists=_partner,
         among=_among_partners),
    Code("closed_as", "Hasil", column=Agreement.closed_as, codes=codes.OUTCOMES),
    Day("closed_on", "Tanggal ditutup", column=Agreement.closed_on),
    Code("renewal_decision", "Keputusan perpanjangan", column=Agreement.renewal_decision, codes=codes.RENEWAL_DECISIONS),
    Number("year", "Tahun", column=Agreement.year, largest=10_000),
    gaps.FILTER,
)  # fmt: skip

AGREEMENT_COLUMNS = (
    Column("register_no", "Nomor register", Agreement.register_no),
    Column("title", "Kerja sama", Agreement.title, Agreement.title_key, "c-title"),
    Column("partner", "Mitra", sort=Agreement.lead_partner_key, css="c-partner"),
    Column("unit", "Perangkat daerah", sort=Agreement.lead_unit_key, css="c-unit"),
    Column("group", "Jenis", Agreement.group, css="c-kind"),
    Column("instrument", "Naskah", Agreement.instrument, css="c-instrument"),
    Column("stage", "Tahap", questions.stage_name, css="c-stage"),
    Column("ends_on", "Berakhir", Agreement.ends_on, css="c-date"),
    Column("validity", "Masa berlaku", questions.validity, css="c-validity"),
    Column("procedure", "Prosedur", of(Procedure.name, Procedure, Agreement.procedure_id)),
    Column("sector", "Bidang", of(Sector.name, Sector, Agreement.sector_id)),
    Column("our_number", "Nomor Pihak Kesatu", _our(Party.number)),
    Column("partner_number", "Nomor mitra"),
    Column("signed_on", "Tanda tangan", Agreement.signed_on, css="c-date"),
    Column("starts_on", "Mulai", Agreement.starts_on, css="c-date"),
    Column("days_left", "Sisa hari", sort=Agreement.ends_on),
    Column("stage_since", "Sejak", questions.stage_since, css="c-date"),
    Column("stage_place", "Urutan tahap", questions.stage_place(), sort=False),
    Column("stage_count", "Banyak tahap", questions.stage_count(), sort=False),
    Column("current_stage", "Tahap sekarang", questions.current_stage()),
    Column("due_on", "Tenggat", questions.due_on(), css="c-date"),
    Column("overdue", "Lewat tenggat", questions.overdue, css="c-date"),
    Column("next_step", "Langkah berikut", questions.next_step()),
    Column("value", "Nilai", Agreement.value, css="c-num"),
    Column("scope", "Ruang lingkup", Agreement.scope, sort=False),
    Column("closed_as", "Hasil", Agreement.closed_as),
    Column("renewal_decision", "Keputusan perpanjangan", Agreement.renewal_decision),
    Column("open_ended", "Tanpa batas waktu", Agreement.open_ended),
    Column("origin", "Asal", Agreement.origin),
    Column("signed", "Sudah ditandatangani", lambda today: func.coalesce(Agreement.signed_on <= today, False)),
    Column("year", "Tahun", Agreement.year),
    Column("holder", "Ditunggu dari", Agreement.holder, css="c-unit"),
    Column("closed_on", "Ditutup", Agreement.closed_on, css="c-date"),
    Column("closed_reason", "Alasan", Agreement.closed_reason, sort=False),
    Column("offer_received", "Masuk", questions.offer_received(), css="c-date"),
    Column("outcome", "Hasil", questions.offer_outcome, css="c-validity"),
    Column("answer_days", "Dijawab", questions.answer_days, css="c-date"),
    Column("partner_kind", "Jenis mitra", of(Partner.kind, Partner, Agreement.lead_partner_id), css="c-unit"),
    Column("partner_origin", "Asal mitra", of(questions.partner_origin(), Partner, Agreement.lead_partner_id), css="c-unit"),
)


def _add_parties_and_units(session: Session, rows: list[dict[str, Any]]) -> None:
    """Adds to each row its partners, their numbers and its units, in their order: one statement a page."""
    ids = [row["id"] for row in rows]
    for row in rows:
        row["partners"], row["partner_numbers"], row["units"], row["unit_shorts"] = [], [], [], []
    if not ids:
        return
    by_id = {row["id"]: row for row in rows}
    with closing(session.connection().execute(_NAMES, {"ids": ids})) as found:
        # As the driver gives them: texts and numbers need nothing done to them, and a file has millions.
        named = found.cursor.fetchall()
    for agreement_id, kind, _, name, extra in named:
        row = by_id[agreement_id]
        row["partners" if kind == "partner" else "units"].append(name)
        if extra:
            row["partner_numbers" if kind == "partner" else "unit_shorts"].append(extra)


def _names() -> Any:
    """Partners and units of the agreements `ids`; made once, since it costs more to make than to run."""
    ids: Any = bindparam("ids", expanding=True)
    partners = (
        select(Party.agreement_id, literal("partner").label("kind"), Party.position.label("position"),
               Partner.name, Party.number)
        .join(Party.partner).where(Party.agreement_id.in_(ids))
    )  # fmt: skip
    units = (
        select(AgreementUnit.agreement_id, literal("unit"), AgreementUnit.position, Unit.name,
               func.coalesce(func.nullif(Unit.short, ""), Unit.name))
        .join(AgreementUnit.unit).where(AgreementUnit.agreement_id.in_(ids))
    )  # fmt: skip
    both = partners.union_all(units).subquery()
    return select(both).order_by(both.c.agreement_id, both.c.kind, both.c.position)


_NAMES = _names()
AGREEMENTS = Listing(
    Agreement, AGREEMENT_COLUMNS, AGREEMENT_FILTERS, search.matching, own_agreements, _add_parties_and_units,
    order=((Agreement.id, True),), streamed=search.streamed,
)  # fmt: skip
