"""Rows entered on behalf of teachers, as the appraisal counts them (第十七条)."""

from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select

from app.models.cycle import Cycle
from app.models.teacher_record import TeacherRecord


def delegated_rows(cycle: Cycle, taken_at: datetime) -> Subquery:
    """Per table and department the rows entered on behalf by then, and how many nobody vouches for.

    Those are the rows of teachers who are missing, for which there is no basis, and of those who
    have denied them. Tables in which every teacher answered for himself have zeros. Part of
    another query, as the pages that explain a score have no statement to spare.
    """
    was_delegated = TeacherRecord.delegated_at <= taken_at
    is_unfounded = and_(
        was_delegated, or_(TeacherRecord.basis.is_(None), TeacherRecord.objected_at <= taken_at)
    )
    return (
        select(
            TeacherRecord.table_identifier,
            TeacherRecord.department_code,
            _rows(was_delegated).label("delegated"),
            _rows(is_unfounded).label("unfounded"),
        )
        .where(
            TeacherRecord.cycle_id == cycle.id,
            or_(was_delegated, TeacherRecord.settled_at <= taken_at),
        )
        .group_by(TeacherRecord.table_identifier, TeacherRecord.department_code)
        .subquery()
    )


def _rows(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, TeacherRecord.delegated_rows), else_=0)), 0)
