"""What the platform keeps about logins beside FAB's own table: locks, sessions and a log.

Everything goes by the sign-in name, not by the person: an operator's account is no person.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.account import AccountEvent, Way
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored


class Attempts:
    """How many wrong passwords in a row were given, and until when no more are looked at."""

    failed_count: Mapped[int] = mapped_column(default=0)
    last_failed_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    locked_until: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)

    def is_locked(self, now: datetime) -> bool:
        """Whether passwords are not looked at now."""
        return self.locked_until is not None and now < self.locked_until


class Account(Attempts, Base):
    """One sign-in name. A name that nobody has is counted too, so that both look the same.

    A row is made when there is something to keep; a login without one has no lock and need not
    change its password.
    """

    __tablename__ = "sd_account"
    __table_args__ = (CheckConstraint("failed_count >= 0", name="failed_count"), TABLE_OPTIONS)

    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    # When a password that was handed out stops opening anything.
    initial_password_until: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    password_changed_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)


class SignInAddress(Attempts, Base):
    """An address from which wrong passwords came."""

    __tablename__ = "sd_sign_in_address"
    __table_args__ = (CheckConstraint("failed_count >= 0", name="failed_count"), TABLE_OPTIONS)

    address: Mapped[str] = mapped_column(String(45), primary_key=True)


class SignInSession(Attempts, Base):
    """A browser or a program that is signed in; the cookie or token carries the secret id.

    Only the hash of the id is kept. The attempts are those at passwords that single steps ask
    for: whoever is signed in is not kept from them by strangers who try his name elsewhere.
    """

    __tablename__ = "sd_session"
    __table_args__ = (
        CheckConstraint("failed_count >= 0", name="failed_count"),
        Index(None, "username", "ended_at"),
        Index(None, "created_at"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    id_hash: Mapped[str] = mapped_column(String(64), unique=True)
    username: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int]
    way: Mapped[Way] = mapped_column(stored(Way))
    created_at: Mapped[datetime] = mapped_column(Timestamp())
    last_seen_at: Mapped[datetime] = mapped_column(Timestamp())
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    address: Mapped[str] = mapped_column(String(45))
    client: Mapped[str] = mapped_column(String(200))


class SignInEntry(Base):
    """One line of the sign-in log; ``person_number`` is that of another person who did it."""

    __tablename__ = "sd_sign_in_entry"
    __table_args__ = (Index(None, "username", "id"), Index(None, "at"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(Timestamp())
    username: Mapped[str] = mapped_column(String(64))
    event: Mapped[AccountEvent] = mapped_column(stored(AccountEvent))
    way: Mapped[Way | None] = mapped_column(stored(Way), default=None)
    address: Mapped[str | None] = mapped_column(String(45), default=None)
    client: Mapped[str | None] = mapped_column(String(200), default=None)
    person_number: Mapped[str | None] = mapped_column(String(32), default=None)
