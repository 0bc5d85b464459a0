"""The start page: what must be done today, what ends, what waits with whom, what is missing; each number opens its rows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_admin import AdminIndexView, expose
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.orm import Session

from extensions import db
from rules import access, codes
from sikerja import clock, figures, formats, gaps, lists
from sikerja.figures import Asked, Terms
from views.charts import Bar, DrawnBar, Months, Series, bars, counted, months
from views.page import Page, rows_url

# On a phone the menu is folded away; these are one press from here.
SHORTCUTS = (
    ("Kerja sama", "agreement"),
    ("Akan berakhir", "ending"),
    ("Dalam proses", "process"),
    ("Penawaran", "offers"),
    ("Rekapitulasi", "recap"),
)
MOST_URGENT, MOST_ENDS, MOST_NAMES = 6, 5, 10
TOP_GAPS = ("no_end", "no_signed_document", "pks_without_kb")
DECISION_BADGES = {
    "undecided": "decide",
    "preparing": "process",
    "with_partner": "upcoming",
    "renewed": "active",
    "not_renewed": "ended",
}


class DashboardView(Page, AdminIndexView):
    """What one sees after signing in."""

    screen = "dashboard"

    def __init__(self) -> None:
        super().__init__(name="Beranda", endpoint=self.screen, url="/admin")

    def create_blueprint(self, admin: Any) -> Any:
        """The same without Flask-Admin's own assets: our pages use none of them, so no address gives them out."""
        blueprint = super().create_blueprint(admin)
        blueprint.static_folder = None
        return blueprint

    @expose("/")
    def index_view(self) -> Any:
        session, today = db.session(), clock.today()
        terms = figures.terms(session, current_user)
        return self.render(
            "sikerja/dashboard.html",
            title=_title(),
            today=formats.day_and_date(today),
            shortcuts=[(label, url_for(f"{screen}.index_view")) for label, screen in SHORTCUTS],
            empty=not terms.total,
            may_create=current_user.may("agreement:create"),
            key_figures=_key_figures(terms, figures.new_offers(session, current_user), figures.late(session, current_user)),
            urgent=_urgent(session, today),
            to_decide=_number(figures.TO_DECIDE, terms.to_decide),
            ends=[_end(row, today) for row in figures.nearest_ends(session, current_user, MOST_ENDS)],
            ending=_number(figures.ending(90), terms.ending.get(90, 0)),
            waiting=_waiting(session, today, terms.by_validity.get("process", 0)),
            coverage=terms.coverage,
            coverage_text=f"{formats.number(terms.coverage.covered)} dari {formats.number(terms.coverage.total)}",
            coverage_bar=bars([Bar("Terpantau", terms.coverage.percent), Bar("", 100)])[0],
            gaps=_missing(session, terms),
            charts=_charts(session, terms),
            chart_over_time=_chart_over_time(session, today),
        )

    # Flask-Admin names the start page's function `index`; one name for all screens keeps the access table plain.
    index = None


def _title() -> str:
    if current_user.role in access.OWN_ROWS_ONLY:
        return "Kerja sama perangkat daerah Anda"
    return "Pekerjaan hari ini" if current_user.may("agreement:edit") else "Keadaan kerja sama"


def _missing(session: Session, terms: Terms) -> list[tuple[str, dict[str, Any]]]:
    """The gaps that matter most. That of the missing ends is known from the terms and isn't counted once more."""
    shown = [gap for gap in gaps.GAPS if gap.key in TOP_GAPS]
    counts = figures.gap_counts(session, current_user, [gap for gap in shown if gap.key != "no_end"])
    counts["no_end"] = terms.coverage.undated
    return [(gap.label, _number([Asked("gap", "equals", gap.key)], counts[gap.key])) for gap in shown]


def _number(asked: Sequence[Asked], count: int) -> dict[str, Any]:
    """A number as the template shows it: with the list of its rows."""
    return {"count": count, "text": formats.number(count), "url": counted(rows_url(asked), count)}


