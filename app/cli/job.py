"""``jobs``: the worker that carries out what is too long for a request."""

import logging
import sys

import click

from app.cli import job_process
from app.cli.command import Platform, with_platform
from app.cli.texts import _, translated
from app.jobs.execution import end_with_parent
from app.jobs.keeper import keep
from app.jobs.surroundings import Surroundings
from app.jobs.worker import Office, run_worker

# A long import and something short beside it.
USUAL_WORKERS = 2


@click.group("jobs", help=_("Work in the background: imports and exports of many rows, feeds."))
def jobs() -> None:
    """Group of commands."""


@jobs.command("run", help=_("Carry out jobs until stopped; runs beside the web server."))
@click.option(
    "--workers",
    type=click.IntRange(1, 16),
    default=USUAL_WORKERS,
    help=_("How many jobs are carried out at once; each takes a process of its own."),
)
@click.option("--with-parent", is_flag=True, hidden=True)
@with_platform
def run(platform: Platform, workers: int, *, with_parent: bool) -> None:
    """``with_parent``: end as soon as the program at the other end of standard input is gone."""
    logging.basicConfig(level=logging.WARNING)
    if with_parent:
        end_with_parent(sys.stdin.fileno())
    office = Office(
        platform.engine,
        platform.queue,
        translated,
        process=(sys.executable, "-m", job_process.__name__),
        environment=surroundings_of(platform).environment(),
    )
    run_worker(office, workers, keep)


def surroundings_of(platform: Platform) -> Surroundings:
    """What the processes of jobs are told."""
    settings = platform.application.config
    return Surroundings(
        settings["SQLALCHEMY_DATABASE_URI"],
        settings["STATEDATA_INSTANCE"],
        settings["STATEDATA_CATALOGUE"],
        settings["STATEDATA_REDIS_URL"],
    )
