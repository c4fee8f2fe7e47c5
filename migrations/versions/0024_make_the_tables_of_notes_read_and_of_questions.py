"""Make the tables of notes read and of questions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0024"
down_revision = "0023"
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
    op.create_table(
        "sd_guidance_version",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("chapter", sa.String(length=8), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("made_at", TIMESTAMP, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sd_guidance_version")),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "sd_question",
        sa.Column("id", KEY, nullable=False),
        sa.Column("table_identifier", sa.String(length=48), nullable=False),
        sa.Column("field_code", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_at", TIMESTAMP, nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_by_name", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=True),
        sa.Column("answered_at", TIMESTAMP, nullable=True),
        sa.Column("answered_by_name", sa.String(length=64), nullable=True),
        sa.Column("defines", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_sd_question_answered_pair")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sd_question")),
        **TABLE_OPTIONS,
    )
    with op.batch_alter_table("sd_question", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sd_question_table_identifier_status"),
            ["table_identifier", "status"],
            unique=False,
        )

    op.create_table(
        "sd_guidance_acknowledgement",
        sa.Column("person_number", sa.String(length=32), nullable=False),
        sa.Column("chapter", sa.String(length=8), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("acknowledged_at", TIMESTAMP, nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"],
            ["sd_guidance_version.digest"],
            name=op.f("fk_sd_guidance_acknowledgement_digest"),
        ),
        sa.PrimaryKeyConstraint(
            "person_number", "chapter", name=op.f("pk_sd_guidance_acknowledgement")
        ),
        **TABLE_OPTIONS,
    )


def downgrade() -> None:
    op.drop_table("sd_guidance_acknowledgement")
    op.drop_table("sd_question")
    op.drop_table("sd_guidance_version")
