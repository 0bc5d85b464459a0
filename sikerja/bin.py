"""The bin: nothing is deleted, rows go there and come back; what hangs on a row stops it and is named."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Agreement, AgreementUnit, Contact, Link, Partner, Party, Sector, Stage, Unit, User
from sikerja import amending, clock, stages
from sikerja.refusals import Refusal

NAMED_AT_MOST = 3
LAID_OUT = (
    "Tahap ini disyaratkan peraturan dan tersusun sendiri dari prosedur naskahnya, jadi tidak dikembalikan dari keranjang. "
    "Bila tahapnya kurang, periksa prosedur dan jenis naskah pada Ubah data."
)
PRESCRIBED = (
    "Tahap ini disyaratkan peraturan, jadi tidak dapat dibuang. Bila menurut peraturan tidak diperlukan, pakai “Lewati tahap”; "
    "bila keliru dimulai atau diselesaikan, pakai “Buka kembali”; bila prosedur atau jenis naskahnya keliru, perbaiki pada "
    "Ubah data naskahnya."
)


def throw(session: Session, row: Any) -> None:
    """Put a row into the bin. Raises Refusal naming what hangs on it."""
    if row.is_binned:
        return
    check = _HANGING.get(type(row))
    if check is not None:
        check(session, row)
    row.deleted_at = clock.now()
    _settle(session, row)


def restore(session: Session, row: Any) -> None:
    """Take a row out of the bin. Raises Refusal where what it hangs on is itself in the bin."""
    if not row.is_binned:
        return
    if isinstance(row, Agreement):
        _parents_are_there(session, row)
    if isinstance(row, Stage) and row.statutory:
        raise Refusal(LAID_OUT)
    row.deleted_at = None
    _settle(session, row)


def _settle(session: Session, row: Any) -> None:
    """What follows from a row's going or coming: numbers bind or not, ends move, the current stage is another one."""
    session.flush()
    if isinstance(row, Agreement):
        for party in session.scalars(select(Party).where(Party.agreement_id == row.id)):
            party.binding = row.binds
        amending.apply(session, row)
    if isinstance(row, Stage):
        agreement = session.get_one(Agreement, row.agreement_id)
        stages.keep_current(session, agreement)


def _named(session: Session, query: Any, sentence: str) -> None:
    """Raise a Refusal naming the agreements found, the first few by title."""
    titles = list(session.scalars(query.limit(NAMED_AT_MOST + 1)))
    if titles:
        shown = ", ".join(f"“{title}”" for title in titles[:NAMED_AT_MOST])
        more = " dan lainnya" if len(titles) > NAMED_AT_MOST else ""
        raise Refusal(sentence.format(names=shown + more))


def _living(*conditions: Any) -> Any:
    return select(Agreement.title).where(Agreement.deleted_at.is_(None), *conditions).order_by(Agreement.id)


def _agreement(session: Session, row: Agreement) -> None:
    hanging = select(Link.from_id).where(Link.to_id == row.id)
    _named(
        session,
        _living(Agreement.id.in_(hanging)),
        "Masih ada naskah yang bergantung pada naskah ini: {names}. Buang atau lepaskan dulu.",
    )


def _parents_are_there(session: Session, row: Agreement) -> None:
    parents = select(Link.to_id).where(Link.from_id == row.id)
    binned = select(Agreement.title).where(Agreement.deleted_at.is_not(None), Agreement.id.in_(parents))
    _named(session, binned, "Naskah induknya masih di keranjang: {names}. Kembalikan induknya dulu.")


def _partner(session: Session, row: Partner) -> None:
    used = select(Party.agreement_id).where(Party.partner_id == row.id)
    _named(session, _living(Agreement.id.in_(used)), "Mitra ini masih dipakai pada {names}. Ganti mitranya dulu.")
    contacts = select(Contact.name).where(Contact.partner_id == row.id, Contact.deleted_at.is_(None))
    _named(session, contacts, "Mitra ini masih punya narahubung: {names}. Buang narahubungnya dulu.")


def _unit(session: Session, row: Unit) -> None:
    used = select(AgreementUnit.agreement_id).where(AgreementUnit.unit_id == row.id)
    _named(session, _living(Agreement.id.in_(used)), "Perangkat daerah ini masih dipakai pada {names}. Ganti dulu di sana.")
    people = session.scalar(select(func.count(User.id)).where(User.unit_id == row.id, User.active))
    if people:
        raise Refusal(f"Perangkat daerah ini masih punya {people} akun aktif. Pindahkan atau nonaktifkan akunnya dulu.")


def _sector(session: Session, row: Sector) -> None:
    _named(session, _living(Agreement.sector_id == row.id), "Bidang ini masih dipakai pada {names}. Ganti dulu di sana.")


def _stage(_session: Session, row: Stage) -> None:
    if row.statutory:
        raise Refusal(PRESCRIBED)


_HANGING: dict[type, Callable[[Session, Any], None]] = {
    Agreement: _agreement,
    Partner: _partner,
    Unit: _unit,
    Sector: _sector,
    Stage: _stage,
}
