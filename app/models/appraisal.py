"""The stored appraisal of a year: results of departments and scores of items (第十七条)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.appraisal import ItemSpec, Scheme
from app.domain.appraisal import AppraisalStatus, ItemMode
from app.domain.scoring import (
    ZERO,
    MissedGrade,
    Part,
    Sum,
    add_up,
    adjusted,
    grades,
    lower_of,
    missed_grades,
    ranks,
)
from app.models.database import TABLE_OPTIONS, Base, BigKey, ExactDecimal, Timestamp
from app.models.enumeration import stored

Points = ExactDecimal(6, 2)


class Appraisal(Base):
    """The appraisal of one calendar year, which judges the academic year before.

    The scheme is kept as it was; events count up to ``evidence_at``, against
    the due date as it was then. ``version`` grows with every change.
    """

    __tablename__ = "sd_appraisal"
    __table_args__ = (
        CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name="published_pair"),
        CheckConstraint(
            "status <> 'published' OR published_at IS NOT NULL", name="published_has_time"
        ),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("sd_cycle.id"), unique=True)
    status: Mapped[AppraisalStatus] = mapped_column(stored(AppraisalStatus))
    version: Mapped[int] = mapped_column(default=1)
    scheme_digest: Mapped[str] = mapped_column(String(64))
    scheme_content: Mapped[str] = mapped_column(Text)
    evidence_at: Mapped[datetime] = mapped_column(Timestamp())
    due_at: Mapped[datetime] = mapped_column(Timestamp())
    drafted_at: Mapped[datetime] = mapped_column(Timestamp())
    drafted_by: Mapped[str] = mapped_column(String(32))
    published_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    published_by: Mapped[str | None] = mapped_column(String(32), default=None)
    publish_reason: Mapped[str | None] = mapped_column(String(500), default=None)


class AppraisalResult(Base):
    """A department in an appraisal: adjustments, and once published total, rank and grade.

    The name and the group are kept as they were; ``rank`` stays empty for a
    department that is not ranked.
    """

    __tablename__ = "sd_appraisal_result"
    __table_args__ = (UniqueConstraint("appraisal_id", "department_code"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    appraisal_id: Mapped[int] = mapped_column(ForeignKey("sd_appraisal.id"))
    department_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"))
    department_name: Mapped[str] = mapped_column(String(100))
    group_name: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=1)
    bonus: Mapped[Decimal] = mapped_column(Points, default=Decimal(0))
    is_vetoed: Mapped[bool] = mapped_column(default=False)
    comment: Mapped[str | None] = mapped_column(String(500), default=None)
    changed_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    changed_by: Mapped[str | None] = mapped_column(String(32), default=None)
    total: Mapped[Decimal | None] = mapped_column(Points, default=None)
    rank: Mapped[int | None] = mapped_column(default=None)
    grade: Mapped[str | None] = mapped_column(String(60), default=None)


class AppraisalScore(Base):
    """The score of one item of one department.

    ``is_counted`` says that the platform counts the item; it then has a metric
    value and an automatic score, or neither where the item does not apply.
    What the quality office enters stands beside it, with who and when.
    """

    __tablename__ = "sd_appraisal_score"
    __table_args__ = (
        UniqueConstraint("appraisal_id", "department_code", "item"),
        CheckConstraint("(entered_at IS NULL) = (entered_by IS NULL)", name="entered_pair"),
        CheckConstraint("manual_score IS NULL OR entered_at IS NOT NULL", name="manual_has_time"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    appraisal_id: Mapped[int] = mapped_column(ForeignKey("sd_appraisal.id"))
    department_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"))
    item: Mapped[str] = mapped_column(String(32))
    version: Mapped[int] = mapped_column(default=1)
    is_counted: Mapped[bool]
    metric_value: Mapped[Decimal | None] = mapped_column(ExactDecimal(14, 4), default=None)
    automatic_score: Mapped[Decimal | None] = mapped_column(Points, default=None)
    evidence_count: Mapped[int] = mapped_column(default=0)
    manual_score: Mapped[Decimal | None] = mapped_column(Points, default=None)
    is_waived: Mapped[bool] = mapped_column(default=False)
    comment: Mapped[str | None] = mapped_column(String(500), default=None)
    entered_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    entered_by: Mapped[str | None] = mapped_column(String(32), default=None)

    @property
    def is_pending(self) -> bool:
        """Whether the quality office still has to settle the item."""
        return not (self.is_counted or self.is_waived) and self.manual_score is None

    def points(self, item: ItemSpec) -> Decimal | None:
        """What counts: None where the item does not apply, nothing so far where it is pending."""
        if self.is_counted and (item.mode is ItemMode.AUTO or self.is_untouched):
            return self.automatic_score
        if self.is_waived:
            return None
        return ZERO if self.manual_score is None else self.manual_score

    @property
    def is_untouched(self) -> bool:
        """Whether the quality office has entered nothing."""
        return self.manual_score is None and not self.is_waived


@dataclass(frozen=True)
class Standing:
    """Where a department stands: the sum, the total after the bonus, rank and grade.

    Rank and grade are None for a department that is not ranked or has no total;
    ``missed`` is a grade that a tie was in the way of.
    """

    sum: Sum
    total: Decimal | None
    rank: int | None
    grade: str | None
    pending: int
    missed: MissedGrade | None = None


def standings(
    scheme: Scheme, results: Iterable[AppraisalResult], scores: Iterable[AppraisalScore]
) -> dict[str, Standing]:
    """Department → where it stands, from the stored scores and adjustments alone."""
    cells: dict[str, dict[str, AppraisalScore]] = {}
    for one in scores:
        cells.setdefault(one.department_code, {})[one.item] = one
    results = list(results)
    sums = {r.department_code: sum_of(scheme, cells.get(r.department_code, {})) for r in results}
    totals = {
        r.department_code: adjusted(total, r.bonus, scheme.full_score)
        for r in results
        if (total := sums[r.department_code].total) is not None
    }
    placed, missed = _placed(scheme, results, totals), missed_in(scheme, results, totals)
    found = {}
    for result in results:
        code = result.department_code
        rank, grade = placed.get(code, (None, None))
        pending = _pending(scheme, cells.get(code, {}))
        found[code] = Standing(sums[code], totals.get(code), rank, grade, pending, missed.get(code))
    return found


def sum_of(scheme: Scheme, cells: Mapping[str, AppraisalScore]) -> Sum:
    """The criteria of one department added up; an item without a cell does not apply."""
    return add_up(
        [
            (
                one.weight,
                [
                    Part(item.weight, cells[item.identifier].points(item))
                    if item.identifier in cells
                    else Part(item.weight, None)
                    for item in one.items
                ],
            )
            for one in scheme.criteria
        ]
    )


def _pending(scheme: Scheme, cells: Mapping[str, AppraisalScore]) -> int:
    return sum(cells[name].is_pending for name in scheme.items if name in cells)


def missed_in(
    scheme: Scheme, results: Sequence[AppraisalResult], totals: Mapping[str, Decimal]
) -> dict[str, MissedGrade]:
    """Whom a tie costs a grade; a veto is a reason of its own."""
    found: dict[str, MissedGrade] = {}
    for members in _ranked(scheme, results, totals):
        missed = missed_grades({code: totals[code] for code in members}, scheme.grades)
        found |= {code: one for code, one in missed.items() if not members[code].is_vetoed}
    return found


def _ranked(
    scheme: Scheme, results: Sequence[AppraisalResult], totals: Mapping[str, Decimal]
) -> Iterator[dict[str, AppraisalResult]]:
    """Group by group those that are ranked and have a total."""
    for group in scheme.groups:
        yield {
            r.department_code: r
            for r in results
            if r.group_name == group.name
            and r.department_code in totals
            and r.department_code not in scheme.unranked
        }


def _placed(
    scheme: Scheme, results: Sequence[AppraisalResult], totals: Mapping[str, Decimal]
) -> dict[str, tuple[int, str]]:
    """Rank and grade of those that are ranked, group by group."""
    placed: dict[str, tuple[int, str]] = {}
    for members in _ranked(scheme, results, totals):
        own = {code: totals[code] for code in members}
        order, given = ranks(own), grades(own, scheme.grades)
        for code, result in members.items():
            grade = given[code]
            if result.is_vetoed:
                grade = lower_of(grade, scheme.veto_highest, scheme.grades)
            placed[code] = (order[code], grade)
    return placed
