"""An Excel file as it lies in its archive: cells with their types and formats, read with nothing but the standard library."""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

NAMESPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
BUILT_IN = {"0": "General", "1": "0", "3": "#,##0"}


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: "text" or "number", how it stands in the file, and the format that it is shown in."""

    type: str
    value: str
    format: str
    formula: bool = False


class Sheet:
    """One sheet: rows of cells by the letters of their column, and its raw XML for what else it says."""

    def __init__(self, xml: str, formats: list[str]) -> None:
        self.xml = xml
        root = ElementTree.fromstring(xml)
        self.rows = [
            {re.sub(r"\d", "", cell.get("r", "")): _cell(cell, formats) for cell in row.findall("m:c", NAMESPACE)}
            for row in root.findall("m:sheetData/m:row", NAMESPACE)
        ]

    def texts(self) -> list[list[str]]:
        """The cells as they stand in the file, empty ones left out."""
        return [[cell.value for cell in row.values()] for row in self.rows]

    def column(self, heading: str) -> list[Cell | None]:
        """The cells under a heading of the first row."""
        letters = next(letters for letters, cell in self.rows[0].items() if cell.value == heading)
        return [row.get(letters) for row in self.rows[1:]]


def _cell(cell: Any, formats: list[str]) -> Cell:
    inline = cell.get("t") == "inlineStr"
    value = "".join(cell.itertext())
    return Cell("text" if inline else "number", value, formats[int(cell.get("s", 0))], cell.find("m:f", NAMESPACE) is not None)


def sheets(data: bytes) -> dict[str, Sheet]:
    """The sheets of a file by their names, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
        own = {each.get("numFmtId"): each.get("formatCode") for each in styles.findall("m:numFmts/m:numFmt", NAMESPACE)}
        used = [each.get("numFmtId", "0") for each in styles.findall("m:cellXfs/m:xf", NAMESPACE)]
        formats = [own.get(key) or BUILT_IN[key] for key in used]
        names = [
            str(each.get("name"))
            for each in ElementTree.fromstring(archive.read("xl/workbook.xml")).iterfind("m:sheets/m:sheet", NAMESPACE)
        ]
        return {
            name: Sheet(archive.read(f"xl/worksheets/sheet{number}.xml").decode(), formats)
            for number, name in enumerate(names, start=1)
        }
