"""Which channels outside are set up, from the settings of the platform."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.delivery import Channel
from app.exchange import dingtalk, wecom
from app.exchange.channel import Sender
from app.exchange.dingtalk import Dingtalk
from app.exchange.group_channel import GroupSender
from app.exchange.wecom import Wecom

PREFIX = "STATEDATA_"


@dataclass(frozen=True)
class Outside:
    """The channels with what sends through them, and the address that links begin with."""

    senders: Mapping[Channel, Sender]
    address: str


def outside_in(environment: Mapping[str, str]) -> Outside:
    """What the variables set up; their completeness has been judged when the platform started."""

    def told(name: str) -> str:
        return environment.get(PREFIX + name, "").strip()

    senders: dict[Channel, Sender] = {}
    if told("WECOM_SECRET"):
        address = told("WECOM_ADDRESS").rstrip("/") or wecom.USUAL_ADDRESS
        own = (told("WECOM_CORPORATION"), told("WECOM_SECRET"), told("WECOM_AGENT"))
        senders[Channel.WECOM] = Wecom(address, *own)
    if told("DINGTALK_SECRET"):
        address = told("DINGTALK_ADDRESS").rstrip("/") or dingtalk.USUAL_ADDRESS
        own = (told("DINGTALK_KEY"), told("DINGTALK_SECRET"), told("DINGTALK_AGENT"))
        senders[Channel.DINGTALK] = Dingtalk(address, *own)
    if told("NOTICE_URLS"):
        senders[Channel.GROUP] = GroupSender(told("NOTICE_URLS").split())
    return Outside(senders, told("PUBLIC_URL").rstrip("/"))
