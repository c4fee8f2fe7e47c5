"""Groups and mailboxes: 企业微信, 钉钉 and 飞书 group robots, e-mail, by apprise."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.message import Message
from app.exchange.channel import Outgoing, SendingFault

PROCESS = "app.exchange.group_message"
LONGEST = 60.0


@dataclass
class GroupSender:
    """Everything that the addresses name takes every message."""

    addresses: Sequence[str] = field(repr=False)

    def send(self, message: Outgoing) -> None:
        """Send it in a process of its own. Raises SendingFault where one did not take it."""
        told = {
            "addresses": list(self.addresses),
            "title": message.title,
            "body": f"{message.text}\n{message.link}",
        }
        try:
            subprocess.run(  # noqa: S603 - our own module
                [sys.executable, "-m", PROCESS],
                input=json.dumps(told).encode(),
                check=True,
                capture_output=True,
                timeout=LONGEST,
            )
        except (subprocess.SubprocessError, OSError) as error:
            message_of_fault = Message("a group or mailbox did not take the message")
            raise SendingFault(message_of_fault, stops=True) from error
