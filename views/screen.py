"""What a screen declares, and what it may ask: shared by its list, its form, its bin and the guarded view over them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import abort
from flask_login import current_user

from extensions import db
from sikerja.exports import ExportColumn
from sikerja.listing import Listing
from views.fields import LARGEST_ID, Form

CONFLICT = "Data ini baru saja diubah orang lain. Isian Anda belum disimpan dan tidak hilang."


@dataclass(frozen=True)
class Section:
    """A part of a form: its fields by name, a pair of them in one row where a tuple stands."""

    title: str
    rows: tuple[str | tuple[str, str], ...]
    help: str = ""


@dataclass(frozen=True)
class Lookup:
    """What a type-ahead field finds: a list, and the column that names its records."""

    listing: Listing
    label: Any


class Screen:
    """The declaration of a screen. Everything is closed until a subclass says otherwise and the access table agrees."""

    screen: ClassVar[str]  # row of the access table
    path: ClassVar[str] = ""  # the address below /admin/, where it isn't the same
    records: ClassVar[str] = ""  # the screen its rows belong to, where it is a list over another one's
    records_at: ClassVar[str] = ""  # where the rows' own pages are, where that is another screen's address
    listing: ClassVar[Listing]
    title: ClassVar[str]
    noun: ClassVar[str]  # what one row is called
    create_label: ClassVar[str] = ""
    search_hint: ClassVar[str] = "Cari"
    list_page: ClassVar[str] = "sikerja/list.html"
    column_list: Any = ()
    needs: ClassVar[tuple[str, ...]] = ()  # columns a cell needs besides its own
    quick_filters: ClassVar[tuple[str, ...]] = ()
    quick_at_once: ClassVar[bool] = False  # a choice in a quick filter is applied without pressing a button
    excel_at_hand: ClassVar[bool] = False  # Excel has a button of its own beside the menu of files
    export_columns: ClassVar[tuple[ExportColumn, ...]] = ()
    export_more: ClassVar[tuple[ExportColumn, ...]] = ()  # columns that a file holds only where they are chosen
    form_class: ClassVar[type[Form] | None] = None
    form_sections: ClassVar[tuple[Section, ...]] = ()
    cells: ClassVar[Mapping[str, Callable[[dict[str, Any]], Any]]] = {}
    lookups: ClassVar[Mapping[str, Lookup]] = {}
    details: ClassVar[tuple[tuple[str, Callable[[Any], Any]], ...]] = ()
    bin_question: ClassVar[str] = "Buang ke keranjang? Data dapat dikembalikan dari Keranjang."

    model: Any
    render: Callable[..., str]

    @property
    def address(self) -> str:
        """Where the list is."""
        return f"/admin/{self.path or self.screen}/"

    def may(self, verb: str) -> bool:
        """True where the person asking holds this screen's verb."""
        return bool(current_user.may(f"{self.screen}:{verb}"))

    @property
    def has_bin(self) -> bool:
        """True where rows go to a bin and come back."""
        return hasattr(self.listing.model, "deleted_at")

    @property
    def has_history(self) -> bool:
        """True where the person asking may read what was changed on this screen's records."""
        return self.may("history")

    def after_change(self, record: Any) -> None:
        """What a change of this record brings about elsewhere, in the same transaction. Raises Refusal."""

    def tell_change(self, keys: Sequence[int]) -> None:
        """Say what the changes of these records brought about, once they are kept."""

    def get_one(self, key: Any, *, even_binned: bool = False) -> Any:
        """The record of that id within the rows this person may see; anything else is a 404.

        One in the bin is seen by those who may restore it, and by all where `even_binned` is asked.
        """
        text = str(key or "")
        number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 else 0
        record = self.listing.one(db.session(), number, current_user) if 0 < number <= LARGEST_ID else None
        hidden = getattr(record, "is_binned", False) and not even_binned and not self.may("restore")
        if record is None or hidden:
            abort(404)
        return record
