"""Write the next migration: ``python -m migrations.revise "Add the column x to y"``.

The declared tables are compared with what the migrations so far make of an empty SQLite database.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from app.cli.migration import configuration, upgrade
from app.models.database import prepare_engine

FOLDER = Path(__file__).parent


def revise(message: str) -> None:
    """Put a new file into ``versions``; read it before committing it."""
    with tempfile.TemporaryDirectory() as folder:
        engine = prepare_engine(create_engine(f"sqlite:///{folder}/empty.db"))
        upgrade(engine, FOLDER)
        with engine.connect() as connection:
            last = max(path.name[:4] for path in (FOLDER / "versions").glob("*.py"))
            number = f"{int(last) + 1:04d}"
            settings = configuration(FOLDER, connection)
            command.revision(settings, message, autogenerate=True, rev_id=number)
        engine.dispose()


if __name__ == "__main__":
    revise(sys.argv[1])
