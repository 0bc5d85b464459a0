"""What the models promise of every row: a value where one must be, checks that hold, keys that lead somewhere, no doubles.

The database holds to it by itself, unless somebody went past it: a dump loaded without checks, a tool with foreign keys
switched off, a disk that lies. Every table is read once for its rows and once for each unique rule.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    Table,
    TextClause,
    UniqueConstraint,
    and_,
    case,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session

from extensions import Base
from sikerja.verification.faults import Fault, portions


class _Rule(NamedTuple):
    """A promise of a table: the code of its fault, its name, and when a row breaks it."""

    kind: str
    name: str
    broken: ColumnElement[bool]


_SENTENCES = {
    "not_null": "Kolom {name} kosong, padahal wajib diisi.",
    "check": "Isinya melanggar aturan {name}.",
    "foreign_key": "Rujukan {name} menunjuk baris yang tidak ada.",
}


def rows(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """Every row holds what its columns, checks and foreign keys promise."""
    for table in Base.metadata.sorted_tables:
        rules = [*_filled(table), *_checks(table), *_references(table)]
        flags = [case((rule.broken, 1), else_=0).label(f"rule_{number}") for number, rule in enumerate(rules)]
        query = select(*_subject_columns(table), *flags).where(or_(*(rule.broken for rule in rules)))
        width = len(_subject_columns(table))
        for row in chain.from_iterable(portions(session, query)):
            for rule, broken in zip(rules, row[width:], strict=True):
                if broken:
                    yield Fault(rule.kind, _subject(table, row[:width]), _SENTENCES[rule.kind].format(name=rule.name))


def _filled(table: Table) -> list[_Rule]:
    wanted = [column for column in table.columns if not column.nullable and not column.primary_key]
    return [_Rule("not_null", column.name, column.is_(None)) for column in wanted]


def _checks(table: Table) -> list[_Rule]:
    checks = [rule for rule in table.constraints if isinstance(rule, CheckConstraint)]
    checks.sort(key=lambda rule: str(rule.name))
    # A check that gives NULL holds, as the database sees it.
    return [_Rule("check", str(rule.name), not_(literal_column(f"({rule.sqltext})"))) for rule in checks]


def _references(table: Table) -> list[_Rule]:
    keys = [rule for rule in table.constraints if isinstance(rule, ForeignKeyConstraint)]
    keys.sort(key=lambda rule: str(rule.name))
    return [_Rule("foreign_key", str(rule.name), _leads_nowhere(rule)) for rule in keys]


def _leads_nowhere(rule: ForeignKeyConstraint) -> ColumnElement[bool]:
    target = rule.referred_table.alias("target")
    pairs = [(each.parent, target.c[each.column.name]) for each in rule.elements]
    there = exists().select_from(target).where(*(theirs == own for own, theirs in pairs)).correlate(rule.parent)
    return and_(*(own.is_not(None) for own, _ in pairs), not_(there))


def uniques(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """What may be there once is there once."""
    for table in Base.metadata.sorted_tables:
        for name, columns, condition in _once(table, session.get_bind().dialect.name):
            first = [func.min(column) for column in table.primary_key.columns]
            query = select(*first, func.count()).where(*(column.is_not(None) for column in columns)).group_by(*columns)
            if condition is not None:
                query = query.where(condition)
            for row in session.execute(query.having(func.count() > 1)):
                detail = f"Aturan {name} dilanggar: {row[-1]} baris berisi sama, padahal hanya boleh satu."
                yield Fault("unique", f"{table.name} {_joined(row[:-1])}", detail)


def _once(table: Table, engine: str) -> Iterator[tuple[str, list[ColumnElement[Any]], Any]]:
    """The unique rules of a table: name, what may be there once, and of which rows."""
    for rule in sorted(table.constraints, key=lambda rule: str(rule.name)):
        if isinstance(rule, UniqueConstraint):
            yield str(rule.name), list(rule.columns), None
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        if index.unique:
            yield str(index.name), _expressions(index), index.dialect_options[engine]["where"]


def _expressions(index: Index) -> list[ColumnElement[Any]]:
    parts: list[Any] = list(index.expressions)
    return [literal_column(part.text) if isinstance(part, TextClause) else part for part in parts]


def _subject_columns(table: Table) -> list[ColumnElement[Any]]:
    """What a row is called by: a register number where it has one, else its key."""
    return [table.c.register_no] if "register_no" in table.c else list(table.primary_key.columns)


def _subject(table: Table, key: Any) -> str:
    return f"{table.name} {_joined(key)}"


def _joined(key: Any) -> str:
    return "/".join(str(part) for part in key)
