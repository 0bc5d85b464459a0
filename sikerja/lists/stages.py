"""The list of stages of all agreements."""

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from models import Agreement, Stage
from rules import codes
from sikerja.filters import Code, Condition, Day, Relation
from sikerja.listing import Column, Listing, Viewer
from sikerja.lists.agreements import own_agreements
from sikerja.lists.parts import by_words, of, same


def _own_stages(viewer: Viewer) -> Condition:
    return Stage.agreement_id.in_(select(Agreement.id).where(own_agreements(viewer)))


_agreement = aliased(Agreement)
STAGES = Listing(
    Stage,
    (
        Column("name", "Tahap", Stage.name, css="c-title"),
        Column("agreement", "Kerja sama", of(Agreement.title, Agreement, Stage.agreement_id)),
        Column("register_no", "Nomor register", of(Agreement.register_no, Agreement, Stage.agreement_id)),
        Column("position", "Urutan", Stage.position, css="c-num"),
        Column("status", "Keadaan", Stage.status, css="c-date"),
        Column("holder", "Ditunggu dari", Stage.holder, css="c-unit"),
        Column("planned_on", "Rencana", Stage.planned_on, css="c-date"),
        Column("started_on", "Mulai", Stage.started_on, css="c-date"),
        Column("due_on", "Target", Stage.due_on, css="c-date"),
        Column("finished_on", "Selesai", Stage.finished_on, css="c-date"),
        Column("remark", "Catatan", Stage.remark, sort=False),
    ),
    (
        Code("status", "Keadaan", column=Stage.status, codes=codes.STAGE_STATUSES),
        Code("holder", "Ditunggu dari", column=Stage.holder, codes=codes.HOLDERS),
        Code("key", "Tahap", column=Stage.key, codes=codes.STAGE_NAMES, open_list=True),
        Day("started_on", "Mulai", column=Stage.started_on),
        Day("due_on", "Target", column=Stage.due_on),
        Day("finished_on", "Selesai", column=Stage.finished_on),
        Relation("agreement", "Kerja sama", id_column=Stage.agreement_id, exists=same, name_key=_agreement.title_key,
                 named=lambda condition: exists().where(_agreement.id == Stage.agreement_id, condition),
                 source="agreement", many=True),
    ),
    by_words(func.lower(Stage.name), of(Agreement.title_key, Agreement, Stage.agreement_id),
              func.lower(of(Agreement.register_no, Agreement, Stage.agreement_id))),
    _own_stages,
    order=((Stage.id, True),),
    always=(Stage.agreement_id.in_(select(Agreement.id).where(Agreement.deleted_at.is_(None))),),
)  # fmt: skip
