"""Another system's table goes through the year like a base table (decision record 0017)."""

from dataclasses import replace

import pytest

from app.actions.return_item import take_item_step
from app.actions.row_change import DELETE, INSERT, Change
from app.catalogue.adopted_table import ColumnMapping
from app.catalogue.reported_table import with_reported
from app.catalogue.reporting import read_reporting
from app.domain.cycle import CycleVerb
from app.domain.message import Reason, Refused
from app.domain.return_item import ItemState, ItemVerb, WantedItem
from app.domain.submission import Status, Verb
from app.models.audit_log import ChangeSet
from app.models.base_table_rows import fillers_of
from app.models.cycle import Cycle
from app.models.reported_table import build_whole_store
from app.models.return_item import ReturnItem
from app.models.stored_check import read_place
from app.reports.board import read_board
from app.reports.consolidation import consolidated_tables
from app.reports.submission import list_submissions, read_submission
from tests.assignments import change, each, one
from tests.college import NOW, on_all_databases
from tests.reporting import TABLE, Reporting
from tests.submissions import ANSWERS, exempt_the_rest

pytestmark = on_all_databases
NEW = {"bh": "A9", "xn": "25-26", "dw": 301, "mc": "新奖", "dj": "省"}


@pytest.fixture
def assigned(reporting: Reporting) -> Reporting:
    """教务处 reports the table in the open year."""
    change(reporting.college, reporting.people, one(TABLE, "A03"))
    return reporting


def finish(at: Reporting) -> None:
    """Mend what is wrong and finish."""
    at.set("A2", mc="挑战杯")
    at.college.step(at.submission(), Verb.FINISH, by=at.actor("li_jing"))


def report(at: Reporting) -> None:
    """On from finishing to the quality office."""
    for verb, name in (
        (Verb.REVIEW, "li_jing"),
        (Verb.CONFIRM, "wang_qiang"),
        (Verb.RECEIVE, "sun_li"),
    ):
        at.college.step(at.submission(), verb, by=at.actor(name), **ANSWERS)


def why_locked(at: Reporting, key: str = "A1", **values: object) -> str:
    """The reason against changing a row now."""
    with pytest.raises(Refused) as refusal:
        at.set(key, **(values or {"mc": "改名"}))
    assert refusal.value.reason is Reason.LOCKED
    return refusal.value.message.english()


def test_table_goes_through_a_year(assigned: Reporting) -> None:
    college, steward = assigned.college, assigned.actor("li_jing")
    assert assigned.submission().status is Status.NOT_STARTED
    with pytest.raises(Refused) as blocked:
        college.step(assigned.submission(), Verb.FINISH, by=steward)
    assert [detail.msgid for detail in blocked.value.details] == ["Please fill in %(label)s."]
    finish(assigned)
    assert "cannot be changed now" in why_locked(assigned)
    report(assigned)
    college.step(assigned.submission(), Verb.SEND_BACK, by=assigned.actor("sun_li"), **ANSWERS)
    assigned.set("A1", mc="数学建模竞赛")
    college.step(assigned.submission(), Verb.FINISH, by=steward)
    report(assigned)
    college.step(assigned.submission(), Verb.ACCEPT, by=assigned.actor("sun_li"), **ANSWERS)
    assigned.run("""UPDATE "jl" SET "mc" = 'von anderen' WHERE "bh" = 'A1' """)
    exempt_the_rest(college)
    college.year_step(CycleVerb.CLOSE, by=assigned.actor("zhou_min"))
    college.year_step(CycleVerb.LOCK, by=assigned.actor("zhou_min"))
    assert consolidated(assigned) == [("A1", "数学建模竞赛"), ("A2", "挑战杯")]


def consolidated(at: Reporting) -> list[tuple[object, object]]:
    """Key and name of the rows that the college reports."""
    cycle = at.college.session.get_one(Cycle, at.college.founded.cycle_id, populate_existing=True)
    tables = consolidated_tables(
        at.college.session, at.college.store, at.actor("zhou_min"), cycle, with_rows=True
    )
    [found] = [table for table in tables if table.spec.identifier == TABLE]
    frame = found.parts[0].frame
    assert frame is not None
    return frame.select("bh", "mc").rows()


def test_rows_are_entered_at_their_place_only(assigned: Reporting) -> None:
    done = assigned.change(Change(INSERT, NEW))
    assert done.written
    assert assigned.submission().status is Status.ENTERING
    [log] = assigned.college.all(ChangeSet)
    assert (log.period, log.department_code, log.row_count) == ("2025-2026", "A03", 1)
    with assigned.college.open_session() as session:
        assert list(fillers_of(session, assigned.submission())) == ["03002"]
    [unknown] = assigned.change(Change(INSERT, NEW | {"bh": "A8", "xn": "2025"})).results
    assert [(f.field, f.message.parameters["example"]) for f in unknown.findings] == [
        ("xn", "25-26")
    ]
    assert "There is no collection year" in why_locked(assigned, "A3")


def test_place_fills_what_a_new_row_leaves_empty(assigned: Reporting) -> None:
    values = {"bh": "A9", "mc": "新奖", "xn": None}
    done = assigned.change(Change(INSERT, values), usual={"xn": "25-26", "dw": "301"})
    assert done.results[0].values["dw"] == 301
    assert str(done.results[0].values["xn"]).rstrip() == "25-26"


def test_default_of_the_database_sends_no_row_to_a_locked_place(assigned: Reporting) -> None:
    keeper = assigned.actor("li_jing", "list_all")
    values = {code: value for code, value in NEW.items() if code != "dw"}
    assert assigned.change(Change(INSERT, values), by=keeper).written
    finish(assigned)
    with pytest.raises(Refused) as refusal:
        assigned.change(Change(INSERT, values | {"bh": "A10"}), by=keeper)
    assert refusal.value.reason is Reason.LOCKED
    assert "A10" not in assigned.rows()


