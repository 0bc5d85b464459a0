"""What forms and filters offer to choose from."""

from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from models import Sector, Unit
from sikerja.listing import Listing, Viewer

OPTION_SOURCES: dict[str, Any] = {
    "sector": select(literal("sector"), Sector.id, Sector.name, Sector.position).where(Sector.deleted_at.is_(None)),
    "unit": select(literal("unit"), Unit.id, Unit.name, literal(0)).where(Unit.deleted_at.is_(None)),
}


def options(session: Session, sources: set[str]) -> dict[str, dict[str, str]]:
    """For each source the records one can choose from, id (as text) to name, in order: one statement for all."""
    wanted = [query for name, query in OPTION_SOURCES.items() if name in sources]
    found: dict[str, dict[str, str]] = {name: {} for name in sources}
    if wanted:
        for source, key, name, _ in sorted(session.execute(wanted[0].union_all(*wanted[1:])), key=lambda row: (row[3], row[2])):
            found[source][str(key)] = name
    return found


LOOKUP_MOST = 20


def look_up(session: Session, listing: Listing, viewer: Viewer, label: Any, asked: str, offset: int) -> list[tuple[int, str]]:
    """The first records of a list that fit the words, as (id, name): for a type-ahead. The viewer's rows, no bin."""
    conditions = listing.visible(viewer)
    searched = listing.search(asked)
    if searched is not None:
        conditions.append(searched)
    chosen = select(listing.model.id, label).where(listing.model.deleted_at.is_(None), *conditions)
    order = [key.desc() if descends else key.asc() for key, descends in listing.order]
    return [(key, name) for key, name in session.execute(chosen.order_by(*order).offset(offset).limit(LOOKUP_MOST))]
