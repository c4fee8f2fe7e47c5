"""Make the tables of feeds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0008"
down_revision = "0007"
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
        "sd_feed",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("source_identifier", sa.String(length=48), nullable=False),
        sa.Column("target_identifier", sa.String(length=48), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", TIMESTAMP, nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_feed")),
        sa.UniqueConstraint("name", name=op.f("uq_sd_feed_name")),
        **TABLE_OPTIONS,
    )
    op.create_index(op.f("ix_sd_feed_target_identifier"), "sd_feed", ["target_identifier"])
    op.create_table(
        "sd_feed_row",
        sa.Column("id", KEY, nullable=False),
        sa.Column("feed_id", KEY, nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("row_key", sa.String(length=64), nullable=False),
        sa.Column("row_id", sa.String(length=200), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["sd_feed.id"], name=op.f("fk_sd_feed_row_feed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_feed_row")),
        sa.UniqueConstraint(
            "feed_id",
            "period",
            "department_code",
            "row_key",
            name=op.f("uq_sd_feed_row_feed_id_period_department_code_row_key"),
        ),
        **TABLE_OPTIONS,
    )
    op.create_index("ix_sd_feed_row_row", "sd_feed_row", ["row_id", "feed_id"])
    op.create_table(
        "sd_feed_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("feed_id", KEY, nullable=False),
        sa.Column("at", TIMESTAMP, nullable=False),
        sa.Column("person_number", sa.String(length=64), nullable=False),
        sa.Column("person_name", sa.String(length=64), nullable=False),
        sa.Column("is_scheduled", sa.Boolean(), nullable=False),
        sa.Column("result", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=True),
        sa.Column("department_code", sa.String(length=16), nullable=True),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in (
                *("created", "changed", "unchanged", "deleted"),
                *("conflicts", "vanished", "rejected"),
            )
        ),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(result = 'refused') = (refusal IS NOT NULL)",
            name=op.f("ck_sd_feed_run_refusal_told"),
        ),
        sa.ForeignKeyConstraint(["feed_id"], ["sd_feed.id"], name=op.f("fk_sd_feed_run_feed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_feed_run")),
        **TABLE_OPTIONS,
    )
    op.create_index(op.f("ix_sd_feed_run_feed_id_id"), "sd_feed_run", ["feed_id", "id"])
    op.create_table(
        "sd_feed_schedule",
        sa.Column("id", KEY, nullable=False),
        sa.Column("feed_id", KEY, nullable=False),
        sa.Column("feed_version", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("person_number", sa.String(length=64), nullable=False),
        sa.Column("person_name", sa.String(length=64), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=True),
        sa.Column("rhythm", sa.String(length=32), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("since", TIMESTAMP, nullable=False),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["sd_department.code"],
            name=op.f("fk_sd_feed_schedule_department_code"),
        ),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["sd_feed.id"], name=op.f("fk_sd_feed_schedule_feed_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_feed_schedule")),
        sa.UniqueConstraint(
            "feed_id", "username", name=op.f("uq_sd_feed_schedule_feed_id_username")
        ),
        **TABLE_OPTIONS,
    )


def downgrade() -> None:
    for table in ("sd_feed_schedule", "sd_feed_run", "sd_feed_row", "sd_feed"):
        op.drop_table(table)
