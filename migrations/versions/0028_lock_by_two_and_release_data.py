"""Let two persons lock a year, show leaders what is not reviewed, release data."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0028"
down_revision = "0027"
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
BEFORE = ("unlocking_is_of_the_year", "(kind = 'unlocking') = (submission_id IS NULL)")
AFTER = ("year_has_no_submission", "(kind IN ('unlocking', 'locking')) = (submission_id IS NULL)")


def upgrade() -> None:
    _replace(BEFORE[0], AFTER)
    with op.batch_alter_table("sd_cycle", schema=None) as batch_op:
        for name in ("shows_unreviewed", "is_provisional"):
            batch_op.add_column(
                sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
            )
    _make_releases()


def _make_releases() -> None:
    op.create_table(
        "sd_release",
        sa.Column("id", KEY, nullable=False),
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("department_code", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("expires_at", TIMESTAMP, nullable=False),
        sa.Column("released_at", TIMESTAMP, nullable=False),
        sa.Column("released_by", sa.String(length=32), nullable=False),
        sa.Column("released_by_name", sa.String(length=64), nullable=False),
        sa.Column("withdrawn_at", TIMESTAMP, nullable=True),
        sa.Column("withdrawn_by", sa.String(length=32), nullable=True),
        sa.Column("withdrawn_by_name", sa.String(length=64), nullable=True),
        sa.Column("withdraw_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
            name=op.f("ck_sd_release_withdrawn_pair"),
        ),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)",
            name=op.f("ck_sd_release_withdrawn_has_time"),
        ),
        sa.CheckConstraint(
            "status <> 'withdrawn' OR withdraw_reason IS NOT NULL",
            name=op.f("ck_sd_release_withdrawn_has_reason"),
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["sd_cycle.id"], name=op.f("fk_sd_release_cycle_id")),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["sd_department.code"],
            name=op.f("fk_sd_release_department_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_release")),
        **TABLE_OPTIONS,
    )
    op.create_index(
        op.f("ix_sd_release_cycle_id_department_code"),
        "sd_release",
        ["cycle_id", "department_code"],
    )
    op.create_table(
        "sd_release_download",
        sa.Column("id", KEY, nullable=False),
        sa.Column("release_id", KEY, nullable=False),
        sa.Column("at", TIMESTAMP, nullable=False),
        sa.Column("person_number", sa.String(length=32), nullable=False),
        sa.Column("person_name", sa.String(length=64), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["sd_release.id"], name=op.f("fk_sd_release_download_release_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_release_download")),
        **TABLE_OPTIONS,
    )
    op.create_index(
        op.f("ix_sd_release_download_release_id"), "sd_release_download", ["release_id"]
    )


def downgrade() -> None:
    op.drop_table("sd_release_download")
    op.drop_table("sd_release")
    with op.batch_alter_table("sd_cycle", schema=None) as batch_op:
        batch_op.drop_column("is_provisional")
        batch_op.drop_column("shows_unreviewed")
    op.execute("DELETE FROM sd_request WHERE kind = 'locking'")
    _replace(AFTER[0], BEFORE)


def _replace(name: str, other: tuple[str, str]) -> None:
    with op.batch_alter_table("sd_request", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_sd_request_{name}"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_sd_request_{other[0]}"), other[1])
