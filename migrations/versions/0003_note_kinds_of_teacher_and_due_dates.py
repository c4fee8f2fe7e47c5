"""Note the kind of teacher of an appointment and the due date of a submission."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIMESTAMP = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


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


def downgrade() -> None:
    with op.batch_alter_table("sd_submission", schema=None) as batch_op:
        batch_op.drop_column("due_at")

    with op.batch_alter_table("sd_appointment", schema=None) as batch_op:
        batch_op.drop_column("teacher_kind")
