"""The whole college's data of a locked year come from the snapshots (第十二条)."""

import pytest

from app.domain.cycle import CycleVerb
from app.domain.message import Reason, Refused
from app.domain.submission import Status
from app.models.cycle import Cycle
from app.reports.consolidation import ConsolidatedTable, consolidated_tables
from tests.college import College
from tests.people import People
from tests.submissions import exempt_the_rest, locked, submission_at


def consolidated(college: College, actor, *, with_rows: bool = True) -> list[ConsolidatedTable]:
    cycle = college.session.get_one(Cycle, college.founded.cycle_id, populate_existing=True)
    tables = consolidated_tables(college.session, college.store, actor, cycle, with_rows=with_rows)
    return list(tables)


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
