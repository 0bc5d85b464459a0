"""Which rows stand on a page: their ids in order, from an index wherever there is one for the order that is asked.

Where the first key may be missing, the rows that have it come from an index and those that lack it after them: no
engine walks an index that has the missing ones on the wrong side.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, func, literal_column, select
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from sikerja.listing import Listing, ListState, Viewer

FARTHEST_ROW = 10**9
FAR = 10_000  # rows behind which it pays to know how many there are, and to come from the nearer end


class Streamed(NamedTuple):
    """What a full-text index finds, in the order of the ids: the table that it is, where the id stands in it, the condition."""

    table: FromClause
    key: ColumnElement[int]
    condition: ColumnElement[bool]


def of_page(session: Session, listing: "Listing", state: "ListState", viewer: "Viewer") -> tuple[list[int], int | None]:
    """The ids of a page in order, and how many rows the list has (`Listing.total`; None where the page is empty).

    One statement; a second for the page on which the rows begin that lack what the list is sorted by.
    """
    offset, size = min(state.page * state.page_size, FARTHEST_ROW), state.page_size
    total = listing.total(state, viewer).label("total")
    if offset >= FAR and listing.is_whole(state, viewer):
        return _from_nearer_end(session, listing, state, viewer, offset)
    sorted_by = listing.sorted_by(state, viewer)
    first: Any = sorted_by[0][0] if sorted_by else None
    if len(sorted_by) != 1 or not _has_missing_ones(first):
        if any(active.filter.lie_together for active in state.filters) and listing.is_by_id(state, viewer):
            return _read(session, _gathered(listing, state, viewer).add_columns(total).offset(offset).limit(size))
        return _read(session, _in_order(listing, state, viewer).add_columns(total).offset(offset).limit(size))
    found = _in_order(listing, state, viewer, filled=True).where(first.is_not(None))
    keys, count = _read(session, found.add_columns(total).offset(offset).limit(size))
    if len(keys) == size:
        return keys, count
    before = 0 if keys or not offset else _number_of(session, found)
    behind = listing.matching(state, viewer).where(first.is_(None)).order_by(listing.ends_with(state)).add_columns(total)
    more, counted_again = _read(session, behind.offset(max(0, offset - before) if not keys else 0).limit(size - len(keys)))
    return keys + more, count if count is not None else counted_again


def _from_nearer_end(
    session: Session, listing: "Listing", state: "ListState", viewer: "Viewer", offset: int
) -> tuple[list[int], int | None]:
    """A page deep in the whole list: the second half is read from its end, so that fewer rows are passed over."""
    model = listing.model
    # SQLite counts a table without a condition from its smallest index at once.
    everything = select(func.count()).select_from(model)
    binned = everything.where(model.deleted_at.is_not(None))
    total = session.scalar(select(everything.scalar_subquery() - binned.scalar_subquery())) or 0
    size = max(0, min(state.page_size, total - offset))
    descends = listing.sorted_by(state, viewer)[0][1]
    flipped = offset > total // 2
    last = model.id.desc() if descends != flipped else model.id.asc()
    found = listing.matching(state, viewer).order_by(last).limit(size).offset(total - offset - size if flipped else offset)
    ids = [row.id for row in session.connection().execute(found)] if size else []
    return ids[::-1] if flipped else ids, total if ids else None


def _in_order(listing: "Listing", state: "ListState", viewer: "Viewer", filled: bool = False) -> Select[Any]:
    """The ids in order: where a full-text index gives them so, from that. `filled`: none lacks what one sorts by."""
    streamed = listing.streamed(state.search)
    sorted_by = listing.sorted_by(state, viewer)
    if streamed is not None and listing.is_by_id(state, viewer):
        _, descends = sorted_by[0]
        return listing.matching(state, viewer, streamed).order_by(streamed.key.desc() if descends else streamed.key.asc())
    if filled:
        key, descends = sorted_by[0]
        return listing.matching(state, viewer).order_by(key.desc() if descends else key.asc(), listing.ends_with(state))
    return listing.matching(state, viewer).order_by(*listing.order_by(state, viewer))


def _gathered(listing: "Listing", state: "ListState", viewer: "Viewer") -> Select[Any]:
    """The ids in order, found by the filters first.

    What is asked for by days lies together, often far from where a walk by ids begins, which PostgreSQL doesn't know; a sum
    is nothing that it has in order.
    """
    by = listing.model.id + literal_column("0")
    _, descends = listing.sorted_by(state, viewer)[0]
    return listing.matching(state, viewer).order_by(by.desc() if descends else by.asc())


def _has_missing_ones(key: ColumnElement[Any]) -> bool:
    """True for a column of the table itself that may be empty: the only kind that an index serves."""
    return bool(getattr(getattr(key, "expression", key), "nullable", False))


def _read(session: Session, found: Select[Any]) -> tuple[list[int], int | None]:
    rows = session.connection().execute(found).all()
    return [row.id for row in rows], (rows[0].total if rows else None)


def _number_of(session: Session, found: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
