"""The law as data, in versions; the way of an agreement through its stages."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("regulation_id", sa.Integer(), nullable=False),
        sa.Column("citation", sa.String(length=200), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.String(length=200), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.ForeignKeyConstraint(["regulation_id"], ["regulation.id"], name=op.f("fk_article_regulation_id_regulation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("regulation_id", "citation", name="uq_article_citation"),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_regulation_id"), ["regulation_id"], unique=False)

    op.create_table(
        "procedure_version",
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("consent", sa.String(length=20), nullable=False),
        sa.Column("partners", sa.Text(), nullable=False),
        sa.Column("papers", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("certainty", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'published')", name=op.f("ck_procedure_version_status_known")),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedure.id"], name=op.f("fk_procedure_version_procedure_id_procedure")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user.id"], name=op.f("fk_procedure_version_published_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_version")),
        sa.UniqueConstraint("procedure_id", "number", name="uq_procedure_version_number"),
    )
    with op.batch_alter_table("procedure_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_procedure_version_procedure_id"), ["procedure_id"], unique=False)
        batch_op.create_index(
            "uq_procedure_version_one_draft",
            ["procedure_id"],
            unique=True,
            sqlite_where=sa.text("status = 'draft'"),
            postgresql_where=sa.text("status = 'draft'"),
        )

    op.create_table(
        "stage_rule",
        sa.Column("procedure_version_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("instruments", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(length=20), nullable=False),
        sa.Column("actors", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("certainty", sa.String(length=20), nullable=False),
        sa.Column("parallel", sa.Boolean(), nullable=False),
        sa.Column("outside_list", sa.Boolean(), nullable=False),
        sa.Column("applies_if", sa.Text(), nullable=False),
        sa.Column("skip_basis", sa.Text(), nullable=False),
        sa.Column("skip_certainty", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.CheckConstraint(
            "holder IN ('bagian', 'tkksd', 'unit', 'mitra', 'dprd', 'gubernur', 'menteri', 'pimpinan')",
            name=op.f("ck_stage_rule_holder_known"),
        ),
        sa.ForeignKeyConstraint(
            ["procedure_version_id"],
            ["procedure_version.id"],
            name=op.f("fk_stage_rule_procedure_version_id_procedure_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_rule")),
        sa.UniqueConstraint("procedure_version_id", "key", name="uq_stage_rule_key"),
    )
    with op.batch_alter_table("stage_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_rule_procedure_version_id"), ["procedure_version_id"], unique=False)

    op.create_table(
        "deadline_rule",
        sa.Column("stage_rule_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("since", sa.String(length=200), nullable=False),
        sa.Column("if_passed", sa.String(length=80), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("certainty", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.ForeignKeyConstraint(
            ["stage_rule_id"], ["stage_rule.id"], name=op.f("fk_deadline_rule_stage_rule_id_stage_rule"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_rule")),
        sa.UniqueConstraint("stage_rule_id", "key", name="uq_deadline_rule_key"),
    )
    with op.batch_alter_table("deadline_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deadline_rule_stage_rule_id"), ["stage_rule_id"], unique=False)

    op.create_table(
        "document_rule",
        sa.Column("stage_rule_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("direction", sa.String(length=20), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("applies_if", sa.String(length=80), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("certainty", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.ForeignKeyConstraint(
            ["stage_rule_id"], ["stage_rule.id"], name=op.f("fk_document_rule_stage_rule_id_stage_rule"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_rule")),
        sa.UniqueConstraint("stage_rule_id", "name", name="uq_document_rule_name"),
    )
    with op.batch_alter_table("document_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_rule_stage_rule_id"), ["stage_rule_id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("yes", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("user_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_answer_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_answer_attachment_id_attachment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("agreement_id", "question", name="uq_answer_once"),
    )
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_deadline_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_deadline_stage_id_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint("stage_id", "key", name="uq_deadline_once"),
    )
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deadline_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "stage_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=500), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("contents", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_stage_document_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_stage_document_attachment_id_attachment")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_stage_document_stage_id_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_document")),
        sa.UniqueConstraint("stage_id", "document", name="uq_stage_document_once"),
    )
    with op.batch_alter_table("stage_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_document_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stage_document_attachment_id"), ["attachment_id"], unique=False)

    op.create_table(
        "stage_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("from_status", sa.String(length=20), nullable=False),
        sa.Column("to_status", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("user_name", sa.String(length=200), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "verb IN ('start', 'finish', 'skip', 'send_back', 'wait', 'reopen', 'add', 'remove', 'answer', 'document', 'deemed', 'late_answer', 'deadline')",
            name=op.f("ck_stage_event_verb_known"),
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_stage_event_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_stage_event_stage_id_stage")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_stage_event_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_event")),
    )
    with op.batch_alter_table("stage_event", schema=None) as batch_op:
        batch_op.create_index("ix_stage_event_agreement_id_id", ["agreement_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stage_event_stage_id"), ["stage_id"], unique=False)

    # Both engines take it in one statement; SQLite adds no constraint later, and the table must not be made anew.
    op.execute(
        "ALTER TABLE agreement ADD COLUMN procedure_version_id INTEGER"
        " CONSTRAINT fk_agreement_procedure_version_id_procedure_version REFERENCES procedure_version (id)"
    )
    op.add_column("agreement", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("agreement", sa.Column("terminated_document_id", sa.Integer(), nullable=True))
    op.add_column("agreement", sa.Column("renewal_reason", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_agreement_due_on", "agreement", ["due_on"])
    op.create_index("ix_agreement_procedure_version_id", "agreement", ["procedure_version_id"])

    # The first end follows corrections until an addendum moves the end; rows corrected before keep the paper's end.
    op.execute(
        "UPDATE agreement SET first_ends_on = ends_on WHERE NOT EXISTS"
        " (SELECT 1 FROM link WHERE link.to_id = agreement.id AND link.kind = 'amends')"
    )
    op.add_column("stage", sa.Column("statutory", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("stage", sa.Column("parallel", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("stage", sa.Column("received_on", sa.Date(), nullable=True))
    op.add_column("stage", sa.Column("law_due_on", sa.Date(), nullable=True))
    op.add_column("stage", sa.Column("ground", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_stage_law_due_on", "stage", ["law_due_on"])
    living_rule = sa.text("statutory AND deleted_at IS NULL")
    op.create_index(
        "uq_stage_rule_once", "stage", ["agreement_id", "key"], unique=True,
        sqlite_where=living_rule, postgresql_where=living_rule,
    )  # fmt: skip

    op.add_column("regulation", sa.Column("original_name", sa.String(length=255), server_default="", nullable=False))
    op.add_column("regulation", sa.Column("digest", sa.String(length=64), nullable=True))
    op.add_column("regulation", sa.Column("size", sa.BigInteger(), nullable=True))
    op.add_column("regulation", sa.Column("pages", sa.Integer(), nullable=True))
    op.create_index("ix_regulation_digest", "regulation", ["digest"])


def downgrade() -> None:
    op.drop_index("ix_regulation_digest", table_name="regulation")
    for column in ("pages", "size", "digest", "original_name"):
        op.drop_column("regulation", column)
    op.drop_index("uq_stage_rule_once", table_name="stage")
    op.drop_index("ix_stage_law_due_on", table_name="stage")
    for column in ("ground", "law_due_on", "received_on", "parallel", "statutory"):
        op.drop_column("stage", column)
    op.drop_index("ix_agreement_procedure_version_id", table_name="agreement")
    op.drop_index("ix_agreement_due_on", table_name="agreement")
    for column in ("renewal_reason", "terminated_document_id", "due_on", "procedure_version_id"):
        op.drop_column("agreement", column)
    for table in ("stage_event", "stage_document", "deadline", "answer", "document_rule", "deadline_rule"):
        op.drop_table(table)
    for table in ("stage_rule", "procedure_version", "article"):
        op.drop_table(table)
