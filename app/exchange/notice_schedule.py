"""When the platform reminds and sends by itself: once a day, and whenever something waits."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.delivery import Channel
from app.domain.period import LOCAL_ZONE
from app.models.delivery_rows import has_deliveries
from app.models.reminder_rows import years_under_way
from app.models.reminder_setting import RUN_ON, kept_settings, read_reminder_settings


def has_notices_due(session: Session, channels: Collection[Channel], *, now: datetime) -> bool:
    """Whether people are to be reminded or something sent; never in quiet hours."""
    moment = now.astimezone(LOCAL_ZONE)
    quiet = read_reminder_settings(session).quiet
    if quiet.is_quiet(moment):
        return False
    if has_deliveries(session, channels, now, quiet):
        return True
    has_run = kept_settings(session).get(RUN_ON) == moment.date().isoformat()
    return not has_run and bool(years_under_way(session))
