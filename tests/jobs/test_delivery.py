"""Notices go outside once, are tried again when they fail, and are lost nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update

from app.actions.notice import mark_read
from app.domain.delivery import Channel, DeliveryState
from app.domain.message import Message
from app.domain.period import LOCAL_ZONE
from app.domain.submission import Status
from app.exchange.channel import Outgoing, SendingFault
from app.exchange.channel_setting import Outside
from app.exchange.delivery import Sent, deliver
from app.exchange.group_channel import GroupSender
from app.exchange.wecom import Wecom
from app.models.notice import Delivery, Notice
from app.reports.delivery import read_deliveries
from tests.college import NOW, College
from tests.exchange.stand_in import SECRET, StandIn, standing_in
from tests.people import People
from tests.submissions import submission_at

ADDRESS = "https://data.example"


@pytest.fixture(autouse=True)
def _one_notice(college: College) -> None:
    """王强 is to confirm the courses of 教务处; nothing else was told."""
    college.session.execute(delete(Notice))
    college.session.commit()
    submission_at(college, Status.AWAITING_CONFIRMATION)


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with standing_in() as found:
        found.known = {"03001"}
        yield found


@dataclass
class Group:
    """Keeps what it is told, or takes nothing."""

    taken: list[Outgoing] = field(default_factory=list)
    is_deaf: bool = False

    def send(self, message: Outgoing) -> None:
        if self.is_deaf:
            raise SendingFault(Message("deaf"), stops=True)
        self.taken.append(message)


def send(college: College, stand_in: StandIn, minutes: int = 1) -> Sent:
    """Let the platform send through 企业微信 so many minutes later."""
    wecom = Wecom(stand_in.address, "college", SECRET, "1000002")
    now = NOW + timedelta(minutes=minutes)
    outside = Outside({Channel.WECOM: wecom}, ADDRESS)
    place = (college.session, college.store, outside)
    return deliver(*place, now=now, translate=Message.english)


def _concerns_everybody(college: College) -> None:
    """Let the one notice be one that everybody is to know."""
    text = "The work plan of %(year)s was published anew."
    facts = {"year": "2025-2026"}
    college.session.execute(update(Notice).values(msgid=text, facts=facts, path="/preparation/"))
    college.session.commit()


def test_a_notice_is_sent_once_with_title_and_link_only(
    college: College, stand_in: StandIn
) -> None:
    assert send(college, stand_in) == Sent(sent=1)
    assert send(college, stand_in, 2) == Sent()

    [card] = [body["textcard"] for body in stand_in.taken]
    number = college.submission("course").id
    assert card["url"] == f"{ADDRESS}/submissions/{number}"
    assert "李静" not in str(card)


def test_what_was_read_already_is_not_sent(
    college: College, people: People, stand_in: StandIn
) -> None:
    mark_read(college.session, None, by=people.wang_qiang, now=NOW)

    assert send(college, stand_in) == Sent()


def test_what_fails_is_tried_again_later_and_later(college: College, stand_in: StandIn) -> None:
    stand_in.is_down = True
    assert send(college, stand_in, 1) == Sent(waiting=1)
    assert send(college, stand_in, 2) == Sent()
    assert send(college, stand_in, 4) == Sent(waiting=1)
    stand_in.is_down = False

    assert send(college, stand_in, 10) == Sent()
    assert send(college, stand_in, 13) == Sent(sent=1)
    assert [n.recipient_number for n in college.all(Notice)] == ["03001"]


def test_what_fails_for_good_is_given_up_and_shown_to_the_administrator(
    college: College, people: People, stand_in: StandIn
) -> None:
    stand_in.known.clear()
    assert send(college, stand_in) == Sent(given_up=1)

    found = read_deliveries(college.session, people.administrator)

    assert found.counts == {DeliveryState.GIVEN_UP: 1}
    assert "staff number" in (found.faults[0].delivery.fault or "")
    assert college.all(Notice)[0].read_at is None


def test_after_six_attempts_it_is_given_up(college: College, stand_in: StandIn) -> None:
    stand_in.is_down = True
    for attempt in range(8):
        send(college, stand_in, 1)
        far = NOW - timedelta(minutes=1)
        college.session.execute(update(Delivery).values(next_at=far))
        college.session.commit()
        assert college.all(Delivery)[0].attempts == min(attempt + 1, 6)

    assert college.all(Delivery)[0].state is DeliveryState.GIVEN_UP


def test_what_was_told_on_a_friday_night_is_sent_on_monday(
    college: College, stand_in: StandIn
) -> None:
    friday = datetime(2026, 9, 18, 21, tzinfo=LOCAL_ZONE)
    college.session.execute(update(Notice).values(made_at=friday))
    college.session.commit()
    monday = friday.replace(day=21, hour=8)

    assert send(college, stand_in, (monday - NOW) // timedelta(minutes=1)) == Sent(sent=1)


def test_what_is_old_is_not_sent_any_more(college: College, stand_in: StandIn) -> None:
    assert send(college, stand_in, 3 * 24 * 60) == Sent()


def test_a_group_is_told_once_what_concerns_everybody(college: College, people: People) -> None:
    group = Group()
    _concerns_everybody(college)
    outside = Outside({Channel.GROUP: group}, ADDRESS)
    place = (college.session, college.store, outside)

    for minutes in (1, 2):
        now = NOW + timedelta(minutes=minutes)
        deliver(*place, now=now, translate=Message.english)

    assert [(m.number, m.link) for m in group.taken] == [("", f"{ADDRESS}/preparation/")]


def test_a_group_that_did_not_take_a_notice_is_told_later(
    college: College, stand_in: StandIn
) -> None:
    _concerns_everybody(college)
    address = stand_in.address.removeprefix("http://")
    groups = GroupSender([f"json://{address}/robot", "json://127.0.0.1:9/deaf"])
    outside = Outside({Channel.GROUP: groups}, ADDRESS)
    place = (college.session, college.store, outside)

    found = deliver(*place, now=NOW + timedelta(minutes=1), translate=Message.english)
    assert (found, stand_in.paths) == (Sent(waiting=1), ["/robot"])

    # The address of the other was wrong: it is put right, and only it is told.
    groups.addresses = [f"json://{address}/robot", f"json://{address}/second"]
    found = deliver(*place, now=NOW + timedelta(minutes=4), translate=Message.english)
    assert (found, stand_in.paths) == (Sent(sent=1), ["/robot", "/second"])
    assert college.all(Delivery)[0].state is DeliveryState.SENT


def test_a_group_is_told_nothing_that_concerns_one_table(college: College) -> None:
    outside = Outside({Channel.GROUP: Group()}, ADDRESS)
    now = NOW + timedelta(minutes=1)

    assert (
        deliver(*(college.session, college.store, outside), now=now, translate=Message.english)
        == Sent()
    )
