"""钉钉工作通知: a card to one person, whose userid there is his 工号."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.exchange.channel import Interface, Outgoing, PersonalSender

USUAL_ADDRESS = "https://oapi.dingtalk.com"
LONGEST_TEXT = 500
# The codes of the interface: a token that is wrong or has run out; too often, or busy; nobody.
INTERFACE = Interface(
    "/gettoken",
    "/topapi/message/corpconversation/asyncsend_v2",
    expired=frozenset({88, 40014, 42001}),
    busy=frozenset({-1, 90002, 90018}),
    unknown_person=frozenset({33012, 40035, 60121}),
)


@dataclass
class Dingtalk(PersonalSender):
    """One application of the college's organisation."""

    key: str
    secret: str
    agent: str

    interface = INTERFACE

    def credentials(self) -> Mapping[str, str]:
        """Key and secret."""
        return {"appkey": self.key, "appsecret": self.secret}

    def card(self, message: Outgoing) -> Mapping[str, Any]:
        """An action card with one button."""
        return {
            "agent_id": self.agent,
            "userid_list": message.number,
            "msg": {
                "msgtype": "action_card",
                "action_card": {
                    "title": message.title,
                    "markdown": message.text[:LONGEST_TEXT],
                    "single_title": message.button,
                    "single_url": message.link,
                },
            },
        }
