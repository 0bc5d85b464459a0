"""The list engine: one declaration of columns, filters, search and row scope, read by list, count, details and export.

The keys of a page are chosen first (`sikerja/keys.py`) and its rows read second, so that wide rows are read only for what
is shown; the last key of every order is the id, so that pages neither repeat nor skip a row.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, case, func, nulls_last, select
from sqlalchemy.orm import Session

from rules import access
from sikerja import clock, keys
from sikerja.filters import Active, Condition, Filter
from sikerja.keys import Streamed

PAGE_SIZES = (20, 50, 100, 200)
COUNT_CAP = 1000
FIRST_CHUNK, EXPORT_CHUNK = 100, 500  # the first is small: a file should begin at once


class Viewer(Protocol):
    """Who asks: the role decides the scope, the unit fills it."""

    id: int
    role: str
    unit_id: int | None


@dataclass(frozen=True)
class Column:
    """A value of a row: where it comes from, how it is called, what it is sorted by.

    `expression` is a SQL expression or a function of today's date that makes one; None for a value that `fill` adds.
    `for_viewer` makes it for the one who asks, where what they see depends on their own rows.
    """

    name: str
    label: str
    expression: Any = None
    sort: Any = None  # SQL to order by; None: the expression itself; False: can't be sorted by
    css: str = "c-text"
    for_viewer: Callable[["Viewer"], ColumnElement[Any]] | None = None
    backwards: bool = False  # the value grows where what it is sorted by goes down: days that have passed since a date

    def sql(self, today: date, viewer: "Viewer | None") -> ColumnElement[Any] | None:
        """The value in SQL, for this viewer."""
        if self.for_viewer is not None and viewer is not None:
            return self.for_viewer(viewer)
        return self.expression(today) if callable(self.expression) else self.expression

    def order(self, today: date, viewer: "Viewer") -> ColumnElement[Any]:
        """What the list is sorted by at this column."""
        if self.sort is None:
            return self.sql(today, viewer)  # type: ignore[return-value]  # sortable: so it has SQL
        return self.sort(today) if callable(self.sort) else self.sort

    @property
    def sortable(self) -> bool:
        return self.sort is not False and any((self.sort is not None, self.expression is not None, self.for_viewer))


@dataclass(frozen=True)
class ListState:
    """What a list shows: it stands whole in the address."""

    search: str = ""
    filters: tuple[Active, ...] = ()
    sort: str = ""
    desc: bool = False
    page: int = 0
    page_size: int = PAGE_SIZES[0]
    bin: bool = False
    exact: bool = False
    window: int = 0  # days that a list which looks ahead looks ahead; 0: as many as it does by itself
    keys: tuple[int, ...] = ()  # these records alone: what someone ticked


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows and how many there are in all (`capped`: there are more than that)."""

    rows: list[Any]
    total: int
    capped: bool


def _no_rows_added(session: Session, rows: list[dict[str, Any]]) -> None:
    return None


def _not_searched(asked: str) -> Condition | None:
    return None


def _not_streamed(asked: str) -> Streamed | None:
    return None


def _whole(state: ListState) -> Sequence[Condition]:
    return ()


def _everything(viewer: Viewer) -> Condition | None:
    return None


