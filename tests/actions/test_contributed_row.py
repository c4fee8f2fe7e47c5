"""Rows that one department contributes to the table of another: who changes them (第十条第三款)."""

from dataclasses import replace

import pytest

from app.access.contribution import contributes_only
from app.access.masks import hidden_figures, hidden_in_row
from app.access.scopes import read_scope
from app.actions.carry_forward import carry_forward
from app.actions.change_set import undo_change_set
from app.actions.row_change import DELETE, INSERT, UPDATE, UPSERT, Change
from app.domain.cooperation import CooperationStatus, CooperationVerb
from app.domain.message import Reason, Refused
from app.domain.submission import Status, Verb
from app.models.audit_log import ChangeSet
from app.models.contributed_row import ContributedRow
from app.models.snapshot import Snapshot
from app.reports.base_table import RowsRequest, read_row, read_rows
from app.reports.change_set import list_change_sets, read_change_set
from app.reports.place import find_place
from app.reports.row_history import read_history
from tests.college import College
from tests.cooperation import (
    LEAD,
    PARTNER,
    act,
    ask_part,
    contribute,
    cooperation_at,
    ids_of,
    person,
    said,
    stored_request,
)
from tests.people import People
from tests.submissions import submission_at

S, V = CooperationStatus, CooperationVerb


def marks(college: College) -> list[tuple[str, str, str, bool]]:
    """Row, whose place, who contributed it, whether it is gone."""
    return [
        (each.row_id, each.department_code, each.contributor_code, each.is_deleted)
        for each in college.all(ContributedRow)
    ]


def seen_by(college: College, name: str) -> list[str]:
    wanted = RowsRequest(period=college.period("course"))
    page = read_rows(college.session, college.store, "course", person(college, name), wanted)
    return [row.id for row in page.rows]


def change(college: College, name: str, *changes: Change, **how: object) -> object:
    return college.change("course", *changes, by=person(college, name), department=LEAD, **how)


def latest_set(college: College) -> int:
    return int(college.all(ChangeSet)[-1].id)


def undo(college: College, name: str, number: int) -> object:
    place = (college.session, college.store, "course", number)
    return undo_change_set(*place, by=person(college, name), now=college.now)


def test_a_row_stands_in_the_place_of_the_lead_and_tells_who_contributed_it(
    college: College,
) -> None:
    request = cooperation_at(college, S.SENT)

    [row_id] = ids_of(contribute(college, 1))

    [row] = college.rows("course")
    [mark] = college.all(ContributedRow)
    assert row["sys_department"] == LEAD
    assert (mark.row_id, mark.department_code, mark.contributor_code) == (row_id, LEAD, PARTNER)
    assert (mark.cooperation_id, mark.added_by) == (request.id, "10002")


def test_the_first_row_begins_the_entry_of_the_table(college: College) -> None:
    cooperation_at(college, S.SENT)
    contribute(college, 1)

    assert college.submission("course").status is Status.ENTERING


@pytest.mark.parametrize("status", S)
def test_rows_are_contributed_while_the_request_waits_for_them(
    college: College, status: CooperationStatus
) -> None:
    cooperation_at(college, status)

    if status in {S.SENT, S.ANSWERED, S.ORDERED}:
        ids_of(contribute(college, 1))
        return

    with pytest.raises(Refused):
        contribute(college, 1)
    assert not college.rows("course")
    assert not marks(college)


def test_he_sees_and_changes_the_rows_of_his_department_only(
    college: College, people: People
) -> None:
    college.add("course", 1, by=people.li_jing)
    cooperation_at(college, S.SENT)
    [own] = ids_of(contribute(college, 2))

    changed = change(college, "chen_gang", Change(UPDATE, {"course_name": "新名"}, own, "1"))

    assert changed.written  # type: ignore[attr-defined]
    assert seen_by(college, "chen_gang") == [own]
    assert seen_by(college, "zhao_yong") == [own]
    assert len(seen_by(college, "li_jing")) == 2


@pytest.mark.parametrize("op", [UPDATE, DELETE])
def test_rows_of_the_lead_do_not_exist_for_him(college: College, people: People, op: str) -> None:
    [theirs] = college.add("course", 1, by=people.li_jing)
    cooperation_at(college, S.SENT)
    values = {"course_name": "改"} if op == UPDATE else {}

    outcome = change(college, "chen_gang", Change(op, values, theirs, "1"))

    assert not outcome.written  # type: ignore[attr-defined]
    assert "does not exist" in said(outcome)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("op", [UPDATE, UPSERT])
