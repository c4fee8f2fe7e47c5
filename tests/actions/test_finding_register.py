"""The register of findings follows the rows and keeps when something was found and mended."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from app.actions import finding_register
from app.actions.explanation import explain
from app.actions.finding_register import TableChecked, check_table, keep_place
from app.actions.row_change import DELETE, UPDATE, Change
from app.models import place_size
from app.models.database import writing
from app.models.finding import RegisteredFinding, TableCheck, unpack_message
from app.models.submission import Submission
from app.reports.finding_due import due_tables
from tests.college import NOW, College, on_all_databases
from tests.judged import judged, place, uncovered_course
from tests.people import People

DAY = timedelta(days=1)


def check(college: College, days: int = 0, table: str = "course") -> TableChecked:
    cycle = college.cycle
    return check_table(college.session, college.store, cycle, table, now=NOW + days * DAY)


@on_all_databases
def test_what_is_found_is_registered_once(college: College, people: People) -> None:
    found = uncovered_course(college)

    assert check(college) == TableChecked(1, ())
    check(college, 1)

    [kept] = college.all(RegisteredFinding)
    assert (kept.mark, kept.values_digest, kept.found_at) == (found.mark, found.values_digest, NOW)
    assert unpack_message(kept.message) == found.finding.message
    assert (kept.row_id, kept.field_code, kept.mended_at) == (found.row_id, "course_code", None)


@on_all_databases
def test_what_is_there_no_more_is_mended_and_may_be_found_again(
    college: College, people: People
) -> None:
    found = uncovered_course(college)
    check(college)
    change = Change(UPDATE, {"course_type": "C"}, found.row_id, "1")
    assert college.change("course", change, by=people.li_jing).written
    check(college, 1)
    [mended] = college.all(RegisteredFinding)

    change = Change(UPDATE, {"course_type": "B"}, found.row_id, "2")
    assert college.change("course", change, by=people.li_jing).written
    check(college, 2)

    [again] = college.all(RegisteredFinding)
    assert (mended.mended_at, mended.found_at) == (NOW + DAY, NOW)
    assert (again.mended_at, again.found_at) == (None, NOW + 2 * DAY)


def test_changed_values_are_noted_and_stay_the_same_finding(
    college: College, people: People
) -> None:
    found = uncovered_course(college)
    check(college)
    change = Change(UPDATE, {"course_type": "A"}, found.row_id, "1")
    assert college.change("course", change, by=people.li_jing).written

    check(college, 1)

    [kept] = college.all(RegisteredFinding)
    assert (kept.mark, kept.found_at) == (found.mark, NOW)
    assert kept.values_digest != found.values_digest


def test_the_finding_of_a_deleted_row_is_mended(college: College, people: People) -> None:
    found = uncovered_course(college)
    check(college)
    college.change("course", Change(DELETE, {}, found.row_id, "1"), by=people.li_jing)

    check(college, 1)

    assert college.all(RegisteredFinding)[0].mended_at == NOW + DAY


def test_the_register_notes_up_to_which_change_it_knows_a_table(
    college: College, people: People
) -> None:
    check(college)
    uncovered_course(college)
    check(college, 1)

    [note] = college.all(TableCheck)
    assert (note.table_identifier, note.looked_at, note.broken) == ("course", NOW + DAY, [])
    assert note.change_set_id > 0
    assert set(note.known) == {"course", "course_textbook"}
    assert note.known["course"] == [1, 2, college.submission("course").id, 0]


@on_all_databases
def test_a_table_given_to_another_department_is_due_again(college: College, people: People) -> None:
    given = college.submission("course")
    check(college)
    session, cycle = college.session, college.cycle

    session.execute(delete(Submission).where(Submission.id == given.id))
    place = {"cycle_id": cycle.id, "table_identifier": "course", "period": given.period}
    session.add(Submission(**place, department_code="C01", status_since=NOW))
    session.commit()

    assert "course" in due_tables(session, college.store, cycle, now=NOW)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every place is large and judged two rows at once."""
    monkeypatch.setattr(place_size, "MOST_LIVE", 0)
    monkeypatch.setattr(finding_register, "ROWS_AT_ONCE", 2)


