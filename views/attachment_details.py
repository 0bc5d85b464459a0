"""The details page of a file: its pages as pictures, its editions, what is known of it."""

from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from models import Agreement, Attachment, User
from rules import codes
from sikerja import attachments, formats, records
from sikerja.files.faults import ACTIVE
from sikerja.files.rendering import can_be_drawn
from views import sending

EMPTY = Markup('<span class="none">Belum diisi</span>')
BINNED = "Berkas ini ada di keranjang dan tidak ikut dihitung. Kembalikan dulu untuk mengubahnya."


def context(session: Session, row: Attachment, page: str, viewer: Any) -> dict[str, Any]:
    """What the template of details shows of this file to this viewer."""
    fault = attachments.fault(row)
    editions = attachments.editions(session, row)
    newest = max(edition.edition for edition, _ in editions) == row.edition
    notices = [BINNED] * row.is_binned + ([str(fault)] if fault else [])
    agreement = records.names(Agreement, [row.agreement_id])[row.agreement_id]
    agreement_url = url_for("agreement.details_view", id=row.agreement_id, _anchor="berkas")
    kind, edition = codes.ATTACHMENT_KINDS[row.kind], f"Versi {row.edition}" + ("" if newest else ", sudah ada yang lebih baru")
    return {
        "crumbs": [("Kerja sama", url_for("agreement.index_view")), (agreement, agreement_url), (kind, None)],
        "badge": formats.verdict_badge(row.verdict),
        "facts": [kind, edition, row.format.upper(), formats.file_size(row.size)],
        "notice": " ".join(notices) or None,
        "main": [_pages(row, page, broken=fault is not None), _editions(editions, row)],
        "side": [_summary(session, row, formats.link(agreement_url, agreement), dict(editions)[row])],
        "download_url": url_for("attachment.download_view", id=row.id) if fault is None else None,
        "new_edition_url": url_for("attachment.create_view", replaces=row.id) if _may_follow(row, viewer) else None,
        "may_review": viewer.may("attachment:review") and not row.is_binned,
        "record": row,
    }  # fmt: skip


def _may_follow(row: Attachment, viewer: Any) -> bool:
    return bool(viewer.may("attachment:create")) and not row.is_binned


def _pages(row: Attachment, asked: str, broken: bool) -> dict[str, Any]:
    section: dict[str, Any] = {"title": "Halaman", "kind": "pages", "src": None}
    if broken:
        return section | {"empty": "Halamannya tidak dapat ditampilkan."}
    if not can_be_drawn(row.format) or not row.pages:
        return section | {"empty": f"Berkas {row.format.upper()} hanya dapat diunduh, lalu dibuka dengan aplikasinya."}
    page = min(max(sending.page_number(asked), 1), row.pages)
    address = {number: url_for("attachment.details_view", id=row.id, page=number, _anchor="halaman")
               for number in (page - 1, page + 1) if 1 <= number <= row.pages}  # fmt: skip
    return section | {
        "id": "halaman",
        "src": url_for("attachment.preview_view", id=row.id, page=page),
        "place": f"Halaman {page} dari {row.pages}",
        "previous": address.get(page - 1),
        "next": address.get(page + 1),
    }


def _editions(editions: list[tuple[Attachment, str]], here: Attachment) -> dict[str, Any]:
    told_why = any(edition.reason for edition, _ in editions)
    rows = []
    for edition, sender in editions:
        number = f"Versi {edition.edition}"
        name = Markup("<strong>{}</strong>").format(number) if edition is here else formats.link(
            url_for("attachment.details_view", id=edition.id), number
        )  # fmt: skip
        verdict = formats.verdict_badge(edition.verdict)
        if edition.verdict_remark:
            verdict += Markup("<br>") + formats.lines(edition.verdict_remark)
        rows.append(
            [
                name,
                edition.original_name,
                f"{formats.moment(edition.created_at)}, {sender}".removesuffix(", "),
                *([formats.lines(edition.reason) or "—"] if told_why else []),
                verdict,
                formats.link(url_for("attachment.download_view", id=edition.id), "Unduh"),
            ]
        )
    return {
        "title": "Semua versi",
        "kind": "table",
        "headings": ["Versi", "Nama berkas", "Diunggah", *(["Alasan"] if told_why else []), "Pemeriksaan", ""],
        "rows": rows,
    }


def _summary(session: Session, row: Attachment, agreement: Markup, sender: str) -> dict[str, Any]:
    items: list[tuple[str, Any]] = [
        ("Kerja sama", agreement),
        ("Jenis", codes.ATTACHMENT_KINDS[row.kind]),
        ("Tanggal dokumen", formats.long_date(row.document_date) or EMPTY),
        ("Tempat naskah asli", row.paper_place or EMPTY),
        ("Nama berkas", row.original_name),
        ("Format", row.format.upper()),
        ("Ukuran", formats.file_size(row.size)),
        ("Halaman", formats.number(row.pages) if row.pages else ""),
        ("Perhatian", f"PDF ini memuat bagian yang dapat berjalan sendiri: {_flags(row)}." if row.flags else ""),
        ("Diunggah", f"{formats.moment(row.created_at)}, {sender}".removesuffix(", ")),
        ("Pemeriksaan", codes.VERDICTS.get(row.verdict or "", "Belum diperiksa")),
        *_reviewed(session, row),
        ("SHA-256", Markup('<span class="sk-digest">{}…</span>').format(row.digest[:16])),
    ]
    return {"title": "Ringkasan", "kind": "facts", "items": [item for item in items if item[1] != ""]}


def _flags(row: Attachment) -> str:
    return ", ".join(ACTIVE.get(flag, flag) for flag in row.flags.split(", "))


def _reviewed(session: Session, row: Attachment) -> list[tuple[str, Any]]:
    if row.verdict_at is None:
        return []
    reviewer = session.get(User, row.verdict_by_id) if row.verdict_by_id else None
    when = formats.moment(row.verdict_at) + (f", {reviewer.name}" if reviewer else "")
    return [("Diperiksa", when), ("Catatan", formats.lines(row.verdict_remark) if row.verdict_remark else "")]
