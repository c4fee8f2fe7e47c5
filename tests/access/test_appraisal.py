"""Who sees and changes the appraisal: one row of answers per function, written by hand."""

from dataclasses import replace

import pytest

from app.access.appraisal import (
    overlooks_appraisals,
    own_departments,
    why_not_appraise,
    why_not_draft,
    why_not_publish,
    why_not_read_appraisals,
)
from app.access.roles import APPRAISAL
from app.domain.appraisal import AppraisalStatus
from app.domain.cycle import CycleStatus
from app.domain.person import Function
from app.models.appraisal import Appraisal
from app.models.cycle import Cycle
from tests.access.test_policies import actor, without

CLOSED = Cycle(academic_year="2025-2026", status=CycleStatus.CLOSED)
DRAFT = Appraisal(status=AppraisalStatus.DRAFT)
PUBLISHED = Appraisal(status=AppraisalStatus.PUBLISHED)
# function: reads, sees all departments, scores
EXPECTED = {
    Function.QA_OFFICE: (True, True, True),
    Function.LEADER: (True, True, False),
    Function.HEAD: (True, False, False),
    Function.DATA_STEWARD: (True, False, False),
    Function.ADMINISTRATOR: (False, False, False),
    Function.TEACHER: (False, False, False),
    Function.ARCHIVE: (False, False, False),
    Function.READER: (False, False, False),
}


@pytest.mark.parametrize("function", list(Function))
def test_every_function_may_what_is_written(function: Function) -> None:
    person = actor(function)
    reads, all_departments, scores = EXPECTED[function]

    assert (why_not_read_appraisals(person) is None) == reads
    assert overlooks_appraisals(person) == all_departments
    for refusal in (
        why_not_draft(person, CLOSED),
        why_not_appraise(person, DRAFT),
        why_not_publish(person, DRAFT, 0),
    ):
        assert (refusal is None) == scores


def test_heads_and_stewards_see_their_own_department() -> None:
    assert own_departments(actor(Function.HEAD, "C01")) == {"C01"}
    assert own_departments(actor(Function.DATA_STEWARD, "A03")) == {"A03"}
    assert own_departments(actor(Function.TEACHER, "C01")) == frozenset()


@pytest.mark.parametrize(
    ("status", "may"),
    [
        (CycleStatus.PREPARING, False),
        (CycleStatus.OPEN, False),
        (CycleStatus.CLOSED, True),
        (CycleStatus.LOCKED, True),
        (CycleStatus.ARCHIVED, True),
    ],
)
def test_a_year_is_appraised_once_it_is_closed(status: CycleStatus, may: bool) -> None:
    cycle = Cycle(academic_year="2025-2026", status=status)

    assert (why_not_draft(actor(Function.QA_OFFICE), cycle) is None) == may


def test_one_permission_row_takes_exactly_that_away() -> None:
    office = actor(Function.QA_OFFICE)

    assert why_not_draft(without(office, "draft", APPRAISAL), CLOSED) is not None
    assert why_not_appraise(without(office, "appraise", APPRAISAL), DRAFT) is not None
    assert why_not_publish(without(office, "publish", APPRAISAL), DRAFT, 0) is not None
    assert why_not_read_appraisals(without(office, "read", APPRAISAL)) is not None
    assert why_not_publish(without(office, "draft", APPRAISAL), DRAFT, 0) is None


def test_a_permission_alone_scores_nothing() -> None:
    office, head = actor(Function.QA_OFFICE), actor(Function.HEAD)
    gifted = replace(head, permissions=office.permissions)

    assert why_not_appraise(gifted, DRAFT) is not None


def test_nothing_is_published_while_scores_are_missing_and_nothing_changes_afterwards() -> None:
    office = actor(Function.QA_OFFICE)

    assert why_not_publish(office, DRAFT, 3).parameters == {"count": 3}
    assert why_not_publish(office, PUBLISHED, 0) is not None
    assert why_not_appraise(office, PUBLISHED) is not None
