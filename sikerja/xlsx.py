"""A list as an Excel file: a front sheet that says what it is, and the rows with dates as dates and numbers as numbers.

Rows are written as they are read, to a file on the disk: memory doesn't grow with their number. A text is always written
as a text, so that none becomes a formula.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from sikerja.exports import ExportColumn
from sikerja.formats import number
from sikerja.refusals import Refusal

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575  # what a sheet takes, less its header
MOST_TEXT = 32_767  # what a cell takes, in units of UTF-16
CUT = " … (dipotong)"
FIRST_DAY = date(1900, 1, 1)  # a spreadsheet knows none before
WIDTHS = {"text": 24, "long": 48, "date": 14, "moment": 18, "number": 10, "year": 8, "money": 20}
FORMATS = {"date": "d mmm yyyy", "moment": "d mmm yyyy hh:mm", "number": "#,##0", "year": "0", "money": '"Rp"#,##0'}
PIECE = 64 * 1024
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML can't hold

Row = dict[str, Any]


@dataclass(frozen=True)
class FrontSheet:
    """What the first sheet says: a title, and lines of (what, words). `lines` is asked when all rows are written."""

    title: str
    lines: Callable[[], Sequence[tuple[str, str | int]]]


def refuse_too_many(rows: int) -> None:
    """Raises Refusal where a sheet doesn't take that many rows."""
    if rows > MOST_ROWS:
        raise Refusal(
            f"Excel hanya memuat {number(MOST_ROWS)} baris, sedangkan daftar ini {number(rows)} baris. "
            "Persempit saringannya, atau ambil sebagai CSV."
        )


def write(front: FrontSheet, columns: Sequence[ExportColumn], chunks: Iterable[list[Row]]) -> IO[bytes]:
    """The file, open at its beginning; it is gone when it is closed. Raises OSError where the disk is full."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - no page but this one needs it
    from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415

    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    try:
        with tempfile.TemporaryDirectory(prefix="sikerja-xlsx-") as scratch:
            options = {"constant_memory": True, "in_memory": False, "strings_to_formulas": False, "strings_to_urls": False}
            book = Workbook(file, options | {"tmpdir": scratch})
            book.use_zip64()
            first, second = book.add_worksheet("Keterangan"), book.add_worksheet("Daftar")
            _write_rows(book, second, columns, chunks)
            _write_front(book, first, front)
            try:
                book.close()
            except FileCreateError as error:
                raise error.args[0] from error
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The file piece by piece."""
    while piece := file.read(PIECE):
        yield piece


def fitting(text: str) -> str:
    """The text as a cell can hold it: without characters that XML forbids, cut with a mark where it is too long."""
    text = _FORBIDDEN.sub("", text)
    if len(text) <= MOST_TEXT // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) // 2 <= MOST_TEXT:
        return text
    return units[: (MOST_TEXT - len(CUT)) * 2].decode("utf-16-le", "ignore") + CUT


def _write_rows(book: Any, sheet: Any, columns: Sequence[ExportColumn], chunks: Iterable[list[Row]]) -> None:
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    top = {kind: book.add_format({"valign": "top"}) for kind in ("text", "long")}
    formats = top | {kind: book.add_format({"num_format": form, "valign": "top"}) for kind, form in FORMATS.items()}
    for place, column in enumerate(columns):
        sheet.set_column(place, place, max(WIDTHS[column.kind], len(column.heading) // 2 + 4))
        sheet.write_string(0, place, column.heading, head)
    sheet.freeze_panes(1, 0)
    line = 0
    for rows in chunks:
        for row in rows:
            line += 1
            for place, column in enumerate(columns):
                _write_cell(sheet, line, place, column, row, formats[column.kind])
    sheet.autofilter(0, 0, max(line, 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_cell(sheet: Any, line: int, place: int, column: ExportColumn, row: Row, form: Any) -> None:
    value = column.value(row) if column.value is not None else None
    if value is None or (column.kind in ("date", "moment") and date(value.year, value.month, value.day) < FIRST_DAY):
        if text := fitting(column.text(row)):
            sheet.write_string(line, place, text, form)
    elif column.kind in ("date", "moment"):
        sheet.write_datetime(line, place, value, form)
    else:
        sheet.write_number(line, place, value, form)


def _write_front(book: Any, sheet: Any, front: FrontSheet) -> None:
    title = book.add_format({"bold": True, "font_size": 16})
    label = book.add_format({"bold": True, "valign": "top"})
    words = book.add_format({"text_wrap": True, "valign": "top", "align": "left", "num_format": "#,##0"})
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 80)
    sheet.write_string(0, 0, fitting(front.title), title)
    for line, (what, said) in enumerate(front.lines(), start=2):
        sheet.write_string(line, 0, what, label)
        if isinstance(said, int):
            sheet.write_number(line, 1, said, words)
        else:
            sheet.write_string(line, 1, fitting(said), words)
