"""The whole college's data of a locked year come from the snapshots (第十二条)."""

from decimal import Decimal
from functools import partial

import pytest

from app.access.consolidation import why_not_unreviewed
from app.access.person import Actor
from app.actions.consolidation import show_unreviewed
from app.domain.consolidation import Reading
from app.domain.cycle import CycleVerb
from app.domain.message import Reason, Refused
from app.domain.submission import Status
from app.models.cycle import Cycle
from app.reports.consolidation import ConsolidatedTable, consolidated_tables, sums_of
from tests.college import College
from tests.people import People
from tests.submissions import exempt_the_rest, locked, submission_at


def year(college: College) -> Cycle:
    return college.session.get_one(Cycle, college.founded.cycle_id, populate_existing=True)


def consolidated(
    college: College, actor: Actor, *, with_rows: bool = True, reading: Reading = Reading.FINAL
) -> list[ConsolidatedTable]:
    place = (college.session, college.store, actor, year(college))
    return list(consolidated_tables(*place, with_rows=with_rows, reading=reading))


def test_a_locked_year_has_what_was_accepted(college: College, people: People) -> None:
    locked(college, "course", rows=2)

    tables = {table.spec.identifier: table for table in consolidated(college, people.zhou_min)}

    [part] = tables["course"].parts
    assert part.frame is not None
    assert part.frame.to_dicts() == [college.row("course", number) for number in (1, 2)]
    assert (part.department, part.row_count, part.status) == ("教务处", 2, Status.LOCKED)
    assert tables["course"].period.code == "2025-2026"


def test_the_snapshot_counts_and_not_the_rows(college: College, people: People) -> None:
    locked(college, "course", rows=2)
    college.session.execute(college.store.tables["course"].table.delete())
    college.session.commit()

    tables = {table.spec.identifier: table for table in consolidated(college, people.zhou_min)}

    assert tables["course"].parts[0].row_count == 2
    assert tables["course"].parts[0].frame is not None


def test_exempt_and_empty_tables_are_told_and_have_no_rows(
    college: College, people: People
) -> None:
    locked(college, "course")

    tables = {table.spec.identifier: table for table in consolidated(college, people.zhou_min)}

    [nil], [exempt] = tables["course"].parts, tables["quality_project"].parts
    assert (nil.status, nil.row_count, nil.nil_reason) == (Status.LOCKED, 0, "按实际情况办理")
    assert (exempt.status, exempt.row_count, exempt.frame) == (Status.EXEMPT, 0, None)


def test_tables_follow_in_printed_order_with_a_part_per_department(
    college: College, people: People
) -> None:
    locked(college, "course")

    tables = consolidated(college, people.zhou_min, with_rows=False)

    keys = [table.spec.sort_key for table in tables]
    parts = {table.spec.identifier: len(table.parts) for table in tables}
    assert keys == sorted(keys)
    assert (parts["full_time_teacher"], parts["course"]) == (2, 1)
    assert all(part.frame is None for table in tables for part in table.parts)


@pytest.mark.parametrize("closed", [False, True])
def test_a_year_that_is_not_locked_has_nothing_to_consolidate(
    college: College, people: People, closed: bool
) -> None:
    submission_at(college, Status.ACCEPTED, rows=1)
    exempt_the_rest(college)
    if closed:
        college.year_step(CycleVerb.CLOSE, by=people.zhou_min)

    with pytest.raises(Refused) as refusal:
        consolidated(college, people.zhou_min)

    assert refusal.value.reason is Reason.LOCKED


def test_an_unlocked_year_has_nothing_to_consolidate(college: College, people: People) -> None:
    locked(college, "course", rows=1)
    college.unlock("course")

    with pytest.raises(Refused):
        consolidated(college, people.zhou_min)


@pytest.mark.parametrize(
    ("name", "reads", "exports"),
    [
        ("zhou_min", True, True),
        ("archivist", True, True),
        ("leader", True, False),
        ("reader", True, False),
        ("li_jing", False, False),
        ("wang_qiang", False, False),
        ("ma_chao", False, False),
        ("administrator", False, False),
    ],
)
def test_who_reads_and_who_exports(
    college: College, people: People, name: str, reads: bool, exports: bool
) -> None:
    locked(college, "course", rows=1)

    for with_rows, allowed in ((False, reads), (True, exports)):
        if allowed:
            assert consolidated(college, getattr(people, name), with_rows=with_rows)
        else:
            with pytest.raises(Refused):
                consolidated(college, getattr(people, name), with_rows=with_rows)


