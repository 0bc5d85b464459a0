"""Questions to the register as SQL: validity, stage, days. One expression each, for list, filter, sort, count and export."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, func, literal, null, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from models import Agreement, Answer, Link, Partner, Stage, StageRule
from rules import codes
from rules.law_parts import QUESTIONS
from rules.text import escape_like

ENDING_DAYS = 90


def validity(today: date) -> ColumnElement[str]:
    """The validity of an agreement on that day: the first rule that fits, in the order of the register's contract."""
    start = func.coalesce(Agreement.starts_on, Agreement.signed_on)
    past_end = Agreement.ends_on < today
    return case(
        (Agreement.closed_on.is_not(None), "closed"),
        (Agreement.terminated_on <= today, "terminated"),
        (and_(Agreement.origin == "process", unsigned(today)), "process"),
        (start > today, "upcoming"),
        (and_(past_end, _has_successor(today)), "renewed"),
        (past_end, "ended"),
        (Agreement.ends_on <= today + timedelta(days=ENDING_DAYS), "ending"),
        (or_(Agreement.ends_on.is_not(None), Agreement.open_ended), "active"),
        else_="undated",
    )


def of_validity(code: str, today: date) -> ColumnElement[bool]:
    """What holds of every agreement of that validity, in plain columns, so that an index finds the few; not the whole rule."""
    ends, last = Agreement.ends_on, today + timedelta(days=ENDING_DAYS)
    return {
        "closed": Agreement.closed_on.is_not(None),
        "terminated": Agreement.terminated_on <= today,
        "process": unsigned(today),
        "upcoming": or_(Agreement.starts_on > today, Agreement.signed_on > today),
        "renewed": ends < today,
        "ended": ends < today,
        "ending": and_(ends >= today, ends <= last),
        "active": or_(ends > last, Agreement.open_ended),
        "undated": ends.is_(None),
    }[code]


def unsigned(today: date) -> ColumnElement[bool]:
    """Not signed on that day; never unknown."""
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


def at_stage(code: str, today: date) -> ColumnElement[bool]:
    """What holds of every agreement that stands there, so that an index finds them; not the whole rule of `stage_key`."""
    if code in codes.OUTCOMES:
        return Agreement.closed_on.is_not(None)
    if code == codes.SIGNED_STAGE[0]:
        return Agreement.signed_on <= today
    # A settled stage is nobody's current one (`sikerja/stages.py`).
    open_ones = select(Stage.id).where(Stage.key == code, Stage.status.not_in(codes.SETTLED_STATUSES))
    current = Agreement.current_stage_id.in_(open_ones)
    return or_(current, Agreement.underway_since.is_not(None)) if code == codes.UNDERWAY_STAGE[0] else current


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


def current_stage() -> ColumnElement[str]:
    """The name of the stage at which the agreement stands, whatever has become of the agreement itself."""
    return _current(Stage.name)


def stage_place() -> ColumnElement[int]:
    """The current stage's place among the stages that count, from 1; none for an internal one beside those of the law."""
    current, earlier = aliased(Stage), aliased(Stage)
    before = (
        select(func.count(earlier.id))
        .select_from(current)
        .join(
            earlier,
            and_(
                earlier.agreement_id == current.agreement_id,
                earlier.position <= current.position,
                earlier.statutory == current.statutory,
                earlier.deleted_at.is_(None),
            ),
        )
        .where(current.id == Agreement.current_stage_id, or_(current.statutory, ~_walks_by_law()))
        .correlate(Agreement)
    )
    return func.nullif(before.scalar_subquery(), 0)


def stage_count() -> ColumnElement[int]:
    """How many stages the agreement walks: those of the law, or where it has none the internal ones."""
    living = select(func.count(Stage.id)).where(Stage.agreement_id == Agreement.id, Stage.deleted_at.is_(None))
    by_law = living.where(Stage.statutory).correlate(Agreement).scalar_subquery()
    return func.coalesce(func.nullif(by_law, 0), living.correlate(Agreement).scalar_subquery())


