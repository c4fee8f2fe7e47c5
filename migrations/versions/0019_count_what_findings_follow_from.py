"""Count what findings follow from, note failed checks, and let rules have longer identifiers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TIMESTAMP = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


def upgrade() -> None:
    # The notes follow from the rows: the next check makes them anew.
    op.execute("DELETE FROM sd_table_check")
    with op.batch_alter_table("sd_table_check", schema=None) as batch_op:
        batch_op.add_column(sa.Column("checked_at", TIMESTAMP, nullable=True))
        batch_op.add_column(sa.Column("known", sa.JSON(), nullable=False))
        batch_op.add_column(sa.Column("failures", sa.Integer(), nullable=False))
        batch_op.add_column(sa.Column("retry_at", TIMESTAMP, nullable=True))
    with op.batch_alter_table("sd_rule_revision", schema=None) as batch_op:
        batch_op.alter_column(
            "identifier",
            existing_type=sa.String(length=80),
            type_=sa.String(length=120),
            existing_nullable=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("sd_rule_revision", schema=None) as batch_op:
        batch_op.alter_column(
            "identifier",
            existing_type=sa.String(length=120),
            type_=sa.String(length=80),
            existing_nullable=False,
        )
    op.execute("DELETE FROM sd_table_check")
    with op.batch_alter_table("sd_table_check", schema=None) as batch_op:
        for name in ("retry_at", "failures", "known", "checked_at"):
            batch_op.drop_column(name)
