"""The audit trail: who did what to which record, from what to what, when and from where.

One listener writes an entry for every change of a record, in the transaction of the change: either both stand or neither.
What is no change (a sign-in, a download, an export) is noted by its verb. The database refuses to change or delete an entry.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import click
from flask import g, has_request_context, request
from sqlalchemy import Connection, Engine, event, insert, inspect
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, class_mapper, object_session

from extensions import Base, db
from models import (
    Agreement,
    AgreementUnit,
    Answer,
    Article,
    Attachment,
    AuditEntry,
    AuditSubject,
    Contact,
    DeadlineRule,
    DocumentRule,
    Holiday,
    Link,
    Partner,
    Party,
    Procedure,
    ProcedureVersion,
    Regulation,
    SavedView,
    Sector,
    Stage,
    StageDocument,
    StageRule,
    Unit,
    User,
)
from rules.text import fold
from sikerja import clock

OUR_SIDE = "Pihak Kesatu"
NAMED_SUBJECTS = 1000  # an export of more records counts as one of every record

# Screens whose records' changes are told, by their table.
_SCREENS: dict[type, str] = {
    Agreement: "agreement", Stage: "stage", Attachment: "attachment", Partner: "partner", Contact: "contact", Unit: "unit",
    Sector: "sector", Procedure: "procedure", Regulation: "regulation", Holiday: "holiday", User: "user",
    SavedView: "view", ProcedureVersion: "version", StageRule: "stage_rule", DocumentRule: "document_rule",
    DeadlineRule: "deadline_rule", Article: "article",
}  # fmt: skip
# Rows that are a part of an agreement: the column of the agreement, and the record that gives the part its name.
_PARTS: dict[type, tuple[str, str, type]] = {
    Party: ("agreement_id", "partner_id", Partner),
    AgreementUnit: ("agreement_id", "unit_id", Unit),
    Link: ("from_id", "to_id", Agreement),
    StageDocument: ("agreement_id", "attachment_id", Attachment),
    Answer: ("agreement_id", "", Attachment),  # it is named by its question
}
_TOLD = (*_SCREENS, *_PARTS)
_GONE = "sikerja.audit.gone"
_REASONS = "sikerja.audit.reasons"

# Columns that name a record without a foreign key.
_LOOSE: dict[str, type] = {"closed_document_id": Attachment, "terminated_document_id": Attachment}
# Never told: what follows from other columns, what every change touches, and secrets.
_UNTOLD = {
    "id", "version", "created_at", "updated_at", "deleted_at", "title_key", "name_key", "number_key",
    "lead_partner_key", "lead_unit_key", "password_hash",
}  # fmt: skip
_DERIVED: dict[type, set[str]] = {
    Agreement: {"root_id", "first_ends_on", "current_stage_id", "stage_since", "holder", "underway_since", "due_on"},
    Stage: {"statutory", "parallel", "law_due_on"},
    StageDocument: {"agreement_id", "attachment_id"},
    Answer: {"agreement_id", "user_name", "question"},
    ProcedureVersion: {"digest", "published_by_id"},
    Party: {"agreement_id", "side", "position", "binding"},
    AgreementUnit: {"agreement_id", "position"},
    Link: {"from_id"},
    Attachment: {"series_id", "uploaded_by_id", "verdict_at", "verdict_by_id"},
    User: {"start_view_id"},
}


# --- who ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Actor:
    """Who acts, from where, in which request."""

    user_id: int | None = None
    user_name: str = ""
    role: str = ""
    address: str = ""
    device: str = ""
    request_id: str = ""


def actor(user: Any = None) -> Actor:
    """Who acts now: the user given (or a row of id, name, role), else who this request is from, else the command."""
    if not has_request_context():
        command = click.get_current_context(silent=True)
        if command is None:
            return Actor(user_name="Sistem")
        run = command.meta.setdefault("sikerja.run", secrets.token_hex(8))
        return Actor(user_name=f"Perintah {command.info_name}", request_id=run)
    user_id, name, role = (user.id, user.name, user.role) if user is not None else g.get("acting", (None, "", ""))
    return Actor(user_id, name, role, (request.remote_addr or "")[:64], request.user_agent.string[:200], request_id())


def request_id() -> str:
    """What this request is called in the answer's header, on an error page, in the log and in the trail."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    return str(g.request_id)


def acts(user: User) -> None:
    """From here on this request is the user's doing. Kept apart from the row, which a rollback makes unread."""
    g.acting = (user.id, user.name, user.role)


