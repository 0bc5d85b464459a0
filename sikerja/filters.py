"""Filters of lists: what stands in the address (`flt0_ends_on_within_days=90`), what it means in SQL, how it is worded.

A filter is a column with a type; the type knows its operations. Anything in the address that doesn't parse is refused
with a sentence: a list must never quietly show more than was asked.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, and_, func, not_, or_

from rules.text import escape_like, fold, strip_invisible
from sikerja import clock, formats
from sikerja.dates import parse_date
from sikerja.filtervalues import between_parts, days_of, flag_of, id_of, list_of, text_of
from sikerja.refusals import Refusal

OPERATIONS = {
    "equals": "sama dengan",
    "not_equal": "bukan",
    "contains": "memuat",
    "not_contains": "tidak memuat",
    "in_list": "salah satu dari",
    "not_in_list": "bukan salah satu dari",
    "empty": "kosong",
    "greater": "lebih dari",
    "smaller": "kurang dari",
    "between": "antara",
    "within_days": "dalam … hari ke depan",
    "past_days": "dalam … hari terakhir",
}
MAX_FILTERS = 20
_ARGUMENT = re.compile(r"flt(\d{1,3})_([a-z_]+)", re.ASCII)

Condition = ColumnElement[bool]


class UnknownFilter(Refusal):
    """The address asks for a filter that the list doesn't have, or with a value that can't be read."""


@dataclass(frozen=True)
class Filter:
    """One column to filter by. Subclasses give the operations and how each is asked in SQL."""

    name: str
    label: str
    operations: tuple[str, ...] = ()
    lie_together: ClassVar[bool] = False  # the rows of a value came into the register at about the same time

    def control(self, operation: str) -> str:
        """What a person fills in: text, date, number, days, choice, choices, between_date, between_number or flag."""
        return "flag" if operation == "empty" else "text"

    def choices(self) -> Mapping[str, str] | None:
        """The codes one can choose from, with their words; None where the value is free."""
        return None

    def offered(self, standing: str) -> tuple[str, ...]:
        """The operations to offer a person, while `standing` is the one chosen."""
        return self.operations

    def canonical(self, operation: str, value: str) -> str:
        """A value that a person typed, as it stands in the address."""
        return value

    def worded(self, value: str) -> str:
        """A value of the address, as a person reads it in a control."""
        return value

    def condition(self, operation: str, value: str) -> Condition:
        """The SQL condition. Raises ValueError where the value can't be read."""
        raise ValueError(operation)


@dataclass(frozen=True)
class Text(Filter):
    """A text column, compared by its folded form: `key` makes the SQL condition of "contains", "equals", … ."""

    column: Any = None
    fold: Callable[[str], str | None] = fold
    exists: Callable[[Condition], Condition] = field(default=lambda condition: condition)
    among: Callable[[Condition], Condition] | None = None  # the same as `exists`, beginning with the few that fulfil it
    operations: tuple[str, ...] = ("contains", "not_contains", "equals", "not_equal", "in_list", "not_in_list", "empty")

    def condition(self, operation: str, value: str) -> Condition:
        if operation == "empty":
            filled = self.exists(and_(self.column.is_not(None), self.column != ""))
            return not_(filled) if flag_of(value) else filled
        reach = self.among or self.exists
        if operation in ("in_list", "not_in_list"):
            return _negated(operation, reach(self.column.in_([self.fold(text_of(part)) for part in list_of(value)])))
        asked = self.fold(text_of(value)) or ""
        if operation in ("equals", "not_equal"):
            return _negated(operation, reach(self.column == asked))
        return _negated(operation, reach(self.column.like(f"%{escape_like(asked)}%", escape="\\")))


@dataclass(frozen=True)
class Name(Text):
    """A text column without a folded twin: `equals` takes a value as it is written, `contains` a part in either case."""

    def condition(self, operation: str, value: str) -> Condition:
        if operation in ("contains", "not_contains"):
            pattern = f"%{escape_like(fold(text_of(value)))}%"
            reach = self.among or self.exists
            return _negated(operation, reach(func.lower(self.column).like(pattern, escape="\\")))
        return super().condition(operation, value)


