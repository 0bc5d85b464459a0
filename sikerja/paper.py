"""Plain documents that we make ourselves: pages of a heading and lines, as PDF or DOCX, the same bytes for the same words."""

import io
import textwrap
import zipfile
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

_A4 = (595, 842)
_LEFT, _TOP, _LEADING, _LETTERS = 72, 770, 18, 78  # points, points, points, letters in a line of 11 points
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_WORD = f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{_OFFICE}"'
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


class Page(NamedTuple):
    """One page: its heading and its lines."""

    heading: str
    lines: Sequence[str]


def pdf(notice: str, pages: Sequence[Page]) -> bytes:
    """A PDF of A4 pages, the notice at the head of each. Letters are those of Western Europe; others become "?"."""
    import pikepdf  # noqa: PLC0415 - the server itself never opens a PDF in its own process, and needn't load the library

    made = pikepdf.new()
    fonts = {
        f"/{name}": made.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=font, Encoding=pikepdf.Name.WinAnsiEncoding
            )
        )
        for name, font in (("F1", pikepdf.Name.Helvetica), ("F2", pikepdf.Name("/Helvetica-Bold")))
    }
    for page in pages:
        sheet = made.add_blank_page(page_size=_A4)
        sheet.Contents = made.make_stream(_drawn(notice, page))
        sheet.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(fonts))
    output = io.BytesIO()
    made.save(output, deterministic_id=True)
    return output.getvalue()


def _drawn(notice: str, page: Page) -> bytes:
    """The page in the language of PDF: each line below the one before."""
    lines = [("F2", 10, notice), ("F1", 11, ""), ("F2", 14, page.heading), ("F1", 11, "")]
    for line in page.lines:
        lines += [("F1", 11, part) for part in textwrap.wrap(line, _LETTERS) or [""]]
    drawn = [f"BT {_LEFT} {_TOP} Td {_LEADING} TL".encode()]
    drawn += [f"/{font} {size} Tf (".encode() + _quoted(line) + b") Tj T*" for font, size, line in lines]
    return b"\n".join([*drawn, b"ET"])


def _quoted(line: str) -> bytes:
    return line.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def docx(notice: str, pages: Sequence[Page]) -> bytes:
    """A Word document; the notice stands in its header, so on every page."""
    relation = '<Relationship Id="rId1" Type="{}/{}" Target="{}"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}content-types"><Default Extension="rels" ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}document.main+xml"/>'
        f'<Override PartName="/word/header1.xml" ContentType="{_TYPE}header+xml"/></Types>',
        "_rels/.rels": _relations(relation.format(_OFFICE, "officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _relations(relation.format(_OFFICE, "header", "header1.xml")),
        "word/header1.xml": f"<w:hdr {_WORD}>{_paragraph(notice, bold=True)}</w:hdr>",
        "word/document.xml": f"<w:document {_WORD}><w:body>{''.join(_body(pages))}<w:sectPr>"
        '<w:headerReference w:type="default" r:id="rId1"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440"'
        ' w:bottom="1440" w:left="1440" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr></w:body></w:document>',
    }
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            archive.writestr(entry, _XML + content, zipfile.ZIP_DEFLATED)
    return output.getvalue()


def _relations(told: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}relationships">{told}</Relationships>'


def _body(pages: Sequence[Page]) -> list[str]:
    told = []
    for number, page in enumerate(pages):
        told.append(_paragraph(page.heading, bold=True, new_page=number > 0))
        told += [_paragraph(line) for line in page.lines]
    return told


def _paragraph(text: str, bold: bool = False, new_page: bool = False) -> str:
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    start = "<w:pPr><w:pageBreakBefore/></w:pPr>" if new_page else ""
    return f'<w:p>{start}<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
