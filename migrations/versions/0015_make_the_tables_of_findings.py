"""Make the tables of findings, explanations and waivers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0015"
down_revision = "0014"
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
PLACE = ["cycle_id", "table_identifier", "department_code"]


def upgrade() -> None:
    op.add_column("sd_submission", sa.Column("finding_summary", sa.JSON(), nullable=True))
    for make in (_finding, _explanation, _waiver, _table_check):
        make()


def _cycle(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["cycle_id"], ["sd_cycle.id"], name=op.f(f"fk_{table}_cycle_id"))


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def _finding() -> None:
    op.create_table(
        "sd_finding",
        sa.Column("id", KEY, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("row_id", sa.String(length=200), nullable=False),
        sa.Column("field_code", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=120), nullable=False),
        sa.Column("severity", sa.String(length=32), nullable=False),
        sa.Column("dimension", sa.String(length=32), nullable=False),
        sa.Column("message", sa.JSON(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("values_digest", sa.String(length=64), nullable=False),
        sa.Column("is_waiting", sa.Boolean(), nullable=False),
        sa.Column("found_at", TIMESTAMP, nullable=False),
        sa.Column("mended_at", TIMESTAMP, nullable=True),
        _cycle("sd_finding"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_finding")),
        sa.UniqueConstraint("mark", name=op.f("uq_sd_finding_mark")),
        **TABLE_OPTIONS,
    )
    _index("sd_finding", *PLACE)
    _index("sd_finding", "cycle_id", "rule")


def _explanation() -> None:
    op.create_table(
        "sd_explanation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("values_digest", sa.String(length=64), nullable=False),
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("explained_at", TIMESTAMP, nullable=False),
        sa.Column("explained_by", sa.String(length=32), nullable=False),
        sa.Column("explained_by_name", sa.String(length=64), nullable=False),
        sa.Column("ruling", sa.String(length=32), nullable=False),
        sa.Column("ruled_at", TIMESTAMP, nullable=True),
        sa.Column("ruled_by", sa.String(length=32), nullable=True),
        sa.Column("ruled_by_name", sa.String(length=64), nullable=True),
        sa.Column("ruling_reason", sa.String(length=2000), nullable=True),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_sd_explanation_{name}"))
            for name, condition in (
                ("ruling_has_time", "(ruling = 'pending') = (ruled_at IS NULL)"),
                ("ruled_pair", "(ruled_at IS NULL) = (ruled_by IS NULL)"),
                ("rejected_has_reason", "ruling <> 'rejected' OR ruling_reason IS NOT NULL"),
            )
        ),
        _cycle("sd_explanation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_explanation")),
        sa.UniqueConstraint(
            "mark", "values_digest", name=op.f("uq_sd_explanation_mark_values_digest")
        ),
        **TABLE_OPTIONS,
    )
    _index("sd_explanation", *PLACE)


def _waiver() -> None:
    op.create_table(
        "sd_waiver",
        sa.Column("id", KEY, nullable=False),
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("rule", sa.String(length=120), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("waived_at", TIMESTAMP, nullable=False),
        sa.Column("waived_by", sa.String(length=32), nullable=False),
        sa.Column("waived_by_name", sa.String(length=64), nullable=False),
        sa.Column("ended_at", TIMESTAMP, nullable=True),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_sd_waiver_ended_pair")
        ),
        _cycle("sd_waiver"),
        sa.ForeignKeyConstraint(
            ["department_code"], ["sd_department.code"], name=op.f("fk_sd_waiver_department_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_waiver")),
        **TABLE_OPTIONS,
    )
    _index("sd_waiver", "cycle_id", "table_identifier", "rule")


def _table_check() -> None:
    op.create_table(
        "sd_table_check",
        sa.Column("id", KEY, nullable=False),
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("change_set_id", KEY, nullable=False),
        sa.Column("looked_at", TIMESTAMP, nullable=True),
        sa.Column("broken", sa.JSON(), nullable=False),
        _cycle("sd_table_check"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_table_check")),
        sa.UniqueConstraint(
            "cycle_id",
            "table_identifier",
            name=op.f("uq_sd_table_check_cycle_id_table_identifier"),
        ),
        **TABLE_OPTIONS,
    )


def downgrade() -> None:
    for table in ("sd_table_check", "sd_waiver", "sd_explanation", "sd_finding"):
        op.drop_table(table)
    with op.batch_alter_table("sd_submission") as batch:
        batch.drop_column("finding_summary")
