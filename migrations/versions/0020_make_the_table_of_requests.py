"""Make the tables of requests and of confirmation sheets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
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
        "sd_request",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("submission_id", KEY, nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("cause", sa.String(length=32), nullable=True),
        sa.Column("until", TIMESTAMP, nullable=True),
        sa.Column("tables", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("items", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("items_due_on", sa.Date(), nullable=True),
        sa.Column("expires_at", TIMESTAMP, nullable=True),
        sa.Column("asked_at", TIMESTAMP, nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_by_name", sa.String(length=64), nullable=False),
        sa.Column("decided_at", TIMESTAMP, nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_by_name", sa.String(length=64), nullable=True),
        sa.Column("decision_reason", sa.String(length=2000), nullable=True),
        sa.Column("follows_id", KEY, nullable=True),
        sa.CheckConstraint(
            "(kind = 'unlocking') = (submission_id IS NULL)",
            name=op.f("ck_sd_request_unlocking_is_of_the_year"),
        ),
        sa.CheckConstraint(
            "(status = 'asked') = (decided_at IS NULL)", name=op.f("ck_sd_request_decided_has_time")
        ),
        sa.CheckConstraint(
            "kind <> 'extension' OR until IS NOT NULL",
            name=op.f("ck_sd_request_extension_has_date"),
        ),
        sa.CheckConstraint(
            "status <> 'refused' OR decision_reason IS NOT NULL",
            name=op.f("ck_sd_request_refused_has_reason"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_sd_request_decided_pair")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["sd_cycle.id"], name=op.f("fk_sd_request_cycle_id")),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["sd_request.id"], name=op.f("fk_sd_request_follows_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["sd_submission.id"], name=op.f("fk_sd_request_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_request")),
        **TABLE_OPTIONS,
    )
    op.create_index(op.f("ix_sd_request_cycle_id_status"), "sd_request", ["cycle_id", "status"])
    op.create_index(
        op.f("ix_sd_request_submission_id_kind"), "sd_request", ["submission_id", "kind"]
    )
    _make_receipts()


def _make_receipts() -> None:
    op.create_table(
        "sd_receipt",
        sa.Column("id", KEY, nullable=False),
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("table_count", sa.Integer(), nullable=False),
        sa.Column("issued_at", TIMESTAMP, nullable=False),
        sa.Column("issued_by", sa.String(length=32), nullable=False),
        sa.Column("issued_by_name", sa.String(length=64), nullable=False),
        sa.CheckConstraint("table_count > 0", name=op.f("ck_sd_receipt_has_tables")),
        sa.ForeignKeyConstraint(["cycle_id"], ["sd_cycle.id"], name=op.f("fk_sd_receipt_cycle_id")),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["sd_department.code"],
            name=op.f("fk_sd_receipt_department_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_receipt")),
        **TABLE_OPTIONS,
    )
    op.create_index(
        op.f("ix_sd_receipt_cycle_id_department_code"),
        "sd_receipt",
        ["cycle_id", "department_code"],
    )
    op.create_table(
        "sd_receipt_table",
        sa.Column("receipt_id", KEY, autoincrement=False, nullable=False),
        sa.Column("submission_id", KEY, autoincrement=False, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("receipt_number", sa.String(length=40), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", TIMESTAMP, nullable=False),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["sd_receipt.id"], name=op.f("fk_sd_receipt_table_receipt_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["sd_submission.id"],
            name=op.f("fk_sd_receipt_table_submission_id"),
        ),
        sa.PrimaryKeyConstraint("receipt_id", "submission_id", name=op.f("pk_sd_receipt_table")),
        **TABLE_OPTIONS,
    )
    op.create_index(
        op.f("ix_sd_receipt_table_submission_id"), "sd_receipt_table", ["submission_id"]
    )
    op.create_table(
        "sd_receipt_scan",
        sa.Column("id", KEY, nullable=False),
        sa.Column("receipt_id", KEY, nullable=False),
        sa.Column("receipt_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("added_at", TIMESTAMP, nullable=False),
        sa.Column("added_by", sa.String(length=32), nullable=False),
        sa.Column("added_by_name", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["sd_receipt.id"], name=op.f("fk_sd_receipt_scan_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_receipt_scan")),
        **TABLE_OPTIONS,
    )
    op.create_index(op.f("ix_sd_receipt_scan_receipt_id"), "sd_receipt_scan", ["receipt_id"])
    op.create_table(
        "sd_receipt_scan_chunk",
        sa.Column("scan_id", KEY, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "content",
            sa.LargeBinary(length=2**32 - 1),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["scan_id"], ["sd_receipt_scan.id"], name=op.f("fk_sd_receipt_scan_chunk_scan_id")
        ),
        sa.PrimaryKeyConstraint("scan_id", "position", name=op.f("pk_sd_receipt_scan_chunk")),
        **TABLE_OPTIONS,
    )


def downgrade() -> None:
    for table in ("receipt_scan_chunk", "receipt_scan", "receipt_table", "receipt"):
        op.drop_table(f"sd_{table}")
    op.drop_table("sd_request")
