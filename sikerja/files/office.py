"""An office file is a ZIP of XML: what its directory claims, what lies in it, and that it is the kind its name says.

Runs in a child process. The directory is judged before anything is unpacked; every part is unpacked once, in pieces, to
count it, check its sum and see that its XML is sound and declares nothing.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import unquote
from xml.parsers import expat

from sikerja.files.faults import UNREADABLE, Unfit

MEGABYTE = 1024 * 1024
MOST_ENTRIES, MOST_DIRECTORY = 5_000, 2 * MEGABYTE
MOST_UNPACKED = 200 * MEGABYTE
RATIO_FROM, MOST_RATIO = 20 * MEGABYTE, 100  # beyond that size, so many times its packed size
MOST_DEPTH = 2  # a workbook in a chart in a presentation
MOST_NESTED = 25 * MEGABYTE
CHUNK = 256 * 1024

_OOXML = "application/vnd.openxmlformats-officedocument."
MAIN_PART = {
    "docx": _OOXML + "wordprocessingml.document.main+xml",
    "xlsx": _OOXML + "spreadsheetml.sheet.main+xml",
    "pptx": _OOXML + "presentationml.presentation.main+xml",
}
MIMETYPE = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
}
_MACRO_NAME = re.compile(r"vba(project|data)|(^|/)(macrosheets|dialogsheets|activex)/|^(basic|scripts)/", re.IGNORECASE)
_MACRO_TYPE = re.compile(r"macro|vba|activex", re.IGNORECASE)
_MACRO_CALL = re.compile(rb"vnd\.sun\.star\.script:|macro:///")
_PROGRAM = re.compile(r"\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk|sh|py|php|html?)$", re.IGNORECASE)
_REMOTE = re.compile(r"(?!file:)\w[\w+.-]+:|[\\/]{2}|file:(/{0,2}[^/\\]|[\\/]{4})", re.IGNORECASE)
_LOCAL_FILE = re.compile(r"file:/{0,3}\w:", re.IGNORECASE)


def look(file: BinaryIO, kind: str) -> tuple[dict[str, Any], bytes]:
    """Raises Unfit unless this is a whole, plain file of that kind."""
    flags: set[str] = set()
    archive = _opened(file)
    room = _Room(MOST_UNPACKED)
    _judge(archive, room, flags, depth=0)
    (_judge_ooxml if kind in MAIN_PART else _judge_odf)(archive, kind)
    return {"pages": None, "flags": sorted(flags)}, b""


class _Room:
    """How much may still be unpacked, nested archives included."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Unfit("bomb")


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    _judge_directory(file)
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as error:
        raise Unfit(UNREADABLE) from error


def _judge_directory(file: BinaryIO) -> None:
    """The end record first: how long the directory is, before anything is built from it, and that nothing stands around it."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 22 - 65_535))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise Unfit(UNREADABLE)
    entries, length, offset, comment = struct.unpack("<HLLH", tail[at + 10 : at + 22])
    if entries > MOST_ENTRIES or length > MOST_DIRECTORY:
        raise Unfit("bomb")
    if comment or offset + length != size - 22:
        raise Unfit("mixed")


def _judge(archive: zipfile.ZipFile, room: _Room, flags: set[str], depth: int) -> None:
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise Unfit("bomb")
    _judge_names(infos)
    _judge_places(archive, infos)
    unpacked, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
    if unpacked > RATIO_FROM and unpacked > MOST_RATIO * packed:
        raise Unfit("bomb")
    room.take(unpacked)
    for info in infos:
        if not info.is_dir():
            _judge_entry(archive, info, room, flags, depth)


def _judge_names(infos: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for info in infos:
        name = info.orig_filename
        steps = name.removesuffix("/").split("/")
        strange = any(ord(letter) < 32 for letter in name) or "\\" in name or ":" in name
        if strange or any(step in {"", ".", ".."} for step in steps):
            raise Unfit(UNREADABLE)
        if name.casefold() in seen:  # which of the two a program takes is its own affair
            raise Unfit(UNREADABLE)
        seen.add(name.casefold())
        if info.flag_bits & 0x1:
            raise Unfit("encrypted")
        if stat.S_ISLNK(info.external_attr >> 16) or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Unfit(UNREADABLE)
        if _MACRO_NAME.search(name):
            raise Unfit("macro")
        if _PROGRAM.search(name):
            raise Unfit("program", name.rpartition("/")[2])


def _judge_places(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    """Entries stand one behind the other from the first byte: none lies in another, nothing stands before them."""
    free = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < free:
            raise Unfit("bomb")
        if free == 0 and info.header_offset:
            raise Unfit("mixed")
        free = info.header_offset + 30 + len(info.orig_filename) + info.compress_size
    if not infos or free > archive.start_dir:
        raise Unfit(UNREADABLE)


def _judge_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: _Room, flags: set[str], depth: int) -> None:
    try:
        with archive.open(info) as part:
            head = part.read(8)
            if head.startswith(b"PK\x03\x04"):
                _judge_nested(head, part, info, room, flags, depth)
            elif head.startswith((b"MZ", b"\x7fELF")):
                raise Unfit("program", info.filename.rpartition("/")[2])
            elif head and _is_xml(info.filename, head):
                _judge_xml(head, part)
            else:
                if head.startswith(b"\xd0\xcf\x11\xe0"):
                    flags.add("ole")
                for _ in _pieces(part):
                    pass
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, OSError, zlib.error) as error:
        raise Unfit(UNREADABLE) from error


def _is_xml(name: str, head: bytes) -> bool:
    ending = name.lower().rpartition(".")[2]  # a drawing may declare its own type; office programs read it as a picture
    return ending in {"xml", "rels", "vml", "rdf"} or (
        ending != "svg" and head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \r\n").startswith(b"<")
    )


def _judge_nested(head: bytes, part: Any, info: zipfile.ZipInfo, room: _Room, flags: set[str], depth: int) -> None:
    if depth >= MOST_DEPTH or info.file_size > MOST_NESTED:
        raise Unfit("bomb")
    with _opened(io.BytesIO(head + part.read())) as nested:
        _judge(nested, room, flags, depth + 1)


def _judge_xml(head: bytes, part: Any) -> None:
    """Sound to the last byte, and without a document type: so without entities of its own."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    before = b""
    try:
        parser.Parse(head)
        for piece in _pieces(part):
            parser.Parse(piece)
            if _MACRO_CALL.search(before + piece):
                raise Unfit("macro")
            before = piece[-32:]
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:
        raise Unfit(UNREADABLE) from error


