"""The register of findings, what was said about them, and waived rules (第五条, 第十二条).

A finding is told from others by its ``mark``, and the values that it was judged by by a digest.
What was explained belongs to both: where the values change, nothing is explained any more.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.finding import Dimension, Severity
from app.domain.finding_state import Ruling
from app.domain.message import Message
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored

LONGEST_EXPLANATION = 500
PLACE = ("cycle_id", "table_identifier", "department_code")


class RegisteredFinding(Base):
    """A finding as the register has it; ``mended_at`` is None while it is there.

    ``row_id`` is empty for a whole table, ``field_code`` for a whole row. ``about`` are the codes
    of the fields whose values the message tells, those of other rows with their table.
    ``is_waiting`` while it compares with a table that another department has not finished.
    """

    __tablename__ = "sd_finding"
    __table_args__ = (
        UniqueConstraint("mark"),
        Index(None, *PLACE),
        Index(None, "cycle_id", "rule"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    mark: Mapped[str] = mapped_column(String(64))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("sd_cycle.id"))
    table_identifier: Mapped[str] = mapped_column(String(48))
    department_code: Mapped[str] = mapped_column(String(16))
    row_id: Mapped[str] = mapped_column(String(200))
    field_code: Mapped[str] = mapped_column(String(64))
    rule: Mapped[str] = mapped_column(String(120))
    severity: Mapped[Severity] = mapped_column(stored(Severity))
    dimension: Mapped[Dimension] = mapped_column(stored(Dimension))
    message: Mapped[dict[str, Any]] = mapped_column(JSON)
    about: Mapped[list[str]] = mapped_column(JSON)
    values_digest: Mapped[str] = mapped_column(String(64))
    is_waiting: Mapped[bool]
    found_at: Mapped[datetime] = mapped_column(Timestamp())
    mended_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)


class Explanation(Base):
    """Why values that a rule warns of are right, and what the quality office says of that."""

    __tablename__ = "sd_explanation"
    __table_args__ = (
        UniqueConstraint("mark", "values_digest"),
        Index(None, *PLACE),
        CheckConstraint("(ruling = 'pending') = (ruled_at IS NULL)", name="ruling_has_time"),
        CheckConstraint("(ruled_at IS NULL) = (ruled_by IS NULL)", name="ruled_pair"),
        CheckConstraint(
            "ruling <> 'rejected' OR ruling_reason IS NOT NULL", name="rejected_has_reason"
        ),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    mark: Mapped[str] = mapped_column(String(64))
    values_digest: Mapped[str] = mapped_column(String(64))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("sd_cycle.id"))
    table_identifier: Mapped[str] = mapped_column(String(48))
    department_code: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    explained_at: Mapped[datetime] = mapped_column(Timestamp())
    explained_by: Mapped[str] = mapped_column(String(32))
    explained_by_name: Mapped[str] = mapped_column(String(64))
    ruling: Mapped[Ruling] = mapped_column(stored(Ruling), default=Ruling.PENDING)
    ruled_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    ruled_by: Mapped[str | None] = mapped_column(String(32), default=None)
    ruled_by_name: Mapped[str | None] = mapped_column(String(64), default=None)
    ruling_reason: Mapped[str | None] = mapped_column(String(2000), default=None)


class Waiver(Base):
    """A rule that the quality office does not hold a table to in a year, and why.

    ``department_code`` is None for all departments; ``ended_at`` is None while it counts.
    """

    __tablename__ = "sd_waiver"
    __table_args__ = (
        Index(None, "cycle_id", "table_identifier", "rule"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_pair"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("sd_cycle.id"))
    table_identifier: Mapped[str] = mapped_column(String(48))
    rule: Mapped[str] = mapped_column(String(120))
    department_code: Mapped[str | None] = mapped_column(
        ForeignKey("sd_department.code"), default=None
    )
    reason: Mapped[str] = mapped_column(String(2000))
    waived_at: Mapped[datetime] = mapped_column(Timestamp())
    waived_by: Mapped[str] = mapped_column(String(32))
    waived_by_name: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    ended_by: Mapped[str | None] = mapped_column(String(32), default=None)


class TableCheck(Base):
    """Up to where the register knows a table: everything before ``looked_at`` is in it.

    ``checked_at`` is when the rules were asked; ``known`` what was counted then of every table that
    the findings follow from (``finding_check``), null where it was none. ``broken`` are rules that
    failed themselves. ``change_set_id`` is the newest change then: rows with newer ones
    may have changed since. ``failures`` in a row of the check itself, which is tried again at
    ``retry_at``. Whoever writes findings of the table holds this row.
    """

    __tablename__ = "sd_table_check"
    __table_args__ = (UniqueConstraint("cycle_id", "table_identifier"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("sd_cycle.id"))
    table_identifier: Mapped[str] = mapped_column(String(48))
    change_set_id: Mapped[int] = mapped_column(BigKey, default=0)
    looked_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    checked_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    known: Mapped[dict[str, list[int] | None]] = mapped_column(JSON, default=dict)
    broken: Mapped[list[str]] = mapped_column(JSON, default=list)
    failures: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)


def pack_message(message: Message) -> dict[str, Any]:
    """The message as JSON keeps it; numbers stay numbers, everything else becomes text."""
    packed = {name: _packed(value) for name, value in message.parameters.items()}
    return {"msgid": message.msgid, "parameters": packed}


def _packed(value: object) -> object:
    if isinstance(value, Message):
        return pack_message(value)
    return value if isinstance(value, int | str) or value is None else str(value)


def unpack_message(packed: Mapping[str, Any]) -> Message:
    """The message that was packed."""
    parameters = {
        name: unpack_message(value) if isinstance(value, dict) else value
        for name, value in packed["parameters"].items()
    }
    msgid = packed["msgid"]
    return Message(msgid, parameters)
