"""What stays true whatever people do in whatever order.

The tests walk at random, with fixed seeds, and look at the whole afterwards.
"""

from contextlib import suppress
from random import Random

import pytest

from app.actions.row_change import DELETE, INSERT, UPDATE, Change
from app.domain.message import Refused
from app.domain.submission import Status, Verb
from app.models.audit_log import AuditEntry, ChangeSet
from app.models.snapshot import Snapshot
from app.models.stored_check import check_stored
from app.models.submission import Submission
from app.reports.submission import moves_of
from tests.college import College
from tests.people import STORY, People
from tests.submissions import ANSWERS, submission_at

TABLES = ("course", "institutional_innovation", "international_influence")
STEPS = 120
REPORTED = {
    Status.AWAITING_CONFIRMATION,
    Status.SUBMITTED,
    Status.UNDER_QA_REVIEW,
    Status.ACCEPTED,
}


def walk(college: College, people: People, seed: int) -> None:
    """Attempts of anybody to do anything, half of them steps that are possible."""
    random = Random(seed)  # noqa: S311 - the same walk every time
    everybody = [getattr(people, name) for name in STORY]
    for _ in range(STEPS):
        submission = college.submission(random.choice(TABLES))
        by, verb = random.choice(everybody), random.choice(list(Verb))
        possible = [
            (person, move.verb)
            for person in everybody
            for move in moves_of(person, college.cycle, submission)
            if move.refusal is None
        ]
        if possible and random.random() < 0.6:
            by, verb = random.choice(possible)
        with suppress(Refused):
            if random.random() < 0.3:
                change_a_row(college, people, random, submission)
            college.step(submission, verb, by=by, **ANSWERS)


def change_a_row(
    college: College, people: People, random: Random, submission: Submission, way: str = "grid"
) -> None:
    table = submission.table_identifier
    row = college.row(table, random.randint(1, 3))
    changes = [Change(INSERT, row)]
    for stored in college.rows(table)[:1]:
        place = {"id": str(stored["sys_id"]), "version": str(stored["sys_version"])}
        values = {code: row[code] for code in list(row)[1:2]}
        changes += [Change(DELETE, **place), Change(UPDATE, values, **place)]
    college.change(table, random.choice(changes), by=people.li_jing, way=way)


@pytest.fixture(params=[1, 3, 6])
def walked(request: pytest.FixtureRequest, college: College, people: People) -> College:
    """The college after a walk."""
    walk(college, people, request.param)
    return college


def steps_of(college: College, submission: Submission) -> list[AuditEntry]:
    entries = college.entries(f"submission:{submission.id}")
    return [entry for entry in entries if entry.tag != "submission.finish_refused"]


def test_the_walk_and_the_whole_hold_together(walked: College) -> None:
    assert "submission.accept" in {entry.tag for entry in walked.entries()}
    for submission in walked.submissions():
        steps = steps_of(walked, submission)
        every_change_has_one_event(submission, steps)
        approvals_stand_for_the_snapshot(walked, submission)
        the_first_report_is_kept(submission, steps)
        duties_are_separate(walked, submission)


def every_change_has_one_event(submission: Submission, steps: list[AuditEntry]) -> None:
    """INV1: the log alone tells every status the submission went through."""
    statuses = [Status.NOT_STARTED, *(entry.after for entry in steps)]
    assert [entry.before for entry in steps] == statuses[:-1]
    assert statuses[-1] == submission.status
    assert submission.version == 1 + len(steps)


def approvals_stand_for_the_snapshot(college: College, submission: Submission) -> None:
    """INV6: what was reported is what is kept and what still stands in the table."""
    if submission.status not in REPORTED:
        return
    with college.open_session() as session:
        place = (submission.table_identifier, college.cycle, submission.department_code)
        check = check_stored(session, college.store, *place)
    kept = [s.content_hash for s in college.all(Snapshot) if s.submission_id == submission.id]
    assert check.content_hash == submission.content_hash
    assert submission.content_hash in kept


def the_first_report_is_kept(submission: Submission, steps: list[AuditEntry]) -> None:
    """INV8: the first confirmation decides about lateness for ever."""
    reports = [entry.at for entry in steps if entry.tag == "submission.confirm"]
    assert submission.first_reported_at == (reports[0] if reports else None)


def duties_are_separate(college: College, submission: Submission) -> None:
    """INV11: nobody confirms or accepts what he handled."""
    fillers = {
        change.person_number
        for change in college.all(ChangeSet)
        if change.table_identifier == submission.table_identifier
    }
    handled = {submission.finished_by, submission.reviewed_by, *fillers} - {None}
    assert submission.confirmed_by not in {submission.reviewed_by} - {None}
    assert submission.accepted_by not in handled | ({submission.confirmed_by} - {None})


def test_rows_never_change_after_they_were_reported(college: College, people: People) -> None:
    """INV5: between finish and return no way of changing rows leads past the lock."""
    for status in (status for status in Status if not status.is_editable):
        submission = submission_at(college, status, rows=1)
        rows = college.rows("course")
        for way in ("grid", "form", "paste", "import", "api"):
            with pytest.raises(Refused):
                change_a_row(college, people, Random(1), submission, way=way)  # noqa: S311

        assert college.rows("course") == rows
        college.session.close()
        college.founded.restore()


def test_opening_a_table_again_takes_its_approvals_back_and_no_other_s(college: College) -> None:
    """INV7: what was confirmed and accepted of other data than now stands for nothing."""
    opened = submission_at(college, Status.ACCEPTED, TABLES[0], rows=1)
    other = submission_at(college, Status.ACCEPTED, TABLES[1])
    before = (other.version, other.confirmed_by, other.accepted_by, other.content_hash)

    opened = college.step(opened, Verb.REOPEN, by=college.founded.people.zhou_min, reason="有误")

    assert (opened.reviewed_by, opened.confirmed_by, opened.accepted_by) == (None, None, None)
    other = college.submission(TABLES[1])
    assert (other.version, other.confirmed_by, other.accepted_by, other.content_hash) == before
