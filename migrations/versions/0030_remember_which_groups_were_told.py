"""Remember which groups were told."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sd_delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("taken", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sd_delivery", schema=None) as batch_op:
        batch_op.drop_column("taken")
