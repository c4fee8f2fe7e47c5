"""The sheet of a department's responsibilities."""

from datetime import timedelta

import pytest

from app.domain.message import Reason, Refused
from app.domain.person import Function
from app.domain.request import RequestKind, RequestVerb
from app.domain.submission import Status
from app.reports.responsibility import read_responsibility
from tests.college import DUE, NOW, College
from tests.people import People
from tests.requests import LATER, ask_for, decide_on
from tests.submissions import submission_at


def test_the_sheet_names_tables_persons_and_due_dates(college: College, people: People) -> None:
    """「数据采集工作实施工作责任制」 as one page: who, what, until when, and who did it."""
    submission_at(college, Status.SUBMITTED, "institutional_innovation")
    request = ask_for(college, RequestKind.EXTENSION, by=people.li_jing)
    decide_on(college, request, RequestVerb.ANSWER, by=people.zhou_min)

    place = (college.session, college.store, people.li_jing, college.cycle, "A03")
    sheet = read_responsibility(*place, day=NOW.date())

    catalogue = college.store.catalogue.tables
    rows = {each.title: each for each in sheet.tables}
    course, done = (rows[catalogue[name].title] for name in ("course", "institutional_innovation"))
    assert (course.due_at, course.is_extended) == (LATER, True)
    assert (done.due_at, done.is_extended) == (college.cycle.due_at, False)
    assert (done.finished_by, done.confirmed_by) == (people.li_jing.name, people.wang_qiang.name)
    told = {(each.function, each.name) for each in sheet.persons if each.is_present}
    assert (Function.HEAD, people.wang_qiang.name) in told
    assert (Function.DATA_STEWARD, people.li_jing.name) in told


def test_a_table_is_due_with_its_phase_and_later_only_where_it_is_put_off(
    college: College, people: People
) -> None:
    at_phase, later = DUE - timedelta(days=20), DUE - timedelta(days=10)
    names = ("course", "course_textbook")
    for name, own in zip(names, (None, later), strict=True):
        found = college.session.merge(college.submission(name))
        found.phase_due_at, found.due_at = at_phase, own
    college.session.commit()

    place = (college.session, college.store, people.li_jing, college.cycle, "A03")
    rows = {each.title: each for each in read_responsibility(*place, day=NOW.date()).tables}

    told = [rows[college.store.catalogue.tables[name].title] for name in names]
    assert [each.due_at for each in told] == [at_phase, later]
    assert [each.is_extended for each in told] == [False, True]


def test_who_reads_no_assignments_sees_no_sheet(college: College, people: People) -> None:
    place = (college.session, college.store)
    with pytest.raises(Refused):
        read_responsibility(*place, people.ma_chao, college.cycle, "A03", day=NOW.date())
    with pytest.raises(Refused) as nowhere:
        read_responsibility(*place, people.li_jing, college.cycle, "X99", day=NOW.date())

    assert nowhere.value.reason is Reason.NOT_FOUND
