"""What is let in: an upload whose name, content and structure say the same, and which does nothing by itself.

Name, size, first and last bytes are judged here; whatever needs a parser is judged in a child process with little memory
(`child`). Every refusal is a sentence at the field `file`, and says what to do.
"""

import io
import re
import unicodedata
import zipfile
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sikerja.files import child
from sikerja.files.faults import ACTIVE, SENTENCES, Unfit
from sikerja.refusals import Refusal

MEGABYTE = 1024 * 1024
LONGEST_NAME, LONGEST_ENDING = 200, 10
_CHUNK = 256 * 1024
_HEAD = 1024
_TAIL = 64 * 1024
_BEHIND_PDF = 1024


class Kind(NamedTuple):
    """A kind of file that is accepted."""

    mime: str
    magic: tuple[bytes, ...]
    job: str


_ZIP, _TIFF = (b"PK\x03\x04",), (b"II*\0", b"MM\0*")
_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
KINDS = {
    "pdf": Kind("application/pdf", (b"%PDF-",), "pdf"),
    "docx": Kind(_OOXML + "wordprocessingml.document", _ZIP, "office"),
    "xlsx": Kind(_OOXML + "spreadsheetml.sheet", _ZIP, "office"),
    "pptx": Kind(_OOXML + "presentationml.presentation", _ZIP, "office"),
    "odt": Kind(_ODF + "text", _ZIP, "office"),
    "ods": Kind(_ODF + "spreadsheet", _ZIP, "office"),
    "jpeg": Kind("image/jpeg", (b"\xff\xd8\xff",), "picture"),
    "png": Kind("image/png", (b"\x89PNG\r\n\x1a\n",), "picture"),
    "tiff": Kind("image/tiff", _TIFF, "picture"),
}
ENDINGS = {kind: kind for kind in KINDS} | {"jpg": "jpeg", "tif": "tiff"}

