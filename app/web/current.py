"""Who is asking, when, and with what: read once per request, kept for the request."""

from datetime import UTC, datetime
from typing import cast

from flask import abort, current_app, g
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.catalogue.appraisal import Scheme
from app.catalogue.catalogue import Catalogue
from app.catalogue.regulation import Regulation
from app.domain.delivery import Channel
from app.jobs.queue import Queue
from app.models.base_table import Store
from app.reports.account import LivingSession
from app.web.fab.database import database
from app.web.formats import local


def current_actor() -> Actor:
    """The person who asks; answers 401 where nobody is signed in."""
    actor = actor_or_none()
    if actor is None:
        abort(401)
    return actor


def actor_or_none() -> Actor | None:
    """The person who asks, None for visitors."""
    return cast(Actor | None, g.get("actor"))


def sign_in_or_none() -> LivingSession | None:
    """The session the request belongs to, None for visitors."""
    return cast(LivingSession | None, g.get("sign_in"))


def current_sign_in() -> LivingSession:
    """The session the request belongs to; answers 401 where nobody is signed in."""
    found = sign_in_or_none()
    if found is None:
        abort(401)
    return found


def current_time() -> datetime:
    """The moment of the request: one for everything that happens in it."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    return cast(datetime, g.now)


def local_time() -> datetime:
    """The moment of the request on the clock of the college: its day decides what is valid."""
    return local(current_time())


def current_session() -> Session:
    """The request's database session; it ends with the request, uncommitted work is dropped."""
    return cast(Session, database.session())


def taken_session() -> Session:
    """The same session, kept beyond the end of the request: whoever takes it has to close it.

    Flask ends a request, and its session, before a streamed answer is sent.
    """
    session = current_session()
    database.session.registry.clear()
    return session


def current_catalogue() -> Catalogue:
    """What is collected, as read at start."""
    return cast(Catalogue, current_app.extensions["catalogue"])


def current_store() -> Store:
    """The base tables with their columns, as built at start."""
    return cast(Store, current_app.extensions["store"])


def current_queue() -> Queue:
    """The queue of jobs."""
    return cast(Queue, current_app.extensions["queue"])


def current_channels() -> tuple[Channel, ...]:
    """The channels outside that are set up."""
    return tuple(Channel(name) for name in current_app.config["STATEDATA_CHANNELS"])


def current_scheme() -> Scheme:
    """The scheme that the next appraisal will be made with, as read at start."""
    return cast(Scheme, current_app.extensions["scheme"])


def current_regulation() -> Regulation:
    """The regulation in force today; the latest version where none says from which day."""
    versions = cast(tuple[Regulation, ...], current_app.extensions["regulations"])
    today = local_time().date()
    begun = (each for each in versions if each.in_force_from and each.in_force_from <= today)
    return next(begun, versions[0])
