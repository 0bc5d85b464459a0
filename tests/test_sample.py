"""The papers of the sample register: real files that open, say what the register says, and that they are samples."""

import io
import json
import re
import subprocess
import sys
import time
import zipfile
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import ROOT
from models import Agreement, AgreementUnit, Attachment, Unit, User
from sikerja import paper
from sikerja.files import inspection, place
from sikerja.paper import Page

NOTICE = "Contoh untuk Sikerja, bukan naskah asli"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def content(row: Attachment) -> bytes:
    with place.the_store().open(row.digest) as file:
        return file.read()


def pdf_texts(data: bytes) -> list[str]:
    """What each page of a PDF of ours shows."""
    with pikepdf.open(io.BytesIO(data)) as opened:
        pages = [page.Contents.read_bytes().decode("cp1252") for page in opened.pages]
    return ["\n".join(re.sub(r"\\(.)", r"\1", shown) for shown in re.findall(r"\((.*)\) Tj", page)) for page in pages]


def docx_texts(data: bytes) -> dict[str, str]:
    """The text of each part of a Word document."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        parts = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}
    return {name: "\n".join(text.text or "" for text in tree.iter(f"{WORD}t")) for name, tree in parts.items()}


def shown(row: Attachment) -> str:
    data = content(row)
    return "\n".join(pdf_texts(data)) if row.format == "pdf" else docx_texts(data)["word/document.xml"]


def all_of(session: Session) -> list[Attachment]:
    return list(session.scalars(select(Attachment).order_by(Attachment.id)))


def test_there_are_papers_of_both_kinds_at_most_of_the_sample_agreements(session: Session) -> None:
    rows = all_of(session)

    assert [(row.agreement_id, row.kind, row.edition, row.format, row.pages, row.verdict) for row in rows] == [
        (40, "surat_penawaran", 1, "pdf", 1, None),
        (41, "rancangan", 1, "docx", None, "refused"),
        (41, "rancangan", 2, "docx", None, "accepted"),
        (41, "naskah_final", 1, "pdf", 3, "accepted"),
        (42, "rancangan", 1, "docx", None, "refused"),
        (42, "rancangan", 2, "docx", None, "accepted"),
        (42, "rancangan", 3, "docx", None, None),
        (43, "naskah_final", 1, "pdf", 4, "accepted"),
        (44, "naskah_final", 1, "pdf", 4, "accepted"),
        (45, "naskah_final", 1, "pdf", 3, "accepted"),
        (46, "naskah_final", 1, "pdf", 4, "accepted"),
        (47, "naskah_final", 1, "pdf", 3, None),
        (43, "laporan", 1, "pdf", 2, None),  # it tells of the stages, and so comes once they have moved
    ]


def test_every_page_says_that_it_is_a_sample(session: Session) -> None:
    for row in all_of(session):
        if row.format == "pdf":
            pages = pdf_texts(content(row))
            assert len(pages) == row.pages
            assert all(page.startswith(NOTICE) for page in pages), row.original_name
        else:
            parts = docx_texts(content(row))
            assert parts["word/header1.xml"] == NOTICE
            assert b'<w:headerReference w:type="default" r:id="rId1"/>' in zipfile.ZipFile(io.BytesIO(content(row))).read(
                "word/document.xml"
            )


def test_a_paper_says_what_the_register_says(session: Session) -> None:
    signed = session.scalars(select(Attachment).where(Attachment.agreement_id == 43, Attachment.kind == "naskah_final")).one()

    text = shown(signed)

    for said in (
        "Perjanjian Kerja Sama",
        "Rujukan pelayanan kesehatan antardaerah (contoh)",
        "Pihak Kesatu: Pemerintah Kota Samarinda",
        "Nomor: CONTOH-002/KS/2024",
        "Mitra: Kabupaten Contoh (contoh)",
        "Nomor: CONTOH-002/KC/2024",
        "Perangkat daerah: Dinas Kesehatan (pelaksana)",
        "Jangka waktu: 2 tahun 6 bulan",
        "Ditandatangani: 15 Juli 2024",
        "Berakhir: 15 Januari 2027",
        "Naskah: Kesepakatan bersama pelayanan perhubungan dan kesehatan (contoh)",
    ):
        assert f"\n{said}\n" in f"\n{text}\n", said
    assert signed.document_date == session.get_one(Agreement, 43).signed_on


def test_nothing_is_invented(session: Session) -> None:
    """No number but those of the register, no article, no person."""
    for row in all_of(session):
        agreement = session.get_one(Agreement, row.agreement_id)
        text = shown(row)
        assert agreement.title in text
        assert "(contoh)" in agreement.title
        assert all("CONTOH" in number for number in re.findall(r"^Nomor: (.*)$", text, re.MULTILINE))
        assert not re.search(r"\b(pasal|ayat|nip)\b", text, re.IGNORECASE)


def test_drafts_come_in_editions_each_with_a_reason(session: Session) -> None:
    first, second, third = session.scalars(
        select(Attachment).where(Attachment.agreement_id == 42).order_by(Attachment.edition)
    ).all()

    assert (first.series_id, first.replaces_id, first.reason) == (first.id, None, "")
    assert (second.series_id, second.replaces_id, second.reason) == (first.id, first.id, "Jangka waktu dilengkapi.")
    assert (third.series_id, third.replaces_id, third.reason) == (first.id, second.id, "Naskah induk disebut.")
    assert first.verdict_remark == "Jangka waktu belum disebut. Lengkapi, lalu unggah versi berikutnya."
    assert "Jangka waktu" not in shown(first)
    assert "Jangka waktu: 3 tahun" in shown(second)
    assert len({first.digest, second.digest, third.digest}) == 3


def test_the_clerk_brought_and_judged_them(session: Session) -> None:
    clerk = session.scalars(select(User).where(User.role == "staff")).one()

    for row in all_of(session):
        assert row.uploaded_by_id == clerk.id
        assert (row.verdict_by_id, row.verdict_at is not None) == ((clerk.id, True) if row.verdict else (None, False))


def test_the_sample_unit_has_papers_of_its_own(session: Session) -> None:
    unit_id = session.scalars(select(Unit.id).where(Unit.code == "dinas_perhubungan")).one()
    own = select(AgreementUnit.agreement_id).where(AgreementUnit.unit_id == unit_id)

    assert (
        session.scalar(select(func.count(func.distinct(Attachment.agreement_id))).where(Attachment.agreement_id.in_(own))) == 6
    )


def test_each_file_passes_as_an_upload_would(session: Session) -> None:
    for row in all_of(session):
        data = content(row)
        accepted = inspection.inspect(io.BytesIO(data), row.original_name, 25 * 1024 * 1024)
        assert (accepted.kind, accepted.pages, accepted.flags) == (row.format, row.pages, ())
        assert row.size == len(data)


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_same_words_are_the_same_bytes_at_any_time(kind: str) -> None:
    page = ["Para pihak", ["Mitra: Kabupaten Contoh (contoh)"]]
    lines = (
        "import hashlib, json, sys",
        "from sikerja import paper",
        f"print(hashlib.sha256(paper.{kind}('Contoh', [paper.Page(*json.loads(sys.argv[1]))])).hexdigest())",
    )
    command = [sys.executable, "-c", "\n".join(lines), json.dumps(page)]

    first = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    time.sleep(2.1)  # both formats like to write down when they were made, to the second or two
    second = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout

    assert first == second


HOSTILE = "Kurung (buka \\ <tutup> & “kutip” ) Tj ET 中"


@pytest.mark.parametrize(("read", "expected"), [("pdf", "Kurung (buka \\ <tutup> & “kutip” ) Tj ET ?"), ("docx", HOSTILE)])
def test_text_is_text_whatever_it_holds(read: str, expected: str) -> None:
    page = Page("Judul", [HOSTILE])

    if read == "pdf":
        assert pdf_texts(paper.pdf("Contoh", [page]))[0].splitlines()[-1] == expected
    else:
        assert docx_texts(paper.docx("Contoh", [page]))["word/document.xml"].splitlines()[-1] == expected


def test_a_long_line_is_broken(app: Flask) -> None:
    lines: Any = pdf_texts(paper.pdf("Contoh", [Page("Judul", ["kata " * 60])]))[0].splitlines()

    assert all(len(line) <= 78 for line in lines)
    assert sum(line.count("kata") for line in lines) == 60
