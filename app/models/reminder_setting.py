"""How reminders are set, kept among the settings of the platform."""

from collections.abc import Mapping
from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.reminder import QuietHours, ReminderSettings
from app.models.setting import Setting

PREFIX = "reminder."
OFF, BEGINS, ENDS, WEEKENDS, DAYS_OFF, RUN_ON = (
    PREFIX + name for name in ("off", "begins", "ends", "weekends", "days_off", "run_on")
)


def read_reminder_settings(session: Session) -> ReminderSettings:
    """The settings; what nobody has set is as it comes along."""
    kept = kept_settings(session)
    usual = QuietHours()
    days = (kept.get(DAYS_OFF) or "").split()
    quiet = QuietHours(
        time.fromisoformat(kept[BEGINS]) if BEGINS in kept else usual.begins,
        time.fromisoformat(kept[ENDS]) if ENDS in kept else usual.ends,
        kept.get(WEEKENDS, "1") == "1",
        frozenset(date.fromisoformat(day) for day in days),
    )
    return ReminderSettings(frozenset((kept.get(OFF) or "").split()), quiet)


def kept_settings(session: Session) -> Mapping[str, str]:
    """Name → value of everything that is kept about reminders."""
    query = select(Setting).where(Setting.name.startswith(PREFIX, autoescape=True))
    found = session.scalars(query.execution_options(populate_existing=True))
    return {setting.name: setting.value for setting in found}


def written_settings(settings: ReminderSettings) -> Mapping[str, str]:
    """Name → value as they are kept."""
    quiet = settings.quiet
    return {
        OFF: " ".join(sorted(settings.off)),
        BEGINS: f"{quiet.begins:%H:%M}",
        ENDS: f"{quiet.ends:%H:%M}",
        WEEKENDS: str(int(quiet.weekends)),
        DAYS_OFF: " ".join(day.isoformat() for day in sorted(quiet.days_off)),
    }
