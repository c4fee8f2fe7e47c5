"""What the old system knows is confirmed, not typed again; what people typed is not overwritten."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from app.access.person import Actor
from app.actions.row_change import DELETE, UPDATE, Change
from app.domain.assignment import AssignmentKind
from app.domain.feed import Choice, RunResult
from app.domain.message import Message, Reason, Refused
from app.domain.submission import Status
from app.exchange.feed import StalePreview, run_feed
from app.exchange.feed_difference import RejectedRow
from app.exchange.feed_open import note_refusal, open_feed
from app.exchange.feed_result import DepartmentResult
from app.models.assignment import Assignment
from app.models.feed import FeedRow
from app.models.submission import Submission
from app.reports.feed import fed_cells
from tests.college import NOW
from tests.feeds import Feeding, with_right

RAISED = "UPDATE jw_kc SET xf = 4.5 WHERE kch = 'K1'"


def typed(feeding: Feeding, code: str, **values: object) -> None:
    """The data steward changes a course in the grid."""
    row = feeding.course(code)
    change = Change(UPDATE, values, str(row["sys_id"]), str(row["sys_version"]))
    outcome = feeding.college.change("course", change, by=feeding.steward)
    assert outcome.written


def told(counts: Any) -> tuple[int, ...]:
    """Rows created, changed and unchanged, conflicts, rows vanished and rejected."""
    names = ("created", "changed", "unchanged", "conflicts", "vanished", "rejected")
    return tuple(counts[name] for name in names)


def test_preview_shows_what_would_be_written_and_writes_nothing(feeding: Feeding) -> None:
    [shown] = feeding.run().departments

    assert (shown.department, told(shown.counts)) == ("A03", (2, 0, 0, 0, 0, 0))
    assert shown.rows[0].title == "K1 · 机械制图"
    assert ("course_type", None, "A") in shown.rows[0].cells
    assert (feeding.college.rows("course"), feeding.runs()) == ([], [])


def test_run_writes_what_the_preview_showed_by_the_one_write_path(feeding: Feeding) -> None:
    done = feeding.write(digest=feeding.run().digest)

    course = feeding.course("K2")
    assert (done.written, course["credit"], course["is_core"]) == (True, Decimal("4.0"), False)
    assert course["course_type"] == "B"
    assert feeding.college.submission("course").status is Status.ENTERING
    [run] = feeding.runs()
    assert (run.created, run.result, run.person_name) == (2, RunResult.DONE, "李静")


def test_run_is_refused_when_the_source_changed_since_the_preview(feeding: Feeding) -> None:
    digest = feeding.run().digest
    feeding.source(RAISED)

    with pytest.raises(StalePreview):
        feeding.write(digest=digest)

    assert feeding.college.rows("course") == []


def test_run_is_refused_when_somebody_typed_since_the_preview(feeding: Feeding) -> None:
    digest = feeding.run().digest
    feeding.college.add("course", 1, by=feeding.steward)

    with pytest.raises(StalePreview):
        feeding.write(digest=digest)


def test_cells_that_nobody_touched_follow_the_source(feeding: Feeding) -> None:
    feeding.write()
    typed(feeding, "K1", innovation_level="国家级")
    feeding.source(RAISED)

    shown = feeding.write()

    assert told(shown.counts) == (0, 1, 1, 0, 0, 0)
    assert shown.rows[0].cells == (("credit", "3.5", "4.5"),)
    assert feeding.course("K1")["credit"] == Decimal("4.5")
    assert feeding.course("K1")["innovation_level"] == "国家级"


def test_what_people_changed_is_a_conflict_with_both_values_and_who(feeding: Feeding) -> None:
    feeding.write()
    typed(feeding, "K1", credit="3.0")
    feeding.source(RAISED)

    [found] = feeding.write().conflicts

    conflict = found.conflict
    assert (conflict.field, conflict.mine, conflict.brought) == ("credit", "3.0", "4.5")
    assert found.typed is not None
    assert found.typed.person_name == "李静"
    assert feeding.course("K1")["credit"] == Decimal("3.0")


def test_what_people_typed_before_the_feed_is_a_conflict_where_it_differs(
    feeding: Feeding,
) -> None:
    same = {"course_name": "机械制图", "course_type": "A", "is_core": True}
    feeding.college.add(
        "course",
        1,
        by=feeding.steward,
        course_code="K1",
        credit="3.0",
        **same,
        is_co_developed=False,
    )

    shown = feeding.write()

    assert told(shown.counts) == (1, 0, 0, 1, 0, 0)
    assert set(feeding.memory("K1").given) == {"course_code", "is_co_developed", *same}


def test_value_of_the_source_is_taken_where_people_decide_so(feeding: Feeding) -> None:
    feeding.write()
    typed(feeding, "K1", credit="3.0")
    [found] = feeding.run().departments[0].conflicts
    single = {(found.conflict.key, "credit"): Choice.TAKE}

    shown = feeding.write(choices={"single": single})

    assert told(shown.counts) == (0, 1, 1, 0, 0, 0)
    assert feeding.course("K1")["credit"] == Decimal("3.5")
    assert feeding.memory("K1").given["credit"][0] == "3.5"


def test_kept_value_is_asked_for_again_only_when_the_source_changes(feeding: Feeding) -> None:
    feeding.write()
    typed(feeding, "K1", credit="3.0")

    kept = feeding.write(choices={"others": Choice.KEEP})
    again = feeding.run().departments[0]
    feeding.source(RAISED)
    changed = feeding.run().departments[0]

    assert [each.counts["conflicts"] for each in (kept, again, changed)] == [0, 0, 1]
    assert (again.counts["kept"], again.counts["unchanged"]) == (1, 2)


def test_row_that_people_deleted_comes_back_only_by_decision(feeding: Feeding) -> None:
    feeding.write()
    row = feeding.course("K1")
    gone = Change(DELETE, {}, str(row["sys_id"]), str(row["sys_version"]))
    feeding.college.change("course", gone, by=feeding.steward)

    asked = feeding.write()
    kept = feeding.write(choices={"others": Choice.KEEP})
    silent = feeding.write()
    feeding.source(RAISED)
    taken = feeding.write(choices={"others": Choice.TAKE})

    assert [told(e.counts)[3] for e in (asked, kept, silent, taken)] == [1, 0, 0, 0]
    assert (taken.counts["created"], feeding.course("K1")["credit"]) == (1, Decimal("4.5"))
    assert len(feeding.college.all(FeedRow)) == 2


def test_rows_that_vanished_are_listed_and_deleted_only_untouched(feeding: Feeding) -> None:
    feeding.write()
    typed(feeding, "K2", credit="9.0")
    feeding.source("DELETE FROM jw_kc WHERE kch IN ('K1', 'K2')")
    vanished = feeding.run().departments[0].vanished
    assert {each.title[:2]: each.is_touched for each in vanished} == {"K1": False, "K2": True}

    every = frozenset(each.key for each in vanished)
    done = feeding.write(choices={"deleting": every})

    assert (done.counts["deleted"], done.counts["vanished"]) == (1, 1)
    assert [row["course_code"] for row in feeding.college.rows("course")] == ["K2"]


def test_row_that_does_not_fit_is_rejected_with_the_finding(feeding: Feeding) -> None:
    feeding.add("K3", "错类别", "9", "2.0", 0, "2025-2026", "301")
    feeding.add("K4", "不认识的部门", "1", "2.0", 0, "2025-2026", "777")

    result = feeding.run(dry_run=False)

    [shown] = result.departments
    assert told(shown.counts) == (2, 0, 0, 0, 0, 1)
    assert shown.rejected[0].title == "K3 · 错类别"
    assert "A" in str(shown.rejected[0].messages[0].parameters)
    assert result.unplaced == {"777": 1}


def test_cell_tells_its_source_as_long_as_nobody_changes_it(feeding: Feeding) -> None:
    feeding.write()
    typed(feeding, "K1", credit="3.0")
    row = feeding.course("K1")

    found = fed_cells(feeding.college.session, feeding.store, "course", {str(row["sys_id"]): row})

    [cells] = found.values()
    assert cells["course_name"].source == "教务课程库"
    assert (cells["course_name"].at > NOW, "credit" in cells) == (True, False)


def test_steward_of_another_department_cannot_run_it(feeding: Feeding) -> None:
    stranger = with_right(feeding.college.founded.people.chen_gang, ("list", "jw_kc"))

    for department in ("A03", None):
        with pytest.raises(Refused) as refusal:
            feeding.run(by=stranger, department=department)
        assert refusal.value.reason is Reason.FORBIDDEN


@pytest.mark.parametrize("who", ["li_jing", "zhou_min", "administrator", "wang_qiang"])
def test_running_takes_both_the_source_and_the_rows(feeding: Feeding, who: str) -> None:
    actor = getattr(feeding.college.founded.people, who)
    if who != "li_jing":
        actor = with_right(actor, ("list", "jw_kc"))

    with pytest.raises(Refused) as refusal:
        feeding.run(by=actor)

    assert refusal.value.reason is Reason.FORBIDDEN


def test_source_that_is_gone_is_a_refused_run_and_nothing_is_written(feeding: Feeding) -> None:
    feeding.write()
    feeding.source("ALTER TABLE jw_kc DROP COLUMN kcm")

    with pytest.raises(Refused) as refusal:
        feeding.run(dry_run=False)
    note_refusal(
        feeding.college.session,
        feeding.number,
        refusal.value,
        by=feeding.steward,
        now=feeding.now,
        translate=lambda message: message.english(),
    )

    run = feeding.runs()[-1]
    assert (run.result, run.created) == (RunResult.REFUSED, 0)
    assert "教务课程库" in str(run.refusal)


def test_locked_place_is_refused_and_what_was_given_stays(feeding: Feeding) -> None:
    feeding.write()
    submission = feeding.college.submission("course")
    with feeding.college.open_session() as session:
        session.merge(submission).status = Status.SUBMITTED
        session.commit()
    feeding.source(RAISED)

    with pytest.raises(Refused) as refusal:
        feeding.write()

    assert refusal.value.reason is Reason.LOCKED
    assert feeding.course("K1")["credit"] == Decimal("3.5")


def steward_of_both(feeding: Feeding, status: Status) -> Actor:
    """A data steward of two departments that report courses, the second one's as they stand."""
    chen_gang = feeding.college.founded.people.chen_gang
    both = (*feeding.steward.appointments, *chen_gang.appointments)
    ours = feeding.college.submission("course")
    theirs = {"cycle_id": ours.cycle_id, "table_identifier": "course", "department_code": "C01"}
    with feeding.college.open_session() as session:
        session.add(Assignment(**theirs, kind=AssignmentKind.OWN_STAFF))
        told = {"period": ours.period, "version": 1, "status_since": NOW}
        session.add(Submission(**theirs, **told, status=status))
        session.commit()
    feeding.add("K7", "发动机", "2", "2.0", 1, "2025-2026", "C01")
    return replace(feeding.steward, appointments=both)


