"""How the register says no: one exception whose words are meant for the person, and a sentence for each constraint."""

import errno
import re
import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError

# Constraint -> (field it is told at, sentence). A constraint that is not here is told in general words.
CONSTRAINTS = {
    "uq_user_email": ("email", "Surel ini sudah dipakai akun lain. Pakai surel lain, atau buka akun itu."),
    "ck_user_unit_role_has_unit": ("unit", "Pilih perangkat daerah untuk akun perangkat daerah."),
    "uq_unit_code": ("code", "Kode ini sudah dipakai perangkat daerah lain. Pakai kode lain."),
    "uq_sector_code": ("code", "Kode ini sudah dipakai bidang lain. Pakai kode lain."),
    "uq_regulation_code": ("code", "Kode ini sudah dipakai peraturan lain. Pakai kode lain."),
    "uq_saved_view_name": ("name", "Anda sudah punya tampilan dengan nama ini. Pakai nama lain."),
    "uq_holiday_on": ("on", "Tanggal ini sudah tercatat sebagai hari libur. Ubah catatan yang sudah ada."),
    "uq_party_number": ("our_number", "Nomor ini sudah dipakai naskah lain. Periksa kembali nomor dan mitranya."),
    "uq_party_once": ("partner", "Mitra yang sama dipilih dua kali. Hapus salah satunya."),
    "uq_agreement_unit_once": ("unit", "Perangkat daerah yang sama dipilih dua kali. Hapus salah satunya."),
    "uq_link_one_renewal": ("parent", "Naskah itu sudah diperpanjang naskah lain."),
    "ck_link_not_itself": ("parent", "Naskah tidak dapat menjadi induk bagi dirinya sendiri. Pilih naskah lain."),
    "ck_agreement_end_not_before_start": (
        "ends_on",
        "Tanggal berakhir lebih awal daripada tanggal mulai. Isi tanggal sesudah itu.",
    ),
    "ck_agreement_value_not_negative": ("value", "Nilai tidak boleh kurang dari nol."),
    "ck_agreement_year_sensible": ("year", "Tahun harus antara 1900 dan 2200."),
    "uq_attachment_edition": ("", "Versi lain baru saja diunggah. Muat ulang halaman, lalu unggah lagi."),
    "uq_procedure_version_one_draft": (
        "",
        "Draf prosedur ini sudah dibuka orang lain. Buka prosedurnya, lalu lanjutkan draf itu.",
    ),
    "uq_procedure_version_number": (
        "",
        "Draf prosedur ini sudah dibuka orang lain. Buka prosedurnya, lalu lanjutkan draf itu.",
    ),
    "uq_stage_rule_key": ("key", "Kunci ini sudah dipakai tahap lain dalam versi ini. Pakai kunci lain."),
    "uq_document_rule_name": ("name", "Dokumen dengan nama ini sudah ada pada tahap itu. Ubah yang sudah ada."),
    "uq_deadline_rule_key": ("key", "Kunci ini sudah dipakai tenggat lain pada tahap itu. Pakai kunci lain."),
    "ck_stage_end_not_before_start": ("finished_on", "Tanggal selesai lebih awal daripada tanggal mulai."),
}
CHOICE_GONE = "Pilihan ini sudah tidak ada. Muat ulang halaman, lalu pilih lagi."
_GENERAL = "Isian ini bertentangan dengan aturan register, jadi belum disimpan. Periksa kembali isiannya."

# SQLite names a unique constraint by its columns only.
_SQLITE_COLUMNS = {
    "user.email": "uq_user_email",
    "unit.code": "uq_unit_code",
    "sector.code": "uq_sector_code",
    "regulation.code": "uq_regulation_code",
    "holiday.on": "uq_holiday_on",
    "saved_view.owner_id, saved_view.screen, saved_view.name": "uq_saved_view_name",
    "party.agreement_id, party.partner_id": "uq_party_once",
    "agreement_unit.agreement_id, agreement_unit.unit_id": "uq_agreement_unit_once",
    "link.to_id": "uq_link_one_renewal",
    "procedure_version.procedure_id": "uq_procedure_version_one_draft",
    "procedure_version.procedure_id, procedure_version.number": "uq_procedure_version_number",
    "stage_rule.procedure_version_id, stage_rule.key": "uq_stage_rule_key",
    "document_rule.stage_rule_id, document_rule.name": "uq_document_rule_name",
    "deadline_rule.stage_rule_id, deadline_rule.key": "uq_deadline_rule_key",
    "attachment.series_id, attachment.edition": "uq_attachment_edition",
}


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error
    """The register refuses; `errors` maps a field ("" for none) to a sentence that says what to do."""

    def __init__(self, message: str = "", field: str = "", errors: dict[str, str] | None = None) -> None:
        self.errors = errors if errors is not None else {field: message}
        super().__init__(" ".join(self.errors.values()))


class Conflict(Refusal):
    """Someone else has changed the row since it was read."""


def of_integrity_error(error: IntegrityError) -> Refusal:
    """The refusal that a database constraint stands for; never its SQL or its values."""
    field, message = CONSTRAINTS.get(_constraint(error), ("", _GENERAL))
    return Refusal(message, field)


def _constraint(error: IntegrityError) -> str:
    diagnosis = getattr(error.orig, "diag", None)  # PostgreSQL names it
    if diagnosis is not None:
        return diagnosis.constraint_name or ""
    told = str(error.orig)
    named = re.search(r"(?:index '|CHECK constraint failed: )(\w+)", told)
    if named:
        return named[1]
    columns = told.rpartition("UNIQUE constraint failed: ")[2]
    return _SQLITE_COLUMNS.get(columns, "")


NO_ROOM = "Penyimpanan penuh, jadi belum ada yang disimpan. Hubungi administrator, lalu coba lagi."
_FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_SQLITE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}
_FULL_POSTGRESQL = "53100"


def is_lack_of_room(error: BaseException) -> bool:
    """True where a disk is full, whoever noticed it: the system or either database."""
    if isinstance(error, OSError):
        return error.errno in _FULL_DISK
    told = error.orig if isinstance(error, DBAPIError) else None
    return getattr(told, "sqlite_errorcode", None) in _FULL_SQLITE or getattr(told, "sqlstate", None) == _FULL_POSTGRESQL


TOO_LONG = "Pencarian ini memakan waktu terlalu lama dan dihentikan. Persempit kata pencarian atau saringannya, lalu coba lagi."
_CANCELLED_POSTGRESQL = "57014"


def is_out_of_time(error: BaseException) -> bool:
    """True where either database broke a statement off because it took too long."""
    told = error.orig if isinstance(error, DBAPIError) else None
    interrupted = getattr(told, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
    return interrupted or getattr(told, "sqlstate", None) == _CANCELLED_POSTGRESQL
