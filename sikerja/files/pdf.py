"""A PDF: whole, open, of bounded size once unpacked, and what in it may act by itself. Runs in a child process."""

import contextlib
import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf

from sikerja.files.faults import UNREADABLE, Unfit

MEGABYTE = 1024 * 1024
MOST_PAGES, MOST_OBJECTS = 5_000, 150_000
MOST_STREAM, MOST_UNPACKED = 64 * MEGABYTE, 200 * MEGABYTE
MOST_PIXELS = 200_000_000  # of one picture in it
MOST_FILTERS = 3
MOST_DEPTH = 40
CHUNK = 256 * 1024

# Words that make an object worth walking through; a fast look over its written form decides.
_WORTH_A_WALK = re.compile(
    rb"/(JS|JavaScript|Launch|OpenAction|AA|EF|EmbeddedFiles?|FileAttachment|RichMedia\w*|3D|Movie|Screen|Sound|Rendition"
    rb"|XFA|SubmitForm|ImportData|GoToE)(?![^\s/<>\[\]()])"
)
# What a key, an action (/S), a /Subtype or a /Type gives away.
_KEYS = {"/JS": "script", "/JavaScript": "script", "/EF": "embedded", "/EmbeddedFiles": "embedded", "/XFA": "xfa"}
_ACTIONS = {
    "/JavaScript": "script",
    "/Launch": "launch",
    "/SubmitForm": "send",
    "/ImportData": "send",
    "/GoToE": "embedded",
    "/Rendition": "media",
    "/RichMediaExecute": "media",
    "/Movie": "media",
    "/Sound": "media",
}
_SUBTYPES = {"/FileAttachment": "embedded", "/RichMedia": "media", "/3D": "media", "/Movie": "media", "/Screen": "media"}
_TYPES = {"/EmbeddedFile": "embedded"}
_HARMLESS_ON_OPEN = {"/GoTo", "/Named"}


def look(file: BinaryIO, kind: str) -> tuple[dict[str, Any], bytes]:
    """Its pages, and a flag for whatever in it may act. Raises Unfit."""
    try:
        with pikepdf.open(file) as pdf:
            if pdf.is_encrypted:
                raise Unfit("encrypted")
            flags = _flags(pdf)
            return {"pages": _pages(pdf), "flags": sorted(flags)}, b""
    except pikepdf.PasswordError as error:
        raise Unfit("encrypted") from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        raise Unfit(UNREADABLE) from error


def _flags(pdf: pikepdf.Pdf) -> set[str]:
    flags: set[str] = set()
    left = MOST_UNPACKED
    objects = pdf.objects
    if len(objects) > MOST_OBJECTS:
        raise Unfit("bomb")
    for thing in objects:
        shape = thing
        if isinstance(thing, pikepdf.Stream):
            shape = thing.stream_dict
            left -= _unpacked(thing, left)
        if _WORTH_A_WALK.search(shape.unparse(resolved=True)):
            _walk(shape, flags, 0)
    return flags


def _unpacked(stream: pikepdf.Stream, left: int) -> int:
    """How long it is unpacked, as far as deflate goes; the pixels of a picture are counted instead."""
    if stream.get("/Subtype") == "/Image":
        width, height = stream.get("/Width", 0), stream.get("/Height", 0)
        if not isinstance(width, int) or not isinstance(height, int) or width * height > MOST_PIXELS:
            raise Unfit("pixels")
        return 0
    given: Any = stream.get("/Filter", [])
    filters = [str(name) for name in given] if isinstance(given, pikepdf.Array) else [str(given)]
    if len(filters) > MOST_FILTERS:
        raise Unfit("bomb")
    depth = 0
    while depth < len(filters) and filters[depth] in {"/FlateDecode", "/Fl"}:
        depth += 1
    return _inflated(stream.read_raw_bytes(), depth, min(MOST_STREAM, left)) if depth else 0


def _inflated(data: bytes, depth: int, most: int) -> int:
    """The length after so many inflations, counted piece by piece; what isn't deflate ends it."""
    pieces: Iterator[bytes] = iter([data])
    for _ in range(depth):
        pieces = _inflate(pieces)
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > most:
            raise Unfit("bomb")
    return length


def _inflate(pieces: Iterator[bytes]) -> Iterator[bytes]:
    decoder = zlib.decompressobj()
    with contextlib.suppress(zlib.error):
        for piece in pieces:
            rest = piece
            while rest and not decoder.eof:
                yield decoder.decompress(rest, CHUNK)
                rest = decoder.unconsumed_tail


def _walk(thing: Any, flags: set[str], depth: int) -> None:
    """This object and what is written inside it; what it points to is met by itself."""
    if depth > MOST_DEPTH:
        raise Unfit(UNREADABLE)
    if isinstance(thing, pikepdf.Dictionary):
        _note(thing, flags)
        inner = [thing.get(key) for key in thing.keys()]  # noqa: SIM118 - not a mapping
    elif isinstance(thing, pikepdf.Array):
        inner = list(thing)
    else:
        return
    for value in inner:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            _walk(value, flags, depth + 1)


def _note(thing: pikepdf.Dictionary, flags: set[str]) -> None:
    flags |= {_KEYS[key] for key in thing.keys() if key in _KEYS}  # noqa: SIM118 - not a mapping
    for key, meanings in (("/S", _ACTIONS), ("/Subtype", _SUBTYPES), ("/Type", _TYPES)):
        value = thing.get(key)
        if isinstance(value, pikepdf.Name) and str(value) in meanings:
            flags.add(meanings[str(value)])
    on_open = thing.get("/OpenAction")
    if isinstance(on_open, pikepdf.Dictionary) and str(on_open.get("/S", "")) not in _HARMLESS_ON_OPEN:
        flags.add("on_open")
    events = thing.get("/AA")
    if isinstance(events, pikepdf.Dictionary) and len(events.keys()):
        flags.add("on_event")


def _pages(pdf: pikepdf.Pdf) -> int:
    pages = len(pdf.pages)
    if pages > MOST_PAGES:
        raise Unfit("pages")
    if pages < 1:
        raise Unfit(UNREADABLE)
    return pages
