"""The bin of a screen: throwing away, taking back, one or many; what others changed meanwhile is asked about first."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.actions import action
from flask_login import current_user
from markupsafe import Markup

from extensions import db
from sikerja import bin as the_bin
from sikerja import formats
from sikerja.refusals import Conflict, Refusal
from views.conflict import ConflictPage, in_one_transaction, is_binned, is_stale
from views.fields import LARGEST_ID
from views.screen import CONFLICT

MOST_ROWS = 1000
_VERSIONS = re.compile(r"(\d{1,10}:\d{1,10}(,\d{1,10}:\d{1,10})*)?", re.ASCII)


@dataclass(frozen=True)
class Verb:
    """What is done to a record, and how it is told."""

    do: Callable[[Any, Any], None]
    bins: bool  # the record lies in the bin afterwards
    name: str
    alone: str  # the message for one
    done: str
    asked: str
    button: str


THROW = Verb(
    the_bin.throw, True, "delete", "Dibuang ke keranjang.", "dibuang ke keranjang", "Buang", "Tetap buang ke keranjang"
)
RESTORE = Verb(
    the_bin.restore, False, "restore", "Dikembalikan dari keranjang.", "dikembalikan", "Kembalikan", "Tetap kembalikan"
)


@dataclass
class Outcome:
    """What became of many records: those done, those that others did before or changed meanwhile, and why others are not."""

    done: list[str] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)  # the ids of those done
    done_by_others: list[str] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


class BinPage(ConflictPage):
    """How a screen's records go to the bin and come back; mixed into the guarded view."""

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> Any:
        return self._bin_one(THROW)

    @expose("/restore/", methods=("POST",))
    def restore_view(self) -> Any:
        return self._bin_one(RESTORE)

    def _bin_one(self, verb: Verb) -> Any:
        if not self.has_bin:
            abort(404)
        record = self.get_one(request.form.get("id") or request.args.get("id"))
        details = self._details_url(record)
        following = request.values.get("url") or (url_for(f"{self.screen}.index_view") if verb.bins else details)
        try:
            if is_stale(request.form.get("version"), record):
                raise Conflict(CONFLICT)
            self._bin(verb, record)
        except Conflict:
            if is_binned(record) != verb.bins:
                return self._ask_about_one(verb, record)
            flash(f"{self.noun.capitalize()} ini sudah {verb.done} oleh orang lain.", "info")
        else:
            flash(verb.alone, "success")
            self.tell_change([record.id])
        return redirect(following)

    def _bin(self, verb: Verb, record: Any) -> None:
        """Do it in one transaction. Raises Refusal, and then nothing is changed."""

        def work() -> None:
            verb.do(db.session(), record)
            self.after_change(record)

        in_one_transaction(work, record)

    def _ask_about_one(self, verb: Verb, record: Any) -> Any:
        changed = f"“{record}” diubah {self._who_saved(record)} pada {formats.moment(record.updated_at)}"
        following = [("url", request.values["url"])] if request.values.get("url") else []
        return self._ask_anyway_page(
            told=[],
            question=f"{changed}, setelah Anda membuka halaman ini. {verb.asked} tetap?",
            button=verb.button,
            fields=[("id", str(record.id)), ("version", str(record.version)), *following],
            cancel_url=self._details_url(record),
            look_url=self._details_url(record),
        )

    # --- many ----------------------------------------------------------------------------------------------------

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        name = request.form.get("action", "")
        known = {"delete": self.action_delete, "restore": self.action_restore}
        if name not in known or not self.has_bin or not self.may(name):
            abort(403 if name in known else 400)
        stopped = known[name](request.form.getlist("rowid"))
        return stopped or redirect(request.form.get("url") or url_for(f"{self.screen}.index_view"))

    @action("delete", "Buang ke keranjang")
    def action_delete(self, ids: Sequence[str]) -> Any:
        """Throw many away; returns a page where others have changed some of them, else None."""
        return self._bin_many(ids, THROW)

    @action("restore", "Kembalikan")
    def action_restore(self, ids: Sequence[str]) -> Any:
        """Take many back; returns a page where others have changed some of them, else None."""
        return self._bin_many(ids, RESTORE)

    def _bin_many(self, ids: Sequence[str], verb: Verb) -> Any:
        """Do it to each that allows it and that nobody has changed since the list was shown; name each other one."""
        versions = _read_versions(request.form.get("versions", ""))
        keys = {
            int(key)
            for key in ids[:MOST_ROWS]
            if key.isascii() and key.isdecimal() and len(key) <= 10 and int(key) <= LARGEST_ID
        }
        records = self.listing.many(db.session(), sorted(keys), current_user) if keys else []
        if not records:
            flash("Tidak ada yang dipilih. Centang barisnya dulu.", "warning")
        outcome = Outcome()
        # The youngest first: what hangs on an older one is out of its way by then.
        for record in reversed(records):
            self._bin_one_of_many(verb, record, versions.get(record.id), outcome)
        self.tell_change(outcome.keys)
        if outcome.changed:
            return self._ask_about_many(verb, outcome)
        if outcome.done:
            flash(f"{len(outcome.done)} {self.noun} {verb.done}.", "success")
        if outcome.done_by_others:
            flash(f"Sudah {verb.done} oleh orang lain: {', '.join(outcome.done_by_others[:5])}.", "info")
        for reason in outcome.reasons[:5]:
            flash(reason, "warning")
        return None

    def _bin_one_of_many(self, verb: Verb, record: Any, version: str | None, outcome: Outcome) -> None:
        name = str(record)
        try:
            if is_stale(version, record):
                raise Conflict(CONFLICT)
            self._bin(verb, record)
            outcome.done.append(name)
            outcome.keys.append(record.id)
        except Conflict:
            if is_binned(record) == verb.bins:
                outcome.done_by_others.append(name)
            else:
                outcome.changed.append(record)
        except Refusal as refusal:
            db.session.rollback()
            outcome.reasons.append(f"{name}: {refusal}")

    def _ask_about_many(self, verb: Verb, outcome: Outcome) -> Any:
        """The page that names what was done and what was not, and offers to do the rest after all."""
        changed = outcome.changed
        told = [
            ("Belum dilakukan karena diubah orang lain", [self._told_change(record) for record in changed]),
            (f"Sudah {verb.done}", outcome.done),
            (f"Sudah {verb.done} oleh orang lain", outcome.done_by_others),
            ("Tidak dapat dilakukan", outcome.reasons),
        ]
        back = request.form.get("url") or url_for(f"{self.screen}.index_view")
        return self._ask_anyway_page(
            told=[(heading, texts[::-1]) for heading, texts in told if texts],
            question=f"{len(changed)} {self.noun} diubah orang lain setelah Anda membuka daftar ini. {verb.asked} tetap?",
            button=f"{verb.button}: {len(changed)} {self.noun}",
            fields=[
                ("action", verb.name),
                *(("rowid", str(record.id)) for record in changed),
                ("versions", ",".join(f"{record.id}:{record.version}" for record in changed)),
                ("url", back),
            ],
            cancel_url=back,
            title=f"{len(changed)} {self.noun} belum {verb.done}",
        )

    def _told_change(self, record: Any) -> Any:
        link = formats.link(self._details_url(record), str(record))
        changed = f"Diubah {self._who_saved(record)} pada {formats.moment(record.updated_at)}."
        return link + Markup(" <small>{}</small>").format(changed)


def _read_versions(sent: str) -> dict[int, str]:
    """The versions of a list's rows, "17:3,18:1", by id. Aborts with 400 where they can't be read."""
    pairs = [pair.split(":") for pair in sent.split(",") if pair] if _VERSIONS.fullmatch(sent) else []
    versions = {int(key): version for key, version in pairs}
    if len(versions) < len(pairs) or (sent and not pairs):
        abort(400, "Daftar ini tidak dapat dibaca. Muat ulang halaman daftarnya, lalu pilih lagi.")
    return versions
