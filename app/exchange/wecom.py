"""企业微信应用消息: a card to one person, whose account there is his 工号."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.exchange.channel import Interface, Outgoing, PersonalSender

USUAL_ADDRESS = "https://qyapi.weixin.qq.com"
LONGEST_TEXT = 500
# The codes of the interface: a token that is wrong or has run out; too often, or busy; nobody.
INTERFACE = Interface(
    "/cgi-bin/gettoken",
    "/cgi-bin/message/send",
    expired=frozenset({40014, 41001, 42001}),
    busy=frozenset({-1, 45009, 45033}),
    unknown_person=frozenset({40031, 60111, 81013}),
)


@dataclass
class Wecom(PersonalSender):
    """One application of the college's corporation."""

    corporation: str
    secret: str
    agent: str

    interface = INTERFACE

    def credentials(self) -> Mapping[str, str]:
        """Corporation and secret."""
        return {"corpid": self.corporation, "corpsecret": self.secret}

    def card(self, message: Outgoing) -> Mapping[str, Any]:
        """A text card with a link."""
        return {
            "touser": message.number,
            "msgtype": "textcard",
            "agentid": self.agent,
            "textcard": {
                "title": message.title,
                "description": message.text[:LONGEST_TEXT],
                "url": message.link,
                "btntxt": message.button,
            },
        }
