"""Make the tables of views."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0007"
down_revision = "0006"
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
        "sd_saved_view",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("owner_number", sa.String(length=64), nullable=False),
        sa.Column("owner_name", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("audience", sa.String(length=32), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", TIMESTAMP, nullable=False),
        sa.CheckConstraint(
            "(audience = 'department') = (department_code IS NOT NULL)",
            name=op.f("ck_sd_saved_view_department_named"),
        ),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["sd_department.code"],
            name=op.f("fk_sd_saved_view_department_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_saved_view")),
        sa.UniqueConstraint(
            "table_identifier",
            "owner_number",
            "name",
            name=op.f("uq_sd_saved_view_table_identifier_owner_number_name"),
        ),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_default_view",
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("person_number", sa.String(length=64), nullable=False),
        sa.Column("view_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["view_id"], ["sd_saved_view.id"], name=op.f("fk_sd_default_view_view_id")
        ),
        sa.PrimaryKeyConstraint(
            "table_identifier", "person_number", name=op.f("pk_sd_default_view")
        ),
        **TABLE_OPTIONS,
    )
    op.create_index(op.f("ix_sd_default_view_view_id"), "sd_default_view", ["view_id"])


def downgrade() -> None:
    op.drop_table("sd_default_view")
    op.drop_table("sd_saved_view")
