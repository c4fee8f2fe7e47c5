"""Make the tables of notices, reminders and deliveries."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0027"
down_revision = "0026"
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
    _make_notices()
    _make_reminders()
    _make_deliveries()


def _make_notices() -> None:
    op.create_table(
        "sd_notice",
        sa.Column("id", KEY, nullable=False),
        sa.Column("recipient_number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=True),
        sa.Column("msgid", sa.String(length=400), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("by_name", sa.String(length=64), nullable=True),
        sa.Column("made_at", TIMESTAMP, nullable=False),
        sa.Column("read_at", TIMESTAMP, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_notice")),
        sa.UniqueConstraint(
            "key", "recipient_number", name=op.f("uq_sd_notice_key_recipient_number")
        ),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sd_notice_recipient_number_read_at"),
            ["recipient_number", "read_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_sd_notice_subject_read_at"), ["subject", "read_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_sd_notice_made_at"), ["made_at"], unique=False)


def _make_reminders() -> None:
    op.create_table(
        "sd_reminder",
        sa.Column("id", KEY, nullable=False),
        sa.Column("submission_id", KEY, nullable=False),
        sa.Column("person_number", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("sent_at", TIMESTAMP, nullable=False),
        sa.Column("sent_by", sa.String(length=32), nullable=True),
        sa.Column("sent_by_name", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(sent_by IS NULL) = (sent_by_name IS NULL)", name=op.f("ck_sd_reminder_sent_pair")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["sd_notice.id"], name=op.f("fk_sd_reminder_notice_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["sd_submission.id"], name=op.f("fk_sd_reminder_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_reminder")),
        sa.UniqueConstraint(
            "submission_id",
            "person_number",
            "day",
            name=op.f("uq_sd_reminder_submission_id_person_number_day"),
        ),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sd_reminder_notice_id"), ["notice_id"], unique=False)


def _make_deliveries() -> None:
    op.create_table(
        "sd_delivery",
        sa.Column("id", KEY, nullable=False),
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", TIMESTAMP, nullable=False),
        sa.Column("sent_at", TIMESTAMP, nullable=True),
        sa.Column("fault", sa.String(length=300), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_sd_delivery_attempts")),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_sd_delivery_sent_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["sd_notice.id"], name=op.f("fk_sd_delivery_notice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_delivery")),
        sa.UniqueConstraint("notice_id", "channel", name=op.f("uq_sd_delivery_notice_id_channel")),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_delivery", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sd_delivery_state_next_at"), ["state", "next_at"], unique=False
        )


def downgrade() -> None:
    op.drop_table("sd_delivery")
    op.drop_table("sd_reminder")
    op.drop_table("sd_notice")