def test_before_locking_only_accepted_data_count_and_the_rest_is_named(
    college: College, people: People
) -> None:
    submission_at(college, Status.ACCEPTED, rows=2)
    submission_at(college, Status.SUBMITTED, "institutional_innovation", rows=1)
    exempt_the_rest(college)

    found = consolidated(college, people.zhou_min, reading=Reading.PARTIAL)
    tables = {table.spec.identifier: table for table in found}

    assert (tables["course"].row_count, tables["institutional_innovation"].row_count) == (2, 0)
    missing = [(t.spec.identifier, p.department) for t in found for p in t.missing]
    assert missing == [("institutional_innovation", "教务处")]
    assert tables["quality_project"].missing == ()


def test_unreviewed_data_count_marked_as_such_once_they_are_reported(
    college: College, people: People
) -> None:
    submission_at(college, Status.ACCEPTED, rows=2)
    submission_at(college, Status.UNDER_QA_REVIEW, "institutional_innovation", rows=1)
    submission_at(college, Status.AWAITING_CONFIRMATION, "teaching_resource")

    found = consolidated(college, people.zhou_min, reading=Reading.UNREVIEWED)
    parts = {table.spec.identifier: table.parts[0] for table in found}

    assert [parts[t].is_unreviewed for t in ("course", "institutional_innovation")] == [False, True]
    # What the head has not confirmed was reported by nobody.
    assert (parts["teaching_resource"].counts, parts["teaching_resource"].is_missing) == (
        False,
        True,
    )


def test_a_locked_year_is_read_as_final_only(college: College, people: People) -> None:
    locked(college, "course", rows=1)

    for reading in (Reading.PARTIAL, Reading.UNREVIEWED):
        with pytest.raises(Refused) as refusal:
            consolidated(college, people.zhou_min, reading=reading)
        assert refusal.value.reason is Reason.LOCKED


@pytest.mark.parametrize("shown", [False, True])
def test_leaders_see_unreviewed_data_only_where_the_office_lets_them(
    college: College, people: People, shown: bool
) -> None:
    submission_at(college, Status.SUBMITTED, rows=1)
    act = {"shown": shown, "by": people.zhou_min, "now": college.now}
    show_unreviewed(college.session, year(college).id, **act)

    sees = {"zhou_min": True, "leader": shown, "reader": False, "archivist": False}
    for name, allowed in sees.items():
        refusal = why_not_unreviewed(getattr(people, name), year(college))
        assert (refusal is None) is allowed, name
        if not allowed:
            read = partial(consolidated, college, getattr(people, name), with_rows=False)
            with pytest.raises(Refused):
                read(reading=Reading.UNREVIEWED)


@pytest.mark.parametrize("name", ["leader", "li_jing", "wang_qiang", "administrator", "reader"])
def test_only_the_office_decides_what_leaders_see(
    college: College, people: People, name: str
) -> None:
    before = len(college.entries())

    act = {"shown": True, "by": getattr(people, name), "now": college.now}
    with pytest.raises(Refused):
        show_unreviewed(college.session, year(college).id, **act)

    assert (year(college).shows_unreviewed, len(college.entries())) == (False, before)


@pytest.mark.parametrize("table", ["full_time_teacher", "institutional_innovation", "course"])
def test_every_total_is_the_sum_of_its_parts(college: College, people: People, table: str) -> None:
    """INV9: what is added up over all rows is what the parts add up to, and the snapshots hold."""
    for each in college.submissions():
        if each.table_identifier == table and each.department_code == "A03":
            submission_at(college, Status.ACCEPTED, table, rows=3)

    place = (college.session, college.store, people.zhou_min, year(college))
    sums = sums_of(*place, table, Reading.PARTIAL)

    assert sums.row_count == sums.table.row_count == sum(p.row_count for p in sums.table.parts)
    for field in sums.fields:
        parts = [of.get(field.code, Decimal(0)) for of in sums.of_parts.values()]
        assert sums.total.get(field.code, Decimal(0)) == sum(parts)


def test_the_sums_are_those_of_the_rows_of_all_departments(
    college: College, people: People
) -> None:
    submission_at(college, Status.ACCEPTED, rows=3)
    rows = [college.row("course", number) for number in (1, 2, 3)]

    place = (college.session, college.store, people.zhou_min, year(college))
    sums = sums_of(*place, "course", Reading.PARTIAL)

    for field in sums.fields:
        assert sums.total[field.code] == sum(Decimal(str(row[field.code])) for row in rows)


def test_nothing_is_added_up_of_a_table_that_nobody_reports(
    college: College, people: People
) -> None:
    place = (college.session, college.store, people.zhou_min, year(college))

    with pytest.raises(Refused) as refusal:
        sums_of(*place, "staff_of_nobody", Reading.PARTIAL)

    assert refusal.value.reason is Reason.NOT_FOUND
