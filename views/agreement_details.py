"""The details page of an agreement, section by section: everything, parties, units, family, stages."""

from typing import Any

from flask import current_app, url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import Agreement, AgreementUnit, Attachment, Link, Party, Stage
from rules import codes, grounds
from sikerja import attachments, clock, formats, lists
from sikerja.listing import Viewer

EMPTY = Markup('<span class="none">Belum diisi</span>')
COMPUTED = (
    "validity",
    "closed_as",
    "renewal_decision",
    "open_ended",
    "ends_on",
    "stage",
    "stage_since",
    "holder",
    "signed",
)
TEXTS = (
    ("Ruang lingkup", "scope"), ("Latar belakang", "background"), ("Maksud dan tujuan", "purpose"), ("Lokasi", "location"),
    ("Manfaat", "benefits"), ("Analisis dampak sosial dan lingkungan", "impact"), ("Pembiayaan", "financing"),
    ("Alasan tanpa batas waktu", "open_ended_reason"), ("Alasan ditutup", "closed_reason"),
    ("Alasan diakhiri", "terminated_reason"), ("Alasan keputusan perpanjangan", "renewal_reason"),
)  # fmt: skip
STEP_STATES = {
    "planned": "ahead", "running": "current", "waiting": "waiting", "returned": "returned",
    "finished": "done", "skipped": "skipped",
}  # fmt: skip


def context(session: Session, record: Agreement, viewer: Any) -> dict[str, Any]:
    """What the template of details shows of this agreement to this viewer; besides its validity and files, which verbs ask."""
    agreement = _whole(session, record.id)
    state = lists.AGREEMENTS.values(session, [record.id], COMPUTED)[record.id]
    stages = _stages(session, agreement)
    files = attachments.newest_of(session, agreement.id)
    main = [
        section
        for section in (
            _steps(stages),
            _parties(agreement),
            _files(files, agreement, viewer),
            _texts(agreement),
            _stage_table(stages, agreement, viewer),
        )
        if section
    ]
    return {
        "title": agreement.title,
        "crumbs": [("Kerja sama", url_for("agreement.index_view")), (codes.INSTRUMENTS[agreement.instrument], None)],
        "badge": formats.badge(
            state["validity"], state["closed_as"], formats.days_left(state["validity"], state["ends_on"], clock.today()),
            state["renewal_decision"], state["open_ended"],
        ),
        "facts": _facts(agreement),
        "validity": state["validity"],
        "files": files,
        "main": main,
        "side": [_summary(session, agreement, state), _family(session, agreement, viewer), _origin(agreement)],
    }  # fmt: skip


def _whole(session: Session, key: int) -> Agreement:
    loaded = (
        selectinload(Agreement.parties).selectinload(Party.partner),
        selectinload(Agreement.units).selectinload(AgreementUnit.unit),
        selectinload(Agreement.sector),
        selectinload(Agreement.procedure),
    )
    return session.scalars(select(Agreement).where(Agreement.id == key).options(*loaded)).one()


def _stages(session: Session, agreement: Agreement) -> list[Stage]:
    living = select(Stage).where(Stage.agreement_id == agreement.id, Stage.deleted_at.is_(None))
    return list(session.scalars(living.order_by(Stage.position, Stage.id)))


def _facts(agreement: Agreement) -> list[str]:
    ours = _ours(agreement)
    number = f"Nomor {ours.number}" if ours and ours.number else "Belum bernomor"
    facts = [codes.GROUPS[agreement.group], codes.INSTRUMENTS[agreement.instrument]]
    if agreement.sector:
        facts.append(agreement.sector.name)
    return [*facts, f"Register {agreement.register_no}", number]


def _ours(agreement: Agreement) -> Party | None:
    return next((party for party in agreement.parties if party.side == "ours"), None)


def _filled(items: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(label, EMPTY if shown in (None, "") else shown) for label, shown in items]


# --- main column -------------------------------------------------------------------------------------------------


def _steps(stages: list[Stage]) -> dict[str, Any] | None:
    if not stages:
        return None
    steps = [
        {"number": number, "name": stage.name, "state": STEP_STATES[stage.status], "note": _step_note(stage)}
        for number, stage in enumerate(stages, start=1)
    ]
    return {"title": "Tahap", "kind": "steps", "items": steps}


def _step_note(stage: Stage) -> str:
    """Selesai, 12 Feb 2026 · Menunggu mitra, 41 hari · Belum."""
    if stage.status == "finished" and stage.finished_on:
        return f"Selesai, {formats.short_date(stage.finished_on)}"
    if stage.status not in codes.OPEN_STATUSES:
        return codes.STAGE_STATUSES[stage.status]
    word = codes.STAGE_STATUSES[stage.status]
    if stage.status == "waiting" and stage.holder:
        word = f"Menunggu {codes.HOLDERS[stage.holder]}"
    days = (clock.today() - stage.started_on).days if stage.started_on else 0
    return f"{word}, {days} hari" if days > 0 else word


