"""Make the table of revisions of rules."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0016"
down_revision = "0015"
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
        "sd_rule_revision",
        sa.Column("id", KEY, nullable=False),
        sa.Column("identifier", sa.String(length=80), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("person_number", sa.String(length=64), nullable=False),
        sa.Column("person_name", sa.String(length=64), nullable=False),
        sa.Column("at", TIMESTAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_rule_revision")),
        sa.UniqueConstraint(
            "identifier", "revision", name=op.f("uq_sd_rule_revision_identifier_revision")
        ),
        **TABLE_OPTIONS,
    )
    name = op.f("ix_sd_rule_revision_table_identifier")
    op.create_index(name, "sd_rule_revision", ["table_identifier"])


def downgrade() -> None:
    op.drop_table("sd_rule_revision")
