"""Times, dates and numbers as people read them."""

from datetime import date, datetime

from flask_babel import gettext as _

from app.domain.period import LOCAL_ZONE

LONGEST_NUMBER = 10


def local(moment: datetime) -> datetime:
    """``moment`` as the clock on the wall shows it."""
    return moment.astimezone(LOCAL_ZONE)


def moment_text(moment: datetime | None) -> str:
    """``2025-09-01 10:32``; a dash for none."""
    return "—" if moment is None else f"{local(moment):%Y-%m-%d %H:%M}"


def day_text(day: date) -> str:
    """A date in prose."""
    return str(_("%(month)s/%(day)s/%(year)s", year=day.year, month=day.month, day=day.day))


def part_of_day(moment: datetime) -> str:
    """How one greets at ``moment``."""
    hour = local(moment).hour
    if hour < 5 or hour >= 18:
        return str(_("Good evening"))
    if hour < 12:
        return str(_("Good morning"))
    return str(_("Good afternoon"))


def whole_number(text: str) -> int:
    """The number a hidden field carries; 0, which nothing has, where it cannot be read."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0
