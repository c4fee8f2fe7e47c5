"""Mark rows taken over from last year, and years that hold old workbooks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0012"
down_revision = "0011"
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
        "sd_carried_row",
        sa.Column("id", KEY, nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("row_id", sa.String(length=200), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("person_number", sa.String(length=32), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("carried_at", TIMESTAMP, nullable=False),
        sa.Column("carried_by", sa.String(length=32), nullable=False),
        sa.Column("confirmed_at", TIMESTAMP, nullable=True),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)",
            name=op.f("ck_sd_carried_row_confirmed_pair"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_carried_row")),
        sa.UniqueConstraint(
            "table_identifier", "row_id", name=op.f("uq_sd_carried_row_table_identifier_row_id")
        ),
        **TABLE_OPTIONS,
    )
    op.create_index(
        op.f("ix_sd_carried_row_table_identifier_period_department_code"),
        "sd_carried_row",
        ["table_identifier", "period", "department_code"],
    )
    with op.batch_alter_table("sd_cycle", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_history", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("sd_cycle", schema=None) as batch_op:
        batch_op.drop_column("is_history")
    op.drop_table("sd_carried_row")