@dataclass(frozen=True)
class Code(Filter):
    """A column that holds one of a list of codes. `column` may be a function of today's date (validity, stage).

    `implied` gives for a code what else holds wherever the computed column has it, in plain columns that have an index.
    """

    column: Any = None
    codes: Mapping[str, str] = field(default_factory=dict)
    exists: Callable[[Condition], Condition] = field(default=lambda condition: condition)
    among: Callable[[Condition], Condition] | None = None
    implied: Callable[[str, date], Condition] | None = None
    open_list: bool = False  # codes beyond the list are allowed (keys of internal stages)
    operations: tuple[str, ...] = ("equals", "not_equal", "in_list", "not_in_list", "empty")

    def choices(self) -> Mapping[str, str]:
        return self.codes

    def control(self, operation: str) -> str:
        if operation == "empty":
            return "flag"
        return "choices" if operation in ("in_list", "not_in_list") else "choice"

    def _expression(self) -> Any:
        return self.column(clock.today()) if callable(self.column) else self.column

    def _known(self, code: str) -> str:
        if code not in self.codes and not (self.open_list and re.fullmatch(r"[a-z0-9_]{1,80}", code)):
            raise ValueError(code)
        return code

    def condition(self, operation: str, value: str) -> Condition:
        expression = self._expression()
        if operation == "empty":
            filled = self.exists(expression.is_not(None))
            return not_(filled) if flag_of(value) else filled
        asked = [self._known(code) for code in (list_of(value) if operation.endswith("in_list") else [value.strip()])]
        reach = self.among or self.exists
        if operation.startswith("not_"):
            return not_(reach(and_(expression.is_not(None), expression.in_(asked))))
        found = reach(expression.in_(asked))
        return found if self.implied is None else and_(or_(*(self.implied(code, clock.today()) for code in asked)), found)


@dataclass(frozen=True)
class Flag(Code):
    """A yes-or-no column."""

    operations: tuple[str, ...] = ("equals",)

    def condition(self, operation: str, value: str) -> Condition:
        return self.column.is_(flag_of(value))


@dataclass(frozen=True)
class Fact(Flag):
    """What holds of a row as of a day, or doesn't; `column` makes the condition, which is never unknown."""

    def condition(self, operation: str, value: str) -> Condition:
        today, asked = clock.today(), flag_of(value)
        found: Condition = self.column(today)
        if not asked:
            return not_(found)
        return found if self.implied is None else and_(self.implied("1", today), found)


@dataclass(frozen=True)
class Rule(Code):
    """Codes that each stand for a condition as of a day; several may fit one row."""

    rules: Mapping[str, Callable[[date], Condition]] = field(default_factory=dict)
    operations: tuple[str, ...] = ("equals", "not_equal", "in_list", "not_in_list")

    def condition(self, operation: str, value: str) -> Condition:
        asked = [self._known(code) for code in (list_of(value) if operation.endswith("in_list") else [value.strip()])]
        # A comparison with nothing is unknown: for "not" it must be false.
        return _negated(operation, func.coalesce(or_(*(self.rules[code](clock.today()) for code in asked)), False))


@dataclass(frozen=True)
class Relation(Filter):
    """A related record: `equals` takes its id, `contains` a part of its name. Any of several counts."""

    id_column: Any = None
    exists: Callable[[Condition], Condition] = field(default=lambda condition: condition)
    among: Callable[[Condition], Condition] | None = None
    name_key: Any = None
    named: Callable[[Condition], Condition] = field(default=lambda condition: condition)
    source: str = ""  # the list that its options come from (sikerja/lists/options.py)
    many: bool = False  # too many to list: one asks by a part of the name, and an address may hold an id
    operations: tuple[str, ...] = ("contains", "not_contains", "equals", "not_equal", "in_list", "not_in_list", "empty")

    def control(self, operation: str) -> str:
        if operation == "empty":
            return "flag"
        if operation in ("contains", "not_contains"):
            return "text"
        return "choices" if operation.endswith("in_list") else "choice"

    def offered(self, standing: str) -> tuple[str, ...]:
        if not self.many:
            return self.operations
        return tuple(each for each in self.operations if each in ("contains", "not_contains", "empty", standing))

    def ids(self, operation: str, value: str) -> list[int]:
        """The ids that the value names. Raises ValueError."""
        return [id_of(part) for part in (list_of(value) if operation.endswith("in_list") else [value])]

    def condition(self, operation: str, value: str) -> Condition:
        if operation == "empty":
            filled = self.exists(self.id_column.is_not(None))
            return not_(filled) if flag_of(value) else filled
        if operation in ("contains", "not_contains"):
            pattern = f"%{escape_like(fold(text_of(value)))}%"
            return _negated(operation, self.named(self.name_key.like(pattern, escape="\\")))
        found = and_(self.id_column.is_not(None), self.id_column.in_(self.ids(operation, value)))
        return _negated(operation, (self.among or self.exists)(found))


@dataclass(frozen=True)
class Day(Filter):
    """A date column, with operations relative to today. `column` may be a function of today's date that makes one."""

    lie_together = True
    column: Any = None
    operations: tuple[str, ...] = (
        "within_days", "past_days", "between", "equals", "not_equal", "greater", "smaller", "empty",
    )  # fmt: skip

    def control(self, operation: str) -> str:
        special = {"empty": "flag", "between": "between_date", "within_days": "days", "past_days": "days"}
        return special.get(operation, "date")

    def canonical(self, operation: str, value: str) -> str:
        try:
            if operation == "between":
                return " to ".join(parse_date(part).isoformat() for part in between_parts(value))
            return parse_date(value).isoformat()
        except ValueError:
            return value

    def worded(self, value: str) -> str:
        try:
            return formats.long_date(parse_date(value))
        except ValueError:
            return value

    def _expression(self) -> Any:
        return self.column(clock.today()) if callable(self.column) else self.column

    def condition(self, operation: str, value: str) -> Condition:
        column = self._expression()
        if operation in ("within_days", "past_days"):
            days, today = days_of(value), clock.today()
            first, last = (today, today + days) if operation == "within_days" else (today - days, today)
            return and_(column >= first, column <= last)
        return _ordered(column, operation, value, parse_date)


