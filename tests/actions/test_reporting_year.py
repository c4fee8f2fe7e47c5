"""A table of another system in the assignments of a year: taken over, opened, in the workbooks."""

from dataclasses import replace
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from app.actions.assignment_change import AssignmentsRefused
from app.actions.cycle import CycleRequest, prepare_assigned_cycle, take_cycle_step
from app.domain.cycle import CycleVerb
from app.domain.message import Message
from app.domain.submission import Status, Verb
from app.exchange.consolidation import consolidation_workbook
from app.models.assignment_plan import plans_of
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.reports.consolidation import consolidated_tables
from app.reports.submission import list_submissions
from tests.assignments import change, faults_of, one
from tests.college import DUE, NOW, YEAR
from tests.preparation import publish_plan
from tests.reporting import TABLE, Reporting
from tests.submissions import exempt_the_rest


def test_next_year_takes_the_table_over(reporting: Reporting) -> None:
    college, office = reporting.college, reporting.people.zhou_min
    change(college, reporting.people, one(TABLE, "A03"))
    due = DUE + timedelta(days=365)
    year = prepare_assigned_cycle(
        college.session, college.store, YEAR.next, due_at=due, by=office, now=NOW
    )
    assert plans_of(college.session, year)[TABLE] == one(TABLE, "A03")
    publish_plan(college.session, year.id, by=office, now=NOW)
    request = CycleRequest(CycleVerb.OPEN, year.version)
    take_cycle_step(college.session, college.store, year.id, request, by=office, now=NOW)
    [found] = [
        s for s in college.submissions() if (s.cycle_id, s.table_identifier) == (year.id, TABLE)
    ]
    assert (found.department_code, found.period) == ("A03", "2026-2027")


def test_department_without_a_code_there_is_refused(reporting: Reporting) -> None:
    with pytest.raises(AssignmentsRefused) as refusal:
        change(reporting.college, reporting.people, one(TABLE, "C02"))
    assert "has no code for" in faults_of(refusal.value)[TABLE]


def test_workbook_of_the_college_has_the_rows(reporting: Reporting) -> None:
    college, office = reporting.college, reporting.people.zhou_min
    change(college, reporting.people, one(TABLE, "A03"))
    reporting.set("A2", mc="挑战杯")
    college.step(reporting.submission(), Verb.FINISH, by=reporting.actor("li_jing"))
    accept(reporting)
    cycle = college.session.get_one(Cycle, college.founded.cycle_id, populate_existing=True)
    tables = consolidated_tables(college.session, college.store, office, cycle, with_rows=True)
    with consolidation_workbook(
        college.store.catalogue, "", tables, unmasked=False, translate=Message.english, now=NOW
    ) as file:
        sheet = load_workbook(file)["2.50 jl"]
    assert [cell.value for cell in sheet[4]][:5] == ["教务处", "A1", "25-26", 301, "数学建模"]


def accept(at: Reporting) -> None:
    """Bring what was finished to acceptance, and lock the year."""
    with at.college.open_session() as session:
        found = session.merge(at.submission())
        found.status, found.accepted_at, found.accepted_by = Status.ACCEPTED, NOW, "04003"
        session.commit()
    exempt_the_rest(at.college)
    at.college.year_step(CycleVerb.CLOSE, by=at.people.zhou_min)
    at.college.year_step(CycleVerb.LOCK, by=at.people.zhou_min)


def test_table_that_is_reported_no_more_stops_no_list(reporting: Reporting) -> None:
    college = reporting.college
    change(college, reporting.people, one(TABLE, "A03"))
    former = without(college.store)
    lines = list_submissions(
        college.session, former, reporting.people.zhou_min, college.cycle, now=NOW
    )
    assert lines
    assert TABLE not in {line.spec.identifier for line in lines}


def without(store: Store) -> Store:
    """The store after the mark was taken away."""
    return replace(store, catalogue=replace(store.catalogue, adopted={}), of_others={})
