"""Rows of base tables are changed on one path, and every change is kept."""

from datetime import date
from decimal import Decimal

import pytest

from app.actions.row_change import DELETE, INSERT, UPDATE, UPSERT, Change
from app.domain.message import Refused
from app.domain.submission import Status
from app.models.audit_log import ChangeSet, RowChange
from tests.college import NOW, College, on_all_databases
from tests.people import People

pytestmark = on_all_databases


def test_a_new_row_is_stored_with_its_place(college: College, people: People) -> None:
    outcome = college.change("course", Change(INSERT, college.row("course", 7)), by=people.li_jing)

    [stored] = college.rows("course")
    [result] = outcome.results
    assert (result.outcome, result.version, result.id) == ("created", "1", str(stored["sys_id"]))
    assert (stored["sys_period"], stored["sys_department"]) == ("2025-2026", "A03")
    assert (stored["course_code"], stored["sys_person"]) == ("K00007", None)
    assert {code: stored[code] for code in result.values} == college.row("course", 7)


def test_text_as_typed_is_stored_in_its_type(college: College, people: People) -> None:
    typed = college.row("course") | {"credit": " ３.５ ", "is_core": "是", "course_name": " 机械 "}

    college.change("course", Change(INSERT, typed), by=people.li_jing)

    [stored] = college.rows("course")
    assert (stored["credit"], stored["is_core"]) == (Decimal("3.5"), True)
    assert stored["course_name"] == "机械"


def test_an_update_changes_only_the_fields_it_names(college: College, people: People) -> None:
    [row_id] = college.add("course", by=people.li_jing)
    before = college.row("course")

    change = Change(UPDATE, {"course_name": "高等数学"}, row_id, "1")
    [result] = college.change("course", change, by=people.li_jing).results

    [stored] = college.rows("course")
    assert (result.outcome, result.version, stored["sys_version"]) == ("changed", "2", 2)
    assert result.values == before | {"course_name": "高等数学"}
    assert stored["credit"] == before["credit"]


def test_a_deleted_row_is_gone(college: College, people: People) -> None:
    first, second = college.add("course", 1, 2, by=people.li_jing)

    outcome = college.change("course", Change(DELETE, id=first, version="1"), by=people.li_jing)

    assert [result.outcome for result in outcome.results] == ["deleted"]
    assert [str(row["sys_id"]) for row in college.rows("course")] == [second]


def test_upsert_finds_the_row_by_its_key(college: College, people: People) -> None:
    [row_id] = college.add("course", by=people.li_jing)
    changes = [
        Change(UPSERT, {"course_code": "K00001", "credit": "9.5"}),
        Change(UPSERT, college.row("course", 2)),
    ]

    results = college.change("course", *changes, by=people.li_jing).results

    assert [result.outcome for result in results] == ["changed", "created"]
    assert results[0].id == row_id
    assert college.rows("course")[0]["credit"] == Decimal("9.5")
    assert len(college.rows("course")) == 2


def test_an_update_without_id_finds_the_row_by_its_key(college: College, people: People) -> None:
    college.add("course", by=people.li_jing)
    changes = [Change(UPDATE, {"course_code": code, "credit": "2"}) for code in ("K00001", "K9")]

    outcome = college.change("course", *changes, by=people.li_jing, partial=True)

    assert [result.outcome for result in outcome.results] == ["changed", "rejected"]
    assert [finding.rule for finding in outcome.results[1].findings] == ["ROW"]


def test_the_same_values_again_change_nothing(college: College, people: People) -> None:
    [row_id] = college.add("course", by=people.li_jing)
    sets = len(college.all(ChangeSet))

    change = Change(UPDATE, college.row("course"), row_id, "1")
    outcome = college.change("course", change, by=people.li_jing)

    assert [result.outcome for result in outcome.results] == ["unchanged"]
    assert college.rows("course")[0]["sys_version"] == 1
    assert len(college.all(ChangeSet)) == sets


def test_a_single_row_table_has_one_row_per_place(college: College, people: People) -> None:
    [row_id] = college.add("teaching_resource", by=people.li_jing)

    change = Change(UPSERT, college.row("teaching_resource", 2))
    [changed] = college.change("teaching_resource", change, by=people.li_jing).results
    change = Change(INSERT, college.row("teaching_resource", 3))
    [refused] = college.change("teaching_resource", change, by=people.li_jing).results

    assert (changed.outcome, changed.id) == ("changed", row_id)
    assert refused.outcome == "rejected"
    assert len(college.rows("teaching_resource")) == 1


def test_the_change_log_keeps_both_sides_exactly(college: College, people: People) -> None:
    [row_id] = college.add("course", by=people.li_jing, credit="2.0", excellent_level=None)
    values = {"credit": "2.5", "course_name": college.row("course")["course_name"]}
    college.change("course", Change(UPDATE, values, row_id, "1"), by=people.li_jing)
    college.change("course", Change(DELETE, id=row_id, version="2"), by=people.li_jing)

    created, changed, deleted = college.all(RowChange)

    assert (created.operation, created.before) == ("created", None)
    assert created.after["credit"] == "2.0"
    assert created.after["excellent_level"] is None
    assert (changed.before, changed.after) == ({"credit": "2.0"}, {"credit": "2.5"})
    assert (deleted.operation, deleted.after) == ("deleted", None)
    assert deleted.before == created.after | {"credit": "2.5"}
    assert {change.row_id for change in (created, changed, deleted)} == {row_id}


