"""Asking other departments for their part: every status, verb and person, on one written table."""

from datetime import timedelta

import pytest

from app.actions.cooperation import WantedPart, revise_cooperation
from app.domain.cooperation import CooperationStatus, CooperationVerb
from app.domain.cycle import CycleVerb
from app.domain.message import Reason
from app.domain.submission import Status, Verb
from app.models.cooperation import Cooperation, CooperationEvent
from tests.actions.test_submission_races import at_once
from tests.college import College
from tests.cooperation import (
    DUE_ON,
    LATER,
    ROUTES,
    WANTED,
    act,
    ask_part,
    contribute,
    cooperation_at,
    ids_of,
    in_session,
    person,
    refused,
    stored_request,
)
from tests.people import People
from tests.submissions import ANSWERS, exempt_the_rest, submission_at

S, V = CooperationStatus, CooperationVerb
EVERYBODY = (
    *("li_jing", "wang_qiang", "zhou_min", "sun_li", "ma_chao", "administrator", "leader"),
    *("archivist", "reader", "chen_gang", "zhao_yong", "luo_lin"),
)
LEAD, PARTNER, OFFICE = (
    {"li_jing", "wang_qiang"},
    {"chen_gang", "zhao_yong"},
    {"zhou_min", "sun_li"},
)
# Written by hand: who may do what in which status, where 教务处 has asked and nothing is overdue.
ALLOWED = {
    (S.DRAFT, V.SEND): LEAD,
    (S.DRAFT, V.CANCEL): LEAD,
    (S.SENT, V.EXTEND): LEAD,
    (S.SENT, V.ANSWER): PARTNER,
    (S.SENT, V.REFUSE): PARTNER,
    (S.SENT, V.CANCEL): LEAD,
    (S.ANSWERED, V.CONFIRM): LEAD,
    (S.ANSWERED, V.SEND_BACK): LEAD,
    (S.CONFIRMED, V.SEND_BACK): LEAD,
    (S.REFUSED, V.APPEAL): LEAD | PARTNER,
    (S.REFUSED, V.CANCEL): LEAD,
    (S.APPEALED, V.ORDER): OFFICE,
    (S.APPEALED, V.RELEASE): OFFICE,
    (S.APPEALED, V.CANCEL): LEAD,
    (S.ORDERED, V.EXTEND): OFFICE,
    (S.ORDERED, V.ANSWER): PARTNER,
    (S.ORDERED, V.CANCEL): LEAD,
}
STEPS = [verb for verb in V if verb not in {V.REQUEST, V.REVISE}]


def state(college: College) -> tuple[object, ...]:
    """Everything that a step could change."""
    requests = [(each.status, each.version, each.due_at) for each in college.all(Cooperation)]
    return (*requests, len(college.all(CooperationEvent)), len(college.entries()))


@pytest.mark.parametrize("status", S)
def test_who_may_take_which_step(college: College, status: CooperationStatus) -> None:
    """INV3: whatever is not in the table is refused, and nothing is written."""
    request = cooperation_at(college, status)
    before = state(college)

    for verb in STEPS:
        for name in EVERYBODY:
            if name in ALLOWED.get((status, verb), ()):
                continue
            refused(lambda verb=verb, name=name: act(college, request, verb, by=name))
            college.session.rollback()

    assert state(college) == before


@pytest.mark.parametrize(
    ("status", "verb", "name"),
    [(*place, name) for place, names in ALLOWED.items() for name in sorted(names)],
)
def test_a_permitted_step_is_taken_and_recorded_once(
    college: College, status: CooperationStatus, verb: CooperationVerb, name: str
) -> None:
    request = cooperation_at(college, status)
    count = len(college.entries(f"cooperation:{request.id}"))

    taken = act(college, request, verb, by=name)

    entries = college.entries(f"cooperation:{request.id}")
    assert taken.version == request.version + 1
    assert len(entries) == count + 1
    assert (entries[-1].tag, entries[-1].before) == (f"cooperation.{verb}", status)
    assert (entries[-1].after, entries[-1].department_code) == (taken.status, "A03")


def test_what_is_asked_is_written_down(college: College) -> None:
    request = ask_part(college, fields=["course_name", "course_code"], expected_rows=3)

    assert (request.status, request.partner_code, request.by_office) == (S.DRAFT, "C01", False)
    assert (request.wanted, request.due_at, request.expected_rows) == (WANTED, DUE_ON, 3)
    assert set(request.fields or ()) == {"course_name", "course_code"}
    [event] = college.all(CooperationEvent)
    assert (event.verb, event.after, event.person_name) == (V.REQUEST, S.DRAFT, "李静")


