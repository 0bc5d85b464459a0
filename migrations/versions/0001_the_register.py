"""The register: accounts, reference data, agreements, and what they are searched by."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_counter")),
    )
    op.create_table(
        "holiday",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.CheckConstraint("kind IN ('nasional', 'cuti_bersama', 'daerah')", name=op.f("ck_holiday_kind_known")),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
    )
    with op.batch_alter_table("holiday", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holiday_deleted_at"), ["deleted_at"], unique=False)
        batch_op.create_index(
            "uq_holiday_on",
            ["on"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
    op.create_table(
        "partner",
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=50), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "kind IN ('daerah', 'pemerintah_pusat', 'badan_usaha', 'ormas', 'perguruan_tinggi', 'perseorangan', 'pemda_luar_negeri', 'lembaga_luar_negeri', 'lainnya')",
            name=op.f("ck_partner_kind_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
    )
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_deleted_at"), ["deleted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_partner_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_partner_name_key"), ["name_key"], unique=False)

    op.create_table(
        "procedure",
        sa.Column("code", sa.String(length=50), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("group", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.CheckConstraint(
            "\"group\" IN ('ksdd', 'ksdpk', 'sinergi', 'ksdpl', 'ksdll')", name=op.f("ck_procedure_group_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure")),
        sa.UniqueConstraint("code", name="uq_procedure_code"),
    )
    op.create_table(
        "regulation",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("governs", sa.Text(), nullable=False),
        sa.Column("checked", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("checked IN ('diperiksa', 'judul', 'ingatan')", name=op.f("ck_regulation_checked_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulation")),
        sa.UniqueConstraint("code", name="uq_regulation_code"),
    )
    with op.batch_alter_table("regulation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regulation_deleted_at"), ["deleted_at"], unique=False)

    op.create_table(
        "sector",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("cluster", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.CheckConstraint("cluster IN ('wajib_dasar', 'wajib_nondasar', 'pilihan')", name=op.f("ck_sector_cluster_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sector")),
        sa.UniqueConstraint("code", name="uq_sector_code"),
    )
    with op.batch_alter_table("sector", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sector_deleted_at"), ["deleted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sector_name_key"), ["name_key"], unique=False)

    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failure_account"), ["account"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_failure_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_failure_at"), ["at"], unique=False)

    op.create_table(
        "unit",
        sa.Column("code", sa.String(length=50), nullable=False),
        sa.Column("short", sa.String(length=60), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "type IN ('perangkat_daerah', 'bagian', 'kecamatan', 'bumd', 'lainnya')", name=op.f("ck_unit_type_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name="uq_unit_code"),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_deleted_at"), ["deleted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_name_key"), ["name_key"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("register_no", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("group", sa.String(length=20), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=True),
        sa.Column("special_procedure", sa.Boolean(), nullable=False),
        sa.Column("instrument", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("sector_id", sa.Integer(), nullable=True),
        sa.Column("root_id", sa.Integer(), nullable=True),
        sa.Column("lead_partner_id", sa.Integer(), nullable=True),
        sa.Column("lead_unit_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("place_signed", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("first_ends_on", sa.Date(), nullable=True),
        sa.Column("open_ended", sa.Boolean(), nullable=False),
        sa.Column("open_ended_reason", sa.Text(), nullable=False),
        sa.Column("duration", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("benefits", sa.Text(), nullable=False),
        sa.Column("impact", sa.Text(), nullable=False),
        sa.Column("financing", sa.Text(), nullable=False),
        sa.Column("offer_number", sa.String(length=100), nullable=False),
        sa.Column("offer_date", sa.Date(), nullable=True),
        sa.Column("offer_received", sa.Date(), nullable=True),
        sa.Column("terminated_on", sa.Date(), nullable=True),
        sa.Column("terminated_as", sa.String(length=200), nullable=False),
        sa.Column("terminated_reason", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_as", sa.String(length=20), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=False),
        sa.Column("renewal_decision", sa.String(length=20), nullable=False),
        sa.Column("current_stage_id", sa.Integer(), nullable=True),
        sa.Column("stage_since", sa.Date(), nullable=True),
        sa.Column("holder", sa.String(length=20), nullable=True),
        sa.Column("underway_since", sa.Date(), nullable=True),
        sa.Column("paper_place", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_note", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "closed_as IN ('refused', 'withdrawn', 'lapsed', 'cancelled')", name=op.f("ck_agreement_closed_as_known")
        ),
        sa.CheckConstraint(
            "holder IN ('bagian', 'tkksd', 'unit', 'mitra', 'dprd', 'gubernur', 'menteri', 'pimpinan')",
            name=op.f("ck_agreement_holder_known"),
        ),
        sa.CheckConstraint(
            "instrument IN ('kb', 'pks', 'nota_kesepakatan', 'pernyataan_kehendak', 'naskah', 'rencana_penerusan', 'addendum', 'other')",
            name=op.f("ck_agreement_instrument_known"),
        ),
        sa.CheckConstraint(
            "origin = 'archive' OR ends_on IS NULL OR ends_on >= COALESCE(starts_on, signed_on, ends_on)",
            name=op.f("ck_agreement_end_not_before_start"),
        ),
        sa.CheckConstraint("origin IN ('process', 'archive')", name=op.f("ck_agreement_origin_known")),
        sa.CheckConstraint(
            "renewal_decision IN ('undecided', 'preparing', 'with_partner', 'renewed', 'not_renewed')",
            name=op.f("ck_agreement_renewal_decision_known"),
        ),
        sa.CheckConstraint(
            "\"group\" IN ('ksdd', 'ksdpk', 'sinergi', 'ksdpl', 'ksdll')", name=op.f("ck_agreement_group_known")
        ),
        sa.CheckConstraint('"year" IS NULL OR "year" BETWEEN 1900 AND 2200', name=op.f("ck_agreement_year_sensible")),
        sa.CheckConstraint("(closed_on IS NULL) = (closed_as IS NULL)", name=op.f("ck_agreement_closed_with_outcome")),
        sa.CheckConstraint("value IS NULL OR value >= 0", name=op.f("ck_agreement_value_not_negative")),
        sa.ForeignKeyConstraint(["lead_partner_id"], ["partner.id"], name=op.f("fk_agreement_lead_partner_id_partner")),
        sa.ForeignKeyConstraint(["lead_unit_id"], ["unit.id"], name=op.f("fk_agreement_lead_unit_id_unit")),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedure.id"], name=op.f("fk_agreement_procedure_id_procedure")),
        sa.ForeignKeyConstraint(["root_id"], ["agreement.id"], name=op.f("fk_agreement_root_id_agreement")),
        sa.ForeignKeyConstraint(["sector_id"], ["sector.id"], name=op.f("fk_agreement_sector_id_sector")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("register_no", name="uq_agreement_register_no"),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_current_stage_id"), ["current_stage_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_deleted_at"), ["deleted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_ends_on"), ["ends_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_group"), ["group"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_instrument"), ["instrument"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_lead_partner_id"), ["lead_partner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_lead_unit_id"), ["lead_unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_procedure_id"), ["procedure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_root_id"), ["root_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_sector_id"), ["sector_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_signed_on"), ["signed_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_starts_on"), ["starts_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_title_key"), ["title_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_value"), ["value"], unique=False)

    op.create_table(
        "contact",
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=50), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_contact_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_deleted_at"), ["deleted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "user",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.CheckConstraint("role <> 'unit' OR unit_id IS NOT NULL", name=op.f("ck_user_unit_role_has_unit")),
        sa.CheckConstraint("role IN ('admin', 'staff', 'supervisor', 'unit', 'auditor')", name=op.f("ck_user_role_known")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_user_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name="uq_user_email"),
    )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "agreement_search",
        sa.Column("agreement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_search_agreement_id_agreement"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agreement_id", name=op.f("pk_agreement_search")),
    )
    op.create_table(
        "agreement_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('pemrakarsa', 'pelaksana', 'terkait')", name=op.f("ck_agreement_unit_role_known")),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_unit_agreement_id_agreement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_agreement_unit_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_unit")),
        sa.UniqueConstraint("agreement_id", "unit_id", name="uq_agreement_unit_once"),
    )
    with op.batch_alter_table("agreement_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_unit_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index("ix_agreement_unit_unit_id_agreement_id", ["unit_id", "agreement_id"], unique=False)

    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('implements', 'amends', 'renews', 'follows')", name=op.f("ck_link_kind_known")),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_link_not_itself")),
        sa.ForeignKeyConstraint(["from_id"], ["agreement.id"], name=op.f("fk_link_from_id_agreement"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["to_id"], ["agreement.id"], name=op.f("fk_link_to_id_agreement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("from_id", "to_id", "kind", name="uq_link_once"),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_from_id"), ["from_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_to_id"), ["to_id"], unique=False)
        batch_op.create_index(
            "uq_link_one_renewal",
            ["to_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'renews'"),
            postgresql_where=sa.text("kind = 'renews'"),
        )

    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("number_key", sa.String(length=200), nullable=True),
        sa.Column("binding", sa.Boolean(), nullable=False),
        sa.Column("signatory", sa.String(length=200), nullable=False),
        sa.Column("signatory_post", sa.String(length=200), nullable=False),
        sa.Column("by_power", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(side = 'partner') = (partner_id IS NOT NULL)", name=op.f("ck_party_partner_named")),
        sa.CheckConstraint("side IN ('ours', 'partner')", name=op.f("ck_party_side_known")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_party_agreement_id_agreement"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_party_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("agreement_id", "partner_id", name="uq_party_once"),
        sa.UniqueConstraint("agreement_id", "side", "position", name="uq_party_place"),
    )
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index("ix_party_number_key", ["number_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_session_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "stage",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("holder", sa.String(length=20), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "holder IN ('bagian', 'tkksd', 'unit', 'mitra', 'dprd', 'gubernur', 'menteri', 'pimpinan')",
            name=op.f("ck_stage_holder_known"),
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'running', 'waiting', 'returned', 'finished', 'skipped')",
            name=op.f("ck_stage_status_known"),
        ),
        sa.CheckConstraint(
            "finished_on IS NULL OR started_on IS NULL OR finished_on >= started_on",
            name=op.f("ck_stage_end_not_before_start"),
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_stage_agreement_id_agreement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
    )
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stage_deleted_at"), ["deleted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_stage_key"), ["key"], unique=False)
        batch_op.create_index(batch_op.f("ix_stage_status"), ["status"], unique=False)

    op.create_index(
        "uq_party_number",
        "party",
        ["side", sa.text("COALESCE(partner_id, 0)"), "number_key"],
        unique=True,
        sqlite_where=sa.text("binding AND number_key IS NOT NULL"),
        postgresql_where=sa.text("binding AND number_key IS NOT NULL"),
    )
    _create_search_index()


def downgrade() -> None:
    _drop_search_index()
    op.drop_index("uq_party_number", table_name="party")
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stage_status"))
        batch_op.drop_index(batch_op.f("ix_stage_key"))
        batch_op.drop_index(batch_op.f("ix_stage_deleted_at"))
        batch_op.drop_index(batch_op.f("ix_stage_agreement_id"))

    op.drop_table("stage")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_user_id"))

    op.drop_table("session")
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_partner_id"))
        batch_op.drop_index("ix_party_number_key")
        batch_op.drop_index(batch_op.f("ix_party_agreement_id"))

    op.drop_table("party")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_link_one_renewal", sqlite_where=sa.text("kind = 'renews'"), postgresql_where=sa.text("kind = 'renews'")
        )
        batch_op.drop_index(batch_op.f("ix_link_to_id"))
        batch_op.drop_index(batch_op.f("ix_link_from_id"))

    op.drop_table("link")
    with op.batch_alter_table("agreement_unit", schema=None) as batch_op:
        batch_op.drop_index("ix_agreement_unit_unit_id_agreement_id")
        batch_op.drop_index(batch_op.f("ix_agreement_unit_agreement_id"))

    op.drop_table("agreement_unit")
    op.drop_table("agreement_search")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_unit_id"))

    op.drop_table("user")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_partner_id"))
        batch_op.drop_index(batch_op.f("ix_contact_name_key"))
        batch_op.drop_index(batch_op.f("ix_contact_deleted_at"))

    op.drop_table("contact")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_value"))
        batch_op.drop_index(batch_op.f("ix_agreement_title_key"))
        batch_op.drop_index(batch_op.f("ix_agreement_starts_on"))
        batch_op.drop_index(batch_op.f("ix_agreement_signed_on"))
        batch_op.drop_index(batch_op.f("ix_agreement_sector_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_root_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_procedure_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_lead_unit_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_lead_partner_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_instrument"))
        batch_op.drop_index(batch_op.f("ix_agreement_group"))
        batch_op.drop_index(batch_op.f("ix_agreement_ends_on"))
        batch_op.drop_index(batch_op.f("ix_agreement_deleted_at"))
        batch_op.drop_index(batch_op.f("ix_agreement_current_stage_id"))

    op.drop_table("agreement")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_name_key"))
        batch_op.drop_index(batch_op.f("ix_unit_deleted_at"))

    op.drop_table("unit")
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_failure_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_failure_address"))
        batch_op.drop_index(batch_op.f("ix_sign_in_failure_account"))

    op.drop_table("sign_in_failure")
    with op.batch_alter_table("sector", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sector_name_key"))
        batch_op.drop_index(batch_op.f("ix_sector_deleted_at"))

    op.drop_table("sector")
    with op.batch_alter_table("regulation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regulation_deleted_at"))

    op.drop_table("regulation")
    op.drop_table("procedure")
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_name_key"))
        batch_op.drop_index(batch_op.f("ix_partner_kind"))
        batch_op.drop_index(batch_op.f("ix_partner_deleted_at"))

    op.drop_table("partner")
    with op.batch_alter_table("holiday", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_holiday_on", sqlite_where=sa.text("deleted_at IS NULL"), postgresql_where=sa.text("deleted_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_holiday_deleted_at"))

    op.drop_table("holiday")
    op.drop_table("counter")


def _create_search_index() -> None:
    """Finding any part of a word: FTS5's trigrams on SQLite; pg_trgm on PostgreSQL where it is to be had, a scan where not."""
    if op.get_context().dialect.name == "sqlite":
        for statement in SQLITE_INDEX:
            op.execute(statement)
    elif _has_trigrams():
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute("CREATE INDEX ix_agreement_search_document ON agreement_search USING gin (document gin_trgm_ops)")


