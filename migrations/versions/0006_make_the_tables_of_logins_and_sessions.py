"""Make the tables of logins and sessions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

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
        "sd_account",
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("initial_password_until", TIMESTAMP, nullable=True),
        sa.Column("password_changed_at", TIMESTAMP, nullable=True),
        sa.Column("last_sign_in_at", TIMESTAMP, nullable=True),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", TIMESTAMP, nullable=True),
        sa.Column("locked_until", TIMESTAMP, nullable=True),
        sa.CheckConstraint("failed_count >= 0", name=op.f("ck_sd_account_failed_count")),
        sa.PrimaryKeyConstraint("username", name=op.f("pk_sd_account")),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=32), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("last_seen_at", TIMESTAMP, nullable=False),
        sa.Column("ended_at", TIMESTAMP, nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("client", sa.String(length=200), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", TIMESTAMP, nullable=True),
        sa.Column("locked_until", TIMESTAMP, nullable=True),
        sa.CheckConstraint("failed_count >= 0", name=op.f("ck_sd_session_failed_count")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_session")),
        sa.UniqueConstraint("id_hash", name=op.f("uq_sd_session_id_hash")),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sd_session_created_at"), ["created_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_sd_session_username_ended_at"), ["username", "ended_at"], unique=False
        )

    op.create_table(
        "sd_sign_in_address",
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", TIMESTAMP, nullable=True),
        sa.Column("locked_until", TIMESTAMP, nullable=True),
        sa.CheckConstraint("failed_count >= 0", name=op.f("ck_sd_sign_in_address_failed_count")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_sd_sign_in_address")),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_sign_in_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", TIMESTAMP, nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("way", sa.String(length=32), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=True),
        sa.Column("client", sa.String(length=200), nullable=True),
        sa.Column("person_number", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_sign_in_entry")),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_sign_in_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sd_sign_in_entry_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_sd_sign_in_entry_username_id"), ["username", "id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("sd_sign_in_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sd_sign_in_entry_username_id"))
        batch_op.drop_index(batch_op.f("ix_sd_sign_in_entry_at"))

    op.drop_table("sd_sign_in_entry")
    op.drop_table("sd_sign_in_address")
    with op.batch_alter_table("sd_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sd_session_username_ended_at"))
        batch_op.drop_index(batch_op.f("ix_sd_session_created_at"))

    op.drop_table("sd_session")
    op.drop_table("sd_account")