def test_the_quality_office_asks_for_a_department_and_confirms(college: College) -> None:
    request = ask_part(college, by="zhou_min")
    refused(lambda: act(college, request, V.SEND, by="li_jing"))
    college.session.rollback()

    sent = act(college, request, V.SEND, by="sun_li")
    answered = act(college, sent, V.ANSWER, by="chen_gang")

    assert sent.by_office
    assert act(college, answered, V.CONFIRM, by="zhou_min").status is S.CONFIRMED


def test_the_department_that_reports_confirms_what_the_office_asked_for(college: College) -> None:
    request = act(college, ask_part(college, by="zhou_min"), V.SEND, by="zhou_min")
    answered = act(college, request, V.ANSWER, by="zhao_yong")

    assert act(college, answered, V.CONFIRM, by="wang_qiang").status is S.CONFIRMED


@pytest.mark.parametrize(
    "part",
    [
        {"wanted": " "},
        {"wanted": "字" * 2001},
        {"due_at": None},
        {"due_at": DUE_ON - timedelta(days=11)},
        {"due_at": DUE_ON.replace(year=2031)},
        {"partner": "A03"},
        {"partner": "X99"},
        {"fields": ["no_such_field"]},
        {"expected_rows": 0},
        {"expected_rows": 100_001},
    ],
)
def test_what_makes_no_sense_is_refused(college: College, part: dict[str, object]) -> None:
    refusal = refused(lambda: ask_part(college, **part))  # type: ignore[arg-type]

    assert refusal.reason is Reason.INVALID
    assert not college.all(Cooperation)


@pytest.mark.parametrize("name", [name for name in EVERYBODY if name not in LEAD | OFFICE])
def test_only_the_department_that_reports_and_the_office_ask(college: College, name: str) -> None:
    refusal = refused(lambda: ask_part(college, by=name))

    assert refusal.reason in {Reason.FORBIDDEN, Reason.NOT_FOUND}
    assert not college.all(Cooperation)


def test_a_department_is_asked_for_one_thing_at_a_time(college: College) -> None:
    first, second = ask_part(college), ask_part(college)
    act(college, first, V.SEND, by="li_jing")

    assert refused(lambda: act(college, second, V.SEND, by="li_jing")).reason is Reason.CONFLICT
    college.session.rollback()
    assert refused(lambda: ask_part(college)).reason is Reason.CONFLICT
    college.session.rollback()
    assert ask_part(college, partner="C02").status is S.DRAFT


def test_a_table_that_was_handed_over_takes_no_parts(college: College) -> None:
    request = ask_part(college)
    submission_at(college, Status.UNDER_REVIEW)

    refused(lambda: ask_part(college, partner="C02"))
    college.session.rollback()
    refused(lambda: act(college, request, V.SEND, by="li_jing"))
    college.session.rollback()

    assert act(college, request, V.CANCEL, by="li_jing").status is S.WITHDRAWN


@pytest.mark.parametrize("verb", [V.REFUSE, V.SEND_BACK, V.APPEAL, V.ORDER, V.RELEASE])
def test_saying_no_and_ruling_need_a_reason(college: College, verb: CooperationVerb) -> None:
    status = next(source for source, each in ALLOWED if each is verb)
    request = cooperation_at(college, status)
    name = min(ALLOWED[status, verb])

    for reason in (None, "  "):
        refusal = refused(lambda why=reason: act(college, request, verb, by=name, reason=why))
        college.session.rollback()
        assert refusal.reason is Reason.INVALID


@pytest.mark.parametrize(("rating", "is_good"), [(0, False), (1, True), (5, True), (6, False)])
def test_a_rating_of_one_to_five_goes_with_the_confirmation(
    college: College, rating: int, is_good: bool
) -> None:
    request = cooperation_at(college, S.ANSWERED)
    if not is_good:
        refused(lambda: act(college, request, V.CONFIRM, by="li_jing", rating=rating))
        return

    confirmed = act(college, request, V.CONFIRM, by="li_jing", rating=rating)

    assert confirmed.rating == rating
    assert act(college, confirmed, V.SEND_BACK, by="li_jing").rating is None


def test_nobody_rules_between_his_own_department_and_another(college: College) -> None:
    """何芳 works in the office and is data steward there; the office was asked."""
    request = ask_part(college, partner="A04")
    for verb, name in ((V.SEND, "li_jing"), (V.REFUSE, "zheng_wei"), (V.APPEAL, "li_jing")):
        request = act(college, request, verb, by=name)

    refused(lambda: act(college, request, V.RELEASE, by="he_fang"))
    college.session.rollback()

    assert act(college, request, V.RELEASE, by="zhou_min").status is S.RELEASED


