"""Tables that were sent back with items, and what people do with those."""

from typing import Any

from app.access.person import Actor
from app.actions.return_item import take_item_step
from app.actions.row_change import UPDATE, Change
from app.domain.return_item import ItemVerb, WantedItem
from app.domain.submission import Status, Verb
from app.models.return_item import Return, ReturnItem
from app.models.submission import Submission
from tests.college import College
from tests.submissions import ANSWERS, submission_at

# The field of a course that items of tests are about.
FIELD = "course_name"
REASON = "课程名称与教务系统不一致"


def sent_back(
    college: College, *wanted: WantedItem, level: Status = Status.UNDER_QA_REVIEW, rows: int = 2
) -> Submission:
    """The courses of 教务处 sent back from ``level``, by default with an item on the first cell."""
    submission = submission_at(college, level, rows=rows)
    items = wanted or (WantedItem(REASON, row_ids(college)[0], FIELD),)
    return college.step(submission, Verb.SEND_BACK, by=sender(college, level), items=items)


def sender(college: College, level: Status) -> Actor:
    """Who sends a table back from the status."""
    people = college.founded.people
    return {
        Status.UNDER_REVIEW: people.li_jing,
        Status.AWAITING_CONFIRMATION: people.wang_qiang,
        Status.UNDER_QA_REVIEW: people.zhou_min,
    }[level]


def row_ids(college: College, table: str = "course") -> list[str]:
    """The ids of the stored rows, in their order."""
    return [str(row["sys_id"]) for row in college.rows(table)]


def rename(college: College, row_id: str, name: str, *, by: Actor | None = None) -> None:
    """Correct the cell that items of tests are about."""
    [row] = [row for row in college.rows("course") if str(row["sys_id"]) == row_id]
    change = Change(UPDATE, {FIELD: name}, row_id, str(row["sys_version"]))
    outcome = college.change("course", change, by=by or college.founded.people.li_jing)
    assert outcome.written


def items(college: College) -> list[ReturnItem]:
    """Every item as it is stored now."""
    return list(college.all(ReturnItem))


def returns(college: College) -> list[Return]:
    """Every return as it is stored now."""
    return list(college.all(Return))


def act(
    college: College, verb: ItemVerb, *numbers: int, by: Actor, text: str | None = None, **how: Any
) -> int:
    """Answer or judge items of the courses, by default the first."""
    submission = college.submission("course")
    with college.open_session() as session:
        return take_item_step(
            session,
            college.store,
            submission.id,
            numbers or (1,),
            verb,
            text,
            by=by,
            now=how.pop("now", college.now),
        )


def to_status(college: College, status: Status) -> Submission:
    """Bring the returned courses on to ``status`` by the usual steps."""
    people = college.founded.people
    route = (
        (Verb.FINISH, people.li_jing, Status.UNDER_REVIEW),
        (Verb.REVIEW, people.li_jing, Status.AWAITING_CONFIRMATION),
        (Verb.CONFIRM, people.wang_qiang, Status.SUBMITTED),
        (Verb.RECEIVE, people.zhou_min, Status.UNDER_QA_REVIEW),
    )
    submission = college.submission("course")
    answers = {name: value for name, value in ANSWERS.items() if name != "reason"}
    for verb, by, reached in route:
        submission = college.step(submission, verb, by=by, **answers)
        if reached is status:
            break
    return submission
