"""What is sent to the pages of rules."""

from collections.abc import Callable, Mapping

from tests.demo import DemoCollege
from tests.rights.attached import Sent
from tests.rights.place import TABLE
from tests.rights.table import Line


def rule(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    """A rule to be published, or a reason to switch one off."""
    return {"data": {"table": TABLE, "act": "publish", "condition": "1", "reason": "试用"}}


RULE_BODIES: Mapping[str, Callable[[DemoCollege, Line, str], Sent]] = {
    "/rules/new": rule,
    "/rules/check": rule,
    "/rules/<identifier>/edit": rule,
    "/rules/<identifier>/retire": rule,
    "/rules/<identifier>/restore": rule,
    "/rules/<identifier>/discard": rule,
}
