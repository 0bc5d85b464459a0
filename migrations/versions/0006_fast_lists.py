"""Lists at a million: what they are sorted by and narrowed to comes from an index, and so do words of two letters."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

LIVING = sa.text("deleted_at IS NULL")
TERM = ("closed_on", "terminated_on", "origin", "signed_on", "starts_on", "open_ended")
INDEXES = {
    "id": ("id",),
    "title": ("title_key", "id"),
    "partner": ("lead_partner_key", "id"),
    "unit": ("lead_unit_key", "id"),
    "group": ("group", "id"),
    "instrument": ("instrument", "id"),
    "signed": ("signed_on", "id"),
    "starts": ("starts_on", "id"),
    "value": ("value", "id"),
    "ends": ("ends_on", "id", *TERM),
    "kinds": ("group", "instrument", "signed_on", "id", "ends_on", *(each for each in TERM if each != "signed_on")),
    "years": ("group", "signed_on", "id", "ends_on", *(each for each in TERM if each != "signed_on")),
}
REPLACED = ("group", "instrument", "title_key", "signed_on", "starts_on", "ends_on", "value")


def upgrade() -> None:
    op.add_column("agreement", sa.Column("lead_partner_key", sa.String(length=400), nullable=True))
    op.add_column("agreement", sa.Column("lead_unit_key", sa.String(length=400), nullable=True))
    op.execute("""
        UPDATE agreement SET
            lead_partner_key = (SELECT name_key FROM partner WHERE partner.id = agreement.lead_partner_id),
            lead_unit_key = (SELECT name_key FROM unit WHERE unit.id = agreement.lead_unit_id)
    """)
    for name in REPLACED:
        op.drop_index(f"ix_agreement_{name}", table_name="agreement")
    for name, columns in INDEXES.items():
        op.create_index(f"ix_agreement_live_{name}", "agreement", list(columns), sqlite_where=LIVING, postgresql_where=LIVING)
    op.drop_index("ix_stage_key", table_name="stage")
    op.create_index("ix_stage_key_status", "stage", ["key", "status"])
    _index_search(("document", "words"))


def downgrade() -> None:
    _index_search(("document",))
    op.drop_index("ix_stage_key_status", table_name="stage")
    op.create_index("ix_stage_key", "stage", ["key"])
    for name in INDEXES:
        op.drop_index(f"ix_agreement_live_{name}", table_name="agreement")
    for name in REPLACED:
        op.create_index(f"ix_agreement_{name}", "agreement", [name])
    op.drop_column("agreement", "lead_unit_key")
    op.drop_column("agreement", "lead_partner_key")


def _index_search(columns: tuple[str, ...]) -> None:
    """The trigrams of these columns of the search documents, and of no others."""
    if op.get_context().dialect.name == "sqlite":
        for statement in _sqlite_index(columns):
            op.execute(statement)
        return
    op.execute("DROP INDEX IF EXISTS ix_agreement_search_words")
    if "words" in columns and op.get_bind().scalar(sa.text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")):
        op.execute("CREATE INDEX ix_agreement_search_words ON agreement_search USING gin (words gin_trgm_ops)")


def _sqlite_index(columns: tuple[str, ...]) -> list[str]:
    listed, new, old = (", ".join(f"{of}{name}" for name in columns) for of in ("", "new.", "old."))
    add = f"INSERT INTO agreement_fts (rowid, {listed}) VALUES (new.agreement_id, {new});"  # noqa: S608 - our own names
    take = f"INSERT INTO agreement_fts (agreement_fts, rowid, {listed}) VALUES ('delete', old.agreement_id, {old});"  # noqa: S608 - as above
    triggers = {"added": ("INSERT", add), "gone": ("DELETE", take), "changed": ("UPDATE", f"{take} {add}")}
    return [
        *(f"DROP TRIGGER agreement_search_{name}" for name in triggers),
        "DROP TABLE agreement_fts",
        f"CREATE VIRTUAL TABLE agreement_fts USING fts5({listed}, content='agreement_search', "
        "content_rowid='agreement_id', tokenize='trigram')",
        *(
            f"CREATE TRIGGER agreement_search_{name} AFTER {event} ON agreement_search BEGIN {body} END"
            for name, (event, body) in triggers.items()
        ),
        "INSERT INTO agreement_fts (agreement_fts) VALUES ('rebuild')",
    ]