@dataclass(frozen=True, eq=False)
class Listing:
    """One list of the register."""

    model: Any
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    search: Callable[[str], Condition | None] = _not_searched
    own_rows: Callable[[Viewer], Condition | None] = _everything
    fill: Callable[[Session, list[dict[str, Any]]], None] = _no_rows_added
    # (expression or function of today's date that makes one, descending) where no sort is asked
    order: tuple[tuple[Any, bool], ...] = ()
    always: tuple[Any, ...] = ()  # conditions that hold for every viewer
    private: Callable[[Viewer], Condition | None] = _everything  # rows that are someone's own, whatever their role
    scope: Callable[[ListState], Sequence[Condition]] = _whole  # which part of the register this list is, as of today
    streamed: Callable[[str], Streamed | None] = _not_streamed  # the same as `search`, where an index gives it in order

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)

    def visible(self, viewer: Viewer) -> list[Condition]:
        """The rows that this viewer may see, bin or not."""
        own = self.own_rows(viewer) if viewer.role in access.OWN_ROWS_ONLY else None
        return [*self.always, *(each for each in (own, self.private(viewer)) if each is not None)]

    def conditions(self, state: ListState, viewer: Viewer) -> list[Condition]:
        """Scope, bin, search and filters. Raises UnknownFilter."""
        searched = self.search(state.search)
        return [*([] if searched is None else [searched]), *self.unsearched(state, viewer)]

    def unsearched(self, state: ListState, viewer: Viewer) -> list[Condition]:
        """The same without the search. Raises UnknownFilter."""
        found = self.visible(viewer)
        if hasattr(self.model, "deleted_at"):
            found.append(self.model.deleted_at.is_not(None) if state.bin else self.model.deleted_at.is_(None))
        if state.keys:
            found.append(self.model.id.in_(state.keys))
        return [*found, *self.scope(state), *(active.condition() for active in state.filters)]

    def is_whole(self, state: ListState, viewer: Viewer) -> bool:
        """True where everything is asked for that isn't in the bin, in the order of the ids, and the viewer may see all."""
        asked = state.search or state.filters or state.keys or state.bin
        if asked or self.scope is not _whole or not hasattr(self.model, "deleted_at") or self.visible(viewer):
            return False
        return self.is_by_id(state, viewer)

    def is_by_id(self, state: ListState, viewer: Viewer) -> bool:
        """True where the list is sorted by the id alone."""
        sorted_by = self.sorted_by(state, viewer)
        return len(sorted_by) == 1 and sorted_by[0][0] is self.model.id

    def one(self, session: Session, key: int, viewer: Viewer) -> Any | None:
        """The record of that id, where the viewer may see it; binned ones too."""
        return session.scalar(select(self.model).where(self.model.id == key, *self.visible(viewer)))

    def many(self, session: Session, keys: Sequence[int], viewer: Viewer) -> list[Any]:
        """The records of those ids that the viewer may see, in the order of their ids."""
        chosen = select(self.model).where(self.model.id.in_(keys), *self.visible(viewer)).order_by(self.model.id)
        return list(session.scalars(chosen))

    def matching(self, state: ListState, viewer: Viewer, streamed: Streamed | None = None) -> Select[Any]:
        """The ids of the rows of this list, in no order. Raises UnknownFilter."""
        if streamed is None:
            return select(self.model.id.label("id")).where(*self.conditions(state, viewer))
        found = select(streamed.key.label("id")).select_from(streamed.table, self.model)
        return found.where(streamed.condition, self.model.id == streamed.key, *self.unsearched(state, viewer))

    def count(self, session: Session, state: ListState, viewer: Viewer) -> tuple[int, bool]:
        """How many rows there are, exact up to a cap unless `exact` is asked: (number, there are more)."""
        return self.counts(session, [state], viewer)[0]

    def counts(self, session: Session, states: Sequence[ListState], viewer: Viewer) -> list[tuple[int, bool]]:
        """The same for several states in one statement."""
        if not states:
            return []
        totals = session.execute(select(*(self.total(state, viewer) for state in states))).one()
        return [as_count(total, state) for total, state in zip(totals, states, strict=True)]

    def total(self, state: ListState, viewer: Viewer) -> ColumnElement[int]:
        """SQL for how many rows there are, at most one above the cap unless `exact` is asked."""
        found = self.matching(state, viewer, self.streamed(state.search))
        keys = (found if state.exact else found.limit(COUNT_CAP + 1)).subquery()
        return select(func.count()).select_from(keys).scalar_subquery()

    def page(self, session: Session, state: ListState, viewer: Viewer, names: Sequence[str]) -> Page:
        """The rows of one page, as dictionaries of id, version and the named columns, with the total."""
        chosen, total = keys.of_page(session, self, state, viewer)
        count = as_count(total, state) if total is not None else self.count(session, state, viewer)
        rows = self._rows_of(session, chosen, names, viewer)
        self.fill(session, rows)
        return Page(rows, *count)

    def rows(self, session: Session, state: ListState, viewer: Viewer, names: Sequence[str]) -> list[dict[str, Any]]:
        """The first rows of the list, as many as a page has, without what `fill` adds to them: in one statement."""
        ordered = self.order_by(state, viewer)
        chosen = self.matching(state, viewer).order_by(*ordered).limit(state.page_size).subquery()
        found = self._select(names, viewer).where(self.model.id.in_(select(chosen.c.id))).order_by(*ordered)
        return [dict(row._mapping) for row in session.execute(found)]

    def _rows_of(self, session: Session, chosen: Sequence[int], names: Sequence[str], viewer: Viewer) -> list[dict[str, Any]]:
        """The rows of these ids, in their order."""
        if not chosen:
            return []
        found = self._select(names, viewer).where(self.model.id.in_(chosen))
        if hasattr(self.model, "version"):
            found = found.add_columns(self.model.version.label("version"))
        result = session.connection().execute(found)
        labels = tuple(result.keys())
        by_id = {row.id: dict(zip(labels, row, strict=True)) for row in result}
        return [by_id[key] for key in chosen if key in by_id]

    def stream(
        self, session: Session, state: ListState, viewer: Viewer, names: Sequence[str]
    ) -> Iterator[list[dict[str, Any]]]:
        """All rows of the list in its order, in chunks of plain dictionaries: memory doesn't grow with the list."""
        found = self._select(names, viewer).where(*self.conditions(state, viewer)).order_by(*self.order_by(state, viewer))
        # Over the connection: the ORM would look at each row once more.
        result = session.connection().execute(found, execution_options={"yield_per": EXPORT_CHUNK})
        names, size = tuple(result.keys()), FIRST_CHUNK
        with closing(result):  # also where the file is broken off: on PostgreSQL it is a cursor of the server
            while chunk := result.fetchmany(size):
                rows = [dict(zip(names, row, strict=True)) for row in chunk]
                self.fill(session, rows)
                yield rows
                size = EXPORT_CHUNK

    def tally(
        self, session: Session, state: ListState, viewer: Viewer, *by: ColumnElement[Any], joined: Sequence[Any] = ()
    ) -> list[tuple[Any, ...]]:
        """How many rows there are for each value of `by`: (value, …, count), in one statement.

        `joined` are (table, condition) pairs that the values need; a row that they repeat counts once for each value.
        """
        # The values are named first: a parameter in GROUP BY is another one than the same in SELECT.
        valued = select(self.model.id.label("id"), *(value.label(f"by_{number}") for number, value in enumerate(by)))
        for table, condition in joined:
            valued = valued.join(table, condition)
        valued = valued.where(*self.conditions(state, viewer))
        inner = (valued.distinct() if joined else valued).subquery()
        names = [inner.c[f"by_{number}"] for number in range(len(by))]
        return [tuple(row) for row in session.execute(select(*names, func.count()).group_by(*names))]

    def fulfilled(
        self, session: Session, state: ListState, viewer: Viewer, conditions: Mapping[str, Condition]
    ) -> dict[str, int]:
        """How many rows fulfil each of the conditions, by their names, in one statement and exact."""
        sums = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions.values()]
        found = session.execute(select(*sums).select_from(self.model).where(*self.conditions(state, viewer))).one()
        return dict(zip(conditions, map(int, found), strict=True))

    def values(self, session: Session, keys: Sequence[int], names: Sequence[str]) -> dict[int, dict[str, Any]]:
        """The named columns of some records by id, computed as in the list, whoever asks."""
        found = session.execute(self._select(names).where(self.model.id.in_(keys)).order_by(self.model.id))
        return {row.id: dict(row._mapping) for row in found}

    def _select(self, names: Sequence[str], viewer: Viewer | None = None) -> Select[Any]:
        chosen = tuple(column for column in self.columns if column.name in names)
        if viewer is not None and any(column.for_viewer is not None for column in chosen):
            return _select_of(self.model, chosen, clock.today(), viewer)
        return _kept_select_of(self.model, chosen, clock.today())

    def sorted_by(self, state: ListState, viewer: Viewer) -> list[tuple[Any, bool]]:
        """What the list is sorted by, but for the id that comes last: (SQL, descending)."""
        column = self.column(state.sort)
        if column is not None and column.sortable:
            return [(column.order(clock.today(), viewer), state.desc != column.backwards)]
        return [(key(clock.today()) if callable(key) else key, descends) for key, descends in self.order]

    def ends_with(self, state: ListState) -> ColumnElement[Any]:
        """The last key of the order: the id, in the direction of what one sorts by."""
        column = self.column(state.sort)
        usual = self.order[-1][1] if self.order else True
        descends = state.desc if column is not None and column.sortable else usual
        return self.model.id.desc() if descends else self.model.id.asc()

    def order_by(self, state: ListState, viewer: Viewer) -> list[Any]:
        """The whole order; what is missing stands last, whichever the direction."""
        chosen = self.sorted_by(state, viewer)
        found = [in_order(key, descends) for key, descends in chosen]
        return found if chosen and chosen[-1][0] is self.model.id else [*found, self.ends_with(state)]


