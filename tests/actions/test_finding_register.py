"""The register of findings follows the rows and keeps when something was found and mended."""

from datetime import timedelta

from app.actions.finding_register import TableChecked, check_table
from app.actions.row_change import DELETE, UPDATE, Change
from app.models.finding import RegisteredFinding, TableCheck, unpack_message
from tests.college import NOW, College, on_all_databases
from tests.judged import uncovered_course
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
    assert set(note.known) == {"course", "course_textbook"}
    assert note.known["course"] == [1, 2, 0]
