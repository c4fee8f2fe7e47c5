"""Two people at one submission: of two steps at once one succeeds (INV10)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.access.person import Actor
from app.actions.base_table import apply_changes
from app.actions.row_change import INSERT, Change
from app.actions.submission import take_step
from app.actions.submission_step import StepRequest
from app.domain.cycle import CycleStatus
from app.domain.message import Refused
from app.domain.submission import STEPS, Holder, Status, Step, Verb
from app.models.cycle import Cycle
from tests.college import NOW, College
from tests.people import People
from tests.submissions import ANSWERS, locked, submission_at


def at_once(*acts: Callable[[], object]) -> list[str]:
    """``done`` or the kind of refusal for each act, all begun at the same moment."""
    start = Barrier(len(acts))

    def tried(act: Callable[[], object]) -> str:
        start.wait()
        try:
            act()
        except Refused as refusal:
            return refusal.reason.value
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(tried, acts))


def step(college: College, verb: Verb, by: Actor) -> Callable[[], object]:
    submission = college.submission("course")

    def take() -> None:
        with college.open_session() as session:
            request = StepRequest(verb, submission.version, **ANSWERS)
            take_step(session, college.store, submission.id, request, by=by, now=NOW)

    return take


@pytest.mark.parametrize(
    ("status", "one", "other"),
    [
        (Status.SUBMITTED, (Verb.RECEIVE, "zhou_min"), (Verb.RECEIVE, "sun_li")),
        (Status.SUBMITTED, (Verb.RECEIVE, "zhou_min"), (Verb.WITHDRAW, "wang_qiang")),
        (Status.UNDER_QA_REVIEW, (Verb.ACCEPT, "zhou_min"), (Verb.SEND_BACK, "sun_li")),
        (Status.AWAITING_CONFIRMATION, (Verb.CONFIRM, "wang_qiang"), (Verb.CONFIRM, "wang_qiang")),
        (Status.ENTERING, (Verb.FINISH, "li_jing"), (Verb.EXEMPT, "zhou_min")),
    ],
)
def test_of_two_steps_at_once_one_is_taken(
    college: College,
    people: People,
    status: Status,
    one: tuple[Verb, str],
    other: tuple[Verb, str],
) -> None:
    before = submission_at(college, status, rows=1)
    entries = len(college.entries())

    acts = [step(college, verb, getattr(people, name)) for verb, name in (one, other)]

    assert at_once(*acts) == ["conflict", "done"]
    assert college.submission("course").version == before.version + 1
    assert len(college.entries()) == entries + 1


TAKERS = {
    Holder.FILLER: "li_jing",
    Holder.STEWARD: "li_jing",
    Holder.HEAD: "wang_qiang",
    Holder.QA_OFFICE: "sun_li",
}


@pytest.mark.parametrize(
    "taken",
    [each for each in STEPS if each.holder is not Holder.CYCLE],
    ids=lambda each: f"{each.source}-{each.verb}",
)
def test_every_step_that_two_take_at_once_is_taken_once(
    college: College, people: People, taken: Step
) -> None:
    """The other one is told; a table finished without rows is a nil return."""
    before = submission_at(college, taken.source)
    if taken.needs_second:
        step(college, taken.verb, people.zhou_min)()
    subject = f"submission:{before.id}"
    entries = len(college.entries(subject))
    by = getattr(people, TAKERS[taken.holder])

    told = at_once(step(college, taken.verb, by), step(college, taken.verb, by))

    after = college.submission("course")
    assert told == ["conflict", "done"]
    assert (after.status, after.version) == (taken.target, before.version + 1)
    steps = [e for e in college.entries(subject)[entries:] if e.tag == f"submission.{taken.verb}"]
    assert len(steps) == 1


def test_a_row_added_while_the_table_is_finished_is_either_in_or_refused(
    college: College, people: People
) -> None:
    submission_at(college, Status.ENTERING, rows=1)

    def add() -> None:
        with college.open_session() as session:
            changes = [Change(INSERT, college.row("course", 2))]
            place = {"period": "2025-2026", "department": "A03"}
            apply_changes(
                session, college.store, "course", changes, by=people.li_jing, now=NOW, **place
            )

    told = at_once(add, step(college, Verb.FINISH, people.li_jing))

    submission = college.submission("course")
    assert told in (["done", "done"], ["done", "locked"])
    assert submission.status is Status.UNDER_REVIEW
    step(college, Verb.REVIEW, people.li_jing)()
    step(college, Verb.CONFIRM, people.wang_qiang)()


def test_a_year_that_was_locked_since_it_was_read_moves_no_table(
    college: College, people: People
) -> None:
    exempt = submission_at(college, Status.EXEMPT)
    cycle_id = college.founded.cycle_id
    with college.open_session() as session:
        # As long as a page holds the year, the session does not read it again by itself.
        seen = session.get_one(Cycle, cycle_id)
        assert seen.status is CycleStatus.OPEN
        locked(college, "quality_project")

        request = StepRequest(Verb.REOPEN, exempt.version, reason="适用")
        with pytest.raises(Refused) as refused:
            take_step(session, college.store, exempt.id, request, by=people.zhou_min, now=NOW)

    assert "is not open" in refused.value.message.english()
