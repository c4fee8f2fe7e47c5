"""The database itself refuses what makes no sense (decision 11)."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError, OperationalError

from app.domain.submission import Status
from app.models.assignment import Assignment
from app.models.cycle import Cycle
from app.models.person import Appointment
from app.models.snapshot import Snapshot
from app.models.submission import Submission
from tests.college import NOW, College

# MariaDB reports a violated CHECK as an operational error.
REFUSED = (IntegrityError, OperationalError)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"status": Status.RETURNED, "reason": None},
        {"status": Status.ACCEPTED, "accepted_at": None, "accepted_by": None},
        {"status": Status.ACCEPTED, "accepted_at": NOW, "accepted_by": None},
        {"finished_at": NOW},
        {"finished_by": "03002"},
        {"reviewed_at": NOW},
        {"reviewed_by": "03002"},
        {"confirmed_at": NOW},
        {"received_by": "04002"},
        {"department_code": "Z99"},
        {"cycle_id": 999},
        {"status": None},
        {"version": None},
    ],
)
def test_a_submission_that_makes_no_sense_is_refused(
    college: College, nonsense: dict[str, object]
) -> None:
    wanted = college.submission("course")

    with pytest.raises(REFUSED):
        college.session.execute(
            update(Submission).where(Submission.id == wanted.id).values(**nonsense)
        )
    college.session.rollback()


def test_a_department_has_one_submission_of_a_table(college: College) -> None:
    wanted = college.submission("course")

    with pytest.raises(IntegrityError):
        college.session.execute(
            insert(Submission).values(
                cycle_id=wanted.cycle_id,
                table_identifier="course",
                department_code="A03",
                period="2025-2026",
                status_since=NOW,
            )
        )
    college.session.rollback()


def test_a_receipt_number_is_given_once(college: College) -> None:
    with pytest.raises(IntegrityError):
        college.session.execute(update(Submission).values(receipt_number="2025-2026-1-5"))
    college.session.rollback()


def test_a_table_is_assigned_to_a_department_once(college: College) -> None:
    [first, *_] = college.all(Assignment)

    with pytest.raises(IntegrityError):
        college.session.execute(
            insert(Assignment).values(
                cycle_id=first.cycle_id,
                table_identifier=first.table_identifier,
                department_code=first.department_code,
                kind=first.kind,
            )
        )
    college.session.rollback()


@pytest.mark.parametrize("nonsense", [{"locked_at": NOW}, {"locked_by": "04002"}])
def test_a_year_is_locked_at_a_time_by_somebody(
    college: College, nonsense: dict[str, object]
) -> None:
    with pytest.raises(REFUSED):
        college.session.execute(update(Cycle).values(**nonsense))
    college.session.rollback()


def test_a_submission_keeps_a_content_once(college: College) -> None:
    wanted = college.submission("course")
    values = {"submission_id": wanted.id, "content_hash": "a" * 64, "row_count": 0}

    with pytest.raises(IntegrityError):
        college.session.execute(
            insert(Snapshot), [{**values, "taken_at": NOW, "taken_by": "03002"}] * 2
        )
    college.session.rollback()


def test_a_key_stands_once_in_a_place_of_a_base_table(college: College) -> None:
    table = college.store.tables["course"].table
    row = {
        "sys_period": "2025-2026",
        "sys_department": "A03",
        "sys_version": 1,
        "sys_key": "k",
    }

    with pytest.raises(IntegrityError):
        college.session.execute(insert(table), [row, row])
    college.session.rollback()


def test_names_that_differ_in_case_are_different(college: College) -> None:
    table = college.store.tables["course"].table
    row = {"sys_period": "2025-2026", "sys_department": "A03", "sys_version": 1}

    college.session.execute(insert(table), [row | {"sys_key": key} for key in ("k", "K", "é")])

    assert len(college.session.execute(table.select()).all()) == 3


def test_an_appointment_does_not_end_before_it_begins(college: College) -> None:
    wanted = college.all(Appointment)[0]
    before = {"valid_to": wanted.valid_from - timedelta(days=1)}

    with pytest.raises(REFUSED):
        college.session.execute(
            update(Appointment).where(Appointment.id == wanted.id).values(**before)
        )
    college.session.rollback()
