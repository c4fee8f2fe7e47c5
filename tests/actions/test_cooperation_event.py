"""Requests that come to nothing, and what is opened or ruled on only once (第十条第三款)."""

import pytest

from app.actions.record_guard import move_records
from app.actions.row_change import UPDATE, Change
from app.domain.assignment import TableAssignment
from app.domain.cooperation import CooperationStatus, CooperationVerb
from app.domain.message import Reason, Refused
from app.domain.submission import Status, Verb
from app.domain.teacher_record import RecordVerb
from app.models.contributed_row import ContributedRow
from app.models.cooperation import CooperationEvent
from app.models.teacher_record import TeacherRecord, records_of
from tests.assignments import change, one
from tests.college import College
from tests.cooperation import (
    PARTNER,
    act,
    ask_part,
    contribute,
    cooperation_at,
    ids_of,
    person,
    refused,
    stored_request,
)
from tests.people import People
from tests.records import PLACE, TABLE, TEACHER
from tests.records import act as act_on_record
from tests.submissions import submission_at

S, V = CooperationStatus, CooperationVerb
REASON = "专业建设职能调整"


@pytest.mark.parametrize(("status", "verb"), [(S.CONFIRMED, V.SEND_BACK), (S.REFUSED, V.APPEAL)])
def test_a_settled_request_is_not_opened_beside_another(
    college: College, status: CooperationStatus, verb: CooperationVerb
) -> None:
    first = cooperation_at(college, status)
    act(college, ask_part(college), V.SEND, by="li_jing")

    assert refused(lambda: act(college, first, verb, by="li_jing")).reason is Reason.CONFLICT


def test_nobody_rules_on_what_he_asked_or_brought_forward(college: College) -> None:
    """周敏 has asked and 孙丽 has appealed: 何芳 rules."""
    request = ask_part(college, by="zhou_min")
    for verb, name in ((V.SEND, "zhou_min"), (V.REFUSE, "chen_gang"), (V.APPEAL, "sun_li")):
        request = act(college, request, verb, by=name)

    for verb in (V.ORDER, V.RELEASE):
        for name in ("zhou_min", "sun_li"):
            refused(lambda verb=verb, name=name: act(college, request, verb, by=name))
            college.session.rollback()

    assert act(college, request, V.RELEASE, by="he_fang").status is S.RELEASED


def test_no_refusal_is_appealed_once_the_table_was_handed_over(college: College) -> None:
    request = cooperation_at(college, S.REFUSED)
    submission_at(college, Status.UNDER_REVIEW)

    refusal = refused(lambda: act(college, request, V.APPEAL, by="li_jing"))

    assert "cannot be changed now" in refusal.message.english()


def test_a_department_that_takes_a_table_over_owns_what_it_contributed(
    college: College, people: People
) -> None:
    request = cooperation_at(college, S.SENT)
    [row_id] = ids_of(contribute(college, 1))

    change(college, people, one("course", PARTNER), reason=REASON)

    assert stored_request(college, request.id).status is S.WITHDRAWN
    event = college.all(CooperationEvent)[-1]
    assert (event.verb, event.after, event.reason) == (V.CANCEL, S.WITHDRAWN, REASON)
    assert college.entries(f"cooperation:{request.id}")[-1].after == S.WITHDRAWN
    assert not college.all(ContributedRow)
    row = next(dict(each) for each in college.rows("course"))
    named = Change(UPDATE, {"course_name": "新名"}, row_id, str(row["sys_version"]))
    by = person(college, "chen_gang")
    assert college.change("course", named, by=by, department=PARTNER).written


@pytest.mark.parametrize(
    ("status", "verb"),
    [(S.DRAFT, V.SEND), (S.CONFIRMED, V.SEND_BACK), (S.REFUSED, V.APPEAL)],
)
def test_a_department_that_takes_a_table_over_does_not_ask_itself(
    college: College, people: People, status: CooperationStatus, verb: CooperationVerb
) -> None:
    request = cooperation_at(college, status)
    change(college, people, one("course", PARTNER), reason=REASON)

    refusal = refused(lambda: act(college, request, verb, by="chen_gang"))

    assert "does not ask itself" in refusal.message.english()


@pytest.mark.parametrize("status", [S.SENT, S.ANSWERED, S.APPEALED, S.ORDERED])
def test_where_nothing_is_to_be_reported_nothing_is_asked_for(
    college: College, people: People, status: CooperationStatus
) -> None:
    request = cooperation_at(college, status)

    college.step(college.submission("course"), Verb.EXEMPT, by=people.zhou_min, reason="无此项")

    assert stored_request(college, request.id).status is S.WITHDRAWN
    assert college.all(CooperationEvent)[-1].after is S.WITHDRAWN


def test_a_table_with_a_teachers_record_is_not_dropped(college: College, people: People) -> None:
    act_on_record(college, RecordVerb.DECLARE, by=people.liu_yang)
    submission = college.submission(TABLE, PLACE)

    with pytest.raises(Refused):
        change(college, people, TableAssignment(TABLE), reason=REASON)

    assert submission.id in {each.id for each in college.submissions()}


def test_the_record_that_moves_is_worth_more_than_a_former_one(
    college: College, people: People
) -> None:
    act_on_record(college, RecordVerb.DECLARE, by=people.liu_yang)
    [found] = college.all(TeacherRecord)
    values = {
        column.key: getattr(found, column.key)
        for column in TeacherRecord.__table__.columns
        if column.key not in {"id", "department_code"}
    }
    college.session.add(TeacherRecord(**values, department_code="C02"))
    college.session.commit()

    move_records(college.session, found.cycle_id, TABLE, PLACE, "C02")
    college.session.commit()

    with college.open_session() as session:
        moved = records_of(session, college.cycle.id, TABLE, "C02")
    assert moved[TEACHER].id == found.id
