"""The list of stages of all agreements."""

from sqlalchemy import case, exists, func, or_, select
from sqlalchemy.orm import aliased

from models import Agreement, Stage
from rules import codes
from sikerja import questions
from sikerja.filters import Code, Condition, Day, Fact, Flag, Relation
from sikerja.filtervalues import FLAG_WORDS
from sikerja.listing import Column, Listing, Viewer
from sikerja.lists.agreements import STAGE_KEYS, own_agreements
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
        Column("kind", "Jenis", case((Stage.statutory, "1"), else_="0"), css="c-unit"),
        Column("status", "Keadaan", Stage.status, css="c-date"),
        Column("holder", "Ditunggu dari", Stage.holder, css="c-unit"),
        Column("planned_on", "Rencana", Stage.planned_on, css="c-date"),
        Column("started_on", "Mulai", Stage.started_on, css="c-date"),
        Column("law_due_on", "Tenggat", Stage.law_due_on, css="c-date"),
        Column("due_on", "Target", Stage.due_on, css="c-date"),
        Column("limit", "Batas", questions.stage_limit(), css="c-date"),
        Column("overdue", "Lewat tenggat", questions.stage_overdue, css="c-late"),
        Column("finished_on", "Selesai", Stage.finished_on, css="c-date"),
        Column("remark", "Catatan", Stage.remark, sort=False),
    ),
    (
        Code("status", "Keadaan", column=Stage.status, codes=codes.STAGE_STATUSES),
        Code("holder", "Ditunggu dari", column=Stage.holder, codes=codes.HOLDERS),
        Code("key", "Tahap", column=Stage.key, codes=STAGE_KEYS, open_list=True),
        Flag("statutory", "Jenis", column=Stage.statutory, codes=codes.STAGE_KINDS),
        Fact("overdue", "Lewat tenggat", column=questions.stage_overdue, codes=FLAG_WORDS),
        Day("started_on", "Mulai", column=Stage.started_on),
        Day("law_due_on", "Tenggat", column=Stage.law_due_on),
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
    always=(
        Stage.agreement_id.not_in(select(Agreement.id).where(Agreement.deleted_at.is_not(None))),
        # What the law no longer wants of an agreement lies in the bin for good: it is laid out anew where it is wanted again.
        or_(Stage.statutory.is_(False), Stage.deleted_at.is_(None)),
    ),
)  # fmt: skip
