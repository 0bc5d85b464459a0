"""The monitoring lists: what ends, what has ended, what has no end, what is under way, what was closed.

On Monday morning the supervisor opens "Akan berakhir", narrows it to a unit and this quarter, and takes it to the mayor.
"""

from typing import Any, ClassVar

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from rules import codes
from sikerja import clock, dates, exports, formats, lists, questions
from sikerja.filters import Active, UnknownFilter
from sikerja.listing import ListState, with_state
from views.base import SikerjaView
from views.listpage import ListUrls

MOST_DAYS = 3660


def _since(row: dict[str, Any]) -> Markup | None:
    """Since when, and how many days that is."""
    days = formats.days_since(row["stage_since"], clock.today())
    if days is None:
        return None
    return Markup('{} <small class="sk-since">{} hari</small>').format(
        formats.short_date(row["stage_since"]), formats.number(days)
    )


def _days_left(row: dict[str, Any]) -> str:
    days = (row["ends_on"] - clock.today()).days
    return "Hari ini" if days == 0 else f"{formats.number(days)} hari"


class MonitoringView(SikerjaView):
    """Parent of the monitoring lists: agreements of one kind, to be read and taken away; their own pages are elsewhere."""

    records = "agreement"
    records_at = "/admin/agreement/"
    noun = "naskah"
    search_hint = "Cari judul, nomor, mitra, perangkat daerah"
    needs: ClassVar[tuple[str, ...]] = ("register_no", "stage_since")
    quick_filters: ClassVar[tuple[str, ...]] = ("unit", "sector", "group")
    quick_at_once = True
    excel_at_hand = True
    empty_text: ClassVar[str] = ""
    cells = {
        "partner": lambda row: ", ".join(row["partners"]),
        "unit": lambda row: ", ".join(row["unit_shorts"]),
        "instrument": lambda row: codes.INSTRUMENTS_SHORT[row["instrument"]],
        "stage": lambda row: formats.short_stage(row["stage"]),
        "days_left": _days_left,
        "stage_since": _since,
        "overdue": lambda row: formats.overdue(row["due_on"], row["overdue"], clock.today()),
        "next_step": lambda row: formats.next_step(row["next_step"], formats.short_stage(row["current_stage"]), row["holder"]),
        "renewal_decision": lambda row: formats.renewal_badge(row["renewal_decision"]),
        "holder": lambda row: codes.HOLDERS.get(row["holder"]),
        "closed_as": lambda row: formats.badge("closed", row["closed_as"], None, "", False),
    }

    # A row is an agreement, and is read and changed where all agreements are.
    details_view = create_view = edit_view = delete_view = restore_view = action_view = None
    ajax_lookup = history_view = None

    def row_key(self, row: dict[str, Any]) -> str:
        return str(row["register_no"])

    row_label = row_key

    def empty_list(self, state: ListState) -> dict[str, Any]:
        return {"title": f"Tidak ada {self.noun}", "text": self.empty_text, "links": []}


