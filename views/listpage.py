"""The list page of a screen: state from the address, rows, filter bar, empty state, and the addresses that lead on."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

from flask import redirect, request, url_for
from flask_admin import expose
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from extensions import db
from rules.text import strip_invisible
from sikerja import filters, formats, lists
from sikerja.listing import PAGE_SIZES, ListState, Page, with_state
from views import cells, filterbar, tabs
from views.filterbar import Pending
from views.screen import Screen

EMPTY = "—"
LARGEST_PAGE = 10**7


class ListPage(Screen):
    """What a screen's list shows; mixed into the guarded view."""

    keeps_views: ClassVar[bool] = True  # people may keep views of this list

    @expose("/")
    def index_view(self) -> Any:
        if filterbar.was_sent(request.args):
            return redirect(self._canonical_url())
        state, pending = self._read_state()
        page = self.listing.page(db.session(), state, current_user, (*self.column_list, *self.needs))
        options = self._options([*state.filters, *pending])
        return self.render(self.list_page, **self._list_context(state, pending, page, options))

    def _read_state(self, arguments: MultiDict[str, str] | None = None) -> tuple[ListState, list[Pending]]:
        """What the address (else these arguments) asks for; a value out of bounds falls back, an unknown filter is refused."""
        arguments = request.args if arguments is None else arguments
        page_size = arguments.get("page_size", "")
        state = ListState(
            search=strip_invisible(arguments.get("search", "")).strip()[:200],
            filters=tuple(filters.read(arguments.items(multi=True), self.listing.filters)),
            sort=self._sort_name(arguments.get("sort", "")),
            desc=arguments.get("desc") == "1",
            page=whole(arguments.get("page", ""), LARGEST_PAGE),
            page_size=int(page_size) if page_size in map(str, PAGE_SIZES) else PAGE_SIZES[0],
            bin=arguments.get("bin") == "1" and self.has_bin and self.may("restore"),
            exact=arguments.get("exact") == "1",
            window=self.read_window(arguments),
        )
        return state, filterbar.read_pending(arguments, self.listing.filters)

    def read_window(self, arguments: MultiDict[str, str]) -> int:
        """How many days a list that looks ahead is asked to look ahead; 0 where it isn't, or is no such list."""
        return 0

    def window_words(self, state: ListState) -> str:
        """How far a list that looks ahead does so: 90 hari."""
        return ""

    def asked_words(self, state: ListState, options: Any) -> list[str]:
        """What the list was asked for, as a person says it: how far ahead, search, filters, what was ticked."""
        window = self.window_words(state)
        asked = [f"dalam {window} ke depan"] if window else []
        asked += [f"pencarian “{state.search}”"] if state.search else []
        asked += [filterbar.in_words(each, options) for each in state.filters]
        asked += ["keranjang"] if state.bin else []
        return asked + ([f"{formats.number(len(state.keys))} {self.noun} yang dipilih"] if state.keys else [])

    def read_query(self, query: str) -> ListState:
        """The state that a kept query string asks for. Raises UnknownFilter where a part of it means nothing here."""
        try:
            arguments = MultiDict(parse_qsl(query, max_num_fields=100))
        except ValueError:
            raise filters.UnknownFilter("Isi tampilan ini tidak dapat dibaca. Buka daftarnya, lalu simpan lagi.") from None
        state, _ = self._read_state(arguments)
        if arguments.get("sort") and not state.sort:
            raise filters.UnknownFilter(
                f"Kolom “{strip_invisible(arguments['sort'])[:60]}” untuk mengurutkan daftar tidak ada lagi. "
                "Daftar tidak ditampilkan agar tidak keliru. Pilih urutan lain."
            )
        state = with_state(state, bin=False, exact=False, keys=())
        self.listing.conditions(state, current_user)
        return state

    def query_of(self, state: ListState) -> str:
        """The query string that a view of this state is kept by: canonical, and of no one page."""
        kept = with_state(state, bin=False, exact=False, keys=())
        return urlencode(ListUrls(self, kept)._pairs(kept, []))

    def _sort_name(self, asked: str) -> str:
        """A column by its name, or by its place in the list."""
        if asked.isascii() and asked.isdecimal() and len(asked) < 4 and int(asked) < len(self.column_list):
            asked = self.column_list[int(asked)]
        column = self.listing.column(asked)
        return asked if column is not None and column.sortable else ""

    def _options(self, used: Sequence[Any]) -> dict[str, dict[str, str]]:
        """The names that the filters in use and the visible selects offer or show."""
        by_name = {each.name: each for each in self.listing.filters}
        sources: dict[str, list[int] | None] = {}
        for filter in [*(each.filter for each in used), *(by_name[name] for name in self.quick_filters)]:
            if isinstance(filter, filters.Relation):
                sources[filter.source] = filterbar.ids_in_use(filter, used) if filter.many else None
        return lists.options(db.session(), current_user, sources)

    def _canonical_url(self) -> str:
        """The address for what was chosen in the filter bar."""
        chosen, pending = filterbar.chosen(request.args, self.listing.filters)
        state, _ = ListUrls.without_bar(self)
        return ListUrls(self, with_state(state, filters=tuple(chosen)), pending).url()

    def _list_context(self, state: ListState, pending: list[Pending], page: Page, options: Any) -> dict[str, Any]:
        urls = ListUrls(self, state, pending)
        quick_ones = [each for each in state.filters if filterbar.is_quick(each, self.quick_filters, options)]
        grouped = [each for each in state.filters if each not in quick_ones]
        standing = {each.filter.name for each in grouped}
        quick_names = [name for name in self.quick_filters if name not in standing]
        last = max(0, -(-page.total // state.page_size) - 1)
        return {
            "title": self.title,
            "noun": self.noun,
            "screen": self.screen,
            "state": urls,
            "columns": [self.listing.column(name) for name in self.column_list],
            "sortables": urls.sortables(),
            "rows": self._shown_rows(page.rows),
            "total": page.total,
            "capped": page.capped,
            "total_text": f"{'lebih dari ' if page.capped else ''}{formats.number(page.total)} {self.noun}",
            "exact_url": urls.url(exact=True),
            "asked": filterbar.sentence(self.asked_words(state, options)),
            "quick_at_once": self.quick_at_once,
            "quick": filterbar.quick(quick_names, self.listing.filters, quick_ones, options),
            "quick_hidden": urls.hidden,
            "filter_count": len(state.filters),
            "filters": filterbar.groups(grouped, pending, options, urls.without),
            "addable": self._addable(standing),
            "search_hint": self.search_hint,
            "actions": self._bulk_actions(state) if page.rows else [],
            "versions": ",".join(f"{row['id']}:{row['version']}" for row in page.rows if "version" in row),
            "action_url": url_for(f"{self.screen}.action_view") if self._has_bin_verbs else None,
            "choose_url": f"{self.address}export/",
            "create_url": url_for(f"{self.screen}.create_view") if self.may("create") and not state.bin else None,
            "create_label": self.create_label,
            "exports": urls.exports() if self.may_export else [],
            "excel_url": urls.export_url("xlsx") if self.may_export and self.excel_at_hand else None,
            "bin_url": url_for(f"{self.screen}.index_view", bin=1) if self.has_bin and self.may("restore") else None,
            "pages": _page_numbers(state.page, last, page.capped),
            "has_prev": state.page > 0,
            "has_next": page.capped or state.page < last,
            "empty": None if page.rows else self._empty(state, urls, options),
            "tabs": tabs.over(self, state, page) if self.keeps_views and not state.bin else None,
        }  # fmt: skip

    def _addable(self, standing: set[str]) -> list[tuple[str, str]]:
        """The filters one can add: all but those that stand there as a select already."""
        offered = [each for each in self.listing.filters if each.name not in self.quick_filters or each.name in standing]
        return [(each.name, each.label) for each in offered]

    def _shown_rows(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        first, *others = self.column_list
        beginnings = cells.openings([column for name in others if (column := self.listing.column(name)) is not None])
        editable = self.can_edit_row
        return [
            {
                "id": row["id"],
                "key": self.row_key(row),
                "label": self.row_label(row),
                "href": f"{self.records_at}details/?id={row['id']}",
                "edit_href": f"edit/?id={row['id']}" if editable and self.may_edit_row(row) else None,
                "first": self._cell(first, row),
                "rest": cells.joined(beginnings, [self._cell(name, row) for name in others]),
            }
            for row in rows
        ]

    @property
    def can_edit_row(self) -> bool:
        return self.form_class is not None and self.may("edit") and request.args.get("bin") != "1"

    def may_edit_row(self, row: dict[str, Any]) -> bool:
        """Whether this row of a list that one may edit can be edited: without, it stands there without its pencil."""
        return True

    def row_key(self, row: dict[str, Any]) -> str:
        """What a row is known by from outside."""
        return str(row["id"])

    def row_label(self, row: dict[str, Any]) -> str:
        """What the row's check box and pencil are called for a screen reader."""
        return str(row[self.column_list[0]])

    def _cell(self, name: str, row: dict[str, Any]) -> Any:
        shown = self.cells[name](row) if name in self.cells else row[name]
        if shown is None or shown == "":
            return EMPTY
        if isinstance(shown, bool):
            return "Ya" if shown else "Tidak"
        return formats.short_date(shown) if isinstance(shown, date) else shown

    @property
    def may_export(self) -> bool:
        """True where the person asking may take this list as a file."""
        return bool(self.export_columns) and self.may("export")

    @property
    def _has_bin_verbs(self) -> bool:
        return self.has_bin and self.may("action")

    def _bulk_actions(self, state: ListState) -> list[dict[str, Any]]:
        """What can be done to the rows that are ticked."""
        taken = [{"name": "export", "label": "Ekspor", "icon": "download", "confirm": None, "danger": False}]
        return (taken if self.may_export else []) + (self._bin_verbs(state) if self._has_bin_verbs else [])

    def _bin_verbs(self, state: ListState) -> list[dict[str, Any]]:
        if state.bin:
            return [
                {
                    "name": "restore",
                    "label": "Kembalikan",
                    "icon": "restore",
                    "confirm": "Kembalikan yang dipilih dari keranjang?",
                    "danger": False,
                }
            ]
        return [
            {
                "name": "delete",
                "label": "Buang ke keranjang",
                "icon": "trash",
                "confirm": "Buang yang dipilih ke keranjang? Data dapat dikembalikan dari Keranjang.",
                "danger": True,
            }
        ]

    def _empty(self, state: ListState, urls: "ListUrls", options: Any) -> dict[str, Any]:
        """An honest empty state: what was asked, and one way out."""
        if state.page and not (state.search or state.filters):
            return {
                "title": "Halaman ini kosong",
                "text": f"Daftar {self.noun} tidak sampai ke halaman ini.",
                "links": [("Ke halaman pertama", urls.url(page=0), True)],
            }
        if state.search or state.filters:
            asked = [f"pencarian “{state.search}”"] if state.search else []
            asked += [f"saringan {filterbar.in_words(each, options)}" for each in state.filters]
            text = f"Tidak ada {self.noun} dengan {' dan '.join(asked)}. Hapus salah satunya, atau cari pada seluruh daftar."
            return {
                "title": f"Tidak ada {self.noun} yang cocok",
                "text": text,
                "links": [("Hapus pencarian dan saringan", urls.clear_url, True)],
            }
        if state.bin:
            return {
                "title": "Keranjang kosong",
                "text": f"Tidak ada {self.noun} di keranjang.",
                "links": [("Kembali ke daftar", urls.url(bin=False), True)],
            }
        return self.empty_list(state)

    def empty_list(self, state: ListState) -> dict[str, Any]:
        """What a list says that holds nothing, though nothing was asked."""
        links = [(self.create_label, url_for(f"{self.screen}.create_view"), True)] if self.may("create") else []
        return {
            "title": f"Belum ada {self.noun}",
            "text": f"{self.noun.capitalize()} yang dicatat akan tampil di sini.",
            "links": links,
        }


class ListUrls:
    """The state of a list with the addresses that lead from it; what the template calls `state`."""

    page_sizes = PAGE_SIZES

    def __init__(self, view: "ListPage", state: ListState, pending: Sequence[Pending] = ()) -> None:
        self._view, self._state, self._pending = view, state, list(pending)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._state, name)

    @staticmethod
    def without_bar(view: "ListPage") -> tuple[ListState, list[Pending]]:
        """The state in the address but for its filters, which the bar's own fields replace."""
        arguments = MultiDict((key, value) for key, value in request.args.items(multi=True) if not key.startswith("flt"))
        kept = ListState(
            search=strip_invisible(arguments.get("search", "")).strip()[:200],
            sort=view._sort_name(arguments.get("sort", "")),
            desc=arguments.get("desc") == "1",
            page_size=_page_size(arguments.get("page_size", "")),
            bin=arguments.get("bin") == "1",
            window=view.read_window(request.args),
        )
        return kept, []

    def _pairs(self, state: ListState, pending: Sequence[Pending]) -> list[tuple[str, str]]:
        pairs = [each.argument(index) for index, each in enumerate(state.filters)]
        pairs += [each.argument() for each in pending]
        simple = {
            "search": state.search,
            "sort": state.sort,
            "desc": "1" if state.desc else "",
            "page_size": str(state.page_size) if state.page_size != PAGE_SIZES[0] else "",
            "page": str(state.page) if state.page else "",
            "bin": "1" if state.bin else "",
            "exact": "1" if state.exact else "",
            "days": str(state.window) if state.window else "",
            "keys": ",".join(map(str, state.keys)),
        }
        return pairs + [(name, value) for name, value in simple.items() if value]

    def _address(self, state: ListState, pending: Sequence[Pending], path: str = "") -> str:
        query = urlencode(self._pairs(state, pending))
        base = f"{self._view.address}{path}"
        return f"{base}?{query}" if query else base

    def url(self, **changes: Any) -> str:
        """The list's address with some of its state changed."""
        return self._address(with_state(self._state, **changes) if changes else self._state, self._pending)

    def sort_url(self, name: str) -> str:
        """Sorted by that column; by the one it is sorted by already, the other way round."""
        return self.url(sort=name, desc=self._state.sort == name and not self._state.desc)

    def sortables(self) -> list[dict[str, str]]:
        """The columns one can sort by, for the phone's menu."""
        columns = [self._view.listing.column(name) for name in self._view.column_list]
        return [
            {"name": column.name, "label": column.label, "url": self.url(sort=column.name, desc=False)}
            for column in columns
            if column is not None and column.sortable
        ]

    def without(self, removed: Any) -> str:
        """The address without one of its filters."""
        kept = tuple(each for each in self._state.filters if each is not removed)
        pending = [each for each in self._pending if each is not removed]
        return self._address(with_state(self._state, filters=kept), pending)

    @property
    def clear_url(self) -> str:
        """The address with neither search nor filters."""
        return self._address(with_state(self._state, search="", filters=()), [])

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the filter bar's form must carry along."""
        kept = ("sort", "desc", "bin", "days")
        return [(name, value) for name, value in self._pairs(self._state, []) if name in kept]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What a form must carry along to ask for the same rows in the same order."""
        return self._pairs(self._rows_alone(), [])

    def _rows_alone(self) -> ListState:
        """The state without what only the page needs."""
        return with_state(self._state, page_size=PAGE_SIZES[0], exact=False)

    def export_url(self, kind: str = "", **more: str) -> str:
        """The address of the same rows in the same order as a file; without a kind, of the page that asks which."""
        address = self._address(self._rows_alone(), [], f"export/{kind}/" if kind else "export/")
        glue = "&" if "?" in address else "?"
        return f"{address}{glue}{urlencode(more)}" if more else address

    def exports(self) -> list[tuple[str, str]]:
        """The files one can take."""
        return [
            ("CSV", self.export_url("csv")),
            ("CSV untuk Excel Indonesia (titik koma)", self.export_url("csv", delimiter="semicolon")),
            ("Excel (XLSX)", self.export_url("xlsx")),
            ("Pilih kolom dan baris…", self.export_url()),
        ]


def whole(text: str, largest: int) -> int:
    """A whole number from the address, 0 where it is none; one beyond the largest is the largest."""
    if not (text.isascii() and text.isdecimal()):
        return 0
    return min(int(text), largest) if len(text) < 12 else largest


def _page_size(text: str) -> int:
    return int(text) if text in map(str, PAGE_SIZES) else PAGE_SIZES[0]


def _page_numbers(page: int, last: int, capped: bool) -> list[int | None]:
    """The page numbers to show: the first, those around this one, and the last where it is known; None for a gap."""
    around = {number for number in range(page - 2, page + 3) if 0 <= number <= max(last, page if capped else 0)}
    numbers = sorted({0} | around | ({last} if not capped else set()))
    shown: list[int | None] = []
    for number in numbers:
        if shown and shown[-1] is not None and number > shown[-1] + 1:
            shown.append(None)
        shown.append(number)
    return shown
