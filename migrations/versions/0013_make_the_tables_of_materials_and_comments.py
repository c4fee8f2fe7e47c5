"""Make the tables of supporting materials and of comments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0013"
down_revision = "0012"
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


def place() -> tuple[sa.Column, ...]:
    """Which row or cell something belongs to."""
    return (
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("row_id", sa.String(length=200), nullable=False),
        sa.Column("field_code", sa.String(length=64), nullable=False),
    )


def index_place(table: str) -> None:
    """The two ways a place is looked for."""
    for columns in (
        ["table_identifier", "row_id"],
        ["table_identifier", "period", "department_code"],
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)


def upgrade() -> None:
    op.create_table(
        "sd_supporting_material",
        sa.Column("id", KEY, nullable=False),
        *place(),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(length=2**24 - 1), nullable=True),
        sa.Column("added_at", TIMESTAMP, nullable=False),
        sa.Column("added_by", sa.String(length=32), nullable=False),
        sa.Column("added_by_name", sa.String(length=64), nullable=False),
        sa.Column("removed_at", TIMESTAMP, nullable=True),
        sa.Column("removed_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by IS NULL)",
            name=op.f("ck_sd_supporting_material_removed_pair"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_supporting_material")),
        **TABLE_OPTIONS,
    )
    index_place("sd_supporting_material")
    op.create_table(
        "sd_supporting_material_chunk",
        sa.Column("material_id", KEY, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(length=2**32 - 1), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_id"],
            ["sd_supporting_material.id"],
            name=op.f("fk_sd_supporting_material_chunk_material_id"),
        ),
        sa.PrimaryKeyConstraint(
            "material_id", "position", name=op.f("pk_sd_supporting_material_chunk")
        ),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_snapshot_material",
        sa.Column("snapshot_id", KEY, autoincrement=False, nullable=False),
        sa.Column("submission_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("material_id", KEY, autoincrement=False, nullable=False),
        sa.Column("row_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["sd_snapshot.id"], name=op.f("fk_sd_snapshot_material_snapshot_id")
        ),
        sa.ForeignKeyConstraint(
            ["material_id"],
            ["sd_supporting_material.id"],
            name=op.f("fk_sd_snapshot_material_material_id"),
        ),
        sa.PrimaryKeyConstraint(
            "snapshot_id",
            "submission_version",
            "material_id",
            name=op.f("pk_sd_snapshot_material"),
        ),
        **TABLE_OPTIONS,
    )
    op.create_index(
        op.f("ix_sd_snapshot_material_material_id"), "sd_snapshot_material", ["material_id"]
    )
    op.create_table(
        "sd_comment",
        sa.Column("id", KEY, nullable=False),
        *place(),
        sa.Column("thread_id", KEY, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", TIMESTAMP, nullable=False),
        sa.Column("person_number", sa.String(length=32), nullable=False),
        sa.Column("person_name", sa.String(length=64), nullable=False),
        sa.Column("resolved_at", TIMESTAMP, nullable=True),
        sa.Column("resolved_by", sa.String(length=64), nullable=True),
        sa.Column("deleted_at", TIMESTAMP, nullable=True),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by IS NULL)",
            name=op.f("ck_sd_comment_resolved_pair"),
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["sd_comment.id"], name=op.f("fk_sd_comment_thread_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_comment")),
        **TABLE_OPTIONS,
    )
    index_place("sd_comment")
    op.create_index(op.f("ix_sd_comment_thread_id"), "sd_comment", ["thread_id"])


def downgrade() -> None:
    for table in (
        "sd_comment",
        "sd_snapshot_material",
        "sd_supporting_material_chunk",
        "sd_supporting_material",
    ):
        op.drop_table(table)
