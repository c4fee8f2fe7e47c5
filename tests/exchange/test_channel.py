"""Messages to single people and to groups, against stand-ins on this machine."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.exchange.channel import Outgoing, PersonalSender, SendingFault
from app.exchange.channel_setting import outside_in
from app.exchange.dingtalk import Dingtalk
from app.exchange.group_channel import GroupSender
from app.exchange.wecom import Wecom
from tests.exchange.stand_in import SECRET, StandIn, standing_in

LINK = "https://data.example/submissions/1"
MESSAGE = Outgoing("平台", "课程被退回", "去办理", LINK, "03002")
SENDERS = [Wecom, Dingtalk]


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with standing_in() as found:
        found.known = {"03002"}
        yield found


def sender(kind: type[Wecom] | type[Dingtalk], at: StandIn, secret: str = SECRET) -> PersonalSender:
    return kind(at.address, "college", secret, "1000002")


@pytest.mark.parametrize("kind", SENDERS)
def test_a_card_reaches_the_person_by_number_with_a_link(
    stand_in: StandIn, kind: type[Wecom]
) -> None:
    sender(kind, stand_in).send(MESSAGE)

    [body] = stand_in.taken
    told = str(body)
    assert body.get("touser", body.get("userid_list")) == "03002"
    assert MESSAGE.link in told
    assert MESSAGE.text in told


@pytest.mark.parametrize("kind", SENDERS)
def test_one_token_serves_many_messages_and_one_that_ran_out_is_fetched_anew(
    stand_in: StandIn, kind: type[Wecom]
) -> None:
    stand_in.uses = 2
    own = sender(kind, stand_in)

    for _ in range(5):
        own.send(MESSAGE)

    assert (len(stand_in.taken), len(stand_in.tokens)) == (5, 3)


@pytest.mark.parametrize("kind", SENDERS)
def test_somebody_unknown_there_is_never_tried_again(stand_in: StandIn, kind: type[Wecom]) -> None:
    stand_in.known.clear()

    with pytest.raises(SendingFault) as fault:
        sender(kind, stand_in).send(MESSAGE)

    assert (fault.value.is_final, fault.value.stops) == (True, False)


@pytest.mark.parametrize(("kind", "code"), [(Wecom, 45009), (Dingtalk, 90018)])
def test_too_many_messages_stop_the_channel_for_now(
    stand_in: StandIn, kind: type[Wecom], code: int
) -> None:
    stand_in.answers = [code]

    with pytest.raises(SendingFault) as fault:
        sender(kind, stand_in).send(MESSAGE)

    assert (fault.value.is_final, fault.value.stops) == (False, True)


@pytest.mark.parametrize("kind", SENDERS)
def test_a_wrong_secret_and_a_service_that_is_down_are_told_without_the_secret(
    stand_in: StandIn, kind: type[Wecom]
) -> None:
    with pytest.raises(SendingFault) as wrong:
        sender(kind, stand_in, "a wrong one").send(MESSAGE)
    stand_in.is_down = True
    with pytest.raises(SendingFault) as down:
        sender(kind, stand_in).send(MESSAGE)

    assert "40001" in wrong.value.told.english()
    assert "503" in down.value.told.english()
    assert SECRET not in down.value.told.english()


def test_nothing_is_sent_outside_unless_it_is_set_up() -> None:
    assert outside_in({}).senders == {}


def test_what_is_set_up_is_found_in_the_environment() -> None:
    names = ("WECOM_CORPORATION", "WECOM_SECRET", "WECOM_AGENT")
    names += ("DINGTALK_KEY", "DINGTALK_SECRET", "DINGTALK_AGENT", "NOTICE_URLS")
    told = {f"STATEDATA_{name}": "json://127.0.0.1:9" for name in names}

    outside = outside_in({**told, "STATEDATA_PUBLIC_URL": "https://data.example/"})

    assert [channel.value for channel in outside.senders] == ["wecom", "dingtalk", "group"]
    assert outside.address == "https://data.example"


@pytest.mark.parametrize("kind", SENDERS)
def test_an_answer_that_is_none_is_a_fault_of_the_delivery(
    stand_in: StandIn, kind: type[Wecom]
) -> None:
    stand_in.is_garbled = True

    with pytest.raises(SendingFault) as fault:
        sender(kind, stand_in).send(MESSAGE)

    assert (fault.value.is_final, fault.value.stops) == (False, True)


def test_what_one_group_has_taken_is_sent_again_to_the_other_alone(stand_in: StandIn) -> None:
    address = stand_in.address.removeprefix("http://")
    groups = GroupSender(["json://127.0.0.1:9/deaf", f"json://{address}/robot"])

    with pytest.raises(SendingFault) as fault:
        groups.send(MESSAGE)

    assert (fault.value.is_final, fault.value.stops) == (False, False)
    assert "1 of 2" in fault.value.told.english()
    assert (len(fault.value.taken), stand_in.paths) == (1, ["/robot"])
    assert "robot" not in str(fault.value.taken)

    again = replace(MESSAGE, taken=fault.value.taken)
    with pytest.raises(SendingFault) as fault:
        groups.send(again)
    assert "1 of 2" in fault.value.told.english()
    assert stand_in.paths == ["/robot"]


def test_nothing_is_sent_where_the_settings_name_only_who_has_it(stand_in: StandIn) -> None:
    robot = f"json://{stand_in.address.removeprefix('http://')}/robot"
    with pytest.raises(SendingFault) as fault:
        GroupSender(["json://127.0.0.1:9/deaf", robot]).send(MESSAGE)

    GroupSender([robot]).send(replace(MESSAGE, taken=fault.value.taken))

    assert stand_in.paths == ["/robot"]


def test_a_group_that_takes_it_and_one_that_does_not(stand_in: StandIn) -> None:
    address = stand_in.address.removeprefix("http://")
    GroupSender([f"json://{address}/robot"]).send(MESSAGE)
    stand_in.is_down = True

    with pytest.raises(SendingFault) as fault:
        GroupSender([f"json://{address}/robot"]).send(MESSAGE)

    assert fault.value.stops
