"""The audit trail: the auditor asks who changed, saw or took something, and takes the answer along."""

from typing import Any

from flask import url_for
from flask_login import current_user
from markupsafe import Markup

from models import AuditEntry
from rules import codes, labels
from sikerja import exports, formats, history, lists
from views.base import SikerjaView


def _record(entry: AuditEntry) -> Any:
    """The record's name, leading there for whoever may read it."""
    if entry.record_id is None or not current_user.may(f"{entry.screen}:read"):
        return entry.record
    return formats.link(url_for(f"{entry.screen}.details_view", id=entry.record_id), entry.record)


class AuditView(SikerjaView):
    """Traces, to read: there is no way here to change or delete one, and the database refuses it."""

    screen = "audit"
    listing = lists.AUDIT
    title = "Jejak audit"
    noun = "jejak"
    search_hint = "Cari nama data atau pelaku"
    column_list = ("told", "record", "user_name", "at", "address")
    quick_filters = ("action", "seen", "at")
    export_columns = exports.AUDIT
    cells = {
        "at": lambda row: formats.short_moment(row["at"]),
    }
    details = (
        ("Waktu", lambda entry: formats.moment(entry.at)),
        ("Pelaku", lambda entry: entry.user_name or "Tidak dikenal"),
        ("Peran", lambda entry: codes.ROLES.get(entry.role)),
        ("Tindakan", lambda entry: codes.AUDIT_ACTIONS[entry.action]),
        ("Jenis data", lambda entry: labels.NOUNS.get(entry.screen)),
        ("Data", _record),
        ("Keterangan", lambda entry: entry.detail),
        ("Banyak baris", lambda entry: entry.row_count),
        ("Alamat", lambda entry: entry.address),
        ("Perangkat", lambda entry: formats.device(entry.device) if entry.device else None),
        ("Kode permintaan", lambda entry: entry.request_id),
    )

    def details_context(self, record: AuditEntry) -> dict[str, Any]:
        return {"main": [*super().details_context(record)["main"], *_changes(record)]}


def _changes(entry: AuditEntry) -> list[dict[str, Any]]:
    """The changed columns with their old and new values, whole."""
    table = history.table_of(entry)
    rows = [
        [labels.label(table, column), *(history.shown(table, column, value) or Markup("—") for value in pair)]
        for column, pair in history.changes(entry).items()
    ]
    headings = ["Isian", "Sebelumnya", "Menjadi"]
    return [{"title": "Perubahan", "kind": "table", "headings": headings, "rows": rows}] if rows else []
