"""Chain the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

COLUMNS = ("previous", "fingerprint")
INDEXES = (("department_code", "id"), ("person_number", "id"), ("fingerprint",))


def upgrade() -> None:
    with op.batch_alter_table("sd_audit_entry", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.add_column(sa.Column(name, sa.String(length=64), nullable=True))
        for columns in INDEXES:
            name = batch_op.f(f"ix_sd_audit_entry_{'_'.join(columns)}")
            batch_op.create_index(name, list(columns), unique=False)


def downgrade() -> None:
    with op.batch_alter_table("sd_audit_entry", schema=None) as batch_op:
        for columns in reversed(INDEXES):
            batch_op.drop_index(batch_op.f(f"ix_sd_audit_entry_{'_'.join(columns)}"))
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
