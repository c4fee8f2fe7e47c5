"""The words for the rules of reminders."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

_SWITCHES: Mapping[str, LazyString] = {
    "before": _("3 days and 1 day before the due date: whoever has the next step"),
    "due_day": _("On the due day: whoever has the next step"),
    "overdue": _("Every day after the due date, for ten days: whoever has the next step"),
    "escalate_to_head": _("2, 5 and 10 days overdue: the head of the department"),
    "escalate_to_leader": _("5 and 10 days overdue: the leaders of the college"),
    "teachers": _("3 days and 1 day before the due date: teachers who have not handed over yet"),
    "thanks": _("Thanks to a department that has reported everything before the due date"),
}


def switch_text(name: str) -> LazyString:
    """What the rule of a switch does."""
    return _SWITCHES[name]