def test_a_change_set_says_who_when_how_and_why(college: College, people: People) -> None:
    rows = [Change(INSERT, college.row("course", number)) for number in (1, 2, 3)]

    college.change("course", *rows, by=people.li_jing, way="import", reason="导入教务系统数据")

    [change_set] = college.all(ChangeSet)
    assert (change_set.person_number, change_set.person_name) == ("03002", "李静")
    assert (change_set.at, change_set.way, change_set.reason) == (NOW, "import", "导入教务系统数据")
    assert (change_set.table_identifier, change_set.row_count) == ("course", 3)
    assert (change_set.period, change_set.department_code) == ("2025-2026", "A03")


def test_a_reason_that_is_too_long_is_refused(college: College, people: People) -> None:
    change = Change(INSERT, college.row("course"))

    with pytest.raises(Refused, match="500"):
        college.change("course", change, by=people.li_jing, reason="理" * 501)

    assert college.rows("course") == []


def test_dates_stand_in_the_change_log_as_iso_text(college: College, people: People) -> None:
    college.add("quality_project", by=people.li_jing, started_on=date(2025, 9, 1))

    [change] = college.all(RowChange)

    assert change.after["started_on"] == "2025-09-01"


def test_a_dry_run_says_what_the_write_will_say(college: College, people: People) -> None:
    [row_id] = college.add("course", by=people.li_jing)
    changes = [
        Change(UPDATE, {"credit": "7"}, row_id, "1"),
        Change(INSERT, college.row("course", 2, credit="many")),
        Change(INSERT, college.row("course", 3, course_name=None)),
    ]

    tried = college.change("course", *changes, by=people.li_jing, partial=True, dry_run=True)
    done = college.change("course", *changes, by=people.li_jing, partial=True)

    assert (tried.written, done.written) == (False, True)
    assert told(tried) == told(done)


def told(outcome):
    return [
        (result.outcome, result.version, result.values, result.findings)
        for result in outcome.results
    ]


def test_a_dry_run_leaves_nothing(college: College, people: People) -> None:
    changes = [Change(INSERT, college.row("course", number)) for number in (1, 2)]
    entries = len(college.entries())

    outcome = college.change("course", *changes, by=people.li_jing, dry_run=True)

    assert [result.outcome for result in outcome.results] == ["created", "created"]
    assert college.rows("course") == []
    assert college.all(ChangeSet) == college.all(RowChange) == []
    assert college.submission("course").status is Status.NOT_STARTED
    assert len(college.entries()) == entries


def test_one_bad_row_keeps_everything_from_being_written(college: College, people: People) -> None:
    good = Change(INSERT, college.row("course", 1))
    bad = Change(INSERT, college.row("course", 2, credit="many"))

    outcome = college.change("course", good, bad, by=people.li_jing)

    assert not outcome.written
    assert [result.outcome for result in outcome.results] == ["created", "rejected"]
    assert college.rows("course") == []
    assert college.all(ChangeSet) == []


def test_good_rows_of_a_partial_request_are_written(college: College, people: People) -> None:
    good = Change(INSERT, college.row("course", 1))
    bad = Change(INSERT, college.row("course", 2, credit="many"))

    outcome = college.change("course", bad, good, by=people.li_jing, partial=True)

    assert outcome.written
    assert [result.outcome for result in outcome.results] == ["rejected", "created"]
    assert [result.ok for result in outcome.results] == [False, True]
    assert [row["course_code"] for row in college.rows("course")] == ["K00001"]


def test_rows_of_the_next_year_can_be_kept_while_it_is_prepared(
    college: College, people: People
) -> None:
    college.next_year()

    college.change(
        "course",
        Change(INSERT, college.row("course")),
        by=people.li_jing,
        period="2026-2027",
    )

    assert [row["sys_period"] for row in college.rows("course")] == ["2026-2027"]
    assert college.submission("course").status is Status.NOT_STARTED


def test_an_undone_deletion_gives_the_row_its_id_back(college: College, people: People) -> None:
    first, _second = college.add("course", 1, 2, by=people.li_jing)
    college.change("course", Change(DELETE, id=first, version="1"), by=people.li_jing)
    again = Change(INSERT, college.row("course", 1), restores=first)

    [result] = college.change("course", again, by=people.li_jing).results

    assert (result.outcome, result.id) == ("created", first)
    assert [row["course_code"] for row in college.rows("course")] == ["K00001", "K00002"]


def test_an_id_that_is_not_free_is_given_to_nobody(college: College, people: People) -> None:
    [taken] = college.add("course", 1, by=people.li_jing)
    rows = [
        Change(INSERT, college.row("course", number), restores=wanted)
        for number, wanted in enumerate((taken, "999", "nonsense"), start=2)
    ]

    outcome = college.change("course", *rows, by=people.li_jing)

    ids = {result.id for result in outcome.results}
    assert outcome.written
    assert len(ids) == 3
    assert not ids & {taken, "999"}