def _parties(agreement: Agreement) -> dict[str, Any]:
    rows = []
    for party in agreement.parties:
        who = party.partner.name if party.partner else f"Pemerintah {current_app.config['REGION_NAME']}"
        signed_by = ", ".join(part for part in (party.signatory, party.signatory_post) if part)
        rows.append(
            [
                "Mitra" if party.side == "partner" else "Pihak Kesatu",
                formats.link(url_for("partner.details_view", id=party.partner_id), who) if party.partner_id else who,
                party.number or EMPTY,
                (signed_by or EMPTY) if not party.by_power else f"{signed_by} (dengan surat kuasa)",
            ]
        )
    rows.sort(key=lambda row: row[0] == "Mitra")
    return {
        "title": "Para pihak",
        "kind": "table",
        "headings": ["Pihak", "Nama", "Nomor naskah", "Penandatangan"],
        "rows": rows,
        "empty": "Belum ada pihak.",
    }


def _files(files: list[Attachment], agreement: Agreement, viewer: Any) -> dict[str, Any]:
    """The newest edition of each file. Of an agreement in the bin the names alone: its files can't be opened."""
    rows = [_file_row(row, agreement.is_binned) for row in files]
    may_add = viewer.may("attachment:create") and not agreement.is_binned
    section = {
        "id": "berkas", "title": "Berkas", "kind": "table", "rows": rows,
        "headings": ["Judul", "Jenis", "Berkas", "Pemeriksaan", ""],
        "empty": "Belum ada berkas." + (" Unggah pindaian naskah atau dokumen pendukungnya." if may_add else ""),
    }  # fmt: skip
    action = {"label": "Unggah berkas", "url": url_for("attachment.create_view", agreement=agreement.id)}
    return section | ({"action": action} if may_add else {})


def _file_row(row: Attachment, binned: bool) -> list[Any]:
    sent = formats.short_date(clock.local(row.created_at).date())
    about: Any = f"{row.original_name} · versi {row.edition} · {sent}"
    fault = attachments.fault(row)
    if fault is not None:
        about = Markup('{}<br><span class="sk-late">{}</span>').format(about, str(fault))
    title = row.title if binned else formats.link(url_for("attachment.details_view", id=row.id), row.title)
    take = "" if binned or fault else formats.link(url_for("attachment.download_view", id=row.id), "Unduh")
    return [title, codes.ATTACHMENT_KINDS[row.kind], about, formats.verdict_badge(row.verdict), take]


def _texts(agreement: Agreement) -> dict[str, Any] | None:
    items = [(label, getattr(agreement, name)) for label, name in TEXTS if getattr(agreement, name)]
    return {"title": "Isi", "kind": "text", "items": items} if items else None


def _stage_table(stages: list[Stage], agreement: Agreement, viewer: Any) -> dict[str, Any] | None:
    if agreement.origin == "archive" and not stages:
        return None
    rows = [
        [
            formats.link(url_for("stage.details_view", id=stage.id), stage.name),
            codes.STAGE_STATUSES[stage.status],
            formats.short_date(stage.started_on) or EMPTY,
            formats.short_date(stage.finished_on) or EMPTY,
            codes.HOLDERS.get(stage.holder or "", EMPTY),
        ]
        for stage in stages
    ]
    table: dict[str, Any] = {
        "title": "Rincian tahap", "kind": "table", "rows": rows, "empty": "Belum ada tahap yang dicatat.",
        "headings": ["Tahap", "Keadaan", "Mulai", "Selesai", "Ditunggu dari"],
    }  # fmt: skip
    if viewer.may("stage:create") and not agreement.is_binned:
        table["action"] = {"label": "Tambah tahap", "url": url_for("stage.create_view", agreement=agreement.id)}
    return table


# --- summary column ----------------------------------------------------------------------------------------------


def _summary(session: Session, agreement: Agreement, state: dict[str, Any]) -> dict[str, Any]:
    units = {role: [held.unit.name for held in agreement.units if held.role == role] for role in codes.UNIT_ROLES}
    items = [
        ("Mitra", "; ".join(party.partner.name for party in agreement.parties if party.partner)),
        *((codes.UNIT_ROLES[role], "; ".join(names)) for role, names in units.items() if names),
        *([] if agreement.units else [("Perangkat daerah", "")]),
        ("Prosedur", agreement.procedure.name if agreement.procedure else ""),
        ("Tanda tangan", formats.long_date(agreement.signed_on) or (str(agreement.year) if agreement.year else "")),
        ("Tempat", agreement.place_signed),
        ("Mulai", formats.long_date(agreement.starts_on or agreement.signed_on)),
        ("Berakhir", formats.long_date(agreement.ends_on) or ("Tanpa batas waktu" if agreement.open_ended else "")),
        ("Jangka waktu", agreement.duration),
        ("Tahap", _stage_words(state)),
        *_closing(session, agreement),
        ("Nilai", formats.money(agreement.value)),
        ("Keputusan perpanjangan", codes.RENEWAL_DECISIONS[agreement.renewal_decision]),
        ("Tempat naskah asli", agreement.paper_place),
    ]
    if agreement.special_procedure:
        items.append(("Prosedur khusus", "Ya"))
    return {"title": "Ringkasan", "kind": "facts", "items": _filled(items)}


