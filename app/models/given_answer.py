"""Answers that programs have been given, kept for a day so that a repetition gets them again."""

from datetime import datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp

LONGEST_KEY = 200
# The status of what was done while its answer has not been kept.
CARRIED_OUT = 0


class GivenAnswer(Base):
    """The answer to a request that carried a key of its sender's.

    ``request_digest`` tells whether a request is the same one again; ``status`` and ``content``
    are None while the request is being worked on; ``CARRIED_OUT`` is set along with the deed.
    """

    __tablename__ = "sd_given_answer"
    __table_args__ = (UniqueConstraint("username", "key"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    username: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    request_digest: Mapped[str] = mapped_column(String(64))
    stored_at: Mapped[datetime] = mapped_column(Timestamp(), index=True)
    status: Mapped[int | None] = mapped_column(default=None)
    content: Mapped[bytes | None] = mapped_column(LargeBinary(2**24 - 1), default=None)
