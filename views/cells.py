"""The cells of a list as one piece of HTML a row: a page has hundreds of them, and a template would look at each on its own."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from sikerja.listing import Column

MARKED = ("c-num", "c-validity")  # columns whose cells are set otherwise than text


def openings(columns: Sequence[Column]) -> list[str]:
    """How the cells of these columns begin: class, and the label that a phone shows beside the value."""
    return [_opening(column) for column in columns]


def _opening(column: Column) -> str:
    css = f" class={column.css}" if column.css in MARKED else ""
    label = str(escape(column.label))
    quoted = label if label.isalpha() else f'"{label}"'
    return f"<td{css}>" if column.css == "c-validity" else f"<td{css} data-label={quoted}>"


def joined(beginnings: Sequence[str], cells: Sequence[Any]) -> Markup:
    """The cells, each behind its beginning; what isn't HTML already is escaped."""
    return Markup("".join([f"{opening}{escape(cell)}" for opening, cell in zip(beginnings, cells, strict=True)]))  # noqa: S704
