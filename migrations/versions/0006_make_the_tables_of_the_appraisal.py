"""Make the tables of the appraisal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIMESTAMP = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
# SQLite keeps whole numbers of the smallest unit.
POINTS = sa.Numeric(6, 2).with_variant(sa.BigInteger(), "sqlite")
VALUE = sa.Numeric(14, 4).with_variant(sa.BigInteger(), "sqlite")
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
        "sd_appraisal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scheme_digest", sa.String(length=64), nullable=False),
        sa.Column("scheme_content", sa.Text(), nullable=False),
        sa.Column("evidence_at", TIMESTAMP, nullable=False),
        sa.Column("due_at", TIMESTAMP, nullable=False),
        sa.Column("drafted_at", TIMESTAMP, nullable=False),
        sa.Column("drafted_by", sa.String(length=32), nullable=False),
        sa.Column("published_at", TIMESTAMP, nullable=True),
        sa.Column("published_by", sa.String(length=32), nullable=True),
        sa.Column("publish_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "status <> 'published' OR published_at IS NOT NULL",
            name=op.f("ck_sd_appraisal_published_has_time"),
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by IS NULL)",
            name=op.f("ck_sd_appraisal_published_pair"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["sd_cycle.id"], name=op.f("fk_sd_appraisal_cycle_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_appraisal")),
        sa.UniqueConstraint("cycle_id", name=op.f("uq_sd_appraisal_cycle_id")),
        sa.UniqueConstraint("year", name=op.f("uq_sd_appraisal_year")),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_appraisal_result",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "appraisal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("department_name", sa.String(length=100), nullable=False),
        sa.Column("group_name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("bonus", POINTS, nullable=False),
        sa.Column("is_vetoed", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.String(length=500), nullable=True),
        sa.Column("changed_at", TIMESTAMP, nullable=True),
        sa.Column("changed_by", sa.String(length=32), nullable=True),
        sa.Column("total", POINTS, nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("grade", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["appraisal_id"], ["sd_appraisal.id"], name=op.f("fk_sd_appraisal_result_appraisal_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["sd_department.code"],
            name=op.f("fk_sd_appraisal_result_department_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_appraisal_result")),
        sa.UniqueConstraint(
            "appraisal_id",
            "department_code",
            name=op.f("uq_sd_appraisal_result_appraisal_id_department_code"),
        ),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_appraisal_score",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "appraisal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("metric_value", VALUE, nullable=True),
        sa.Column("automatic_score", POINTS, nullable=True),
        sa.Column("evidence_count", sa.Integer(), nullable=False),
        sa.Column("manual_score", POINTS, nullable=True),
        sa.Column("is_waived", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.String(length=500), nullable=True),
        sa.Column("entered_at", TIMESTAMP, nullable=True),
        sa.Column("entered_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(entered_at IS NULL) = (entered_by IS NULL)",
            name=op.f("ck_sd_appraisal_score_entered_pair"),
        ),
        sa.CheckConstraint(
            "manual_score IS NULL OR entered_at IS NOT NULL",
            name=op.f("ck_sd_appraisal_score_manual_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["appraisal_id"], ["sd_appraisal.id"], name=op.f("fk_sd_appraisal_score_appraisal_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["sd_department.code"],
            name=op.f("fk_sd_appraisal_score_department_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_appraisal_score")),
        sa.UniqueConstraint(
            "appraisal_id",
            "department_code",
            "item",
            name=op.f("uq_sd_appraisal_score_appraisal_id_department_code_item"),
        ),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_finish_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("attempted_at", TIMESTAMP, nullable=False),
        sa.Column("attempted_by", sa.String(length=32), nullable=False),
        sa.Column("is_blocked", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("cell_count", sa.Integer(), nullable=False),
        sa.Column("required_count", sa.Integer(), nullable=False),
        sa.Column("filled_count", sa.Integer(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["sd_submission.id"], name=op.f("fk_sd_finish_attempt_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_finish_attempt")),
        sa.UniqueConstraint(
            "submission_id",
            "content_hash",
            name=op.f("uq_sd_finish_attempt_submission_id_content_hash"),
        ),
        **TABLE_OPTIONS,
    )


def downgrade() -> None:
    op.drop_table("sd_finish_attempt")
    op.drop_table("sd_appraisal_score")
    op.drop_table("sd_appraisal_result")
    op.drop_table("sd_appraisal")
