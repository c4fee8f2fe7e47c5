"""Make the tables of rows, masks and first views of roles."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0009"
down_revision = "0008"
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
    op.create_table(
        "sd_table_access",
        sa.Column("role_name", sa.String(length=64), nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("row_reach", sa.String(length=32), nullable=True),
        sa.Column("rule", sa.JSON(), nullable=True),
        sa.Column("masks", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", TIMESTAMP, nullable=False),
        sa.PrimaryKeyConstraint("role_name", "table_identifier", name=op.f("pk_sd_table_access")),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_role_view",
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("role_name", sa.String(length=64), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("view_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["view_id"], ["sd_saved_view.id"], name=op.f("fk_sd_role_view_view_id")
        ),
        sa.PrimaryKeyConstraint(
            "table_identifier", "role_name", "department_code", name=op.f("pk_sd_role_view")
        ),
        **TABLE_OPTIONS,
    )
    op.create_index(op.f("ix_sd_role_view_view_id"), "sd_role_view", ["view_id"])


def downgrade() -> None:
    op.drop_table("sd_role_view")
    op.drop_table("sd_table_access")
