"""Who may change rows, and when: refused means that nothing was written."""

from dataclasses import replace

import pytest

from app.access.person import Actor
from app.actions.row_change import DELETE, INSERT, UPDATE, UPSERT, Change
from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.message import Reason, Refused
from app.domain.submission import EDITABLE, Status
from app.models.audit_log import ChangeSet
from app.models.submission import Submission
from tests.college import NOW, College
from tests.people import People
from tests.submissions import submission_at

OTHERS = [
    "wang_qiang",
    "zhou_min",
    "chen_gang",
    "ma_chao",
    "administrator",
    "leader",
    "archivist",
    "reader",
]


def refused(college: College, table: str, *changes: Change, by: Actor, **how: str) -> Refused:
    """The refusal, after nothing was written."""
    before = written(college)
    with pytest.raises(Refused) as refusal:
        college.change(table, *changes, by=by, **how)
    assert written(college) == before
    return refusal.value


def written(college: College) -> tuple[int, int, int]:
    rows = sum(len(college.rows(table)) for table in college.store.tables)
    return rows, len(college.all(ChangeSet)), len(college.entries())


def without(actor: Actor, action: str, table: str = "course") -> Actor:
    return replace(actor, permissions=actor.permissions - {(f"can_{action}", table)})


@pytest.mark.parametrize("name", OTHERS)
def test_only_the_data_steward_of_the_department_adds_rows(
    college: College, people: People, name: str
) -> None:
    change = Change(INSERT, college.row("course"))

    refusal = refused(college, "course", change, by=getattr(people, name), department="A03")

    assert refusal.reason is Reason.FORBIDDEN


def test_a_steward_writes_no_rows_of_another_department(college: College, people: People) -> None:
    change = Change(INSERT, college.row("full_time_publication"))

    refusal = refused(
        college, "full_time_publication", change, by=people.chen_gang, department="C02"
    )

    assert "another department" in refusal.message.msgid


def test_a_row_of_another_department_does_not_exist_for_a_steward(
    college: College, people: People
) -> None:
    [row_id] = college.add("full_time_publication", by=people.chen_gang)

    change = Change(UPDATE, {"publisher": "机械工业出版社"}, row_id, "1")
    [result] = college.change("full_time_publication", change, by=people.luo_lin).results

    assert [finding.rule for finding in result.findings] == ["ROW"]
    assert college.rows("full_time_publication")[0]["sys_version"] == 1


def test_a_teacher_changes_no_row_about_another(college: College, people: People) -> None:
    row = college.row("full_time_publication", staff_no="10022")
    [row_id] = college.add("full_time_publication", by=people.chen_gang, staff_no="10022")
    changes = [
        Change(UPDATE, {"publisher": "机械工业出版社"}, row_id, "1"),
        Change(UPSERT, row | {"publisher": "机械工业出版社"}),
        Change(DELETE, id=row_id, version="1"),
    ]

    outcome = college.change("full_time_publication", *changes, by=people.liu_yang, partial=True)

    assert [result.outcome for result in outcome.results] == ["rejected"] * 3
    assert college.rows("full_time_publication")[0]["sys_version"] == 1


def test_a_teacher_is_told_nothing_of_what_is_stored_about_another(
    college: College, people: People
) -> None:
    row = college.row("full_time_publication", staff_no="10022")
    college.add("full_time_publication", by=people.chen_gang, staff_no="10022")
    stored = college.store.tables["full_time_publication"]
    college.session.execute(stored.table.update().values({stored.columns["publisher"]: None}))
    college.session.commit()
    named = {field.code: row[field.code] for field in stored.spec.key_fields}

    change = Change(UPSERT, named)
    [result] = college.change("full_time_publication", change, by=people.liu_yang).results

    assert [f.field for f in result.findings] == ["staff_no"]


def test_a_teacher_does_not_give_his_row_to_another(college: College, people: People) -> None:
    [row_id] = college.add("full_time_publication", by=people.liu_yang, staff_no="10021")

    change = Change(UPDATE, {"staff_no": "10022"}, row_id, "1")
    [result] = college.change("full_time_publication", change, by=people.liu_yang).results

    assert result.outcome == "rejected"
    assert college.rows("full_time_publication")[0]["sys_person"] == "10021"


def test_a_teacher_writes_no_rows_of_a_department_he_does_not_teach_in(
    college: College, people: People
) -> None:
    change = Change(INSERT, college.row("full_time_publication", staff_no="10021"))

    refused(college, "full_time_publication", change, by=people.liu_yang, department="C02")


@pytest.mark.parametrize(
    ("op", "action"),
    [
        (INSERT, "add"),
        (UPDATE, "edit"),
        (DELETE, "delete"),
        (UPSERT, "edit"),
        (UPSERT, "add"),
    ],
)
def test_each_kind_of_change_needs_its_permission(
    college: College, people: People, op: str, action: str
) -> None:
    [row_id] = college.add("course", 1, by=people.li_jing)
    named = {"id": row_id, "version": "1"} if op in {UPDATE, DELETE} else {}
    change = Change(op, college.row("course", 1 if named else 2), **named)

    refusal = refused(college, "course", change, by=without(people.li_jing, action))
    outcome = college.change("course", change, by=people.li_jing)

    assert refusal.reason is Reason.FORBIDDEN
    assert outcome.written


