"""The collection year from its preparation to the archive (第七条—第九条, 第十二条)."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from app.actions.cycle import CycleRequest, prepare_cycle, take_cycle_step
from app.domain.assignment import AssignmentKind
from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.message import Reason, Refused
from app.domain.submission import Status
from app.models.assignment import Assignment
from app.models.cycle import CatalogueRevision, Cycle
from app.models.request import Request
from tests.actions.test_permission import granted
from tests.actions.test_submission_races import at_once
from tests.assignments import change, each
from tests.college import DUE, NOW, YEAR, College
from tests.people import People
from tests.submissions import exempt_the_rest, finish_again, locked, submission_at

OTHERS = ["li_jing", "wang_qiang", "ma_chao", "administrator", "leader", "archivist", "reader"]
# Written by hand: what the quality office may do with a year and where it leads.
PERMITTED = {
    CycleStatus.PREPARING: {CycleVerb.OPEN: CycleStatus.OPEN},
    CycleStatus.OPEN: {CycleVerb.CLOSE: CycleStatus.CLOSED},
    CycleStatus.CLOSED: {
        CycleVerb.EXTEND: CycleStatus.OPEN,
        CycleVerb.LOCK: CycleStatus.LOCKED,
    },
    CycleStatus.LOCKED: {CycleVerb.UNLOCK: CycleStatus.CLOSED},
    CycleStatus.ARCHIVED: {},
}
ANSWERS = {"reason": "按校长办公会决定", "due_at": DUE + timedelta(days=30)}


def refused(college: College, verb: CycleVerb, **asked) -> Refused:
    """The refusal, after nothing was changed."""
    before, entries = college.cycle, len(college.entries())
    with pytest.raises(Refused) as refusal:
        college.year_step(verb, **asked)
    assert (college.cycle.status, college.cycle.version) == (before.status, before.version)
    assert len(college.entries()) == entries
    return refusal.value


def put(college: College, status: CycleStatus) -> None:
    """The open year in a status, whatever led there."""
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)
    cycle.status = status
    college.session.commit()
    if status is CycleStatus.PREPARING:
        forget_submissions(college)


def forget_submissions(college: College) -> None:
    college.session.execute(delete(type(college.submission("course"))))
    college.session.commit()


@pytest.mark.parametrize("status", list(CycleStatus))
def test_every_other_step_of_a_year_is_refused(
    college: College, people: People, status: CycleStatus
) -> None:
    put(college, status)

    for verb in CycleVerb:
        if verb not in PERMITTED[status]:
            refused(college, verb, by=people.zhou_min, **ANSWERS)
        for name in OTHERS:
            refused(college, verb, by=getattr(people, name), **ANSWERS)


@pytest.mark.parametrize(
    ("status", "verb", "target"),
    [
        (status, *step)
        for status, steps in PERMITTED.items()
        for step in steps.items()
        if step[0] is not CycleVerb.UNLOCK
    ],
)
def test_a_permitted_step_of_a_year_is_recorded_once(
    college: College, people: People, status: CycleStatus, verb: CycleVerb, target: CycleStatus
) -> None:
    exempt_the_rest(college)
    put(college, status)

    after = college.year_step(verb, by=people.zhou_min, **ANSWERS)

    [*_, entry] = college.entries(f"cycle:{after.id}")
    assert after.status is target
    assert (entry.tag, entry.before, entry.after) == (f"cycle.{verb}", status, target)
    assert (entry.person_name, entry.reason) == ("周敏", "按校长办公会决定")


def test_a_year_is_prepared_once(college: College, people: People) -> None:
    cycles = len(college.all(Cycle))

    with pytest.raises(Refused) as refusal:
        prepare_cycle(college.session, YEAR, due_at=DUE, by=people.zhou_min, now=NOW)

    assert refusal.value.reason is Reason.CONFLICT
    assert len(college.all(Cycle)) == cycles


def test_a_year_prepared_by_two_at_once_is_prepared_once(college: College, people: People) -> None:
    def prepare() -> None:
        with college.open_session() as session:
            prepare_cycle(session, YEAR.next, due_at=DUE, by=people.zhou_min, now=NOW)

    assert at_once(prepare, prepare) == ["conflict", "done"]
    assert [cycle.academic_year for cycle in college.all(Cycle)] == ["2025-2026", "2026-2027"]


@pytest.mark.parametrize("name", OTHERS)
def test_only_the_quality_office_prepares_a_year(
    college: College, people: People, name: str
) -> None:
    with pytest.raises(Refused) as refusal:
        prepare_cycle(college.session, YEAR.next, due_at=DUE, by=getattr(people, name), now=NOW)

    assert refusal.value.reason is Reason.FORBIDDEN
    assert len(college.all(Cycle)) == 1


def test_a_year_with_unassigned_tables_does_not_open(college: College, people: People) -> None:
    year = college.next_year()
    wanted = {"course", "staff"}
    college.session.execute(
        delete(Assignment).where(
            Assignment.cycle_id == year, Assignment.table_identifier.in_(wanted)
        )
    )
    college.session.commit()

    with pytest.raises(Refused) as refusal:
        open_year(college, year, people)

    told = [detail.parameters["table"] for detail in refusal.value.details]
    assert told == [college.store.catalogue.tables[name].title for name in ("staff", "course")]
    assert len(college.submissions()) == len({s.id for s in college.submissions()})


def open_year(college: College, year: int, people: People) -> Cycle:
    request = CycleRequest(CycleVerb.OPEN, 1, revision=b"files")
    return take_cycle_step(
        college.session, college.store, year, request, by=people.zhou_min, now=NOW
    )


def test_guidance_alone_does_not_make_a_table_assigned(college: College, people: People) -> None:
    year = college.next_year()
    college.session.execute(
        delete(Assignment).where(
            Assignment.cycle_id == year, Assignment.kind == AssignmentKind.OWN_STAFF
        )
    )
    college.session.commit()

    with pytest.raises(Refused) as refusal:
        open_year(college, year, people)

    assert len(refusal.value.details) == 2


def test_opening_makes_one_submission_per_table_to_report(college: College, people: People) -> None:
    year = college.next_year()

    open_year(college, year, people)

    owing = [a for a in college.all(Assignment) if a.cycle_id == year and a.kind != "guidance"]
    made = [s for s in college.submissions() if s.cycle_id == year]
    assert sorted((s.table_identifier, s.department_code) for s in made) == sorted(
        (a.table_identifier, a.department_code) for a in owing
    )
    assert {s.status for s in made} == {Status.NOT_STARTED}
    assert {s.period for s in made} == {"2026-2027", "2026", "2027-08-31"}


def test_an_opened_year_keeps_the_catalogue_it_uses(college: College, people: People) -> None:
    year = college.next_year()

    cycle = open_year(college, year, people)

    [revision] = college.all(CatalogueRevision)
    assert cycle.catalogue_digest == revision.digest == college.store.catalogue.digest
    assert cycle.opened_at == NOW


def test_a_due_date_is_extended_into_the_future_only(college: College, people: People) -> None:
    college.year_step(CycleVerb.CLOSE, by=people.zhou_min)
    later = NOW + timedelta(days=5)

    for due_at in (None, NOW, NOW - timedelta(days=1)):
        refused(college, CycleVerb.EXTEND, by=people.zhou_min, reason="系统故障", due_at=due_at)
    refused(college, CycleVerb.EXTEND, by=people.zhou_min, reason=" ", due_at=later)
    cycle = college.year_step(CycleVerb.EXTEND, by=people.zhou_min, reason="系统故障", due_at=later)

    assert (cycle.status, cycle.due_at) == (CycleStatus.OPEN, later)
    assert cycle.closed_at == NOW


def test_a_due_date_far_beyond_the_year_is_refused(college: College, people: People) -> None:
    college.year_step(CycleVerb.CLOSE, by=people.zhou_min)
    far = NOW.replace(year=9999)

    refused(college, CycleVerb.EXTEND, by=people.zhou_min, reason="系统故障", due_at=far)

    assert college.cycle.due_at.year == 2026


def test_a_year_with_open_submissions_is_not_locked(college: College, people: People) -> None:
    submission_at(college, Status.RETURNED)
    submission_at(college, Status.SUBMITTED, "course_textbook")
    exempt_the_rest(college)
    college.year_step(CycleVerb.CLOSE, by=people.zhou_min)

    refusal = refused(college, CycleVerb.LOCK, by=people.zhou_min)

    titles = [detail.parameters["table"] for detail in refusal.details]
    tables = college.store.catalogue.tables
    assert titles == [tables["course"].title, tables["course_textbook"].title]
    assert {d.parameters["department"] for d in refusal.details} == {"教务处"}


def test_locking_locks_what_was_accepted(college: College, people: People) -> None:
    submission = locked(college, "course", rows=2)

    entries = college.entries(f"submission:{submission.id}")
    assert (submission.status, entries[-1].tag) == (Status.LOCKED, "submission.lock")
    assert (college.cycle.locked_by, college.cycle.locked_at) == ("04002", NOW)
    assert {s.status for s in college.submissions()} == {Status.LOCKED, Status.EXEMPT}


def test_a_year_locked_again_has_the_same_hash(college: College, people: People) -> None:
    locked(college, "course", rows=2)
    first = college.cycle.content_hash

    unlocked = college.unlock("course")
    assert (unlocked.locked_at, college.submission("course").status) == (None, Status.RETURNED)
    finish_again(college)
    college.year_step(CycleVerb.LOCK, by=people.zhou_min)

    assert college.cycle.content_hash == first
    assert len(first or "") == 64


def test_a_year_is_unlocked_by_two_and_only_what_was_named_is_opened(
    college: College, people: People
) -> None:
    submission_at(college, Status.ACCEPTED, "international_influence")
    locked(college, "course")
    seen = college.cycle

    without = refused(college, CycleVerb.UNLOCK, by=people.zhou_min, reason="更正")
    tables = (college.submission("course").id,)
    asked = college.year_step(CycleVerb.UNLOCK, by=people.zhou_min, reason="漏报", tables=tables)
    assert (asked.status, asked.version) == (CycleStatus.LOCKED, seen.version)
    college.session.execute(delete(Request))
    college.session.commit()
    unlocked = college.unlock("course", reason="漏报")

    assert "tables that have to be corrected" in without.message.msgid
    assert (unlocked.status, unlocked.version) == (CycleStatus.CLOSED, seen.version + 1)
    assert college.submission("course").status is Status.RETURNED
    assert college.submission("international_influence").status is Status.ACCEPTED


def test_a_year_with_other_data_has_another_hash(college: College, people: People) -> None:
    locked(college, "course", rows=2)
    first = college.cycle.content_hash
    college.unlock("course", reason="漏报")
    college.add("course", 3, by=people.li_jing)
    finish_again(college)

    college.year_step(CycleVerb.LOCK, by=people.zhou_min)

    assert college.cycle.content_hash not in {first, None}


def test_a_year_is_not_archived_without_its_package(college: College, people: People) -> None:
    locked(college, "course")

    refusal = refused(college, CycleVerb.ARCHIVE, by=people.archivist)

    assert "hand-over package" in refusal.message.msgid


def test_a_stale_page_of_a_year_is_told(college: College, people: People) -> None:
    refusal = refused(college, CycleVerb.CLOSE, by=people.zhou_min, version=1)

    assert refusal.reason is Reason.CONFLICT


def test_a_year_that_does_not_exist_is_not_found(college: College, people: People) -> None:
    with pytest.raises(Refused) as refusal:
        open_year(college, 999_999, people)

    assert refusal.value.reason is Reason.NOT_FOUND


def test_a_year_locked_by_two_at_once_is_locked_once(college: College, people: People) -> None:
    exempt_the_rest(college)
    college.year_step(CycleVerb.CLOSE, by=people.zhou_min)
    college.year_step(CycleVerb.LOCK, by=people.sun_li, seconded=False)
    request = CycleRequest(CycleVerb.LOCK, college.cycle.version)

    def lock() -> None:
        with college.open_session() as session:
            year = college.founded.cycle_id
            take_cycle_step(session, college.store, year, request, by=people.zhou_min, now=NOW)

    assert at_once(lock, lock) == ["conflict", "done"]


@pytest.mark.parametrize("table", ["sd_audit_entry", "sd_submission"])
def test_a_step_of_a_year_that_cannot_be_recorded_is_not_taken(
    college: College, people: People, table: str
) -> None:
    year = college.next_year()
    submissions = len(college.submissions())

    with college.refusing(table), pytest.raises(Exception, match="full"):
        open_year(college, year, people)

    assert [c.status for c in college.all(Cycle) if c.id == year] == [CycleStatus.PREPARING]
    assert len(college.submissions()) == submissions


def test_a_locked_year_lets_nobody_guide_who_does_not_guide_in_another(
    college: College, people: People
) -> None:
    following = college.next_year()
    change(college, people, each("full_time_teacher", "C01", "C02"), cycle_id=following)
    assert ("can_list_all", "full_time_teacher") in granted(college.session)["A02.head"]

    locked(college, "course")

    rights = granted(college.session)
    assert not {pair for pair in rights["A02.head"] if pair[1] == "full_time_teacher"}
    assert ("can_edit", "full_time_teacher") in rights["C01.steward"]


def test_after_locking_the_departments_keep_rows_of_the_next_year(
    college: College, people: People
) -> None:
    locked(college, "course")

    rights = granted(college.session)["A03.steward"]
    assert {"can_add", "can_edit"} <= {action for action, table in rights if table == "course"}
