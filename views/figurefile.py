"""Numbers of a page as a file: a small table as CSV or Excel, with its trace. Shared by the pages of numbers."""

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, current_app, request
from flask_login import current_user
from werkzeug.http import dump_options_header

from rules.text import slug
from sikerja import audit, clock, exports, formats, xlsx
from sikerja.exports import ExportColumn


def figures_file(
    screen: str, kind: str, title: str, told: str, columns: Sequence[ExportColumn], rows: Sequence[dict[str, Any]]
) -> Response:
    """The rows as a file of that kind; `told` says in words what they count. Aborts with 404 for another kind."""
    if kind not in ("csv", "xlsx"):
        abort(404)
    if kind == "csv":
        delimiter = exports.DELIMITERS.get(request.args.get("delimiter", ""), ",")
        response = Response(b"".join(exports.csv_chunks(columns, [list(rows)], delimiter)), mimetype="text/csv")
    else:
        with xlsx.write(xlsx.FrontSheet(title, lambda: _front(title, told, len(rows))), columns, [list(rows)]) as file:
            response = Response(file.read(), mimetype=xlsx.MIME)
    audit.note_figures(screen, f"{kind.upper()} {title}; {told}", len(rows))
    name = f"{slug(title).replace('_', '-')}_{slug(told).replace('_', '-')[:60].strip('-')}_{clock.today().isoformat()}.{kind}"
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": name})
    return response


def _front(title: str, told: str, rows: int) -> list[tuple[str, str | int]]:
    region = current_app.config["REGION_NAME"]
    return [
        ("Rekapitulasi", title),
        ("Yang dihitung", told),
        ("Banyak baris", rows),
        ("Diambil oleh", f"{current_user.name} ({current_user.role_label})"),
        ("Diambil pada", formats.this_moment()),
        ("Sumber", f"Sikerja, Bagian Kerja Sama, Pemerintah {region}"),
    ]
