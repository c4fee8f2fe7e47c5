"""A process of its own that sends one message to one group or mailbox.

The library knows a hundred services and takes its time to load: nothing else loads it. It is told
on standard input what to send where; an address carries secrets and stands in no argument.
"""

import json
import sys

from apprise import Apprise

REFUSED = 1


def main() -> int:
    """Send the message to the address; 0 where it was taken."""
    told = json.load(sys.stdin)
    outgoing = Apprise()
    if not outgoing.add([told["address"]]):
        return REFUSED
    return 0 if outgoing.notify(body=told["body"], title=told["title"]) else REFUSED


if __name__ == "__main__":
    sys.exit(main())
