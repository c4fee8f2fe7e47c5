"""Make the tables of spot checks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0017"
down_revision = "0016"
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
        "sd_spot_check",
        sa.Column("id", KEY, nullable=False),
        sa.Column("submission_id", KEY, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("row_total", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drawn_at", TIMESTAMP, nullable=False),
        sa.Column("drawn_by", sa.String(length=32), nullable=False),
        sa.Column("drawn_by_name", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["sd_submission.id"], name=op.f("fk_sd_spot_check_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_spot_check")),
        **TABLE_OPTIONS,
    )
    op.create_index(op.f("ix_sd_spot_check_submission_id"), "sd_spot_check", ["submission_id"])
    op.create_table(
        "sd_spot_check_row",
        sa.Column("spot_check_id", KEY, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=32), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("checked_at", TIMESTAMP, nullable=True),
        sa.Column("checked_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["spot_check_id"], ["sd_spot_check.id"], name=op.f("fk_sd_spot_check_row_spot_check_id")
        ),
        sa.PrimaryKeyConstraint("spot_check_id", "number", name=op.f("pk_sd_spot_check_row")),
        **TABLE_OPTIONS,
    )


def downgrade() -> None:
    op.drop_table("sd_spot_check_row")
    op.drop_table("sd_spot_check")
