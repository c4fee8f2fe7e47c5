"""Figures of departments as they are read and compared over the years."""

from decimal import Decimal

import pytest
from sqlalchemy import insert

from app.catalogue.comparison import Comparison, Figure
from app.domain.finding_state import FindingState
from app.models.compared_figure import YEARS, read_figures
from app.models.judged_place import PlaceFinding
from tests.college import YEAR, College, on_all_databases
from tests.judged import judged

TABLE = "full_time_teacher"


def put(college: College, count: int, *, years_ago: int) -> None:
    """So many teachers of the department, so many years ago."""
    year = YEAR
    for _ in range(years_ago):
        year = year.previous
    stored = college.store.tables[TABLE]
    place = {"sys_period": stored.spec.period_in(year).code, "sys_department": "C01"}
    rows = [
        college.row(TABLE, number) | place | {"sys_version": 1, "sys_key": f"{number}"}
        for number in range(1, count + 1)
    ]
    college.session.execute(insert(stored.table), rows)
    college.session.commit()


def odd(college: College) -> list[PlaceFinding]:
    """What is said of the department's figures."""
    compared = {each.identifier for each in college.store.catalogue.comparisons}
    found = judged(college, TABLE, "C01").found
    return [each for each in found if each.finding.rule in compared]


@on_all_databases
def test_a_department_is_compared_with_its_own_year_before(college: College) -> None:
    put(college, 30, years_ago=0)
    put(college, 12, years_ago=1)

    (found,) = odd(college)

    assert (found.state, found.row_id) == (FindingState.OPEN, "")
    assert found.finding.message.parameters["years"] == "12"


def test_other_figures_are_to_be_explained_anew(college: College) -> None:
    put(college, 30, years_ago=0)
    put(college, 12, years_ago=1)
    before = odd(college)[0]

    put(college, 3, years_ago=2)
    put(college, 2, years_ago=3)
    after = odd(college)[0]

    assert (before.mark == after.mark, before.values_digest == after.values_digest) == (True, False)


def test_the_years_before_come_the_latest_first(college: College) -> None:
    put(college, 3, years_ago=1)
    put(college, 5, years_ago=2)
    (comparison,) = [c for c in college.store.catalogue.comparisons if c.table == TABLE]

    (found,) = read_figures(college.session, college.store, YEAR, [comparison]).values()

    assert [year.get("C01") for year in found.before] == [3, 5, None, None, None]
    assert len(found.before) == YEARS


@on_all_databases
@pytest.mark.parametrize(("figure", "value"), [(Figure.SUM, 20.5), (Figure.MEAN, 10.25)])
def test_decimals_are_added_up_as_they_were_entered(
    college: College, figure: Figure, value: float
) -> None:
    stored = college.store.tables["fiscal_subsidy_item"]
    comparison = Comparison("QR.X", stored.spec.identifier, figure, "金额", field="amount")
    place = {"sys_period": stored.spec.period_in(YEAR).code, "sys_department": "C01"}
    rows = [
        college.row(stored.spec.identifier, number, amount=amount)
        | place
        | {"sys_version": 1, "sys_key": f"{number}"}
        for number, amount in enumerate((Decimal("12.25"), Decimal("8.25")), 1)
    ]
    college.session.execute(insert(stored.table), rows)

    found = read_figures(college.session, college.store, YEAR, [comparison])

    assert found["QR.X"].present == {"C01": value}


def test_without_years_before_nothing_is_odd(college: College) -> None:
    put(college, 30, years_ago=0)

    assert odd(college) == []
