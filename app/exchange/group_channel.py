"""Groups and mailboxes: 企业微信, 钉钉 and 飞书 group robots, e-mail, by apprise."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from app.domain.message import Message
from app.exchange.channel import Outgoing, SendingFault

PROCESS = "app.exchange.group_message"
LONGEST = 60.0


@dataclass
class GroupSender:
    """Every group and mailbox that the addresses name takes every message once.

    Where some have not taken it, the next attempt asks those alone.
    """

    addresses: Sequence[str] = field(repr=False)

    def send(self, message: Outgoing) -> None:
        """Send it to each that has it not yet. Raises SendingFault where one did not take it."""
        marks = {_mark(address): address for address in self.addresses}
        wanted = {mark: each for mark, each in marks.items() if mark not in message.taken}
        refused = {mark for mark, address in wanted.items() if not _takes(address, message)}
        if not refused:
            return
        counts = {"count": len(refused), "total": len(marks)}
        if len(refused) == len(marks):
            raise SendingFault(Message("a group or mailbox did not take the message"), stops=True)
        raise SendingFault(
            Message("%(count)s of %(total)s groups and mailboxes did not take it", counts),
            taken=frozenset(marks) - refused,
        )


@cache
def _mark(address: str) -> str:
    """What is stored instead of an address, which carries secrets; costly to guess it from."""
    return hashlib.scrypt(address.encode(), salt=b"group", n=2**14, r=8, p=1, dklen=8).hex()


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
