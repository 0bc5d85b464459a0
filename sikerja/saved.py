"""Saved views: a list as someone looks at it, under a name, for themselves or for everyone of a role; one may open first.

Who may see and change one, how many there may be, and the counts beside the tabs. What a view's address means is read by
the list it belongs to (views/listpage.py).
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from models import SavedView, User
from rules import access, codes
from sikerja import clock
from sikerja.filters import Condition
from sikerja.listing import Listing, ListState
from sikerja.refusals import Refusal

MOST_OWN = 30  # views that one person may keep
MOST_TABS = 50  # views that stand over one list
LONGEST_QUERY = 2000  # characters; bounds how much one statement of counts may ask
KEPT_SECONDS = 60
KEPT_COUNTS = 5000

# A number of rows, and whether there are more than that.
Count = tuple[int, bool]


# --- who ---------------------------------------------------------------------------------------------------------


def visible(viewer: Any) -> Condition:
    """The views that this person may see: their own, those shared with their role, and for an administrator all shared."""
    seen = or_(SavedView.owner_id == viewer.id, SavedView.shared_with == viewer.role)
    return or_(seen, SavedView.shared_with.is_not(None)) if access.may(viewer.role, "view:share_any") else seen


def may_change(view: SavedView, viewer: Any) -> bool:
    """True for the owner; for a shared view also for an administrator."""
    return view.owner_id == viewer.id or (view.shared_with is not None and access.may(viewer.role, "view:share_any"))


def shareable(viewer: Any) -> dict[str, str]:
    """The roles (code -> word) that this person may share a view with."""
    if access.may(viewer.role, "view:share_any"):
        return codes.ROLES
    return {viewer.role: codes.ROLES[viewer.role]} if access.may(viewer.role, "view:share") else {}


# --- verbs -------------------------------------------------------------------------------------------------------


def record(session: Session, owner: Any, *, name: str, screen: str, query: str, shared_with: str | None) -> SavedView:
    """Keep a view; `query` is the list's own canonical form. Raises Refusal: too many, too long, not theirs to share."""
    kept = session.scalar(select(func.count(SavedView.id)).where(SavedView.owner_id == owner.id)) or 0
    if kept >= MOST_OWN:
        raise Refusal(f"Anda sudah menyimpan {MOST_OWN} tampilan. Hapus yang tidak dipakai lagi, lalu simpan yang ini.")
    if len(query) > LONGEST_QUERY:
        raise Refusal("Saringan pada tampilan ini terlalu panjang untuk disimpan. Kurangi saringannya, lalu simpan lagi.")
    _may_share(owner, shared_with)
    view = SavedView(owner_id=owner.id, name=name, screen=screen, query=query, shared_with=shared_with or None)
    session.add(view)
    session.flush()
    return view


def change(session: Session, person: Any, view: SavedView, *, name: str, shared_with: str | None) -> None:
    """Give a view another name, or share it otherwise. Raises Refusal where the role isn't this person's to share with."""
    if (shared_with or None) != view.shared_with:
        _may_share(person, shared_with)
    view.name, view.shared_with = name, shared_with or None
    session.flush()


def remove(session: Session, view: SavedView) -> None:
    """Delete a view for good: it holds nothing but a way of looking. Whoever opened it first then begins at the dashboard."""
    session.delete(view)
    session.flush()


def _may_share(person: Any, role: str | None) -> None:
    if role and role not in shareable(person):
        raise Refusal("Anda tidak berwenang membagikan tampilan kepada peran itu. Pilih “Hanya saya”.", "shared_with")


def hold(session: Session, view: SavedView) -> bool:
    """Keep others from changing or deleting it until the transaction ends; False where it has just been deleted."""
    return session.scalar(select(SavedView.id).where(SavedView.id == view.id).with_for_update()) is not None


# --- what opens after signing in ---------------------------------------------------------------------------------


def choose_start(person: User, view: SavedView, opens: bool) -> None:
    """Let this view open after signing in, or no longer."""
    if opens:
        person.start_view_id = view.id
    elif person.start_view_id == view.id:
        person.start_view_id = None


def start_of(session: Session, person: User) -> SavedView | None:
    """The view that opens after signing in, where it is still there and this person may still see it."""
    if person.start_view_id is None:
        return None
    return session.scalar(select(SavedView).where(SavedView.id == person.start_view_id, visible(person)))


# --- tabs --------------------------------------------------------------------------------------------------------


def over_list(session: Session, screen: str, viewer: Any) -> list[SavedView]:
    """The views that stand over a list: one's own by name, then those shared with one's role."""
    mine = SavedView.owner_id == viewer.id
    chosen = select(SavedView).where(and_(SavedView.screen == screen, or_(mine, SavedView.shared_with == viewer.role)))
    return list(session.scalars(chosen.order_by(case((mine, 0), else_=1), SavedView.name, SavedView.id).limit(MOST_TABS)))


class Counts:
    """The counts beside the tabs, kept for a minute for whom they were counted; the process's own, and bounded."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Any, ...], tuple[float, Count]] = OrderedDict()
        self._lock = threading.Lock()

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._kept.clear()

    def of(
        self, session: Session, listing: Listing, screen: str, asked: Sequence[tuple[str, ListState]], viewer: Any
    ) -> dict[str, Count]:
        """Query -> count of its rows, capped like the list's own: one statement for all that aren't known, or none."""
        today, now = clock.today(), time.monotonic()
        keys = {query: (viewer.role, viewer.unit_id, viewer.id, screen, query, today) for query, _ in asked}
        with self._lock:
            kept = {query: self._kept.get(key) for query, key in keys.items()}
        known = {query: found[1] for query, found in kept.items() if found is not None and now - found[0] < KEPT_SECONDS}
        unknown = {query: state for query, state in asked if query not in known}
        counted = dict(zip(unknown, listing.counts(session, list(unknown.values()), viewer), strict=True))
        with self._lock:
            for query, count in counted.items():
                self._kept[keys[query]] = (now, count)
                self._kept.move_to_end(keys[query])
            while len(self._kept) > KEPT_COUNTS:
                self._kept.popitem(last=False)
        return known | counted


counts = Counts()
