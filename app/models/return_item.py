"""Returns of a submission and their items (第十一条, 第十二条): kept for ever, as evidence."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.return_item import ItemState
from app.domain.submission import Holder
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored


class Return(Base):
    """One time that a submission was sent back, the first being number 1.

    ``level`` is whose step it was; ``content_hash`` names what came back.
    """

    __tablename__ = "sd_return"
    __table_args__ = (UniqueConstraint("submission_id", "number"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("sd_submission.id"))
    number: Mapped[int]
    level: Mapped[Holder] = mapped_column(stored(Holder))
    sent_at: Mapped[datetime] = mapped_column(Timestamp())
    sent_by: Mapped[str] = mapped_column(String(32))
    sent_by_name: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime] = mapped_column(Timestamp())
    content_hash: Mapped[str | None] = mapped_column(String(64), default=None)


class ReturnItem(Base):
    """One thing to put right, ``number`` within the submission.

    ``row_id`` is empty for the whole table, ``field_code`` for a whole row; ``row_number`` counted
    from 1 when it was raised. ``values_digest`` tells the values it was raised about. It is
    addressed to the person who filled them in; ``instead_of`` names the one who has left since.
    """

    __tablename__ = "sd_return_item"
    __table_args__ = (
        UniqueConstraint("submission_id", "number"),
        Index(None, "addressee_number", "state"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_pair"),
        CheckConstraint("(judged_at IS NULL) = (judged_by IS NULL)", name="judged_pair"),
        CheckConstraint("state <> 'explained' OR answer IS NOT NULL", name="explained_has_text"),
        CheckConstraint("row_id <> '' OR field_code = ''", name="cell_has_row"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("sd_submission.id"))
    return_id: Mapped[int] = mapped_column(ForeignKey("sd_return.id"), index=True)
    number: Mapped[int]
    level: Mapped[Holder] = mapped_column(stored(Holder))
    row_id: Mapped[str] = mapped_column(String(200), default="")
    row_number: Mapped[int | None] = mapped_column(default=None)
    field_code: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(Text)
    values_digest: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[ItemState] = mapped_column(stored(ItemState), default=ItemState.OPEN)
    addressee_number: Mapped[str | None] = mapped_column(String(32), default=None)
    addressee_name: Mapped[str | None] = mapped_column(String(64), default=None)
    instead_of: Mapped[str | None] = mapped_column(String(64), default=None)
    raised_at: Mapped[datetime] = mapped_column(Timestamp())
    answer: Mapped[str | None] = mapped_column(Text, default=None)
    answered_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    answered_by: Mapped[str | None] = mapped_column(String(32), default=None)
    answered_by_name: Mapped[str | None] = mapped_column(String(64), default=None)
    judgement: Mapped[str | None] = mapped_column(Text, default=None)
    judged_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    judged_by: Mapped[str | None] = mapped_column(String(32), default=None)
    judged_by_name: Mapped[str | None] = mapped_column(String(64), default=None)

    @property
    def is_whole(self) -> bool:
        """Whether it is about the whole table: then finishing answers and passing closes it."""
        return not self.row_id


def items_of(session: Session, submission_id: int) -> Sequence[ReturnItem]:
    """All items of a submission, in their order."""
    query = select(ReturnItem).where(ReturnItem.submission_id == submission_id)
    return session.scalars(query.order_by(ReturnItem.number)).all()


def last_return(session: Session, submission_id: int) -> Return | None:
    """The latest time that the submission was sent back."""
    query = select(Return).where(Return.submission_id == submission_id)
    return session.scalar(query.order_by(Return.number.desc()).limit(1))


def returns_with_items(
    session: Session, submission_id: int
) -> tuple[Sequence[Return], Sequence[ReturnItem]]:
    """Every return of the submission and all of its items, each in their order."""
    query = (
        select(Return, ReturnItem)
        .join(ReturnItem, ReturnItem.return_id == Return.id, isouter=True)
        .where(Return.submission_id == submission_id)
        .order_by(Return.number, ReturnItem.number)
    )
    found: list[tuple[Return, ReturnItem | None]] = [(r, i) for r, i in session.execute(query)]
    returns = list(dict.fromkeys(returned for returned, _item in found))
    return returns, [item for _returned, item in found if item is not None]
