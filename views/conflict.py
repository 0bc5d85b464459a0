"""Two savers: what a person sees whose record someone else has changed meanwhile, and how a change is committed.

Nothing of the first is overwritten, nothing the second typed is lost: both values stand side by side, and they choose.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import request, url_for
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from extensions import db
from sikerja import formats, history
from sikerja.refusals import Conflict, Refusal, of_integrity_error
from views import compared
from views.screen import CONFLICT, Screen

TRIES = 3


def is_stale(version: str | None, record: Any) -> bool:
    """True where the version that was sent isn't the record's any more; one that wasn't sent is not compared."""
    return bool(version) and version != str(record.version)


def is_binned(record: Any) -> bool:
    """True where the record lies in the bin; users have none."""
    return bool(getattr(record, "is_binned", False))


def in_one_transaction(work: Callable[[], Any], record: Any) -> Any:
    """Do the work on a record (None for a new one), commit, and return what it returned.

    Where another record that hangs together with it was changed at the same moment, the work is done again on what is there
    now. Raises Conflict where the record itself was changed, Refusal where a constraint forbids it.
    """
    version = record.version if record is not None else None
    for _ in range(TRIES):
        try:
            done = work()
            db.session.commit()
        except StaleDataError:
            db.session.rollback()
            if record is not None and record.version != version:
                break
        except IntegrityError as error:
            raise of_integrity_error(error) from None
        except DataError:
            raise Refusal("Ada isian yang terlalu panjang atau terlalu besar. Periksa kembali isiannya.") from None
        else:
            return done
    raise Conflict(CONFLICT)


class ConflictPage(Screen):
    """The pages that lay two savers' work side by side; shared by the form and the bin of a screen."""

    def last_saver(self, record: Any) -> str | None:
        """The name of the person who saved the record last; None where it isn't known."""
        found = history.last_saver(db.session(), self.screen, record.id)
        return found[0] if found else None

    def _who_saved(self, record: Any) -> str:
        return self.last_saver(record) or "orang lain"

    @property
    def _changed_title(self) -> str:
        return f"{self.noun.capitalize()} ini baru saja diubah orang lain"

    def _details_url(self, record: Any) -> str:
        return url_for(f"{self.screen}.details_view", id=record.id)

    def _conflict_page(self, record: Any, mine: Iterable[Any], saved: Any) -> Any:
        """The 409 page with both values of each field that differs; None where nothing does, and so nothing can be lost.

        A password can't be laid beside another: where one was typed the page asks for it again.
        """
        mine = list(mine)
        differences = compared.differences(saved, mine, request.form)
        passwords = [field for field in mine if getattr(field, "secret", False) and field.data]
        if not differences and not passwords:
            return None
        kept = [(name, request.form[name]) for name in ("url", "seen", "_continue_editing") if request.form.get(name)]
        who = self._who_saved(record)
        page = self.render(
            "sikerja/conflict.html",
            title=self._changed_title,
            saved_by=who[:1].upper() + who[1:],
            saved_at=formats.moment(record.updated_at),
            crumbs=[(self.title, url_for(f"{self.screen}.index_view")), (str(record), self._details_url(record))],
            differences=differences,
            passwords=passwords,
            hidden=[("version", str(record.version)), *kept, *compared.carried(request.form, mine)],
            discard_url=self._details_url(record),
        )
        return page, 409

    def _ask_anyway_page(
        self, told: Sequence[tuple[str, Sequence[Any]]], question: str, button: str, fields: compared.Pairs, cancel_url: str,
        title: str = "", look_url: str = "",
    ) -> Any:  # fmt: skip
        """The 409 page that asks whether to go on with what has been changed since; `fields` carry the newest versions."""
        page = self.render(
            "sikerja/confirm.html",
            title=title or self._changed_title,
            told=told,
            question=question,
            items=[],
            button=button,
            danger=True,
            action_url=request.path,
            fields=fields,
            look_url=look_url,
            cancel_url=cancel_url,
        )
        return page, 409
