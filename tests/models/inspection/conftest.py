"""One nasty database of each kind, read once for a whole file."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from app.catalogue.adopted_table import AdoptedTable
from app.models.inspection.reader import Inspected, inspect_tables
from tests import services
from tests.nasty import engine_for, nasty_database

Nasty = Callable[[str], str]


@pytest.fixture(scope="module", params=services.ALL_DATABASES)
def nasty_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a nasty database, once of each kind."""
    with nasty_database(request.param, tmp_path_factory.mktemp("nasty")) as url:
        yield url


@pytest.fixture(scope="module")
def inspected(nasty_url: str) -> Inspected:
    """What is read from it."""
    return inspect(nasty_url)


@pytest.fixture(scope="module")
def tables(inspected: Inspected) -> Mapping[str, AdoptedTable]:
    """The tables read from it by their names."""
    return by_name(inspected)


def inspect(url: str, schema: str | None = None) -> Inspected:
    """Read the database at an address."""
    with engine_for(url).connect() as connection:
        return inspect_tables(connection, schema)


def by_name(inspected: Inspected) -> dict[str, AdoptedTable]:
    """Name → table."""
    return {table.name: table for table in inspected.tables}
