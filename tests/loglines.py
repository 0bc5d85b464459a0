"""What the application logs, as lines, for a test to read.

`caplog` keeps one handler for the whole run: a test that changes how it keeps records changes it for all that follow.
"""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from sikerja import logs


class Lines(logging.Handler):
    """The lines that production would write."""

    def __init__(self, kind: str = "production") -> None:
        super().__init__()
        self.setFormatter(logs.formatter(kind))
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))

    def told(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.written]


@pytest.fixture
def lines() -> Iterator[Lines]:
    kept = Lines()
    logging.getLogger().addHandler(kept)
    yield kept
    logging.getLogger().removeHandler(kept)
