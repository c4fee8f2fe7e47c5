"""What every command shares: the application it works on and how it ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.roles import Pair
from app.catalogue.catalogue import Catalogue
from app.catalogue.fault import CatalogueError
from app.catalogue.loader import load_catalogue
from app.cli.texts import _, told_faults, translated
from app.domain.message import Refused
from app.domain.period import LOCAL_ZONE
from app.jobs.queue import Queue
from app.models.base_table import Store
from app.models.permission import user
from app.reports.person import load_actor

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Start:
    """What a command is handed: how to make the application, where the catalogue lies.

    ``make_bare_app`` makes one that leaves adopted tables alone, so that faults in their files keep
    nobody from mending them.
    """

    make_app: Callable[[], Flask]
    catalogue_folder: Path
    make_bare_app: Callable[[], Flask] | None = None


@dataclass(frozen=True)
class Platform:
    """The application as a command sees it, inside its context."""

    application: Flask

    @property
    def session(self) -> Session:
        """The command's database session; what is not committed is dropped at the end."""
        return cast(Session, self.application.extensions["sqlalchemy"].session())

    @property
    def engine(self) -> Engine:
        """The database."""
        return cast(Engine, self.application.extensions["sqlalchemy"].engine)

    @property
    def store(self) -> Store:
        """The catalogue and its SQL tables."""
        return cast(Store, self.application.extensions["store"])

    @property
    def queue(self) -> Queue:
        """The queue of jobs."""
        return cast(Queue, self.application.extensions["queue"])

    @property
    def root(self) -> Path:
        """The folder with ``seed``, ``migrations`` and ``translations``."""
        return Path(self.application.config["STATEDATA_ROOT"])

    @property
    def catalogue_folder(self) -> Path:
        """Where the catalogue was read from."""
        return Path(self.application.config["STATEDATA_CATALOGUE"])

    def person(self, username: str) -> Actor:
        """The person in whose name a command acts; commands end where there is none."""
        user_id = self.session.scalar(select(user.c.id).where(user.c.username == username))
        today = now().astimezone(LOCAL_ZONE).date()
        actor = None if user_id is None else load_actor(self.session, user_id, today)
        if actor is None or actor.username != username:
            raise click.ClickException(_("There is no active account %s.") % username)
        return actor


def now() -> datetime:
    """The present moment; commands read the clock, actions are told."""
    return datetime.now(UTC)


def operator(*rights: Pair) -> Actor:
    """Whoever runs commands on the server, as the audit log names him; he may do only ``rights``.

    He could write to the database anyway: what counts is that it is checked and recorded.
    """
    granted = frozenset((f"can_{action}", resource) for action, resource in rights)
    name = _("operator of the server")
    return Actor(number="-", name=name, username="-", permissions=granted)


@contextmanager
def ending_in_words() -> Iterator[None]:
    """Turn refusals into a message and exit code 1; anything else is a bug and shows itself."""
    try:
        yield
    except Refused as refusal:
        lines = [refusal.message, *refusal.details]
        raise click.ClickException("\n".join(translated(line) for line in lines)) from refusal
    except CatalogueError as error:
        raise click.ClickException("\n".join(told_faults(error))) from error
    except OperationalError as error:
        raise click.ClickException(
            _("The database cannot be reached or is not set up: %s") % error.orig
        ) from error


def with_platform(command: Callable[..., Answer]) -> Callable[..., Answer]:
    """Give ``command`` the platform as its first argument and end refusals with exit code 1."""
    return _with_application(command, lambda start: start.make_app)


def with_bare_platform(command: Callable[..., Answer]) -> Callable[..., Answer]:
    """Like ``with_platform``, but the platform knows no adopted tables."""
    return _with_application(command, lambda start: start.make_bare_app or start.make_app)


folder_argument = click.argument(
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="STATEDATA_CATALOGUE",
    required=False,
)


def with_catalogue(command: Callable[[Catalogue], Answer]) -> Callable[..., Answer]:
    """Give ``command`` the catalogue of the argument FOLDER, without one the platform's own.

    Needs no database; a faulty catalogue ends the command with its faults and exit code 1.
    """

    @folder_argument
    @click.pass_obj
    @wraps(command)
    def run(start: Start, folder: Path | None) -> Answer:
        with ending_in_words():
            found = load_catalogue(folder or start.catalogue_folder)
        return command(found)

    return run


def _with_application(
    command: Callable[..., Answer], maker: Callable[[Start], Callable[[], Flask]]
) -> Callable[..., Answer]:
    @wraps(command)
    def run(*values: Any, **named: Any) -> Answer:
        start: Start = click.get_current_context().obj
        with ending_in_words():
            application = maker(start)()
            with application.app_context():
                return command(Platform(application), *values, **named)

    return run
