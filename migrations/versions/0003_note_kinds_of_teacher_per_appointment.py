"""Note kinds of teacher per appointment

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sd_appointment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("teacher_kind", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sd_appointment", schema=None) as batch_op:
        batch_op.drop_column("teacher_kind")
