"""Taking over last year's accepted rows: what is taken, what is left out, and the marks."""

from dataclasses import replace
from typing import Any

import pytest

from app.access.person import Actor
from app.actions.carried_row import confirm_rows
from app.actions.carry_forward import CarriedForward, carry_forward
from app.actions.change_set import undo_change_set
from app.actions.row_change import DELETE, INSERT, UPDATE, Change, RowResult
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message, Reason, Refused
from app.domain.submission import Status
from app.models.audit_log import ChangeSet
from app.models.carried_row import CarriedRow, count_waiting
from tests.college import YEAR, College
from tests.people import People
from tests.submissions import submission_at

TABLE = "course"
NEXT = {"period": YEAR.next.code, "department": "A03"}


def carry(college: College, by: Actor, table: str = TABLE, **asked: Any) -> CarriedForward:
    """Take over into the year that is prepared; a dry run unless told otherwise."""
    place = {**NEXT, "period": period_of(college, table)}
    return carry_forward(
        college.session, college.store, table, by=by, now=college.now, **{**place, **asked}
    )


def period_of(college: College, table: str) -> str:
    return college.store.catalogue.tables[table].period_in(YEAR.next).code


def accepted(college: College, table: str = TABLE, rows: int = 3) -> None:
    """Last year's rows, accepted, and the next year in preparation."""
    submission_at(college, Status.ACCEPTED, table, rows=rows)
    college.next_year()


def waiting(college: College, table: str = TABLE) -> int:
    with college.open_session() as session:
        return count_waiting(session, table, period_of(college, table), "A03")


def of_next_year(college: College, table: str = TABLE) -> list[Any]:
    period = period_of(college, table)
    return [row for row in college.rows(table) if row["sys_period"] == period]


def change(college: College, *changes: Change, by: Actor) -> Any:
    return college.change(TABLE, *changes, by=by, **NEXT)


def test_a_dry_run_tells_what_would_be_taken_and_writes_nothing(
    college: College, people: People
) -> None:
    accepted(college)

    told = carry(college, people.li_jing)

    assert (told.created, told.present, list(told.left), told.written) == (3, 0, [], False)
    assert of_next_year(college) == []
    assert waiting(college) == 0


def test_the_accepted_rows_are_added_and_each_waits_to_be_confirmed(
    college: College, people: People
) -> None:
    accepted(college)

    done = carry(college, people.li_jing, dry_run=False)

    assert done.written
    assert done.created == 3
    names = {row["course_name"] for row in of_next_year(college)}
    assert names == {college.row(TABLE, number)["course_name"] for number in (1, 2, 3)}
    assert waiting(college) == 3
    assert college.all(ChangeSet)[-1].way == "carry_forward"


def test_rows_that_are_here_already_are_not_touched(college: College, people: People) -> None:
    accepted(college)
    change(college, Change(INSERT, college.row(TABLE, 2, course_name="新名字")), by=people.li_jing)

    done = carry(college, people.li_jing, dry_run=False)

    assert (done.created, done.present) == (2, 1)
    assert "新名字" in {row["course_name"] for row in of_next_year(college)}
    assert waiting(college) == 2


def test_taking_over_twice_adds_nothing_more(college: College, people: People) -> None:
    accepted(college)
    carry(college, people.li_jing, dry_run=False)

    again = carry(college, people.li_jing, dry_run=False)

    assert (again.created, again.present) == (0, 3)
    assert waiting(college) == 3


@pytest.mark.parametrize(
    "status", [Status.ENTERING, Status.UNDER_REVIEW, Status.SUBMITTED, Status.RETURNED]
)
def test_what_was_not_accepted_is_never_taken(
    college: College, people: People, status: Status
) -> None:
    submission_at(college, status, TABLE, rows=2)
    college.next_year()

    with pytest.raises(Refused) as refused:
        carry(college, people.li_jing)

    assert refused.value.reason is Reason.INVALID
    assert "have not been accepted" in refused.value.message.english()


def test_what_was_typed_after_the_acceptance_is_not_taken(college: College, people: People) -> None:
    accepted(college)
    stored = college.store.tables[TABLE]
    college.session.execute(stored.table.update().values(course_name="未审核的改动"))
    college.session.commit()

    carry(college, people.li_jing, dry_run=False)

    assert "未审核的改动" not in {row["course_name"] for row in of_next_year(college)}


