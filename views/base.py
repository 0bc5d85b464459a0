"""The one guarded view: what Flask-Admin leaves open is closed here, once; a screen below is a short declaration.

A screen names its list (`sikerja/lists`), its columns, its form and its verbs. Permissions come from rules/access.py,
asked before every endpoint (views/security.py) and again here for what the endpoint alone doesn't tell.
"""

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import abort, jsonify, redirect, request, url_for
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from flask_login import current_user
from markupsafe import Markup

from extensions import db
from rules.text import strip_invisible
from sikerja import lists
from sikerja.listing import PAGE_SIZES
from views.binpage import BinPage
from views.exportpage import ExportPage
from views.fields import Form
from views.formpage import FormPage
from views.historypage import HistoryPage
from views.listpage import whole
from views.screen import Lookup, Section

__all__ = ["Lookup", "Section", "SikerjaView"]

EMPTY = Markup('<span class="none">Belum diisi</span>')


class SikerjaView(ExportPage, FormPage, BinPage, HistoryPage, ModelView):
    """Parent of every screen. Deny by default: a subclass says what it has, the access table who may use it."""

    can_view_details = True
    details_page: ClassVar[str] = "sikerja/details.html"
    page_size = PAGE_SIZES[0]

    def __init__(self) -> None:
        super().__init__(self.listing.model, db, name=self.title, endpoint=self.screen, url=self.path or self.screen)

    # --- what Flask-Admin would make up from the model, and what we declare instead ------------------------------

    def is_accessible(self) -> bool:
        return bool(current_user.is_authenticated and self.may("read"))

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)  # upstream hides every TypeError behind a second call

    def get_list_columns(self) -> list[tuple[str, str]]:
        return [(name, self._column_label(name)) for name in self.column_list]

    def _column_label(self, name: str) -> str:
        column = self.listing.column(name)
        if column is None:
            raise ValueError(f"{self.screen} has no column {name!r}")
        return column.label

    def get_details_columns(self) -> list[tuple[str, str]]:
        return []

    def get_export_columns(self) -> list[tuple[str, str]]:
        return []

    def get_sortable_columns(self) -> dict[str, Any]:
        return {}

    def init_search(self) -> bool:
        return True

    def get_filters(self) -> None:
        return None

    def get_create_form(self) -> type[Form]:
        return self.form_class or Form

    def get_edit_form(self) -> type[Form]:
        return self.form_class or Form

    def ajax_update(self) -> None:
        """Not exposed: editing in the list would pass by permission, scope and version."""

    # --- many rows -----------------------------------------------------------------------------------------------

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        """A verb on the rows that were ticked. To take them away as a file is one, which leads to the page that asks how."""
        if request.form.get("action") != "export":
            return super().action_view()
        if not self.may_export:
            abort(403)
        asked = [("keys", ",".join(request.form.getlist("rowid")))] if request.form.getlist("rowid") else []
        state = parse_qsl(urlsplit(request.form.get("url", "")).query)
        return redirect(f"{self.address}export/?{urlencode(state + asked)}")

    # --- one record ----------------------------------------------------------------------------------------------

    @expose("/details/")
    def details_view(self) -> Any:
        return self.show_details(self.get_one(request.args.get("id")))

    def show_details(self, record: Any, **more: Any) -> str:
        """The details page; `more` is what a template of the screen's own asks for."""
        context = self._frame_of_details(record) | self.details_context(record) | more
        context["main"] = [*context["main"], *self.history_sections(record)]
        return self.render(self.details_page, **context)

    def _frame_of_details(self, record: Any) -> dict[str, Any]:
        binned = getattr(record, "is_binned", False)
        may_edit = self.form_class is not None and self.may("edit") and not binned
        return {
            "title": str(record),
            "crumbs": [(self.title, url_for(f"{self.screen}.index_view")), (str(record), None)],
            "facts": [],
            "badge": None,
            "edit_url": url_for(f"{self.screen}.edit_view", id=record.id) if may_edit else None,
            "buttons": self._buttons(record),
            "notice": "Data ini ada di keranjang dan tidak ikut dihitung. Kembalikan dulu untuk mengubahnya."
            if binned
            else None,
            "main": [],
            "side": [],
        }

    def _buttons(self, record: Any) -> list[dict[str, Any]]:
        if not self.has_bin:
            return []
        verb, label, icon, question = (
            ("restore", "Kembalikan", "restore", None)
            if record.is_binned
            else ("delete", "Buang ke keranjang", "trash", self.bin_question)
        )
        if not self.may(verb):
            return []
        return [
            {
                "label": label,
                "url": url_for(f"{self.screen}.{verb}_view"),
                "method": "post",
                "icon": icon,
                "danger": verb == "delete",
                "confirm": question,
                "fields": [("id", record.id), ("version", record.version)],
            }
        ]

    def details_context(self, record: Any) -> dict[str, Any]:
        """What the details page shows; by default the declared facts."""
        facts = [(label, shown if (shown := read(record)) not in (None, "") else EMPTY) for label, read in self.details]
        return {"main": [{"title": "Ringkasan", "kind": "facts", "items": facts}]}

    # --- type-ahead ----------------------------------------------------------------------------------------------

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> Any:
        lookup = self.lookups.get(request.args.get("name", ""))
        if lookup is None:
            abort(404)
        asked = strip_invisible(request.args.get("query", ""))
        offset = whole(request.args.get("offset", ""), 1000)
        found = lists.look_up(db.session(), lookup.listing, current_user, lookup.label, asked, offset)
        return jsonify([[key, name] for key, name in found])
