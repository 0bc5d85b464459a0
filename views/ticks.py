"""Fields of boxes that work without script: any of a list of codes to tick, and a question with yes or no."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import Field
from wtforms.validators import StopValidation

from sikerja.refusals import CHOICE_GONE
from views.compared import Pairs
from views.fields import GONE, Asked, Choice


class Ticks(Asked, Field):
    """Any of the codes; `data` is the list of those that are ticked, in the order of the codes."""

    widget_kind = "ticks"

    def __init__(self, label: str, choices: Mapping[str, str], help: str = "", *, required: str = "", **kw: Any) -> None:
        super().__init__(label, description=help, **kw)
        self.known = dict(choices)
        self.ask(required)

    def process_formdata(self, valuelist: Iterable[str]) -> None:
        """A box that is not ticked sends nothing."""
        self.data = [value for value in valuelist if value]

    def pre_validate(self, form: Any) -> None:
        """Raises StopValidation where a code isn't on the list, or none is ticked that must be."""
        chosen = set(self.data or ())
        if chosen - set(self.known):
            raise StopValidation(CHOICE_GONE)
        self.data = [code for code in self.known if code in chosen]
        self.refuse_empty(not self.data)

    def plain(self) -> str:
        """The codes, one a line."""
        return "\n".join(self.data or ())

    def pairs(self) -> Pairs:
        """What the ticked boxes send."""
        return [(self.name, code) for code in self.data or ()]

    def shown(self) -> str:
        """What is ticked, in words."""
        return "; ".join(self.known.get(code, GONE) for code in self.data or ())

    @property
    def boxes(self) -> list[tuple[str, str, bool]]:
        """Code, word and whether it is ticked, for the template."""
        return [(code, word, code in (self.data or ())) for code, word in self.known.items()]


class YesNo(Choice):
    """A question with yes or no; "" while nobody has answered."""

    widget_kind = "radios"

    def __init__(self, label: str, help: str = "", **kw: Any) -> None:
        super().__init__(label, {"yes": "Ya", "no": "Tidak"}, help, blank=None, **kw)
