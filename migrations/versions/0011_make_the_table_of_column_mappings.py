"""Make the table of column mappings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0011"
down_revision = "0010"
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
        "sd_column_mapping",
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("changed_at", TIMESTAMP, nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["sd_department.code"],
            name=op.f("fk_sd_column_mapping_department_code"),
        ),
        sa.PrimaryKeyConstraint(
            "table_identifier",
            "department_code",
            "signature",
            name=op.f("pk_sd_column_mapping"),
        ),
        **TABLE_OPTIONS,
    )


def downgrade() -> None:
    op.drop_table("sd_column_mapping")