def _closing(session: Session, agreement: Agreement) -> list[tuple[str, Any]]:
    """When an offer was closed or an agreement ended early, on which ground, and the file that says so."""
    items: list[tuple[str, Any]] = []
    if agreement.closed_on is not None:
        items.append(("Ditutup", formats.long_date(agreement.closed_on)))
        items += _document(session, agreement, "Dokumen penutup", agreement.closed_document_id)
    if agreement.terminated_on is not None:
        items.append(("Diakhiri", formats.long_date(agreement.terminated_on)))
        items.append(("Dasar pengakhiran", grounds.words(agreement.group, agreement.terminated_as)))
        items += _document(session, agreement, "Dokumen pengakhiran", agreement.terminated_document_id)
    return items


def _document(session: Session, agreement: Agreement, label: str, key: int | None) -> list[tuple[str, Any]]:
    """A file by its title; one that went to the bin since by its title alone."""
    file = session.get(Attachment, key) if key else None
    if file is None:
        return []
    there = not (file.is_binned or agreement.is_binned)
    return [(label, formats.link(url_for("attachment.details_view", id=file.id), file.title) if there else file.title)]


def _stage_words(state: dict[str, Any]) -> str:
    if not state["stage"]:
        return ""
    words = codes.OUTCOMES.get(state["stage"], state["stage"])
    since = f" sejak {formats.long_date(state['stage_since'])}" if state["stage_since"] else ""
    holder = (
        f", ditunggu dari {codes.HOLDERS[state['holder']]}"
        if state["holder"] and not state["signed"] and not state["closed_as"]
        else ""
    )
    return words + since + holder


def _origin(agreement: Agreement) -> dict[str, Any]:
    items = [
        ("Asal", codes.ORIGINS[agreement.origin]),
        (
            "Surat penawaran",
            " ".join(part for part in (agreement.offer_number, formats.long_date(agreement.offer_date)) if part),
        ),
        ("Penawaran diterima", formats.long_date(agreement.offer_received)),
        ("Sumber", agreement.source),
        ("Catatan sumber", agreement.source_note),
        ("Dicatat", formats.moment(agreement.created_at)),
        ("Terakhir diubah", formats.moment(agreement.updated_at)),
    ]
    return {"title": "Catatan register", "kind": "facts", "items": [item for item in items if item[1]]}


def _family(session: Session, agreement: Agreement, viewer: Viewer) -> dict[str, Any]:
    """The family as a tree. Of members outside the viewer's rows only kind and stage are told, no title, no link."""
    members = _members(session, agreement, viewer)
    if len(members) < 2:
        lone: dict[str, Any] = {"label": "Naskah ini berdiri sendiri", "note": None, "here": False, "children": []}
        return {"title": "Keluarga naskah", "kind": "tree", "items": [lone]}
    parents = _parents(session, list(members))
    nodes = {key: _node(member, key == agreement.id) for key, member in members.items()}
    roots = []
    for key, node in nodes.items():
        parent = parents.get(key)
        if parent is None or parent[0] not in nodes:
            roots.append(node)
        else:
            nodes[parent[0]]["children"].append(node)
            node["note"] = f"{codes.LINK_KINDS[parent[1]]} · {node['note']}"
    return {"title": "Keluarga naskah", "kind": "tree", "items": roots}


def _members(session: Session, agreement: Agreement, viewer: Viewer) -> dict[int, dict[str, Any]]:
    names = ("title", "instrument", "validity", "closed_as", "stage", "ends_on")
    family = select(Agreement.id).where(Agreement.root_id == agreement.root_id, Agreement.deleted_at.is_(None))
    keys = sorted(set(session.scalars(family)) | {agreement.id})
    seen = {record.id for record in lists.AGREEMENTS.many(session, keys, viewer)}
    rows = lists.AGREEMENTS.values(session, keys, names)
    return {key: row | {"seen": key in seen} for key, row in rows.items()}


def _parents(session: Session, keys: list[int]) -> dict[int, tuple[int, str]]:
    links = session.execute(select(Link.from_id, Link.to_id, Link.kind).where(Link.from_id.in_(keys)).order_by(Link.id.desc()))
    return {child: (parent, kind) for child, parent, kind in links}


def _node(member: dict[str, Any], here: bool) -> dict[str, Any]:
    kind = codes.INSTRUMENTS[member["instrument"]]
    stage = codes.OUTCOMES.get(member["stage"], member["stage"]) if member["stage"] else None
    if not member["seen"]:
        return {"label": kind, "note": stage or "Arsip lama", "here": False, "children": []}
    label: Any = member["title"] if here else formats.link(url_for("agreement.details_view", id=member["id"]), member["title"])
    note = f"{kind} · {'naskah ini' if here else formats.validity_word(member['validity'], member['closed_as'])}"
    return {"label": label, "note": note, "here": here, "children": []}
