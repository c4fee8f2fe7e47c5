"""Make the tables of handing out and collecting."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0014"
down_revision = "0013"
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
PLACE = ["table_identifier", "period", "department_code"]


def upgrade() -> None:
    for make in (_hand_out, _part, _set, _piece):
        make()


def _department(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["department_code"], ["sd_department.code"], name=op.f(f"fk_{table}_department_code")
    )


def _hand_out() -> None:
    op.create_table(
        "sd_hand_out",
        sa.Column("id", KEY, nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=True),
        sa.Column("division", sa.String(length=32), nullable=False),
        sa.Column("field_code", sa.String(length=64), nullable=True),
        sa.Column("at", TIMESTAMP, nullable=False),
        sa.Column("person_number", sa.String(length=32), nullable=False),
        sa.Column("person_name", sa.String(length=64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("superseded_at", TIMESTAMP, nullable=True),
        _department("sd_hand_out"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_hand_out")),
        **TABLE_OPTIONS,
    )
    name = op.f("ix_sd_hand_out_table_identifier_period_department_code")
    op.create_index(name, "sd_hand_out", PLACE)


def _part() -> None:
    op.create_table(
        "sd_hand_out_part",
        sa.Column("id", KEY, nullable=False),
        sa.Column("hand_out_id", KEY, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=48), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_at", TIMESTAMP, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("created", "changed", "unchanged", "rejected")
        ),
        sa.ForeignKeyConstraint(
            ["hand_out_id"], ["sd_hand_out.id"], name=op.f("fk_sd_hand_out_part_hand_out_id")
        ),
        _department("sd_hand_out_part"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_hand_out_part")),
        sa.UniqueConstraint("hand_out_id", "key", name=op.f("uq_sd_hand_out_part_hand_out_id_key")),
        sa.UniqueConstraint("token", name=op.f("uq_sd_hand_out_part_token")),
        **TABLE_OPTIONS,
    )


def _set() -> None:
    op.create_table(
        "sd_collected_set",
        sa.Column("id", KEY, nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("at", TIMESTAMP, nullable=False),
        sa.Column("person_number", sa.String(length=32), nullable=False),
        sa.Column("person_name", sa.String(length=64), nullable=False),
        sa.Column("file_count", sa.Integer(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("confirmed_at", TIMESTAMP, nullable=True),
        _department("sd_collected_set"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_collected_set")),
        **TABLE_OPTIONS,
    )
    name = op.f("ix_sd_collected_set_table_identifier_period_department_code")
    op.create_index(name, "sd_collected_set", PLACE)


def _piece() -> None:
    op.create_table(
        "sd_collected_piece",
        sa.Column("set_id", KEY, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(length=2**32 - 1), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"], ["sd_collected_set.id"], name=op.f("fk_sd_collected_piece_set_id")
        ),
        sa.PrimaryKeyConstraint("set_id", "position", name=op.f("pk_sd_collected_piece")),
        **TABLE_OPTIONS,
    )


def downgrade() -> None:
    for table in ("sd_collected_piece", "sd_collected_set", "sd_hand_out_part", "sd_hand_out"):
        op.drop_table(table)
