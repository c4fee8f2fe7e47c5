"""How many rows of a table other departments have contributed (第十条第三款)."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.contributed_row import ContributedRow
from app.models.department import Department
from app.models.submission import Submission


def contributors_at(session: Session, table: str, submission: Submission) -> list[tuple[str, int]]:
    """Names of departments with how many rows of the place are theirs."""
    query = (
        select(Department.name, func.count(ContributedRow.id))
        .join(Department, Department.code == ContributedRow.contributor_code)
        .where(
            ContributedRow.table_identifier == table,
            ContributedRow.period == submission.period,
            ContributedRow.department_code == submission.department_code,
            ContributedRow.is_deleted.is_(False),
        )
        .group_by(Department.code, Department.name)
        .order_by(Department.code)
    )
    return [(name, int(count)) for name, count in session.execute(query)]
