"""Article 3: what the platform is there for."""

from app.access.roles import CONSOLIDATION, ROLES
from app.domain.person import Function
from app.domain.submission import Status
from app.reports.board import figures_of, read_board
from app.reports.consolidation import consolidated_tables
from tests.college import NOW, College
from tests.people import People
from tests.submissions import exempt_the_rest, locked, submission_at


def test_the_totals_are_the_sums_of_what_the_departments_reported(
    college: College, people: People
) -> None:
    """INV9: each total is the sum of its parts.

    「实现其“统计汇总、反映现状」「通过数据平台的建设和有序运行」
    """
    locked(college, "course", rows=3)
    year = (college.session, college.store, people.zhou_min, college.cycle)

    tables = {each.spec.identifier: each for each in consolidated_tables(*year, with_rows=True)}

    course = tables["course"]
    frames = [part.frame for part in course.parts if part.frame is not None]
    assert sum(part.row_count for part in course.parts) == sum(map(len, frames)) == 3


def test_the_board_counts_who_owes_and_who_has_reported(college: College, people: People) -> None:
    """「管理监控、促进规范」"""
    submission_at(college, Status.SUBMITTED)
    submission_at(college, Status.ENTERING, "course_textbook")
    exempt_the_rest(college)

    board = read_board(college.session, college.store, people.zhou_min, college.cycle, now=NOW)

    figures = figures_of(board.lines)
    assert (figures.owed, figures.reported, figures.accepted) == (2, 1, 0)


def test_those_who_decide_read_what_was_consolidated_and_change_nothing() -> None:
    """「分析开发、提供决策」"""
    leader = next(spec for spec in ROLES if spec.function is Function.LEADER)

    assert ("read", CONSOLIDATION) in leader.grants
    assert not set(leader.table_actions) & {"add", "edit", "delete", "import"}