@dataclass(frozen=True)
class Moment(Day):
    """A column of moments, asked for by the days of the city."""

    operations: tuple[str, ...] = ("past_days", "between", "equals", "greater", "smaller")

    def condition(self, operation: str, value: str) -> Condition:
        if operation == "past_days":
            first, last = clock.today() - days_of(value), clock.today()
        elif operation == "between":
            first, last = (parse_date(part) for part in between_parts(value))
        else:
            first = last = parse_date(value)
        begin, after = clock.moment_of(first), clock.moment_of(last + timedelta(days=1))
        if operation == "greater":
            return self.column >= after
        if operation == "smaller":
            return self.column < begin
        return and_(self.column >= begin, self.column < after)


@dataclass(frozen=True)
class Number(Filter):
    """A column of amounts. `column` may be a function of today's date that makes one."""

    column: Any = None
    largest: int = 10**16
    operations: tuple[str, ...] = ("between", "greater", "smaller", "equals", "not_equal", "empty")

    def control(self, operation: str) -> str:
        return {"empty": "flag", "between": "between_number"}.get(operation, "number")

    def _amount(self, text: str) -> Decimal:
        try:
            amount = Decimal(text.strip())
        except InvalidOperation:
            raise ValueError(text) from None
        if not amount.is_finite() or abs(amount) >= self.largest or not text.isascii():
            raise ValueError(text)
        return amount

    def condition(self, operation: str, value: str) -> Condition:
        column = self.column(clock.today()) if callable(self.column) else self.column
        return _ordered(column, operation, value, self._amount)


def _ordered(column: Any, operation: str, value: str, read: Callable[[str], Any]) -> Condition:
    """The operations that dates and amounts share. `greater` and `smaller` are strict, `between` takes both ends in."""
    if operation == "empty":
        return column.is_(None) if flag_of(value) else column.is_not(None)
    if operation == "between":
        first, last = between_parts(value)
        return and_(column >= read(first), column <= read(last))
    asked = read(value)
    if operation == "not_equal":
        return or_(column != asked, column.is_(None))
    return {"equals": column == asked, "greater": column > asked, "smaller": column < asked}[operation]


def _negated(operation: str, condition: Condition) -> Condition:
    """The condition, or for a "not" operation all other rows, the empty ones included."""
    return not_(condition) if operation.startswith("not_") else condition


@dataclass(frozen=True)
class Active:
    """A filter as it stands in the address."""

    filter: Filter
    operation: str
    value: str

    def condition(self) -> Condition:
        """The SQL condition. Raises UnknownFilter where the value can't be read."""
        try:
            return self.filter.condition(self.operation, self.value)
        except (ValueError, OverflowError):
            raise UnknownFilter(
                f"Nilai saringan “{self.filter.label}” tidak dapat dibaca. "
                "Daftar tidak ditampilkan agar tidak keliru. Perbaiki nilainya, atau hapus saringan itu."
            ) from None

    def argument(self, index: int) -> tuple[str, str]:
        """Its name and value in the address."""
        return f"flt{index}_{self.filter.name}_{self.operation}", self.value


def read(arguments: Iterable[tuple[str, str]], filters: Sequence[Filter]) -> list[Active]:
    """The filters in an address, in the order of their numbers; empty values are no filters. Raises UnknownFilter."""
    by_name = {f"{filter.name}_{operation}": (filter, operation) for filter in filters for operation in filter.operations}
    found = []
    for name, value in arguments:
        if not name.startswith("flt"):
            continue
        match = _ARGUMENT.fullmatch(name)
        if match is None or match[2] not in by_name:
            raise UnknownFilter(
                f"Saringan “{strip_invisible(name)[:60]}” tidak dikenal. "
                "Daftar tidak ditampilkan agar tidak keliru. Hapus saringan itu."
            )
        if value.strip():
            # What can't be seen is asked for by nobody; a value of nothing else is kept, to be refused.
            found.append((int(match[1]), Active(*by_name[match[2]], strip_invisible(value).strip() or value.strip())))
    if len(found) > MAX_FILTERS:
        raise UnknownFilter(f"Terlalu banyak saringan. Pakai paling banyak {MAX_FILTERS}.")
    return [active for _, active in sorted(found, key=lambda pair: pair[0])]
