"""Places with more rows than are judged at a page are told from the register of findings."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.access.person import Actor
from app.actions.finding_register import check_table
from app.actions.row_change import UPDATE, Change
from app.domain.finding import NOT_SHOWN
from app.domain.message import Refused
from app.models import place_size
from app.reports import registered_place
from app.reports.finding import PlaceFindings, place_findings
from app.reports.finding_count import AsOf, open_errors, open_warnings, total
from app.reports.registered_place import told_of_place
from tests.college import NOW, College, on_all_databases
from tests.people import People
from tests.reports.statements import rows_read, statements
from tests.reports.test_finding import registered

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A place of three rows is large."""
    monkeypatch.setattr(place_size, "MOST_LIVE", 2)


def told(
    college: College, by: Actor, table: str = "course", department: str = "A03"
) -> PlaceFindings:
    stored = college.store.tables[table]
    place = (stored, college.cycle, department)
    return told_of_place(college.session, college.store, by, *place)


@on_all_databases
def test_a_large_place_is_told_from_the_register(college: College, people: People) -> None:
    registered(college)
    place = (college.store.tables["course"], college.cycle, "A03")
    live = place_findings(college.session, college.store, people.li_jing, *place)

    kept = told(college, people.li_jing)

    same = [(each.mark, each.state, each.seen, each.message, each.is_across) for each in live.lines]
    assert sorted(same) == sorted(
        (each.mark, each.state, each.seen, each.message, each.is_across) for each in kept.lines
    )
    assert (kept.as_of, kept.row_count, kept.broken) == (AsOf(NOW, is_outdated=False), None, [])
    assert not any(each.is_changed for each in kept.lines)
    assert kept.why_not_explain is None
    assert [count(kept.counts) for count in (open_errors, open_warnings, total)] == [1, 1, 3]
    assert kept.lines[0].severity == "error"


@on_all_databases
def test_it_says_when_rows_have_changed_since(college: College, people: People) -> None:
    registered(college)
    line = next(each for each in told(college, people.li_jing).lines if each.is_across)
    change = Change(UPDATE, {"course_type": "C"}, line.row_id, "1")
    assert college.change("course", change, by=people.li_jing).written

    before = told(college, people.li_jing)
    check_table(college.session, college.store, college.cycle, "course", now=LATER)
    after = told(college, people.li_jing)

    assert before.as_of == AsOf(NOW, is_outdated=True)
    assert {each.row_id for each in before.lines if each.is_changed} == {line.row_id}
    assert after.as_of == AsOf(LATER, is_outdated=False)
    assert line.mark not in {each.mark for each in after.lines}


def test_a_step_of_what_it_is_compared_with_makes_it_old_too(
    college: College, people: People
) -> None:
    registered(college)
    college.session.rollback()

    college.add("course_textbook", 5, by=people.li_jing)

    assert told(college, people.li_jing).as_of == AsOf(NOW, is_outdated=True)


def test_what_nobody_has_looked_at_yet_is_said_to_be_so(college: College, people: People) -> None:
    college.add("course", 1, 2, 3, by=people.li_jing)

    kept = told(college, people.li_jing)

    assert (kept.lines, kept.counts, kept.as_of) == ([], [], AsOf(None, is_outdated=True))


@on_all_databases
def test_up_to_the_bound_it_is_judged_at_this_moment(
    college: College, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(college)
    monkeypatch.setattr(place_size, "MOST_LIVE", 3)

    live = told(college, people.li_jing)

    assert (live.as_of, live.row_count, total(live.counts)) == (None, 3, len(live.lines))
    assert [each.row for each in live.lines] == [2, 3, 3]


def test_masked_values_are_told_no_more_than_in_the_list(
    college: College, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place_size, "MOST_LIVE", 0)
    college.add("department", 1, by=people.wu_fan)
    other_birthday = college.row("full_time_teacher")["birth_date"].replace(year=1980)  # type: ignore[attr-defined]
    college.add("full_time_teacher", 1, by=people.chen_gang, birth_date=other_birthday)
    check_table(college.session, college.store, college.cycle, "full_time_teacher", now=NOW)

    for_steward = told(college, people.chen_gang, "full_time_teacher", "C01").lines
    for_office = told(college, people.zhou_min, "full_time_teacher", "C01").lines

    rule = "QR.FULL_TIME_TEACHER.*.11"
    [steward] = [each for each in for_steward if each.rule == rule]
    [office] = [each for each in for_office if each.rule == rule]
    assert steward.message is not NOT_SHOWN
    assert (office.message, office.seen) == (NOT_SHOWN, None)
    assert replace(office, message=steward.message, seen=steward.seen) == steward


@pytest.mark.parametrize("who", ["chen_gang", "zhao_yong", "leader", "reader", "liu_yang"])
def test_whoever_may_not_read_the_findings_of_a_place_is_refused(
    college: College, people: People, who: str
) -> None:
    registered(college)

    with pytest.raises(Refused):
        told(college, getattr(people, who))


@on_all_databases
def test_of_any_number_of_rows_so_many_statements_and_lines_are_read(
    college: College, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registered_place, "LISTED", 2)
    registered(college)
    told(college, people.li_jing)
    with statements(college) as few, rows_read(college) as of_few:
        told(college, people.li_jing)
    more = {"course_type": "B", "course_name": None, "is_core": False}
    college.add("course", *range(20, 50), by=people.li_jing, **more)
    check_table(college.session, college.store, college.cycle, "course", now=LATER)

    with statements(college) as many, rows_read(college) as of_many:
        kept = told(college, people.li_jing)

    assert (len(kept.lines), total(kept.counts) > 30) == (2, True)
    assert len(many) == len(few) <= 12
    # As many lines as are shown, and counts by rule and state; never rows of the place.
    assert of_many.count <= of_few.count + 1
