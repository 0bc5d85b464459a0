"""Indexes that hold all the dashboard counts over the whole register."""

from alembic import op

revision = "0004"
down_revision = "0003"

TERMS = (
    "deleted_at", "origin", "closed_on", "signed_on", "terminated_on", "starts_on", "ends_on", "open_ended",
    "renewal_decision", "holder", "stage_since", "instrument", "offer_received",
)  # fmt: skip


def upgrade() -> None:
    op.create_index("ix_agreement_living_group", "agreement", ["deleted_at", "group"])
    op.create_index("ix_agreement_living_sector", "agreement", ["deleted_at", "sector_id"])
    op.create_index("ix_agreement_living_terms", "agreement", list(TERMS))


def downgrade() -> None:
    for name in ("terms", "sector", "group"):
        op.drop_index(f"ix_agreement_living_{name}", table_name="agreement")
