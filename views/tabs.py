"""The tabs over a list: the whole of it, and the views that someone keeps of it, each with how many rows it has."""

from typing import Any
from urllib.parse import urlencode

from flask import current_app, url_for
from flask_login import current_user

from extensions import db
from models import SavedView
from sikerja import formats, saved
from sikerja.filters import UnknownFilter
from sikerja.listing import PAGE_SIZES, ListState, Page, with_state
from views.screen import Screen


def list_page(screen: str) -> Any:
    """The screen of that name whose list can be kept as a view, where the person asking may read it; else None."""
    views = current_app.extensions["admin"][0]._views
    found = [view for view in views if isinstance(view, Screen) and view.screen == screen]
    return next((view for view in found if getattr(view, "keeps_views", False) and view.may("read")), None)


def address(page: Any, query: str) -> str:
    """Where a list with this query string is."""
    return f"{page.address}?{query}" if query else str(page.address)


def start_address() -> str | None:
    """Where the person who has just signed in begins, where they chose a view and can still open it."""
    view = saved.start_of(db.session(), current_user)
    page = list_page(view.screen) if view is not None else None
    if view is None or page is None:
        return None
    try:
        return address(page, page.query_of(page.read_query(view.query)))
    except UnknownFilter:
        return None


def over(page: Any, state: ListState, shown: Page) -> dict[str, Any]:
    """The tabs for the template, and where to keep the list as it stands; no tabs where there is no view."""
    views = saved.over_list(db.session(), page.screen, current_user)
    narrowed = bool(state.search or state.filters or state.sort)
    return {
        "items": _items(page, state, shown, views) if views else [],
        "save_url": _save_url(page, state) if narrowed and current_user.may("view:create") else None,
    }


def _save_url(page: Any, state: ListState) -> str:
    return f"{url_for('view.create_view')}?{urlencode({'screen': page.screen, 'query': page.query_of(state)})}"


def _items(page: Any, state: ListState, shown: Page, views: list[SavedView]) -> list[dict[str, Any]]:
    states = {view.id: _read(page, view) for view in views}
    queries = {key: page.query_of(each) for key, each in states.items() if each is not None}
    here = _plain(page, state)
    active = next((key for key, each in states.items() if each is not None and _plain(page, each) == here), None)
    everything = page.read_query("")
    whole = active is None and here == _plain(page, everything)
    # The list itself has been counted just now; what may be a minute old must not contradict it.
    asked = {"": everything} | {queries[key]: each for key, each in states.items() if each is not None}
    now = queries[active] if active is not None else "" if whole else None
    others = [(query, each) for query, each in asked.items() if query != now]
    counted = saved.counts.of(db.session(), page.listing, page.screen, others, current_user)
    if now is not None:
        counted[now] = (shown.total, shown.capped)
    items = [_item("Semua", page.address, counted[""], whole)]
    for view in views:
        query = queries.get(view.id)
        url = url_for("view.open_view", id=view.id) if query is None else address(page, query)
        items.append(_item(view.name, url, None if query is None else counted[query], view.id == active))
    return items


def _read(page: Any, view: SavedView) -> ListState | None:
    """What the view asks for; None where the list can't tell any more."""
    try:
        state: ListState = page.read_query(view.query)
    except UnknownFilter:
        return None
    return state


def _plain(page: Any, state: ListState) -> str:
    """What makes two states the same view: how many rows stand on a page doesn't."""
    return str(page.query_of(with_state(state, page_size=PAGE_SIZES[0])))


def _item(label: str, url: str, count: saved.Count | None, active: bool) -> dict[str, Any]:
    number, capped = count or (None, False)
    text = "–" if number is None else f"{formats.number(number)}{'+' if capped else ''}"
    return {"label": label, "url": url, "count": number, "capped": capped, "text": text, "active": active}
