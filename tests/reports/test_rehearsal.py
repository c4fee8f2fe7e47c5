"""The rehearsal of a year: each planted fault is told and nothing else; nothing is kept."""

from datetime import date

import pytest
from sqlalchemy import delete, func, select

from app.domain.cycle import CycleStatus
from app.domain.message import Refused
from app.domain.person import Function
from app.domain.rehearsal import Mending, RemarkKind, Scenario
from app.domain.work_plan import LAST_PHASE, Phase
from app.models.assignment import Assignment
from app.models.cycle import Cycle
from app.models.work_plan import CyclePhase
from tests.college import College
from tests.people import People
from tests.rehearsals import (
    Plant,
    appoint,
    disable,
    end,
    rehearse,
    several,
    take_away,
    told,
    unassign,
)
from tests.reports.statements import statements

SPRING = date(2027, 3, 31)
QA, HEAD, STEWARD = Function.QA_OFFICE, Function.HEAD, Function.DATA_STEWARD
ALONE = several(end("04003", QA), end("04004", QA))
FAULTS: dict[str, tuple[Plant, Mending, str]] = {
    "no steward": (end("10002", STEWARD), Mending.IN_PEOPLE, "汽车工程系 has no data steward"),
    "leaving": (end("10002", STEWARD, SPRING), Mending.IN_PEOPLE, "陈刚 ends on 2027-03-31."),
    "no head": (end("10001", HEAD), Mending.IN_PEOPLE, "汽车工程系 has no head"),
    "no login": (
        disable("chen_gang"),
        Mending.IN_PEOPLE,
        "no appointed data steward can sign in (陈刚",
    ),
    "the head is the steward": (
        several(end("10001", HEAD), appoint("10002", HEAD, "C01")),
        Mending.IN_PEOPLE,
        "陈刚: Whoever reviewed or last edited the data cannot confirm them",
    ),
    "the office is its own steward": (
        several(end("04002", QA), end("04003", QA)),
        Mending.IN_PEOPLE,
        "何芳: You belong to the department or worked on these data",
    ),
    "one judges alone": (ALONE, Mending.IN_PEOPLE, "周敏: These are data of your own office"),
    "nobody judges": (
        several(ALONE, end("04002", QA)),
        Mending.IN_PEOPLE,
        "Nobody works in the quality office",
    ),
    "nobody who judges signs in": (
        several(ALONE, disable("zhou_min")),
        Mending.IN_PEOPLE,
        "Nobody of the quality office can sign in (周敏",
    ),
    "no right": (
        take_away("head", "confirm"),
        Mending.IN_PERMISSIONS,
        "their roles lack the right",
    ),
    "no right to judge": (
        take_away("qa_office", "accept"),
        Mending.IN_PERMISSIONS,
        "is open to no member of the quality office",
    ),
    "no right on a table": (
        take_away("A03.steward", "add", "course"),
        Mending.IN_PERMISSIONS,
        "教务处: the data steward cannot enter rows of 1 tables (开设课程基本信息)",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_told_and_gone_once_mended(college: College, fault: str) -> None:
    plant, mending, said = FAULTS[fault]
    year = college.next_year()
    before = rehearse(college, year)
    assert told(before) == []

    plant(college)
    found = rehearse(college, year)
    college.session.rollback()

    assert len(told(found)) == 1, told(found)
    assert said in told(found)[0]
    assert found.of_kind(RemarkKind.DEAD_END)[0].mending is mending
    assert rehearse(college, year) == before


def test_a_table_in_nobodys_hands_is_a_dead_end(college: College) -> None:
    year = college.next_year()

    unassign(year, "course")(college)

    assert told(rehearse(college, year)) == ["1 core tables have no department: 开设课程基本信息."]


def stewards_alone(college: College, year: int) -> str:
    said = told(rehearse(college, year), RemarkKind.NOBODY_SPARE)
    return next(each for each in said if "data steward" in each)


def test_who_has_no_deputy_is_told_in_one_sentence(college: College) -> None:
    year = college.next_year()
    lonely = stewards_alone(college, year)

    appoint("10021", STEWARD, "C01")(college)

    assert "6 departments have a single appointed data steward" in lonely
    assert "汽车工程系" in lonely
    assert "汽车工程系" not in stewards_alone(college, year)


def test_weekends_and_phases_that_end_together_are_told(college: College) -> None:
    year = college.next_year()
    assert told(rehearse(college, year), RemarkKind.UNLUCKY_DATE) == []

    saturday = date(2027, 9, 18)
    for phase in Phase:
        last = None if phase is LAST_PHASE else saturday
        college.session.add(
            CyclePhase(cycle_id=year, phase=phase, begins_on=date(2027, 9, 6), last_day=last)
        )
    found = rehearse(college, year)

    weekend, together = sorted(told(found, RemarkKind.UNLUCKY_DATE))
    assert "are due on 2027-09-18, a day of the weekend." in weekend
    assert "both end on 2027-09-18." in together
    assert found.days == [date(2027, 9, 6), saturday, date(2027, 10, 15)]


def test_the_rehearsal_writes_nothing(college: College) -> None:
    year = college.next_year()

    def counts() -> dict[str, int]:
        with college.open_session() as session:
            tables = college.founded.tables.items()
            count = func.count()
            return {n: session.scalar(select(count).select_from(t)) or 0 for n, t in tables}

    before = counts()
    rehearse(college, year)

    assert not college.session.new
    assert not college.session.dirty
    college.session.commit()
    assert counts() == before


def test_the_statements_do_not_grow_with_the_departments(college: College) -> None:
    year = college.next_year()
    with statements(college) as of_all:
        assert rehearse(college, year).departments == 6
    others = delete(Assignment).where(Assignment.department_code != "C01")
    college.session.execute(others.execution_options(synchronize_session=False))
    with statements(college) as of_one:
        assert rehearse(college, year).departments == 1

    assert len(of_one) == len(of_all) <= 9, of_all


def test_the_scores_spread_as_the_scheme_says(college: College) -> None:
    spreads = {each.scenario: each for each in rehearse(college, college.next_year()).spreads}

    timely, half = spreads[Scenario.ALL_IN_TIME], spreads[Scenario.HALF_LATE]
    assert {timely.lowest, timely.median, timely.highest} == {100}
    # Three days cost three quarters of the twelve points for the first report.
    assert (half.lowest, half.highest) == (91, 100)
    assert half.late > spreads[Scenario.TENTH_LATE].late > timely.late == 0


def test_only_those_who_overlook_the_college_rehearse_it(college: College, people: People) -> None:
    year = college.next_year()
    allowed = {"zhou_min", "sun_li", "he_fang", "leader"}
    for name in allowed:
        assert rehearse(college, year, by=getattr(people, name)).tables

    for name in vars(people).keys() - allowed:
        with pytest.raises(Refused):
            rehearse(college, year, by=getattr(people, name))


@pytest.mark.parametrize("status", [CycleStatus.CLOSED, CycleStatus.LOCKED, CycleStatus.ARCHIVED])
def test_a_year_that_is_past_is_not_rehearsed(college: College, status: CycleStatus) -> None:
    college.session.get_one(Cycle, college.founded.cycle_id).status = status

    with pytest.raises(Refused, match="only a year in preparation or an open one"):
        rehearse(college, college.founded.cycle_id)


def test_an_open_year_is_rehearsed_from_today_on(college: College) -> None:
    found = rehearse(college, college.founded.cycle_id)

    assert found.days == [college.now.date(), date(2026, 10, 15)]
    assert told(found) == []
