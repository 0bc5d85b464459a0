"""The list of saved views: one's own and those that are shared with one's role."""

from sqlalchemy import func, select

from models import SavedView, User
from rules import codes
from sikerja import saved
from sikerja.filters import Code, Text
from sikerja.listing import Column, Listing
from sikerja.lists.parts import by_words

_owner = select(User.name).where(User.id == SavedView.owner_id).correlate(SavedView).scalar_subquery()

SAVED_VIEWS = Listing(
    SavedView,
    (
        Column("name", "Tampilan", SavedView.name, func.lower(SavedView.name), "c-title"),
        Column("screen", "Daftar", SavedView.screen, css="c-unit"),
        Column("owner", "Pemilik", _owner, css="c-partner"),
        Column("shared_with", "Dibagikan kepada", SavedView.shared_with, css="c-unit"),
        Column("owner_id", "Nomor pemilik", SavedView.owner_id),
    ),
    (
        Text("name", "Nama", column=func.lower(SavedView.name)),
        Code("shared_with", "Dibagikan kepada", column=SavedView.shared_with, codes=codes.ROLES),
    ),
    by_words(func.lower(SavedView.name)),
    order=((func.lower(SavedView.name), False),),
    private=saved.visible,
)
