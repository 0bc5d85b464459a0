"""Files in a form: the field that holds them, and the gate before it.

Every other form is bound by MAX_CONTENT_LENGTH. Who may send more is asked before the form's token is looked for, since
that reads what was sent.
"""

from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict, FileStorage, MultiDict
from wtforms import Field
from wtforms.validators import StopValidation
from wtforms.widgets import FileInput

from config import MEGABYTE
from extensions import db
from sikerja.attachments import MOST_AT_ONCE
from views.fields import Form
from views.incoming import Request
from views.security import LEFT_BEHIND, error_page, is_local_path

__all__ = ["LEFT_BEHIND", "Files", "init_app", "sent_to"]

# Where files are sent to -> the permission that it takes, and how many of the largest may be sent at once.
GATES = {
    "attachment.create_view": ("attachment:create", 4),
    "regulation.receive_view": ("regulation:enter", 4),
    "agreement.offer_view": ("agreement:create", 1),
}
REST_OF_FORM = MEGABYTE
SIGN_IN_AGAIN = "Sesi berakhir, jadi berkas belum diunggah. Masuk lagi, lalu pilih berkasnya kembali."


class Files(Field):
    """Files that are sent along; `data` is the list of them. A browser never keeps them for a second try."""

    widget_kind = "file"
    widget = FileInput(multiple=True)

    def __init__(self, label: str, help: str = "", *, required: str = "", **kw: Any) -> None:
        super().__init__(label, description=help, **kw)
        self.ask(required)

    def ask(self, required: str) -> None:
        """`required` is the sentence for where no file comes along, or "" where none need come."""
        self.required_words = required
        self.flags.required = bool(required)

    def one_only(self) -> None:
        """Offer to choose one file, not several."""
        self.widget = FileInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [sent for sent in valuelist if isinstance(sent, FileStorage) and sent.filename]

    def pre_validate(self, form: Any) -> None:
        if not self.data and self.required_words:
            raise StopValidation(self.required_words)


def sent_to(form_class: type[Form]) -> CombinedMultiDict[str, Any]:
    """What was sent for this form: files for its fields that take files, text for all others, whatever else came as a file."""
    takes = {name for name in dir(form_class) if getattr(getattr(form_class, name), "field_class", None) is Files}
    files = MultiDict((name, file) for name, file in request.files.items(multi=True) if name in takes)
    return CombinedMultiDict((files, request.form))


def init_app(app: Flask) -> None:
    """Tie the gate to the application; to be called before anything that reads a request's body."""
    app.request_class = Request
    app.before_request(_open_the_gate)


def _open_the_gate() -> Any:
    permission, at_once = GATES.get(request.endpoint or "", ("", 0))
    if not permission or request.method != "POST":
        return None
    if not current_user.is_authenticated:
        if request.endpoint == "agreement.offer_view":
            return None  # what was typed is kept for after the sign-in; a large file isn't let in before
        # One comes back to where the form is, if it can be opened there.
        opens = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
        here = request.full_path.rstrip("?") if opens else "/admin/"
        return error_page(401, SIGN_IN_AGAIN, [("Masuk", url_for("account.login", next=here if is_local_path(here) else None))])
    if not current_user.may(permission):
        return error_page(403)
    largest = current_app.config["MAX_UPLOAD"]
    request.max_content_length = at_once * largest + REST_OF_FORM
    g.too_large = f"Berkas paling besar {largest // MEGABYTE} MB. Perkecil berkasnya, atau unggah kemudian."
    if at_once > 1:
        g.too_large = (
            f"Tiap berkas paling besar {largest // MEGABYTE} MB; sekali unggah paling banyak {MOST_AT_ONCE} berkas dan "
            f"{at_once * largest // MEGABYTE} MB. Perkecil berkasnya, atau unggah satu per satu."
        )
    # Asking who it is took SQLite's lock; nobody else should wait while a slow line sends the file.
    db.session.rollback()
    return None
