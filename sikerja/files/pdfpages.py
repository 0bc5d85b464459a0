"""Pages of a PDF as pictures. Runs in a child process; the renderer has no script engine."""

import io
from typing import Any, BinaryIO

import pypdfium2  # type: ignore[import-untyped]  # it comes without types

from sikerja.files.faults import UNREADABLE, Unfit

MOST_PIXELS = 8_000_000  # of one drawn page
MOST_HEIGHT = 8_000


def count(file: BinaryIO, kind: str) -> tuple[int, bytes]:
    """How many pages it has. Raises Unfit."""
    with _opened(file) as document:
        return len(document), b""


def draw(file: BinaryIO, kind: str, page: int, width: int) -> tuple[None, bytes]:
    """The page (from 1) as PNG of that width, or smaller where it would be too high. Raises Unfit."""
    with _opened(file) as document:
        if not 1 <= page <= len(document):
            raise Unfit("no_page")
        sheet = document[page - 1]
        wide, high = sheet.get_size()
        if wide <= 0 or high <= 0:
            raise Unfit(UNREADABLE)
        # The renderer rounds up: a hair less, or a page may become a pixel wider than asked.
        scale = min((width - 0.01) / wide, MOST_HEIGHT / high, (MOST_PIXELS / (wide * high)) ** 0.5)
        picture = sheet.render(scale=scale).to_pil()
    output = io.BytesIO()
    picture.save(output, "PNG")
    return None, output.getvalue()


def _opened(file: BinaryIO) -> Any:
    try:
        return pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        raise Unfit(UNREADABLE) from error
