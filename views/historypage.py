"""The history of a record in sentences: the last of it on the details page, all of it on a page of its own."""

from typing import Any

from flask import request, url_for
from flask_admin import expose
from flask_login import current_user

from extensions import db
from sikerja import formats, history
from sikerja.history import Act
from views.listpage import LARGEST_PAGE, whole
from views.screen import Screen

LATEST = 6
A_PAGE = 50


class HistoryPage(Screen):
    """What was done to a screen's records; mixed into the guarded view."""

    @expose("/history/")
    def history_view(self) -> Any:
        record = self.get_one(request.args.get("id"))
        page = whole(request.args.get("page", ""), LARGEST_PAGE)
        total = history.count(db.session(), self.screen, record.id)
        acts = history.of(db.session(), self.screen, record.id, A_PAGE, page * A_PAGE)
        here = url_for(f"{self.screen}.history_view", id=record.id)
        back = url_for(f"{self.screen}.details_view", id=record.id)
        seen = f"/admin/audit/?flt0_about_equals={self.screen}:{record.id}&flt1_seen_equals=1"
        return self.render(
            "sikerja/history.html",
            title="Riwayat",
            of=str(record),
            crumbs=[(self.title, url_for(f"{self.screen}.index_view")), (str(record), back)],
            items=_shown(acts),
            total=total,
            seen_url=seen if current_user.may("audit:read") else None,
            earlier_url=f"{here}&page={page + 1}" if total > (page + 1) * A_PAGE else None,
            later_url=f"{here}&page={page - 1}" if page else None,
        )

    def history_sections(self, record: Any) -> list[dict[str, Any]]:
        """The last changes, for the details page of whoever may read them: one statement."""
        if not self.has_history:
            return []
        acts = history.of(db.session(), self.screen, record.id, LATEST)
        whole_history = {"label": "Seluruh riwayat", "url": url_for(f"{self.screen}.history_view", id=record.id)}
        return [{"title": "Riwayat", "kind": "history", "items": _shown(acts), "action": whole_history}]


def _shown(acts: list[Act]) -> list[dict[str, Any]]:
    return [{"at": formats.moment(act.at), "sentences": act.sentences} for act in acts]
