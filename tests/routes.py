"""The addresses of the application, walked by the tests: every rule with a real record behind it."""

import io

from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from extensions import db
from models import (
    Agreement,
    Attachment,
    AuditEntry,
    Contact,
    DeadlineRule,
    DocumentRule,
    Holiday,
    Partner,
    Procedure,
    ProcedureVersion,
    Regulation,
    SavedView,
    Sector,
    Stage,
    StageRule,
    Unit,
    User,
)
from sikerja import attachments
from sikerja.attachments import Sent
from sikerja.law import drafts, papers
from tests.papers import attach, scan
from tests.rows import ask, id_of

BUS_LINES = "Penyelenggaraan angkutan umum antardaerah (contoh)"  # what the unit of the sample may see
# What the unit of the sample must never read: words of agreements that it has no part in.
OTHERS = ("Rujukan pelayanan", "Adendum rujukan", "Tigard", "BPJS", "Pinrang", "CONTOH-002/KS/2024")
MODELS = {
    "agreement": Agreement, "stage": Stage, "partner": Partner, "contact": Contact, "unit": Unit, "sector": Sector,
    "holiday": Holiday, "procedure": Procedure, "regulation": Regulation, "user": User, "audit": AuditEntry,
    "attachment": Attachment, "view": SavedView, "version": ProcedureVersion, "stage_rule": StageRule,
    "document_rule": DocumentRule, "deadline_rule": DeadlineRule,
}  # fmt: skip


def rules(app: Flask) -> list[Rule]:
    """Every rule of the application."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def screen_of(rule: Rule) -> str:
    """The screen that a rule belongs to."""
    return rule.endpoint.partition(".")[0]


def path(rule: Rule) -> str:
    """The rule's address, its parts filled in."""
    return rule.rule.replace("<export_type>", "csv").replace("<path:filename>", "sikerja.css")


def add_contact(app: Flask, partner: str = "Kabupaten Pinrang") -> int:
    """A person at that partner, since the sample names none. Returns the id."""
    partner_id = id_of(app, Partner, partner)
    with app.app_context():
        contact = Contact(
            partner_id=partner_id, name="Hendra Wijaya", email="hendra@contoh.test", post="Sekretaris", phone="0541-000000"
        )
        db.session.add(contact)
        db.session.commit()
        return contact.id


def add_partner(app: Flask) -> int:
    """A partner that no agreement names, so that it can go to the bin. Returns the id."""
    with app.app_context():
        partner = Partner(name="Kabupaten Uji", kind="daerah")
        db.session.add(partner)
        db.session.commit()
        return partner.id


def add_view(app: Flask, owner: str = "admin", query: str = "search=angkutan", **given: str) -> int:
    """A view that the sample's person of this role keeps of the agreements. Returns the id."""
    owner_id = id_of(app, User, f"{owner}@sikerja.test")
    with app.app_context():
        view = SavedView(**{"owner_id": owner_id, "name": "Angkutan", "screen": "agreement", "query": query, **given})
        db.session.add(view)
        db.session.commit()
        return view.id


def add_draft(app: Flask, code: str = "ksdd_wajib") -> dict[str, int]:
    """The draft of a kind, opened where there is none: its id, and that of one of its stages, documents and deadlines."""
    with app.app_context():
        session = db.session()
        draft = drafts.open_for(session, session.scalars(select(Procedure).where(Procedure.code == code)).one())
        session.commit()
        of_draft = StageRule.procedure_version_id == draft.id
        stage = session.scalar(select(func.max(StageRule.id)).where(of_draft))
        document = session.scalar(select(func.min(DocumentRule.id)).join(DocumentRule.stage_rule).where(of_draft))
        deadline = session.scalar(select(func.max(DeadlineRule.id)).join(DeadlineRule.stage_rule).where(of_draft))
        return {"version": draft.id, "stage_rule": stage, "document_rule": document, "deadline_rule": deadline or 1}


def add_paper(app: Flask, key: int) -> None:
    """The official text of the regulation of that id: a scan in the store."""
    with app.app_context():
        kept = attachments.take_in([Sent("naskah.pdf", io.BytesIO(scan()))], "pdf")[0]
        papers.put(db.session(), db.session.get_one(Regulation, key), kept)
        db.session.commit()


def add_stage(app: Flask, title: str = BUS_LINES) -> int:
    """An internal stage of that agreement, which may go to the bin. Returns the id."""
    agreement = id_of(app, Agreement, title)
    with app.app_context():
        stage = Stage(agreement_id=agreement, key="rapat", name="Rapat TKKSD", position=99)
        db.session.add(stage)
        db.session.commit()
        return stage.id


def records(app: Flask, role: str | None = None) -> dict[str, int]:
    """A living record of each screen, which no other hangs on and which the unit of the sample may see; a view of this role's."""
    add_contact(app)
    attach(app)
    add_view(app, role or "admin")
    last = {screen: ask(app, select(func.max(model.id)))[0] for screen, model in MODELS.items()}
    add_paper(app, last["regulation"])
    return last | add_draft(app) | {"stage": add_stage(app)}
