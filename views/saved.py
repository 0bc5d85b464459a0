"""Saved views: keeping a list as one looks at it, renaming, sharing, deleting it, and choosing the one that opens first."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_login import current_user

from extensions import db
from models import SavedView, User
from rules import codes
from sikerja import formats, lists, records, saved
from sikerja.filters import UnknownFilter
from sikerja.listing import ListState
from sikerja.refusals import Conflict, Refusal
from views import filterbar, tabs
from views.base import Section, SikerjaView
from views.conflict import in_one_transaction, is_stale
from views.fields import Choice, Form, Line, Tick
from views.screen import CONFLICT
from views.security import error_page

NO_LIST = (
    "Buka dulu daftar yang ingin disimpan, atur pencarian, saringan, atau urutannya, lalu tekan “Simpan tampilan ini” di sana."
)
BY_HAND = ("screen", "query")  # what a new view is of; it travels with the form


class SavedViewForm(Form):
    """The name of a view, and for whom it is."""

    name = Line("Nama tampilan", "Tampil sebagai tab di atas daftar.", most=60, required="Isi nama tampilan.")
    shared_with = Choice(
        "Dibagikan kepada", lambda: saved.shareable(current_user).items(),
        "Staf dan pimpinan dapat membagikan kepada sesama perannya, administrator kepada peran mana pun.", blank="Hanya saya",
    )  # fmt: skip
    start = Tick("Buka ini setelah masuk", "Tampilan ini terbuka sendiri sesudah Anda masuk.")


class SavedViewView(SikerjaView):
    """The views of the person who asks, and those shared with their role."""

    screen = "view"
    listing = lists.SAVED_VIEWS
    keeps_views = False
    title = "Tampilan tersimpan"
    noun = "tampilan"
    create_label = "Simpan tampilan"
    search_hint = "Cari nama tampilan"
    column_list = ("name", "screen", "owner", "shared_with")
    needs = ("owner_id",)
    form_class = SavedViewForm
    form_sections = (Section("Tampilan", ("name", "shared_with", "start")),)
    cells = {
        "screen": lambda row: _list_title(row["screen"]),
        "shared_with": lambda row: codes.ROLES.get(row["shared_with"], "Hanya pemiliknya"),
    }

    # --- the list of views ---------------------------------------------------------------------------------------

    def _list_context(self, *given: Any) -> dict[str, Any]:
        """A view is made from the list that it shows, so nothing is begun here."""
        return super()._list_context(*given) | {"create_url": None}

    def _empty(self, state: ListState, urls: Any, options: Any) -> dict[str, Any]:
        if state.search or state.filters or state.page:
            return super()._empty(state, urls, options)
        return {"title": "Belum ada tampilan", "text": NO_LIST, "links": []}

    def may_edit_row(self, row: dict[str, Any]) -> bool:
        return saved.may_change(SavedView(owner_id=row["owner_id"], shared_with=row["shared_with"]), current_user)

    # --- one view ------------------------------------------------------------------------------------------------

    @expose("/open/")
    def open_view(self) -> Any:
        """Go to the list as the view shows it; where the list can't tell any more what that was, say so."""
        view = self.get_one(request.args.get("id"))
        page = tabs.list_page(view.screen)
        if page is None:
            abort(403)
        try:
            return redirect(tabs.address(page, page.query_of(page.read_query(view.query))))
        except UnknownFilter as refusal:
            ways = [("Tampilkan daftar tanpa saringan", page.address)]
            ways += [("Lihat tampilan ini", url_for("view.details_view", id=view.id))]
            return error_page(400, f"Tampilan “{view.name}” tidak dapat dibuka. {refusal}", ways)

    def details_context(self, record: SavedView) -> dict[str, Any]:
        owner = records.names(User, [record.owner_id])[record.owner_id]
        starts = current_user.start_view_id == record.id
        facts = [
            ("Daftar", formats.link(url_for("view.open_view", id=record.id), _list_title(record.screen))),
            ("Isi tampilan", _in_words(record)),
            ("Pemilik", owner),
            ("Dibagikan kepada", codes.ROLES.get(record.shared_with or "", "Hanya pemiliknya")),
            ("Buka ini setelah masuk", "Ya" if starts else "Tidak"),
        ]
        changes = saved.may_change(record, current_user)
        return {
            "main": [{"title": "Ringkasan", "kind": "facts", "items": facts}],
            "buttons": _buttons(record, starts, changes),
            **({} if changes else {"edit_url": None}),
        }

    def _mine(self, key: Any) -> SavedView:
        """The view, to be changed: held where it is about to be. Others' views that this person only reads are refused."""
        view: SavedView = self.get_one(key)
        if not saved.may_change(view, current_user):
            abort(403)
        if request.method == "POST" and not saved.hold(db.session(), view):
            abort(404)
        return view

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        return self._serve_form(self._mine(request.args.get("id")))

    @expose("/start/", methods=("POST",))
    def start_view(self) -> Any:
        """Let this view open after signing in, or no longer."""
        view = self.get_one(request.form.get("id") or request.args.get("id"))
        opens = request.form.get("start") != "0"
        saved.choose_start(current_user, view, opens)
        db.session.commit()
        flash("Tampilan ini terbuka setelah Anda masuk." if opens else "Beranda terbuka setelah Anda masuk.", "success")
        return redirect(self._details_url(view))

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> Any:
        view = self._mine(request.form.get("id") or request.args.get("id"))
        try:
            if is_stale(request.form.get("version"), view):
                raise Conflict(CONFLICT)
            in_one_transaction(lambda: saved.remove(db.session(), view), view)
        except Conflict:
            return self._ask_anyway_page(
                told=[],
                question=f"“{view.name}” baru saja diubah {self._who_saved(view)}. Hapus tetap?",
                button="Tetap hapus",
                fields=[("id", str(view.id)), ("version", str(view.version))],
                cancel_url=self._details_url(view),
                look_url=self._details_url(view),
            )
        flash("Tampilan dihapus.", "success")
        return redirect(url_for("view.index_view"))

    # --- keeping one ---------------------------------------------------------------------------------------------

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        self._asked_for()
        return self._serve_form(None)

    def _asked_for(self) -> tuple[Any, str]:
        """The list that is to be kept, and its query as the list itself would write it. Raises Refusal."""
        screen, query = (request.values.get(name, "") for name in BY_HAND)
        page = tabs.list_page(screen)
        if page is None:
            raise Refusal(NO_LIST)
        try:
            return page, page.query_of(page.read_query(query))
        except UnknownFilter as refusal:
            raise Refusal(f"Tampilan ini tidak disimpan. {refusal}") from None

    def _form_page(
        self, form: Form, record: Any, general: Any = (), status: int = 200, opened: Any = None, stopped: Any = None
    ) -> Any:
        """The form; for a new view with what it is of, and back to that list."""
        if record is None:
            opened = [(name, request.values.get(name, "")) for name in BY_HAND]
        return super()._form_page(form, record, general, status, opened, stopped)

    def came_from(self, record: SavedView | None) -> str:
        return super().came_from(record) if record is not None else tabs.address(*self._asked_for())

    def make_form(self, sent: Any, record: Any) -> Form:
        form = super().make_form(sent, record)
        kept = record.shared_with if record is not None else None
        if kept and kept not in saved.shareable(current_user):
            form["shared_with"].choices.append((kept, codes.ROLES[kept]))  # an administrator has shared it so
        return form

    def form_values(self, record: SavedView) -> dict[str, Any]:
        return super().form_values(record) | {"start": current_user.start_view_id == record.id}

    def create_model(self, form: Form) -> SavedView:
        page, query = self._asked_for()
        name, role = form["name"].data, form["shared_with"].data
        view = saved.record(db.session(), current_user, name=name, screen=page.screen, query=query, shared_with=role)
        saved.choose_start(current_user, view, form["start"].data)
        return view

    def update_model(self, form: Form, model: SavedView) -> SavedView:
        name, role = form["name"].data, form["shared_with"].data
        saved.change(db.session(), current_user, model, name=name, shared_with=role)
        saved.choose_start(current_user, model, form["start"].data)
        return model

    def _after_saving(self, record: SavedView) -> str:
        if request.form.get("_continue_editing") or request.endpoint != "view.create_view":
            return super()._after_saving(record)
        return url_for("view.open_view", id=record.id)


