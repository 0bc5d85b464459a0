"""Taking a list away: as CSV or Excel, whole or in part; and the page that asks which columns and rows."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import IO, Any

from flask import Response, abort, current_app, redirect, request, stream_with_context
from flask_admin import expose
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.http import dump_options_header

from extensions import db
from sikerja import audit, exports, formats, xlsx
from sikerja.exports import ExportColumn
from sikerja.listing import ListState
from views import filterbar
from views.fields import LARGEST_ID
from views.listpage import ListPage, ListUrls

MOST_KEYS = 200  # as many as a page of a list can tick
_KEYS = re.compile(r"\d{1,10}(,\d{1,10})*", re.ASCII)
# What one may choose -> kind of file, its further arguments, what it is called, what it is good for.
FORMATS: dict[str, tuple[str, dict[str, str], str, str]] = {
    "xlsx": ("xlsx", {}, "Excel (XLSX)",
             "Tanggal dan angka dapat langsung dihitung. Lembar pertama menjelaskan isi daftar."),
    "semicolon": ("csv", {"delimiter": "semicolon"}, "CSV, dipisah titik koma", "Untuk Excel berbahasa Indonesia"),
    "csv": ("csv", {}, "CSV, dipisah koma", "Untuk aplikasi lain"),
}  # fmt: skip
NO_COLUMN = "Centang sedikitnya satu kolom."


class ExportPage(ListPage):
    """How a list is taken away; mixed into the guarded view."""

    # --- the file ------------------------------------------------------------------------------------------------

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Any:
        if export_type not in ("csv", "xlsx") or not self.export_columns:
            abort(404)
        state = self._rows_asked()
        columns = self._wanted_columns()
        needed = [name for column in columns for name in column.needs]
        options = self._options(state.filters)
        asked = self.asked_words(state, options)
        session = exports.reading_session(db.engine)
        with ExitStack() as until_answered:
            until_answered.callback(session.close)  # also where the query fails
            note = audit.ExportNote(self.records or self.screen, self._told(export_type, asked, len(columns)))
            rows = note.counted(self.listing.stream(session, state, current_user, needed))
            if export_type == "xlsx":
                response = self._as_xlsx(state, columns, rows, session, note, asked)
            else:
                response = self._as_csv(columns, rows, session)
            until_answered.pop_all()
        response.call_on_close(session.close)  # also where the file is broken off
        response.call_on_close(note.end)
        name = exports.file_name(self._name_words(state), state, options, export_type)
        response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": name})
        return response

    def _as_csv(self, columns: Sequence[ExportColumn], rows: Iterator[Any], session: Session) -> Response:
        delimiter = exports.DELIMITERS.get(request.args.get("delimiter", ""), ",")
        # What goes wrong in the query is told as a page, not as half a file: the first rows are read before the answer.
        chunks = exports.csv_chunks(columns, _begun(rows, session), delimiter)
        return Response(stream_with_context(chunks), mimetype="text/csv")

    def _as_xlsx(
        self,
        state: ListState,
        columns: Sequence[ExportColumn],
        rows: Iterator[Any],
        session: Session,
        note: audit.ExportNote,
        asked: list[str],
    ) -> Response:
        """An Excel file is packed when it is whole: written first, sent then. Raises Refusal where it can't hold all rows."""
        front = xlsx.FrontSheet(self.title, lambda: self._front_lines(asked, len(columns), note.count))
        try:
            xlsx.refuse_too_many(self.listing.count(session, replace(state, exact=True), current_user)[0])
            file = xlsx.write(front, columns, rows)
        finally:
            session.close()
        note.whole = False
        response = Response(_sent(file, note), mimetype=xlsx.MIME)
        response.call_on_close(file.close)
        return response

    def _front_lines(self, asked: list[str], columns: int, rows: int) -> list[tuple[str, str | int]]:
        region = current_app.config["REGION_NAME"]
        return [
            ("Daftar", self.title),
            ("Saringan", "; ".join(asked) or "Tanpa saringan: seluruh daftar"),
            ("Banyak baris", rows),
            ("Kolom", f"{columns} dari {len(self._offered_columns)}"),
            ("Diambil oleh", f"{current_user.name} ({current_user.role_label})"),
            ("Diambil pada", formats.this_moment()),
            ("Sumber", f"Sikerja, Bagian Kerja Sama, Pemerintah {region}"),
        ]

    def _told(self, kind: str, asked: list[str], columns: int) -> str:
        """What is taken, for the trail: kind of file, list, its search and filters in words."""
        chosen = [] if columns == len(self.export_columns) else [f"{columns} kolom"]
        return "; ".join([f"{kind.upper()} {self.title}", *(asked or ["seluruh daftar"]), *chosen])

    def _name_words(self, state: ListState) -> list[str]:
        return [word for word in (self.title, self.window_words(state)) if word]

    def _file_stem(self, state: ListState, options: Any) -> str:
        """What the file will be called, whichever kind it is."""
        return exports.file_name(self._name_words(state), state, options).removesuffix(".csv")

    def _wanted_columns(self) -> Sequence[ExportColumn]:
        """All the usual columns, or those named in `columns`, in the order of the file."""
        return self._chosen_columns() or self.export_columns

    def _chosen_columns(self) -> list[ExportColumn]:
        names = ",".join(request.args.getlist("columns")).split(",")
        return [column for column in self._offered_columns if column.name in names]

    @property
    def _offered_columns(self) -> tuple[ExportColumn, ...]:
        return (*self.export_columns, *self.export_more)

    # --- what is asked for ---------------------------------------------------------------------------------------

    def _rows_asked(self) -> ListState:
        """The state in the address with the rows that were ticked. Aborts with 400 where these can't be read."""
        state, _ = self._read_state()
        sent = ",".join([*request.args.getlist("keys"), *request.args.getlist("rowid")])
        if not sent:
            return state
        keys = [int(key) for key in sent.split(",")] if _KEYS.fullmatch(sent) else []
        if not keys or len(keys) > MOST_KEYS or max(keys) > LARGEST_ID:
            abort(400, f"Pilihan baris tidak dapat dibaca. Centang paling banyak {MOST_KEYS} baris, lalu pilih Ekspor lagi.")
        return replace(state, keys=tuple(dict.fromkeys(keys)))

    @expose("/export/")
    def choose_view(self) -> Any:
        """The page that asks which columns and rows, and says how many there are; or on to the file that was chosen."""
        if not self.export_columns:
            abort(404)
        state = self._rows_asked()
        if "rowid" in request.args:
            return redirect(ListUrls(self, state).export_url())
        if "format" not in request.args:
            return self._ask(state, self._wanted_columns())
        kind, more, *_ = FORMATS.get(request.args["format"]) or abort(400, "Format berkas ini tidak dikenal. Pilih lagi.")
        columns = self._chosen_columns()
        if not columns:
            return self._ask(state, [], NO_COLUMN), 422
        if tuple(columns) != self.export_columns:
            more = more | {"columns": ",".join(column.name for column in columns)}
        state = replace(state, keys=()) if request.args.get("take") == "all" else state
        return redirect(ListUrls(self, state).export_url(kind, **more))

    def _ask(self, state: ListState, columns: Sequence[ExportColumn], error: str = "") -> Any:
        session = db.session()
        everything = replace(state, keys=(), exact=True)
        total, _ = self.listing.count(session, everything, current_user)
        ticked = self.listing.count(session, replace(everything, keys=state.keys), current_user)[0] if state.keys else 0
        options = self._options(state.filters)
        chosen = replace(state, keys=state.keys if ticked else ())
        urls = ListUrls(self, chosen)
        return self.render(
            "sikerja/export.html",
            title=f"Ekspor {self.title.lower()}",
            crumbs=[(self.title, ListUrls(self, everything).url(exact=False)), ("Ekspor", None)],
            noun=self.noun,
            total=formats.number(total),
            ticked=formats.number(ticked) if ticked else "",
            gone=bool(state.keys) and not ticked,
            asked=filterbar.sentence(self.asked_words(everything, options)),
            fields=urls.carried,
            formats=[(code, label, use) for code, (_, _, label, use) in FORMATS.items()],
            format=request.args.get("format", "xlsx"),
            columns=[(each.name, each.heading, each in columns) for each in self._offered_columns],
            file_name=self._file_stem(everything, options),
            ticked_file_name=self._file_stem(chosen, options),
            error=error,
            back=ListUrls(self, everything).url(exact=False),
        )


def _begun(chunks: Iterator[Any], session: Session) -> Iterator[Any]:
    """The same chunks, the first of them already read; the session is closed after the last."""
    first: Any = next(chunks, [])

    def rest() -> Iterator[Any]:
        yield first
        yield from chunks
        session.close()

    return rest()


def _sent(file: IO[bytes], note: audit.ExportNote) -> Iterator[bytes]:
    """The file piece by piece; only then is it noted as whole."""
    yield from xlsx.pieces(file)
    note.whole = True
