"""INV3: every status, verb and holder; what is not permitted is refused, nothing is written."""

import pytest

from app.domain.message import Refused
from app.domain.submission import Status, Verb
from app.models.submission import Submission
from tests.college import College
from tests.people import People
from tests.submissions import ANSWERS, submission_at

# One of each kind of person; the table is one of 教务处.
HOLDERS = {
    "steward": "li_jing",
    "head": "wang_qiang",
    "quality office": "zhou_min",
    "second person": "sun_li",
    "teacher": "ma_chao",
    "administrator": "administrator",
    "leader": "leader",
    "archive": "archivist",
    "reader": "reader",
    "steward elsewhere": "chen_gang",
    "head elsewhere": "zhao_yong",
}
OFFICE = ("quality office", "second person")
# Written by hand from 第十条—第十二条: status → verb → who may, and where it leads.
PERMITTED: dict[Status, dict[Verb, tuple[tuple[str, ...], Status]]] = {
    Status.NOT_STARTED: {
        Verb.ENTER: (("steward",), Status.ENTERING),
        Verb.FINISH: (("steward",), Status.UNDER_REVIEW),
        Verb.EXEMPT: (OFFICE, Status.EXEMPT),
    },
    Status.ENTERING: {
        Verb.FINISH: (("steward",), Status.UNDER_REVIEW),
        Verb.EXEMPT: (OFFICE, Status.EXEMPT),
    },
    Status.UNDER_REVIEW: {
        Verb.REVIEW: (("steward",), Status.AWAITING_CONFIRMATION),
        Verb.SEND_BACK: (("steward",), Status.RETURNED),
        Verb.WITHDRAW: (("steward",), Status.ENTERING),
    },
    Status.AWAITING_CONFIRMATION: {
        Verb.CONFIRM: (("head",), Status.SUBMITTED),
        Verb.SEND_BACK: (("head",), Status.RETURNED),
    },
    Status.SUBMITTED: {
        Verb.RECEIVE: (OFFICE, Status.UNDER_QA_REVIEW),
        Verb.WITHDRAW: (("head",), Status.ENTERING),
    },
    Status.UNDER_QA_REVIEW: {
        Verb.ACCEPT: (OFFICE, Status.ACCEPTED),
        Verb.SEND_BACK: (OFFICE, Status.RETURNED),
    },
    Status.RETURNED: {Verb.FINISH: (("steward",), Status.UNDER_REVIEW)},
    Status.ACCEPTED: {Verb.REOPEN: (OFFICE, Status.RETURNED)},
    Status.LOCKED: {},
    Status.EXEMPT: {Verb.REOPEN: (OFFICE, Status.NOT_STARTED)},
}
GRANTED = [
    (status, verb, holder, target)
    for status, verbs in PERMITTED.items()
    for verb, (holders, target) in verbs.items()
    for holder in holders
]


def state(college: College, submission: Submission) -> tuple[object, ...]:
    """Everything a step could change."""
    present = college.submission(submission.table_identifier)
    columns = [getattr(present, column.key) for column in Submission.__table__.columns]
    return (*columns, len(college.entries()))


@pytest.mark.parametrize("status", list(Status))
def test_every_other_step_is_refused(college: College, people: People, status: Status) -> None:
    submission = submission_at(college, status)
    before = state(college, submission)
    refused = [
        (verb, holder)
        for verb in Verb
        for holder in HOLDERS
        if holder not in PERMITTED[status].get(verb, ((), status))[0]
    ]

    for verb, holder in refused:
        with pytest.raises(Refused):
            college.step(submission, verb, by=getattr(people, HOLDERS[holder]), **ANSWERS)

    assert state(college, submission) == before


@pytest.mark.parametrize(("status", "verb", "holder", "target"), GRANTED)
def test_a_permitted_step_leads_on_and_is_recorded_once(
    college: College, people: People, status: Status, verb: Verb, holder: str, target: Status
) -> None:
    submission = submission_at(college, status)
    subject = f"submission:{submission.id}"
    entries = len(college.entries(subject))
    by = getattr(people, HOLDERS[holder])

    after = college.step(submission, verb, by=by, **ANSWERS)

    entry = college.entries(subject)[-1]
    assert (after.status, after.version) == (target, submission.version + 1)
    assert len(college.entries(subject)) == entries + 1
    assert (entry.tag, entry.subject) == (f"submission.{verb}", subject)
    assert (entry.before, entry.after) == (status, target)
    assert (entry.person_number, entry.reason) == (by.number, ANSWERS["reason"])


def test_every_status_but_the_locked_one_has_a_way_on() -> None:
    assert [status for status, verbs in PERMITTED.items() if not verbs] == [Status.LOCKED]
    assert set(PERMITTED) == set(Status)
