"""Make the tables of the platform."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIMESTAMP = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
TABLE_OPTIONS = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (
        ("engine", "InnoDB"),
        ("charset", "utf8mb4"),
        ("collate", "utf8mb4_bin"),
    )
}


def upgrade() -> None:
    op.create_table(
        "sd_audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", TIMESTAMP, nullable=False),
        sa.Column("person_number", sa.String(length=32), nullable=False),
        sa.Column("person_name", sa.String(length=64), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=True),
        sa.Column("before", sa.String(length=200), nullable=True),
        sa.Column("after", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_audit_entry")),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sd_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_sd_audit_entry_subject_id"), ["subject", "id"], unique=False
        )

    op.create_table(
        "sd_catalogue_revision",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(length=16777215), nullable=False),
        sa.Column("stored_at", TIMESTAMP, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sd_catalogue_revision")),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_change_set",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", TIMESTAMP, nullable=False),
        sa.Column("person_number", sa.String(length=32), nullable=False),
        sa.Column("person_name", sa.String(length=64), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_change_set")),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_change_set", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sd_change_set_table_identifier_period_department_code"),
            ["table_identifier", "period", "department_code"],
            unique=False,
        )

    op.create_table(
        "sd_department",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("duty", sa.String(length=500), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sd_department")),
        sa.UniqueConstraint("name", name=op.f("uq_sd_department_name")),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_setting",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sd_setting")),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_cycle",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("academic_year", sa.String(length=9), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_at", TIMESTAMP, nullable=False),
        sa.Column("opened_at", TIMESTAMP, nullable=True),
        sa.Column("closed_at", TIMESTAMP, nullable=True),
        sa.Column("locked_at", TIMESTAMP, nullable=True),
        sa.Column("locked_by", sa.String(length=32), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("catalogue_digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(locked_at IS NULL) = (locked_by IS NULL)", name=op.f("ck_sd_cycle_locked_pair")
        ),
        sa.ForeignKeyConstraint(
            ["catalogue_digest"],
            ["sd_catalogue_revision.digest"],
            name=op.f("fk_sd_cycle_catalogue_digest"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_cycle")),
        sa.UniqueConstraint("academic_year", name=op.f("uq_sd_cycle_academic_year")),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=True),
        sa.Column("department_code", sa.String(length=16), nullable=True),
        sa.Column("teacher_kind", sa.String(length=32), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_code"], ["sd_department.code"], name=op.f("fk_sd_person_department_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_person")),
        sa.UniqueConstraint("number", name=op.f("uq_sd_person_number")),
        sa.UniqueConstraint("username", name=op.f("uq_sd_person_username")),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_row_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "change_set_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("row_id", sa.String(length=200), nullable=False),
        sa.Column("operation", sa.String(length=8), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_set_id"], ["sd_change_set.id"], name=op.f("fk_sd_row_change_change_set_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_row_change")),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_row_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sd_row_change_change_set_id"), ["change_set_id"], unique=False
        )
        batch_op.create_index("ix_sd_row_change_row", ["table_identifier", "row_id"], unique=False)

    op.create_table(
        "sd_appointment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("function", sa.String(length=32), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["sd_department.code"],
            name=op.f("fk_sd_appointment_department_code"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["sd_person.id"], name=op.f("fk_sd_appointment_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_appointment")),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_appointment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sd_appointment_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "sd_assignment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["sd_cycle.id"], name=op.f("fk_sd_assignment_cycle_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["sd_department.code"],
            name=op.f("fk_sd_assignment_department_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_assignment")),
        sa.UniqueConstraint(
            "cycle_id",
            "table_identifier",
            "department_code",
            name=op.f("uq_sd_assignment_cycle_id_table_identifier_department_code"),
        ),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_assignment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sd_assignment_cycle_id_department_code"),
            ["cycle_id", "department_code"],
            unique=False,
        )

    op.create_table(
        "sd_submission",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status_since", TIMESTAMP, nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=True),
        sa.Column("nil_reason", sa.String(length=500), nullable=True),
        sa.Column("points", sa.JSON(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("returned_hash", sa.String(length=64), nullable=True),
        sa.Column("receipt_number", sa.String(length=40), nullable=True),
        sa.Column("first_reported_at", TIMESTAMP, nullable=True),
        sa.Column("finished_at", TIMESTAMP, nullable=True),
        sa.Column("finished_by", sa.String(length=32), nullable=True),
        sa.Column("reviewed_at", TIMESTAMP, nullable=True),
        sa.Column("reviewed_by", sa.String(length=32), nullable=True),
        sa.Column("confirmed_at", TIMESTAMP, nullable=True),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.Column("received_at", TIMESTAMP, nullable=True),
        sa.Column("received_by", sa.String(length=32), nullable=True),
        sa.Column("accepted_at", TIMESTAMP, nullable=True),
        sa.Column("accepted_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "status <> 'accepted' OR accepted_at IS NOT NULL",
            name=op.f("ck_sd_submission_accepted_has_time"),
        ),
        sa.CheckConstraint(
            "status <> 'returned' OR reason IS NOT NULL",
            name=op.f("ck_sd_submission_returned_has_reason"),
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by IS NULL)",
            name=op.f("ck_sd_submission_accepted_pair"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)",
            name=op.f("ck_sd_submission_confirmed_pair"),
        ),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (finished_by IS NULL)",
            name=op.f("ck_sd_submission_finished_pair"),
        ),
        sa.CheckConstraint(
            "(received_at IS NULL) = (received_by IS NULL)",
            name=op.f("ck_sd_submission_received_pair"),
        ),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL)",
            name=op.f("ck_sd_submission_reviewed_pair"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["sd_cycle.id"], name=op.f("fk_sd_submission_cycle_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["sd_department.code"],
            name=op.f("fk_sd_submission_department_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_submission")),
        sa.UniqueConstraint(
            "cycle_id",
            "table_identifier",
            "department_code",
            name=op.f("uq_sd_submission_cycle_id_table_identifier_department_code"),
        ),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_sd_submission_receipt_number")),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_submission", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sd_submission_cycle_id_status"), ["cycle_id", "status"], unique=False
        )

    op.create_table(
        "sd_snapshot",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("taken_at", TIMESTAMP, nullable=False),
        sa.Column("taken_by", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["sd_submission.id"], name=op.f("fk_sd_snapshot_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_snapshot")),
        sa.UniqueConstraint(
            "submission_id", "content_hash", name=op.f("uq_sd_snapshot_submission_id_content_hash")
        ),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_snapshot", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sd_snapshot_content_hash"), ["content_hash"], unique=False
        )

    op.create_table(
        "sd_snapshot_chunk",
        sa.Column(
            "snapshot_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(length=4294967295), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["sd_snapshot.id"], name=op.f("fk_sd_snapshot_chunk_snapshot_id")
        ),
        sa.PrimaryKeyConstraint("snapshot_id", "position", name=op.f("pk_sd_snapshot_chunk")),
        **TABLE_OPTIONS,
    )


def downgrade() -> None:
    op.drop_table("sd_snapshot_chunk")
    op.drop_table("sd_snapshot")
    op.drop_table("sd_submission")
    op.drop_table("sd_assignment")
    op.drop_table("sd_appointment")
    op.drop_table("sd_row_change")
    op.drop_table("sd_person")
    op.drop_table("sd_cycle")
    op.drop_table("sd_setting")
    op.drop_table("sd_department")
    op.drop_table("sd_change_set")
    op.drop_table("sd_catalogue_revision")
    op.drop_table("sd_audit_entry")
