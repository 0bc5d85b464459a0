"""Questions to the register as SQL: validity, stage, days. One expression each, for list, filter, sort, count and export."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, func, literal, null, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from models import Agreement, Link, Partner, Stage
from rules import codes

ENDING_DAYS = 90


def validity(today: date) -> ColumnElement[str]:
    """The validity of an agreement on that day: the first rule that fits, in the order of the register's contract."""
    start = func.coalesce(Agreement.starts_on, Agreement.signed_on)
    past_end = Agreement.ends_on < today
    return case(
        (Agreement.closed_on.is_not(None), "closed"),
        (Agreement.terminated_on <= today, "terminated"),
        (and_(Agreement.origin == "process", _unsigned(today)), "process"),
        (start > today, "upcoming"),
        (and_(past_end, _has_successor(today)), "renewed"),
        (past_end, "ended"),
        (Agreement.ends_on <= today + timedelta(days=ENDING_DAYS), "ending"),
        (or_(Agreement.ends_on.is_not(None), Agreement.open_ended), "active"),
        else_="undated",
    )


def _unsigned(today: date) -> ColumnElement[bool]:
    return or_(Agreement.signed_on.is_(None), Agreement.signed_on > today)


def _has_successor(today: date) -> ColumnElement[bool]:
    """A signed instrument renews or follows this one."""
    successor = aliased(Agreement)
    return (
        select(literal(1))
        .select_from(Link)
        .join(successor, successor.id == Link.from_id)
        .where(
            Link.to_id == Agreement.id,
            Link.kind.in_(("renews", "follows")),
            successor.signed_on <= today,
            successor.deleted_at.is_(None),
        )
        .correlate(Agreement)
        .exists()
    )


def stage_key(today: date) -> ColumnElement[str]:
    """Where the agreement stands: its outcome, its current stage, or after the signature signed or under way."""
    return _by_phase(today, Agreement.closed_as, codes.SIGNED_STAGE[0], codes.UNDERWAY_STAGE[0], _current(Stage.key))


def stage_name(today: date) -> ColumnElement[str]:
    """The same in words; an outcome still as its code, since a page words it."""
    return _by_phase(today, Agreement.closed_as, codes.SIGNED_STAGE[1], codes.UNDERWAY_STAGE[1], _current(Stage.name))


def stage_since(today: date) -> ColumnElement[date]:
    """The day the state named by `stage_key` began."""
    return _by_phase(today, Agreement.closed_on, Agreement.signed_on, Agreement.underway_since, Agreement.stage_since)


def _by_phase(today: date, closed: Any, signed: Any, underway: Any, current: Any) -> Any:
    return case(
        (Agreement.closed_on.is_not(None), closed),
        (Agreement.origin == "archive", null()),
        (and_(Agreement.signed_on <= today, Agreement.underway_since.is_not(None)), underway),
        (Agreement.signed_on <= today, signed),
        else_=current,
    )


def _current(column: Any) -> Any:
    return select(column).where(Stage.id == Agreement.current_stage_id).correlate(Agreement).scalar_subquery()


def stage_place() -> ColumnElement[int]:
    """The current stage's place among the agreement's stages, from 1."""
    current = aliased(Stage)
    place = select(current.position).where(current.id == Agreement.current_stage_id).correlate(Agreement)
    earlier = _stages_of_agreement().where(Stage.position <= place.scalar_subquery())
    return earlier.correlate(Agreement).scalar_subquery()


def stage_count() -> ColumnElement[int]:
    """How many stages the agreement has."""
    return _stages_of_agreement().correlate(Agreement).scalar_subquery()


def _stages_of_agreement() -> Any:
    return select(func.count(Stage.id)).where(Stage.agreement_id == Agreement.id, Stage.deleted_at.is_(None))


# --- offers: agreements that come by way of the process ----------------------------------------------------------


class days_between(FunctionElement[int]):  # noqa: N801 - it stands in SQL like any function
    """Days from the first date to the second, below 0 where that is the earlier one."""

    type = Integer()
    inherit_cache = True


@compiles(days_between, "postgresql")
def _days_between_on_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    first, second = (compiler.process(each, **more) for each in element.clauses)
    return f"({second} - {first})"


@compiles(days_between, "sqlite")
def _days_between_on_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    first, second = (compiler.process(each, **more) for each in element.clauses)
    return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"


def offer_received() -> ColumnElement[date]:
    """The day an offer came in; where that was not noted, the date of its letter."""
    return func.coalesce(Agreement.offer_received, Agreement.offer_date)


def offer_outcome(today: date) -> ColumnElement[str]:
    """What became of an offer, as a code of OFFER_OUTCOMES; nothing for what came by no process."""
    return case(
        (Agreement.origin != "process", null()),
        (Agreement.closed_on.is_not(None), Agreement.closed_as),
        (Agreement.signed_on <= today, "accepted"),
        else_="waiting",
    )


def answer_days(today: date) -> ColumnElement[int]:
    """Days from an offer's coming in to its answer: the signature or the closing. Nothing where the dates contradict."""
    answered = case(
        (Agreement.closed_on.is_not(None), Agreement.closed_on), (Agreement.signed_on <= today, Agreement.signed_on)
    )
    received = offer_received()
    return case((answered >= received, days_between(received, answered)))


def partner_origin() -> ColumnElement[str]:
    """Where a partner comes from: its country where that is another, else its region; "" where neither is known."""
    return case((func.lower(Partner.country).not_in(("", "indonesia")), Partner.country), else_=Partner.region)
