"""Make the tables of jobs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0010"
down_revision = "0009"
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
        "sd_job",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("person_number", sa.String(length=64), nullable=False),
        sa.Column("person_name", sa.String(length=64), nullable=False),
        sa.Column("asked_at", TIMESTAMP, nullable=False),
        sa.Column("started_at", TIMESTAMP, nullable=True),
        sa.Column("ended_at", TIMESTAMP, nullable=True),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("is_written", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'failed') = (refusal IS NOT NULL)", name=op.f("ck_sd_job_refusal_told")
        ),
        sa.CheckConstraint(
            "(state IN ('queued', 'running')) = (ended_at IS NULL)",
            name=op.f("ck_sd_job_end_told"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_job")),
        sa.UniqueConstraint("key", name=op.f("uq_sd_job_key")),
        sa.UniqueConstraint("place", name=op.f("uq_sd_job_place")),
        **TABLE_OPTIONS,
    )
    op.create_index(op.f("ix_sd_job_username_id"), "sd_job", ["username", "id"])
    op.create_index(op.f("ix_sd_job_state_id"), "sd_job", ["state", "id"])
    op.create_table(
        "sd_job_chunk",
        sa.Column("job_id", KEY, nullable=False, autoincrement=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("content", sa.LargeBinary(2**32 - 1), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["sd_job.id"], name=op.f("fk_sd_job_chunk_job_id")),
        sa.PrimaryKeyConstraint("job_id", "part", "position", name=op.f("pk_sd_job_chunk")),
        **TABLE_OPTIONS,
    )


def downgrade() -> None:
    op.drop_table("sd_job_chunk")
    op.drop_table("sd_job")
