"""Make the tables of work plans and phases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0022"
down_revision = "0021"
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
        "sd_attached_file",
        sa.Column("id", KEY, nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("added_at", TIMESTAMP, nullable=False),
        sa.Column("added_by", sa.String(length=32), nullable=False),
        sa.Column("added_by_name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_attached_file")),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_attached_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sd_attached_file_owner_owner_id"), ["owner", "owner_id"], unique=False
        )

    op.create_table(
        "sd_attached_file_chunk",
        sa.Column("file_id", KEY, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(length=4294967295), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["sd_attached_file.id"], name=op.f("fk_sd_attached_file_chunk_file_id")
        ),
        sa.PrimaryKeyConstraint("file_id", "position", name=op.f("pk_sd_attached_file_chunk")),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_cycle_phase",
        sa.Column("cycle_id", KEY, autoincrement=False, nullable=False),
        sa.Column("phase", sa.String(length=32), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["sd_cycle.id"], name=op.f("fk_sd_cycle_phase_cycle_id")
        ),
        sa.PrimaryKeyConstraint("cycle_id", "phase", name=op.f("pk_sd_cycle_phase")),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_work_plan",
        sa.Column("id", KEY, nullable=False),
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", TIMESTAMP, nullable=False),
        sa.Column("changed_by", sa.String(length=32), nullable=False),
        sa.Column("changed_by_name", sa.String(length=64), nullable=False),
        sa.Column("published_at", TIMESTAMP, nullable=True),
        sa.Column("published_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by IS NULL)",
            name=op.f("ck_sd_work_plan_published_pair"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["sd_cycle.id"], name=op.f("fk_sd_work_plan_cycle_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_work_plan")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_sd_work_plan_cycle_id_number")),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phase_due_at", TIMESTAMP, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sd_submission", schema=None) as batch_op:
        batch_op.drop_column("phase_due_at")

    op.drop_table("sd_work_plan")
    op.drop_table("sd_cycle_phase")
    op.drop_table("sd_attached_file_chunk")
    op.drop_table("sd_attached_file")
