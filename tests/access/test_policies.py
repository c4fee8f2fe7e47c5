"""Why not: the reason that a button and the server give alike."""

from dataclasses import replace

import pytest

from app.access.person import Actor, Appointed
from app.access.policies import (
    sees_submission,
    why_locked,
    why_not_cycle_step,
    why_not_prepare_cycle,
    why_not_read,
    why_not_step,
    why_not_write,
)
from app.access.roles import CYCLE, ROLE_BY_FUNCTION, SUBMISSION, TABLE_ACTIONS
from app.catalogue.base_table import FilledBy
from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.person import COLLEGE_WIDE, Function, TeacherKind
from app.domain.submission import EDITABLE, Holder, Status, Verb, steps_from
from app.models.base_table import build_store
from app.models.cycle import Cycle
from app.models.submission import Submission
from tests.factories import seed_catalogue

STORE = build_store(seed_catalogue())
COURSE = STORE.tables["course"]
OPEN = Cycle(academic_year="2025-2026", status=CycleStatus.OPEN)


def actor(function: Function, department: str = "A03", *tables: str) -> Actor:
    """Somebody with the rights of the function, and on these tables those of its department."""
    spec = ROLE_BY_FUNCTION[function]
    granted = {(f"can_{verb}", resource) for verb, resource in spec.grants}
    for table in STORE.tables:
        actions = spec.table_actions + (spec.assigned_actions if table in tables else ())
        granted |= {(f"can_{action}", table) for action in actions}
    kind = TeacherKind.FULL_TIME if function is Function.TEACHER else None
    held = (Appointed(function, department, kind),)
    return Actor("1", "某人", "somebody", 1, held, frozenset(granted))


def submission(status: Status, **values: object) -> Submission:
    return Submission(status=status, department_code="A03", table_identifier="course", **values)


def without(person: Actor, action: str, resource: str) -> Actor:
    return replace(person, permissions=person.permissions - {(f"can_{action}", resource)})


@pytest.mark.parametrize("function", list(Function))
def test_a_table_is_read_by_those_who_reach_its_rows(function: Function) -> None:
    reason = why_not_read(actor(function, "A03", "course"), COURSE)

    readers = {Function.QA_OFFICE, Function.HEAD, Function.DATA_STEWARD}
    assert (reason is None) == (function in readers)


def test_a_teacher_reads_tables_about_teachers_only() -> None:
    teacher = actor(Function.TEACHER, "C01", "course", "full_time_publication")

    assert why_not_read(teacher, COURSE) is not None
    assert why_not_read(teacher, STORE.tables["full_time_publication"]) is None


BY_TEACHERS = [t.spec for t in STORE.tables.values() if t.spec.filled_by is FilledBy.TEACHER]
ALL_KINDS = {spec.identifier: spec.teacher_kinds for spec in BY_TEACHERS}


@pytest.mark.parametrize(
    "kinds", [(), *((kind,) for kind in TeacherKind), ("full_time", "external_visiting")]
)
def test_a_teacher_reads_and_fills_in_the_tables_of_his_own_kinds(kinds: tuple[str, ...]) -> None:
    """One of two kinds has two appointments; of one whose kind is not noted nothing is known."""
    held = tuple(Appointed(Function.TEACHER, "C01", TeacherKind(kind)) for kind in kinds)
    teacher = replace(
        actor(Function.TEACHER, "C01", *ALL_KINDS),
        appointments=held or (Appointed(Function.TEACHER, "C01"),),
    )

    for identifier, meant in ALL_KINDS.items():
        is_own = bool(set(meant) & set(kinds))
        assert (why_not_read(teacher, STORE.tables[identifier]) is None) == is_own, identifier
        refusal = why_not_write(teacher, STORE.tables[identifier], "add", "C01")
        assert (refusal is None) == is_own, identifier


def test_a_teacher_fills_in_where_he_is_of_that_kind() -> None:
    table = next(name for name, kinds in ALL_KINDS.items() if TeacherKind.IN_HOUSE in kinds)
    held = (
        Appointed(Function.TEACHER, "C01", TeacherKind.IN_HOUSE),
        Appointed(Function.TEACHER, "C02", TeacherKind.FULL_TIME),
    )
    teacher = replace(actor(Function.TEACHER, "C01", table), appointments=held)

    assert why_not_write(teacher, STORE.tables[table], "add", "C01") is None
    assert why_not_write(teacher, STORE.tables[table], "add", "C02") is not None


