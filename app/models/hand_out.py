"""Workbooks that were handed out, part by part, and the files that came back."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.hand_out import Division, PartState
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored

LONGEST_KEY = 200
LONGEST_FILE_NAME = 200


class HandOut(Base):
    """Rows of a place handed out in parts; ``department_code`` is None where departments get one.

    ``field_code`` is the field whose values divide them, if one does. ``superseded_at`` is when the
    same place was handed out again.
    """

    __tablename__ = "sd_hand_out"
    __table_args__ = (
        Index(None, "table_identifier", "period", "department_code"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    table_identifier: Mapped[str] = mapped_column(String(48))
    period: Mapped[str] = mapped_column(String(16))
    department_code: Mapped[str | None] = mapped_column(
        ForeignKey("sd_department.code"), default=None
    )
    division: Mapped[Division] = mapped_column(stored(Division))
    field_code: Mapped[str | None] = mapped_column(String(64), default=None)
    at: Mapped[datetime] = mapped_column(Timestamp())
    person_number: Mapped[str] = mapped_column(String(32))
    person_name: Mapped[str] = mapped_column(String(64))
    due_on: Mapped[date | None] = mapped_column(default=None)
    superseded_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)


class HandOutPart(Base):
    """What one of those gets: the rows of the person, the value or the department ``key``.

    ``token`` stands on the hidden sheet of the workbook, which is known by it: nobody can guess the
    one of another part. The counts are those of the last merging.
    """

    __tablename__ = "sd_hand_out_part"
    __table_args__ = (UniqueConstraint("hand_out_id", "key"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    hand_out_id: Mapped[int] = mapped_column(ForeignKey("sd_hand_out.id"))
    key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    title: Mapped[str] = mapped_column(String(LONGEST_KEY))
    department_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"))
    row_count: Mapped[int]
    token: Mapped[str] = mapped_column(String(48), unique=True)
    state: Mapped[PartState] = mapped_column(stored(PartState), default=PartState.HANDED_OUT)
    state_at: Mapped[datetime] = mapped_column(Timestamp())
    created: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)


class CollectedSet(Base):
    """Files that somebody collected together; their content stays until he confirms or drops them.

    ``decisions`` are what was chosen where files or people disagree; ``result`` is the report of
    the merging.
    """

    __tablename__ = "sd_collected_set"
    __table_args__ = (
        Index(None, "table_identifier", "period", "department_code"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    table_identifier: Mapped[str] = mapped_column(String(48))
    period: Mapped[str] = mapped_column(String(16))
    department_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"))
    at: Mapped[datetime] = mapped_column(Timestamp())
    person_number: Mapped[str] = mapped_column(String(32))
    person_name: Mapped[str] = mapped_column(String(64))
    file_count: Mapped[int]
    decisions: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)


class CollectedPiece(Base):
    """A piece of the files of a set, packed one after the other."""

    __tablename__ = "sd_collected_piece"
    __table_args__ = (TABLE_OPTIONS,)

    set_id: Mapped[int] = mapped_column(
        ForeignKey("sd_collected_set.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary(2**32 - 1))
