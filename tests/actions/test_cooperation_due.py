"""By when a department that was asked owes its answer (第十条第三款)."""

from datetime import timedelta

import pytest

from app.domain.cooperation import CooperationStatus, CooperationVerb
from app.domain.message import Reason
from tests.college import College
from tests.cooperation import DUE_ON, LATER, LATEST, act, cooperation_at, refused

S, V = CooperationStatus, CooperationVerb


def test_a_ruling_names_a_new_date_to_come(college: College) -> None:
    request = cooperation_at(college, S.APPEALED)

    for day in (None, college.now):
        refusal = refused(lambda at=day: act(college, request, V.ORDER, by="sun_li", due_at=at))
        college.session.rollback()
        assert refusal.reason is Reason.INVALID

    assert act(college, request, V.ORDER, by="sun_li").due_at == LATER


@pytest.mark.parametrize("status", [S.SENT, S.ORDERED])
def test_more_time_ends_later_than_before(college: College, status: CooperationStatus) -> None:
    request = cooperation_at(college, status)
    by, since = ("li_jing" if status is S.SENT else "sun_li"), request.status_since

    for day in (None, college.now, request.due_at):
        refusal = refused(lambda at=day: act(college, request, V.EXTEND, by=by, due_at=at))
        college.session.rollback()
        assert refusal.reason is Reason.INVALID

    taken = act(college, request, V.EXTEND, by=by, reason=None)
    assert (taken.status, taken.due_at, taken.status_since) == (status, LATEST, since)


def test_who_got_more_time_when_it_was_late_is_not_late_any_more(college: College) -> None:
    request = cooperation_at(college, S.SENT)
    college.now = DUE_ON + timedelta(days=1)
    assert request.is_overdue(college.now)

    request = act(college, request, V.EXTEND, by="wang_qiang")

    assert not request.is_overdue(college.now)
    refused(lambda: act(college, request, V.APPEAL, by="li_jing"))


def test_silence_is_brought_before_the_office_once_it_is_late(college: College) -> None:
    request = cooperation_at(college, S.SENT)
    refused(lambda: act(college, request, V.APPEAL, by="li_jing"))
    college.session.rollback()

    college.now = DUE_ON + timedelta(seconds=1)

    assert request.is_overdue(college.now)
    refused(lambda: act(college, request, V.APPEAL, by="chen_gang"))
    college.session.rollback()
    assert act(college, request, V.APPEAL, by="wang_qiang").status is S.APPEALED


def test_a_late_request_that_goes_back_names_a_new_date(college: College) -> None:
    request = cooperation_at(college, S.ANSWERED)
    college.now = DUE_ON + timedelta(days=1)
    refused(lambda: act(college, request, V.SEND_BACK, by="li_jing"))
    college.session.rollback()

    assert act(college, request, V.SEND_BACK, by="li_jing", due_at=LATER).due_at == LATER