def kept_of(college: College) -> dict[str, tuple[object, ...]]:
    """Mark → what the register has of a finding."""
    return {
        each.mark: (each.row_id, each.values_digest, each.is_waiting, each.found_at, each.mended_at)
        for each in college.all(RegisteredFinding)
    }


@on_all_databases
@pytest.mark.usefixtures("large")
def test_of_very_many_rows_the_same_is_kept_in_parts(college: College, people: People) -> None:
    uncovered_course(college)
    college.add("course", 3, 4, 5, by=people.li_jing, course_type="B", course_name=None)
    found = judged(college).found

    assert check(college) == TableChecked(len(found), ())

    assert len({each.row_id for each in found}) > 2
    assert kept_of(college) == {
        each.mark: (each.row_id, each.values_digest, bool(each.waits_for), NOW, None)
        for each in found
    }


@on_all_databases
@pytest.mark.usefixtures("large")
def test_of_very_many_rows_what_is_there_no_more_is_mended(
    college: College, people: People
) -> None:
    found = uncovered_course(college)
    [other] = college.add("course", 3, by=people.li_jing, course_type="B")
    check(college)
    change = Change(UPDATE, {"course_type": "C"}, found.row_id, "1")
    assert college.change("course", change, by=people.li_jing).written
    college.change("course", Change(DELETE, {}, other, "1"), by=people.li_jing)

    check(college, 1)
    check(college, 2)

    assert {kept[-1] for kept in kept_of(college).values()} == {NOW + DAY}


@on_all_databases
def test_of_very_many_findings_of_a_place_the_same_is_kept(
    college: College, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    college.add("course", 3, 4, 5, by=people.li_jing, course_type="B", course_name=None)
    keep(college)
    whole = kept_of(college)
    college.session.execute(delete(RegisteredFinding))
    monkeypatch.setattr(finding_register, "ROWS_AT_ONCE", 2)

    keep(college)
    assert len(whole) > 2
    assert kept_of(college) == whole

    gone = college.add("course", 6, by=people.li_jing, course_type="B", course_name=None)
    keep(college, 1)
    college.change("course", Change(DELETE, {}, gone[0], "1"), by=people.li_jing)
    keep(college, 2)
    mended = {row_id for row_id, *_, ended in kept_of(college).values() if ended == NOW + 2 * DAY}
    assert mended == {gone[0]}


def keep(college: College, days: int = 0) -> None:
    """Keep what is found at the place, as finishing it does."""
    session, cycle = college.session, college.cycle
    with writing(session):
        keep_place(session, cycle, "A03", judged(college), now=NOW + days * DAY)
        session.commit()


def explained_again(college: College, mark: str, row_id: str) -> None:
    """Somebody changes a row back and explains what is said of it then."""
    steward = college.founded.people.li_jing
    with college.open_session() as session:
        change = Change(UPDATE, {"course_type": "B"}, row_id, "2")
        assert college.change("course", change, by=steward, session=session).written
        marks: dict[str, str | None] = {mark: None}
        where = (college.store, place(college), marks, "讲义")
        explain(session, *where, by=steward, now=NOW + DAY)


def test_what_was_kept_while_rows_were_judged_is_left_alone(
    college: College, people: People
) -> None:
    found = uncovered_course(college)
    change = Change(UPDATE, {"course_type": "C"}, found.row_id, "1")
    assert college.change("course", change, by=people.li_jing).written
    before = judged(college)
    explained_again(college, found.mark, found.row_id)

    with writing(college.session):
        keep_place(college.session, college.cycle, "A03", before, now=NOW)
        college.session.commit()

    [kept] = college.all(RegisteredFinding)
    assert (kept.mark, kept.mended_at) == (found.mark, None)
