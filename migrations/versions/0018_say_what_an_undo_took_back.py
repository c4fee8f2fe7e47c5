"""Say of a set of changes which earlier set it takes back."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("sd_change_set", schema=None) as batch_op:
        batch_op.add_column(sa.Column("takes_back_id", KEY, nullable=True))
        batch_op.create_index(batch_op.f("ix_sd_change_set_takes_back_id"), ["takes_back_id"])


def downgrade() -> None:
    with op.batch_alter_table("sd_change_set", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sd_change_set_takes_back_id"))
        batch_op.drop_column("takes_back_id")
