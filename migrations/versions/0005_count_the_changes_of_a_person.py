"""Count the changes of a person, keep the days of an appointment in order."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sd_person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    # Whoever was appointed to the past never held the function.
    op.execute("UPDATE sd_appointment SET valid_to = valid_from WHERE valid_to < valid_from")
    with op.batch_alter_table("sd_appointment", schema=None) as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_sd_appointment_days_in_order"), "valid_to IS NULL OR valid_to >= valid_from"
        )


def downgrade() -> None:
    with op.batch_alter_table("sd_appointment", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_sd_appointment_days_in_order"), type_="check")
    with op.batch_alter_table("sd_person", schema=None) as batch_op:
        batch_op.drop_column("version")
