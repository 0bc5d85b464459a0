"""The filters of a list as native controls, and the way from what a person chose back to a canonical address.

The bar is one GET form. Its controls have names of their own (`q.group`, `f0.col`, `f0.op`, `f0.val`, `add`); the
server answers with a redirect to the address that the contract knows (`flt0_group_equals=ksdpk`). So it works without
script, and what stands in the address is always the canonical form.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from sikerja import clock
from sikerja.dates import quarter
from sikerja.filters import MAX_FILTERS, OPERATIONS, Active, Filter, Relation, between_parts
from sikerja.filters import Day as DayFilter
from sikerja.formats import MONTHS

UNKNOWN_CHOICE = "Pilihan lain"
Options = Mapping[str, Mapping[str, str]]
_GROUP_FIELD = re.compile(r"f(\d{1,2})\.(col|op|val|val2)", re.ASCII)


@dataclass(frozen=True)
class Pending:
    """A filter that was opened and has no value yet: it is shown, and filters nothing."""

    filter: Filter
    operation: str

    def argument(self) -> tuple[str, str]:
        """Its name and value in the address."""
        return "open", f"{self.filter.name}:{self.operation}"


def was_sent(arguments: MultiDict[str, str]) -> bool:
    """True where the address comes from the bar's form and isn't canonical yet."""
    return any(name == "add" or name.startswith("q.") or _GROUP_FIELD.fullmatch(name) for name in arguments)


def read_pending(arguments: MultiDict[str, str], filters: Sequence[Filter]) -> list[Pending]:
    """The opened filters in a canonical address; what isn't one is ignored."""
    return [found for text in arguments.getlist("open")[:MAX_FILTERS] if (found := _pending(text, filters))]


def _pending(text: str, filters: Sequence[Filter]) -> Pending | None:
    name, _, operation = text.partition(":")
    for each in filters:
        if each.name == name:
            return Pending(each, operation if operation in each.operations else each.operations[0])
    return None


def chosen(arguments: MultiDict[str, str], filters: Sequence[Filter]) -> tuple[list[Active], list[Pending]]:
    """What a person chose in the bar: the filters with a value, and those still open."""
    by_name = {each.name: each for each in filters}
    active, pending = list(_quick_ones(arguments, by_name)), []
    for group in _groups(arguments):
        filter = by_name.get(group.get("col", [""])[0])
        if filter is None:
            continue
        operation = group.get("op", [""])[0]
        operation = operation if operation in filter.operations else filter.operations[0]
        value = _value(filter.control(operation), group.get("val", []), group.get("val2", []))
        if value and _fits(filter, operation, value, group):
            active.append(Active(filter, operation, filter.canonical(operation, value)))
        else:
            pending.append(Pending(filter, operation))
    added = _pending(arguments.get("add", ""), filters)
    return active, pending + ([added] if added else [])


def _quick_ones(arguments: MultiDict[str, str], by_name: Mapping[str, Filter]) -> Iterator[Active]:
    for name, value in arguments.items(multi=True):
        filter = by_name.get(name[2:]) if name.startswith("q.") else None
        operation, _, asked = value.partition(":")
        if filter is not None and operation in filter.operations and asked:
            yield Active(filter, operation, asked)


def _groups(arguments: MultiDict[str, str]) -> list[dict[str, list[str]]]:
    groups: dict[int, dict[str, list[str]]] = {}
    for name, values in arguments.lists():
        if match := _GROUP_FIELD.fullmatch(name):
            groups.setdefault(int(match[1]), {})[match[2]] = values
    return [groups[index] for index in sorted(groups)][:MAX_FILTERS]


def _value(control: str, first: list[str], second: list[str]) -> str:
    """The value of a group's controls as it stands in the address."""
    values = [value.strip() for value in first if value.strip()]
    if control.startswith("between"):
        ends = [*values[:1], *[value.strip() for value in second if value.strip()][:1]]
        return " to ".join(ends) if len(ends) == 2 else ""
    return ",".join(values) if control == "choices" else (values or [""])[0]


def _fits(filter: Filter, operation: str, value: str, group: Mapping[str, list[str]]) -> bool:
    """False where the comparison was changed and the old value makes no sense to it: the group stays open then."""
    if group.get("was", [""])[0] == operation:
        return True
    try:
        filter.condition(operation, value)
    except (ValueError, OverflowError):
        return False
    return True


# --- showing -----------------------------------------------------------------------------------------------------