def _drop_search_index() -> None:
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TABLE agreement_fts")  # its triggers go with the table they watch
        for trigger in ("added", "gone", "changed"):
            op.execute(f"DROP TRIGGER agreement_search_{trigger}")
    else:
        op.execute("DROP INDEX IF EXISTS ix_agreement_search_document")


def _has_trigrams() -> bool:
    """The extension is there already, or its files are and this role may create it."""
    query = """
        SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm')
            OR (EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm')
                AND has_database_privilege(current_database(), 'CREATE'))
    """
    return bool(op.get_bind().scalar(sa.text(query)))


SQLITE_INDEX = (
    """
    CREATE VIRTUAL TABLE agreement_fts USING fts5(
        document, content='agreement_search', content_rowid='agreement_id', tokenize='trigram'
    )
    """,
    """
    CREATE TRIGGER agreement_search_added AFTER INSERT ON agreement_search BEGIN
        INSERT INTO agreement_fts (rowid, document) VALUES (new.agreement_id, new.document);
    END
    """,
    """
    CREATE TRIGGER agreement_search_gone AFTER DELETE ON agreement_search BEGIN
        INSERT INTO agreement_fts (agreement_fts, rowid, document) VALUES ('delete', old.agreement_id, old.document);
    END
    """,
    """
    CREATE TRIGGER agreement_search_changed AFTER UPDATE ON agreement_search BEGIN
        INSERT INTO agreement_fts (agreement_fts, rowid, document) VALUES ('delete', old.agreement_id, old.document);
        INSERT INTO agreement_fts (rowid, document) VALUES (new.agreement_id, new.document);
    END
    """,
)