def _walks_by_law() -> ColumnElement[bool]:
    """The agreement has stages of the law before it or behind it."""
    own = aliased(Stage)
    living = select(own.id).where(own.agreement_id == Agreement.id, own.statutory, own.deleted_at.is_(None))
    return living.correlate(Agreement).exists()


def due_on() -> ColumnElement[date]:
    """Until when the current stage must be done, by the law or a target of our own; nothing once the agreement is closed."""
    return case((Agreement.closed_on.is_(None), Agreement.due_on))


def overdue(today: date) -> ColumnElement[bool]:
    """The current stage is open and its day has passed: before the signature, or side by side with others after it.

    Never unknown.
    """
    now = aliased(Stage)
    still_open = select(now.id).where(
        now.id == Agreement.current_stage_id, now.status.in_(codes.OPEN_STATUSES), or_(now.parallel, unsigned(today))
    )
    return and_(
        func.coalesce(Agreement.due_on < today, False),
        Agreement.closed_on.is_(None),
        Agreement.origin == "process",
        still_open.correlate(Agreement).exists(),
    )


def past_due(_code: str, today: date) -> ColumnElement[bool]:
    """What holds of every agreement that is overdue; the few whose day has passed stand apart, from an index of their own."""
    passed = aliased(Agreement)
    return Agreement.id.in_(select(passed.id).where(passed.due_on < today))


def stage_limit() -> ColumnElement[date]:
    """For the list of stages: until when, by the law or a target of our own, whichever is earlier."""
    return case(
        (or_(Stage.law_due_on <= Stage.due_on, Stage.due_on.is_(None)), Stage.law_due_on),
        else_=Stage.due_on,
    )


def stage_overdue(today: date) -> ColumnElement[bool]:
    """For the list of stages: it is open and its day, by the law or a target of our own, has passed. Never unknown."""
    closed = select(Agreement.id).where(Agreement.id == Stage.agreement_id, Agreement.closed_on.is_not(None))
    return and_(
        Stage.status.in_(codes.OPEN_STATUSES),
        func.coalesce(stage_limit() < today, False),
        ~closed.correlate(Stage).exists(),
    )


def next_step() -> ColumnElement[str]:
    """What is to be done next, as a code of NEXT_STEPS: by the state of the current stage, or what must be chosen first."""
    status = _current(Stage.status)
    return case(
        (or_(Agreement.origin == "archive", Agreement.closed_on.is_not(None), Agreement.deleted_at.is_not(None)), "none"),
        (_falls_away(), "skip"),
        (status == "planned", "start"),
        (status == "running", "finish"),
        (status == "waiting", "await"),
        (status == "returned", "repair"),
        (and_(Agreement.procedure_id.is_(None), ~Agreement.special_procedure, ~_walks_by_law()), "choose_procedure"),
        else_="none",
    )


def _falls_away() -> ColumnElement[bool]:
    """The current stage is one that the law wants under a condition alone, and everything it asks was answered no."""
    now = aliased(Stage)
    rule = select(StageRule.id).where(
        now.id == Agreement.current_stage_id,
        now.statutory,
        StageRule.procedure_version_id == Agreement.procedure_version_id,
        StageRule.key == now.key,
        StageRule.applies_if != "",
    )
    return rule.where(*(or_(~_asks(key), _is_no(key)) for key in QUESTIONS)).correlate(Agreement).exists()


def _asks(key: str) -> ColumnElement[bool]:
    """The stage rule names this question: its questions stand one a line."""
    return (literal("\n") + StageRule.applies_if + "\n").like(f"%\n{escape_like(key)}\n%", escape="\\")


def _is_no(key: str) -> ColumnElement[bool]:
    """The question was answered no, or was not answered and everything that it follows from was."""
    given = select(Answer.id).where(Answer.agreement_id == Agreement.id, Answer.question == key)
    said = given.where(~Answer.yes).correlate(Agreement).exists()
    sources = QUESTIONS[key].follows_from
    if not sources:
        return said
    return or_(said, and_(~given.correlate(Agreement).exists(), *(_is_no(source) for source in sources)))


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