class EndingView(MonitoringView):
    """What ends within a window of days, the undecided ones first."""

    screen = "ending"
    path = "monitoring/ending"
    listing = lists.ENDING
    title = "Akan berakhir"
    column_list = ("title", "partner", "unit", "instrument", "ends_on", "days_left", "renewal_decision")
    quick_filters = ("unit", "sector", "group", "ends_on")
    export_columns = exports.ENDING
    windows = (30, 60, 90, 180, 365)

    def read_window(self, arguments: MultiDict[str, str]) -> int:
        asked = arguments.get("days", "")
        if not asked:
            return 0
        if not (asked.isascii() and asked.isdecimal() and len(asked) <= 4 and 1 <= int(asked) <= MOST_DAYS):
            raise UnknownFilter(
                f"Jangka waktu tidak dapat dibaca. Daftar tidak ditampilkan agar tidak keliru. Isi 1 sampai {MOST_DAYS} hari."
            )
        return int(asked)

    def window_words(self, state: ListState) -> str:
        return f"{state.window or questions.ENDING_DAYS} hari"

    def empty_list(self, state: ListState) -> dict[str, Any]:
        text = f"Tidak ada naskah yang berakhir dalam {self.window_words(state)}."
        return super().empty_list(state) | {"text": text}

    def _list_context(self, state: ListState, *rest: Any) -> dict[str, Any]:
        return super()._list_context(state, *rest) | {"windows": self._windows(state)}

    def _windows(self, state: ListState) -> list[tuple[str, str, bool]]:
        """The usual windows as links, and this quarter; what else is filtered stays."""
        first, last = dates.quarter(clock.today())
        end = next(each for each in self.listing.filters if each.name == "ends_on")
        quarter = Active(end, "between", f"{first} to {last}")
        others = tuple(each for each in state.filters if each != quarter)
        in_quarter = quarter in state.filters
        urls = ListUrls(self, with_state(state, filters=others))
        days = (last - clock.today()).days
        window = state.window or questions.ENDING_DAYS
        return [
            *((f"{each} hari", urls.url(window=each), not in_quarter and each == window) for each in self.windows),
            (
                "Triwulan ini",
                urls.url(filters=(*others, quarter), window=days if days > questions.ENDING_DAYS else 0),
                in_quarter,
            ),
        ]


class EndedView(MonitoringView):
    """What has ended and wasn't renewed, the latest first."""

    screen = "ended"
    path = "monitoring/ended"
    listing = lists.ENDED
    title = "Sudah berakhir"
    column_list = ("title", "partner", "unit", "instrument", "ends_on", "renewal_decision")
    quick_filters = ("unit", "sector", "group", "ends_on")
    export_columns = exports.ENDED
    empty_text = "Tidak ada naskah yang sudah berakhir tanpa diperpanjang."


class UndatedView(MonitoringView):
    """What no list of ends can hold, since its end isn't known."""

    screen = "undated"
    path = "monitoring/undated"
    listing = lists.UNDATED
    title = "Tanpa tanggal akhir"
    column_list = ("title", "partner", "unit", "instrument", "signed_on", "year", "duration")
    export_columns = exports.UNDATED
    empty_text = "Semua naskah yang berlaku punya tanggal akhir."


class ProcessView(MonitoringView):
    """What isn't signed yet, where it stands, who is waited for and until when: what is late first, then the longest."""

    screen = "process"
    path = "monitoring/process"
    listing = lists.PROCESS
    title = "Dalam proses"
    column_list = ("title", "partner", "stage", "holder", "stage_since", "due_on", "overdue", "next_step")
    needs = (*MonitoringView.needs, "current_stage")
    quick_filters = ("unit", "sector", "group", "holder")
    export_columns = exports.PROCESS
    empty_text = "Tidak ada naskah yang sedang diproses."

    def _list_context(self, state: ListState, *rest: Any) -> dict[str, Any]:
        return super()._list_context(state, *rest) | {"windows": self._windows(state), "windows_label": "Tenggat"}

    def _windows(self, state: ListState) -> list[tuple[str, str, bool]]:
        """All, and what is late, as links; what else is filtered stays."""
        filter = next(each for each in self.listing.filters if each.name == "overdue")
        late = Active(filter, "equals", "1")
        others = tuple(each for each in state.filters if each.filter is not filter)
        urls, is_late = ListUrls(self, state), late in state.filters
        return [
            ("Semua", urls.url(filters=others), others == state.filters),
            ("Lewat tenggat", urls.url(filters=(*others, late)), is_late),
        ]


class ClosedView(MonitoringView):
    """What came to nothing: its outcome and why, the latest first."""

    screen = "closed"
    path = "monitoring/closed"
    listing = lists.CLOSED
    title = "Ditutup"
    column_list = ("title", "partner", "closed_as", "closed_reason", "closed_on")
    quick_filters = ("unit", "sector", "group", "closed_as")
    export_columns = exports.CLOSED
    empty_text = "Tidak ada penawaran yang ditolak, ditarik, kedaluwarsa, atau dibatalkan."
