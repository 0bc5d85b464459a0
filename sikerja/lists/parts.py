"""Small parts that the declarations of lists share."""

from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, select

from models import Agreement, Attachment, Contact, Stage, User
from rules.text import escape_like
from sikerja import search
from sikerja.filters import Condition
from sikerja.listing import Viewer


def of(column: Any, model: Any, foreign_key: Any) -> ColumnElement[Any]:
    """A column of the one related record."""
    related = select(column).where(model.id == foreign_key)
    return related.correlate(Agreement, Attachment, Stage, Contact, User).scalar_subquery()


def same(condition: Condition) -> Condition:
    """For a column of the record itself: nothing to reach through."""
    return condition


def by_words(*columns: Any) -> Any:
    """A search over folded columns: every word in one of them."""

    def condition(asked: str) -> Condition | None:
        terms = search.terms(asked)
        found = [or_(*(column.like(f"%{escape_like(term)}%", escape="\\") for column in columns)) for term in terms]
        return and_(*found) if found else None

    return condition


def nothing(viewer: Viewer) -> Condition:
    """For a viewer whose unit has no part in these records."""
    return literal(1) == 0
