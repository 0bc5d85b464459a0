"""Real files, made here: the good ones open in any office, the bad ones are what attackers and broken scanners send."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from PIL import Image

MEGABYTE = 1024 * 1024
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument."
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
Parts = dict[str, str | bytes]
# Save a PDF without packing its streams anew.
AS_IT_IS = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}


def packed(parts: Parts, stored: tuple[str, ...] = ()) -> bytes:
    """A ZIP with these parts, in this order."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return output.getvalue()


def _types(overrides: dict[str, str], more: str = "") -> str:
    told = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in overrides.items())
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}content-types"><Default Extension="rels" ContentType="application/'
        f'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{more}{told}</Types>'
    )


def relations(*targets: tuple[str, str] | tuple[str, str, str]) -> str:
    """A part of relationships: kind, target and perhaps `External`."""
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"'
        + (f' TargetMode="{mode[0]}"/>' if mode else "/>")
        for number, (kind, target, *mode) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}relationships">{told}</Relationships>'


def docx_parts(text: str = "Nota Kesepakatan Kota Samarinda") -> Parts:
    return {
        "[Content_Types].xml": _types({"word/document.xml": _TYPE + "wordprocessingml.document.main+xml"}),
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/document.xml": f'{_HEAD}<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>',
        "word/_rels/document.xml.rels": relations(("hyperlink", "https://samarindakota.go.id/", "External")),
    }


def docx() -> bytes:
    return packed(docx_parts())


