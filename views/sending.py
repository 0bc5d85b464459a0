"""Files on their way out: taken whole or in part under their own name, or looked at page by page; never unseen."""

import unicodedata
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import dump_options_header
from werkzeug.wsgi import FileWrapper

from extensions import db
from sikerja import attachments, audit
from sikerja.attachments import Damaged
from sikerja.files.inspection import KINDS
from sikerja.files.place import the_gallery
from sikerja.files.rendering import NoSuchPage, can_be_drawn
from sikerja.files.store import Missing
from sikerja.refusals import Refusal
from views.security import error_page

PAGE_WIDTH = 1200
CHUNK = 256 * 1024
ONLY_DOWNLOAD = "Jenis berkas ini tidak dapat dilihat di sini. Unduh untuk membukanya."


@dataclass(frozen=True)
class Outgoing:
    """A file of the store that somebody asks for: what it is, what the trail says of it, and where it is told about."""

    digest: str
    size: int
    kind: str
    name: str
    about: dict[str, Any]
    back: tuple[str, str]  # words and address of the page that tells about it


def download(file: Outgoing, detail: str) -> Any:
    """The file itself, noted before it goes out; or a page that says why it can't."""
    db.session.rollback()  # reading the file takes a while, and the trail is written over a connection of its own
    try:
        with ExitStack() as until_answered:
            content = until_answered.enter_context(attachments.opened(file.digest))
            if request.method == "GET":
                audit.note_seen("download", **file.about, detail=detail)
            answer = _streamed(content, file)
            until_answered.pop_all()
            return answer
    except (Missing, Damaged) as refusal:
        return _no_file(refusal, file)
    except RequestedRangeNotSatisfiable:
        page, status = error_page(416)
        return page, status, {"Content-Range": f"bytes */{file.size}"}


def preview(file: Outgoing, page: int) -> Any:
    """A page of it as a picture, noted before it goes out; or a page that says why it can't."""
    db.session.rollback()  # drawing takes a while
    if not can_be_drawn(file.kind):
        return error_page(404, ONLY_DOWNLOAD)
    try:
        with attachments.opened(file.digest) as content:  # a page that was drawn before the file changed would hide it
            picture = the_gallery().page(file.digest, content, file.kind, page, PAGE_WIDTH)
    except NoSuchPage as refusal:
        return error_page(404, str(refusal))
    except (Missing, Damaged) as refusal:
        return _no_file(refusal, file)
    if request.method == "GET":
        audit.note_seen("preview", **file.about, detail=f"halaman {page}")
    return Response(picture, mimetype="image/png")


def page_number(text: str) -> int:
    """The page that an address asks for, from 1; 0, which no file has, where it names none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 6 else 0


def _no_file(refusal: Refusal, file: Outgoing) -> Any:
    """The page that tells that a file isn't there, or isn't what it was."""
    if isinstance(refusal, Missing):
        return error_page(404, str(refusal), [file.back], "Berkas tidak ditemukan")
    return error_page(409, str(refusal), [file.back], "Berkas rusak")


def _streamed(content: BinaryIO, file: Outgoing) -> Response:
    """The file piece by piece, whole or the one part that is asked for. Raises RequestedRangeNotSatisfiable."""
    answer = Response(FileWrapper(content, CHUNK), mimetype=KINDS[file.kind].mime, direct_passthrough=True)
    answer.content_length = file.size
    answer.set_etag(file.digest)
    answer.headers["Content-Disposition"] = disposition(file.name)
    asked = request.environ
    if request.range is not None and len(request.range.ranges) > 1:
        asked = {name: value for name, value in asked.items() if name != "HTTP_RANGE"}  # several parts: then all of it
    answer.make_conditional(asked, accept_ranges=True, complete_length=file.size)
    return answer


def disposition(name: str) -> str:
    """What a browser calls the file: the name as it came, and one of plain letters for what doesn't know RFC 5987."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = " ".join("".join(filter(str.isprintable, plain)).split())
    stem, dot, ending = plain.rpartition(".")
    plain = plain if stem.strip(" ._") else f"berkas{dot}{ending}"
    return dump_options_header("attachment", {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"})
