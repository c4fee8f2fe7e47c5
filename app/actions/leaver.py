"""People who leave: disabled, never deleted; their names stay in every log (X-1)."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access.appointment import subject_of, why_not_disable
from app.access.person import Actor
from app.actions.account import end_sessions
from app.actions.appointment import end_on, leaves_no_administrator
from app.actions.audit_log import Deed
from app.actions.person import sync_user_roles
from app.actions.person_change import changing, note, person_to_change
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table_rows import in_batches
from app.models.permission import user
from app.models.person import Person


def disable_person(
    session: Session,
    person_id: int,
    version: int,
    last_day: date | None,
    *,
    by: Actor,
    now: datetime,
) -> Person:
    """Somebody leaves: the login stops at once, appointments end on the last day."""
    today = now.date()
    with changing(session):
        person = person_to_change(session, person_id, version, by=by, now=now)
        is_last = leaves_no_administrator(session, person, today)
        refuse(why_not_disable(by, subject_of(person, today), is_last=is_last))
        refuse(why_bad_last_day(last_day, today), Reason.INVALID)
        if not person.is_active:
            raise Refused(Message("This person is disabled already."), Reason.CONFLICT)
        let_go(session, [person], last_day or today, now=now)
        deed = Deed("person.disable", "", after=str(last_day or today))
        note(session, person, deed, by=by, now=now)
        session.commit()
        return person


def enable_person(
    session: Session, person_id: int, version: int, *, by: Actor, now: datetime
) -> Person:
    """Somebody comes back: the login works again; ended appointments stay ended."""
    with changing(session):
        person = person_to_change(session, person_id, version, by=by, now=now)
        refuse(why_not_disable(by, subject_of(person, now.date()), is_last=False))
        if person.is_active:
            raise Refused(Message("This person is not disabled."), Reason.CONFLICT)
        person.is_active = True
        session.flush()
        if person.username is not None:
            _set_active(session, [person.username], active=True)
            sync_user_roles(session, now.date(), [person.username])
        note(session, person, Deed("person.enable", ""), by=by, now=now)
        session.commit()
        return person


def why_bad_last_day(last_day: date | None, today: date) -> Message | None:
    """Why somebody cannot be disabled with that last day."""
    if last_day is None:
        return Message("Name the last day.")
    if last_day > today:
        return Message(
            "The last day cannot lie in the future: a login stops at once. End the appointments on"
            " that day instead, and disable the person when it has come."
        )
    return None


def let_go(session: Session, people: Sequence[Person], last_day: date, *, now: datetime) -> None:
    """Close the door behind them; the caller holds the transaction and writes the log.

    An appointment that began after the last day ends on its first; one that has
    not begun is taken back.
    """
    today = now.date()
    for person in people:
        person.is_active = False
        for held in list(person.appointments):
            if held.has_ended(last_day):
                continue
            begun = held.valid_from <= today
            end_on(session, held, max(last_day, held.valid_from) if begun else last_day)
    session.flush()
    usernames = [person.username for person in people if person.username is not None]
    _set_active(session, usernames, active=False)
    end_sessions(session, usernames, now=now)
    sync_user_roles(session, today, usernames)


def _set_active(session: Session, usernames: Sequence[str], *, active: bool) -> None:
    for batch in in_batches(usernames):
        session.execute(update(user).where(user.c.username.in_(batch)).values(active=active))
