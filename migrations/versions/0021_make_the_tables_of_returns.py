"""Make the tables of returns and their items."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0021"
down_revision = "0020"
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
CHECKS = {
    "answered_pair": "(answered_at IS NULL) = (answered_by IS NULL)",
    "judged_pair": "(judged_at IS NULL) = (judged_by IS NULL)",
    "explained_has_text": "state <> 'explained' OR answer IS NOT NULL",
    "cell_has_row": "row_id <> '' OR field_code = ''",
}


def upgrade() -> None:
    op.create_table(
        "sd_return",
        sa.Column("id", KEY, nullable=False),
        sa.Column("submission_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("sent_at", TIMESTAMP, nullable=False),
        sa.Column("sent_by", sa.String(length=32), nullable=False),
        sa.Column("sent_by_name", sa.String(length=64), nullable=False),
        sa.Column("due_at", TIMESTAMP, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["sd_submission.id"], name=op.f("fk_sd_return_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_return")),
        sa.UniqueConstraint(
            "submission_id", "number", name=op.f("uq_sd_return_submission_id_number")
        ),
        **TABLE_OPTIONS,
    )
    _make_items()
    op.add_column("sd_submission", sa.Column("change_counts", sa.JSON(), nullable=True))


def _make_items() -> None:
    def who(name: str) -> tuple[sa.Column, ...]:
        return (
            sa.Column(f"{name}_at", TIMESTAMP, nullable=True),
            sa.Column(f"{name}_by", sa.String(length=32), nullable=True),
            sa.Column(f"{name}_by_name", sa.String(length=64), nullable=True),
        )

    op.create_table(
        "sd_return_item",
        sa.Column("id", KEY, nullable=False),
        sa.Column("submission_id", KEY, nullable=False),
        sa.Column("return_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("row_id", sa.String(length=200), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("field_code", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("values_digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("addressee_number", sa.String(length=32), nullable=True),
        sa.Column("addressee_name", sa.String(length=64), nullable=True),
        sa.Column("instead_of", sa.String(length=64), nullable=True),
        sa.Column("raised_at", TIMESTAMP, nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        *who("answered"),
        sa.Column("judgement", sa.Text(), nullable=True),
        *who("judged"),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_sd_return_item_{name}"))
            for name, condition in CHECKS.items()
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["sd_return.id"], name=op.f("fk_sd_return_item_return_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["sd_submission.id"], name=op.f("fk_sd_return_item_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_return_item")),
        sa.UniqueConstraint(
            "submission_id", "number", name=op.f("uq_sd_return_item_submission_id_number")
        ),
        **TABLE_OPTIONS,
    )
    for columns in (["return_id"], ["addressee_number", "state"]):
        name = op.f(f"ix_sd_return_item_{'_'.join(columns)}")
        op.create_index(name, "sd_return_item", columns)


def downgrade() -> None:
    op.drop_column("sd_submission", "change_counts")
    op.drop_table("sd_return_item")
    op.drop_table("sd_return")