def _select_of(model: Any, columns: Sequence[Column], today: date, viewer: Viewer | None) -> Select[Any]:
    expressions = [
        (column.name, sql) for column in columns if column.name != "id" and (sql := column.sql(today, viewer)) is not None
    ]
    return select(model.id.label("id"), *(sql.label(name) for name, sql in expressions))


@lru_cache(maxsize=200)
def _kept_select_of(model: Any, columns: tuple[Column, ...], today: date) -> Select[Any]:
    """The same for whoever asks; to make the SQL anew for every page would cost more than to run it."""
    return _select_of(model, columns, today, None)


def in_order(key: ColumnElement[Any], descends: bool) -> ColumnElement[Any]:
    """One key of an order, what is missing last; where nothing can be, plainly, so that an index serves on every engine."""
    ordered = key.desc() if descends else key.asc()
    return nulls_last(ordered) if may_be_missing(key) else ordered


def may_be_missing(key: ColumnElement[Any]) -> bool:
    """True but for a column that always holds something."""
    column = getattr(key, "expression", key)
    return bool(getattr(column, "nullable", True))


def as_count(total: int, state: ListState) -> tuple[int, bool]:
    """What `Listing.total` gives as (number, there are more)."""
    return (total, False) if state.exact else (min(total, COUNT_CAP), total > COUNT_CAP)


def with_state(state: ListState, **changes: Any) -> ListState:
    """The state with some parts changed; any change but of the page goes back to the first page."""
    if "page" not in changes:
        changes["page"] = 0
    return replace(state, **changes)