def _key_figures(terms: Terms, offers: int, late: int) -> list[dict[str, Any]]:
    undated, process = terms.by_validity.get("undated", 0), terms.by_validity.get("process", 0)
    nearer = [(f"≤ {days} hari", _number(figures.ending(days), terms.ending.get(days, 0))) for days in figures.NEAR[:-1]]
    return [
        {"label": "Perlu keputusan", "icon": "triangle-alert", "note": "diperpanjang atau tidak", "urgent": terms.to_decide > 0,
         **_number(figures.TO_DECIDE, terms.to_decide)},
        {"label": "Berakhir ≤ 90 hari", "icon": "hourglass", "more": nearer,
         **_number(figures.ending(90), terms.ending.get(90, 0))},
        {"label": "Dalam proses", "icon": "circle-half", "note": "belum ditandatangani",
         "more": [("lewat tenggat", _number(figures.LATE, late))], **_number(figures.PROCESS, process)},
        {"label": "Penawaran baru", "icon": "file", "note": f"{figures.NEW_OFFER_DAYS} hari terakhir",
         **_number(figures.NEW_OFFERS, offers)},
        {"label": "Tanpa tanggal akhir", "icon": "question", "note": "tidak ikut pemantauan",
         **_number(figures.UNDATED, undated)},
    ]  # fmt: skip


# --- what needs attention ----------------------------------------------------------------------------------------


def _urgent(session: Session, today: date) -> list[dict[str, Any]]:
    """The rows that can't wait: two of each kind, then whatever else there is, up to the most."""
    kinds = [
        [_ended(row, today) for row in figures.just_ended(session, current_user, MOST_URGENT)],
        [_undecided(row, today) for row in figures.undecided_ends(session, current_user, MOST_URGENT)],
        [_stuck(row, today) for row in figures.longest_waiting(session, current_user, MOST_URGENT)],
    ]
    chosen = [row for kind in kinds for row in kind[:2]] + [row for kind in kinds for row in kind[2:]]
    kept = chosen[:MOST_URGENT]
    return [row for kind in kinds for row in kind if row in kept]


def _item(row: Mapping[str, Any], what: str, when: str, late: bool) -> dict[str, Any]:
    return {"title": row["title"], "url": _details(row), "what": what, "when": when, "late": late}


def _details(row: Mapping[str, Any]) -> str:
    return f"/admin/agreement/details/?id={row['id']}"


