"""Co-operation requests as people make them, for tests of several rooms.

教务处 (A03) leads the table of courses and asks 汽车工程系 (C01) for its part.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from app.access.person import Actor
from app.actions.cooperation import (
    CooperationDeed,
    WantedPart,
    request_cooperation,
    take_cooperation_step,
)
from app.actions.row_change import INSERT, Change, Outcome
from app.domain.cooperation import CooperationStatus, CooperationVerb
from app.domain.message import Refused
from app.models.cooperation import Cooperation
from tests.college import NOW, College
from tests.people import actor_of

LEAD, PARTNER = "A03", "C01"
DUE_ON = NOW + timedelta(days=10)
LATER = NOW + timedelta(days=20)
LATEST = NOW + timedelta(days=30)
WANTED = "请填写贵部门开设的课程"
REASON = "按实际情况办理"
V, S = CooperationVerb, CooperationStatus
# The steps that lead to each status, with who takes them; 陈刚 is asked, 周敏 rules.
_ASKED = ((V.SEND, "li_jing"),)
_REFUSED = (*_ASKED, (V.REFUSE, "chen_gang"))
_APPEALED = (*_REFUSED, (V.APPEAL, "li_jing"))
_ANSWERED = (*_ASKED, (V.ANSWER, "chen_gang"))
ROUTES: Mapping[CooperationStatus, tuple[tuple[CooperationVerb, str], ...]] = {
    S.DRAFT: (),
    S.SENT: _ASKED,
    S.ANSWERED: _ANSWERED,
    S.REFUSED: _REFUSED,
    S.APPEALED: _APPEALED,
    S.ORDERED: (*_APPEALED, (V.ORDER, "zhou_min")),
    S.RELEASED: (*_APPEALED, (V.RELEASE, "zhou_min")),
    S.CONFIRMED: (*_ANSWERED, (V.CONFIRM, "li_jing")),
    S.WITHDRAWN: (*_ASKED, (V.CANCEL, "li_jing")),
}


def person(college: College, name: str) -> Actor:
    """The person with the rights of this moment: requests bring some."""
    return actor_of(college.session, name, college.now.date())


def ask_part(
    college: College,
    *,
    by: str = "li_jing",
    partner: str = PARTNER,
    table: str = "course",
    lead: str = LEAD,
    **part: Any,
) -> Cooperation:
    """Write down what is asked for a table of 教务处, or of ``lead``."""
    wanted = WantedPart(partner, **{"wanted": WANTED, "due_at": DUE_ON, **part})
    number = college.submission(table, lead).id
    place = (college.session, college.store, number, wanted)
    asked = request_cooperation(*place, by=person(college, by), now=college.now)
    return stored_request(college, asked.id)


def act(
    college: College, request: Cooperation, verb: CooperationVerb, *, by: str, **said: Any
) -> Cooperation:
    """Take a step with the request as it was when it was read; some name a later date."""
    if verb in {V.ORDER, V.EXTEND}:
        said.setdefault("due_at", LATER if verb is V.ORDER else LATEST)
    said.setdefault("reason", REASON)
    deed = CooperationDeed(verb, said.pop("version", request.version), **said)
    place = (college.session, college.store, request.id, deed)
    take_cooperation_step(*place, by=person(college, by), now=college.now)
    return stored_request(college, request.id)


def cooperation_at(college: College, status: CooperationStatus, **part: Any) -> Cooperation:
    """A request brought to the status by the steps that lead there."""
    request = ask_part(college, **part)
    for verb, name in ROUTES[status]:
        request = act(college, request, verb, by=name)
    return request


def refused(try_it: Callable[[], object]) -> Refused:
    """What the act is refused with."""
    with pytest.raises(Refused) as caught:
        try_it()
    return caught.value


def stored_request(college: College, number: int) -> Cooperation:
    """The request as it is stored now."""
    return next(each for each in college.all(Cooperation) if each.id == number)


def contribute(college: College, *numbers: int, by: str = "chen_gang", **values: object) -> Outcome:
    """Add good rows in the place of 教务处."""
    rows = [Change(INSERT, college.row("course", number, **values)) for number in numbers]
    return college.change("course", *rows, by=person(college, by), department=LEAD)


def ids_of(outcome: Outcome) -> list[str]:
    """The ids of the rows that were written."""
    assert outcome.written, said(outcome)
    return [str(result.id) for result in outcome.results]


def said(outcome: Outcome) -> list[str]:
    """What was said against the rows."""
    return [each.message.english() for result in outcome.results for each in result.findings]


def in_session(college: College, act_on: Callable[[College], object]) -> Callable[[], None]:
    """The act as another request of its own, for two at once."""

    def take() -> None:
        with college.open_session() as session:
            act_on(College(college.founded, session, college.now))

    return take
