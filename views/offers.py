"""Offers: how many came in these months, from where, and what became of them; and the list of them all."""

from typing import Any

from flask import abort, request, url_for
from flask_admin import expose
from flask_login import current_user
from markupsafe import Markup

from extensions import db
from rules import codes
from sikerja import exports, formats, lists, offer_figures
from sikerja.asked import Asked, address
from sikerja.listing import ListState
from sikerja.offer_figures import FEWEST_MONTHS, MOST_MONTHS, USUAL_MONTHS, Figure, Figures, Month
from views.base import SikerjaView
from views.charts import Bar, DrawnBar, Months, Series, bars, counted, months
from views.figurefile import figures_file

OFFERED_MONTHS = (3, 6, 9, 12, 24, 36, 60)
MOST_NAMES = 12  # names of months that stand side by side under the drawing
# What the badge of an outcome looks like.
_BADGES = {"waiting": "process", "accepted": "active"}
MONTH_COLUMNS = (
    exports.plain("month", "Bulan"), exports.whole("received", "Masuk"),
    *(exports.whole(code, codes.OFFER_OUTCOMES[code]) for code in ("accepted", *codes.OUTCOMES, "waiting")),
)  # fmt: skip


def _outcome_cell(row: dict[str, Any]) -> Markup:
    code = row["outcome"]
    return Markup('<span class="b b-{}">{}</span>').format(_BADGES.get(code, "closed"), codes.OFFER_OUTCOMES[code])


