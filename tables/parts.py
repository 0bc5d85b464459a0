"""What tables share: lengths, codes, and the columns that most rows have."""

import os
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    String,
    func,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, validates

from rules.text import fold

TITLE_LENGTH = 500
NAME_LENGTH = 200
NUMBER_LENGTH = 100
# How a relationship is read that nobody asked for with its row: an error in tests, even where the other row happens to be in
# memory; elsewhere the page goes on, and sikerja/lazily.py tells of it. It is settled here since a table is made only once.
LAZY: Literal["raise", "select"] = "raise" if os.environ.get("SIKERJA_ENV") == "testing" else "select"


def one_of(column: str, values: Any) -> CheckConstraint:
    """The column holds one of the codes (or nothing, where it may be empty)."""
    listed = ", ".join(f"'{value}'" for value in values)
    name = column.strip('"')
    return CheckConstraint(f"{column} IN ({listed})", name=f"{name}_known")


class Numbered:
    """A row with a number of its own, a count of its versions (two savers) and the moments of its first and last change."""

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1, nullable=False)
    created_at: Mapped[datetime] = mapped_column(DateTime, server_default=func.current_timestamp())
    updated_at: Mapped[datetime] = mapped_column(
        DateTime, server_default=func.current_timestamp(), onupdate=func.current_timestamp()
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Binned:
    """A row that is never deleted: it goes to a bin and can come back."""

    deleted_at: Mapped[datetime | None] = mapped_column(DateTime, index=True)

    @property
    def is_binned(self) -> bool:
        return self.deleted_at is not None


class Named:
    """A row with a name, and the name as it is compared: folded, for search and order."""

    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    name_key: Mapped[str] = mapped_column(String(NAME_LENGTH * 2), index=True)

    @validates("name")
    def _fold_name(self, _field: str, name: str) -> str:
        self.name_key = fold(name)
        return name

    def __str__(self) -> str:
        return self.name
