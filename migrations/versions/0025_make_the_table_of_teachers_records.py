"""Make the table of teachers' records."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0025"
down_revision = "0024"
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
TABLE = "sd_teacher_record"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", KEY, nullable=False),
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("person_number", sa.String(length=32), nullable=False),
        sa.Column("person_name", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("declaration", sa.String(length=32), nullable=True),
        sa.Column("missing_cause", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=True),
        sa.Column("delegated_at", TIMESTAMP, nullable=True),
        sa.Column("delegated_rows", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.String(length=500), nullable=True),
        sa.Column("objected_at", TIMESTAMP, nullable=True),
        sa.Column("submitted_at", TIMESTAMP, nullable=True),
        sa.Column("settled_at", TIMESTAMP, nullable=True),
        sa.Column("settled_by", sa.String(length=32), nullable=True),
        sa.Column("settled_by_name", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", TIMESTAMP, nullable=True),
        sa.Column("changed_at", TIMESTAMP, nullable=False),
        sa.Column("changed_by", sa.String(length=32), nullable=False),
        sa.Column("changed_by_name", sa.String(length=64), nullable=False),
        *_checks(),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["sd_cycle.id"], name=op.f("fk_sd_teacher_record_cycle_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["sd_department.code"],
            name=op.f("fk_sd_teacher_record_department_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_teacher_record")),
        sa.UniqueConstraint(
            "cycle_id",
            "table_identifier",
            "department_code",
            "person_number",
            name=op.f("uq_sd_teacher_record_place"),
        ),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sd_teacher_record_person_number_cycle_id"),
            ["person_number", "cycle_id"],
            unique=False,
        )


def _checks() -> tuple[sa.CheckConstraint, ...]:
    conditions = {
        "returned_has_reason": "status <> 'returned' OR reason IS NOT NULL",
        "missing_has_cause": "(status = 'missing') = (missing_cause IS NOT NULL)",
        "delegated_has_basis": "status <> 'adopted' OR delegated_at IS NULL OR basis IS NOT NULL",
        "settled_pair": "(settled_at IS NULL) = (settled_by IS NULL)",
    }
    return tuple(
        sa.CheckConstraint(condition, name=op.f(f"ck_sd_teacher_record_{name}"))
        for name, condition in conditions.items()
    )


def downgrade() -> None:
    op.drop_table(TABLE)
