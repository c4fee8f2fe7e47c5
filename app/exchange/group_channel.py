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
    """Every group and mailbox that the addresses name takes every message once."""

    addresses: Sequence[str] = field(repr=False)

    def send(self, message: Outgoing) -> None:
        """Send it to one address after the other. Raises SendingFault where one did not take it.

        Once any has taken it, it is final: nobody receives it twice for the sake of another.
        """
        refused = [address for address in self.addresses if not _takes(address, message)]
        if len(refused) == len(self.addresses):
            raise SendingFault(Message("a group or mailbox did not take the message"), stops=True)
        if refused:
            counts = {"count": len(refused), "total": len(self.addresses)}
            text = Message("%(count)s of %(total)s groups and mailboxes did not take it", counts)
            raise SendingFault(text, is_final=True)


def _takes(address: str, message: Outgoing) -> bool:
    """Send it in a process of its own; whether it was taken."""
    told = {
        "address": address,
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
    except (subprocess.SubprocessError, OSError):
        return False
    return True
