"""What a number of the register counts, as filters of a list: under them the list shows exactly its rows."""

from collections.abc import Sequence
from urllib.parse import urlencode

from sikerja.filters import Active, Filter

Asked = tuple[tuple[str, str], ...]  # what is asked of a list: ("signed_on_between", "2026-03-01 to 2026-03-31"), …


def filters_of(filters: Sequence[Filter], asked: Asked) -> tuple[Active, ...]:
    """The filters behind a number that the register counts itself. Raises KeyError where the list has no such filter."""
    by_name = {f"{filter.name}_{operation}": (filter, operation) for filter in filters for operation in filter.operations}
    return tuple(Active(*by_name[name], value) for name, value in asked)


def address(base: str, asked: Asked) -> str:
    """The address of a list with these filters."""
    query = urlencode([(f"flt{number}_{name}", value) for number, (name, value) in enumerate(asked)])
    return f"{base}?{query}" if query else base
