"""Who may assign, and when a table cannot leave its department."""

import pytest

from app.access.assignment import (
    why_not_assign,
    why_not_assign_in,
    why_not_open,
    why_not_read_assignments,
    why_stays,
)
from app.access.roles import OWN_HISTORY, assigned_rights
from app.domain.assignment import AssignmentKind
from app.domain.cycle import CycleStatus
from app.domain.person import Function
from app.domain.submission import Status
from app.domain.work_plan import Phase
from app.models.assignment_plan import Readiness
from app.models.cycle import Cycle
from tests.access.test_policies import actor, without

# Written by hand.
READERS = {
    Function.ADMINISTRATOR,
    Function.QA_OFFICE,
    Function.HEAD,
    Function.DATA_STEWARD,
    Function.LEADER,
    Function.ARCHIVE,
}
MOVABLE = {Status.NOT_STARTED, Status.ENTERING, Status.RETURNED}


@pytest.mark.parametrize("function", list(Function))
def test_assignments_are_read_by_many_and_made_by_the_quality_office(function: Function) -> None:
    person = actor(function)

    assert (why_not_read_assignments(person) is None) == (function in READERS)
    assert (why_not_assign(person) is None) == (function is Function.QA_OFFICE)


def test_the_permission_row_is_asked_besides_the_office() -> None:
    person = without(actor(Function.QA_OFFICE), "assign", "assignment")

    assert why_not_assign(person) is not None


@pytest.mark.parametrize("status", list(CycleStatus))
def test_assignments_change_until_the_year_is_locked(status: CycleStatus) -> None:
    cycle = Cycle(academic_year="2025-2026", status=status)
    reason = why_not_assign_in(actor(Function.QA_OFFICE), cycle)

    over = {CycleStatus.LOCKED, CycleStatus.ARCHIVED}
    assert (reason is None) == (status not in over)


@pytest.mark.parametrize("status", list(Status))
def test_a_table_leaves_its_department_while_rows_may_change(status: Status) -> None:
    assert (why_stays(status) is None) == (status in MOVABLE)


def test_nothing_stands_against_a_year_that_lacks_nothing() -> None:
    assert Readiness().is_complete
    assert why_not_open(Readiness()) is None


def test_a_year_does_not_open_with_a_phase_that_is_over() -> None:
    readiness = Readiness(over=(Phase.BASIC_DATA,))
    lacking = why_not_open(readiness)

    assert not readiness.is_complete
    assert lacking is not None
    assert [detail.english() for detail in lacking[1]] == [
        "checking basic data of persons: the due day has passed"
    ]


def test_of_years_that_are_over_only_the_own_rows_are_read() -> None:
    for kind in AssignmentKind:
        for name, actions in assigned_rights("A03", kind, is_over=True):
            assert set(actions) <= OWN_HISTORY, name
    rights = dict(assigned_rights("A03", AssignmentKind.GUIDANCE, is_over=True))
    assert set(rights.values()) == {()}
