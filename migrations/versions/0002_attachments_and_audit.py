"""Attachments; the audit trail, which the database itself refuses to change."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

GUARDED = ("audit_entry", "audit_subject")
# SQLite: the row to be added is there already, so that REPLACE would take its place.
THERE = {
    "audit_entry": "new.id IN (SELECT id FROM audit_entry)",
    "audit_subject": "new.record_id IN (SELECT record_id FROM audit_subject WHERE entry_id = new.entry_id)",
}


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("paper_place", sa.String(length=200), nullable=False),
        sa.Column("original_name", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("flags", sa.String(length=200), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("verdict_remark", sa.Text(), nullable=False),
        sa.Column("verdict_at", sa.DateTime(), nullable=True),
        sa.Column("verdict_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('surat_penawaran', 'kak', 'studi_kelayakan', 'rancangan', 'naskah_final', 'surat_kuasa', 'berita_acara', 'persetujuan', 'laporan', 'lainnya')",
            name=op.f("ck_attachment_kind_known"),
        ),
        sa.CheckConstraint("verdict IN ('accepted', 'refused')", name=op.f("ck_attachment_verdict_known")),
        sa.CheckConstraint("(edition = 1) = (replaces_id IS NULL)", name=op.f("ck_attachment_later_edition_replaces")),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachment_not_empty")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_attachment_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["replaces_id"], ["attachment.id"], name=op.f("fk_attachment_replaces_id_attachment")),
        sa.ForeignKeyConstraint(["series_id"], ["attachment.id"], name=op.f("fk_attachment_series_id_attachment")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["user.id"], name=op.f("fk_attachment_uploaded_by_id_user")),
        sa.ForeignKeyConstraint(["verdict_by_id"], ["user.id"], name=op.f("fk_attachment_verdict_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("series_id", "edition", name="uq_attachment_edition"),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index("ix_attachment_agreement_id_kind", ["agreement_id", "kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_deleted_at"), ["deleted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_digest"), ["digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_document_date"), ["document_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_replaces_id"), ["replaces_id"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("user_name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("screen", sa.String(length=30), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("record_key", sa.Text(), nullable=False),
        sa.Column("part", sa.String(length=30), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("covers_all", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "action IN ('create', 'update', 'delete', 'bin', 'restore', 'role', 'password', 'sign_in', 'sign_in_failed', 'sign_out', 'download', 'preview', 'export')",
            name=op.f("ck_audit_entry_action_known"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_audit_entry_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_entry_screen_record_id", ["screen", "record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_user_id"), ["user_id"], unique=False)

    op.create_table(
        "audit_subject",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_subject_entry_id_audit_entry")),
        sa.PrimaryKeyConstraint("entry_id", "record_id", name=op.f("pk_audit_subject")),
    )
    with op.batch_alter_table("audit_subject", schema=None) as batch_op:
        batch_op.create_index("ix_audit_subject_record_id_entry_id", ["record_id", "entry_id"], unique=False)

    for table in GUARDED:
        _guard(table)


def downgrade() -> None:
    for table in GUARDED:
        _unguard(table)
    with op.batch_alter_table("audit_subject", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_subject_record_id_entry_id")

    op.drop_table("audit_subject")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_user_id"))
        batch_op.drop_index("ix_audit_entry_screen_record_id")
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_action"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_agreement_id"))

    op.drop_table("audit_entry")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_replaces_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_kind"))
        batch_op.drop_index(batch_op.f("ix_attachment_document_date"))
        batch_op.drop_index(batch_op.f("ix_attachment_digest"))
        batch_op.drop_index(batch_op.f("ix_attachment_deleted_at"))
        batch_op.drop_index("ix_attachment_agreement_id_kind")

    op.drop_table("attachment")


def _is_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def _guard(table: str) -> None:
    """Rows are added and never changed or deleted, not even by way of REPLACE or TRUNCATE."""
    if _is_sqlite():
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {THERE[table]} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
    )
    op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_refuse()")


def _unguard(table: str) -> None:
    """The triggers go with their table; on PostgreSQL their function stays behind and is dropped with them."""
    if not _is_sqlite():
        op.execute(f"DROP FUNCTION {table}_refuse() CASCADE")
