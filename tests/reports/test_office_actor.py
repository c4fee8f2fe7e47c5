"""Everybody in office read at once is everybody read one by one."""

from dataclasses import replace
from datetime import date

from app.domain.person import Function
from app.reports.office_actor import last_days, offices_on
from tests.college import NOW, College
from tests.people import People
from tests.rehearsals import disable, end

ACTING = (Function.DATA_STEWARD, Function.HEAD, Function.QA_OFFICE)


def test_the_actors_are_those_that_sign_in(college: College, people: People) -> None:
    office = offices_on(college.session, [NOW.date()], ACTING)[0]
    read = {actor.number: actor for actors in office.actors.values() for actor in actors}

    acting = [p for p in vars(people).values() if any(p.holds(each) for each in ACTING)]
    assert read == {actor.number: replace(actor, contributions=()) for actor in acting}


def test_each_day_has_those_in_office_then(college: College) -> None:
    end("10002", Function.DATA_STEWARD, date(2026, 12, 31))(college)
    days = [date(2026, 12, 31), date(2027, 1, 1)]

    before, after = offices_on(college.session, days, ACTING)

    assert [a.name for a in before.holding(Function.DATA_STEWARD, "C01")] == ["陈刚"]
    assert after.holding(Function.DATA_STEWARD, "C01") == ()
    assert last_days(college.session, ACTING) == {
        (Function.DATA_STEWARD, "C01"): ("陈刚", date(2026, 12, 31))
    }


def test_who_cannot_sign_in_is_named_and_acts_nowhere(college: College) -> None:
    disable("chen_gang")(college)

    office = offices_on(college.session, [NOW.date()], ACTING)[0]

    assert office.holding(Function.DATA_STEWARD, "C01") == ()
    assert office.names[Function.DATA_STEWARD, "C01"] == ["陈刚"]
