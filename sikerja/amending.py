"""What an addendum does to the agreement it changes: once it is signed its end is that agreement's end.

The end that was agreed first is kept beside, so that a signature taken back, or an addendum in the bin, takes the end back.
"""

from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import Agreement, Link
from sikerja import audit, clock, formats
from sikerja.refusals import Refusal

AMENDS = "amends"
_WAS_ENDLESS = "Menurut naskah semula"


def apply(session: Session, addendum: Agreement) -> None:
    """Write the end of what this addendum changes, as all its signed addenda say it. To be called after a flush.

    Does nothing for what amends nothing. Raises Refusal where that end would lie before the beginning.
    """
    for amended in amended_by(session, addendum):
        settle(session, amended, addendum)


def amended_by(session: Session, addendum: Agreement) -> list[Agreement]:
    """What this agreement changes; a row in the bin changes nothing, but is still found."""
    targets = select(Link.to_id).where(Link.from_id == addendum.id, Link.kind == AMENDS)
    return list(session.scalars(select(Agreement).where(Agreement.id.in_(targets)).order_by(Agreement.id)))


def settle(session: Session, amended: Agreement, cause: Agreement) -> None:
    """Give an agreement the end that its signed addenda leave it; `cause` is the one that has changed. Raises Refusal."""
    last = last_word(session, amended.id)
    end = last.ends_on if last else amended.first_ends_on
    if end == amended.ends_on:
        return
    first = amended.starts_on or amended.signed_on
    if amended.origin == "process" and first and end and end < first:
        raise Refusal(
            f"Tanggal berakhir adendum lebih awal daripada mulainya {amended.register_no}, {formats.long_date(first)}. "
            "Isi tanggal sesudah itu.",
            "ends_on",
        )
    audit.explain(session, amended, f"Adendum {cause.register_no}")
    if end and amended.open_ended:
        amended.open_ended, amended.open_ended_reason = False, amended.open_ended_reason or _WAS_ENDLESS
    elif end is None:
        amended.open_ended = bool(amended.open_ended_reason)
    amended.ends_on = end
    amended.updated_at = clock.now()
    session.flush()
    apply(session, amended)  # an addendum that is amended itself hands its end on


def last_word(session: Session, amended_id: int) -> Agreement | None:
    """The signed addendum that says the end: of those with one, signed last. Old papers carry their ends themselves."""
    chosen = select(Agreement).join(Link, Link.from_id == Agreement.id).where(Link.to_id == amended_id, *speaks(clock.today()))
    return session.scalars(chosen.order_by(Agreement.signed_on.desc(), Agreement.id.desc()).limit(1)).first()


def speaks(today: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions on a link and the agreement it comes from, under which that one says an end."""
    return (
        Link.kind == AMENDS, Agreement.origin == "process", Agreement.deleted_at.is_(None), Agreement.closed_on.is_(None),
        Agreement.signed_on <= today, Agreement.ends_on.is_not(None),
    )  # fmt: skip