def _list_title(screen: str) -> str:
    page = tabs.list_page(screen)
    return str(page.title) if page is not None else "Daftar yang tidak dapat Anda buka"


def _in_words(view: SavedView) -> str:
    """Search, filters and order, as a person says them."""
    page = tabs.list_page(view.screen)
    if page is None:
        return ""
    try:
        state = page.read_query(view.query)
        options = page._options(state.filters)
    except UnknownFilter as refusal:
        return str(refusal)
    said = [f"pencarian “{state.search}”"] if state.search else []
    said += [filterbar.in_words(each, options) for each in state.filters]
    column = page.listing.column(state.sort)
    said += [f"urut menurut {column.label}{', dari belakang' if state.desc else ''}"] if column is not None else []
    return "; ".join(said) or "Seluruh daftar"


def _buttons(view: SavedView, starts: bool, changes: bool) -> list[dict[str, Any]]:
    start = {
        "label": "Jangan buka setelah masuk" if starts else "Buka ini setelah masuk",
        "url": url_for("view.start_view"), "method": "post", "icon": "home", "danger": False, "confirm": None,
        "fields": [("id", view.id), ("start", "0" if starts else "1")],
    }  # fmt: skip
    delete = {
        "label": "Hapus tampilan", "url": url_for("view.delete_view"), "method": "post", "icon": "trash", "danger": True,
        "confirm": "Hapus tampilan ini? Naskahnya tetap ada; tampilannya tidak dapat dikembalikan.",
        "fields": [("id", view.id), ("version", view.version)],
    }  # fmt: skip
    return [start, *([delete] if changes else [])]