def test_department_that_is_locked_does_not_keep_the_others(feeding: Feeding) -> None:
    steward = steward_of_both(feeding, Status.SUBMITTED)

    result = feeding.run(by=steward, dry_run=False)

    assert [each.written for each in result.departments] == [True, False]
    assert [run.result for run in feeding.runs()] == [RunResult.DONE, RunResult.REFUSED]
    assert {row["sys_department"] for row in feeding.college.rows("course")} == {"A03"}


def test_department_whose_transaction_meets_others_to_the_end_keeps_no_other(
    feeding: Feeding,
) -> None:
    steward, acts = steward_of_both(feeding, Status.NOT_STARTED), []
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorcode = sqlite3.SQLITE_BUSY

    def each(act: Callable[[], DepartmentResult]) -> DepartmentResult:
        acts.append(act)
        if len(acts) == 2:
            raise OperationalError("INSERT", {}, locked)
        return act()

    digest = feeding.run(by=steward).digest
    first, second = feeding.run(by=steward, dry_run=False, digest=digest, each=each).departments

    assert (first.written, second.written, second.refusal is None) == (True, False, False)
    assert [run.result for run in feeding.runs()] == [RunResult.DONE, RunResult.REFUSED]
    assert {row["sys_department"] for row in feeding.college.rows("course")} == {"A03"}


