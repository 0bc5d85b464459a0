"""Saved views; what opens after signing in; the document by which an offer was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ROLES = "'admin', 'staff', 'supervisor', 'unit', 'auditor'"


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("shared_with", sa.String(length=20), nullable=True),
        sa.Column("screen", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.CheckConstraint(f"shared_with IN ({ROLES})", name=op.f("ck_saved_view_shared_with_known")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_saved_view_owner_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("owner_id", "screen", "name", name="uq_saved_view_name"),
    )
    op.create_index("ix_saved_view_screen_shared_with", "saved_view", ["screen", "shared_with"], unique=False)
    op.add_column("user", sa.Column("start_view_id", sa.Integer(), nullable=True))
    op.add_column("agreement", sa.Column("closed_document_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("agreement", "closed_document_id")
    op.drop_column("user", "start_view_id")
    op.drop_index("ix_saved_view_screen_shared_with", table_name="saved_view")
    op.drop_table("saved_view")
