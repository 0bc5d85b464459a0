"""The bin of a screen: throwing away, taking back, one or many."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.actions import action
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from extensions import db
from sikerja import bin as the_bin
from sikerja.refusals import Conflict, Refusal, of_integrity_error
from views.fields import LARGEST_ID
from views.screen import CONFLICT, Screen

Verb = Callable[[Any, Any], None]


class BinPage(Screen):
    """How a screen's records go to the bin and come back; mixed into the guarded view."""

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> Any:
        return self._bin_one(the_bin.throw, "Dibuang ke keranjang.")

    @expose("/restore/", methods=("POST",))
    def restore_view(self) -> Any:
        return self._bin_one(the_bin.restore, "Dikembalikan dari keranjang.")

    def _bin_one(self, verb: Verb, done: str) -> Any:
        if not self.has_bin:
            abort(404)
        record = self.get_one(request.form.get("id") or request.args.get("id"))
        details = url_for(f"{self.screen}.details_view", id=record.id)
        try:
            _in_one_transaction(verb, record)
        except Refusal as refusal:
            db.session.rollback()
            raise Refusal(str(refusal)) from None
        flash(done, "success")
        return redirect(
            request.values.get("url") or (details if verb is the_bin.restore else url_for(f"{self.screen}.index_view"))
        )

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        name = request.form.get("action", "")
        known = {"delete": self.action_delete, "restore": self.action_restore}
        if name not in known or not self.has_bin or not self.may(name):
            abort(403 if name in known else 400)
        known[name](request.form.getlist("rowid"))
        return redirect(request.form.get("url") or url_for(f"{self.screen}.index_view"))

    @action("delete", "Buang ke keranjang")
    def action_delete(self, ids: Sequence[str]) -> None:
        self._bin_many(ids, the_bin.throw, "dibuang ke keranjang")

    @action("restore", "Kembalikan")
    def action_restore(self, ids: Sequence[str]) -> None:
        self._bin_many(ids, the_bin.restore, "dikembalikan")

    def _bin_many(self, ids: Sequence[str], verb: Verb, done: str) -> None:
        """Do it to each that allows it; name each that doesn't, with its reason."""
        keys = {
            int(key) for key in ids[:1000] if key.isascii() and key.isdecimal() and len(key) <= 10 and int(key) <= LARGEST_ID
        }
        records = self.listing.many(db.session(), sorted(keys), current_user) if keys else []
        if not records:
            flash("Tidak ada yang dipilih. Centang barisnya dulu.", "warning")
        count, reasons = 0, []
        # The youngest first: what hangs on an older one is out of its way by then.
        for record in reversed(records):
            name = str(record)
            try:
                _in_one_transaction(verb, record)
                count += 1
            except Refusal as refusal:
                db.session.rollback()
                reasons.append(f"{name}: {refusal}")
        if count:
            flash(f"{count} {self.noun} {done}.", "success")
        for reason in reasons[:5]:
            flash(reason, "warning")


def _in_one_transaction(verb: Verb, record: Any) -> None:
    """Do a verb and commit; a constraint that stops it is told as a Refusal."""
    try:
        verb(db.session(), record)
        db.session.commit()
    except StaleDataError:
        raise Conflict(CONFLICT) from None
    except IntegrityError as error:
        raise of_integrity_error(error) from None
