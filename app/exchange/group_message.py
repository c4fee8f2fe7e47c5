"""A process of its own that sends one message to groups and mailboxes.

The library knows a hundred services and takes its time to load: nothing else loads it. It is told
on standard input what to send where; addresses carry secrets and stand in no argument.
"""

import json
import sys

from apprise import Apprise

REFUSED = 1


def main() -> int:
    """Send the message to every address; 0 where all of them took it."""
    told = json.load(sys.stdin)
    outgoing = Apprise()
    if not outgoing.add(told["addresses"]):
        return REFUSED
    return 0 if outgoing.notify(body=told["body"], title=told["title"]) else REFUSED


if __name__ == "__main__":
    sys.exit(main())
