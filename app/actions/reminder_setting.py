"""Setting when people are reminded: switches of the rules, quiet hours, days off (第七条)."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.reminder import why_not_set_reminders
from app.actions.audit_log import Deed, record
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.reminder import MOST_DAYS_OFF, SWITCHES, ReminderSettings
from app.models.database import writing
from app.models.reminder_setting import kept_settings, written_settings
from app.models.setting import Setting

LONGEST_TOLD = 200


def set_reminders(
    session: Session, settings: ReminderSettings, *, by: Actor, now: datetime
) -> None:
    """Keep the settings; what was set before stands in the audit log. Raises Refused."""
    refuse(why_not_set_reminders(by))
    if not settings.off <= set(SWITCHES):
        raise Refused(Message("There is no such rule."), Reason.INVALID)
    if len(settings.quiet.days_off) > MOST_DAYS_OFF:
        message = Message("At most %(count)s days off can be kept.", {"count": MOST_DAYS_OFF})
        raise Refused(message, Reason.INVALID)
    with writing(session):
        before, after = kept_settings(session), written_settings(settings)
        for name, value in after.items():
            session.merge(Setting(name=name, value=value))
        changed = {name for name, value in after.items() if before.get(name) != value}
        if changed:
            told = "; ".join(f"{name}={after[name]}" for name in sorted(changed))
            deed = Deed("reminder.edit", "reminder:settings", after=told[:LONGEST_TOLD])
            record(session, deed, by=by, now=now)
        session.commit()