class OffersView(SikerjaView):
    """Offers are agreements that come by way of the process; their own pages are those of all agreements."""

    screen = "offers"
    path = "monitoring/offers"
    records = "agreement"
    records_at = "/admin/agreement/"
    listing = lists.OFFERS
    title = "Penawaran"
    noun = "penawaran"
    list_page = "sikerja/offers.html"
    search_hint = "Cari judul, nomor, mitra, perangkat daerah"
    column_list = ("title", "partner", "partner_kind", "partner_origin", "offer_received", "outcome", "answer_days")
    needs = ("register_no",)
    quick_filters = ("outcome", "group", "partner_kind")
    quick_at_once = True
    excel_at_hand = True
    export_columns = exports.OFFERS
    cells = {
        "partner": lambda row: ", ".join(row["partners"]),
        "partner_kind": lambda row: codes.PARTNER_KINDS.get(row["partner_kind"]),
        "outcome": _outcome_cell,
        "answer_days": lambda row: None if row["answer_days"] is None else f"{formats.number(row['answer_days'])} hari",
    }

    # A row is an agreement, and is read and changed where all agreements are.
    details_view = create_view = edit_view = delete_view = restore_view = action_view = None
    ajax_lookup = history_view = None

    def row_key(self, row: dict[str, Any]) -> str:
        return str(row["register_no"])

    row_label = row_key

    def empty_list(self, state: ListState) -> dict[str, Any]:
        return {"title": "Belum ada penawaran", "text": "Naskah yang melewati proses akan tampil di sini.", "links": []}

    def _list_context(self, state: ListState, *rest: Any) -> dict[str, Any]:
        """The numbers stand above the whole list alone: above a part of it they would seem to count that part."""
        asked = _months_asked()
        context = super()._list_context(state, *rest) | {"overview_url": self.address, "offer_url": self._offer_url()}
        if set(request.args) - {"months"}:
            return context
        found = offer_figures.of_period(db.session(), current_user, asked)
        return context | {"overview_url": None, "figures": self._shown(found)}

    def _offer_url(self) -> str | None:
        return url_for("agreement.offer_view", url=self.address) if current_user.may("agreement:create") else None

    def _shown(self, found: Figures) -> dict[str, Any]:
        chosen = len(found.months)
        choices = sorted({*OFFERED_MONTHS, chosen})
        return {
            "period": _period_words(found.months),
            "choices": [(f"{each} bulan", f"{self.address}?months={each}", each == chosen) for each in choices],
            "file_url": url_for("offers.figures_view", export_type="csv", months=chosen),
            "total": self._linked(found.total),
            "outcomes": [self._linked(figure) for figure in found.outcomes],
            "undated": self._linked(found.undated),
            "median": None if found.answers.median is None else f"{found.answers.median:g}".replace(".", ","),
            "answered": self._linked(found.answers.answered),
            "chart": self._chart(found.months),
            "left": [
                self._bars("Jenis mitra", found.partner_kinds, "Penawaran dengan beberapa mitra dihitung pada tiap mitra."),
            ],
            "right": [
                self._bars("Asal mitra", found.origins, "Provinsi, daerah, atau negara; sepuluh yang terbanyak."),
                self._bars("Hasil", found.outcomes),
                self._bars("Jenis kerja sama", found.groups),
            ],
        }

    def _to(self, asked: Asked) -> str:
        return address(self.address, asked)

    def _linked(self, figure: Figure) -> dict[str, Any]:
        text = formats.number(figure.count)
        return {
            "label": figure.label,
            "count": figure.count,
            "text": text,
            "url": counted(self._to(figure.asked), figure.count),
        }

    def _bars(self, title: str, found: tuple[Figure, ...], note: str = "") -> tuple[str, list[DrawnBar], str]:
        """A chart of names: its title, its bars, and what one must know to read it."""
        return title, bars([Bar(figure.label, figure.count, self._to(figure.asked)) for figure in found]), note

    def _chart(self, found: tuple[Month, ...]) -> Months:
        step = -(-len(found) // MOST_NAMES)
        labels = [("" if place % step else month.short_name(step > 1), month.name) for place, month in enumerate(found)]
        return months(
            "penawaran", "Penawaran per bulan", _finding(found), labels,
            [
                Series("Masuk", tuple(month.received for month in found), tuple(self._to(month.asked) for month in found)),
                Series(
                    "Diterima", tuple(month.of("accepted") for month in found),
                    tuple(self._to((*month.asked, ("outcome_equals", "accepted"))) for month in found),
                ),
            ],
        )  # fmt: skip

    @expose("/months/<export_type>/")
    def figures_view(self, export_type: str) -> Any:
        """The numbers of each month as a file."""
        found = offer_figures.by_month(db.session(), current_user, _months_asked())
        rows = [
            {"month": f"{month.first:%Y-%m}", "received": month.received}
            | {code: month.of(code) for code in codes.OFFER_OUTCOMES}
            for month in found
        ]
        return figures_file(self.screen, export_type, "Penawaran per bulan", _period_words(found), MONTH_COLUMNS, rows)


def _months_asked() -> int:
    """How many months the address asks for. Aborts with 400 where it can't be told."""
    text = request.args.get("months", str(USUAL_MONTHS))
    if not (text.isascii() and text.isdecimal() and len(text) <= 2 and FEWEST_MONTHS <= int(text) <= MOST_MONTHS):
        abort(400, f"Banyak bulan tidak dapat dibaca. Isi bilangan bulat antara {FEWEST_MONTHS} dan {MOST_MONTHS}.")
    return int(text)


def _period_words(found: tuple[Month, ...]) -> str:
    return found[0].name if len(found) == 1 else f"{found[0].name} sampai {found[-1].name}"


def _finding(found: tuple[Month, ...]) -> str:
    """What the drawing shows, for those who don't see it."""
    received, accepted = sum(month.received for month in found), sum(month.of("accepted") for month in found)
    if not received:
        return f"Tidak ada penawaran yang masuk pada {_period_words(found)}."
    most = max(found, key=lambda month: month.received)
    return (
        f"{formats.number(received)} penawaran masuk pada {_period_words(found)}, {formats.number(accepted)} di antaranya "
        f"diterima. Terbanyak {formats.number(most.received)}, pada {most.name}."
    )
