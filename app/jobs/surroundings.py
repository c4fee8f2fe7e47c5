"""What a job's process is told of the platform, and how it gets ready: without any web pages.

The process of a job starts for every one of them: it loads the catalogue and the tables, nothing
of the framework, which takes a fraction of the time and of the memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine

from app.access.roles import RESERVED
from app.catalogue.adopted_file import OVERRIDES_FILE, read_adopted
from app.catalogue.loader import load_catalogue
from app.catalogue.reported_table import with_reported
from app.jobs.queue import Queue
from app.models.base_table import Store
from app.models.database import engine_options, prepare_engine
from app.models.reported_table import build_whole_store

PREFIX = "STATEDATA_"
# The folder of files about adopted tables, inside the platform's own.
ADOPTED = "adopted"


@dataclass(frozen=True)
class Surroundings:
    """Where everything is; passed on in the environment, like the settings of the platform."""

    database_url: str
    instance: Path
    catalogue: Path
    redis_url: str | None = None

    def environment(self) -> dict[str, str]:
        """The variables that say so."""
        told = {
            "DATABASE_URL": self.database_url,
            "INSTANCE": str(self.instance),
            "CATALOGUE": str(self.catalogue),
            "REDIS_URL": self.redis_url or "",
        }
        return {PREFIX + name: value for name, value in told.items()}

    def make_engine(self) -> Engine:
        """The database, as ready as the platform has it."""
        return prepare_engine(create_engine(self.database_url, **engine_options(self.database_url)))

    def make_queue(self) -> Queue:
        """The queue of jobs."""
        return Queue(self.instance, self.redis_url)

    def read_store(self) -> Store:
        """Base tables and adopted ones, from their files."""
        adopted = read_adopted(self.instance / ADOPTED, RESERVED)
        catalogue = with_reported(load_catalogue(self.catalogue), adopted, OVERRIDES_FILE)
        return build_whole_store(catalogue, adopted)


def surroundings_in(environment: Mapping[str, str]) -> Surroundings:
    """What the variables say."""
    return Surroundings(
        environment[PREFIX + "DATABASE_URL"],
        Path(environment[PREFIX + "INSTANCE"]),
        Path(environment[PREFIX + "CATALOGUE"]),
        environment[PREFIX + "REDIS_URL"] or None,
    )
