"""Rows entered on behalf of teachers, as the appraisal counts them (第十七条)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.domain.evidence import Delegated
from app.models.cycle import Cycle
from app.models.teacher_record import TeacherRecord


def delegated_rows(
    session: Session, cycle: Cycle, taken_at: datetime, departments: Sequence[str] | None
) -> dict[tuple[str, str], Delegated]:
    """(Table, department) → rows entered on behalf by then, and how many nobody vouches for.

    Those are the rows of teachers who are missing, for which there is no basis, and of those who
    have denied them. Tables in which every teacher answered for himself have zeros.
    """
    was_delegated = TeacherRecord.delegated_at <= taken_at
    is_unfounded = and_(
        was_delegated, or_(TeacherRecord.basis.is_(None), TeacherRecord.objected_at <= taken_at)
    )

    query = (
        select(
            TeacherRecord.table_identifier,
            TeacherRecord.department_code,
            _rows(was_delegated),
            _rows(is_unfounded),
        )
        .where(
            TeacherRecord.cycle_id == cycle.id,
            or_(was_delegated, TeacherRecord.settled_at <= taken_at),
        )
        .group_by(TeacherRecord.table_identifier, TeacherRecord.department_code)
    )
    if departments is not None:
        query = query.where(TeacherRecord.department_code.in_(departments))
    return {
        (table, department): Delegated(int(every), int(bad))
        for table, department, every, bad in session.execute(query)
    }


def _rows(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, TeacherRecord.delegated_rows), else_=0)), 0)
