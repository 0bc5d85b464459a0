"""The limit: plain SQL, a template of Jinja, nothing else. No sign-in, no permission, no audit, no address but these."""

import csv
import io
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import Any

from jinja2 import Environment

from bench.probe import Probe
from bench.subjects import Cannot
from bench.subjects.rawsql import CAP, Sql
from bench.wsgi import Application

CHUNK = 500
HEADINGS = (
    "Nomor Register", "Judul", "Jenis Kerja Sama", "Jenis Naskah", "Bidang", "Perangkat Daerah", "Mitra",
    "Nomor Pihak Kesatu", "Nomor Mitra", "Tanggal Tanda Tangan", "Tanggal Mulai", "Tanggal Berakhir", "Masa Berlaku",
    "Sisa Hari", "Tahap", "Sejak", "Nilai", "Ruang Lingkup",
)  # fmt: skip
DANGEROUS = tuple("=+-@\t\r'＝＋－＠＇")
PAGE_OF_ROWS = """<!doctype html><title>Bench</title><table><caption>{{ total }}</caption>
{% for row in rows %}<tr data-key="{{ row[1] }}">{% for cell in row[1:] %}<td>{{ cell if cell is not none else "—" }}</td>
{% endfor %}</tr>{% endfor %}</table>"""
PAGE_OF_ONE = """<!doctype html><title>Bench</title>{% for rows in parts %}<table>{% for row in rows %}<tr>{% for cell in row %}
<td>{{ cell if cell is not none else "—" }}</td>{% endfor %}</tr>{% endfor %}</table>{% endfor %}"""


class Raw:
    """A WSGI application over one connection a request, as the others have it from their pool."""

    key_pattern = r'<tr data-key="([^"]+)"'
    cookie = ""

    def __init__(self, url: str, probe: Probe) -> None:
        self.probe, self.statements = probe, 0
        self.connect, self.stream = _engine(url)
        self.sql = Sql(url.partition(":")[0].partition("+")[0], probe)
        templates = Environment(autoescape=True)
        self.list, self.one = templates.from_string(PAGE_OF_ROWS), templates.from_string(PAGE_OF_ONE)
        self.connection = self.connect()
        self.application: Application = self._answer

    def address(self, operation: str) -> str | Cannot:
        """The path of an operation."""
        return f"/{operation}"

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        operation = environ["PATH_INFO"].strip("/")
        kind, _, filtered = operation.partition("_")
        if kind in ("csv", "xlsx"):
            start("200 OK", [("Content-Type", "application/octet-stream")])
            return {"csv": self._csv, "xlsx": self._xlsx}[kind](self._file_rows(bool(filtered)))
        start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        page = self._details() if operation == "details" else self._page(operation)
        return [page.encode()]

    def _ask(self, statement: str) -> list[Any]:
        self.statements += 1
        return self.connection.execute(_bound(statement, self.sql.sqlite), self.sql.values).fetchall()

    def _page(self, operation: str) -> str:
        statement, reverse = self.sql.keys(operation)
        ids = [row[0] for row in self._ask(statement)]
        ids = ids[::-1] if reverse else ids
        counted = self.sql.total(operation)
        total = self._ask(counted)[0][0] if counted else self.probe.total
        rows = {row[0]: row for row in self._ask(self.sql.rows(ids))}
        shown = f"more than {CAP}" if counted and total > CAP else total
        return self.list.render(rows=[rows[key] for key in ids], total=shown)

    def _details(self) -> str:
        return self.one.render(parts=[self._ask(statement) for statement in self.sql.details()])

    def _file_rows(self, filtered: bool) -> Iterator[list[list[Any]]]:
        """Chunks of rows as they stand in the file, straight from a cursor."""
        self.statements += 1
        with closing(self.connect()) as connection, closing(self.stream(connection)) as cursor:
            cursor.execute(_bound(self.sql.file(filtered), self.sql.sqlite), self.sql.values)
            while chunk := cursor.fetchmany(CHUNK):
                yield [self._cells(row) for row in chunk]

    def _cells(self, row: Sequence[Any]) -> list[Any]:
        cells = [_guarded(cell) for cell in row]
        ends = row[13]
        if ends is not None:
            day = date.fromisoformat(ends) if isinstance(ends, str) else ends
            cells[13] = (day - self.probe.today).days
        return cells

    @staticmethod
    def _csv(chunks: Iterator[list[list[Any]]]) -> Iterator[bytes]:
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        writer.writerow(HEADINGS)
        for rows in chunks:
            writer.writerows(rows)
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()

    @staticmethod
    def _xlsx(chunks: Iterator[list[list[Any]]]) -> Iterator[bytes]:
        from xlsxwriter import Workbook

        with tempfile.TemporaryFile() as file:
            book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
            sheet, number = book.add_worksheet(), 0
            sheet.write_row(0, 0, HEADINGS)
            for rows in chunks:
                for row in rows:
                    number += 1
                    sheet.write_row(number, 0, row)
            book.close()
            file.seek(0)
            while piece := file.read(64 * 1024):
                yield piece


def _guarded(cell: Any) -> Any:
    """The cell so that no spreadsheet takes it for a formula."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.lstrip().startswith(DANGEROUS) else cell
    return cell if cell is None or isinstance(cell, int | float) else str(cell)


def _bound(statement: str, sqlite: bool) -> str:
    """The statement with its parameters as the driver names them."""
    if sqlite:
        return statement
    return re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", statement.replace("%", "%%"))


def _engine(url: str) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    """How to connect, and how to open a cursor that doesn't hold all rows."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        return lambda: sqlite3.connect(f"file:{path}?mode=ro", uri=True), lambda connection: connection.cursor()
    import psycopg

    plain = url.replace("postgresql+psycopg://", "postgresql://")

    def stream(connection: Any) -> Any:
        cursor = connection.cursor("bench")
        cursor.itersize = CHUNK
        return cursor

    return lambda: psycopg.connect(plain, autocommit=False), stream


def make(url: str, probe: Probe, _variant: str) -> Raw:
    """Plain SQL over that register."""
    return Raw(url, probe)
