"""What is said with a step of a co-operation request, and tables that take their part in words."""

from app.actions.cooperation import WantedPart, request_cooperation
from app.domain.cooperation import CooperationStatus, CooperationVerb
from app.models.cooperation import CooperationEvent
from tests.actions.test_cooperation import refused
from tests.college import College
from tests.cooperation import DUE_ON, REASON, WANTED, act, cooperation_at, person

S, V = CooperationStatus, CooperationVerb


def test_the_reason_is_kept_with_the_step(college: College) -> None:
    request = cooperation_at(college, S.REFUSED)

    events = [each for each in college.all(CooperationEvent) if each.cooperation_id == request.id]

    assert [event.verb for event in events] == [V.REQUEST, V.SEND, V.REFUSE]
    assert [event.version for event in events] == [1, 2, 3]
    assert events[-1].reason == REASON


def test_a_table_of_a_single_row_takes_its_part_in_words(college: College) -> None:
    """Nobody adds rows to it: the department that reports it enters what it is told."""
    name = "international_influence"
    submission = next(each for each in college.submissions() if each.table_identifier == name)
    place = (college.session, college.store, submission.id)
    part, office = WantedPart("C01", WANTED, DUE_ON), person(college, "zhou_min")
    asked = request_cooperation(*place, part, by=office, now=college.now)
    sent = act(college, asked, V.SEND, by="zhou_min")

    assert person(college, "chen_gang").contributions == ()
    refused(lambda: act(college, sent, V.ANSWER, by="chen_gang", reason=None))
    college.session.rollback()
    assert act(college, sent, V.ANSWER, by="chen_gang", reason="两项").status is S.ANSWERED
