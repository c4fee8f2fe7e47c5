"""Note kinds of teacher per appointment, due dates per submission, and answers given."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0003"
down_revision = "0002"
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
    with op.batch_alter_table("sd_appointment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("teacher_kind", sa.String(length=32), nullable=True))

    with op.batch_alter_table("sd_submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", TIMESTAMP, nullable=True))
    # What has been reported was measured by the due date of its year; a later one changes nothing.
    op.execute(
        "UPDATE sd_submission SET due_at ="
        " (SELECT due_at FROM sd_cycle WHERE sd_cycle.id = sd_submission.cycle_id)"
        " WHERE first_reported_at IS NOT NULL"
    )

    op.create_table(
        "sd_given_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("stored_at", TIMESTAMP, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(length=16777215), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_given_answer")),
        sa.UniqueConstraint("username", "key", name=op.f("uq_sd_given_answer_username_key")),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_given_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sd_given_answer_stored_at"), ["stored_at"], unique=False
        )


def downgrade() -> None:
    op.drop_table("sd_given_answer")

    with op.batch_alter_table("sd_submission", schema=None) as batch_op:
        batch_op.drop_column("due_at")

    with op.batch_alter_table("sd_appointment", schema=None) as batch_op:
        batch_op.drop_column("teacher_kind")
