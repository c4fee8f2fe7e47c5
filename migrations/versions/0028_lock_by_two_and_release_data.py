"""Let two persons lock a year, and say whether leaders see what is not reviewed yet."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0024"
branch_labels = None
depends_on = None

BEFORE = ("unlocking_is_of_the_year", "(kind = 'unlocking') = (submission_id IS NULL)")
AFTER = ("year_has_no_submission", "(kind IN ('unlocking', 'locking')) = (submission_id IS NULL)")


def upgrade() -> None:
    _replace(BEFORE[0], AFTER)
    shown = sa.Column("shows_unreviewed", sa.Boolean(), server_default=sa.false(), nullable=False)
    with op.batch_alter_table("sd_cycle", schema=None) as batch_op:
        batch_op.add_column(shown)


def downgrade() -> None:
    with op.batch_alter_table("sd_cycle", schema=None) as batch_op:
        batch_op.drop_column("shows_unreviewed")
    op.execute("DELETE FROM sd_request WHERE kind = 'locking'")
    _replace(AFTER[0], BEFORE)


def _replace(name: str, other: tuple[str, str]) -> None:
    with op.batch_alter_table("sd_request", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_sd_request_{name}"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_sd_request_{other[0]}"), other[1])
