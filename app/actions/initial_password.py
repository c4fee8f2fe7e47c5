"""First logins and new passwords, handed out on paper and changed at the first sign-in (X-1).

Only hashes come here: whoever shows the passwords makes them, shows them once
and forgets them.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, selectinload

from app.access.appointment import subject_of, why_not_give_login, why_not_reset
from app.access.person import Actor
from app.actions.account import lift_lock, require_new_password
from app.actions.audit_log import Deed, record_all
from app.actions.person import login_row, sync_user_roles
from app.actions.person_change import (
    changing,
    deed_on,
    note,
    person_to_change,
    username_is_taken,
)
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.person import why_bad_username
from app.models.appointment_rows import role_names
from app.models.base_table_rows import in_batches
from app.models.permission import user
from app.models.person import Person

# No 0 and o, no 1, i and l: what is copied from paper must be read in one way only.
SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
GROUPS, GROUP_LENGTH = 3, 4


@dataclass(frozen=True)
class NewLogin:
    """A login to be made for somebody, with the hash of the password."""

    person: Person
    username: str
    password_hash: str


def make_password() -> str:
    """A random password that is easy to copy, like ``k7mq-x2hd-9fwp``.

    Twelve of 31 signs are 59 bits: too many to be tried, however fast.
    """
    groups = ("".join(secrets.choice(SIGNS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def give_login(
    session: Session,
    person_id: int,
    version: int,
    username: str,
    password_hash: str,
    *,
    by: Actor,
    now: datetime,
) -> Person:
    """Make somebody's first login."""
    with changing(session):
        person = person_to_change(session, person_id, version, by=by, now=now)
        refuse(why_not_give_login(by, subject_of(person, now.date())))
        _refuse_login(session, person, username)
        open_logins(session, [NewLogin(person, username, password_hash)], by=by, now=now)
        session.commit()
        return person


def give_logins(
    session: Session, hashes: Mapping[int, str], *, by: Actor, now: datetime
) -> list[Person]:
    """Make first logins for many at once, all or nothing; the number is the sign-in name.

    ``hashes`` maps the ids of people to the hashes of their passwords.
    """
    with changing(session):
        people = _without_login(session, list(hashes))
        if len(people) != len(hashes):
            raise Refused(
                Message("Some of these people have a login meanwhile. Load the page again."),
                Reason.CONFLICT,
            )
        for person in people:
            refuse(why_not_give_login(by, subject_of(person, now.date())))
            _refuse_login(session, person, person.number)
            person.version += 1
        logins = [NewLogin(person, person.number, hashes[person.id]) for person in people]
        open_logins(session, logins, by=by, now=now)
        session.commit()
        return people


def reset_password(
    session: Session, person_id: int, version: int, password_hash: str, *, by: Actor, now: datetime
) -> Person:
    """Give somebody a new initial password; sessions end and a lock is lifted."""
    with changing(session):
        person = person_to_change(session, person_id, version, by=by, now=now)
        roles = role_names(session, person.username)
        refuse(why_not_reset(by, subject_of(person, now.date(), roles)))
        if person.username is None or not person.is_active:
            message = Message("This person has no login that could be used.")
            raise Refused(message, Reason.CONFLICT)
        session.execute(
            update(user)
            .where(user.c.username == person.username)
            .values(password=password_hash, changed_on=now.replace(tzinfo=None))
        )
        session.flush()
        require_new_password(session, [person.username], by=by, now=now)
        note(session, person, Deed("person.reset", ""), by=by, now=now)
        session.commit()
        return person


def unlock_person(
    session: Session, person_id: int, version: int, *, by: Actor, now: datetime
) -> Person:
    """Let somebody who mistyped the password too often try again at once."""
    with changing(session):
        person = person_to_change(session, person_id, version, by=by, now=now)
        roles = role_names(session, person.username)
        refuse(why_not_reset(by, subject_of(person, now.date(), roles)))
        lift_lock(session, person.username or "", by=by, now=now)
        note(session, person, Deed("person.unlock", ""), by=by, now=now)
        session.commit()
        return person


def open_logins(session: Session, logins: Sequence[NewLogin], *, by: Actor, now: datetime) -> None:
    """Write logins, their roles and the duty to change the password.

    The caller has judged them and commits.
    """
    if not logins:
        return
    for new in logins:
        new.person.username = new.username
    session.flush()
    session.execute(
        insert(user),
        [login_row(new.username, new.person.name, new.password_hash, now) for new in logins],
    )
    names = [new.username for new in logins]
    deeds = [deed_on(new.person, Deed("person.open", "", after=new.username)) for new in logins]
    record_all(session, deeds, by=by, now=now)
    require_new_password(session, names, by=by, now=now)
    sync_user_roles(session, now.date(), names)


def _without_login(session: Session, ids: Sequence[int]) -> list[Person]:
    found: list[Person] = []
    for batch in in_batches(ids):
        query = (
            select(Person)
            .where(Person.id.in_(batch), Person.username.is_(None), Person.is_active)
            .options(selectinload(Person.appointments))
            .order_by(Person.number)
            .with_for_update()
        )
        found += session.scalars(query.execution_options(populate_existing=True))
    return found


def _refuse_login(session: Session, person: Person, username: str) -> None:
    if person.username is not None or not person.is_active:
        message = Message("This person has a login already, or is disabled.")
        raise Refused(message, Reason.CONFLICT)
    refuse(why_bad_username(username), Reason.INVALID)
    if username_is_taken(session, username):
        raise Refused(
            Message(
                "Somebody signs in as “%(name)s” already. Choose another sign-in name.",
                {"name": username},
            ),
            Reason.INVALID,
        )
