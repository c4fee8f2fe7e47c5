<%!
    import re

    # Names are compared exactly everywhere: the same six options on every table, written once.
    OPTIONS = re.compile(r"(?: *(?:mariadb|mysql)_(?:charset|collate|engine)='\w+',?\n){6}")

    def with_options(text):
        return OPTIONS.sub("    **TABLE_OPTIONS,\n", text)
%>"""${message}."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}

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
    ${with_options(upgrades) if upgrades else "pass"}


def downgrade() -> None:
    ${with_options(downgrades) if downgrades else "pass"}