def test_a_nil_report_leaves_nothing_to_take(college: College, people: People) -> None:
    accepted(college, rows=0)

    with pytest.raises(Refused) as refused:
        carry(college, people.li_jing)

    assert "there was nothing" in refused.value.message.english()


def test_a_table_of_what_happened_in_the_year_is_not_taken(
    college: College, people: People
) -> None:
    accepted(college, "institutional_innovation")

    with pytest.raises(Refused) as refused:
        carry(college, people.li_jing, "institutional_innovation")

    assert refused.value.reason is Reason.INVALID


def test_nobody_else_takes_over_for_the_department(college: College, people: People) -> None:
    accepted(college)

    with pytest.raises(Refused) as refused:
        carry(college, people.wang_qiang)

    assert refused.value.reason is Reason.FORBIDDEN


def test_correcting_a_row_confirms_it(college: College, people: People) -> None:
    accepted(college)
    carry(college, people.li_jing, dry_run=False)
    row = of_next_year(college)[0]
    typed = Change(UPDATE, {"course_name": "改过的"}, str(row["sys_id"]), str(row["sys_version"]))

    change(college, typed, by=people.li_jing)

    assert waiting(college) == 2
    (mark,) = [one for one in college.all(CarriedRow) if one.confirmed_at]
    assert (mark.row_id, mark.confirmed_by) == (str(row["sys_id"]), people.li_jing.number)


def confirm(college: College, by: Actor, ids: Any = None) -> int:
    return confirm_rows(
        college.session, college.store, TABLE, by=by, now=college.now, ids=ids, **NEXT
    )


def test_rows_are_confirmed_one_by_one_or_all_at_once(college: College, people: People) -> None:
    accepted(college)
    carry(college, people.li_jing, dry_run=False)
    first = str(of_next_year(college)[0]["sys_id"])

    assert confirm(college, people.li_jing, {first}) == 1
    assert confirm(college, people.li_jing, {first}) == 0
    assert confirm(college, people.li_jing) == 2

    assert waiting(college) == 0
    told = [(e.tag, e.after) for e in college.entries(f"carried_row:{TABLE}:{NEXT['period']}:A03")]
    assert told == [("carried_row.unchanged", "1"), ("carried_row.unchanged", "2")]


def test_the_head_does_not_confirm_rows(college: College, people: People) -> None:
    accepted(college)
    carry(college, people.li_jing, dry_run=False)

    with pytest.raises(Refused):
        confirm(college, people.wang_qiang)

    assert waiting(college) == 3


def test_a_deleted_row_waits_no_more_and_again_when_it_comes_back(
    college: College, people: People
) -> None:
    accepted(college)
    carry(college, people.li_jing, dry_run=False)
    row = of_next_year(college)[0]
    gone = Change(DELETE, id=str(row["sys_id"]), version=str(row["sys_version"]))

    change(college, gone, by=people.li_jing)
    assert waiting(college) == 2
    number = college.all(ChangeSet)[-1].id
    undo_change_set(
        college.session, college.store, TABLE, number, by=people.li_jing, now=college.now
    )

    assert waiting(college) == 3


def test_the_whole_of_it_can_be_taken_back(college: College, people: People) -> None:
    accepted(college)
    carry(college, people.li_jing, dry_run=False)
    number = college.all(ChangeSet)[-1].id

    undo_change_set(
        college.session, college.store, TABLE, number, by=people.li_jing, now=college.now
    )

    assert of_next_year(college) == []
    assert waiting(college) == 0


def test_a_row_is_told_by_what_it_cannot_be_stored_with() -> None:
    message = Message("what is wrong")
    found = Finding("1", 0, "code", Severity.ERROR, Dimension.CONFORMITY, message)
    later = replace(found, rule="2", storable=True)
    doubt = replace(found, rule="3", severity=Severity.WARNING)

    assert RowResult(INSERT, "rejected", findings=(found, later, doubt)).obstacle == found
    assert RowResult(INSERT, "rejected", findings=(doubt, later)).obstacle == later
    assert RowResult(INSERT, "conflict").obstacle is None
