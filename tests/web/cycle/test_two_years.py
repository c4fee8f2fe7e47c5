"""One year is past its due date while the next one collects: neither shows in the other."""

import pytest
from sqlalchemy import select

from app.domain.cycle import CycleStatus, CycleVerb
from app.models.cycle import Cycle
from app.models.submission import Submission
from tests.demo import DemoCollege
from tests.web.assignment.years import prepare
from tests.web.cycle.test_cycles import stored, year_step


@pytest.fixture
def years(demo: DemoCollege) -> tuple[Cycle, Cycle]:
    """The year that is closed, and the one after it that is open."""
    former = demo.cycle
    following = prepare(demo)
    assert year_step(demo, "qa", former, CycleVerb.CLOSE).status_code == 302
    assert year_step(demo, "qa", stored(demo, following), CycleVerb.OPEN).status_code == 302
    return stored(demo, former), stored(demo, following)


def numbers(demo: DemoCollege, cycle: Cycle) -> set[str]:
    """The ids of all submissions of the year."""
    query = select(Submission.id).where(Submission.cycle_id == cycle.id)
    with demo.session() as session:
        return {str(number) for number in session.scalars(query)}


def test_both_years_are_under_way(years: tuple[Cycle, Cycle]) -> None:
    assert [year.status for year in years] == [CycleStatus.CLOSED, CycleStatus.OPEN]


def test_submissions_are_those_of_the_year_that_is_asked_for(
    demo: DemoCollege, years: tuple[Cycle, Cycle]
) -> None:
    for year in years:
        answer = demo.caller("qa").get("submissions", cycle=year.academic_year)
        assert {each["id"] for each in answer.json["submissions"]} == numbers(demo, year)


def test_the_board_counts_one_year(demo: DemoCollege, years: tuple[Cycle, Cycle]) -> None:
    for year in years:
        figures = demo.caller("qa").get("board", cycle=year.academic_year).json["figures"]
        assert figures["owed"] + figures["exempt"] == len(numbers(demo, year))

    _former, following = years
    fresh = demo.caller("qa").get("board", cycle=following.academic_year).json["figures"]
    assert (fresh["reported"], fresh["accepted"], fresh["returned"]) == (0, 0, 0)


def test_requests_are_those_of_the_year(demo: DemoCollege, years: tuple[Cycle, Cycle]) -> None:
    former, following = years
    own = demo.caller("jwc_steward").get("submissions", cycle=following.academic_year)
    line = next(each for each in own.json["submissions"] if each["department"]["code"] == "A03")
    path = f"submissions/{line['id']}/request_exemption"
    asked = demo.caller("jwc_steward").post(path, {"reason": "本学年没有"})

    found = {
        year.id: demo.caller("qa").get("requests", cycle=year.academic_year).json["requests"]
        for year in years
    }
    assert asked.status_code == 200
    assert line["id"] in {each["submission"] for each in found[following.id]}
    assert line["id"] not in {each["submission"] for each in found[former.id]}


def test_rows_stay_in_their_own_period(demo: DemoCollege, years: tuple[Cycle, Cycle]) -> None:
    former, following = years
    before = {year.id: rows(demo, year) for year in years}
    [first, *_rest] = before[former.id]
    period = demo.period("course", following)

    change = {"op": "insert", "values": {"course_code": "ZZ0001", "course_name": "新学年的课"}}
    answer = demo.caller("jwc_steward").changes("course", change, period=period, department="A03")

    assert answer.status_code == 200
    assert rows(demo, former) == before[former.id]
    assert rows(demo, following) == ["ZZ0001"]
    assert first not in rows(demo, following)


def rows(demo: DemoCollege, year: Cycle) -> list[str]:
    """The codes of the courses of the year, as the data steward reads them."""
    read = demo.caller("jwc_steward").rows("course", period=demo.period("course", year))
    return sorted(row["values"]["course_code"] for row in read)
