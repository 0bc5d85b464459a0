"""Folded names and titles: search and order go by them, so they must say what the text says."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Attachment, Contact, Partner, Sector, Unit
from rules.text import fold
from sikerja.verification.faults import Fault, portions

# What a row is called by, its text, and the text as it is compared.
_FOLDED: tuple[tuple[Any, Any, Any], ...] = (
    (Agreement.register_no, Agreement.title, Agreement.title_key),
    (Attachment.id, Attachment.title, Attachment.title_key),
    *((model.id, model.name, model.name_key) for model in (Partner, Contact, Unit, Sector)),
)


def folded(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """Every folded text is what folding gives."""
    for name, text, key in _FOLDED:
        query = select(name, text, key).order_by(name.class_.id)
        for row in chain.from_iterable(portions(session, query)):
            if row[2] != fold(row[1]):
                yield Fault(
                    "folded",
                    f"{name.class_.__tablename__} {row[0]}",
                    f"Kunci pencarian “{row[2]}” tidak sesuai dengan namanya.",
                )
