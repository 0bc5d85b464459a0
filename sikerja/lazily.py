"""A row at a time is how a list gets slow: what is read unasked is an error in tests, and a line in the log elsewhere.

Two things are watched while a page or file is read. A relationship that was not asked for with its row (in tests the tables
themselves refuse it, `LAZY`), and, where there are many rows, the columns of a row that were left out or have gone stale (but
for the person who asks: after a refusal has rolled back they are read again, once). Only readings are watched: when a row is
deleted the session itself reads what hangs on it.
"""

import logging

from flask import current_app, has_app_context, has_request_context, request
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, RelationshipProperty, Session

from extensions import READING
from models import User

_log = logging.getLogger(__name__)
# Endpoints of many rows: lists, files, pages of numbers.
_MANY = ("index_view", "export", "choose_view", "figures_view")
_told: set[tuple[str, str]] = set()  # each place is told once a process


class LazyLoadError(RuntimeError):
    """In a test, something was read unasked."""


@event.listens_for(Session, "do_orm_execute")
def _watch(state: ORMExecuteState) -> None:
    if not state.is_select or not _reads() or not (state.lazy_loaded_from is not None or state.is_column_load):
        return
    endpoint = request.endpoint or "?"
    if state.lazy_loaded_from is not None:
        place = _relationship(state)
    elif endpoint.rpartition(".")[2] in _MANY and not _is_person(state):
        place = _columns(state)
    else:
        return
    if has_app_context() and current_app.testing:
        raise LazyLoadError(f"{place} is read a row at a time in {endpoint}")
    if (place, endpoint) not in _told:
        _told.add((place, endpoint))
        _log.warning("%s is read a row at a time in %s", place, endpoint)


def _reads() -> bool:
    """A command is no page: it may take up again a row that has gone stale, with what was asked for with it."""
    return has_request_context() and request.method in READING


def _relationship(state: ORMExecuteState) -> str:
    """Stage.agreement: the relationship that is read."""
    owner, path = state.lazy_loaded_from, state.loader_strategy_path
    read = [step.key for step in (path.path if path else ()) if isinstance(step, RelationshipProperty)]
    return f"{owner.class_.__name__ if owner else '?'}.{read[-1] if read else '?'}"


def _is_person(state: ORMExecuteState) -> bool:
    return state.bind_mapper is not None and issubclass(state.bind_mapper.class_, User)


def _columns(state: ORMExecuteState) -> str:
    return f"a column of {state.bind_mapper.class_.__name__ if state.bind_mapper else '?'}"