def xlsx_parts() -> Parts:
    return {
        "[Content_Types].xml": _types(
            {
                "xl/workbook.xml": _TYPE + "spreadsheetml.sheet.main+xml",
                "xl/worksheets/sheet1.xml": _TYPE + "spreadsheetml.worksheet+xml",
            }
        ),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets><sheet name="Rekap" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(("worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": f'{_HEAD}<worksheet xmlns="{_SHEET}"><sheetData><row r="1"><c r="A1"><v>57</v></c></row></sheetData></worksheet>',
    }


def xlsx() -> bytes:
    return packed(xlsx_parts())


def pptx() -> bytes:
    slide = f'xmlns:p="{_SLIDE}" xmlns:a="{_DRAWING}" xmlns:r="{_OFFICE}"'
    kind = _TYPE + "presentationml."
    return packed(
        {
            "[Content_Types].xml": _types({"ppt/presentation.xml": kind + "presentation.main+xml"}),
            "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
            "ppt/presentation.xml": f'{_HEAD}<p:presentation {slide}><p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>',
            "ppt/charts/Microsoft_Excel_Sheet1.xlsx": xlsx(),  # as every chart carries it
        }
    )


def odf_parts(kind: str, body: str, inside: str = "") -> Parts:
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    return {
        "mimetype": mimetype,
        "META-INF/manifest.xml": f'{_HEAD}<manifest:manifest xmlns:manifest="{_ODF}manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mimetype}"/>'
        f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{inside}</manifest:file-entry></manifest:manifest>',
        "content.xml": f'{_HEAD}<office:document-content xmlns:office="{_ODF}office:1.0" xmlns:text="{_ODF}text:1.0" '
        f'xmlns:table="{_ODF}table:1.0" office:version="1.3"><office:body>{body}</office:body></office:document-content>',
        "Configurations2/accelerator/current.xml": "",  # LibreOffice leaves it empty
    }


_TEXT = "<office:text><text:p>Naskah</text:p></office:text>"
_TABLE = '<office:spreadsheet><table:table table:name="Rekap"><table:table-row><table:table-cell/></table:table-row></table:table></office:spreadsheet>'


def odt(inside: str = "", **more: str | bytes) -> bytes:
    return packed(odf_parts("text", _TEXT, inside) | more, stored=("mimetype",))


def ods() -> bytes:
    return packed(odf_parts("spreadsheet", _TABLE), stored=("mimetype",))


def pdf(pages: int = 3, change: Callable[[pikepdf.Pdf], Any] = id, **options: Any) -> bytes:
    """A PDF of A4 pages with a line of text on each."""
    made = pikepdf.new()
    font = made.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    for number in range(1, pages + 1):
        page = made.add_blank_page(page_size=(595, 842))
        page.Contents = made.make_stream(f"BT /F1 24 Tf 72 {800 - number} Td (Halaman {number}) Tj ET".encode())
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    change(made)
    output = io.BytesIO()
    made.save(output, **options)
    return output.getvalue()


def picture(kind: str, size: tuple[int, int] = (120, 80), mode: str = "RGB", **options: Any) -> bytes:
    output = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(output, kind, **options)
    return output.getvalue()


def jpeg(**options: Any) -> bytes:
    return picture("JPEG", **options)


def png(**options: Any) -> bytes:
    return picture("PNG", **options)


def tiff(frames: int = 2) -> bytes:
    more = [Image.new("1", (200, 280), 1) for _ in range(frames - 1)]
    output = io.BytesIO()
    Image.new("1", (200, 280), 1).save(output, "TIFF", save_all=True, append_images=more, compression="group4")
    return output.getvalue()


GOOD = {
    "naskah.pdf": pdf,
    "naskah.docx": docx,
    "rekap.xlsx": xlsx,
    "paparan.pptx": pptx,
    "naskah.odt": odt,
    "rekap.ods": ods,
    "pindaian.jpg": jpeg,
    "pindaian.png": png,
    "pindaian.tiff": tiff,
}


def action(**entries: Any) -> Callable[[pikepdf.Pdf], None]:
    """A change to a PDF: do this when it is opened."""

    def change(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = pikepdf.Dictionary(Type=pikepdf.Name.Action, **entries)

    return change


def root(**entries: str) -> Callable[[pikepdf.Pdf], None]:
    """A change to a PDF: these entries in its catalogue, as a PDF writes them."""

    def change(made: pikepdf.Pdf) -> None:
        for name, value in entries.items():
            made.Root[f"/{name}"] = made.make_indirect(pikepdf.Object.parse(value.encode()))

    return change


def embedded_file(made: pikepdf.Pdf) -> None:
    made.attachments["daftar.txt"] = b"isi"


def zeros(megabytes: int) -> bytes:
    """So many megabytes of nothing, deflated to a thousandth: one megabyte, told again and again."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = squeezer.compress(bytes(MEGABYTE)) + squeezer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(megabytes):
        check = zlib.adler32(bytes(MEGABYTE), check)
    return b"\x78\xda" + one * megabytes + squeezer.flush() + struct.pack(">L", check)


def with_stream(data: bytes, *filters: str) -> Callable[[pikepdf.Pdf], None]:
    """A change to a PDF: a stream of these bytes, packed already."""

    def change(made: pikepdf.Pdf) -> None:
        made.Root.Data = made.make_stream(b"")
        made.Root.Data.write(data, filter=pikepdf.Array([pikepdf.Name(name) for name in filters]))

    return change


def squeezed(part: str, size: int) -> bytes:
    """A DOCX with a part that is very much larger than the file."""
    output = io.BytesIO(docx())
    with zipfile.ZipFile(output, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, archive.open(part, "w") as entry:
        for _ in range(size // MEGABYTE):
            entry.write(bytes(MEGABYTE))
    return output.getvalue()


def crc(content: str | bytes) -> bytes:
    """The sum of a part as a ZIP writes it."""
    return struct.pack("<L", zlib.crc32(content.encode() if isinstance(content, str) else content))


def nested(depth: int) -> bytes:
    """A DOCX in a DOCX in a DOCX …"""
    inner = docx()
    for _ in range(depth):
        inner = packed(docx_parts() | {"word/embeddings/lampiran.docx": inner})
    return inner


def begun_late(before: bytes) -> bytes:
    """A DOCX with something before its first entry, and a directory that knows."""
    output = io.BytesIO(before)
    with zipfile.ZipFile(output, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in docx_parts().items():
            archive.writestr(name, content)
    return output.getvalue()


def overlapping() -> bytes:
    """A DOCX whose directory counts one entry many times, as the best ZIP bombs do."""
    output = io.BytesIO(docx())
    with zipfile.ZipFile(output, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/isi.bin", bytes(MEGABYTE))
        first = archive.getinfo("word/media/isi.bin")
        for number in range(20):
            again = zipfile.ZipInfo(f"word/media/isi{number}.bin")
            for field in ("header_offset", "compress_type", "compress_size", "file_size", "CRC"):
                setattr(again, field, getattr(first, field))
            archive.filelist.append(again)
            archive.NameToInfo[again.filename] = again
    return output.getvalue()


def understated(size: int) -> bytes:
    """A DOCX whose directory and entry say 1,000 bytes where there are very many more."""
    return squeezed("word/media/isi.bin", size).replace(struct.pack("<L", size), struct.pack("<L", 1000))


def with_entry(name: str, content: bytes = b"isi", attributes: int = 0, data: bytes = b"") -> bytes:
    """A DOCX with one more entry of exactly this name."""
    output = io.BytesIO(data or docx())
    entry = zipfile.ZipInfo("x")
    entry.filename = name
    entry.external_attr = attributes
    with zipfile.ZipFile(output, "a") as archive:
        archive.writestr(entry, content)
    return output.getvalue()


def locked_zip() -> bytes:
    """A DOCX whose entries say that they are encrypted."""
    data = bytearray(docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def ole(inside: str) -> bytes:
    """A compound file, as old Word and locked new Word write it."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + inside.encode("utf-16-le") + bytes(1000)


def bare_png(width: int, height: int, colours: int = 2, pixels: bytes = zlib.compress(bytes(1000))) -> bytes:
    """A PNG whose head may claim more than its pixels are."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, colours, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def huge_jpeg(width: int, height: int) -> bytes:
    """A grey JPEG whose head claims a size that its few bytes don't have."""
    data = picture("JPEG", mode="L")
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def tiff_with_strip_outside() -> bytes:
    """A TIFF whose second frame speaks of pixels that were never sent."""
    first, place, rest = frames(2).rpartition(struct.pack("<HHI", 273, 4, 1))
    return first + place + struct.pack("<I", 9_000_000) + rest[4:]


def frames(count: int) -> bytes:
    """A TIFF of so many frames of one pixel."""
    tags = ((256, 1), (257, 1), (258, 1), (259, 1), (262, 1), (273, 8), (277, 1), (278, 1), (279, 1))
    length = 2 + 12 * len(tags) + 4
    output = io.BytesIO()
    output.write(b"II*\0" + struct.pack("<I", 10) + b"\0\0")
    for number in range(count):
        output.write(struct.pack("<H", len(tags)))
        for tag, value in tags:
            output.write(struct.pack("<HHII", tag, 4, 1, value))
        output.write(struct.pack("<I", 10 + length * (number + 1) if number + 1 < count else 0))
    return output.getvalue()


def _pages_of_pages(made: pikepdf.Pdf) -> None:
    """Ten kids of ten kids of ten kids …: ten to the eighth pages in a few hundred bytes."""
    node: Any = made.pages[0].obj
    for _ in range(8):
        node = made.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Pages, Kids=[node] * 10, Count=1))
    made.Root.Pages = node


def _huge_image(made: pikepdf.Pdf) -> None:
    made.Root.Picture = made.make_stream(
        b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=100_000, Height=100_000
    )


def _many_pages(made: pikepdf.Pdf) -> None:
    page = made.pages[0].obj
    made.Root.Pages.Kids = pikepdf.Array([made.make_indirect(pikepdf.Dictionary(page)) for _ in range(5_001)])
    made.Root.Pages.Count = 5_001


def _many_objects(made: pikepdf.Pdf) -> None:
    made.Root.Many = pikepdf.Array([made.make_indirect(pikepdf.Object.parse(b"<< >>")) for _ in range(150_001)])


def squeezed_xref(megabytes: int) -> bytes:
    """A PDF whose own table unpacks to very much more than the file."""
    table = zeros(megabytes)
    head = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    told = f"3 0 obj\n<</Type/XRef/Size 4/Root 1 0 R/W[1 8 1]/Filter/FlateDecode/Length {len(table)}>>stream\n"
    return head + told.encode() + table + f"\nendstream\nendobj\nstartxref\n{len(head)}\n%%EOF\n".encode()


# Name -> (name of the upload, its bytes). Each is small and wants to be huge.
BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zip of zeros": ("a.docx", lambda: squeezed("word/media/isi.bin", 201 * MEGABYTE)),
    "zip of zeros in xml": ("a.xlsx", lambda: squeezed("xl/worksheets/sheet2.xml", 24 * MEGABYTE)),
    "zip in zip in zip": ("a.docx", lambda: nested(5)),
    "zip of many entries": ("a.docx", lambda: packed(docx_parts() | {f"word/{number}.xml": "<x/>" for number in range(5_001)})),
    "zip that counts one entry often": ("a.docx", overlapping),
    "zip that claims less than it holds": ("a.docx", lambda: understated(24 * MEGABYTE)),
    "pdf of squeezed streams": ("a.pdf", lambda: pdf(change=with_stream(zeros(80), "/FlateDecode"))),
    "pdf squeezed twice": (
        "a.pdf",
        lambda: pdf(change=with_stream(zlib.compress(zeros(80)), "/FlateDecode", "/FlateDecode"), **AS_IT_IS),
    ),
    "pdf with a squeezed table": ("a.pdf", lambda: squeezed_xref(450)),
    "pdf of pages of pages": ("a.pdf", lambda: pdf(1, _pages_of_pages)),
    "pdf of many pages": ("a.pdf", lambda: pdf(1, _many_pages)),
    "pdf of many objects": ("a.pdf", lambda: pdf(1, _many_objects, object_stream_mode=pikepdf.ObjectStreamMode.generate)),
    "pdf of a huge picture": ("a.pdf", lambda: pdf(1, _huge_image)),
    "png of huge size": ("a.png", lambda: bare_png(60_000, 60_000)),
    "png of great size": ("a.png", lambda: bare_png(12_000, 12_000)),
    "jpeg of huge size": ("a.jpg", lambda: huge_jpeg(60_000, 60_000)),
    "tiff of many frames": ("a.tif", lambda: frames(50_000)),
}