def test_a_draft_is_written_anew_until_it_is_sent(college: College) -> None:
    request, by = ask_part(college), person(college, "li_jing")
    part = WantedPart("C02", "另一件事", LATER)
    place = (college.session, college.store, request.id)

    revised = revise_cooperation(*place, request.version, part, by=by, now=college.now)
    act(college, revised, V.SEND, by="li_jing")

    assert (revised.partner_code, revised.wanted, revised.due_at) == ("C02", "另一件事", LATER)
    late = stored_request(college, request.id).version
    refused(lambda: revise_cooperation(*place, late, part, by=by, now=college.now))


def test_a_draft_exists_for_the_side_that_writes_it_alone(college: College) -> None:
    request = ask_part(college)

    for name in ("chen_gang", "zhou_min", "luo_lin"):
        refusal = refused(lambda who=name: act(college, request, V.CANCEL, by=who))
        college.session.rollback()
        assert refusal.reason is Reason.NOT_FOUND


def test_an_old_version_is_told_that_somebody_was_faster(college: College) -> None:
    request = cooperation_at(college, S.SENT)

    refusal = refused(lambda: act(college, request, V.ANSWER, by="chen_gang", version=1))

    assert refusal.reason is Reason.CONFLICT


@pytest.mark.parametrize("verb", [V.CANCEL, V.REFUSE])
def test_a_request_with_rows_does_not_come_to_nothing(
    college: College, verb: CooperationVerb
) -> None:
    request = cooperation_at(college, S.SENT)
    contribute(college, 1, 2)

    refusal = refused(
        lambda: act(college, request, verb, by="li_jing" if verb is V.CANCEL else "chen_gang")
    )

    assert refusal.message.parameters["count"] == 2


OPEN_ROUTES = [S.SENT, S.ANSWERED, S.APPEALED, S.ORDERED]


@pytest.mark.parametrize("status", ROUTES)
def test_a_table_is_not_finished_while_a_part_is_not_settled(
    college: College, people: People, status: CooperationStatus
) -> None:
    """T4: co-op requests closed."""
    cooperation_at(college, status)
    college.add("course", 7, by=people.li_jing)
    submission = college.submission("course")

    if status in OPEN_ROUTES:
        refusal = refused(lambda: college.step(submission, Verb.FINISH, by=people.li_jing))
        assert "co-operation" in refusal.message.english()
        return

    finished = college.step(submission, Verb.FINISH, by=people.li_jing)
    assert finished.status is Status.UNDER_REVIEW


def test_a_locked_year_takes_no_steps(college: College) -> None:
    request = cooperation_at(college, S.ANSWERED)
    table = college.submission("course")
    college.step(table, Verb.EXEMPT, by=person(college, "zhou_min"), **ANSWERS)
    exempt_the_rest(college)
    office = person(college, "zhou_min")
    college.year_step(CycleVerb.CLOSE, by=office)
    college.year_step(CycleVerb.LOCK, by=office)

    refused(lambda: act(college, request, V.CONFIRM, by="li_jing"))


@pytest.mark.parametrize(
    ("status", "one", "other"),
    [
        (S.SENT, (V.ANSWER, "chen_gang"), (V.REFUSE, "zhao_yong")),
        (S.SENT, (V.ANSWER, "chen_gang"), (V.CANCEL, "li_jing")),
        (S.ANSWERED, (V.CONFIRM, "li_jing"), (V.CONFIRM, "wang_qiang")),
        (S.APPEALED, (V.ORDER, "zhou_min"), (V.RELEASE, "sun_li")),
    ],
)
def test_of_two_steps_at_once_one_is_taken(
    college: College,
    status: CooperationStatus,
    one: tuple[CooperationVerb, str],
    other: tuple[CooperationVerb, str],
) -> None:
    """INV10."""
    request = cooperation_at(college, status)

    done = at_once(
        *(
            in_session(college, lambda own, deed=deed: act(own, request, deed[0], by=deed[1]))
            for deed in (one, other)
        )
    )

    assert done == ["conflict", "done"]
    assert stored_request(college, request.id).version == request.version + 1


def test_of_a_row_and_a_confirmation_at_once_nothing_is_lost(college: College) -> None:
    """Whoever is second is told, or comes before: no row is added to what was confirmed."""
    request = cooperation_at(college, S.ANSWERED)
    adding = in_session(college, lambda own: ids_of(contribute(own, 1)))
    confirming = in_session(college, lambda own: act(own, request, V.CONFIRM, by="li_jing"))

    done = at_once(adding, confirming)

    assert done in (["done", "done"], ["done", "locked"], ["done", "forbidden"])
    assert stored_request(college, request.id).status is S.CONFIRMED
    assert len(college.rows("course")) == done.count("done") - 1
