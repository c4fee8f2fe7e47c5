"""Rows that a department contributes about teachers of another one (第十条第二款、第三款)."""

from dataclasses import replace

import pytest

from app.access.person import Actor, Appointed
from app.actions import carry_forward as carry_room
from app.actions.row_change import DELETE, INSERT, UPDATE, Change, Outcome
from app.actions.supporting_material import MaterialDraft, add_material, remove_material
from app.domain.cooperation import CooperationVerb
from app.domain.message import Reason, Refused
from app.domain.period import PeriodKind, period_for
from app.domain.person import Function, TeacherKind
from app.domain.teacher_record import RecordVerb
from app.models.contributed_row import ContributedRow
from app.models.cooperation import Cooperation
from app.models.last_year import LastYear
from app.models.supporting_material import SupportingMaterial
from tests.college import YEAR, College
from tests.cooperation import act as act_on
from tests.cooperation import ask_part, ids_of, person, said
from tests.people import People
from tests.records import PLACE, TABLE, TEACHER, act, introduced, written

CONTRIBUTOR = "C02"
PDF = MaterialDraft("证书.pdf", "pdf", b"%PDF-1.4 " + b"x" * 100, None)


def asked(college: College) -> Cooperation:
    """汽车工程系 (C01) asks C02, where 罗琳 is data steward, for publications of its teachers."""
    introduced(college)
    request = ask_part(college, by="chen_gang", partner=CONTRIBUTOR, table=TABLE, lead=PLACE)
    return act_on(college, request, CooperationVerb.SEND, by="chen_gang")


def change(college: College, name: str, *changes: Change) -> Outcome:
    return college.change(TABLE, *changes, by=person(college, name), department=PLACE)


def publication(college: College, number: int = 1, staff_no: str = TEACHER) -> Change:
    row = college.row(TABLE, number, staff_no=staff_no, published_on="2026-05")
    return Change(INSERT, row)


def handed_over(college: College, *, is_adopted: bool) -> str:
    """The id of a row that 罗琳 has contributed about 刘洋 and for which he stands."""
    asked(college)
    [row_id] = ids_of(change(college, "luo_lin", publication(college)))
    act(college, RecordVerb.SUBMIT, by=college.founded.people.liu_yang)
    if is_adopted:
        act(college, RecordVerb.ADOPT, by=college.founded.people.chen_gang)
    return row_id


@pytest.mark.parametrize("is_adopted", [False, True])
@pytest.mark.parametrize("op", [INSERT, UPDATE, DELETE])
def test_who_contributes_changes_nothing_that_a_teacher_stands_for(
    college: College, people: People, op: str, *, is_adopted: bool
) -> None:
    row_id = handed_over(college, is_adopted=is_adopted)
    before = college.rows(TABLE)
    values = {"title": "改过的名称"} if op == UPDATE else {}
    wanted = publication(college, 2) if op == INSERT else Change(op, values, row_id, "1")

    outcome = change(college, "luo_lin", wanted)

    assert not outcome.written
    assert "has handed this over himself" in said(outcome)[0]
    assert college.rows(TABLE) == before


def attach(college: College, row_id: str, by: Actor) -> None:
    with college.open_session() as session:
        add_material(session, college.store, TABLE, row_id, "", PDF, by=by, now=college.now)


def why_not_attached(college: College, row_id: str, by: Actor) -> str:
    """Why somebody cannot put a file on the row."""
    with pytest.raises(Refused) as caught:
        attach(college, row_id, by)
    assert caught.value.reason is not Reason.NOT_FOUND
    return caught.value.message.english()


def written_by_himself(college: College, *, is_adopted: bool) -> str:
    """The id of a row that 刘洋 has entered and handed over."""
    introduced(college)
    [row_id] = ids_of(written(college, by=college.founded.people.liu_yang))
    attach(college, row_id, college.founded.people.liu_yang)
    act(college, RecordVerb.SUBMIT, by=college.founded.people.liu_yang)
    if is_adopted:
        act(college, RecordVerb.ADOPT, by=college.founded.people.chen_gang)
    return row_id


@pytest.mark.parametrize("is_adopted", [False, True])
def test_no_file_is_put_on_a_row_that_a_teacher_stands_for(
    college: College, people: People, *, is_adopted: bool
) -> None:
    row_id = written_by_himself(college, is_adopted=is_adopted)

    assert "handed this over himself" in why_not_attached(college, row_id, people.chen_gang)
    assert "cannot be changed now" in why_not_attached(college, row_id, people.liu_yang)