def _refuse_doctype(*_declared: Any) -> None:
    raise Unfit("entities")


def _pieces(part: Any) -> Iterator[bytes]:
    while piece := part.read(CHUNK):
        yield piece


def _judge_ooxml(archive: zipfile.ZipFile, kind: str) -> None:
    types = {
        given["PartName"].lstrip("/"): given["ContentType"]
        for given in _elements(archive, "[Content_Types].xml", "Override")
        if "PartName" in given and "ContentType" in given
    }
    defaults = [given.get("ContentType", "") for given in _elements(archive, "[Content_Types].xml", "Default")]
    if any(_MACRO_TYPE.search(kind_of_part) for kind_of_part in (*types.values(), *defaults)):
        raise Unfit("macro")
    main = [
        unquote(given.get("Target", "")).lstrip("/")
        for given in _elements(archive, "_rels/.rels", "Relationship")
        if given.get("Type", "").endswith("/officeDocument")
    ]
    if (
        len(main) != 1
        or types.get(main[0]) != MAIN_PART[kind]
        or main[0] not in archive.namelist()
        or not main[0].endswith(".xml")
    ):
        raise Unfit("content")
    for name in archive.namelist():
        if name.endswith(".rels"):
            _judge_relations(archive, name)


def _judge_relations(archive: zipfile.ZipFile, name: str) -> None:
    """A link to click is fine, and so is a template on somebody's own disk; what is fetched on opening isn't."""
    for given in _elements(archive, name, "Relationship"):
        if given.get("TargetMode", "").lower() != "external" or given.get("Type", "").endswith("/hyperlink"):
            continue
        target = unquote(given.get("Target", "")).strip()
        if _REMOTE.match(target) and not _LOCAL_FILE.match(target):
            raise Unfit("external")


def _judge_odf(archive: zipfile.ZipFile, kind: str) -> None:
    first = min(archive.infolist(), key=lambda info: info.header_offset)
    if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED or first.file_size > 100:
        raise Unfit("content")
    if archive.read(first).strip() != MIMETYPE[kind] or "content.xml" not in archive.namelist():
        raise Unfit("content")
    if _elements(archive, "META-INF/manifest.xml", "encryption-data"):
        raise Unfit("encrypted")


def _elements(archive: zipfile.ZipFile, name: str, tag: str) -> list[dict[str, str]]:
    """The attributes of each such element of a part, whatever its prefix. Its XML is known to be sound by now."""
    found: list[dict[str, str]] = []

    def note(full: str, attributes: dict[str, str]) -> None:
        if full.rpartition(":")[2] == tag:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = note
    try:
        with archive.open(name) as part:
            for piece in _pieces(part):
                parser.Parse(piece)
    except KeyError as error:  # no such part
        raise Unfit("content") from error
    return found