def groups(active: Sequence[Active], pending: Sequence[Pending], options: Options, remove_url: Any) -> list[dict[str, Any]]:
    """The filter groups for the template, the opened ones last."""
    shown = [_group(index, each.filter, each.operation, each.value, options) for index, each in enumerate(active)]
    opened = enumerate(pending, start=len(active))
    shown += [_group(index, each.filter, each.operation, "", options) for index, each in opened]
    for group, each in zip(shown, [*active, *pending], strict=True):
        group["remove_url"] = remove_url(each)
    return shown


def ids_in_use(filter: Relation, used: Sequence[Any]) -> list[int]:
    """The ids that an address names for this filter, so that their names can be shown. Raises UnknownFilter."""
    named = [each for each in used if isinstance(each, Active) and each.filter is filter]
    named = [each for each in named if filter.control(each.operation).startswith("choice")]
    for each in named:
        each.condition()  # what can't be read is refused as a filter
    return [key for each in named for key in filter.ids(each.operation, each.value)]


def _group(index: int, filter: Filter, operation: str, value: str, options: Options) -> dict[str, Any]:
    kind = filter.control(operation)
    first, second = _ends(kind, value)
    picked = value.split(",") if kind == "choices" else [value]
    choices = dict(filter.choices() or options.get(getattr(filter, "source", ""), {}))
    if kind in ("choice", "choices"):
        # What the address asks for stays chosen, also where it is on no list (an internal stage, a record out of reach).
        choices |= {each: UNKNOWN_CHOICE for each in picked if each and each not in choices}
    listed = [(code, word, code in picked) for code, word in choices.items()] if kind in ("choice", "choices") else []
    return {
        "index": index,
        "column": filter.name,
        "label": filter.label,
        "op": operation,
        "ops": [(code, OPERATIONS[code], code == operation) for code in filter.offered(operation)],
        "kind": kind,
        "value": filter.worded(first),
        "value2": filter.worded(second),
        "options": [("", "Pilih", not value), *listed] if kind == "choice" else listed,
    }


def in_words(active: Active, options: Options) -> str:
    """A filter as a person says it: Berakhir dalam 90 hari ke depan."""
    filter, value = active.filter, active.value
    if active.operation == "empty":
        return f"{filter.label} {'kosong' if value == '1' else 'terisi'}"
    names = filter.choices() or options.get(getattr(filter, "source", ""), {})
    kind = filter.control(active.operation)
    parts = value.split(",") if kind == "choices" else [part for part in _ends(kind, value) if part]
    said = [names.get(part, filter.worded(part)) if kind.startswith("choice") else filter.worded(part) for part in parts]
    if kind == "days":
        return f"{filter.label} {OPERATIONS[active.operation].replace('…', value)}"
    glue = " sampai " if kind.startswith("between") else ", "
    return f"{filter.label} {OPERATIONS[active.operation]} {glue.join(said)}"


def _ends(kind: str, value: str) -> tuple[str, str]:
    if kind.startswith("between") and value:
        try:
            return between_parts(value)
        except ValueError:
            return value, ""
    return value, ""


def quick(names: Sequence[str], filters: Sequence[Filter], active: Sequence[Active], options: Options) -> list[dict[str, Any]]:
    """The always visible selects: for each named filter its commonest questions."""
    by_name = {each.name: each for each in filters}
    standing = {each.filter.name: f"{each.operation}:{each.value}" for each in active}
    shown = []
    for name in names:
        choices = _common_questions(by_name[name], options)
        value = standing.get(name, "")
        listed = [(code, word, code == value) for code, word in choices]
        shown.append({"name": f"q.{name}", "label": by_name[name].label, "options": listed})
    return shown


def is_quick(active: Active, names: Sequence[str], options: Options) -> bool:
    """True where an always visible select can show this filter."""
    value = f"{active.operation}:{active.value}"
    return active.filter.name in names and any(code == value for code, _ in _common_questions(active.filter, options))


def _common_questions(filter: Filter, options: Options) -> list[tuple[str, str]]:
    if isinstance(filter, DayFilter):
        return _common_spans(clock.today())
    choices = filter.choices() or options.get(getattr(filter, "source", ""), {})
    return [(f"equals:{code}", word) for code, word in choices.items()]


def _common_spans(today: date) -> list[tuple[str, str]]:
    year = today.year
    first, last = quarter(today)
    return [
        ("within_days:30", "30 hari ke depan"),
        ("within_days:90", "90 hari ke depan"),
        (f"between:{first} to {last}", f"Triwulan ini ({MONTHS[first.month - 1]}–{MONTHS[last.month - 1]} {year})"),
        (f"between:{year}-01-01 to {year}-12-31", f"Tahun ini ({year})"),
        (f"between:{year + 1}-01-01 to {year + 1}-12-31", f"Tahun depan ({year + 1})"),
        ("past_days:90", "90 hari terakhir"),
        ("empty:1", "Tanpa tanggal"),
    ]