def test_a_table_that_names_no_kind_is_for_every_teacher() -> None:
    spec = replace(BY_TEACHERS[0], teacher_kinds=())
    stored = replace(STORE.tables[spec.identifier], spec=spec)
    teacher = replace(
        actor(Function.TEACHER, "C01", spec.identifier),
        appointments=(Appointed(Function.TEACHER, "C01"),),
    )

    assert why_not_read(teacher, stored) is None


@pytest.mark.parametrize("action", ["list", "export", "pick"])
def test_one_permission_row_decides_about_reading(action: str) -> None:
    office = actor(Function.QA_OFFICE, "A04")

    assert why_not_read(office, COURSE, action) is None
    assert why_not_read(without(office, action, "course"), COURSE, action) is not None


@pytest.mark.parametrize("action", ["add", "edit", "delete", "import"])
def test_one_permission_row_decides_about_writing(action: str) -> None:
    steward = actor(Function.DATA_STEWARD, "A03", "course")

    assert why_not_write(steward, COURSE, action, "A03") is None
    assert why_not_write(without(steward, action, "course"), COURSE, action, "A03") is not None


@pytest.mark.parametrize("function", [f for f in Function if f is not Function.DATA_STEWARD])
def test_a_permission_alone_writes_nothing(function: Function) -> None:
    everything = frozenset((f"can_{action}", "course") for action in TABLE_ACTIONS)
    person = replace(actor(function), permissions=everything)

    assert why_not_write(person, COURSE, "edit", "A03") is not None


def test_a_steward_writes_rows_of_his_own_department_only() -> None:
    steward = actor(Function.DATA_STEWARD, "A03", "course")

    reason = why_not_write(steward, COURSE, "edit", "C01")

    assert reason is not None
    assert reason.parameters["table"] == COURSE.spec.title


def test_a_teacher_writes_where_he_teaches_and_teachers_fill_in() -> None:
    own, other = "full_time_publication", "course"
    teacher = actor(Function.TEACHER, "C01", own, other)

    assert why_not_write(teacher, STORE.tables[own], "add", "C01") is None
    assert why_not_write(teacher, STORE.tables[own], "add", "C02") is not None
    assert why_not_write(teacher, STORE.tables[other], "add", "C01") is not None


@pytest.mark.parametrize("status", list(CycleStatus))
def test_rows_are_locked_with_their_year(status: CycleStatus) -> None:
    cycle = Cycle(academic_year="2025-2026", status=status)

    reason = why_locked(cycle, None, is_assigned=True)

    assert (reason is not None) == (status in {CycleStatus.LOCKED, CycleStatus.ARCHIVED})


@pytest.mark.parametrize("status", list(Status))
def test_rows_are_locked_with_their_submission(status: Status) -> None:
    reason = why_locked(OPEN, submission(status), is_assigned=True)

    assert (reason is None) == (status in EDITABLE)


def test_rows_without_year_or_assignment_are_locked() -> None:
    assert why_locked(None, None, is_assigned=True) is not None
    assert why_locked(OPEN, None, is_assigned=False) is not None


@pytest.mark.parametrize("function", list(Function))
def test_a_submission_is_seen_by_its_department_the_office_and_leaders(
    function: Function,
) -> None:
    wanted = submission(Status.ENTERING)
    seen = {Function.DATA_STEWARD, Function.HEAD, Function.QA_OFFICE, Function.LEADER}

    assert sees_submission(actor(function), wanted) == (function in seen)
    elsewhere = function in seen & COLLEGE_WIDE
    assert sees_submission(actor(function, "C01"), wanted) == elsewhere
    assert not sees_submission(without(actor(function), "read", SUBMISSION), wanted)


@pytest.mark.parametrize("status", [CycleStatus.LOCKED, CycleStatus.ARCHIVED])
def test_no_step_is_taken_in_a_locked_year(status: CycleStatus) -> None:
    cycle = Cycle(academic_year="2025-2026", status=status)
    people = [actor(function) for function in Function]

    assert not [
        (here, verb)
        for here in Status
        for verb in Verb
        for person in people
        if why_not_step(person, submission(here), cycle, verb) is None
    ]


