"""Exports: a list of columns, written as CSV that opens right in a spreadsheet and can't run anything there.

The rows are those of the list, in its order, written as they are read: memory doesn't grow with their number.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from rules import codes, labels
from rules.text import slug
from sikerja import clock, formats
from sikerja.listing import ListState
from sikerja.lists import NAMES_GLUE

BOM = "\ufeff"
DELIMITERS = {"comma": ",", "semicolon": ";"}
_DANGEROUS = tuple("=+-@\t\r'＝＋－＠＇")
_BLANKS = re.compile(r"^[^\S\t\r]+")  # every kind of blank but the two that are dangerous themselves
_PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)


def reading_session(engine: Engine) -> Session:
    """A session for one long reading, an export or a verification: it sees the register as of one moment, holds nobody up.

    (The request's own session ends before a file is sent.)
    """
    engine = engine.execution_options(sikerja_writer=False)
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Session(engine)


@dataclass(frozen=True)
class ExportColumn:
    """One column of a file: its heading, the list columns it needs, and the text of a row."""

    name: str
    heading: str
    needs: tuple[str, ...]
    text: Callable[[dict[str, Any]], str]


def defused(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula: behind a `'` where it begins like one."""
    if _BLANKS.sub("", text).startswith(_DANGEROUS) and not _PLAIN_NUMBER.fullmatch(text.strip()):
        return f"'{text}"
    return text


def csv_chunks(
    columns: Sequence[ExportColumn], chunks: Iterable[list[dict[str, Any]]], delimiter: str = ","
) -> Iterator[bytes]:
    """The file piece by piece: mark of UTF-8, headings, then the rows of each chunk."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    buffer.write(BOM)
    writer.writerow([column.heading for column in columns])
    yield _taken(buffer)
    for rows in chunks:
        writer.writerows([[defused(column.text(row)) for column in columns] for row in rows])
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    """What stands in the buffer, which is empty afterwards."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def file_name(title: str, state: ListState, options: dict[str, dict[str, str]]) -> str:
    """A name that says what is inside: kerja-sama_jenis-ksdpk_berakhir-90-hari_2026-11-24.csv."""
    parts = [title]
    if state.search:
        parts.append(f"cari {state.search}")
    for active in state.filters:
        names = active.filter.choices() or options.get(getattr(active.filter, "source", ""), {})
        words = names.get(active.value, active.value)
        parts.append(f"{active.filter.label} {words}")
    named = [slug(part).replace("_", "-")[:40].strip("-") for part in parts]
    return "_".join([part for part in named if part][:6] + [clock.today().isoformat()]) + ".csv"


# --- how a value stands in a file --------------------------------------------------------------------------------


def plain(name: str, heading: str) -> ExportColumn:
    """A text or a whole number as it is."""
    return ExportColumn(name, heading, (name,), lambda row: "" if row[name] is None else str(row[name]))


def day(name: str, heading: str) -> ExportColumn:
    """A date as YYYY-MM-DD."""
    return ExportColumn(name, heading, (name,), lambda row: _iso(row[name]))


def coded(name: str, heading: str, words: dict[str, str]) -> ExportColumn:
    """A code by its word."""
    return ExportColumn(name, heading, (name,), lambda row: words.get(row[name], row[name] or ""))


def flag(name: str, heading: str) -> ExportColumn:
    """Ya or Tidak."""
    return ExportColumn(name, heading, (name,), lambda row: "Ya" if row[name] else "Tidak")


def _iso(value: date | None) -> str:
    return value.isoformat() if value else ""


def _several(name: str, heading: str, key: str) -> ExportColumn:
    return ExportColumn(name, heading, (), lambda row: NAMES_GLUE.join(row[key]))


def _days_left(row: dict[str, Any]) -> str:
    left = formats.days_left(row["validity"], row["ends_on"], clock.today())
    return "" if left is None else str(left)


AGREEMENTS = (
    plain("register_no", "Nomor Register"),
    plain("title", "Judul"),
    ExportColumn("procedure", "Jenis Kerja Sama", ("procedure", "group"),
                 lambda row: row["procedure"] or codes.GROUP_NAMES[row["group"]]),
    coded("instrument", "Jenis Naskah", codes.INSTRUMENTS),
    plain("sector", "Bidang"),
    _several("unit", "Perangkat Daerah", "units"),
    _several("partner", "Mitra", "partners"),
    plain("our_number", "Nomor Pihak Kesatu"),
    _several("partner_number", "Nomor Mitra", "partner_numbers"),
    day("signed_on", "Tanggal Tanda Tangan"),
    day("starts_on", "Tanggal Mulai"),
    day("ends_on", "Tanggal Berakhir"),
    ExportColumn("validity", "Masa Berlaku", ("validity", "closed_as"),
                 lambda row: formats.validity_word(row["validity"], row["closed_as"])),
    ExportColumn("days_left", "Sisa Hari", ("validity", "ends_on"), _days_left),
    ExportColumn("stage", "Tahap", ("stage",), lambda row: codes.OUTCOMES.get(row["stage"], row["stage"] or "")),
    day("stage_since", "Sejak"),
    ExportColumn("value", "Nilai", ("value",), lambda row: formats.plain_number(row["value"])),
    plain("scope", "Ruang Lingkup"),
)  # fmt: skip

PARTNERS = (
    plain("name", "Nama"), coded("kind", "Jenis Mitra", codes.PARTNER_KINDS), plain("region", "Provinsi atau Daerah"),
    plain("country", "Negara"), plain("address", "Alamat"), plain("email", "Surel"), plain("phone", "Telepon"),
    plain("agreement_count", "Banyak Naskah"),
)  # fmt: skip

CONTACTS = (
    plain("name", "Nama"), plain("partner", "Mitra"), plain("post", "Jabatan"), plain("email", "Surel"),
    plain("phone", "Telepon"),
)  # fmt: skip

STAGES = (
    plain("register_no", "Nomor Register"), plain("agreement", "Kerja Sama"), plain("position", "Urutan"),
    plain("name", "Tahap"), coded("status", "Keadaan", codes.STAGE_STATUSES),
    coded("holder", "Ditunggu Dari", codes.HOLDERS), day("planned_on", "Rencana"), day("started_on", "Mulai"),
    day("due_on", "Target"), day("finished_on", "Selesai"), plain("remark", "Catatan"),
)  # fmt: skip

ATTACHMENTS = (
    plain("register_no", "Nomor Register"), plain("agreement", "Kerja Sama"), coded("kind", "Jenis", codes.ATTACHMENT_KINDS),
    plain("title", "Judul"), day("document_date", "Tanggal Dokumen"), plain("edition", "Versi"),
    flag("newest", "Versi Terbaru"), plain("reason", "Alasan Versi Baru"), coded("verdict", "Pemeriksaan", codes.VERDICTS),
    plain("verdict_remark", "Catatan Pemeriksaan"), plain("original_name", "Nama Berkas"),
    ExportColumn("format", "Format", ("format",), lambda row: row["format"].upper()), plain("size", "Ukuran (bita)"),
    plain("pages", "Halaman"), plain("digest", "SHA-256"), plain("uploaded_by", "Diunggah Oleh"),
    ExportColumn("uploaded_at", "Diunggah", ("uploaded_at",), lambda row: f"{clock.local(row['uploaded_at']):%Y-%m-%d %H:%M}"),
    plain("paper_place", "Tempat Naskah Asli"),
)  # fmt: skip

UNITS = (
    plain("code", "Kode"), plain("name", "Nama"), plain("short", "Singkatan"), coded("type", "Jenis", codes.UNIT_TYPES),
)  # fmt: skip

SECTORS = (
    plain("position", "Urutan"),
    plain("name", "Bidang Urusan"),
    coded("cluster", "Kelompok", codes.SECTOR_CLUSTERS),
)

REGULATIONS = (
    plain("name", "Peraturan"), plain("year", "Tahun"), plain("title", "Tentang"),
    coded("checked", "Pemeriksaan", codes.REGULATION_CHECKS),
)  # fmt: skip

HOLIDAYS = (
    day("on", "Tanggal"), plain("name", "Hari Libur"), coded("kind", "Jenis", codes.HOLIDAY_KINDS),
    flag("confirmed", "Sudah Dipastikan"),
)  # fmt: skip

AUDIT = (
    ExportColumn("at", "Waktu", ("at",), lambda row: f"{clock.local(row['at']):%Y-%m-%d %H:%M:%S}"),
    plain("user_name", "Pelaku"), coded("role", "Peran", codes.ROLES), coded("action", "Tindakan", codes.AUDIT_ACTIONS),
    coded("screen", "Jenis Data", labels.NOUNS), plain("record", "Data"),
    ExportColumn("told", "Yang Terjadi", (), lambda row: row["told"]),
    plain("row_count", "Baris"), plain("address", "Alamat"), plain("device", "Perangkat"),
    plain("request_id", "Kode Permintaan"),
)  # fmt: skip

USERS = (
    plain("name", "Nama"), plain("email", "Surel"), coded("role", "Peran", codes.ROLES), plain("unit", "Perangkat Daerah"),
    flag("active", "Aktif"),
)  # fmt: skip
