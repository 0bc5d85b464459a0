"""The field of a form that takes files."""

from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import Field
from wtforms.widgets import FileInput

from views.fields import Asked


class Files(Asked, Field):
    """Files that are sent along; `data` is the list of them. A browser never keeps them for a second try."""

    widget_kind = "file"
    widget = FileInput(multiple=True)

    def __init__(self, label: str, help: str = "", *, required: str = "", **kw: Any) -> None:
        super().__init__(label, description=help, **kw)
        self.ask(required)

    def one_only(self) -> None:
        """Offer to choose one file, not several."""
        self.widget = FileInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [sent for sent in valuelist if isinstance(sent, FileStorage) and sent.filename]

    def pre_validate(self, form: Any) -> None:
        self.data = self.data or []
        self.refuse_empty(not self.data)
