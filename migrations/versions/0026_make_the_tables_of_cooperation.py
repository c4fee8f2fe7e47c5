"""Make the tables of co-operation requests and of rows that were contributed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0026"
down_revision = "0025"
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
    _make_requests()
    _make_events()
    _make_contributed_rows()


def _make_requests() -> None:
    op.create_table(
        "sd_cooperation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("submission_id", KEY, nullable=False),
        sa.Column("partner_code", sa.String(length=16), nullable=False),
        sa.Column("wanted", sa.String(length=2000), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=True),
        sa.Column("expected_rows", sa.Integer(), nullable=True),
        sa.Column("due_at", TIMESTAMP, nullable=False),
        sa.Column("takes_rows", sa.Boolean(), nullable=False),
        sa.Column("by_office", sa.Boolean(), nullable=False),
        sa.Column("asked_at", TIMESTAMP, nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_by_name", sa.String(length=64), nullable=False),
        sa.Column("sent_at", TIMESTAMP, nullable=True),
        sa.Column("status_since", TIMESTAMP, nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "expected_rows IS NULL OR expected_rows > 0",
            name=op.f("ck_sd_cooperation_expects_rows"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'withdrawn') OR sent_at IS NOT NULL",
            name=op.f("ck_sd_cooperation_sent_has_time"),
        ),
        sa.CheckConstraint(
            "rating IS NULL OR rating BETWEEN 1 AND 5", name=op.f("ck_sd_cooperation_rating_range")
        ),
        sa.CheckConstraint(
            "rating IS NULL OR status = 'confirmed'",
            name=op.f("ck_sd_cooperation_rated_when_confirmed"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["sd_cycle.id"], name=op.f("fk_sd_cooperation_cycle_id")
        ),
        sa.ForeignKeyConstraint(
            ["partner_code"], ["sd_department.code"], name=op.f("fk_sd_cooperation_partner_code")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["sd_submission.id"], name=op.f("fk_sd_cooperation_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_cooperation")),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_cooperation", schema=None) as batch_op:
        for column in ("cycle_id", "submission_id", "partner_code"):
            name = batch_op.f(f"ix_sd_cooperation_{column}_status")
            batch_op.create_index(name, [column, "status"], unique=False)


def _make_events() -> None:
    op.create_table(
        "sd_cooperation_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("cooperation_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("after", sa.String(length=32), nullable=False),
        sa.Column("at", TIMESTAMP, nullable=False),
        sa.Column("person_number", sa.String(length=32), nullable=False),
        sa.Column("person_name", sa.String(length=64), nullable=False),
        sa.Column("due_at", TIMESTAMP, nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "verb NOT IN ('refuse', 'send_back', 'appeal', 'order', 'release')"
            " OR reason IS NOT NULL",
            name=op.f("ck_sd_cooperation_event_step_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperation_id"],
            ["sd_cooperation.id"],
            name=op.f("fk_sd_cooperation_event_cooperation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_cooperation_event")),
        sa.UniqueConstraint(
            "cooperation_id", "version", name=op.f("uq_sd_cooperation_event_cooperation_id_version")
        ),
        **TABLE_OPTIONS,
    )


def _make_contributed_rows() -> None:
    op.create_table(
        "sd_contributed_row",
        sa.Column("id", KEY, nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("row_id", sa.String(length=200), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("contributor_code", sa.String(length=16), nullable=False),
        sa.Column("cooperation_id", KEY, nullable=False),
        sa.Column("added_at", TIMESTAMP, nullable=False),
        sa.Column("added_by", sa.String(length=32), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contributor_code"],
            ["sd_department.code"],
            name=op.f("fk_sd_contributed_row_contributor_code"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperation_id"],
            ["sd_cooperation.id"],
            name=op.f("fk_sd_contributed_row_cooperation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_contributed_row")),
        sa.UniqueConstraint(
            "table_identifier", "row_id", name=op.f("uq_sd_contributed_row_table_identifier_row_id")
        ),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_contributed_row", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sd_contributed_row_table_identifier_period_department_code"),
            ["table_identifier", "period", "department_code"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_sd_contributed_row_cooperation_id"), ["cooperation_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("sd_contributed_row")
    op.drop_table("sd_cooperation_event")
    op.drop_table("sd_cooperation")