# --- what is noted by its verb -----------------------------------------------------------------------------------


def note(session: Session, action: str, user: Any = None, *, by: Actor | None = None, detail: str = "") -> None:
    """Something about an account that is no change of its row (signing in and out), in the session's transaction."""
    about: dict[str, Any] = {} if user is None else {"screen": "user", "record_id": user.id, "record": user.name}
    _write(session.connection(), [_entry(action, by or actor(), detail=detail, **about)])


def explain(session: Session, row: Any, reason: str) -> None:
    """Why this row is about to be changed: kept in words with the entry of the change that the next flush makes."""
    session.info.setdefault(_REASONS, {})[row] = reason


def note_figures(screen: str, detail: str, row_count: int) -> None:
    """Numbers are taken out as a file, which holds no record. In a transaction of its own, done when this returns."""
    with _writing(db.engine) as connection:
        _write(connection, [_entry("export", actor(), screen=screen, detail=detail, row_count=row_count)])


def note_seen(
    action: str, *, screen: str, record_id: int, record: str, agreement_id: int | None = None, detail: str = ""
) -> None:
    """Somebody is about to be shown a file (`download`, `preview`). In a transaction of its own, done when this returns.

    To be called while the request's own session holds no lock.
    """
    about = {"screen": screen, "record_id": record_id, "record": record, "agreement_id": agreement_id}
    with _writing(db.engine) as connection:
        _write(connection, [_entry(action, actor(), detail=detail, **about)])


class ExportNote:
    """The trace of one export: counts its rows while they are written, and is written down when it ends."""

    def __init__(self, screen: str, detail: str) -> None:
        self.screen, self.detail, self.by = screen, detail, actor()
        self.engine = db.engine  # no application is at hand any more when the file ends
        self.count = 0
        self.keys: list[int] = []
        self.whole = False

    def counted(self, chunks: Iterable[list[dict[str, Any]]]) -> Iterator[list[dict[str, Any]]]:
        """The same chunks, counted as they go by."""
        for rows in chunks:
            self.count += len(rows)
            if len(self.keys) <= NAMED_SUBJECTS:
                self.keys += [row["id"] for row in rows]
            yield rows
        self.whole = True

    def end(self) -> None:
        """Write it down, also where the file was broken off; in a transaction of its own."""
        named = len(self.keys) <= NAMED_SUBJECTS
        detail = self.detail if self.whole else f"{self.detail}; terputus"
        entry = _entry("export", self.by, screen=self.screen, detail=detail, row_count=self.count, covers_all=not named)
        with _writing(self.engine) as connection:
            key = connection.scalar(insert(AuditEntry).values(**entry).returning(AuditEntry.id))
            if named and self.keys:
                subjects = [{"entry_id": key, "record_id": each} for each in dict.fromkeys(self.keys)]
                connection.execute(insert(AuditSubject), subjects)


def _writing(engine: Engine) -> Any:
    return engine.execution_options(sikerja_writer=True).begin()


def _entry(action: str, by: Actor, **about: Any) -> dict[str, Any]:
    empty = {
        "screen": "", "record_id": None, "agreement_id": None, "record": "", "part": "", "changes": "", "detail": "",
        "row_count": None, "covers_all": False,
    }  # fmt: skip
    entry = {**empty, "at": clock.now(), "action": action, **asdict(by), **about}
    # An entry that PostgreSQL refused for a NUL would be an act without a trace.
    entry = {name: value.replace("\x00", "") if isinstance(value, str) else value for name, value in entry.items()}
    return entry | {"record_key": fold(entry["record"])}


def _write(connection: Connection, entries: list[dict[str, Any]]) -> None:
    connection.execute(insert(AuditEntry), entries)


# --- what the listener tells -------------------------------------------------------------------------------------


@event.listens_for(db.session, "after_flush")
def _tell_changes(session: Session, _context: object) -> None:
    """Every change of a told row leaves an entry in its transaction."""
    by = actor()
    entries = [entry for row, verb in _touched(session) for entry in _told(session, row, verb, by)]
    if entries:
        _write(session.connection(), entries)


