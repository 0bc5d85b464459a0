"""A page of numbers: guarded as a screen is, with the addresses of the rows that its numbers count."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask_admin import BaseView
from flask_login import current_user

from sikerja.figures import Asked


class Page(BaseView):
    """Parent of the pages that are no list of records. Its screen is a row of the access table."""

    screen: ClassVar[str]

    def is_accessible(self) -> bool:
        """True for who may read this page."""
        return bool(current_user.is_authenticated and current_user.may(f"{self.screen}:read"))

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)  # upstream hides every TypeError behind a second call


def rows_url(asked: Sequence[Asked], path: str = "") -> str:
    """The address of the list of agreements that these filters give, or of a file of it."""
    query = urlencode([(f"flt{index}_{each.name}_{each.operation}", each.value) for index, each in enumerate(asked)])
    return f"/admin/agreement/{path}?{query}" if query else f"/admin/agreement/{path}"
