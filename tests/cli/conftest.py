"""Running commands in this process, on a database of their own."""

import shutil
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from app.bootstrap import READS_ADOPTED, create_app
from app.cli.command import Start
from app.cli.command_line import statedata
from app.web.fab.database import database
from tests.architecture.source import ROOT

CATALOGUE = ROOT / "seed" / "catalogue"
Command = Callable[..., Result]


def command_on(url: str, folder: Path) -> Command:
    """A function that runs ``statedata`` with its arguments on the database at ``url``."""

    @cache
    def make_app(*, reads_adopted: bool = True) -> Flask:
        settings = {
            "SECRET_KEY": "a key for tests only, long enough",
            "SQLALCHEMY_DATABASE_URI": url,
            "STATEDATA_INSTANCE": folder,
            READS_ADOPTED: reads_adopted,
        }
        application = create_app(settings, environment={})
        applications.append(application)
        return application

    applications: list[Flask] = []

    def run(*arguments: str) -> Result:
        start = Start(make_app, CATALOGUE, partial(make_app, reads_adopted=False))
        try:
            return CliRunner().invoke(statedata, arguments, obj=start, catch_exceptions=False)
        finally:
            for application in applications:
                with application.app_context():
                    database.engine.dispose()

    return run


@pytest.fixture
def command(sqlite_url: str, tmp_path: Path) -> Command:
    """Runs commands on an empty SQLite database."""
    return command_on(sqlite_url, tmp_path)


@pytest.fixture
def command_on_demo(sqlite_url: str, demo_original: Path, tmp_path: Path) -> Command:
    """Runs commands on a SQLite database with the demo college."""
    shutil.copyfile(demo_original, sqlite_url.removeprefix("sqlite:///"))
    return command_on(sqlite_url, tmp_path)


@pytest.fixture
def command_everywhere(any_database_url: str, tmp_path: Path) -> Command:
    """Runs commands on an empty database, once on each kind."""
    return command_on(any_database_url, tmp_path)