def _note_gone(_mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    """A row is deleted; one that its parent let go of stands in no list of the session, so each is noted as it goes."""
    session = object_session(row)
    if session is not None:
        session.info.setdefault(_GONE, []).append(row)


for _model in _TOLD:
    event.listen(_model, "after_delete", _note_gone)


@event.listens_for(db.session, "after_soft_rollback")
def _forget_gone(session: Session, _transaction: object) -> None:
    """What was taken back has neither gone nor been explained."""
    session.info.pop(_GONE, None)
    session.info.pop(_REASONS, None)


@event.listens_for(db.session, "do_orm_execute")
def _refuse_untold(state: ORMExecuteState) -> None:
    """A bulk statement goes past the listener: it must say `audited`, and write its entries itself."""
    if state.is_select or state.bind_mapper is None or state.execution_options.get("audited"):
        return
    if issubclass(state.bind_mapper.class_, (*_TOLD, AuditEntry, AuditSubject)):
        raise RuntimeError(f"a bulk statement on {state.bind_mapper.class_.__name__} leaves no trace")


@event.listens_for(Mapper, "after_configured")
def _remember_old_values() -> None:
    """A column that is set without having been read is read first, or its old value would be lost to the trail."""
    for model in _TOLD:
        for attribute in class_mapper(model).column_attrs:
            getattr(model, attribute.key).impl.active_history = True


def _touched(session: Session) -> list[tuple[Any, str]]:
    """The told rows of this flush with what happens to them; in the order of their making."""
    new = [(row, "create") for row in session.new]
    changed = [(row, "update") for row in session.dirty if session.is_modified(row)]
    gone = [(row, "delete") for row in session.info.pop(_GONE, ())]
    return [pair for pair in (*new, *changed, *gone) if isinstance(pair[0], _TOLD)]


def _told(session: Session, row: Any, verb: str, by: Actor) -> Iterator[dict[str, Any]]:
    changes = _changes(session, row, verb)
    about = _about(session, row)
    written = {"changes": json.dumps(changes, ensure_ascii=False)} if changes else {}
    reason = session.info.get(_REASONS, {}).pop(row, "")
    if reason:
        about["detail"] = reason
    if verb != "update":
        yield _entry(verb, by, **about, **written)
        return
    attributes = inspect(row).attrs
    if "deleted_at" in attributes and attributes.deleted_at.history.has_changes():
        yield _entry("bin" if row.is_binned else "restore", by, **about)
    if "password_hash" in attributes and attributes.password_hash.history.has_changes():
        yield _entry("password", by, **about)
    if changes:
        yield _entry("role" if "role" in changes and isinstance(row, User) else "update", by, **about, **written)


def _about(session: Session, row: Any) -> dict[str, Any]:
    """Which record it is, and which agreement it belongs to."""
    model = type(row)
    if model in _PARTS:
        whole, other, named = _PARTS[model]
        key, named_key = getattr(row, whole), getattr(row, other) if other else None
        name = session.get_one(named, named_key) if named_key else OUR_SIDE if model is Party else row
        return {
            "screen": "agreement", "record_id": key, "agreement_id": key, "record": str(session.get_one(Agreement, key)),
            "part": model.__tablename__, "detail": str(name),
        }  # fmt: skip
    of_agreement = row.id if model is Agreement else getattr(row, "agreement_id", None)
    return {"screen": _SCREENS[model], "record_id": row.id, "record": str(row), "agreement_id": of_agreement}


def _changes(session: Session, row: Any, verb: str) -> dict[str, list[Any]]:
    """Column -> [old, new]; of a new row what is filled, of one that goes what it held."""
    untold = _UNTOLD | _DERIVED.get(type(row), set())
    state = inspect(row)
    found = {}
    for attribute in state.mapper.column_attrs:
        if attribute.key in untold:
            continue
        name = _naming(session, attribute.columns[0])
        if verb != "update":
            value = state.dict.get(attribute.key)
            if not _is_empty(value) or (value is False and isinstance(row, Answer)):  # no is an answer too
                found[attribute.key] = [None, name(value)] if verb == "create" else [name(value), None]
            continue
        history = state.attrs[attribute.key].history
        if history.has_changes():
            old, new = _first(history.deleted), _first(history.added)
            if not (_is_empty(old) and _is_empty(new)) and old != new:
                found[attribute.key] = [name(old), name(new)]
    return found


def _first(values: Any) -> Any:
    return values[0] if values else None


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value is False


def _naming(session: Session, column: Any) -> Callable[[Any], Any]:
    """How a value of this column is kept: a related record by id and by the name it has now."""
    target = next(iter(column.foreign_keys), None)
    if target is None and column.name not in _LOOSE:
        return _plain
    model = _LOOSE[column.name] if target is None else _model_of(target.column.table)

    def named(key: int | None) -> Any:
        related = session.get(model, key) if key is not None else None
        return None if related is None else {"id": key, "name": str(related)}

    return named


def _model_of(table: Any) -> Any:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is table)


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
