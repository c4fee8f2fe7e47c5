"""Submissions in any status, made by replaying real actions."""

from app.access.person import Actor
from app.domain.cycle import CycleVerb
from app.domain.finding import REVIEW_POINTS
from app.domain.submission import Status, Verb
from app.models.submission import Submission
from tests.college import College

# Everything any step may ask for, so that only rights and states decide.
ANSWERS = {
    "reason": "按实际情况办理",
    "points": {point.value: True for point in REVIEW_POINTS},
    "reauthenticated": True,
}
# The steps that lead from the beginning to each status, with who takes them.
_REPORT = (
    (Verb.ENTER, "steward"),
    (Verb.FINISH, "steward"),
    (Verb.REVIEW, "steward"),
    (Verb.CONFIRM, "head"),
    (Verb.RECEIVE, "office"),
    (Verb.ACCEPT, "office"),
)
ROUTES: dict[Status, tuple[tuple[Verb, str], ...]] = {
    Status.NOT_STARTED: (),
    Status.ENTERING: _REPORT[:1],
    Status.UNDER_REVIEW: _REPORT[:2],
    Status.AWAITING_CONFIRMATION: _REPORT[:3],
    Status.SUBMITTED: _REPORT[:4],
    Status.UNDER_QA_REVIEW: _REPORT[:5],
    Status.RETURNED: (*_REPORT[:5], (Verb.SEND_BACK, "office")),
    Status.ACCEPTED: _REPORT,
    Status.EXEMPT: ((Verb.EXEMPT, "office"),),
}


def submission_at(
    college: College, status: Status, table: str = "course", *, rows: int = 0
) -> Submission:
    """The submission of 教务处 for ``table``, brought to ``status``.

    With ``rows`` that many rows are entered first, else it is a nil return.
    ``locked`` locks the whole year.
    """
    if status is Status.LOCKED:
        return locked(college, table, rows=rows)
    actors = _actors(college)
    submission = college.submission(table)
    for verb, name in ROUTES[status]:
        if verb is Verb.ENTER and rows:
            college.add(table, *range(1, rows + 1), by=actors[name])
            submission = college.submission(table)
        else:
            answers = ANSWERS if not rows or verb is not Verb.FINISH else {}
            submission = college.step(submission, verb, by=actors[name], **answers)
    return submission


def submission_from(college: College, verb: Verb, table: str = "course") -> Submission:
    """The submission of 教务处 after one more step on its way."""
    (name,) = {who for step, who in _REPORT if step is verb}
    return college.step(college.submission(table), verb, by=_actors(college)[name], **ANSWERS)


def locked(college: College, table: str, *, rows: int = 0) -> Submission:
    """The submission in a year that is closed and locked; the others are exempt."""
    ready_to_lock(college, table, rows=rows)
    college.year_step(CycleVerb.LOCK, by=college.founded.people.zhou_min)
    return college.submission(table)


def ready_to_lock(college: College, table: str = "course", *, rows: int = 0) -> None:
    """The submission is accepted, the others are exempt, the year is closed."""
    submission_at(college, Status.ACCEPTED, table, rows=rows)
    exempt_the_rest(college)
    college.year_step(CycleVerb.CLOSE, by=college.founded.people.zhou_min)


def finish_again(college: College, table: str = "course") -> Submission:
    """Bring a table that is being filled in or was sent back to acceptance."""
    actors = _actors(college)
    submission = college.submission(table)
    for verb, name in _REPORT[1:]:
        submission = college.step(submission, verb, by=actors[name], **ANSWERS)
    return submission


def exempt_the_rest(college: College) -> None:
    """Exempt every submission that has not begun."""
    for submission in college.submissions():
        if submission.status is Status.NOT_STARTED:
            college.step(
                submission, Verb.EXEMPT, by=college.founded.people.zhou_min, reason="本学年无此项"
            )


def _actors(college: College) -> dict[str, Actor]:
    people = college.founded.people
    return {"steward": people.li_jing, "head": people.wang_qiang, "office": people.zhou_min}
