"""Exports: a list's columns as they stand in a file, and the CSV that opens right in a spreadsheet and can't run a thing.

The rows are those of the list, in its order, written as they are read: memory doesn't grow with their number. The same
columns as Excel: `sikerja/xlsx.py`.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
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
    """A session for one long reading, an export or a verification: it sees the register as of one moment, holds nobody up, and
    takes the time it needs.

    (The request's own session ends before a file is sent.)
    """
    engine = engine.execution_options(sikerja_writer=False, sikerja_patient=True)
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Session(engine)


@dataclass(frozen=True)
class ExportColumn:
    """One column of a file: its heading, the list columns it needs, and what stands in it for a row.

    `text` is what a CSV holds; a spreadsheet holds `value`, a date, a moment of the city or a number by its `kind`, where
    there is one. `kind` is also how wide the column is: "text", "long", "date", "moment", "number", "year" or "money".
    """

    name: str
    heading: str
    needs: tuple[str, ...]
    text: Callable[[dict[str, Any]], str]
    kind: str = "text"
    value: Callable[[dict[str, Any]], Any] | None = None
    is_as_held: bool = False  # a CSV holds what the row holds under this name


def defused(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula: behind a `'` where it begins like one."""
    if text[:1].isalnum():
        return text  # as nearly every cell
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
        # Column by column, each cell asked here already whether it is harmless: a file has millions of them.
        writer.writerows(zip(*(_cells(column, rows) for column in columns), strict=True))
        yield _taken(buffer)


def _cells(column: ExportColumn, rows: list[dict[str, Any]]) -> list[str]:
    if not column.is_as_held:
        return [text if not text or text[:1].isalnum() else defused(text) for text in map(column.text, rows)]
    held = [row[column.name] for row in rows]
    return [value if type(value) is str and value[:1].isalnum() else defused(_as_text(value)) for value in held]


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def _taken(buffer: io.StringIO) -> bytes:
    """What stands in the buffer, which is empty afterwards."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def file_name(titles: Sequence[str], state: ListState, options: dict[str, dict[str, str]], suffix: str = "csv") -> str:
    """A name that says what is inside: akan-berakhir_90-hari_jenis-ksdpk_2026-11-24.csv."""
    parts = list(titles)
    if state.search:
        parts.append(f"cari {state.search}")
    for active in state.filters:
        names = active.filter.choices() or options.get(getattr(active.filter, "source", ""), {})
        words = names.get(active.value, active.value)
        parts.append(f"{active.filter.label} {words}")
    if state.keys:
        parts.append("dipilih")
    named = [slug(part).replace("_", "-")[:40].strip("-") for part in parts]
    return "_".join([part for part in named if part][:6] + [clock.today().isoformat()]) + f".{suffix}"


# --- how a value stands in a file --------------------------------------------------------------------------------


def plain(name: str, heading: str, kind: str = "text") -> ExportColumn:
    """A text as it is."""
    return ExportColumn(name, heading, (name,), lambda row: _as_text(row[name]), kind, is_as_held=True)


def running(name: str, heading: str) -> ExportColumn:
    """A long text, which is given more room."""
    return plain(name, heading, "long")


def whole(name: str, heading: str) -> ExportColumn:
    """A whole number."""
    return ExportColumn(
        name, heading, (name,), lambda row: "" if row[name] is None else str(row[name]), "number", lambda row: row[name]
    )


def year(name: str, heading: str) -> ExportColumn:
    """A year: a number without points."""
    return replace(whole(name, heading), kind="year")


def day(name: str, heading: str) -> ExportColumn:
    """A date: YYYY-MM-DD in a CSV."""
    return ExportColumn(
        name, heading, (name,), lambda row: row[name].isoformat() if row[name] else "", "date", lambda row: row[name]
    )


def moment(name: str, heading: str, form: str = "%Y-%m-%d %H:%M") -> ExportColumn:
    """A moment in the city's time; `form` is how a CSV holds it."""

    def local(row: dict[str, Any]) -> datetime:
        return clock.local(row[name]).replace(tzinfo=None)

    return ExportColumn(name, heading, (name,), lambda row: f"{local(row):{form}}", "moment", local)


def coded(name: str, heading: str, words: dict[str, str]) -> ExportColumn:
    """A code by its word."""
    return ExportColumn(name, heading, (name,), lambda row: words.get(row[name], row[name] or ""))


def flag(name: str, heading: str) -> ExportColumn:
    """Ya or Tidak."""
    return ExportColumn(name, heading, (name,), lambda row: "Ya" if row[name] else "Tidak")


def counted(name: str, heading: str, needs: tuple[str, ...], number: Callable[[dict[str, Any]], int | None]) -> ExportColumn:
    """A whole number that is worked out from a row; empty where there is none."""

    def text(row: dict[str, Any]) -> str:
        found = number(row)
        return "" if found is None else str(found)

    return ExportColumn(name, heading, needs, text, "number", number)


def _several(name: str, heading: str, key: str) -> ExportColumn:
    return ExportColumn(name, heading, (), lambda row: NAMES_GLUE.join(row[key]))


def _days_left(row: dict[str, Any]) -> int | None:
    return formats.days_left(row["validity"], row["ends_on"], clock.today()) if row["ends_on"] else None


def _days_waiting(row: dict[str, Any]) -> int | None:
    return formats.days_since(row["stage_since"], clock.today())


AGREEMENTS = (
    plain("register_no", "Nomor Register"),
    running("title", "Judul"),
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
    counted("days_left", "Sisa Hari", ("validity", "ends_on"), _days_left),
    ExportColumn("stage", "Tahap", ("stage",), lambda row: codes.OUTCOMES.get(row["stage"], row["stage"] or "")),
    day("stage_since", "Sejak"),
    ExportColumn("value", "Nilai", ("value",), lambda row: formats.plain_number(row["value"]), "money",
                 lambda row: row["value"]),
    running("scope", "Ruang Lingkup"),
)  # fmt: skip

# What the monitoring lists tell besides.
_RENEWAL = coded("renewal_decision", "Keputusan Perpanjangan", codes.RENEWAL_DECISIONS)
_HOLDER = coded("holder", "Ditunggu Dari", codes.HOLDERS)
_LIMITS = (
    day("due_on", "Tenggat"), flag("overdue", "Lewat Tenggat"),
    ExportColumn("next_step", "Langkah Berikut", ("next_step", "current_stage", "holder"),
                 lambda row: formats.next_step(row["next_step"], row["current_stage"], row["holder"])),
)  # fmt: skip
# What the file of agreements holds only where it is asked for by name.
AGREEMENTS_MORE = (_HOLDER, *_LIMITS)
ENDING = (*AGREEMENTS, _RENEWAL)
ENDED = (*AGREEMENTS, _RENEWAL)
UNDATED = (*AGREEMENTS, year("year", "Tahun"), plain("duration", "Jangka Waktu"))
PROCESS = (
    *AGREEMENTS, _HOLDER,
    counted("days_waiting", "Hari Menunggu", ("stage_since",), _days_waiting), *_LIMITS,
)  # fmt: skip
CLOSED = (
    *AGREEMENTS, coded("closed_as", "Hasil", codes.OUTCOMES), running("closed_reason", "Alasan"),
    day("closed_on", "Tanggal Ditutup"),
)  # fmt: skip

OFFERS = (
    *AGREEMENTS, day("offer_received", "Diterima"), coded("outcome", "Hasil", codes.OFFER_OUTCOMES),
    plain("partner_origin", "Asal"), coded("partner_kind", "Jenis Mitra", codes.PARTNER_KINDS),
    whole("answer_days", "Hari Sampai Jawaban"),
)  # fmt: skip

PARTNERS = (
    plain("name", "Nama"), coded("kind", "Jenis Mitra", codes.PARTNER_KINDS), plain("region", "Provinsi atau Daerah"),
    plain("country", "Negara"), running("address", "Alamat"), plain("email", "Surel"), plain("phone", "Telepon"),
    whole("agreement_count", "Banyak Naskah"),
)  # fmt: skip

CONTACTS = (
    plain("name", "Nama"), plain("partner", "Mitra"), plain("post", "Jabatan"), plain("email", "Surel"),
    plain("phone", "Telepon"),
)  # fmt: skip

STAGES = (
    plain("register_no", "Nomor Register"), running("agreement", "Kerja Sama"), whole("position", "Urutan"),
    plain("name", "Tahap"), coded("status", "Keadaan", codes.STAGE_STATUSES),
    coded("holder", "Ditunggu Dari", codes.HOLDERS), day("planned_on", "Rencana"), day("started_on", "Mulai"),
    day("due_on", "Target"), day("finished_on", "Selesai"), running("remark", "Catatan"),
    coded("kind", "Jenis", codes.STAGE_KINDS), day("law_due_on", "Tenggat"), flag("overdue", "Lewat Tenggat"),
)  # fmt: skip

ATTACHMENTS = (
    plain("register_no", "Nomor Register"), running("agreement", "Kerja Sama"), coded("kind", "Jenis", codes.ATTACHMENT_KINDS),
    plain("title", "Judul"), day("document_date", "Tanggal Dokumen"), whole("edition", "Versi"),
    flag("newest", "Versi Terbaru"), running("reason", "Alasan Versi Baru"), coded("verdict", "Pemeriksaan", codes.VERDICTS),
    running("verdict_remark", "Catatan Pemeriksaan"), plain("original_name", "Nama Berkas"),
    ExportColumn("format", "Format", ("format",), lambda row: row["format"].upper()), whole("size", "Ukuran (bita)"),
    whole("pages", "Halaman"), plain("digest", "SHA-256"), plain("uploaded_by", "Diunggah Oleh"),
    moment("uploaded_at", "Diunggah"),
    plain("paper_place", "Tempat Naskah Asli"),
)  # fmt: skip

UNITS = (
    plain("code", "Kode"), plain("name", "Nama"), plain("short", "Singkatan"), coded("type", "Jenis", codes.UNIT_TYPES),
)  # fmt: skip

SECTORS = (
    whole("position", "Urutan"),
    plain("name", "Bidang Urusan"),
    coded("cluster", "Kelompok", codes.SECTOR_CLUSTERS),
)

REGULATIONS = (
    plain("name", "Peraturan"), year("year", "Tahun"), plain("title", "Tentang"),
    coded("checked", "Pemeriksaan", codes.REGULATION_CHECKS),
)  # fmt: skip

HOLIDAYS = (
    day("on", "Tanggal"), plain("name", "Hari Libur"), coded("kind", "Jenis", codes.HOLIDAY_KINDS),
    flag("confirmed", "Sudah Dipastikan"),
)  # fmt: skip

AUDIT = (
    moment("at", "Waktu", "%Y-%m-%d %H:%M:%S"),
    plain("user_name", "Pelaku"), coded("role", "Peran", codes.ROLES), coded("action", "Tindakan", codes.AUDIT_ACTIONS),
    coded("screen", "Jenis Data", labels.NOUNS), plain("record", "Data"),
    ExportColumn("told", "Yang Terjadi", (), lambda row: row["told"], "long"),
    whole("row_count", "Baris"), plain("address", "Alamat"), plain("device", "Perangkat"),
    plain("request_id", "Kode Permintaan"),
)  # fmt: skip

USERS = (
    plain("name", "Nama"), plain("email", "Surel"), coded("role", "Peran", codes.ROLES), plain("unit", "Perangkat Daerah"),
    flag("active", "Aktif"),
)  # fmt: skip