def test_row_does_not_come_to_a_locked_place_nor_leave_it(assigned: Reporting) -> None:
    change(assigned.college, assigned.people, each(TABLE, "A03", "C01"))
    finish(assigned)
    keeper = assigned.actor("li_jing", "list_all", "delete")
    for key, values in (("A1", {"dw": 501}), ("B1", {"dw": 301}), ("X1", {"dw": 301})):
        with pytest.raises(Refused) as refusal:
            assigned.set(key, keeper, **values)
        assert refusal.value.reason is Reason.LOCKED
    with pytest.raises(Refused):
        assigned.change(Change(DELETE, id=assigned.rows(keeper)["A1"].id), by=keeper)
    assert assigned.set("B1", keeper, mc="改名").written
    assert assigned.set("X1", keeper, mc="改名").written
    assert assigned.submission("C01").status is Status.ENTERING


def test_foreign_department_is_kept_out(assigned: Reporting) -> None:
    assert set(assigned.rows()) == {"A1", "A2", "A3"}
    other = assigned.rows(assigned.actor("zhou_min"))["B1"]
    [missing] = assigned.change(Change("update", {"mc": "改名"}, other.id, other.version)).results
    [stray] = assigned.change(Change(INSERT, NEW | {"dw": 501})).results
    assert (missing.outcome, stray.outcome) == ("rejected", "rejected")
    with pytest.raises(Refused) as refusal:
        assigned.set("B1", assigned.actor("zhou_min"), mc="改名")
    assert refusal.value.reason is Reason.FORBIDDEN


def test_rows_stay_with_their_department_when_the_table_changes_hands(assigned: Reporting) -> None:
    change(assigned.college, assigned.people, one(TABLE, "C01"))
    assert {
        s.department_code for s in assigned.college.submissions() if s.table_identifier == TABLE
    } == {"C01"}
    assert set(assigned.rows(assigned.actor("chen_gang"))) == {"B1"}
    assert not assigned.actor("li_jing").may("edit", TABLE)


def test_what_another_program_changes_is_not_confirmed(assigned: Reporting) -> None:
    finish(assigned)
    assigned.college.step(
        assigned.submission(), Verb.REVIEW, by=assigned.actor("li_jing"), **ANSWERS
    )
    assigned.run("""UPDATE "jl" SET "je" = 1 WHERE "bh" = 'A1' """)
    with pytest.raises(Refused) as refusal:
        assigned.college.step(
            assigned.submission(), Verb.CONFIRM, by=assigned.actor("wang_qiang"), **ANSWERS
        )
    assert refusal.value.reason is Reason.CONFLICT


def test_an_item_on_a_row_is_answered_by_changing_it(assigned: Reporting) -> None:
    college, steward = assigned.college, assigned.actor("li_jing")
    finish(assigned)
    report(assigned)
    wanted = WantedItem("名称不全", assigned.rows()["A1"].id, "mc")
    office = assigned.actor("sun_li")
    college.step(assigned.submission(), Verb.SEND_BACK, by=office, items=[wanted])
    number, session = assigned.submission().id, college.session
    step = (session, college.store, number, [1], ItemVerb.CHANGE, None)

    with pytest.raises(Refused):
        take_item_step(*step, by=steward, now=NOW)
    assigned.set("A1", mc="数学建模竞赛")
    take_item_step(*step, by=steward, now=NOW)

    [item] = college.all(ReturnItem)
    assert (item.state, item.row_number, item.addressee_name) == (ItemState.CHANGED, 1, "李静")
    finished = college.step(assigned.submission(), Verb.FINISH, by=steward)
    assert finished.change_counts == {"added": 0, "removed": 0, "changed": 1, "cells": 1}


def test_table_that_is_gone_is_told_in_words(assigned: Reporting) -> None:
    college = assigned.college
    assigned.run('DROP TABLE "jl"')
    page = read_submission(
        college.session, college.store, assigned.actor("li_jing"), assigned.submission().id, now=NOW
    )
    assert page.check is None
    assert page.why_no_check is not None
    with pytest.raises(Refused) as refusal:
        college.step(assigned.submission(), Verb.FINISH, by=assigned.actor("li_jing"))
    assert "statedata drift" in refusal.value.message.english()


def test_lists_and_board_have_the_table(assigned: Reporting) -> None:
    college, office = assigned.college, assigned.actor("zhou_min")
    lines = list_submissions(college.session, college.store, office, college.cycle, now=NOW)
    assert TABLE in {line.spec.identifier for line in lines}
    board = read_board(college.session, college.store, office, college.cycle, now=NOW)
    assert TABLE in {line.spec.identifier for line in board.lines}
    assert office.may("list_all", TABLE)
    assert not assigned.actor("li_jing").may("import", TABLE)


def test_day_tells_the_period_too(reporting: Reporting) -> None:
    college = reporting.college
    words = {"number": "2.50", "period": "point_in_time", "point": "05-01"}
    mapping = ColumnMapping(period="rq", department="dw")
    marked = replace(
        reporting.live.spec,
        mapping=mapping,
        report=read_reporting({**words, "departments": {"301": "A03"}}),
    )
    alone = replace(college.store.catalogue, adopted={})
    catalogue = with_reported(alone, {TABLE: marked}, "overrides.yaml")
    stored = build_whole_store(catalogue, {TABLE: marked}).of_others[TABLE]
    rows = read_place(college.session, stored, "2026-05-01", "A03")
    assert [stored.values_of(row)["bh"] for row in rows] == ["A1"]
    assert not read_place(college.session, stored, "2026-05-02", "A03")