# In the middle of a name these turn a file into a program for careless servers and careless people.
_PROGRAMS = re.compile(
    r"aspx?|bat|bin|cgi|class|cmd|com|cpl|dll|exe|hta|[psx]?html?|jar|jse?|jsp|lnk|mht|mhtml|ms[ip]|phar|php\d?|pif|pl|ps1|py|rb"
    r"|reg|scr|sh|svg|swf|vb[es]?|ws[fh]|xht|xml|xsl"
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(rb"<(?:html|script|!doctype html|\?php|iframe|body|svg)\b", re.IGNORECASE)
_ARCHIVE = re.compile(rb"PK\x03\x04|PK\x05\x06|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
_BANNED_CATEGORIES = {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}


class Accepted(NamedTuple):
    """What was let in. `pages` is None where a kind has none; `flags` say what is worth knowing."""

    kind: str
    mime: str
    extension: str
    pages: int | None
    flags: tuple[str, ...]


def inspect(source: Path | str | BinaryIO, original_name: str, max_bytes: int, refuse_active_pdf: bool = True) -> Accepted:
    """Look through an upload (left at where it was read). Raises Refusal at the field `file`."""
    name = safe_name(original_name)
    ending = name.rpartition(".")[2].lower()
    try:
        _judge_name(original_name)
        kind = _kind_of(name)
        if isinstance(source, Path | str):
            with open(source, "rb") as file:
                pages, flags = _look(file, kind, max_bytes)
        else:
            at = source.tell()
            try:
                pages, flags = _look(source, kind, max_bytes)
            finally:
                source.seek(at)
        if kind == "pdf" and flags and refuse_active_pdf:
            raise Unfit("active", ", ".join(ACTIVE[flag] for flag in flags))
    except Unfit as unfit:
        raise _refusal(unfit, ending, max_bytes) from unfit
    return Accepted(kind, KINDS[kind].mime, ending, pages, flags)


def safe_name(name: str) -> str:
    """The name as it may be kept and offered again: one part, visible, no device, at most 200 characters, never empty."""
    kept = name.replace("\\", "/").rpartition("/")[2]
    kept = re.sub(r"\s", " ", kept)  # a line break parts words; other invisible characters only mislead
    kept = "".join(letter for letter in kept if unicodedata.category(letter) not in _BANNED_CATEGORIES)
    kept = re.sub(" +", " ", unicodedata.normalize("NFC", kept))
    kept = re.sub(r'[<>:"|?*]', "_", kept).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        stem, ending = kept, ""
    stem = stem.strip(" .") or "berkas"
    if _DEVICE.fullmatch(stem.partition(".")[0].strip()):
        stem = f"_{stem}"
    ending = f".{ending}" if ending else ""
    return stem[: LONGEST_NAME - len(ending)].rstrip(" .") + ending


def _judge_name(name: str) -> None:
    """No browser sends a path, and no system lets a file be called like a device: who does means no good."""
    if "/" in name or "\\" in name:
        raise Unfit("path")
    stem = name.partition(".")[0].strip()
    if _DEVICE.fullmatch(stem):
        raise Unfit("device", stem)


def _kind_of(name: str) -> str:
    """By its last ending. Raises Unfit."""
    _, *inner, ending = name.lower().split(".") if "." in name else (name, "")
    if ending not in ENDINGS:
        raise Unfit("kind")
    for part in inner:
        if _PROGRAMS.fullmatch(part.strip()):
            raise Unfit("two_endings", part.strip())
    return ENDINGS[ending]


def _look(file: BinaryIO, kind: str, max_bytes: int) -> tuple[int | None, tuple[str, ...]]:
    size = file.seek(0, io.SEEK_END)
    if size == 0:
        raise Unfit("empty")
    if size > max_bytes:
        raise Unfit("size", str(-(-size // MEGABYTE)))
    _judge_ends(file, kind, size)
    told = child.run(KINDS[kind].job, file, kind=kind).answer
    return told["pages"], tuple(told["flags"])


def _judge_ends(file: BinaryIO, kind: str, size: int) -> None:
    """The first and the last bytes: the content begins with what its ending promises, and nothing else is hung on it."""
    head = _piece(file, 0, _HEAD)
    if not head.startswith(KINDS[kind].magic):
        office = KINDS[kind].job == "office"
        raise Unfit("encrypted" if office and head.startswith(_OLE) and _holds(file, _ENCRYPTED_OFFICE) else "content")
    if _MARKUP.search(head) or (kind != "pdf" and b"%PDF-" in head):
        raise Unfit("mixed")
    if KINDS[kind].job == "office":
        return  # what stands around a ZIP is judged with its directory
    tail = _piece(file, max(0, size - _TAIL), _TAIL)
    if kind == "pdf":
        _, end, behind = tail.rpartition(b"%%EOF")
        if not end:
            raise Unfit("unreadable")
        if len(behind.strip(b"\0\t\n\f\r \x1a")) > _BEHIND_PDF or _MARKUP.search(behind) or _ARCHIVE.search(behind):
            raise Unfit("mixed")
    if _ends_as_zip(file) or (kind != "pdf" and b"</script" in tail.lower()):
        raise Unfit("mixed")


def _ends_as_zip(file: BinaryIO) -> bool:
    """A ZIP is found from its end, whatever stands before it."""
    try:
        return zipfile.is_zipfile(file)
    except zipfile.BadZipFile:  # one of several disks
        return True


def _piece(file: BinaryIO, at: int, length: int) -> bytes:
    file.seek(at)
    return file.read(length)


def _holds(file: BinaryIO, needle: bytes) -> bool:
    file.seek(0)
    before = b""
    while piece := file.read(_CHUNK):
        if needle in before + piece:
            return True
        before = piece[-len(needle) :]
    return False


def _refusal(unfit: Unfit, ending: str, max_bytes: int) -> Refusal:
    limit = max_bytes // MEGABYTE
    return Refusal(SENTENCES[unfit.code].format(ending=ending, size=unfit.found, limit=limit, found=unfit.found), "file")
