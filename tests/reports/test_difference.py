"""What changed in a submission, for whoever reads all its rows."""

import pytest

from app.access.person import Actor
from app.actions.row_change import DELETE, Change
from app.domain.message import Reason, Refused
from app.domain.return_item import WantedItem
from app.domain.submission import Status, Verb
from app.reports.difference import Against, DifferencePage, RowChange, read_difference
from app.rules.difference import Counts
from tests.college import College
from tests.people import People
from tests.returned import FIELD, rename, row_ids, sent_back, to_status
from tests.submissions import submission_at


def changes(
    college: College, by: Actor, against: Against = Against.REPORT, *, shows_all: bool = False
) -> DifferencePage:
    number = college.submission("course").id
    with college.open_session() as session:
        return read_difference(session, college.store, by, number, against, shows_all=shows_all)


def mended(college: College, people: People) -> None:
    """Of three reported rows one cell is changed, one row is gone, one is new."""
    sent_back(college, WantedItem("请核对"), rows=3)
    first, second, _third = row_ids(college)
    rename(college, first, "程序设计")
    [row] = [row for row in college.rows("course") if str(row["sys_id"]) == second]
    gone = Change(DELETE, {}, second, str(row["sys_version"]))
    college.change("course", gone, by=people.li_jing)
    college.add("course", 9, by=people.li_jing)


def test_working_rows_stand_against_what_came_back(college: College, people: People) -> None:
    mended(college, people)

    page = changes(college, people.li_jing)

    assert page.counts == Counts(added=1, removed=1, changed=1, cells=1)
    told = {row.change: row for row in page.rows(0, 50)}
    [cell] = told[RowChange.CHANGED].cells
    assert (cell.field.code, cell.after) == (FIELD, "程序设计")
    assert (told[RowChange.REMOVED].number, told[RowChange.CHANGED].number) == (None, 1)


def test_the_reviewer_sees_what_changed_since_he_sent_it_back(
    college: College, people: People
) -> None:
    mended(college, people)
    submission = to_status(college, Status.UNDER_QA_REVIEW)

    page = changes(college, people.zhou_min)

    counts = {"added": 1, "removed": 1, "changed": 1, "cells": 1}
    assert (page.counts, submission.change_counts) == (Counts(**counts), counts)
    assert page.total == 3


def test_all_rows_are_shown_when_asked_for(college: College, people: People) -> None:
    mended(college, people)

    page = changes(college, people.li_jing, shows_all=True)

    assert [row.change for row in page.rows(0, 50)].count(RowChange.SAME) == 1
    assert [row.number for row in page.rows(1, 2)] == [2, 3]


def test_the_first_report_has_nothing_before_it(college: College, people: People) -> None:
    submission = submission_at(college, Status.UNDER_REVIEW, rows=1)

    page = changes(college, people.li_jing)

    assert page.refusal is not None
    assert (page.total, page.counts.rows, submission.change_counts) == (0, 0, None)


def test_without_a_year_before_it_is_said_why(college: College, people: People) -> None:
    submission_at(college, Status.UNDER_REVIEW, rows=1)

    refusal = changes(college, people.li_jing, Against.YEAR).refusal

    assert refusal is not None
    assert refusal.parameters["year"] == "2024-2025"


def test_what_was_explained_and_not_changed_differs_in_nothing(
    college: College, people: People
) -> None:
    submission = sent_back(college, WantedItem("请核对"))

    finished = college.step(submission, Verb.FINISH, by=people.li_jing, reason="与教务系统一致")

    assert finished.change_counts == {"added": 0, "removed": 0, "changed": 0, "cells": 0}


@pytest.mark.parametrize("name", ["chen_gang", "ma_chao", "administrator", "reader"])
def test_nobody_else_learns_that_there_is_such_a_submission(
    college: College, people: People, name: str
) -> None:
    submission_at(college, Status.UNDER_REVIEW, rows=1)

    with pytest.raises(Refused) as refusal:
        changes(college, getattr(people, name))

    assert refusal.value.reason is Reason.NOT_FOUND


def test_the_leader_who_reads_no_rows_sees_no_values(college: College, people: People) -> None:
    submission_at(college, Status.UNDER_REVIEW, rows=1)

    with pytest.raises(Refused) as refusal:
        changes(college, people.leader)

    assert refusal.value.reason is Reason.FORBIDDEN