def _ended(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    decide = current_user.may("agreement:decide")
    what = "Putuskan: diperpanjang atau tidak" if decide else "Menunggu keputusan: diperpanjang atau tidak"
    return _item(row, what, f"{(today - row['ends_on']).days} hari lewat", True)


def _undecided(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    verb = "Putuskan perpanjangannya" if current_user.may("agreement:decide") else "Keputusan perpanjangan ditunggu"
    left = (row["ends_on"] - today).days
    when = "Berakhir hari ini" if left == 0 else f"{left} hari lagi"
    return _item(row, f"{verb} sebelum {formats.short_date(row['ends_on'])}", when, left <= figures.NEAR[0])


def _stuck(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    days = (today - row["stage_since"]).days
    holder = codes.HOLDERS.get(row["holder"] or "")
    what = f"Ditunggu dari {holder}" if holder else "Catat siapa yang ditunggu"
    what = f"{what}: {row['stage']}" if row["stage"] else what
    if row["overdue"]:
        return _item(row, what, f"{(today - row['due_on']).days} hari lewat tenggat", True)
    return _item(row, what, f"{days} hari", days > gaps.STUCK_DAYS)


def _end(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    left, decision = (row["ends_on"] - today).days, row["renewal_decision"]
    badge = Markup('<span class="b b-{}">{}</span>').format(DECISION_BADGES[decision], codes.RENEWAL_DECISIONS[decision])
    return {
        "title": row["title"],
        "url": _details(row),
        "partners": lists.NAMES_GLUE.join(row["partners"]),
        "ends_on": formats.short_date(row["ends_on"]),
        "left": "hari ini" if left == 0 else f"{left} hari lagi",
        "decision": badge,
    }


def _waiting(session: Session, today: date, total: int) -> dict[str, Any]:
    """Who holds what for how long: a row for each who holds something, and one for all."""
    found, spans = figures.waiting(session, current_user), figures.ages(today)
    by_holder = {
        holder: sum(count for (held, _), count in found.items() if held == holder) for holder in (*codes.HOLDERS, None)
    }
    rows = []
    for holder, count in by_holder.items():
        if count:
            asked = [*figures.PROCESS, Asked("holder", "equals", holder) if holder else Asked("holder", "empty", "1")]
            cells = [_number([*asked, span], found.get((holder, name), 0)) for name, span in spans.items()]
            rows.append((codes.HOLDERS.get(holder or "", "Belum dicatat"), [*cells, _number(asked, count)]))
    sums = {name: sum(count for (_, age), count in found.items() if age == name) for name in spans}
    last = [_number([*figures.PROCESS, span], sums[name]) for name, span in spans.items()]
    rows.append(("Semua", [*last, _number(figures.PROCESS, total)]))
    return {"headings": [*spans, "Semua"], "rows": rows}


# --- charts ------------------------------------------------------------------------------------------------------


def _charts(session: Session, terms: Terms) -> list[dict[str, Any]]:
    """The bar charts, the two about the agreements themselves first."""
    sectors = dict(list(figures.by_sector(session, current_user).items())[:MOST_NAMES])
    units = dict(list(figures.by_unit(session, current_user).items())[:MOST_NAMES])
    groups, kinds = figures.by_group(session, current_user), figures.by_partner_kind(session, current_user)
    named = {"sector": [key for key in sectors if key is not None], "unit": list(units)}
    names = lists.options(session, current_user, named)
    return [
        _chart("Masa berlaku", "validity", _coded(codes.VALIDITIES, terms.by_validity)),
        _chart("Jenis kerja sama", "group", _coded(codes.GROUPS, groups), "KSDD dengan daerah lain, KSDPK dengan pihak ketiga, "
               "KSDPL dengan pemerintah daerah di luar negeri, KSDLL dengan lembaga di luar negeri."),
        _chart("Bidang urusan", "sector", _named(names["sector"], sectors), _most(sectors)),
        _chart("Perangkat daerah", "unit", _named(names["unit"], units),
               f"{_most(units)}Naskah dengan beberapa perangkat daerah dihitung pada masing-masing."),
        _chart("Jenis mitra", "partner_kind", [(code, codes.PARTNER_KINDS[code], count) for code, count in kinds.items()],
               "Naskah dengan beberapa jenis mitra dihitung pada masing-masing."),
    ]  # fmt: skip


def _most(shown: Mapping[Any, int]) -> str:
    return f"{MOST_NAMES} terbanyak. " if len(shown) == MOST_NAMES else ""


def _coded(words: Mapping[str, str], counts: Mapping[str, int]) -> list[tuple[str | None, str, int]]:
    return [(code, word, counts.get(code, 0)) for code, word in words.items()]


def _named(names: Mapping[str, str], counts: Mapping[Any, int]) -> list[tuple[str | None, str, int]]:
    return [
        (None, "Belum dipilih", count) if key is None else (str(key), names[str(key)], count) for key, count in counts.items()
    ]


def _chart(title: str, filter: str, rows: Sequence[tuple[str | None, str, int]], note: str = "") -> dict[str, Any]:
    return {"key": filter, "title": title, "bars": list(_bars(filter, rows)), "note": note}


def _bars(filter: str, rows: Sequence[tuple[str | None, str, int]]) -> Iterator[DrawnBar]:
    """The bars of a chart; a row without a code is that of the empty ones."""
    shown = []
    for code, word, count in rows:
        asked = Asked(filter, "empty", "1") if code is None else Asked(filter, "equals", code)
        shown.append(Bar(word, count, rows_url([asked])))
    yield from bars(shown)


def _chart_over_time(session: Session, today: date) -> Months:
    starts = figures.month_starts(today)
    signed, ended = figures.monthly(session, current_user)
    labels = [(formats.SHORT_MONTHS[day.month - 1], f"{formats.MONTHS[day.month - 1]} {day.year}") for day in starts]
    whole = [label for _, label in labels]
    finding = f"{_peak('ditandatangani', signed, whole)} {_peak('berakhir', ended, whole)}"
    series = [
        Series("Ditandatangani", tuple(signed), tuple(rows_url(figures.signed_in(day)) for day in starts)),
        Series("Berakhir", tuple(ended), tuple(rows_url(figures.ended_in(day)) for day in starts)),
    ]
    return months("bulan", "Ditandatangani dan berakhir per bulan", finding, labels, series)


def _peak(what: str, counts: Sequence[int], labels: Sequence[str]) -> str:
    highest = max(counts)
    if not highest:
        return f"Tidak ada yang {what} dalam {figures.MONTHS} bulan terakhir."
    return f"Paling banyak {what} pada {labels[counts.index(highest)]}: {formats.number(highest)} naskah."
