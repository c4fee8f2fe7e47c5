"""The list of staff in the base table that the catalogue marks."""

from dataclasses import replace

import pytest

from app.domain.message import Refused
from app.models.base_table import build_store
from app.reports.staff_list import read_staff_rows
from tests.college import College
from tests.people import People


def test_the_marked_table_gives_number_name_and_department(
    college: College, people: People
) -> None:
    college.add("department", 1, by=people.wu_fan)
    college.add("staff", 1, by=people.wu_fan, staff_no="10001", name="赵勇", employment_status="1")
    college.add(
        "staff",
        2,
        by=people.wu_fan,
        staff_no="10002",
        name="陈刚",
        employment_status="5",
        dept_code=college.row("department", 1)["dept_code"],
    )

    found = read_staff_rows(college.session, college.store)

    [row] = found.rows
    assert (row.row, row.number, row.name) == (1, "10001", "赵勇")
    assert row.department == college.row("department", 1)["dept_code"]


def test_without_rows_or_without_a_mark_a_file_is_asked_for(college: College) -> None:
    with pytest.raises(Refused):
        read_staff_rows(college.session, college.store)
    catalogue = college.store.catalogue
    unmarked = {name: replace(spec, staff_list=None) for name, spec in catalogue.tables.items()}

    with pytest.raises(Refused):
        read_staff_rows(college.session, build_store(replace(catalogue, tables=unmarked)))