def test_no_file_is_taken_off_such_a_row(college: College, people: People) -> None:
    written_by_himself(college, is_adopted=True)
    [material] = college.all(SupportingMaterial)

    for by in (people.chen_gang, people.liu_yang):
        with college.open_session() as session, pytest.raises(Refused) as caught:
            remove_material(session, college.store, TABLE, material.id, by=by, now=college.now)
        assert caught.value.reason is Reason.LOCKED


def test_a_request_settled_meanwhile_closes_its_rows_to_files(college: College) -> None:
    request = asked(college)
    [row_id] = ids_of(change(college, "luo_lin", publication(college)))
    of_before = person(college, "luo_lin")
    for verb, name in ((CooperationVerb.ANSWER, "luo_lin"), (CooperationVerb.CONFIRM, "chen_gang")):
        request = act_on(college, request, verb, by=name)

    assert "settled" in why_not_attached(college, row_id, of_before)


@pytest.mark.parametrize("op", [UPDATE, DELETE])
def test_a_second_request_opens_no_row_of_a_settled_one(college: College, op: str) -> None:
    request = asked(college)
    [row_id] = ids_of(change(college, "luo_lin", publication(college)))
    for verb, name in ((CooperationVerb.ANSWER, "luo_lin"), (CooperationVerb.CONFIRM, "chen_gang")):
        request = act_on(college, request, verb, by=name)
    second = ask_part(college, by="chen_gang", partner=CONTRIBUTOR, table=TABLE, lead=PLACE)
    act_on(college, second, CooperationVerb.SEND, by="chen_gang")

    values = {"title": "改过的名称"} if op == UPDATE else {}
    outcome = change(college, "luo_lin", Change(op, values, row_id, "1"))

    assert not outcome.written
    assert "request that is settled" in said(outcome)[0]


def teaching_too(college: College) -> Actor:
    """罗琳 of C02, asked by C01, who teaches there as well; her basic data are there."""
    asked(college)
    introduced(college, "20002")
    by = person(college, "luo_lin")
    taught = Appointed(Function.TEACHER, PLACE, TeacherKind.FULL_TIME)
    rights = by.permissions | college.founded.people.liu_yang.permissions
    return replace(by, appointments=(*by.appointments, taught), permissions=rights)


def test_who_contributes_and_teaches_there_keeps_the_rows_about_himself(college: College) -> None:
    by = teaching_too(college)
    own = publication(college, 1, by.number)
    ids = ids_of(college.change(TABLE, own, publication(college, 2), by=by, department=PLACE))

    assert [each.row_id for each in college.all(ContributedRow)] == ids[1:]
    renamed = Change(UPDATE, {"title": "新名"}, ids[0], "1")
    assert college.change(TABLE, renamed, by=by, department=PLACE).written
    given_away = Change(UPDATE, {"staff_no": TEACHER}, ids[0], "2")
    assert not college.change(TABLE, given_away, by=by, department=PLACE).written


def test_what_he_has_handed_over_about_himself_is_closed_to_him(college: College) -> None:
    by = teaching_too(college)
    own = publication(college, 1, by.number)
    [row_id] = ids_of(college.change(TABLE, own, by=by, department=PLACE))
    act(college, RecordVerb.SUBMIT, by=by, number=by.number)

    renamed = Change(UPDATE, {"title": "新名"}, row_id, "1")
    outcome = college.change(TABLE, renamed, by=by, department=PLACE)

    assert not outcome.written
    assert "cannot be changed now" in said(outcome)[0]


def test_he_takes_over_and_brings_back_his_own_rows_there(
    college: College, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = teaching_too(college)
    last = [publication(college, 1, by.number), publication(college, 2, TEACHER)]
    before = LastYear(period_for(PeriodKind.ACADEMIC_YEAR, YEAR.previous), "", 1)
    monkeypatch.setattr(carry_room, "_accepted", lambda *_place: before)
    monkeypatch.setattr(carry_room, "read_last_rows", lambda *_of: [each.values for each in last])
    how = {"by": by, "now": college.now, "department": PLACE, "period": college.period(TABLE)}

    carried = carry_room.carry_forward(college.session, college.store, TABLE, **how, dry_run=False)
    [row] = college.rows(TABLE)
    gone = Change(DELETE, {}, str(row["sys_id"]), "1")
    back = Change(INSERT, last[0].values, restores=str(row["sys_id"]))

    assert (carried.created, row["staff_no"]) == (1, by.number)
    for each in (gone, back):
        assert college.change(TABLE, each, by=by, department=PLACE).written
    assert not college.all(ContributedRow)