def test_table_of_one_row_is_fed_too(feeding: Feeding) -> None:
    fields = {"planned_courses": {"column": "hx"}}
    chosen = {"fields": fields, "filter": ["kch", "=", "K1"]}
    number = feeding.define(name="资源", target="teaching_resource", content=chosen)

    done, again = feeding.write(number=number), feeding.write(number=number)

    assert (done.counts["created"], again.counts["unchanged"]) == (1, 1)
    assert feeding.college.rows("teaching_resource")[0]["planned_courses"] == 1


def test_of_two_runs_at_once_one_writes_and_the_other_looks_again(feeding: Feeding) -> None:
    digest = feeding.run().digest
    start = Barrier(2)

    def run(_number: int) -> str:
        with feeding.college.open_session() as session:
            how = {"by": feeding.steward, "department": "A03"}
            opened = open_feed(session, feeding.store, feeding.number, **how)  # type: ignore[arg-type]
            start.wait()
            how = {"by": feeding.steward, "now": NOW, "dry_run": False, "digest": digest}
            try:
                return str(run_feed(session, feeding.store, opened, **how).written)  # type: ignore[arg-type]
            except Refused as refusal:
                return str(refusal.reason)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == ["True", "conflict"]
    assert len(feeding.college.rows("course")) == 2


def test_of_two_runs_that_change_no_row_the_later_one_looks_again(feeding: Feeding) -> None:
    feeding.write()
    typed(feeding, "K1", credit="3.0")

    def each(act: Callable[[], DepartmentResult]) -> DepartmentResult:
        feeding.write(choices={"others": Choice.KEEP})
        return act()

    with pytest.raises(StalePreview):
        feeding.write(choices={"others": Choice.TAKE}, each=each)

    assert feeding.memory("K1").kept == {"credit": "3.5"}
    assert (feeding.course("K1")["credit"], len(feeding.runs())) == (Decimal("3.0"), 2)


def test_rows_with_the_same_fault_are_told_together() -> None:
    wrong, missing = (Message("Type %(what)s.", {"what": what}) for what in ("a code", "a name"))
    rows = (RejectedRow(1, "K1", (missing,)), RejectedRow(2, "K2", (wrong,)))
    result = DepartmentResult("A03", {}, rejected=(*rows, RejectedRow(3, "K3", (wrong,))))

    assert [[row.title for row in rows] for rows in result.reasons] == [["K2", "K3"], ["K1"]]
