"""A picture: JPEG, PNG or TIFF, whole, with nothing behind it, and of bounded size. Runs in a child process."""

import io
import mmap
import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from PIL import Image

from sikerja.files.faults import UNREADABLE, Unfit

MOST_PIXELS = 200_000_000
MOST_DECODED = 200_000_000  # bytes of one picture once decoded: 200 MP in grey, 50 MP in colour
MOST_FRAMES = 500
MOST_BEHIND = 64 * 1024  # what cameras leave behind the picture
MOST_IN_ONE_FILE = 8  # a JPEG may carry a depth or brightness map as further JPEGs
DRAFT = 1 / 8  # a JPEG is read at an eighth of its size, and so at a sixty-fourth of its memory
MOST_DRAWN = 8_000_000

FORMATS = {"jpeg": ("JPEG", "MPO"), "png": ("PNG",), "tiff": ("TIFF",)}
_ONE_BYTE = {"1", "L"}  # all other modes take four bytes a pixel, here or as soon as they are drawn
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# A JPEG marker that is neither stuffing, nor a restart, nor filling.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_ALONE = frozenset(range(0xD0, 0xD9)) | {0x01}
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    TypeError,
    KeyError,
    IndexError,
    struct.error,
    zlib.error,
    ArithmeticError,
)

Image.MAX_IMAGE_PIXELS = None  # measured here, by what a picture takes in memory


def look(file: BinaryIO, kind: str) -> tuple[dict[str, Any], bytes]:
    """How many frames it has. Raises Unfit."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            if kind != "tiff":
                _judge_behind(data, _end_of_jpeg(data) if kind == "jpeg" else _end_of_png(data))
            frames = _judge_frames(file, kind, len(data))
        except _BROKEN as error:
            raise Unfit(UNREADABLE) from error
    return {"pages": frames, "flags": []}, b""


def count(file: BinaryIO, kind: str) -> tuple[int, bytes]:
    """How many frames it has. Raises Unfit."""
    return look(file, kind)[0]["pages"], b""


def draw(file: BinaryIO, kind: str, page: int, width: int) -> tuple[None, bytes]:
    """The frame (from 1) upright, as PNG of that width at most. Raises Unfit."""
    try:
        with Image.open(file, formats=FORMATS[kind]) as image:
            _to_frame(image, kind, page)
            _judge_size(image, kind, width)
            image.load()
            turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
            picture = _flat(_shrunk(image, 2 * width))
        picture = picture.transpose(turn) if turn is not None else picture
        wide = min(width, picture.width)
        high = max(1, min(round(picture.height * wide / picture.width), MOST_DRAWN // wide))
        picture = picture.resize((wide, high))
    except _BROKEN as error:
        raise Unfit(UNREADABLE) from error
    output = io.BytesIO()
    picture.save(output, "PNG")
    return None, output.getvalue()


def _to_frame(image: Image.Image, kind: str, page: int) -> None:
    if page < 1 or (page > 1 and kind != "tiff"):
        raise Unfit("no_page")
    try:
        image.seek(page - 1)
    except EOFError as error:
        raise Unfit("no_page") from error


def _shrunk(image: Image.Image, enough: int) -> Image.Image:
    """First of all smaller, so that whatever follows takes little memory."""
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode in {"P", "PA", "LA"}:
        image = image.convert("RGBA")
    elif image.mode.startswith("I;"):
        image = image.convert("I")
    return image.reduce(max(1, min(image.size) // enough))


def _flat(image: Image.Image) -> Image.Image:
    """In grey or in colours, on white where it is see-through."""
    if image.mode == "I":  # 16 bits a pixel
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode == "RGBA":
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image if image.mode == "L" else image.convert("RGB")


def _judge_frames(file: BinaryIO, kind: str, size: int) -> int:
    with Image.open(file, formats=FORMATS[kind]) as image:
        for number in _frames(image, kind):
            _judge_size(image, kind)
            if kind == "tiff":
                _judge_strips(image, size)
            if number == 0:
                image.load()
        return number + 1


def _frames(image: Image.Image, kind: str) -> Iterator[int]:
    """Goes from frame to frame, so that only as many are looked for as are allowed."""
    yield 0
    for number in range(1, MOST_FRAMES + 1) if kind == "tiff" else ():
        try:
            image.seek(number)
        except EOFError:
            return
        if number == MOST_FRAMES:
            raise Unfit("pages")
        yield number


def _judge_size(image: Image.Image, kind: str, width: int = 1) -> None:
    """By its head, before a pixel is decoded."""
    wide, high = image.size
    if wide * high > MOST_PIXELS:
        raise Unfit("pixels")
    if kind == "jpeg":
        image.draft(None, (max(width, int(wide * DRAFT)), max(width, int(high * DRAFT))))
    if image.width * image.height * (1 if image.mode in _ONE_BYTE else 4) > MOST_DECODED:
        raise Unfit("pixels")
    if kind == "png" and getattr(image, "n_frames", 1) > MOST_FRAMES:  # a TIFF would count them all
        raise Unfit("pages")


def _judge_strips(image: Any, size: int) -> None:
    """The pixels that a TIFF speaks of are in the file."""
    tags = image.tag_v2
    for places, lengths in ((273, 279), (324, 325)):
        for place, length in zip(tags.get(places, ()), tags.get(lengths, ()), strict=False):
            if place + length > size:
                raise Unfit(UNREADABLE)


def _judge_behind(data: mmap.mmap, end: int) -> None:
    if len(data) - end > MOST_BEHIND:
        raise Unfit("mixed")


def _end_of_jpeg(data: mmap.mmap) -> int:
    end = _end_of_one_jpeg(data, 0)
    for _ in range(MOST_IN_ONE_FILE - 1):
        if data[end : end + 3] != b"\xff\xd8\xff":
            break
        end = _end_of_one_jpeg(data, end)
    return end


def _end_of_one_jpeg(data: mmap.mmap, start: int) -> int:
    """From marker to marker: over segments by their length, over pixels by looking for the next marker."""
    at = start + 2
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if data[at] != 0xFF:
            raise Unfit(UNREADABLE)
        code = data[at + 1]
        if code == 0xD9:
            return at + 2
        if code in _ALONE:
            at += 2
            continue
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        if code == 0xDA:
            found = _MARKER.search(data, at)
            if found is None:
                raise Unfit(UNREADABLE)
            at = found.start()


def _end_of_png(data: mmap.mmap) -> int:
    """From chunk to chunk, each with its sum."""
    at = 8
    while True:
        length, name = struct.unpack(">I4s", data[at : at + 8])
        end = at + 12 + length
        if end > len(data) or struct.unpack(">I", data[end - 4 : end])[0] != zlib.crc32(data[at + 4 : end - 4]):
            raise Unfit(UNREADABLE)
        if name == b"IEND":
            return end
        at = end
