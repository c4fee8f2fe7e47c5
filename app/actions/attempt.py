"""Counting wrong passwords: what an attempt is and the rows it is counted in.

Several that are looked at in the same moment are still counted one after the other.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.account import why_not_try
from app.domain.account import (
    ADDRESS_LIMIT,
    NAME_LIMIT,
    AttemptLimit,
    Way,
    account_name,
    is_this_machine,
)
from app.domain.message import Message
from app.models.account import Account, Attempts, SignInAddress, SignInSession
from app.models.database import Base, writing

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class Attempt:
    """A password that was given: for which name, where, and from where.

    ``session_id`` is the session of a step that asks for the password again.
    """

    typed: str
    way: Way
    address: str
    client: str = ""
    session_id: int | None = None

    @property
    def username(self) -> str:
        """The name under which the attempt is counted."""
        return account_name(self.typed)

    @property
    def counted_address(self) -> str | None:
        """The address under which it is counted; None where a limit would hit everybody.

        A step proves a session; this machine itself may be a proxy that nobody told us about.
        """
        if self.way is Way.STEP or is_this_machine(self.address):
            return None
        return self.address


@dataclass(frozen=True)
class Counters:
    """The rows an attempt is counted in."""

    account: Account
    address: SignInAddress | None
    session: SignInSession | None

    def why_not(self, now: datetime) -> Message | None:
        """Somebody signed in is judged by his session alone, see ``SignInSession``."""
        return why_not_try(
            self.account if self.session is None else self.session, self.address, now
        )

    def left(self) -> int:
        """How many wrong passwords are still possible before the lock."""
        counted = self.account if self.session is None else self.session
        return NAME_LIMIT.attempts - counted.failed_count

    def add_failure(self, now: datetime) -> None:
        """Count one more wrong password everywhere."""
        _count(self.account, NAME_LIMIT, now)
        if self.session is not None:
            _count(self.session, NAME_LIMIT, now)
        if self.address is not None:
            _count(self.address, ADDRESS_LIMIT, now)

    def forget_failures(self, now: datetime) -> None:
        """Begin to count anew after the right password; a lock that others brought about stays.

        What an address has done is not forgotten: anybody could clear it with a login of his own.
        """
        for counted in (self.account, self.session):
            if counted is not None and not counted.is_locked(now):
                counted.failed_count, counted.last_failed_at = 0, None


def make_counters(session: Session, attempt: Attempt) -> None:
    """Make the rows to count in; another attempt may make the same ones at this moment."""
    wanted: list[Account | SignInAddress] = []
    if session.get(Account, attempt.username) is None:
        wanted.append(Account(username=attempt.username))
    address = attempt.counted_address
    if address is not None and session.get(SignInAddress, address) is None:
        wanted.append(SignInAddress(address=address))
    for row in wanted:
        # A transaction of its own: the lock of a failed insertion must not outlive it.
        with suppress(IntegrityError), writing(session):
            session.add(row)
            session.commit()


def has_failures(session: Session, attempt: Attempt) -> bool:
    """Whether wrong passwords are counted against the name or the session."""
    counted: list[Attempts | None] = [
        session.get(Account, attempt.username, populate_existing=True)
    ]
    if attempt.session_id is not None:
        counted.append(session.get(SignInSession, attempt.session_id, populate_existing=True))
    return any(row is not None and row.last_failed_at is not None for row in counted)


def held_counters(session: Session, attempt: Attempt) -> Counters:
    """The rows of an attempt, held until the transaction ends; always in the same order."""
    address = attempt.counted_address
    return Counters(
        address=None if address is None else _held(session, SignInAddress, address),
        account=_held(session, Account, attempt.username),
        session=(
            None
            if attempt.session_id is None
            else _held(session, SignInSession, attempt.session_id)
        ),
    )


def _held(session: Session, model: type[Row], key: object) -> Row:
    return session.get_one(model, key, with_for_update=True, populate_existing=True)


def _count(attempts: Attempts, limit: AttemptLimit, now: datetime) -> None:
    if attempts.is_locked(now):
        return
    last = attempts.last_failed_at
    in_a_row = last is not None and now - last < limit.window
    attempts.failed_count = attempts.failed_count + 1 if in_a_row else 1
    attempts.last_failed_at = now
    if attempts.failed_count >= limit.attempts:
        attempts.locked_until = now + limit.pause
        attempts.failed_count = 0
