"""The recap: what the bureau reports upwards, a table of numbers on one sheet of paper; every number opens its rows."""

from typing import Any

from flask import abort, request, url_for
from flask_admin import BaseView, expose
from flask_login import current_user

from extensions import db
from sikerja import exports, formats, recap
from sikerja.asked import Asked, address
from sikerja.recap import BY, FIRST_YEAR, LAST_YEAR, STANDINGS, Recap, Row
from views.charts import Bar, bars, counted
from views.figurefile import figures_file

USUAL = "group"
ONCE = "Pada baris Jumlah tiap naskah dihitung sekali."


class RecapView(BaseView):
    """A table of numbers; it has no records of its own."""

    def __init__(self) -> None:
        super().__init__(name="Rekapitulasi", endpoint="recap", url="monitoring/recap")

    def is_accessible(self) -> bool:
        return bool(current_user.is_authenticated and current_user.may("recap:read"))

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)

    @expose("/")
    def index_view(self) -> Any:
        by, year = _asked()
        found = recap.compute(db.session(), current_user, by, year)
        drawn = bars([Bar(row.label, row.total) for row in found.rows])
        return self.render(
            "sikerja/recap.html",
            title="Rekapitulasi",
            told=_told(found, year),
            note=f"{found.dimension.note} {ONCE}" if found.dimension.note else "",
            choices=[(each.label, _address(name, year), name == by) for name, each in BY.items()],
            by=by,
            year=year or "",
            all_years_url=_address(by, None) if year else None,
            headings=[heading for heading, _ in STANDINGS.values()],
            label=found.dimension.label,
            rows=[(bar, _cells(row)) for bar, row in zip(drawn, found.rows, strict=True)],
            total=_cells(found.total),
            exports=_exports(by, year) if current_user.may("recap:export") else [],
        )

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Any:
        by, year = _asked()
        found = recap.compute(db.session(), current_user, by, year)
        columns = (
            exports.plain("label", found.dimension.label), exports.whole("total", "Jumlah"),
            *(exports.whole(name, heading) for name, (heading, _) in STANDINGS.items()),
        )  # fmt: skip
        rows = [_values(row) for row in found.rows]
        rows.append(_values(found.total) | {"label": "Jumlah (tiap naskah sekali)"})
        return figures_file("recap", export_type, "Rekapitulasi", _told(found, year), columns, rows)


def _asked() -> tuple[str, int | None]:
    """Dimension and year that the address asks for. Aborts with 400 where one of them can't be told."""
    by, text = request.args.get("by") or USUAL, request.args.get("year", "").strip()
    if by not in BY:
        abort(400, "Rekapitulasi ini tidak dikenal. Pilih salah satu dari halaman Rekapitulasi.")
    if not text:
        return by, None
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR):
        abort(400, f"Tahun tidak dapat dibaca. Isi tahun antara {FIRST_YEAR} dan {LAST_YEAR}.")
    return by, int(text)


def _address(by: str, year: int | None) -> str:
    return url_for("recap.index_view", by=by, year=year)


def _exports(by: str, year: int | None) -> list[tuple[str, str]]:
    kinds = (
        ("CSV", "csv", None),
        ("CSV untuk Excel Indonesia (titik koma)", "csv", "semicolon"),
        ("Excel (XLSX)", "xlsx", None),
    )
    return [
        (label, url_for("recap.export", export_type=kind, by=by, year=year, delimiter=delimiter))
        for label, kind, delimiter in kinds
    ]


def _told(found: Recap, year: int | None) -> str:
    of_year = f", tahun {year}" if year else ""
    return f"Naskah menurut {found.dimension.label.lower()}{of_year}"


def _cells(row: Row) -> list[dict[str, Any]]:
    """The numbers of a row with what they open, the total first."""
    numbers = [(row.total, row.asked), *((row.counts.get(name, 0), row.asked_of(name)) for name in STANDINGS)]
    return [_cell(count, asked) for count, asked in numbers]


def _cell(count: int, asked: Asked) -> dict[str, Any]:
    url = counted(address(url_for("agreement.index_view"), asked), count)
    return {"count": count, "text": formats.number(count), "url": url}


def _values(row: Row) -> dict[str, Any]:
    return {"label": row.label, "total": row.total} | {name: row.counts.get(name, 0) for name in STANDINGS}
