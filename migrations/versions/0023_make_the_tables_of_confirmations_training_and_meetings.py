"""Make the tables of confirmations, training and meetings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TIMESTAMP = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
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
        "sd_appointment_confirmation",
        sa.Column("cycle_id", KEY, autoincrement=False, nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("function", sa.String(length=32), nullable=False),
        sa.Column("person_number", sa.String(length=32), nullable=False),
        sa.Column("confirmed_at", TIMESTAMP, nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=False),
        sa.Column("confirmed_by_name", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["sd_cycle.id"], name=op.f("fk_sd_appointment_confirmation_cycle_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["sd_department.code"],
            name=op.f("fk_sd_appointment_confirmation_department_code"),
        ),
        sa.PrimaryKeyConstraint(
            "cycle_id",
            "department_code",
            "function",
            "person_number",
            name=op.f("pk_sd_appointment_confirmation"),
        ),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_mobilisation_meeting",
        sa.Column("id", KEY, nullable=False),
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("host", sa.String(length=100), nullable=False),
        sa.Column("attendees", sa.String(length=500), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("recorded_at", TIMESTAMP, nullable=False),
        sa.Column("recorded_by", sa.String(length=32), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["sd_cycle.id"], name=op.f("fk_sd_mobilisation_meeting_cycle_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["sd_department.code"],
            name=op.f("fk_sd_mobilisation_meeting_department_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_mobilisation_meeting")),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_mobilisation_meeting", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sd_mobilisation_meeting_cycle_id"), ["cycle_id"], unique=False
        )

    op.create_table(
        "sd_training_session",
        sa.Column("id", KEY, nullable=False),
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("begins_at", TIMESTAMP, nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("host", sa.String(length=100), nullable=False),
        sa.Column("content", sa.String(length=4000), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", TIMESTAMP, nullable=False),
        sa.Column("changed_by_name", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["sd_cycle.id"], name=op.f("fk_sd_training_session_cycle_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_training_session")),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_training_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sd_training_session_cycle_id"), ["cycle_id"], unique=False
        )

    op.create_table(
        "sd_training_waiver",
        sa.Column("cycle_id", KEY, autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_at", TIMESTAMP, nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=False),
        sa.Column("decided_by_name", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["sd_cycle.id"], name=op.f("fk_sd_training_waiver_cycle_id")
        ),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_sd_training_waiver")),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_training_attendance",
        sa.Column("session_id", KEY, autoincrement=False, nullable=False),
        sa.Column("person_number", sa.String(length=32), nullable=False),
        sa.Column("person_name", sa.String(length=64), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("attendance", sa.String(length=32), nullable=False),
        sa.Column("signed_at", TIMESTAMP, nullable=True),
        sa.Column("recorded_at", TIMESTAMP, nullable=False),
        sa.Column("recorded_by_name", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "signed_at IS NULL OR attendance = 'present'",
            name=op.f("ck_sd_training_attendance_signed_is_present"),
        ),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["sd_department.code"],
            name=op.f("fk_sd_training_attendance_department_code"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sd_training_session.id"],
            name=op.f("fk_sd_training_attendance_session_id"),
        ),
        sa.PrimaryKeyConstraint(
            "session_id", "person_number", name=op.f("pk_sd_training_attendance")
        ),
        **TABLE_OPTIONS,
    )


def downgrade() -> None:
    op.drop_table("sd_training_attendance")
    op.drop_table("sd_training_waiver")
    op.drop_table("sd_training_session")
    op.drop_table("sd_mobilisation_meeting")
    op.drop_table("sd_appointment_confirmation")
