"""What feeds and their outcomes are called on pages."""

from flask_babel import gettext as _

from app.domain.feed import Rhythm
from app.models.feed import FeedSchedule
from app.web.labels import label


def weekday_names() -> list[str]:
    """The days of the week from Monday on."""
    return [
        str(name)
        for name in (
            *(_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday")),
            *(_("Friday"), _("Saturday"), _("Sunday")),
        )
    ]


def schedule_text(schedule: FeedSchedule) -> str:
    """When a feed runs by itself."""
    day = label(schedule.rhythm)
    if schedule.rhythm is Rhythm.WEEKLY:
        day = weekday_names()[schedule.weekday]
    return str(_("%(day)s at %(hour)s:00", day=day, hour=schedule.hour))