def test_an_import_needs_the_permission_to_import_only(college: College, people: People) -> None:
    change = Change(UPSERT, college.row("course"))
    importer = without(without(people.li_jing, "add"), "edit")

    refused(college, "course", change, by=without(people.li_jing, "import"), way="import")

    assert college.change("course", change, by=importer, way="import").written


def test_who_may_add_rows_changes_none_by_naming_it(college: College, people: People) -> None:
    [row_id] = college.add("course", 1, by=people.li_jing)
    change = Change(INSERT, {"course_code": "K00001", "credit": "9"}, row_id, "1")

    outcome = college.change("course", change, by=without(people.li_jing, "edit"))

    assert [result.outcome for result in outcome.results] == ["rejected"]
    assert college.rows("course")[0]["sys_version"] == 1


@pytest.mark.parametrize("status", list(Status))
def test_rows_change_only_where_the_table_is_open(
    college: College, people: People, status: Status
) -> None:
    submission_at(college, status)
    change = Change(INSERT, college.row("course"))

    if status in EDITABLE:
        assert college.change("course", change, by=people.li_jing).written
    else:
        assert refused(college, "course", change, by=people.li_jing).reason is Reason.LOCKED


@pytest.mark.parametrize("op", [UPDATE, UPSERT, DELETE])
@pytest.mark.parametrize("way", ["grid", "import"])
def test_a_locked_table_is_locked_to_every_kind_of_change(
    college: College, people: People, op: str, way: str
) -> None:
    submission_at(college, Status.SUBMITTED, rows=1)
    [row] = college.rows("course")
    change = Change(op, {"credit": "1", "course_code": "K00001"}, str(row["sys_id"]), "1")

    assert refused(college, "course", change, by=people.li_jing, way=way).reason is Reason.LOCKED


@pytest.mark.parametrize("status", [CycleStatus.LOCKED, CycleStatus.ARCHIVED])
def test_a_locked_year_is_locked_even_where_a_table_is_not(
    college: College, people: People, status: CycleStatus
) -> None:
    cycle = college.session.get_one(type(college.cycle), college.cycle.id)
    cycle.status, cycle.locked_at, cycle.locked_by = status, NOW, "04002"
    college.session.commit()

    change = Change(INSERT, college.row("course"))
    refusal = refused(college, "course", change, by=people.li_jing)

    assert (refusal.reason, college.submission("course").status) == (
        Reason.LOCKED,
        Status.NOT_STARTED,
    )


def test_rows_change_after_the_due_date_until_the_table_is_reported(
    college: College, people: People
) -> None:
    college.year_step(CycleVerb.CLOSE, by=people.zhou_min)

    change = Change(INSERT, college.row("course"))

    assert college.change("course", change, by=people.li_jing).written


def test_a_table_that_is_not_assigned_to_the_department_is_refused(
    college: College, people: People
) -> None:
    granted = people.li_jing.permissions | {("can_add", "staff")}
    steward = replace(people.li_jing, permissions=granted)

    refusal = refused(college, "staff", Change(INSERT, college.row("staff")), by=steward)

    assert (refusal.reason, "not assigned" in refusal.message.msgid) == (Reason.LOCKED, True)


def test_a_department_that_only_guides_does_not_write(college: College, people: People) -> None:
    granted = people.wu_fan.permissions | {("can_add", "full_time_teacher")}
    steward = replace(people.wu_fan, permissions=granted)

    change = Change(INSERT, college.row("full_time_teacher"))

    assert refused(college, "full_time_teacher", change, by=steward).reason is Reason.LOCKED


def test_a_period_without_a_year_is_refused(college: College, people: People) -> None:
    change = Change(INSERT, college.row("course"))

    refusal = refused(college, "course", change, by=people.li_jing, period="2031-2032")

    assert "no collection year" in refusal.message.msgid


def test_the_first_row_begins_the_entry_and_is_recorded(college: College, people: People) -> None:
    before = college.submission("course")

    college.add("course", 1, by=people.li_jing)
    college.add("course", 2, by=people.li_jing)

    after = college.submission("course")
    [entry] = college.entries(f"submission:{after.id}")
    assert (after.status, after.version) == (Status.ENTERING, before.version + 1)
    assert (entry.tag, entry.person_name, entry.at) == ("submission.enter", "李静", NOW)
    assert (entry.before, entry.after, entry.department_code) == ("not_started", "entering", "A03")


def test_a_request_that_changes_nothing_begins_nothing(college: College, people: People) -> None:
    bad = Change(INSERT, college.row("course", credit="many"))

    college.change("course", by=people.li_jing)
    college.change("course", bad, by=people.li_jing, partial=True)

    assert college.submission("course").status is Status.NOT_STARTED
    assert college.all(ChangeSet) == []


def test_a_returned_table_stays_returned_while_it_is_mended(
    college: College, people: People
) -> None:
    submission_at(college, Status.RETURNED, rows=1)

    college.add("course", 5, by=people.li_jing)

    submission: Submission = college.submission("course")
    assert (submission.status, submission.reason) == (Status.RETURNED, "按实际情况办理")
