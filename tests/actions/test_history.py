"""Old workbooks of former years: what is read, what is reported, what is kept as accepted."""

from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from app.access.policies import why_not_cycle_step
from app.actions.carry_forward import carry_forward
from app.actions.history import add_history_year
from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.message import Reason, Refused
from app.domain.submission import Status
from app.exchange.history import HistoryImport, import_history
from app.models.cycle import Cycle
from app.models.stored_check import check_stored
from tests.college import NOW, YEAR, College
from tests.exchange.books import opened, saved
from tests.people import People

TABLE = "course"
HEADINGS = ("部门", "课程代码", "课程名称")


def workbook(*rows: tuple[object, ...], headings: tuple[str, ...] = HEADINGS) -> bytes:
    """An old workbook with these rows."""
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((headings, *rows)):
            sheet.write_row(number, 0, row)
    return content.getvalue()


@pytest.fixture
def former(college: College, people: People) -> Cycle:
    """The year before the one that is collected."""
    return add_history_year(college.session, YEAR.previous, by=people.zhou_min, now=NOW)


def bring_in(
    college: College, former: Cycle, content: bytes, *, by: Any, **asked: Any
) -> HistoryImport:
    """Write the workbook unless told otherwise."""
    place = (college.session, college.store, former, TABLE, content, "课程.xlsx")
    return import_history(*place, by=by, now=NOW, **{"dry_run": False, **asked})


def kept(college: College) -> dict[str, str]:
    """Code → name of the courses of the former year."""
    period = YEAR.previous.code
    found = [row for row in college.rows(TABLE) if row["sys_period"] == period]
    return {row["course_code"]: row["course_name"] for row in found}


def test_a_former_year_is_locked_from_the_start_and_takes_no_steps(
    college: College, people: People, former: Cycle
) -> None:
    assert former.is_history
    assert former.status is CycleStatus.LOCKED
    refusal = why_not_cycle_step(people.zhou_min, former, CycleVerb.UNLOCK)
    assert refusal is not None
    assert "takes no steps" in refusal.english()


@pytest.mark.parametrize("year", [YEAR, YEAR.next])
def test_a_year_that_is_collected_holds_no_former_data(
    college: College, people: People, year: Any
) -> None:
    with pytest.raises(Refused) as refused:
        add_history_year(college.session, year, by=people.zhou_min, now=NOW)

    assert refused.value.reason is Reason.INVALID


def test_only_the_quality_office_makes_one(college: College, people: People) -> None:
    with pytest.raises(Refused) as refused:
        add_history_year(college.session, YEAR.previous, by=people.li_jing, now=NOW)

    assert refused.value.reason is Reason.FORBIDDEN


def test_the_column_of_the_department_divides_a_file_of_the_college(
    college: College, people: People, former: Cycle
) -> None:
    file = workbook(("教务处", "A1", "高等数学"), ("A04", "B1", "英语"))

    done = bring_in(college, former, file, by=people.zhou_min)

    assert done.written
    assert [(part.department, part.rows) for part in done.parts] == [("A03", 1), ("A04", 1)]
    assert kept(college) == {"A1": "高等数学", "B1": "英语"}
    submissions = [s for s in college.submissions() if s.cycle_id == former.id]
    assert {s.status for s in submissions} == {Status.LOCKED}
    assert all(s.content_hash for s in submissions)


def test_former_data_are_held_to_no_rules_when_they_are_looked_at(
    college: College, people: People, former: Cycle
) -> None:
    bring_in(college, former, workbook(("A03", "A1", None)), by=people.zhou_min)

    check = check_stored(college.session, college.store, TABLE, former, "A03")

    assert len(check.rows) == 1
    assert check.findings == ()


def test_a_dry_run_writes_nothing(college: College, people: People, former: Cycle) -> None:
    told = bring_in(
        college, former, workbook(("A03", "A1", "高等数学")), by=people.zhou_min, dry_run=True
    )

    assert (told.rows, told.written) == (1, False)
    assert kept(college) == {}


def test_what_cannot_be_read_is_told_and_left_empty_only_when_that_is_chosen(
    college: College, people: People, former: Cycle
) -> None:
    headings = (*HEADINGS, "课程类型")
    file = workbook(
        ("A03", "A1", "高等数学", "没有的类型"), ("A03", "", "没有代码", ""), headings=headings
    )

    refused = bring_in(college, former, file, by=people.zhou_min)
    done = bring_in(college, former, file, by=people.zhou_min, leaves_out=True)

    assert not refused.written
    assert {fault.row for fault in refused.faults} == {2, 3}
    assert done.written
    assert kept(college) == {"A1": "高等数学"}


def test_a_cell_that_another_covers_is_told_as_such(
    college: College, people: People, former: Cycle
) -> None:
    book = opened(workbook(("A03", "A1", "高等数学"), ("A03", None, "大学英语")))
    book.worksheets[0].merge_cells("B2:B3")

    told = bring_in(college, former, saved(book), by=people.zhou_min)

    [fault] = told.faults
    assert (fault.row, fault.label, fault.cell) == (3, "课程代码", "B3")
    assert "merged with B2" in fault.message.english()


def test_another_workbook_replaces_the_whole(
    college: College, people: People, former: Cycle
) -> None:
    bring_in(
        college, former, workbook(("A03", "A1", "甲"), ("A03", "A2", "乙")), by=people.zhou_min
    )

    bring_in(college, former, workbook(("A03", "A1", "丙")), by=people.zhou_min)

    assert kept(college) == {"A1": "丙"}
    told = [entry.after for entry in college.entries(f"cycle:{former.id}") if entry.after]
    assert told == ["course: 2", "course: 1"]


def carry(college: College, people: People) -> Any:
    place = {"period": YEAR.code, "department": "A03"}
    by = {"by": people.li_jing, "now": NOW}
    return carry_forward(college.session, college.store, TABLE, **by, **place, dry_run=False)


def test_rows_of_a_former_year_are_taken_over_and_then_it_is_not_replaced_any_more(
    college: College, people: People, former: Cycle
) -> None:
    file = workbook(("A03", "A1", "高等数学"))
    bring_in(college, former, file, by=people.zhou_min)

    assert carry(college, people).created == 1

    with pytest.raises(Refused) as refused:
        bring_in(college, former, file, by=people.zhou_min)
    assert refused.value.reason is Reason.LOCKED


def test_nobody_types_into_a_former_year(college: College, people: People, former: Cycle) -> None:
    with pytest.raises(Refused) as refused:
        college.change(TABLE, by=people.li_jing, period=YEAR.previous.code)

    assert refused.value.reason is Reason.LOCKED
    assert "former years" in refused.value.message.english()
