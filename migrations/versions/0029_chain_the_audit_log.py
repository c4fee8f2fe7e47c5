"""Chain the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

COLUMNS = ("previous", "fingerprint")


def upgrade() -> None:
    with op.batch_alter_table("sd_audit_entry", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.add_column(sa.Column(name, sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sd_audit_entry", schema=None) as batch_op:
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
