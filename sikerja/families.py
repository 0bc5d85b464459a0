"""Families of agreements: what implements, amends, renews or follows what. One root makes a family one query."""

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models import Agreement, Link
from sikerja.refusals import Refusal

# What an instrument is to the one it is made under.
LINK_OF_INSTRUMENT = {"pks": "implements", "other": "implements", "addendum": "amends", "naskah": "follows"}
PARENT_KINDS = ("implements", "amends", "follows")


def set_parent(session: Session, agreement: Agreement, parent_id: int | None) -> None:
    """Make `parent_id` the agreement's parent, or take the parent away. Raises Refusal."""
    links = list(session.scalars(select(Link).where(Link.from_id == agreement.id, Link.kind.in_(PARENT_KINDS))))
    kind = LINK_OF_INSTRUMENT.get(agreement.instrument)
    if parent_id is not None and kind is None:
        raise Refusal("Jenis naskah ini tidak mempunyai naskah induk. Kosongkan naskah induk.", "parent")
    if [(link.to_id, link.kind) for link in links] == ([(parent_id, kind)] if parent_id else []):
        return
    for link in links:
        session.delete(link)
    session.flush()
    if parent_id is not None:
        connect(session, agreement, parent_id, kind or "")
    _root_anew(session, [agreement.id] + [link.to_id for link in links])


def connect(session: Session, agreement: Agreement, to_id: int, kind: str) -> None:
    """Link the agreement to another one. Raises Refusal where that would close a circle."""
    if agreement.id == to_id or agreement.id in _reached(session, to_id):
        raise Refusal("Naskah itu sendiri berada di bawah naskah ini. Pilih naskah induk yang lain.", "parent")
    session.add(Link(kind=kind, from_id=agreement.id, to_id=to_id))
    session.flush()
    _root_anew(session, [agreement.id])


def _reached(session: Session, start: int) -> set[int]:
    """All that `start` hangs on, step by step."""
    seen: set[int] = set()
    ahead = {start}
    while ahead:
        seen |= ahead
        ahead = set(session.scalars(select(Link.to_id).where(Link.from_id.in_(ahead)))) - seen
    return seen


def _root_anew(session: Session, ids: list[int]) -> None:
    """Give each family that holds one of these ids its root: the member of the lowest id that hangs on nothing."""
    for start in ids:
        members = _connected(session, start)
        hanging = set(session.scalars(select(Link.from_id).where(Link.from_id.in_(members))))
        root = min(members - hanging, default=min(members))
        session.execute(
            update(Agreement)
            .where(Agreement.id.in_(members), or_(Agreement.root_id.is_(None), Agreement.root_id != root))
            .values(root_id=root, updated_at=Agreement.updated_at)
            .execution_options(synchronize_session="fetch", audited=True)  # the root follows from the links, which are told
        )


def _connected(session: Session, start: int) -> set[int]:
    seen: set[int] = set()
    ahead = {start}
    while ahead:
        seen |= ahead
        links = session.execute(select(Link.from_id, Link.to_id).where(or_(Link.from_id.in_(ahead), Link.to_id.in_(ahead))))
        ahead = {end for pair in links for end in pair} - seen
    return seen
