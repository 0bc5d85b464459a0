"""What forms and filters offer to choose from."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from models import Agreement, Partner, ProcedureVersion, Sector, StageRule, Unit
from sikerja.listing import Listing, Viewer
from sikerja.lists.agreements import AGREEMENTS
from sikerja.lists.law import STAGE_RULES, VERSION_NAME, VERSIONS
from sikerja.lists.partners import PARTNERS
from sikerja.lists.reference import SECTORS, UNITS

# Source -> (list, what its records are called, what they are ordered by)
SOURCES: dict[str, tuple[Listing, Any, Any]] = {
    "sector": (SECTORS, Sector.name, Sector.position),
    "unit": (UNITS, Unit.name, literal(0)),
    "partner": (PARTNERS, Partner.name, literal(0)),
    "agreement": (AGREEMENTS, Agreement.register_no + " " + Agreement.title, literal(0)),
    "version": (VERSIONS, VERSION_NAME, ProcedureVersion.number),
    "stage_rule": (STAGE_RULES, StageRule.name, StageRule.position),
}


def options(session: Session, viewer: Viewer, sources: Mapping[str, Sequence[int] | None]) -> dict[str, dict[str, str]]:
    """For each source the records one can choose from, id (as text) to name, in order: one statement for all.

    A source with ids gives only these records; nobody is told the name of one that they may not see.
    """
    found: dict[str, dict[str, str]] = {name: {} for name in sources}
    queries = [_names_of(name, ids, viewer) for name, ids in sources.items()]
    if queries:
        rows = session.execute(queries[0].union_all(*queries[1:]))
        for source, key, name, _ in sorted(rows, key=lambda row: (row[3], row[2])):
            found[source][str(key)] = name
    return found


def _names_of(source: str, ids: Sequence[int] | None, viewer: Viewer) -> Select[Any]:
    listing, name, order = SOURCES[source]
    chosen = select(literal(source), listing.model.id, name, order).where(*listing.visible(viewer))
    if ids is None:
        return chosen.where(listing.model.deleted_at.is_(None)) if hasattr(listing.model, "deleted_at") else chosen
    return chosen.where(listing.model.id.in_(ids))


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