def test_a_row_of_the_lead_that_he_meets_by_its_key_is_not_his(
    college: College, people: People, op: str
) -> None:
    """As an import does, which knows no ids."""
    college.add("course", 1, by=people.li_jing)
    cooperation_at(college, S.SENT)
    values = college.row("course", 1, course_name="改")

    outcome = change(college, "chen_gang", Change(op, values))

    assert not outcome.written  # type: ignore[attr-defined]
    assert "not contributed by your department" in said(outcome)[0]  # type: ignore[arg-type]
    assert outcome.results[0].values.get("course_name") != college.row("course", 1)["course_name"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("op", [UPDATE, DELETE])
@pytest.mark.parametrize("status", [S.SENT, S.ANSWERED, S.CONFIRMED])
def test_the_lead_changes_no_row_that_another_answers_for(
    college: College, op: str, status: CooperationStatus
) -> None:
    request = cooperation_at(college, S.SENT)
    [row_id] = ids_of(contribute(college, 1))
    for verb, name in ((V.ANSWER, "chen_gang"), (V.CONFIRM, "li_jing")):
        if stored_request(college, request.id).status is not status:
            act(college, stored_request(college, request.id), verb, by=name)

    outcome = change(
        college, "li_jing", Change(op, {"course_name": "改"} if op == UPDATE else {}, row_id, "1")
    )

    assert not outcome.written  # type: ignore[attr-defined]
    assert "Send the co-operation request back" in said(outcome)[0]  # type: ignore[arg-type]


def test_the_lead_imports_the_whole_table_with_rows_of_others_as_they_are(
    college: College, people: People
) -> None:
    cooperation_at(college, S.SENT)
    contribute(college, 1)
    rows = [Change(UPSERT, college.row("course", number)) for number in (1, 2)]

    outcome = college.change("course", *rows, by=people.li_jing, way="import")

    assert [result.outcome for result in outcome.results] == ["unchanged", "created"]
    assert len(marks(college)) == 1


def test_what_the_office_released_is_the_leads_to_change(college: College) -> None:
    request = cooperation_at(college, S.SENT)
    [row_id] = ids_of(contribute(college, 1))
    college.now = request.due_at.replace(day=28)
    for verb, name in ((V.APPEAL, "li_jing"), (V.RELEASE, "zhou_min")):
        request = act(college, request, verb, by=name)

    outcome = change(college, "li_jing", Change(DELETE, {}, row_id, "1"))

    assert outcome.written  # type: ignore[attr-defined]
    assert marks(college) == [(row_id, LEAD, PARTNER, True)]


def test_a_request_that_goes_back_opens_the_rows_again(college: College) -> None:
    request = cooperation_at(college, S.SENT)
    [row_id] = ids_of(contribute(college, 1))
    for verb, name in ((V.ANSWER, "chen_gang"), (V.CONFIRM, "li_jing")):
        request = act(college, request, verb, by=name)
    with pytest.raises(Refused):
        change(college, "chen_gang", Change(DELETE, {}, row_id, "1"))
    college.session.rollback()

    act(college, request, V.SEND_BACK, by="li_jing")

    assert change(college, "chen_gang", Change(DELETE, {}, row_id, "1")).written  # type: ignore[attr-defined]


def test_a_deleted_row_leaves_its_mark_and_an_undo_finds_it_again(college: College) -> None:
    cooperation_at(college, S.SENT)
    [row_id] = ids_of(contribute(college, 1))
    change(college, "chen_gang", Change(DELETE, {}, row_id, "1"))
    assert marks(college) == [(row_id, LEAD, PARTNER, True)]

    undo(college, "chen_gang", latest_set(college))

    assert marks(college) == [(row_id, LEAD, PARTNER, False)]
    assert seen_by(college, "chen_gang") == [row_id]


def test_taking_back_what_was_contributed_takes_the_marks_along(college: College) -> None:
    cooperation_at(college, S.SENT)
    contribute(college, 1, 2)

    undo(college, "chen_gang", latest_set(college))

    assert not college.rows("course")
    assert {each[-1] for each in marks(college)} == {True}


@pytest.mark.parametrize("is_deleted", [False, True])
def test_the_lead_takes_back_nothing_of_what_others_did(college: College, is_deleted: bool) -> None:
    cooperation_at(college, S.SENT)
    [row_id] = ids_of(contribute(college, 1))
    if is_deleted:
        change(college, "chen_gang", Change(DELETE, {}, row_id, "1"))

    taken = undo(college, "li_jing", latest_set(college))

    assert taken.count == 0  # type: ignore[attr-defined]
    assert "contributed by" in taken.left[0].reason.english()  # type: ignore[attr-defined]
    assert len(college.rows("course")) == (0 if is_deleted else 1)


def test_he_restores_no_row_that_the_lead_has_deleted(college: College, people: People) -> None:
    [theirs] = college.add("course", 1, by=people.li_jing)
    college.change("course", Change(DELETE, {}, theirs, "1"), by=people.li_jing)
    cooperation_at(college, S.SENT)

    outcome = change(
        college, "chen_gang", Change(INSERT, college.row("course", 1), restores=theirs)
    )

    assert not outcome.written  # type: ignore[attr-defined]
    assert not marks(college)


def test_changes_of_others_do_not_exist_for_him(college: College, people: People) -> None:
    college.add("course", 1, by=people.li_jing)
    theirs = latest_set(college)
    cooperation_at(college, S.SENT)
    contribute(college, 2)
    own, chen_gang = latest_set(college), person(college, "chen_gang")
    place = find_place(college.session, college.store, chen_gang, "course", department=LEAD)

    listed = list_change_sets(college.session, place, chen_gang)

    stored = college.store.tables["course"]
    assert [each.id for each in listed.sets] == [own]
    assert read_change_set(college.session, stored, chen_gang, own).rows
    for act_on in (
        lambda: read_change_set(college.session, stored, chen_gang, theirs),
        lambda: undo(college, "chen_gang", theirs),
    ):
        with pytest.raises(Refused) as caught:
            act_on()
        assert caught.value.reason is Reason.NOT_FOUND


def test_the_history_of_his_row_is_told_to_him(college: College) -> None:
    cooperation_at(college, S.SENT)
    [row_id] = ids_of(contribute(college, 1))
    change(college, "chen_gang", Change(UPDATE, {"course_name": "新名"}, row_id, "1"))

    place = (college.session, college.store, "course", person(college, "chen_gang"), row_id)
    history = read_history(*place)

    assert [entry.operation for entry in history] == ["changed", "created"]
    assert all(entry.cells for entry in history)


def test_a_row_out_of_reach_is_not_found(college: College, people: People) -> None:
    [theirs] = college.add("course", 1, by=people.li_jing)
    cooperation_at(college, S.SENT)

    with pytest.raises(Refused) as caught:
        read_row(college.session, college.store, "course", person(college, "chen_gang"), theirs)

    assert caught.value.reason is Reason.NOT_FOUND


def test_personal_values_of_his_rows_are_shown_to_him_alone(college: College) -> None:
    """Whoever answers for a row sees it whole; nobody else does."""
    ask_part(college, table="course")
    act(college, ask_part(college), V.SEND, by="li_jing")
    stored, chen_gang = college.store.tables["course"], person(college, "chen_gang")
    values: dict[str, object] = {}

    assert contributes_only(chen_gang, stored, LEAD)
    assert not contributes_only(person(college, "li_jing"), stored, LEAD)
    assert hidden_in_row(chen_gang, stored, LEAD, values) == frozenset()


def test_contributing_opens_no_figures_of_the_lead(college: College) -> None:
    cooperation_at(college, S.SENT)
    figure, store = "course.course_name", college.store

    assert hidden_figures(person(college, "chen_gang"), store, LEAD, [figure]) == {figure}
    assert not hidden_figures(person(college, "chen_gang"), store, PARTNER, [figure])
    assert not hidden_figures(person(college, "li_jing"), store, LEAD, [figure])


def test_without_the_right_to_answer_nothing_is_contributed(college: College) -> None:
    """Taking the right away takes the rows away too."""
    cooperation_at(college, S.SENT)
    chen_gang = person(college, "chen_gang")
    bare = replace(chen_gang, contributions=())

    assert read_scope(chen_gang, college.store.tables["course"]).is_open
    with pytest.raises(Refused):
        college.change(
            *("course", Change(INSERT, college.row("course", 1))), by=bare, department=LEAD
        )


def test_last_year_is_taken_over_by_the_lead_alone(college: College) -> None:
    cooperation_at(college, S.SENT)

    with pytest.raises(Refused) as caught:
        carry_forward(
            *(college.session, college.store, "course"),
            by=person(college, "chen_gang"),
            now=college.now,
            period=college.period("course"),
            department=LEAD,
        )

    assert "single rows" in caught.value.message.english()


def test_another_period_is_not_his(college: College) -> None:
    college.next_year()
    cooperation_at(college, S.SENT)
    spec = college.store.catalogue.tables["course"]
    later = spec.period_in(college.cycle.year.next).code

    with pytest.raises(Refused) as caught:
        change(college, "chen_gang", Change(INSERT, college.row("course", 1)), period=later)

    assert "co-operation request" in caught.value.message.english()


def test_findings_and_the_snapshot_cover_all_rows(college: College, people: People) -> None:
    request = cooperation_at(college, S.SENT)
    contribute(college, 1)
    college.add("course", 2, by=people.li_jing)
    for verb, name in ((V.ANSWER, "chen_gang"), (V.CONFIRM, "li_jing")):
        request = act(college, request, verb, by=name)

    college.step(college.submission("course"), Verb.FINISH, by=people.li_jing)

    [snapshot] = college.all(Snapshot)
    assert snapshot.row_count == 2


def test_what_was_handed_over_is_locked_for_him_too(college: College) -> None:
    request = cooperation_at(college, S.CONFIRMED)
    submission_at(college, Status.UNDER_REVIEW)

    with pytest.raises(Refused):
        act(college, request, V.SEND_BACK, by="li_jing")
    college.session.rollback()
    with pytest.raises(Refused):
        contribute(college, 1)


def test_many_rows_at_once_are_marked_alike(college: College) -> None:
    """An import of many rows is planned ahead of the lock."""
    cooperation_at(college, S.SENT)

    ids = ids_of(contribute(college, *range(1, 131)))

    assert sorted(row_id for row_id, *_rest in marks(college)) == sorted(ids)
