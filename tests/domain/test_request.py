"""The steps of requests: everything that is not written here is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.request import (
    FINAL,
    REQUEST_STEPS,
    RequestHolder,
    RequestKind,
    RequestStatus,
    RequestVerb,
    request_step_for,
    status_at,
)

# Kind, who asks, who decides, who takes it back; whether it runs out, asked and granted.
KINDS = """
extension       department  qa_office      department  asked granted
exemption       steward     qa_office      department
reopening_wish  department  qa_office      department
reopening       qa_office   second_person  asker       asked
unlocking       qa_office   leader         asker       asked
locking         qa_office   qa_office      asker       asked
"""
Place = tuple[str, str | None, str, str]


def permitted() -> dict[Place, str]:
    """Kind, status, verb and holder → the status it leads to."""
    found: dict[Place, str] = {}
    for kind, asks, decides, takes_back, *running_out in map(str.split, KINDS.split("\n")[1:-1]):
        found[kind, None, "request", asks] = "asked"
        found[kind, "asked", "answer", decides] = "granted"
        found[kind, "asked", "refuse", decides] = "refused"
        found[kind, "asked", "cancel", takes_back] = "withdrawn"
        for status in running_out:
            found[kind, status, "expire", "clock"] = "expired"
    return found


PERMITTED = permitted()
EVERY = [
    (kind, status, verb, holder)
    for kind in RequestKind
    for status in (None, *RequestStatus)
    for verb in RequestVerb
    for holder in RequestHolder
]


def test_only_the_steps_of_the_table_exist() -> None:
    found = {}
    for kind, status, verb, holder in EVERY:
        step = request_step_for(kind, status, verb)
        if step is not None and step.holder is holder:
            found[kind, status, verb, holder] = step.target

    assert found == PERMITTED
    assert len(REQUEST_STEPS) == len(PERMITTED)


@pytest.mark.parametrize("kind", RequestKind)
def test_every_request_can_be_decided_and_comes_to_an_end(kind: RequestKind) -> None:
    reached: set[RequestStatus | None] = {None}
    for _ in RequestStatus:
        reached |= {s.target for s in REQUEST_STEPS if s.kind is kind and s.source in reached}
    by_people = [
        step
        for step in REQUEST_STEPS
        if (step.kind, step.source) == (kind, RequestStatus.ASKED)
        and step.holder is not RequestHolder.CLOCK
    ]

    assert reached - {None, RequestStatus.ASKED} <= FINAL
    assert {step.target for step in by_people} == {
        RequestStatus.GRANTED,
        RequestStatus.REFUSED,
        RequestStatus.WITHDRAWN,
    }


def test_asking_and_not_granting_need_a_reason() -> None:
    needing = {step.verb for step in REQUEST_STEPS if step.needs_reason}

    assert needing == {RequestVerb.REQUEST, RequestVerb.REFUSE}


@pytest.mark.parametrize(("seconds", "is_over"), [(-1, False), (0, False), (1, True)])
def test_a_request_runs_out_after_its_last_moment(seconds: int, is_over: bool) -> None:
    last = datetime(2026, 10, 15, tzinfo=UTC)
    now = last + timedelta(seconds=seconds)

    asked = status_at(RequestKind.REOPENING, RequestStatus.ASKED, last, now)
    granted = status_at(RequestKind.EXTENSION, RequestStatus.GRANTED, last, now)

    assert (asked is RequestStatus.EXPIRED, granted is RequestStatus.EXPIRED) == (is_over, is_over)
    for status in (RequestStatus.REFUSED, RequestStatus.WITHDRAWN):
        assert status_at(RequestKind.EXTENSION, status, last, now) is status
