"""Gaps: how much of the register is monitored at all, and what is missing, rule by rule."""

from typing import Any

from flask import Response, abort, request
from flask_admin import expose
from flask_login import current_user
from werkzeug.http import dump_options_header

from extensions import db
from sikerja import audit, exports, figures, formats
from sikerja.exports import plain
from sikerja.figures import Asked
from sikerja.gaps import GAPS, Gap
from sikerja.listing import ListState
from views.charts import Bar, bars, counted
from views.page import Page, rows_url

TITLE = "Kekosongan data"
COLUMNS = (
    plain("label", "Kekosongan"),
    plain("sentence", "Penjelasan"),
    plain("count", "Banyak naskah"),
    plain("who", "Siapa yang melengkapi"),
)


class GapView(Page):
    """The page of gaps and its table as a file."""

    screen = "gaps"

    def __init__(self) -> None:
        super().__init__(name=TITLE, endpoint=self.screen, url="monitoring/gaps")

    @expose("/")
    def index_view(self) -> Any:
        session = db.session()
        coverage = figures.terms(session, current_user).coverage
        counts = figures.gap_counts(session, current_user)
        return self.render(
            "sikerja/gaps.html",
            title=TITLE,
            coverage=coverage,
            coverage_text=f"{formats.number(coverage.covered)} dari {formats.number(coverage.total)}",
            coverage_bar=bars([Bar("Terpantau", coverage.percent), Bar("", 100)])[0],
            undated_text=formats.number(coverage.undated),
            undated_url=counted(rows_url(figures.UNDATED), coverage.undated),
            gaps=[_shown(gap, counts[gap.key]) for gap in GAPS],
            export_url=f"{self.url}/export/csv/",
        )

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Any:
        if export_type != "csv":
            abort(404)
        counts = figures.gap_counts(db.session(), current_user)
        db.session.rollback()
        rows = [{"label": gap.label, "sentence": gap.sentence, "count": counts[gap.key], "who": gap.who} for gap in GAPS]
        delimiter = exports.DELIMITERS.get(request.args.get("delimiter", ""), ",")
        response = Response(b"".join(exports.csv_chunks(COLUMNS, [rows], delimiter)), mimetype="text/csv")
        name = exports.file_name([TITLE], ListState(), {})
        response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": name})
        note = audit.ExportNote(self.screen, f"CSV {TITLE}")
        note.count, note.whole = len(rows), True
        note.end()
        return response


def _shown(gap: Gap, count: int) -> dict[str, Any]:
    asked = [Asked("gap", "equals", gap.key)]
    return {
        "label": gap.label,
        "sentence": gap.sentence,
        "who": gap.who,
        "count": count,
        "text": formats.number(count),
        "url": counted(rows_url(asked), count),
        "csv_url": rows_url(asked, "export/csv/"),
    }