def test_entry_alone_begins_before_the_year_opens() -> None:
    cycle = Cycle(academic_year="2025-2026", status=CycleStatus.PREPARING)
    steward = actor(Function.DATA_STEWARD)

    possible = [
        verb
        for verb in Verb
        if why_not_step(steward, submission(Status.NOT_STARTED), cycle, verb) is None
    ]

    assert possible == [Verb.ENTER]


def test_late_submissions_move_after_the_due_date() -> None:
    cycle = Cycle(academic_year="2025-2026", status=CycleStatus.CLOSED)

    reason = why_not_step(
        actor(Function.DATA_STEWARD), submission(Status.ENTERING), cycle, Verb.FINISH
    )

    assert reason is None


def test_without_the_permission_row_the_step_is_refused() -> None:
    holders = {
        Holder.FILLER: Function.DATA_STEWARD,
        Holder.STEWARD: Function.DATA_STEWARD,
        Holder.HEAD: Function.HEAD,
        Holder.QA_OFFICE: Function.QA_OFFICE,
    }
    for status in Status:
        for step in steps_from(status):
            if step.holder is not Holder.CYCLE:
                person = actor(holders[step.holder])
                less = without(person, step.verb, SUBMISSION)
                assert why_not_step(person, submission(status), OPEN, step.verb) is None
                assert why_not_step(less, submission(status), OPEN, step.verb) is not None


def test_what_happens_with_the_whole_year_is_said() -> None:
    reason = why_not_step(actor(Function.QA_OFFICE), submission(Status.ACCEPTED), OPEN, Verb.LOCK)

    assert reason is not None
    assert "as a whole" in reason.msgid


@pytest.mark.parametrize(
    ("values", "fillers", "is_refused"),
    [
        ({"reviewed_by": "1"}, (), True),
        ({"reviewed_by": "2"}, ("1", "2"), True),
        ({"reviewed_by": "2"}, ("2", "1"), False),
        ({"reviewed_by": "2"}, (), False),
    ],
)
def test_the_head_confirms_what_others_reviewed_and_edited_last(
    values: dict[str, object], fillers: tuple[str, ...], is_refused: bool
) -> None:
    wanted = submission(Status.AWAITING_CONFIRMATION, **values)

    reason = why_not_step(actor(Function.HEAD), wanted, OPEN, Verb.CONFIRM, fillers)

    assert (reason is not None) == is_refused


@pytest.mark.parametrize("name", ["finished_by", "reviewed_by", "confirmed_by"])
@pytest.mark.parametrize(
    ("status", "verb"),
    [(Status.SUBMITTED, Verb.RECEIVE), (Status.UNDER_QA_REVIEW, Verb.ACCEPT)],
)
def test_nobody_judges_what_he_handled(status: Status, verb: Verb, name: str) -> None:
    office = actor(Function.QA_OFFICE, "A04")

    assert why_not_step(office, submission(status), OPEN, verb) is None
    assert why_not_step(office, submission(status, **{name: "1"}), OPEN, verb) is not None
    assert why_not_step(office, submission(status), OPEN, verb, ("2", "1")) is not None


@pytest.mark.parametrize("status", list(CycleStatus))
def test_a_year_is_moved_by_the_quality_office_alone(status: CycleStatus) -> None:
    cycle = Cycle(academic_year="2025-2026", status=status)

    may = {
        function
        for function in Function
        for verb in CycleVerb
        if why_not_cycle_step(actor(function), cycle, verb) is None
    }

    assert may == ({Function.QA_OFFICE} if status is not CycleStatus.ARCHIVED else set())


def test_a_permission_without_the_function_moves_no_year() -> None:
    steward = actor(Function.DATA_STEWARD)
    granted = replace(steward, permissions=steward.permissions | {("can_open", CYCLE)})
    cycle = Cycle(academic_year="2025-2026", status=CycleStatus.PREPARING)

    assert why_not_cycle_step(granted, cycle, CycleVerb.OPEN) is not None
    assert why_not_prepare_cycle(granted) is not None
    assert why_not_prepare_cycle(actor(Function.QA_OFFICE)) is None


def test_the_archive_waits_for_the_package() -> None:
    cycle = Cycle(academic_year="2025-2026", status=CycleStatus.LOCKED)

    reason = why_not_cycle_step(actor(Function.ARCHIVE), cycle, CycleVerb.ARCHIVE)

    assert reason is not None
    assert "hand-over package" in reason.msgid
